"""The packaged program beside GnuCash's Debian package: what is downloaded and installed, cold and warm start, memory.

Ours is the folder and the `.deb` that `sh packaging/build.sh` leaves in `dist/`, or in `$S75_DIST`. The two programs
do different work: what is compared is what a desk has to carry to have them, and how long it waits.
"""

import os
import shutil
import subprocess
from pathlib import Path

from bench import REPOSITORY, Bench, missing_program
from table import Line, quicker
from timing import Work

_ROUNDS = 5
_MIB = 1 << 20
_GNUCASH = ("gnucash", "gnucash-common")


def measure(bench: Bench) -> list[Line]:
    """Sizes as the packages say them, starts until the window is shown on a bare screen, memory a little later."""
    dist = Path(os.environ.get("S75_DIST", REPOSITORY / "dist"))
    folder, package = dist / "S75 Settlement", next(iter(sorted(dist.glob("*.deb"))), None)
    if not folder.is_dir() or package is None:
        return [Line("the packaged program", "missing: sh packaging/build.sh")]
    ledger = bench.ledger(bench.data(bench.sizes[0]))
    lines = _sizes(folder, package)
    for state in ("cold", "warm"):
        ours = Work(
            f"{state} start",
            bench.script("packaged_start.py", state, "S75 Settlement", folder / "S75 Settlement", ledger),
            missing=missing_program("xdotool"),
            seconds_of=lambda output: float(output.split()[0]),
            always=True,
        )
        theirs = Work(
            "gnucash",
            bench.script("packaged_start.py", state, " - GnuCash$", "gnucash", "--nofile"),
            missing=missing_program("gnucash") or missing_program("xdotool"),
            seconds_of=lambda output: float(output.split()[0]),
        )
        mine, other = bench.measure([ours, theirs], _ROUNDS)
        lines.append(
            Line(
                f"{state} start of the package, until its window is shown, a ledger with it",
                str(mine),
                "GnuCash without a file",
                str(other),
                "" if other.missing or mine.missing else quicker(mine.seconds, other.seconds),
                "< 1 s" if state == "warm" else "",
                mine.within(1.0) if state == "warm" and not mine.missing else "",
            )
        )
        if state == "warm" and not mine.missing and not other.missing:
            held, theirs_held = (float(each.output.split()[1]) for each in (mine, other))
            lines.append(Line("memory held then", f"{held:.0f} MiB", "GnuCash", f"{theirs_held:.0f} MiB"))
    return lines


def _sizes(folder: Path, package: Path) -> list[Line]:
    installed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    theirs = [_field(name, "Size") for name in _GNUCASH], [_field(name, "Installed-Size") for name in _GNUCASH]
    download = f"{sum(theirs[0]) / _MIB:.0f} MiB" if all(theirs[0]) else "missing: apt-get update"
    unpacked = f"{sum(theirs[1]) / 1024:.0f} MiB" if all(theirs[1]) else "missing: apt-get update"
    return [
        Line("the package to download", f"{package.stat().st_size / _MIB:.0f} MiB", "GnuCash's two", download),
        Line("the same, installed", f"{installed / _MIB:.0f} MiB", "GnuCash's two, its libraries apart", unpacked),
    ]


def _field(package: str, name: str) -> int:
    """A number that the package lists say of a package; nothing if they do not have it."""
    if shutil.which("apt-cache") is None:
        return 0
    told = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", package], capture_output=True, text=True, check=False
    )
    return next((int(line.split()[1]) for line in told.stdout.splitlines() if line.startswith(f"{name}: ")), 0)
