"""A line to type in that suggests codes by their letters and names: the keyboard never leaves it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QWidget

from ui.entering.choices import Choice, ranked

_SHOWN = 9
_FEWEST = 30  # characters


class Suggestions(QListWidget):
    """The list under the line. It never takes the keyboard: the line drives it."""

    def __init__(self, parent: QWidget) -> None:
        """Hidden; `parent` is the window that it lies over."""
        super().__init__(parent)
        self._over = parent
        self.setAccessibleName("Suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.hide()

    def show_choices(self, choices: Sequence[Choice], under: QWidget, *, first: bool) -> None:
        """Show these under a widget, or over it where there is no room; with the first one marked, or none."""
        self.clear()
        if not choices:
            self.hide()
            return
        self.setFont(under.font())
        self.addItems([str(choice) for choice in choices])
        self.setCurrentRow(0 if first else -1)
        text = self.fontMetrics()
        row = self.sizeHintForRow(0)
        widest = max(text.horizontalAdvance(str(choice)) for choice in choices[: _SHOWN * 3])
        frame = self.frameWidth() * 2
        window = self._over
        width = max(widest + text.averageCharWidth() * 5, under.width(), text.averageCharWidth() * _FEWEST)
        width = min(width, window.width())
        height = row * min(len(choices), _SHOWN) + frame + 2
        below = under.mapTo(window, QPoint(0, under.height()))
        top = below.y() if below.y() + height <= window.height() else max(0, below.y() - under.height() - height)
        self.setGeometry(max(0, min(below.x(), window.width() - width)), top, width, height)
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Mark the next one, or the one before."""
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + step)))


class SuggestingEdit(QLineEdit):
    """A line that suggests. `choices` are what it can hold; without any it is a plain line."""

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.choices = tuple(choices)
        self._listed: list[Choice] = []
        self._list: Suggestions | None = None
        self.textEdited.connect(self._suggest)

    @property
    def is_suggesting(self) -> bool:
        """Whether the list is open."""
        return self._list is not None and self._list.isVisible()

    def take(self) -> str:
        """What is meant: the marked suggestion, or else what was typed. The list closes."""
        found = self.text()
        if self._list is not None and self.is_suggesting and self._list.currentRow() >= 0:
            found = self._listed[self._list.currentRow()].code
            if found != self.text():
                self.setText(found)
        self.close_list()
        return found

    def open_list(self) -> None:
        """Show everything that the line can hold."""
        self._show(list(self.choices), first=False)

    def close_list(self) -> None:
        """Show no suggestions."""
        if self._list is not None:
            self._list.hide()

    def handled(self, event: QKeyEvent) -> bool:
        """Whether a key was for the list: the arrows while it is open, Alt+Down to open it, Esc to close it."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.choices:
            self.open_list()
            return True
        if not self.is_suggesting or self._list is None:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _SHOWN, Qt.Key.Key_PageUp: -_SHOWN}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._list.move_by(step)
            self._announce()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
            return True
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """The list is no use to anybody who is elsewhere; what is marked in it was meant."""
        self.take()
        super().focusOutEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """A click on a suggestion takes it."""
        if event.type() == QEvent.Type.MouseButtonRelease and self._list is not None:
            self.take()
            return True
        return super().eventFilter(watched, event)

    def _suggest(self, typed: str) -> None:
        self._show(ranked(self.choices, typed) if typed.strip() else [], first=True)

    def _show(self, choices: list[Choice], *, first: bool) -> None:
        self._listed = choices
        if self._list is None:
            if not choices:
                return
            self._list = Suggestions(self.window())
            self._list.viewport().installEventFilter(self)
            self.destroyed.connect(self._list.deleteLater)
        self._list.show_choices(choices, self, first=first)
        self._announce()

    def _announce(self) -> None:
        """Have a screen reader say the suggestion that is marked."""
        if self._list is not None and self.is_suggesting and self._list.currentRow() >= 0:
            self.setAccessibleDescription(f"Suggested: {self._listed[self._list.currentRow()]}")
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
