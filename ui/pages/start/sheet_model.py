"""Tables that are typed like a spreadsheet: texts in cells, what is taken for an empty one, what is wrong with one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from settlement.new_ledger import KEY, word_of
from ui.tables import NOWHERE, AnyIndex
from ui.theme import meanings

_MOST_UNDONE = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its texts, its heading, its width in characters, what it explains as a tip.

    `words` are what may be written in it, by code; `offers` gives what else is offered for completion.
    """

    key: str
    title: str
    width: int = 16
    explains: str = ""
    words: Mapping[str, str] | None = None
    offers: Callable[[], Sequence[str]] | None = None

    def offered(self) -> tuple[str, ...]:
        """What to choose from, empty where anything may be typed."""
        if self.words is not None:
            return tuple(self.words.values())
        return tuple(self.offers()) if self.offers is not None else ()


class SheetModel(QAbstractTableModel):
    """Texts in rows and columns. Subclasses say which cells there are; this shows them and undoes changes."""

    edited = Signal()
    """Something was typed, pasted, taken out or undone."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        """With these columns."""
        super().__init__(parent)
        self.columns: tuple[Column, ...] = tuple(columns)
        self._usual: Mapping[int, Mapping[str, str]] = {}
        self._wrong: Mapping[tuple[int, str], str] = {}
        self._undone: list[Any] = []
        self._redone: list[Any] = []

    # For subclasses

    def text(self, row: int, column: int) -> str:
        """What was typed in a cell."""
        raise NotImplementedError

    def put(self, row: int, column: int, text: str) -> None:
        """Have this text in a cell; the row may be one past the last."""
        raise NotImplementedError

    def may_edit(self, row: int, column: int) -> bool:
        """Whether a cell is typed in."""
        raise NotImplementedError

    def snapshot(self) -> Any:  # noqa: ANN401  whatever the subclass takes back
        """Everything typed, to go back to."""
        raise NotImplementedError

    def restore(self, snapshot: Any) -> None:  # noqa: ANN401  what `snapshot` gave
        """Back to what was typed then."""
        raise NotImplementedError

    # What a person does

    def change(self, cells: Sequence[tuple[int, int, str]]) -> None:
        """Put texts into cells, as one change that can be undone."""
        before = self.snapshot()
        self.beginResetModel()
        for row, column, text in cells:
            if column < len(self.columns) and self.may_edit(row, column):
                self.put(row, column, self._worded(column, text))
        self.endResetModel()
        self.note(before)

    def note(self, before: Any) -> None:  # noqa: ANN401  a snapshot
        """A change was made: it can be undone."""
        if before != self.snapshot():
            self._undone = [*self._undone, before][-_MOST_UNDONE:]
            self._redone = []
            self.edited.emit()

    def undo(self) -> None:
        """Take the last change back."""
        self._swap(self._undone, self._redone)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._swap(self._redone, self._undone)

    def _swap(self, source: list[Any], other: list[Any]) -> None:
        if source:
            other.append(self.snapshot())
            self.beginResetModel()
            self.restore(source.pop())
            self.endResetModel()
            self.edited.emit()

    def _worded(self, column: int, text: str) -> str:
        """A word in the way it is written: `icb` as `Integrated Care Board`."""
        told = self.columns[column].words
        text = " ".join(text.split())
        if told is None or not text:
            return text
        try:
            return told[word_of(told, text)]
        except ValueError:
            return text

    def found(self, usual: Mapping[int, Mapping[str, str]], wrong: Mapping[tuple[int, str], str]) -> None:
        """What is taken for empty cells, and what is wrong with cells, by row and column key."""
        if (usual, wrong) != (self._usual, self._wrong):
            self._usual, self._wrong = usual, wrong
            self.redraw()

    def redraw(self) -> None:
        """Have every cell drawn again."""
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    # What Qt asks

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Selectable, and editable where it is typed in."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.may_edit(index.row(), index.column()) else flags

    def setData(  # noqa: N802  Qt's name
        self,
        index: QModelIndex | Any,  # noqa: ANN401  persistent ones too
        value: Any,  # noqa: ANN401  Qt's
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Type a text into a cell."""
        if role != Qt.ItemDataRole.EditRole or not self.may_edit(index.row(), index.column()):
            return False
        row, column, text = index.row(), index.column(), self._worded(index.column(), str(value))
        if text == self.text(row, column):
            return True
        before = self.snapshot()
        self.put(row, column, text)
        self.dataChanged.emit(index, index)
        self.note(before)
        return True

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's text, or what is taken for it; what is wrong with it in words and colour."""
        if not index.isValid():
            return None
        row, key = index.row(), self.columns[index.column()].key
        text = self.text(row, index.column())
        wrong = self._wrong.get((row, key), "")
        value: object = None
        match role:
            case Qt.ItemDataRole.EditRole:
                value = text
            case Qt.ItemDataRole.DisplayRole:
                value = f"⚠ {text}" if wrong else text or self._usual_of(row, key)
            case Qt.ItemDataRole.ToolTipRole:
                value = wrong or text or self._usual_of(row, key) or self.columns[index.column()].explains
            case Qt.ItemDataRole.AccessibleTextRole:
                value = self._said(index.column(), text, self._usual_of(row, key), wrong)
            case Qt.ItemDataRole.ForegroundRole if wrong:
                value = QColor(meanings().adverse)
            case Qt.ItemDataRole.ForegroundRole if not text:
                value = QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return value

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings, and rows by number."""
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if section >= len(self.columns):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            case Qt.ItemDataRole.ToolTipRole:
                return self.columns[section].explains or self.columns[section].title
        return None

    def _usual_of(self, row: int, key: str) -> str:
        return self._usual.get(row, {}).get(key, "")

    def _said(self, column: int, text: str, usual: str, wrong: str) -> str:
        heading = self.columns[column].title
        if wrong:
            return f"{heading}: {text}. Wrong: {wrong}"
        return f"{heading}: {text}" if text else f"{heading}: {f'as usual, {usual}' if usual else 'empty'}"


class RowsModel(SheetModel):
    """Rows that are typed one after another: past the last there is always an empty one to type into."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        """With an empty row."""
        super().__init__(columns, parent)
        self._rows: list[dict[str, str]] = []

    def rows(self) -> tuple[dict[str, str], ...]:
        """What was typed, each row with a key that stays its own."""
        return tuple(dict(row) for row in self._rows)

    def show_rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Show these rows in place of those before; nothing is undone past this."""
        self.beginResetModel()
        self._rows = [{KEY: new_key(), **row} for row in rows]
        self._undone, self._redone = [], []
        self.endResetModel()

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows out."""
        before = self.snapshot()
        self.beginResetModel()
        self._rows = [row for place, row in enumerate(self._rows) if place not in rows]
        self.endResetModel()
        self.note(before)

    def move(self, row: int, by: int) -> int:
        """Move a row up or down; where it is then."""
        there = row + by
        if not (0 <= row < len(self._rows) and 0 <= there < len(self._rows)):
            return row
        before = self.snapshot()
        self.beginResetModel()
        self._rows[row], self._rows[there] = self._rows[there], self._rows[row]
        self.endResetModel()
        self.note(before)
        return there

    def replace_texts(self, changes: Mapping[str, str], keys: Sequence[str]) -> None:
        """Have a code in these columns follow its change; no step of its own to undo."""
        for row in self._rows:
            for key in keys:
                parts = [part.strip() for part in row.get(key, "").split(",")]
                if any(part in changes for part in parts):
                    row[key] = ", ".join(changes.get(part, part) for part in parts)
        self.redraw()

    def is_empty_row(self, row: int) -> bool:
        """Whether nothing is typed in a row."""
        return row >= len(self._rows) or not any(self._rows[row].get(column.key) for column in self.columns)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """Those that were typed, and the empty one."""
        return 0 if parent.isValid() else len(self._rows) + 1

    def text(self, row: int, column: int) -> str:
        """What was typed in a cell."""
        return self._rows[row].get(self.columns[column].key, "") if row < len(self._rows) else ""

    def put(self, row: int, column: int, text: str) -> None:
        """Have this text in a cell; one past the last row makes a row."""
        while row >= len(self._rows):
            if not text:
                return
            self.beginInsertRows(NOWHERE, len(self._rows) + 1, len(self._rows) + 1)
            self._rows.append({KEY: new_key()})
            self.endInsertRows()
        self._rows[row][self.columns[column].key] = text

    def may_edit(self, row: int, column: int) -> bool:  # noqa: ARG002  every cell
        """Every cell is typed in."""
        return True

    def snapshot(self) -> Any:  # noqa: ANN401  rows
        """Every row."""
        return [dict(row) for row in self._rows]

    def restore(self, snapshot: Any) -> None:  # noqa: ANN401  rows
        """Those rows again."""
        self._rows = [dict(row) for row in snapshot]


def new_key() -> str:
    """A key that no other row has."""
    from uuid import uuid4  # noqa: PLC0415  not before a row is typed

    return f"{uuid4().hex[:12]}"
