"""The cards in their order: arrows lead from one to the next, and in a draft they can be moved."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.pages.risk_share.cards import MIME, CardFrame
from ui.pages.risk_share.views import Card, CardKind

_AT_ONCE = 6
"""So many new cards are made before the window has its turn again: a schedule may have a hundred."""


class Stack(QScrollArea):
    """The stack of cards. `chosen_key` is the card that is worked on, "" if there is none."""

    chosen = Signal(str)
    """Another card is worked on."""

    opened = Signal(str)
    followed = Signal(object)
    asked = Signal(str, QPoint)

    moved = Signal(str, int)
    """A clause is to stand at another place among the clauses, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Without cards."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("The schedule, clause by clause")
        self._inside = _Inside(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(2, 2, 8, 2)
        self._column.addStretch()
        self.setWidget(self._inside)
        self._frames: dict[str, CardFrame] = {}
        self._cards: tuple[Card, ...] = ()
        self._can_move = False
        self._wanted_focus = False
        self.chosen_key = ""
        self._line = QFrame(self._inside)
        self._line.setFrameShape(QFrame.Shape.HLine)
        self._line.setFrameShadow(QFrame.Shadow.Plain)
        self._line.setForegroundRole(QPalette.ColorRole.Highlight)
        self._line.setLineWidth(3)
        self._line.hide()
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)

    @property
    def frames(self) -> tuple[CardFrame, ...]:
        """The cards' widgets, in their order; the last of many may still be to come."""
        return tuple(self._frames[card.key] for card in self._cards if card.key in self._frames)

    @property
    def is_filling(self) -> bool:
        """Whether cards are still to come."""
        return self._filling.isActive()

    @property
    def clauses(self) -> tuple[Card, ...]:
        """The cards of clauses."""
        return tuple(card for card in self._cards if card.kind is CardKind.CLAUSE)

    def card(self, key: str) -> Card | None:
        """The card of a key."""
        return next((card for card in self._cards if card.key == key), None)

    def show_cards(self, cards: Sequence[Card], *, can_move: bool) -> None:
        """Show these cards in place of those before. Those that stay keep their place on screen and the keyboard."""
        keys = {card.key for card in cards}
        had_focus = any(frame.isAncestorOf(focus) or frame is focus for frame, focus in self._focused())
        for key in [key for key in self._frames if key not in keys]:
            gone = self._frames.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        place = next((at for at, card in enumerate(self._cards) if card.key == self.chosen_key), 0)
        self._cards, self._can_move = tuple(cards), can_move
        for card in cards:
            frame = self._frames.get(card.key)
            if frame is not None:
                frame.show_card(card)
                frame.can_move = can_move and card.kind is CardKind.CLAUSE
        if self.chosen_key not in keys:
            # the one that took its place
            self.chosen_key = cards[min(place, len(cards) - 1)].key if cards else ""
            self.chosen.emit(self.chosen_key)
        self._wanted_focus = self._wanted_focus or had_focus
        self._fill()

    def choose(self, key: str, *, focus: bool = False) -> None:
        """Work on a card."""
        if self.card(key) is None:
            return
        if key != self.chosen_key:
            self.chosen_key = key
            self.chosen.emit(key)
        self._wanted_focus = focus
        self._show_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """The arrows, Home and End lead from card to card; Enter goes in."""
        keys = [card.key for card in self._cards]
        key = Qt.Key(event.key())
        if self.chosen_key not in keys or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        place = keys.index(self.chosen_key)
        to = {Qt.Key.Key_Up: place - 1, Qt.Key.Key_Down: place + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(keys) - 1}
        if key in to:
            self.choose(keys[min(max(to[key], 0), len(keys) - 1)], focus=True)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(self.chosen_key)
        else:
            event.ignore()

    # What is dragged

    def place_at(self, height: int) -> int:
        """Which place among the clauses a height on the stack is at, from 0."""
        middles = [self._frames[card.key].geometry().center().y() for card in self.clauses if card.key in self._frames]
        return sum(1 for middle in middles if middle < height)

    def show_line(self, height: int | None) -> None:
        """Mark where a clause that is dragged would stand; None: nothing is."""
        clauses = self.clauses
        self._line.setVisible(height is not None)
        if height is None or not clauses:
            return
        place = self.place_at(height)
        if place < len(clauses):
            top = self._frames[clauses[place].key].geometry().top()
        else:
            top = self._frames[clauses[-1].key].geometry().bottom()
        self._line.setGeometry(0, top - 4, self._inside.width(), 5)
        self._line.raise_()

    def drop(self, key: str, height: int) -> None:
        """A clause was dropped at a height."""
        keys = [card.key for card in self.clauses]
        if not self._can_move or key not in keys:
            return
        place, at = self.place_at(height), keys.index(key)
        # the place is counted with the clause where it was
        self.moved.emit(key, place - 1 if place > at else place)

    # Making cards, a few at a time

    def _fill(self) -> None:
        made = 0
        for at, card in enumerate(self._cards):
            if card.key not in self._frames:
                if made == _AT_ONCE:
                    self._filling.start()
                    return
                self._frames[card.key] = self._make(card)
                made += 1
            frame = self._frames[card.key]
            if self._column.indexOf(frame) != at:
                self._column.removeWidget(frame)
                self._column.insertWidget(at, frame)
        self._filling.stop()
        self._show_chosen()

    def _make(self, card: Card) -> CardFrame:
        frame = CardFrame(card)
        frame.can_move = self._can_move and card.kind is CardKind.CLAUSE
        frame.chosen.connect(self._choose_clicked)
        frame.opened.connect(self.opened)
        frame.followed.connect(self.followed)
        frame.asked.connect(self.asked)
        return frame

    def _choose_clicked(self, key: str) -> None:
        if key != self.chosen_key:
            self.choose(key)

    def _show_chosen(self) -> None:
        for key, frame in self._frames.items():
            if frame.is_chosen != (key == self.chosen_key):
                frame.choose(is_chosen=key == self.chosen_key)
        chosen = self._frames.get(self.chosen_key)
        if chosen is None:
            return
        previous: QWidget | None = None
        for frame in self.frames:
            if previous is not None:
                QWidget.setTabOrder(previous, frame)
            previous = frame
        if self._wanted_focus:
            self._wanted_focus = False
            if not chosen.hasFocus():
                chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        chosen = self._frames.get(self.chosen_key)
        if chosen is not None:
            self.ensureWidgetVisible(chosen, 0, 12)

    def _focused(self) -> Iterable[tuple[CardFrame, QWidget]]:
        focus = self.window().focusWidget() if self.window() is not None else None
        if focus is not None:
            for key in {self.chosen_key} & self._frames.keys():
                yield self._frames[key], focus


class _Inside(QWidget):
    """What the cards stand on: takes a card that is dropped."""

    def __init__(self, stack: Stack) -> None:
        super().__init__()
        self._stack = stack
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802  Qt's name
        if event.mimeData().hasFormat(MIME):
            self._stack.show_line(event.position().toPoint().y())
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802  Qt's name
        self._stack.show_line(None)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        self._stack.show_line(None)
        key = bytes(event.mimeData().data(MIME).data()).decode("ascii", "replace")
        self._stack.drop(key, event.position().toPoint().y())
        event.acceptProposedAction()
