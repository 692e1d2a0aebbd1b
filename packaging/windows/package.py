"""`python packaging/windows/package.py BUILD OUT`: what is given out of a one-folder build.

The portable zip, the per-user installer, the MSI and the sums of them all.

BUILD is the folder that `packaging/build.py` made on Windows, with its licences in it. It runs on Windows and, with
Debian's packages nsis and wixl, on Linux. The environment variable S75_SIGN_COMMAND may hold the command that signs a
file, with `%1` where its name goes. Ends with status 1 and a sentence when something is missing.
"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from recipe.archives import write_sums, write_zip  # noqa: E402
from recipe.records import source_date  # noqa: E402

from windows import names, resources  # noqa: E402
from windows.installer import TARGETS, Making, ToolError, make_installer, run_tool  # noqa: E402
from windows.msi import make_msi  # noqa: E402
from windows.payload import PayloadError, payload_of  # noqa: E402

SUMS = "SHA256SUMS"


def package(build: Path, out: Path, making: Making, *, msi: bool = True) -> list[Path]:
    """Make everything, and say which files it is. Raises PayloadError or ToolError with the reason if it cannot."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"s75-settlement-{making.version}-windows-x64"
    payload = payload_of(build, making.icon.with_name(names.LEDGER_ICON))
    portable, setup, managed = (out / f"{stem}{end}" for end in ("-portable.zip", "-setup.exe", ".msi"))
    write_zip(build, portable, source_date())
    with TemporaryDirectory(prefix="s75-package-") as work:
        make_installer(payload, making, setup, Path(work))
        if not msi:
            return [portable, setup]
        make_msi(payload, making.icon, managed, Path(work), making.version)
    if making.sign:
        sign(managed, making.sign)
    return [portable, setup, managed]


def sign(path: Path, command: str) -> None:
    """Run a signing command, in which `%1` stands for the file. Raises ToolError if it refuses."""
    run_tool([part.replace("%1", str(path)) for part in _words(command)])


def _words(command: str) -> list[str]:
    """The words of a command line as Windows parts them: by spaces, but not within double quotation marks."""
    words, word, quoted = [], "", False
    for character in command:
        if character == '"':
            quoted = not quoted
        elif character == " " and not quoted:
            words.append(word)
            word = ""
        else:
            word += character
    return [each for each in [*words, word] if each]


def main() -> int:
    """What is asked for on the command line; answers the exit status."""
    parser = argparse.ArgumentParser(
        description="Makes the portable zip, the installer, the MSI and the sums of a one-folder build."
    )
    parser.add_argument("build", type=Path, help="the one-folder build")
    parser.add_argument("out", type=Path, help="where the files go; what else lies there is in the sums too")
    parser.add_argument("--no-msi", action="store_true", help="make no MSI, where there is neither WiX nor wixl")
    parser.add_argument("--target", choices=TARGETS, default=TARGETS[0], help="of the installer itself")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="s75-resources-") as folder:
        resources.write(Path(folder))
        signing = os.environ.get("S75_SIGN_COMMAND", "")
        making = Making(Path(folder) / names.PROGRAM_ICON, target=asked.target, sign=signing)
        try:
            made = package(asked.build, asked.out, making, msi=not asked.no_msi)
        except (PayloadError, ToolError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
    others = [path for path in asked.out.iterdir() if path.is_file() and path.name != SUMS]
    write_sums(others, asked.out / SUMS)
    for path in [*made, asked.out / SUMS]:
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
