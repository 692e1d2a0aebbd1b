"""The form of one cap: the most that a partner's shares come to in the year, and who has what is beyond."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox

from rules.agreement import Beyond, Cap, Clause, Limit
from rules.template_questions import limit_of
from settlement.drafting import Draft
from ui.pages.risk_share import choices
from ui.pages.risk_share.choices import Choice
from ui.pages.risk_share.fields import Chooser, Field, Picker, limit_shown
from ui.pages.risk_share.rows import Rows
from ui.widgets import button, labelled


class CapForm(QGroupBox):
    """Edits one cap. `edited` tells the cap as it would be, what was changed of it, and in which field."""

    edited = Signal(object, str, str)
    removed = Signal()

    def __init__(self, number: int) -> None:
        """For the cap of a number, from 1, of those on the clause."""
        super().__init__(f"Cap {number}")
        self._number = number
        self._cap: Cap | None = None
        name = f"Cap {number}"
        self.partner = Chooser(f"{name}: whose")
        self.partner.picked.connect(lambda code: self._tell("partner", code, "whose cap it is"))
        self.limit = Field(f"{name}: the most in a year", limit_of, limit_shown, wide=12)
        self.limit.line.setPlaceholderText("250,000 or 2%")
        self.limit.entered.connect(lambda limit: self._tell("limit", limit, "the cap", "limit"))
        self.of = Chooser(f"{name}: what the percentage is of")
        self.of.picked.connect(lambda code: self._tell("of", code, "what the cap is a percentage of"))
        self.beyond = Chooser(f"{name}: what is beyond it")
        self.beyond.picked.connect(self._take_beyond)
        self.clauses = Picker(f"Clauses that cap {number} is on", "No clause")
        self.clauses.picked.connect(self._take_clauses)
        self.remove = button("Remove this cap", self.removed.emit, name=f"Remove cap {number}")
        form = Rows(self)
        form.add(labelled("Whose", self.partner), self.partner)
        form.add(labelled("At most, in a year", self.limit.line), self.limit)
        self._of_label = labelled("Per cent of", self.of)
        form.add(self._of_label, self.of)
        form.add(labelled("Beyond it", self.beyond), self.beyond)
        form.add(labelled("Together on", self.clauses.choose), self.clauses)
        form.span(self.remove)

    def show_cap(self, cap: Cap, clause: Clause, draft: Draft) -> None:
        """Show a cap of a draft, on a clause and perhaps on others."""
        self._cap = cap
        agreement = draft.rest
        self.partner.offer(choices.partners(agreement))
        self.partner.put(cap.partner)
        self.limit.put(cap.limit)
        is_percent = cap.limit.percent is not None
        for widget in (self._of_label, self.of):
            widget.setVisible(is_percent)
        self.of.offer(choices.cap_bases(agreement))
        self.of.put(cap.of)
        self.beyond.offer(choices.beyonds(agreement, clause.on))
        self.beyond.put(f"{cap.beyond}:{cap.bearer}" if cap.beyond is Beyond.PARTNER else cap.beyond)
        entries = tuple(Choice(entry.key, f"{entry.clause.id}: {entry.clause.title}") for entry in draft.entries)
        self.clauses.put(cap.clauses, entries)

    def _take_beyond(self, code: str) -> None:
        word, _, bearer = code.partition(":")
        if self._cap is not None:
            self._cap = replace(self._cap, bearer=bearer)
        self._tell("beyond", Beyond(word), "who has what is beyond the cap")

    def _take_clauses(self, keys: tuple[str, ...]) -> None:
        if keys:
            self._tell("clauses", keys, "the clauses that the cap is on")
        else:
            self.removed.emit()

    def _tell(self, name: str, value: str | Limit | Beyond | tuple[str, ...], what: str, field: str = "") -> None:
        if self._cap is None:
            return
        self._cap = replace(self._cap, **{name: value})  # type: ignore[arg-type]  # each of its own field
        self.edited.emit(self._cap, what, f"cap {self._number} {field}" if field else "")
