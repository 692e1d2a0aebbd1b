"""The ledger's lines as workings list them: by scheme, partner and kind, each group under its number, with its sum."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rules.agreement import Kind
from rules.language import say
from rules.money import pounds
from rules.periods import Period
from settlement.sentences import kind_name
from settlement.statements.anchors import Anchors, LineGroup, Of, groups_with_figures
from settlement.statements.beside import predecessors
from settlement.statements.document import Align, Block, Column, Heading, Note, Paragraph, Row, RowKind, Table, Tone
from settlement.statements.in_dispute import disputed_lines
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.wording import named

_DEFAULT = "default"
_STILL_TO_COME = frozenset({Kind.FORECAST, Kind.QIPP_FORECAST})
_AS_HAPPENED = frozenset({Kind.PAYMENT, Kind.ACTUAL, Kind.ACCRUAL, Kind.QIPP_DELIVERED})
_CONTRIBUTIONS = frozenset({Kind.BUDGET, Kind.VIREMENT})
_AMOUNT = 5  # the column
_PERIODS = {period: str(period) for period in Period}
_KIND_ORDER: Mapping[Kind | None, int] = {kind: place for place, kind in enumerate(Kind)}

Placed = tuple[Of, str, LedgerLine]
"""A line, what it makes, and the partner in being that it counts for."""


def placed_lines(inputs: StatementInputs) -> Iterator[Placed]:
    """The lines that make a figure to date or of the outturn, are later contributions, or are spend in default."""
    replaced = predecessors(inputs)
    being = inputs.agreement.partner_of
    period, outturn = inputs.settlement.period, inputs.settlement.is_outturn
    for line in inputs.lines():
        partner = replaced.get(line.partner, line.partner)
        if partner not in being:  # of a partner not yet in being: in no figure, as `figures_of` has it
            continue
        to_date = line.period <= period
        if line.cause == _DEFAULT:
            if to_date:
                yield Of.IN_DEFAULT, partner, line
        elif outturn:
            if _counts_in_outturn(line.kind, to_date=to_date):
                yield Of.FIGURE, partner, line
        elif to_date:
            if line.kind not in _STILL_TO_COME:
                yield Of.FIGURE, partner, line
        elif line.kind in _CONTRIBUTIONS:
            yield Of.LATER, partner, line


def _counts_in_outturn(kind: Kind, *, to_date: bool) -> bool:
    if kind in _STILL_TO_COME:
        return not to_date
    return to_date or kind not in _AS_HAPPENED


Lines = dict[LineGroup, list[LedgerLine]]


def grouped(placed: Iterable[Placed]) -> Lines:
    """The lines by their group, in the order they came."""
    found: dict[tuple[Of, str, str, Kind | None], list[LedgerLine]] = {}
    for of, partner, line in placed:
        kind = None if of is Of.IN_DEFAULT else line.kind
        found.setdefault((of, line.scheme, partner, kind), []).append(line)
    return {LineGroup(scheme, partner, kind, of): lines for (of, scheme, partner, kind), lines in found.items()}


@dataclass(frozen=True, slots=True)
class Listing:
    """Groups of lines to be listed in an order that is the same whatever order the ledger gives its lines in.

    `numbers` has a number for each of the `groups`, `figures` what the settlement has for it. `back` says to where a
    group's heading leads. `of_scheme` makes the heading over a scheme's groups, which then have a table of their own.
    """

    inputs: StatementInputs
    names: Anchors
    lines: Lines
    figures: dict[LineGroup, int]
    numbers: dict[LineGroup, str]
    back: Callable[[LineGroup], str]
    of_scheme: Callable[[str, str], Heading] | None = None

    def groups(self, of: Of) -> list[LineGroup]:
        """Those that make a figure of this sort, by scheme, partner and kind in the agreement's order."""
        return [group for group in self.numbers if group.of is of]

    def blocks(self, of: Of, title: str) -> list[Block]:
        """The groups in tables, one for each scheme or one for all of this title, after word of whether they agree."""
        disputed = disputed_lines(self.inputs)
        by_scheme: dict[str, list[LineGroup]] = {}
        for group in self.groups(of):
            by_scheme.setdefault(group.scheme, []).append(group)
        columns = _columns()
        blocks: list[Block] = []
        wrong: list[str] = []
        rows: list[Row] = []
        for code, groups in by_scheme.items():
            scheme = self.inputs.agreement.scheme_of[code]
            name = named(scheme.name, code)
            for group in groups:
                own = self.lines.get(group, [])
                sum_pence = sum([line.amount_pence for line in own])
                if sum_pence != self.figures.get(group, 0):
                    wrong.append(self._wrong(group, name, sum_pence))
                self._add(rows, group, name, own, sum_pence, disputed)
            if self.of_scheme is not None:
                blocks += [self.of_scheme(code, name), Table(name, columns, tuple(rows), carries=(_AMOUNT,))]
                rows = []
        if rows:
            blocks.append(Table(title, columns, tuple(rows), carries=(_AMOUNT,)))
        return [*_checked(wrong, are_any=bool(blocks)), *blocks]

    def title(self, group: LineGroup, scheme: str) -> str:
        """`L7 Actual, Anytown Council, Home first (HF)`."""
        return f"{self.numbers[group]} {self._what(group)}, {self.inputs.name_of(group.partner)}, {scheme}"

    def _what(self, group: LineGroup) -> str:
        if group.kind is None:
            return say("Spend in default")
        kind = kind_name(group.kind)
        return say("{kind} of later periods", kind=kind) if group.of is Of.LATER else kind

    def _wrong(self, group: LineGroup, scheme: str, sum_pence: int) -> str:
        return say(
            "{kind} of {partner} for {scheme}: the lines make {sum}, the settlement has {figure}.",
            kind=self._what(group),
            partner=self.inputs.name_of(group.partner),
            scheme=scheme,
            sum=pounds(sum_pence),
            figure=pounds(self.figures.get(group, 0)),
        )

    def _add(
        self,
        rows: list[Row],
        group: LineGroup,
        scheme: str,
        own: list[LedgerLine],
        sum_pence: int,
        disputed: frozenset[object],
    ) -> None:
        """Append a group's heading, its lines, and their sum where they are not one; the way back is at both ends."""
        heading = (self.title(group, scheme),)
        back = self.back(group)
        rows.append(Row(heading, RowKind.HEADING, anchor=self.names.lines(group), goes_to=back))
        first = len(rows)
        with_kind = group.kind is None
        rows += [_row(line, disputed, with_kind=with_kind) for line in sorted(own, key=_order)]
        # Lines that do not make the figure are told of above, and no figure refers to them.
        anchor = self.names.sum_of_lines(group) if sum_pence == self.figures.get(group) else ""
        if len(own) == 1:
            rows[-1] = replace(rows[-1], anchor=anchor)
            return
        label = say("{kind}: subtotal", kind=self._what(group))
        cells = (self.numbers[group], "", "", label, "", sum_pence)
        adds = tuple(range(first, len(rows)))
        rows.append(Row(cells, RowKind.SUBTOTAL, adds=adds, anchor=anchor, goes_to=back))


def listing_of(
    inputs: StatementInputs,
    names: Anchors,
    lines: Lines,
    back: Callable[[LineGroup], str],
    *,
    of_scheme: Callable[[str, str], Heading] | None = None,
    counts: Callable[[LineGroup], bool] | None = None,
) -> Listing:
    """The listing of all groups, or of those that count.

    Groups whose lines come to nil make no figure, so that no document but the Workings lists them, and their numbers
    follow the others'.
    """
    figures = groups_with_figures(inputs)
    numbers = {group: f"L{number}" for number, group in enumerate(figures, 1)}
    schemes = {scheme.code: place for place, scheme in enumerate(inputs.agreement.schemes)}
    partners = {partner.code: place for place, partner in enumerate(inputs.agreement.partners)}

    def order(group: LineGroup) -> tuple[str, int, int, int]:
        return (group.of, schemes[group.scheme], partners[group.partner], _KIND_ORDER.get(group.kind, 0))

    if counts is None:
        nil = sorted((group for group in lines if group not in numbers and group.scheme in schemes), key=order)
        numbers |= {group: f"L{number}" for number, group in enumerate(nil, len(numbers) + 1)}
        shown: Sequence[LineGroup] = sorted(numbers, key=order) if nil else tuple(numbers)
    else:
        shown = [group for group in numbers if counts(group)]
    return Listing(inputs, names, lines, figures, {group: numbers[group] for group in shown}, back, of_scheme)


def _checked(wrong: list[str], *, are_any: bool) -> list[Block]:
    if wrong:
        return [Note(text, Tone.WARNING) for text in wrong]
    if are_any:
        return [Paragraph(say("The lines of every group below make the figure that the settlement has."))]
    return [Paragraph(say("The ledger has no lines up to this period."))]


def _columns() -> tuple[Column, ...]:
    return (
        Column(say("Period"), width=2),
        Column(say("Date"), width=3),
        Column(say("Reference"), width=4),
        Column(say("Description"), width=9),
        Column(say("Line"), Align.RIGHT, width=2),
        Column(say("Amount £"), Align.RIGHT),
    )


def _row(line: LedgerLine, disputed: frozenset[object], *, with_kind: bool) -> Row:
    return Row(
        (
            _PERIODS[line.period],
            day_in_figures(line.date),
            line.reference,
            _description(line, disputed, with_kind=with_kind),
            "" if line.id is None else str(line.id),
            line.amount_pence,
        )
    )


def _description(line: LedgerLine, disputed: frozenset[object], *, with_kind: bool) -> str:
    """The source ledger's text, after what a reader must know of the line."""
    if line.belongs_to is None and not with_kind and line.id not in disputed:
        return line.description
    marks = []
    if with_kind:
        marks.append(f"{kind_name(line.kind)}.")
    if line.belongs_to is not None:
        marks.append(say("Late, belongs to {period}.", period=line.belongs_to))
    if line.id in disputed:
        marks.append(say("In dispute."))
    return " ".join((*marks, line.description)).rstrip()


def _order(line: LedgerLine) -> tuple[int, date, str, str, int, str]:
    """Whatever order the ledger gives its lines in, the print is the same; of a period those without a date first."""
    return (line.period, line.date or date.min, line.reference, line.description, line.amount_pence, str(line.id))


@lru_cache(maxsize=1_000)  # a million lines have a few hundred days between them
def day_in_figures(when: date | None) -> str:
    """`31/03/2015`, whatever the computer's locale; nothing for no date."""
    return f"{when.day:02}/{when.month:02}/{when.year}" if when else ""
