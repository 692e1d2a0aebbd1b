"""A table as high as its rows: it stands on a page that scrolls, and does not scroll itself."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.tables import FigureTable, GridModel, row_height


class WholeTable(FigureTable):
    """Shows every row. Sideways it scrolls where a column has no room."""

    def __init__(self, model: GridModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(model, name, parent)
        model.setParent(self)  # it lives as long as its view, and no longer
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setStretchLastSection(True)
        self._needed: list[int] = []
        model.modelReset.connect(self._measure)
        self.horizontalScrollBar().rangeChanged.connect(self.fit_height)
        self.fit_height()

    def fit_height(self) -> None:
        """As high as the headings and every row, and the bar below if there is one."""
        rows = self.verticalHeader()
        if rows.defaultSectionSize() != row_height(self):
            rows.setDefaultSectionSize(row_height(self))
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.setFixedHeight(header_height(self.horizontalHeader()) + rows.length() + below + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Share out the room between columns anew."""
        super().resizeEvent(event)
        self._share_out()

    def _measure(self) -> None:
        self.resizeColumnsToContents()
        self._needed = [self.columnWidth(column) for column in range(self.grid_model.columnCount())]
        self._share_out()
        self.fit_height()

    def _share_out(self) -> None:
        for column, width in enumerate(airy_widths(self._needed, self.viewport().width(), row_height(self))):
            self.setColumnWidth(column, width)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._measure()


def airy_widths(needed: list[int], room: int, most: int) -> list[int]:
    """Widths of columns with a space between, at most so wide, and narrower where that lets all of them be seen."""
    if not needed:
        return []
    spare = max(0, room - sum(needed)) // len(needed)
    return [width + min(most, spare) for width in needed]


def header_height(header: QHeaderView) -> int:
    """How high a row of headings is, shown or still to be."""
    return max(header.sizeHint().height(), header.minimumHeight())
