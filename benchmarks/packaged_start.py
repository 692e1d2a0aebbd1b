"""Starts an installed program on a screen of its own, and tells how long its window took and what memory it holds.

python packaged_start.py warm|cold TITLE COMMAND …    prints the seconds until a window of that title is shown, and the
                                                      MiB (proportional set size) of its processes three seconds later

`cold` empties the page cache first, which takes root. The screen is Xvfb's: nothing of a desktop helps either program.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_LONGEST = 120.0
_SETTLED = 3.0


def main() -> None:
    """Measure one start."""
    state, title, *command = sys.argv[1:]
    display = f":{90 + os.getpid() % 800}"
    screen = subprocess.Popen(["Xvfb", display, "-noreset", "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        around = {"PATH": os.environ["PATH"], "HOME": home, "DISPLAY": display, "LANG": "C.UTF-8", "NO_AT_BRIDGE": "1"}
        around |= {"QT_QPA_PLATFORM": "xcb", "GSETTINGS_BACKEND": "memory", "XDG_RUNTIME_DIR": home}
        try:
            _await(["xdotool", "getdisplaygeometry"], around)
            if state == "cold":
                os.sync()
                Path("/proc/sys/vm/drop_caches").write_text("3")
            begun = time.monotonic()
            program = subprocess.Popen(
                command, env=around, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _await(["xdotool", "search", "--onlyvisible", "--name", title], around)
            seconds = time.monotonic() - begun
            time.sleep(_SETTLED)
            print(f"{seconds:.3f} {sum(_pss(each) for each in _of_session(program.pid)):.1f}")
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        finally:
            screen.terminate()
            screen.wait()


def _await(command: list[str], around: dict[str, str]) -> None:
    """Ask again and again until the command has an answer; end with status 1 if it never has."""
    until = time.monotonic() + _LONGEST
    while subprocess.run(command, env=around, capture_output=True, check=False).returncode:
        if time.monotonic() > until:
            sys.exit(f"no answer to {' '.join(command)}")
        time.sleep(0.01)


def _of_session(leader: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if os.getsid(int(path.name)) == leader:
                found.append(int(path.name))
    return found


def _pss(process: int) -> float:
    """What memory a process holds, in MiB; its part of what it shares."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
