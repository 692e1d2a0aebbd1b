"""Sentences one under the other, each with buttons that lead to where something is done about it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.flow import Flow
from ui.widgets import button, words


class SentenceRows(QWidget):
    """Sentences one under the other, each with its buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """None yet."""
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._rows: list[QWidget] = []
        self.hide()

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    @property
    def sentences(self) -> list[str]:
        """What they say."""
        return [label.text() for row in self._rows for label in row.findChildren(QLabel)]

    def clear(self) -> None:
        """None any more."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self.hide()

    def add(
        self,
        sentence: str,
        *actions: tuple[str, Callable[[], object]],
        why_not: dict[str, str] | None = None,
        about: str = "",
    ) -> None:
        """Add a sentence, with buttons; `why_not` says of a button why it cannot be pressed."""
        row = QFrame()
        row.setFrameShape(QFrame.Shape.StyledPanel)
        column = QVBoxLayout(row)
        said = words(sentence)
        row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(said)
        if actions:
            line = QWidget()
            flow = Flow(line)
            for text, pressed in actions:
                made = button(text, pressed, name=f"{text.rstrip('…')}: {about or sentence}")
                why = (why_not or {}).get(text, "")
                made.setEnabled(not why)
                made.setToolTip(why)
                flow.addWidget(made)
            column.addWidget(line)
        self._column.addWidget(row)
        self._rows.append(row)
        self.show()
