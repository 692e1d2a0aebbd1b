"""What is chosen on the Statements page: which document, in which units, prepared by whom; and the buttons."""

from collections.abc import Iterable
from textwrap import fill

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from settlement.statement_runs import Listed, Look
from ui.widgets import chars, labelled, lines, words

_LIST, _EDGES = 34, 6  # characters
_SEALED = "These were put up for signature: who prepared them is as it was sealed."


class Choices(QScrollArea):
    """The column on the left of the page. It scrolls where there is no room for all of it."""

    def __init__(self, *, thousands: bool, prepared_by: str, parent: QWidget | None = None) -> None:
        """With no documents yet."""
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setSpacing(chars(self, 1) // 3)
        self.list.setMinimumHeight(lines(self, 12))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.units = QComboBox()
        self.units.addItem("Pounds and pence", False)  # noqa: FBT003  Qt's own
        self.units.addItem("Tables in £000", True)  # noqa: FBT003  Qt's own
        self.units.setCurrentIndex(int(thousands))
        self.prepared_by = QLineEdit(prepared_by)
        self.prepared_by.setPlaceholderText("Name and role")
        self.sealed_note = words(_SEALED)
        self.write_button = _button("&Write statements…")
        self.months_button = _button("Write &every month…")
        self.print_button = _button("P&rint…")
        self.open_button = _button("&Open in your PDF reader")
        self.folder_button = _button("&Show the folder")
        self.folder_button.setAccessibleName("Show the folder last written to")
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addWidget(labelled("&Documents", self.list))
        layout.addWidget(self.list, stretch=1)
        for label, field in (("&Units", self.units), ("Prepared &by", self.prepared_by)):
            layout.addWidget(labelled(label, field))
            layout.addWidget(field)
        layout.addWidget(self.sealed_note)
        for each in (self.write_button, self.months_button, self.print_button, self.open_button, self.folder_button):
            layout.addWidget(each)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.setMinimumWidth(max(chars(self, _LIST), inside.minimumSizeHint().width() + 20))

    @property
    def look(self) -> Look:
        """How the documents are to be made."""
        return Look(bool(self.units.currentData()), self.prepared_by.text().strip())

    @property
    def chosen(self) -> str | None:
        """The key of the document that is chosen."""
        if self.list.currentRow() < 0:
            return None
        return str(self.list.currentItem().data(Qt.ItemDataRole.UserRole))

    def offer(self, documents: Iterable[Listed], chosen: str = "") -> list[str]:
        """List these, with one of them chosen, or the first; answers their keys. Nobody is told of the choice."""
        keys = []
        with QSignalBlocker(self.list):
            self.list.clear()
            for each in documents:
                # broken here: a list that wraps by itself cuts off the last line where it is narrow
                item = QListWidgetItem(fill(each.title, _LIST - _EDGES, break_long_words=False))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, each.title)
                item.setData(Qt.ItemDataRole.UserRole, each.key)
                item.setToolTip(each.title)
                self.list.addItem(item)
                keys.append(each.key)
            if keys:
                self.list.setCurrentRow(keys.index(chosen) if chosen in keys else 0)
        return keys

    def choose_none(self) -> None:
        """Have no document chosen."""
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1)


def _button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    return made
