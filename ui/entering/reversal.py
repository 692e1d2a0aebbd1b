"""Taking a posted line back: the line is never edited; another one of the opposite amount says why."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QMetaMethod, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from ledgers.ledger import Ledger, State
from ledgers.lines import Line
from rules.agreement import Kind
from rules.periods import Period
from ui.dialogs import Dialog
from ui.entering.fields import as_high_as_its_rows, lines_grid
from ui.entering.posting import counted
from ui.jobs import Job
from ui.session import Session
from ui.tables import FigureTable, GridModel
from ui.widgets import chars, labelled, words

_EXPLAINS = (
    "A posted line is never edited or deleted. Its reversal is a new line of the opposite amount, linked to it, that "
    "says why. Then post what is right as a new line."
)


@dataclass(frozen=True, slots=True)
class Reversible:
    """What a reversal would take back: the lines, where each period's count now, and why it cannot ("" if it can)."""

    lines: tuple[Line, ...]
    counted_in: dict[Period, Period | None]
    states: dict[Period, State]
    why_not: str = ""


def reversible(ledger: Ledger, line: Line) -> Reversible:
    """What taking a line back would mean now."""
    from ledgers.closing import counted_in  # noqa: PLC0415  with the first reversal

    states = ledger.periods()
    legs: tuple[Line, ...] = (line,)
    if line.kind is Kind.VIREMENT and line.reverses is None and line.reference.strip():
        together = ledger.lines(kind=Kind.VIREMENT, reference=line.reference, batch=line.batch)
        legs = tuple(leg for leg in together if leg.reverses is None) or legs
    why = ""
    if line.reverses is not None:
        why = f"Line {line.id} is itself the reversal of line {line.reverses}: post what is right as a new line."
    else:
        already = next((found for leg in legs for found in ledger.lines(reverses=leg.id, limit=1)), None)
        if already is not None:
            why = f"Line {already.reverses} is reversed already, by line {already.id}."
    return Reversible(legs, counted_in(states), {state.period: state.state for state in states}, why)


class ReversalDialog(Dialog):
    """Shows what is taken back and asks for the reason."""

    reversed = Signal(object)
    """The line that reverses it, as it was posted."""

    right_line = Signal(object)
    """The line that was taken back: the person wants to enter the right one next, with its fields."""

    def __init__(self, session: Session, line: Line, parent: QWidget | None = None) -> None:
        """Of a line of the open ledger."""
        super().__init__("Take a line back (reversal)", "&Post the reversal", parent, explains=_EXPLAINS)
        self.session = session
        self.line = line
        self._reading: Job[Any] | None = None
        self._can = False
        self.model = GridModel()
        self.table = FigureTable(self.model, "The lines that are taken back")
        self.table.setMinimumWidth(chars(self, 90))
        as_high_as_its_rows(self.table)
        self.says = words()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Such as: posted to the wrong scheme")
        self.enter_right = QCheckBox("&Enter the right line next, with the fields of this one")
        self.enter_right.setChecked(True)
        self.body.addWidget(self.table)
        self.body.addWidget(self.says)
        self.body.addWidget(labelled("&Reason, which the ledger keeps", self.reason))
        self.body.addWidget(self.reason)
        self.body.addWidget(self.enter_right)
        self.body.addStretch()
        self.reason.setFocus()
        self.show_line(line)
        self.fit()

    def show_line(self, line: Line) -> None:
        """Be about this line: ask what taking it back would mean."""
        self.line = line
        self.model.show_grid(lines_grid([line]))
        self._drop()
        self._reading = self.session.read(lambda ledger: reversible(ledger, line), self._show, self.say_failure)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Offer to enter the right line only where somebody opens the grid for it."""
        super().showEvent(event)
        self.enter_right.setVisible(self.isSignalConnected(QMetaMethod.fromSignal(self.right_line)))

    def done(self, result: int) -> None:
        """Close; what is still being asked tells nobody."""
        self._drop()
        super().done(result)

    def _drop(self) -> None:
        if self._reading is not None:
            self._reading.drop()

    def act(self) -> None:
        """Post the reversal, or say what is missing."""
        if not self._can:
            return
        if not self.reason.text().strip():
            self.problem.say("A reversal says why", "Write the reason: whoever audits the ledger will read it.")
            self.reason.setFocus()
            return
        number, reason = self.line.id, self.reason.text()
        self.working(
            self.session.write(lambda ledger, _job: ledger.reverse(number, reason), self._reversed, self.say_failure)
        )

    def _reversed(self, posted: Line) -> None:
        where = f", which counts in {posted.period}" if posted.belongs_to else ""
        self.session.said.emit(f"Line {self.line.id} is taken back by line {posted.id}{where}.")
        self.accept()
        self.reversed.emit(posted)
        if self.enter_right.isChecked():  # nobody is told where it was not offered
            self.right_line.emit(self.line)

    def _show(self, found: Reversible) -> None:
        self.model.show_grid(lines_grid(found.lines))
        nowhere = [line.period for line in found.lines if found.counted_in[line.period] is None]
        why = found.why_not
        if not why and nowhere:
            why = f"{nowhere[0]} is closed and no later period is open to take the reversal: reopen one first."
        self._can = not why
        self.does.setEnabled(self._can)
        self.does.setToolTip(why)
        self.reason.setEnabled(self._can)
        self.enter_right.setEnabled(self._can)
        self.says.setText(why or self._in_words(found))

    def _in_words(self, found: Reversible) -> str:
        told = []
        if len(found.lines) > 1:
            told.append(
                f"The {counted(len(found.lines), 'leg')} of the virement go together, or budgets would not balance."
            )
        period = self.line.period
        counts_in = found.counted_in[period]
        if counts_in is period:
            told.append(f"{period} is open: the reversal counts there.")
        else:
            told.append(
                f"{period} is {found.states[period]}: the reversal counts in {counts_in}, the next open period."
            )
        return " ".join(told)


def sample(session: Session, parent: QWidget | None = None) -> ReversalDialog:
    """The dialog about the open ledger's first line, to be looked at."""
    dialog = ReversalDialog(session, Line(1, session.period, "", "", Kind.ACTUAL, 0), parent)

    def show(line: Line | None) -> None:
        if line is not None:
            dialog.show_line(line)
            dialog.reason.setText("Posted to the wrong scheme")

    session.read(lambda ledger: next(ledger.lines(limit=1), None), show)
    return dialog
