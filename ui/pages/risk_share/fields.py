"""Fields of the clause's form: text that is read as it is typed, a choice, and a picker of several."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rules.agreement import Limit
from rules.money import pounds
from rules.template_questions import limit_text
from ui.dialogs import Dialog
from ui.pages.risk_share.choices import Choice
from ui.theme import meanings
from ui.widgets import button, chars, labelled, lines, words

_REDO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Y)
_BETWEEN = 2
_SEARCHED = 12
"""From so many on, a list can be searched."""


class UndoOutside(QObject):
    """Has Ctrl+Z and Ctrl+Y in a field undo and redo the draft, which each key typed there changes."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Leave those keys to the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
                event.ignore()
                return True
            if event.keyCombination().toCombined() == _REDO.toCombined():
                event.ignore()
                return True
        return super().eventFilter(watched, event)


class Field(QWidget):
    """A line of text that says a value: told as it is typed, and what is wrong with it under the line."""

    entered = Signal(object)
    """The value that was typed; not told of text that is none."""

    def __init__(self, name: str, read: Callable[[str], Any], write: Callable[[Any], str], *, wide: int = 0) -> None:
        """`read` raises ValueError with a sentence; `wide` is the least width, in characters."""
        super().__init__()
        self._read, self._write = read, write
        self._value: Any = None
        self._unread: Any = None  # the value there was when the text became one that cannot be read
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.installEventFilter(UndoOutside(self.line))
        if wide:
            self.line.setMinimumWidth(chars(self, wide))
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.textEdited.connect(self._take)
        self.wrong = words()
        self.wrong.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BETWEEN)
        column.addWidget(self.line)
        column.addWidget(self.wrong)
        self.setFocusProxy(self.line)

    def put(self, value: Any) -> None:  # noqa: ANN401  whatever it reads
        """Show a value. Text that says the same is left as it was typed."""
        self._value = value
        try:
            same = self._read(self.line.text()) == value
        except ValueError:
            same = self.line.hasFocus() and not self.wrong.isHidden() and self._unread == value
        if not same:
            self.line.setText(self._write(value))
            self.wrong.hide()

    def _take(self, text: str) -> None:
        self._unread = self._value
        try:
            value = self._read(text)
        except ValueError as why:
            message = str(why)
            self._say(f"{message[:1].upper()}{message[1:]}.")
            return
        self.wrong.hide()
        self.line.setAccessibleDescription("")
        if value != self._value:
            self._value = value
            self.entered.emit(value)

    def _say(self, why: str) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(meanings().adverse))
        self.wrong.setPalette(palette)
        self.wrong.setText(why)
        self.wrong.show()
        self.line.setAccessibleDescription(why)


class Chooser(QComboBox):
    """A choice of one. `picked` tells the code of what the person chose."""

    picked = Signal(str)

    def __init__(self, name: str, choices: Sequence[Choice] = ()) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)
        self._choices: tuple[Choice, ...] = ()
        self.activated.connect(lambda _row: self.picked.emit(self.currentData()))
        if choices:
            self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these, what is chosen staying so."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        chosen = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                self.addItem(choice.label, str(choice.code))
                self.setItemData(self.count() - 1, choice.label, Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(self.findData(chosen))

    def put(self, code: str) -> None:
        """Have this one chosen."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(str(code)))
        self.setToolTip(self.currentText())

    def wheelEvent(self, event: Any) -> None:  # noqa: ANN401, N802  Qt's name and event
        """Leave the wheel to the page: it scrolls over the form, and is not to change a clause."""
        event.ignore()


class Picker(QWidget):
    """Several of a list: what is picked in words, and a button that opens the list."""

    picked = Signal(object)
    """A tuple of codes."""

    def __init__(self, title: str, none: str) -> None:
        """`none` says what it means that nothing is picked."""
        super().__init__()
        self._title, self._none = title, none
        self._choices: tuple[Choice, ...] = ()
        self.codes: tuple[str, ...] = ()
        self.label = words()
        self.choose = button("Choose…", self.open_list, name=f"Choose: {title}")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.label, stretch=1)
        across.addWidget(self.choose)
        self.setFocusProxy(self.choose)

    def put(self, codes: Sequence[str], choices: Sequence[Choice]) -> None:
        """Have these picked, out of these choices."""
        self.codes, self._choices = tuple(codes), tuple(choices)
        labels = [choice.label for choice in choices if choice.code in self.codes]
        missing = [code for code in codes if code not in {choice.code for choice in choices}]
        self.label.setText("; ".join([*labels, *missing]) or self._none)
        self.choose.setEnabled(bool(choices))
        self.choose.setAccessibleDescription(self.label.text())

    def open_list(self) -> "PickDialog":
        """Open the list to pick from."""
        dialog = PickDialog(self._title, self._none, self._choices, self.codes, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.picked.emit(dialog.codes))
        dialog.open()
        return dialog


class PickDialog(Dialog):
    """A list to tick in, which can be searched where it is long."""

    def __init__(
        self, title: str, none: str, choices: Sequence[Choice], codes: Sequence[str], parent: QWidget | None = None
    ) -> None:
        """With these codes ticked."""
        super().__init__(title, "&Take these", parent, explains=f"Tick what is meant. None ticked: {none.lower()}.")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Part of a name or code")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.listed = QListWidget()
        self.listed.setAccessibleName(title)
        for choice in choices:
            item = QListWidgetItem(choice.label)
            item.setData(Qt.ItemDataRole.UserRole, str(choice.code))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if choice.code in codes else Qt.CheckState.Unchecked)
            self.listed.addItem(item)
        self.listed.setMinimumSize(chars(self, 50), lines(self, min(max(len(choices), 4), 14) + 1))
        if choices:
            self.listed.setCurrentRow(0)
        if len(choices) >= _SEARCHED:
            self.body.addWidget(labelled("&Search", self.search))
            self.body.addWidget(self.search)
        self.body.addWidget(self.listed)
        self.fit()
        (self.search if len(choices) >= _SEARCHED else self.listed).setFocus()

    @property
    def codes(self) -> tuple[str, ...]:
        """What is ticked, in the list's order."""
        items = (self.listed.item(row) for row in range(self.listed.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def _narrow(self, text: str) -> None:
        wanted = text.strip().lower()
        for row in range(self.listed.count()):
            item = self.listed.item(row)
            item.setHidden(bool(wanted) and wanted not in item.text().lower())


def limit_shown(limit: Limit | None) -> str:
    """A limit as a field shows it: `£250,000.00`, `2%`, nothing of none. `limit_of` reads it back."""
    return pounds(limit.pence) if limit is not None and limit.pence is not None else limit_text(limit)
