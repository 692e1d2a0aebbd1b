"""The year at a glance: figures, who pays whom, what needs doing, by fund and by partner, charts."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar

from PySide6.QtCore import QModelIndex, QSignalBlocker, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from ledgers import Finding, Ledger
from rules.money import pounds
from settlement.overview import Overview, overview_of
from settlement.overview_tasks import checked
from ui import links
from ui.banners import Banner, Tone
from ui.charts import BarChart, CapChart, CapRow, Chart, WaterfallChart
from ui.charts.whole_table import WholeTable
from ui.failures import Failure
from ui.flow import Flow
from ui.jobs import Job
from ui.links import Entry, Figure, Link
from ui.page import ScrollingPage
from ui.pages.overview import checking, showing
from ui.pages.overview.checking import More, findings_at, more_of
from ui.pages.overview.fund_tree import BranchModel, BranchTree
from ui.pages.overview.headline import Headline
from ui.pages.overview.leads import Column, scheme_lines, step_link
from ui.pages.overview.todo import ToDo
from ui.periods import period_name
from ui.session import Session
from ui.tables import OPENS, GridModel
from ui.widgets import PAGE_TITLE, SECTION, Nothing, button, labelled, row, words
from ui.wording import reading_name, transfers_in_words, unallocated_in_words

_Answer = TypeVar("_Answer")

_VARIANCES = (
    "A variance is budget less actual: favourable where less was spent, adverse (in brackets) where more was. Actual "
    "takes in accruals. Influenced services are measured against their baseline. Enter on a figure opens its lines, "
    "on a fund its schemes."
)
_PARTNERS = (
    "A Host Partner spends for all, so that what a partner spent against its contribution is no variance of its own: "
    "its share of the variance is what the risk share gives it to bear (adverse) or to receive."
)
_CALM = (
    "Nothing needs doing: the control totals agree, everything is allocated, and no month waits to be held or signed."
)
_CHECKING = "Every line is being checked…"
_CHECKED = "Every line has been checked."
_EMPTY = (
    "Import the two general ledgers’ extracts, or enter lines. Figures, charts and what needs doing follow from them."
)


class OverviewPage(ScrollingPage):
    """Shows the open ledger at the session's period, both year to date and forecast outturn."""

    key: ClassVar[str] = links.OVERVIEW
    title: ClassVar[str] = "Overview"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without figures until a ledger is open."""
        super().__init__(session, parent)
        self._jobs: list[Job[Any]] = []
        self._checking: Job[list[Finding]] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._check)
        self._checked: tuple[object, list[Finding]] | None = None
        self._overview: Overview | None = None
        self._waterfalls: tuple[showing.Waterfall, ...] = ()
        self._more: More | None = None
        self.heading = words(self.title, PAGE_TITLE)
        self.subtitle = words()
        self.failure = Banner(Tone.ERROR, "Why there are no figures")
        self.unallocated = Banner(Tone.WARNING, "Unallocated amounts")
        self.see_schedule = button("Open the ris&k share", partial(self.follow, links.RISK_SHARE))
        self.empty = self._empty()
        self.body = QWidget()
        self._fill_body()
        for widget in (self.heading, self.subtitle, self.failure, self.unallocated):
            self.content.addWidget(widget)
        self.content.addLayout(row(self.see_schedule))
        self.content.addWidget(self.empty)
        self.content.addWidget(self.body)
        self.content.addStretch()
        self.forget()

    # Its parts

    def _empty(self) -> Nothing:
        self.import_button = button("&Import a file…", partial(self.follow, links.LEDGER, Entry("import")))
        self.enter_button = button("&Enter lines", partial(self.follow, links.LEDGER, Entry("enter")))
        return Nothing("This ledger has no lines yet", _EMPTY, self.import_button, self.enter_button)

    def _fill_body(self) -> None:
        self.headlines = {
            column: Headline(column, partial(self._open_headline, column))
            for column in (Column.BUDGET, Column.ACTUAL, Column.VARIANCE, Column.OUTTURN, Column.FORECAST)
        }
        tiles = QWidget()
        flow = Flow(tiles, across=10, down=10)
        for headline in self.headlines.values():
            flow.addWidget(headline)
        self.transfers = words(scale=SECTION)
        self.see_settlement = button("How this comes a&bout", self._open_settlement)
        self.todo = ToDo()
        self.todo.followed.connect(self.go)
        self.calm = words(_CALM)
        self.check_state = words()
        self.check_again = button("Check every line &again", self._check_again)
        self.funds = BranchModel()
        self.fund_tree = BranchTree(self.funds, "Budget, actual and forecast by fund")
        self.fund_tree.followed.connect(self.go)
        self.partners = GridModel()
        self.partner_table = WholeTable(self.partners, "Contributions, spend and net due by partner")
        self.partner_table.activated.connect(self._open_cell)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 2)
        column.addWidget(tiles)
        column.addWidget(self.transfers)
        column.addLayout(row(self.see_settlement))
        for heading, parts in (
            ("What needs doing", (self.todo, self.calm)),
            ("By fund", (words(_VARIANCES), self.fund_tree)),
            ("By partner", (words(_PARTNERS), self.partner_table)),
        ):
            column.addSpacing(self.fontMetrics().height() // 2)
            column.addWidget(words(heading, SECTION))
            for part in parts:
                column.addWidget(part)
            if heading == "What needs doing":
                self.check_again.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
                column.addLayout(row(self.check_again, self.check_state, stretch=False))
        self._fill_charts(column)

    def _fill_charts(self, column: QVBoxLayout) -> None:
        self.months = BarChart("Budget against actual by month", "Nothing has been budgeted or spent yet.")
        self.how_months = QComboBox()
        self.how_months.addItems(["Each month by itself", "The year so far, month by month"])
        self.how_months.currentIndexChanged.connect(self._show_months)
        self.months.add_options(labelled("Mo&nths as", self.how_months), self.how_months)
        self.waterfall = WaterfallChart("From variance to cash", "There is no variance to share at this period.")
        self.caps = CapChart("Exposure against caps", "There is no settlement to read exposures from.")
        self.whose = QComboBox()
        self.whose.currentIndexChanged.connect(self._show_waterfall)
        self.whose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.waterfall.add_options(labelled("&Waterfall of", self.whose), self.whose)
        self.charts: tuple[Chart, ...] = (self.months, self.waterfall, self.caps)
        for chart in self.charts:
            chart.followed.connect(self.go)
            chart.said.connect(self.session.said)
            chart.failed.connect(self.session.failed)
            column.addSpacing(self.fontMetrics().height())
            column.addWidget(chart)

    # What is asked

    def forget(self) -> None:
        """No figures of a ledger that is no longer open."""
        self._drop()
        self._checked = self._overview = self._more = None
        self._waterfalls = ()
        for widget in (self.failure, self.unallocated, self.see_schedule, self.empty, self.body):
            widget.hide()

    def first_focus(self) -> QWidget | None:
        """What needs doing, if anything does; else the first figure."""
        if self.empty.isVisible():
            return self.import_button
        return self.todo if self.todo.count() else self.headlines[Column.BUDGET]

    def refresh(self) -> None:
        """Ask for the figures, then for months and tasks; and have every line checked."""
        self._drop()
        opened = self.session.opened
        if opened is None:
            return
        period, outturn = self.session.period, self.session.outturn
        self._ask(lambda ledger: overview_of(ledger, period, outturn=outturn), self._show)

    def _drop(self) -> None:
        for job in self._jobs:
            job.drop()
        self._jobs.clear()
        self._call_check_off()

    def _show(self, overview: Overview) -> None:
        """The first figures; then the rest, part by part: no one of them keeps the window waiting."""
        self.show_overview(overview)
        if not overview.is_empty:
            self._ask(lambda _ledger: showing.funds_shown(overview), self._show_funds)
            self._ask(lambda _ledger: showing.partner_grid(overview, overview.state.period), self.partners.show_grid)
            self._ask(lambda _ledger: showing.waterfalls_of(overview), self._show_waterfalls)
            self._ask(lambda _ledger: showing.cap_rows(overview.exposures), self._show_caps)
            self._ask(lambda ledger: more_of(ledger, overview), self._show_more)

    def _ask(self, work: Callable[[Ledger], _Answer], show: Callable[[_Answer], None]) -> None:
        self._jobs.append(self.session.read(work, show, self.show_failure))

    # What is shown

    def show_overview(self, overview: Overview) -> None:
        """Show these figures in place of those before."""
        self._overview = overview
        period, settlement = overview.state.period, overview.settlement
        at = period_name(period, overview.year) if settlement is None else reading_name(settlement)
        self.subtitle.setText(f"{overview.title}, {overview.year}, {at}; {period} is {overview.state.state}")
        self.failure.hide()
        self.empty.setVisible(overview.is_empty)
        self.body.setVisible(not overview.is_empty)
        self._show_empty()
        self._show_unallocated()
        if overview.is_empty:
            return
        self._show_headlines(overview)
        said = ["There is no settlement: the agreement cannot be applied to these figures."]
        self.transfers.setText("\n".join(said if settlement is None else transfers_in_words(settlement)))
        self.see_settlement.setEnabled(settlement is not None)

    def _show_empty(self) -> None:
        opened = self.session.opened
        why = "" if opened is None else opened.why_read_only
        for each in (self.import_button, self.enter_button):
            each.setEnabled(not why)
            each.setToolTip(why)
        self.empty.sentence.setText(f"{_EMPTY}\n\n{why}" if why else _EMPTY)

    def _show_unallocated(self) -> None:
        settlement = None if self._overview is None else self._overview.settlement
        left = [] if settlement is None else unallocated_in_words(settlement)
        self.see_schedule.setVisible(bool(left))
        if settlement is None or not left:
            self.unallocated.hide()
            return
        left.append("The risk share is incomplete for these figures, and the period cannot be signed.")
        self.unallocated.say(f"Unallocated: {pounds(settlement.outcome.unallocated_pence)}", "\n".join(left))

    def _show_headlines(self, overview: Overview) -> None:
        total = overview.total
        variance, forecast = total.variance_pence, total.forecast_variance_pence
        self.headlines[Column.BUDGET].show_figure(total.budget_pence)
        self.headlines[Column.ACTUAL].show_figure(total.actual_pence)
        self.headlines[Column.VARIANCE].show_figure(variance, showing.meaning(variance))
        self.headlines[Column.OUTTURN].show_figure(total.outturn_pence)
        self.headlines[Column.FORECAST].show_figure(forecast, showing.meaning(forecast))

    def _show_funds(self, shown: showing.Funds) -> None:
        model, tree = self.funds, self.fund_tree
        opened = [number for number in range(model.rowCount()) if tree.isExpanded(model.index(number, 0))]
        model.show_branches(shown.headings, shown.branches, shown.figures)
        for number in opened:
            tree.expand(model.index(number, 0))

    def _show_waterfalls(self, waterfalls: tuple[showing.Waterfall, ...]) -> None:
        self._waterfalls = waterfalls
        chosen = self.whose.currentData()
        with QSignalBlocker(self.whose):
            self.whose.clear()
            for code, name, *_ in waterfalls:
                self.whose.addItem(name, code)
            self.whose.setCurrentIndex(max(self.whose.findData(chosen), 0))
        self._show_waterfall()

    def _show_waterfall(self) -> None:
        if self._waterfalls:
            _, _, sentence, steps = self._waterfalls[self.whose.currentIndex()]
            self.waterfall.show_steps(sentence, steps, step_link)
        else:
            self.waterfall.show_steps("", (), step_link)

    def _show_caps(self, shown: tuple[str, tuple[CapRow, ...]]) -> None:
        self.caps.show_rows(*shown)

    def _show_more(self, more: More) -> None:
        overview = self._overview
        if overview is None:
            return
        self._more = more
        self._show_months()
        key = (self._where(), overview.state.period, more.stamp)
        if self._checked is not None and more.stamp and self._checked[0] == key:
            self._show_tasks(self._checked[1])
            return
        self._checked = None
        self._show_tasks(None)
        if more.is_long:
            self._soon.start(checking.SOON)
        else:
            self._check()

    def _show_months(self) -> None:
        if self._overview is not None and self._more is not None:
            is_running = self.how_months.currentIndex() > 0
            sentence, bars = showing.month_bars(self._more.months, self._overview, is_running=is_running)
            self.months.show_bars(sentence, showing.SERIES, bars)

    def _show_tasks(self, findings: list[Finding] | None) -> None:
        known = () if self._more is None else self._more.tasks
        tasks = known if findings is None else (*known, *checked(findings, known))
        self.todo.show_tasks(tuple(sorted(tasks, key=lambda task: not task.is_grave)))
        self.todo.setVisible(bool(tasks))
        self.calm.setVisible(not tasks and findings is not None)
        self.check_state.setText(_CHECKING if findings is None else _CHECKED)
        self.check_again.setEnabled(findings is not None)

    # The check of every line

    def _where(self) -> str:
        return "" if self.session.opened is None else self.session.opened.where

    def _check(self) -> None:
        """Have every line checked: at once, or of a long ledger aside."""
        overview, more = self._overview, self._more
        if overview is None or more is None or self._checking is not None:
            return
        period = overview.state.period
        done = partial(self._show_checked, (self._where(), period, more.stamp))
        if more.is_long:
            self._checking = self.session.aside(
                findings_at, self._where(), period, done=done, failed=self._show_unchecked
            )
        else:
            job = self.session.read(lambda ledger: ledger.findings(period), done, self._show_unchecked)
            self._jobs.append(job)

    def _call_check_off(self) -> None:
        self._soon.stop()
        if self._checking is not None:
            self._checking.cancel()
            self._checking.drop()
            self._checking = None

    def _check_again(self) -> None:
        self._checked = None
        self._show_tasks(None)
        self._soon.stop()
        self._check()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Nobody waits for the check of a long ledger any longer: it does not keep the computer busy."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._call_check_off()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Go on where the check was left."""
        super().showEvent(event)
        if self._more is not None and self._more.is_long and self._checked is None:
            self._soon.start(checking.SOON)

    def _show_checked(self, key: object, findings: list[Finding]) -> None:
        self._checking = None
        self._checked = (key, findings)
        self._show_tasks(findings)

    def _show_unchecked(self, failure: Failure) -> None:
        self._checking = None
        self.check_state.setText(f"The lines could not be checked: {failure.sentence}")
        self.check_again.setEnabled(True)

    def show_failure(self, failure: Failure) -> None:
        """Say why there are no figures, and show none: those of another period would be taken for this one's."""
        self.forget()
        title = "" if self.session.opened is None else f"{self.session.opened.title}: "
        self.subtitle.setText(f"{title}no figures at {self.session.period}")
        self.failure.say_failure("The ledger could not be read", failure)

    # Where it leads

    def _open_headline(self, column: Column) -> None:
        self.go.emit(scheme_lines(None, column, self.session.period))

    def _open_settlement(self) -> None:
        settlement = None if self._overview is None else self._overview.settlement
        if settlement is not None and settlement.transfers:
            self.follow(links.SETTLEMENT, Figure(settlement.transfers[0].payer))
        else:
            self.follow(links.SETTLEMENT)

    def _open_cell(self, index: QModelIndex) -> None:
        link = index.data(OPENS)
        if isinstance(link, Link):
            self.go.emit(link)
