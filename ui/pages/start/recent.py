"""The ledgers that were opened before, and work not posted yet: as the first page lists them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from ledgers.server_address import SCHEMES
from rules.english import day
from ui.drafts import all_drafts
from ui.tables import Cell, FigureTable, Grid, GridModel, row_height
from ui.widgets import chars

_KINDS = {
    "new-ledger": "A new ledger, not made yet",
    "lines": "Lines, not posted yet",
    "risk-share": "Drafts of the risk share, not put in force",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A recent ledger, as it was found just now. `where` opens it."""

    where: str
    name: str
    place: str
    changed: str
    state: str
    is_there: bool

    @property
    def is_server(self) -> bool:
        """Whether it is on a server."""
        return self.where.startswith(SCHEMES)


@dataclass(frozen=True, slots=True)
class Drafted:
    """Work that is in no ledger yet: whose it is ("" for a ledger that is not made), what kind, and in words."""

    where: str
    kind: str
    what: str
    name: str
    kept: str


def look_at_all(recent: Sequence[str], titles: Mapping[str, str]) -> tuple[tuple[Seen, ...], tuple[Drafted, ...]]:
    """Whether each ledger is still there and when it was last changed; and the drafts. It may wait for a network."""
    return tuple(_look_at(where, titles.get(where, "")) for where in recent), tuple(
        Drafted(where, kind, _KINDS.get(kind, kind.replace("-", " ").capitalize()), _name(where), _when(_instant(at)))
        for where, kind, at in all_drafts()
    )


def _look_at(where: str, title: str) -> Seen:
    if where.startswith(SCHEMES):
        return Seen(where, title or where, where, "", "On a server", is_there=True)
    path = Path(where)
    name = title or path.name
    try:
        # a folder is as new as the newest file in it
        files = [path, *path.iterdir()] if path.is_dir() else [path]
        changed = max(file.stat().st_mtime for file in files)
    except OSError:
        return Seen(where, name, where, "", "Not found there", is_there=False)
    state = "Folder, read-only" if path.is_dir() else "File"
    return Seen(where, name, where, _when(datetime.fromtimestamp(changed, UTC)), state, is_there=True)


def _name(where: str) -> str:
    return where if where.startswith(SCHEMES) or not where else Path(where).name


def _instant(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None


def _when(instant: datetime | None) -> str:
    """`24 September 2026 at 14:05`, by the computer's own clock."""
    if instant is None:
        return ""
    here = instant.astimezone()
    return f"{day(here.date())} at {here:%H:%M}"


def seen_grid(seen: Sequence[Seen], opened: str) -> Grid:
    """The recent ledgers as a table; `opened` is the one that is open."""
    rows = tuple(
        (
            Cell(each.name),
            Cell(each.place),
            Cell(each.changed, spoken=each.changed or "not known"),
            Cell("Open now" if each.where == opened else each.state),
        )
        for each in seen
    )
    return Grid(("Ledger", "Where", "Last changed", "State"), rows, frozenset())


def drafts_grid(drafts: Sequence[Drafted]) -> Grid:
    """The work not posted yet as a table."""
    rows = tuple(
        (Cell(each.what), Cell(each.name or "–", spoken=each.name or "none"), Cell(each.kept)) for each in drafts
    )
    return Grid(("Work", "Ledger", "Kept"), rows, frozenset())


class ShortTable(FigureTable):
    """A table as high as its rows, with one column that has the room left. Enter and a double click choose a row."""

    chosen = Signal(int)

    def __init__(self, name: str, headings: Sequence[str], wide: int, parent: QWidget | None = None) -> None:
        """`wide` is the column that has the room left."""
        super().__init__(GridModel(headings), name, parent)
        self._wide = wide
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.activated.connect(lambda index: self.chosen.emit(index.row()))
        self.grid_model.modelReset.connect(self._shorten)

    def add(self, text: str, keys: str | None, do: Callable[[], object]) -> QAction:
        """An action of the context menu, with its key."""
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return action

    def show_grid(self, grid: Grid) -> None:
        """Show this, in the row that was stood in before."""
        row = max(self.currentIndex().row(), 0)
        self.grid_model.show_grid(grid)
        if grid.rows:
            self.setCurrentIndex(self.grid_model.index(min(row, len(grid.rows) - 1), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """One column has the room left."""
        super().resizeEvent(event)
        self._widen()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Rows grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(row_height(self))
            self.horizontalHeader().setMinimumHeight(row_height(self))
            self._shorten()

    def _shorten(self) -> None:
        self._widen()
        bar = self.horizontalScrollBar().sizeHint().height()
        rows = self.grid_model.rowCount()
        self.setFixedHeight(row_height(self) * (rows + 1) + 2 * self.frameWidth() + bar)

    def _widen(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        others = sum(
            self.columnWidth(column) for column in range(self.grid_model.columnCount()) if column != self._wide
        )
        self.setColumnWidth(self._wide, max(chars(self, 24), self.viewport().width() - others))
