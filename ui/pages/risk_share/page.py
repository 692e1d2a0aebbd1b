"""The Risk share page: the schedule as cards, what each does to the figures, drafts of it, and how those compare."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple

from PySide6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from ledgers import Ledger, PeriodState
from rules.agreement import Agreement
from settlement.comparing import Compared, Comparison, compare
from ui import links
from ui.failures import Failure
from ui.jobs import Job
from ui.page import ScrollingPage
from ui.pages.risk_share import choices
from ui.pages.risk_share.choices import Choice
from ui.pages.risk_share.clause_form import ClauseForm
from ui.pages.risk_share.commands import Commands
from ui.pages.risk_share.comparison import ComparisonView
from ui.pages.risk_share.deeds import Deeds
from ui.pages.risk_share.detail import Detail, fit_height
from ui.pages.risk_share.fields import PickDialog
from ui.pages.risk_share.grids import net_due_grid
from ui.pages.risk_share.notices import Notices
from ui.pages.risk_share.shelf import Shelf
from ui.pages.risk_share.stack import Stack
from ui.pages.risk_share.views import (
    IN_FORCE,
    CardKind,
    Shown,
    View,
    side_by_side,
    view_in_force,
    view_of_draft,
)
from ui.session import Session
from ui.tables import FigureTable, GridModel
from ui.widgets import PAGE_TITLE, Nothing, button, chars, lines, words

_IN_FORCE = ""  # the code of what is in force among the schedules
_SIDE_BY_SIDE = 120  # characters
_HALF = 10_000  # any size, as large as the other: a splitter divides what it has in proportion
_NO_CLAUSE = "The agreement has no risk share"
_EMPTY = (
    "No clause says who bears an overspend or keeps an underspend: whatever arises stays with the Host Partner, "
    "unallocated, and no period can be signed. Add the rules of the signed agreement: most are there as templates, "
    "each in a sentence."
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the page a person was: which draft ("" for what is in force), and which card."""

    draft: str
    key: str


class Wanted(NamedTuple):
    """A card to choose once it is there: by its key or, from another schedule, by its clause's number."""

    key: str = ""
    number: str = ""


class RiskSharePage(ScrollingPage):
    """Shows the schedule in force, or a draft of it, on the figures of the session's period and reading."""

    key: ClassVar[str] = links.RISK_SHARE
    title: ClassVar[str] = "Risk share"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With no schedule until one is read."""
        super().__init__(session, parent)
        self.shelf = Shelf(self)
        self.periods: tuple[PeriodState, ...] = ()
        self._view_in_force: View | None = None
        self._view: View | None = None
        self._wanted: Wanted | None = None
        self._reading: Job[Any] | None = None
        self._trying: Job[Any] | None = None
        self._payers: tuple[Compared, ...] = ()
        self._loaded = ""
        self._shown_before = False
        self.deeds = Deeds(session, self.shelf, self, self)
        self._build()
        self.shelf.changed.connect(self._show_shelf)
        self.shelf.edited.connect(self._edited)
        self.shelf.group.indexChanged.connect(lambda _index: self._show_undo())
        self.shelf.group.activeStackChanged.connect(lambda _stack: self._show_undo())
        self._show_shelf()

    def _build(self) -> None:
        self.heading = words(self.title, PAGE_TITLE)
        self.notices = Notices(self.session)
        self.stack = Stack()
        self.detail = Detail()
        self.form = ClauseForm()
        self.commands = Commands(self, self.stack, self.deeds, self._show_comparison)
        self.payers = GridModel()
        self.payers_table = FigureTable(self.payers, "Who would pay what")
        self.payers_table.activated.connect(self._open_payer)
        self.nothing = Nothing(
            "The agreement has no risk share", _EMPTY, button("Add the first clause…", self.deeds.add)
        )
        self.nothing.hide()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("The clause that is chosen")
        self.tabs.addTab(_scrolling(self.form), "Change the c&lause")
        self.tabs.addTab(_scrolling(self.detail), "What it does")
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.setChildrenCollapsible(False)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.tabs)
        for side in (self.stack, self.tabs):
            side.setMinimumHeight(lines(self, 22))
            side.setMinimumWidth(chars(self, 34))
        self.comparison = ComparisonView()
        self.middle = QStackedWidget()
        cards = QWidget()
        column = QVBoxLayout(cards)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.commands.second_row, self.payers_table, self.nothing):
            column.addWidget(part)
        column.addWidget(self.body, stretch=1)
        self.middle.addWidget(cards)
        self.middle.addWidget(self.comparison)
        for part in (self.heading, self.commands.first_row, self.notices):
            self.content.addWidget(part)
        self.content.addWidget(self.middle, stretch=1)
        self.commands.schedule.picked.connect(lambda name: self.shelf.show_draft(name or None))
        self.stack.chosen.connect(self._show_chosen)
        self.stack.opened.connect(self._go_in)
        self.stack.followed.connect(self._open_figure)
        self.stack.moved.connect(self.deeds.move_to)
        self.stack.asked.connect(self._show_menu)
        self.form.edited.connect(self.shelf.change)
        self.detail.followed.connect(partial(self.follow, links.SETTLEMENT))
        self.comparison.chosen.connect(self._compare)
        self.comparison.closed.connect(self._show_cards)
        self.comparison.followed.connect(partial(self.follow, links.SETTLEMENT))

    # What the deeds ask of the page

    @property
    def chosen_key(self) -> str:
        """The card that is chosen."""
        return self.stack.chosen_key

    @property
    def in_force(self) -> Agreement | None:
        """The agreement in force at the period, once it was read."""
        return None if self._view_in_force is None else self._view_in_force.agreement

    def choose(self, key: str) -> None:
        """Choose a card as soon as it is there."""
        self._wanted = Wanted(key=key)

    def say(self, heading: str, failure: Failure) -> None:
        """Say what went wrong, over the cards."""
        self.notices.say_failure(heading, failure)

    # The page

    def refresh(self) -> None:
        """Ask for the schedule in force at the session's period, and try the draft on its figures."""
        opened = self.session.opened
        if opened is None:
            return
        if self._loaded != opened.where:
            self._loaded = opened.where
            self.shelf.load(opened.where)
        period, outturn = self.session.period, self.session.outturn

        def work(ledger: Ledger) -> tuple[View, tuple[PeriodState, ...]]:
            with ledger.snapshot():
                return view_in_force(ledger, period, outturn=outturn), ledger.periods()

        for job in (self._reading, self._trying):
            if job is not None:
                job.drop()
        self._reading = self.session.read(work, self._take_in_force, self._say_unread)

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self._loaded = ""
        self._view_in_force = self._view = None
        self._reading = self._trying = None
        self._wanted = None
        self.shelf.load("")
        self._show_cards()
        self.stack.show_cards((), can_move=False)
        self.notices.clear()

    def visit(self, target: object) -> None:
        """Choose a clause of the schedule in force, or the card where the person was."""
        if isinstance(target, Spot):
            self._wanted = Wanted(key=target.key)
            self.shelf.show_draft(target.draft or None)
        elif isinstance(target, links.ClauseOf):
            self._wanted = Wanted(number=target.id)
            self.shelf.show_draft(None)
            self._show_cards()
        self._choose_wanted()

    def place(self) -> object:
        """The schedule and the card that is chosen."""
        return Spot("" if self.shelf.shown is None else self.shelf.shown.name, self.stack.chosen_key)

    def first_focus(self) -> QWidget | None:
        """The card that is chosen; before there is one, the choice of schedule."""
        chosen = next((frame for frame in self.stack.frames if frame.is_chosen), None)
        return self.commands.schedule if chosen is None else chosen

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """Each dialog with content of the schedule in force, or of the draft on the page."""
        if self.in_force is None:
            return ()
        deeds = self.deeds
        return (
            deeds.adding_dialog,
            partial(deeds.adding_dialog, "fixed"),
            deeds.naming_dialog,
            deeds.discard_dialog,
            deeds.force_dialog,
            deeds.text_dialog,
            partial(PickDialog, "Schemes", "All schemes", choices.scope_choices(self.in_force)["scheme"], (), self),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Put the clause below the cards where there is no room for both, as at a large text size."""
        across = self.width() >= chars(self, _SIDE_BY_SIDE)
        orientation = Qt.Orientation.Horizontal if across else Qt.Orientation.Vertical
        if self.body.orientation() is not orientation or not event.oldSize().isValid():
            self.body.setOrientation(orientation)
            self.body.setSizes([_HALF, _HALF])
        super().resizeEvent(event)

    # What is read and tried

    def _take_in_force(self, found: tuple[View, tuple[PeriodState, ...]]) -> None:
        self._reading = None
        self._view_in_force, self.periods = found
        self._show_shelf()

    def _show_shelf(self) -> None:
        """Another schedule is shown, or there are other drafts: offer them, and show the one that is chosen."""
        drafts, shown = self.shelf.drafts, self.shelf.shown
        offered = (Choice(_IN_FORCE, IN_FORCE), *(Choice(draft.name, f"Draft: {draft.name}") for draft in drafts))
        self.commands.schedule.offer(offered)
        self.commands.schedule.put(_IN_FORCE if shown is None else shown.name)
        self.commands.show_draft(is_draft=shown is not None, drafts=len(drafts))
        self._show_undo()
        if self._shown_before is not (shown is not None):
            self._shown_before = shown is not None
            self.tabs.setCurrentIndex(0 if shown is not None else 1)
        self.comparison.offer(drafts)
        if not drafts:
            self._show_cards()
        if self._view_in_force is None:
            return
        chosen = self.stack.card(self.stack.chosen_key)
        if self._wanted is None and chosen is not None:
            self._wanted = Wanted(chosen.key, chosen.number)
        if shown is None:
            self._show_view(self._view_in_force, compare(((IN_FORCE, self._view_in_force.settlement),)))
        else:
            self._try()
        self._compare()

    def _edited(self) -> None:
        """The draft says something else: its form at once, its cards and figures as soon as it was tried."""
        draft, key = self.shelf.shown, self.stack.chosen_key
        if draft is not None and draft.has(key):
            self.form.show_clause(draft, key)
        self._show_undo()
        self._try()

    def _try(self) -> None:
        draft, in_force = self.shelf.shown, self._view_in_force
        if draft is None or in_force is None or self._reading is not None:
            return  # once it is read what is in force, the draft is tried on the same figures
        if self._trying is not None:
            self._trying.drop()
        self._trying = self.session.read(
            lambda _ledger: view_of_draft(draft, in_force),
            lambda beside: self._show_view(beside.view, beside.comparison),
        )

    def _say_unread(self, failure: Failure) -> None:
        self._reading = None
        self.notices.say_failure("The schedule could not be read", failure)

    # What is shown

    def _show_view(self, view: View, comparison: Comparison) -> None:
        self._view = view
        draft = self.shelf.shown
        self.notices.show_view(view, is_draft=draft is not None)
        self._payers = comparison.net_due()
        self.payers.show_grid(net_due_grid(comparison))
        self.payers_table.setVisible(bool(comparison.rows) and view.settlement is not None)
        fit_height(self.payers_table, most=5)
        self.nothing.setVisible(not any(card.kind is CardKind.CLAUSE for card in view.cards))
        with QSignalBlocker(self.stack):  # what is chosen is shown once, when that is settled
            self.stack.show_cards(view.cards, can_move=draft is not None)
            self._choose_wanted()
        self._show_chosen(self.stack.chosen_key)
        opened = self.session.opened
        self.commands.show_force("" if opened is None or opened.writable else opened.why_read_only)

    def _show_chosen(self, key: str) -> None:
        """What is beside the cards: the form of the clause in a draft, and what it does."""
        draft = self.shelf.shown
        card = self.stack.card(key)
        place = -1 if draft is None or not draft.has(key) else draft.place_of(key)
        self.tabs.setTabVisible(0, place >= 0)
        if draft is not None and place >= 0:
            self.form.show_clause(draft, key)
        settlement = None if self._view is None else self._view.settlement
        self.detail.show_card(card, settlement, opens=draft is None)
        enabled = card is None or card.enabled
        count = 0 if draft is None else len(draft.entries)
        self.commands.show_clause(place=place, count=count, enabled=enabled, is_draft=draft is not None)

    def _choose_wanted(self) -> None:
        """Choose the card that is wanted, if it is there by now."""
        wanted = self._wanted
        if wanted is None or self._view is None:
            return
        cards = self._view.cards
        found = next((card for card in cards if wanted.key and card.key == wanted.key), None)
        found = found or next((card for card in cards if wanted.number and card.number == wanted.number), None)
        if found is not None:
            self._wanted = None
            self.stack.choose(found.key, focus=self.isVisible())

    def _show_undo(self) -> None:
        group = self.shelf.group
        self.commands.show_undo(
            group.undoText() if group.canUndo() else "", group.redoText() if group.canRedo() else ""
        )

    # Where the person goes

    def _go_in(self, key: str) -> None:
        """Enter on a card: to its form in a draft, otherwise to where its amount comes from."""
        card = self.stack.card(key)
        if self.tabs.isTabVisible(0):
            self.tabs.setCurrentIndex(0)
            self.form.first_field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif card is not None and card.figures:
            self._open_figure(card.figures[0])

    def _open_figure(self, shown: Shown) -> None:
        """In force, on the Settlement page; of a draft, whose figures are not there, beside the cards."""
        if self.shelf.shown is None:
            self.follow(links.SETTLEMENT, shown.target)
        else:
            self.tabs.setCurrentIndex(1)
            self.detail.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_payer(self, index: QModelIndex) -> None:
        self.follow(links.SETTLEMENT, links.Figure(self._payers[index.row()].partner))

    def _show_menu(self, _key: str, at: QPoint) -> None:
        if self.shelf.shown is not None:
            self.commands.clause_menu().popup(at)

    # Drafts side by side

    def _show_comparison(self) -> None:
        self.middle.setCurrentWidget(self.comparison)
        self._compare()
        self.comparison.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_cards(self) -> None:
        self.middle.setCurrentIndex(0)

    def _compare(self) -> None:
        if self.middle.currentWidget() is not self.comparison:
            return
        in_force = self._view_in_force
        if in_force is not None:
            drafts = tuple(draft for draft in self.shelf.drafts if draft.name in self.comparison.names)
            self.session.read(lambda _ledger: side_by_side(drafts, in_force), self.comparison.show_comparison)


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
