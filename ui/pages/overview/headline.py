"""Headline figures: buttons with a name, a large amount and, of a variance, what it is in words."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.figures import amount, heading, spoken

_LARGE = 1.35


class Headline(QPushButton):
    """One figure. Pressing it leads to what it is made of."""

    def __init__(self, name: str, pressed: Callable[[], object], parent: QWidget | None = None) -> None:
        """Without a figure until one is shown."""
        super().__init__(parent)
        self.name = name
        self.pence: int | None = None
        self.label, self.figure, self.meaning = (_part() for _ in range(3))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        for each in (self.label, self.figure, self.meaning):
            self._column.addWidget(each)
        self.setAutoDefault(False)
        self.clicked.connect(lambda _checked=False: pressed())
        self._size_text()

    def show_figure(self, pence: int, meaning: str = "") -> None:
        """Show an amount in pence, and what it is: `Adverse`."""
        self.pence = pence
        self.label.setText(heading(self.name))
        self.figure.setText(amount(pence))
        self.meaning.setText(meaning or " ")
        self.setAccessibleName(f"{self.name}: {spoken(pence)}{f', {meaning.lower()}' if meaning else ''}")
        self._size_text()
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As large as its words."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Nothing is cut off."""
        return self.sizeHint()

    def _size_text(self) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _LARGE)
        font.setBold(True)
        self.figure.setFont(font)


def _part() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
