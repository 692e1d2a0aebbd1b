"""The history beside the lines: shown or hidden, asked for as the person moves, and where its links lead."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from ledgers import Ledger
from ledgers.register_history import History, history_of
from ledgers.register_places import Places
from ui import links
from ui.jobs import Job

if TYPE_CHECKING:
    from ui.pages.register.page import LedgerPage

_KEPT = "register.panel"


class Beside:
    """The side panel of one page."""

    def __init__(self, page: "LedgerPage") -> None:
        """Shown if it was when the program was last used."""
        self._page = page
        self._panel = page.panel
        self._job: Job[Any] | None = None
        self._is_wanted = bool(page.session.kept(_KEPT, default=False))
        self._panel.line_wanted.connect(self._lead_to_line)
        self._panel.batch_wanted.connect(self._lead_to_batch)
        self.show_or_hide()

    # Whether it is to be seen

    def show_or_hide(self) -> None:
        """As the person wants it; groups have no history."""
        self._panel.setVisible(self._is_wanted and self._page.by is None)

    def open_line(self) -> None:
        """Show the history of the line that the person is at, and go there."""
        self.show(shown=True)
        self._panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle(self) -> None:
        """Show the history of the line that the person is at, or hide it."""
        focus = self._page.focusWidget()
        if focus is self._panel or self._panel.isAncestorOf(focus):
            self._page.table.setFocus()
        self.show(shown=not self._is_wanted)

    def show_line(self) -> None:
        """Show the history of the line that the person is at."""
        self.show(shown=True)

    def show(self, *, shown: bool) -> None:
        """Show or hide it; it stays so."""
        self._is_wanted = shown
        self._page.session.keep_for(_KEPT, shown)
        self.show_or_hide()
        self._page.doing.show_what_can_be_done()
        self.show_history()

    # What it says

    def show_history(self) -> None:
        """Ask for the history of the line that the person is at, if it is to be seen."""
        page = self._page
        if not self._panel.isVisibleTo(page):
            return
        if self._job is not None:
            self._job.drop()
        number = page.table.current_number() if page.session.opened is not None else None
        if number is None:
            self._panel.show_nothing()
        else:
            self._job = page.session.read(partial(_history, number=number), self._show)

    def _show(self, history: History | None) -> None:
        opened = self._page.session.opened
        if history is None or opened is None:
            self._panel.show_nothing()
        else:
            self._panel.show_history(history, self._page.names, opened.year)

    # Where it leads

    def _lead_to_line(self, number: int) -> None:
        """To another line, by a way that leads back: among the lines shown if it is there, and else among all."""
        ask = partial(_place_of, places=self._page.model.places, number=number)
        self._page.session.read(ask, partial(self._lead, number))

    def _lead(self, number: int, place: int | None) -> None:
        target = links.Lines(first=number) if place is None else self._page.place_at(number)
        self._page.follow(links.LEDGER, target)

    def _lead_to_batch(self, batch: int) -> None:
        number = self._page.table.current_number()
        self._page.follow(links.LEDGER, links.Lines(batch=batch, first=number, why=f"Lines of batch {batch}"))


def _history(ledger: Ledger, *, number: int) -> History | None:
    return history_of(ledger, number)


def _place_of(_ledger: Ledger, *, places: Places, number: int) -> int | None:
    return places.place_of(number)
