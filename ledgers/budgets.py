"""Each partner's budget for each scheme over the whole year, and what a virement between two of them would make of it.

A budget here is what is posted as budget and as virement, of every period; codes are as they stand on the lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledgers.ledger import Ledger
from rules.agreement import Kind
from rules.periods import Period

Holder = tuple[str, str]
"""A scheme and a partner."""

Budgets = Mapping[Holder, int]
"""In pence; a holder that is not in it has none."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A budget before and after a virement, in pence."""

    before_pence: int
    after_pence: int

    @property
    def is_overdrawn(self) -> bool:
        """Whether the virement takes more than there is."""
        return self.after_pence < 0 <= self.before_pence


def budgets_of(ledger: Ledger) -> dict[Holder, int]:
    """The year's budgets, virements counted, by scheme and partner."""
    budgets: dict[Holder, int] = {}
    for total in ledger.position(Period.M13).totals:
        if total.kind in {Kind.BUDGET, Kind.VIREMENT}:
            holder = (total.scheme, total.partner)
            budgets[holder] = budgets.get(holder, 0) + total.to_date_pence
    return budgets


def after_virement(budgets: Budgets, giver: Holder, taker: Holder, amount_pence: int) -> tuple[Moved, Moved]:
    """The giver's and the taker's budget before and after an amount is moved from the one to the other."""
    given, taken = budgets.get(giver, 0), budgets.get(taker, 0)
    if giver == taker:
        return Moved(given, given), Moved(taken, taken)
    return Moved(given, given - amount_pence), Moved(taken, taken + amount_pence)


def free_reference(ledger: Ledger, period: Period) -> str:
    """A reference that no virement of the ledger has: `V-M6-1`, `V-M6-2` and so on."""
    number = 1
    while next(ledger.lines(kind=Kind.VIREMENT, reference=f"V-{period}-{number}", limit=1), None) is not None:
        number += 1
    return f"V-{period}-{number}"
