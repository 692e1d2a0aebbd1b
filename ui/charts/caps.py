"""Each partner's exposure against its cap: what it bears, the room that is left, what the cap kept from it."""

from dataclasses import dataclass

from PySide6.QtCore import QLine, QRect
from PySide6.QtGui import QFontMetrics

from ui.charts.brush import LEFT, Brush, Key, legend_height, wrapped_height
from ui.charts.chart import Chart
from ui.charts.marks import Mark, Pattern, Scale
from ui.figures import heading
from ui.links import Link
from ui.tables import Cell, Grid, figure

_BORNE: Key = ("Borne", Pattern.SOLID, 0)
_ROOM: Key = ("Room under the cap", Pattern.HOLLOW, 5)
_BEYOND: Key = ("Beyond the cap, kept from it", Pattern.HATCHED, 1)
_KEYS = (_BORNE, _ROOM, _BEYOND)


@dataclass(frozen=True, slots=True)
class CapRow:
    """A partner's shares under some clauses, and the cap on them in pence; None where no cap holds.

    `standing` says in a few words how far it has come: `£1.00 of £2.00`, `no cap`.
    """

    label: str
    borne_pence: int
    cap_pence: int | None
    beyond_pence: int
    standing: str
    sentence: str
    link: Link | None = None


class CapChart(Chart):
    """A bar for each partner and cap, all to one scale, the cap a mark across it; beside it in words."""

    def show_rows(self, sentence: str, rows: tuple[CapRow, ...]) -> None:
        """Show these partners. None leaves the sentence that there is nothing."""
        self._rows = rows
        marks = tuple(Mark(f"{row.label}: {row.standing}. {row.sentence}", row.link) for row in rows)
        cells = tuple(
            (
                Cell(row.label, opens=row.link),
                figure(row.borne_pence, row.link),
                Cell("No cap") if row.cap_pence is None else figure(row.cap_pence, row.link),
                figure(row.beyond_pence),
                Cell(row.sentence),
            )
            for row in rows
        )
        headings = ("Partner", heading("Borne"), heading("Cap"), heading("Beyond the cap"), "In words")
        self.show_marks(sentence, marks, Grid(headings, cells, frozenset({1, 2, 3})))

    def height_at(self, width: int, metrics: QFontMetrics) -> int:
        """The legend, and a row for each partner and cap, higher where its words wrap."""
        inner = width - metrics.height()
        labels, beside = _columns(metrics, inner)
        rows = sum(_row_height(metrics, row, labels, beside) for row in getattr(self, "_rows", ()))
        return rows + legend_height(metrics, _KEYS, inner) + metrics.height() * 2

    def paint(self, brush: Brush, area: QRect) -> list[QRect]:
        """The legend and the bars."""
        if not self.marks:
            return []
        head = legend_height(brush.metrics, _KEYS, area.width())
        brush.legend(_KEYS, QRect(area.left(), area.top(), area.width(), head))
        labels, beside = _columns(brush.metrics, area.width())
        left = area.left() + labels + brush.gap
        length = max(10, area.right() - beside - brush.gap - left)
        ends = [0]
        for row in self._rows:
            ends += [row.borne_pence, row.borne_pence + row.beyond_pence, row.cap_pence or 0]
        scale = Scale(min(ends), max(ends), length)
        top = area.top() + head + brush.gap
        begin = top
        areas = []
        for row in self._rows:
            height = _row_height(brush.metrics, row, labels, beside)
            brush.text(QRect(area.left(), top, labels, height), row.label, LEFT)
            brush.text(QRect(area.right() - beside, top, beside, height), row.standing, LEFT)
            middle = QRect(left, top + height // 2 - brush.line // 2, length, brush.line)
            areas.append(self._paint_row(brush, middle, scale, row))
            top += height
        zero = left + scale.at(0)
        brush.rule(QLine(zero, begin, zero, top), strong=True)
        return areas

    def _paint_row(self, brush: Brush, middle: QRect, scale: Scale, row: CapRow) -> QRect:
        def bar(low: int, high: int, key: Key) -> QRect:
            first, last = sorted((middle.left() + scale.at(low), middle.left() + scale.at(high)))
            place = QRect(first, middle.top(), max(last - first, 2 if high != low else 0), middle.height())
            brush.bar(place, key[1], key[2])
            return place

        whole = QRect()
        if row.cap_pence is not None and row.cap_pence > row.borne_pence:
            whole = bar(max(row.borne_pence, 0), row.cap_pence, _ROOM)
        if row.beyond_pence:
            whole = whole.united(bar(row.borne_pence, row.borne_pence + row.beyond_pence, _BEYOND))
        whole = bar(0, row.borne_pence, _BORNE).united(whole)
        if row.cap_pence is not None:
            at = middle.left() + scale.at(row.cap_pence)
            for beside in (-1, 0, 1):
                brush.rule(QLine(at + beside, middle.top() - 3, at + beside, middle.bottom() + 3), strong=True)
        return whole


def _columns(metrics: QFontMetrics, width: int) -> tuple[int, int]:
    """Room for the partner's name and for the words beside the bar."""
    most = metrics.averageCharWidth() * 30
    return min(most, width * 3 // 10), min(most, width * 3 // 10)


def _row_height(metrics: QFontMetrics, row: CapRow, labels: int, beside: int) -> int:
    texts = max(wrapped_height(metrics, row.label, labels), wrapped_height(metrics, row.standing, beside))
    return max(metrics.height() * 2, texts + metrics.height() // 2)
