"""The settlement of the open ledger: who pays whom, each partner's row, and the schedule at work."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QTabWidget, QVBoxLayout, QWidget

from ledgers import Ledger, PeriodState
from rules.money import pounds
from settlement.service import settle_ledger
from settlement.settle import Settlement
from ui import links
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.page import ScrollingPage
from ui.pages.settlement.schedule_panel import SchedulePanel
from ui.session import Session
from ui.tables import FigureTable, Grid, GridModel, partners_grid, performance_grid, reserves_grid
from ui.widgets import PAGE_TITLE, SECTION, words
from ui.wording import reading_name, standing, transfers_in_words, unallocated_in_words

_NO_RESERVES = "The agreement has no reserves."
_NO_PERFORMANCE = "The agreement has no performance pay."


class SettlementPage(ScrollingPage):
    """Shows the settlement of the session's period and reading."""

    key: ClassVar[str] = links.SETTLEMENT
    title: ClassVar[str] = "Settlement"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without figures until a settlement is shown."""
        super().__init__(session, parent)
        self.unallocated = Banner(Tone.WARNING, "Unallocated amounts")
        self.failure = Banner(Tone.ERROR, "Why there is no settlement")
        self.heading = words(scale=PAGE_TITLE)
        self.subtitle = words()
        self.transfers = words(scale=SECTION)
        self.partners = GridModel()
        self.reserves = GridModel()
        self.performance = GridModel()
        self.schedule = SchedulePanel()
        self.content.addWidget(self.heading)
        self.content.addWidget(self.subtitle)
        self.content.addWidget(self.failure)
        self.content.addWidget(self._figures(), stretch=1)
        self.content.addStretch()

    def forget(self) -> None:
        """No figures of a ledger that is no longer open."""
        self.figures.hide()
        self.failure.hide()

    def refresh(self) -> None:
        """Ask for the settlement of the session's period and reading."""
        opened = self.session.opened
        if opened is None:
            return
        period, outturn = self.session.period, self.session.outturn

        def work(ledger: Ledger) -> tuple[Settlement, PeriodState]:
            settlement = settle_ledger(ledger, period, outturn=outturn)
            return settlement, next(state for state in ledger.periods() if state.period == period)

        self.session.read(work, self._show, self.show_failure)

    def _show(self, found: tuple[Settlement, PeriodState]) -> None:
        self.show_settlement(*found)

    def _figures(self) -> QWidget:
        self.figures = QWidget()
        band = QFrame()
        band.setFrameShape(QFrame.Shape.StyledPanel)
        band.setAutoFillBackground(True)
        band.setBackgroundRole(QPalette.ColorRole.Base)
        QVBoxLayout(band).addWidget(self.transfers)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("The settlement in detail")
        self.tabs.addTab(FigureTable(self.partners, "Each partner's settlement"), "By p&artner")
        self.tabs.addTab(self.schedule, "By c&lause")
        self.reserves_table = FigureTable(self.reserves, "Reserves")
        self.no_reserves = QLabel(_NO_RESERVES)
        self.performance_table = FigureTable(self.performance, "Performance pay")
        self.no_performance = QLabel(_NO_PERFORMANCE)
        self.tabs.addTab(_titled(self.reserves_table, self.no_reserves), "&Reserves")
        self.tabs.addTab(_titled(self.performance_table, self.no_performance), "Perfor&mance pay")
        self.tabs.setMinimumHeight(self.fontMetrics().height() * 20)
        layout = QVBoxLayout(self.figures)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.unallocated)
        layout.addWidget(band)
        layout.addWidget(self.tabs, stretch=1)
        self.figures.hide()
        return self.figures

    def show_settlement(self, settlement: Settlement, state: PeriodState) -> None:
        """Show these figures in place of those before."""
        agreement = settlement.agreement
        self.heading.setText(agreement.title)
        self.subtitle.setText(f"{standing(state)} settlement for {agreement.year}, {reading_name(settlement)}")
        self.transfers.setText("\n".join(transfers_in_words(settlement)))
        self.partners.show_grid(partners_grid(settlement))
        self.schedule.show_settlement(settlement)
        self._show_or_say(self.reserves_table, self.no_reserves, reserves_grid(settlement))
        self._show_or_say(self.performance_table, self.no_performance, performance_grid(settlement))
        left = unallocated_in_words(settlement)
        if left:
            left.append("The schedule is incomplete for these figures, and the period cannot be signed.")
            total = pounds(settlement.outcome.unallocated_pence)
            self.unallocated.say(f"Unallocated: {total}", "\n".join(left))
        else:
            self.unallocated.hide()
        self.failure.hide()
        self.figures.show()

    def show_failure(self, failure: Failure) -> None:
        """Show why there is no settlement, and no figures: those of another period would be taken for this one's."""
        self.subtitle.setText(f"No settlement at {self.session.period}")
        self.figures.hide()
        self.failure.say_failure("The agreement could not be applied to the ledger", failure)

    def _show_or_say(self, table: FigureTable, instead: QLabel, grid: Grid) -> None:
        table.grid_model.show_grid(grid)
        table.setVisible(bool(grid.rows))
        instead.setVisible(not grid.rows)


def _titled(table: FigureTable, instead: QLabel) -> QWidget:
    """A table, or the sentence that stands there when it has no rows."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    instead.setMargin(12)
    instead.setAlignment(Qt.AlignmentFlag.AlignTop)
    layout.addWidget(instead)
    layout.addWidget(table)
    return page
