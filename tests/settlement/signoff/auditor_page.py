"""The commands of docs/auditor.md, run with the real `openssl` and `sha256sum` in a folder, and what the page shows."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "auditor.md"
_BLOCK = re.compile(r"```text\n\$ (?P<command>[^\n]*\n(?:> [^\n]*\n)*)(?P<output>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A command of the page, and the output that it shows for a folder in which nothing was changed."""

    command: str
    output: str

    def is_what(self, said: str) -> bool:
        """Whether that is what the page shows; … there stands for anything."""
        anything = "".join(".*" if part == "…" else re.escape(part) for part in re.split("(…)", self.output))
        return re.fullmatch(anything, said, re.DOTALL) is not None


def commands() -> list[Shown]:
    """The commands of the page, in its order."""
    return [
        Shown(re.sub(r"^> ", "", block["command"], flags=re.MULTILINE), block["output"])
        for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))
    ]


def objections(folder: Path) -> list[str]:
    """What the page's commands print in a folder where they do not print what the page shows; nothing if it is sound.

    The folder holds the notes 0001 and 0002, signed by LBB and others, and LBB.pub.
    """
    found = []
    for shown in commands():
        done = subprocess.run(
            ["bash", "-c", shown.command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"},
            check=False,
        )
        said = done.stdout.decode(errors="replace")
        # a loop ends with the status of its last command, whatever it printed before; all others tell by it too
        if done.returncode or not shown.is_what(said):
            found.append(f"$ {shown.command}{said}")
    return found
