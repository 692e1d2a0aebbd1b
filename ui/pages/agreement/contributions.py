"""The matrix of Financial Contributions: schemes down, partners across; every cell opens the lines behind it."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Signal
from PySide6.QtWidgets import QComboBox, QMenu, QVBoxLayout, QWidget

from rules.periods import Period
from settlement.contributions import Contributions, Reading
from ui import links
from ui.links import Link
from ui.pages.agreement.grids import contributions_grid, lines_of
from ui.pages.agreement.parts import TablePart
from ui.tables import Grid
from ui.widgets import labelled, row, words

_NOTHING = "No contributions are posted yet. Enter budget lines on the Ledger page, or import them."
_EXPLAINS = {
    Reading.AS_VARIED: "The year’s Financial Contributions, virements included.",
    Reading.FIRST_AGREED: "The year’s Financial Contributions as first agreed: virements left out.",
    Reading.VIREMENTS: "What virements moved in the year, to a scheme or (negative) from it.",
    Reading.TO_DATE: "Contributions and virements of the periods up to {}.",
}


class ContributionsTab(QWidget):
    """Shows one reading of the matrix at a time."""

    opened = Signal(object)
    """The `Link` to the lines behind a cell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until there are contributions to show."""
        super().__init__(parent)
        self._found: Contributions | None = None
        self.reading = QComboBox()
        for reading in Reading:
            self.reading.addItem(f"{reading[:1].upper()}{reading[1:]}", reading)
        self.reading.currentIndexChanged.connect(self._draw)
        self.explains = words()
        self.part = TablePart("Financial Contributions, by scheme and partner", _NOTHING)
        self.part.table.activated.connect(self._open)
        self.menu = QMenu(self)
        layout = QVBoxLayout(self)
        layout.addLayout(row(labelled("&Reading", self.reading), self.reading))
        layout.addWidget(self.explains)
        layout.addWidget(self.part)
        layout.addWidget(words("Enter on a cell opens the lines behind it."))
        layout.addStretch()

    def show_contributions(self, found: Contributions | None, trouble: str) -> None:
        """Show them, or why there are none."""
        self._found = found
        self.part.nothing.setText(trouble or _NOTHING)
        self._draw()

    def _reading(self) -> Reading:
        return Reading(self.reading.currentData())

    def _draw(self) -> None:
        found, reading = self._found, self._reading()
        is_empty = found is None or not any(any(map(any, matrix.rows)) for matrix in found.matrices.values())
        period = Period.M12 if found is None else found.period
        self.explains.setText(_EXPLAINS[reading].format(period))
        self.explains.setVisible(not is_empty)
        if found is None or is_empty:
            self.part.show_grid(Grid((), (), frozenset()))
        else:
            self.part.show_grid(contributions_grid(found, reading))

    def _open(self, index: QModelIndex) -> None:
        if self._found is None:
            return
        choices = lines_of(self._found, self._reading(), index.row(), index.column())
        if len(choices) == 1:
            self.opened.emit(Link(links.LEDGER, choices[0][1]))
            return
        # what was varied is two sums, each with its lines
        self.menu.clear()
        for text, lines in choices:
            action = self.menu.addAction(text)
            action.triggered.connect(partial(self.opened.emit, Link(links.LEDGER, lines)))
        self.menu.setActiveAction(self.menu.actions()[0])
        corner: QPoint = self.part.table.visualRect(index).bottomLeft()
        self.menu.popup(self.part.table.viewport().mapToGlobal(corner))
