"""What reports and returns have in common: the head of a document, totals that add up, what was posted in a quarter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.agreement import Fund, Kind, Scheme, Service
from rules.figures import LATER_KINDS
from rules.language import say
from rules.money import pounds
from rules.periods import Period
from settlement.settle import Settlement
from settlement.statements.beside import predecessors
from settlement.statements.document import Cell, Column, Facts, Note, Row, RowKind, Tone, amounts
from settlement.statements.in_dispute import shared_dispute_note
from settlement.statements.inputs import LedgerLine, StatementInputs
from settlement.statements.notes import first_notes
from settlement.statements.sealed import provisional_notes, standing_facts
from settlement.statements.wording import marker, named

_DEFAULT = "default"
_EXPECTED = (Kind.BASELINE, Kind.QIPP_TARGET)
SPEND_KINDS = frozenset({Kind.ACTUAL, Kind.ACCRUAL})


# The head of a document


def agreement_name(inputs: StatementInputs) -> str:
    """The agreement's title with its id, or its id alone."""
    agreement = inputs.agreement
    return named(agreement.title, agreement.id) if agreement.title else agreement.id


def is_year_end(inputs: StatementInputs) -> bool:
    """Whether the figures are those of the whole year as it ended: at M12, or M13 with its adjustments."""
    return inputs.settlement.period >= Period.M12 and not inputs.settlement.is_outturn


def forecast_of(inputs: StatementInputs) -> Settlement | None:
    """The forecast outturn beside the year to date; None where there is none, or the year has ended just so."""
    outturn = inputs.outturn
    if outturn is None or inputs.settlement.is_outturn:
        return None
    if is_year_end(inputs):
        now, then = inputs.settlement.outcome.figures, outturn.outcome.figures
        tables = ((each.budget, each.spend, each.delivered, *map(each.tables.get, _EXPECTED)) for each in (now, then))
        if len(set(tables)) == 1:
            return None
    return outturn


def head_facts(inputs: StatementInputs, *pairs: tuple[str, str], status: str = "") -> Facts:
    """Which agreement, year and period, and how far the figures have come; `pairs` stand after the agreement.

    `status` is said for the figures' own, where a document has one.
    """
    reading = (
        say("{period}, forecast outturn for the year", period=inputs.period_text)
        if inputs.settlement.is_outturn
        else say("{period}, year to date", period=inputs.period_text)
    )
    return Facts(
        (
            (say("Agreement"), agreement_name(inputs)),
            *pairs,
            (say("Financial year"), str(inputs.agreement.year)),
            (say("Period"), reading),
            *((label, status if status and label == say("Status") else text) for label, text in standing_facts(inputs)),
            *(((say("Prepared by"), inputs.prepared_by),) if inputs.prepared_by else ()),
        )
    )


def head_notes(inputs: StatementInputs) -> list[Note]:
    """What a reader must know first, warnings before notes: control totals, a provisional agreement, disputes."""
    notes = [*control_notes(inputs), *provisional_notes(inputs), *shared_dispute_note(inputs)]
    unallocated = inputs.settlement.outcome.unallocated_pence
    if unallocated:
        text = say(
            "{amount} is not allocated by any clause: the risk-share schedule is incomplete for these figures.",
            amount=pounds(unallocated),
        )
        notes.append(Note(text, Tone.WARNING))
    return [*notes, *first_notes(inputs)]


def control_notes(inputs: StatementInputs) -> list[Note]:
    """The warning that control totals of the agreement do not agree with the ledger; nothing if all of them do."""
    findings = inputs.control_findings
    return [Note(" ".join(findings), Tone.WARNING)] if findings else []


# Rows that add up


def total_row(label: str, rows: Sequence[Row], kind: RowKind = RowKind.TOTAL) -> Row:
    """The row that adds all body rows, in every column that has amounts only; text columns are left empty."""
    places = tuple(place for place, row in enumerate(rows) if row.kind is RowKind.BODY)
    columns = zip(*(rows[place].cells[1:] for place in places), strict=True)
    cells: list[Cell] = [label, *map(_sum, columns)]
    return Row(tuple(cells), kind, adds=places)


def _sum(cells: tuple[Cell, ...]) -> Cell:
    numbers = [cell for cell in cells if isinstance(cell, int)]
    return sum(numbers) if len(numbers) == len(cells) else ""


def marked(rows: Iterable[Row], variance: int) -> tuple[Row, ...]:
    """The rows with one more cell: whether the amount in the column `variance` is favourable or adverse, in words."""
    return tuple(
        row if row.kind is RowKind.HEADING else Row((*row.cells, _marker(row.cells[variance])), row.kind, row.adds)
        for row in rows
    )


def _marker(cell: Cell) -> str:
    return marker(cell) if isinstance(cell, int) else ""


def variance_columns(first: str, *titles: str) -> tuple[Column, ...]:
    """The columns of a table that sets spend against what was expected: the last is the second less the third."""
    expected, spent, variance = amounts(*titles)
    variance = Column(variance.title, variance.align, adds=(1,), takes=(2,))
    return (Column(first, width=3), expected, spent, variance, Column(say("Adverse or favourable")))


# Schemes


@dataclass(frozen=True, slots=True)
class SchemeList:
    """The schemes of a fund that are told together: its influenced services, which have a baseline, apart."""

    fund: Fund
    title: str
    is_influenced: bool
    schemes: tuple[Scheme, ...]


def scheme_lists(inputs: StatementInputs) -> Iterator[SchemeList]:
    """Fund by fund, what has a budget before what has a baseline; nothing of a fund without schemes."""
    for fund in inputs.agreement.funds:
        own = [scheme for scheme in inputs.agreement.schemes if scheme.fund == fund.code]
        influenced = tuple(scheme for scheme in own if scheme.service is Service.INFLUENCED)
        core = tuple(scheme for scheme in own if scheme.service is not Service.INFLUENCED)
        name = named(fund.name, fund.code)
        if core:
            yield SchemeList(fund, name, is_influenced=False, schemes=core)
        if influenced:
            title = say("{fund}, influenced services", fund=name) if core else name
            yield SchemeList(fund, title, is_influenced=True, schemes=influenced)


def expected_by_scheme(settlement: Settlement) -> dict[str, int]:
    """What each scheme's spend is measured against, in pence: its budget, or the baseline of influenced services."""
    figures = settlement.outcome.figures
    return {
        scheme.code: sum(
            (figures.tables[Kind.BASELINE] if scheme.service is Service.INFLUENCED else figures.budget)[index]
        )
        for index, scheme in enumerate(settlement.agreement.schemes)
    }


def spend_by_scheme(settlement: Settlement) -> dict[str, int]:
    """Each scheme's actual and accruals in pence; of a forecast outturn, with what is still forecast."""
    spend = settlement.outcome.figures.spend
    return {scheme.code: sum(spend[index]) for index, scheme in enumerate(settlement.agreement.schemes)}


def variances_by_scheme(settlement: Settlement) -> dict[str, int]:
    """Each scheme's variance in pence, favourable above nought."""
    expected, spend = expected_by_scheme(settlement), spend_by_scheme(settlement)
    return {code: pence - spend[code] for code, pence in expected.items()}


# What was posted


def counted_lines(inputs: StatementInputs, since: int = 0) -> Iterator[LedgerLine]:
    """The lines after the period `since` that make the year to date: none in default, none of nobody in being."""
    replaced, being = predecessors(inputs), inputs.agreement.partner_of
    known, period = inputs.agreement.scheme_of, inputs.settlement.period
    for line in inputs.lines():
        if (
            since < line.period <= period
            and line.cause != _DEFAULT
            and line.kind not in LATER_KINDS
            and line.scheme in known
            and replaced.get(line.partner, line.partner) in being
        ):
            yield line


def posted_since(inputs: StatementInputs, since: int) -> dict[str, tuple[int, int]] | None:
    """What the periods after `since` added to what each scheme was expected to spend, and to what it spent, in pence.

    Before any performance pay is taken off. None where the lines at hand are not those that the settlement is of.
    """
    posted = _posted_by_period(inputs)
    if posted is None:
        return None
    found = {code: [0, 0] for code in inputs.agreement.scheme_of}
    for (scheme, is_spend, period), pence in posted.items():
        if period > since:
            found[scheme][is_spend] += pence
    return {code: (expected, spent) for code, (expected, spent) in found.items()}


def _posted_by_period(inputs: StatementInputs) -> dict[tuple[str, bool, Period], int] | None:
    """By scheme, whether it is spend, and period; None where it does not come to what the settlement is made from."""
    influenced = {each.code: each.service is Service.INFLUENCED for each in inputs.agreement.schemes}
    posted: dict[tuple[str, bool, Period], int] = {}
    for line in counted_lines(inputs):
        is_spend = line.kind in SPEND_KINDS
        expects = {Kind.BASELINE} if influenced[line.scheme] else {Kind.BUDGET, Kind.VIREMENT}
        if is_spend or line.kind in expects:
            key = (line.scheme, is_spend, line.period)
            posted[key] = posted.get(key, 0) + line.amount_pence
    made: dict[tuple[str, bool], int] = {}
    for (scheme, is_spend, _), pence in posted.items():
        made[scheme, is_spend] = made.get((scheme, is_spend), 0) + pence
    figures = inputs.settlement.outcome.figures
    for index, each in enumerate(inputs.agreement.schemes):
        expected = figures.tables[Kind.BASELINE] if influenced[each.code] else figures.funding
        for is_spend, table in ((False, expected), (True, figures.spend)):
            if made.get((each.code, is_spend), 0) != sum(table[index]):
                return None
    return posted
