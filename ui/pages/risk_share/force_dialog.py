"""The dialog that puts a draft in force: from when, why, what it changes, and who has to assent."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from ledgers import Ledger, PeriodState, State
from ledgers.assents import awaiting
from ledgers.ledger import Version
from rules.english import listed
from rules.periods import FinancialYear, Period
from rules.succession import asked_to_assent
from rules.writing import write_agreement
from settlement.drafting import Draft, checked
from settlement.variations import differences, in_words
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.periods import period_name
from ui.session import Session
from ui.widgets import chars, labelled, lines, words

_EXPLAINS = (
    "It governs the whole year to date from the first period that is settled under it. What was held before stays as "
    "it was settled, and the difference is the movement."
)
_NO_PERIOD = "Every period is held or signed. Reopen the one that it is to stand from first, on the Sign-off page."
_ALIKE = "Nothing: the draft says what the agreement in force there says."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a draft would write: the text, what it changes in words, and the codes of who would have to assent."""

    text: str
    start: Period
    changes: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A version that was put in force, and the partners who have still to assent to it."""

    version: Version
    awaiting: tuple[str, ...]

    @property
    def words(self) -> str:
        """What was done, in a sentence or two."""
        told = f"Version {self.version.id} of the agreement is in force from {self.version.from_period}."
        return f"{told} It is provisional until {listed(self.awaiting)} assent to it." if self.awaiting else told


class ForceDialog(Dialog):
    """Puts a draft in force. `told` is called with what was done, before it closes."""

    def __init__(
        self,
        session: Session,
        draft: Draft,
        periods: tuple[PeriodState, ...],
        year: FinancialYear,
        told: Callable[[Done], None],
        parent: QWidget | None = None,
    ) -> None:
        """`periods` are the ledger's: a version stands from one that is open."""
        super().__init__(f"Put “{draft.name}” in force", "&Put in force", parent, explains=_EXPLAINS)
        self._session, self._draft, self._tell = session, draft, told
        self._proposed: Proposed | None = None
        self._asked: Job[Proposed] | None = None
        self.period = QComboBox()
        for state in periods:
            if state.state is State.OPEN:
                self.period.addItem(period_name(state.period, year), state.period)
        self.period.setCurrentIndex(max(self.period.findData(session.period), 0))
        self.period.currentIndexChanged.connect(self._look)
        self.reason = QLineEdit()
        self.reason.setMinimumWidth(chars(self, 50))
        self.reason.setPlaceholderText("Such as: deed of variation, 28 September")
        self.reason.textChanged.connect(self._show_ready)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(labelled("&From", self.period), self.period)
        form.addRow(labelled("&Reason", self.reason), self.reason)
        self.assent = words()
        self.changes = QPlainTextEdit()
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.changes.setMinimumSize(chars(self, 96), lines(self, 12))
        self.body.addLayout(form)
        self.body.addWidget(self.assent)
        self.body.addWidget(labelled("What would be &written", self.changes))
        self.body.addWidget(self.changes, stretch=1)
        self.reason.setFocus()
        self._look()
        self.fit()

    # What it would write is looked at

    def _look(self) -> None:
        if self._asked is not None:
            self._asked.drop()
        self._proposed = None
        self._show_ready()
        if self.period.currentData() is None:
            self.assent.setText(_NO_PERIOD)
            return
        period, draft = Period(self.period.currentData()), self._draft

        def work(ledger: Ledger) -> Proposed:
            before, varied = ledger.agreement_at(period), checked(draft)
            changes = in_words(differences(before, varied))
            return Proposed(write_agreement(varied), period, changes, asked_to_assent(before, varied, period))

        self.changes.setPlainText("Comparing it with the agreement in force there…")
        self._asked = self._session.read(work, self._show, self._say_unread)

    def _show(self, proposed: Proposed) -> None:
        self._proposed = proposed
        self.changes.setPlainText(proposed.changes or _ALIKE)
        self.assent.setText(
            f"It is provisional, and statements say so, until {listed(proposed.asked)} have each assented with the key "
            "that they sign with. No period that it governs is signed before."
        )
        self._show_ready()
        self.fit()

    def _say_unread(self, failure: Failure) -> None:
        self.changes.clear()
        self.say_failure(failure, "The draft does not hold together yet")
        self._show_ready()

    def _show_ready(self) -> None:
        lacks = []
        if self._proposed is None or not self._proposed.changes:
            lacks.append("an open period where it changes something")
        if not self.reason.text().strip():
            lacks.append("a reason")
        self.does.setEnabled(not lacks)
        self.does.setToolTip(f"Still needed: {listed(lacks)}." if lacks else "")

    # It is put in force

    def act(self) -> None:
        """Put it in force; the dialog stays, with what was typed, if that is refused."""
        proposed, reason = self._proposed, " ".join(self.reason.text().split())
        if proposed is None or not reason:
            self.say_failure(Failure("Write why the agreement is varied: it goes into the audit trail.", ""))
            return

        def work(ledger: Ledger, _job: Job[Done]) -> Done:
            version = ledger.set_agreement(proposed.text, proposed.start, reason)
            return Done(version, awaiting(ledger, version.id))

        self.working(self._session.write(work, self._finish, self.say_failure, cancelled=self.called_off))

    def _finish(self, done: Done) -> None:
        self._tell(done)
        self.accept()
