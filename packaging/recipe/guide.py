"""The guide as it goes into the build: its pages, and the pictures that they show, in the folder `guide`.

The program's book reads them from there, at `sys._MEIPASS / "guide"`, with the same relative links as in `docs/`. The
pictures are drawn first, for none is kept: of the program's pages on a sample ledger, and of the cards of each clause.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from recipe.contents import ROOT

DOCS = ROOT / "docs"
FOLDER = "guide"
SAMPLE = "barnet-2014-15-reward-mechanism.s75"
_KINDS = frozenset({".csv", ".md", ".sql", ".svg", ".toml"})
_PICTURE = re.compile(r"\]\(([^)\s]+\.png)\)")


class GuideError(Exception):
    """The guide's pictures cannot be drawn."""


def pages() -> list[tuple[str, str]]:
    """Every page, and every picture and file that a page shows: where from, and the folder that it goes to."""
    files = [path for path in sorted(DOCS.rglob("*")) if path.is_file() and path.suffix in _KINDS]
    found = [path for path in files if not path.relative_to(DOCS).parts[0].startswith(("_", "."))]
    shown = {each for path in found if path.suffix == ".md" for each in _pictures(path)}
    return [(str(path), (Path(FOLDER) / path.relative_to(DOCS).parent).as_posix()) for path in (*found, *sorted(shown))]


def _pictures(page: Path) -> set[Path]:
    named = (page.parent / told for told in _PICTURE.findall(page.read_text("utf-8")))
    paths = {Path(os.path.normpath(path)) for path in named}
    return {path for path in paths if path.is_file() and path.is_relative_to(DOCS)}


def draw_pictures() -> None:
    """Draw what the pages show into `docs/pictures`. Raises GuideError, with what was said, if it cannot be."""
    with tempfile.TemporaryDirectory(prefix="s75-pictures-") as folder:
        _run("settlement.command.main", "demo", folder)
        _run("ui.gallery", str(Path(folder) / SAMPLE), str(DOCS / "pictures"), "--look", "light-100")
    _run("ui.guide.cards", str(DOCS / "pictures"))


def _run(module: str, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}  # each has its own
    run = [sys.executable, "-m", module, *arguments]
    told = subprocess.run(run, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)  # noqa: S603
    if told.returncode:
        message = f"{module}: {told.stderr.strip()}"
        raise GuideError(message)
