"""The settlement of the open ledger: its period, who pays whom, each partner's row, and the schedule at work."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rules.money import pounds
from rules.periods import Period
from ui.banners import Banner, Tone
from ui.jobs import Failure
from ui.ledger_reader import Opened, Shown
from ui.schedule_panel import SchedulePanel
from ui.tables import FigureTable, Grid, GridModel, partners_grid, performance_grid, reserves_grid
from ui.wording import period_name, reading_name, standing, transfers_in_words, unallocated_in_words

_NO_RESERVES = "The agreement has no reserves."
_NO_PERFORMANCE = "The agreement has no performance pay."


class SettlementPage(QScrollArea):
    """Shows one settlement, and asks (`asked`) for another when the person chooses a period or a reading.

    It scrolls, so that nothing is lost on a small screen or at a large text size.
    """

    asked = Signal(object, bool)
    """A period, and whether its forecast outturn rather than the year to date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Without figures until a settlement is shown."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.read_only = Banner(Tone.NOTE, "Read-only")
        self.unallocated = Banner(Tone.WARNING, "Unallocated amounts")
        self.failure = Banner(Tone.ERROR, "Why there is no settlement")
        self.title = _heading(1.5)
        self.subtitle = _heading(1.0)
        self.transfers = _heading(1.25)
        self.partners = GridModel()
        self.reserves = GridModel()
        self.performance = GridModel()
        self.schedule = SchedulePanel()
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.addWidget(self.read_only)
        layout.addWidget(self.title)
        layout.addWidget(self.subtitle)
        layout.addLayout(self._choosers())
        layout.addWidget(self.failure)
        layout.addWidget(self._figures(), stretch=1)
        layout.addStretch()
        self.setWidget(content)

    def _choosers(self) -> QHBoxLayout:
        self.period = QComboBox()
        self.period.setAccessibleName("Period")
        self.period.currentIndexChanged.connect(self._ask)
        label = QLabel("&Period")
        label.setBuddy(self.period)
        self.to_date = QRadioButton("&Year to date")
        self.outturn = QRadioButton("Forecast ou&tturn")
        self.to_date.setChecked(True)
        self._reading = QButtonGroup(self)
        for button in (self.to_date, self.outturn):
            self._reading.addButton(button)
        # one signal of the two: when one button is unchecked the other is checked
        self.outturn.toggled.connect(self._ask)
        row = QHBoxLayout()
        for widget in (label, self.period, self.to_date, self.outturn):
            row.addWidget(widget)
        row.addStretch()
        return row

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

    def show_opened(self, opened: Opened) -> None:
        """Make ready for a ledger just opened: its periods, its own first, year to date. Asks for nothing yet."""
        with QSignalBlocker(self.period), QSignalBlocker(self.outturn):
            self.period.clear()
            for period in Period:
                nothing = opened.last_period is None or period > opened.last_period
                name = period_name(period, opened.year)
                self.period.addItem(f"{name} (nothing posted)" if nothing else name, period)
            self.period.setCurrentIndex(self.period.findData(opened.period))
            self.to_date.setChecked(True)
        self._say_read_only(opened)
        self.title.setText(opened.name)
        self.subtitle.setText("Working out the settlement…")
        self.failure.hide()
        self.figures.hide()

    def _say_read_only(self, opened: Opened) -> None:
        if opened.writable:
            self.read_only.hide()
        elif opened.is_folder:
            self.read_only.say("Read-only: this ledger is a folder of files, and nothing in it is ever written.")
        else:
            self.read_only.say("Read-only: this ledger was opened to be read, and nothing in it can be changed here.")

    def choose(self, period: Period, *, outturn: bool) -> None:
        """Choose as the person would with the controls; asks for the settlement if that is another one."""
        self.period.setCurrentIndex(self.period.findData(period))
        (self.outturn if outturn else self.to_date).setChecked(True)

    @property
    def chosen(self) -> tuple[Period, bool]:
        """The period that is chosen, and whether its forecast outturn."""
        return Period(self.period.currentData()), self.outturn.isChecked()

    def show_settlement(self, shown: Shown) -> None:
        """Show these figures in place of those before."""
        settlement = shown.settlement
        agreement = settlement.agreement
        self.title.setText(agreement.title)
        self.subtitle.setText(f"{standing(shown.state)} settlement for {agreement.year}, {reading_name(settlement)}")
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
        period, _ = self.chosen
        self.subtitle.setText(f"No settlement at {period}")
        self.figures.hide()
        self.failure.say_failure("The agreement could not be applied to the ledger", failure)

    def _show_or_say(self, table: FigureTable, instead: QLabel, grid: Grid) -> None:
        table.grid_model.show_grid(grid)
        table.setVisible(bool(grid.rows))
        instead.setVisible(not grid.rows)

    def _ask(self) -> None:
        if self.period.currentData() is not None:
            self.asked.emit(*self.chosen)


def _heading(scale: float) -> QLabel:
    """A line of text larger than the rest, in plain text: a title may hold `<` or `&`."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    if scale > 1:
        font.setPointSizeF(font.pointSizeF() * scale)
        font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    return label


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
