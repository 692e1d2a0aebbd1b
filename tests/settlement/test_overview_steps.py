"""The way from variance to cash: every step adds up to the settlement's own figures."""

import random

import pytest

from rules.periods import Period
from rules.position import position_at
from rules.problems import RefusedError
from rules.reading import read_agreement
from settlement.overview import exposures_of
from settlement.overview_steps import Step, share_of, steps_to_cash, steps_to_partners
from settlement.settle import Settlement, settle
from tests.conftest import (
    GOLDEN_NAMES,
    agreement_of,
    clause,
    examples,
    golden_case,
    line_tuples,
    measures_of,
    reserve,
    settlement_of,
)
from tests.naive.generator import random_case, toml_text

EQUALLY = {"by": "fixed", "A": "1", "B": "1"}
LINES = "M1 S1 A budget 100.00\nM1 S1 B budget 100.00\nM1 S1 A actual 301.00\nM1 S1 B payment 100.00"


def comes_to(steps: tuple[Step, ...]) -> int:
    """What the steps add up to; every subtotal on the way is checked."""
    level = 0
    for step in steps:
        if step.is_subtotal:
            assert step.pence == level, step.label
        else:
            level += step.pence
    return level


def check(settlement: Settlement) -> None:
    assert comes_to(steps_to_partners(settlement)) == 0
    for row in settlement.rows:
        steps = steps_to_cash(settlement, row.partner)
        assert comes_to(steps) == row.net_due_pence
        assert steps[-1].label == "Net due"
        assert steps[-1].pence == row.net_due_pence


@pytest.mark.parametrize("outturn", [False, True])
@pytest.mark.parametrize("name", GOLDEN_NAMES)
def test_the_steps_of_every_golden_case_add_up(name: str, *, outturn: bool) -> None:
    case = golden_case(name)
    check(case.settlement(outturn=outturn))
    check(case.settlement(Period.M6, outturn=outturn))


def test_the_steps_of_any_agreement_add_up() -> None:
    """Agreements of every shape, as the two engines are held against each other on."""
    source = random.Random(75)  # noqa: S311  a seed that can be repeated is the point
    settled, many = 0, examples(400, 120)
    for _ in range(many):
        case = random_case(source)
        try:
            agreement = read_agreement(toml_text(case.agreement), "agreement.toml")
            lines, measures = line_tuples(case.lines), measures_of(case.measures)
            settlement = settle(agreement, position_at(Period.read(case.period), lines, measures, outturn=case.outturn))
        except RefusedError:
            continue
        settled += 1
        check(settlement)
        for exposure in exposures_of(settlement):
            if exposure.cap_pence is not None:
                assert exposure.borne_pence <= exposure.cap_pence
    assert settled > many / 2


def told(steps: tuple[Step, ...]) -> list[tuple[str, int]]:
    return [(f"{'= ' if step.is_subtotal else ''}{step.label}", step.pence) for step in steps]


def test_a_reserve_before_the_partners_worked_by_hand() -> None:
    """£101 over: £30 from the reserve, £71 shared equally, the odd penny to the first."""
    agreement = agreement_of(
        "\n".join(
            [reserve("R", "30.00"), clause("1", "overspend", "reserve:R"), clause("2", "overspend", share=EQUALLY)]
        )
    )
    settlement = settlement_of(agreement, LINES)
    assert told(steps_to_partners(settlement)) == [
        ("Overspends", 10_100),
        ("Clause 1: met from The R", -3_000),
        ("= Shared between the partners", 7_100),
        ("Share of The A", -3_550),
        ("Share of The B", -3_550),
    ]
    assert told(steps_to_cash(settlement, "B")) == [
        ("Overspends", 10_100),
        ("Clause 1: met from The R", -3_000),
        ("= Shared between the partners", 7_100),
        ("Clause 2: the others’ shares", -3_550),
        ("= Share of The B", 3_550),
        ("Contribution due, less spent, paid and received", 0),
        ("= Net due", 3_550),
    ]
    assert told(steps_to_cash(settlement, "A"))[-3:] == [
        ("= Share of The A", 3_550),
        ("Contribution due, less spent, paid and received", -7_100),
        ("= Net due", -3_550),
    ]
    check(settlement)


def test_the_merged_step_says_what_is_in_it() -> None:
    settlement = golden_case("telford-2019-20").settlement()
    step = steps_to_cash(settlement, "COUNCIL")[-2]
    assert step.pence == -60_000_000
    assert step.detail == (
        "It is contribution due to pooled funds £11,000,000.00, spend on the pooled funds' behalf (£24,367,912.00) "
        "and received as Host Partner £12,767,912.00."
    )
    assert steps_to_cash(settlement, "CCG")[-1].detail == "It pays £300,000.00."


def test_what_no_clause_deals_with_is_a_step() -> None:
    agreement = agreement_of(clause("1", "overspend", share=EQUALLY, band=["0.00", "40.00"]))
    settlement = settlement_of(agreement, LINES)
    steps = steps_to_partners(settlement)
    assert ("Unallocated: no clause deals with it", -6_100) in told(steps)
    assert steps[1].key == "unallocated"
    check(settlement)


def test_an_excluded_scheme_stays_with_its_responsible_partner() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share=EQUALLY), schemes="S1; S2 excluded=true lead=B responsible=B"
    )
    lines = f"{LINES}\nM1 S2 B budget 10.00\nM1 S2 A actual 12.00"
    settlement = settlement_of(agreement, lines)
    excluded = [step for step in steps_to_cash(settlement, "A") if step.label.startswith("Excluded")]
    assert told(tuple(excluded)) == [("Excluded schemes: the others’ shares", -200)]
    assert excluded[0].clause == ""
    check(settlement)


def test_without_an_amount_to_deal_with_there_is_only_cash() -> None:
    settlement = settlement_of(agreement_of(), "M1 S1 A budget 5.00\nM1 S1 B budget 5.00\nM1 S1 A actual 10.00")
    assert steps_to_partners(settlement) == ()
    assert told(steps_to_cash(settlement, "B")) == [
        ("Contribution due, less spent, paid and received", 500),
        ("= Net due", 500),
    ]


def test_a_share_is_losses_less_gains() -> None:
    settlement = golden_case("three-partners-qipp-separate").settlement()
    row = settlement.row_of("C")
    expected = row.overspend_pence + row.qipp_shortfall_pence + row.disbenefit_pence
    expected -= row.underspend_pence + row.benefit_pence + row.provision_pence
    assert share_of(settlement, "C") == expected == 1_667_668
