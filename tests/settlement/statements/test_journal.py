"""Journals balance, carry the settlement, and say against whom; transfers are the settlement's."""

from dataclasses import replace

import pytest

from settlement.statements import StatementInputs, journal, transfer_list
from settlement.statements.document import RowKind


def test_every_journal_balances_and_ends_in_what_is_due(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        *entries, total = journal(golden_inputs, row.partner).rows
        debited, credited = (sum(e.cells[side] for e in entries if e.cells[side] != "") for side in (1, 2))
        assert total.kind is RowKind.TOTAL
        assert (debited, credited) == total.cells[1:3]
        assert debited == credited
        debtors = sum(e.cells[1] for e in entries if e.cells[0].startswith("Debtor"))
        creditors = sum(e.cells[2] for e in entries if e.cells[0].startswith("Creditor"))
        assert creditors - debtors == row.net_due_pence


def test_what_one_owes_is_what_another_is_owed(golden_inputs: StatementInputs) -> None:
    owed = {}
    for row in golden_inputs.settlement.rows:
        for entry in journal(golden_inputs, row.partner).rows:
            account, debit, credit, counterparty, _, _ = entry.cells
            if account.startswith("Creditor"):
                owed[row.partner, counterparty] = owed.get((row.partner, counterparty), 0) + credit
            elif account.startswith("Debtor"):
                owed[counterparty, row.partner] = owed.get((counterparty, row.partner), 0) - debit
    assert set(owed.values()) <= {0}


def test_no_entry_is_nil_or_on_both_sides(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        for entry in journal(golden_inputs, row.partner).rows[:-1]:
            debit, credit = entry.cells[1:3]
            assert (debit == "") != (credit == "")
            assert (debit or credit) > 0


def test_the_transfers_are_the_settlements(golden_inputs: StatementInputs) -> None:
    rows = [(row.cells[0], row.cells[2], row.cells[4]) for row in transfer_list(golden_inputs).rows]
    assert rows == [(each.payer, each.receiver, each.amount_pence) for each in golden_inputs.settlement.transfers]


def test_a_journal_that_does_not_balance_never_leaves(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    if not settlement.transfers:
        pytest.skip("nobody owes anybody")
    broken = replace(settlement, cash=replace(settlement.cash, transfers=()))
    partner = settlement.transfers[0].payer
    with pytest.raises(AssertionError, match="debits of"):
        journal(replace(golden_inputs, settlement=broken), partner)
