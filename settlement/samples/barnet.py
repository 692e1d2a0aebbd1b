"""Barnet 2014/15: one year's lines under six agreements, the five bases of section 7B and its reward mechanism.

Published (outline business case, section 6): what each partner puts into each level of core and influenced services,
and what a 3% a year reduction in acute activity would save. Illustrative: the months, the cash, and the year's events:

- Core services overspend early. Placements of level 4 run ahead of budget until reablement beds open in October, and
  an underspend of level 2 is vired to level 3 and later returned. By M12 the pooled fund is on budget.
  From M5 to M7 the council's share passes 1% of its contributions, so that the cap of the reward mechanism bites.
- Acute activity is above its baseline until the schemes have started, then below; winter (M9 to M11) is dear and holds
  the benefit up. By M12 the benefit is the published £1,482,855.
- The CCG's contribution of M5 is paid in M6; two homecare invoices are paid twice and credited; the spend of three
  quarter ends is accrued and reversed; one payment was outside Permitted Expenditure and stays with the council.
"""

from collections.abc import Sequence

from rules.agreement import Kind
from rules.allocation import allocate
from rules.money import pence_of
from rules.periods import FinancialYear, Period
from settlement.samples.profile import (
    LATER_MONTHS,
    MONTHS,
    Day,
    Entry,
    accrued,
    first_day,
    in_order,
    last_day,
    mid_month,
    months_of,
    on_day,
    plus,
    remaining,
    shown,
    twelfths,
)
from settlement.samples.published import GAP, OBC, RESOURCES, SCENARIO_2
from settlement.samples.sample import Sample, SampleLine, agreement_text

_YEAR = FinancialYear(2014)
_SOURCE = "OBC-6"

# Spend less budget at each month's end, in pence, illustrative. A level's budget is in twelfths.
_OVERSPEND_TO_DATE_PENCE = {
    "CORE-L1": (-618400, -931250, -1107600, -1184000, -1021500, -795000, -526300, -308800, -184200, -93500, 0, 0),
    "CORE-L2": (
        *(-1812650, -3104200, -3988700, -4571900, -4126800, -3318500),
        *(-2406100, -1522400, -903700, -418600, -127300, 0),
    ),
    "CORE-L3": (
        *(1398000, 3312075, 5790450, 8614900, 11836725, 13702300),
        *(14218750, 11194600, 7426100, 4139250, 1582400, 0),
    ),
    "CORE-L4": (
        *(10431842, 21107615, 33826908, 46548370, 57219455, 62784091),
        *(50126733, 35218064, 23597120, 13904418, 5218276, 0),
    ),
}
# The same of level 5, where each partner makes its own placements and meets its own variance.
_PLACEMENTS_TO_DATE_PENCE = {
    "LBB": (2214000, 3508600, 5117250, 4829400, 4006500, 2914750, 3128300, 4417900, 5836200, 3702400, 1515000, 0),
    "BCCG": (
        *(-1206500, -2018300, -3114700, -2695400, -1608200, -512600),
        *(809750, 1914300, 2618850, 1807200, 713400, 0),
    ),
}
# Baseline less spend at each month's end: the benefit to date. At M12 it is the published one, below.
_ACUTE_BENEFIT_TO_DATE_PENCE = (
    *(-6418235, -3782540, 4527310, 19064875, 37219460, 59036925),
    *(82904150, 105816390, 114602735, 113128080, 123947615),
)
_MENTAL_HEALTH_BENEFIT_TO_DATE_PENCE = (
    -48200,
    -121650,
    -242300,
    -308750,
    -261400,
    -187500,
    -109300,
    -42800,
    0,
    0,
    0,
    0,
)

# Acute activity by month, parts of 1,000: heavier from December to February.
_ACUTE_SEASON = (80, 79, 78, 78, 76, 77, 82, 84, 93, 96, 92, 85)

# What April's forecast expects of level 4 on top of its budget: pressure to M6, then recovery as the beds open.
_FORECAST_LEVEL_4_PENCE = (
    *(9200000, 10400000, 10000000, 9000000, 8000000),
    *(-12000000, -11000000, -10000000, -8000000, -5000000, -2000000),
)

_VIREMENT_PENCE = 40_000_00
_TWICE_INVOICED_PENCE = 18_240_00
_IN_DEFAULT_PENCE = 4_250_00
_QUARTER_END_PENCE = {Period.M3: 412_500_00, Period.M6: 486_200_00, Period.M9: 455_750_00}
_ACUTE_ACCRUAL_PENCE = 385_000_00


def _published(row: str, level: int) -> int:
    return pence_of(RESOURCES.rows[row][level - 1])


_BENEFIT_PENCE = pence_of(GAP.rows["Net exp"][1]) - pence_of(SCENARIO_2.rows["Revised expenditure"][0])
"""What scenario 2 saves in 2014/15: £135,659,985 less £134,177,130."""


def _plan(scheme: str, partner: str, kind: Kind, day: Day, what: str) -> Entry:
    return Entry(_YEAR, scheme, partner, kind, day, _SOURCE, f"Illustrative {what}")


def _pooled_level(level: int) -> list[SampleLine]:
    """Contributions to a level of the pooled fund, and the host's spend on it."""
    scheme = f"CORE-L{level}"
    council, ccg = (_published(row, level) for row in ("Core - LBB", "Core - BCCG"))
    lines = []
    for partner, year_pence in (("LBB", council), ("BCCG", ccg)):
        what = f"twelfth of {shown(year_pence)}, published in OBC s6"
        lines += _plan(scheme, partner, Kind.BUDGET, first_day, what).monthly(twelfths(year_pence))

    due = twelfths(ccg)
    paid = Entry(_YEAR, scheme, "BCCG", Kind.PAYMENT, mid_month, "PAY-{}", "Illustrative: month's contribution to host")
    late = Entry(_YEAR, scheme, "BCCG", Kind.PAYMENT, mid_month, "PAY-M5", "Illustrative: M5 contribution, paid late")
    lines += paid.monthly([0 if period is Period.M5 else pence for period, pence in zip(MONTHS, due, strict=True)])
    lines.append(late.at(Period.M6, due[Period.M5 - 1]))

    events = _events_of(scheme)
    budget = plus(twelfths(council), due)
    spend = plus(budget, months_of(_OVERSPEND_TO_DATE_PENCE[scheme]))
    in_pool = [line for line in events if not line.cause]
    what = f"month of spend; year set to {shown(council + ccg)}, budget in OBC s6"
    lines += _plan(scheme, "LBB", Kind.ACTUAL, last_day, what).monthly(remaining(spend, in_pool))

    forecast = budget[1:]
    what = f"April forecast; budget of the year {shown(council + ccg)}, OBC s6"
    if scheme == "CORE-L4":
        forecast = plus(forecast, _FORECAST_LEVEL_4_PENCE)
        what = f"April forecast; {shown(council + ccg)} in OBC s6, with early pressure"
    lines += _plan(scheme, "LBB", Kind.FORECAST, last_day, what).monthly(forecast, LATER_MONTHS)
    return lines + events


def _events_of(scheme: str) -> list[SampleLine]:
    """The host's spend on a level that is booked apart from its month: all of it illustrative."""

    def actual(day: int, reference: str, what: str, cause: str = "") -> Entry:
        return Entry(_YEAR, scheme, "LBB", Kind.ACTUAL, on_day(day), reference, f"Illustrative: {what}", cause)

    if scheme == "CORE-L2":
        entry = actual(21, "JNL-0811", "agency booking outside Permitted Expenditure", "default")
        return [entry.at(Period.M8, _IN_DEFAULT_PENCE)]
    if scheme == "CORE-L3":
        return [
            actual(24, "INV-4417", "homecare visits, invoiced twice").at(Period.M7, _TWICE_INVOICED_PENCE),
            actual(11, "CN-0093", "credit note for INV-4417").at(Period.M9, -_TWICE_INVOICED_PENCE),
        ]
    if scheme == "CORE-L4":
        what = "Illustrative: nursing care invoices not yet received"
        accrual = Entry(_YEAR, scheme, "LBB", Kind.ACCRUAL, last_day, "ACC-{}", what)
        return [line for period, pence in _QUARTER_END_PENCE.items() for line in accrued(accrual, period, pence)]
    return []


def _virements() -> list[SampleLine]:
    """The council's underspend on level 2 covers homecare in level 3, and goes back when homecare has recovered."""
    lines = []
    for period, reference, level_2_pence, what in (
        (Period.M5, "VIR-01", -_VIREMENT_PENCE, "level 2 underspend to level 3 homecare"),
        (Period.M11, "VIR-02", _VIREMENT_PENCE, "return of VIR-01, level 3 recovered"),
    ):
        for scheme, pence in (("CORE-L2", level_2_pence), ("CORE-L3", -level_2_pence)):
            entry = Entry(_YEAR, scheme, "LBB", Kind.VIREMENT, on_day(12), reference, f"Illustrative: {what}")
            lines.append(entry.at(period, pence))
    return lines


def _placements() -> list[SampleLine]:
    """Level 5 of the core services: aligned budgets, each partner's own."""
    lines = []
    for partner in ("LBB", "BCCG"):
        year_pence = _published(f"Core - {partner}", 5)
        budget = twelfths(year_pence)
        what = f"twelfth of {shown(year_pence)}, published in OBC s6"
        lines += _plan("CORE-L5", partner, Kind.BUDGET, first_day, what).monthly(budget)
        what = f"month of own placements; year set to {shown(year_pence)}, OBC s6"
        spend = plus(budget, months_of(_PLACEMENTS_TO_DATE_PENCE[partner]))
        lines += _plan("CORE-L5", partner, Kind.ACTUAL, last_day, what).monthly(spend)
        what = f"April forecast; budget of the year {shown(year_pence)}, OBC s6"
        lines += _plan("CORE-L5", partner, Kind.FORECAST, last_day, what).monthly(budget[1:], LATER_MONTHS)
    return lines


def _influenced() -> list[SampleLine]:
    """Influenced services: inpatient mental health (level 4) in twelfths, acute services (level 5) by season."""
    lines = []
    for partner, benefit_to_date in (("LBB", _MENTAL_HEALTH_BENEFIT_TO_DATE_PENCE), ("BCCG", (0,) * len(MONTHS))):
        year_pence = _published(f"Influenced - {partner}", 4)
        lines += _influenced_level("INF-L4", partner, twelfths(year_pence), twelfths(year_pence), benefit_to_date, [])

    baseline_pence = _published("Influenced - BCCG", 5)
    what = "Illustrative: January admissions not yet invoiced"
    accrual = Entry(_YEAR, "INF-L5", "BCCG", Kind.ACCRUAL, last_day, "ACC-{}", what)
    lines += _influenced_level(
        "INF-L5",
        "BCCG",
        baseline=allocate(baseline_pence, _ACUTE_SEASON),
        forecast=allocate(baseline_pence - _BENEFIT_PENCE, _ACUTE_SEASON),
        benefit_to_date=(*_ACUTE_BENEFIT_TO_DATE_PENCE, _BENEFIT_PENCE),
        events=accrued(accrual, Period.M10, _ACUTE_ACCRUAL_PENCE),
    )
    return lines


def _influenced_level(
    scheme: str,
    partner: str,
    baseline: Sequence[int],
    forecast: Sequence[int],
    benefit_to_date: Sequence[int],
    events: list[SampleLine],
) -> list[SampleLine]:
    """A partner's baseline, spend and forecast, all in pence by month, and the events booked apart from the months."""
    baseline_pence, spend_pence = sum(baseline), sum(baseline) - benefit_to_date[-1]
    source = "baseline in OBC s6" if spend_pence == baseline_pence else "OBC s6 less scenario 2"
    year_is = f"year set to {shown(spend_pence)}, {source}"
    what = f"month of {shown(baseline_pence)}, published in OBC s6"
    lines = _plan(scheme, partner, Kind.BASELINE, first_day, what).monthly(baseline)
    spend = plus(baseline, [-pence for pence in months_of(benefit_to_date)])
    what = f"month of spend; {year_is}"
    lines += _plan(scheme, partner, Kind.ACTUAL, last_day, what).monthly(remaining(spend, events))
    what = f"April forecast; {year_is}"
    lines += _plan(scheme, partner, Kind.FORECAST, last_day, what).monthly(forecast[1:], LATER_MONTHS)
    return lines + events


def _lines() -> tuple[SampleLine, ...]:
    pooled = [line for level in (1, 2, 3, 4) for line in _pooled_level(level)]
    return in_order([*pooled, *_virements(), *_placements(), *_influenced()])


_SOURCES = (
    f"{OBC}: section 6, resources in scope: the year's core budgets and influenced baselines, by level and partner.",
    f"{OBC}: section 6, gap and scenario 2: the benefit of 2014/15, £135,659,985 less £134,177,130, is £1,482,855.",
)
_ILLUSTRATIVE = (
    "Months: core budgets and mental health in twelfths, acute services by season; only the years are published.",
    "Spend: the paper gives resources, not outturn. Core services come to budget at M12, after an early overspend.",
    "The benefit falls wholly on the CCG's acute services, and the baseline is the resources in scope.",
    "Which services are pooled and which aligned, the host, and all cash paid to it, M5's contribution late.",
    "The virement and its return, the credit note, the accruals and reversals, the payment in default, the forecast.",
)
_OVER_BUDGET_UNSAID = (
    "The schedule is the one basis of section 7B and deals with a benefit alone: before M12 the core services' "
    "overspend, and an influenced service above baseline, are left unallocated, and nothing could be signed."
)
_BASES_MADE_UP = (
    "The amounts of two bases that section 7B names without figures: target investment from section 6 (£310k and "
    "£2.8m); financial challenge from section 7B (£20.9m) and a fifth of the c£70m savings programme for 2016 to 2020 "
    "(Barnet Health Overview and Scrutiny Committee, 3 October 2013, 9.3.1)."
)
_REWARD_MADE_UP = (
    "The reward mechanism's percentages (40, 45 and 15), how overspends are shared, and the council's cap of 1%; "
    "section 7B names the three uses of a benefit and the wish for a cap, without figures."
)

_HEADER = """\
# Sample. From the published figures of Barnet's outline business case of March 2014; months and cash are illustrative.
[agreement]
id = "barnet-integration"
title = "Barnet health and social care integration: risk and reward sharing: sample, {}"
financial_year = "2014/15"
qipp = "within_budget"

[settle]
period = "M12"

"""


def _sample(case: str, basis: str, lines: tuple[SampleLine, ...], *unpublished: str) -> Sample:
    clause = "the use of benefits" if case == "reward-mechanism" else "the reduction in the influenced services"
    return Sample(
        name=f"barnet-2014-15-{case}",
        title=f"Barnet 2014/15: {basis}",
        agreement_text=_HEADER.format(basis) + agreement_text("barnet-parties.toml", f"barnet-{case}.toml"),
        lines=lines,
        sources=(*_SOURCES, f"{OBC}: section 7B: {clause}, {basis}."),
        illustrative=(*_ILLUSTRATIVE, *unpublished),
    )


def _samples() -> tuple[Sample, ...]:
    lines = _lines()
    return (
        _sample("reward-mechanism", "reward mechanism", lines, _REWARD_MADE_UP, _BASES_MADE_UP),
        _sample("fifty-fifty", "split 50/50", lines, _OVER_BUDGET_UNSAID),
        _sample("pooled", "in proportion to the pooled budget", lines, _OVER_BUDGET_UNSAID),
        _sample("core", "in proportion to the core budget", lines, _OVER_BUDGET_UNSAID),
        _sample("target-investment", "in proportion to target investment", lines, _OVER_BUDGET_UNSAID, _BASES_MADE_UP),
        _sample(
            "financial-challenge",
            "in proportion to the financial challenge",
            lines,
            _OVER_BUDGET_UNSAID,
            _BASES_MADE_UP,
        ),
    )


BARNET = _samples()
