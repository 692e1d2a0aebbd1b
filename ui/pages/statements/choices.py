"""What is chosen on the Statements page: which document, how it is made, prepared by whom; and the buttons."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from settlement.languages import ENGLISH, WELSH
from settlement.looks import Look
from settlement.statement_runs import Listed
from ui.widgets import button, chars, labelled, lines, row, words

_LIST, _EDGES = 34, 6  # characters
LANGUAGE_NAMES = {ENGLISH: "English", WELSH: "Welsh (Cymraeg)"}
_SEALED = "These were put up for signature: who prepared them is as it was sealed."


class Choices(QScrollArea):
    """The column on the left of the page. It scrolls where there is no room for all of it.

    `theme_named` tells that a theme file was picked or typed, "" for that beside the ledger; it is used once
    `use_theme` says so.
    """

    theme_named = Signal(str)

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
        self.language = QComboBox()
        for code, name in LANGUAGE_NAMES.items():
            self.language.addItem(name, code)
        self.theme_file = QLineEdit()
        self.theme_file.setPlaceholderText("Beside the ledger, if any")
        self.theme_file.setToolTip(
            "A TOML file with your own logo, colour, addresses and words. Without one: that beside the ledger, as "
            "pool.theme.toml beside pool.s75, if there is one."
        )
        self.theme_file.editingFinished.connect(self._name_theme)
        self.pick_theme = button("Pic&k…", self._pick_theme, name="Pick the theme file")
        self._theme = ""
        self.prepared_by = QLineEdit(prepared_by)
        self.prepared_by.setPlaceholderText("Name and role")
        self.sealed_note = words(_SEALED)
        self.write_button = _button("&Write statements…")
        self.months_button = _button("Write &every month…")
        self.many_button = _button("Write &many…")
        self.many_button.setAccessibleName("Write many: statements of several ledgers at once")
        self.print_button = _button("P&rint…")
        self.open_button = _button("&Open in your PDF reader")
        self.folder_button = _button("&Show the folder")
        self.folder_button.setAccessibleName("Show the folder last written to")
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addWidget(labelled("&Documents", self.list))
        layout.addWidget(self.list, stretch=1)
        for label, field in (("&Units", self.units), ("Do&cument language", self.language)):
            layout.addWidget(labelled(label, field))
            layout.addWidget(field)
        layout.addLayout(row(labelled("Theme file", self.theme_file), self.pick_theme, stretch=False))
        layout.addWidget(self.theme_file)  # a row of its own: a path is long
        layout.addWidget(labelled("Prepared &by", self.prepared_by))
        layout.addWidget(self.prepared_by)
        layout.addWidget(self.sealed_note)
        for each in (
            self.write_button,
            self.months_button,
            self.many_button,
            self.print_button,
            self.open_button,
            self.folder_button,
        ):
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
        return Look(
            bool(self.units.currentData()),
            self.prepared_by.text().strip(),
            str(self.language.currentData()),
            self._theme,
        )

    def use_language(self, language: str) -> None:
        """Have a language chosen. Nobody is told."""
        with QSignalBlocker(self.language):
            self.language.setCurrentIndex(max(self.language.findData(language), 0))

    def use_theme(self, file: str) -> None:
        """Make documents with a theme file from now on; "" is that beside the ledger. Nobody is told."""
        self._theme = file
        self.theme_file.setText(file)
        self.theme_file.setCursorPosition(len(file))  # a path's end says more than its beginning

    def _name_theme(self) -> None:
        named = self.theme_file.text().strip()
        if named != self._theme:
            self.theme_named.emit(named)

    def _pick_theme(self) -> None:
        picked, _ = QFileDialog.getOpenFileName(self, "Pick the theme file", self._theme, "Theme files (*.toml)")
        if picked:
            self.theme_file.setText(picked)
            self._name_theme()

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
                item = QListWidgetItem(self._in_lines(each.title))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, each.title)
                item.setData(Qt.ItemDataRole.UserRole, each.key)
                item.setToolTip(each.title)
                self.list.addItem(item)
                keys.append(each.key)
            if keys:
                self.list.setCurrentRow(keys.index(chosen) if chosen in keys else 0)
        return keys

    def _in_lines(self, text: str) -> str:
        """Broken here: a list that wraps by itself cuts off the last line where it is narrow."""
        room, metrics = chars(self.list, _LIST - _EDGES), self.list.fontMetrics()
        found: list[str] = []
        for word in text.split():
            longer = f"{found[-1]} {word}" if found else word
            if found and metrics.horizontalAdvance(longer) <= room:
                found[-1] = longer
            else:
                found.append(word)
        return "\n".join(found)

    def choose_none(self) -> None:
        """Have no document chosen."""
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1)


def _button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    return made
