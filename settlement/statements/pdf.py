"""A document as a PDF: A4, embedded fonts, running head and `page x of y`, bookmarks; the same bytes every time."""

from pathlib import Path

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from settlement.statements.document import Document, Tone
from settlement.statements.pdf_ink import Ink
from settlement.statements.pdf_layout import pages_of
from settlement.statements.pdf_text import BOLD, REGULAR, Style, one_line, shortened, use_fonts, width
from settlement.statements.pdf_units import (
    ALERT,
    GREY,
    INK,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RULE,
    TOP,
    WIDTH,
    Bookmark,
    Page,
    Rule,
    Shade,
    Text,
)

_WATERMARK = (0.93, 0.925, 0.925)
_WATERMARK_WIDTH, _WATERMARK_SIZE, _WATERMARK_ANGLE = 640.0, 170.0, 52.0
_RUNNING = Style(REGULAR, 8.0, GREY)
_STATUS = {Tone.WARNING: Style(BOLD, 8.5, ALERT), Tone.INFORMATION: Style(BOLD, 8.5, INK)}


def write_pdf(document: Document, path: Path) -> None:
    """Write the document to the path. Raises OSError if it cannot be written."""
    use_fonts()
    as_ascii = rl_config.useA85
    rl_config.useA85 = 0  # streams as bytes: quicker, and a fifth smaller
    try:
        canvas = Canvas(
            str(path),
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            invariant=1,  # no clock, no random identity
            pageCompression=1,
            pdfVersion=(1, 7),
            lang="en-GB",
            initialFontName=REGULAR,
        )
        _describe(canvas, document)
        pages = pages_of(document)
        outline = _Outline(canvas)
        ink = Ink(canvas)
        for number, page in enumerate(pages, 1):
            _watermark(canvas, document.watermark)
            _frame(ink, document, f"Page {number} of {len(pages)}")
            _draw(canvas, ink, page, outline)
            canvas.showPage()
        canvas.save()
    finally:
        rl_config.useA85 = as_ascii


def _describe(canvas: Canvas, document: Document) -> None:
    canvas.setTitle(f"{document.title}: {document.subtitle}")
    canvas.setAuthor(document.author or "S75 Settlement")
    canvas.setSubject(" · ".join((*document.running, document.status)))
    canvas.setCreator("S75 Settlement")
    canvas.setViewerPreference("DisplayDocTitle", "true")


class _Outline:
    """The bookmarks, made as their places are drawn; a level is never skipped, or readers refuse the outline."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._level = -1
        self._count = 0

    def add(self, mark: Bookmark, y: float) -> None:
        self._level = min(mark.level, self._level + 1)
        self._count += 1
        key = f"place-{self._count}"
        self._canvas.bookmarkHorizontalAbsolute(key, y)
        self._canvas.addOutlineEntry(mark.title, key, self._level, closed=self._level > 0)
        if self._count == 1:
            self._canvas.showOutline()


def _draw(canvas: Canvas, ink: Ink, page: Page, outline: _Outline) -> None:
    """A page's items, shades and rules beneath the texts."""
    for placed in page:
        top = PAGE_HEIGHT - TOP - placed.top
        for op in placed.item.ops:
            match op:
                case Text():
                    ink.text(MARGIN + op.x, top - op.y, op.style, op.text)
                case Rule():
                    ink.rule(MARGIN + op.x, top - op.y, op.width, op.thickness, op.colour)
                case Shade():
                    ink.shade(MARGIN + op.x, top - op.y - op.height, op.width, op.height, op.colour)
                case Bookmark():
                    outline.add(op, top)
    canvas.addLiteral(ink.take())


def _watermark(canvas: Canvas, text: str) -> None:
    """A word from corner to corner behind everything on the page, so light that what stands on it is read as before.

    It is marked as no part of the content: a reader that speaks the page passes over it.
    """
    if not text:
        return
    size = min(_WATERMARK_WIDTH / width(text, Style(BOLD, 1.0)), _WATERMARK_SIZE)
    canvas.addLiteral("/Artifact << /Type /Pagination /Subtype /Watermark >> BDC")
    canvas.saveState()
    canvas.setFillColorRGB(*_WATERMARK)
    canvas.setFont(BOLD, size)
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(_WATERMARK_ANGLE)
    canvas.drawCentredString(0.0, -size / 3, text)
    canvas.restoreState()
    canvas.addLiteral("EMC")


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


def _frame(ink: Ink, document: Document, page: str) -> None:
    """The head and foot of every page: agreement, partner, year and period, the draft mark, page x of y."""
    high = PAGE_HEIGHT - 40.0
    right = MARGIN + WIDTH
    status = _STATUS[document.status_tone]
    room = WIDTH - width(document.status, status) - 16.0
    ink.text(MARGIN, high, _RUNNING, _running(document.running, room))
    ink.text(right - width(document.status, status), high, status, one_line(document.status))
    seal = f" · {document.foot}" if document.foot else ""
    made_by = shortened(_made_by(document), _RUNNING, WIDTH - 100.0 - width(seal, _RUNNING))
    ink.text(MARGIN, 30.0, _RUNNING, f"{made_by}{seal}")
    ink.text(right - width(page, _RUNNING), 30.0, _RUNNING, page)
    ink.rule(MARGIN, high - 5.0, WIDTH, 0.5, RULE)
    ink.rule(MARGIN, 41.0, WIDTH, 0.5, RULE)


def _made_by(document: Document) -> str:
    return f"{document.title} · {document.author}" if document.author else document.title
