"""PDF pages as pictures and as text: all of it on one thread of its own, for the library that does it has no other way.

Nothing here belongs to a widget. A document is held open while it is looked at, and closed by `close`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from ui.failures import Failure
from ui.jobs import Job, Jobs, Progressed
from ui.pages.statements.pdf_links import PageLink, Part, links_of, parts_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no types

_Answer = TypeVar("_Answer")

POINTS = 72  # to an inch
_FINEST = 2_400  # pixels across: a page larger than any screen shows nothing more
_MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Size:
    """A page's width and height in whole points."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text stands on a page: boxes in points from the top left, as left, top, width, height."""

    page: int
    boxes: tuple[tuple[int, int, int, int], ...]


class Drawer:
    """Draws the pages of one document at a time, on its own thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        """With no document open."""
        self.lane = Jobs("drawing", parent=parent)
        self._path = ""
        self._document: PdfDocument | None = None  # touched by the lane's thread only
        self._is_closed = False

    def close(self) -> None:
        """Let go of the document and end the thread. Closing twice does no harm."""
        if not self._is_closed:
            self._is_closed = True
            with suppress(RuntimeError):  # the lane went with its parent
                self.lane.close(self._let_go)

    def open(
        self, path: str, done: Callable[[tuple[Size, ...]], None], failed: Callable[[Failure], None]
    ) -> Job[tuple[Size, ...]]:
        """Open a document in place of the one before; answers the size of each page."""

        def work(_job: Job[tuple[Size, ...]]) -> tuple[Size, ...]:
            self._let_go()
            pdf = self._opened(path)
            sizes = (pdf.get_page_size(number) for number in range(len(pdf)))
            return tuple(Size(int(width), int(height)) for width, height in sizes)

        return self.lane.start(work, done, failed)

    def let_go(self) -> None:
        """Close the document, so that its file can be replaced or removed."""
        self.lane.start(lambda _job: self._let_go(), lambda _none: None, lambda _failure: None)

    def draw(
        self, page: int, width: int, done: Callable[[QImage], None], failed: Callable[[Failure], None]
    ) -> Job[QImage]:
        """A page as a picture, so many pixels wide."""
        return self.lane.start(lambda _job: self.picture(page, width), done, failed)

    def text(self, page: int, done: Callable[[str], None], failed: Callable[[Failure], None]) -> Job[str]:
        """A page's text, as a screen reader or a person who copies it wants it."""
        return self.lane.start(lambda _job: self._text(page), done, failed)

    def links(
        self, page: int, done: Callable[[tuple[PageLink, ...]], None], failed: Callable[[Failure], None]
    ) -> Job[tuple[PageLink, ...]]:
        """The links of a page."""
        return self.lane.start(lambda _job: links_of(self._opened(self._path), page), done, failed)

    def parts(
        self, done: Callable[[tuple[Part, ...]], None], failed: Callable[[Failure], None]
    ) -> Job[tuple[Part, ...]]:
        """The document's bookmarks."""
        return self.lane.start(lambda _job: parts_of(self._opened(self._path)), done, failed)

    def find(
        self,
        text: str,
        start: int,
        step: int,
        done: Callable[[Found | None], None],
        failed: Callable[[Failure], None],
    ) -> Job[Found | None]:
        """The next page, from `start` on and around, that has the text; +1 looks forwards, -1 backwards."""

        def work(job: Job[Found | None]) -> Found | None:
            pdf = self._opened(self._path)
            for count in range(len(pdf)):
                job.check()
                found = self._on_page((start + step * count) % len(pdf), text)
                if found.boxes:
                    return found
            return None

        return self.lane.start(work, done, failed)

    def run(
        self,
        work: Callable[[Job[_Answer]], _Answer],
        done: Callable[[_Answer], None],
        failed: Callable[[Failure], None],
        progressed: Progressed | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job[_Answer]:
        """Other work with the document, printing it, on the same thread."""
        return self.lane.start(work, done, failed, progressed, cancelled)

    # On the lane's thread

    @property
    def pages(self) -> int:
        """How many pages the document has. On the lane's thread."""
        return len(self._opened(self._path))

    def picture(self, page: int, width: int) -> QImage:
        """A page so many pixels wide. On the lane's thread."""
        pdf_page = self._opened(self._path)[page]
        try:
            bitmap = pdf_page.render(scale=min(width, _FINEST * 4) / pdf_page.get_width(), rev_byteorder=False)
            buffer, stride = bytes(bitmap.buffer), bitmap.stride
            kind = QImage.Format.Format_RGB32 if bitmap.n_channels == _FOUR else QImage.Format.Format_BGR888
            image = QImage(buffer, bitmap.width, bitmap.height, stride, kind).copy()
            bitmap.close()
        finally:
            pdf_page.close()
        return image

    def _text(self, page: int) -> str:
        pdf_page = self._opened(self._path)[page]
        words = pdf_page.get_textpage()
        try:
            return str(words.get_text_range()).replace("\r\n", "\n")
        finally:
            words.close()
            pdf_page.close()

    def _on_page(self, page: int, text: str) -> Found:
        pdf_page = self._opened(self._path)[page]
        words = pdf_page.get_textpage()
        boxes: list[tuple[int, int, int, int]] = []
        try:
            high = pdf_page.get_height()
            searcher = words.search(text)
            while len(boxes) < _MOST_FOUND and (place := searcher.get_next()) is not None:
                for number in range(words.count_rects(*place)):
                    left, bottom, right, top = words.get_rect(number)
                    boxes.append((int(left), int(high - top), int(right - left) + 1, int(top - bottom) + 1))
            searcher.close()
        finally:
            words.close()
            pdf_page.close()
        return Found(page, tuple(boxes))

    def _opened(self, path: str) -> "PdfDocument":
        if self._document is None or self._path != path:
            from pypdfium2 import PdfDocument  # noqa: PLC0415  a few tenths of a second, and only to look at statements

            self._let_go()
            self._document = PdfDocument(path)
            self._path = path
        return self._document

    def _let_go(self) -> None:
        if self._document is not None:
            self._document.close()
        self._document = None


_FOUR = 4  # bytes to a pixel
