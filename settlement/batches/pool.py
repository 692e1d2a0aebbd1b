"""Tasks shared out to processes of their own, each of which is set up once and ends with the one that started it.

`concurrent.futures` has no way to end what is at work, and its processes outlive one that is killed: here each process
has one pipe, and ends when nobody holds the other end. A process that is ended from outside costs its task and no more.
"""

import multiprocessing
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from rules.problems import RefusedError

_Set = TypeVar("_Set")
_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")

_LOOK_EVERY = 0.1
ENDED = "the process that did it was ended from outside, perhaps for want of memory"


@dataclass(frozen=True, slots=True)
class Refused:
    """What came of a task that was refused, in sentences."""

    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work(Generic[_Set, _Task, _Answer]):
    """What is to be done with each task. `do` stands at the top of a module; what `setting` holds can be pickled."""

    do: Callable[[_Set, _Task], _Answer]
    setting: _Set

    def answer(self, task: _Task) -> _Answer | Refused:
        """Do one, here."""
        try:
            return self.do(self.setting, task)
        except RefusedError as refused:
            return Refused(tuple(str(problem) for problem in refused.problems))


def done_by(
    work: Work[_Set, _Task, _Answer],
    tasks: Iterable[_Task],
    jobs: int,
    check: Callable[[], None] = lambda: None,
) -> Generator[tuple[int, _Answer | Refused], None, None]:
    """Do the tasks in so many processes, in this one if 0; answers each task's place and answer, as they come.

    `check` is called several times a second, and may raise to end it all. Raises OSError where the computer refuses
    something, and RuntimeError, with where it was, for an error of the program's own. Close it, and its processes end.
    """
    if jobs:
        yield from _in_processes(work, tasks, jobs, check)
        return
    for place, task in enumerate(tasks):
        check()
        yield place, work.answer(task)


class _Worker:
    """A process at work, and the place of the task that it has."""

    def __init__(self, work: Work[Any, Any, Any]) -> None:
        context = multiprocessing.get_context("spawn")  # as on Windows: nothing half done is inherited
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, work), daemon=True)
        with deaf_to_interrupts():
            self.process.start()
        theirs.close()
        self.place = -1
        self.task: Any = None

    def give(self, place: int, task: object) -> None:
        self.place, self.task = place, task
        with suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it was ended: that is found when its answer is waited for
            self.pipe.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def _in_processes(
    work: Work[Any, _Task, _Answer], tasks: Iterable[_Task], jobs: int, check: Callable[[], None]
) -> Iterator[tuple[int, _Answer | Refused]]:
    left = enumerate(tasks)
    workers: list[_Worker] = []
    try:
        while True:
            idle = [worker for worker in workers if worker.place < 0]
            while (idle or len(workers) < jobs) and (following := next(left, None)) is not None:
                worker = idle.pop() if idle else _Worker(work)
                if worker not in workers:
                    workers.append(worker)
                worker.give(*following)
            busy: dict[object, _Worker] = {worker.pipe: worker for worker in workers if worker.place >= 0}
            if not busy:
                return
            check()
            for pipe in wait([worker.pipe for worker in busy.values()], _LOOK_EVERY):
                worker = busy[pipe]  # on Windows a pipe is no Connection: it is known by itself, not by its class
                place, worker.place = worker.place, -1
                try:
                    kind, told = worker.pipe.recv()
                except (EOFError, ConnectionResetError):
                    workers.remove(worker)
                    worker.end()
                    kind, told = "done", Refused((ENDED,))
                yield place, _answer(kind, told)
    finally:
        for worker in workers:
            worker.end()


def _answer(kind: str, told: Any) -> Any:  # noqa: ANN401  whatever the work answers
    if kind == "os":
        raise OSError(*told)
    if kind == "failed":
        raise RuntimeError(told)
    return told


def _serve(pipe: Connection, work: Work[Any, Any, Any]) -> None:
    """Answer tasks until nobody asks any more. An interrupt is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            told = ("done", work.answer(task))
        except OSError as error:
            told = ("os", (error.errno, error.strerror or str(error), error.filename))
        except Exception:  # noqa: BLE001  it is told where somebody sees it
            told = ("failed", traceback.format_exc())
        try:
            pipe.send(told)
        except (BrokenPipeError, ConnectionResetError):
            return


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Ctrl+C is heard afterwards; a process started meanwhile hears none from its first moment."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
