"""The tables of the Settlement page in their tabs, and which figure of them is selected."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QTabWidget, QTreeView, QVBoxLayout, QWidget

from settlement.fund_waterfall import fund_waterfalls
from settlement.readings import Reading, Readings
from ui import links
from ui.pages.settlement.dispute_tab import DisputeTab
from ui.pages.settlement.grids import fund_grid, partner_grid, partners_grid, performance_grid, reserves_grid
from ui.pages.settlement.schedule_tree import NOTHING_TO_SHARE, ScheduleTree
from ui.pages.settlement.spots import FigureOf, Spot
from ui.rows_table import RowsTable
from ui.tables import OPENS, FigureTable, Grid, GridModel
from ui.widgets import chars, labelled, row, words
from ui.wording import partner_name, row_labels

if TYPE_CHECKING:
    from settlement.fund_waterfall import FundWaterfall

PARTNERS, FUNDS, CLAUSES, RESERVES, PAY, DISPUTE = range(6)
_TITLES = ("By p&artner", "By f&und", "By claus&e", "&Reserves", "Perfor&mance pay", "&In dispute")
_LEAST_CHOICE, _MOST_CHOICE = 12, 60  # characters
_ALL = "All partners"
_NO_RESERVES = "The agreement has no reserves."
_NO_PERFORMANCE = "The agreement has no performance pay."
_NO_FUND = "Nothing was budgeted or spent in this fund by this period."


class Detail(QTabWidget):
    """The settlement in detail. `selected` gives what the selected cell is about, `opened` what was gone into."""

    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until figures are shown."""
        super().__init__(parent)
        self._readings: Readings | None = None
        self._funds: tuple[FundWaterfall, ...] = ()
        self.setAccessibleName("The settlement in detail")
        self.partners_model, self.fund_model = GridModel(parent=self), GridModel(parent=self)
        self.reserves_model, self.pay_model = GridModel(parent=self), GridModel(parent=self)
        self.partners = RowsTable(self.partners_model, "Each partner's settlement")
        self.funds = RowsTable(self.fund_model, "The fund from variance to cash")
        self.reserves = RowsTable(self.reserves_model, "Reserves")
        self.pay = RowsTable(self.pay_model, "Performance pay")
        self.schedule = ScheduleTree()
        self.dispute = DisputeTab()
        self.whose, self.which = _chooser(), _chooser()
        self.no_movement = words()
        self.no_reserves, self.no_performance, self.no_fund = (
            words(_NO_RESERVES),
            words(_NO_PERFORMANCE),
            words(_NO_FUND),
        )
        self.no_subjects = words(NOTHING_TO_SHARE)
        chooser = row(labelled("Sh&ow", self.whose), self.whose)
        self.addTab(_page(chooser, self.partners, self.no_movement), _TITLES[PARTNERS])
        self.addTab(_page(row(labelled("Fun&d", self.which), self.which), self.funds, self.no_fund), _TITLES[FUNDS])
        self.addTab(_page(self.schedule, self.no_subjects), _TITLES[CLAUSES])
        self.addTab(_page(self.reserves, self.no_reserves), _TITLES[RESERVES])
        self.addTab(_page(self.pay, self.no_performance), _TITLES[PAY])
        self.addTab(self.dispute, _TITLES[DISPUTE])
        self.whose.currentIndexChanged.connect(self._show_partners)
        self.which.currentIndexChanged.connect(self._show_fund)
        self.currentChanged.connect(self._tell)
        self.schedule.selectionModel().currentChanged.connect(self._tell)
        self.schedule.activated.connect(self._open)
        for table in (self.partners, self.funds, self.reserves, self.pay, self.dispute.listed, self.dispute.without):
            table.selectionModel().currentChanged.connect(self._tell)
            table.activated.connect(self._open)

    # What is shown

    def forget(self) -> None:
        """Show nothing."""
        self._readings = None

    def show_readings(self, found: Readings) -> None:
        """Show these figures; which partner and fund are looked at stays as it was, if they are still there."""
        settlement = found.chosen
        self._readings = None  # nothing is told of while the tables change
        self._funds = fund_waterfalls(settlement)
        partners = settlement.agreement.partners
        _offer(self.whose, [(_ALL, ""), *((partner_name(partner), partner.code) for partner in partners)])
        _offer(self.which, [(f"{each.fund.name} ({each.fund.code})", each.fund.code) for each in self._funds])
        self.schedule.show_settlement(settlement)
        has_subjects = bool(settlement.outcome.subjects)
        self.schedule.setVisible(has_subjects)
        self.no_subjects.setVisible(not has_subjects)
        _show_or_say(self.reserves, self.no_reserves, reserves_grid(settlement))
        _show_or_say(self.pay, self.no_performance, performance_grid(settlement))
        self.dispute.show_disputed(settlement, found.disputed)
        count = 0 if found.disputed is None else len(found.disputed.disputes)
        self.setTabText(DISPUTE, f"{_TITLES[DISPUTE]} ({count})" if count else _TITLES[DISPUTE])
        self._readings = found
        with QSignalBlocker(self):
            self._show_partners()
            self._show_fund()

    def _show_partners(self) -> None:
        found = self._readings
        if found is None:
            return
        code = self.whose.currentData()
        self.partners_model.show_grid(partner_grid(found, code) if code else partners_grid(found.chosen))
        told = "" if not code or found.before is not None else _no_movement(found)
        self.no_movement.setText(told)
        self.no_movement.setVisible(bool(told))
        _settle_on(self.partners, len(row_labels()) - 1, 1)

    def _show_fund(self) -> None:
        found = self._readings
        if found is None:
            return
        chosen = next((each for each in self._funds if each.fund.code == self.which.currentData()), None)
        if chosen is not None:
            _show_or_say(self.funds, self.no_fund, fund_grid(found.chosen, chosen))
            _settle_on(self.funds, self.fund_model.rowCount() - 1, 2)

    # What is selected

    def view(self) -> QAbstractItemView | None:
        """The table or tree of the tab that is open."""
        views = {
            PARTNERS: self.partners,
            FUNDS: self.funds,
            CLAUSES: self.schedule,
            RESERVES: self.reserves,
            PAY: self.pay,
            DISPUTE: self.dispute.without if self.dispute.without.hasFocus() else self.dispute.listed,
        }
        return views.get(self.currentIndex())

    def spot(self) -> Spot:
        """Where the person is, but for the trace."""
        view = self.view()
        if isinstance(view, ScheduleTree):
            return Spot(CLAUSES, "", view.path())
        index = QModelIndex() if view is None else view.currentIndex()
        chooser = {PARTNERS: self.whose, FUNDS: self.which}.get(self.currentIndex())
        whose = "" if chooser is None else str(chooser.currentData() or "")
        return Spot(self.currentIndex(), whose, (index.row(), index.column()) if index.isValid() else ())

    def go_to(self, spot: Spot) -> None:
        """Be at a spot again."""
        chooser = {PARTNERS: self.whose, FUNDS: self.which}.get(spot.tab)
        if chooser is not None and chooser.findData(spot.whose) >= 0:
            chooser.setCurrentIndex(chooser.findData(spot.whose))
        with QSignalBlocker(self):
            self.setCurrentIndex(spot.tab)
        view = self.view()
        if isinstance(view, ScheduleTree):
            view.select(spot.cell)
        elif isinstance(view, FigureTable) and spot.cell:
            _settle_on(view, *spot.cell)
        self._tell()

    def show_figure(self, figure: FigureOf) -> None:
        """Select a figure of a partner's row."""
        keys = [key for key, _label in row_labels()]
        if figure.key in keys:
            whose = self.whose.currentIndex() if self.whose.currentData() == figure.partner else 0
            self.whose.setCurrentIndex(whose)
            partners = [] if self._readings is None else [row.partner for row in self._readings.chosen.rows]
            column = partners.index(figure.partner) + 1 if not whose and figure.partner in partners else 1
            if whose and self._readings is not None and self._readings.chosen.is_outturn:
                column = self.partners_model.columnCount() - 1
            self.go_to(Spot(PARTNERS, str(self.whose.currentData()), (keys.index(figure.key), column)))

    def show_subject(self, subject: links.Subject) -> None:
        """Select an amount that the schedule dealt with."""
        index = self.schedule.index_of(subject.group, subject.on)
        self.go_to(Spot(CLAUSES, "", (index.row(),) if index.isValid() else ()))

    def show_first(self) -> None:
        """As it is: the cell that is selected is told of."""
        self._tell()

    def _tell(self) -> None:
        if self._readings is not None:
            self.selected.emit(self._about(self.view()))

    def _about(self, view: QAbstractItemView | None) -> object:
        """What the current cell is about."""
        if view is None or not view.currentIndex().isValid():
            return None
        if isinstance(view, ScheduleTree):
            return view.subjects.node_of(view.currentIndex())
        target = view.currentIndex().data(OPENS)
        return None if isinstance(target, links.Lines | links.ClauseOf) else target

    def _open(self, index: QModelIndex) -> None:
        target = self.schedule.subjects.node_of(index) if isinstance(self.view(), QTreeView) else index.data(OPENS)
        if target is not None:
            self.opened.emit(target)


def _no_movement(found: Readings) -> str:
    now = found.chosen.period
    text = f"Nothing was settled before {now}: no period before it is held or signed, so that there is no movement."
    missing = found.why_not.get(Reading.OUTTURN)
    return f"{text} There is no forecast outturn: {missing}." if missing else text


def _offer(chooser: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Offer these; the one that was chosen stays so, if it is among them."""
    before = chooser.currentData()
    with QSignalBlocker(chooser):
        chooser.clear()
        for text, code in choices:
            chooser.addItem(text, code)
        chooser.setCurrentIndex(max(0, chooser.findData(before)))


def _chooser() -> QComboBox:
    """As wide as what is chosen, and giving way where there is no room."""
    chooser = QComboBox()
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    chooser.setMinimumContentsLength(_LEAST_CHOICE)
    chooser.setMaximumWidth(chars(chooser, _MOST_CHOICE))
    return chooser


def _settle_on(table: FigureTable, row_number: int, column: int) -> None:
    """Have the cell selected, or the last that there is."""
    model = table.grid_model
    index = model.index(min(row_number, model.rowCount() - 1), min(column, model.columnCount() - 1))
    if index.isValid():
        table.setCurrentIndex(index)
        table.horizontalScrollBar().setValue(0)  # what each row is of stays in sight
        table.scrollTo(index)


def _show_or_say(table: FigureTable, instead: QWidget, grid: Grid) -> None:
    table.grid_model.show_grid(grid)
    table.setVisible(bool(grid.rows))
    instead.setVisible(not grid.rows)
    _settle_on(table, 0, len(grid.headings) - 1)


def _page(*parts: object) -> QWidget:
    """The parts of a tab, from the top."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(6, 6, 6, 6)
    for part in parts:
        if isinstance(part, QLabel):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignTop)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)  # type: ignore[arg-type]  # widgets and layouts are all there is
    return page
