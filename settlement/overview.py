"""The year at a glance: budget, actual and forecast outturn by fund, by partner and by month; exposure against caps.

Everything is read off the settlement's own figures, in pence. What needs doing is in `settlement.overview_tasks`, the
way from variance to cash in `settlement.overview_steps`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ledgers.ledger import Ledger, PeriodState
from ledgers.monthly import Posted, posted_by_period
from rules.agreement import Agreement, Cap, Fund, Kind, Partner, Scheme, Service
from rules.caps import most_under
from rules.figures import Figures, figures_of
from rules.outcome import DealtWith
from rules.performance import performance_pay, withhold
from rules.periods import FinancialYear, Period
from rules.position import Position
from rules.problems import RefusedError
from rules.succession import agreement_at, stand_ins
from rules.wording import cap_sentence
from settlement.overview_steps import share_of
from settlement.settle import Settlement, settle

SPEND = frozenset({Kind.ACTUAL, Kind.ACCRUAL})
_BUDGET = frozenset({Kind.BUDGET, Kind.VIREMENT})


@dataclass(frozen=True, slots=True)
class Measured:
    """Budget and spend to date, and as the year is forecast to end, in pence.

    Of influenced services the budget is their baseline. Actual takes in accruals. Performance pay that is not released
    is off the budget.
    """

    budget_pence: int = 0
    actual_pence: int = 0
    year_budget_pence: int = 0
    outturn_pence: int = 0

    @property
    def variance_pence(self) -> int:
        """Budget less actual, to date: favourable above nought, adverse below."""
        return self.budget_pence - self.actual_pence

    @property
    def forecast_variance_pence(self) -> int:
        """The year's budget less the forecast outturn: favourable above nought, adverse below."""
        return self.year_budget_pence - self.outturn_pence

    def __add__(self, other: "Measured") -> "Measured":
        """Both together."""
        return Measured(
            self.budget_pence + other.budget_pence,
            self.actual_pence + other.actual_pence,
            self.year_budget_pence + other.year_budget_pence,
            self.outturn_pence + other.outturn_pence,
        )


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """An Individual Scheme's figures."""

    scheme: Scheme
    measured: Measured


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund's figures and its schemes'. Its influenced services, which have a baseline, are a row of their own."""

    fund: Fund
    name: str
    is_influenced: bool
    measured: Measured
    schemes: tuple[SchemeRow, ...]


@dataclass(frozen=True, slots=True)
class PartnerSummary:
    """A partner's own contribution and spend, and what the schedule makes of them.

    `share_pence` is its share of the variances (favourable above nought), `net_due_pence` what it pays (above nought)
    or receives; both None where the agreement cannot be applied to the figures. What it spent against what it
    contributed is no variance of its own: a host spends for all.
    """

    partner: Partner
    measured: Measured
    share_pence: int | None
    net_due_pence: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What one period added, in pence. `forecast_pence` is of the periods after the one that is looked at.

    `has_accruals` tells that the actual is not of lines of that kind alone, `is_mixed` the same of the budget, which
    may take in virements and baselines.
    """

    period: Period
    budget_pence: int
    actual_pence: int
    forecast_pence: int
    has_accruals: bool = False
    is_mixed: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a partner bears of losses (of gains: receives) under some clauses, and the cap on that, if there is one.

    `beyond_pence` is what the cap kept from it, 0 while it does not hold.
    """

    partner: Partner
    cap: Cap | None
    sentence: str
    borne_pence: int
    cap_pence: int | None = None
    beyond_pence: int = 0
    is_gain: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """The ledger at a period. `settlement` is of the reading asked for; where there is none, `why_not` says why.

    `withheld_pence` is performance pay not released, which is off the budget to date and off no month's.
    """

    title: str
    year: FinancialYear
    state: PeriodState
    is_empty: bool
    funds: tuple[FundRow, ...]
    partners: tuple[PartnerSummary, ...]
    total: Measured
    withheld_pence: int
    exposures: tuple[Exposure, ...]
    settlement: Settlement | None
    why_not: tuple[str, ...] = ()


def overview_of(ledger: Ledger, period: Period, *, outturn: bool = False) -> Overview:
    """What the year comes to, seen from the period. `outturn` chooses which reading is settled.

    Raises RefusedError if the ledger cannot be read; an agreement that cannot be applied to it is told in the answer.
    """
    with ledger.snapshot():
        agreement = ledger.agreement_at(period)
        position = ledger.position(period)
        state = next(each for each in ledger.periods() if each.period == period)
        is_empty = ledger.last_period() is None
    forecast = replace(position, outturn=True)
    settlement: Settlement | None = None
    why_not: tuple[str, ...] = ()
    try:
        settlement = settle(agreement, forecast if outturn else position)
    except RefusedError as refused:
        why_not = tuple(problem.message for problem in refused.problems)
    figures = _figures(agreement, position, settlement)
    funds = _funds(figures, _figures(agreement, forecast, settlement))
    return Overview(
        title=agreement.title,
        year=agreement.year,
        state=state,
        is_empty=is_empty,
        funds=funds,
        partners=_partners(figures, _figures(agreement, forecast, settlement), settlement),
        total=sum((row.measured for row in funds), Measured()),
        withheld_pence=sum(map(sum, figures.withheld or ())),
        exposures=() if settlement is None else exposures_of(settlement),
        settlement=settlement,
        why_not=why_not,
    )


def _figures(agreement: Agreement, position: Position, settlement: Settlement | None) -> Figures:
    """The figures that a settlement is made from: its own, where it is of this reading; there may be none to have."""
    if settlement is not None and settlement.is_outturn == position.outturn:
        return settlement.outcome.figures
    figures = figures_of(agreement_at(agreement, position.period), agreement, position)
    released = performance_pay(figures, position.measures, position.period)
    return withhold(figures, released) if released else figures


# By fund and by partner


def _cells(figures: Figures, outturn: Figures, index: int, column: int) -> Measured:
    """One scheme's figures for one partner."""
    return Measured(
        _expected(figures, index)[column],
        figures.spend[index][column],
        _expected(outturn, index)[column],
        outturn.spend[index][column],
    )


def _expected(figures: Figures, index: int) -> tuple[int, ...]:
    """What a scheme's spend is measured against, by partner: budgets, or the baseline of an influenced service."""
    is_influenced = figures.agreement.schemes[index].service is Service.INFLUENCED
    return figures.tables[Kind.BASELINE][index] if is_influenced else figures.budget[index]


def _funds(figures: Figures, outturn: Figures) -> tuple[FundRow, ...]:
    agreement = figures.agreement
    columns = range(len(agreement.partners))
    of: dict[tuple[str, bool], list[SchemeRow]] = {}
    for index, scheme in enumerate(agreement.schemes):
        measured = sum((_cells(figures, outturn, index, column) for column in columns), Measured())
        of.setdefault((scheme.fund, scheme.service is Service.INFLUENCED), []).append(SchemeRow(scheme, measured))
    return tuple(
        FundRow(
            fund,
            f"{fund.name}, influenced services" if is_influenced and (fund.code, False) in of else fund.name,
            is_influenced,
            sum((row.measured for row in rows), Measured()),
            tuple(rows),
        )
        for fund in agreement.funds
        for is_influenced in (False, True)
        if (rows := of.get((fund.code, is_influenced)))
    )


def _partners(figures: Figures, outturn: Figures, settlement: Settlement | None) -> tuple[PartnerSummary, ...]:
    agreement = figures.agreement
    rows = range(len(agreement.schemes))
    return tuple(
        PartnerSummary(
            partner,
            sum((_cells(figures, outturn, index, column) for index in rows), Measured()),
            None if settlement is None else -share_of(settlement, partner.code),
            None if settlement is None else settlement.row_of(partner.code).net_due_pence,
        )
        for column, partner in enumerate(agreement.partners)
    )


# By month


def months_of(ledger: Ledger, period: Period) -> tuple[Month, ...]:
    """Budget and actual of each period up to the one looked at; budget and forecast of those after it.

    Summed to the period, budgets are the overview's budget to date before performance pay is taken off, and actuals
    its actual; over the year, actuals and forecasts together are its forecast outturn.
    """
    with ledger.snapshot():
        agreement = ledger.agreement_at(period)
        posted = list(posted_by_period(ledger, period))
    return months_from(posted, agreement, period)


def months_from(posted: Iterable[Posted], agreement: Agreement, period: Period) -> tuple[Month, ...]:
    """The same, of what was posted. What no figure of the agreement takes in counts for no month either."""
    current, replaced = agreement_at(agreement, period), stand_ins(agreement, period)
    partners = current.partner_of.keys() | replaced.keys()
    influenced = {scheme.code: scheme.service is Service.INFLUENCED for scheme in current.schemes}
    budgets, actuals, forecasts = (dict.fromkeys(Period, 0) for _ in range(3))
    accrued: set[Period] = set()
    mixed: set[Period] = set()
    for scheme, partner, kind, when, in_default, amount_pence in posted:
        is_influenced = influenced.get(scheme)
        if in_default or is_influenced is None or partner not in partners:
            continue
        if kind is Kind.BASELINE if is_influenced else kind in _BUDGET:
            budgets[when] += amount_pence
            if kind is not Kind.BUDGET and amount_pence:
                mixed.add(when)
        elif kind in SPEND and when <= period:
            actuals[when] += amount_pence
            if kind is Kind.ACCRUAL and amount_pence:
                accrued.add(when)
        elif kind is Kind.FORECAST and when > period:
            forecasts[when] += amount_pence
    return tuple(
        Month(each, budgets[each], actuals[each], forecasts[each], each in accrued, each in mixed) for each in Period
    )


def running(months: Iterable[Month]) -> Iterator[Month]:
    """What the year comes to by each of the months: budgets added up, and forecasts on top of the actual to date."""
    budget = actual = forecast = 0
    has_accruals = is_mixed = False
    for month in months:
        budget += month.budget_pence
        actual += month.actual_pence
        forecast += month.forecast_pence
        has_accruals, is_mixed = has_accruals or month.has_accruals, is_mixed or month.is_mixed
        yield Month(month.period, budget, actual, actual + forecast, has_accruals, is_mixed)


# Exposure against caps


def exposures_of(settlement: Settlement) -> tuple[Exposure, ...]:
    """Each partner's exposure: under every cap on it, and what it bears of losses under clauses with no cap on them."""
    return tuple(
        exposure
        for column, partner in enumerate(settlement.agreement.partners)
        for exposure in _exposures(settlement, column, partner)
    )


def _exposures(settlement: Settlement, column: int, partner: Partner) -> Iterable[Exposure]:
    agreement, figures = settlement.agreement, settlement.outcome.figures
    subjects = settlement.outcome.subjects
    capped: set[str] = set()
    for cap in agreement.caps:
        if cap.partner != partner.code:
            continue
        capped.update(cap.clauses)
        yield Exposure(
            partner,
            cap,
            cap_sentence(cap, agreement),
            sum(_borne(dealt, column, cap.clauses) for dealt in subjects),
            most_under(cap, figures, column),
            sum(_beyond(dealt, cap) for dealt in subjects),
            agreement.clause_of[cap.clauses[0]].on.is_gain,
        )
    uncapped = sum(
        _borne(dealt, column, {part.clause for part in dealt.parts} - capped)
        for dealt in subjects
        if not dealt.subject.on.is_gain
    )
    if not capped:
        yield Exposure(partner, None, f"No cap limits what {partner.name} bears.", uncapped)
    elif uncapped:
        yield Exposure(partner, None, f"No cap limits what {partner.name} bears under the other clauses.", uncapped)


def _borne(dealt: DealtWith, column: int, clauses: Iterable[str]) -> int:
    """A partner's shares of an amount under some clauses."""
    return sum(
        part.shares_pence[column] for part in dealt.parts if part.shares_pence is not None and part.clause in clauses
    )


def _beyond(dealt: DealtWith, cap: Cap) -> int:
    """What a cap kept from its partner of an amount."""
    return sum(
        held.excess_pence
        for part in (*dealt.parts, *dealt.tried)
        if part.sharing is not None
        for turn in part.sharing.rounds
        for held in turn.held
        if held.cap == cap
    )
