"""A CSV for another ledger to read, looked at as a table: read off this thread, its first rows only if it is long."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.failures import Failure
from ui.jobs import Job, Jobs
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import words

_MOST = 2_000
_AMOUNTS = ("debit", "credit", "amount")


@dataclass(frozen=True, slots=True)
class _Read:
    grid: Grid
    is_whole: bool


class CsvTable(QWidget):
    """The rows of a file under its own headings, with its figures as they stand there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With no file."""
        super().__init__(parent)
        self.said = words()
        self.table = FigureTable(GridModel(parent=self), "The file's rows")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.said)
        layout.addWidget(self.table)

    def show_file(self, lane: Jobs, path: str, name: str, failed: Callable[[Failure], None]) -> Job[_Read]:
        """Show a file. `name` is what it is."""
        self.table.setAccessibleName(name)
        self.table.grid_model.show_grid(Grid((), (), frozenset()))
        self.said.setText("Reading…")

        def show(read: _Read) -> None:
            self.table.grid_model.show_grid(read.grid)
            rows = len(read.grid.rows)
            part = "" if read.is_whole else f" The first {rows:,} rows are shown."
            nothing = "" if rows else " It has no entries: there is nothing to post."
            self.said.setText(
                f"{name}, as the file {Path(path).name} has it, for your own ledger to read.{part}{nothing}"
            )

        return lane.start(lambda _job: _read(path), show, failed)


def _read(path: str) -> _Read:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        headings = tuple(next(reader, []))
        rows: list[tuple[Cell, ...]] = []
        is_whole = True
        for row in reader:
            if len(rows) == _MOST:
                is_whole = False
                break
            # every row as wide as the headings
            cells = [*row, *("" for _ in range(len(headings) - len(row)))][: len(headings)]
            rows.append(tuple(Cell(text) for text in cells))
    figures = frozenset(place for place, heading in enumerate(headings) if heading.lower().startswith(_AMOUNTS))
    return _Read(Grid(headings, tuple(rows), figures), is_whole)
