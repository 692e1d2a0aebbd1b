"""The per-user installer, by NSIS: what it installs and removes is written from the payload, file by file."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from windows import names
from windows.payload import Payload

SCRIPT = Path(__file__).with_name("installer.nsi")
TARGETS = ("x86-unicode", "amd64-unicode")
"""Of the installer itself, whose program is for 64 bits always. NSIS for Windows knows the first; Debian's both."""


_NOTICES = "notices.txt"


class ToolError(Exception):
    """A tool that is not there, or that refused."""


@dataclass(frozen=True, slots=True)
class Making:
    """How an installer is made: its icon, its version, and the command that signs it ("": it is not signed)."""

    icon: Path
    version: str = names.VERSION
    target: str = TARGETS[0]
    sign: str = ""


def contents_script(payload: Payload, making: Making, work: Path) -> str:
    """The part of the installer's script that is of this build, and of files in its folder of work."""
    numbers = ".".join(str(number) for number in names.version_numbers(making.version))
    defines = {
        "PRODUCT": names.PRODUCT,
        "PUBLISHER": names.PUBLISHER,
        "DESCRIPTION": names.DESCRIPTION,
        "COPYRIGHT": names.COPYRIGHT,
        "VERSION": making.version,
        "VERSION_NUMBERS": numbers,
        "PROG_ID": names.PROG_ID,
        "EXTENSION": names.EXTENSION,
        "WINDOW_EXE": names.WINDOW_EXE,
        "COMMAND_EXE": names.COMMAND_EXE,
        "LEDGER_ICON": names.LEDGER_ICON,
        "UNINSTALLER": names.UNINSTALLER,
        "KILOBYTES": str(payload.kilobytes),
        "PROGRAM_ICON": str(making.icon.absolute()),
        "NOTICES": str(work / _NOTICES),
        **({"SIGN": making.sign} if making.sign else {}),
    }
    lines = [f"!define {name} {_quoted(value)}" for name, value in defines.items()]
    lines += ["!macro INSTALL_FILES", *_installing(payload), "!macroend"]
    lines += ["!macro REMOVE_FILES", *_removing(payload), "!macroend"]
    return "\n".join(lines) + "\n"


def make_installer(payload: Payload, making: Making, output: Path, work: Path) -> None:
    """Make the installer. Raises ToolError if NSIS is missing or refuses; its warnings are refusals."""
    makensis = find_tool("makensis", "NSIS")
    work = work.absolute()
    notices = payload.source_of(names.NOTICES).read_text(encoding="utf-8-sig")
    (work / _NOTICES).write_text(notices, encoding="utf-8-sig", newline="\r\n")  # as the page of an installer reads it
    contents = work / "contents.nsh"
    contents.write_text(contents_script(payload, making, work), encoding="utf-8-sig")
    run_tool([
        makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8",
        f"-DTARGET={making.target}", f"-DCONTENTS={contents}", f"-DOUTPUT={output.absolute()}", str(SCRIPT),
    ])  # fmt: skip


def find_tool(name: str, package: str) -> str:
    """A tool on the path, or where its own installer puts it. Raises ToolError if it is nowhere."""
    homes = [Path(os.environ[key]) / package for key in ("ProgramFiles(x86)", "ProgramFiles") if key in os.environ]
    found = shutil.which(name) or next(
        (str(home / f"{name}.exe") for home in homes if (home / f"{name}.exe").exists()), ""
    )
    if not found:
        message = f"{name} is not here: install {package}"
        raise ToolError(message)
    return found


def run_tool(command: list[str], folder: Path | None = None) -> str:
    """What a tool says, in a folder. Raises ToolError with it when the tool refuses."""
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, encoding="utf-8", errors="replace", check=False, cwd=folder
    )
    if done.returncode:
        message = f"{Path(command[0]).name} refused:\n{done.stdout}{done.stderr}"
        raise ToolError(message)
    return done.stdout


def _installing(payload: Payload) -> list[str]:
    lines: list[str] = []
    folder: object = None
    for place, source in sorted(payload.files, key=lambda each: (each[0].parent.parts, each[0].name)):
        if place.parent != folder:
            folder = place.parent
            lines.append(f"  SetOutPath {_quoted(_installed(str(folder)))}")
        lines.append(f"  File {_quoted(f'/oname={place.name}')} {_quoted(str(source.absolute()))}")
    return lines


def _removing(payload: Payload) -> list[str]:
    files = [f"  Delete {_quoted(_installed(str(place)))}" for place, _ in payload.files]
    return [*files, *(f"  RMDir {_quoted(_installed(str(folder)))}" for folder in payload.folders)]


def _installed(place: str) -> str:
    return "$INSTDIR" if place == "." else "$INSTDIR\\" + place.replace("/", "\\")


def _quoted(text: str) -> str:
    """As one word of the script."""
    return '"' + text.replace('"', '$\\"') + '"'
