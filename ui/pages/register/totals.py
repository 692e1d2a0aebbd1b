"""What is shown comes to, and what is selected: counts and sums by kind, which the database works out."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QWidget

from ledgers import Ledger
from ledgers.register import Filter, Sums, Totals, in_order, register_of
from ledgers.register_places import Places, chunks
from rules.agreement import Kind
from ui.figures import exact
from ui.jobs import Job
from ui.pages.register.columns import KIND_NAMES
from ui.pages.register.model import WINDOW
from ui.pages.register.table import Ranges
from ui.session import Session
from ui.widgets import words

_AT_ONCE = 20_000
_FEW = 4 * WINDOW
_COUNTING = "adding up…"


class TotalsBar(QWidget):
    """Two rows under the lines: everything shown, and what is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With nothing to say."""
        super().__init__(parent)
        self.shown, self.selected = words(), words()
        self.shown.setAccessibleName("Totals of the lines shown")
        self.selected.setAccessibleName("Totals of the selected lines")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        for name, label in (("Shown:", self.shown), ("Selected:", self.selected)):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
            form.addRow(words(name), label)

    def show_looking(self) -> None:
        """Lines are being looked for; what was shown before is not what will be."""
        self.shown.setText("looking…")

    def show_found(self, count: int, *, is_all: bool, pence: Sums | None) -> None:
        """How many lines are shown, whether more may be found still, and what they come to if that is known."""
        told = counted(count) if is_all else f"{counted(count)} so far, looking for more…"
        self.shown.setText(f"{told}: {_COUNTING}" if is_all and pence is None and count else _with(told, pence))

    def show_selected(self, count: int, pence: Sums | None) -> None:
        """How many lines are selected, and what they come to if that is known."""
        told = counted(count) if count else "nothing"
        self.selected.setText(f"{told}: {_COUNTING}" if count and pence is None else _with(told, pence))


def counted(count: int) -> str:
    """`1 line`, `2,000 lines`, `no lines`."""
    return "no lines" if not count else "1 line" if count == 1 else f"{count:,} lines"


def in_words(pence: Sums) -> str:
    """`Budget £1.00, Actual (£2.00)`: never one sum over all kinds, for a budget is no spending."""
    return ", ".join(f"{KIND_NAMES[kind]} {exact(amount)}" for kind, amount in pence)


def _with(told: str, pence: Sums | None) -> str:
    return f"{told}: {in_words(pence)}" if pence else told


class Adder(QObject):
    """Adds up what is shown and what is selected, off the GUI thread; what was asked for last takes first place."""

    shown_added = Signal(object)
    """The `Totals` of a filter; its count is None where only the sums are known so far."""

    selected_added = Signal(object)
    """The `Totals` of what is selected."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """With nothing to add."""
        super().__init__(parent)
        self._session = session
        self._shown: list[Job[Any]] = []
        self._selected: Job[Totals] | None = None

    def add_shown(self, wanted: Filter) -> None:
        """Add up the lines of a filter: from the kept totals if those can say, and from the lines if not."""
        self.drop()
        self._shown = [self._session.read(partial(_kept, wanted=wanted), partial(self._take_kept, wanted))]

    def _take_kept(self, wanted: Filter, found: Sums | None) -> None:
        if found is not None:
            self.shown_added.emit(found)
            return
        work = partial(_added, wanted=wanted)
        self._shown = [self._session.search(work, lambda totals: self.shown_added.emit(totals.pence))]

    def add_selected(self, places: Places, ranges: Ranges) -> None:
        """Add up the lines at these places."""
        if self._selected is not None:
            self._selected.drop()
        work = partial(_added_at, places=places, ranges=ranges)
        few = sum(last - first + 1 for first, last in ranges) <= _FEW
        if few:  # at once, whatever is being sorted meanwhile
            self._selected = self._session.read(partial(work, job=None), self.selected_added.emit)
        else:
            self._selected = self._session.search(lambda ledger, job: work(ledger, job=job), self.selected_added.emit)

    def drop(self) -> None:
        """Want no more of what was asked for."""
        for job in self._shown:
            job.drop()
        if self._selected is not None:
            self._selected.drop()
        self._shown, self._selected = [], None


def _kept(ledger: Ledger, *, wanted: Filter) -> Sums | None:
    return register_of(ledger).kept_sums(wanted)


def _added(ledger: Ledger, job: Job[Totals], *, wanted: Filter) -> Totals:
    register = register_of(ledger)
    with register.given_up(job.check):
        return register.totals(wanted)


def _added_at(ledger: Ledger, *, job: Job[Totals] | None, places: Places, ranges: Ranges) -> Totals:
    register = register_of(ledger)
    count, pence = 0, dict[Kind, int]()
    for first, last in ranges:
        for some in chunks(places, first, last - first + 1, _AT_ONCE):
            if job is not None:
                job.check()
            added = register.totals_of(some)
            count += added.count
            for kind, amount in added.pence:
                pence[kind] = pence.get(kind, 0) + amount
    return Totals(count, in_order(pence))
