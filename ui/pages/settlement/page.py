"""The settlement of the open ledger: from variance to cash, by partner, fund and clause; every figure opens."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from ledgers import Ledger
from rules.money import pounds
from settlement.readings import Readings, readings
from ui import links
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.jobs import Job
from ui.page import ScrollingPage
from ui.pages.settlement.detail import Detail
from ui.pages.settlement.spots import FigureOf, Spot
from ui.pages.settlement.trace_panel import TracePanel
from ui.pages.settlement.tracing import Traced, trace_of
from ui.session import Session
from ui.widgets import PAGE_TITLE, SECTION, Nothing, button, chars, lines, row, words
from ui.wording import reading_name, standing, transfers_in_words, unallocated_in_words

_SIDE_BY_SIDE = 150  # characters: narrower than this the trace stands below the tables
_LEAST = 30  # lines


class SettlementPage(ScrollingPage):
    """Shows the settlement of the session's period and reading, and where each of its figures comes from."""

    key: ClassVar[str] = links.SETTLEMENT
    title: ClassVar[str] = "Settlement"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Without figures until a settlement is shown."""
        super().__init__(session, parent)
        self.readings: Readings | None = None
        self._job: Job[Readings] | None = None
        self._tracing: Job[Traced] | None = None
        self._awaited: object = None  # what a link led to, or where the person was, until the figures are there
        self._step: tuple[int, ...] = ()
        self.nothing = Nothing(
            "No ledger is open",
            "Open a ledger: then this page says who pays whom, and how that comes about from the budgets, the spending "
            "and the risk-share schedule.",
            button("Go to S&tart", lambda: self.follow(links.START)),
        )
        self.unallocated = Banner(Tone.WARNING, "Unallocated amounts")
        self.failure = Banner(Tone.ERROR, "Why there is no settlement")
        self.heading = words(self.title, PAGE_TITLE)
        self.subtitle = words()
        self.transfers = words(scale=SECTION)
        self.beside = words()
        self.detail = Detail()
        self.trace = TracePanel()
        self.content.addWidget(self.nothing)
        self.content.addWidget(self.heading)
        self.content.addWidget(self.subtitle)
        self.content.addWidget(self.failure)
        self.content.addWidget(self._figures(), stretch=1)
        self.detail.selected.connect(self._show_trace)
        self.detail.opened.connect(self._enter_trace)
        self.trace.followed.connect(self._follow)

    def _figures(self) -> QWidget:
        self.figures = QWidget()
        band = QFrame()
        band.setFrameShape(QFrame.Shape.StyledPanel)
        band.setAutoFillBackground(True)
        band.setBackgroundRole(QPalette.ColorRole.Base)
        in_band = QVBoxLayout(band)
        in_band.addWidget(self.transfers)
        in_band.addWidget(self.beside)
        self.statements_button = button("Stateme&nts of this period", self._to_statements)
        self.schedule_button = button("The ris&k-share schedule", lambda: self.follow(links.RISK_SHARE))
        in_band.addLayout(row(self.statements_button, self.schedule_button))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.detail)
        self.splitter.addWidget(self.trace)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([6_200, 3_800])
        self.splitter.setMinimumHeight(lines(self, _LEAST))
        layout = QVBoxLayout(self.figures)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.unallocated)
        layout.addWidget(band)
        layout.addWidget(self.splitter, stretch=1)
        self.figures.hide()
        return self.figures

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Put the trace below the tables where there is no room for both, as at a large text size."""
        fits = self.width() >= chars(self, _SIDE_BY_SIDE)
        self.splitter.setOrientation(Qt.Orientation.Horizontal if fits else Qt.Orientation.Vertical)
        self.splitter.setMinimumHeight(lines(self, _LEAST if fits else _LEAST * 3 // 2))
        super().resizeEvent(event)

    # What the page shows

    def forget(self) -> None:
        """No figures of a ledger that is no longer open."""
        self.readings = None
        self._awaited = None
        self._drop()
        self.detail.forget()
        self.trace.say()
        for part in (self.figures, self.failure, self.heading, self.subtitle):
            part.hide()

    def refresh(self) -> None:
        """Ask for the settlement of the session's period and reading, and for those beside it."""
        opened = self.session.opened
        self.nothing.setVisible(opened is None)
        if opened is None:
            return
        period, outturn = self.session.period, self.session.outturn

        def work(ledger: Ledger) -> Readings:
            return readings(ledger, period, outturn=outturn)

        self._drop()
        self._job = self.session.read(work, self.show_readings, self.show_failure)

    def _drop(self) -> None:
        for job in (self._job, self._tracing):
            if job is not None:
                job.drop()
        self._job = self._tracing = None

    def show_readings(self, found: Readings) -> None:
        """Show these figures in place of those before, where the person was among them."""
        self._job = None
        spot = self._awaited if self._awaited is not None else self.place()
        self._awaited = None
        self.readings = found
        settlement = found.chosen
        agreement = settlement.agreement
        self.subtitle.setText(
            f"{agreement.title}, {agreement.year}, {reading_name(settlement)}: {standing(found.state).lower()}"
        )
        self.transfers.setText("\n".join(transfers_in_words(settlement)))
        self.beside.setText(beside_in_words(found))
        self.statements_button.setText(f"Stateme&nts at {settlement.period}")
        left = unallocated_in_words(settlement)
        if left:
            left.append("The schedule is incomplete for these figures, and the period cannot be signed.")
            total = pounds(settlement.outcome.unallocated_pence)
            self.unallocated.say(f"Unallocated: {total}", "\n".join(left))
        else:
            self.unallocated.hide()
        self.failure.hide()
        for part in (self.heading, self.subtitle, self.figures):
            part.show()
        self.detail.show_readings(found)
        self._go_to(spot)

    def show_failure(self, failure: Failure) -> None:
        """Show why there is no settlement, and no figures: those of another period would be taken for this one's."""
        self._job = None
        self.readings = None
        title = "" if self.session.opened is None else f"{self.session.opened.title}: "
        self.subtitle.setText(f"{title}no settlement at {self.session.period}")
        for part in (self.heading, self.subtitle):
            part.show()
        self.figures.hide()
        self.failure.say_failure("The agreement could not be applied to the ledger", failure)

    # Where a figure comes from

    def _show_trace(self, target: object) -> None:
        """Have the trace of what was selected made, off this thread, and shown."""
        if self._tracing is not None:
            self._tracing.drop()
            self._tracing = None
        found = self.readings
        step, self._step = self._step, ()
        if found is None or target is None:
            self.trace.say()
            return

        def work(_ledger: Ledger) -> Traced:
            return trace_of(found, target)

        def show(traced: Traced) -> None:
            self._tracing = None
            self.trace.show_trace(traced.head, traced.steps, step)

        self._tracing = self.session.read(work, show)

    def _enter_trace(self, target: object) -> None:
        """Go into the trace of a figure; what has none leads where it leads."""
        if isinstance(target, links.Lines | links.ClauseOf):
            self._follow(target)
        else:
            self.trace.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, target: object) -> None:
        if isinstance(target, links.Lines):
            self.follow(links.LEDGER, target)
        elif isinstance(target, links.ClauseOf):
            self.follow(links.RISK_SHARE, target)
        else:
            self.follow(links.SETTLEMENT, target)

    def _to_statements(self) -> None:
        self.follow(links.STATEMENTS, links.PeriodOf(self.session.period))

    # The way back

    def visit(self, target: object) -> None:
        """Show a partner's figure, an amount that the schedule dealt with, or the spot where the person was."""
        if target is None:
            return
        if self.readings is None or self._job is not None or self._is_stale:
            self._awaited = target
        else:
            self._go_to(target)

    def place(self) -> object:
        """The tab, the cell in it, and the step of the trace."""
        if self.readings is None:
            return self._awaited
        spot = self.detail.spot()
        return Spot(spot.tab, spot.whose, spot.cell, self.trace.step())

    def _go_to(self, target: object) -> None:
        if isinstance(target, Spot):
            self._step = target.step
            self.detail.go_to(target)
        elif isinstance(target, links.Figure):
            self.detail.show_figure(FigureOf(target.partner, target.key))
        elif isinstance(target, links.Subject):
            self.detail.show_subject(target)
        else:
            self.detail.show_first()

    def first_focus(self) -> QWidget | None:
        """The table of the tab that is open."""
        return self.detail.view()


def beside_in_words(found: Readings) -> str:
    """What was settled before, and who would pay whom by the year's end: a sentence each."""
    told = []
    if found.before is None:
        told.append(f"Nothing was settled before {found.chosen.period}: no period before it is held or signed.")
    else:
        then = "; ".join(transfers_in_words(found.before))
        told.append(f"Settled before, at {found.before.period}: {then}.")
    if not found.chosen.is_outturn and found.outturn is not None:
        told.append(f"Forecast outturn: {'; '.join(transfers_in_words(found.outturn))}.")
    elif found.chosen.is_outturn and found.to_date is not None:
        told.append(f"Year to date: {'; '.join(transfers_in_words(found.to_date))}.")
    told += [f"The {reading} cannot be settled: {why}." for reading, why in found.why_not.items()]
    return "\n".join(told)
