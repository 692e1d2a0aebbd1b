"""What every measurement is given: where the data is, how our program is started, how many rounds."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generate import Data, Shape, write
from timing import Measured, Work, environment, interleaved, run

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
GOLDEN = REPOSITORY / "tests" / "golden"
_FLOORS = ("rules", "ledgers", "settlement", "ui")
_STARTER = """import sys
from settlement.command.main import run
if __name__ == "__main__":
    sys.exit(run())
"""


@dataclass(slots=True)
class Bench:
    """One run of the benchmark. `folder` keeps the generated data from run to run."""

    folder: Path
    lines: int = 1_000_000
    rounds: int = 5
    quick: bool = False
    python: str = sys.executable
    surroundings: dict[str, str] = field(default_factory=dict)
    imported: dict[int, Path] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def s75(self) -> list[str | Path]:
        """Our command, as the installed script starts it."""
        return [self.python, self.source / "s75"]

    @property
    def sizes(self) -> list[int]:
        """Numbers of lines, from a thousand to the most that was asked for."""
        return [size for size in (1_000, 10_000, 100_000) if size < self.lines] + [self.lines]

    def set_up(self) -> None:
        """Copy the source and compile it: the tree may be worked on meanwhile, and an installed program is compiled."""
        shutil.rmtree(self.source, ignore_errors=True)
        self.source.mkdir(parents=True)
        for floor in _FLOORS:
            shutil.copytree(
                REPOSITORY / floor, self.source / floor, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )
        (self.source / "s75").write_text(_STARTER)
        self.surroundings = environment(self.source)
        subprocess.run([self.python, "-m", "compileall", "-q", self.source], check=True, env=self.surroundings)

    def data(self, lines: int, *forms: str) -> Data:
        """A generated ledger's files."""
        return write(self.folder / str(lines), Shape(lines), forms)

    def ours(self, name: str, *arguments: str | Path, **more: object) -> Work:
        """Our command as a work."""
        return Work(name, [*self.s75, *arguments], always=True, **more)  # type: ignore[arg-type]

    def script(self, file: str, *arguments: object) -> list[str | Path]:
        """A Python script beside this one, as a command."""
        return [self.python, HERE / file, *(str(each) for each in arguments)]

    def once(self, work: Work) -> str:
        """Run it, and give its output."""
        return run(work, self.surroundings).output

    def measure(self, works: Sequence[Work], rounds: int | None = None) -> list[Measured]:
        """Interleaved, in the usual number of rounds unless another is named."""
        for work in works:
            print(f"  … {work.name}" + (f": missing, {work.missing}" if work.missing else ""), file=sys.stderr)
        return interleaved(works, self.surroundings, rounds or self.rounds)

    def empty_ledger(self, data: Data) -> Path:
        """A new `.s75` of the data's agreement, made by our own command."""
        path = data.folder / "empty.s75"
        path.unlink(missing_ok=True)
        self.once(self.ours("new", "new", path, "--agreement", data.agreement))
        return path

    def ledger(self, data: Data) -> Path:
        """A `.s75` with the data's lines, imported by our own command, once in a run."""
        if data.lines not in self.imported:
            path = data.folder / "lines.s75"
            shutil.copyfile(self.empty_ledger(data), path)
            self.once(self.ours("import", "import", path, data.csv))
            self.imported[data.lines] = path
        return self.imported[data.lines]


def missing_program(name: str, package: str = "") -> str:
    """Why a program of the system cannot be run; nothing if it can."""
    return "" if shutil.which(name) else f"apt-get install {package or name}"


def missing_package(name: str, package: str = "") -> str:
    """Why a Python peer cannot be run; nothing if it can."""
    return "" if importlib.util.find_spec(name) else f"pip install {package or name}"
