"""What each clause does with the subjects, in order (arithmetic.md, The waterfall)."""

from typing import Any

import pytest

from rules.trace import FundMovement
from tests.conftest import (
    agreement_of,
    clause,
    column,
    fixed,
    left,
    outcome,
    parts,
    reserve,
    result,
    shares,
    transfers,
)

HALVES = fixed(A="1", B="1")
ALONE = "F netting=scheme"


def over(pounds: str, budget: str = "1000.00", scheme: str = "S1") -> str:
    """An overspend of so much against the budget, which A pays for."""
    return f"M1 {scheme} A budget {budget}\nM1 {scheme} A actual {budget}\nM2 {scheme} A actual {pounds}\n"


def under(pounds: str, scheme: str = "S1") -> str:
    """An underspend of so much, of a budget that is all of it."""
    return f"M1 {scheme} A budget {pounds}\n"


def taken(clauses: str, lines: str, group: str = "F", on: str = "overspend", **more: str) -> list[tuple[str, int]]:
    """What each clause took of a subject."""
    return [(ident, amount) for ident, _, amount in parts(result(agreement_of(clauses, **more), lines), group, on)]


def banded(*band: str, threshold: str | None = None) -> str:
    return clause("1", "overspend", band=list(band), threshold=threshold, share=HALVES)


# --- bands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("band", "amount", "takes"),
    [
        # budget £1,000.00: 2% is £20.00 and 5% is £50.00
        (["2%", "5%"], "100.00", 3000),
        (["2%", "5%"], "40.00", 2000),
        (["2%", "5%"], "50.00", 3000),
        (["2%", "5%"], "20.00", 0),
        (["2%", "5%"], "20.01", 1),
        (["2%", "5%"], "10.00", 0),
        (["2%"], "100.00", 8000),
        (["0%"], "100.00", 10000),
        (["0.00", "30.00"], "100.00", 3000),
        (["0.00", "30.00"], "20.00", 2000),
        (["30.00"], "100.00", 7000),
        (["30.00"], "30.00", 0),
        (["10.00", "5%"], "100.00", 4000),
        (["0%", "10.00"], "100.00", 1000),
        (["30.00", "30.00"], "100.00", 0),
        (["8%", "40.00"], "100.00", 0),  # a low edge above the high one: no width
    ],
)
def test_a_band_takes_the_part_between_its_edges(band: list[str], amount: str, takes: int) -> None:
    assert taken(banded(*band), over(amount)) == ([("1", takes)] if takes else [])


@pytest.mark.parametrize(
    ("band", "amount", "takes"),
    [
        (["30.00"], "29.99", 0),
        (["30.00"], "30.00", 3000),  # once it is reached, from the first pound
        (["30.00"], "100.00", 10000),
        (["2%", "5%"], "100.00", 5000),  # up to the high edge
        (["2%", "5%"], "20.00", 2000),
        (["2%", "5%"], "19.99", 0),
        (["0.00"], "0.01", 1),
        (["8%", "40.00"], "100.00", 4000),  # £80.00 is reached, and it takes up to £40.00
    ],
)
def test_a_cliff_takes_nothing_below_its_low_edge_and_all_from_it_on(band: list[str], amount: str, takes: int) -> None:
    assert taken(banded(*band, threshold="cliff"), over(amount)) == ([("1", takes)] if takes else [])


@pytest.mark.parametrize(
    ("budget", "low"),
    [
        ("10.20", 26),  # 2.5% is 25.5 pence
        ("10.00", 25),
        ("10.21", 26),  # 25.525
        ("10.19", 25),  # 25.475
        ("0.20", 1),  # 0.5
    ],
)
def test_an_edge_in_per_cent_rounds_half_up_to_the_penny(budget: str, low: int) -> None:
    assert taken(banded("2.5%"), over("1.00", budget)) == [("1", 100 - low)]


def test_a_percentage_is_of_the_groups_budget_for_qipp_of_its_target_and_of_influenced_services_of_their_baseline() -> (
    None
):
    lines = """
        M1 S1 A budget 1000.00
        M1 S1 A actual 1300.00
        M1 S1 A qipp_target 200.00
        M1 S2 A baseline 500.00
        M1 S2 A actual 100.00
        """
    agreement = agreement_of(
        clause("Q", "qipp_shortfall", band=["0%", "10%"], share=HALVES)
        + clause("O", "overspend", band=["0%", "5%"], share=HALVES)
        + clause("B", "benefit", band=["0%", "10%"], share=HALVES),
        funds="F; I kind=aligned",
        schemes="S1; S2 fund=I service=influenced",
    )
    settled = result(agreement, lines)
    # 300 over, 200 of it the shortfall
    assert parts(settled, "F", "qipp_shortfall") == [("Q", "partners", 2000)]
    assert parts(settled, "F", "overspend") == [("O", "partners", 5000)]
    assert parts(settled, "I", "benefit") == [("B", "partners", 5000)]


def test_a_base_below_zero_counts_as_zero() -> None:
    lines = "M1 S1 A virement -10.00\nM1 S1 A actual 5.00"  # £15.00 over a budget of -£10.00
    assert taken(banded("10%"), lines) == [("1", 1500)]
    assert taken(banded("0%", "10%"), lines) == []
    assert taken(banded("0.00", "10%", threshold="cliff"), lines) == []


def test_performance_pay_withheld_lowers_the_base_of_a_band() -> None:
    element = """
        [[performance]]
        id = "P"
        title = "Admissions"
        fund = "F"
        scheme = "S1"
        payer = "A"
        measure = "NEA"
        held = "200.00"
        """
    # nothing is earned: the budget is £800.00 and the overspend £300.00; 10% is £80.00
    assert taken(element + banded("0%", "10%"), over("100.00")) == [("1", 8000)]


def test_a_clause_without_a_band_takes_all_that_remains() -> None:
    schedule = banded("0.00", "30.00") + clause("2", "overspend", share=HALVES)
    assert taken(schedule, over("100.00")) == [("1", 3000), ("2", 7000)]


def test_no_clause_takes_more_than_remains() -> None:
    schedule = (
        clause("1", "overspend", band=["0.00", "60.00"], share=HALVES)
        + clause("2", "overspend", band=["20.00", "80.00"], share=HALVES)
        + clause("3", "overspend", band=["0.00", "90.00"], share=HALVES)
    )
    # 60; then 60 wide but 40 remains; then nothing
    assert taken(schedule, over("100.00")) == [("1", 6000), ("2", 4000)]


def test_what_partners_bear_still_counts_where_a_later_band_is_measured() -> None:
    schedule = banded("0.00", "40.00") + clause("2", "overspend", band=["40.00"], share=HALVES)
    assert taken(schedule, over("100.00")) == [("1", 4000), ("2", 6000)]


def test_what_a_reserve_met_no_longer_counts_where_a_later_band_is_measured() -> None:
    schedule = (
        reserve("R", "50.00")
        + clause("1", "overspend", to="reserve:R")
        + clause("2", "overspend", band=["40.00"], share=HALVES)
        + clause("3", "overspend", band=["0.00", "30.00"], share=HALVES)
    )
    # the reserve meets 50; of the other 50 only what is above 40 is in clause 2's band
    assert taken(schedule, over("100.00")) == [("1", 5000), ("2", 1000), ("3", 3000)]


def test_what_underspends_met_no_longer_counts_either() -> None:
    schedule = clause("1", "overspend", to="underspends") + clause("2", "overspend", band=["40.00"], share=HALVES)
    lines = over("100.00") + under("50.00", "S2")
    assert taken(schedule, lines, "S1", funds=ALONE, schemes="S1; S2") == [("1", 5000), ("2", 1000)]


def test_what_a_gain_paid_into_a_reserve_still_counts_where_a_later_band_is_measured() -> None:
    schedule = (
        reserve("R", "0.00")
        + clause("1", "underspend", to="reserve:R", band=["0.00", "40.00"])
        + clause("2", "underspend", band=["40.00"], share=HALVES)
    )
    assert taken(schedule, under("100.00"), on="underspend") == [("1", 4000), ("2", 6000)]


# --- bands over several groups ----------------------------------------------------------------------------------------

THREE = {"funds": f"{ALONE}; G netting=scheme", "schemes": "S1; S2; S3 fund=G; S4"}
THREE_OVER = over("30.00") + over("10.00", scheme="S2") + over("20.00", scheme="S3") + under("5.00", "S4")


def taken_each(clauses: str, lines: str = THREE_OVER) -> dict[str, list[tuple[str, int]]]:
    agreement = agreement_of(clauses, **THREE)
    settled = result(agreement, lines)
    return {
        subject["group"]: [(part["clause"], part["amount"]) for part in subject["parts"]]
        for subject in settled["subjects"]
        if subject["on"] == "overspend"
    }


def test_a_band_is_measured_on_each_group_unless_it_is_said() -> None:
    assert taken_each(clause("1", "overspend", band=["0.00", "20.00"], share=HALVES)) == {
        "S1": [("1", 2000)],
        "S2": [("1", 1000)],
        "S3": [("1", 2000)],
    }


def test_per_fund_its_groups_are_measured_as_one_and_what_is_taken_falls_on_each_by_what_remains() -> None:
    # F: 30 + 10 = 40, of it 20: 15 and 5. G: 20 of 20
    assert taken_each(clause("1", "overspend", per="fund", band=["0.00", "20.00"], share=HALVES)) == {
        "S1": [("1", 1500)],
        "S2": [("1", 500)],
        "S3": [("1", 2000)],
    }


def test_per_agreement_all_its_groups_are_measured_as_one() -> None:
    # 60 together, of it 20: 10, 3.333... and 6.666...: the odd penny to the largest fraction, S3
    assert taken_each(clause("1", "overspend", per="agreement", band=["0.00", "20.00"], share=HALVES)) == {
        "S1": [("1", 1000)],
        "S2": [("1", 333)],
        "S3": [("1", 667)],
    }


def test_a_percentage_per_fund_is_of_the_budgets_of_the_groups_that_are_such_a_subject() -> None:
    # S1 and S2: 2% of £2,000.00 is £40.00, all of F's 40. S4's budget is that of an underspend and does not count
    schedule = clause("1", "overspend", per="fund", band=["1%"], share=HALVES)
    # of F's 40 the part above 20 is allocated 15 and 5; of G's 20 the part above 10
    assert taken_each(schedule) == {"S1": [("1", 1500)], "S2": [("1", 500)], "S3": [("1", 1000)]}


def test_only_groups_in_scope_are_measured_as_one() -> None:
    schedule = clause(
        "1", "overspend", per="fund", band=["0.00", "20.00"], scope={"scheme": ["S2", "S3"]}, share=HALVES
    )
    assert taken_each(schedule) == {"S1": [], "S2": [("1", 1000)], "S3": [("1", 2000)]}


def test_a_group_dealt_with_already_is_measured_all_the_same() -> None:
    schedule = clause("1", "overspend", scope={"scheme": "S1"}, share=HALVES) + clause(
        "2", "overspend", per="fund", band=["25.00"], share=HALVES
    )
    # F measures 40, of which 15 is above 25; only S2's 10 remains. G's 20 does not reach
    assert taken_each(schedule) == {"S1": [("1", 3000)], "S2": [("2", 1000)], "S3": []}


def test_it_is_the_sum_of_the_bases_that_counts_as_zero_if_below() -> None:
    lines = over("30.00", "100.00") + "M1 S2 A virement -40.00\nM1 S2 A actual 1.00\n"
    agreement = agreement_of(
        clause("1", "overspend", per="fund", band=["0%", "50%"], share=HALVES), funds=ALONE, schemes="S1; S2"
    )
    # S1 30 over 100, S2 41 over -40: 50% of 60 is £30.00, at 30:41 is 12.676... and 17.323...
    settled = result(agreement, lines)
    assert parts(settled, "S1", "overspend") == [("1", "partners", 1268)]
    assert parts(settled, "S2", "overspend") == [("1", "partners", 1732)]


def test_a_cliff_per_fund_is_reached_by_the_fund() -> None:
    schedule = clause("1", "overspend", per="fund", band=["35.00"], threshold="cliff", share=HALVES)
    assert taken_each(schedule) == {"S1": [("1", 3000)], "S2": [("1", 1000)], "S3": []}


# --- splits -----------------------------------------------------------------------------------------------------------


def split(*slices: tuple[str, str], on: str = "overspend", **more: object) -> str:
    told = [
        {"percent": percent, "to": to, **({"share": HALVES} if to in {"partners", "provision"} else {})}
        for percent, to in slices
    ]
    return clause("1", on, to=None, split=told, **more)


@pytest.mark.parametrize(
    ("percents", "pence", "amounts"),
    [
        (["50", "50"], "1.01", [51, 50]),  # an odd penny to the first listed
        (["33.33", "33.33", "33.34"], "1.00", [33, 33, 34]),  # to the largest fraction
        (["40", "45", "15"], "0.03", [1, 1, 1]),  # 1.2, 1.35, 0.45
        (["0", "100"], "1.01", [101]),
        (["10", "20", "30", "40"], "0.01", [1]),  # 0.1, 0.2, 0.3, 0.4: all of it in the last slice
    ],
)
def test_a_split_is_an_allocation_by_its_percentages(percents: list[str], pence: str, amounts: list[int]) -> None:
    schedule = split(*((percent, "partners") for percent in percents))
    assert [amount for _, amount in taken(schedule, over(pence))] == amounts


def test_a_slice_to_next_stays_for_a_later_clause() -> None:
    schedule = split(("40", "partners"), ("60", "next")) + clause("2", "overspend", share=HALVES)
    assert taken(schedule, over("100.00")) == [("1", 4000), ("2", 6000)]


def test_a_slice_to_next_with_no_later_clause_is_left() -> None:
    settled = result(agreement_of(split(("40", "partners"), ("60", "next"))), over("100.00"))
    assert left(settled, "F", "overspend") == 6000


def test_a_split_is_of_what_the_clause_takes() -> None:
    schedule = split(("50", "partners"), ("50", "next"), band=["20.00", "60.00"])
    assert taken(schedule, over("100.00")) == [("1", 2000)]


def test_slices_are_dealt_with_in_order_each_group_by_group() -> None:
    schedule = reserve("R", "30.00") + split(("50", "reserve:R"), ("50", "partners"))
    agreement = agreement_of(schedule, funds=ALONE, schemes="S1; S2")
    settled = result(agreement, over("60.00") + over("20.00", scheme="S2"))
    # S1 wants 30 of the reserve and S2 10; it has 30: 22.50 and 7.50
    assert parts(settled, "S1", "overspend") == [("1", "reserve:R", 2250), ("1", "partners", 3000)]
    assert parts(settled, "S2", "overspend") == [("1", "reserve:R", 750), ("1", "partners", 1000)]
    assert (left(settled, "S1", "overspend"), left(settled, "S2", "overspend")) == (750, 250)


def test_what_a_clause_takes_is_worked_out_for_all_its_slices_before_any_is_dealt_with() -> None:
    # the reserve's slice of 50 does not lessen what the partners' slice is of
    schedule = reserve("R", "500.00") + split(("50", "reserve:R"), ("50", "partners"))
    assert taken(schedule, over("100.00")) == [("1", 5000), ("1", 5000)]


# --- underspends ------------------------------------------------------------------------------------------------------

POOLS = {
    "funds": f"{ALONE}; G netting=scheme host=B",
    "schemes": "S1; S2; S3; S4 fund=G; S5 fund=G",
}
FIRST_CALL = clause("1", "overspend", to="underspends", draw_on="agreement")


def test_underspends_of_the_same_fund_meet_its_overspends_to_the_penny() -> None:
    # S1 wants 10.00 and S2 5.00; S3 has 9.01: by what they want 6.0066... and 3.0033...
    lines = over("10.00") + over("5.00", scheme="S2") + under("9.01", "S3") + over("1.00", scheme="S4")
    settled = result(agreement_of(clause("1", "overspend", to="underspends"), **POOLS), lines)
    assert parts(settled, "S1", "overspend") == [("1", "underspends", 601)]
    assert parts(settled, "S2", "overspend") == [("1", "underspends", 300)]
    assert parts(settled, "S3", "underspend") == [("1", "overspends", 901)]
    assert parts(settled, "S4", "overspend") == []  # the other fund has none
    assert left(settled, "S1", "overspend") == 399
    assert left(settled, "S3", "underspend") == 0


def test_underspends_are_taken_from_each_giver_by_what_it_has() -> None:
    # 10.00 wanted; S2 has 20.00 and S3 10.01: 6.6644... and 3.3355...
    lines = over("10.00") + under("20.00", "S2") + under("10.01", "S3")
    settled = result(agreement_of(clause("1", "overspend", to="underspends"), **POOLS), lines)
    assert parts(settled, "S1", "overspend") == [("1", "underspends", 1000)]
    assert parts(settled, "S2", "underspend") == [("1", "overspends", 666)]
    assert parts(settled, "S3", "underspend") == [("1", "overspends", 334)]


def test_an_underspend_that_its_own_fund_does_not_want_is_not_given_to_another() -> None:
    settled = result(
        agreement_of(clause("1", "overspend", to="underspends"), **POOLS),
        over("1.00", scheme="S4") + under("9.00", "S3"),
    )
    assert left(settled, "S4", "overspend") == 100
    assert left(settled, "S3", "underspend") == 900


def test_what_each_giver_has_is_what_earlier_clauses_left_it() -> None:
    schedule = clause("1", "overspend", to="underspends", band=["0.00", "10.00"]) + clause(
        "2", "overspend", to="underspends", draw_on="agreement"
    )
    settled = result(agreement_of(schedule, **POOLS), over("19.00") + under("20.00", "S2") + under("20.00", "S4"))
    # clause 1 draws 10 of S2's 20, in its own fund; of the 9 left S2 gives by its 10 and S4 by its 20
    assert parts(settled, "S2", "underspend") == [("1", "overspends", 1000), ("2", "overspends", 300)]
    assert parts(settled, "S4", "underspend") == [("2", "overspends", 600)]


def test_underspends_of_any_fund_meet_overspends_where_the_whole_agreement_is_drawn_on() -> None:
    lines = over("10.00") + under("4.00", "S4") + under("2.00", "S3")
    settled = result(agreement_of(FIRST_CALL, **POOLS), lines)
    assert parts(settled, "S1", "overspend") == [("1", "underspends", 600)]
    assert parts(settled, "S3", "underspend") == [("1", "overspends", 200)]
    assert parts(settled, "S4", "underspend") == [("1", "overspends", 400)]


def test_givers_are_not_limited_by_the_clauses_scope() -> None:
    scoped = clause("1", "overspend", to="underspends", scope={"scheme": "S1"})
    lines = over("10.00") + over("10.00", scheme="S2") + under("4.00", "S3")
    settled = result(agreement_of(scoped, **POOLS), lines)
    assert parts(settled, "S1", "overspend") == [("1", "underspends", 400)]
    assert parts(settled, "S2", "overspend") == []


def test_excluded_schemes_and_benefits_give_nothing() -> None:
    agreement = agreement_of(
        FIRST_CALL, funds="F; I kind=aligned", schemes="S1; S2 excluded=true; S3 fund=I service=influenced"
    )
    settled = result(agreement, over("10.00") + under("4.00", "S2") + "M1 S3 A baseline 9.00")
    assert parts(settled, "F", "overspend") == []


def test_a_qipp_shortfall_may_draw_on_underspends_and_comes_first() -> None:
    schedule = clause("O", "overspend", to="underspends") + clause("Q", "qipp_shortfall", to="underspends")
    lines = over("10.00") + "M1 S1 A qipp_target 6.00\n" + under("8.00", "S2")
    settled = result(agreement_of(schedule, funds=ALONE, schemes="S1; S2"), lines)
    # 10 over, 6 of it the shortfall: it draws 6 of the 8, the overspend of 4 the other 2
    assert parts(settled, "S1", "qipp_shortfall") == [("Q", "underspends", 600)]
    assert parts(settled, "S1", "overspend") == [("O", "underspends", 200)]
    assert parts(settled, "S2", "underspend") == [("Q", "overspends", 600), ("O", "overspends", 200)]


def test_only_what_is_left_of_an_underspend_is_shared_and_a_band_measures_no_more() -> None:
    schedule = (
        clause("1", "overspend", to="underspends")
        + clause("2", "underspend", band=["0%", "10.00"], share=HALVES)
        + clause("3", "underspend", band=["12.00"], share=HALVES)
    )
    lines = over("5.00") + under("20.00", "S2")
    settled = result(agreement_of(schedule, funds=ALONE, schemes="S1; S2"), lines)
    # 15 is left of the 20: 10 in the first band, and 3 above 12 (8 would be, if the 5 still counted)
    assert parts(settled, "S2", "underspend") == [
        ("1", "overspends", 500),
        ("2", "partners", 1000),
        ("3", "partners", 300),
    ]
    assert left(settled, "S2", "underspend") == 200


def test_where_there_is_no_underspend_nothing_is_recorded() -> None:
    settled = result(agreement_of(FIRST_CALL, **POOLS), over("10.00"))
    assert (parts(settled, "S1", "overspend"), left(settled, "S1", "overspend")) == ([], 1000)


def test_underspends_drawn_across_funds_move_between_their_hosts() -> None:
    lines = over("10.00") + under("4.00", "S4")
    settled = result(agreement_of(FIRST_CALL, **POOLS), lines)
    # B hosts the fund that gives and has A's 4 of budget unspent ... it pays them to A, who owes it those very 4
    assert column(settled, "between_hosts") == {"A": -400, "B": 400}
    assert column(settled, "drawn") == {"A": 400, "B": -400}


def test_giving_funds_in_listed_order_pay_taking_funds_in_listed_order() -> None:
    agreement = agreement_of(
        FIRST_CALL,
        funds="F; G netting=scheme; H; K",
        schemes="S1; S2 fund=G; S3 fund=H; S4 fund=K",
    )
    # F gives 5, G gives 3; H takes 2, K takes 6
    lines = under("5.00") + under("3.00", "S2") + over("2.00", scheme="S3") + over("6.00", scheme="S4")
    assert outcome(agreement, lines).movements == (
        FundMovement("1", "underspends", "F", "H", 200),
        FundMovement("1", "underspends", "F", "K", 300),
        FundMovement("1", "underspends", "G", "K", 300),
    )


def test_a_fund_that_gives_and_takes_moves_the_difference_only() -> None:
    lines = under("5.00") + over("2.00", scheme="S2") + over("3.00", scheme="S4")
    moved = outcome(agreement_of(FIRST_CALL, **POOLS), lines).movements
    assert moved == (FundMovement("1", "underspends", "F", "G", 300),)


# --- reserves ---------------------------------------------------------------------------------------------------------


def balances(settled: dict[str, Any]) -> dict[str, int]:
    return settled["reserves"]


def test_a_reserve_meets_a_loss_up_to_its_balance_and_the_rest_goes_on() -> None:
    schedule = reserve("R", "30.00") + clause("1", "overspend", to="reserve:R") + clause("2", "overspend", share=HALVES)
    settled = result(agreement_of(schedule), over("100.00"))
    assert parts(settled, "F", "overspend") == [("1", "reserve:R", 3000), ("2", "partners", 7000)]
    assert balances(settled) == {"R": 0}
    assert column(settled, "drawn") == {"A": 3000, "B": 0}


def test_a_reserve_that_is_enough_keeps_the_rest() -> None:
    schedule = reserve("R", "130.00") + clause("1", "overspend", to="reserve:R")
    assert balances(result(agreement_of(schedule), over("100.00"))) == {"R": 3000}


def test_a_reserve_that_is_short_is_allocated_by_what_each_group_wants() -> None:
    schedule = reserve("R", "10.00") + clause("1", "overspend", to="reserve:R")
    settled = result(agreement_of(schedule, funds=ALONE, schemes="S1; S2"), over("10.00") + over("5.00", scheme="S2"))
    # 6.666... and 3.333...
    assert parts(settled, "S1", "overspend") == [("1", "reserve:R", 667)]
    assert parts(settled, "S2", "overspend") == [("1", "reserve:R", 333)]


def test_an_empty_reserve_makes_no_part() -> None:
    schedule = reserve("R", "0.00") + clause("1", "overspend", to="reserve:R")
    assert parts(result(agreement_of(schedule), over("100.00")), "F", "overspend") == []


def test_clauses_draw_on_a_reserve_in_their_order() -> None:
    schedule = (
        reserve("R", "30.00")
        + clause("1", "overspend", to="reserve:R", band=["0.00", "20.00"])
        + clause("2", "overspend", to="reserve:R")
    )
    assert taken(schedule, over("100.00")) == [("1", 2000), ("2", 1000)]


def test_a_disbenefit_may_be_met_from_a_reserve() -> None:
    schedule = reserve("R", "30.00", "I") + clause("1", "disbenefit", to="reserve:R")
    agreement = agreement_of(schedule, funds="I kind=aligned", schemes="S1 fund=I service=influenced")
    settled = result(agreement, "M1 S1 B actual 20.00")
    assert parts(settled, "I", "disbenefit") == [("1", "reserve:R", 2000)]
    assert balances(settled) == {"R": 1000}


def test_a_gain_is_paid_into_a_reserve() -> None:
    schedule = reserve("R", "30.00") + split(("25", "reserve:R"), ("75", "partners"), on="underspend")
    settled = result(agreement_of(schedule), under("100.00"))
    assert parts(settled, "F", "underspend") == [("1", "reserve:R", 2500), ("1", "partners", 7500)]
    assert balances(settled) == {"R": 5500}
    assert column(settled, "drawn") == {"A": -2500, "B": 0}


def test_this_years_underspend_is_paid_in_too_late_for_this_years_overspend() -> None:
    schedule = (
        reserve("R", "0.00") + clause("1", "underspend", to="reserve:R") + clause("2", "overspend", to="reserve:R")
    )
    settled = result(agreement_of(schedule, funds=ALONE, schemes="S1; S2"), over("10.00") + under("4.00", "S2"))
    assert left(settled, "S1", "overspend") == 1000
    assert balances(settled) == {"R": 400}


def test_a_reserve_of_another_fund_moves_cash_between_the_hosts() -> None:
    schedule = (
        reserve("R", "30.00", "G")
        + clause("1", "overspend", to="reserve:R")
        + clause("2", "underspend", to="reserve:R")
    )
    agreement = agreement_of(schedule, funds="F; G host=B", schemes="S1; S2 fund=G")
    drawn = outcome(agreement, over("10.00"))
    assert drawn.movements == (FundMovement("1", "reserve:R", "G", "F", 1000),)
    paid_in = outcome(agreement, under("10.00"))
    assert paid_in.movements == (FundMovement("2", "reserve:R", "F", "G", 1000),)
    assert outcome(agreement, under("10.00", "S2")).movements == ()  # within the fund no cash moves


def test_a_reserve_left_alone_keeps_its_opening_balance() -> None:
    assert balances(result(agreement_of(reserve("R", "30.00") + reserve("Q", "0.05")), "")) == {"R": 3000, "Q": 5}


# --- partners and provision -------------------------------------------------------------------------------------------


def test_a_provision_is_the_partners_own_and_apart_from_its_share() -> None:
    schedule = split(("60", "provision"), ("40", "partners"), on="underspend")
    settled = result(agreement_of(schedule), under("100.00"))
    assert parts(settled, "F", "underspend") == [("1", "provision", 6000), ("1", "partners", 4000)]
    assert column(settled, "provision") == {"A": 3000, "B": 3000}
    assert column(settled, "underspend") == {"A": 2000, "B": 2000}
    # B contributed nothing and gets 30 + 20
    assert transfers(settled) == [("A", "B", 5000)]


# --- order ------------------------------------------------------------------------------------------------------------


def test_kinds_are_dealt_with_in_their_own_order_whatever_the_schedules() -> None:
    # the underspend's clause is listed first, and gets what the overspend leaves of it
    schedule = clause("1", "underspend", share=HALVES) + clause("2", "overspend", to="underspends")
    settled = result(agreement_of(schedule, funds=ALONE, schemes="S1; S2"), over("10.00") + under("14.00", "S2"))
    assert parts(settled, "S2", "underspend") == [("2", "overspends", 1000), ("1", "partners", 400)]


def test_a_disbenefit_draws_on_a_reserve_after_an_overspend() -> None:
    schedule = (
        reserve("R", "25.00")
        + clause("1", "disbenefit", to="reserve:R")
        + clause("2", "overspend", to="reserve:R")
        + clause("3", "qipp_shortfall", to="reserve:R")
    )
    agreement = agreement_of(
        schedule, funds="F; I kind=aligned", schemes="S1; S2 fund=I service=influenced", qipp="separate"
    )
    lines = over("10.00") + "M1 S2 A actual 10.00\nM1 S1 A qipp_target 10.00"
    settled = result(agreement, lines)
    assert parts(settled, "F", "qipp_shortfall") == [("3", "reserve:R", 1000)]
    assert parts(settled, "F", "overspend") == [("2", "reserve:R", 1000)]
    assert parts(settled, "I", "disbenefit") == [("1", "reserve:R", 500)]


def test_within_a_kind_clauses_come_in_the_schedules_order() -> None:
    schedule = clause("9", "overspend", band=["0.00", "60.00"], share=HALVES) + clause(
        "1", "overspend", band=["0.00", "100.00"], share=HALVES
    )
    assert taken(schedule, over("100.00")) == [("9", 6000), ("1", 4000)]


def test_a_clause_of_another_kind_touches_nothing() -> None:
    schedule = clause("1", "benefit", share=HALVES) + clause("2", "disbenefit", share=HALVES)
    settled = result(agreement_of(schedule), over("10.00"))
    assert left(settled, "F", "overspend") == 1000


def test_a_penny_has_one_partner() -> None:
    settled = result(agreement_of(clause("1", "overspend", share=HALVES)), over("0.01"))
    assert shares(settled, "F", "overspend") == [(1, 0)]


# --- excluded schemes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lines", "on"), [(over("10.00"), "overspend"), (under("10.00"), "underspend")])
def test_an_excluded_schemes_variance_is_wholly_its_responsible_partners(lines: str, on: str) -> None:
    schedule = clause("1", "overspend", share=HALVES) + clause("2", "underspend", share=HALVES)
    agreement = agreement_of(schedule, schemes="S1 excluded=true lead=A responsible=B")
    settled = result(agreement, lines)
    assert parts(settled, "S1", on) == [("excluded", "partners", 1000)]
    assert shares(settled, "S1", on) == [(0, 1000)]


def test_no_cap_holds_for_an_excluded_scheme() -> None:
    text = clause("1", "overspend", share=HALVES) + '[[cap]]\npartner = "B"\namount = "0.00"\nclauses = ["1"]\n'
    settled = result(agreement_of(text, schemes="S1 excluded=true responsible=B"), over("10.00"))
    assert shares(settled, "S1", "overspend") == [(0, 1000)]
