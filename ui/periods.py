"""Periods and their states in words. It loads no ledger and no settlement: the first window needs it."""

from typing import TYPE_CHECKING

from rules.english import day
from rules.periods import FinancialYear, Period

if TYPE_CHECKING:
    from ledgers import PeriodState


def period_name(period: Period, year: FinancialYear) -> str:
    """`M3, June 2014`; M13 is no month."""
    if period is Period.M13:
        return f"{period}, year-end adjustments"
    month = day(year.begins(period)).partition(" ")[2]
    return f"{period}, {month}"


def state_name(state: "PeriodState") -> str:
    """`M9 is held, closed by J Smith at 2015-01-08T09:12:00Z`."""
    who = f", closed by {state.actor} at {state.at}" if state.actor else ""
    return f"{state.period} is {state.state}{who}"
