"""The bar over every page: which ledger, which period of it, which reading; and whether it can only be read."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rules.periods import Period
from ui.banners import Banner, Tone
from ui.flow import Flow
from ui.periods import period_name, state_name
from ui.session import ASKED_READ_ONLY, Session
from ui.widgets import labelled

if TYPE_CHECKING:
    from ledgers import PeriodState


class ViewBar(QWidget):
    """Chooses the session's period and reading, for all pages at once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Hidden while no ledger is open."""
        super().__init__(parent)
        self._session = session
        self._states: tuple[PeriodState, ...] = ()
        self.read_only = Banner(Tone.NOTE, "Read-only")
        self.copy = Banner(Tone.NOTE, "A copy to work in")
        self.take = self.read_only.add(QPushButton("Take a cop&y to work in…"))
        self.give_back = self.copy.add(QPushButton("&Give the copy back…"))
        self.warning = Banner(Tone.WARNING, "What whoever works on this ledger has to know", dismissable=True)
        self.period = QComboBox()
        self.period.currentIndexChanged.connect(self._choose)
        self.to_date = QRadioButton("&Year to date")
        self.outturn = QRadioButton("Forecast ou&tturn")
        self.to_date.setChecked(True)
        self._reading = QButtonGroup(self)
        for each in (self.to_date, self.outturn):
            self._reading.addButton(each)
        # one signal of the two: when one button is unchecked the other is checked
        self.outturn.toggled.connect(self._choose)
        self.back = QToolButton()
        self.back.setArrowType(Qt.ArrowType.LeftArrow)
        self.forward = QToolButton()
        self.forward.setArrowType(Qt.ArrowType.RightArrow)
        for arrow, name, keys in ((self.back, "Back", "Alt+Left"), (self.forward, "Forward", "Alt+Right")):
            arrow.setAccessibleName(name)
            arrow.setToolTip(f"{name} ({keys})")
            arrow.setAutoRaise(True)
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.choosers = QWidget()
        across = Flow(self.choosers)
        across.setContentsMargins(9, 6, 9, 0)
        shown: tuple[QWidget, ...] = (self.back, self.forward, labelled("&Period", self.period), self.period)
        for widget in (*shown, self.to_date, self.outturn, self.state):
            across.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.read_only)
        layout.addWidget(self.copy)
        layout.addWidget(self.warning)
        layout.addWidget(self.choosers)
        session.opened_changed.connect(self._show_opened)
        session.view_changed.connect(self._show_view)
        session.changed.connect(self._ask_states)
        self._show_opened()

    def _show_opened(self) -> None:
        opened = self._session.opened
        self.setVisible(opened is not None)
        if opened is None:
            return
        with QSignalBlocker(self.period), QSignalBlocker(self.outturn):
            self.period.clear()
            for period in Period:
                nothing = opened.last_period is None or period > opened.last_period
                name = period_name(period, opened.year)
                self.period.addItem(f"{name} (nothing posted)" if nothing else name, period)
        self._states = ()
        self._show_view()
        self._ask_states()
        if opened.writable:
            self.read_only.hide()
        else:
            self.read_only.say("Read-only", opened.why_read_only)
        self.take.setVisible(opened.may_be_copied and opened.why_read_only not in {"", ASKED_READ_ONLY})
        if opened.copy is None:
            self.copy.hide()
        else:
            from ledgers.apart import moment  # noqa: PLC0415  the first window has no ledger

            self.copy.say(
                "A copy to work in",
                f"Taken of {opened.copy.original} on {moment(opened.copy.taken)}. What you do here comes into that "
                "ledger only when you give the copy back, and only if nobody worked in it meanwhile.",
            )
        if opened.warnings:
            self.warning.say("Before you go on", "\n".join(opened.warnings))
        else:
            self.warning.hide()

    def _ask_states(self) -> None:
        if self._session.opened is not None:
            self._session.read(lambda ledger: ledger.periods(), self._show_states, lambda _failure: None)

    def _show_states(self, states: "tuple[PeriodState, ...]") -> None:
        self._states = states
        self._show_view()

    def _show_view(self) -> None:
        state = next((each for each in self._states if each.period is self._session.period), None)
        self.state.setText("" if state is None else f"{state.period} is {state.state}")
        self.state.setToolTip("" if state is None else state_name(state))
        with QSignalBlocker(self.period), QSignalBlocker(self.outturn):
            self.period.setCurrentIndex(self.period.findData(self._session.period))
            (self.outturn if self._session.outturn else self.to_date).setChecked(True)

    def _choose(self) -> None:
        if self.period.currentData() is not None:
            self._session.choose(Period(self.period.currentData()), outturn=self.outturn.isChecked())
