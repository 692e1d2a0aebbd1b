"""Disputes: raise one, say how it was resolved, carry it past a period."""

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QWidget

from ledgers import Ledger
from ledgers.disputes import Dispute, carry, dispute_clause, dispute_line, resolve
from rules.periods import Period
from settlement.signing_off import SignOff
from ui.jobs import Job
from ui.pages.sign_off.fields import form
from ui.pages.sign_off.period_dialogs import ReasonDialog, WritingDialog
from ui.session import Session
from ui.widgets import chars, labelled

_LARGEST = 2_147_483_647  # the largest number that the field takes; no ledger has so many lines


class DisputeDialog(WritingDialog):
    """Says that a partner disputes a line, or what a clause makes of a period."""

    def __init__(
        self, session: Session, at: SignOff, parent: QWidget | None = None, *, line: int | None = None
    ) -> None:
        """At the period that `at` is about; of a line, if one is known."""
        super().__init__(
            session,
            "Raise a dispute",
            "&Raise it",
            parent,
            explains="Statements show what is due with and without what is disputed. Before a period is signed each "
            "dispute in it is resolved, or carried past it.",
        )
        self.at = at
        self.partner = QComboBox()
        for code in at.signatories:
            self.partner.addItem(at.name_of(code), code)
        self.of_line = QRadioButton("A &line of the ledger")
        self.of_clause = QRadioButton(f"What a &clause makes of {at.period}")
        self._about = QButtonGroup(self)
        for each in (self.of_line, self.of_clause):
            self._about.addButton(each)
        self.line = QLineEdit("" if line is None else str(line))
        self.line.setValidator(QIntValidator(1, _LARGEST, self.line))
        self.line.setPlaceholderText("The line’s number, as the Ledger page shows it")
        self.clause = QComboBox()
        for clause in at.agreement.clauses:
            self.clause.addItem(f"{clause.id}: {clause.title}", clause.id)
        self.reason = QLineEdit()
        self.reason.setMinimumWidth(chars(self.reason, 44))
        rows = form()
        rows.addRow(labelled("&Partner who disputes it", self.partner), self.partner)
        rows.addRow(self.of_line)
        rows.addRow(labelled("Line &number", self.line), self.line)
        rows.addRow(self.of_clause)
        rows.addRow(labelled("Cla&use", self.clause), self.clause)
        rows.addRow(labelled("&Why", self.reason), self.reason)
        self.body.addLayout(rows)
        self.body.addStretch()
        self.of_clause.toggled.connect(self._choose)
        self.of_line.setChecked(True)
        self._choose()
        self.line.setFocus()
        self.fit()

    def _choose(self) -> None:
        self.line.setEnabled(self.of_line.isChecked())
        self.clause.setEnabled(self.of_clause.isChecked())

    def act(self) -> None:
        """Raise it."""
        partner, reason, period = self.partner.currentData(), self.reason.text().strip(), self.at.period
        number, clause = self.line.text().strip(), self.clause.currentData()
        by_line = self.of_line.isChecked()
        if by_line and not number:
            self.ask_for("Write the number of the line, as the Ledger page shows it.", self.line)
        elif not by_line and not clause:
            self.ask_for("The agreement has no clause to dispute.", self.clause)
        elif not reason:
            self.ask_for("Write why it is disputed: it stays on record, and stands on statements.", self.reason)
        else:

            def work(ledger: Ledger, _job: Job[str]) -> str:
                if by_line:
                    made = dispute_line(ledger, int(number), partner, reason)
                else:
                    made = dispute_clause(ledger, clause, period, partner, reason)
                return f"Dispute {made.id}: {made.partner} disputes {made.about} from {made.period} on."

            self.change(work)


def resolve_dialog(session: Session, dispute: Dispute, parent: QWidget | None = None) -> ReasonDialog:
    """Says how a dispute was resolved."""

    def work(ledger: Ledger, reason: str) -> str:
        done = resolve(ledger, dispute.id, reason)
        return f"Resolved: dispute {done.id}, from {done.outcome_period} on."

    return ReasonDialog(
        session,
        f"Resolve dispute {dispute.id}",
        "&Resolve",
        f"{dispute.partner} disputes {dispute.about} from {dispute.period} on: {dispute.reason}",
        "&How it was resolved",
        work,
        parent,
    )


def carry_dialog(session: Session, dispute: Dispute, period: Period, parent: QWidget | None = None) -> ReasonDialog:
    """Carries a dispute past a period’s sign-off: it stays open, and statements say so."""

    def work(ledger: Ledger, reason: str) -> str:
        carry(ledger, dispute.id, period, reason)
        return f"Carried: dispute {dispute.id}, past {period}."

    told = (
        f"{dispute.partner} disputes {dispute.about} from {dispute.period} on: {dispute.reason}\n\nIt stays open: "
        f"{period} can be signed with it, and its statements say that it is in dispute."
    )
    title = f"Carry dispute {dispute.id} past {period}"
    return ReasonDialog(session, title, "&Carry", told, "&Why it is carried", work, parent)
