"""The Ledger page: the register of lines, and what is done with them. Entering and importing are `ui.entering`'s."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QDialog, QWidget

from ledgers import Ledger
from ledgers.register import By, Filter, Sort, Sums, Totals
from ledgers.register_places import Ends, Places, Run
from ui import links
from ui.failures import Failure
from ui.jobs import Job
from ui.page import Page
from ui.pages.register.arranging import Arrangement, Arranger
from ui.pages.register.beside import Beside
from ui.pages.register.columns import Names
from ui.pages.register.doing import Doing
from ui.pages.register.filter_words import filter_of
from ui.pages.register.groups import narrowed
from ui.pages.register.laying_out import Parts
from ui.pages.register.model import RegisterModel, Windows
from ui.pages.register.narrowing import Narrowing
from ui.pages.register.totals import Adder
from ui.session import Session

_COLUMNS = "register.columns"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the page the person is: which lines, in which order, grouped by what, at which line, and why."""

    wanted: Filter
    sort: Sort
    by: By | None
    number: int | None
    why: str


class LedgerPage(Page):
    """Shows the lines of the open ledger."""

    key: ClassVar[str] = links.LEDGER
    title: ClassVar[str] = "Ledger"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without lines until it is shown."""
        super().__init__(session, parent)
        # a line stands whatever period the other pages look at
        session.view_changed.disconnect(self.freshen)
        self.wanted, self.sort = Filter(), Sort()
        self.by: By | None = None
        self._why = ""
        self._to_select: int | None = None
        self._is_asked_for = False
        self._is_ready_to_search = False
        self._is_entering = False
        self._shown_pence: Sums | None = None
        self._asked: Job[Any] | None = None
        self.names = Names()
        self.model = RegisterModel(session, self)
        self.arranger = Arranger(session, self)
        self.adder = Adder(session, self)
        self.parts = Parts(self)
        self.table, self.groups, self.panel = self.parts.table, self.parts.groups, self.parts.panel
        self.filters, self.totals = self.parts.filters, self.parts.totals
        self.doing = Doing(self)
        self.narrowing = Narrowing(self)
        self.table.restore_columns(session.kept(_COLUMNS))
        self.beside = Beside(self)
        self._connect()

    def _connect(self) -> None:
        self.arranger.began.connect(self._show_began)
        self.arranger.more.connect(self._show_more)
        self.arranger.finished.connect(self._show_finished)
        self.arranger.failed.connect(self._show_failure)
        self.model.gap_found.connect(self._mind_the_gap)
        self.adder.shown_added.connect(self._show_totals)
        self.adder.selected_added.connect(self._show_selected)
        self.filters.changed.connect(self.show_only)
        self.filters.sorted.connect(self.sort_by)
        self.filters.grouped.connect(self.group_by)
        self.filters.left.connect(lambda: self._shown_view().setFocus())
        self.table.sort_wanted.connect(self.sort_by)
        self.table.opened.connect(self.beside.open_line)
        self.table.columns_changed.connect(lambda: self.session.keep_for(_COLUMNS, self.table.kept_columns()))
        self.table.chosen_changed.connect(self._show_chosen)
        self.model.fetched.connect(self.doing.show_what_can_be_done)
        self.groups.opened.connect(self._open_group)

    # A page of the window

    def first_focus(self) -> QWidget:
        """The lines; the grid, if it was asked for to enter some."""
        grid = self.doing.grid if self._is_entering else None
        return self._shown_view() if grid is None else grid

    def forget(self) -> None:
        """Another ledger has other lines: nothing of the one before is left, not even what was looked for."""
        self.arranger.drop()
        self.adder.drop()
        self.groups.drop()
        self.model.show_places(Run(1, 0), Names())
        self.wanted, self.sort, self.by, self._why, self._to_select = Filter(), Sort(), None, "", None
        self.parts.failure.hide()
        self.parts.note.hide()
        self.panel.show_nothing()
        self._is_ready_to_search = False
        self.doing.forget()

    def refresh(self) -> None:
        """Ask for the lines anew, and come back to the line that the person is at."""
        self.doing.show_what_can_be_done()
        if self.session.opened is None:
            return
        if self._to_select is None:
            self._to_select = self.table.current_number()
        self._arrange()

    def visit(self, target: object) -> None:
        """Show the lines that a link is about, or what `place` gave out; or begin to do something."""
        self._is_entering = isinstance(target, links.Entry)
        match target:
            case links.Lines():
                self.parts.note.hide()
                self._why, self._to_select, self.by = target.why, target.first, None
                self._is_asked_for = target.first is not None
                self.wanted = filter_of(target)
                self._ask_when_shown()
            case Place() if self._is_shown(target):
                if target.number is not None:
                    self.go_to_line(target.number)
            case Place():
                self._why, self._to_select = target.why, target.number
                self.wanted, self.sort, self.by = target.wanted, target.sort, target.by
                self._ask_when_shown()
            case links.Entry():
                self.doing.begin(target)

    def _is_shown(self, place: Place) -> bool:
        """Whether it is on the page that is on screen: then nothing has to be worked out again."""
        shown = (self.wanted, self.sort, self.by, self._why)
        return self.isVisible() and shown == (place.wanted, place.sort, place.by, place.why)

    def place(self) -> Place:
        """Which lines are shown, and at which of them the person is."""
        number = self.table.current_number()
        return self.place_at(self._to_select if number is None else number)

    def place_at(self, number: int | None) -> Place:
        """The same lines, at that one of them."""
        return Place(self.wanted, self.sort, self.by, number, self._why)

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """Every dialog that the page opens, of the lines that are shown."""
        return (*self.narrowing.dialogs(), *self.doing.dialogs())

    # Which lines, in which order

    def show_only(self, wanted: Filter, why: str = "") -> None:
        """Show the lines of this filter."""
        self._to_select = self.table.current_number()
        self.wanted, self._why = wanted, why
        self._ask_when_shown()

    def sort_by(self, sort: Sort) -> None:
        """Show the lines in this order, from its beginning."""
        self._to_select = None
        self.sort = sort
        self._ask_when_shown()

    def group_by(self, by: By | None) -> None:
        """Show groups of lines in place of the lines themselves, or the lines again."""
        self.by = by
        self._ask_when_shown()
        self._shown_view().setFocus()

    def _open_group(self, key: str | int) -> None:
        if self.by is not None:
            by, self.by = self.by, None
            self.show_only(narrowed(self.wanted, by, key), self._why)
            self.table.setFocus()

    def _ask_when_shown(self) -> None:
        """Now, if the page is on screen; a page that is shown asks by itself."""
        self._is_stale = True
        if self.isVisible() and self.session.opened is not None:
            self._is_stale = False
            self._arrange()

    def _arrange(self, *, is_by_run: bool = True) -> None:
        self._shown_pence = None
        self.totals.show_looking()
        opened = self.session.opened
        if opened is not None:  # at once: what is asked next is asked on top of this
            self.filters.show_filter(self.wanted, self.names, opened.year)
        self.filters.show_sort(self.sort)
        self.filters.show_group(self.by)
        self.table.show_sort(self.sort)
        self._show_heading()
        self.arranger.arrange(Arrangement(self.wanted, self.sort, is_by_run))

    def _mind_the_gap(self) -> None:
        """Numbers leave something out, whatever the batches say: every place is looked up then."""
        if self.arranger.asked.is_by_run:
            self._arrange(is_by_run=False)

    def _show_heading(self) -> None:
        opened = self.session.opened
        title = "" if opened is None else f"Lines of {opened.title}"
        self.parts.heading.setText(self._why or title)

    # What comes back

    def _show_began(self, places: Places, names: Names, windows: Windows) -> None:
        opened = self.session.opened
        if opened is None:
            return
        self.names = names
        self.parts.failure.hide()
        self.filters.show_filter(self.wanted, names, opened.year)
        if _grew(self.model.places, places):
            self.model.know_more(places)
            self.model.forget_rows(names)
        else:
            self.model.show_places(places, names, windows)
        if self.by is not None:
            self.groups.ask(self.wanted, self.by, names, opened.year)
        else:
            self.groups.drop()
        self._show_count()
        self._select_soon(places)

    def _show_more(self, places: Places) -> None:
        self.model.know_more(places)
        self._show_count()

    def _show_finished(self, places: Places) -> None:
        self._show_more(places)
        self.adder.add_shown(self.wanted)
        self._find_selected(places)
        if not self._is_ready_to_search:  # its lane opens the ledger now, so that the first sort does not wait for it
            self._is_ready_to_search = True
            self.session.search(_nothing, lambda _none: None, lambda _failure: None)
        self.doing.show_what_can_be_done()

    def _show_failure(self, failure: Failure) -> None:
        self.model.show_places(Run(1, 0), self.names)
        self.parts.failure.say_failure("The lines could not be read", failure)
        self._show_count()

    def _show_totals(self, pence: Sums) -> None:
        self._shown_pence = pence
        self._show_count()
        self._show_chosen_totals()

    def _show_count(self) -> None:
        count, is_all = self.model.rowCount(), self.arranger.is_finished
        self.totals.show_found(count, is_all=is_all, pence=self._shown_pence)
        self.beside.show_or_hide()
        if self.by is not None:
            self.parts.stack.setCurrentWidget(self.groups)
        elif count or not is_all:
            self.parts.stack.setCurrentWidget(self.table)
        else:
            self.parts.show_nothing(is_filtered=bool(self.wanted.asked))

    # Which line the person is at

    def come_to(self, number: int) -> None:
        """Be at that line when the lines are asked for anew: it was posted just now."""
        self._to_select, self._is_asked_for = number, True

    def go_to_line(self, number: int) -> None:
        """Go to the line of that number, if it is among those shown; say so if it is not."""
        self.parts.note.hide()
        self._to_select, self._is_asked_for = number, True
        self._find_selected(self.model.places)

    def _select_soon(self, places: Places) -> None:
        """Where it costs nothing to know: in a run, or at the ends of a sorted order."""
        if self._to_select is None:
            self.table.go_to_row(0)
        elif isinstance(places, Run):
            self._find_selected(places)
        elif isinstance(places, Ends) and (row := places.place_of(self._to_select)) is not None:
            self._select(row)

    def _find_selected(self, places: Places) -> None:
        if self._to_select is None:
            if self.table.currentIndex().row() < 0:
                self.table.go_to_row(0)
            return
        if isinstance(places, Run):
            self._select(places.place_of(self._to_select))
            return
        if self._asked is not None:
            self._asked.drop()
        self._asked = self.session.read(partial(_place_of, places=places, number=self._to_select), self._select)

    def _select(self, row: int | None) -> None:
        number, self._to_select = self._to_select, None
        was_asked, self._is_asked_for = self._is_asked_for, False
        if row is not None:
            self.table.go_to_row(row)
            return
        if was_asked and number is not None:
            self.parts.say_not_shown(number, is_filtered=bool(self.wanted.asked))
        if self.table.currentIndex().row() < 0:
            self.table.go_to_row(0)

    def _show_chosen(self) -> None:
        self.doing.show_what_can_be_done()
        self._show_chosen_totals()
        self.beside.show_history()

    def _show_chosen_totals(self) -> None:
        ranges = self.table.chosen()
        count = sum(last - first + 1 for first, last in ranges)
        if not count or self.session.opened is None or self.by is not None:
            self.totals.show_selected(0, ())
        elif count == self.model.rowCount() and self._shown_pence is not None:
            self.totals.show_selected(count, self._shown_pence)
        else:
            self.totals.show_selected(count, None)
            self.adder.add_selected(self.model.places, ranges)

    def _show_selected(self, found: Totals) -> None:
        self.totals.show_selected(found.count, found.pence)

    def _shown_view(self) -> QWidget:
        return self.parts.shown_view()


def _grew(before: Places, after: Places) -> bool:
    """Whether it is the same run of lines with more at its end: what is on screen can stay where it is."""
    return (
        isinstance(before, Run)
        and isinstance(after, Run)
        and not after.descending
        and not before.descending
        and before.first == after.first
        and 0 < before.count <= after.count
    )


def _nothing(_ledger: Ledger, _job: Job[None]) -> None:
    """What opening the ledger is enough for."""


def _place_of(_ledger: Ledger, *, places: Places, number: int) -> int | None:
    return places.place_of(number)
