"""A table as high as its rows: it stands on a page that scrolls, and does not scroll itself."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.tables import FigureTable, GridModel, row_height

_LEAST_NAME = 9  # heights of a row: some twenty characters


class WholeTable(FigureTable):
    """Shows every row. Sideways it scrolls where a column has no room."""

    def __init__(self, model: GridModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        self._needed: list[int] = []
        self._is_stale = True
        super().__init__(model, name, parent)
        model.setParent(self)  # it lives as long as its view, and no longer
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setStretchLastSection(True)
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

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Measure what came while nobody saw it."""
        super().showEvent(event)
        if self._is_stale:
            self._fit()

    def _fit(self) -> None:
        """As wide as the longest text in each column: of amounts that is the widest. One that is not seen waits."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        model = self.grid_model
        columns = range(model.columnCount())
        texts = [[str(model.index(row, column).data()) for row in range(model.rowCount())] for column in columns]
        names = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
        self._needed = widths_of(self, texts, names)
        self._share_out()
        self.fit_height()

    def _share_out(self) -> None:
        for column, width in enumerate(airy_widths(self._needed, self.viewport().width(), row_height(self))):
            self.setColumnWidth(column, width)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._fit()


def widths_of(view: QWidget, texts: Iterable[Iterable[str]], names: Iterable[str]) -> list[int]:
    """How wide columns are to be for the longest of their texts, even in bold, and for their names."""
    font = view.font()
    font.setBold(True)
    bold = QFontMetrics(font)
    longest = (max(column, key=len, default="") for column in texts)
    return [
        max(bold.horizontalAdvance(text), bold.horizontalAdvance(name)) + row_height(view) // 2
        for text, name in zip(longest, names, strict=True)
    ]


def airy_widths(needed: list[int], room: int, most: int) -> list[int]:
    """Widths of columns with a space between, at most so wide, and narrower where that lets all of them be seen.

    Where there is too little room, the first column, of names, gives way first.
    """
    if not needed:
        return []
    over = sum(needed) - room
    if over > 0:  # of a name that is cut short the rest is told by its tip: a figure out of sight is not missed
        return [max(needed[0] - over, min(needed[0], _LEAST_NAME * most)), *needed[1:]]
    spare = max(0, room - sum(needed)) // len(needed)
    return [width + min(most, spare) for width in needed]


def header_height(header: QHeaderView) -> int:
    """How high a row of headings is, shown or still to be."""
    return max(header.sizeHint().height(), header.minimumHeight())
