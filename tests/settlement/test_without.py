"""Without what is in dispute nobody is made to bear, or to receive, what no clause would then allocate."""

import pytest

from rules.agreement import Agreement
from settlement.disputed import without_clauses
from settlement.settle import Settlement, settle
from settlement.without import Without, shown_without
from tests.conftest import GoldenCase, agreement_of, clause, fixed, settlement_of

HALVES = fixed(A="1", B="1")
OF_EVERYTHING = "".join(
    clause(str(number), on, share=HALVES)
    for number, on in enumerate(("qipp_shortfall", "overspend", "underspend", "benefit", "disbenefit"), 1)
)


def shown(agreement: Agreement, lines: str, *clauses: str) -> tuple[Settlement, Without]:
    """The settlement as stated, and as it is shown without these clauses."""
    lines = lines.replace("; ", "\n")
    stated = settlement_of(agreement, lines)
    return stated, shown_without(stated, settlement_of(without_clauses(agreement, frozenset(clauses)), lines))


def test_an_overspend_stays_with_whoever_spent_it() -> None:
    agreement = agreement_of(OF_EVERYTHING)
    lines = "M1 S1 A budget 100.00; M1 S1 B budget 100.00; M2 S1 A actual 100.00; M2 S1 B actual 140.00"
    stated, found = shown(agreement, lines, "2")
    assert [row.net_due_pence for row in stated.rows] == [20_00, -20_00]
    assert (found.net_due_pence, found.transfers_pence) == ({"A": 0, "B": 0}, {})
    assert (found.losses_pence, found.gains_pence, found.open_pence) == (40_00, 0, 40_00)


def test_an_underspend_stays_with_whoever_spent_less() -> None:
    agreement = agreement_of(OF_EVERYTHING)
    lines = "M1 S1 A budget 100.00; M1 S1 B budget 100.00; M2 S1 A actual 100.00; M2 S1 B actual 70.00"
    _, found = shown(agreement, lines, "3")
    assert (found.net_due_pence, found.transfers_pence) == ({"A": 0, "B": 0}, {})
    assert (found.losses_pence, found.gains_pence) == (0, 30_00)


@pytest.mark.parametrize(("spent", "number"), [("60.00", "4"), ("140.00", "5")])
def test_a_benefit_or_disbenefit_stays_with_whoever_realised_it(spent: str, number: str) -> None:
    agreement = agreement_of(OF_EVERYTHING, funds="F kind=aligned", schemes="S1 service=influenced")
    lines = f"M1 S1 B baseline 100.00; M2 S1 B actual {spent}"
    stated, found = shown(agreement, lines, number)
    assert abs(stated.row_of("B").net_due_pence) == 20_00
    assert (found.net_due_pence, found.transfers_pence, found.open_pence) == ({"A": 0, "B": 0}, {}, 40_00)


def test_a_shortfall_beside_the_budget_stays_with_whoever_missed_its_target() -> None:
    agreement = agreement_of(OF_EVERYTHING, qipp="separate")
    stated, found = shown(agreement, "M1 S1 B qipp_target 80.00", "1")
    assert stated.row_of("A").net_due_pence == 40_00
    assert (found.net_due_pence, found.losses_pence) == ({"A": 0, "B": 0}, 80_00)


def test_a_part_that_another_clause_still_deals_with_is_shared_by_it() -> None:
    agreement = agreement_of(
        clause("1", "benefit", share=HALVES, band=["0", "10.00"]) + clause("2", "benefit", share=HALVES),
        funds="F kind=aligned",
        schemes="S1 service=influenced",
    )
    _, found = shown(agreement, "M1 S1 B baseline 100.00; M2 S1 B actual 60.00", "2")
    assert (found.net_due_pence, found.gains_pence) == ({"A": -5_00, "B": 5_00}, 30_00)
    assert found.transfers_pence == {("B", "A"): 5_00}


def test_among_several_hosts_who_pays_whom_follows() -> None:
    agreement = agreement_of(
        clause("1", "overspend", share=fixed(A="1", B="1", C="2")),
        partners="A; B; C",
        funds="F; G host=C",
        schemes="S1; S2 fund=G",
    )
    lines = (
        "M1 S1 B budget 10.00; M2 S1 B actual 50.00; M1 S2 A budget 5.00; M2 S2 A actual 25.00; M2 S2 A payment 3.00"
    )
    stated, found = shown(agreement, lines, "1")
    assert len(stated.transfers) > 1
    assert found.transfers_pence == {("C", "A"): 3_00}
    assert found.net_due_pence == {"A": -3_00, "B": 0, "C": 3_00}
    assert found.losses_pence == 60_00


def test_what_is_stated_as_nobodys_already_stands_where_it_is_stated() -> None:
    agreement = agreement_of(clause("3", "underspend", share=HALVES))
    lines = "M1 S1 B budget 100.00; M2 S1 B actual 140.00"
    stated, found = shown(agreement, lines, "3")
    assert found.net_due_pence == {row.partner: row.net_due_pence for row in stated.rows}
    assert found.open_pence == 0


def test_of_every_golden_case_nobodys_figures_and_payments_agree(golden: GoldenCase) -> None:
    """Without every clause: what each is due is what it pays less what it is paid, and nobody loses by another."""
    settled = golden.settlement()
    every = frozenset(clause.id for clause in golden.agreement.clauses)
    without = settle(without_clauses(golden.agreement, every), golden.position())
    found = shown_without(settled, without)
    assert sum(found.net_due_pence.values()) == 0
    for partner, pence in found.net_due_pence.items():
        pays = sum(amount for (payer, _), amount in found.transfers_pence.items() if payer == partner)
        paid = sum(amount for (_, receiver), amount in found.transfers_pence.items() if receiver == partner)
        assert pence == pays - paid
    assert found.open_pence <= without.outcome.unallocated_pence
