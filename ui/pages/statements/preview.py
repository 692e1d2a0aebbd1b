"""The preview of one document: pages with their bar, the same as text, or a table; and what is said meanwhile."""

from bisect import bisect_right
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction, QFontDatabase, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.failures import Failure
from ui.jobs import Job
from ui.pages.statements.csv_table import CsvTable
from ui.pages.statements.drawing import Drawer, Found, Size
from ui.pages.statements.flow import Flow
from ui.pages.statements.pdf_links import Goal, PageLink, Part
from ui.pages.statements.pdf_view import FIT_WIDTH, ZOOMS, PdfView
from ui.widgets import Nothing, button, chars, labelled, row

_NOTHING = "Nothing to look at yet"
_PART = 20  # characters of a part's name; the list that opens shows more


class Preview(QWidget):
    """Shows a PDF or a CSV. `failed` gives the failure if one cannot be shown."""

    failed = Signal(object)

    followed = Signal(object)
    """The `Goal` of a link that the person followed; nothing has moved yet."""

    def __init__(self, drawer: Drawer, parent: QWidget | None = None) -> None:
        """With nothing to look at."""
        super().__init__(parent)
        self.drawer = drawer
        self.view = PdfView(drawer)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        self.text.setAccessibleName("The page as text")
        self.table = CsvTable()
        self.nothing = Nothing(_NOTHING, "Choose a document on the left.")
        self._text_job: Job[str] | None = None
        self._open_job: Job[tuple[Size, ...]] | None = None
        self._find_job: Job[Found | None] | None = None
        self._parts_job: Job[tuple[Part, ...]] | None = None
        self._goals: list[Goal] = []
        self._shown_key = ""
        self.stack = QStackedWidget()
        for part in (self.nothing, self.view, self.text, self.table):
            self.stack.addWidget(part)
        self._bar = self._made_bar()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addWidget(self.stack, stretch=1)
        self.view.page_changed.connect(self._page_in_sight)
        self.view.failed.connect(self.failed)
        self.view.followed.connect(self.followed)
        self.view.link_chosen.connect(self._say_link)
        self._make_keys()
        self.say(_NOTHING, "Choose a document on the left.")

    def _made_bar(self) -> QWidget:
        self.page = QSpinBox()
        self.page.setMinimum(1)
        self.page.setKeyboardTracking(False)
        self.page.valueChanged.connect(self._go_to)
        self.of = QLabel()
        self.zoom = QComboBox()
        self.zoom.addItem("Fit width", FIT_WIDTH)
        for zoom in ZOOMS:
            self.zoom.addItem(f"{zoom}%", zoom)
        self.zoom.setMinimumContentsLength(8)
        self.zoom.currentIndexChanged.connect(lambda _row: self._zoom(self.zoom.currentData()))
        self.smaller = button("−", lambda: self._zoom_by(-1), name="Smaller", tip="Smaller (Ctrl+-)")
        self.larger = button("+", lambda: self._zoom_by(1), name="Larger", tip="Larger (Ctrl++)")
        for each in (self.smaller, self.larger):
            each.setFixedWidth(chars(each, 5))
        self.parts = QComboBox()
        self.parts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.parts.setMinimumContentsLength(_PART)
        self.parts.setToolTip("The document's parts: choose one to go there")
        self.parts.activated.connect(self._go_to_part)
        self.as_text = QCheckBox("As te&xt")
        self.as_text.setToolTip("The page's words, to be read aloud or copied")
        self.as_text.toggled.connect(self._show_as_text)
        self.search = QLineEdit()
        self.search.setPlaceholderText("In the document")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(chars(self, 16))
        self.search.returnPressed.connect(lambda: self.find_text(1))
        self.next = button(
            "&Next", lambda: self.find_text(1), name="Next page with the text", tip="The next page with it (F3)"
        )
        self.found = QLabel()
        self.found.setTextFormat(Qt.TextFormat.PlainText)
        bar = QWidget()
        flow = Flow(bar)
        first: tuple[QWidget, ...] = (labelled("P&age", self.page), self.page, self.of)
        for part in (_together(*first), _together(labelled("&Zoom", self.zoom), self.smaller, self.zoom, self.larger)):
            flow.addWidget(part)
        rest: tuple[QWidget, ...] = (
            _together(labelled("&Jump to", self.parts), self.parts),
            self.as_text,
            _together(labelled("F&ind", self.search), self.search),
            self.next,
            self.found,
        )
        for part in rest:
            flow.addWidget(part)
        return bar

    def _make_keys(self) -> None:
        standard = QKeySequence.StandardKey
        for keys, does in (
            (standard.ZoomIn, lambda: self._zoom_by(1)),
            (standard.ZoomOut, lambda: self._zoom_by(-1)),
            (standard.Find, self._to_search),
            ("F3", lambda: self.find_text(1)),
            ("Shift+F3", lambda: self.find_text(-1)),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(does)
            self.addAction(action)
        for keys, step in (("L", 1), ("Shift+L", -1)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # a letter: where nothing can be typed
            action.triggered.connect(partial(self.view.choose_link, step))
            self.view.addAction(action)

    # What is shown

    def say(self, heading: str, sentence: str) -> None:
        """Say this where the document would be."""
        self._drop()
        self.nothing.say(heading, sentence)
        self.view.clear()
        self.stack.setCurrentWidget(self.nothing)
        self._bar.hide()

    def show_pdf(self, path: str, name: str, goal: Goal, key: str) -> None:
        """Show a PDF from a place on. `key` is by what `is_showing` knows it."""
        self._drop()
        self.view.setAccessibleName(f"Preview of {name}")

        def show(sizes: tuple[Size, ...]) -> None:
            self._open_job = None
            self._bar.show()
            self.page.setMaximum(max(1, len(sizes)))
            self.of.setText(f"of {len(sizes):,}")
            self.stack.setCurrentWidget(self.text if self.as_text.isChecked() else self.view)
            self.view.show_pages(sizes, goal.page)
            if goal.down:
                self.view.go_to(goal)
            self._page_in_sight(self.view.page)
            self._shown_key = key
            self._parts_job = self.drawer.parts(self._offer_parts, self._not_shown)

        self._open_job = self.drawer.open(path, show, self._not_shown)

    def show_csv(self, path: str, name: str) -> None:
        """Show a CSV as a table."""
        self._drop()
        self._bar.hide()
        self.drawer.let_go()
        self.table.show_file(self.drawer.lane, path, name, self._not_shown)
        self.stack.setCurrentWidget(self.table)

    def is_showing(self, key: str) -> bool:
        """Whether this is the document that is shown now, with its pages known."""
        return bool(key) and self._shown_key == key

    @property
    def shown(self) -> QWidget | None:
        """What shows the document: its pages, its text or its table."""
        return self.stack.currentWidget()

    def _not_shown(self, failure: Failure) -> None:
        self.say("The document cannot be shown", failure.sentence)
        self.failed.emit(failure)

    def _drop(self) -> None:
        for job in (self._text_job, self._open_job, self._find_job, self._parts_job):
            if job is not None:
                job.drop()
        self._text_job = self._open_job = self._find_job = self._parts_job = None
        self._shown_key = ""
        self._offer_parts(())
        self._tell("")

    # The bar

    def _page_in_sight(self, page: int) -> None:
        self.page.blockSignals(True)  # noqa: FBT003  Qt's own
        self.page.setValue(page + 1)
        self.page.blockSignals(False)  # noqa: FBT003  Qt's own
        self.page.setAccessibleDescription(f"Page {page + 1} {self.of.text()}")
        self._show_part()
        if self.as_text.isChecked():
            self._read_page(page)

    def _offer_parts(self, parts: tuple[Part, ...]) -> None:
        """List the bookmarks, the deeper ones further in."""
        self._parts_job = None
        self._goals = [part.goal for part in parts]
        self.parts.clear()
        self.parts.addItems([f"{'    ' * part.level}{part.title}" for part in parts])
        self.parts.view().setMinimumWidth(chars(self, _PART * 3))
        self.parts.setEnabled(bool(parts))
        self._show_part()

    def _show_part(self) -> None:
        """Which part is in sight. Nobody is told: only what a person chooses leads anywhere."""
        if self._goals:
            here = (self.view.page, self.view.down + 1)  # pixels are coarser than points
            place = bisect_right(self._goals, here, key=lambda goal: (goal.page, goal.down)) - 1
            self.parts.setCurrentIndex(max(0, place))

    def _go_to_part(self, place: int) -> None:
        if place < len(self._goals):
            self.go_to(self._goals[place])
            self.parts.setCurrentIndex(place)

    def go_to(self, goal: Goal) -> None:
        """Go to a place in the document that is shown."""
        self.view.go_to(goal)
        self._page_in_sight(self.view.page)

    def _say_link(self, link: PageLink | None) -> None:
        self._tell("" if link is None else f"Link: {link.text}, page {link.goal.page + 1}")

    def _tell(self, text: str) -> None:
        """Say it at the end of the bar, and to a screen reader at once."""
        shown = self.found.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, self._bar.width())
        if shown != self.found.text():
            self.found.setText(shown)
            self.found.setToolTip(text)
            if text:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.found, text))

    def _go_to(self, number: int) -> None:
        self.view.go_to_page(number - 1)
        if self.as_text.isChecked():
            self._read_page(number - 1)

    def _zoom(self, zoom: int) -> None:
        self.view.set_zoom(zoom)
        self.zoom.setCurrentIndex(max(0, self.zoom.findData(zoom)))

    def _zoom_by(self, steps: int) -> None:
        self._zoom(self.view.zoom_by(steps))

    def _show_as_text(self, checked: bool) -> None:  # noqa: FBT001  a signal has no keywords
        self.stack.setCurrentWidget(self.text if checked else self.view)
        if checked:
            self._read_page(self.page.value() - 1)

    def _read_page(self, page: int) -> None:
        if self._text_job is not None:
            self._text_job.drop()
        self._text_job = self.drawer.text(page, self.text.setPlainText, self._not_shown)

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def find_text(self, step: int) -> None:
        """Find the next page with the text, or the one before."""
        text = self.search.text().strip()
        if not text or not self.view.page_count or self.stack.currentWidget() is self.table:
            return
        if self._find_job is not None:
            self._find_job.drop()
        is_again = self.found.property("text_found") == text
        start = self.view.page + step if is_again else self.view.page
        self._tell("Looking…")

        def show(found: Found | None) -> None:
            self._find_job = None
            self.found.setProperty("text_found", text if found is not None else None)
            self.view.show_found(found)
            if found is None:
                self._tell(f"“{text}” is not in this document")
                return
            times = len(found.boxes)
            self._tell(f"Page {found.page + 1}: {times} time{'s' if times > 1 else ''}")
            if self.as_text.isChecked():
                self.page.setValue(found.page + 1)

        self._find_job = self.drawer.find(text, start, step, show, self._not_shown)


def _together(*parts: QWidget) -> QWidget:
    """Parts that stay in one row: a label stands beside its field."""
    held = QWidget()
    layout = row(*parts, stretch=False)
    layout.setContentsMargins(0, 0, 0, 0)
    held.setLayout(layout)
    return held
