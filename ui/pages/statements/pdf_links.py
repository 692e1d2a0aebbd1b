"""Where a PDF leads inside itself: the links of a page and the bookmarks of the whole, in points from the top left.

These are read on the drawing thread (`drawing.Drawer`), like everything of a PDF.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]  # it has no types

_MOST_LINKS = 500  # on a page: one of a statement has some forty
_MOST_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class Goal:
    """A place that something leads to: a page, counted from nought, and how far down it."""

    page: int
    down: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Which document is looked at, and at which page of it, how far down."""

    key: str
    page: int = 0
    down: int = 0

    @property
    def goal(self) -> Goal:
        """The place in the document."""
        return Goal(self.page, self.down)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link on a page: its box as left, top, width, height, what it says of itself, and where it leads."""

    box: tuple[int, int, int, int]
    text: str
    goal: Goal


@dataclass(frozen=True, slots=True)
class Part:
    """A bookmark: a heading of the document, how deep it lies, and where it stands."""

    title: str
    level: int
    goal: Goal


def links_of(pdf: "PdfDocument", page: int) -> tuple[PageLink, ...]:
    """The links of a page that lead to a place in the document, in the order they were made."""
    pdf_page = pdf[page]
    try:
        return tuple(_links(pdf, pdf_page))
    finally:
        pdf_page.close()


def parts_of(pdf: "PdfDocument") -> tuple[Part, ...]:
    """The bookmarks, in order. One that leads nowhere is left out."""
    found: list[Part] = []
    for mark in pdf.get_toc():
        target = mark.get_dest()
        goal = None if target is None else _goal(pdf, target.raw)
        if goal is not None:
            found.append(Part(mark.get_title(), mark.level, goal))
        if len(found) == _MOST_PARTS:
            break
    return tuple(found)


def _links(pdf: "PdfDocument", page: "PdfPage") -> Iterator[PageLink]:
    from pypdfium2 import raw  # noqa: PLC0415  a few tenths of a second, and only to look at statements

    high = page.get_height()
    at, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(_MOST_LINKS):
        if not raw.FPDFLink_Enumerate(page, ctypes.byref(at), ctypes.byref(link)):
            return
        rect = raw.FS_RECTF()
        target = raw.FPDFLink_GetDest(pdf, link)
        goal = _goal(pdf, target) if target and raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rect)) else None
        if goal is not None:
            wide, deep = int(rect.right - rect.left) + 1, int(rect.top - rect.bottom) + 1
            yield PageLink((int(rect.left), int(high - rect.top), wide, deep), _said_of(page, link), goal)


def _said_of(page: "PdfPage", link: object) -> str:
    """What the link says of itself, for who does not see it: the words that stand there."""
    from pypdfium2 import raw  # noqa: PLC0415  as above

    annotation = raw.FPDFLink_GetAnnot(page, link)
    if not annotation:
        return ""
    try:
        length = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
        told = ctypes.create_string_buffer(length)
        space = ctypes.cast(told, ctypes.POINTER(raw.FPDF_WCHAR))
        raw.FPDFAnnot_GetStringValue(annotation, b"Contents", space, length)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)
    return told.raw.decode("utf-16-le", errors="replace").rstrip("\0")


def _goal(pdf: "PdfDocument", target: object) -> Goal | None:
    from pypdfium2 import raw  # noqa: PLC0415  as above

    page = raw.FPDFDest_GetDestPageIndex(pdf, target)
    if page < 0:
        return None
    has_x, has_y, has_zoom = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    x, y, zoom = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFDest_GetLocationInPage(target, has_x, has_y, has_zoom, x, y, zoom)
    if not has_y.value:
        return Goal(page)
    _, high = pdf.get_page_size(page)
    return Goal(page, max(0, int(high - y.value)))
