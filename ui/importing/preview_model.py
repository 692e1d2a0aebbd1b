"""The rows of a file that are shown before it is posted: the first ones, and those to mend, which can be typed in."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ledgers.importing.guessing import value_meant
from ledgers.importing.judging import Judge
from ledgers.importing.mapping import LINE_COLUMNS, MEASURE_COLUMNS, OPTIONAL_COLUMNS
from ledgers.importing.marks import Mark
from ledgers.importing.previewing import Book, Checked, Mended, RowSeen, marks_of
from ui.entering.cells import CellDelegate
from ui.entering.choices import HEADINGS, Choice, choices_of
from ui.entering.grid import CellGrid
from ui.tables import LEFT, NOWHERE, RIGHT, AnyIndex
from ui.theme import meanings

_FIGURES = frozenset({"amount", "baseline", "target", "actual"})
_WIDTHS = {"description": 30, "reference": 16, "amount": 17, "scheme": 18, "kind": 15, "measure": 20}
_USUAL = 13
_STANDING_WIDTH = 46
_OUT = "Left out: it will not be posted"
_MENDED = "Mended"


class PreviewModel(QAbstractTableModel):
    """Rows of a file under our headings. `when_mended` is called after each change that the person makes."""

    def __init__(self, when_mended: Callable[[], None], parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.rows: list[RowSeen] = []
        self.mended: Mended = {}
        self.columns: list[tuple[str, int]] = []
        self.checked: Checked | None = None
        self._book: Book | None = None
        self._judge: Judge | None = None
        self._wrong = True
        self._undo: list[tuple[int, tuple[str, ...] | bool | None]] = []
        self._original: dict[int, RowSeen] = {}
        self._when_mended = when_mended

    def show_checked(self, checked: Checked, book: Book, *, wrong: bool) -> None:
        """Show the rows to mend with those that were mended, or the first ones that are good."""
        self.beginResetModel()
        self.checked, self._book, self._wrong = checked, book, wrong
        self._judge = book.judge()
        self.columns = _columns(checked)
        if wrong:
            for row in checked.wrong:
                self._original.setdefault(row.number, row)
            told = {row.number: row for row in checked.wrong}
            again = [number for number in self.mended if number not in told and number in self._original]
            told |= {number: RowSeen(number, self._cells(number)) for number in again}
            self.rows = [told[number] for number in sorted(told)]
        else:
            self.rows = list(checked.first)
        self.endResetModel()

    def forget(self) -> None:
        """Another file, or the same one read again: nothing of it is mended."""
        self.beginResetModel()
        self.rows, self.mended, self._undo, self._original, self.checked = [], {}, [], {}, None
        self.endResetModel()

    @property
    def to_mend(self) -> list[int]:
        """The rows, as they are shown, that would still be refused."""
        return [at for at, row in enumerate(self.rows) if row.marks and not self.is_out(at)]

    def is_out(self, at: int) -> bool:
        """Whether a row is left out."""
        return self.mended.get(self.rows[at].number, ()) is None

    def can_mend(self, at: int) -> bool:
        """Whether a row can be typed in: not one that could not even be divided into cells."""
        return self._wrong and bool(self.rows[at].cells)

    # Mending

    def leave_out(self, at: int) -> None:
        """Leave a row out, or take it in again."""
        if not self._wrong or not self.rows[at].cells:
            return
        row = self.rows[at]
        if self.is_out(at):
            self._put(at, self._original[row.number].cells if row.number in self._original else row.cells, back=True)
        else:
            self._remember(row.number)
            self.mended[row.number] = None
            self._tell(at)

    def undo(self) -> None:
        """Take the last change back."""
        if not self._undo:
            return
        number, before = self._undo.pop()
        at = next(at for at, row in enumerate(self.rows) if row.number == number)
        if isinstance(before, bool):
            self.mended.pop(number, None)
            self.rows[at] = self._original[number]
        else:
            self.mended[number] = before
            if before is not None:
                self.rows[at] = self._judged(RowSeen(number, before))
        self._tell(at)

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Mend a cell: what is typed is taken as the code that it means, as in the grid for entering lines."""
        at = index.row()
        if role != Qt.ItemDataRole.EditRole or index.column() >= len(self.columns) or not self.can_mend(at):
            return False
        if self.is_out(at):
            return False
        ours, column = self.columns[index.column()]
        text = str(value).strip()
        if self._book is not None and not self._turns(ours, text):
            text = value_meant(ours, text, self._book.agreement_for(None)) or text
        cells = self._cells_of(at)
        if cells[column] == text and len(cells) == len(self.rows[at].cells):
            return False
        self._put(at, (*cells[:column], text, *cells[column + 1 :]))
        return True

    def _put(self, at: int, cells: tuple[str, ...], *, back: bool = False) -> None:
        number = self.rows[at].number
        self._remember(number)
        if back:
            self.mended.pop(number, None)
            self.rows[at] = self._original.get(number, self.rows[at])
        else:
            self.mended[number] = cells
            self.rows[at] = self._judged(RowSeen(number, cells))
        self._tell(at)

    def _remember(self, number: int) -> None:
        self._undo.append((number, self.mended.get(number, True)))

    def _judged(self, row: RowSeen) -> RowSeen:
        assert self.checked is not None  # noqa: S101  rows come with what was checked
        assert self._judge is not None  # noqa: S101  and so does what judges them
        return RowSeen(row.number, row.cells, marks_of(row, self.checked, self._judge))

    def _turns(self, ours: str, text: str) -> bool:
        """Whether the mapping turns a value into one of ours already."""
        columns = self.checked.columns if self.checked is not None else None
        return columns is not None and text in columns.values.get(ours, {})

    def _cells(self, number: int) -> tuple[str, ...]:
        return self.mended.get(number) or self._original[number].cells

    def _cells_of(self, at: int) -> tuple[str, ...]:
        """A row's cells, as many as the header has: those too many fall away, those missing are empty."""
        columns = self.checked.columns if self.checked is not None else None
        width = columns.width if columns is not None else 0
        return (*self.rows[at].cells, *("",) * width)[:width]

    def _tell(self, at: int) -> None:
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns)))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, at, at)
        self._when_mended()

    # What is wrong

    def complaint(self, at: int, column: int) -> str:
        """Why a cell would be refused; in the standing, what is wrong with the row as a whole."""
        if at >= len(self.rows) or self.is_out(at):
            return ""
        wanted = self.columns[column][1] if column < len(self.columns) else None
        return "; ".join(mark.message for mark in self.rows[at].marks if self._column_of(mark) == wanted)

    def first_wrong_column(self, at: int) -> int:
        """The first column of a row to mend; the first of all, of one that is wrong as a whole."""
        return next((column for column in range(len(self.columns)) if self.complaint(at, column)), 0)

    def _column_of(self, mark: Mark) -> int | None:
        return mark.column if any(column == mark.column for _ours, column in self.columns) else None

    def choices(self, at: int, column: int) -> tuple[Choice, ...]:
        """What a cell can hold; nothing of free text."""
        if self._book is None or column >= len(self.columns) or self.checked is None or not self.checked.is_lines:
            return ()
        cells = self._cells_of(at)
        found = {ours: cells[where] for ours, where in self.columns}
        row = (found.get("period", ""), "", found.get("scheme", ""), "", "", "", "", "", "")
        return choices_of(self.columns[column][0], row, self._book)

    def standing(self, at: int) -> str:
        """Whether a row would be posted, in words."""
        row = self.rows[at]
        if self.is_out(at):
            return _OUT
        if row.marks:
            told = [mark.message for mark in row.marks if self._column_of(mark) is None]
            named = [
                HEADINGS[ours].lower() for ours, column in self.columns if any(m.column == column for m in row.marks)
            ]
            if not row.cells:
                told.append("mend this in the file and read it again")
            return f"To mend: {', '.join((*named, *told))}"
        return _MENDED if row.number in self.mended else "Good"

    # As Qt asks for it

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """The rows shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """Our columns that the file has, and the standing."""
        return 0 if parent.isValid() else len(self.columns) + 1

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Rows to mend can be typed in."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        typed = index.column() < len(self.columns) and self.can_mend(index.row()) and not self.is_out(index.row())
        return flags | Qt.ItemFlag.ItemIsEditable if typed else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell holds, why it would be refused, how it is said."""
        if not index.isValid():
            return None
        at, column = index.row(), index.column()
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                value = self._text(at, column)
            case Qt.ItemDataRole.ToolTipRole:
                value = self.complaint(at, column) or self._text(at, column) or None
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if column < len(self.columns) and self.columns[column][0] in _FIGURES else LEFT
            case Qt.ItemDataRole.ForegroundRole if self.complaint(at, column) or (
                column == len(self.columns) and self.rows[at].marks and not self.is_out(at)
            ):
                value = QColor(meanings().adverse)
            case Qt.ItemDataRole.AccessibleTextRole:
                heading = self.headerData(column, Qt.Orientation.Horizontal)
                why = self.complaint(at, column) if column < len(self.columns) else ""
                told = f"Row {self.rows[at].number}, {heading}: {self._text(at, column) or 'empty'}"
                value = f"{told}. Refused: {why}" if why else told
        return value

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Our name of a column, with the file's where it has another; the rows' numbers in the file."""
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole and section < len(self.rows):
                row = self.rows[section]
                return f"{row.number} !" if row.marks and not self.is_out(section) else str(row.number)
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section < len(self.columns) and self.columns[section][0] in _FIGURES else LEFT
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        if section >= len(self.columns) or self.checked is None:
            return "Standing"
        ours, column = self.columns[section]
        theirs = self.checked.headings[column]
        return HEADINGS[ours] if theirs in {ours, HEADINGS[ours]} else f"{HEADINGS[ours]} ({theirs})"

    def _text(self, at: int, column: int) -> str:
        if column >= len(self.columns):
            return self.standing(at)
        where = self.columns[column][1]
        cells = self.rows[at].cells
        return cells[where] if where < len(cells) else ""


class PreviewGrid(CellGrid):
    """The rows of a file: those to mend are typed in, and Enter leads from one wrong cell to the next."""

    def __init__(self, model: PreviewModel, parent: QWidget | None = None) -> None:
        """Over the model."""
        super().__init__("Rows of the file", parent)
        self.preview = model
        self.use(model, CellDelegate(self, model.complaint, model.choices), ())
        self.horizontalHeader().setAccessibleName("Headings")
        self.verticalHeader().setAccessibleName("Rows of the file")
        model.modelReset.connect(self._reset)

    def _reset(self) -> None:
        widths = [_WIDTHS.get(ours, _USUAL) for ours, _column in self.preview.columns]
        headings = [str(self.preview.headerData(at, Qt.Orientation.Horizontal)) for at in range(len(widths))]
        wide = [max(width, len(heading) + 2) for width, heading in zip(widths, headings, strict=True)]
        self._widths = (*wide, _STANDING_WIDTH)
        self.fit_columns()

    def last_column(self) -> int:
        """Where the standing is, nothing is typed."""
        return max(0, len(self.preview.columns) - 1)

    def go_down(self, *, back: bool = False) -> None:
        """To the next wrong cell, if one was mended; else a row on, or back."""
        if back or not self.go_to_wrong():
            super().go_down(back=back)

    def go_to_wrong(self) -> bool:
        """Go to the next cell to mend, from the current one on and round again; False if there is none."""
        here = self.currentIndex()
        start = (here.row(), here.column()) if here.isValid() else (-1, -1)
        cells = [
            (at, column)
            for at in self.preview.to_mend
            for column in ([c for c in range(len(self.preview.columns)) if self.preview.complaint(at, c)] or [0])
        ]
        if not cells:
            return False
        at, column = next((cell for cell in cells if cell > start), cells[0])
        self.go_to(at, column)
        return True

    def clear_cells(self, selected: QItemSelection) -> None:
        """Empty the current cell."""
        if not selected.isEmpty():
            self.model().setData(self.currentIndex(), "")

    def fill_down(self, selected: QItemSelection) -> None:
        """Copy the cell above into the current one."""
        at = self.currentIndex()
        if not selected.isEmpty() and at.row() > 0:
            self.model().setData(at, self.text_of(self.model().index(at.row() - 1, at.column())))

    def paste(self, text: str) -> None:
        """Put what is on the clipboard in the current cell."""
        self.model().setData(self.currentIndex(), " ".join(text.split()))

    def delete_rows(self) -> None:
        """Leave the row out, or take it in again."""
        if self.currentIndex().isValid():
            self.preview.leave_out(self.currentIndex().row())

    def undo(self) -> None:
        """Take the last change back."""
        self.preview.undo()


def _columns(checked: Checked) -> list[tuple[str, int]]:
    """Our columns that the file has, in our order, each with its place in the file."""
    columns = checked.columns
    if columns is None:
        return []
    ours = (*LINE_COLUMNS, *OPTIONAL_COLUMNS) if checked.is_lines else MEASURE_COLUMNS
    return [(name, columns.index[name]) for name in ours if columns.index.get(name, columns.width) < columns.width]
