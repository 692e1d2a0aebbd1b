"""The copies to work in that were taken here and not given back, as the first page lists them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.drafts import drafts_folder
from ui.pages.start.recent import ShortTable
from ui.widgets import SECTION, words

if TYPE_CHECKING:
    from ledgers.copies import Copy
    from ui.pages.start.copies import Out

HEADINGS = ("Copy of", "Where the ledger is", "Taken", "State")


def look_for_copies() -> "tuple[Out, ...]":
    """The copies there are. For a job; where none was ever taken, nothing more is loaded."""
    if not drafts_folder().with_name("copies").is_dir():
        return ()
    from ui.pages.start.copies import look_at_copies  # noqa: PLC0415  most people have none

    return look_at_copies()


class CopiesBox(QWidget):
    """Lists them. Enter opens the one selected; its menu gives it back, or lets it go."""

    chosen = Signal(object)
    to_give_back = Signal(object)
    to_discard = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hidden while there are none."""
        super().__init__(parent)
        self._out: tuple[Out, ...] = ()
        self.table = ShortTable("Copies to work in", HEADINGS, 1)
        self.table.chosen.connect(lambda row: self.chosen.emit(self._out[row].copy))
        self.table.add("&Open", None, lambda: self._tell(self.chosen))
        self.table.add("&Give it back…", "Ctrl+Return", lambda: self._tell(self.to_give_back))
        self.table.add("&Let it go…", "Del", lambda: self._tell(self.to_discard))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words("Copies to work in", SECTION))
        layout.addWidget(self.table)
        layout.addWidget(words("Enter opens the one selected, Ctrl+Enter gives it back, Delete lets it go."))
        self.hide()

    @property
    def selected(self) -> "Copy | None":
        """The copy that is stood on."""
        row = self.table.currentIndex().row()
        return self._out[row].copy if 0 <= row < len(self._out) else None

    def show_copies(self, out: "tuple[Out, ...]") -> None:
        """List these."""
        self._out = out
        if out:
            from ui.pages.start.copies import copies_grid  # noqa: PLC0415  most people have none

            self.table.show_grid(copies_grid(out))
        self.setVisible(bool(out))

    def _tell(self, signal: object) -> None:
        copy = self.selected
        if copy is not None:
            signal.emit(copy)  # type: ignore[attr-defined]  # a signal of this box
