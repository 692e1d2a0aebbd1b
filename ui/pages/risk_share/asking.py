"""What a template asks, as fields: one for each question, with what it says about it, read when it is taken."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from rules.agreement import Agreement, By
from rules.template_form import Template
from rules.template_questions import Asks, Question, partners_asked
from ui.pages.risk_share.rows import Rows
from ui.widgets import chars, labelled, lines, words


class Asking(QWidget):
    """The questions of one template. `answers` are as typed, for `Template.read`."""

    def __init__(self, template: Template, agreement: Agreement) -> None:
        """With the answers as usual."""
        super().__init__()
        self._template, self._agreement = template, agreement
        self._told: dict[str, Any] = template.told(agreement)
        self._rows: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for question in template.questions:
            self._rows[question.key] = self._row(question)
            column.addWidget(self._rows[question.key])
        column.addStretch()
        self._show_asked()

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, by the questions' keys."""
        return dict(self._told)

    def _row(self, question: Question) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        field = self._field(question)
        column.addWidget(labelled(question.title, field))
        if question.explains:
            column.addWidget(words(question.explains))
        column.addWidget(field)
        return box

    def _field(self, question: Question) -> QWidget:
        told = self._told[question.key]
        match question.asks:
            case Asks.CHOICE:
                return self._choice(question, told, partial(self._take, question.key))
            case Asks.LIMITS | Asks.AMOUNTS:
                return self._by_partner(question, told, partial(self._take_of, question.key, ""))
            case Asks.SHARE:
                return self._share(question, told)
            case Asks.CLAUSES:
                return self._clauses(question, told)
        line = QLineEdit(told)
        line.setMinimumWidth(chars(self, 20))
        line.textEdited.connect(partial(self._take, question.key))
        return line

    def _choice(self, question: Question, code: str, take: Callable[[str], None]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(question.title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(16)
        for option in question.options(self._agreement):
            combo.addItem(option.label, option.code)
        combo.setCurrentIndex(combo.findData(code))
        combo.activated.connect(lambda _row: take(combo.currentData()))
        return combo

    def _by_partner(self, question: Question, told: dict[str, str], take: Callable[[str, str], None]) -> QWidget:
        box = QWidget()
        form = Rows(box)
        form.setContentsMargins(0, 0, 0, 0)
        for partner in partners_asked(self._agreement):
            line = QLineEdit(told.get(partner.code, ""))
            line.setAccessibleName(f"{question.title}: {partner.name}")
            line.textEdited.connect(partial(take, partner.code))
            label = labelled(f"{partner.name} ({partner.code})".replace("&", "&&"), line)
            label.setWordWrap(True)
            form.add(label, line)
        return box

    def _share(self, question: Question, told: dict[str, Any]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        weights = self._by_partner(question, told["weights"], partial(self._take_of, question.key, "weights"))

        def take(code: str) -> None:
            self._take(question.key, {**self._told[question.key], "by": code})
            weights.setVisible(code == By.FIXED)

        column.addWidget(self._choice(question, told["by"], take))
        column.addWidget(weights)
        weights.setVisible(told["by"] == By.FIXED)
        return box

    def _clauses(self, question: Question, told: list[str]) -> QListWidget:
        listed = QListWidget()
        for option in question.options(self._agreement):
            item = QListWidgetItem(option.label)
            item.setData(Qt.ItemDataRole.UserRole, option.code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if option.code in told else Qt.CheckState.Unchecked)
            listed.addItem(item)
        listed.setMaximumHeight(lines(self, min(max(listed.count(), 2), 6) + 1))

        def take() -> None:
            items = (listed.item(row) for row in range(listed.count()))
            ticked = [
                item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked
            ]
            self._take(question.key, ticked)

        listed.itemChanged.connect(lambda _item: take())
        return listed

    def _take(self, key: str, told: object) -> None:
        self._told[key] = told
        self._show_asked()

    def _take_of(self, key: str, inside: str, partner: str, text: str) -> None:
        """What was typed for one partner: of the answer itself or, of a share, of its weights."""
        if inside:
            self._told[key] = {**self._told[key], inside: {**self._told[key][inside], partner: text}}
        else:
            self._told[key] = {**self._told[key], partner: text}

    def _show_asked(self) -> None:
        asked = {question.key for question in self._template.asked(self._told)}
        for key, row in self._rows.items():
            row.setVisible(key in asked)
