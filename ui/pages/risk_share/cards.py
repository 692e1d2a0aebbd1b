"""The cards of the schedule: one for each clause, with what it says and what it does, figures that open."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget

from ui.figures import exact, spoken
from ui.flow import Flow
from ui.pages.risk_share.views import Card, CardKind, Shown
from ui.theme import meanings

MIME = "application/x-s75-clause"
_ROUND = 6


class FigureLink(QPushButton):
    """An amount that opens where it comes from. `pence` is the figure behind what it shows."""

    def __init__(self, shown: Shown) -> None:
        """Flat, as a link in a text is."""
        super().__init__()
        self.setFlat(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        font = self.font()
        font.setUnderline(True)
        self.setFont(font)
        self.show_figure(shown)
        self._dress()

    def show_figure(self, shown: Shown) -> None:
        """Show this figure in place of the one before."""
        self.shown = shown
        self.pence = shown.pence
        self.setText(exact(shown.pence))
        self.setAccessibleName(f"{shown.label}: {spoken(shown.pence)}")
        self.setToolTip(f"{shown.label}: open where this comes from")

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As wide as the amount: a push button of few characters is wider."""
        hint = super().sizeHint()
        hint.setWidth(self.fontMetrics().horizontalAdvance(self.text()) + 2 * indent_of(self))
        return hint

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the window when it turns dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        link = QApplication.palette().color(QPalette.ColorRole.Link)
        if (
            self.palette().color(QPalette.ColorRole.ButtonText) == link
        ):  # its own new palette is a change of palette too
            return
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.ButtonText, link)
        self.setPalette(palette)


class CardFrame(QFrame):
    """One card. It has the keyboard as a whole: arrows lead from card to card, Tab to its figures, Enter goes in."""

    chosen = Signal(str)
    """It was clicked or has the keyboard."""

    opened = Signal(str)
    """Enter or a double click: go in."""

    followed = Signal(object)
    """A figure was opened: its `Shown`."""

    asked = Signal(str, QPoint)
    """Its menu was asked for, at this place on the screen."""

    def __init__(self, card: Card) -> None:
        """Showing a card."""
        super().__init__()
        self.card = card
        self.is_chosen = False
        self.can_move = False
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.heading = _label(bold=True)
        self.state = _label(bold=True)
        self.says = _label()
        self.facts = _label()
        self.does = _label(bold=True)
        self.problems = _label(bold=True)
        self._figures = QWidget()
        self._flow = Flow(self._figures)
        self.links: list[FigureLink] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(5)
        for part in (self.heading, self.state, self.says, self.facts, self.problems, self.does, self._figures):
            column.addWidget(part)
        self.show_card(card)

    def show_card(self, card: Card) -> None:
        """Show this card in place of the one before."""
        self.card = card
        _put(self.heading, card.heading)
        _put(self.state, _state(card))
        _put(self.says, card.says)
        _put(self.facts, ("  ·  " if card.kind is CardKind.CLAUSE else "\n").join(card.facts))
        _put(self.does, card.does)
        _put(self.problems, "\n".join(f"Problem: {each}" for each in card.problems))
        self._show_figures(card.figures)
        self.setAccessibleName(". ".join(each for each in (self._kind(), card.heading, _state(card)) if each))
        self.setAccessibleDescription(" ".join(each for each in (card.says, *card.problems, card.does) if each))
        self._dress()

    def choose(self, *, is_chosen: bool) -> None:
        """Be the card that is worked on, or no longer: only that one, and its figures, are on the way of Tab."""
        self.is_chosen = is_chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)
        for link in self.links:
            link.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw the card: chosen, with a strong edge; where something is wrong or left over, with a mark besides."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()  # at once, whoever may still hold on to it

    def _paint(self, painter: QPainter) -> None:
        palette, colours = self.palette(), meanings()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = 2.5 if self.is_chosen else 1.0
        role = QPalette.ColorRole.Highlight if self.is_chosen else QPalette.ColorRole.Mid
        pen = QPen(palette.color(role))
        pen.setWidthF(edge)
        if not self.card.enabled:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        inner = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(inner, _ROUND, _ROUND)
        mark = colours.adverse if self.card.problems else colours.caution if _is_left_over(self.card) else ""
        if mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mark))
            painter.drawRoundedRect(QRectF(inner.left(), inner.top(), 6, inner.height()), 3, 3)
        if self.hasFocus():
            pen = QPen(palette.color(QPalette.ColorRole.Text))
            pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner.adjusted(4, 4, -4, -4), _ROUND - 2, _ROUND - 2)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the window when it turns dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """With the keyboard it is the one that is worked on."""
        super().focusInEvent(event)
        self.chosen.emit(self.card.key)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Choose it; it may be dragged from here."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed_at = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Drag it to another place in the schedule."""
        if self._pressed_at is None or not self.can_move:
            return
        if (event.position().toPoint() - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        self.drag().exec(Qt.DropAction.MoveAction)

    def drag(self) -> QDrag:
        """The drag of this card: its key, and its heading as text."""
        told = QMimeData()
        told.setData(MIME, self.card.key.encode())
        told.setText(self.card.heading)
        drag = QDrag(self)
        drag.setMimeData(told)
        drag.setPixmap(self.grab().scaledToWidth(self.width() // 2, Qt.TransformationMode.SmoothTransformation))
        return drag

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Go in."""
        self.opened.emit(self.card.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  Qt's name
        """Ask for the card's menu."""
        self.chosen.emit(self.card.key)
        self.asked.emit(self.card.key, event.globalPos())

    def _show_figures(self, figures: tuple[Shown, ...]) -> None:
        if [each.label for each in figures] == [link.shown.label for link in self.links]:
            for link, shown in zip(self.links, figures, strict=True):
                link.show_figure(shown)
            return
        while (item := self._flow.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.links = []
        for shown in figures:
            link = FigureLink(shown)
            link.clicked.connect(lambda _checked=False, at=link: self.followed.emit(at.shown))
            link.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.is_chosen else Qt.FocusPolicy.ClickFocus)
            name = _label()
            name.setText(shown.label)
            name.setWordWrap(False)
            name.setIndent(indent_of(link))
            box = QWidget()
            below = QVBoxLayout(box)
            below.setContentsMargins(0, 0, 0, 0)
            below.setSpacing(0)
            below.addWidget(name)
            below.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)
            self._flow.addWidget(box)
            self.links.append(link)
        self._figures.setVisible(bool(figures))

    def _kind(self) -> str:
        return {CardKind.CLAUSE: "Clause", CardKind.PERFORMANCE: "Performance pay"}.get(self.card.kind, "")

    def _dress(self) -> None:
        colours = meanings()
        _colour_text(self.facts, colours.quiet)
        _colour_text(self.problems, colours.adverse)
        _colour_text(self.state, colours.caution)
        _colour_text(self.heading, colours.caution if _is_left_over(self.card) else "")


def indent_of(link: FigureLink) -> int:
    """How far inside its edge a link's text begins."""
    return link.style().pixelMetric(QStyle.PixelMetric.PM_ButtonMargin, None, link) + 1


def _state(card: Card) -> str:
    if not card.enabled:
        return "Disabled"
    return "To put right" if card.problems else ""


def _is_left_over(card: Card) -> bool:
    return card.kind is CardKind.UNALLOCATED and bool(card.figures)


def _label(*, bold: bool = False) -> QLabel:
    """Plain text that wraps; what is pressed on it is the card's."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    if bold:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    return label


def _put(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _colour_text(label: QLabel, name: str) -> None:
    palette = QPalette()
    if name:
        palette.setColor(QPalette.ColorRole.WindowText, QColor(name))
    label.setPalette(palette)
