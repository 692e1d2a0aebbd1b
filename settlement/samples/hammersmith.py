"""Hammersmith & Fulham 2017/18: liability with the organisation responsible, need and efficiency told apart.

Published (Better Care Fund report, section 7): the five lines of the joint budget, the council's estimate of its
commitments on the Health funded services, and the savings of 3.2% still to be delivered. Illustrative: the months, the
cash, and the year's events:

- Commitments on the Health funded services run further ahead of budget each month. Savings are planned in twelfths
  and none comes, though the forecast expects some from M7.
- The CCG pays for the Health funded services monthly and to protect social care quarterly, the third quarter late.
- The grant arrives quarterly and is spent monthly. Other schemes move around their budget and end on it.
"""

from rules.agreement import Kind
from rules.allocation import allocate
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
from settlement.samples.published import BCF, COMMITMENTS, JOINT_BUDGET_LINES, QIPP_SAVINGS, SHORTFALL
from settlement.samples.sample import Sample, SampleLine, agreement_text

_YEAR = FinancialYear(2017)
_QUARTERS = (Period.M1, Period.M4, Period.M7, Period.M10)
_QUARTER_ENDS = (Period.M3, Period.M6, Period.M9, Period.M12)

# Spend less a twelfth of the year's budget for each month, at each month's end, in pence: illustrative.
# At M12 it is nil, but for the Health funded services, where it is the published shortfall.
_OVERSPEND_TO_DATE_PENCE = {
    "S75-HEALTH": (
        *(5218400, 11832650, 20347900, 30118275, 39826400, 50714850),
        *(61839200, 73315625, 86142300, 98927450, 111218700, SHORTFALL.pence),
    ),
    "PROTECT-ASC": (812500, 1518300, 2714600, 2206850, 1014200, -618400, -1427900, -913700, -318250, 124500, 68300, 0),
    "JOINT": (-1118600, -2406300, -3012750, -2114900, -917300, 418250, 1729400, 2914800, 3826500, 2409700, 926400, 0),
    "IBCF": (-8014200, -12026500, -13118400, -11209700, -9014300, -6112800, -4009650, -2018400, -1006200, 0, 0, 0),
    "DIRECT": (-1514300, -917600, 614850, 1428300, 2207450, 1009600, -418200, 1226900, 4115700, 5518350, 2814600, 0),
}

_SAVINGS_FORECAST_PENCE = 20_000_00
_CREDIT_PENCE = 6_480_00
_QUARTER_END_PENCE = {Period.M3: 148_900_00, Period.M6: 164_300_00, Period.M9: 171_650_00}


def _entry(scheme: str, partner: str, kind: Kind, day: Day, reference: str, description: str) -> Entry:
    return Entry(_YEAR, scheme, partner, kind, day, reference, description)


def _scheme(scheme: str, funder: str, spender: str) -> list[SampleLine]:
    """A scheme's budget in twelfths, but for the quarterly grant; its spend; and the forecast made in April."""
    budget_pence = JOINT_BUDGET_LINES[scheme].pence
    published = f"{shown(budget_pence)}, published in BCF 7.2"
    if scheme == "IBCF":
        quarters = allocate(budget_pence, [1] * len(_QUARTERS))
        what = f"Illustrative quarter of {published}"
        lines = _entry(scheme, funder, Kind.BUDGET, first_day, "BCF-7.2", what).monthly(quarters, _QUARTERS)
    else:
        what = f"Illustrative twelfth of {published}"
        lines = _entry(scheme, funder, Kind.BUDGET, first_day, "BCF-7.2", what).monthly(twelfths(budget_pence))

    events = _events_of(scheme)
    to_date = _OVERSPEND_TO_DATE_PENCE[scheme]
    year_pence = budget_pence + to_date[-1]
    if year_pence == COMMITMENTS.pence:
        reference, year_is = "BCF-7.4", f"year {shown(year_pence)}, commitments published in BCF 7.4"
    else:
        reference, year_is = "BCF-7.2", f"year set to {shown(year_pence)}, budget in BCF 7.2"
    spend = remaining(plus(twelfths(budget_pence), months_of(to_date)), events)
    what = f"Illustrative month of spend; {year_is}"
    lines += _entry(scheme, spender, Kind.ACTUAL, last_day, reference, what).monthly(spend)
    what = f"Illustrative April forecast; {year_is}"
    forecast = twelfths(year_pence)[1:]
    lines += _entry(scheme, spender, Kind.FORECAST, last_day, reference, what).monthly(forecast, LATER_MONTHS)
    return lines + events


def _events_of(scheme: str) -> list[SampleLine]:
    """The host's spend that is booked apart from its month: all of it illustrative."""
    if scheme == "S75-HEALTH":
        what = "Illustrative: supported living invoices not yet received"
        accrual = _entry(scheme, "LBHF", Kind.ACCRUAL, last_day, "ACC-{}", what)
        return [line for period, pence in _QUARTER_END_PENCE.items() for line in accrued(accrual, period, pence)]
    if scheme == "JOINT":
        what = "Illustrative: credit note for equipment returned"
        return [_entry(scheme, "LBHF", Kind.ACTUAL, on_day(14), "CN-0218", what).at(Period.M8, -_CREDIT_PENCE)]
    return []


def _cash() -> list[SampleLine]:
    """What the CCG pays the host: monthly, and to protect social care at each quarter's end."""
    monthly = twelfths(JOINT_BUDGET_LINES["S75-HEALTH"].pence)
    what = "Illustrative: month's contribution to host"
    lines = _entry("S75-HEALTH", "HFCCG", Kind.PAYMENT, mid_month, "PAY-{}", what).monthly(monthly)
    quarterly = allocate(JOINT_BUDGET_LINES["PROTECT-ASC"].pence, [1] * len(_QUARTER_ENDS))
    for period, pence in zip(_QUARTER_ENDS, quarterly, strict=True):
        late = period is Period.M9
        what = f"Illustrative: quarter to {period}, contribution to host{', invoiced late' if late else ''}"
        entry = _entry("PROTECT-ASC", "HFCCG", Kind.PAYMENT, mid_month, f"PAY-Q{period // 3}", what)
        lines.append(entry.at(Period.M10 if late else period, pence))
    return lines


def _savings() -> list[SampleLine]:
    """The CCG's efficiencies of 3.2%: planned in twelfths, none delivered, some still forecast from M7."""
    what = f"Illustrative twelfth of {shown(QIPP_SAVINGS.pence)}, the 3.2% published in BCF 7.4"
    target = _entry("S75-HEALTH", "HFCCG", Kind.QIPP_TARGET, first_day, "BCF-7.4", what)
    what = "Published: still to be delivered, BCF 7.4"
    delivered = _entry("S75-HEALTH", "HFCCG", Kind.QIPP_DELIVERED, last_day, "BCF-7.4", what)
    what = "Illustrative: savings that the April forecast expects, none published"
    forecast = _entry("S75-HEALTH", "HFCCG", Kind.QIPP_FORECAST, last_day, "BCF-7.4", what)
    second_half = MONTHS[Period.M6 :]
    return [
        *target.monthly(twelfths(QIPP_SAVINGS.pence)),
        *(delivered.at(period, 0) for period in _QUARTER_ENDS),
        *forecast.monthly([_SAVINGS_FORECAST_PENCE] * len(second_half), second_half),
    ]


def _lines() -> tuple[SampleLine, ...]:
    return in_order(
        [
            *_scheme("S75-HEALTH", funder="HFCCG", spender="LBHF"),
            *_savings(),
            *_scheme("PROTECT-ASC", funder="HFCCG", spender="LBHF"),
            *_scheme("JOINT", funder="LBHF", spender="LBHF"),
            *_scheme("IBCF", funder="LBHF", spender="LBHF"),
            *_scheme("DIRECT", funder="HFCCG", spender="HFCCG"),
            *_cash(),
        ]
    )


HAMMERSMITH = Sample(
    name="hammersmith-fulham-2017-18",
    title="Hammersmith & Fulham 2017/18: liability with the organisation responsible",
    agreement_text=agreement_text("hammersmith-fulham.toml"),
    lines=_lines(),
    sources=(
        f"{BCF}: section 7.2: the year's budget of each of the five lines, £43.708m together.",
        f"{BCF}: section 7.1: the joint budget of £44.859m, a control total that the lines do not meet.",
        f"{BCF}: section 7.4: commitments of £12.463m against £11.235m, a shortfall of £1.228m; savings of 3.2% due.",
        f"{BCF}: section 7.5: liability with the organisation responsible, for need and for efficiencies alike.",
    ),
    illustrative=(
        "Months: budgets in twelfths, the Improved Better Care Fund in quarters; only the years are published.",
        "Spend other than on the Health funded services: the paper gives budgets, and the year comes to them at M12.",
        "The 3.2% taken on £11.235m, £359,520, and all of it as part of the shortfall.",
        "The host, the responsible partner of each line, all cash paid, and that underspends stay where they arise.",
        "The credit note, the accruals and their reversals, and the forecasts made in April.",
    ),
)
