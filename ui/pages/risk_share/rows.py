"""Rows of a form: a label and its field. A QFormLayout counts the height of words that wrap in a field wrongly."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget


class Rows(QGridLayout):
    """Labels in one column, fields in the other; `span` takes both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Without a row."""
        super().__init__(parent)
        self.setColumnStretch(1, 1)

    def add(self, label: QWidget, field: QWidget) -> None:
        """Put a row at the end."""
        at = self.rowCount()
        self.addWidget(label, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(field, at, 1)

    def span(self, widget: QWidget) -> None:
        """Put something at the end that takes the whole width."""
        self.addWidget(widget, self.rowCount(), 0, 1, 2)
