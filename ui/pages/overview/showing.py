"""What the Overview's tables and charts show, made from its values: cells, bars, sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.periods import Period
from settlement.overview import Exposure, FundRow, Measured, Month, Overview, PartnerSummary, running
from settlement.overview_steps import Step, steps_to_cash, steps_to_partners
from settlement.settle import Settlement
from ui.charts.bars import Category, Series
from ui.charts.caps import CapRow
from ui.charts.marks import Pattern
from ui.figures import NIL, exact, heading
from ui.links import Link
from ui.pages.overview.fund_tree import Branch
from ui.pages.overview.leads import (
    Column,
    exposure_link,
    month_links,
    partner_link,
    scheme_lines,
)
from ui.periods import period_name
from ui.tables import Cell, Grid, figure
from ui.wording import due

SERIES = (
    Series("Budget", Pattern.HOLLOW, 0),
    Series("Actual", Pattern.SOLID, 1),
    Series("Forecast", Pattern.HATCHED, 1),
)
_WORDS = "Which is"
_FUND_COLUMNS = (
    Column.BUDGET,
    Column.ACTUAL,
    Column.VARIANCE,
    None,
    Column.YEAR,
    Column.OUTTURN,
    Column.FORECAST,
    None,
)
_SHORT = {Column.VARIANCE: "Variance", Column.YEAR: "Year’s budget"}
_OF_PARTNERS = {Column.BUDGET: "Contribution", Column.ACTUAL: "Spent by it", Column.YEAR: "Year’s contribution"}
_OWN_COLUMNS = (Column.BUDGET, Column.ACTUAL, Column.YEAR, Column.OUTTURN)
_PARTNER_COLUMNS = (*_OWN_COLUMNS, Column.SHARE, None, Column.DUE, None)
_PERCENT = 100


def meaning(favourable_pence: int) -> str:
    """A variance in a word."""
    if not favourable_pence:
        return NIL
    return "Favourable" if favourable_pence > 0 else "Adverse"


def _meant(favourable_pence: int) -> Cell:
    return Cell(meaning(favourable_pence), spoken="" if favourable_pence else "no variance")


def _measured(measured: Measured, column: Column) -> int:
    return {
        Column.BUDGET: measured.budget_pence,
        Column.ACTUAL: measured.actual_pence,
        Column.VARIANCE: measured.variance_pence,
        Column.YEAR: measured.year_budget_pence,
        Column.OUTTURN: measured.outturn_pence,
        Column.FORECAST: measured.forecast_variance_pence,
    }[column]


# By fund


@dataclass(frozen=True, slots=True)
class Funds:
    """What the tree of funds shows. `figures` are its columns of figures, and of the words that go with them."""

    headings: tuple[str, ...]
    branches: tuple[Branch, ...]
    figures: frozenset[int]


def funds_shown(overview: Overview) -> Funds:
    """Each fund with its schemes, and the total."""
    period = overview.state.period
    branches = [_fund_branch(row, period) for row in overview.funds]
    if len(branches) > 1:
        links = {column: scheme_lines(None, column, period) for column in Column}
        branches.append(Branch(_cells("All funds", overview.total, links), is_total=True))
    names = (_WORDS if column is None else heading(_SHORT.get(column, column)) for column in _FUND_COLUMNS)
    # words stand to the right, as the figures do that they are about
    return Funds(("Fund and scheme", *names), tuple(branches), frozenset(range(1, len(_FUND_COLUMNS) + 1)))


def _fund_branch(row: FundRow, period: Period) -> Branch:
    name = f"{row.name} (baseline)" if row.is_influenced else row.name
    below = tuple(
        _cells(
            each.scheme.name, each.measured, {column: scheme_lines(each.scheme, column, period) for column in Column}
        )
        for each in row.schemes
    )
    if len(row.schemes) == 1:  # there is nothing to open that the row does not show
        scheme = row.schemes[0].scheme
        return Branch(_cells(name, row.measured, {column: scheme_lines(scheme, column, period) for column in Column}))
    return Branch(_cells(name, row.measured, {}), below)


def _cells(name: str, measured: Measured, links: Mapping[Column, Link]) -> tuple[Cell, ...]:
    cells = [Cell(name, opens=links.get(Column.VARIANCE))]
    before = Column.VARIANCE
    for column in _FUND_COLUMNS:
        if column is None:
            cells.append(_meant(_measured(measured, before)))
        else:
            cells.append(figure(_measured(measured, column), links.get(column)))
            before = column
    return tuple(cells)


# By partner


Waterfall = tuple[str, str, str, tuple[Step, ...]]
"""A waterfall by its partner's code ("" for all partners): the name to choose it by, its sentence, its steps."""


def waterfalls_of(overview: Overview) -> tuple[Waterfall, ...]:
    """A waterfall for all partners together, and one for each; none where there is no settlement."""
    settlement = overview.settlement
    if settlement is None:
        return ()
    each = ((partner.code, f"{partner.name}, to its net due") for partner in settlement.agreement.partners)
    return tuple((code, name, *steps_for(settlement, code)) for code, name in (("", "All partners"), *each))


def partner_grid(overview: Overview, period: Period) -> Grid:
    """Each partner's own figures, its share of the variances, what it pays or receives; and the total."""
    rows = [_partner_row(row, period) for row in overview.partners]
    total = sum((row.measured for row in overview.partners), Measured())
    share = None if overview.settlement is None else sum(row.share_pence or 0 for row in overview.partners)
    rows.append(
        (
            Cell("All partners"),
            *(figure(_measured(total, column)) for column in _OWN_COLUMNS),
            *((_none(), _none()) if share is None else (figure(share), _meant(share))),
            _none() if share is None else figure(sum(row.net_due_pence or 0 for row in overview.partners)),
            Cell(""),
        )
    )
    headings = (
        "Partner",
        *(_WORDS if column is None else heading(_OF_PARTNERS.get(column, column)) for column in _PARTNER_COLUMNS[:-1]),
        "Which means",
    )
    figures = frozenset(range(1, len(_PARTNER_COLUMNS) + 1))
    return Grid(headings, tuple(rows), figures, frozenset({len(rows) - 1}))


def _partner_row(row: PartnerSummary, period: Period) -> tuple[Cell, ...]:
    def link(column: Column) -> Link:
        return partner_link(row.partner, column, period)

    own = tuple(figure(_measured(row.measured, column), link(column)) for column in _OWN_COLUMNS)
    name = Cell(row.partner.name, opens=link(Column.DUE))
    if row.share_pence is None or row.net_due_pence is None:
        return (name, *own, _none(), _none(), _none(), _none())
    net_due = Cell(exact(row.net_due_pence) if row.net_due_pence else NIL, row.net_due_pence, opens=link(Column.DUE))
    share = figure(row.share_pence, link(Column.SHARE))
    return (name, *own, share, _meant(row.share_pence), net_due, Cell(due(row.net_due_pence)))


def _none() -> Cell:
    return Cell("", spoken="no settlement")


# Charts


def month_bars(
    months: Iterable[Month], overview: Overview, *, is_running: bool = False
) -> tuple[str, tuple[Category, ...]]:
    """The sentence over the bars, and the bars. M13 is there if anything was posted to it.

    With `is_running` each month shows what the year comes to by then: forecasts go on from the actual to date.
    """
    period, year, total = overview.state.period, overview.year, overview.total
    shown = [month for month in months if month.period is not Period.M13 or month.budget_pence or month.actual_pence]
    if is_running:
        shown = list(running(shown))
    bars = tuple(
        Category(
            str(month.period),
            period_name(month.period, year),
            (
                month.budget_pence,
                month.actual_pence if month.period <= period else None,
                month.forecast_pence if month.period > period else None,
            ),
            month_links(month, year, is_running=is_running),
        )
        for month in shown
    )
    variance = total.variance_pence
    against = "as budgeted" if not variance else f"{exact(abs(variance))} {'below' if variance > 0 else 'above'} it"
    told = [
        f"{exact(total.actual_pence)} was spent to {period} against a budget of {exact(total.budget_pence)}, {against}."
    ]
    if overview.withheld_pence:
        told.append(f"Performance pay of {exact(overview.withheld_pence)} is not released and is off that budget.")
    return " ".join(told), bars


def steps_for(settlement: Settlement, partner: str) -> tuple[str, tuple[Step, ...]]:
    """The sentence over the waterfall, and its steps: for one partner down to its net due, for "" over all of them."""
    if not partner:
        steps = steps_to_partners(settlement)
        borne = [step for step in steps if step.partner]
        names = settlement.agreement.partner_of
        shares = "; ".join(
            f"{names[step.partner].name} {'bears' if step.pence < 0 else 'receives'} {exact(abs(step.pence))}"
            for step in borne
        )
        return (f"{shares}." if shares else "None of it comes to the partners.") if steps else "", steps
    net_due = settlement.row_of(partner).net_due_pence
    name = settlement.agreement.partner_of[partner].name
    verb = (
        "neither pays nor receives anything"
        if not net_due
        else f"{'pays' if net_due > 0 else 'receives'} {exact(abs(net_due))}"
    )
    return f"{name} {verb}.", steps_to_cash(settlement, partner)


def cap_rows(exposures: Iterable[Exposure]) -> tuple[str, tuple[CapRow, ...]]:
    """The sentence over the caps, and a row for each."""
    rows = []
    held = []
    capped: set[str] = set()
    for exposure in exposures:
        cap, name = exposure.cap, exposure.partner.name
        if cap is not None:
            label = f"{name}: {_clauses(cap.clauses)}"
            capped.add(exposure.partner.code)
        else:
            label = f"{name}: other clauses" if exposure.partner.code in capped else name
        if exposure.beyond_pence:
            held.append(exposure)
        rows.append(
            CapRow(
                label,
                exposure.borne_pence,
                exposure.cap_pence,
                exposure.beyond_pence,
                _standing(exposure),
                exposure.sentence,
                exposure_link(exposure),
            )
        )
    if not capped:
        sentence = "The agreement caps no partner’s share."
    elif held:
        kept = "; ".join(f"{each.partner.name} by {exact(each.beyond_pence)}" for each in held)
        sentence = f"A cap holds: it spares {kept}."
    else:
        sentence = "No cap has been reached."
    return sentence, tuple(rows)


def _clauses(clauses: tuple[str, ...]) -> str:
    return f"clause{'' if len(clauses) == 1 else 's'} {', '.join(clauses)}"


def _standing(exposure: Exposure) -> str:
    borne = exact(exposure.borne_pence)
    if exposure.cap_pence is None:
        return f"{borne}, no cap"
    part = exposure.borne_pence * _PERCENT // exposure.cap_pence if exposure.cap_pence else _PERCENT
    holds = "; the cap holds" if exposure.beyond_pence else f", {part}%"
    return f"{borne} of {exact(exposure.cap_pence)}{holds}"
