"""Two short questions about a draft: its name, and whether it is to be deleted."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.dialogs import Dialog
from ui.failures import Failure
from ui.widgets import chars, labelled, lines


class NamingDialog(Dialog):
    """Asks for a draft's name. `named` is called with it."""

    def __init__(self, name: str, taken: tuple[str, ...], named: Callable[[str], None], parent: QWidget | None) -> None:
        """`taken` are the names of the other drafts."""
        super().__init__("Name the draft", "&Name it", parent)
        self._taken, self._named = taken, named
        self.name = QLineEdit(name)
        self.name.setMinimumWidth(chars(self, 40))
        self.name.selectAll()
        self.body.addWidget(labelled("Na&me of the draft", self.name))
        self.body.addWidget(self.name)
        self.body.addStretch()
        self.name.setFocus()
        self.fit()

    def act(self) -> None:
        """Name it, if the name can be told from the others."""
        name = " ".join(self.name.text().split())
        if not name:
            self.say_failure(Failure("Write a name, so that it can be told from the others.", ""), "The name is empty")
        elif name in self._taken:
            self.say_failure(Failure("Write another one.", ""), f"There is a draft named {name} already")
        else:
            self._named(name)
            self.accept()


class DiscardDialog(Dialog):
    """Asks whether a draft is to be deleted: that cannot be undone."""

    def __init__(self, name: str, discarded: Callable[[str], None], parent: QWidget | None) -> None:
        """`discarded` is called with its name."""
        explains = "The draft and what could be undone in it are gone then. Nothing in the ledger changes."
        super().__init__(f"Delete the draft “{name}”?", "&Delete it", parent, explains=explains)
        self._name, self._discarded = name, discarded
        self.setMinimumWidth(chars(self, 64))
        self.setMinimumHeight(lines(self, 11))  # there is no content to take the room from where words wrap
        self.fit()

    def act(self) -> None:
        """Delete it."""
        self._discarded(self._name)
        self.accept()
