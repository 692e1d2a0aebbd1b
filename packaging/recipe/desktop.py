"""What a Linux desktop knows the program by: its entry in the menu, the type of its files, its icons."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from recipe.contents import ROOT

NAME = "s75-settlement"
LEDGER_ICON = "s75-ledger"
LINUX = ROOT / "packaging" / "linux"


class IconsError(Exception):
    """The icons cannot be drawn."""


def write_beside(folder: Path, work: Path) -> None:
    """Put it into the folder `desktop` of a build that is given out as a folder, for whoever installs it by hand."""
    target = folder / "desktop"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for file in (f"{NAME}.desktop", f"{NAME}.xml"):
        shutil.copyfile(LINUX / file, target / file)
    drawn = draw_icons(work)
    for icon in (NAME, LEDGER_ICON):
        shutil.copyfile(drawn / f"{icon}.svg", target / f"{icon}.svg")


def install_icons(folder: Path, work: Path) -> None:
    """Put the icons, in every size, where `hicolor` has them."""
    drawn = draw_icons(work)
    for icon, kind in ((NAME, "apps"), (LEDGER_ICON, "mimetypes")):
        _copy(drawn / f"{icon}.svg", folder / f"scalable/{kind}/{icon}.svg")
        for file in sorted(drawn.glob(f"{icon}-*.png")):
            size = file.stem.rpartition("-")[2]
            _copy(file, folder / f"{size}x{size}/{kind}/{icon}.png")


def draw_icons(work: Path) -> Path:
    """Draw them, in a process of its own: Qt is not loaded into the one that builds. Answers the folder."""
    drawn = work / "icons"
    run = [sys.executable, str(ROOT / "packaging" / "icons" / "draw.py"), str(drawn)]
    unseen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(run, capture_output=True, text=True, check=False, env=unseen)  # noqa: S603
    if told.returncode:
        message = f"the icons cannot be drawn: {told.stderr.strip()}"
        raise IconsError(message)
    return drawn


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
