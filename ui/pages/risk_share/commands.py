"""The page's commands: buttons in words, keys for them, and which can be pressed when."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui.flow import Flow
from ui.pages.risk_share.deeds import Deeds
from ui.pages.risk_share.fields import Chooser
from ui.widgets import button, labelled

_BEGINS = "Begin a draft: nothing in the ledger changes until it is put in force"


class Commands:
    """Two rows over the cards: which schedule is shown and what can be done with it; and, in a draft, with a clause."""

    def __init__(self, page: QWidget, cards: QWidget, deeds: Deeds, compare: Callable[[], object]) -> None:
        """`cards` is where the keys of a clause's commands work; `compare` shows the drafts side by side."""
        self._page, self._cards = page, cards
        self.schedule = Chooser("Schedule")
        self.change = button(
            "&Change the schedule", deeds.begin, tip="Begin a draft: nothing changes until it is put in force"
        )
        self.compare = button("Co&mpare drafts", compare)
        self.force = button("Put &in force…", deeds.force)
        self.more = QPushButton("M&ore")
        self.more.setAutoDefault(False)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.rename = self._entry("&Rename the draft…", deeds.rename)
        self.copy = self._entry("&Copy as another draft", deeds.copy)
        self.text = self._entry("Edit as &text…", deeds.edit_text)
        self.save = self._entry("&Save as an agreement file…", deeds.save)
        self.open = self._entry("&Open an agreement file as a draft…", deeds.open)
        self.menu.addSeparator()
        self.discard = self._entry("&Delete the draft…", deeds.discard)
        self.first_row = QWidget()
        across = Flow(self.first_row, across=8)
        for widget in (
            labelled("Sche&dule", self.schedule),
            self.schedule,
            self.change,
            self.compare,
            self.force,
            self.more,
        ):
            across.addWidget(widget)
        self.add = self._clause("&Add a clause…", deeds.add, "Ins")
        self.up = self._clause("Move &up", partial(deeds.move, -1), "Alt+Up")
        self.down = self._clause("Move dow&n", partial(deeds.move, 1), "Alt+Down")
        self.duplicate = self._clause("Duplicate", deeds.duplicate, "Ctrl+D")
        self.switch = self._clause("Disable", deeds.switch, "Ctrl+Shift+D")
        self.delete = self._clause("Delete", deeds.delete, "Del")
        self.undo = button("Undo", deeds.undo)
        self.redo = button("Redo", deeds.redo)
        self._keys(page, deeds.undo, "Ctrl+Z")
        self._keys(page, deeds.redo, "Ctrl+Y", "Ctrl+Shift+Z")
        self.second_row = QWidget()
        below = Flow(self.second_row, across=8)
        for each in (self.add, self.up, self.down, self.duplicate, self.switch, self.delete, self.undo, self.redo):
            below.addWidget(each)

    def show_draft(self, *, is_draft: bool, drafts: int) -> None:
        """What can be done with a draft, or with what is in force."""
        self.second_row.setVisible(is_draft)
        self.change.setVisible(not is_draft)
        self.force.setVisible(is_draft)
        self.compare.setEnabled(drafts > 0)
        self.compare.setToolTip("" if drafts else "Begin a draft first: it is compared with what is in force")
        for action in (self.rename, self.copy, self.text, self.save, self.discard):
            action.setEnabled(is_draft)

    def show_clause(self, *, place: int, count: int, enabled: bool, is_draft: bool) -> None:
        """What can be done with the clause that is chosen: it stands at a place of so many; -1 if none is chosen."""
        is_clause = is_draft and place >= 0
        for each in (self.duplicate, self.switch, self.delete):
            each.setEnabled(is_clause)
        self.up.setEnabled(is_clause and place > 0)
        self.down.setEnabled(is_clause and place < count - 1)
        self.switch.setText("Disable" if enabled else "Enable")

    def show_force(self, why_not: str) -> None:
        """Whether the draft can be put in force, and why it cannot."""
        self.force.setEnabled(not why_not)
        self.force.setToolTip(why_not)
        self.force.setAccessibleDescription(why_not)

    def show_undo(self, undo: str, redo: str) -> None:
        """What would be undone and done again, in words; "" where there is nothing."""
        for each, verb, text in ((self.undo, "Undo", undo), (self.redo, "Redo", redo)):
            each.setEnabled(bool(text))
            each.setToolTip(f"{verb}: {text}" if text else f"Nothing to {verb.lower()}")
            each.setAccessibleName(f"{verb}: {text}" if text else verb)

    def clause_menu(self) -> QMenu:
        """What can be done with a clause, as a menu on its card."""
        menu = QMenu(self._cards)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in (self.up, self.down, self.duplicate, self.switch, self.delete, self.add):
            entry = menu.addAction(each.text())
            entry.setEnabled(each.isEnabled())
            entry.triggered.connect(each.click)
        return menu

    def _entry(self, text: str, does: Callable[[], object]) -> QAction:
        entry = self.menu.addAction(text)
        entry.triggered.connect(lambda _checked=False: does())
        return entry

    def _clause(self, text: str, does: Callable[[], object], keys: str) -> QPushButton:
        """A button of the second row; its keys work while a card has the keyboard."""
        made = button(text, does, tip=keys)

        def press() -> None:
            if made.isEnabled() and made.isVisible():
                made.click()

        self._keys(self._cards, press, keys)
        return made

    @staticmethod
    def _keys(where: QWidget, does: Callable[[], object], *keys: str) -> None:
        action = QAction(where)
        action.setShortcuts([QKeySequence(each) for each in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: does())
        where.addAction(action)
