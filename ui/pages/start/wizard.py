"""The wizard of a new ledger: seven steps, forward and back at will, kept as a draft as it is typed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from settlement.new_ledger import (
    FUND_COLUMNS,
    PARTNER_COLUMNS,
    SCHEME_COLUMNS,
    Content,
    Planned,
    Step,
    from_json,
    make_ledger,
    to_json,
)
from settlement.new_ledger_found import Review, Trouble
from settlement.new_ledger_review import review
from ui.banners import Banner, Tone
from ui.dialogs import Dialog
from ui.drafts import find_draft, forget_draft, keep_draft
from ui.jobs import Job
from ui.pages.start.wizard_check import STEP_NAMES, CheckStep
from ui.pages.start.wizard_rules import RulesStep
from ui.pages.start.wizard_steps import (
    AgreementStep,
    ContributionsStep,
    StepPart,
    codes_in,
    funds_step,
    partners_step,
    schemes_step,
)
from ui.session import Session
from ui.widgets import button, chars, lines, row

DRAFT = ("", "new-ledger")
"""Whose draft it is, and of what kind: of no ledger yet."""

_SOON = 60  # milliseconds after a key, so that a pasted block is looked at once
_SIZE = QSize(160, 42)  # characters and lines
_STEPS_WIDTH = 22


class NewLedgerDialog(Dialog):
    """Seven steps. Every change is looked at off the thread of the window: what is wrong, the sentences, the totals."""

    made = Signal(str)
    """The ledger's file: it is made, and closed again."""

    def __init__(self, session: Session, parent: QWidget | None = None, content: Content | None = None) -> None:
        """With what was kept from before; or with `content`, of which no draft is kept."""
        super().__init__("New ledger", "&Next", parent)
        self._session = session
        self._keeps = content is None
        self._looking: Job[Review] | None = None
        self._review: Review | None = None
        self._codes: dict[Step, dict[str, str]] = {}
        self._makes_when_looked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON)
        self._timer.timeout.connect(self._look)
        self.kept_note = Banner(Tone.NOTE, "Kept from before")
        self.parts = self._make_parts()
        self.steps = QListWidget()
        self.steps.setAccessibleName("Steps")
        self.steps.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # by keyboard: Back and Next
        self.stack = QStackedWidget()
        self._lay_out()
        kept = from_json(find_draft(*DRAFT)) if self._keeps else content or Content()
        self.show_content(kept)
        if self._keeps and kept != Content():
            self.kept_note.say("What you typed before is here again.")
        self.fit()

    def _make_parts(self) -> tuple[StepPart, ...]:
        self.agreement = AgreementStep()
        self.partners = partners_step()
        self.funds = funds_step(partial(self._codes_of, Step.PARTNERS))
        self.schemes = schemes_step(partial(self._codes_of, Step.PARTNERS), partial(self._codes_of, Step.FUNDS))
        self.contributions = ContributionsStep()
        self.rules = RulesStep()
        self.check = CheckStep(self._session.preferences.ledgers_folder, self._sentence_of)
        return (
            self.agreement,
            self.partners,
            self.funds,
            self.schemes,
            self.contributions,
            self.rules,
            self.check,
        )

    def _lay_out(self) -> None:
        for part in self.parts:
            item = QListWidgetItem()
            item.setSizeHint(QSize(0, lines(self, 2) + lines(self, 1) // 2))
            self.steps.addItem(item)
            self.stack.addWidget(_scrolling(part))
            part.edited.connect(self._changed)
            part.finished.connect(self.go_on)
        self.steps.setFixedWidth(chars(self, _STEPS_WIDTH))
        self.steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.steps.currentRowChanged.connect(self._show_step)
        self.check.wanted.connect(self._mend)
        self.afresh = button("Start &afresh", self._start_afresh, name="Forget what was kept and start afresh")
        across = QHBoxLayout()
        across.addWidget(self.steps)
        across.addSpacing(chars(self, 1))
        across.addWidget(self.stack, stretch=1)
        top = QVBoxLayout()
        top.addWidget(self.kept_note)
        top.addLayout(row(self.afresh))
        self.body.addLayout(top)
        self.body.addLayout(across, stretch=1)
        self.back = self.buttons.addButton("&Back", QDialogButtonBox.ButtonRole.ResetRole)
        self.back.setAutoDefault(False)
        self.back.clicked.connect(lambda _checked=False: self._go(self.steps.currentRow() - 1))
        closes = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        closes.setText("Close")
        closes.setToolTip("What was typed is kept, and is here again the next time.")
        on = QAction("Next step", self)
        on.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        on.triggered.connect(lambda _checked=False: self._act())
        self.addAction(on)
        self.does.setToolTip("Ctrl+Enter")

    def fit(self) -> None:
        """Large enough for a sheet, never larger than the screen."""
        wanted = QSize(chars(self, _SIZE.width()), lines(self, _SIZE.height()))
        self.resize(wanted.boundedTo(self._available()))

    # The content

    def content(self) -> Content:
        """All that is typed now."""
        told: dict[str, Any] = {}
        for part in self.parts:
            told.update(part.told())
        return Content(**told)

    def show_content(self, content: Content) -> None:
        """Show this in place of what was typed."""
        for part in self.parts:
            part.was_left = False
            part.show_content(content)
        self._codes = {}
        self.afresh.setVisible(self._keeps and content != Content())
        self._go(0)
        self._look()

    def _start_afresh(self) -> None:
        forget_draft(*DRAFT)
        self.kept_note.hide()
        self.show_content(Content())

    def _changed(self) -> None:
        self._timer.start()

    @property
    def is_looking(self) -> bool:
        """Whether something was typed that has not been looked at yet."""
        return self._timer.isActive() or self._looking is not None

    def _look(self) -> None:
        """Have what is typed looked at, and kept."""
        self._timer.stop()
        if self._looking is not None:
            self._looking.drop()
        content = self.content()
        self.check.follow(content)
        path = self.check.path

        def work(_job: Job[Review]) -> Review:
            if self._keeps:
                self._keep(content)
            return _with_file(review(content), path)

        self._looking = self._session.reads.start(work, partial(self._show_review, content), self.say_failure)

    @staticmethod
    def _keep(content: Content) -> None:
        """Keep the draft, unless there is nothing in it but what stands there at first."""
        if content != replace(Content(), year=content.year):
            keep_draft(*DRAFT, to_json(content))

    def _show_review(self, content: Content, found: Review) -> None:
        self._looking = None
        self._review = found
        if self._follow_codes(content, found):
            self._look()
            return
        for part in self.parts:
            part.show_review(found)
        self._name_steps(found)
        here: QWidget | None = self.focusWidget()
        if self.isVisible() and not (here and here.isVisible()):
            self.parts[self.steps.currentRow()].first().setFocus(Qt.FocusReason.OtherFocusReason)
        if self._makes_when_looked:
            self._makes_when_looked = False
            self._make()

    def _follow_codes(self, content: Content, found: Review) -> bool:
        """Have what names a partner or a fund by its code follow when that changes; whether anything had to."""
        now = {
            Step.PARTNERS: codes_in(content.partners, PARTNER_COLUMNS, found, Step.PARTNERS),
            Step.FUNDS: codes_in(content.funds, FUND_COLUMNS, found, Step.FUNDS),
            Step.SCHEMES: codes_in(content.schemes, SCHEME_COLUMNS, found, Step.SCHEMES),
        }
        before, self._codes = self._codes, now
        changes = {step: _changed(before.get(step, {}), codes) for step, codes in now.items()}
        partners, funds = changes[Step.PARTNERS], changes[Step.FUNDS]
        if not any(changes.values()):
            return False
        self.partners.model.replace_texts(partners, ("succeeds",))
        self.funds.model.replace_texts(partners, ("host",))
        self.schemes.model.replace_texts(partners, ("lead", "responsible"))
        self.schemes.model.replace_texts(funds, ("fund",))
        self.rules.follow_codes({**partners, **funds, **changes[Step.SCHEMES]})
        return True

    def _codes_of(self, step: Step) -> tuple[str, ...]:
        return tuple(self._codes.get(step, {}).values())

    # From step to step

    def act(self) -> None:
        """On to the next step; from the last, make the ledger."""
        if self.steps.currentRow() < len(self.parts) - 1:
            self._go(self.steps.currentRow() + 1)
        elif self.is_looking:
            self._makes_when_looked = True
        else:
            self._make()

    def go_on(self) -> None:
        """The step is done with."""
        self._act()

    def go_to_step(self, place: int) -> None:
        """Show a step, the first being 0."""
        self._go(place)

    def _go(self, place: int) -> None:
        place = max(0, min(place, len(self.parts) - 1))
        if place == self.steps.currentRow():
            self._show_step(place)
        else:
            self.steps.setCurrentRow(place)
        part = self.parts[place]
        part.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_step(self, place: int) -> None:
        left = self.stack.currentIndex()
        if left != place:
            self.parts[left].was_left = True
        if place == len(self.parts) - 1:
            for part in self.parts:
                part.was_left = True
        self.stack.setCurrentIndex(place)
        self.back.setEnabled(place > 0)
        is_last = place == len(self.parts) - 1
        self.does.setText("&Make the ledger" if is_last else "&Next")
        if self._review is not None:
            for part in self.parts:
                part.show_review(self._review)
            self._name_steps(self._review)

    def _mend(self, trouble: Trouble) -> None:
        place = next(number for number, part in enumerate(self.parts) if part.step is trouble.step)
        self._go(place)
        self.parts[place].go_to(trouble)

    def _sentence_of(self, trouble: Trouble) -> str:
        part = next(part for part in self.parts if part.step is trouble.step)
        return part.sentence_of(trouble)

    def _name_steps(self, found: Review) -> None:
        for number, part in enumerate(self.parts):
            wrong = sum(each.step is part.step for each in found.troubles) if part.was_left else 0
            name = f"{number + 1}. {STEP_NAMES[part.step]}"
            self.steps.item(number).setText(f"{name}\n     ⚠ {wrong} to mend" if wrong else name)

    # Making it

    def _make(self) -> None:
        found = self._review
        if found is None or found.planned is None:
            heading = "The ledger cannot be made yet"
            self.say_problem(heading, "Mend what is listed first: press Enter on a line to go to it.")
            self.check.first().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.working(
            self._session.writes.start(
                partial(_make, self.check.path, found.planned),
                self._made,
                partial(self.say_failure, heading="The ledger was not made"),
            )
        )

    def _made(self, path: Path) -> None:
        if self._keeps:
            forget_draft(*DRAFT)
        self._timer.stop()
        self.accept()
        self.made.emit(str(path))

    def done(self, result: int) -> None:
        """Close; what was typed last is kept first, unless the ledger is made."""
        self._timer.stop()
        if self._looking is not None:
            self._looking.drop()
            self._looking = None
        if self._keeps and result != int(NewLedgerDialog.DialogCode.Accepted):
            self._keep(self.content())
        super().done(result)


def _scrolling(part: QWidget) -> QScrollArea:
    """A step that scrolls by itself where it is larger than the room for it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(part)
    return area


def _make(path: Path, planned: Planned, _job: Job[Path]) -> Path:
    return make_ledger(path, planned)


def _with_file(found: Review, path: Path) -> Review:
    """What is wrong with the file besides: it is never overwritten."""
    message = ""
    if path.exists():
        message = f"there is a file {path} already, and it is never overwritten; choose another name"
    if not message:
        return found
    return replace(found, troubles=(*found.troubles, Trouble(Step.CHECK, message, column="file")), planned=None)


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    return {code: now[key] for key, code in before.items() if key in now and now[key] != code}
