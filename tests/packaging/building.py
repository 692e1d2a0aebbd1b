"""The packaged program as the tests have it: built once for all workers, and run as whoever has it runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.own_folders import own_folders

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
if str(PACKAGING) not in sys.path:
    sys.path.insert(0, str(PACKAGING))

PASSPHRASE = "correct horse battery staple"  # noqa: S105  of keys that the tests make and throw away
_KEPT = ("LANG", "LC_ALL", "TZ")
"""Of the environment: the program finds nothing else of this machine's Python."""


@dataclass(frozen=True)
class Said:
    """What a run of the program said, and how it ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Built:
    """A one-folder build."""

    folder: Path

    @property
    def inside(self) -> Path:
        """What is beside the executables."""
        return self.folder / "_internal"

    @property
    def program(self) -> Path:
        """Every command."""
        return self.folder / "s75"

    @property
    def window(self) -> Path:
        """The desktop."""
        return self.folder / "S75 Settlement"

    def run(self, home: Path, *arguments: str, status: int = 0, program: Path | None = None) -> Said:
        """Run a command in a folder, with that as its home and nothing of this environment; it has to end so."""
        done = subprocess.run(
            [program or self.program, *arguments],
            cwd=home,
            env=environment(home),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=240,
        )
        said = Said(done.returncode, done.stdout, done.stderr)
        assert said.status == status, f"{arguments}: {said}"
        return said


def environment(home: Path) -> dict[str, str]:
    """An environment in which only what is packaged can be found."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        **own_folders(home),
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "QT_QPA_PLATFORM": "offscreen",
        "S75_PASSPHRASE": PASSPHRASE,
    }
