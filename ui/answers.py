"""The questions of a rule template as a form: what a person types or chooses, kept as the texts they are typed as."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rules.agreement import Agreement, By
from rules.template_questions import Asks, Option, Question, partners_asked
from rules.templates import Template
from ui.widgets import chars, lines, words

_ACROSS = 3  # partners side by side
_CLAUSES_SHOWN = 4


class AnswersForm(QWidget):
    """One field for each question of a template; those that the answers so far leave aside are hidden.

    `told` is what stands in it, as `Template.read` reads it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty, until it is to ask."""
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._inside: QWidget | None = None
        self._form = QFormLayout()
        self._fields: dict[str, _Field] = {}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        self._template: Template | None = None

    def ask(self, template: Template, agreement: Agreement, told: Mapping[str, Any] | None = None) -> None:
        """Ask what a template needs to know to go into an agreement; with what was told before, or its defaults."""
        self.clear()
        texts = {**template.told(agreement), **(told or {})}
        self._template = template
        self._inside = QWidget()
        self._form = QFormLayout(self._inside)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for question in template.questions:
            field = _FIELDS[question.asks](question, agreement)
            field.tell(texts[question.key])
            field.changed.connect(self._follow)
            label = QLabel(f"{question.title}:")
            label.setBuddy(field.first)
            self._form.addRow(label, _explained(field, question.explains))
            self._fields[question.key] = field
        self._layout.addWidget(self._inside)
        self._show_asked()

    def clear(self) -> None:
        """Ask nothing."""
        if self._inside is not None:
            self._layout.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside, self._template, self._fields = None, None, {}

    def told(self) -> dict[str, Any]:
        """What stands in the fields, those not asked now too: JSON."""
        return {key: field.told() for key, field in self._fields.items()}

    def field(self, key: str) -> QWidget:
        """The control that has the keyboard for a question, for tests and for a page that points at it."""
        return self._fields[key].first

    def controls(self) -> list[QWidget]:
        """Every control that has the keyboard, in the order of the questions."""
        return [control for field in self._fields.values() for control in field.controls()]

    @property
    def first_field(self) -> QWidget | None:
        """The control of the first question."""
        return next((field.first for field in self._fields.values()), None)

    def _follow(self) -> None:
        self._show_asked()
        self.changed.emit()

    def _show_asked(self) -> None:
        if self._template is None:
            return
        asked = self._template.asked(self.told())
        for row, question in enumerate(self._template.questions):
            self._form.setRowVisible(row, question in asked)


def _explained(field: QWidget, sentence: str) -> QWidget:
    """A field with a sentence under it, if there is one."""
    if not sentence:
        return field
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(field)
    column.addWidget(words(sentence))
    return both


class _Field(QWidget):
    """The control or controls for one answer."""

    changed = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self.first: QWidget = self
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def controls(self) -> list[QWidget]:
        return [self.first]

    def tell(self, told: Any) -> None:  # noqa: ANN401  a JSON value
        raise NotImplementedError

    def told(self) -> Any:  # noqa: ANN401  a JSON value
        raise NotImplementedError

    def _take(self, widget: QWidget) -> None:
        widget.setAccessibleName(self.question.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(widget)
        self.first = widget
        self.setFocusProxy(widget)


class _Choice(_Field):
    def __init__(self, question: Question, agreement: Agreement) -> None:
        super().__init__(question)
        self._options = question.options(agreement)
        self._box = option_box(self._options)
        self._take(self._box)
        self._box.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def tell(self, told: Any) -> None:  # noqa: ANN401  JSON
        choose(self._box, str(told))

    def told(self) -> str:
        return str(self._box.currentData() or "")


class _Text(_Field):
    def __init__(self, question: Question, _agreement: Agreement) -> None:
        super().__init__(question)
        self._edit = QLineEdit()
        self._take(self._edit)
        self._edit.textChanged.connect(lambda _text: self.changed.emit())

    def tell(self, told: Any) -> None:  # noqa: ANN401  JSON
        self._edit.setText(str(told))

    def told(self) -> str:
        return self._edit.text()


class _ByPartner(_Field):
    """A text for each partner, its code before it."""

    def __init__(self, question: Question, agreement: Agreement) -> None:
        super().__init__(question)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._edits: dict[str, QLineEdit] = {}
        for number, partner in enumerate(partners_asked(agreement)):
            edit = QLineEdit()
            edit.setAccessibleName(f"{question.title}: {partner.name}")
            edit.setMinimumWidth(chars(edit, 12))
            edit.textChanged.connect(lambda _text: self.changed.emit())
            label = QLabel(partner.code)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setToolTip(partner.name)
            grid.addWidget(label, number // _ACROSS, number % _ACROSS * 2)
            grid.addWidget(edit, number // _ACROSS, number % _ACROSS * 2 + 1)
            self._edits[partner.code] = edit
        grid.setColumnStretch(2 * _ACROSS, 1)
        self.first = next(iter(self._edits.values()), self)
        self.setFocusProxy(self.first)

    def controls(self) -> list[QWidget]:
        return list(self._edits.values())

    def tell(self, told: Any) -> None:  # noqa: ANN401  JSON
        for code, edit in self._edits.items():
            edit.setText(str(told.get(code, "")))

    def told(self) -> dict[str, str]:
        return {code: edit.text() for code, edit in self._edits.items()}


class _Share(_Field):
    """The basis and, of fixed shares, each partner's."""

    def __init__(self, question: Question, agreement: Agreement) -> None:
        super().__init__(question)
        options = question.options(agreement)
        self._box = option_box(options)
        self._box.setAccessibleName(question.title)
        self._weights = _ByPartner(question, agreement)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._box)
        column.addWidget(self._weights)
        self._box.setVisible(len(options) > 1)
        self.first = self._box if len(options) > 1 else self._weights.first
        self.setFocusProxy(self.first)
        self._box.currentIndexChanged.connect(self._follow)
        self._weights.changed.connect(self.changed)

    def controls(self) -> list[QWidget]:
        return [self._box, *self._weights.controls()]

    def tell(self, told: Any) -> None:  # noqa: ANN401  JSON
        choose(self._box, str(told.get("by", "")))
        self._weights.tell(told.get("weights", {}))
        self._weights.setVisible(self._box.currentData() == By.FIXED)

    def told(self) -> dict[str, Any]:
        return {"by": str(self._box.currentData() or ""), "weights": self._weights.told()}

    def _follow(self) -> None:
        self._weights.setVisible(self._box.currentData() == By.FIXED)
        self.changed.emit()


class _Clauses(_Field):
    def __init__(self, question: Question, agreement: Agreement) -> None:
        super().__init__(question)
        self._list = QListWidget()
        for option in question.options(agreement):
            item = QListWidgetItem(option.label)
            item.setToolTip(option.label)
            item.setData(Qt.ItemDataRole.UserRole, option.code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setMinimumHeight(lines(self._list, min(_CLAUSES_SHOWN, self._list.count()) + 1))
        self._list.setMaximumHeight(lines(self._list, 2 * _CLAUSES_SHOWN))
        self._take(self._list)
        self._list.itemChanged.connect(lambda _item: self.changed.emit())

    def tell(self, told: Any) -> None:  # noqa: ANN401  JSON
        for number in range(self._list.count()):
            item = self._list.item(number)
            chosen = item.data(Qt.ItemDataRole.UserRole) in told
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    def told(self) -> list[str]:
        items = (self._list.item(number) for number in range(self._list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked]


_FIELDS: dict[Asks, Callable[[Question, Agreement], _Field]] = {
    Asks.CHOICE: _Choice,
    Asks.TEXT: _Text,
    Asks.MONEY: _Text,
    Asks.LIMIT: _Text,
    Asks.PERCENT: _Text,
    Asks.LIMITS: _ByPartner,
    Asks.AMOUNTS: _ByPartner,
    Asks.SHARE: _Share,
    Asks.CLAUSES: _Clauses,
}


def option_box(options: tuple[Option, ...]) -> QComboBox:
    """A box to choose one of the options from. A long one does not widen the form."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    for option in options:
        box.addItem(option.label, option.code)
        box.setItemData(box.count() - 1, option.label, Qt.ItemDataRole.ToolTipRole)
    return box


def choose(box: QComboBox, code: str) -> None:
    """Choose the option of that code; none, if it is not there any more."""
    box.setCurrentIndex(next((row for row in range(box.count()) if box.itemData(row) == code), -1))
