"""The text of a version of the agreement, to read and to copy."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QWidget

from ledgers import Version
from ui.dialogs import Dialog
from ui.widgets import chars, lines, words


class TextDialog(Dialog):
    """Shows the text, which nobody changes here: a variation is a version of its own."""

    saved = Signal()
    """The person wants it in a file."""

    def __init__(self, version: Version, text: str, parent: QWidget | None = None) -> None:
        """With the whole text."""
        explains = f"In force from {version.from_period}" + (f": {version.reason}" if version.reason else "")
        super().__init__(f"Version {version.id} of the agreement", "&Write to a file…", parent, explains=explains)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The text of the agreement")
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF())  # it does not follow the text size by itself
        self.text.setFont(fixed)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumSize(chars(self, 90), lines(self, 24))
        self.body.addWidget(self.text)
        self.body.addWidget(words(f"SHA-256 of this text: {version.digest}"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("&Close")
        self.text.setFocus()
        self.fit()

    def act(self) -> None:
        """Close, and have the text written to a file."""
        self.accept()
        self.saved.emit()
