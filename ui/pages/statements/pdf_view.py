"""The pages of a PDF under each other: scrolled, zoomed, drawn as they come into sight, few of them kept."""

from collections import OrderedDict
from functools import partial
from itertools import accumulate

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ui.failures import Failure
from ui.jobs import Job
from ui.pages.statements.drawing import POINTS, Drawer, Found, Size
from ui.pages.statements.pdf_links import Goal, PageLink
from ui.widgets import lines

FIT_WIDTH = 0
ZOOMS = (50, 75, 100, 125, 150, 200, 300)
"""Per cent of the printed size; `FIT_WIDTH` is as wide as the view."""

_KEPT = 6  # pictures of pages
_PAPER, _EDGE, _MARKED, _CHOSEN = "#ffffff", "#8b95a1", "#ffd54a", "#b3261e"  # of the paper, white in any look
_GAP = 1  # lines of text
_FINE = 10_000  # points: so many that their pixels are in proportion to the last digit that counts


class PdfView(QAbstractScrollArea):
    """Looks at the document that a drawer has open."""

    page_changed = Signal(int)
    """The page in sight, counted from nought."""

    link_chosen = Signal(object)
    """The `PageLink` that Enter would follow; None once there is none."""

    followed = Signal(object)
    """The `Goal` of a link that the person followed; it is for whoever keeps the way back to go there."""

    failed = Signal(object)

    def __init__(self, drawer: Drawer, parent: QWidget | None = None) -> None:
        """With nothing to look at."""
        super().__init__(parent)
        self._drawer = drawer
        self._sizes: tuple[Size, ...] = ()
        self._tops: list[int] = []
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._jobs: dict[int, Job[QImage]] = {}
        self._links: dict[int, tuple[PageLink, ...]] = {}
        self._link_jobs: dict[int, Job[tuple[PageLink, ...]]] = {}
        self._chosen: tuple[int, int] | None = None  # a page, and which of its links
        self._found: Found | None = None
        self._page = 0
        self.zoom = FIT_WIDTH
        self.setAccessibleName("Preview of the statement")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Dark)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # What is looked at

    def show_pages(self, sizes: tuple[Size, ...], page: int = 0) -> None:
        """Look at the document with pages of these sizes, from its top or from a page."""
        self._forget_pictures()
        self._sizes = sizes
        self._found = None
        self._lay_out()
        self.go_to_page(min(page, max(0, len(sizes) - 1)))
        self._scrolled()

    def clear(self) -> None:
        """Look at nothing."""
        self.show_pages(())

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page in sight, counted from nought."""
        return self._page

    @property
    def kept(self) -> int:
        """How many pictures of pages are in memory."""
        return len(self._pictures)

    @property
    def is_drawn(self) -> bool:
        """Whether every page in sight is drawn at its size."""
        return all(self._is_good(page) for page in self._in_sight())

    def go_to_page(self, page: int) -> None:
        """Bring the top of a page into sight."""
        if 0 <= page < len(self._tops):
            self.verticalScrollBar().setValue(self._tops[page])

    @property
    def down(self) -> int:
        """How far down the page in sight the top of the view is, in points; less than nought while it is above it."""
        if not self._tops:
            return 0
        below = self.verticalScrollBar().value() - self._tops[self._page]
        return below * _FINE // max(1, self._scaled(_FINE))

    def go_to(self, goal: Goal) -> None:
        """Bring a place into sight, at the top."""
        if 0 <= goal.page < len(self._tops):
            below = -(-goal.down * self._scaled(_FINE) // _FINE)  # up, as `down` is rounded down: back is the same
            self.verticalScrollBar().setValue(self._tops[goal.page] + below)

    def show_found(self, found: Found | None) -> None:
        """Mark where a text was found, and bring the first place into sight."""
        self._found = found
        if found is not None and found.boxes:
            top = self._tops[found.page] + self._box(found.page, found.boxes[0]).top()
            self.verticalScrollBar().setValue(max(0, top - self.viewport().height() // 3))
        self.viewport().update()

    def set_zoom(self, zoom: int) -> None:
        """Per cent of the printed size, or `FIT_WIDTH`; the place in sight stays in sight."""
        if zoom == self.zoom:
            return
        page, into = self._page, 0
        if self._tops:
            into = (self.verticalScrollBar().value() - self._tops[page]) * 1000 // max(1, self._height(page))
        self.zoom = zoom
        self._lay_out()
        if self._tops:
            self.verticalScrollBar().setValue(self._tops[page] + into * self._height(page) // 1000)
        self._scrolled()

    def zoom_by(self, steps: int) -> int:
        """One size larger or smaller than now; answers which."""
        now = self.zoom or self._fitting()
        larger = [zoom for zoom in ZOOMS if zoom > now]
        smaller = [zoom for zoom in ZOOMS if zoom < now]
        chosen = (larger[:1] if steps > 0 else smaller[-1:]) or [ZOOMS[-1] if steps > 0 else ZOOMS[0]]
        self.set_zoom(chosen[0])
        return chosen[0]

    # Where pages stand, in pixels of the window

    def _fitting(self) -> int:
        """The zoom at which the widest page is as wide as the view, in per cent."""
        widest = max((size.width for size in self._sizes), default=1)
        room = self.viewport().width() - 2 * self._gap()
        return max(10, room * 100 * POINTS // (widest * self.logicalDpiX()))

    def _scaled(self, points: int) -> int:
        if self.zoom == FIT_WIDTH:
            widest = max((size.width for size in self._sizes[:1]), default=1)
            return points * max(40, self.viewport().width() - 2 * self._gap()) // widest
        return points * self.zoom * self.logicalDpiX() // (100 * POINTS)

    def _gap(self) -> int:
        return lines(self, _GAP)

    def _width(self, page: int) -> int:
        return self._scaled(self._sizes[page].width)

    def _height(self, page: int) -> int:
        return self._scaled(self._sizes[page].height)

    def _lay_out(self) -> None:
        gap = self._gap()
        heights = [self._scaled(size.height) + gap for size in self._sizes]
        self._tops = [gap // 2, *(gap // 2 + below for below in accumulate(heights))][: len(self._sizes)]
        whole = sum(heights) + gap
        view = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, whole - view.height()))
        down.setPageStep(view.height())
        down.setSingleStep(lines(self, 3))
        widest = max((self._scaled(size.width) for size in self._sizes), default=0) + 2 * gap
        # the page is as wide as the view less its edges: no bar for the odd pixel
        across.setRange(0, 0 if self.zoom == FIT_WIDTH else max(0, widest - view.width()))
        across.setPageStep(view.width())
        across.setSingleStep(lines(self, 2))
        self.viewport().update()

    def _place(self, page: int) -> QRect:
        wide = self._width(page)
        room = self.viewport().width()
        left = max(self._gap(), (room - wide) // 2) - self.horizontalScrollBar().value()
        return QRect(left, self._tops[page] - self.verticalScrollBar().value(), wide, self._height(page))

    def _box(self, page: int, box: tuple[int, int, int, int]) -> QRect:
        left, top, wide, high = (points * self._width(page) // self._sizes[page].width for points in box)
        return QRect(left - 2, top - 2, wide + 4, high + 4)

    def _in_sight(self) -> list[int]:
        if not self._tops:
            return []
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        first = self._page_at(top)
        last = self._page_at(bottom)
        return list(range(first, last + 1))

    def _page_at(self, top: int) -> int:
        """The page at a height of the whole, found by halving: a document may have thousands."""
        low, high = 0, len(self._tops) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._tops[middle] <= top else (low, middle - 1)
        return low

    # Drawing

    def _scrolled(self) -> None:
        sight = self._in_sight()
        if sight:
            middle = self.verticalScrollBar().value() + self.viewport().height() // 3
            page = self._page_at(middle)
            if page != self._page:
                self._page = page
                self.page_changed.emit(page)
        else:
            self._page = 0
        self._ask(sight)
        self.viewport().update()

    def _pixels(self, page: int) -> int:
        """How wide a page's picture is: in the screen's own pixels, so that type is sharp."""
        return int(self._width(page) * self.devicePixelRatioF())

    def _is_good(self, page: int) -> bool:
        picture = self._pictures.get(page)
        return picture is not None and abs(picture.width() - self._pixels(page)) <= 1

    def _ask(self, sight: list[int]) -> None:
        for page in [page for page in self._jobs if page not in sight]:
            self._jobs.pop(page).drop()
        for page in [page for page in self._link_jobs if page not in sight]:
            self._link_jobs.pop(page).drop()
        for page in sight:
            if page not in self._jobs and not self._is_good(page):
                shown = partial(self._drawn, page)
                self._jobs[page] = self._drawer.draw(page, self._pixels(page), shown, self._not_drawn)
            if page not in self._links and page not in self._link_jobs:
                told = partial(self._linked, page)
                self._link_jobs[page] = self._drawer.links(page, told, self._not_drawn)

    def _linked(self, page: int, links: tuple[PageLink, ...]) -> None:
        self._link_jobs.pop(page, None)
        self._links[page] = links

    def _drawn(self, page: int, image: QImage) -> None:
        self._jobs.pop(page, None)
        self._pictures[page] = image
        self._pictures.move_to_end(page)
        sight = self._in_sight()
        while len(self._pictures) > _KEPT:
            away = next((each for each in self._pictures if each not in sight), None)
            if away is None:
                break
            del self._pictures[away]
        self._ask(sight)  # it was drawn for another size if the view changed meanwhile
        self.viewport().update()

    def _not_drawn(self, failure: Failure) -> None:
        self._jobs.clear()
        self._link_jobs.clear()
        self.failed.emit(failure)

    def _forget_pictures(self) -> None:
        for drawing in self._jobs.values():
            drawing.drop()
        for reading in self._link_jobs.values():
            reading.drop()
        self._jobs.clear()
        self._link_jobs.clear()
        self._pictures.clear()
        self._links.clear()
        self._choose(None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Each page in sight: its picture, stretched until the right one is drawn, or white paper."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self._in_sight():
            place = self._place(page)
            if not place.intersects(event.rect()):
                continue
            painter.fillRect(place, QColor(_PAPER))
            picture = self._pictures.get(page)
            if picture is not None:
                painter.drawImage(place, picture)
            if self._found is not None and self._found.page == page:
                self._mark(painter, place, self._found)
            link = self._chosen_link
            if link is not None and self._chosen is not None and self._chosen[0] == page:
                painter.setPen(QPen(QColor(_CHOSEN), max(2, self._gap() // 8)))
                painter.drawRect(self._box(page, link.box).translated(place.topLeft()))
            painter.setPen(QColor(_EDGE))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.end()

    def _mark(self, painter: QPainter, place: QRect, found: Found) -> None:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for box in found.boxes:
            painter.fillRect(self._box(found.page, box).translated(place.topLeft()), QColor(_MARKED))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    # Links

    @property
    def _chosen_link(self) -> PageLink | None:
        if self._chosen is None:
            return None
        page, number = self._chosen
        links = self._links.get(page, ())
        return links[number] if number < len(links) else None

    def _choose(self, chosen: tuple[int, int] | None) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self.link_chosen.emit(self._chosen_link)
            self.viewport().update()

    def choose_link(self, step: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  an action has no keywords
        """Choose the next link of the page in sight, or the one before, round and round; it comes into sight."""
        count = len(self._links.get(self._page, ()))
        if not count:
            self._choose(None)
            return
        start = -1 if step > 0 else count
        at = self._chosen[1] if self._chosen is not None and self._chosen[0] == self._page else start
        page, number = self._page, (at + step) % count
        self._choose((page, number))
        link, bar, high = self._links[page][number], self.verticalScrollBar(), self.viewport().height()
        top = self._tops[page] + self._box(page, link.box).top()
        if not bar.value() <= top < bar.value() + high - self._gap() * 2:
            # no higher than where the page is still the one in sight
            bar.setValue(max(self._tops[page] - high // 3 + 1, top - high // 2))

    def _link_at(self, place: QPoint) -> PageLink | None:
        for page in self._in_sight():
            corner = self._place(page).topLeft()
            for link in self._links.get(page, ()):
                if self._box(page, link.box).translated(corner).contains(place):
                    return link
        return None

    # What a person does

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Fit the width again; the page in sight stays so."""
        super().resizeEvent(event)
        page = self._page
        into = self.verticalScrollBar().value() - self._tops[page] if self._tops else 0
        self._lay_out()
        if self._tops and event.oldSize().isValid():
            self.verticalScrollBar().setValue(self._tops[page] + into)
        self._scrolled()

    def scrollContentsBy(self, _across: int, _down: int) -> None:  # noqa: N802  Qt's name
        """Everything is painted from where the bars stand."""
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Home and End go to the first and last page; the arrows and Page keys scroll; Enter follows."""
        down = self.verticalScrollBar()
        link = self._chosen_link
        match Qt.Key(event.key()):
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if link is not None:
                self.followed.emit(link.goal)
            case Qt.Key.Key_Home:
                down.setValue(0)
            case Qt.Key.Key_End:
                down.setValue(down.maximum())
            case Qt.Key.Key_Space:
                down.setValue(down.value() + down.pageStep() * 9 // 10)
            case _:
                super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """A hand over a link, and where it leads."""
        link = self._link_at(event.position().toPoint())
        shape = Qt.CursorShape.ArrowCursor if link is None else Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
            self.viewport().setToolTip("" if link is None else f"{link.text}, page {link.goal.page + 1}")
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Follow the link that was clicked."""
        link = self._link_at(event.position().toPoint())
        if link is not None and event.button() == Qt.MouseButton.LeftButton:
            self.followed.emit(link.goal)
        else:
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        """Scroll; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Room for most of a page."""
        return QSize(lines(self, 45), lines(self, 40))

    def page_top(self, page: int) -> QPoint:
        """Where the top left of a page is on screen now."""
        return self._place(page).topLeft()
