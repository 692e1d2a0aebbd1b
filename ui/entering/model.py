"""The rows being entered: texts, what each comes to, what is wrong with it, and how to undo a change of them.

Below the rows stands one that is not there yet: it shows what it would begin with, and becomes a row when something
is typed in it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QGuiApplication, QUndoCommand, QUndoStack

from ledgers.importing.entering import (
    COLUMNS,
    EMPTY,
    NOTHING,
    Judged,
    Row,
    Sums,
    balancing,
    judged,
    meant,
    sums_of,
)
from ledgers.importing.previewing import Book
from rules.agreement import Kind
from rules.periods import Period
from ui.entering.choices import HEADINGS, Choice, choices_of, name_of
from ui.figures import exact, spoken
from ui.tables import LEFT, NOWHERE, PENCE, RIGHT, AnyIndex
from ui.theme import meanings

STANDING = len(COLUMNS)
"""The column after ours, which says in words whether a row can be posted."""

_PERIOD, _SCHEME, _KIND = COLUMNS.index("period"), COLUMNS.index("scheme"), COLUMNS.index("kind")
_AMOUNT, _REFERENCE, _DATE = COLUMNS.index("amount"), COLUMNS.index("reference"), COLUMNS.index("date")
_CARRIED = frozenset({"period", "date", "scheme", "partner", "kind"})
_SHOWN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TYPED = _SHOWN | Qt.ItemFlag.ItemIsEditable
_ROLES = frozenset(
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        PENCE,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
)
"""What is answered: of every cell that is drawn Qt asks for as many again, and a screen has some hundreds."""

_AT_ONCE = 120
"""Rows judged in one go: some ten milliseconds of the window's time."""


class Refused(NamedTuple):
    """What the ledger said against a row as it was: it is forgotten when the row is changed."""

    row: Row
    column: str
    message: str


class Change(QUndoCommand):
    """Rows in place of others: everything that can be done to them is this."""

    def __init__(self, model: "EntryModel", at: int, old: Sequence[Row], new: Sequence[Row], text: str) -> None:
        """`text` says what is done, for the Undo button."""
        super().__init__(text)
        self._model, self._at = model, at
        self._old, self._new = list(old), list(new)

    def redo(self) -> None:
        """Do it."""
        self._model.splice(self._at, len(self._old), self._new)

    def undo(self) -> None:
        """Have the rows as they were."""
        self._model.splice(self._at, len(self._new), self._old)


class EntryModel(QAbstractTableModel):
    """Shows the rows, and one more. `when_changed` is called after each change of the rows or of what they come to."""

    def __init__(self, when_changed: Callable[[], None], parent: QObject | None = None) -> None:
        """Empty, and without a book to judge by."""
        super().__init__(parent)
        self.rows: list[Row] = []
        self.judged: list[Judged | None] = []
        self.sums = Sums()
        self.book: Book | None = None
        self.stack = QUndoStack(self)
        self._first_period = Period.M1
        self._refused: dict[int, Refused] = {}
        self._unbalanced: dict[str, str] = {}
        self._when_changed = when_changed
        self._italic = QFont()
        self._italic.setItalic(True)
        self._later = QTimer(self)
        self._later.setInterval(0)
        self._later.timeout.connect(self._judge_some)

    # The rows

    def show_book(self, book: Book | None, first_period: Period) -> None:
        """Judge by this book from now on; a first row begins with the period."""
        self.book, self._first_period = book, first_period
        self.judged = [None] * len(self.rows)
        self._settle()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """These rows in place of all that were there; nothing is left to undo."""
        self.stack.clear()
        self._refused.clear()
        self.splice(0, len(self.rows), list(rows))

    def change(self, at: int, count: int, new: Sequence[Row], text: str) -> None:
        """Put rows in the place of `count` others, so that it can be undone."""
        old = self.rows[at : at + count]
        if list(new) != old:
            self.stack.push(Change(self, at, old, new, text))

    def set_cell(self, row: int, column: int, text: str) -> None:
        """Put a text in a cell, as the ledger writes what it means; in the last row that makes a new one."""
        before = self.row_at(row)
        told = text.strip() if self.book is None else meant(COLUMNS[column], text, self.book, before[_PERIOD])
        is_new = row >= len(self.rows)
        if told == before[column] and not (is_new and told):
            return
        made = (*before[:column], told, *before[column + 1 :])
        text = f"a new row {row + 1}" if is_new else f"{HEADINGS[COLUMNS[column]].lower()} of row {row + 1}"
        self.change(row, 0 if is_new else 1, [made], text)

    def row_at(self, row: int) -> Row:
        """The texts of a row; of the one below the last, those that it would begin with."""
        return self.rows[row] if row < len(self.rows) else self.beginning()

    def beginning(self) -> Row:
        """What a new row begins with: what most lines share with the one above, and what would balance a virement."""
        if not self.rows:
            return (str(self._first_period), *EMPTY[1:])
        above = self.rows[-1]
        row = [text if name in _CARRIED else "" for name, text in zip(COLUMNS, above, strict=True)]
        if above[_KIND] == Kind.VIREMENT:
            row[_AMOUNT] = balancing(above[_REFERENCE], self.sums)
            row[_REFERENCE] = above[_REFERENCE] if row[_AMOUNT] else ""
        return tuple(row)

    def first_useful_column(self) -> int:
        """Where a new row is begun: the first column in which the last two rows differ, or else the scheme."""
        if len(self.rows) > 1:
            above, last = self.rows[-2:]
            return next((at for at in range(len(COLUMNS)) if above[at] != last[at]), _SCHEME)
        return _SCHEME

    def splice(self, at: int, count: int, new: list[Row]) -> None:
        """Put rows in the place of others. Only for changes that can be undone, and for a draft that is found."""
        both = min(count, len(new))
        self.rows[at : at + both] = new[:both]
        self.judged[at : at + both] = [None] * both
        # At the end it is the row that was not there yet that becomes one, and another that stands below it: whoever
        # types in it stays where she is.
        first = at + both + (at + max(both, count) == len(self.rows))
        if count > both:
            self.beginRemoveRows(NOWHERE, first, first + count - both - 1)
            del self.rows[at + both : at + count]
            del self.judged[at + both : at + count]
            self.endRemoveRows()
        elif len(new) > both:
            self.beginInsertRows(NOWHERE, first, first + len(new) - both - 1)
            self.rows[at + both : at + both] = new[both:]
            self.judged[at + both : at + both] = [None] * (len(new) - both)
            self.endInsertRows()
        self._settle()

    # What they come to

    @property
    def is_judged(self) -> bool:
        """Whether every row was judged as it stands."""
        return self.book is not None and None not in self.judged

    def refuse(self, refused: dict[int, tuple[str, str]]) -> None:
        """Mark what the ledger said against rows: a column and a sentence for each."""
        self._refused = {at: Refused(self.rows[at], *told) for at, told in refused.items() if at < len(self.rows)}
        self._settle()

    def complaint(self, row: int, column: int) -> str:
        """Why a cell would be refused; "" if it would not."""
        if row >= len(self.rows) or column >= len(COLUMNS):
            return ""
        name, told = COLUMNS[column], self.judged[row] or NOTHING
        refused = self._refused.get(row)
        if not told.complaints and refused is None and not self._unbalanced:
            return ""  # as nearly every cell is, and every one that is drawn asks
        found = told.complaint(name)
        if not found and refused is not None and refused.row == self.rows[row] and refused.column == name:
            found = refused.message
        if not found and column == _AMOUNT and told.line is not None and told.line.kind is Kind.VIREMENT:
            found = self._unbalanced.get(told.line.reference, "")
        return found

    def complaints(self, row: int) -> list[tuple[int, str]]:
        """The columns of a row that would be refused, with why."""
        return [(at, why) for at in range(len(COLUMNS)) if (why := self.complaint(row, at))]

    def choices(self, row: int, column: int) -> tuple[Choice, ...]:
        """What a cell can hold; nothing of free text."""
        if self.book is None or column >= len(COLUMNS):
            return ()
        return choices_of(COLUMNS[column], self.row_at(row), self.book)

    def meaning(self, row: int, column: int) -> str:
        """What the code in a cell stands for."""
        return name_of(self.choices(row, column), self.row_at(row)[column]) if column < len(COLUMNS) else ""

    def standing(self, row: int) -> str:
        """Whether a row can be posted, in words."""
        if row >= len(self.rows):
            return "New line"
        told = self.judged[row]
        if told is None:
            return "Being checked"
        wrong = self.complaints(row)
        if told.line is not None and wrong and len(wrong) == 1 and wrong[0][0] == _AMOUNT and self._leans(row):
            return "Virement not at zero yet"
        if wrong:
            return f"To mend: {', '.join(HEADINGS[COLUMNS[at]].lower() for at, _why in wrong)}"
        if told.line is None:
            return "Empty"
        return f"Ready; late, counts in {told.counts_in}" if told.counts_in else "Ready"

    def _leans(self, row: int) -> bool:
        """Whether the one thing wrong with a row is that its virement has no other legs yet."""
        told, refused = self.judged[row] or NOTHING, self._refused.get(row)
        is_refused = refused is not None and refused.row == self.rows[row]
        return not told.complaints and not is_refused

    def _settle(self) -> None:
        """Judge what was changed, now if it is little, and tell of it."""
        if self.book is not None:
            waiting = [at for at, told in enumerate(self.judged) if told is None]
            self._judge(waiting[:_AT_ONCE])
            if waiting[_AT_ONCE:]:
                self._later.start()
        self._tell()

    def _judge_some(self) -> None:
        waiting = [at for at, told in enumerate(self.judged) if told is None]
        self._judge(waiting[:_AT_ONCE])
        if not waiting[_AT_ONCE:]:
            self._later.stop()
            self._tell()

    def _judge(self, rows: list[int]) -> None:
        if self.book is None or not rows:
            return
        for at, told in zip(rows, judged([self.rows[at] for at in rows], self.book), strict=True):
            self.judged[at] = told

    def _tell(self) -> None:
        self.sums = sums_of(told for told in self.judged if told is not None)
        self._unbalanced = self.sums.unbalanced
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows), STANDING))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self.rows))
        self._when_changed()

    # As Qt asks for it

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """The rows, and the one that is not there yet."""
        return 0 if parent.isValid() else len(self.rows) + 1

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """Our columns and the standing."""
        return 0 if parent.isValid() else len(COLUMNS) + 1

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Every cell but the standing can be typed in."""
        return _TYPED if index.column() < STANDING else _SHOWN

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, holds, means and says aloud."""
        if role not in _ROLES or not index.isValid():
            return None
        row, column = index.row(), index.column()
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                value = self._shown(row, column)
            case Qt.ItemDataRole.EditRole:
                value = self.row_at(row)[column] if column < STANDING else ""
            case Qt.ItemDataRole.UserRole:
                value = self._pence(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                value = self.complaint(row, column) or self.meaning(row, column) or None
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if column == _AMOUNT else LEFT
            case Qt.ItemDataRole.ForegroundRole:
                value = self._colour(row, column)
            case Qt.ItemDataRole.FontRole if row >= len(self.rows):
                value = self._italic
            case Qt.ItemDataRole.AccessibleTextRole:
                value = self._said(row, column)
        return value

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Put what was typed in a cell."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or index.column() >= STANDING:
            return False
        self.set_cell(index.row(), index.column(), str(value))
        return True

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' names, and the rows' numbers, with a mark by those that would be refused."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return HEADINGS[COLUMNS[section]] if section < STANDING else "Standing"
            return (RIGHT if section == _AMOUNT else LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            if section >= len(self.rows):
                return "+"
            return f"{section + 1} !" if self.complaints(section) else str(section + 1)
        return None

    def _shown(self, row: int, column: int) -> str:
        if column == STANDING:
            return self.standing(row)
        pence = self._pence(row, column)
        if pence is not None:
            return exact(pence)
        told = self.judged[row] if row < len(self.rows) else None
        if column == _DATE and told is not None and told.line is not None and told.line.date is not None:
            return f"{told.line.date:%d/%m/%Y}"
        return self.row_at(row)[column]

    def _pence(self, row: int, column: int) -> int | None:
        told = self.judged[row] if row < len(self.rows) else None
        return told.line.amount_pence if told is not None and told.line is not None and column == _AMOUNT else None

    def _colour(self, row: int, column: int) -> QColor | None:
        if row >= len(self.rows):
            return QGuiApplication.palette().placeholderText().color()
        if self.complaint(row, column) or (column == STANDING and self.complaints(row)):
            return QColor(meanings().adverse)
        return None

    def _said(self, row: int, column: int) -> str:
        """A cell with its row and heading, what its code stands for, and what is wrong with it."""
        heading = HEADINGS[COLUMNS[column]] if column < STANDING else "Standing"
        pence = self._pence(row, column)
        text = spoken(pence) if pence is not None else self._shown(row, column) or "empty"
        told = [f"Row {row + 1}, {heading}: {text}" if row < len(self.rows) else f"New row, {heading}: {text}"]
        told += [part for part in (self.meaning(row, column),) if part]
        told += [f"Refused: {why}" for why in (self.complaint(row, column),) if why]
        return ". ".join(told)
