"""Long work in a process of its own: the window never waits for it, and calling it off ends the process.

Python runs one thread at a time. Verifying a million lines in a thread would have every table of the window wait for
its turn, cell by cell; in a process it has a processor to itself. A process that is ended leaves a ledger as it was:
what a ledger does is all or nothing. Nothing of Qt here: the process aside loads this module too.
"""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from ui.failures import AsideError, CancelledError, Failure, failure_of

_Answer = TypeVar("_Answer")

_LOOK_EVERY = 0.05
_TELL_EVERY = 0.05


class Report(Protocol):
    """How far the work has come. Calling it raises CancelledError once the person has called the work off."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """So much of so much is done; `what` says what is being done now."""

    def check(self) -> None:
        """Raise CancelledError if the work was called off."""


def in_a_process(function: Callable[..., _Answer], *arguments: object) -> Callable[[Report], _Answer]:
    """The work of a function in a process of its own, for `Session.aside`.

    The function stands at the top of a module, and it, its arguments and its answer can be pickled. It is called with
    the arguments and, last, a `Report`. What it raises comes back in words, as AsideError.
    """

    def work(report: Report) -> _Answer:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(theirs, function, arguments), daemon=True)
        process.start()
        theirs.close()
        try:
            answer: _Answer = _await(ours, report)
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()
        return answer

    return work


def _await(connection: Connection, report: Report) -> Any:  # noqa: ANN401  whatever the function answers
    while True:
        report.check()
        if not connection.poll(_LOOK_EVERY):
            continue
        try:
            kind, told = connection.recv()
        except EOFError:
            sentence = "The work was ended from outside before it was done. Nothing was changed."
            raise AsideError(Failure(sentence, "The process that did it ended without an answer.")) from None
        if kind == "report":
            report(*told)
        elif kind == "failed":
            raise AsideError(told)
        else:
            return told


class _Telling:
    """Sends reports home, not more often than a person can see."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told_at = 0.0

    def __call__(self, done: int, total: int, what: str = "") -> None:
        now = time.monotonic()
        if done >= total or now - self._told_at >= _TELL_EVERY:
            self._told_at = now
            self._connection.send(("report", (done, total, what)))

    def check(self) -> None:
        """Whoever calls the work off ends this process."""


def _serve(connection: Connection, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    try:
        answer = function(*arguments, _Telling(connection))
    except CancelledError:
        return
    except Exception as error:  # noqa: BLE001  whatever goes wrong there, a person is told here
        connection.send(("failed", failure_of(error)))
    else:
        connection.send(("done", answer))
    finally:
        connection.close()
