"""The figures of the two sample years as the papers print them, each with its place; where they do not agree, both.

Tables are kept as printed text, for `rules.money.pence_of` to read: one of their cells it refuses. Figures that the
text rounds to a tenth or a thousandth of a million are kept in words and in pence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OBC = (
    "Barnet Health and Social Care Economy, Integration of Health and Social Care Services: Outline Business Case, "
    "March 2014"
)
BCF = (
    "London Borough of Hammersmith & Fulham, Health and Wellbeing Board, 13 September 2017: Better Care Fund "
    "Programme 2017/19"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a paper's text: as printed, in pence, and the paragraph it stands in."""

    printed: str
    pence: int
    place: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a paper: column headings, rows of printed cells by their heading, and where it stands."""

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    place: str


# --- Barnet, Outline Business Case, section 6 -------------------------------------------------------------------------

CORE_IN_TEXT = Figure("£77.6m", 77_600_000_00, "OBC section 6, Current financial context: core services")
INFLUENCED_IN_TEXT = Figure("£55.8m", 55_800_000_00, "OBC section 6, Current financial context: influenced services")
ENVELOPE_IN_TEXT = Figure("£133m", 133_000_000_00, "OBC section 6, Current financial context: total resource envelope")
FIRST_YEAR_BENEFIT_IN_TEXT = Figure("£0.5m", 500_000_00, "OBC section 6, Scenario 2: benefits in year 1")
BENEFIT_IN_TEXT = Figure("£5.8m", 5_800_000_00, "OBC section 6, Scenario 2: total benefit in 2014/15 and 2015/16")

RESOURCES = Table(
    ("Level 1", "Level 2", "Level 3", "Level 4", "Level 5", "Total"),
    {
        "Core - LBB": ("£100,000", "£3,401,471", "£3,744,002", "£14,394,221", "£14,132,946", "£35,772,640"),
        "Core - BCCG": ("£272,000", "£27,237", "£502,500", "£28,888,927", "£12,440,000", "£42,130,664"),
        "Influenced - LBB": ("£0", "£0", "£0", "£344,401", "£0", "£344,401"),
        "Influenced - BCCG": ("£0", "£0", "£0", "£63,538", "£58,205,929", "£58,269,467"),
        "Total": ("£372,000", "£3,428,708", "£4,246,502", "£43,691,087", "£84,778,875", "£136,517,172"),
    },
    "OBC section 6, Current financial context: resources in scope",
)

GAP = Table(
    ("2013/14", "2014/15", "2015/16", "2016/17", "2017/18", "2018/19"),
    {
        "Funding": ("£133,817,172", "£133,272,272", "£134,496,516", "£135,647,160", "£136,973,858", "£138,482,170"),
        "Net exp": ("£136,517,172", "£135,659,985", "£142,319,805", "£148,905,981", "£151,623,446", "£155,526,033"),
        "Annual Gap": ("-£2,700,000", "-£2,387,713", "-£7,823,288", "-£13,258,821", "-£14,649,588", "-£17,043,862"),
        "Cumulative": ("-£2,700,000", "-£5,087,713", "-£12,911,001", "-£26,169,823", "-£40,819,411", "-£57,863,273"),
    },
    "OBC section 6, What is the current financial gap?",
)

_SCENARIO_YEARS = ("2014/15", "2015/16", "2016/17", "2017/18", "2018/19")
_SCENARIO_BUDGET = ("£133,817,172", "£133,272,272", "£134,496,516", "£135,647,160", "£136,973,858")

SCENARIO_1 = Table(
    _SCENARIO_YEARS,
    {
        "Revised expenditure": ("£134,990,390", "£139,454,394", "£141,997,598", "£144,503,476", "£143,687,250"),
        "Budget": _SCENARIO_BUDGET,
        "Revised gap": ("-£1,173,218", "-£6,182,122", "-£7,501,082", "-£8,856,316", "-£6,713,392"),
    },
    "OBC section 6, Scenario 1: 2% a year",
)

SCENARIO_2 = Table(
    _SCENARIO_YEARS,
    {
        "Revised expenditure": ("£134,177,130", "£137,717,656", "£139,343,928", "£140,939,361", "£139,315,301"),
        "Budget": _SCENARIO_BUDGET,
        "Revised gap": ("-£359,958", "-£4,445,384", "-£4,847,412", "-£5,292,201", "-£2,341,443"),
    },
    "OBC section 6, Scenario 2: 3% a year",
)

QIPP = Table(
    ("2014/15", "2015/16"),
    {
        "Acute Productivity- First to Follow Up Metrics": ("£1,112,000", "£O"),  # the letter, as printed
        "Acute Productivity C2C Metrics": ("£538,000", "£639,000"),
        "Acute Productivity - Day Case to OP Shift": ("£628,000", "£412,000"),
        "Medicines Optimisation (Prescribing)": ("£500,000", "£500,000"),
        "Frail and Elderly (Including A&E Short Stay)": ("£1,504,000", "£550,000"),
        "Pathway Redesign (including Ambulatory Care)": ("£423,000", "£690,000"),
        "Out- Patients attendances- Referral Management First": ("£1,470,000", "£280,000"),
        "Demand Management": ("£2,585,000", "£813,000"),
    },
    "OBC section 6, Savings plans/QIPP",
)

# --- Hammersmith & Fulham, Better Care Fund report, section 7 ---------------------------------------------------------

JOINT_BUDGET_IN_TEXT = Figure("£44.859m", 44_859_000_00, "BCF 7.1: proposed 2017/18 joint budget")
JOINT_BUDGET_LINES = {
    "DIRECT": Figure("£12.870m", 12_870_000_00, "BCF 7.2: services commissioned directly by Health"),
    "S75-HEALTH": Figure("£11.235m", 11_235_000_00, "BCF 7.2: Section 75 Health funded services"),
    "PROTECT-ASC": Figure("£ 6.270m", 6_270_000_00, "BCF 7.2: funding by Health to protect social care services"),
    "JOINT": Figure("£ 8.205m", 8_205_000_00, "BCF 7.2: funding by LA on joint contract arrangements"),
    "IBCF": Figure("£ 5.128m", 5_128_000_00, "BCF 7.2: Improved Better Care Fund programme"),
}
JOINT_BUDGET_TOTAL = Figure("£43.708m", 43_708_000_00, "BCF 7.2: total jointly agreed budget")
PROTECTION_MINIMUM = Figure("£5.782m", 5_782_000_00, "BCF 7.3: minimum transferred to adult social care")
COMMITMENTS = Figure("£12.463m", 12_463_000_00, "BCF 7.4: commitments estimated by the council")
SHORTFALL = Figure("£1.228m", 1_228_000_00, "BCF 7.4: projected shortfall")
QIPP_SAVINGS = Figure("3.2%", 359_520_00, "BCF 7.4: Health QIPP savings still to be delivered, on £11.235m")
