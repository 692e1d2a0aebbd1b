"""The open ledger as the window asks of it. All of this runs on the worker thread, which alone touches the ledger."""

from dataclasses import dataclass
from pathlib import Path

from ledgers import Ledger, PeriodState, open_ledger
from rules.periods import FinancialYear, Period
from settlement.service import period_to_settle, settle_ledger
from settlement.settle import Settlement


@dataclass(frozen=True, slots=True)
class Opened:
    """What the window needs to know of a ledger before it shows a figure.

    `period` is the one to show first; `last_period` the last that anything is posted to, None of an empty ledger.
    """

    name: str
    writable: bool
    is_folder: bool
    year: FinancialYear
    period: Period
    last_period: Period | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A settlement to show, and the state of its period as it was when it was read."""

    settlement: Settlement
    state: PeriodState


class LedgerReader:
    """Holds the ledger that is open, if one is, and answers about it."""

    def __init__(self) -> None:
        """No ledger is open at first."""
        self._ledger: Ledger | None = None
        self._where = ""

    @property
    def is_open(self) -> bool:
        """Whether a ledger is open."""
        return self._ledger is not None

    def open(self, where: str, *, read_only: bool = False) -> Opened:
        """Open a ledger in place of the one that is open, which stays if the other cannot be. Raises RefusedError.

        A file that is held is closed before it is opened once more: this very program would be the one that holds it.
        """
        if self._ledger is not None and self._ledger.writable and where == self._where:
            self.close()
        ledger = open_ledger(where, read_only=read_only)
        try:
            opened = _opened(ledger, is_folder=Path(where).is_dir())
        except BaseException:
            ledger.close()
            raise
        self.close()
        self._ledger, self._where = ledger, where
        return opened

    def settlement(self, period: Period, *, outturn: bool) -> Shown:
        """The settlement of the open ledger at the period. Raises RefusedError where the schedule cannot be applied."""
        ledger = self._ledger
        assert ledger is not None  # noqa: S101  the window asks only of a ledger that it was told is open
        settlement = settle_ledger(ledger, period, outturn=outturn)
        state = next(state for state in ledger.periods() if state.period == period)
        return Shown(settlement, state)

    def close(self) -> None:
        """Let go of the ledger, if one is open."""
        if self._ledger is not None:
            self._ledger.close()
        self._ledger, self._where = None, ""


def _opened(ledger: Ledger, *, is_folder: bool) -> Opened:
    return Opened(
        name=ledger.name,
        writable=ledger.writable,
        is_folder=is_folder,
        year=ledger.agreement_at(Period.M13).year,
        period=period_to_settle(ledger),
        last_period=ledger.last_period(),
    )
