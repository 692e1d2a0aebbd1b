"""Dialogs about a period: hold it, open it again, give its note up."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLineEdit, QWidget

from ledgers import Ledger
from rules.english import listed
from rules.periods import Period
from settlement.standing import in_runs
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.sign_off.fields import form
from ui.pages.sign_off.said import failure_in_the_window
from ui.session import Session
from ui.widgets import chars, labelled, words

_TURN = 0.0005  # seconds
_WIDE = 56  # characters: a sentence is read in a few lines


@contextmanager
def giving_way() -> Iterator[None]:
    """Long work of Python's own, in a thread beside the window's: that one has its turn sooner."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class WritingDialog(Dialog):
    """A dialog whose button changes the ledger. It closes when that is done, and says what was done."""

    def __init__(
        self, session: Session, title: str, does: str, parent: QWidget | None = None, *, explains: str = ""
    ) -> None:
        """Over the session whose ledger it changes."""
        super().__init__(title, does, parent, explains=explains)
        self.session = session
        if session.opened is not None and not session.writable:  # it may still be looked at
            self.does.setEnabled(False)
            self.does.setToolTip(session.opened.why_read_only)

    def change(self, work: Callable[[Ledger, Job[str]], str]) -> None:
        """Do it on the writing lane; `work` answers with the sentence that says what was done."""

        def give_way(ledger: Ledger, job: Job[str]) -> str:
            with giving_way():
                return work(ledger, job)

        self.working(
            self.session.write(
                give_way, self.finish, self.refused, progressed=self.show_progress, cancelled=self.called_off
            )
        )

    def finish(self, said: str) -> None:
        """It is done."""
        self.session.said.emit(said.replace("\n", " "))
        self.accept()

    def refused(self, failure: Failure) -> None:
        """It could not be done: say why, with everything as it was typed."""
        name = self.session.opened.name if self.session.opened is not None else ""
        self.say_failure(failure_in_the_window(failure, name))

    def ask_for(self, sentence: str, field: QWidget) -> None:
        """Something is missing: say what, and go there."""
        self.say_problem(sentence)
        field.setFocus()


class HoldDialog(WritingDialog):
    """Holds a period, and says which are held with it."""

    def __init__(
        self, session: Session, period: Period, closes: tuple[Period, ...], parent: QWidget | None = None
    ) -> None:
        """`closes` are the period and every open one before it."""
        super().__init__(
            session,
            f"Hold {period}",
            "&Hold",
            parent,
            explains="A held period takes no more lines, so that its figures stay as they are. It can be opened again "
            "until it is put up for signature.",
        )
        self.period = period
        others = tuple(each for each in closes if each != period)
        told = f"{period} will be held."
        if others:
            told = (
                f"{in_runs(closes)} will be held: the year to date at {period} is of the periods before it too, so "
                f"{in_runs(others)} {'is' if len(others) == 1 else 'are'} held with it."
            )
        self.told = words(told)
        self.told.setMinimumWidth(chars(self.told, _WIDE))
        self.body.addWidget(self.told)
        self.body.addWidget(words("Lines that come later go to the next open period, and say which they belong to."))
        self.body.addStretch()
        self.does.setFocus()
        self.fit()

    def act(self) -> None:
        """Hold it."""
        period = self.period

        def work(ledger: Ledger, _job: Job[str]) -> str:
            held = ledger.hold(period)
            return f"Held: {in_runs(held)}."

        self.change(work)


class ReasonDialog(WritingDialog):
    """A dialog that asks for a reason, which stays on record."""

    def __init__(
        self,
        session: Session,
        title: str,
        does: str,
        told: str,
        asks: str,
        work: Callable[[Ledger, str], str],
        parent: QWidget | None = None,
    ) -> None:
        """`told` says what will happen; `work` does it with the reason, and answers with what was done."""
        super().__init__(session, title, does, parent)
        self._work = work
        self.told = words(told)
        self.reason = QLineEdit()
        self.reason.setMinimumWidth(chars(self.reason, 44))
        rows = form()
        rows.addRow(labelled(asks, self.reason), self.reason)
        self.body.addWidget(self.told)
        self.body.addLayout(rows)
        self.body.addWidget(words("The reason stays on record, in the audit trail."))
        self.body.addStretch()
        self.reason.setFocus()
        self.fit()

    def act(self) -> None:
        """Do it, with the reason."""
        reason, work = self.reason.text().strip(), self._work
        if not reason:
            self.ask_for("Write a reason: it stays on record.", self.reason)
            return
        self.change(lambda ledger, _job: work(ledger, reason))


def reopen_dialog(
    session: Session, period: Period, opens: tuple[Period, ...], parent: QWidget | None = None
) -> ReasonDialog:
    """Opens a held period again; `opens` are it and every held one after it."""
    others = tuple(each for each in opens if each != period)
    told = f"{period} will take lines again."
    if others:
        told = (
            f"{in_runs(opens)} will take lines again: the years to date of the later periods include {period}, so they "
            "are opened with it."
        )

    def work(ledger: Ledger, reason: str) -> str:
        return f"Open again: {in_runs(ledger.reopen(period, reason))}."

    return ReasonDialog(session, f"Reopen {period}", "&Reopen", told, "&Why it is opened again", work, parent)


def withdraw_dialog(
    session: Session, note: int, period: Period, signed: tuple[str, ...], parent: QWidget | None = None
) -> ReasonDialog:
    """Gives up the note that waits for signatures; `signed` are the partners that have signed it."""
    gone = f" The signature of {listed(signed)} is given up with it, and stays on record." if signed else ""
    told = (
        f"Note {note} of {period} will be given up, and {period} goes back to being held: it can then be opened again, "
        f"or put up anew under another number.{gone}"
    )

    def work(ledger: Ledger, reason: str) -> str:
        from settlement.signoff.signing import withdraw  # noqa: PLC0415  for those who sign

        done = withdraw(ledger, reason)
        return f"Withdrawn: note {done.sequence} of {done.period}. The period is held."

    return ReasonDialog(session, f"Withdraw note {note}", "&Withdraw", told, "Wh&y it is withdrawn", work, parent)
