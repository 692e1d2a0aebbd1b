"""Painting for charts, on a screen, a picture or an SVG alike: bars with patterns, legends, texts that fit."""

from collections.abc import Iterable

from PySide6.QtCore import QLine, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen

from ui.charts.marks import Pattern
from ui.theme import Meanings, meanings

_ROLE = QPalette.ColorRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_WRAP = Qt.TextFlag.TextWordWrap

Key = tuple[str, Pattern, int]
"""An entry of a legend: its words, how it is drawn, and the number of its colour."""


class Brush:
    """A painter with the palette's colours, and with sizes that follow the text's."""

    def __init__(self, painter: QPainter, palette: QPalette) -> None:
        """The painter has its font already."""
        self.painter = painter
        self.palette = palette
        self.colours: Meanings = meanings(palette)
        self.metrics = QFontMetrics(painter.font())

    @property
    def line(self) -> int:
        """The height of a line of text."""
        return self.metrics.height()

    @property
    def gap(self) -> int:
        """A small distance."""
        return self.metrics.height() // 2

    def text(
        self, area: QRect, text: str, align: Qt.AlignmentFlag = LEFT, *, quiet: bool = False, bold: bool = False
    ) -> None:
        """Words in an area, over several lines where they need them."""
        font = self.painter.font()
        if bold:
            strong = self.painter.font()
            strong.setBold(True)
            self.painter.setFont(strong)
        colour = QColor(self.colours.quiet) if quiet else self.palette.color(_ROLE.Text)
        self.painter.setPen(colour)
        self.painter.drawText(area, align | _WRAP, text)
        self.painter.setFont(font)

    def rule(self, line: QLine, *, strong: bool = False) -> None:
        """A line of the grid; an axis is `strong`."""
        self.painter.setPen(QPen(self.palette.color(_ROLE.Text) if strong else QColor(self.colours.rule), 1))
        self.painter.drawLine(line)

    def colour(self, number: int) -> QColor:
        """A series' colour."""
        return QColor(self.colours.series[number % len(self.colours.series)])

    def bar(self, area: QRect, pattern: Pattern, number: int) -> None:
        """A bar in a pattern and a series' colour; one of no size is not seen."""
        colour = self.colour(number)
        if area.width() < 1 or area.height() < 1:
            return
        if pattern is Pattern.SOLID:
            self.painter.fillRect(area, colour)
            return
        self.painter.fillRect(area, self.palette.color(_ROLE.Base))
        self.painter.setPen(QPen(colour, 1))
        if pattern is Pattern.HATCHED:
            self.painter.drawLines(list(_hatching(area, max(4, self.line // 3))))
        elif pattern is Pattern.DOTTED:
            self.painter.drawPoints(list(_dots(area, max(3, self.line // 5))))
        pen = QPen(colour, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(area.adjusted(1, 1, -1, -1))

    def legend(self, keys: Iterable[Key], area: QRect) -> None:
        """Each key drawn as its marks are, with its words."""
        listed = list(keys)
        swatch = self.line
        for (words, pattern, number), (row, left, width) in zip(
            listed, _places(self.metrics, listed, area.width()), strict=True
        ):
            top = area.top() + row * (self.line * 3 // 2)
            square = QRect(area.left() + left, top + self.line // 8, swatch * 3 // 2, swatch * 3 // 4)
            self.bar(square, pattern, number)
            beside = QRect(square.right() + self.gap, top, width - square.width() - self.gap, self.line)
            self.text(beside, words)


def legend_height(metrics: QFontMetrics, keys: Iterable[Key], width: int) -> int:
    """How high a legend is, wrapped to a width."""
    return max((row + 1 for row, _, _ in _places(metrics, keys, width)), default=0) * (metrics.height() * 3 // 2)


def _places(metrics: QFontMetrics, keys: Iterable[Key], width: int) -> list[tuple[int, int, int]]:
    """Of each key of a legend: its row, how far from the left it begins, how wide it is."""
    places = []
    row = left = 0
    for words, _, _ in keys:
        needed = metrics.height() * 7 // 2 + metrics.horizontalAdvance(words)
        if left and left + needed > width:
            row, left = row + 1, 0
        places.append((row, left, needed))
        left += needed
    return places


def wrapped_height(metrics: QFontMetrics, text: str, width: int) -> int:
    """How high a text is, wrapped to a width."""
    return metrics.boundingRect(QRect(0, 0, max(1, width), 100_000), LEFT | _WRAP, text).height()


def _hatching(area: QRect, apart: int) -> Iterable[QLine]:
    """Lines from lower left to upper right within the area: no clipping, which an SVG might not have."""
    for start in range(area.left() - area.height(), area.right(), apart):
        first = max(start, area.left())
        last = min(start + area.height() - 1, area.right())
        if first <= last:
            yield QLine(first, area.bottom() - (first - start), last, area.bottom() - (last - start))


def _dots(area: QRect, apart: int) -> Iterable[QPoint]:
    for number, top in enumerate(range(area.top() + apart, area.bottom(), apart)):
        begin = area.left() + apart + (number % 2) * (apart // 2)
        for left in range(begin, area.right(), apart):
            yield QPoint(left, top)
