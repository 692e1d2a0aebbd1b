"""The audit trail as a table: it holds numbers, and fetches entries a window at a time as they come into view."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from ledgers.trail import Entry
from ui.pages.sign_off.said import when
from ui.tables import LEFT, NOWHERE, RIGHT, AnyIndex

HEADINGS = ("No.", "When", "Who", "Action", "Of", "What")
WINDOW = 200
_KEPT = 20  # windows
_WAITING = "…"


class TrailModel(QAbstractTableModel):
    """Shows the entries of these numbers. `need` is asked for the numbers of a window that is not there yet."""

    def __init__(self, need: Callable[[int, Sequence[int]], None], parent: QObject | None = None) -> None:
        """Empty. `need` gets the window's place and its numbers, and later gives `take` its entries."""
        super().__init__(parent)
        self._need = need
        self.numbers: Sequence[int] = ()
        self._windows: dict[int, dict[int, Entry]] = {}
        self._asked: set[int] = set()

    def show_numbers(self, numbers: Sequence[int]) -> None:
        """Show the entries of these numbers, in this order."""
        self.beginResetModel()
        self.numbers = numbers
        self._windows.clear()
        self._asked.clear()
        self.endResetModel()

    @property
    def has_entries(self) -> bool:
        """Whether any have come yet."""
        return bool(self._windows)

    def take(self, window: int, entries: Sequence[Entry]) -> None:
        """The entries of a window have come."""
        self._asked.discard(window)
        while len(self._windows) >= _KEPT:
            del self._windows[next(iter(self._windows))]  # the one that came first
        self._windows[window] = {entry.id: entry for entry in entries}
        first = window * WINDOW
        last = min(first + WINDOW, len(self.numbers)) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADINGS) - 1))

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None while it is on its way."""
        window = row // WINDOW
        found = self._windows.get(window)
        if found is None:
            if window not in self._asked:
                self._asked.add(window)
                self._need(window, self.numbers[window * WINDOW : (window + 1) * WINDOW])
            return None
        return found.get(self.numbers[row])

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many entries."""
        return 0 if parent.isValid() else len(self.numbers)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many columns."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell says."""
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column == 0 else LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADINGS[column]}: {self._text(index.row(), column)}"
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._text(index.row(), column)
        return None

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(HEADINGS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section == 0 else LEFT
        return None

    def _text(self, row: int, column: int) -> str:
        if column == 0:
            return f"{self.numbers[row]:,}"
        entry = self.entry(row)
        if entry is None:
            return _WAITING
        return (when(entry.at), entry.actor, entry.action, entry.subject, entry.detail)[column - 1]
