"""The quarterly report of the Pooled Fund Manager: the quarter, the year to date and the forecast, and what to look at.

Regulation 7 of SI 2000/617 has the officer who manages a pooled fund submit one to the partners. Where the period is
inside a quarter, it is of the quarter to date.
"""

from rules.agreement import Kind
from rules.language import say
from rules.periods import Period
from settlement.settle import Settlement
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import notes_section
from settlement.statements.reports.issues import issues
from settlement.statements.reports.parts import (
    SchemeList,
    expected_by_scheme,
    forecast_of,
    head_facts,
    head_notes,
    marked,
    posted_since,
    scheme_lists,
    spend_by_scheme,
    total_row,
    variance_columns,
    variances_by_scheme,
)
from settlement.statements.reports.risks import risks_section
from settlement.statements.sealed import framed
from settlement.statements.wording import named, period_in_words, scheme_name

_MONTHS = 3


def quarterly_report(inputs: StatementInputs) -> Document:
    """Every fund and scheme, pooled or aligned, in the quarter that the period is in."""
    title = say("Quarterly report")
    sections = (
        Section(say("The quarter"), (*_head(inputs), *_by_fund(inputs), Heading(say("Issues")), _issues(inputs))),
        *_schemes(inputs),
        *_savings(inputs),
        risks_section(inputs),
        *notes_section(inputs),
    )
    return framed(inputs, title, quarter_in_words(inputs), title, sections)


# The quarter


def quarter_of(period: Period) -> tuple[int, Period, Period]:
    """Which quarter a period is in, 1 to 4, with its first period and its last; M13 is of the last, and its end."""
    number = (min(period, Period.M12) - 1) // _MONTHS + 1
    last = Period(number * _MONTHS)
    return number, Period(last - _MONTHS + 1), Period.M13 if period is Period.M13 else last


def quarter_in_words(inputs: StatementInputs) -> str:
    """`Quarter 2 of 2014/15, M4 (July 2014) to M6 (September 2014)`."""
    number, first, last = quarter_of(inputs.settlement.period)
    year, period = inputs.agreement.year, inputs.settlement.period
    values = {"number": number, "year": year, "first": period_in_words(year, first)}
    if period < last:
        until = period_in_words(year, period)
        return say("Quarter {number} of {year} to date, {first} to {last}", last=until, **values)
    return say("Quarter {number} of {year}, {first} to {last}", last=period_in_words(year, last), **values)


def _head(inputs: StatementInputs) -> list[Block]:
    blocks: list[Block] = [head_facts(inputs, (say("Quarter"), quarter_in_words(inputs)))]
    if inputs.settlement.period < quarter_of(inputs.settlement.period)[2]:
        text = say("The quarter has not ended: these are its figures up to {period}.", period=inputs.period_text)
        blocks.append(Note(text))
    return [*blocks, *head_notes(inputs)]


def _issues(inputs: StatementInputs) -> Block:
    told = issues(inputs)
    return Bullets(told) if told else Paragraph(say("There is nothing to report beyond the figures."))


# Budget and spend


def _by_fund(inputs: StatementInputs) -> list[Block]:
    """The variance of each fund to date and at the year's end; of the schemes of a fund, the sum."""
    readings = [(inputs.settlement, say("Variance to date £"))]
    if inputs.settlement.is_outturn:
        readings = [(inputs.settlement, say("Forecast variance £"))]
    elif (forecast := forecast_of(inputs)) is not None:
        readings.append((forecast, say("Forecast variance £")))
    found = [variances_by_scheme(settlement) for settlement, _ in readings]
    rows = []
    for each in scheme_lists(inputs):
        cells = tuple(sum(variances[scheme.code] for scheme in each.schemes) for variances in found)
        rows.append(Row((each.title, *cells)))
    columns = (
        Column(say("Fund"), width=3),
        *amounts(*(title for _, title in readings)),
        Column(say("Adverse or favourable")),
    )
    table = Table(say("Variance by fund"), columns, marked([*rows, total_row(say("Total"), rows)], len(readings)))
    return [Paragraph(_measured()), table]


def _measured() -> str:
    return say(
        "A variance is what was expected less what was spent, actual and accruals together: favourable above nought, "
        "adverse below. Influenced services are measured against their baseline, everything else against its budget, "
        "virements and performance pay counted."
    )


def _schemes(inputs: StatementInputs) -> tuple[Section, ...]:
    _, first, _ = quarter_of(inputs.settlement.period)
    quarter = None if inputs.settlement.is_outturn else posted_since(inputs, first - 1)
    forecast = forecast_of(inputs)
    blocks: list[Block] = []
    for each in scheme_lists(inputs):
        blocks.append(Heading(each.title))
        if inputs.settlement.is_outturn:
            blocks.append(_spend(each, inputs.settlement, is_forecast=True))
            continue
        blocks.append(_spend(each, inputs.settlement, is_forecast=False))
        if quarter is not None:
            blocks.append(_in_quarter(inputs, each, quarter))
        if forecast is not None:
            blocks.append(_spend(each, forecast, is_forecast=True))
    return (Section(say("Budget and spend by scheme"), tuple(blocks)),)


def _spend(schemes: SchemeList, settlement: Settlement, *, is_forecast: bool) -> Table:
    expected, spend = expected_by_scheme(settlement), spend_by_scheme(settlement)
    rows = [
        Row((scheme_name(each), expected[each.code], spend[each.code], expected[each.code] - spend[each.code]))
        for each in schemes.schemes
    ]
    rows.append(total_row(say("Total"), rows))
    if is_forecast:
        budget = say("Annual baseline £") if schemes.is_influenced else say("Annual budget £")
        columns = variance_columns(say("Scheme"), budget, say("Forecast outturn £"), say("Forecast variance £"))
        title = say("{fund}: forecast outturn of the year", fund=schemes.title)
    else:
        budget = say("Baseline to date £") if schemes.is_influenced else say("Budget to date £")
        columns = variance_columns(say("Scheme"), budget, say("Actual to date £"), say("Variance to date £"))
        title = say("{fund}: year to date", fund=schemes.title)
    return Table(title, columns, marked(rows, 3))


def _in_quarter(inputs: StatementInputs, schemes: SchemeList, quarter: dict[str, tuple[int, int]]) -> Table:
    """The movement since the end of the quarter before: what the quarter's own lines made."""
    rows = []
    for each in schemes.schemes:
        expected, spent = quarter[each.code]
        rows.append(Row((scheme_name(each), expected, spent, expected - spent)))
    rows.append(total_row(say("Total"), rows))
    number, _, _ = quarter_of(inputs.settlement.period)
    budget = say("Baseline in the quarter £") if schemes.is_influenced else say("Budget in the quarter £")
    columns = variance_columns(say("Scheme"), budget, say("Actual in the quarter £"), say("Movement of variance £"))
    title = say("{fund}: movement in quarter {number}", fund=schemes.title, number=number)
    if inputs.settlement.outcome.figures.withheld is not None and not schemes.is_influenced:
        title = say("{fund}: movement in quarter {number}, before performance pay", fund=schemes.title, number=number)
    return Table(title, columns, marked(rows, 3))


# Savings and performance pay


def _savings(inputs: StatementInputs) -> tuple[Section, ...]:
    blocks = [*_qipp(inputs), *_performance(inputs)]
    return (Section(say("QIPP and performance pay"), tuple(blocks)),) if blocks else ()


def _qipp(inputs: StatementInputs) -> list[Block]:
    blocks: list[Block] = []
    tables = [(inputs.settlement, inputs.settlement.is_outturn)]
    if (forecast := forecast_of(inputs)) is not None:
        tables.append((forecast, True))
    for settlement, is_forecast in tables:
        figures = settlement.outcome.figures
        rows = []
        for index, scheme in enumerate(settlement.agreement.schemes):
            target, delivered = sum(figures.tables[Kind.QIPP_TARGET][index]), sum(figures.delivered[index])
            if target or delivered:
                rows.append(Row((scheme_name(scheme), target, delivered, delivered - target)))
        if not rows:
            continue
        titles = (
            (say("Annual target £"), say("Forecast delivery £"), say("Difference £"))
            if is_forecast
            else (say("Target to date £"), say("Delivered to date £"), say("Difference £"))
        )
        expected, delivered_column, difference = amounts(*titles)
        difference = Column(difference.title, difference.align, adds=(2,), takes=(1,))
        columns = (
            Column(say("Scheme"), width=3),
            expected,
            delivered_column,
            difference,
            Column(say("Adverse or favourable")),
        )
        title = say("QIPP: forecast of the year") if is_forecast else say("QIPP: year to date")
        blocks.append(Table(title, columns, marked([*rows, total_row(say("Total"), rows)], 3)))
    return [Heading(say("QIPP")), *blocks] if blocks else []


def _performance(inputs: StatementInputs) -> list[Block]:
    released = inputs.settlement.outcome.performance
    if not released:
        return []
    outturn = forecast_of(inputs)
    forecast = {} if outturn is None else {each.element.id: each for each in outturn.outcome.performance}
    rows = []
    for each in released:
        own = forecast.get(each.element.id)
        cells = (each.held_pence, each.released_pence, each.withheld_pence)
        later = () if own is None else (own.held_pence, own.released_pence)
        name = named(each.element.title, each.element.id)
        rows.append(Row((name, inputs.bearer_name(each.element.payer), *cells, *later)))
    held, let_go, kept = amounts(say("Held to date £"), say("Released £"), say("Not released £"))
    columns = [
        Column(say("Element"), width=2),
        Column(say("Payer"), width=2),
        held,
        let_go,
        Column(kept.title, kept.align, adds=(2,), takes=(3,)),
    ]
    if forecast:
        columns += amounts(say("Held, forecast £"), say("Released, forecast £"))
    if len(rows) > 1:
        rows.append(total_row(say("Total"), rows))
    title = say("Performance pay held and released")
    return [Heading(say("Performance pay")), Table(title, tuple(columns), tuple(rows))]
