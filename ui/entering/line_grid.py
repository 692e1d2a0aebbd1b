"""The grid of lines being entered: what its keys do to the rows."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QModelIndex, Qt
from PySide6.QtWidgets import QWidget

from ledgers.importing.entering import EMPTY
from ledgers.importing.pasting import Laid, Selected, laid
from ui.entering.cells import CellDelegate
from ui.entering.grid import CellGrid
from ui.entering.model import STANDING, EntryModel
from ui.jobs import Jobs

_LONG = 10_000
"""Characters: a block of some hundred rows is read in a few milliseconds."""

_WIDTHS = (9, 13, 18, 13, 16, 19, 17, 30, 11, 32)


class LineGrid(CellGrid):
    """Rows of an `EntryModel`. `told` is called with a sentence where a key could not do what was asked."""

    def __init__(
        self, model: EntryModel, jobs: Jobs, told: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        """Over the model; `jobs` is the lane that a long block is read in."""
        super().__init__("Lines to be posted", parent)
        self.entries = model
        self.told = told
        self._jobs = jobs
        self.use(model, CellDelegate(self, model.complaint, model.choices), _WIDTHS)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setAccessibleName("Row numbers")
        self.horizontalHeader().setAccessibleName("Headings")

    def last_column(self) -> int:
        """Where the standing is, nothing is typed."""
        return STANDING - 1

    def new_row_column(self) -> int | None:
        """Where a new row is begun."""
        return self.entries.first_useful_column() if self.entries.rows else None

    def text_of(self, index: QModelIndex) -> str:
        """As typed; the standing as it reads."""
        role = Qt.ItemDataRole.DisplayRole if index.column() == STANDING else Qt.ItemDataRole.EditRole
        return str(index.data(role) or "") if index.row() < len(self.entries.rows) else ""

    def clear_cells(self, selected: QItemSelection) -> None:
        """Empty them; rows that are not there yet stay so."""
        top, bottom, columns = self._block(selected)
        rows = self.entries.rows[top : bottom + 1]
        empty = [tuple("" if at in columns else text for at, text in enumerate(row)) for row in rows]
        self.entries.change(top, len(rows), empty, "emptied cells")

    def fill_down(self, selected: QItemSelection) -> None:
        """Copy the first selected row into those below it; of a single row, the row above into it."""
        top, bottom, columns = self._block(selected)
        source = top if bottom > top else top - 1
        if source < 0 or source >= len(self.entries.rows):
            self.told("There is no cell above to copy.")
            return
        above = self.entries.rows[source]
        first = source + 1
        wanted = [self.entries.row_at(at) for at in range(first, bottom + 1)]
        made = [tuple(above[at] if at in columns else text for at, text in enumerate(row)) for row in wanted]
        self.entries.change(first, min(len(wanted), len(self.entries.rows) - first), made, "cells copied down")

    def paste(self, text: str) -> None:
        """Lay a block over the cells; a single cell fills all those that are selected.

        A long block is divided and understood off the window's thread, and laid when that is done.
        """
        book = self.entries.book
        if book is None:
            return
        top, bottom, columns = self._block(self.selectionModel().selection())
        rows = list(self.entries.rows)
        selected = Selected(top, bottom, min(columns, default=0), len(columns), self.entries.beginning())
        if len(text) < _LONG:
            self._lay(laid(text, rows, selected, book))
            return
        self.told("The block is being read.")
        self._jobs.start(
            lambda _job: laid(text, rows, selected, book),
            lambda found: self._lay(found) if self.entries.rows == rows else self.paste(text),
            lambda failure: self.told(failure.sentence),
        )

    def _lay(self, found: Laid) -> None:
        if found.why_not:
            self.told(found.why_not)
            return
        at, made = found.at, found.rows
        over = min(len(made), max(0, len(self.entries.rows) - at))
        self.entries.change(at, over, made, f"{len(made)} pasted {'row' if len(made) == 1 else 'rows'}")
        self.go_to(at, found.column)

    def delete_rows(self) -> None:
        """Take them out; the one that is not there yet stays."""
        top, bottom, _columns = self._block(self.selectionModel().selection())
        count = min(bottom + 1, len(self.entries.rows)) - top
        if count <= 0:
            self.told("The current row is not there yet: there is nothing to delete.")
            return
        column = max(0, self.currentIndex().column())
        self.entries.change(top, count, [], f"{count} deleted {'row' if count == 1 else 'rows'}")
        self.go_to(min(top, len(self.entries.rows)), column)

    def insert_row(self) -> None:
        """An empty row above the current one."""
        at = min(max(0, self.currentIndex().row()), len(self.entries.rows))
        self.entries.change(at, 0, [EMPTY], "an inserted row")
        self.go_to(at, max(0, self.currentIndex().column()))

    def undo(self) -> None:
        """Take the last change back."""
        self.entries.stack.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.entries.stack.redo()

    def _block(self, selected: QItemSelection) -> tuple[int, int, frozenset[int]]:
        """The first and the last row, and the columns."""
        if selected.isEmpty():
            at = self.currentIndex()
            return max(0, at.row()), max(0, at.row()), frozenset({max(0, at.column())})
        block = selected.first()
        columns = range(block.left(), min(block.right(), self.last_column()) + 1)
        return block.top(), block.bottom(), frozenset(columns)
