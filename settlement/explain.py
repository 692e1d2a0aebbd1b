"""Where every penny came from: the trace as a tree of statements, from what is due down to the ledger lines."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ledgers.lines import Line
from rules.agreement import Fund, Kind, On
from rules.english import listed
from rules.figures import LATER_KINDS, WHOLE_YEAR_KINDS, Table
from rules.language import message, say
from rules.money import pounds
from rules.outcome import DealtWith
from rules.periods import Period
from rules.trace import Part
from rules.waterfall import EXCLUDED
from settlement.cash import handed_over, is_drawing
from settlement.explained_words import (
    clause_name,
    coded_scheme,
    destination,
    less,
    line_text,
    lines_left,
    moved,
    net_due,
    noun_of_group,
    of_what,
)
from settlement.result import ROW_KEYS, row_figures
from settlement.sentences import (
    group_name,
    kind_name,
    part_sentences,
    performance_sentence,
    subject_of_group,
    subject_sentences,
)
from settlement.settle import Settlement

__all__ = [
    "Explained",
    "Lines",
    "Source",
    "explain",
    "explain_partner",
    "part_sentences",
    "row_names",
]

Lines = Callable[[str, str, Kind], Iterable[Line]]
"""The lines that a figure of a scheme, partner and kind is the sum of."""

_ROW_NAMES = {
    "contribution_due": message("Contribution due to pooled funds"),
    "overspend": message("Share of overspends"),
    "qipp_shortfall": message("Share of QIPP shortfalls"),
    "underspend": message("Share of underspends"),
    "disbenefit": message("Share of disbenefits"),
    "benefit": message("Share of benefits"),
    "provision": message("Provided for against its own exposure"),
    "handed_over": message("Handed over: what it realised, less a shortfall it bore"),
    "spend": message("Spend on the pooled funds' behalf"),
    "paid": message("Paid to the Host Partner to date"),
    "received": message("Received as Host Partner"),
    "drawn": message("Drawn from reserves and underspends as Host Partner"),
    "between_hosts": message("Between Host Partners"),
    "unallocated": message("Unallocated, left with the Host Partner"),
    "net_due": message("Net due"),
}
_REDUCES = frozenset({"underspend", "benefit", "provision", "spend", "paid"})

# The kinds of line behind each figure of a partner's row, in schemes of pooled funds.
_KINDS_BEHIND = {
    "contribution_due": (Kind.BUDGET, Kind.VIREMENT),
    "spend": (Kind.ACTUAL, Kind.ACCRUAL, Kind.FORECAST),
    "paid": (Kind.PAYMENT,),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement is about, for whoever wants to go there; a field that does not apply is None.

    `figure` is the result's key of a figure of the partner's row; `on` and `group` name an amount that the schedule
    dealt with, `clause` the clause that did; `scheme`, `partner` and `kind` a figure that is the sum of lines, up to
    the period `upto` if it is not the whole year's.
    """

    partner: str | None = None
    figure: str | None = None
    on: On | None = None
    group: str | None = None
    clause: str | None = None
    scheme: str | None = None
    kind: Kind | None = None
    upto: Period | None = None
    reserve: str | None = None
    performance: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """One statement, the amount it explains in pence if it is about one, and what that comes from."""

    text: str
    pence: int | None = None
    children: tuple["Explained", ...] = ()
    source: Source = Source()

    def __str__(self) -> str:
        """The statement with its amount."""
        return self.text if self.pence is None else f"{self.text}: {pounds(self.pence)}"

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Explained"]]:
        """This statement and all below it, with how deep each stands."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


def row_names() -> tuple[tuple[str, str, int], ...]:
    """The figures of a partner's row in order: result key, words, and +1 or -1 for how it counts in net due."""
    return tuple((key, say(_ROW_NAMES[key]), -1 if key in _REDUCES else 1) for key in ROW_KEYS)


def explain(
    settlement: Settlement, partner: str | None = None, lines: Lines | None = None, most_lines: int = 5
) -> tuple[Explained, ...]:
    """The settlement explained, for one partner or all: what is due, each figure of it, each clause, down to the lines.

    `lines` finds the lines behind a figure; of each figure `most_lines` are told one by one and the rest summed up.
    """
    teller = _Teller(settlement, lines, most_lines)
    codes = [row.partner for row in settlement.rows if partner in {None, row.partner}]
    told = [teller.partner(code) for code in codes]
    told += [teller.subject(dealt) for dealt in settlement.outcome.subjects]
    told += teller.performance()
    told += teller.reserves()
    told += teller.in_default()
    return tuple(told)


def explain_partner(settlement: Settlement, partner: str) -> Explained:
    """What a partner pays or receives, each figure of it, and under each share the steps of the clause, in full."""
    return _Teller(settlement, None, 0, in_full=True).partner(partner)


class _Teller:
    """Builds the tree for one settlement."""

    def __init__(self, settlement: Settlement, lines: Lines | None, most_lines: int, *, in_full: bool = False) -> None:
        self._in_full = in_full
        self._settlement = settlement
        self._outcome = settlement.outcome
        self._agreement = settlement.agreement
        self._lines = lines
        self._most_lines = most_lines
        self._columns = {partner.code: column for column, partner in enumerate(self._agreement.partners)}

    def partner(self, code: str) -> Explained:
        """What a partner pays or receives, to and from whom, and each figure of its row."""
        row = self._settlement.row_of(code)
        name = self._agreement.partner_of[code].name
        due = row.net_due_pence
        passing = listed(
            say(
                "{payer} pays {receiver} {amount}",
                payer=transfer.payer,
                receiver=transfer.receiver,
                amount=pounds(transfer.amount_pence),
            )
            for transfer in self._settlement.transfers
            if code in {transfer.payer, transfer.receiver}
        )
        head = net_due(f"{name} ({code})", due)
        figures = row_figures(row)
        children = [
            Explained(
                less(words) if sign < 0 else words,
                figures[key],
                (*self._behind(key, code), *self._parts(key, code)),
                Source(partner=code, figure=key),
            )
            for key, words, sign in row_names()
            if figures[key] and key != "net_due"
        ]
        of_due = Source(partner=code, figure="net_due")
        text = f"{head}: {passing}" if passing else head
        return Explained(text, None, (*children, Explained(say("Net due"), due)), of_due)

    def subject(self, dealt: DealtWith) -> Explained:
        """An amount the schedule had to deal with: how it arose and what each clause made of it."""
        subject = dealt.subject
        name = subject_of_group(subject.on, group_name(subject.group, self._outcome))
        children = [Explained(sentence) for sentence in subject_sentences(subject, self._outcome)]
        children += [self._part(dealt, part) for part in (*dealt.parts, *dealt.tried)]
        if dealt.unallocated_pence:
            children.append(Explained(say("UNALLOCATED: no clause deals with"), dealt.unallocated_pence))
        return Explained(name, subject.amount_pence, tuple(children), Source(on=subject.on, group=subject.group.code))

    def performance(self) -> list[Explained]:
        """Each performance element."""
        return [
            Explained(performance_sentence(released), source=Source(performance=released.element.id))
            for released in self._outcome.performance
        ]

    def reserves(self) -> list[Explained]:
        """Each reserve: opening, what was drawn from it and paid into it, closing."""
        told = []
        for balance in self._outcome.reserves:
            to = f"reserve:{balance.reserve.code}"
            movements = [
                Explained(moved(dealt, part), part.amount_pence, source=_source_of(dealt, part))
                for dealt in self._outcome.subjects
                for part in dealt.parts
                if part.to == to
            ]
            opening = Explained(say("Opening balance"), balance.reserve.opening_pence)
            closing = say(
                "Reserve “{name}” ({code}), closing balance", name=balance.reserve.name, code=balance.reserve.code
            )
            of_reserve = Source(reserve=balance.reserve.code)
            told.append(Explained(closing, balance.closing_pence, (opening, *movements), of_reserve))
        return told

    def in_default(self) -> list[Explained]:
        """Spend outside Permitted Expenditure, which enters no figure above."""
        return [
            Explained(
                say(
                    "Spend in default by {partner} on {scheme}, which stays wholly with it",
                    partner=code,
                    scheme=coded_scheme(scheme),
                ),
                row[column],
                source=Source(partner=code, scheme=scheme.code, upto=self._settlement.period),
            )
            for scheme, row in zip(self._agreement.schemes, self._outcome.figures.in_default, strict=True)
            for code, column in self._columns.items()
            if row[column]
        ]

    def _part(self, dealt: DealtWith, part: Part) -> Explained:
        sentences = tuple(
            Explained(sentence) for sentence in part_sentences(self._settlement, dealt, part) if part.clause != EXCLUDED
        )
        source = _source_of(dealt, part)
        text = say("{clause}, to {destination}", clause=clause_name(part), destination=destination(part))
        return Explained(text, part.amount_pence, sentences, source)

    def _behind(self, key: str, code: str) -> tuple[Explained, ...]:
        """What is behind a figure of the row: accounts, movements, parts, or figures by scheme and their lines."""
        told_apart = {
            "received": self._received,
            "drawn": self._drawn,
            "between_hosts": self._between_hosts,
            "unallocated": self._unallocated,
            "handed_over": self._handed_over,
        }
        return tuple(told_apart[key](code)) if key in told_apart else tuple(self._by_scheme(key, code))

    def _by_scheme(self, key: str, code: str) -> list[Explained]:
        """The figures by scheme behind a figure of the row, and the lines behind those."""
        figures = self._outcome.figures
        told: list[Explained] = []
        for row, scheme in enumerate(self._agreement.schemes):
            fund = self._agreement.fund_of[scheme.fund]
            if not self._counts(key, fund):
                continue
            for kind in _KINDS_BEHIND.get(key, ()):
                told += self._figure(figures.tables[kind], kind, row, code)
            if key == "contribution_due" and figures.withheld is not None:
                withheld = figures.withheld[row][self._columns[code]]
                if withheld:
                    text = say("{scheme}, performance pay not released", scheme=coded_scheme(scheme))
                    told.append(Explained(text, -withheld))
        return told

    def _counts(self, key: str, fund: Fund) -> bool:
        return fund.is_pooled or key == "paid"

    def _received(self, code: str) -> Iterator[Explained]:
        """The payments that partners made to its funds."""
        for account in self._settlement.accounts:
            if account.paid_pence and self._agreement.fund_of[account.fund].host == code:
                text = say("From {partner}, to {fund}", partner=account.partner, fund=account.fund)
                yield Explained(text, account.paid_pence)

    def _between_hosts(self, code: str) -> Iterator[Explained]:
        """What its funds owe those of other hosts, and are owed by them."""
        hosts = {fund.code: fund.host for fund in self._agreement.funds}
        for movement in self._outcome.movements:
            payer, receiver = hosts[movement.payer], hosts[movement.receiver]
            if payer != receiver and code in {payer, receiver}:
                text = say(
                    "Clause {clause}, fund {payer} pays fund {receiver}",
                    clause=movement.clause,
                    payer=movement.payer,
                    receiver=movement.receiver,
                )
                source = Source(clause=movement.clause)
                yield Explained(text if code == payer else less(text), movement.amount_pence, source=source)

    def _drawn(self, code: str) -> Iterator[Explained]:
        """What its funds' groups drew from reserves and other schemes' underspends, and what they paid in or gave."""
        for dealt, is_less in self._hosted(code):
            for part in dealt.parts:
                if is_drawing(part.to):
                    text = say(
                        "{clause}, {subject}, to {destination}",
                        clause=clause_name(part),
                        subject=noun_of_group(dealt),
                        destination=destination(part),
                    )
                    yield Explained(less(text) if is_less else text, part.amount_pence, source=_source_of(dealt, part))

    def _unallocated(self, code: str) -> Iterator[Explained]:
        for dealt, is_less in self._hosted(code):
            if dealt.unallocated_pence:
                on, group = dealt.subject.on, dealt.subject.group.code
                noun = noun_of_group(dealt) if is_less else subject_of_group(on, group)
                text = say("{subject}, which no clause deals with", subject=noun)
                source = Source(on=on, group=group)
                yield Explained(less(text) if is_less else text, dealt.unallocated_pence, source=source)

    def _hosted(self, code: str) -> Iterator[tuple[DealtWith, bool]]:
        """The subjects of the partner's funds, each with how it counts for the host: a gain is less."""
        for dealt in self._outcome.subjects:
            if self._agreement.fund_of[dealt.subject.group.fund].host == code:
                yield dealt, dealt.subject.on.is_gain

    def _handed_over(self, code: str) -> tuple[Explained, ...]:
        figures = self._outcome.figures
        told: list[Explained] = []
        for dealt in self._outcome.subjects:
            if dealt.subject.on.is_influenced:
                for row in dealt.subject.group.schemes:
                    told += self._figure(figures.tables[Kind.BASELINE], Kind.BASELINE, row, code)
                    for kind in _KINDS_BEHIND["spend"]:
                        told += self._figure(figures.tables[kind], kind, row, code, is_less=True)
                continue
            bore = -handed_over(dealt, self._columns[code], self._outcome)
            if bore:
                text = less(say("QIPP shortfall of {group} that it bore itself", group=dealt.subject.group.code))
                source = Source(on=dealt.subject.on, group=dealt.subject.group.code)
                told.append(Explained(text, bore, source=source))
        return tuple(told)

    def _figure(self, table: Table, kind: Kind, row: int, code: str, *, is_less: bool = False) -> list[Explained]:
        amount = table[row][self._columns[code]]
        if not amount:
            return []
        scheme = self._agreement.schemes[row]
        named = f"{kind_name(kind)}, {coded_scheme(scheme)}"
        text = less(named) if is_less else named
        is_whole_year = self._settlement.is_outturn and kind in LATER_KINDS | WHOLE_YEAR_KINDS
        upto = None if is_whole_year else self._settlement.period
        source = Source(partner=code, scheme=scheme.code, kind=kind, upto=upto)
        return [Explained(text, amount, tuple(self._told_lines(scheme.code, code, kind)), source)]

    def _told_lines(self, scheme: str, partner: str, kind: Kind) -> Iterator[Explained]:
        """The lines themselves; of very many, the first few and the sum of the rest."""
        if self._lines is None:
            return
        rest = count = 0
        for number, line in enumerate(self._lines(scheme, partner, kind)):
            if number < self._most_lines:
                yield Explained(line_text(line), line.amount_pence)
            else:
                rest, count = rest + line.amount_pence, count + 1
        if count:
            yield Explained(lines_left(count, is_more=self._most_lines > 0), rest)

    def _parts(self, key: str, code: str) -> tuple[Explained, ...]:
        """The shares of the schedule behind a figure of the row."""
        column = self._columns[code]
        told = []
        for dealt in self._outcome.subjects:
            for part in dealt.parts:
                if part.shares_pence is None or not part.shares_pence[column]:
                    continue
                is_provision = part.to == "provision"
                if key == ("provision" if is_provision else str(dealt.subject.on)):
                    share = part.shares_pence[column]
                    told.append(
                        Explained(
                            say(
                                "{clause}, {subject}, {share}",
                                clause=clause_name(part),
                                subject=noun_of_group(dealt),
                                share=of_what(part, column),
                            ),
                            share,
                            self._part(dealt, part).children if self._in_full else (),
                            replace(_source_of(dealt, part), partner=code),
                        )
                    )
        return tuple(told)


def _source_of(dealt: DealtWith, part: Part) -> Source:
    clause = None if part.clause == EXCLUDED else part.clause
    return Source(on=dealt.subject.on, group=dealt.subject.group.code, clause=clause)
