"""A list in a dialog whose Enter chooses the row, and does not press the dialog's first button besides."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget


class ChoiceList(QListWidget):
    """Enter and a double click give `itemActivated`."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Qt hands Enter on to the dialog after it was used here."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        chooses = is_enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.currentRow() >= 0
        super().keyPressEvent(event)
        if chooses:
            event.accept()
