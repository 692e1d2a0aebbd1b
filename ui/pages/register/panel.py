"""The side panel: all there is to say of the line that the person is at, in words, with ways on to what it tells of."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from ledgers.evidence import Evidence
from ledgers.lines import Line
from ledgers.register_history import History
from rules.english import quoted
from rules.money import pounds
from rules.periods import FinancialYear
from ui.flow import Flow
from ui.pages.register.columns import Names, kind_name
from ui.pages.register.history_words import (
    about_dispute,
    about_document,
    about_line,
    about_posting,
    about_reversals,
    breakable,
    can_be_opened,
)
from ui.widgets import SECTION, button, lines, words

_NOTHING_CHOSEN = "Select a line to see where it came from and what hangs on it."
_RAW_LINES = 3


class LinePanel(QScrollArea):
    """Tells a line's history."""

    line_wanted = Signal(int)
    """To another line, by its number."""

    batch_wanted = Signal(int)
    """To the lines of a batch."""

    document_wanted = Signal(object, bool)
    """An `Evidence` whose document is to be opened, or saved (True)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """With no line."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("History of the line")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = ""
        self.show_nothing()

    def show_nothing(self, sentence: str = _NOTHING_CHOSEN) -> None:
        """Say that there is no line to tell of."""
        column = self._begin()
        self._say(column, sentence)
        column.addStretch()

    def show_history(self, history: History, names: Names, year: FinancialYear) -> None:
        """Tell the history of a line."""
        line = history.line
        column = self._begin()
        self._head(column, f"Line {line.id:,}")
        self._say(column, about_line(line, names, year))
        self._head(column, "Where it came from")
        self._say(column, *about_posting(line, history.batch))
        if line.raw.strip():
            self._say(column, "The row as it stood there:")
            column.addWidget(_raw(line.raw))
        if history.batch is not None and line.batch:
            of_batch = partial(self.batch_wanted.emit, line.batch)
            column.addWidget(_flowing(button(f"Show batch {line.batch}", of_batch)))
        self._reversals(column, history)
        self._legs(column, history)
        self._evidence(column, history)
        self._disputes(column, history)
        self._entries(column, history)
        column.addStretch()

    # Its parts

    def _reversals(self, column: QVBoxLayout, history: History) -> None:
        told = about_reversals(history)
        if not told:
            return
        self._head(column, "Reversal")
        self._say(column, *told)
        others = [each for each in (history.reverses, history.reversed_by) if each is not None]
        column.addWidget(_flowing(*(self._way_to(each) for each in others)))

    def _legs(self, column: QVBoxLayout, history: History) -> None:
        if not history.legs:
            return
        self._head(column, f"The virement {quoted(history.line.reference)}")
        for leg in history.legs:
            self._say(column, f"{kind_name(leg)} of {pounds(leg.amount_pence)}: {leg.scheme}, {leg.partner}.")
            column.addWidget(_flowing(self._way_to(leg)))

    def _evidence(self, column: QVBoxLayout, history: History) -> None:
        self._head(column, "Evidence")
        if not history.evidence:
            self._say(column, "No document is attached to this line.")
        for each in history.evidence:
            self._say(column, about_document(each))
            ways = [self._document_button("Save…", "Save", each, saves=True)]
            if can_be_opened(each):
                ways.insert(0, self._document_button("Open", "Open", each, saves=False))
            column.addWidget(_flowing(*ways))

    def _document_button(self, text: str, verb: str, of: Evidence, *, saves: bool) -> QWidget:
        return button(text, partial(self.document_wanted.emit, of, saves), name=f"{verb} the document {of.name}")

    def _disputes(self, column: QVBoxLayout, history: History) -> None:
        if history.disputes:
            self._head(column, "Disputes")
            self._say(column, *(about_dispute(each) for each in history.disputes))

    def _entries(self, column: QVBoxLayout, history: History) -> None:
        if history.entries:
            self._head(column, "In the audit trail")
            told = (
                f"Entry {each.id}: {each.action}, {each.subject}. {breakable(each.detail)}" for each in history.entries
            )
            self._say(column, *told)

    def _way_to(self, line: Line) -> QWidget:
        return button(f"Go to line {line.id:,}", partial(self.line_wanted.emit, line.id))

    # How it is put together

    def _begin(self) -> QVBoxLayout:
        inside = QWidget()
        column = QVBoxLayout(inside)
        self.text = ""
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.setWidget(inside)
        if had_focus:
            self.setFocus()
        return column

    def _head(self, column: QVBoxLayout, text: str) -> None:
        label = words(text, SECTION)
        self._add(column, label)

    def _say(self, column: QVBoxLayout, *sentences: str) -> None:
        for sentence in sentences:
            self._add(column, words(sentence))

    def _add(self, column: QVBoxLayout, label: QLabel) -> None:
        self.text += f"{label.text()}\n"
        column.addWidget(label)


def _raw(text: str) -> QPlainTextEdit:
    shown = QPlainTextEdit(text.strip("\r\n"))
    shown.setReadOnly(True)
    shown.setTabChangesFocus(True)
    shown.setAccessibleName("The row as it stood in the file")
    shown.setMinimumHeight(lines(shown, _RAW_LINES) + 12)
    shown.setMaximumHeight(lines(shown, _RAW_LINES) + 12)
    return shown


def _flowing(*ways: QWidget) -> QWidget:
    holder = QWidget()
    flow = Flow(holder)
    for way in ways:
        flow.addWidget(way)
    return holder
