"""How the Ledger page is put together: tools, filters, lines with their history beside them, totals, entering."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ledgers.register import Filter
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.flow import Flow
from ui.pages.register.filters import FilterBar
from ui.pages.register.groups import GroupTable
from ui.pages.register.panel import LinePanel
from ui.pages.register.table import RegisterTable
from ui.pages.register.totals import TotalsBar
from ui.widgets import SECTION, Nothing, button, chars, lines, words

if TYPE_CHECKING:
    from ui.pages.register.page import LedgerPage

_NO_LINES = "There are no lines yet"
_HOW_TO_BEGIN = (
    "Enter lines by keyboard, or import a CSV or Excel file of the partners' general ledgers. "
    "You can also drop the file onto this window."
)
_READ_ONLY = "Nothing was posted to this ledger, and it cannot be changed here."
_NONE_LIKE_THAT = "No line is like that"
_WIDEN = "Take a filter off, or look for something else."


class Parts:
    """The parts of the page."""

    def __init__(self, page: "LedgerPage") -> None:
        """Put them on the page."""
        self._page = page
        self.heading = words(scale=SECTION)
        self.failure = Banner(Tone.ERROR, "Why there are no lines")
        self.note = Banner(Tone.NOTE, "About the lines", dismissable=True)
        self.tools = QWidget()
        self.tool_flow = Flow(self.tools)
        self.filters = FilterBar()
        self.table = RegisterTable(page.model)
        self.groups = GroupTable(page.session)
        self.panel = LinePanel()
        self.totals = TotalsBar()
        self.progress = ProgressLine(self._call_off)
        self.enter = button("Enter lines", self._enter)
        self.import_file = button("Import a file…", self._import)
        self.nothing_filtered = Nothing(_NONE_LIKE_THAT, _WIDEN, button("Show all lines", self._show_all))
        self.nothing_yet = Nothing(_NO_LINES, _HOW_TO_BEGIN, self.enter, self.import_file)
        self.stack = QStackedWidget()
        for view in (self.table, self.groups, self.nothing_yet, self.nothing_filtered):
            self.stack.addWidget(view)
        self.beside = QSplitter(Qt.Orientation.Horizontal)
        self.beside.setChildrenCollapsible(False)
        self.beside.addWidget(self.stack)
        self.beside.addWidget(self.panel)
        self.beside.setStretchFactor(0, 1)
        self.stack.setMinimumSize(chars(page, 40), lines(page, 8))
        self.panel.setMinimumWidth(chars(page, 34))
        self.beside.setSizes([chars(page, 130), chars(page, 44)])
        register = QWidget()
        column = QVBoxLayout(register)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.beside, stretch=1)
        column.addWidget(self.progress)
        column.addWidget(self.totals)
        self.over = QSplitter(Qt.Orientation.Vertical)
        self.over.setChildrenCollapsible(False)
        self.over.addWidget(register)
        self.over.setStretchFactor(0, 1)
        layout = QVBoxLayout(page)
        for part in (self.heading, self.failure, self.note, self.tools, self.filters):
            layout.addWidget(part)
        # on a small screen, or at a large text size, lines and grid under them do not both fit: then they scroll
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.over)
        layout.addWidget(self.area, stretch=1)

    # the tools are made after the parts that they stand on

    def _call_off(self) -> None:
        self._page.doing.call_off()

    def _enter(self) -> None:
        self._page.doing.enter()

    def _import(self) -> None:
        self._page.doing.import_file()

    def shown_view(self) -> QWidget:
        """What the keyboard belongs in: the lines, the groups, or the button that leads on from nothing."""
        view = self.stack.currentWidget() or self.table
        if view is self.nothing_yet:
            return self.enter if self.enter.isEnabled() else self.filters.search
        return self.filters.search if view is self.nothing_filtered else view

    def show_nothing(self, *, is_filtered: bool) -> None:
        """Say that there are no lines, and what to do."""
        if is_filtered:
            text = self._page.wanted.text
            self.nothing_filtered.say(f"Nothing has “{text}” in it" if text else _NONE_LIKE_THAT, _WIDEN)
            self.stack.setCurrentWidget(self.nothing_filtered)
            return
        writable = self._page.session.writable
        self.nothing_yet.say(_NO_LINES, _HOW_TO_BEGIN if writable else _READ_ONLY)
        for each in (self.enter, self.import_file):
            each.setVisible(writable)
        self.stack.setCurrentWidget(self.nothing_yet)

    def say_not_shown(self, number: int, *, is_filtered: bool) -> None:
        """Say that a line is not among those shown."""
        if is_filtered:
            self.note.say(f"Line {number:,} is not among the lines shown", "Clear all filters to look among all lines.")
        else:
            self.note.say(f"There is no line {number:,}")

    def _show_all(self) -> None:
        self._page.show_only(Filter())
        self.table.setFocus()
