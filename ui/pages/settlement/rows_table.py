"""A table whose first column says in words what each row is of, over as many lines as that takes."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QWidget

from ui.tables import Airy, AnyIndex, FigureTable, GridModel, row_height
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
        self.setItemDelegate(_Wrapped(self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _fit(self) -> None:
        super()._fit()
        for column in range(self.grid_model.columnCount()):
            wide = self.columnWidth(column) - row_height(self) // 2
            self.setColumnWidth(column, min(wide, chars(self, _WIDEST)))


class _Wrapped(Airy):
    """Leaves room above and below words that take more than one line too."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802  Qt's name
        """A little higher than the lines are."""
        hint = super().sizeHint(option, index)
        widget = self.parent()
        if isinstance(widget, QWidget) and hint.height() > row_height(widget):
            hint.setHeight(hint.height() + row_height(widget) // 3)
        return hint
