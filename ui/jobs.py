"""Work off the GUI thread: one job after another on the one thread that every ledger is opened, read and closed on.

A SQLite connection belongs to the thread that opened it, so there is one worker and no more. Answers come back by a
signal, on the GUI thread; an error comes back as sentences for a person, with details for whoever helps them.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from rules.problems import RefusedError

_Answer = TypeVar("_Answer")

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job gave no answer: what a person is told, and details to copy."""

    sentence: str
    details: str


def failure_of(error: BaseException) -> Failure:
    """The error in words: a refusal has its own, anything else is the program's fault and says so."""
    if isinstance(error, RefusedError):
        problems = [str(problem) for problem in error.problems]
        told = problems[:_SHOWN]
        if problems[_SHOWN:]:
            told.append(f"The details list all {len(problems)} problems.")
        return Failure("\n".join(told), "\n".join(problems))
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError):
        return Failure(f"The computer refused it: {error.strerror or error}.", details)
    sentence = f"The program met an error that it did not expect ({type(error).__name__}). Nothing was changed."
    return Failure(sentence, details)


class Job(Generic[_Answer]):
    """A piece of work under way, and who is told of its answer. One that was dropped tells nobody."""

    def __init__(
        self, work: Callable[[], _Answer], done: Callable[[_Answer], None], failed: Callable[[Failure], None]
    ) -> None:
        """Nothing runs yet: `Jobs` sees to that."""
        self._work = work
        self._done = done
        self._failed = failed
        self._answer: tuple[_Answer] | None = None
        self._error: BaseException | None = None
        self._dropped = False

    def drop(self) -> None:
        """Want the answer no longer: another question took its place."""
        self._dropped = True

    def perform(self) -> None:
        """Do the work, on the worker thread."""
        if self._dropped:
            return
        try:
            self._answer = (self._work(),)
        except Exception as error:  # noqa: BLE001  whatever goes wrong there, a person is told here
            self._error = error

    def deliver(self) -> None:
        """Tell of the answer, on the GUI thread."""
        if self._dropped:
            return
        if self._error is not None:
            self._failed(failure_of(self._error))
        elif self._answer is not None:
            self._done(self._answer[0])


class Jobs(QObject):
    """The queue of jobs. `busy_changed` tells when it begins and ends having any."""

    busy_changed = Signal(bool)
    _performed = Signal(object)

    def __init__(self, executor: Executor | None = None, parent: QObject | None = None) -> None:
        """An executor of one's own must have a single worker."""
        super().__init__(parent)
        self._executor = executor or ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._outstanding: list[Job[Any]] = []
        self._performed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a job is under way, waiting, or has an answer not yet told."""
        return bool(self._outstanding)

    def start(
        self, work: Callable[[], _Answer], done: Callable[[_Answer], None], failed: Callable[[Failure], None]
    ) -> Job[_Answer]:
        """Have the work done after all that was asked before it, and `done` or `failed` told on the GUI thread."""
        job = Job(work, done, failed)
        if not self.busy:
            self.busy_changed.emit(True)  # noqa: FBT003  a signal has no keywords
        self._outstanding.append(job)
        self._executor.submit(self._perform, job)
        return job

    def close(self, last: Callable[[], None]) -> None:
        """Drop what still waits, do one last thing on the worker, and end its thread."""
        for job in self._outstanding:
            job.drop()
        self._executor.submit(last)
        self._executor.shutdown(wait=True)

    def _perform(self, job: Job[Any]) -> None:
        job.perform()
        self._performed.emit(job)

    def _deliver(self, job: Job[Any]) -> None:
        self._outstanding.remove(job)
        try:
            job.deliver()
        finally:
            if not self.busy:
                self.busy_changed.emit(False)  # noqa: FBT003  a signal has no keywords
