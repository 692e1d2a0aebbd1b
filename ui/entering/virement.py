"""Moving budget from one scheme and partner to another, with both budgets before and after."""

from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ledgers.budgets import Holder, after_virement, budgets_of, free_reference
from ledgers.importing.entering import COLUMNS, Judged, judged
from ledgers.importing.previewing import Book, read_book
from ledgers.ledger import Ledger
from ledgers.lines import Line
from rules.agreement import Kind
from rules.money import pence_of, pounds
from rules.periods import Period
from ui.dialogs import Dialog
from ui.entering.choices import HEADINGS, partners, schemes
from ui.entering.fields import CodeField, PeriodField, as_high_as_its_rows
from ui.entering.posting import late_in_words
from ui.figures import exact, spoken
from ui.jobs import Job
from ui.session import Session
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import button, chars, labelled, row, words

_HEADINGS = ("Budget of the year", "Now", "After the virement", "Which means")
_NOT_CHOSEN = "not chosen yet"


class VirementDialog(Dialog):
    """Posts the two legs of a virement: they share the reference and sum to zero."""

    posted = Signal(object)
    """The two legs as they were posted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Asks the open ledger for its schemes, partners and budgets."""
        super().__init__(
            "Move budget (virement)",
            "&Post the virement",
            parent,
            explains="Takes an amount from one budget and adds it to another. The two lines share the reference.",
        )
        self.session = session
        self._book: Book | None = None
        self._budgets: dict[Holder, int] = {}
        self._proposed = ""
        self._asking: Job[Any] | None = None
        self.from_scheme, self.from_partner = CodeField("From scheme"), CodeField("From partner")
        self.to_scheme, self.to_partner = CodeField("To scheme"), CodeField("To partner")
        self.amount, self.reference, self.description = QLineEdit(), QLineEdit(), QLineEdit()
        self.amount.setPlaceholderText("1,234.56")
        self.period = PeriodField()
        self.swap = button("S&wap the two sides", self._swap)
        self.model = GridModel(_HEADINGS)
        self.table = FigureTable(self.model, "Both budgets, before and after")
        self.says = words()
        self._lay_out()
        for field in (self.from_scheme, self.from_partner, self.to_scheme, self.to_partner):
            field.textChanged.connect(self._show_budgets)
        self.amount.textChanged.connect(self._show_budgets)
        self.period.currentIndexChanged.connect(self._choose_period)
        self._reading = session.read(_asked, self._show_book, self.say_failure)

    def _lay_out(self) -> None:
        form = QGridLayout()
        wide = chars(self, 40)
        left = (
            ("&From scheme", self.from_scheme),
            ("&To scheme", self.to_scheme),
            ("&Amount in pounds", self.amount),
            ("&Reference", self.reference),
        )
        right = (
            ("Fr&om partner", self.from_partner),
            ("To part&ner", self.to_partner),
            ("Per&iod", self.period),
            ("&Description", self.description),
        )
        for at, ((left_text, left_field), (right_text, right_field)) in enumerate(zip(left, right, strict=True)):
            form.addWidget(labelled(left_text, left_field), at * 2, 0)
            form.addWidget(left_field, at * 2 + 1, 0)
            form.addWidget(labelled(right_text, right_field), at * 2, 1)
            form.addWidget(right_field, at * 2 + 1, 1)
            for field in (left_field, right_field):
                field.setMinimumWidth(wide)
        self.body.addLayout(form)
        as_high_as_its_rows(self.table)
        self.body.addWidget(self.table)
        self.body.addWidget(self.says)
        self.body.addLayout(row(self.swap))
        self.body.addStretch()
        order = (
            self.from_scheme, self.from_partner, self.to_scheme, self.to_partner, self.amount, self.period,
            self.reference, self.description, self.table, self.swap,
        )  # fmt: skip
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self._show_budgets()
        self.from_scheme.setFocus()
        self.fit()

    # What is filled in

    @property
    def giver(self) -> Holder:
        """The scheme and partner whose budget it is taken from."""
        return self.from_scheme.code, self.from_partner.code

    @property
    def taker(self) -> Holder:
        """The scheme and partner whose budget it is added to."""
        return self.to_scheme.code, self.to_partner.code

    def _legs(self) -> list[Judged]:
        """Both legs as the ledger would judge them; the amount is as it was typed, in both."""
        if self._book is None:
            return []
        rows = []
        for scheme, partner in (self.giver, self.taker):
            texts = {
                "period": self.period.code,
                "scheme": scheme,
                "partner": partner,
                "kind": Kind.VIREMENT.value,
                "amount": self.amount.text(),
                "reference": self.reference.text(),
                "description": self.description.text(),
            }
            rows.append(tuple(texts.get(name, "") for name in COLUMNS))
        return judged(rows, self._book)

    def _wrong(self) -> tuple[QWidget, str] | None:
        """The first field to mend, and why."""
        fields: dict[str, tuple[QWidget, QWidget]] = {
            "scheme": (self.from_scheme, self.to_scheme),
            "partner": (self.from_partner, self.to_partner),
            "amount": (self.amount, self.amount),
            "period": (self.period, self.period),
            "reference": (self.reference, self.reference),
            "description": (self.description, self.description),
        }
        legs = self._legs()
        for side, leg in enumerate(legs):
            for column, why in leg.complaints:
                which = ("From ", "To ")[side] if column in {"scheme", "partner"} else ""
                heading = HEADINGS[column].lower() if which else HEADINGS[column]
                return fields[column][side], f"{which}{heading}: {why}."
        if self.giver == self.taker:
            return self.to_scheme, "Both sides are the same budget: choose another scheme or partner to move it to."
        line = legs[0].line if legs else None
        if line is not None and line.amount_pence <= 0:
            return self.amount, (
                "Write the amount that is moved, above nothing. To move it the other way, swap the two sides."
            )
        return None if line is not None else (self.from_scheme, "The ledger's budgets are still being read.")

    def act(self) -> None:
        """Post it, or say what is to be mended first."""
        wrong = self._wrong()
        if wrong is not None:
            field, why = wrong
            self.problem.say("The virement cannot be posted like this", why)
            field.setFocus()
            return
        leg = self._legs()[0].line
        assert leg is not None  # noqa: S101  nothing is wrong with it
        post = partial(
            Ledger.virement,
            period=leg.period,
            amount_pence=leg.amount_pence,
            giver=self.giver,
            taker=self.taker,
            reference=leg.reference,
            description=leg.description,
        )
        self.working(self.session.write(lambda ledger, _job: post(ledger), self._posted, self.say_failure))

    def _posted(self, legs: tuple[Line, ...]) -> None:
        told = f"Virement {legs[0].reference} of {pounds(abs(legs[0].amount_pence))} posted as batch {legs[0].batch}."
        self.session.said.emit(" ".join((told, *late_in_words(legs))))
        self.posted.emit(legs)
        self.accept()

    def done(self, result: int) -> None:
        """Close; what is still being asked tells nobody."""
        for job in (self._reading, self._asking):
            if job is not None:
                job.drop()
        super().done(result)

    # What is shown

    def _show_book(self, answer: tuple[Book, dict[Holder, int]]) -> None:
        self._book, self._budgets = answer
        first = self._book.counted_in.get(self.session.period) or self.session.period
        self.period.show_book(self._book, first)
        self._choose_period()

    def _choose_period(self) -> None:
        """Another period may be under another version of the agreement, and has references of its own."""
        if self._book is None or not self.period.code:
            return
        period = Period.read(self.period.code)
        agreement = self._book.agreement_for(period)
        for scheme_field in (self.from_scheme, self.to_scheme):
            scheme_field.show_choices(schemes(agreement))
        for partner_field in (self.from_partner, self.to_partner):
            partner_field.show_choices(partners(agreement, period))
        if self.reference.text() == self._proposed:
            if self._asking is not None:
                self._asking.drop()
            self._asking = self.session.read(lambda ledger: free_reference(ledger, period), self._propose)
        self._show_budgets()

    def _propose(self, reference: str) -> None:
        if self.reference.text() == self._proposed:
            self._proposed = reference
            self.reference.setText(reference)

    def _swap(self) -> None:
        for one, other in ((self.from_scheme, self.to_scheme), (self.from_partner, self.to_partner)):
            was = one.text()
            one.setText(other.text())
            other.setText(was)

    def _show_budgets(self) -> None:
        """Both budgets, as they are and as the virement would leave them."""
        try:
            amount = pence_of(self.amount.text())
        except ValueError:
            amount = 0  # nothing is moved yet; what is wrong with it is said when it is posted
        moved = after_virement(self._budgets, self.giver, self.taker, amount)
        rows = []
        overdrawn = []
        for (scheme, partner), each in zip((self.giver, self.taker), moved, strict=True):
            name = f"{scheme or _NOT_CHOSEN}, {partner or _NOT_CHOSEN}"
            means = "More is taken than there is" if each.is_overdrawn else ""
            if each.is_overdrawn:
                overdrawn.append(name)
            before, after = each.before_pence, each.after_pence
            rows.append(
                (
                    Cell(name),
                    Cell(exact(before), before, spoken(before)),
                    Cell(exact(after), after, spoken(after)),
                    Cell(means),
                )
            )
        self.model.show_grid(Grid(_HEADINGS, tuple(rows), frozenset({1, 2})))
        self.says.setText(self._in_words(overdrawn))

    def _in_words(self, overdrawn: list[str]) -> str:
        names = [field.meaning for field in (self.from_scheme, self.from_partner, self.to_scheme, self.to_partner)]
        told = []
        if all(names):
            told.append(f"From {names[0]}, {names[1]}, to {names[2]}, {names[3]}.")
        if overdrawn:
            told.append(f"It takes more than the budget of {overdrawn[0]}: it can be posted, but look again.")
        if self._book is not None and self.period.code:
            period = Period.read(self.period.code)
            counts_in = self._book.counted_in[period]
            if counts_in is not period and counts_in is not None:
                told.append(f"{period} is closed: both lines count in {counts_in}.")
        return " ".join(told)


def _asked(ledger: Ledger) -> tuple[Book, dict[Holder, int]]:
    return read_book(ledger), budgets_of(ledger)


def sample(session: Session, parent: QWidget | None = None) -> VirementDialog:
    """The dialog filled in from the open ledger, to be looked at."""
    dialog = VirementDialog(session, parent)

    def fill(answer: tuple[Book, dict[Holder, int]]) -> None:
        holders = [holder for holder, pence in answer[1].items() if pence > 0]
        if len(holders) > 1:
            dialog.from_scheme.setText(holders[0][0])
            dialog.from_partner.setText(holders[0][1])
            dialog.to_scheme.setText(holders[-1][0])
            dialog.to_partner.setText(holders[-1][1])
            dialog.amount.setText("1,250.00")
            dialog.description.setText("Agreed by the Partnership Board")
            dialog.description.setCursorPosition(0)

    session.read(_asked, fill)
    return dialog
