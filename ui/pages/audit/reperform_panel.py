"""The settlement performed again: from the lines themselves, held figure by figure against what is kept and signed."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from settlement.reperforming import Compared, Reperformed, difference_in_words
from ui import links
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.failures import Failure
from ui.jobs import Job
from ui.links import Figure, Link
from ui.pages.audit.rows_model import RowsModel, RowsView, Shown
from ui.pages.sign_off import asides
from ui.pages.sign_off.said import failure_in_the_window
from ui.periods import period_name
from ui.session import Session
from ui.widgets import SECTION, button, lines, row, words

_SHOWN_DIFFERENCES = 12


class ReperformPanel(QScrollArea):
    """Performs the settlement of the session's period again, aside."""

    go = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With nothing performed yet."""
        super().__init__(parent)
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._job: Job[Reperformed] | None = None
        self.found: Reperformed | None = None
        self.says = words()
        self.perform_button = button("Perfor&m it again", self.perform)
        self.problem = Banner(Tone.ERROR, "Why it could not be performed again")
        self.progress = ProgressLine(self._call_off)
        self.agrees = Banner(Tone.NOTE, "Conclusion")
        self.differs = Banner(Tone.ERROR, "Conclusion")
        self.facts = words()
        self.only_differing = QCheckBox("Only what &differs")
        self.only_differing.toggled.connect(self._show_rows)
        self.model = RowsModel(_COLUMNS, self)
        self.view = RowsView(self.model, "Every figure, worked again and as it is given")
        self.view.setMinimumHeight(lines(self, 16))
        self.view.activated.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.result = QWidget()
        found = QVBoxLayout(self.result)
        found.setContentsMargins(0, 0, 0, 0)
        for widget in (self.agrees, self.differs, self.facts, self.only_differing):
            found.addWidget(widget)
        found.addWidget(self.view, stretch=1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(words("The settlement, performed again", SECTION))
        column.addWidget(self.says)
        column.addLayout(row(self.perform_button))
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addWidget(self.result, stretch=1)
        column.addStretch()
        self.setWidget(inside)
        self.result.hide()

    def refresh(self) -> None:
        """Say what it is about to do; what was performed of another period is no longer shown."""
        opened = self.session.opened
        if opened is None:
            return
        named = period_name(self.session.period, opened.year)
        self.says.setText(
            f"The year to date at {named}, the period chosen above: every line is added up anew, the agreement’s text "
            "is read and its rules are run. The kept totals are not used. Each figure is then held against what the "
            "ledger gives and, where the period was sealed, against what was signed."
        )
        if self.found is not None and self.found.period != self.session.period:
            self.found = None
            self.result.hide()

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        if self._job is not None:
            self._job.cancel()
            self._job.drop()
        self._idle()
        self.found = None
        self.problem.hide()
        self.result.hide()

    def perform(self) -> None:
        """Perform it."""
        opened = self.session.opened
        if opened is None:
            return
        self.problem.hide()
        self.result.hide()
        self.perform_button.setEnabled(False)
        self.progress.begin("Waiting for other work to end")
        self._job = self.session.aside(
            asides.perform_again,
            opened.where,
            self.session.period,
            done=self.show_performed,
            failed=self._failed,
            progressed=self.progress.show_progress,
            cancelled=self._called_off,
        )

    def show_performed(self, found: Reperformed) -> None:
        """Show how it compares."""
        self._idle()
        self.found = found
        good, bad = (self.agrees, self.differs) if found.holds else (self.differs, self.agrees)
        bad.hide()
        told = [*found.others, *map(difference_in_words, found.differing)]
        more = len(told) - _SHOWN_DIFFERENCES
        shown = told[:_SHOWN_DIFFERENCES] + ([f"… and {more:,} more, in the table."] if more > 0 else [])
        mark = "✓ Agrees" if found.holds else "✗ Does not agree"
        good.say(mark, "\n".join([found.conclusion, *shown]), "" if found.holds else "\n".join(told))
        self.facts.setText("\n".join(found.facts))
        self.only_differing.setVisible(bool(found.differing))
        self.only_differing.setChecked(bool(found.differing))
        self._show_rows()
        self.result.show()
        self.view.choose(0)
        self.view.setFocus()

    def _show_rows(self) -> None:
        if self.found is None:
            return
        rows = self.found.differing if self.only_differing.isChecked() else self.found.figures
        self.model.show_rows(rows, _COLUMNS if self.found.note is not None else _UNSIGNED)

    def _failed(self, failure: Failure) -> None:
        self._idle()
        name = self.session.opened.name if self.session.opened is not None else ""
        self.problem.say_failure("It could not be performed again", failure_in_the_window(failure, name))

    def _called_off(self) -> None:
        self._idle()
        self.problem.say("It was called off.")

    def _call_off(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _idle(self) -> None:
        self._job = None
        self.progress.end()
        self.perform_button.setEnabled(True)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            row_of: Compared = self.model.rows[index.row()]
            target = Figure(row_of.of, row_of.key) if row_of.key else None
            self.go.emit(Link(links.SETTLEMENT, target))


_COLUMNS = (
    Shown("Of", lambda each: each.of),
    Shown("Figure", lambda each: each.what),
    Shown("Worked again", pence=lambda each: each.worked_pence),
    Shown("The ledger gives", pence=lambda each: each.ledger_pence),
    Shown("Signed", pence=lambda each: each.signed_pence),
    Shown("Agrees", lambda each: "✓ yes" if each.agrees else "✗ no"),
)
_UNSIGNED = tuple(each for each in _COLUMNS if each.heading != "Signed")
