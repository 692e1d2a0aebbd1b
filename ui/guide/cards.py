"""`python -m ui.guide.cards OUTDIR`: the cards of the guide's shape pages as pictures, drawn from the pages themselves.

A page of `docs/shapes` carries its agreement and its lines as `<!-- file: … -->` blocks. The picture `card-PAGE.png` is
of the clauses of its first `agreement.toml`, settled on the lines in the same folder. `card-PAGE-CASE.png`, on the
folder's first page `card-CASE.png`, is of `CASE/agreement.toml` on the same page or, where agreements differ in a few
tables only, of `common.toml` and `CASE.toml` put together. So the pictures need nothing beside the pages, and show what
the pages' own figures give: on the site, in the program, in a package.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from settlement.guide_pages import guide_folder

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from ui.pages.risk_share.cards import CardFrame
    from ui.pages.risk_share.views import Card

WIDTH = 760
_SHARP = 2
"""The site's pictures have twice as many pixels each way, for screens that show them."""

_MARGIN = 8
_PREFIX = "card-"
_BLOCK = re.compile(r"^<!-- file: (?P<name>\S+) -->\n+```\w*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"!\[(?P<says>[^\]]*)\]\(\.\./pictures/card-(?P<name>[a-z0-9-]+)\.png\)")


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture of a page: its name, its page, what the page says of it, and the texts of its ledger's files."""

    name: str
    page: str
    says: str
    agreement: str
    lines: str
    measures: str


def pictured(text: str, page: str) -> Iterator[Pictured]:
    """The cards that a page has pictures of. Raises KeyError for files that it does not hold."""
    files = {found["name"]: found["text"] for found in _BLOCK.finditer(text)}
    for found in _PICTURE.finditer(text):
        case = found["name"].removeprefix(page).removeprefix("-")
        agreement, folder = _agreement(files, case)
        yield Pictured(
            name=found["name"],
            page=page,
            says=" ".join(found["says"].split()),
            agreement=agreement,
            lines=_beside(files, folder, "lines.csv"),
            measures=_beside(files, folder, "measures.csv"),
        )


def _agreement(files: Mapping[str, str], case: str) -> tuple[str, str]:
    """The agreement that a picture is of, and the folder that it stands in."""
    if case and f"{case}.toml" in files:
        return f"{files['common.toml']}\n{files[f'{case}.toml']}", case
    name = f"{case}/agreement.toml" if case else next(each for each in files if each.endswith("agreement.toml"))
    return files[name], name.rpartition("/")[0]


def _beside(files: Mapping[str, str], folder: str, name: str) -> str:
    """The file of that name in the ledger's folder; where the page has one for all its ledgers, that."""
    own = f"{folder}/{name}" if folder else name
    return files.get(own) or next((text for each, text in files.items() if each.rpartition("/")[2] == name), "")


@cache
def all_pictured() -> Mapping[str, Pictured]:
    """Every picture of every shape page, by name; there are none where the guide is not there."""
    guide = guide_folder()
    pages = sorted((guide / "shapes").glob("*.md")) if guide is not None else []
    return {each.name: each for page in pages for each in pictured(page.read_text(encoding="utf-8"), page.stem)}


def picture(name: str, width: int = WIDTH, sharp: float = 1.0) -> "QImage | None":
    """The picture of that name (`card-` before it or not), as wide as asked; None if no page has such a one.

    It is drawn with the program's own look, light or dark. `sharp` is how many dots make one of its points.
    An application has to be there.
    """
    asked = all_pictured().get(name.removesuffix(".png").removeprefix(_PREFIX))
    if asked is None:
        return None
    sheet, _frames = sheet_of(asked)
    return _drawn(sheet, width, sharp)


def cards_of(asked: Pictured) -> "tuple[Card, ...]":
    """The cards as the Risk share page has them, of the picture's agreement settled on its lines."""
    from ledgers import open_ledger  # noqa: PLC0415  what a ledger needs is loaded when a card is drawn
    from ui.pages.risk_share.views import CardKind, view_in_force  # noqa: PLC0415  as above

    with tempfile.TemporaryDirectory(prefix="s75-card-") as folder:
        for name, text in (
            ("agreement.toml", asked.agreement),
            ("lines.csv", asked.lines),
            ("measures.csv", asked.measures),
        ):
            if text:
                (Path(folder) / name).write_text(text, encoding="utf-8")
        with open_ledger(folder) as ledger:
            period = ledger.agreement_at(ledger.periods()[-1].period).settle_period or ledger.last_period()
            if period is None:
                message = f"{asked.page}: {asked.name}: there is no period to settle"
                raise ValueError(message)
            cards = view_in_force(ledger, period, outturn=False).cards
    return tuple(card for card in cards if card.kind is not CardKind.UNALLOCATED or card.figures)


def read_out(frames: "tuple[CardFrame, ...]") -> str:
    """What a screen reader says of the cards, one after another, with every figure on them."""
    told = []
    for frame in frames:
        figures = "; ".join(link.accessibleName() for link in frame.links)
        said = (f"{frame.accessibleName()}.", frame.accessibleDescription(), f"{figures}." if figures else "")
        told.append(" ".join(each for each in said if each))
    return " ".join(told)


def sheet_of(asked: Pictured) -> "tuple[QWidget, tuple[CardFrame, ...]]":
    """The cards one below another, as the page stacks them, and each of them."""
    from PySide6.QtWidgets import QVBoxLayout, QWidget  # noqa: PLC0415  the platform is chosen before Qt is loaded

    from ui.pages.risk_share.cards import CardFrame  # noqa: PLC0415  as above

    frames = tuple(CardFrame(card) for card in cards_of(asked))
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    for frame in frames:
        column.addWidget(frame)
    return sheet, frames


def _drawn(sheet: "QWidget", width: int, sharp: float) -> "QImage":
    from PySide6.QtCore import QSize, Qt  # noqa: PLC0415  as above
    from PySide6.QtGui import QImage  # noqa: PLC0415  as above

    sheet.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    sheet.show()  # what is never shown is never laid out
    layout = sheet.layout()
    height = layout.totalHeightForWidth(width) if layout is not None else sheet.height()
    sheet.resize(QSize(width, height))
    image = QImage(sheet.size() * sharp, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(sharp)
    image.fill(sheet.palette().color(sheet.backgroundRole()))
    sheet.render(image)
    sheet.hide()
    sheet.deleteLater()
    return image


def main() -> int:
    """Draw every picture into a folder, or print what the cards say; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ui.guide.cards", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", help="where they go; left out, what the cards say is printed")
    parser.add_argument("--only", default="", help="only pictures whose name holds this")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.app import application  # noqa: PLC0415  the platform has to be chosen before Qt is loaded
    from ui.preferences import Theme  # noqa: PLC0415  as above
    from ui.theme import dress  # noqa: PLC0415  as above

    app = application()
    dress(app, Theme.LIGHT)
    chosen = [each for name, each in all_pictured().items() if asked.only in name]
    if asked.out is None:
        for each in chosen:
            sheet, frames = sheet_of(each)
            sys.stdout.write(f"{each.name}: {read_out(frames)}\n")
            sheet.deleteLater()
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)
    for each in chosen:
        file = asked.out / f"{_PREFIX}{each.name}.png"
        sheet, _frames = sheet_of(each)
        if not _drawn(sheet, WIDTH, _SHARP).save(str(file)):
            sys.stderr.write(f"{file}: the picture cannot be written\n")
            return 1
        sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
