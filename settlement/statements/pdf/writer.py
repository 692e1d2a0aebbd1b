"""A document as a PDF: A4, embedded fonts, tagged for readers that speak it, to be kept; the same bytes every time."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from rules.language import say
from settlement.statements.document import Document, Tone
from settlement.statements.pdf.file import PdfFile, references
from settlement.statements.pdf.fonts import Fonts
from settlement.statements.pdf.ink import Ink
from settlement.statements.pdf.layout import pages_of
from settlement.statements.pdf.links import Links
from settlement.statements.pdf.metadata import catalogue_entries, info
from settlement.statements.pdf.picture import dots_of, operators
from settlement.statements.pdf.rows import Rows
from settlement.statements.pdf.tags import Element, Tags
from settlement.statements.pdf.text import BOLD, REGULAR, Style, one_line, shortened, use_fonts, width
from settlement.statements.pdf.units import (
    ALERT,
    GREY,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RULE,
    TOP,
    WIDTH,
    Art,
    Bookmark,
    Image,
    Op,
    Page,
    Place,
    Rule,
    Shade,
    Text,
    accent_of,
)

_WATERMARK = "0.945 0.94 0.94 rg"
_WATERMARK_WIDTH, _WATERMARK_SIZE = 640.0, 170.0
_TURNED = "0.6157 0.788 -0.788 0.6157"  # by 52 degrees
_RUNNING = Style(REGULAR, 7.8, GREY)
_IMAGE = "/Logo"


def write_pdf(document: Document, path: Path) -> None:
    """Write the document to the path. Raises OSError if it cannot be written."""
    use_fonts()
    with path.open("wb") as stream:
        _Print(document, stream).write()


class _Print:
    """One document on its way to the file."""

    def __init__(self, document: Document, stream: BinaryIO) -> None:
        self._document = document
        self._file = PdfFile(stream)
        self._fonts = Fonts(self._file)
        self._tags = Tags(self._file)
        self._links = Links(self._file, self._tags)
        self._ink = Ink(self._fonts, self._tags, self._links)
        self._rows = Rows(self._file, self._ink, accent_of(document.look))

    def write(self) -> None:
        """All of the file."""
        file, document = self._file, self._document
        pages, structure = pages_of(document)
        root = file.number()
        frame = _frame(document, self._ink)
        beneath = _watermark(document.watermark, self._fonts)
        numbers = []
        for count, page in enumerate(pages, 1):
            numbers.append(file.number())
            self._ink.begin(numbers[-1])
            self._ink.beneath(beneath)
            frame(say("Page {number} of {count}", number=count, count=len(pages)))
            self._page(page, numbers[-1], root)
        file.put(root, f"<</Type/Pages/Kids[{references(numbers)}]/Count {len(numbers)}>>")
        self._tags.finish(structure)
        entries = self._links.finish() + catalogue_entries(document, file)
        self._fonts.finish(self._image())
        catalogue = file.add(f"<</Type/Catalog/Pages {root} 0 R/StructTreeRoot {self._tags.root} 0 R{entries}>>")
        file.finish(catalogue, info(document, file))

    def _page(self, page: Page, number: int, parent: int) -> None:
        """Draw a page's items and write it."""
        for placed in page:
            top = PAGE_HEIGHT - TOP - placed.top
            item = placed.item
            for op in item.ops:
                self._op(op, top, number)
            if item.cells is not None:
                self._rows.draw(item.cells, top)
        content = self._file.number()
        self._file.put_stream(content, self._ink.take().encode("ascii"))
        annotations = self._links.take()
        listed = f"/Annots[{references(annotations)}]" if annotations else ""
        self._file.put(
            number,
            f"<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
            f"/Resources {self._fonts.resources} 0 R/Contents {content} 0 R/Tabs/S{listed}"
            f"/StructParents {self._tags.key_of_page(self._ink.elements)}>>",
        )

    def _op(self, op: Op, top: float, page: int) -> None:
        ink = self._ink
        match op:
            case Text():
                ink.text(MARGIN + op.x, top - op.y, op.style, op.text, op.element)
            case Rule():
                ink.rule(MARGIN + op.x, top - op.y, op.width, op.thickness, op.colour)
            case Shade():
                ink.shade(MARGIN + op.x, top - op.y - op.height, op.width, op.height, op.colour)
            case Bookmark():
                self._links.mark(op.title, op.level, page, top)
            case Place():
                self._links.place(op.anchor, page, top)
            case Art():
                left, high = MARGIN + op.x, top - op.y
                _bounded(op.element, left, high, op.drawing.width * op.scale, op.drawing.height * op.scale)
                ink.figure(op.element, operators(op.drawing, self._fonts, left, high, op.scale))
            case Image():
                left, high = MARGIN + op.x, top - op.y
                _bounded(op.element, left, high, op.width, op.height)
                ink.figure(
                    op.element,
                    f"{op.width:.2f} 0 0 {op.height:.2f} {left:.2f} {high - op.height:.2f} cm {_IMAGE} Do",
                )

    def _image(self) -> str:
        """Write the logo; its entry among the resources."""
        if not self._document.look.logo:
            return ""
        _, _, data, entries = dots_of(self._document.look.logo)
        number = self._file.number()
        self._file.put_raw_stream(number, data, entries)
        return f"/XObject<<{_IMAGE} {number} 0 R>>"


def _bounded(figure: Element, left: float, top: float, wide: float, high: float) -> None:
    """Say where on the page a figure stands."""
    corners = f"{left:.2f} {top - high:.2f} {left + wide:.2f} {top:.2f}"
    figure.attributes = f"<</O/Layout/Placement/Block/BBox[{corners}]>>"


# What every page has


def _watermark(text: str, fonts: Fonts) -> str:
    """A word from corner to corner behind everything on the page, so light that what stands on it is read as before.

    It is marked as no part of the content: a reader that speaks the page passes over it.
    """
    if not text:
        return ""
    size = round(min(_WATERMARK_WIDTH / width(text, Style(BOLD, 1.0)), _WATERMARK_SIZE), 2)
    left, low = -width(text, Style(BOLD, size)) / 2, -size / 3
    shown = fonts.show(BOLD, size, text)
    return (
        f"/Artifact<</Type/Pagination/Subtype/Watermark>>BDC q {_TURNED} {PAGE_WIDTH / 2:.2f} {PAGE_HEIGHT / 2:.2f} cm "
        f"BT {_WATERMARK} {fonts.name(BOLD)} {size:g} Tf 1 0 0 1 {left:.2f} {low:.2f} Tm {shown} ET Q EMC"
    )


def _frame(document: Document, ink: Ink) -> Callable[[str], None]:
    """The head and foot of every page: agreement, partner, year and period, the draft mark, page x of y."""
    high, low = PAGE_HEIGHT - 38.0, 30.0
    right = MARGIN + WIDTH
    status = Style(BOLD, 8.2, ALERT if document.status_tone is Tone.WARNING else accent_of(document.look))
    status_text = one_line(document.status)
    status_left = right - width(status_text, status)
    running = _running(document.running, status_left - MARGIN - 16.0)
    seal = f" · {document.foot}" if document.foot else ""
    made_by = f"{document.title} · {document.author}" if document.author else document.title
    made_by = shortened(made_by, _RUNNING, WIDTH - 100.0 - width(seal, _RUNNING)) + seal

    def draw(page: str) -> None:
        ink.running("Header")
        ink.text(MARGIN, high, _RUNNING, running)
        ink.text(status_left, high, status, status_text)
        ink.running("Footer")
        ink.text(MARGIN, low, _RUNNING, made_by)
        ink.text(right - width(page, _RUNNING), low, _RUNNING, page)
        ink.rule(MARGIN, high - 5.0, WIDTH, 0.5, RULE)
        ink.rule(MARGIN, low + 11.0, WIDTH, 0.5, RULE)

    return draw


def _running(parts: tuple[str, ...], room: float) -> str:
    """The parts in one line, the longest of them shortened as far as need be: year and period are always there."""
    parts = tuple(map(one_line, parts))
    while width(" · ".join(parts), _RUNNING) > room:
        longest = max(parts, key=len)
        cut = longest.rstrip("… ")[:-1].rstrip()
        if not cut:
            break
        parts = tuple(f"{cut}…" if part == longest else part for part in parts)
    return " · ".join(parts)
