"""From shares to cash: who pays whom, and every row footing to what its partner pays (arithmetic.md)."""

from typing import Any

import pytest

from settlement import cash
from tests.conftest import (
    GoldenCase,
    agreement_of,
    clause,
    column,
    fixed,
    performance,
    reserve,
    result,
    settlement_of,
    subjects,
    transfers,
)

HALVES = fixed(A="1", B="1")
SHARED = "".join(
    clause(on, on, share=HALVES) for on in ("overspend", "underspend", "qipp_shortfall", "benefit", "disbenefit")
)
LESS = {"underspend", "benefit", "provision", "spend", "paid"}


def row(of: dict[str, Any], partner: str) -> dict[str, int]:
    """A partner's row, nil figures left out."""
    return {key: amount for key, amount in of["partners"][partner].items() if amount}


# --- a pooled fund ----------------------------------------------------------------------------------------------------

POOL = """
M1 S1 A budget 100.00
M1 S1 B budget 60.00
M1 S1 C budget 40.00
M2 S1 A actual 230.00
M3 S1 B accrual 10.00
M4 S1 B payment 50.00
M4 S1 A payment 30.00
"""


def test_a_partner_owes_the_host_its_contribution_and_share_less_what_it_spent_and_paid() -> None:
    agreement = agreement_of(clause("1", "overspend", share={"by": "pooled"}), partners="A; B; C")
    settled = result(agreement, POOL)
    # 240 spent against 200: 40 over, at 100:60:40 is 20, 12 and 8
    assert row(settled, "B") == {
        "contribution_due": 6000,
        "overspend": 1200,
        "spend": 1000,
        "paid": 5000,
        "net_due": 1200,
    }
    assert row(settled, "C") == {"contribution_due": 4000, "overspend": 800, "net_due": 4800}
    assert transfers(settled) == [("B", "A", 1200), ("C", "A", 4800)]


def test_the_host_is_the_balancing_party() -> None:
    agreement = agreement_of(clause("1", "overspend", share={"by": "pooled"}), partners="A; B; C")
    # 100 + 20 - 230 - 30 + (50 + 30 received) = -60: what B and C pay it; its payment to itself is no cash
    assert row(result(agreement, POOL), "A") == {
        "contribution_due": 10000,
        "overspend": 2000,
        "spend": 23000,
        "paid": 3000,
        "received": 8000,
        "net_due": -6000,
    }


def test_a_partner_that_paid_and_spent_more_than_it_owes_is_paid_by_the_host() -> None:
    settled = result(agreement_of(SHARED), "M1 S1 B budget 10.00\nM1 S1 B actual 6.00\nM1 S1 B payment 7.00")
    # 4 under, 2 each: B owes 10 - 6 - 7 - 2 = -5
    assert transfers(settled) == [("A", "B", 500)]
    assert row(settled, "A") == {"underspend": 200, "received": 700, "net_due": 500}


def test_a_provision_stays_with_the_partner_as_a_share_does() -> None:
    settled = result(agreement_of(clause("1", "underspend", to="provision", share=HALVES)), "M1 S1 B budget 10.00")
    assert row(settled, "B") == {"contribution_due": 1000, "provision": 500, "net_due": 500}
    assert row(settled, "A") == {"provision": 500, "net_due": -500}


def test_performance_pay_not_released_is_not_due() -> None:
    settled = result(agreement_of(performance("P", "4.00") + SHARED), "M1 S1 B budget 10.00\nM1 S1 A actual 10.00")
    # B owes 6 of its 10, and half of the 4 overspent by it
    assert row(settled, "B") == {"contribution_due": 600, "overspend": 200, "net_due": 800}


def test_an_excluded_schemes_overspend_is_paid_to_the_host_by_the_responsible_partner() -> None:
    settled = result(agreement_of(SHARED, schemes="S1 excluded=true responsible=B"), "M1 S1 A actual 10.00")
    assert transfers(settled) == [("B", "A", 1000)]


def test_spend_in_default_stays_wholly_with_its_partner_and_moves_no_cash() -> None:
    lines = "M1 S1 B actual 10.00 default\nM1 S1 A accrual 5.00 default\n"
    settled = result(agreement_of(SHARED), lines)
    assert subjects(settled) == []
    assert transfers(settled) == []
    assert column(settled, "spend") == {"A": 0, "B": 0}
    # beside other spend it changes nothing
    spent = "M1 S1 A actual 4.00\n"
    assert result(agreement_of(SHARED), lines + spent) == result(agreement_of(SHARED), spent)


# --- influenced services ----------------------------------------------------------------------------------------------

INFLUENCED = {"funds": "I kind=aligned", "schemes": "S1 fund=I service=influenced; S2 fund=I"}


def test_a_benefit_is_handed_over_by_those_that_realised_it_and_comes_back_in_shares() -> None:
    lines = "M1 S1 A baseline 50.00\nM1 S1 A actual 50.00\nM1 S1 B baseline 100.00\nM1 S1 B actual 70.00"
    settled = result(agreement_of(SHARED, **INFLUENCED), lines)
    assert row(settled, "B") == {"benefit": 1500, "handed_over": 3000, "net_due": 1500}
    assert row(settled, "A") == {"benefit": 1500, "net_due": -1500}
    assert transfers(settled) == [("B", "A", 1500)]


def test_a_disbenefit_is_taken_over_from_those_it_fell_on() -> None:
    settled = result(agreement_of(SHARED, **INFLUENCED), "M1 S1 B baseline 100.00\nM1 S1 B actual 120.00")
    assert row(settled, "B") == {"disbenefit": 1000, "handed_over": -2000, "net_due": -1000}
    assert transfers(settled) == [("A", "B", 1000)]


def test_within_a_benefit_what_one_partner_overspent_is_handed_over_too() -> None:
    lines = "M1 S1 A baseline 40.00\nM1 S1 B baseline 10.00\nM1 S1 B actual 20.00"
    settled = result(agreement_of(SHARED, **INFLUENCED), lines)
    # A saved 40 and B overspent 10: of the 30 together each has 15
    assert column(settled, "handed_over") == {"A": 4000, "B": -1000}
    assert transfers(settled) == [("A", "B", 2500)]


def test_a_payment_towards_a_benefit_settles_it() -> None:
    lines = "M1 S1 B baseline 100.00\nM1 S1 B actual 70.00\nM6 S1 B payment 15.00"
    settled = result(agreement_of(SHARED, **INFLUENCED), lines)
    assert transfers(settled) == []
    assert row(settled, "A") == {"benefit": 1500, "received": 1500}


def test_budgets_and_spend_of_an_aligned_fund_are_no_cash() -> None:
    lines = "M1 S2 A budget 100.00\nM1 S2 B actual 70.00\nM1 S1 B budget 10.00"
    settled = result(agreement_of(SHARED, **INFLUENCED), lines)
    assert row(settled, "A") == row(settled, "B") == {}


# --- QIPP beside the budget -------------------------------------------------------------------------------------------


def test_beside_the_budget_a_shortfall_was_borne_by_those_that_missed_their_targets() -> None:
    lines = """
        M1 S1 A qipp_target 10.00
        M1 S1 A qipp_delivered 10.00
        M1 S1 B qipp_target 30.00
        M1 S1 B qipp_delivered 10.00
        """
    settled = result(agreement_of(SHARED, qipp="separate"), lines)
    # B bore all 20, and A's share of it makes good 10
    assert row(settled, "B") == {"qipp_shortfall": 1000, "handed_over": -2000, "net_due": -1000}
    assert row(settled, "A") == {"qipp_shortfall": 1000, "net_due": 1000}


def test_what_each_bore_is_the_netted_shortfall_allocated_by_its_own() -> None:
    lines = """
        M1 S1 A qipp_target 10.00
        M1 S1 B qipp_target 20.00
        M1 S1 C qipp_delivered 20.00
        """
    agreement = agreement_of(clause("1", "qipp_shortfall", share={"by": "host"}), partners="A; B; C", qipp="separate")
    # 10 short together: at 10:20:0 A bore 3.333..., B 6.666...
    assert column(result(agreement, lines), "handed_over") == {"A": -333, "B": -667, "C": 0}


def test_within_the_budget_nobody_bore_a_shortfall_but_the_pool() -> None:
    lines = "M1 S1 B budget 10.00\nM1 S1 A actual 30.00\nM1 S1 B qipp_target 20.00"
    settled = result(agreement_of(SHARED), lines)
    assert column(settled, "handed_over") == {"A": 0, "B": 0}
    assert row(settled, "B") == {"contribution_due": 1000, "qipp_shortfall": 1000, "net_due": 2000}


# --- reserves, underspends and hosts ----------------------------------------------------------------------------------

TWO_HOSTS = {"funds": "F netting=scheme; G netting=scheme host=B", "schemes": "S1; S2 fund=G"}


def test_an_underspend_drawn_across_funds_is_paid_by_the_host_that_has_it() -> None:
    first_call = clause("0", "overspend", to="underspends", draw_on="agreement")
    settled = result(agreement_of(first_call + SHARED, **TWO_HOSTS), "M1 S1 A actual 10.00\nM1 S2 A budget 4.00")
    # A spent 10 in F; G has A's 4 unspent. 4 is drawn, and of the other 6 each bears 3.
    # A owes B, the host of G, its 4; B pays those 4 on to A, the host of F; and B owes A its 3
    assert row(settled, "A") == {
        "contribution_due": 400,
        "overspend": 300,
        "spend": 1000,
        "drawn": 400,
        "between_hosts": -400,
        "net_due": -300,
    }
    assert row(settled, "B") == {"overspend": 300, "drawn": -400, "between_hosts": 400, "net_due": 300}
    assert transfers(settled) == [("B", "A", 300)]


def test_a_reserve_of_another_hosts_fund_is_paid_by_that_host() -> None:
    schedule = reserve("R", "30.00", "G") + clause("0", "overspend", to="reserve:R", band=["0.00", "10.00"])
    settled = result(agreement_of(schedule, **TWO_HOSTS), "M1 S1 A actual 10.00")
    assert row(settled, "A") == {"spend": 1000, "drawn": 1000, "between_hosts": -1000, "net_due": -1000}
    assert row(settled, "B") == {"between_hosts": 1000, "net_due": 1000}


def test_a_gain_paid_into_a_reserve_of_another_hosts_fund_is_paid_to_that_host() -> None:
    schedule = reserve("R", "0.00", "G") + clause("0", "underspend", to="reserve:R")
    settled = result(agreement_of(schedule, **TWO_HOSTS), "M1 S1 A budget 10.00")
    assert row(settled, "A") == {"contribution_due": 1000, "drawn": -1000, "between_hosts": 1000, "net_due": 1000}
    assert transfers(settled) == [("A", "B", 1000)]


def test_a_reserve_of_the_same_host_moves_no_cash() -> None:
    schedule = reserve("R", "30.00", "G") + clause("0", "overspend", to="reserve:R")
    settled = result(agreement_of(schedule, funds="F; G", schemes="S1; S2 fund=G"), "M1 S1 A actual 10.00")
    assert transfers(settled) == []
    assert row(settled, "A") == {"spend": 1000, "drawn": 1000}


# --- unallocated ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "unallocated", "net_due"),
    [
        ("M1 S1 A actual 10.00", 1000, 0),  # the host is left holding the loss
        ("M1 S1 B budget 10.00", -1000, -1000),  # it holds the gain, and is paid B's contribution
        ("M1 S1 A actual 10.00\nM1 S2 B budget 4.00", 600, -400),  # losses set off against gains
    ],
)
def test_what_no_clause_dealt_with_stands_on_the_hosts_row(lines: str, unallocated: int, net_due: int) -> None:
    settled = result(agreement_of(funds="F netting=scheme", schemes="S1; S2"), lines)
    assert column(settled, "unallocated") == {"A": unallocated, "B": 0}
    assert settled["partners"]["A"]["net_due"] == net_due


# --- transfers --------------------------------------------------------------------------------------------------------


def test_transfers_are_netted_for_each_pair_and_come_in_listed_order() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share=fixed(A="1", B="1", C="1")),
        partners="C; A; B",
        funds="F; G host=B; H host=C",
        schemes="S1; S2 fund=G; S3 fund=H",
    )
    lines = "M1 S1 A actual 30.00\nM1 S2 B actual 45.00\nM1 S3 C actual 3.00"
    # each owes each other host a third: A gets 10 from both, B 15, C 1
    assert transfers(result(agreement, lines)) == [("C", "A", 900), ("C", "B", 1400), ("A", "B", 500)]


def test_a_pair_that_owes_each_other_the_same_passes_nothing() -> None:
    agreement = agreement_of(SHARED, funds="F; G host=B", schemes="S1; S2 fund=G")
    assert transfers(result(agreement, "M1 S1 A actual 30.00\nM1 S2 B actual 30.00")) == []


# --- footing ----------------------------------------------------------------------------------------------------------


def test_every_row_foots_to_what_its_partner_pays(golden: GoldenCase) -> None:
    for figures in golden.expected["partners"].values():
        footed = sum(-figures[key] if key in LESS else figures[key] for key in figures if key != "net_due")
        assert figures["net_due"] == footed


def test_each_account_foots_to_what_is_owed_the_host(golden: GoldenCase) -> None:
    settlement = golden.settlement()
    host = {fund.code: fund.host for fund in settlement.agreement.funds}
    assert len(settlement.accounts) == len(settlement.agreement.funds) * len(settlement.rows)
    for row_ in settlement.rows:
        own = [account for account in settlement.accounts if account.partner == row_.partner]
        assert sum(account.contribution_due_pence for account in own) == row_.contribution_due_pence
        assert sum(account.spend_pence for account in own) == row_.spend_pence
        if row_.partner not in host.values():
            assert sum(account.owed_pence for account in own) == row_.net_due_pence


def test_a_row_that_would_not_foot_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cash, "is_drawing", lambda _to: False)
    schedule = reserve("R", "30.00") + clause("1", "overspend", to="reserve:R")
    with pytest.raises(AssertionError, match=r"^A's row foots to -1000 pence, not to the 0 that it pays$"):
        settlement_of(agreement_of(schedule), "M1 S1 A actual 10.00")
