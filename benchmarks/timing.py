"""Whole processes, timed in turn: wall clock, processor time and the most memory each held.

All works of a comparison run one after another, round after round, so that what else the machine does falls on all of
them. A first round that is not counted warms caches and byte code; works of more than half a minute run once, uncounted
rounds and all, after their files have been read.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

LONG_SECONDS = 30.0
_MIB = 1 << 20


class FailedError(Exception):
    """A work did not end well: its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end. `inner` is what the process itself measured, if it prints that."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


@dataclass(frozen=True, slots=True)
class Work:
    """A command to time. `prepare` runs before each time, uncounted; `check` holds its output to what is known.

    `reads` are read once beforehand. `missing` says why it cannot be run here. `seconds_of` takes the seconds that
    the process measured itself from its output, for work that is compared without its start. `always` is for what a
    target rests on: it has all its rounds, however long they take.
    """

    name: str
    command: Sequence[str | Path] = ()
    reads: Sequence[Path] = ()
    prepare: Callable[[], None] | None = None
    check: Callable[[str], None] | None = None
    missing: str = ""
    seconds_of: Callable[[str], float] | None = None
    always: bool = False
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Measured:
    """What the rounds of one work came to."""

    work: Work
    runs: list[Run] = field(default_factory=list)

    @property
    def missing(self) -> str:
        return self.work.missing

    def _seconds(self) -> list[float]:
        taken = self.work.seconds_of
        return [run.seconds if taken is None else taken(run.output) for run in self.runs]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(self._seconds())

    @property
    def least_seconds(self) -> float:
        return min(self._seconds())

    @property
    def cpu_seconds(self) -> float:
        """The median of user and system time."""
        return median(run.cpu_seconds for run in self.runs)

    @property
    def peak_mib(self) -> float:
        return max(run.peak_mib for run in self.runs)

    @property
    def output(self) -> str:
        return self.runs[-1].output

    def within(self, limit: float) -> str:
        """Whether it is: by the median, or only by the least, which other work on the machine lengthens least."""
        return verdict(self.seconds <= limit, at_best=self.least_seconds <= limit)

    def __str__(self) -> str:
        """`0.31 s (0.29; cpu 0.28)`: median, least, processor time; and how many runs, where they are under five."""
        if self.missing:
            return f"missing: {self.missing}"
        few = "" if len(self.runs) >= 5 else f", {len(self.runs)} run{'s' if len(self.runs) > 1 else ''}"
        cpu = "" if self.work.seconds_of else f"; cpu {seconds_text(self.cpu_seconds, unit=False)}"
        return f"{seconds_text(self.seconds)} ({seconds_text(self.least_seconds, unit=False)}{cpu}{few})"


def verdict(met: bool, *, at_best: bool) -> str:  # noqa: FBT001  said at every call what it is
    """What the table says of a target."""
    return "yes" if met else "at its least" if at_best else "NO"


def seconds_text(seconds: float, *, unit: bool = True) -> str:
    """Three figures, in seconds."""
    text = f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"
    return f"{text} s" if unit else text


def environment(source: Path) -> dict[str, str]:
    """Ours is the compiled copy; byte code may be written, as where the program is installed."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}}
    return kept | {"PYTHONPATH": str(source), "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}


def run(work: Work, surroundings: dict[str, str]) -> Run:
    """One process. Raises FailedError if it fails, or its output is not what it must be."""
    if work.prepare is not None:
        work.prepare()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in work.command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env=surroundings | work.environment,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        output = out.read().decode()
        if process.returncode:
            errors.seek(0)
            message = f"{work.name} ended with {process.returncode}:\n{errors.read().decode()[-2000:]}"
            raise FailedError(message)
    if work.check is not None:
        work.check(output)
    # ru_maxrss is in KiB here; a child's is at least this small process's own, which starts it
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / _MIB, output)


def interleaved(works: Iterable[Work], surroundings: dict[str, str], rounds: int) -> list[Measured]:
    """Each work's runs, in the order of the works."""
    found = [Measured(work) for work in works]
    present = [each for each in found if not each.missing]
    long: set[str] = set()
    for each in present:
        for path in each.work.reads:
            with path.open("rb") as stream:
                while stream.read(_MIB):
                    pass
        first = run(each.work, surroundings)
        if first.seconds > LONG_SECONDS and not each.work.always:
            each.runs.append(first)
            long.add(each.work.name)
    for _ in range(rounds):
        for each in present:
            if each.work.name not in long:
                each.runs.append(run(each.work, surroundings))
    return found
