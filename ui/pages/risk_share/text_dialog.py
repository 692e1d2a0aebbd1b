"""The dialog that edits a draft as the text of its file: for whoever knows agreement.toml."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from rules.writing import write_agreement
from settlement.draft_text import line_of
from settlement.drafting import Draft, saying
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Jobs
from ui.widgets import chars, labelled, lines

_LINE = Qt.ItemDataRole.UserRole
_EXPLAINS = (
    "The whole agreement as its file says it, disabled clauses among the others. It is read when you take it; what is "
    "wrong is listed with its line, and Enter goes there."
)


class _Problems(QListWidget):
    """What is wrong. Enter goes to the line, and is not pressed on the dialog's button besides."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()


class TextDialog(Dialog):
    """Edits a draft as TOML. `taken` is called with the draft as the text has it."""

    def __init__(self, draft: Draft, jobs: Jobs, taken: Callable[[Draft], None], parent: QWidget | None = None) -> None:
        """`jobs` is where the text is read."""
        super().__init__(f"“{draft.name}” as text", "&Take this", parent, explains=_EXPLAINS)
        self._draft, self._jobs, self._taken = draft, jobs, taken
        self.text = QPlainTextEdit(write_agreement(draft.whole))
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF())  # it does not follow the text size by itself
        self.text.setFont(fixed)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumSize(chars(self, 90), lines(self, 18))
        self.wrong = _Problems()
        self.wrong.setWordWrap(True)
        self.wrong.setMinimumHeight(lines(self, 4))
        self.wrong.itemActivated.connect(self._go)
        self._wrong_label = labelled("What is &wrong", self.wrong)
        self.body.addWidget(labelled("The &agreement", self.text))
        self.body.addWidget(self.text, stretch=3)
        self.body.addWidget(self._wrong_label)
        self.body.addWidget(self.wrong, stretch=1)
        self._show_problems(())
        self.fit()

    def act(self) -> None:
        """Read the text, off the GUI thread, and take it if it holds together."""
        text, draft = self.text.toPlainText(), self._draft

        def work(_job: object) -> tuple[Draft | None, tuple[Problem, ...]]:
            try:
                return saying(draft, read_agreement(text, "")), ()
            except RefusedError as refused:
                return None, refused.problems

        self.working(self._jobs.start(work, self._show, self.say_failure, cancelled=self.called_off))

    def _show(self, answer: tuple[Draft | None, tuple[Problem, ...]]) -> None:
        draft, problems = answer
        if draft is not None:
            self._taken(draft)
            self.accept()
            return
        count = len(problems)
        what = "One thing is wrong" if count == 1 else f"{count} things are wrong"
        self.say_failure(Failure("They are listed below the text, each with its line.", ""), what)
        self._show_problems(problems)
        self.wrong.setFocus()

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        self.wrong.clear()
        text = self.text.toPlainText()
        for problem in problems:
            line = problem.line or line_of(text, problem.place)
            where = f"Line {line}: " if line is not None else ""
            place = f" ({problem.place})" if problem.place else ""
            item = QListWidgetItem(f"{where}{problem.message}{place}")
            item.setData(_LINE, line)
            self.wrong.addItem(item)
        if problems:
            self.wrong.setCurrentRow(0)
        for part in (self._wrong_label, self.wrong):
            part.setVisible(bool(problems))

    def _go(self, item: QListWidgetItem) -> None:
        line = item.data(_LINE)
        if line is not None:
            block = self.text.document().findBlockByNumber(line - 1)
            self.text.setTextCursor(QTextCursor(block))
            self.text.setFocus()
