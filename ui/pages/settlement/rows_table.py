"""A table whose first column says in words what each row is of, over as many lines as that takes."""

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from ui.tables import FigureTable, GridModel
from ui.widgets import chars

_WIDEST = 36  # characters


class RowsTable(FigureTable):
    """A table of some dozens of rows: long words wrap, so that the figures stay in sight beside them.

    A figure is what is opened in it: cells are selected, not rows.
    """

    def __init__(self, model: GridModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the table."""
        super().__init__(model, name, parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setWordWrap(True)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _fit(self) -> None:
        super()._fit()
        for column in range(self.grid_model.columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column), chars(self, _WIDEST)))
