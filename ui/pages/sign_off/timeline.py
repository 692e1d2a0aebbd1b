"""The thirteen periods one under the other, each with its state in words and as a shape, joined by a line."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygon
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ledgers import State
from rules.english import listed
from rules.periods import Period
from settlement.signing_off import SignOff
from settlement.standing import PeriodStanding
from ui.pages.sign_off.said import raised
from ui.periods import period_name
from ui.widgets import chars

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NAME, _WORDS, _SHAPE = (Qt.ItemDataRole.UserRole + number for number in (1, 2, 3))
_WIDE = 34  # characters


def shape_of(standing: PeriodStanding) -> str:
    """Which shape stands for it: `open`, `held`, `put up`, `signed`."""
    if standing.state is State.HELD and standing.note is not None:
        return "put up"
    return str(standing.state)


def words_of(at: SignOff, period: Period) -> str:
    """Its state in words, with the note's number and who has signed or is awaited."""
    standing = at.standing_of(period)
    told = raised(standing.words)
    note = next((each for each in at.all.notes if each.sequence == standing.note), None)
    if note is None or note.period != period:
        return told
    signed = listed(each.partner for each in note.signed)
    return f"{told}; signed for {signed}" if signed else told


class TimelineModel(QAbstractListModel):
    """The periods of a sign-off."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self._rows: Sequence[tuple[Period, str, str, str]] = ()

    def show_sign_off(self, at: SignOff) -> None:
        """Show these periods in place of those before."""
        self.beginResetModel()
        year = at.agreement.year
        self._rows = [
            (each.period, period_name(each.period, year), words_of(at, each.period), shape_of(each))
            for each in at.all.periods
        ]
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802  Qt's name
        """Thirteen, once there is a ledger."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row says and shows."""
        if not index.isValid():
            return None
        period, name, told, shape = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return f"{name}: {told}"
            case Qt.ItemDataRole.UserRole:
                return period
        return {_NAME: name, _WORDS: told, _SHAPE: shape}.get(role)


class _Drawn(QStyledItemDelegate):
    """Draws a period: its shape on the line, its name, and what it is in words, on as many lines as that takes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802  Qt's name
        """As high as its words at the width of the list."""
        text = QFontMetrics(option.font)
        width = self._width() - self._margin(text) * 3 // 2
        bounds = text.boundingRect(QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, str(index.data(_WORDS)))
        return QSize(self._width(), text.lineSpacing() + bounds.height() + text.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw it."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        active = QPalette.ColorGroup.Active
        if selected:
            painter.fillRect(option.rect, option.palette.color(active, QPalette.ColorRole.Highlight))
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        ink = option.palette.color(active, role)
        back = QPalette.ColorRole.Highlight if selected else QPalette.ColorRole.Base
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = QFontMetrics(option.font)
        margin = self._margin(text)
        self._draw_shape(painter, option.rect, index, (ink, option.palette.color(active, back)), text)
        painter.setPen(ink)
        inside = option.rect.adjusted(margin, text.height() // 2, -text.averageCharWidth(), 0)
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(index.data(_NAME)))
        painter.setFont(option.font)
        below = inside.adjusted(0, text.lineSpacing(), 0, 0)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, str(index.data(_WORDS)))
        if option.state & QStyle.StateFlag.State_HasFocus and not selected:
            painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _width(self) -> int:
        view = self.parent()
        return view.viewport().width() if isinstance(view, QListView) else 0

    @staticmethod
    def _margin(text: QFontMetrics) -> int:
        return text.height() * 2

    def _draw_shape(
        self, painter: QPainter, rect: QRect, index: _Index, colours: tuple[QColor, QColor], text: QFontMetrics
    ) -> None:
        ink, back = colours
        size = text.height() * 3 // 4
        middle = QPoint(rect.left() + text.height(), rect.top() + text.height())
        painter.setPen(QPen(ink, max(1, text.height() // 12)))
        if index.row() > 0:
            painter.drawLine(middle.x(), rect.top(), middle.x(), middle.y())
        if index.row() < index.model().rowCount() - 1:
            painter.drawLine(middle.x(), middle.y(), middle.x(), rect.bottom() + 1)
        box = QRect(0, 0, size, size)
        box.moveCenter(middle)
        draw_shape(painter, str(index.data(_SHAPE)), box, ink, back)


def draw_shape(painter: QPainter, shape: str, box: QRect, ink: QColor, back: QColor) -> None:
    """Draw the shape of a state: a ring, a ring half full, a diamond, a disc with a tick."""
    painter.setPen(QPen(ink, max(2, box.width() // 8)))
    painter.setBrush(back)
    match shape:
        case "put up":
            middle, reach = box.center(), box.width() // 2 + 2
            corners = [QPoint(0, -reach), QPoint(reach, 0), QPoint(0, reach), QPoint(-reach, 0)]
            painter.drawPolygon(QPolygon([middle + corner for corner in corners]))
        case "held":
            painter.drawEllipse(box)
            painter.setBrush(ink)
            painter.drawChord(box, 180 * 16, 180 * 16)
        case "signed":
            painter.setBrush(ink)
            painter.drawEllipse(box)
            painter.setPen(QPen(back, max(2, box.width() // 7)))
            unit = box.width()
            ticks = ((28, 52), (44, 70), (74, 32))
            painter.drawPolyline(QPolygon([box.topLeft() + QPoint(x * unit // 100, y * unit // 100) for x, y in ticks]))
        case _:
            painter.drawEllipse(box)


class Timeline(QListView):
    """The list of periods. `chosen` tells which one the person went to."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.periods = TimelineModel(self)
        self.setModel(self.periods)
        self.setItemDelegate(_Drawn(self))
        self.setAccessibleName("Periods and their states")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMinimumWidth(chars(self, _WIDE))
        self.selectionModel().currentChanged.connect(self._tell)
        self._is_told = False

    def show_sign_off(self, at: SignOff) -> None:
        """Show it, with its period chosen."""
        self._is_told = True  # nobody went anywhere
        self.periods.show_sign_off(at)
        self._select(at.period)
        self._is_told = False

    def select(self, period: Period) -> None:
        """Choose a period, as the person would."""
        self._select(period)

    def _select(self, period: Period) -> None:
        index = self.periods.index(int(period) - 1, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _tell(self, current: QModelIndex) -> None:
        period = current.data(Qt.ItemDataRole.UserRole)
        if isinstance(period, Period) and not self._is_told:
            self.chosen.emit(period)
