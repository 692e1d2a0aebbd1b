"""Working out an order of lines: its first window at once, its last soon after, and then every place of it.

Lines in the order they were posted need no working out. Others are looked through a range at a time, so that what is
found is shown as it is found; or sorted by the database, which takes a second or two for a million lines and is done
on the searching lane, where a scroll does not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from ledgers import Ledger
from ledgers.register import Column, Filter, Sort, register_of
from ledgers.register_places import Ends, Places, Positions, Run
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.register.columns import Names, names_in
from ui.pages.register.model import WINDOW, Windows, rows_of
from ui.session import Session

_FIRST = 2 * WINDOW


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which lines, and in which order. `is_by_run` is whether numbers may be taken for a run without a gap."""

    wanted: Filter
    sort: Sort
    is_by_run: bool = True


class Arranger(QObject):
    """Works out one arrangement at a time: another question takes the place of the one before."""

    began = Signal(object, object, object)
    """The first places of the order that was asked for, the names its lines are shown with, and its first window."""

    more = Signal(object)
    """More of the same order is known."""

    finished = Signal(object)
    """The same order, and now all of it is known."""

    failed = Signal(object)
    """The Failure: why it could not be worked out."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """With nothing asked for."""
        super().__init__(parent)
        self._session = session
        self._jobs: list[Job[Any]] = []
        self._asked = Arrangement(Filter(), Sort())
        self._names = Names()
        self._has_begun = False
        self.is_finished = True

    @property
    def asked(self) -> Arrangement:
        """What was asked for last."""
        return self._asked

    def arrange(self, asked: Arrangement) -> None:
        """Work out this order."""
        self.drop()
        self._asked, self._has_begun, self.is_finished = asked, False, False
        if asked.is_by_run and not asked.wanted.asked and asked.sort.column is Column.NUMBER:
            work = partial(_all_lines, descending=asked.sort.descending)
            self._keep(self._session.read(work, self._take_run, self._fail))
        elif asked.sort.column is Column.NUMBER:
            positions = Positions()
            self._keep(self._session.read(_names, partial(self._begin_filling, positions), self._fail))
        else:
            self._keep(self._session.search(partial(_head, asked=asked), self._take_head, self._fail))

    def drop(self) -> None:
        """Want no more of what was asked for."""
        for job in self._jobs:
            job.drop()
        self._jobs.clear()

    def _keep(self, job: Job[Any]) -> None:
        self._jobs.append(job)

    def _fail(self, failure: Failure) -> None:
        self.drop()
        self.is_finished = True
        self.failed.emit(failure)

    # All lines as they were posted

    def _take_run(self, found: tuple[Run | None, Names, Windows]) -> None:
        run, self._names, windows = found
        if run is None:  # numbers leave something out: every place has to be looked up
            self._begin_filling(Positions(), self._names)
            return
        self._finish(run, windows)

    # Some lines as they were posted

    def _begin_filling(self, positions: Positions, names: Names) -> None:
        self._names = names
        self._fill(positions, self._tell_found)

    def _fill(self, positions: Positions, found: Callable[[Positions], None]) -> None:
        work = partial(_filled, asked=self._asked, positions=positions)
        self._keep(
            self._session.search(
                work, self._finish, self._fail, progressed=lambda _done, _total, _what: found(positions)
            )
        )

    def _tell_found(self, positions: Positions) -> None:
        if not positions.count:
            return
        if self._has_begun:
            self.more.emit(positions)
        else:
            self._begin(positions)

    # Sorted lines

    def _take_head(self, found: tuple[tuple[int, ...], Names, Windows]) -> None:
        head, self._names, windows = found
        ends = Ends(len(head), head)
        if len(head) < _FIRST:
            self._finish(ends, windows)
            return
        self._begin(ends, windows)
        self._keep(self._session.search(partial(_tail, asked=self._asked), partial(self._take_tail, head), self._fail))

    def _take_tail(self, head: tuple[int, ...], found: tuple[int, tuple[int, ...]]) -> None:
        count, tail = found
        self.more.emit(Ends(count, head, tail))
        self._fill(Positions(), lambda _positions: None)

    # What is told

    def _begin(self, places: Places, windows: Windows | None = None) -> None:
        self._has_begun = True
        self.began.emit(places, self._names, windows or [])

    def _finish(self, places: Places, windows: Windows | None = None) -> None:
        self.is_finished = True
        if not self._has_begun:
            self._begin(places, windows)
        self._jobs.clear()
        self.finished.emit(places)


# On the lanes


def _all_lines(ledger: Ledger, *, descending: bool) -> tuple[Run | None, Names, Windows]:
    register = register_of(ledger)
    run, names = register.run(), names_in(register.agreement())
    if run is None:
        return None, names, []
    run = Run(run.first, run.count, descending)
    return run, names, rows_of(ledger, places=run, names=names, windows=[0])


def _names(ledger: Ledger) -> Names:
    return names_in(register_of(ledger).agreement())


def _head(ledger: Ledger, job: Job[Any], *, asked: Arrangement) -> tuple[tuple[int, ...], Names, Windows]:
    register = register_of(ledger)
    with register.given_up(job.check):
        head = tuple(register.ends(asked.wanted, asked.sort, _FIRST))
        names = names_in(register.agreement())
        return head, names, rows_of(ledger, places=Ends(len(head), head), names=names, windows=[0])


def _tail(ledger: Ledger, job: Job[Any], *, asked: Arrangement) -> tuple[int, tuple[int, ...]]:
    register = register_of(ledger)
    with register.given_up(job.check):
        run = None if asked.wanted.asked else register.run()
        count = register.count(asked.wanted) if run is None else run.count
        return count, tuple(register.ends(asked.wanted, asked.sort, min(_FIRST, count - _FIRST), last=True))


def _filled(ledger: Ledger, job: Job[Any], *, asked: Arrangement, positions: Positions) -> Positions:
    register = register_of(ledger)
    with register.given_up(job.check):
        register.fill(positions, asked.wanted, asked.sort, job)
    return positions
