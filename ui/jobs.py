"""Work off the GUI thread: one job after another on the one thread of a lane.

A SQLite connection belongs to the thread that opened it, so a lane has one worker and no more. Answers come back by a
signal, on the GUI thread; an error comes back as sentences for a person, with details for whoever helps them.
"""

import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from ui.failures import CancelledError, Failure, failure_of

_Answer = TypeVar("_Answer")

_TELL_EVERY = 0.05

Progressed = Callable[[int, int, str], None]
"""Told, on the GUI thread, how much of how much is done, and what is being done."""


def is_there(told: Callable[..., object]) -> bool:
    """Whether the widget that a method is of is still there: a dialog may have been closed before its answer came."""
    owner = getattr(told, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class Job(Generic[_Answer]):
    """A piece of work under way, and who is told of its answer. One that was dropped tells nobody.

    The work is called with the job itself as its `Report`: it may say how far it has come, and learns from it that it
    was called off.
    """

    def __init__(
        self,
        work: Callable[["Job[_Answer]"], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None],
        progressed: Progressed | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Nothing runs yet: `Jobs` sees to that."""
        self._work = work
        self._done = done
        self._failed = failed
        self._progressed = progressed
        self._cancelled = cancelled
        self._answer: tuple[_Answer] | None = None
        self._error: BaseException | None = None
        self._dropped = False
        self._called_off = False
        self._told_at = 0.0
        self.tell: Callable[[tuple[int, int, str]], None] = lambda _told: None
        """How a report gets to the GUI thread; `Jobs` sets it."""

    def drop(self) -> None:
        """Want the answer no longer: another question took its place."""
        self._dropped = True

    def cancel(self) -> None:
        """Call the work off: it ends at its next report, having changed nothing. One that is done by then is done."""
        self._called_off = True

    def check(self) -> None:
        """Raise CancelledError if the work was called off. For the work itself."""
        if self._called_off or self._dropped:
            raise CancelledError

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Say how far the work has come. For the work itself; raises CancelledError if it was called off."""
        self.check()
        now = time.monotonic()
        if done >= total or now - self._told_at >= _TELL_EVERY:
            self._told_at = now
            self.tell((done, total, what))

    def perform(self) -> None:
        """Do the work, on the worker thread."""
        if self._dropped:
            return
        try:
            self.check()
            self._answer = (self._work(self),)
        except Exception as error:  # noqa: BLE001  whatever goes wrong there, a person is told here
            self._error = error

    def show_progress(self, told: tuple[int, int, str]) -> None:
        """Tell how far it has come, on the GUI thread."""
        if self._progressed is not None and not self._dropped and is_there(self._progressed):
            self._progressed(*told)

    def let_go(self) -> None:
        """Hold nothing any more, on the GUI thread.

        The worker may hold the job a moment longer; if it were the last to let go of a widget, it would destroy it on
        its own thread, and Qt's widgets must be destroyed on the GUI thread.
        """
        self._work = _done_already
        self._done = self._failed = _tell_nobody
        self._progressed = self._cancelled = None
        self._answer = self._error = None
        self.tell = _tell_nobody

    def deliver(self) -> None:
        """Tell of the answer, on the GUI thread."""
        if self._dropped:
            return
        if isinstance(self._error, CancelledError):
            if self._cancelled is not None and is_there(self._cancelled):
                self._cancelled()
        elif self._error is not None:
            if is_there(self._failed):
                self._failed(failure_of(self._error))
        elif self._answer is not None and is_there(self._done):
            self._done(self._answer[0])


def _tell_nobody(*_told: object) -> None:
    """What a job that is over tells."""


def _done_already(_job: object) -> Any:  # noqa: ANN401  it answers nothing
    """What a job that is over would do."""
    raise CancelledError


class Jobs(QObject):
    """The queue of jobs of one lane. `busy_changed` tells when it begins and ends having any."""

    busy_changed = Signal(bool)
    _performed = Signal(object)
    _told = Signal(object, object)

    def __init__(self, name: str = "ledger", executor: Executor | None = None, parent: QObject | None = None) -> None:
        """An executor of one's own must have a single worker."""
        super().__init__(parent)
        self._executor = executor or ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._outstanding: list[Job[Any]] = []
        self._closed = False
        self._performed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a job is under way, waiting, or has an answer not yet told."""
        return bool(self._outstanding)

    def start(
        self,
        work: Callable[[Job[_Answer]], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None],
        progressed: Progressed | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job[_Answer]:
        """Have the work done after all that was asked before it, and `done` or `failed` told on the GUI thread.

        `progressed` is told how far it has come, `cancelled` that it ended because it was called off.
        """
        job = Job(work, done, failed, progressed, cancelled)
        job.tell = lambda told: self._told.emit(job, told)
        if self._closed:  # the window is closing: there is nobody to tell, and nothing is begun
            job.drop()
            return job
        self._outstanding.append(job)
        if len(self._outstanding) == 1:
            self.busy_changed.emit(True)  # noqa: FBT003  a signal has no keywords
        self._executor.submit(self._perform, job)
        return job

    def close(self, last: Callable[[], None]) -> None:
        """Drop what still waits, do one last thing on the worker, and end its thread. Closing twice does no harm."""
        if self._closed:
            return
        self._closed = True
        for job in self._outstanding:
            job.drop()
        self._executor.submit(last)
        self._executor.shutdown(wait=True)

    def _perform(self, job: Job[Any]) -> None:
        job.perform()
        self._performed.emit(job)

    def _show_progress(self, job: Job[Any], told: tuple[int, int, str]) -> None:
        if job in self._outstanding:
            job.show_progress(told)

    def _deliver(self, job: Job[Any]) -> None:
        self._outstanding.remove(job)
        try:
            job.deliver()
        finally:
            job.let_go()
            if not self.busy:
                self.busy_changed.emit(False)  # noqa: FBT003  a signal has no keywords
