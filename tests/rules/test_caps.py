"""Sharing within caps, and who bears what is beyond them (arithmetic.md, Caps)."""

from typing import Any

import pytest

from rules.outcome import Outcome
from rules.trace import Handover
from tests.conftest import agreement_of, cap, clause, fixed, left, outcome, parts, result, shares

THIRDS = clause("1", "overspend", share=fixed(A="1", B="1", C="1"))
OVER_90 = "M1 S1 A actual 90.00"
OVER_10 = "M1 S1 A actual 10.00"
PARTNERS = "A; B; C"


def shared(*caps: str, schedule: str = THIRDS, lines: str = OVER_90, **more: str) -> dict[str, Any]:
    """An overspend of £90.00, in thirds unless it is said, within these caps."""
    return result(agreement_of(schedule + "".join(caps), **{"partners": PARTNERS, **more}), lines)


def traced(*caps: str, schedule: str = THIRDS) -> Outcome:
    return outcome(agreement_of(schedule + "".join(caps), partners=PARTNERS), OVER_90)


def told(of: dict[str, Any]) -> tuple[list[tuple[int, ...]], int]:
    """The shares of the overspend, and what is left of it."""
    return shares(of, "F", "overspend"), left(of, "F", "overspend")


# --- the others take the excess ---------------------------------------------------------------------------------------


def test_beyond_a_cap_the_others_bear_the_rest() -> None:
    # 30 each; A bears 10 and leaves; 80 between B and C
    assert told(shared(cap("A", "10.00", "1"))) == ([(1000, 4000, 4000)], 0)


def test_what_the_others_take_may_pass_another_cap_in_a_second_round() -> None:
    # round 1: 30 each, A leaves with 10. Round 2: 80, 40 each, B leaves with 35. Round 3: 45 for C
    caps = cap("A", "10.00", "1"), cap("B", "35.00", "1")
    assert told(shared(*caps)) == ([(1000, 3500, 4500)], 0)
    [dealt] = traced(*caps).subjects
    sharing = dealt.parts[0].sharing
    assert sharing is not None
    assert [(turn.total_pence, turn.shares_pence) for turn in sharing.rounds] == [
        (9000, (3000, 3000, 3000)),
        (8000, (None, 4000, 4000)),
        (4500, (None, None, 4500)),
    ]
    assert [[held.partner for held in turn.held] for turn in sharing.rounds] == [["A"], ["B"], []]


def test_all_that_pass_in_a_round_leave_in_it() -> None:
    # 30 each; A leaves with 10 and B with 20; 60 for C
    assert told(shared(cap("A", "10.00", "1"), cap("B", "20.00", "1"))) == ([(1000, 2000, 6000)], 0)


def test_with_nobody_left_in_the_rest_stays_for_a_later_clause() -> None:
    caps = cap("A", "10.00", "1"), cap("B", "10.00", "1"), cap("C", "10.00", "1")
    assert told(shared(*caps)) == ([(1000, 1000, 1000)], 6000)
    last = THIRDS + clause("2", "overspend", share={"by": "partner:B"})
    settled = shared(*caps, schedule=last)
    assert parts(settled, "F", "overspend") == [("1", "partners", 3000), ("2", "partners", 6000)]
    assert told(settled) == ([(1000, 1000, 1000), (0, 6000, 0)], 0)


def test_a_partner_without_a_weight_is_none_of_the_others() -> None:
    schedule = clause("1", "overspend", share=fixed(A="1", B="1", C="0"))
    assert told(shared(cap("A", "10.00", "1"), schedule=schedule)) == ([(1000, 8000, 0)], 0)


def test_with_only_partners_without_a_weight_left_the_rest_stays() -> None:
    schedule = clause("1", "overspend", share=fixed(A="1", B="1", C="0"))
    caps = cap("A", "10.00", "1"), cap("B", "10.00", "1")
    assert told(shared(*caps, schedule=schedule)) == ([(1000, 1000, 0)], 7000)


def test_the_others_share_the_rest_by_their_own_weights_to_the_penny() -> None:
    # £90.00 at 3:2:1 is 45, 30, 15; A leaves with 10; £80.00 at 2:1 is 53.333... and 26.666...
    schedule = clause("1", "overspend", share=fixed(A="3", B="2", C="1"))
    assert told(shared(cap("A", "10.00", "1"), schedule=schedule)) == ([(1000, 5333, 2667)], 0)


def test_a_part_that_comes_exactly_to_the_cap_does_not_pass_it() -> None:
    [dealt] = traced(cap("A", "30.00", "1")).subjects
    sharing = dealt.parts[0].sharing
    assert sharing is not None
    assert (len(sharing.rounds), sharing.shares_pence) == (1, (3000, 3000, 3000))


def test_a_penny_over_the_cap_passes_it() -> None:
    assert told(shared(cap("A", "29.99", "1"))) == ([(2999, 3001, 3000)], 0)


def test_a_cap_of_nought_spares_the_partner_altogether() -> None:
    assert told(shared(cap("A", "0.00", "1"))) == ([(0, 4500, 4500)], 0)


def test_a_cap_holds_under_its_own_clauses_only() -> None:
    schedule = clause("1", "overspend", band=["0.00", "30.00"], share=fixed(A="1", B="1", C="1")) + clause(
        "2", "overspend", share=fixed(A="1", B="1", C="1")
    )
    # clause 1: £30.00 with A at nothing; clause 2: £60.00 in thirds
    assert told(shared(cap("A", "0.00", "1"), schedule=schedule)) == ([(0, 1500, 1500), (2000, 2000, 2000)], 0)


# --- next -------------------------------------------------------------------------------------------------------------


def test_beyond_a_cap_the_rest_may_be_left_to_the_next_clause() -> None:
    # 30 each; A bears 10, and 20 is left; B and C share 60 as they would have
    assert told(shared(cap("A", "10.00", "1", beyond="next"))) == ([(1000, 3000, 3000)], 2000)


def test_of_two_caps_one_may_leave_it_to_the_others_and_one_to_the_next_clause() -> None:
    # 30 each; A leaves with 10 (its 20 to the others), B with 25 (its 5 to the next): 90 - 10 - 30 = 50 for C
    settled = shared(cap("A", "10.00", "1"), cap("B", "25.00", "1", beyond="next"))
    assert told(settled) == ([(1000, 2500, 5000)], 500)


def test_a_cap_to_the_next_clause_may_hold_in_a_second_round() -> None:
    # round 1: A leaves with 10, 80 for B and C. Round 2: B's 40 passes 35: 40 leaves with it, 40 for C, 5 is left
    settled = shared(cap("A", "10.00", "1"), cap("B", "35.00", "1", beyond="next"))
    assert told(settled) == ([(1000, 3500, 4000)], 500)


# --- the host or a named partner --------------------------------------------------------------------------------------


def test_beyond_a_cap_the_host_may_bear_it() -> None:
    assert told(shared(cap("B", "10.00", "1", beyond="host"))) == ([(5000, 1000, 3000)], 0)


def test_the_host_is_that_of_the_fund() -> None:
    assert told(shared(cap("B", "10.00", "1", beyond="host"), funds="F host=C")) == ([(3000, 1000, 5000)], 0)


def test_beyond_a_cap_a_named_partner_may_bear_it() -> None:
    assert told(shared(cap("A", "10.00", "1", beyond="partner:C"))) == ([(1000, 3000, 5000)], 0)


def test_the_bearer_needs_no_weight_of_its_own() -> None:
    schedule = clause("1", "overspend", share=fixed(A="1", B="1"))
    assert told(shared(cap("A", "10.00", "1", beyond="partner:C"), schedule=schedule)) == ([(1000, 4500, 3500)], 0)


def test_the_bearer_takes_no_more_than_its_own_cap_has_left_after_its_own_share() -> None:
    # A's own 30 leaves 10 of its cap; of B's excess of 20 it takes 10, and 10 is left
    settled = shared(cap("A", "40.00", "1", beyond="next"), cap("B", "10.00", "1", beyond="host"))
    assert told(settled) == ([(4000, 1000, 3000)], 1000)


def test_a_bearer_that_was_capped_itself_takes_nothing_more() -> None:
    # A (the host) leaves with 20, B with 10; B's 20 finds no headroom left
    settled = shared(cap("A", "20.00", "1", beyond="next"), cap("B", "10.00", "1", beyond="host"))
    assert told(settled) == ([(2000, 1000, 3000)], 3000)


def test_a_partner_cannot_bear_its_own_excess() -> None:
    assert told(shared(cap("A", "10.00", "1", beyond="host"))) == ([(1000, 3000, 3000)], 2000)
    assert told(shared(cap("B", "10.00", "1", beyond="partner:B"))) == ([(3000, 1000, 3000)], 2000)


def test_excesses_are_handed_over_after_the_last_round_in_the_order_they_arose() -> None:
    # 30 each; A and B leave with 10 and 20; C has 30 and 15 of headroom: it takes 15 of A's 20 and none of B's 10
    caps = (
        cap("A", "10.00", "1", beyond="partner:C"),
        cap("B", "20.00", "1", beyond="partner:C"),
        cap("C", "45.00", "1"),
    )
    assert told(shared(*caps)) == ([(1000, 2000, 4500)], 1500)
    [dealt] = traced(*caps).subjects
    sharing = dealt.parts[0].sharing
    assert sharing is not None
    assert sharing.handovers == (Handover("A", "C", 2000, 1500), Handover("B", "C", 1000, 0))


def test_an_earlier_rounds_excess_comes_before_a_later_rounds_though_listed_after_it() -> None:
    schedule = clause("1", "overspend", share=fixed(A="1", B="4", C="4"))
    # 10, 40, 40. Round 1: C leaves with 15 (beyond: partner A, 25); total 90 - 40 = 50.
    # Round 2, 50 at 1:4: A 10, B 40: B within 40. A takes of C's 25 what its cap of 20 leaves: 10; 15 is left
    caps = cap("A", "20.00", "1"), cap("C", "15.00", "1", beyond="partner:A"), cap("B", "40.00", "1")
    assert told(shared(*caps, schedule=schedule)) == ([(2000, 4000, 1500)], 1500)


def test_in_a_second_round_an_excess_queues_behind_the_first_rounds() -> None:
    # 30 each. Round 1: B leaves with 20 to the others, C with 12 (beyond A, excess 18); total 90 - 20 - 30 = 40: A's.
    # A's cap of 45 has 5 left: C's 18 gets 5 of it
    caps = (
        cap("A", "45.00", "1", beyond="next"),
        cap("B", "20.00", "1"),
        cap("C", "12.00", "1", beyond="partner:A"),
    )
    assert told(shared(*caps)) == ([(4500, 2000, 1200)], 1300)


def test_what_was_handed_over_uses_the_receivers_headroom_up_for_later_clauses() -> None:
    schedule = clause("1", "overspend", band=["0.00", "60.00"], share=fixed(A="1", B="1")) + clause(
        "2", "overspend", share=fixed(A="1", B="1")
    )
    # clause 1: 30 each; B bears 10, A takes its 20: 50 of A's 60 is used.
    # clause 2: £30.00, 15 each; A has 10 left (5 over, to B, whose own cap is on clause 1 alone)
    caps = cap("A", "60.00", "1", "2"), cap("B", "10.00", "1", beyond="host")
    assert told(shared(*caps, schedule=schedule)) == ([(5000, 1000, 0), (1000, 2000, 0)], 0)


# --- headroom is annual -----------------------------------------------------------------------------------------------


def test_headroom_shrinks_with_every_share_under_the_caps_clauses() -> None:
    schedule = clause("1", "overspend", band=["0.00", "60.00"], share=fixed(A="1", B="1")) + clause(
        "2", "overspend", share=fixed(A="1", B="1")
    )
    # clause 1: 30 each of £60.00; clause 2: 15 each of £30.00, and A has 10 left of its 40
    assert told(shared(cap("A", "40.00", "1", "2"), schedule=schedule)) == ([(3000, 3000, 0), (1000, 2000, 0)], 0)


def test_headroom_shrinks_from_one_kind_of_loss_to_the_next() -> None:
    schedule = clause("O", "overspend", share=fixed(A="1", B="1")) + clause(
        "Q", "qipp_shortfall", share=fixed(A="1", B="1")
    )
    settled = shared(cap("A", "20.00", "O", "Q"), schedule=schedule, lines=OVER_90 + "\nM1 S1 A qipp_target 30.00")
    # the shortfall of £30.00 comes first, 15 each; of the overspend's £60.00 A has 5 left
    assert shares(settled, "F", "qipp_shortfall") == [(1500, 1500, 0)]
    assert shares(settled, "F", "overspend") == [(500, 5500, 0)]


def test_headroom_shrinks_from_group_to_group_in_listed_order() -> None:
    settled = shared(
        cap("A", "40.00", "1"),
        lines="M1 S1 A actual 90.00\nM1 S2 A actual 90.00",
        funds="F netting=scheme",
        schemes="S2; S1",
    )
    # S2 is listed first: 30 each; then A has 10 left for S1
    assert shares(settled, "S2", "overspend") == [(3000, 3000, 3000)]
    assert shares(settled, "S1", "overspend") == [(1000, 4000, 4000)]


def test_headroom_shrinks_from_slice_to_slice() -> None:
    split = [
        {"percent": "50", "to": "partners", "share": fixed(A="1", B="1")},
        {"percent": "50", "to": "partners", "share": fixed(A="1", C="1")},
    ]
    schedule = clause("1", "overspend", to=None, split=split)
    # 45 at 1:1: 22.50 each, A and B. The other 45: A has 7.50 left of 30, C bears 37.50
    assert told(shared(cap("A", "30.00", "1"), schedule=schedule)) == ([(2250, 2250, 0), (750, 0, 3750)], 0)


def test_two_caps_of_a_partner_on_different_clauses_are_used_up_apart() -> None:
    schedule = clause("1", "overspend", band=["0.00", "60.00"], share=fixed(A="1", B="1")) + clause(
        "2", "overspend", share=fixed(A="1", B="1")
    )
    caps = cap("A", "20.00", "1"), cap("A", "12.00", "2")
    assert told(shared(*caps, schedule=schedule)) == ([(2000, 4000, 0), (1200, 1800, 0)], 0)


def test_a_gain_is_capped_in_the_same_way() -> None:
    schedule = clause("1", "underspend", share=fixed(A="1", B="1", C="1"))
    settled = shared(cap("A", "10.00", "1"), schedule=schedule, lines="M1 S1 A budget 90.00")
    assert shares(settled, "F", "underspend") == [(1000, 4000, 4000)]


def test_a_provision_uses_the_cap_up_as_a_share_does() -> None:
    split = [
        {"percent": "50", "to": "provision", "share": fixed(A="1", B="1")},
        {"percent": "50", "to": "partners", "share": fixed(A="1", B="1")},
    ]
    schedule = clause("1", "underspend", to=None, split=split)
    settled = shared(cap("A", "30.00", "1"), schedule=schedule, lines="M1 S1 A budget 90.00")
    assert shares(settled, "F", "underspend") == [(2250, 2250, 0), (750, 3750, 0)]


# --- percentages ------------------------------------------------------------------------------------------------------

CONTRIBUTIONS = """
M1 S1 A budget 100.00
M9 S1 A virement -20.00
M2 S2 A budget 40.00
M1 S3 A budget 900.00
M1 S4 A budget 7.00
M1 S1 A actual 1000.00
"""
FUNDS = {"funds": "F; G; I kind=aligned", "schemes": "S1; S2 fund=G; S3 fund=I; S4 excluded=true"}


@pytest.mark.parametrize("period", ["M1", "M13"])
@pytest.mark.parametrize(
    ("of", "headroom"),
    [
        (None, 1270),  # of 100 - 20 + 40 + 7, in pooled funds, the excluded scheme included
        ("F", 870),
        ("G", 400),
        ("I", 9000),
    ],
)
def test_a_percentage_is_of_the_partners_contributions_of_the_year_to_pooled_funds_or_the_fund_named(
    of: str | None, headroom: int, period: str
) -> None:
    agreement = agreement_of(
        clause("1", "overspend", scope={"fund": "F"}, share=fixed(A="1", B="1")) + cap("A", "10%", "1", of=of), **FUNDS
    )
    settled = result(agreement, CONTRIBUTIONS, period)
    assert shares(settled, "F", "overspend")[0][0] == headroom


@pytest.mark.parametrize(
    ("percent", "budget", "headroom"),
    [
        ("2.5%", "1.00", 3),  # 2.5 pence
        ("2.5%", "0.60", 2),  # 1.5 pence
        ("2.5%", "0.59", 1),  # 1.475 pence
        ("0%", "9.00", 0),
        ("150%", "0.05", 8),  # 7.5 pence
    ],
)
def test_a_percentage_cap_rounds_half_up_to_the_penny(percent: str, budget: str, headroom: int) -> None:
    settled = shared(cap("B", percent, "1"), lines=f"M1 S1 B budget {budget}\nM1 S1 A actual 90.00")
    assert shares(settled, "F", "overspend")[0][1] == headroom


def test_a_percentage_of_a_contribution_below_zero_leaves_no_headroom() -> None:
    settled = shared(cap("B", "10%", "1"), lines="M1 S1 A budget 60.00\nM1 S1 B virement -50.00\nM1 S1 A actual 100.00")
    assert told(settled) == ([(4500, 0, 4500)], 0)


def test_a_cap_on_another_clause_leaves_the_trace_of_a_sharing_as_it_is() -> None:
    # C weighs nothing under clause 1, and is in none of its rounds
    schedule = clause("1", "overspend", share=fixed(A="1", B="1")) + clause("2", "underspend", share=fixed(C="1"))
    [plain], [beside] = traced(schedule=schedule).subjects, traced(cap("C", "1.00", "2"), schedule=schedule).subjects
    assert plain.parts[0].sharing == beside.parts[0].sharing
