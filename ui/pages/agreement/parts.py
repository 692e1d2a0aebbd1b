"""What the tabs of the Agreement page are made of: a table or a list with a heading, or why there is none."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.flow import Flow
from ui.links import Link
from ui.tables import OPENS, FigureTable, Grid, GridModel
from ui.widgets import SECTION, lines, words

_FEWEST = 8
"""Rows of a table that are on screen, however little room there is."""


class Sentences(QListWidget):
    """A list of sentences that wrap: read with the arrow keys, copied with Ctrl+C, opened with Enter."""

    opened = Signal(object)
    """What the sentence leads to, where it leads somewhere."""

    def __init__(self, name: str, *, grows: bool = False, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the list. One that grows takes what room there is, empty or not."""
        super().__init__(parent)
        if not grows:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSpacing(lines(self, 1) // 5)
        self.itemActivated.connect(self._activate)

    def show_sentences(self, sentences: Sequence[tuple[str, object]]) -> None:
        """Show these in place of those before, each with what it leads to (None: nowhere)."""
        self.clear()
        for text, opens in sentences:
            item = QListWidgetItem(text)
            item.setData(OPENS, opens)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
            self.addItem(item)
        self.selectionModel().setCurrentIndex(self.model().index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def texts(self) -> list[str]:
        """What is shown."""
        return [self.item(row).text() for row in range(self.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Ctrl+C copies what is selected, one paragraph for each sentence."""
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(self.row(item) for item in self.selectedItems())
            QGuiApplication.clipboard().setText("\n".join(self.item(row).text() for row in chosen))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Sentences wrap anew, and may need another height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As high as what is in it."""
        width = super().sizeHint().width()
        if not self.count():
            return QSize(width, lines(self, 2))
        first, last = self.visualItemRect(self.item(0)), self.visualItemRect(self.item(self.count() - 1))
        around = 2 * (self.frameWidth() + self.spacing())
        return QSize(width, last.bottom() - first.top() + 1 + around)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Room for some sentences, unless there are fewer."""
        return QSize(super().minimumSizeHint().width(), min(lines(self, 5), self.sizeHint().height()))

    def _activate(self, item: QListWidgetItem) -> None:
        if item.data(OPENS) is not None:
            self.opened.emit(item.data(OPENS))


class TablePart(QWidget):
    """A table under a heading, or a sentence that says why there is nothing to show."""

    opened = Signal(object)
    """The `Link` of a cell that was opened."""

    def __init__(self, name: str, nothing: str, heading: str = "", parent: QWidget | None = None) -> None:
        """`name` is the table's; `nothing` stands in its place while it is empty."""
        super().__init__(parent)
        self.model = GridModel()
        self.table = FigureTable(self.model, name)
        self.table.activated.connect(self._activate)
        self.table.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.nothing = words(nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if heading:
            layout.addWidget(words(heading, SECTION))
        layout.addWidget(self.table, stretch=1)
        layout.addWidget(self.nothing)
        self.show_grid(Grid((), (), frozenset()))

    def show_grid(self, grid: Grid) -> None:
        """Show it, with the keyboard on the row it was on."""
        row, column = self.table.currentIndex().row(), self.table.currentIndex().column()
        self.model.show_grid(grid)
        self.table.setVisible(bool(grid.rows))
        self.nothing.setVisible(not grid.rows)
        if grid.rows:
            at = self.model.index(min(max(row, 0), len(grid.rows) - 1), max(column, 0))
            self.table.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._fit(len(grid.rows))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the size of the text, once the table has."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "model") and self.model.rowCount():
            QTimer.singleShot(0, self, lambda: self._fit(self.model.rowCount()))

    def _fit(self, rows: int) -> None:
        """As high as its rows and no higher; where there is less room, it scrolls."""
        table = self.table
        chrome = table.horizontalHeader().sizeHint().height() + table.horizontalScrollBar().sizeHint().height()
        chrome += 2 * table.frameWidth()
        each = table.verticalHeader().defaultSectionSize()
        table.setMaximumHeight(chrome + rows * each)
        table.setMinimumHeight(chrome + min(rows, _FEWEST) * each)

    def code(self) -> str:
        """The first cell of the row that the keyboard is on; "" of none."""
        at = self.table.currentIndex()
        return str(self.model.index(at.row(), 0).data() or "") if at.isValid() else ""

    def choose(self, code: str) -> None:
        """Put the keyboard on the row whose first cell says this, if there is one."""
        for row in range(self.model.rowCount()):
            if str(self.model.index(row, 0).data()).casefold() == code.casefold():
                self.table.setCurrentIndex(self.model.index(row, 0))
                self.table.scrollTo(self.model.index(row, 0))

    def _activate(self, index: QModelIndex) -> None:
        link = index.data(OPENS)
        if isinstance(link, Link):
            self.opened.emit(link)


def flowing(*widgets: QWidget) -> QWidget:
    """Widgets side by side, and in another line where there is no room for all."""
    made = QWidget()
    flow = Flow(made)
    for widget in widgets:
        flow.addWidget(widget)
    return made


def tab_of(*parts: QWidget) -> QWidget:
    """A tab of several parts, one under the other."""
    tab = QWidget()
    layout = QVBoxLayout(tab)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch()  # what the tables leave
    return tab
