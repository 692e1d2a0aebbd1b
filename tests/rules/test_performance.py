"""Performance pay: held back until a measure shows it earned (arithmetic.md, Performance pay, first)."""

import pytest

from rules.outcome import Outcome
from rules.performance import Released
from tests.conftest import (
    agreement_of,
    cap,
    clause,
    column,
    fixed,
    left,
    outcome,
    performance,
    result,
    shares,
    subjects,
)

BUDGETS = "M1 S1 A budget 300.00\nM1 S1 B budget 200.00\n"


def released(
    element: str, measures: str, lines: str = BUDGETS, period: str = "M12", *, outturn: bool = False
) -> Released:
    [only] = worked(element, measures, lines, period, outturn=outturn).performance
    return only


def worked(
    elements: str, measures: str, lines: str = BUDGETS, period: str = "M12", *, outturn: bool = False
) -> Outcome:
    return outcome(agreement_of(elements), lines, period, measures=measures, outturn=outturn)


# --- linear -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "measures", "pence"),
    [
        # 100 expected, 90 aimed at, 95 came: 5 of the 10 required is half of £100.00
        ("100.00", "M3 NEA 100 90 95", 5000),
        ("100.00", "M3 NEA 100 90 90", 10000),
        ("100.00", "M3 NEA 100 90 80", 10000),  # twice what is required releases no more than is held
        ("100.00", "M3 NEA 100 90 100", 0),
        ("100.00", "M3 NEA 100 90 120", 0),  # below nought, and nothing is taken away for it
        # 5/10 of £1.01 is 50.5 pence: half up
        ("1.01", "M3 NEA 100 90 95", 51),
        # 2.25 of 3 is three quarters of £100.01: 7,500.75 pence
        ("100.01", "M3 NEA 10 7 7.75", 7501),
        # 1/3 of £100.00 is 3,333.33 pence
        ("100.00", "M3 NEA 10 7 9", 3333),
        # nothing is required: anything achieved releases the whole
        ("100.00", "M3 NEA 100 100 99.5", 10000),
        ("100.00", "M3 NEA 100 105 99", 10000),
        ("100.00", "M3 NEA 100 105 100", 0),
        ("100.00", "M3 NEA 100 105 103", 0),
    ],
)
def test_linear_pay_is_released_in_proportion_to_what_was_achieved(held: str, measures: str, pence: int) -> None:
    assert released(performance("P1", held), measures).released_pence == pence


@pytest.mark.parametrize(
    ("rate", "measures", "pence"),
    [
        ("10.00", "M3 NEA 100 90 95", 5000),  # 5 at £10.00
        ("10.00", "M3 NEA 100 90 85", 10000),  # 15 at £10.00, and £100.00 held
        ("10.00", "M3 NEA 100 90 101", 0),
        ("10.00", "M3 NEA 100 100 99", 1000),  # a rate needs nothing required
        ("0.01", "M3 NEA 100 90 99.5", 1),  # half a penny, up
        ("0.03", "M3 NEA 100 90 99.25", 2),  # 2.25 pence
        ("0.00", "M3 NEA 100 90 80", 0),
    ],
)
def test_linear_pay_with_a_rate_is_what_was_achieved_at_the_rate(rate: str, measures: str, pence: int) -> None:
    assert released(performance("P1", "100.00", rate=rate), measures).released_pence == pence


# --- all or nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measures", "pence"),
    [
        ("M3 NEA 100 90 90", 10000),  # exactly what is required
        ("M3 NEA 100 90 89", 10000),
        ("M3 NEA 100 90 90.01", 0),
        ("M3 NEA 100 90 100", 0),
        ("M3 NEA 100 105 105", 10000),  # a rise was allowed, and was kept within
        ("M3 NEA 100 105 105.5", 0),
        ("M3 NEA 100 100 100", 10000),
    ],
)
def test_all_or_nothing_pays_the_whole_once_the_target_is_reached(measures: str, pence: int) -> None:
    assert released(performance("P1", "100.00", mode="all_or_nothing"), measures).released_pence == pence


# --- the measure's rows -----------------------------------------------------------------------------------------------


def test_periods_of_the_measure_add_up() -> None:
    # required 10 + 20 = 30, achieved 12 - 6 = 6: a fifth
    pay = released(performance("P1", "100.00"), "M3 NEA 100 90 88\nM6 NEA 100 80 106")
    assert (pay.required, pay.achieved, pay.released_pence) == (30, 6, 2000)


def test_other_measures_say_nothing() -> None:
    assert released(performance("P1", "100.00"), "M3 DTOC 100 90 80").released_pence == 0


def test_before_the_measure_has_any_row_nothing_is_released_and_nothing_was_required() -> None:
    pay = released(performance("P1", "100.00", mode="all_or_nothing"), "M6 NEA 100 100 90", period="M5")
    assert (pay.held_pence, pay.released_pence, pay.required, pay.achieved) == (10000, 0, None, None)


def test_a_later_period_counts_only_in_an_outturn() -> None:
    # M3: 5 of 10. M9: 10 of 10. At M6 half is released; at outturn 15 of 20, three quarters
    measures = "M3 NEA 100 90 95\nM9 NEA 100 90 90"
    element = performance("P1", "100.00")
    assert released(element, measures, period="M6").released_pence == 5000
    assert released(element, measures, period="M6", outturn=True).released_pence == 7500
    assert released(element, measures, period="M9").released_pence == 7500


# --- held at the period -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "period", "held"),
    [
        ("M1 S1 B budget 80.00\nM7 S1 B budget 80.00", "M6", 8000),  # no more than the payer's budget to date
        ("M1 S1 B budget 80.00\nM7 S1 B budget 80.00", "M7", 10000),
        ("M1 S1 B budget 80.00\nM2 S1 B virement -30.00", "M6", 5000),
        ("M1 S1 B budget 80.00\nM2 S1 B virement -90.00", "M6", 0),  # never below zero
        ("M1 S1 A budget 500.00", "M6", 0),  # another partner's budget is not the payer's
        ("M1 S2 B budget 500.00", "M6", 0),  # nor is another scheme's
        ("", "M6", 0),
    ],
)
def test_held_at_a_period_is_no_more_than_the_payers_budget_for_the_scheme(lines: str, period: str, held: int) -> None:
    agreement = agreement_of(performance("P1", "100.00"), schemes="S1; S2")
    [pay] = outcome(agreement, lines, period).performance
    assert (pay.held_pence, pay.released_pence) == (held, 0)


def test_held_in_an_outturn_is_no_more_than_the_budget_of_the_year() -> None:
    lines = "M1 S1 B budget 40.00\nM7 S1 B budget 50.00"
    assert released(performance("P1", "100.00"), "", lines, "M6", outturn=True).held_pence == 9000


def test_release_in_proportion_is_of_what_is_held_at_the_period() -> None:
    # £80.00 to date is held of the £100.00; half of it is earned
    pay = released(performance("P1", "100.00"), "M3 NEA 100 90 95", "M1 S1 B budget 80.00")
    assert (pay.held_pence, pay.released_pence, pay.withheld_pence) == (8000, 4000, 4000)


def test_a_rate_never_releases_more_than_is_held_at_the_period() -> None:
    pay = released(performance("P1", "100.00", rate="50.00"), "M3 NEA 100 90 98", "M1 S1 B budget 80.00")
    assert (pay.held_pence, pay.released_pence) == (8000, 8000)  # 2 at £50.00 would be £100.00


def test_all_or_nothing_releases_the_whole_of_what_is_held_at_the_period() -> None:
    pay = released(performance("P1", "100.00", mode="all_or_nothing"), "M3 NEA 100 90 90", "M1 S1 B budget 80.00")
    assert (pay.held_pence, pay.released_pence) == (8000, 8000)


# --- what is withheld -------------------------------------------------------------------------------------------------


def test_what_is_not_released_is_off_the_payers_budget_for_the_scheme() -> None:
    # half of B's £100.00 is withheld: B's contribution is 200 - 50, and the fund's budget 300 + 150
    worked_out = worked(performance("P1", "100.00"), "M3 NEA 100 90 95")
    assert worked_out.figures.budget == ((30000, 15000),)
    assert worked_out.figures.funding == ((30000, 20000),)


def test_an_unearned_payment_leaves_the_scheme_that_much_more_overspent() -> None:
    agreement = agreement_of(performance("P1", "100.00") + clause("1", "overspend", share=fixed(A="1", B="1")))
    lines = BUDGETS + "M1 S1 A actual 500.00"
    settled = result(agreement, lines, measures="M3 NEA 100 90 95")
    assert settled["performance"] == [{"id": "P1", "held": 10000, "released": 5000}]
    # 500 spent against 500 - 50; B owes 150 + 25 of the overspend
    assert subjects(settled) == [("overspend", "F", 5000)]
    assert column(settled, "contribution_due") == {"A": 30000, "B": 15000}
    assert column(settled, "net_due") == {"A": -17500, "B": 17500}


def test_two_elements_on_one_budget_each_hold_of_it_before_any_deduction() -> None:
    elements = performance("P1", "150.00") + performance("P2", "120.00")
    worked_out = worked(elements, "M3 NEA 100 90 95")
    # 150 and 120 are each within B's 200; half of each is released, 75 and 60 are withheld
    assert [(pay.held_pence, pay.released_pence) for pay in worked_out.performance] == [(15000, 7500), (12000, 6000)]
    assert worked_out.figures.budget == ((30000, 6500),)


def test_elements_on_an_aligned_funds_scheme_are_withheld_from_it_alone() -> None:
    agreement = agreement_of(
        performance("P1", "10.00", fund="G", scheme="S2"), funds="F; G kind=aligned", schemes="S1; S2 fund=G"
    )
    figures = outcome(agreement, "M1 S1 B budget 20.00\nM1 S2 B budget 20.00").figures
    assert figures.budget == ((0, 2000), (0, 1000))


def test_contributions_as_weights_are_not_reduced_by_performance() -> None:
    agreement = agreement_of(performance("P1", "100.00") + clause("1", "overspend", share={"by": "pooled"}))
    # all of B's £100.00 is withheld, so 500 is spent against 400; the £100.00 is shared 300:200 all the same
    assert shares(result(agreement, BUDGETS + "M1 S1 A actual 500.00"), "F", "overspend") == [(6000, 4000)]


def test_a_cap_in_per_cent_is_not_reduced_by_performance() -> None:
    text = performance("P1", "100.00") + clause("1", "overspend", share=fixed(B="1")) + cap("B", "10%", "1")
    settled = result(agreement_of(text), BUDGETS + "M1 S1 A actual 500.00")
    assert shares(settled, "F", "overspend") == [(0, 2000)]  # 10% of 200, not of 100
    assert left(settled, "F", "overspend") == 8000
