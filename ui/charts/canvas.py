"""Where a chart is painted and read: the keyboard goes from mark to mark, the mouse points at them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.charts.brush import Brush

if TYPE_CHECKING:
    from ui.charts.chart import Chart

_KEY = Qt.Key
_NEAR = 4  # pixels around a thin bar that count as it


class Canvas(QWidget):
    """Paints its chart, and knows which mark the person is at."""

    moved = Signal(int)
    """The number of the mark that the person came to; -1 for none."""

    reached = Signal()
    """The keyboard came to the chart."""

    entered = Signal(int)
    """The number of the mark that the person wants to see behind."""

    def __init__(self, chart: "Chart") -> None:
        """Of a chart, which says what is painted."""
        super().__init__()
        self._chart = chart
        self._areas: list[QRect] = []
        self.at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As high as the chart needs at this width."""
        return QSize(
            self.fontMetrics().averageCharWidth() * 60, self._chart.height_at(self.width(), self.fontMetrics())
        )

    def renew(self) -> None:
        """The chart has other figures: fit its height and paint it."""
        self.at = -1
        self._fit()
        self.update()

    def area_of(self, number: int) -> QRect:
        """Where a mark was painted last."""
        return self._areas[number]

    def go_to(self, number: int) -> None:
        """Come to a mark."""
        if number == self.at:
            return
        self.at = number
        self.update()
        self.moved.emit(number)
        self.setAccessibleDescription(self._chart.said_of(number))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002  Qt's name and argument
        """Paint the chart, and a frame round the mark that the keyboard is at."""
        painter = QPainter(self)
        painter.setFont(self.font())
        margin = self.fontMetrics().height() // 2
        inside = self.rect().adjusted(margin, margin, -margin, -margin)
        self._areas = self._chart.paint(Brush(painter, self.palette()), inside)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        if 0 <= self.at < len(self._areas):
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._areas[self.at].adjusted(-3, -3, 3, 3))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Fit the height: texts wrap at another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the text's size and the theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange}:
            self._fit()
            self.update()

    def _fit(self) -> None:
        height = self._chart.height_at(self.width(), self.fontMetrics())
        if height != self.height():
            self.setFixedHeight(height)

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Arrows, Home and End go from mark to mark; Enter shows what is behind one, Escape leaves it."""
        count = self._chart.count
        key = event.key()
        if key in {_KEY.Key_Return, _KEY.Key_Enter} and self.at >= 0:
            self.entered.emit(self.at)
        elif key == _KEY.Key_Escape and self.at >= 0:
            self.go_to(-1)
        elif key == _KEY.Key_Home and count:
            self.go_to(0)
        elif key == _KEY.Key_End and count:
            self.go_to(count - 1)
        elif key in {_KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Up, _KEY.Key_Down} and not event.modifiers() and count:
            self.go_to(0 if self.at < 0 else self._chart.next_mark(self.at, Qt.Key(key)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.reached.emit()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Say what the mouse points at."""
        number = self._mark_at(event.position().toPoint())
        if number >= 0:
            self.go_to(number)
        self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Show what is behind a mark."""
        number = self._mark_at(event.position().toPoint())
        if number >= 0:
            self.entered.emit(number)

    def _mark_at(self, place: QPoint) -> int:
        """The last painted that is near enough: it is on top."""
        for number in range(len(self._areas) - 1, -1, -1):
            if self._areas[number].adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(place):
                return number
        return -1
