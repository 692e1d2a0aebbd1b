"""The first step: which file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.widgets import button, chars, labelled, words

FILES = "Extracts (*.csv *.xlsx *.xlsm *.txt);;All files (*)"
_EXPLAINS = (
    "A CSV or XLSX file: an extract of a general ledger, lines with the ledger's own columns, or measures of activity. "
    "Its columns are matched to the ledger's once, and remembered. Nothing is posted before every row was checked and "
    "you have seen what it comes to."
)


class FileStep(QWidget):
    """A path, typed, chosen or dropped."""

    chosen = Signal(str)
    """A file was chosen or dropped: it can be read at once."""

    def __init__(self, folder: Callable[[], str], parent: QWidget | None = None) -> None:
        """`folder` says where the last file was."""
        super().__init__(parent)
        self._folder = folder
        self.path = QLineEdit()
        self.path.setPlaceholderText("Choose a file, or drop one here")
        self.path.setMinimumWidth(chars(self, 40))
        self.choose = button("&Choose a file…", self._choose)
        across = QHBoxLayout()
        across.addWidget(self.path, stretch=1)
        across.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words(_EXPLAINS))
        column.addWidget(labelled("&File", self.path))
        column.addLayout(across)
        column.addStretch()

    @property
    def file(self) -> str:
        """The file's path as it is typed; "" if none is."""
        return self.path.text().strip().strip('"')

    def _choose(self) -> None:
        start = str(Path(self.file).parent) if self.file else self._folder()
        found, _filter = QFileDialog.getOpenFileName(self, "Import a file", start, FILES)
        if found:
            self.path.setText(found)
            self.chosen.emit(found)
