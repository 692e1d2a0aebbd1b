"""Operations killed at any moment: a warm process forks, its child does one, the parent kills it.

A fork is ready at once, so that hundreds of moments take seconds. Nothing may be open when it happens: SQLite does
not survive a fork. On Windows nothing forks: there a child starts afresh, and waits until it is told to begin.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_AFRESH = """
import importlib, pathlib, sys
module, name, path = sys.argv[1:]
operation = getattr(importlib.import_module(module), name)
print("ready", flush=True)
input()
operation(pathlib.Path(path))
"""


def timed(operation: Callable[[Path], None], path: Path) -> float:
    """How long the operation takes in a child of its own, in seconds."""
    if sys.platform == "win32":
        with _afresh(operation, path) as begun:
            started = time.monotonic()
            begun.communicate("\n")
            assert begun.returncode == 0
            return time.monotonic() - started
    started = time.monotonic()
    child = start(operation, path)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return time.monotonic() - started


def _afresh(operation: Callable[[Path], None], path: Path) -> subprocess.Popen[str]:
    """A child that has loaded all that the operation needs; it must be a function of a module."""
    child = subprocess.Popen(
        [sys.executable, "-c", _AFRESH, operation.__module__, operation.__name__, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def start(operation: Callable[[Path], None], path: Path) -> int:
    """Begin the operation in a child, whose number is answered; it ends with status 0 if the operation does."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        operation(path)
        status = 0
    finally:
        os._exit(status)  # no test's tidying up is the child's


def killed_at(operation: Callable[[Path], None], path: Path, seconds: float) -> None:
    """Begin the operation and kill it after so many seconds, whether it is done by then or not."""
    if sys.platform == "win32":
        with _afresh(operation, path) as begun:
            assert begun.stdin is not None
            begun.stdin.write("\n")
            begun.stdin.flush()
            time.sleep(seconds)
            begun.kill()
        return
    child = start(operation, path)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def copy_of(folder: Path, to: Path) -> Path:
    """A copy of a folder with all that is in it, times included."""
    if to.exists():
        shutil.rmtree(to)
    return Path(shutil.copytree(folder, to))


def moments(seed: int, count: int, longest: float) -> list[float]:
    """So many moments of an operation that takes `longest` seconds, the same each time."""
    chance = random.Random(seed)  # noqa: S311
    return [chance.random() * longest * 1.05 for _ in range(count)]
