"""Each partner's budget of the year, and what a virement makes of it."""

from ledgers import Ledger
from ledgers.budgets import after_virement, budgets_of, free_reference
from ledgers.lines import NewLine
from rules.agreement import Kind
from rules.periods import Period

BEDS, HOME = ("BEDS", "COUNCIL"), ("HOME", "COUNCIL")


def test_budgets_are_of_the_whole_year_with_virements(ledger: Ledger) -> None:
    ledger.post(
        [
            NewLine(Period.M1, *BEDS, Kind.BUDGET, 10_000),
            NewLine(Period.M9, *BEDS, Kind.BUDGET, 500),
            NewLine(Period.M1, *BEDS, Kind.ACTUAL, 99),
        ]
    )
    ledger.virement(Period.M2, 3_000, giver=BEDS, taker=HOME, reference="V-M2-1")
    assert budgets_of(ledger) == {BEDS: 7_500, HOME: 3_000}
    assert free_reference(ledger, Period.M2) == "V-M2-2"
    assert free_reference(ledger, Period.M3) == "V-M3-1"


def test_a_virement_takes_from_the_one_and_adds_to_the_other() -> None:
    given, taken = after_virement({BEDS: 1_000}, BEDS, HOME, 1_200)
    assert (given.before_pence, given.after_pence, given.is_overdrawn) == (1_000, -200, True)
    assert (taken.before_pence, taken.after_pence, taken.is_overdrawn) == (0, 1_200, False)


def test_a_virement_within_one_budget_moves_nothing() -> None:
    given, taken = after_virement({BEDS: 1_000}, BEDS, BEDS, 300)
    assert (given.after_pence, taken.after_pence) == (1_000, 1_000)
