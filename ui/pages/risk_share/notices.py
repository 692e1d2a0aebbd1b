"""What stands over the cards: which schedule on which figures, what is wrong with it, what it leaves unallocated."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from rules.money import pounds
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.pages.risk_share.views import WHAT_TO_DO, CardKind, View
from ui.periods import period_name
from ui.session import Session
from ui.widgets import words

_TOLD = 3
"""So many unallocated amounts are told in the banner; the last card has all of them."""


class Notices(QWidget):
    """The sentence under the heading, and the two banners that nobody can miss."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Saying nothing yet."""
        super().__init__(parent)
        self._session = session
        self.subtitle = words()
        self.wrong = Banner(Tone.ERROR, "What is wrong", dismissable=True)
        self.unallocated = Banner(Tone.WARNING, "Unallocated amounts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.subtitle, self.wrong, self.unallocated):
            column.addWidget(part)

    def show_view(self, view: View, *, is_draft: bool) -> None:
        """Say what there is to say of a schedule."""
        self.subtitle.setText(self._says(view, is_draft=is_draft))
        self._show_problems(view, is_draft=is_draft)
        self._show_unallocated(view)

    def say_failure(self, heading: str, failure: Failure) -> None:
        """Say what could not be done."""
        self.wrong.say_failure(heading, failure)

    def clear(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self.subtitle.clear()
        self.wrong.hide()
        self.unallocated.hide()

    def _says(self, view: View, *, is_draft: bool) -> str:
        opened = self._session.opened
        if opened is None:
            return ""
        name = period_name(self._session.period, opened.year)
        on = f"the forecast outturn seen from {name}" if self._session.outturn else f"the year to date at {name}"
        if not is_draft:
            count = sum(1 for card in view.cards if card.kind is CardKind.CLAUSE)
            clauses = {0: "without a clause", 1: "1 clause"}.get(count, f"{count} clauses")
            return f"The schedule in force, {clauses}, on {on}."
        told = f"A draft, on {on}. It is kept as you change it."
        if opened.writable:
            return f"{told} Nothing in the ledger changes until it is put in force."
        return f"{told} This ledger can only be read: the draft can be tried here, and not put in force."

    def _show_problems(self, view: View, *, is_draft: bool) -> None:
        if view.settlement is not None:
            self.wrong.hide()
            return
        told = [f"Clause {card.number}: {each}" for card in view.cards for each in card.problems]
        heading = "The draft cannot be settled yet" if is_draft else "The agreement could not be applied to the ledger"
        self.wrong.say(heading, "\n".join((*told, *view.problems)))

    def _show_unallocated(self, view: View) -> None:
        if not view.unallocated:
            self.unallocated.hide()
            return
        told = list(view.unallocated[:_TOLD])
        more = len(view.unallocated) - len(told)
        if more:
            amounts = (
                "1 more amount: the last card has all" if more == 1 else f"{more} more amounts: the last card has all"
            )
            told.append(f"And {amounts} of them.")
        self.unallocated.say(f"Unallocated: {pounds(view.unallocated_pence)}", "\n".join((*told, WHAT_TO_DO)))
