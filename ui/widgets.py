"""Small parts that pages are put together from: headings, sentences, what stands where there is nothing yet."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

PAGE_TITLE, SECTION, TEXT = 1.5, 1.2, 1.0


def words(text: str = "", scale: float = TEXT) -> QLabel:
    """Text that wraps and can be selected, larger by `scale`. Always plain text: a title may hold `<` or `&`."""
    label = _Heading(text, scale) if scale > TEXT else QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class _Heading(QLabel):
    """Text larger than the window's, and still so when the person chooses another text size."""

    def __init__(self, text: str, scale: float) -> None:
        super().__init__(text)
        self._scale = scale
        self._fit(QGuiApplication.font())
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.fontChanged.connect(self._fit)  # a font of its own is told of no other change

    def _fit(self, font: QFont) -> None:
        larger = QFont(font)
        larger.setPointSizeF(font.pointSizeF() * self._scale)
        larger.setWeight(QFont.Weight.DemiBold)
        self.setFont(larger)


def button(text: str, pressed: Callable[[], object], *, name: str = "", tip: str = "") -> QPushButton:
    """A push button; `name` is what a screen reader says, where the text alone is too little."""
    made = QPushButton(text)
    made.clicked.connect(lambda _checked=False: pressed())
    made.setAutoDefault(False)
    if name:
        made.setAccessibleName(name)
    if tip:
        made.setToolTip(tip)
    return made


def labelled(text: str, field: QWidget) -> QLabel:
    """A label with a mnemonic (`&Period`) for a field, which takes its name from it."""
    label = QLabel(text)
    # a field of several parts has the keyboard in one of them, and the letter leads there only if that is the buddy
    label.setBuddy(field.focusProxy() or field)
    if not field.accessibleName():
        field.setAccessibleName(text.replace("&", ""))
    return label


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Widgets side by side, to the left."""
    across = QHBoxLayout()
    for widget in widgets:
        across.addWidget(widget)
    if stretch:
        across.addStretch()
    return across


def room() -> QSize:
    """The size that a window may have on the screen, its frame and title left room for.

    Asked of the program and never of a widget (`QWidget.screen`): PySide makes the one screen's object a child of the
    widget that was asked, destroys it with that widget, and crashes when the next window is made.
    """
    return QGuiApplication.primaryScreen().availableSize() * 0.9


def chars(widget: QWidget, count: int) -> int:
    """The width of so many characters: sizes follow the text's, so that nothing is cut off at twice its size."""
    return widget.fontMetrics().averageCharWidth() * count


def lines(widget: QWidget, count: int) -> int:
    """The height of so many lines of text."""
    return widget.fontMetrics().lineSpacing() * count


class Nothing(QWidget):
    """What stands where there is nothing to show yet: what is missing, what to do, and buttons to do it."""

    def __init__(self, heading: str, sentence: str, *buttons: QPushButton, parent: QWidget | None = None) -> None:
        """Both are plain text."""
        super().__init__(parent)
        self.heading = words(heading, SECTION)
        self.sentence = words(sentence)
        column = QVBoxLayout()
        column.addWidget(self.heading)
        column.addWidget(self.sentence)
        if buttons:
            column.addLayout(row(*buttons))
        column.setSpacing(self.fontMetrics().height() // 2)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(chars(self, 90))
        across = QHBoxLayout()
        across.addWidget(middle, stretch=1)
        across.addStretch()
        page = QVBoxLayout(self)
        page.addLayout(across)
        page.addStretch(1)

    def say(self, heading: str, sentence: str) -> None:
        """Say this in place of what stood there."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)
