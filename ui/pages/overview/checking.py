"""What the Overview asks for after its first figures: months, tasks, and the check of every line.

A long ledger has its lines checked in a process of its own: nothing of Qt here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from ledgers import Finding, Ledger, open_ledger, sealing
from ledgers.monthly import posted_by_period
from ledgers.stored import StoredLedger
from rules.periods import Period
from settlement.overview import Month, Overview, months_from
from settlement.overview_tasks import Task, is_signed_in, tasks_of
from settlement.standing import standing
from ui.aside import Report

MANY_LINES = 20_000
"""From so many lines on a check takes longer than a page should wait for its turn."""

SOON = 2_000
"""Milliseconds that the page of a long ledger is looked at before its lines are checked: many only pass through it."""

Stamp = tuple[tuple[str, int], ...]
"""What tells that something came into a ledger: the last row of each of its tables. A folder has none."""


@dataclass(frozen=True, slots=True)
class More:
    """Months and tasks, and the stamp of the ledger that they were read from."""

    months: tuple[Month, ...]
    tasks: tuple[Task, ...]
    stamp: Stamp

    @property
    def is_long(self) -> bool:
        """Whether the ledger has so many lines that it is checked aside."""
        return dict(self.stamp).get("lines", 0) > MANY_LINES


def more_of(ledger: Ledger, overview: Overview) -> More:
    """Months, tasks and stamp of one moment. Raises RefusedError if what was signed cannot be read."""
    period = overview.state.period
    with ledger.snapshot():
        agreement = ledger.agreement_at(period)
        posted = list(posted_by_period(ledger, period))
        stands = standing(ledger)
        stamp = tuple(sealing.ends(ledger).items()) if isinstance(ledger, StoredLedger) else ()
    tasks = tasks_of(
        agreement,
        overview.settlement,
        overview.why_not,
        posted,
        stands,
        period=period,
        today=datetime.now(UTC).date(),
        is_signed_here=is_signed_in(ledger),
    )
    return More(months_from(posted, agreement, period), tasks, stamp)


def findings_at(where: str, period: Period, report: Report) -> list[Finding]:
    """What is wrong with the ledger itself up to the period: every line is summed anew. For `Session.aside`."""
    report(0, 0, "Checking every line…")
    with open_ledger(where, read_only=True) as ledger:
        return ledger.findings(period)
