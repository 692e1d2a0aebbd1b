"""What the window shows before a ledger is open: what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_WHAT = (
    "Open a ledger to see its settlement: who pays whom, and why. A ledger is a .s75 file, or a folder that holds "
    "agreement.toml and lines.csv."
)
_SAMPLE = (
    "No ledger yet? Type “s75 demo” at a command prompt: it makes sample ledgers from published figures, "
    "and says where they are. Then open one of them here."
)


class EmptyPage(QWidget):
    """Says what a ledger is, and offers to open one."""

    open_file = Signal()
    open_folder = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """The page with its two buttons."""
        super().__init__(parent)
        self.heading = QLabel("No ledger is open")
        font = self.heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setWeight(QFont.Weight.DemiBold)
        self.heading.setFont(font)
        self.file_button = QPushButton("&Open ledger…")
        self.file_button.clicked.connect(self.open_file)
        self.folder_button = QPushButton("Open fo&lder…")
        self.folder_button.clicked.connect(self.open_folder)
        buttons = QHBoxLayout()
        buttons.addWidget(self.file_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch()
        column = QVBoxLayout()
        column.addWidget(self.heading)
        column.addWidget(_paragraph(_WHAT))
        column.addLayout(buttons)
        column.addWidget(_paragraph(_SAMPLE))
        column.setSpacing(self.fontMetrics().height())
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(self.fontMetrics().averageCharWidth() * 80)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle, stretch=4)
        across.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addLayout(across)
        page.addStretch(2)


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
