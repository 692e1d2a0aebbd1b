"""Control totals beside the ledger: those that agree, and those that a check names, with the same figures."""

from dataclasses import replace
from pathlib import Path

from ledgers import open_ledger
from rules.agreement import Control, Kind
from rules.periods import Period
from settlement.control_totals import control_totals

GOLDEN = Path(__file__).parents[1] / "golden"


def test_one_that_agrees_and_one_that_does_not_in_their_order() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as ledger:
        budget = sum(line.amount_pence for line in ledger.lines(kind=Kind.BUDGET, upto=Period.M3))
        controls = (
            Control(Period.M3, budget + 1, Kind.BUDGET),
            Control(Period.M3, budget, Kind.BUDGET),
            Control(Period.M3, 5, Kind.ACCRUAL, scheme="NONE"),
        )
        off, right, empty = control_totals(ledger, replace(ledger.agreement_at(Period.M3), controls=controls))
    assert (off.agrees, off.ledger_pence, off.difference_pence) == (False, budget, -1)
    assert (right.agrees, right.ledger_pence, right.difference_pence) == (True, budget, 0)
    assert (empty.ledger_pence, empty.difference_pence) == (0, -5)


def test_a_fund_a_partner_and_its_predecessors() -> None:
    with open_ledger(GOLDEN / "ccg-to-icb-2022-23") as ledger:
        lines = [line for line in ledger.lines(kind=Kind.BUDGET, upto=Period.M6) if line.partner != "COUNCIL"]
        expected = sum(line.amount_pence for line in lines)
        control = Control(Period.M6, expected, Kind.BUDGET, fund="BCF", partner="ICB")
        (held,) = control_totals(ledger, replace(ledger.agreement_at(Period.M6), controls=(control,)))
    assert expected
    assert held.agrees
