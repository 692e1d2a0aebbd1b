"""Steps up and down, one below the other: from the variance to the cash, subtotals from nought."""

from collections.abc import Callable

from PySide6.QtCore import QLine, QRect
from PySide6.QtGui import QFontMetrics

from settlement.overview_steps import Step
from ui.charts.brush import LEFT, RIGHT, Brush, Key, legend_height, wrapped_height
from ui.charts.chart import Chart
from ui.charts.marks import Mark, Pattern, Scale
from ui.figures import amount, heading, spoken
from ui.links import Link
from ui.tables import Cell, Grid, figure

_UP, _DOWN, _TOTAL = ("Adds", Pattern.HATCHED, 1), ("Takes off", Pattern.HOLLOW, 2), ("Subtotal", Pattern.SOLID, 0)
_KEYS: tuple[Key, ...] = (_UP, _DOWN, _TOTAL)


class WaterfallChart(Chart):
    """Each step is a row: its words, its bar from where the steps before it came to, its amount."""

    def show_steps(self, sentence: str, steps: tuple[Step, ...], link_of: Callable[[Step], Link | None]) -> None:
        """Show these steps; a subtotal is drawn from nought. No step leaves the sentence that there is nothing."""
        self._steps = steps
        self._spans: list[tuple[int, int]] = []
        level = 0
        for step in steps:
            begin = 0 if step.is_subtotal else level
            level = step.pence if step.is_subtotal else level + step.pence
            self._spans.append((begin, level))
        marks = tuple(
            Mark(" ".join(filter(None, (f"{step.label}: {spoken(step.pence)}.", step.detail))), link_of(step))
            for step in steps
        )
        rows = tuple(
            (Cell(step.label, opens=mark.link), figure(step.pence, mark.link), figure(level), Cell(step.detail))
            for step, mark, (_, level) in zip(steps, marks, self._spans, strict=True)
        )
        headings = ("Step", heading("Amount"), heading("Comes to"), "In words")
        totals = frozenset(number for number, step in enumerate(steps) if step.is_subtotal)
        self.show_marks(sentence, marks, Grid(headings, rows, frozenset({1, 2}), totals))

    def height_at(self, width: int, metrics: QFontMetrics) -> int:
        """The legend, and a row for each step, higher where its words wrap."""
        margin = metrics.height() // 2
        inner = width - margin * 2
        labels = _label_width(metrics, inner)
        rows = sum(_row_height(metrics, step.label, labels) for step in getattr(self, "_steps", ()))
        return rows + legend_height(metrics, _KEYS, inner) + margin * 4

    def paint(self, brush: Brush, area: QRect) -> list[QRect]:
        """The legend and the steps."""
        if not self.marks:
            return []
        head = legend_height(brush.metrics, _KEYS, area.width())
        brush.legend(_KEYS, QRect(area.left(), area.top(), area.width(), head))
        labels = _label_width(brush.metrics, area.width())
        shown = [amount(step.pence) for step in self._steps]
        widest = max(brush.metrics.horizontalAdvance(text) for text in shown) * 9 // 8
        left = area.left() + labels + brush.gap
        length = max(10, area.right() - widest - brush.gap - left)
        ends = [0, *(end for span in self._spans for end in span)]
        scale = Scale(min(ends), max(ends), length)
        zero = left + scale.at(0)
        top = area.top() + head + brush.gap
        areas: list[QRect] = []
        begin = top
        for step, text, span in zip(self._steps, shown, self._spans, strict=True):
            height = _row_height(brush.metrics, step.label, labels)
            brush.text(QRect(area.left(), top, labels, height), step.label, LEFT, bold=step.is_subtotal)
            brush.text(QRect(area.right() - widest, top, widest, height), text, RIGHT, bold=step.is_subtotal)
            first, last = sorted(left + scale.at(end) for end in span)
            thick = brush.line * 5 // 4
            bar = QRect(first, top + (height - thick) // 2, max(last - first, 2 if step.pence else 0), thick)
            _, pattern, colour = _TOTAL if step.is_subtotal else _UP if step.pence > 0 else _DOWN
            brush.bar(bar, pattern, colour)
            if areas and not step.is_subtotal:
                joint = left + scale.at(span[0])
                brush.rule(QLine(joint, areas[-1].bottom(), joint, bar.top()), strong=True)
            areas.append(bar)
            top += height
        brush.rule(QLine(zero, begin, zero, top), strong=True)
        return areas


def _label_width(metrics: QFontMetrics, width: int) -> int:
    """Room for the words: at most two fifths of the chart."""
    return min(metrics.averageCharWidth() * 44, width * 2 // 5)


def _row_height(metrics: QFontMetrics, label: str, width: int) -> int:
    # a subtotal's words are bold, and wider than these metrics say
    return max(metrics.height() * 7 // 4, wrapped_height(metrics, label, width * 9 // 10) + metrics.height() // 2)
