"""Lines grouped by scheme, partner, kind, period or batch: how many, and what they come to by kind."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ledgers import Ledger
from ledgers.register import By, Filter, Group, register_of
from rules.agreement import Kind
from rules.periods import FinancialYear, Period
from ui.figures import NIL, exact, spoken
from ui.jobs import Job
from ui.pages.register.columns import KIND_NAMES, Names
from ui.periods import period_name
from ui.session import Session
from ui.tables import Cell, FigureTable, Grid, GridModel

_HEADINGS = {
    By.SCHEME: "Scheme",
    By.PARTNER: "Partner",
    By.KIND: "Kind",
    By.PERIOD: "Period",
    By.BATCH: "Batch",
}
_UNKNOWN = "counting…"


class GroupTable(FigureTable):
    """A row for each group; Enter or a double click shows its lines."""

    opened = Signal(object)
    """The key of the group that was opened."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without groups."""
        super().__init__(GridModel(("Group", "Lines")), "Groups of lines", parent)
        self._session = session
        self._jobs: list[Job[Any]] = []
        self._groups: tuple[Group, ...] = ()
        self.doubleClicked.connect(self._open)

    def ask(self, wanted: Filter, by: By, names: Names, year: FinancialYear) -> None:
        """Ask for the groups and show them: their sums at once where they are kept, their counts as they come."""
        self.drop()
        show = partial(self._show, by, names, year)
        at_once = self._session.read(partial(_kept, wanted=wanted, by=by), show)

        def show_all(groups: tuple[Group, ...]) -> None:
            at_once.drop()  # of the two lanes this one may be the quicker
            show(groups)

        self._jobs = [at_once, self._session.search(partial(_counted, wanted=wanted, by=by), show_all)]

    def drop(self) -> None:
        """Want no more of what was asked for."""
        for job in self._jobs:
            job.drop()
        self._jobs = []

    def _show(self, by: By, names: Names, year: FinancialYear, groups: tuple[Group, ...] | None) -> None:
        if groups is None:
            return
        at = self.currentIndex().row()
        self._groups = groups
        self.grid_model.show_grid(grid_of(groups, by, names, year))
        if groups:
            self.setCurrentIndex(self.grid_model.index(min(max(at, 0), len(groups) - 1), 0))

    def _open(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._groups):
            self.opened.emit(self._groups[index.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter shows the lines of the group."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)


def group_name(key: str | int, by: By, names: Names, year: FinancialYear) -> str:
    """What a group is called."""
    match by:
        case By.SCHEME:
            return names.scheme(str(key))
        case By.PARTNER:
            return names.partner(str(key))
        case By.KIND:
            return KIND_NAMES[Kind(str(key))]
        case By.PERIOD:
            return period_name(Period(int(key)), year)
        case By.BATCH:
            return f"Batch {key}"


def narrowed(wanted: Filter, by: By, key: str | int) -> Filter:
    """The filter with the lines of one of its groups only."""
    match by:
        case By.SCHEME:
            return replace(wanted, schemes=(str(key),))
        case By.PARTNER:
            return replace(wanted, partners=(str(key),))
        case By.KIND:
            return replace(wanted, kinds=(Kind(str(key)),))
        case By.PERIOD:
            return replace(wanted, periods=(Period(int(key)),))
        case By.BATCH:
            return replace(wanted, batches=(int(key),))


def grid_of(groups: Sequence[Group], by: By, names: Names, year: FinancialYear) -> Grid:
    """A row for each group, a column for each kind that any of them has; grouped by kind, one column of amounts."""
    kinds = [kind for kind in Kind if any(kind == each for group in groups for each, _ in group.pence)]
    one = by is By.KIND
    titles = ("Amount",) if one else tuple(KIND_NAMES[kind] for kind in kinds)
    rows = []
    for group in groups:
        pence = dict(group.pence)
        amounts = [pence.get(Kind(str(group.key)))] if one else [pence.get(kind) for kind in kinds]
        count = Cell(_UNKNOWN) if group.count is None else Cell(f"{group.count:,}")
        rows.append((Cell(group_name(group.key, by, names, year)), count, *(_money(each) for each in amounts)))
    return Grid((_HEADINGS[by], "Lines", *titles), tuple(rows), frozenset(range(1, 2 + len(titles))))


def _money(pence: int | None) -> Cell:
    return Cell(NIL, spoken="none") if pence is None else Cell(exact(pence), pence, spoken(pence))


def _kept(ledger: Ledger, *, wanted: Filter, by: By) -> tuple[Group, ...] | None:
    return register_of(ledger).kept_groups(wanted, by)


def _counted(ledger: Ledger, job: Job[Any], *, wanted: Filter, by: By) -> tuple[Group, ...]:
    register = register_of(ledger)
    with register.given_up(job.check):
        return register.groups(wanted, by)
