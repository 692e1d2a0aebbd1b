"""`python packaging/build.py`: the packaged program, from the source to the files that are given out, in `dist/`.

On Linux: the folder `S75 Settlement`, it as a `.tar.xz`, and the Debian package. On Windows: the folder, and it as the
portable zip; `packaging/windows/package.py` makes the installers of it. `packaging/build.sh` and
`packaging/windows/build.ps1` set up the environment of `requirements-package.lock` first, and run this in it.

The same source, lock and Python give the same bytes: everything is dated with SOURCE_DATE_EPOCH (the commit's time if
it is not set), and `build-record.json` in the folder says what was built, of what, with what.
"""

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
sys.path.insert(0, str(PACKAGING))

from recipe import archives, contents, deb, desktop, guide, locked, records, system  # noqa: E402

SUMS = "SHA256SUMS"
_IS_WINDOWS = sys.platform == "win32"
_MACHINES = {"amd64": "x64", "x86_64": "x64", "arm64": "arm64", "aarch64": "arm64"}


class BuildError(Exception):
    """A step did not come to its end."""


REFUSALS = (
    BuildError,
    deb.DebError,
    desktop.IconsError,
    guide.GuideError,
    locked.NotLockedError,
    system.UnknownLibraryError,
)
"""Each with a sentence that says what is missing or did not end well."""


def say(told: str) -> None:
    """Tell how far it has come."""
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()


def build_folder(out: Path, work: Path, *, pictures: bool = True) -> Path:
    """Make the one-folder build. Raises BuildError, NotLockedError or GuideError with the reason if it cannot."""
    locked.check()
    if pictures:
        say("Drawing the guide's pictures")
        guide.draw_pictures()
    resources = work / "resources"
    if _IS_WINDOWS:
        _run(
            "the icons and version resources",
            [sys.executable, str(PACKAGING / "windows" / "resources.py"), str(resources)],
        )
    say("Building the folder")
    epoch = str(records.source_date())
    environment = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": epoch, "S75_RESOURCES": str(resources)}
    arguments = ["--noconfirm", "--log-level", "WARN", "--distpath", str(out), "--workpath", str(work)]
    run = [sys.executable, "-m", "PyInstaller", *arguments, str(PACKAGING / "s75.spec")]
    _run("PyInstaller", run, environment)
    return out / contents.WINDOW


def describe(folder: Path) -> None:
    """Put the licences of all that is in the folder beside it, and its bill of materials."""
    say("Collecting licences and writing the bill of materials")
    epoch = {"SOURCE_DATE_EPOCH": str(records.source_date())}
    for step in ("licences", "sbom"):
        _run(step, [sys.executable, str(PACKAGING / "supply" / f"{step}.py"), str(folder)], epoch)


def give_out(folder: Path, out: Path, work: Path, *, with_deb: bool = True) -> list[Path]:
    """Make the files that are given out of a folder. Raises DebError or UnknownLibraryError if one cannot be made."""
    when = records.source_date()
    stem = f"s75-settlement-{records.project()['version']}"
    machine = _MACHINES.get(platform.machine().lower(), platform.machine().lower())
    if _IS_WINDOWS:
        made = [out / f"{stem}-windows-{machine}-portable.zip"]
        say(f"Writing {made[0].name}")
        archives.write_zip(folder, made[0], when)
        return made
    made = []
    if with_deb:
        say(f"Writing {deb.file_name()}")
        made.append(deb.make_deb(folder, out, system.asked_by(folder), when, work))
    desktop.write_beside(folder, work)  # a package has it in the system's own folders
    made.append(out / f"{stem}-linux-{machine}.tar.xz")
    say(f"Writing {made[-1].name}")
    archives.write_tar(folder, made[-1], when)
    return made


def main() -> int:
    """What is asked for on the command line; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python packaging/build.py", description="Makes the packaged program.")
    parser.add_argument("--out", type=Path, default=contents.ROOT / "dist", help="where to (dist)")
    parser.add_argument(
        "--work", type=Path, default=contents.ROOT / "build", help="for what is made on the way (build)"
    )
    parser.add_argument("--no-pictures", action="store_true", help="draw none: the guide has those that are there")
    parser.add_argument("--no-deb", action="store_true", help="make no Debian package, where there is no dpkg-deb")
    parser.add_argument("--folder-only", action="store_true", help="make the folder, and no file of it")
    asked = parser.parse_args()
    out, work = asked.out.resolve(), asked.work.resolve()
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    try:
        folder = build_folder(out, work, pictures=not asked.no_pictures)
        describe(folder)
        made = [] if asked.folder_only else give_out(folder, out, work, with_deb=not asked.no_deb)
    except REFUSALS as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if made:
        archives.write_sums(made, out / SUMS)
    for path in (folder, *made):
        say(str(path))
    return 0


def _run(what: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    told = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})}
    )
    if told.returncode:
        message = f"{what}: {(told.stderr or told.stdout).strip()}"
        raise BuildError(message)


if __name__ == "__main__":
    sys.exit(main())
