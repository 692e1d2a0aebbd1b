"""The register's model: rows over places in an order, of which it holds a few windows and fetches the rest as needed.

Whatever is scrolled to is shown as soon as it is there, and until then a quiet sign stands in its place. Only the
window that was asked for last is fetched: a drag of the scroll bar through a million lines asks for hundreds.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, QTimer, Signal

from ledgers import Ledger
from ledgers.register import RegisterLine, Sort, register_of
from ledgers.register_places import Places, Run
from ui.jobs import Job
from ui.pages.register.columns import AMOUNT, HEADINGS, Names, cells_of, said
from ui.session import Session
from ui.tables import LEFT, NOWHERE, PENCE, RIGHT, AnyIndex

WINDOW = 128
"""Rows fetched at once."""

KEPT = 48
"""Windows held, whatever the ledger's length: some six thousand rows."""

_AT_ONCE = 4
_WAITING = "…"
_UP, _DOWN = "▲", "▼"  # in the text: Qt's own sign is drawn over a heading that stands to the right
_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_SAID, _ALIGNED, _PENCE = int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.TextAlignmentRole), int(PENCE)
_SHOWN = frozenset({_DISPLAY, _TIP, _SAID, _PENCE})
_NOBODY = Run(1, 0)

Row = tuple[RegisterLine, tuple[str, ...]]
_Window = list[Row | None]
Windows = list[tuple[int, _Window, bool]]
"""Windows by their number, each with whether a line is missing in it where there should be one."""


class RegisterModel(QAbstractTableModel):
    """Shows the lines at the places of an order."""

    gap_found = Signal()
    """A place has no line: numbers that seemed to be a run are none."""

    fetched = Signal()
    """Lines came: what stood open until they were there can go on."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Without lines."""
        super().__init__(parent)
        self._session = session
        self._places: Places = _NOBODY
        self._count = 0
        self._names = Names()
        self._sort = Sort()
        self._windows: dict[int, _Window] = {}
        self._wanted: list[int] = []
        self._job: Job[Windows] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._fetch)

    # What it shows

    @property
    def places(self) -> Places:
        """The order that is shown."""
        return self._places

    @property
    def names(self) -> Names:
        """By which schemes and partners are called."""
        return self._names

    def show_places(self, places: Places, names: Names, windows: Windows | None = None) -> None:
        """Show another order in place of the one before, with those of its windows that are there already."""
        self.beginResetModel()
        self._let_go()
        self._places, self._count, self._names = places, places.count, names
        self._windows = {number: rows for number, rows, _is_gap in windows or []}
        self.endResetModel()
        if any(is_gap for _number, _rows, is_gap in windows or []):
            self.gap_found.emit()

    def know_more(self, places: Places) -> None:
        """The same order, with more of it known: more lines at its end, or the middle between its ends."""
        before, count = self._count, places.count
        last = before // WINDOW
        for number in [each for each, rows in self._windows.items() if each >= last or None in rows]:
            del self._windows[number]
        if count > before:
            self.beginInsertRows(NOWHERE, before, count - 1)
            self._places, self._count = places, count
            self.endInsertRows()
        else:
            self._places = places
        self._say_changed()

    def show_sort(self, sort: Sort) -> None:
        """Mark the heading of the column that lines are in order by."""
        self._sort = sort
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADINGS) - 1)

    @property
    def _mark(self) -> str:
        return _DOWN if self._sort.descending else _UP

    def forget_rows(self, names: Names | None = None) -> None:
        """Fetch what is on screen anew: lines were reversed, say, or amounts are to look otherwise."""
        self._let_go()
        if names is not None:
            self._names = names
        self._say_changed()

    def row_at(self, row: int) -> Row | None:
        """The line at a row and its cells, if they are there."""
        rows = self._windows.get(row // WINDOW)
        return rows[row % WINDOW] if rows is not None and row % WINDOW < len(rows) else None

    def line_at(self, row: int) -> RegisterLine | None:
        """The line at a row, if it is there."""
        found = self.row_at(row)
        return None if found is None else found[0]

    @property
    def held(self) -> int:
        """How many rows it holds."""
        return sum(len(rows) for rows in self._windows.values())

    # Qt's questions

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many lines."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many columns."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: AnyIndex, role: int = _DISPLAY) -> object:
        """What a cell shows, its pence, how it is said, where it stands."""
        if role == _ALIGNED:
            return RIGHT if HEADINGS[index.column()].is_right else LEFT
        if role not in _SHOWN or not index.isValid():
            return None
        row, column = index.row(), index.column()
        rows = self._windows.get(row // WINDOW)
        if rows is None:
            self._want(row // WINDOW)
            return self._waiting(role, column)
        found = rows[row % WINDOW] if row % WINDOW < len(rows) else None
        if found is None:
            return self._waiting(role, column)
        if role == _PENCE:
            return found[0].line.amount_pence if column == AMOUNT else None
        return said(*found, column) if role == _SAID else found[1][column]

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY
    ) -> object:
        """The headings, each over its column as the column is aligned."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(HEADINGS):
            return None
        heading = HEADINGS[section]
        if role == _DISPLAY:
            return f"{heading.text} {self._mark}" if heading.column is self._sort.column else heading.text
        if role == _TIP:
            return heading.tip or heading.text
        if role == _ALIGNED:
            return RIGHT if heading.is_right else LEFT
        return None

    @staticmethod
    def _waiting(role: int, column: int) -> str | None:
        if role == _SAID:
            return "not read yet"
        return _WAITING if role == _DISPLAY and column == 0 else None

    # Fetching

    def _want(self, window: int) -> None:
        if window in self._wanted:
            self._wanted.remove(window)
        self._wanted.append(window)
        if self._job is None and not self._timer.isActive():
            self._timer.start()

    def _fetch(self) -> None:
        """Ask for the windows wanted last, and for no other: what was scrolled past is not looked at."""
        wanted, self._wanted = self._wanted[-_AT_ONCE:], []
        wanted = [each for each in wanted if each not in self._windows and each * WINDOW < self._count]
        if not wanted or self._session.opened is None:
            return
        work = partial(rows_of, places=self._places, names=self._names, windows=sorted(wanted))
        self._job = self._session.read(work, self._take, self._fail)

    def _fail(self, failure: object) -> None:
        self._job = None
        self._session.failed.emit("The lines could not be read", failure)

    def _take(self, found: Windows) -> None:
        self._job = None
        has_gap = False
        for number, rows, is_gap in found:
            has_gap = has_gap or is_gap
            self._windows[number] = rows
            first = number * WINDOW
            last = min(first + WINDOW, self._count) - 1
            if first <= last:
                self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADINGS) - 1))
        if found:
            self._drop_far_from(found[-1][0])
        if self._wanted:
            self._timer.start()
        self.fetched.emit()
        if has_gap:
            self.gap_found.emit()

    def _drop_far_from(self, window: int) -> None:
        while len(self._windows) > KEPT:
            del self._windows[max(self._windows, key=lambda each: abs(each - window))]

    def _let_go(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None
        self._windows.clear()
        self._wanted.clear()

    def _say_changed(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(HEADINGS) - 1))


def rows_of(ledger: Ledger, *, places: Places, names: Names, windows: Sequence[int]) -> Windows:
    """The rows of each window, and whether a line is missing where there should be one. On the reading lane."""
    register = register_of(ledger)
    answer = []
    for window in windows:
        ids = places.ids(window * WINDOW, WINDOW)
        lines = register.lines([number for number in ids if number is not None])
        rows: _Window = [
            (found, cells_of(found, names)) if number is not None and (found := lines.get(number)) is not None else None
            for number in ids
        ]
        missing = any(number is not None and number not in lines for number in ids)
        answer.append((window, rows, missing))
    return answer
