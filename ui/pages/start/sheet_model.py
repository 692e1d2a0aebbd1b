"""Tables that are typed like a spreadsheet: texts in cells, what is taken for an empty one, what is wrong with one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from rules.money import pounds
from settlement.new_ledger import KEY, contribution_of, word_of
from ui.tables import NOWHERE, RIGHT, AnyIndex
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


class MatrixModel(SheetModel):
    """A text for each scheme and partner, with totals by row and column, which come from the review."""

    SCHEME, TOTAL = ":scheme", ":total"

    def __init__(self, parent: QObject | None = None) -> None:
        """With no scheme."""
        super().__init__((), parent)
        self._texts: dict[str, dict[str, str]] = {}
        self._schemes: tuple[tuple[str, str], ...] = ()
        self._totals: Mapping[str, str] = {}
        self._partner_totals: Mapping[str, str] = {}

    def texts(self) -> dict[str, dict[str, str]]:
        """What was typed, by scheme's and partner's key; of those not shown now too."""
        return {scheme: dict(row) for scheme, row in self._texts.items()}

    def show_texts(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Show these in place of those before."""
        self.beginResetModel()
        self._texts = {scheme: dict(row) for scheme, row in texts.items()}
        self._undone, self._redone = [], []
        self.endResetModel()

    def show_matrix(self, schemes: Sequence[tuple[str, str]], partners: Sequence[tuple[str, str, str]]) -> None:
        """Show these schemes (key, how named) and partners (key, code, name)."""
        columns = (
            Column(self.SCHEME, "Scheme", 30),
            *(Column(key, code, 18, explains=name) for key, code, name in partners),
            Column(self.TOTAL, "Total", 18),
        )
        if (tuple(schemes), columns) != (self._schemes, self.columns):
            self.beginResetModel()
            self._schemes, self.columns = tuple(schemes), columns
            self.endResetModel()

    def show_totals(self, by_scheme: Mapping[str, str], by_partner: Mapping[str, str]) -> None:
        """Show these totals, in words of money; the total of all under `TOTAL`."""
        if (by_scheme, by_partner) != (self._totals, self._partner_totals):
            self._totals, self._partner_totals = by_scheme, by_partner
            self.redraw()

    @property
    def is_shown(self) -> bool:
        """Whether there is a cell to type in."""
        return bool(self._schemes) and len(self.columns) > 2  # noqa: PLR2004  the schemes' names and the totals

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """The schemes, and the totals under them."""
        return 0 if parent.isValid() or not self._schemes else len(self._schemes) + 1

    def text(self, row: int, column: int) -> str:
        """What was typed, a name or a total."""
        key = self.columns[column].key
        if row == len(self._schemes):
            return "Total" if key == self.SCHEME else self._partner_totals.get(key, "")
        scheme, name = self._schemes[row]
        if key == self.SCHEME:
            return name
        return self._totals.get(scheme, "") if key == self.TOTAL else self._texts.get(scheme, {}).get(key, "")

    def put(self, row: int, column: int, text: str) -> None:
        """Have this text in a cell."""
        self._texts.setdefault(self._schemes[row][0], {})[self.columns[column].key] = text

    def _worded(self, column: int, text: str) -> str:  # noqa: ARG002  every cell is money
        """An amount in the way it is written: `1234` as `£1,234.00`."""
        text = text.strip()
        with suppress(ValueError):
            return pounds(contribution_of(text)) if text else ""
        return text

    def may_edit(self, row: int, column: int) -> bool:
        """A scheme's cell under a partner."""
        return row < len(self._schemes) and 0 < column < len(self.columns) - 1

    def snapshot(self) -> Any:  # noqa: ANN401  texts
        """Every text."""
        return self.texts()

    def restore(self, snapshot: Any) -> None:  # noqa: ANN401  texts
        """Those texts again."""
        self._texts = {scheme: dict(row) for scheme, row in snapshot.items()}

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Money stands to the right, totals are bold; names and totals are heard with what they are."""
        if role == Qt.ItemDataRole.FontRole and index.isValid():
            is_total = index.row() == len(self._schemes) or self.columns[index.column()].key == self.TOTAL
            bold = QFont()
            bold.setBold(True)
            return bold if is_total else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > 0:
            return RIGHT
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            name = self.text(index.row(), 0)
            said = super().data(index, role)
            return name if index.column() == 0 else f"{name}, {said}"
        return super().data(index, role)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings of money stand to the right."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section > 0:
            return RIGHT
        if orientation is Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return "" if section == len(self._schemes) else str(section + 1)
        return super().headerData(section, orientation, role)


def new_key() -> str:
    """A key that no other row has."""
    from uuid import uuid4  # noqa: PLC0415  not before a row is typed

    return f"{uuid4().hex[:12]}"
