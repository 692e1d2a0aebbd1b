"""A table whose first column says in words what each row is of, over as many lines as that takes."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QWidget

from ui.tables import Airy, AnyIndex, FigureTable, GridModel, row_height
from ui.widgets import chars

_WIDEST, _NARROWEST = 36, 12  # characters


class RowsTable(FigureTable):
    """A table of some dozens of rows: long words wrap, so that the figures stay in sight beside them.

    A figure is what is opened in it: cells are selected, not rows.
    """

    def __init__(self, model: GridModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the table."""
        self._natural: list[int] = []
        super().__init__(model, name, parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setWordWrap(True)
        self.setItemDelegate(_Wrapped(self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _fit(self) -> None:
        super()._fit()
        columns = range(self.grid_model.columnCount())
        self._natural = [self.columnWidth(column) - row_height(self) // 2 for column in columns]
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Share out the room between columns anew."""
        super().resizeEvent(event)
        self._share_out()

    def has_room_for(self, index: AnyIndex) -> bool:
        """Whether a cell's words are sure to stand on one line: laying out each to know stops the window."""
        text = str(self.grid_model.data(index))
        bold = self.fontMetrics().horizontalAdvance(text) * 6 // 5
        return "\n" not in text and bold + row_height(self) // 2 <= self.columnWidth(index.column())

    def _share_out(self) -> None:
        """Words wrap where there is no room for them; where there is, they have it first, and then the figures."""
        widths = [min(wide, chars(self, _WIDEST)) for wide in self._natural]
        spare = self.viewport().width() - sum(widths)
        if spare < 0:  # words give way before figures do, the longest most
            told = sorted(
                (wide, column) for column, wide in enumerate(widths) if not self.grid_model.is_figures(column)
            )
            room = sum(wide for wide, _column in told) + spare
            for place, (wide, column) in enumerate(told):
                widths[column] = min(wide, max(chars(self, _NARROWEST), room // (len(told) - place)))
                room -= widths[column]
        if widths and spare > 0:
            more = min(spare, self._natural[0] - widths[0])
            widths[0] += more
            each = min((spare - more) // len(widths), row_height(self) * 2)
            widths = [widths[0], *(wide + each for wide in widths[1:])]
        for column, wide in enumerate(widths):
            if wide != self.columnWidth(column):
                self.setColumnWidth(column, wide)


class _Wrapped(Airy):
    """Leaves room above and below words that take more than one line too."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802  Qt's name
        """A little higher than the lines are."""
        widget = self.parent()
        if isinstance(widget, RowsTable) and widget.has_room_for(index):
            return QSize(0, row_height(widget))
        hint = super().sizeHint(option, index)
        if isinstance(widget, QWidget) and hint.height() > row_height(widget):
            hint.setHeight(hint.height() + row_height(widget) // 3)
        return hint
