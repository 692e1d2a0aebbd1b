"""The monitoring report: what each scheme was given, what it spent, where it is heading, what moved and why."""

from collections.abc import Iterator

from rules.language import say, say_many
from rules.money import pounds
from settlement.settle import Settlement
from settlement.statements.document import (
    Align,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Section,
    SignatureBlock,
    Table,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import notes_section
from settlement.statements.reports.causes import Causes, causes_of
from settlement.statements.reports.parts import (
    SchemeList,
    expected_by_scheme,
    forecast_of,
    head_facts,
    head_notes,
    marked,
    scheme_lists,
    spend_by_scheme,
    total_row,
    variance_columns,
    variances_by_scheme,
)
from settlement.statements.sealed import framed
from settlement.statements.wording import scheme_name

_MOST_CAUSES = 10  # schemes of a fund whose causes are told: the smaller movements are told together


def monitoring_report(inputs: StatementInputs) -> Document:
    """By fund and scheme: the budget and how it was revised, actual, forecast, variance, its movement and the cause."""
    title = say("Monitoring report")
    causes = causes_of(inputs)
    summary = (head_facts(inputs), *head_notes(inputs), *_by_fund(inputs, causes))
    sections = (Section(say("Summary"), summary), *(_section(inputs, each, causes) for each in scheme_lists(inputs)))
    subtitle = (
        say("Movement since {period}", period=inputs.previous_name)
        if inputs.previous is not None
        else say("Movement since the beginning of the year")
    )
    return framed(inputs, title, subtitle, title, (*sections, *notes_section(inputs)))


def _by_fund(inputs: StatementInputs, causes: Causes) -> Iterator[Block]:
    """The variance of each fund now, as it was last stated, its movement, and the forecast."""
    forecast = forecast_of(inputs)
    then = {} if forecast is None else variances_by_scheme(forecast)
    rows = []
    for each in scheme_lists(inputs):
        codes = [scheme.code for scheme in each.schemes]
        now, before = sum(causes.now[code] for code in codes), sum(causes.before.get(code, 0) for code in codes)
        later = () if forecast is None else (sum(then[code] for code in codes),)
        rows.append(Row((each.title, now, before, now - before, *later)))
    if not rows:
        yield Paragraph(say("The agreement has no scheme yet, so that there is nothing to monitor."))
        return
    rows.append(total_row(say("Total"), rows))
    columns = [Column(say("Fund"), width=3), *_movement_columns(inputs)]
    if forecast is not None:
        columns += amounts(say("Forecast variance £"))
    columns.append(Column(say("Adverse or favourable")))
    yield Table(say("Variance by fund"), tuple(columns), marked(rows, len(columns) - 2))
    yield Paragraph(causes.intro)


def _movement_columns(inputs: StatementInputs) -> tuple[Column, ...]:
    """Of a table whose first column names the line, so that the movement adds up."""
    now = (
        say("Forecast variance £")
        if inputs.settlement.is_outturn
        else say("Variance at {period} £", period=inputs.settlement.period)
    )
    before = (
        say("Variance at {period} £", period=inputs.previous_name)
        if inputs.previous is not None
        else say("Before the year £")
    )
    *stated, moved = amounts(now, before, say("Movement £"))
    return (*stated, Column(moved.title, moved.align, adds=(1,), takes=(2,)))


def _section(inputs: StatementInputs, schemes: SchemeList, causes: Causes) -> Section:
    settlement = inputs.settlement
    blocks: list[Block] = []
    if not schemes.is_influenced:
        blocks.append(_budget(inputs, schemes))
    blocks.append(_spend(settlement, schemes))
    if (forecast := forecast_of(inputs)) is not None:
        blocks.append(_spend(forecast, schemes))
    blocks += [Heading(say("What moved, and why")), *_movement(inputs, schemes, causes)]
    return Section(schemes.title, tuple(blocks))


def _budget(inputs: StatementInputs, schemes: SchemeList) -> Table:
    """The year's budget from what was agreed to what it is now. Performance pay is as the outturn forecasts it."""
    forecast = inputs.settlement if inputs.settlement.is_outturn else inputs.outturn
    figures = inputs.settlement.outcome.figures
    withheld = None if forecast is None else forecast.outcome.figures.withheld
    places = {scheme.code: place for place, scheme in enumerate(inputs.agreement.schemes)}
    has_withheld = withheld is not None and any(any(withheld[places[each.code]]) for each in schemes.schemes)
    rows = []
    for each in schemes.schemes:
        place = places[each.code]
        budget, virements = sum(figures.year_budget[place]), sum(figures.year_virement[place])
        kept = sum(withheld[place]) if withheld is not None else 0
        shown = (-kept,) if has_withheld else ()
        rows.append(Row((scheme_name(each), budget, virements, *shown, budget + virements - kept)))
    titles = [say("Original budget £"), say("Virements £")]
    if has_withheld:
        titles.append(say("Performance pay not released £"))
    *parts, revised = amounts(*titles, say("Revised budget £"))
    revised = Column(revised.title, Align.RIGHT, adds=tuple(range(1, len(titles) + 1)))
    title = say("{fund}: budget of the year", fund=schemes.title)
    columns = (Column(say("Scheme"), width=3), *parts, revised)
    return Table(title, columns, (*rows, total_row(say("Total"), rows)))


def _spend(settlement: Settlement, schemes: SchemeList) -> Table:
    """What was spent against what was expected: to date, or of an outturn as the year is forecast to end."""
    expected, spend = expected_by_scheme(settlement), spend_by_scheme(settlement)
    rows = [
        Row((scheme_name(each), expected[each.code], spend[each.code], expected[each.code] - spend[each.code]))
        for each in schemes.schemes
    ]
    rows.append(total_row(say("Total"), rows))
    if settlement.is_outturn:
        budget = say("Annual baseline £") if schemes.is_influenced else say("Revised budget £")
        titles = (budget, say("Forecast outturn £"), say("Forecast variance £"))
        title = say("{fund}: forecast outturn of the year", fund=schemes.title)
    else:
        budget = say("Baseline to date £") if schemes.is_influenced else say("Revised budget to date £")
        titles = (budget, say("Actual to date £"), say("Variance to date £"))
        title = say("{fund}: year to date", fund=schemes.title)
    return Table(title, variance_columns(say("Scheme"), *titles), marked(rows, 3))


def _movement(inputs: StatementInputs, schemes: SchemeList, causes: Causes) -> Iterator[Block]:
    """How each variance moved; of those that did the causes, the largest first, and room for the manager's words."""
    rows, moved = [], []
    for each in schemes.schemes:
        before, now = causes.before.get(each.code, 0), causes.now[each.code]
        rows.append(Row((scheme_name(each), now, before, now - before)))
        if now != before:
            cause = causes.told[each.code] or say("The lines of the ledger do not show why.")
            moved.append((now - before, Row((scheme_name(each), now - before, cause))))
    if not moved:
        yield Paragraph(say("The variance of none of these schemes moved."))
        return
    rows.append(total_row(say("Total"), rows))
    columns = (Column(say("Scheme"), width=3), *_movement_columns(inputs), Column(say("Adverse or favourable")))
    yield Table(say("{fund}: movement of the variance", fund=schemes.title), columns, marked(rows, 3))
    moved.sort(key=lambda each: -abs(each[0]))
    why = (
        Column(say("Scheme"), width=2),
        *amounts(say("Movement £")),
        Column(say("Cause, as the ledger shows it"), width=5),
    )
    title = say("{fund}: largest causes of the movement", fund=schemes.title)
    yield Table(title, why, tuple(row for _, row in moved[:_MOST_CAUSES]))
    others = [pence for pence, _ in moved[_MOST_CAUSES:]]
    if others:
        yield Paragraph(
            say_many(
                "{count} more scheme moved, by {amount}.",
                "{count} more schemes moved, by {amount} together.",
                len(others),
                amount=pounds(sum(others)),
            )
        )
    lines = (say("Why it moved"), say("What is being done"))
    yield SignatureBlock(say("In the Pooled Fund Manager's own words"), lines)
