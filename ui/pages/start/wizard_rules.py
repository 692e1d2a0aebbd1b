"""The risk share of a new ledger: templates chosen in order, what each needs to know, and the clauses they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rules.agreement import Agreement
from rules.templates import TEMPLATE_OF, TEMPLATES
from settlement.new_ledger import Content, Rule, Step
from settlement.new_ledger_found import Review, RuleReview, Trouble
from ui.answers import AnswersForm
from ui.pages.start.wizard_steps import StepPart, colour
from ui.theme import meanings
from ui.widgets import button, chars, labelled, lines, row, words


@dataclass(slots=True)
class _Chosen:
    """A template that was chosen, what was typed for it, and what the last review made of it."""

    template: str
    told: dict[str, Any] = field(default_factory=dict)
    seen: RuleReview | None = None


class RulesStep(StepPart):
    """Templates are added from the box; the chosen ones are in a list, in the order of the schedule."""

    step = Step.RISK_SHARE

    def __init__(self) -> None:
        """With nothing chosen."""
        super().__init__(
            "Risk share",
            "Choose the rules that the partners agreed, in the order in which they apply. Each is a template: answer "
            "what it asks, and read beside it what the agreement will say.",
        )
        self._chosen: list[_Chosen] = []
        self._agreement: Agreement | None = None
        self._asked_in: tuple[str, Agreement] | None = None
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(16)
        for template in TEMPLATES:
            self.box.addItem(template.title, template.key)
        self.sentence = words()
        self.add = button("&Add this rule", self._add)
        self.list = QListWidget()
        self.list.setAccessibleName("Rules chosen, in order")
        self.list.setMinimumHeight(lines(self.list, 4))
        self.up = button("Up", lambda: self._move(-1), name="Move the rule up")
        self.down = button("Down", lambda: self._move(1), name="Move the rule down")
        self.out = button("Take o&ut", self._take_out, name="Take the rule out")
        self.form = AnswersForm()
        self.will_say = words("What the agreement will say", 1.1)
        self.says = words()
        self.says.setAccessibleName("What the agreement will say")
        self.gaps = words()
        self.gaps.setAccessibleName("What no clause is about")
        self._lay_out()
        self.box.currentIndexChanged.connect(lambda _row: self._describe())
        self.list.currentRowChanged.connect(lambda _row: self._ask())
        self.form.changed.connect(self._answered)
        self._describe()
        self._show()

    def _lay_out(self) -> None:
        left = QWidget()
        down = QVBoxLayout(left)
        down.setContentsMargins(0, 0, 0, 0)
        down.addWidget(labelled("&Rule to add", self.box))
        down.addWidget(self.box)
        down.addWidget(self.sentence)
        down.addLayout(row(self.add))
        down.addWidget(QLabel("Chosen, in order"))
        down.addWidget(self.list, stretch=1)
        down.addLayout(row(self.up, self.down, self.out))
        left.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        left.setMinimumWidth(chars(self, 26))
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        self.about = words("", 1.1)
        beside.addWidget(self.about)
        beside.addWidget(self.form)
        beside.addSpacing(lines(self, 1) // 2)
        beside.addWidget(self.will_say)
        beside.addWidget(self.says)
        beside.addStretch(1)
        across = QHBoxLayout()
        across.addWidget(left, 2)
        across.addSpacing(chars(self, 2))
        across.addWidget(right, 4)
        self.column.addLayout(across, stretch=1)
        self.column.addWidget(self.gaps)
        self.end()

    # The content

    def show_content(self, content: Content) -> None:
        """What was chosen."""
        self._chosen = [
            _Chosen(rule.template, dict(rule.told)) for rule in content.rules if rule.template in TEMPLATE_OF
        ]
        self._fill(0)

    def told(self) -> dict[str, Any]:
        """What is chosen."""
        return {"rules": tuple(Rule(each.template, each.told) for each in self._chosen)}

    def show_review(self, review: Review) -> None:
        """What the templates make of the agreement, and what they say nothing of."""
        super().show_review(review)
        self._agreement = next((each.before for each in review.rules), None) or review.agreement
        for each, seen in zip(self._chosen, review.rules, strict=False):
            each.seen = seen
        lacks = [note for note in review.notes if note.startswith("No clause")]
        self.gaps.setText("\n".join(f"⚠ {lack}" for lack in lacks))
        colour(self.gaps, meanings().caution)
        self.gaps.setVisible(bool(lacks))
        self._describe()
        self._show_sentences()

    def follow_codes(self, changes: Mapping[str, str]) -> None:
        """Have answers that name a partner, fund or scheme by its code follow when that changes."""
        for each in self._chosen:
            each.told = _renamed(each.told, changes)
        self._asked_in = None

    def first(self) -> QWidget:
        """The box of templates."""
        return self.box

    def go_to(self, trouble: Trouble) -> None:
        """The rule."""
        self.list.setCurrentRow(trouble.row or 0)
        (self.form.first_field or self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def sentence_of(self, trouble: Trouble) -> str:
        """It names the rule itself."""
        return f"{trouble.message.rstrip('.')}."

    # What a person does

    def _describe(self) -> None:
        template = TEMPLATE_OF[self.box.currentData()]
        why_not = "" if self._agreement is None else template.why_not(self._last_agreement())
        if self._agreement is None:
            why_not = "Rules can be chosen once the steps before this one hold together."
        self.sentence.setText(f"{template.sentence}{f' {why_not}' if why_not else ''}")
        self.add.setEnabled(not why_not)
        self.add.setToolTip(why_not)

    def _last_agreement(self) -> Agreement:
        """What the next template would be put into, as far as it is known."""
        assert self._agreement is not None  # noqa: S101  asked before
        return self._whole or self._agreement

    @property
    def _whole(self) -> Agreement | None:
        seen = [each.seen.before for each in self._chosen if each.seen is not None]
        return seen[-1] if seen else None

    def _add(self) -> None:
        self._chosen.append(_Chosen(self.box.currentData()))
        self._fill(len(self._chosen) - 1)
        self.edited.emit()

    def _take_out(self) -> None:
        place = self.list.currentRow()
        if place >= 0:
            del self._chosen[place]
            self._fill(min(place, len(self._chosen) - 1))
            self.edited.emit()

    def _move(self, by: int) -> None:
        place, there = self.list.currentRow(), self.list.currentRow() + by
        if 0 <= there < len(self._chosen):
            self._chosen[place], self._chosen[there] = self._chosen[there], self._chosen[place]
            self._fill(there)
            self.edited.emit()

    def _answered(self) -> None:
        place = self.list.currentRow()
        if place >= 0:
            self._chosen[place].told = self.form.told()
            self.edited.emit()

    # How it is shown

    def _fill(self, place: int) -> None:
        self.list.blockSignals(True)  # noqa: FBT003  Qt's
        self.list.clear()
        for number, each in enumerate(self._chosen, 1):
            self.list.addItem(QListWidgetItem(f"{number}. {TEMPLATE_OF[each.template].title}"))
        self.list.setCurrentRow(place)
        self.list.blockSignals(False)  # noqa: FBT003  Qt's
        self._asked_in = None
        self._ask()

    def _current(self) -> _Chosen | None:
        place = self.list.currentRow()
        return self._chosen[place] if 0 <= place < len(self._chosen) else None

    def _ask(self) -> None:
        """The form of the rule that is selected."""
        chosen = self._current()
        self.form.clear()
        self._asked_in = None
        if chosen is not None:
            self.about.setText(TEMPLATE_OF[chosen.template].title)
        self._show()
        self._show_sentences()

    def _show_sentences(self) -> None:
        chosen = self._current()
        if chosen is None:
            self.says.setText("")
            return
        before = chosen.seen.before if chosen.seen is not None else None
        if before is not None and self._asked_in != (chosen.template, before):
            # the choices follow the agreement; what was typed stays as it was
            had_focus = self.form.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
            self.form.ask(TEMPLATE_OF[chosen.template], before, chosen.told)
            self._asked_in = (chosen.template, before)
            # made anew, the fields would come after the dialog's buttons
            for one, following in pairwise([self.out, *self.form.controls()]):
                self.setTabOrder(one, following)
            if had_focus and self.form.first_field is not None:
                self.form.first_field.setFocus(Qt.FocusReason.OtherFocusReason)
        if chosen.seen is None:
            self.says.setText("")
        elif chosen.seen.trouble:
            self.says.setText(f"⚠ {chosen.seen.trouble}")
        else:
            self.says.setText("\n".join(chosen.seen.sentences))

    def _show(self) -> None:
        place = self.list.currentRow()
        has = bool(self._chosen)
        self.about.setVisible(has)
        self.form.setVisible(has)
        self.will_say.setVisible(has)
        self.says.setVisible(has)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < len(self._chosen) - 1)
        self.out.setEnabled(place >= 0)


def _renamed(told: Any, changes: Mapping[str, str]) -> Any:  # noqa: ANN401  JSON in and out
    """The answers with codes changed, wherever they stand: as keys, alone, or after a colon (`partner:LBB`)."""
    if isinstance(told, dict):
        return {changes.get(key, key): _renamed(value, changes) for key, value in told.items()}
    if isinstance(told, list):
        return [_renamed(each, changes) for each in told]
    word, colon, code = str(told).partition(":")
    return f"{word}:{changes.get(code, code)}" if colon else changes.get(told, told)
