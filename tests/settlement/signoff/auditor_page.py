"""The commands of docs/auditor.md that need no program, run with the real `openssl` and `sha256sum` in a folder."""

import subprocess
from pathlib import Path

from tests.guide.pages import DOCS, Command, commands_of, page_of
from tests.guide.running import is_shown

_WITHOUT = "Without the program"
_END = "What none of this can tell"


def commands() -> list[Command]:
    """The commands of that part of the page, in its order."""
    page = page_of(DOCS / "auditor.md")
    lines = {text: line for line, _level, text in page.headings}
    return [
        command
        for block in page.blocks
        if block.is_session and lines[_WITHOUT] < block.line < lines[_END]
        for command in commands_of(block)
    ]


def objections(folder: Path) -> list[str]:
    """What the page's commands print in a folder where they do not print what the page shows; nothing if it is sound.

    The folder holds the notes 0001 and 0002, signed by LBB and others, and LBB.pub.
    """
    found = []
    for shown in commands():
        done = subprocess.run(
            ["bash", "-c", shown.text],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"},
            check=False,
        )
        said = done.stdout.decode(errors="replace")
        # a loop ends with the status of its last command, whatever it printed before; all others tell by it too
        if done.returncode or not is_shown(shown.shown, said):
            found.append(f"$ {shown.text}\n{said}")
    return found
