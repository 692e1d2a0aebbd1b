"""A tree whose rows are numbered: what the models of this page's two trees have in common."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QFont

from ui.tables import LEFT, NOWHERE, RIGHT, AnyIndex


class Placed(Protocol):
    """A row: `above` is the number of the row it stands under, None at the top; `place` which of those there it is."""

    @property
    def above(self) -> int | None:
        """The number of the row it stands under."""

    @property
    def place(self) -> int:
        """Which it is there."""


_Row = TypeVar("_Row", bound=Placed)


class NumberedTree(QAbstractItemModel, Generic[_Row]):
    """Rows in order, each before those under it. An index holds its row's number: no pointer can dangle."""

    def __init__(self, headings: tuple[str, ...], amounts: int, parent: QObject | None = None) -> None:
        """Empty, under headings; `amounts` is the column of figures."""
        super().__init__(parent)
        self._headings = headings
        self._amounts = amounts
        self._rows: Sequence[_Row] = ()
        self._below: dict[int | None, list[int]] = {}
        self._bold = QFont()
        self._bold.setBold(True)

    def _show(self, rows: Sequence[_Row]) -> None:
        """Show these rows in place of those before."""
        self.beginResetModel()
        self._rows = rows
        self._below = {}
        for number, row in enumerate(rows):
            self._below.setdefault(row.above, []).append(number)
        self.endResetModel()

    def _row_of(self, index: AnyIndex) -> _Row | None:
        """The row that an index is of."""
        return self._rows[index.internalId()] if index.isValid() else None

    def index(self, row: int, column: int, parent: AnyIndex = NOWHERE) -> QModelIndex:
        """The index of a row under another."""
        siblings = self._below.get(parent.internalId() if parent.isValid() else None, [])
        if not (0 <= row < len(siblings) and 0 <= column < len(self._headings)):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, index: AnyIndex = NOWHERE) -> QModelIndex:  # type: ignore[override]  # Qt overloads the name
        """The row that another stands under."""
        row = self._row_of(index)
        if row is None or row.above is None:
            return QModelIndex()
        return self.createIndex(self._rows[row.above].place, 0, row.above)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many rows stand under another."""
        if parent.isValid() and parent.column() > 0:
            return 0
        return len(self._below.get(parent.internalId() if parent.isValid() else None, []))

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802, ARG002  Qt's name; the same everywhere
        """How many columns."""
        return len(self._headings)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if section == self._amounts else LEFT
        return None
