"""By scheme, fund by fund: budget, actual, accrual, outturn, variance, movement, forecast, QIPP; and in pictures."""

from rules.agreement import Kind, Scheme, Service
from rules.figures import Figures
from rules.language import message, say
from settlement.settle import Settlement
from settlement.statements.anchors import anchors_of
from settlement.statements.document import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.pictures.pictured import months_blocks, shares_blocks
from settlement.statements.wording import marker, named, scheme_name

_MARKER = message("Adverse or favourable")


def schemes_section(inputs: StatementInputs) -> Section:
    """The year by month and by partner in pictures, and every scheme's figures, fund by fund."""
    names = anchors_of(inputs)
    blocks: list[Block] = [
        Paragraph(
            say(
                "Outturn is actual and accrual. A variance is budget less outturn: favourable where less was spent, "
                "adverse (negative) where more was. Influenced services are measured against their baseline."
            )
        )
    ]
    for fund in inputs.agreement.funds:
        blocks.append(Heading(named(fund.name, fund.code), goes_to=names.fund(fund.code)))
        own = [scheme for scheme in inputs.agreement.schemes if scheme.fund == fund.code]
        influenced = [scheme for scheme in own if scheme.service is Service.INFLUENCED]
        core = [scheme for scheme in own if scheme.service is not Service.INFLUENCED]
        if core:
            if not fund.is_pooled:
                text = say("Aligned budgets: each partner meets its own spend; none of it is shared.")
                blocks.append(Paragraph(text))
            blocks += _variances(inputs, fund.name, core)
        if influenced:
            blocks += _variances(inputs, say("{fund}, influenced services", fund=fund.name), influenced)
    blocks += _qipp(inputs)
    blocks += [*months_blocks(inputs), *shares_blocks(inputs)]
    return Section(say("Budget and spend by scheme"), tuple(blocks))


def expected_of(figures: Figures, scheme: Scheme, index: int) -> int:
    """What a scheme's spend is measured against: its budget, or the baseline of an influenced service, in pence."""
    table = figures.tables[Kind.BASELINE] if scheme.service is Service.INFLUENCED else figures.budget
    return sum(table[index])


def variances_of(settlement: Settlement) -> dict[str, int]:
    """Each scheme's variance in pence by its code, favourable above nought."""
    figures = settlement.outcome.figures
    return {
        scheme.code: expected_of(figures, scheme, index) - sum(figures.spend[index])
        for index, scheme in enumerate(settlement.agreement.schemes)
    }


def _variances(inputs: StatementInputs, title: str, schemes: list[Scheme]) -> list[Block]:
    figures = inputs.settlement.outcome.figures
    place = {scheme.code: index for index, scheme in enumerate(inputs.agreement.schemes)}
    kinds = [Kind.ACTUAL, Kind.ACCRUAL, *([Kind.FORECAST] if figures.outturn else [])]
    names = anchors_of(inputs)

    def cells(scheme: Scheme) -> tuple[Cell, ...]:
        index = place[scheme.code]
        expected, spend = expected_of(figures, scheme, index), sum(figures.spend[index])
        return (expected, *(sum(figures.tables[kind][index]) for kind in kinds), spend, expected - spend)

    rows = []
    for scheme in schemes:
        found = cells(scheme)
        rows.append(Row((scheme_name(scheme), *found, _marked(found)), anchor=names.scheme(scheme.code)))
    first = say("Baseline £") if schemes[0].service is Service.INFLUENCED else say("Budget £")
    spent = amounts(say("Actual £"), say("Accrual £"), *([say("Forecast £")] if figures.outturn else []))
    outturn = len(spent) + 2  # its column, after the scheme, what is expected and what was spent
    columns = (
        Column(say("Scheme"), width=3),
        *amounts(first),
        *spent,
        _sum(say("Outturn £"), adds=tuple(range(2, outturn))),
        _sum(say("Variance £"), adds=(1,), takes=(outturn,)),
        Column(say(_MARKER)),
    )
    table = say("{fund}: variance by scheme", fund=title)
    blocks: list[Block] = [_totalled(table, columns, rows, is_marked=True)]
    if _has_moved(inputs, schemes):
        blocks.append(_movements(inputs, title, schemes))
    return blocks


def _has_moved(inputs: StatementInputs, schemes: list[Scheme]) -> bool:
    """Whether any scheme had a variance when last stated, or is forecast another than it has now."""
    before = {} if inputs.previous is None else variances_of(inputs.previous)
    now = variances_of(inputs.settlement)
    ahead = now if inputs.outturn is None else variances_of(inputs.outturn)
    return any(before.get(each.code) or ahead[each.code] != now[each.code] for each in schemes)


def _sum(title: str, adds: tuple[int, ...], takes: tuple[int, ...] = ()) -> Column:
    """A column of amounts that are made of those of other columns."""
    (column,) = amounts(title)
    return Column(title, column.align, column.width, adds, takes)


def _totalled(title: str, columns: tuple[Column, ...], rows: list[Row], *, is_marked: bool) -> Table:
    """The rows with their total, which is carried from page to page; marked where the last amount is a variance."""
    places = [place for place, cell in enumerate(rows[0].cells) if isinstance(cell, int)]
    sums = tuple(sum(cell for row in rows if isinstance(cell := row.cells[place], int)) for place in places)
    marked = (_marked(sums),) if is_marked else ()
    total = Row((say("Total"), *sums, *marked), RowKind.TOTAL, tuple(range(len(rows))))
    return Table(title, columns, (*rows, total), carries=tuple(places))


def _marked(cells: tuple[Cell, ...]) -> str:
    """Adverse or favourable, by the last of the amounts."""
    last = cells[-1]
    return marker(last) if isinstance(last, int) else ""


def _movements(inputs: StatementInputs, title: str, schemes: list[Scheme]) -> Table:
    columns = [Column(say("Scheme"), width=3)]
    figures: list[dict[str, int]] = []
    now = variances_of(inputs.settlement)
    if inputs.previous is not None:
        before = variances_of(inputs.previous)
        columns += [
            *amounts(say("Variance at {period} £", period=inputs.previous_name)),
            _sum(say("Movement £"), adds=(3,), takes=(1,)),
            *amounts(say("Variance at {period} £", period=inputs.settlement.period)),
        ]
        figures += [before, {code: pence - before.get(code, 0) for code, pence in now.items()}, now]
    if (outturn := inputs.outturn) is not None:
        columns += [*amounts(say("Forecast outturn variance £")), Column(say(_MARKER))]
        figures.append(variances_of(outturn))
    rows = []
    for scheme in schemes:
        cells = tuple(figure.get(scheme.code, 0) for figure in figures)
        marked = (_marked(cells),) if outturn is not None else ()
        rows.append(Row((scheme_name(scheme), *cells, *marked)))
    table = say("{fund}: movement and forecast", fund=title)
    return _totalled(table, tuple(columns), rows, is_marked=outturn is not None)


def _qipp(inputs: StatementInputs) -> list[Block]:
    figures = inputs.settlement.outcome.figures
    targets = figures.tables[Kind.QIPP_TARGET]
    rows = []
    for index, scheme in enumerate(inputs.agreement.schemes):
        target, delivered = sum(targets[index]), sum(figures.delivered[index])
        if target or delivered:
            rows.append(Row((scheme_name(scheme), target, delivered, delivered - target, marker(delivered - target))))
    if not rows:
        return []
    columns = (
        Column(say("Scheme"), width=3),
        *amounts(say("Target £"), say("Delivered £")),
        _sum(say("Difference £"), adds=(2,), takes=(1,)),
        Column(say(_MARKER)),
    )
    return [Heading(say("QIPP")), Table(say("QIPP savings by scheme"), columns, tuple(rows))]
