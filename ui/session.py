"""The open ledger as the window works with it: what is open, the period looked at, reads, writes, and long work aside.

Four lanes, a thread each. `read` answers pages, over a connection that can only read; `search` takes what needs a
second or two of the database. `write` is the one writer. `aside` is for long work: verifying, exporting, printing the
year; it has a process of its own and opens the ledger itself (`ui.aside`). So a page is drawn while lines are posted,
and a million lines are verified while it scrolls.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ledgers.server_address import without_password
from rules.periods import FinancialYear, Period
from rules.problems import RefusedError
from ui.failures import Failure
from ui.figures import show_as
from ui.held import Held
from ui.jobs import Job, Jobs, Progressed, is_there
from ui.preferences import Preferences, read_preferences, write_preferences

if TYPE_CHECKING:
    from ledgers import Ledger
    from ledgers.copies import Copy

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the window needs to know of a ledger before it shows a figure.

    `where` is what it was opened by; `period` is the one to show first; `last_period` the last that anything is posted
    to, None of an empty ledger. `why_read_only` says why nothing can be changed here, "" if it can; `warnings` are what
    whoever works on the ledger has to know; `copy` is what it was taken of, if it is a copy to work in.
    """

    where: str
    name: str
    title: str
    year: FinancialYear
    period: Period
    last_period: Period | None
    is_folder: bool
    is_server: bool
    why_read_only: str = ""
    warnings: tuple[str, ...] = ()
    copy: "Copy | None" = None

    @property
    def writable(self) -> bool:
        """Whether it can be changed here."""
        return not self.why_read_only

    @property
    def may_be_copied(self) -> bool:
        """Whether a copy to work in can be taken of it: it is a file, and no such copy itself."""
        return not (self.is_folder or self.is_server or self.copy)


ASKED_READ_ONLY = "This ledger was opened to be read: nothing in it can be changed here."
OPENED_ANEW = "it was being opened anew just then; do it once more"
FOLDER_READ_ONLY = "This ledger is a folder of files, and nothing in it is ever written."


class Session(QObject):
    """One ledger open at a time, and the period and reading that every page looks at."""

    opened_changed = Signal()
    """Another ledger is open, or none: `opened` says which."""

    changed = Signal()
    """Something in the ledger changed: figures on screen are to be asked for again."""

    view_changed = Signal()
    """Another period, or the other reading, was chosen."""

    preferences_changed = Signal()
    """Units, negatives, theme or text size: what is on screen is to be drawn again."""

    busy_changed = Signal(bool)
    failed = Signal(str, object)
    """A heading and a Failure, for the window's banner: what went wrong where no page has a better place for it."""

    said = Signal(str)
    """A sentence for the status bar: what was just done."""

    def __init__(self, parent: QObject | None = None, preferences: Preferences | None = None) -> None:
        """With no ledger open."""
        super().__init__(parent)
        self.reads = Jobs("reading", parent=self)
        self.writes = Jobs("writing", parent=self)
        self.asides = Jobs("aside", parent=self)
        self.searches = Jobs("searching", parent=self)
        for lane in (self.reads, self.writes, self.asides, self.searches):
            lane.busy_changed.connect(self._tell_busy)
        self._reader, self._writer = Held(), Held()  # each touched by its lane only
        self._searcher: Ledger | None = None  # touched by the searching lane only
        self._opening: Job[Any] | None = None
        self._was_busy = False
        self._let_go = False  # whether the open ledger was let go of, to be opened once more
        self.opened: Opened | None = None
        self.ready: Callable[[], object] = lambda: None
        """What else a ledger's being open takes, done on the worker thread that opens it: loading its first page."""
        self.period = Period.M12
        self.outturn = False
        self.preferences = preferences or read_preferences()
        show_as(self.preferences.units, self.preferences.negatives)

    # What is open

    @property
    def busy(self) -> bool:
        """Whether anything is under way in any lane."""
        return self.reads.busy or self.writes.busy or self.asides.busy or self.searches.busy

    @property
    def writable(self) -> bool:
        """Whether the open ledger can be changed here."""
        return self.opened is not None and self.opened.writable

    def open(
        self,
        where: str,
        *,
        read_only: bool = False,
        done: Callable[[], None] = lambda: None,
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        """Open a ledger in place of the one that is open, which stays if the other cannot be. The last asked for wins.

        One that another program has open for writing is opened to be read, and says who has it.
        """
        # the writing lane first: an older file is migrated, and one left by a crash recovered, before it is read
        if self._opening is not None:
            self._opening.drop()
        self._opening = self.writes.start(
            lambda _job: self._open_writer(where, read_only=read_only),
            lambda why: self._open_reader(where, why, done, failed),
            lambda failure: self._not_opened(where, failure, failed),
        )

    def _open_writer(self, where: str, *, read_only: bool) -> tuple[str, tuple[str, ...]]:
        """Why the ledger can only be read ("" if it can be changed), and its warnings."""
        from ledgers import open_ledger  # noqa: PLC0415  the first window opens none

        self._writer.wait(None)
        writer: Ledger | None = None
        why = ASKED_READ_ONLY
        if Path(where).is_dir():
            why = FOLDER_READ_ONLY
        elif not read_only:
            if self._writer.is_of(where):
                self._writer.let_go()  # this very program would be who holds it
                self._let_go = True
            try:
                writer = open_ledger(where)
                why = ""
            except RefusedError as refused:
                why = "\n".join(str(problem) for problem in refused.problems)
                open_ledger(where, read_only=True).close()  # it cannot be read either: that is the answer
        self._writer.wait(writer)
        return why, () if writer is None else tuple(getattr(writer, "warnings", ()))

    def _open_reader(
        self,
        where: str,
        told: tuple[str, tuple[str, ...]],
        done: Callable[[], None],
        failed: Callable[[Failure], None] | None,
    ) -> None:
        why, warnings = told

        def work(_job: Job[Opened]) -> Opened:
            from ledgers import open_ledger  # noqa: PLC0415  the first window opens none

            ledger = open_ledger(where, read_only=True)
            try:
                more = tuple(each for each in getattr(ledger, "warnings", ()) if each not in warnings)
                opened = replace(_opened(where, ledger), why_read_only=why, warnings=warnings + more)
            except BaseException:
                ledger.close()
                raise
            self._reader.wait(ledger)
            self.ready()
            return opened

        def show(opened: Opened) -> None:
            self._opening, self._let_go = None, False
            self._in_both(Held.adopt)
            self._end_searches()
            self.opened = opened
            self.period, self.outturn = opened.period, False
            # a server by its name, which holds no password
            self.keep(self.preferences.having_opened(opened.name if opened.is_server else str(Path(where).absolute())))
            self.opened_changed.emit()
            done()

        self._opening = self.reads.start(work, show, lambda failure: self._not_opened(where, failure, failed))

    def _not_opened(self, where: str, failure: Failure, failed: Callable[[Failure], None] | None) -> None:
        self._opening = None
        self._in_both(lambda held: held.wait(None))
        if self._let_go:
            self.close_ledger()
        if failed is not None:
            failed(failure)
        else:
            self.failed.emit(f"{without_password(where)} could not be opened", failure)

    def close_ledger(self) -> None:
        """Let go of the ledger: none is open then."""
        self.opened, self._let_go = None, False
        self._end_searches()
        self._in_both(Held.let_go)
        self.opened_changed.emit()

    def close(self) -> None:
        """End every lane, letting go of the ledger on the threads that hold it."""
        self.asides.close(lambda: None)
        self.searches.close(self._close_searcher)
        self.reads.close(self._reader.close)
        self.writes.close(self._writer.close)

    def _in_both(self, does: Callable[[Held], None]) -> None:
        for lane, held in ((self.reads, self._reader), (self.writes, self._writer)):
            lane.start(partial(_of, held, does), lambda _none: None, lambda _failure: None)

    def _close_searcher(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = None

    def _end_searches(self) -> None:
        self.searches.start(lambda _job: self._close_searcher(), lambda _none: None, lambda _failure: None)

    # Which period is looked at

    def choose(self, period: Period, *, outturn: bool) -> None:
        """Look at a period: its year to date, or the forecast outturn seen from it."""
        if (period, outturn) != (self.period, self.outturn):
            self.period, self.outturn = period, outturn
            self.view_changed.emit()

    # Work

    def read(
        self,
        work: "Callable[[Ledger], _Answer]",
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None] | None = None,
    ) -> Job[_Answer]:
        """Ask the open ledger something quick. An answer that is wanted no longer: `drop` the job.

        Without `failed` the window's banner tells of an error.
        """

        def ask(_job: Job[_Answer]) -> _Answer:
            assert self._reader.current is not None  # noqa: S101  pages ask only while a ledger is open
            return work(self._reader.current)

        return self.reads.start(ask, done, failed or self._tell("The ledger could not be read"))

    def write(
        self,
        work: "Callable[[Ledger, Job[_Answer]], _Answer]",
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None] | None = None,
        *,
        progressed: Progressed | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job[_Answer]:
        """Change the open ledger. The work is called with it and the job, which it may tell how far it has come.

        `changed` is told after `done`. Without `failed` the window's banner tells of an error.
        """

        def change(job: Job[_Answer]) -> _Answer:
            if self._writer.current is None:
                raise RefusedError(*_read_only_problem(self.opened))
            return work(self._writer.current, job)

        def tell(answer: _Answer) -> None:
            try:
                if is_there(done):
                    done(answer)
            finally:
                self.changed.emit()

        return self.writes.start(
            change, tell, failed or self._tell("The ledger was not changed"), progressed, cancelled
        )

    def aside(
        self,
        function: Callable[..., _Answer],
        *arguments: object,
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None] | None = None,
        progressed: Progressed | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job[_Answer]:
        """Do long work in a process of its own (`ui.aside.in_a_process`); `Job.cancel` ends it at once.

        The function opens the ledger itself, to read: give it `opened.where`.
        """
        from ui.aside import in_a_process  # noqa: PLC0415  the first window does nothing long

        work = in_a_process(function, *arguments)
        return self.asides.start(work, done, failed or self._tell("That could not be done"), progressed, cancelled)

    def search(
        self,
        work: "Callable[[Ledger, Job[_Answer]], _Answer]",
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None] | None = None,
        *,
        progressed: Progressed | None = None,
    ) -> Job[_Answer]:
        """Ask the open ledger what takes a second or two: counting, sorting, summing all of it.

        It has a lane and a connection of its own, so that pages are drawn meanwhile, cell by cell: it does its work in
        the database, not in Python. The work is called with the ledger and the job. A folder is in memory already.
        """
        opened = self.opened
        told = failed or self._tell("The ledger could not be searched")
        if opened is not None and opened.is_folder:
            return self.reads.start(partial(self._ask_reader, work), done, told, progressed)

        def ask(job: Job[_Answer]) -> _Answer:
            from ledgers import open_ledger  # noqa: PLC0415  the first window opens none

            assert opened is not None  # noqa: S101  pages ask only while a ledger is open
            if self._searcher is None:
                self._searcher = open_ledger(opened.where, read_only=True)
            return work(self._searcher, job)

        return self.searches.start(ask, done, told, progressed)

    def _ask_reader(self, work: "Callable[[Ledger, Job[_Answer]], _Answer]", job: Job[_Answer]) -> _Answer:
        assert self._reader.current is not None  # noqa: S101  pages ask only while a ledger is open
        return work(self._reader.current, job)

    def _tell(self, heading: str) -> Callable[[Failure], None]:
        return lambda failure: self.failed.emit(heading, failure)

    # How it is shown

    def keep(self, preferences: Preferences) -> None:
        """Have these preferences from now on, and at the next start."""
        before, self.preferences = self.preferences, preferences
        if preferences == before:
            return
        with suppress(OSError):  # a folder that cannot be written in costs the next start its memory, no more
            write_preferences(preferences)
        shown = ("units", "negatives", "theme", "text_size")
        if any(getattr(before, name) != getattr(preferences, name) for name in shown):
            show_as(preferences.units, preferences.negatives)
            self.preferences_changed.emit()

    def kept(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  a JSON value
        """What a page kept under its key; the default too if what stands there is nothing of its kind."""
        found = self.preferences.kept.get(key, default)
        return found if default is None or type(found) is type(default) else default

    def keep_for(self, key: str, value: object) -> None:
        """Keep a JSON value for a page."""
        self.keep(replace(self.preferences, kept={**self.preferences.kept, key: value}))

    def _tell_busy(self) -> None:
        if self.busy != self._was_busy:
            self._was_busy = self.busy
            self.busy_changed.emit(self.busy)


def _opened(where: str, ledger: "Ledger") -> Opened:
    from settlement.service import period_to_settle  # noqa: PLC0415  the first window settles nothing

    agreement = ledger.agreement_at(Period.M13)
    is_server = where.startswith(("postgresql://", "postgres://"))
    copy = None
    if not is_server:
        from ledgers.copies import copy_at  # noqa: PLC0415  the first window opens none

        copy = copy_at(Path(where))
    return Opened(
        where=where,
        name=ledger.name,
        title=agreement.title,
        year=agreement.year,
        period=period_to_settle(ledger),
        last_period=ledger.last_period(),
        is_folder=Path(where).is_dir(),
        is_server=is_server,
        copy=copy,
    )


def _of(held: Held, does: Callable[[Held], None], _job: Job[None]) -> None:
    does(held)


def _read_only_problem(opened: Opened | None) -> list[Any]:
    from rules.problems import Problem  # noqa: PLC0415  only where something is refused

    why = "no ledger is open" if opened is None else opened.why_read_only or OPENED_ANEW
    return [Problem(why, "" if opened is None else opened.name)]
