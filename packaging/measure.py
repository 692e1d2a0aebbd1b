"""`python packaging/measure.py FOLDER LEDGER`: how large a build is, how fast it starts and how much memory it takes.

Each start is the best of a few. Warm: the files are in the system's cache; cold: they were put out of it before, which
is done without being an administrator. The window is usable once the ledger is open in it, and is drawn off screen.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_MEGABYTE = 1_000_000
_LONGEST = 120
_TRIES = 5


def main() -> int:
    """Measure what the command line names, and print a table; answers the exit status."""
    parser = argparse.ArgumentParser(description="Measures a one-folder build on Linux.")
    parser.add_argument("folder", type=Path, help="the build")
    parser.add_argument("ledger", type=Path, help="a ledger; a copy of it is opened")
    parser.add_argument("--tries", type=int, default=_TRIES, help="how often each is started")
    asked = parser.parse_args()
    if sys.platform != "linux":
        sys.stderr.write("this reads /proc: on Windows, measure with its own tools\n")
        return 1
    folder = asked.folder.resolve()
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    print(f"{'the folder':<24}{sum(path.stat().st_size for path in files) / _MEGABYTE:8.1f} MB in {len(files)} files")
    with tempfile.TemporaryDirectory(prefix="s75-measure-") as home:
        ledger = Path(home) / "pool.s75"
        shutil.copyfile(asked.ledger, ledger)
        starts = {
            "s75 --help": lambda: command(folder, Path(home), "--help"),
            "s75 settle": lambda: command(folder, Path(home), "settle", ledger.name),
            "the window": lambda: window(folder, Path(home), ledger),
        }
        for name, start in starts.items():
            warm, memory = best(start, asked.tries, lambda: None)
            cold, _memory = best(start, asked.tries, lambda: forget(files))
            print(f"{name:<24}{warm:8.2f} s warm {cold:8.2f} s cold {memory / _MEGABYTE:8.0f} MB")
    return 0


def best(start: Callable[[], tuple[float, int]], tries: int, before: Callable[[], None]) -> tuple[float, int]:
    """The shortest time of some starts, each after `before`, and the least memory."""
    found = []
    for _ in range(tries):
        before()
        found.append(start())
    return min(seconds for seconds, _memory in found), min(memory for _seconds, memory in found)


def forget(files: list[Path]) -> None:
    """Put files out of the system's cache."""
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def command(folder: Path, home: Path, *arguments: str) -> tuple[float, int]:
    """Seconds that a command took, and the most memory that it had."""
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [folder / "s75", *arguments], cwd=home, env=_environment(home), stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"s75 {' '.join(arguments)} ended with {process.returncode}")
    return seconds, used.ru_maxrss * 1024


def window(folder: Path, home: Path, ledger: Path) -> tuple[float, int]:
    """Seconds until the window has the ledger open, and the memory that it has then."""
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [folder / "S75 Settlement", ledger.name],
        cwd=home,
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _is_open(home):
            if process.poll() is not None or time.perf_counter() - begun > _LONGEST:
                raise RuntimeError("the window did not open the ledger")
            time.sleep(0.01)
        seconds = time.perf_counter() - begun
        time.sleep(1)  # what it loads behind the first page
        memory = _memory(process.pid)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(home / "state", ignore_errors=True)
    return seconds, memory


def _is_open(home: Path) -> bool:
    for marker in (home / "state").rglob("*.json"):
        try:
            if json.loads(marker.read_text(encoding="utf-8")).get("ledger"):
                return True
        except (OSError, ValueError):  # it is being replaced
            continue
    return False


def _memory(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the system does not say how much memory a process has")


def _environment(home: Path) -> dict[str, str]:
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    return {"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", **places}


if __name__ == "__main__":
    sys.exit(main())
