"""Tables of some thousand rows whose cells are made when they are seen: a sample, the figures of a settlement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.copying import copy_action, copy_selection
from ui.figures import exact, spoken
from ui.tables import LEFT, NOWHERE, PENCE, RIGHT, Airy, AnyIndex, row_height

_LOOKED_AT = 60  # rows, for the width of a column
_WIDEST = 60  # characters


@dataclass(frozen=True, slots=True)
class Shown:
    """A column: its heading, and what a row shows in it; or, of a figure, its pence (None: nothing is there)."""

    heading: str
    text: Callable[[Any], str] | None = None
    pence: Callable[[Any], int | None] | None = None
    is_number: bool = False


class RowsModel(QAbstractTableModel):
    """Shows rows, whatever they are, by its columns."""

    def __init__(self, columns: Sequence[Shown], parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.columns = columns
        self.rows: Sequence[Any] = ()

    def show_rows(self, rows: Sequence[Any], columns: Sequence[Shown] | None = None) -> None:
        """Show these in place of those before; under other columns, if they are given."""
        self.beginResetModel()
        self.rows = rows
        self.columns = self.columns if columns is None else columns
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, its pence, how it is said, where it stands."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        pence = None if column.pence is None else column.pence(row)
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                value = self._text(column, row, pence)
            case Qt.ItemDataRole.AccessibleTextRole:
                said = self._text(column, row, pence) if pence is None else spoken(pence)
                value = f"{column.heading}: {said or 'nothing'}"
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if column.pence is not None or column.is_number else LEFT
        return pence if role == PENCE else value

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, each over its column as the column is aligned."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.pence is not None or column.is_number else LEFT
        return None

    @staticmethod
    def _text(column: Shown, row: object, pence: int | None) -> str:
        if column.pence is not None:
            return "" if pence is None else exact(pence)
        return column.text(row) if column.text is not None else ""


class RowsView(QTableView):
    """A table to read them in: rows of fixed height, Enter goes in, Ctrl+C copies what is selected."""

    def __init__(self, model: QAbstractTableModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(Airy(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumHeight(row_height(self))
        columns.setResizeContentsPrecision(_LOOKED_AT)
        columns.setStretchLastSection(True)
        copy_action(self).triggered.connect(self._copy)
        model.modelReset.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Columns as wide as what is in the first rows of them, within reason."""
        self.resizeColumnsToContents()
        most = self.fontMetrics().averageCharWidth() * _WIDEST
        for column in range(self.model().columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column) + row_height(self) // 2, most))

    def choose(self, row: int) -> None:
        """Go to a row, if there is one."""
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))

    def _copy(self) -> None:
        copy_selection(self)
