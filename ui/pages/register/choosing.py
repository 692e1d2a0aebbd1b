"""Dialogs that ask which lines are to be shown: a choice of schemes and the like, a range of amounts, a number."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from rules.money import pence_of, plain
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.widgets import button, chars, labelled, lines, row, words

_VALUE = Qt.ItemDataRole.UserRole
_LONGEST_NUMBER = 18


class ChooseDialog(Dialog):
    """Asks which of several: each with its tick, and a field that finds them by a part of their name."""

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[Any, str]],
        chosen: Sequence[Any],
        done: Callable[[tuple[Any, ...]], None],
        parent: QWidget | None = None,
        *,
        is_one: bool = False,
    ) -> None:
        """`choices` are values with their words; `done` is given those that were ticked, in that order.

        `is_one`: no more than one can be ticked.
        """
        explains = (
            "Tick one, or none to show all." if is_one else "Tick what to show. With nothing ticked, all is shown."
        )
        super().__init__(title, "&Show these", parent, explains=explains)
        self._done = done
        self._is_one = is_one
        self.looked_for = QLineEdit()
        self.looked_for.setClearButtonEnabled(True)
        self.looked_for.setPlaceholderText("Part of a name or code")
        self.looked_for.textChanged.connect(self._narrow)
        self.list = QListWidget()
        self.list.setAccessibleName(title.replace("&", ""))
        self.list.setMinimumSize(chars(self, 50), lines(self, 12))
        for value, text in choices:
            item = QListWidgetItem(text)
            item.setData(_VALUE, value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if value in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemActivated.connect(_turn)
        self.list.itemChanged.connect(self._keep_to_one)
        self.none = words("Nothing has that in its name.")
        self.none.hide()
        self.tick_all = button("Tick &all that are listed", lambda: self._tick(Qt.CheckState.Checked))
        self.tick_none = button("&Untick all", lambda: self._tick(Qt.CheckState.Unchecked))
        if choices:
            self.list.setCurrentRow(0)
        self.body.addWidget(labelled("&Find", self.looked_for))
        self.body.addWidget(self.looked_for)
        self.body.addWidget(self.list, stretch=1)
        self.body.addWidget(self.none)
        self.tick_all.setVisible(not is_one)
        self.body.addLayout(row(self.tick_all, self.tick_none))
        self.fit()

    def act(self) -> None:
        """Have what is ticked shown."""
        items = [self.list.item(number) for number in range(self.list.count())]
        self.accept()
        self._done(tuple(item.data(_VALUE) for item in items if item.checkState() is Qt.CheckState.Checked))

    def _narrow(self, text: str) -> None:
        found = 0
        for number in range(self.list.count()):
            item = self.list.item(number)
            has = text.strip().lower() in item.text().lower()
            item.setHidden(not has)
            found += has
        self.none.setVisible(not found)

    def _keep_to_one(self, changed: QListWidgetItem) -> None:
        if not self._is_one or changed.checkState() is not Qt.CheckState.Checked:
            return
        for number in range(self.list.count()):
            item = self.list.item(number)
            if item is not changed:
                item.setCheckState(Qt.CheckState.Unchecked)

    def _tick(self, state: Qt.CheckState) -> None:
        for number in range(self.list.count()):
            item = self.list.item(number)
            if state is Qt.CheckState.Unchecked or not item.isHidden():
                item.setCheckState(state)


def _turn(item: QListWidgetItem) -> None:
    ticked = item.checkState() is Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)


class AmountDialog(Dialog):
    """Asks for a range of amounts."""

    def __init__(
        self,
        least_pence: int | None,
        most_pence: int | None,
        done: Callable[[int | None, int | None], None],
        parent: QWidget | None = None,
    ) -> None:
        """With the range that holds now; `done` is given the new one."""
        explains = "Lines from one amount to another, both included. Leave a field empty for no limit."
        super().__init__("Only amounts from … to …", "&Show these", parent, explains=explains)
        self._done = done
        self.least, self.most = QLineEdit(), QLineEdit()
        form = QFormLayout()
        for text, field, pence in (("At &least", self.least, least_pence), ("At &most", self.most, most_pence)):
            field.setPlaceholderText("such as 1,234.56 or (500.00)")
            field.setMinimumWidth(chars(self, 30))
            field.setText("" if pence is None else plain(pence))
            form.addRow(labelled(text, field), field)
        self.body.addLayout(form)
        self.fit()

    def act(self) -> None:
        """Have the range shown, if both ends are amounts and in order."""
        found: list[int | None] = []
        for field in (self.least, self.most):
            try:
                found.append(pence_of(field.text()) if field.text().strip() else None)
            except ValueError as error:
                field.setFocus()
                self.say_failure(Failure(str(error).capitalize() if str(error)[:1].islower() else str(error), ""))
                return
        least, most = found
        if least is not None and most is not None and least > most:
            self.least.setFocus()
            self.say_failure(Failure("The lower amount is above the higher one. Change one of them.", ""))
            return
        self.accept()
        self._done(least, most)


class _Continued(QLineEdit):
    """A field that was begun to be typed in: nothing is selected when the keyboard comes to it, typing goes on."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """At the end of what is there."""
        super().focusInEvent(event)
        self.end(False)  # noqa: FBT003  Qt's


class GoToDialog(Dialog):
    """Asks for the number of a line to go to."""

    def __init__(self, typed: str, last: int, done: Callable[[int], None], parent: QWidget | None = None) -> None:
        """`typed` is what of it was typed already; `last` the highest number there is."""
        super().__init__("Go to a line", "&Go", parent, explains=f"Lines are numbered up to {last:,}.")
        self._done = done
        self.number = _Continued(typed)
        self.number.setMaxLength(_LONGEST_NUMBER)
        self.number.setMinimumWidth(chars(self, 24))
        form = QFormLayout()
        form.addRow(labelled("Line &number", self.number), self.number)
        self.body.addLayout(form)
        self.fit()
        self.number.setFocus()

    def act(self) -> None:
        """Go there."""
        told = self.number.text().replace(",", "").strip()
        if not told.isdecimal() or not told.isascii():
            self.number.setFocus()
            self.say_failure(Failure("Give the number of a line, in digits.", ""))
            return
        self.accept()
        self._done(int(told))
