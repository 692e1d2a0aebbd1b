"""The audit trail: who did what and when, narrowed by action, person, days and words; one entry whole; saved as CSV."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ledgers import Ledger
from ledgers.trail import POSTINGS, Action, Entry
from ledgers.trail_search import TrailFilter, entries, numbers, who_and_what
from settlement.audit_papers import write_trail
from ui import links
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.flow import Flow
from ui.jobs import Job
from ui.links import Lines, Link
from ui.pages.audit.rows_model import RowsView
from ui.pages.audit.trail_model import TrailModel
from ui.pages.sign_off.said import when
from ui.session import Session
from ui.widgets import button, chars, labelled, lines, words

_SETTLES_AFTER = 250  # milliseconds
_DAY = "%d/%m/%Y"
_NUMBERED = re.compile(r"(batch|note|version|dispute) (\d+)", re.ASCII)
_Found = tuple[tuple[int, ...], int, tuple[tuple[str, ...], tuple[str, ...]]]


class TrailPanel(QWidget):
    """Looks through the trail of the session's ledger."""

    go = Signal(object)
    opening = Signal(object)
    """An entry that the person wants to see whole."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Empty, until it is refreshed."""
        super().__init__(parent)
        self.session = session
        self._asking: Job[_Found] | None = None
        self.model = TrailModel(self._fetch, self)
        self.view = RowsView(self.model, "The audit trail, the newest entry first")
        self.view.activated.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.action, self.actor = QComboBox(), QComboBox()
        self.since, self.until, self.text = QLineEdit(), QLineEdit(), QLineEdit()
        self.action.addItem("Every action")
        self.actor.addItem("Everybody")
        for day in (self.since, self.until):
            day.setPlaceholderText("DD/MM/YYYY")
            day.setMaximumWidth(chars(day, 14))
        self.text.setPlaceholderText("Words in it")
        self.text.setMinimumWidth(chars(self.text, 20))
        self.said = words()
        filters = QWidget()
        flow = Flow(filters)
        for text, field in (
            ("&Action", self.action),
            ("&Who", self.actor),
            ("Fro&m", self.since),
            ("To", self.until),
            ("Wor&ds", self.text),
        ):
            flow.addWidget(_pair(text, field))
        self.clear_button = button("&Clear", self.clear, name="Clear the filters of the trail")
        self.save_button = button("&Save as CSV…", self._save, name="Save these entries of the trail as CSV")
        self.open_button = button("Open the e&ntry", self._open_current, name="Show the chosen entry whole")
        flow.addWidget(self.clear_button)
        below = QWidget()
        under = Flow(below)
        under.addWidget(self.open_button)
        under.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.addWidget(filters)
        column.addWidget(self.said)
        column.addWidget(self.view, stretch=1)
        column.addWidget(below)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SETTLES_AFTER)
        self._wait.timeout.connect(self.refresh)
        for combo in (self.action, self.actor):
            combo.currentIndexChanged.connect(self._changed)
        for edit in (self.since, self.until, self.text):
            edit.textChanged.connect(self._changed)
        self._is_filling = False

    # What is asked for

    def wanted(self) -> TrailFilter | str:
        """The filter that is chosen; a sentence, if a day is none."""
        days: list[dt.date | None] = []
        for edit in (self.since, self.until):
            typed = edit.text().strip()
            try:
                days.append(dt.datetime.strptime(typed, _DAY).date() if typed else None)  # noqa: DTZ007  a day alone
            except ValueError:
                return f"“{typed}” is not a day: write it as 31/03/2015."
        return TrailFilter(self.action.currentData(), self.actor.currentData(), days[0], days[1], self.text.text())

    def refresh(self) -> None:
        """Ask for the entries that are wanted."""
        wanted = self.wanted()
        if self.session.opened is None:
            return
        if isinstance(wanted, str):
            self.said.setText(wanted)
            return
        if self._asking is not None:
            self._asking.drop()

        def work(ledger: Ledger) -> _Found:
            found = numbers(ledger, wanted)
            everything = found if wanted == TrailFilter() else numbers(ledger, TrailFilter())
            return found, len(everything), who_and_what(ledger)

        self._asking = self.session.read(work, self._show)

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self._wait.stop()
        if self._asking is not None:
            self._asking.drop()
            self._asking = None
        self.clear()
        self._wait.stop()
        self.model.show_numbers(())
        self.said.setText("")

    def clear(self) -> None:
        """Ask for every entry."""
        for combo in (self.action, self.actor):
            combo.setCurrentIndex(0)
        for edit in (self.since, self.until, self.text):
            edit.clear()

    def _changed(self) -> None:
        if not self._is_filling:
            self._wait.start()

    # What it shows

    def _show(self, found: _Found) -> None:
        self._asking = None
        shown, everything, (actors, actions) = found
        self._is_filling = True
        _fill(self.actor, "Everybody", actors)
        _fill(self.action, "Every action", actions)
        self._is_filling = False
        if shown != self.model.numbers:
            self.model.show_numbers(shown)
            self.view.choose(0)
        if not everything:
            self.said.setText("There is no audit trail: a ledger in a folder has none, because nothing changes it.")
        elif not shown:
            self.said.setText("No entry is as asked for: clear the filters to see all.")
        else:
            entry = "entry" if everything == 1 else "entries"
            self.said.setText(f"{len(shown):,} of {everything:,} {entry}, the newest first. Times are UTC.")
        self.open_button.setEnabled(bool(shown))
        self.save_button.setEnabled(bool(shown))

    def _fetch(self, window: int, wanted: Sequence[int]) -> None:
        of = self.model.numbers

        def show(found: tuple[Entry, ...]) -> None:
            if of is self.model.numbers:  # not of a trail that was asked for before
                first = not self.model.has_entries
                self.model.take(window, found)
                if first:
                    self.view.fit_columns()

        self.session.read(lambda ledger: entries(ledger, wanted), show)

    def _open_current(self) -> None:
        self._open(self.view.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        entry = self.model.entry(index.row()) if index.isValid() else None
        if entry is not None:
            self.opening.emit(entry)

    def _save(self) -> None:
        wanted = self.wanted()
        if isinstance(wanted, str):
            self.said.setText(wanted)
            return
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the audit trail", "audit-trail.csv", "CSV (*.csv)")
        if not chosen:
            return
        self.session.read(
            lambda ledger: write_trail(ledger, wanted, Path(chosen)),
            lambda count: self.session.said.emit(f"{chosen}: {count:,} entries were saved."),
            self._not_saved,
        )

    def _not_saved(self, failure: Failure) -> None:
        self.session.failed.emit("The audit trail was not saved", failure)


class EntryDialog(Dialog):
    """One entry of the trail, whole."""

    def __init__(self, entry: Entry, parent: QWidget | None = None, *, follow: object = None) -> None:
        """`follow` is called with the link to what the entry is about."""
        super().__init__(f"Entry {entry.id:,} of the audit trail", "&Close", parent)
        self.buttons.button(self.buttons.StandardButton.Cancel).hide()
        self.entry = entry
        self.text = QPlainTextEdit(told_of(entry))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The entry in full")
        self.text.setMinimumSize(chars(self, 74), lines(self, 14))
        self.copy_button = button("Co&py", self._copy, name="Copy the entry")
        self.link = link_of(entry)
        line = QWidget()
        flow = Flow(line)
        flow.addWidget(self.copy_button)
        self.show_button = button("&Show it", partial(self._follow, follow), name="Show what the entry is about")
        self.show_button.setVisible(self.link is not None)
        flow.addWidget(self.show_button)
        self.body.addWidget(self.text, stretch=1)
        self.body.addWidget(line)
        self.fit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _follow(self, follow: object) -> None:
        self.accept()
        if callable(follow) and self.link is not None:
            follow(self.link)


def told_of(entry: Entry) -> str:
    """An entry in full, a line for each part of it."""
    parts = (
        ("Entry", f"{entry.id:,}"),
        ("When", f"{when(entry.at)} ({entry.at})"),
        ("Who", entry.actor),
        ("Program", entry.program),
        ("Action", entry.action),
        ("Of", entry.subject),
        ("What", entry.detail or "nothing more was said"),
        ("Digest", entry.digest),
    )
    return "\n".join(f"{name}: {value}" for name, value in parts)


def link_of(entry: Entry) -> Link | None:
    """Where what an entry is about is shown; None if it is shown nowhere by itself."""
    found = _NUMBERED.fullmatch(entry.subject)
    number = 0 if found is None else int(found[2])
    link: Link | None = None
    if entry.action in POSTINGS and number:
        link = Link(links.LEDGER, Lines(batch=number, why=f"Batch {number}: {entry.detail}"))
    elif entry.action in {Action.AGREEMENT, Action.ASSENT} and number:
        link = Link(links.AGREEMENT, links.PartOf("versions", str(number)))
    elif entry.action in {Action.HOLD, Action.REOPEN, Action.SEAL, Action.SIGN, Action.WITHDRAW, Action.KEY}:
        link = Link(links.SIGN_OFF)
    elif entry.action in {Action.DISPUTE, Action.RESOLVE, Action.CARRY}:
        link = Link(links.SIGN_OFF, "disputes")
    return link


def _fill(combo: QComboBox, everything: str, names: tuple[str, ...]) -> None:
    chosen = combo.currentData()
    if [combo.itemData(at) for at in range(1, combo.count())] == list(names):
        return
    combo.clear()
    combo.addItem(everything)
    for name in names:
        combo.addItem(name, name)
    combo.setCurrentIndex(max(combo.findData(chosen), 0) if chosen is not None else 0)


def _pair(text: str, field: QWidget) -> QWidget:
    """A field with its label before it."""
    pair = QWidget()
    across = QHBoxLayout(pair)
    across.setContentsMargins(0, 0, 0, 0)
    across.addWidget(labelled(text, field))
    across.addWidget(field)
    return pair
