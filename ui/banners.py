"""Banners: what a person must not miss, said in words first and marked with a colour besides."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from settlement.message_help import Entry, help_with
from ui import links
from ui.failures import Failure
from ui.guide.book import BOOK

_MOST_LINES = 9


@dataclass(frozen=True, slots=True)
class Paint:
    """A banner's background and text on it, at a contrast of 7:1 or more."""

    background: str
    text: str


class Tone(Enum):
    """How grave it is, with its colours on a light and on a dark desktop."""

    NOTE = (Paint("#dbe9f6", "#10293f"), Paint("#1c3850", "#e3effa"))
    WARNING = (Paint("#ffe29a", "#3a2800"), Paint("#5a4300", "#fff2cc"))
    ERROR = (Paint("#f8d3d0", "#4d0b08"), Paint("#641814", "#ffe6e4"))

    def paint(self, palette: QPalette) -> Paint:
        """The colours that suit the palette."""
        light, dark = self.value
        window, text = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
        return light if window.lightness() > text.lightness() else dark


class Banner(QFrame):
    """A heading, sentences under it and, if there is more to say, details that can be seen and copied.

    Where the guide has an entry on what it says, a button leads there: to the Help page, or, in a dialog, which is in
    front of it, to what the entry says, shown here (`grown` then says by how many pixels).
    """

    grown = Signal(int)

    def __init__(self, tone: Tone, name: str, *, dismissable: bool = False, parent: QWidget | None = None) -> None:
        """Hidden until it has something to say. `name` is what a screen reader calls it."""
        super().__init__(parent)
        self._tone = tone
        self._paint: Paint | None = None
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.heading = _words()
        self._enlarge(QGuiApplication.font())
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.fontChanged.connect(self._enlarge)  # a font of its own is told of no other change
        self.body = _words()
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName("Details")
        self.details.hide()
        self.show_details = QPushButton("Show d&etails")
        self.show_details.setCheckable(True)
        self.show_details.toggled.connect(self.details.setVisible)
        self.copy_details = QPushButton("&Copy details")
        self.copy_details.clicked.connect(self._copy)
        self.what_to_do = QPushButton("What can I do?")
        self.what_to_do.clicked.connect(self._help)
        self.what_to_do.hide()
        self.advice = _words()
        self.advice.hide()
        self._entry: Entry | None = None
        self.dismiss = QPushButton("&Dismiss")
        self.dismiss.clicked.connect(self.hide)
        buttons = self._buttons = QHBoxLayout()
        for button in (self.what_to_do, self.show_details, self.copy_details, self.dismiss):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self.heading)
        layout.addWidget(self.body)
        layout.addWidget(self.advice)
        layout.addLayout(buttons)
        layout.addWidget(self.details)
        self.dismiss.setVisible(dismissable)  # in its place by now: by itself it would come up as a window of its own
        self._dress()
        self.hide()

    def add(self, button: QPushButton) -> QPushButton:
        """Put a button of one's own before the others: what to do about it."""
        self._buttons.insertWidget(0, button)
        return button

    def say(self, heading: str, sentences: str = "", details: str = "") -> None:
        """Show these words, and tell a screen reader of them."""
        self.heading.setText(heading)
        self.body.setText(sentences)
        self.body.setVisible(bool(sentences))
        self._entry = help_with(sentences) or help_with(heading)
        self.what_to_do.setVisible(self._entry is not None)
        self.advice.hide()
        self.details.setPlainText(details)
        lines = min(details.count("\n") + 2, _MOST_LINES)
        self.details.setFixedHeight(self.fontMetrics().lineSpacing() * (lines + 1))
        self.show_details.setChecked(False)
        self.show_details.setVisible(bool(details))
        self.copy_details.setVisible(bool(details))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def say_failure(self, heading: str, failure: Failure) -> None:
        """Show why something could not be done."""
        self.say(heading, failure.sentence, failure.details)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the desktop when it turns dark or light."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _enlarge(self, font: QFont) -> None:
        larger = QFont(font)
        larger.setBold(True)
        if self._tone is not Tone.NOTE:
            larger.setPointSizeF(font.pointSizeF() * 1.2)
        self.heading.setFont(larger)

    def _dress(self) -> None:
        paint = self._tone.paint(QGuiApplication.palette())
        if self._paint == paint:  # its own new palette is a change of palette too
            return
        self._paint = paint
        palette = QPalette()  # only what is set below stands apart from the desktop's
        palette.setColor(QPalette.ColorRole.Window, QColor(paint.background))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(paint.text))
        self.setPalette(palette)

    def _help(self) -> None:
        """Lead to the entry of the guide, or show what it says where the guide is behind a dialog."""
        if self._entry is None:
            return
        go = getattr(self.window(), "go", None)
        if callable(go):
            go(links.Link(links.HELP, links.Topic(f"{BOOK}{self._entry.place}")))
            return
        self.advice.setText(f"{self._entry.means}\n{self._entry.do}")
        self.advice.show()
        self.what_to_do.hide()
        if self.copy_details.isVisible():
            self.copy_details.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grown.emit(self.advice.heightForWidth(self.width()) + self.fontMetrics().lineSpacing())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.heading.text()}\n{self.details.toPlainText()}")


def _words() -> QLabel:
    """Sentences that wrap, and that can be selected with the mouse. Never rich text: a name may hold `<` or `&`."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
