"""The one entrance to the arithmetic: what an outcome holds, and that it hides nothing it was given."""

from dataclasses import replace
from fractions import Fraction

import pytest

from rules.agreement import Netting
from rules.outcome import outcome_of
from rules.periods import Period
from rules.problems import RefusedError
from tests.conftest import (
    GoldenCase,
    agreement_of,
    clause,
    fixed,
    golden_case,
    outcome,
    performance,
    position_of,
    reserve,
)

HALVES = fixed(A="1", B="1")


def test_an_outcome_is_of_the_agreement_in_force_at_the_period() -> None:
    agreement = agreement_of(partners="A; B; X succeeds=B from=2016-07-01")
    assert [partner.code for partner in outcome(agreement, "", "M3").agreement.partners] == ["A", "B"]
    assert [partner.code for partner in outcome(agreement, "", "M4").agreement.partners] == ["A", "X"]
    assert outcome(agreement, "", "M4").period is Period.M4


def test_performance_pay_comes_before_any_subject() -> None:
    agreement = agreement_of(performance("P1", "10.00"))
    made = outcome(agreement, "M1 S1 B budget 100.00\nM1 S1 A actual 100.00")
    assert [pay.released_pence for pay in made.performance] == [0]
    assert [dealt.subject.amount_pence for dealt in made.subjects] == [1000]


def test_what_no_clause_deals_with_is_added_up_gains_and_losses_alike() -> None:
    agreement = agreement_of(
        clause("1", "overspend", band=["0.00", "3.00"], share=HALVES), funds="F netting=scheme", schemes="S1; S2"
    )
    made = outcome(agreement, "M1 S1 A actual 10.00\nM1 S2 A budget 5.00")
    assert [dealt.unallocated_pence for dealt in made.subjects] == [700, 500]
    assert made.unallocated_pence == 1200


def test_reserves_come_in_their_order_with_their_closing_balances() -> None:
    agreement = agreement_of(reserve("R2", "10.00") + reserve("R1", "5.00") + clause("1", "overspend", to="reserve:R1"))
    made = outcome(agreement, "M1 S1 A actual 2.00")
    assert [(each.reserve.code, each.closing_pence) for each in made.reserves] == [("R2", 1000), ("R1", 300)]


def test_each_part_tells_what_the_clause_took_and_how() -> None:
    agreement = agreement_of(clause("1", "overspend", band=["2%", "5%"], share=fixed(A="2", B="1")))
    [dealt] = outcome(agreement, "M1 S1 A budget 1000.00\nM1 S1 A actual 1100.00").subjects
    [part] = dealt.parts
    take = part.take
    assert take is not None
    assert (take.base_pence, take.measured_pence, take.remaining_pence) == (100000, 10000, 10000)
    assert (take.low_pence, take.high_pence, take.width_pence, take.taken_pence) == (2000, 5000, 3000, 3000)
    assert (part.percent, part.slice_pence) == (Fraction(100), 3000)
    assert part.sharing is not None
    assert (part.sharing.weights.whole, part.sharing.shares_pence) == ((2, 1), (2000, 1000))


def test_every_part_of_a_golden_case_is_traced(golden: GoldenCase) -> None:
    for dealt in golden.settlement().outcome.subjects:
        for part in dealt.parts:
            how = [part.sharing, part.reserve, part.underspends]
            assert part.clause == "excluded" or sum(each is not None for each in how) == 1


def test_the_traced_shares_are_those_of_the_last_round_the_caps_and_the_handovers(golden: GoldenCase) -> None:
    for dealt in golden.settlement().outcome.subjects:
        for part in dealt.parts:
            if part.sharing is not None:
                assert part.shares_pence == part.sharing.shares_pence
                assert sum(part.sharing.shares_pence) + part.sharing.left_pence == part.slice_pence
                assert part.sharing.rounds[0].total_pence == part.slice_pence


def test_an_agreement_that_splits_a_group_is_refused_even_if_it_was_not_read() -> None:
    # the reader refuses such a scope; an agreement made by a program comes here without it
    scoped = clause("1", "overspend", scope={"scheme": "S1"}, share=HALVES)
    agreement = agreement_of(scoped, funds="F netting=scheme", schemes="S1; S2")
    netted = replace(agreement, funds=tuple(replace(fund, netting=Netting.FUND) for fund in agreement.funds))
    with pytest.raises(RefusedError, match="select all of the group or none of it"):
        outcome_of(netted, position_of("M1 S1 A actual 1.00"))


def test_the_same_position_gives_the_same_outcome() -> None:
    case = golden_case("rotherham-first-call")
    assert case.settlement() == case.settlement()
