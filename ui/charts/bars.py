"""Bars side by side, a group of them for each month: budget against actual and forecast."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLine, QRect, Qt
from PySide6.QtGui import QFontMetrics

from ui.charts.brush import MIDDLE, RIGHT, Brush, Key, legend_height
from ui.charts.chart import Chart
from ui.charts.marks import Mark, Pattern, Scale, short, ticks
from ui.figures import heading, spoken
from ui.links import Link
from ui.tables import Cell, Grid, figure

_PLOT_LINES = 11
_TICKS = 6


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one kind. Those of the same `slot` stand in the same place: a month has an actual or a forecast."""

    name: str
    pattern: Pattern
    slot: int


@dataclass(frozen=True, slots=True)
class Category:
    """A group of bars: its short label, its full name, an amount for each series (None: no bar) and where it leads."""

    label: str
    name: str
    pence: tuple[int | None, ...]
    links: tuple[Link | None, ...]


class BarChart(Chart):
    """Grouped bars. Left and Right go from group to group, Up and Down from bar to bar within one."""

    def show_bars(self, sentence: str, series: tuple[Series, ...], categories: tuple[Category, ...]) -> None:
        """Show these bars. No category, or none with an amount, leaves the sentence that there is nothing."""
        self._series, self._categories = series, categories
        self._cells = [
            (row, column)
            for row, category in enumerate(categories)
            for column, pence in enumerate(category.pence)
            if pence is not None
        ]
        amounts = [categories[row].pence[column] or 0 for row, column in self._cells]
        self._ticks = ticks(min(amounts, default=0), max(amounts, default=0), _TICKS)
        marks = tuple(
            Mark(
                f"{categories[row].name}, {series[column].name.lower()}: {spoken(pence)}",
                categories[row].links[column],
            )
            for (row, column), pence in zip(self._cells, amounts, strict=True)
        )
        rows = tuple((Cell(each.name), *_cells(each)) for each in categories)
        headings = ("Period", *(heading(each.name) for each in series))
        grid = Grid(headings, rows, frozenset(range(1, len(headings))))
        self.show_marks(sentence, marks if any(amounts) else (), grid)

    def next_mark(self, number: int, key: Qt.Key) -> int:
        """Along the groups, or within one."""
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = -1 if key == Qt.Key.Key_Up else 1
            beside = number + step
            same_group = 0 <= beside < len(self._cells) and self._cells[beside][0] == self._cells[number][0]
            return beside if same_group else number
        row, column = self._cells[number]
        step = 1 if key == Qt.Key.Key_Right else -1
        slot = self._series[column].slot
        for other, (at, series) in enumerate(self._cells):
            if at == row + step and self._series[series].slot == slot:
                return other
        return next((other for other, (at, _) in enumerate(self._cells) if at == row + step), number)

    def height_at(self, width: int, metrics: QFontMetrics) -> int:
        """A plot of fixed height, the legend above and the labels below."""
        del width
        return metrics.height() * (_PLOT_LINES + 4)

    def paint(self, brush: Brush, area: QRect) -> list[QRect]:
        """The legend, the axis with its amounts, the groups with their labels."""
        if not self.marks:
            return []
        keys: list[Key] = [(each.name, each.pattern, number) for number, each in enumerate(self._series)]
        head = legend_height(brush.metrics, keys, area.width())
        brush.legend(keys, QRect(area.left(), area.top(), area.width(), head))
        widest = max(brush.metrics.horizontalAdvance(short(each)) for each in self._ticks)
        plot = QRect(area)
        plot.setTop(area.top() + head + brush.gap)
        plot.setBottom(area.bottom() - brush.line * 3 // 2)
        plot.setLeft(area.left() + widest + brush.gap)
        scale = Scale(self._ticks[0], self._ticks[-1], plot.height() - 1)
        self._paint_axis(brush, plot, scale, widest)
        self._paint_labels(brush, plot)
        areas = [self._bar_area(plot, scale, row, column) for row, column in self._cells]
        for (_, column), place in zip(self._cells, areas, strict=True):
            brush.bar(place, self._series[column].pattern, column)
        zero = plot.bottom() - scale.at(0)
        brush.rule(QLine(plot.left(), zero, plot.right(), zero), strong=True)
        return areas

    def _paint_axis(self, brush: Brush, plot: QRect, scale: Scale, widest: int) -> None:
        for tick in self._ticks:
            height = plot.bottom() - scale.at(tick)
            brush.rule(QLine(plot.left(), height, plot.right(), height))
            label = QRect(plot.left() - brush.gap - widest, height - brush.line // 2, widest, brush.line)
            brush.text(label, short(tick), RIGHT, quiet=True)

    def _paint_labels(self, brush: Brush, plot: QRect) -> None:
        """Every label, or every second, third…: none is painted into another."""
        count = len(self._categories)
        widest = max(brush.metrics.horizontalAdvance(each.label) for each in self._categories) + brush.gap // 2
        every = max(1, -(-widest * count // max(1, plot.width())))
        for number in range(0, count, every):
            left, right = plot.width() * number // count, plot.width() * (number + 1) // count
            spare = max(0, widest - (right - left)) // 2 + 1
            label = QRect(
                plot.left() + left - spare, plot.bottom() + brush.gap // 2, right - left + 2 * spare, brush.line
            )
            brush.text(label, self._categories[number].label, MIDDLE)

    def _bar_area(self, plot: QRect, scale: Scale, row: int, column: int) -> QRect:
        count, slots = len(self._categories), 1 + max(each.slot for each in self._series)
        left, right = plot.width() * row // count, plot.width() * (row + 1) // count
        apart = max(2, (right - left) // 6)
        inner = max(slots, right - left - apart)
        slot = self._series[column].slot
        begin = left + apart // 2 + inner * slot // slots
        end = left + apart // 2 + inner * (slot + 1) // slots - 1
        pence = self._categories[row].pence[column] or 0
        zero, top = plot.bottom() - scale.at(0), plot.bottom() - scale.at(pence)
        return QRect(plot.left() + begin, min(zero, top), max(1, end - begin), max(abs(top - zero), 2 if pence else 0))


def _cells(category: Category) -> Iterator[Cell]:
    for pence, link in zip(category.pence, category.links, strict=True):
        yield Cell("", spoken="none") if pence is None else figure(pence, link)
