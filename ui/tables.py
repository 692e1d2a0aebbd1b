"""Small tables of figures: a grid of cells, the model that shows it, the view it is seen in."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.copying import copy_action, copy_selection
from ui.figures import NIL, amount, spoken

AnyIndex = QModelIndex | QPersistentModelIndex

PENCE = Qt.ItemDataRole.UserRole
"""The role under which a cell gives its figure in whole pence; None of a cell of words."""

OPENS = Qt.ItemDataRole.UserRole + 1
"""The role under which a cell gives what it leads to, if anything: its `opens`."""

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

NOWHERE = QModelIndex()
_LONGEST = 5  # texts of a column of which the widest is taken to be one


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, the figure behind it if it is one, how it is said aloud if that differs, what it leads to."""

    text: str
    pence: int | None = None
    spoken: str = ""
    opens: object = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells under headings. `figures` are the columns of figures; the rows `totals` are shown bold."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: frozenset[int]
    totals: frozenset[int] = frozenset()


def figure(pence: int, opens: object = None) -> Cell:
    """A cell of money, and what it leads to."""
    return Cell(amount(pence), pence, spoken(pence), opens)


class GridModel(QAbstractTableModel):
    """Shows a grid. It is changed whole: a settlement is one object, and so is what is seen of it."""

    def __init__(self, headings: Sequence[str] = (), parent: QObject | None = None) -> None:
        """Empty, under headings that may stand before there is a grid."""
        super().__init__(parent)
        self._grid = Grid(tuple(headings), (), frozenset())
        self._bold = QFont()
        self._bold.setBold(True)

    def show_grid(self, grid: Grid) -> None:
        """Show this grid in place of the one before."""
        self.beginResetModel()
        self._grid = grid
        self.endResetModel()

    def is_figures(self, column: int) -> bool:
        """Whether a column is one of figures, which no table may cut short."""
        return column in self._grid.figures

    @property
    def has_totals(self) -> bool:
        """Whether a row is shown bold."""
        return bool(self._grid.totals)

    def longest(self, column: int) -> list[str]:
        """The longest lines of text in the cells of a column."""
        texts = {line for cells in self._grid.rows for line in cells[column].text.splitlines()}
        return nlargest(_LONGEST, texts, key=len)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many rows."""
        return 0 if parent.isValid() else len(self._grid.rows)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many columns."""
        return 0 if parent.isValid() else len(self._grid.headings)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, its pence, how it is said, where it stands."""
        if not index.isValid():
            return None
        cell = self._grid.rows[index.row()][index.column()]
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                value = cell.text
            case Qt.ItemDataRole.UserRole:
                value = cell.pence
            case _ if role == OPENS:
                value = cell.opens
            case Qt.ItemDataRole.AccessibleTextRole:
                value = self._said(index.row(), index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if index.column() in self._grid.figures else LEFT
            case Qt.ItemDataRole.FontRole if index.row() in self._grid.totals:
                value = self._bold
        return value

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, each over its column as the column is aligned."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._grid.headings):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._grid.headings[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if section in self._grid.figures else LEFT
        return None

    def _said(self, row: int, column: int) -> str:
        """A cell with what it is of: nobody hears where on the screen a figure stands."""
        cells = self._grid.rows[row]
        text = cells[column].spoken if cells[column].text == NIL else cells[column].spoken or cells[column].text
        heading = " ".join(self._grid.headings[column].split())  # a long one is broken into lines
        return text if column == 0 else f"{cells[0].text}, {heading}: {text}"


def row_height(widget: QWidget) -> int:
    """The height of every row, with room above and below the text."""
    return widget.fontMetrics().height() * 3 // 2


class Airy(QStyledItemDelegate):
    """Draws cells with room above and below, so that a row of figures can be followed across."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802  Qt's name
        """As wide as the cell needs, and as high as every row is."""
        hint = super().sizeHint(option, index)
        widget = self.parent()
        if isinstance(widget, QWidget):
            hint.setHeight(max(hint.height(), row_height(widget)))
        return hint


class FigureTable(QTableView):
    """A table to read figures in: whole rows of fixed height, no grid of lines, keyboard from cell to cell."""

    def __init__(self, model: GridModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the table."""
        super().__init__(parent)
        self.grid_model = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(Airy(self))
        copy_action(self, "&Copy with headings").triggered.connect(self.copy)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumHeight(row_height(self))
        model.modelReset.connect(self._fit)

    def copy(self) -> None:
        """Put what is selected on the clipboard: rows under their headings, amounts as plain numbers."""
        copy_selection(self)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self.verticalHeader().setDefaultSectionSize(row_height(self))
            self.horizontalHeader().setMinimumHeight(row_height(self))
            self._fit()

    def _fit(self) -> None:
        """Columns as wide as what is in them, and a space between."""
        # measured by the longest texts: Qt would ask for every cell, which stops the window where there are hundreds
        font = QFont(self.font())
        font.setBold(self.grid_model.has_totals)
        metrics, header = QFontMetrics(font), self.horizontalHeader()
        margins = 2 * (self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1)
        for column in range(self.grid_model.columnCount()):
            texts = self.grid_model.longest(column)
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + margins
            self.setColumnWidth(column, max(widest, header.sectionSizeHint(column)) + row_height(self))
