"""A position's figures by scheme and partner, to date and as the year is expected to end (arithmetic.md, Figures)."""

import pytest

from rules.agreement import Kind
from rules.figures import Figures, Table
from rules.problems import RefusedError
from tests.conftest import agreement_of, figures_at, position_of

# every kind before, at and after M6, each amount telling its line
LINES = """
M1 S1 A budget 1.00
M6 S1 A budget 2.00
M7 S1 A budget 4.00
M1 S1 A virement 10.00
M7 S1 A virement 20.00
M1 S1 A actual 100.00
M7 S1 A actual 200.00
M6 S1 A accrual 1000.00
M8 S1 A accrual 2000.00
M6 S1 A forecast 10000.00
M7 S1 A forecast 20000.00
M1 S1 A qipp_target 0.01
M7 S1 A qipp_target 0.02
M1 S1 A qipp_delivered 0.10
M7 S1 A qipp_delivered 0.20
M6 S1 A qipp_forecast 0.40
M7 S1 A qipp_forecast 0.80
M1 S1 A payment 7.00
M7 S1 A payment 9.00
"""


def figures(lines: str, period: str = "M6", *, outturn: bool = False, **parts: str) -> Figures:
    agreement = agreement_of(**parts)
    return figures_at(agreement, position_of(lines, period, outturn=outturn))


def only(table: Table) -> int:
    """The figure of the first scheme and partner; all others are nil."""
    assert sum(map(sum, table)) == table[0][0]
    return table[0][0]


def test_a_year_to_date_counts_what_is_of_periods_up_to_it() -> None:
    to_date = figures(LINES)
    assert only(to_date.budget) == 1300  # 1 + 2 + 10
    assert only(to_date.spend) == 110000  # 100 + 1,000, no forecast
    assert only(to_date.tables[Kind.QIPP_TARGET]) == 1
    assert only(to_date.delivered) == 10
    assert only(to_date.tables[Kind.PAYMENT]) == 700


def test_an_outturn_plans_by_the_whole_year_and_adds_what_is_forecast_for_later_periods() -> None:
    outturn = figures(LINES, outturn=True)
    assert only(outturn.budget) == 3700  # 1 + 2 + 4 + 10 + 20
    # actuals and accruals to date, 100 + 1,000, with the forecast of M7 alone: M6's has come about or not
    assert only(outturn.spend) == 2110000
    assert only(outturn.tables[Kind.QIPP_TARGET]) == 3
    assert only(outturn.delivered) == 90  # 10 to date, 80 forecast for later
    assert only(outturn.tables[Kind.PAYMENT]) == 700  # as paid to date


def test_a_baseline_is_of_the_whole_year_in_an_outturn() -> None:
    parts = {"funds": "F kind=aligned", "schemes": "S1 service=influenced"}
    lines = "M1 S1 A baseline 5.00\nM9 S1 A baseline 7.00"
    assert only(figures(lines, **parts).tables[Kind.BASELINE]) == 500
    assert only(figures(lines, outturn=True, **parts).tables[Kind.BASELINE]) == 1200


def test_m13_counts_the_whole_year_and_its_adjustments() -> None:
    assert only(figures(LINES + "M13 S1 A accrual -0.05\n", "M13").spend) == 329995  # 300 + 3,000 - 0.05


def test_spend_in_default_enters_no_figure_of_the_pool_and_is_shown_apart() -> None:
    lines = (
        "M1 S1 A actual 5.00\nM1 S1 A actual 3.00 default\nM2 S1 A accrual 0.50 default\nM9 S1 A actual 9.00 default"
    )
    to_date = figures(lines)
    assert only(to_date.spend) == 500
    assert only(to_date.in_default) == 350


def test_contributions_as_weights_are_of_the_whole_year_whatever_the_period() -> None:
    to_date = figures("M1 S1 A budget 1.00\nM12 S1 A budget 2.00\nM1 S1 B virement 4.00\nM9 S1 B virement 8.00", "M1")
    assert to_date.budget == ((100, 400),)
    assert to_date.pooled_contributions == (300, 1200)
    assert to_date.contributions_to_pooled(at_opening=True) == (300, 0)  # virements left out


def test_contributions_to_pooled_funds_core_services_and_a_fund() -> None:
    contributions = figures(
        """
        M1 S1 A budget 1.00
        M1 S2 B budget 2.00
        M1 S3 A budget 4.00
        M1 S4 B budget 8.00
        M1 S5 A budget 16.00
        M2 S2 B virement -0.50
        M2 S3 A virement 0.50
        """,
        funds="F; G; H kind=aligned",
        schemes="S1; S2 excluded=true; S3 fund=G; S4 fund=H; S5 fund=H service=influenced",
    )
    # S1 to S3 stand in pooled funds, the excluded S2 included
    assert contributions.contributions_to_pooled(at_opening=False) == (550, 150)
    assert contributions.contributions_to_pooled(at_opening=True) == (500, 200)
    # core services wherever they stand: all but S5
    assert contributions.contributions_to_core(at_opening=False) == (550, 950)
    assert contributions.contributions_to_core(at_opening=True) == (500, 1000)
    assert contributions.contributions_to_fund("F") == (100, 150)
    assert contributions.contributions_to_fund("F", at_opening=True) == (100, 200)
    assert contributions.contributions_to_fund("G") == (450, 0)
    assert contributions.contributions_to_fund("H") == (1600, 800)


def test_a_fund_without_schemes_has_contributions_of_nought() -> None:
    assert figures("M1 S1 A budget 1.00", funds="F; G").contributions_to_fund("G") == (0, 0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("M1 S9 A actual 1.00", "the ledger has lines of scheme S9, which the agreement does not declare"),
        ("M1 S1 Z actual 1.00", "the ledger has lines of partner Z, which the agreement does not declare"),
    ],
)
def test_a_code_that_the_agreement_does_not_declare_is_refused(line: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        figures(line)
    assert str(refused.value) == message


@pytest.mark.parametrize("outturn", [False, True])
def test_what_a_variation_brings_in_later_has_no_figure_before_it(outturn: bool) -> None:  # noqa: FBT001  a case
    """A scheme or partner that joins at M7 keeps nobody from settling M6, under the agreement as it was then."""
    joined = f"{LINES}M7 S9 A budget 5.00\nM8 S1 Z actual 6.00\n"
    assert figures(joined, outturn=outturn) == figures(LINES, outturn=outturn)
