"""The codes of a file that are not the ledger's, and what each means: typed once, kept with the mapping."""

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ledgers.importing.guessing import codes_of, value_meant
from ledgers.importing.previewing import Book
from rules.agreement import Agreement
from rules.periods import Period
from ui.entering.cells import CellDelegate
from ui.entering.choices import HEADINGS, Choice, choices_of, name_of
from ui.entering.grid import CellGrid
from ui.importing.work import Values
from ui.tables import LEFT, NOWHERE, RIGHT, AnyIndex
from ui.theme import meanings

_HEADINGS = ("Column", "In the file", "Rows", "Means in the ledger", "Which is")
_COUNT, _MEANS, _NAME = 2, 3, 4
_EMPTY_ROW = ("",) * 9


class ValuesModel(QAbstractTableModel):
    """A row for each code of the file that the ledger does not have as it stands."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._rows: list[tuple[str, str, int]] = []
        self.meant: dict[str, dict[str, str]] = {}
        self._book: Book | None = None

    def show_values(self, values: Values, meant: dict[str, dict[str, str]], book: Book) -> None:
        """The codes of the file, with what they mean as far as it is known."""
        self.beginResetModel()
        self._book = book
        agreement = self._agreement
        self.meant = {ours: dict(told) for ours, told in meant.items()}
        self._rows = [
            (ours, text, count)
            for ours, told in values.items()
            for text, count in told
            if text not in codes_of(ours, agreement) or text in self.meant.get(ours, {})
        ]
        self.endResetModel()

    @property
    def unknown(self) -> int:
        """How many codes mean nothing yet."""
        return sum(not self._is_known(at) for at in range(len(self._rows)))

    @property
    def _agreement(self) -> Agreement:
        assert self._book is not None  # noqa: S101  values come with the book
        return self._book.agreement_for(Period.M13)

    def choices(self, at: int, column: int) -> tuple[Choice, ...]:
        """What a code can mean."""
        return choices_of(self._rows[at][0], _EMPTY_ROW, self._book) if self._book and column == _MEANS else ()

    def complaint(self, at: int, column: int) -> str:
        """Why a code cannot stand: it is not the ledger's, and nothing says what it means."""
        if column != _MEANS or self._is_known(at):
            return ""
        ours, text, _count = self._rows[at]
        means = self._means(at)
        return f"“{means or text}” is not a {ours} of the ledger; say what it means"

    def _means(self, at: int) -> str:
        ours, text, _count = self._rows[at]
        return self.meant.get(ours, {}).get(text, "")

    def _is_known(self, at: int) -> bool:
        return self._means(at) in codes_of(self._rows[at][0], self._agreement)

    # As Qt asks for it

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """The codes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """What is told of each."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """What it means is typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _MEANS else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is told of a code."""
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
                value = RIGHT if column == _COUNT else LEFT
            case Qt.ItemDataRole.ForegroundRole if column == _NAME and not self._is_known(at):
                value = QColor(meanings().adverse)
            case Qt.ItemDataRole.AccessibleTextRole:
                ours, text, _count = self._rows[at]
                why = self.complaint(at, column)
                told = f"{HEADINGS[ours]} {text}, {_HEADINGS[column]}: {self._text(at, column) or 'nothing yet'}"
                value = f"{told}. {why}" if why else told
        return value

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Say what a code means."""
        if role != Qt.ItemDataRole.EditRole or index.column() != _MEANS:
            return False
        ours, text, _count = self._rows[index.row()]
        told = str(value).strip()
        means = value_meant(ours, told, self._agreement) or told
        if means == self._means(index.row()):
            return False
        of_column = self.meant.setdefault(ours, {})
        if means:
            of_column[text] = means
        else:
            of_column.pop(text, None)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), _NAME))
        self.changed.emit()
        return True

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return (RIGHT if section == _COUNT else LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _text(self, at: int, column: int) -> str:
        ours, text, count = self._rows[at]
        means = self._means(at)
        name = name_of(self.choices(at, _MEANS), means)
        told = (HEADINGS[ours], text, f"{count:,}", means, name if self._is_known(at) else "To say yet")
        return told[column]


class ValuesGrid(CellGrid):
    """The codes of a file; what they mean is typed, with suggestions."""

    def __init__(self, model: ValuesModel, parent: QWidget | None = None) -> None:
        """Over the model."""
        super().__init__("Codes of the file that are not the ledger's", parent)
        self.use(model, CellDelegate(self, model.complaint, model.choices), (12, 26, 8, 22, 50))
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setAccessibleName("Headings")

    def new_row_column(self) -> int | None:
        """What is typed is what a code means."""
        return _MEANS

    def go_along(self, *, back: bool = False) -> bool:
        """From one code to the next: nothing else is typed here. After the last one the grid is left."""
        row = self.currentIndex().row() + (-1 if back else 1)
        if not 0 <= row < self.model().rowCount():
            return False
        self.go_to(row, _MEANS)
        return True

    def clear_cells(self, selected: QItemSelection) -> None:
        """It means nothing any more."""
        for index in selected.indexes():
            self.model().setData(index, "")

    def paste(self, text: str) -> None:
        """Put what is on the clipboard in the current cell."""
        self.model().setData(self.currentIndex(), " ".join(text.split()))
