"""Copies to work in: the dialogs that take one, give it back and let it go, and the list of those that are out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QWidget

from ledgers.apart import moment
from ledgers.copies import Copy, Note, copies, discard_copy, notes_beside, take_copy, work_in
from ledgers.giving_back import GivenBack, give_back
from rules.problems import RefusedError
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.start.copies_box import HEADINGS
from ui.session import Session
from ui.tables import Cell, Grid
from ui.widgets import button, chars, row, words


@dataclass(frozen=True, slots=True)
class Out:
    """A copy that was not given back, and how it was found just now."""

    copy: Copy
    state: str


def look_at_copies() -> tuple[Out, ...]:
    """Every copy that was taken here and not given back. For a job: it reads each."""
    return tuple(Out(copy, _state(copy)) for copy in copies())


def _state(copy: Copy) -> str:
    if not copy.is_there:
        return "Not found there"
    try:
        work = work_in(copy, _now)
    except RefusedError as refused:
        return refused.problems[0].message
    if not work:
        return "Nothing was done in it yet"
    return "Work in it, not given back"


def copies_grid(out: Sequence[Out]) -> Grid:
    """The copies as a table."""
    rows = tuple(
        (Cell(Path(each.copy.original).name), Cell(each.copy.original), Cell(moment(each.copy.taken)), Cell(each.state))
        for each in out
    )
    return Grid(HEADINGS, rows, frozenset())


def _now() -> datetime:
    return datetime.now(UTC)


def _when_let_go(dialog: Dialog, session: Session, copy: Copy, then: Callable[[], None]) -> None:
    """Begin once this window has no connection to the copy: each lane lets go of its own, in its turn.

    Not if the dialog was closed meanwhile: who cancels it is done with it.
    """
    opened = session.opened
    if opened is not None and opened.copy == copy:
        session.close_ledger()
    lanes = [session.searches, session.reads]
    asking = [dialog]
    dialog.finished.connect(lambda _result: asking.clear())

    def follow(_none: None = None) -> None:
        if not asking:
            return
        if lanes:
            lanes.pop().start(lambda _job: None, follow, lambda _failure: None)
        else:
            then()

    follow()


class TakeDialog(Dialog):
    """Takes a copy of a ledger to work in, and has it opened."""

    taken = Signal(str)
    """The copy's file, to be opened."""

    def __init__(self, session: Session, where: str, parent: QWidget | None = None) -> None:
        """Of the ledger at a path."""
        explains = (
            "You work in the copy by yourself: at home, on a train, or while a colleague has the ledger open. When you "
            "are done you give it back, and the ledger has your work too. That can be done only if nobody worked in "
            "the ledger meanwhile: nothing is ever merged. So agree with your colleagues before you take it."
        )
        super().__init__("Take a copy to work in", "&Take the copy", parent, explains=explains)
        self._session, self._where = session, where
        self._others: tuple[Note, ...] = ()
        self.others = words()
        self.others.hide()
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("in your own data folder on this computer")
        self.folder.setAccessibleName("Folder for the copy")
        self.folder.setMinimumWidth(chars(self, 50))
        label = QLabel("&Folder for the copy")
        label.setBuddy(self.folder)
        self.browse = button("&Browse…", self._browse, name="Choose the folder")
        across = row(self.folder, self.browse, stretch=False)
        across.setStretch(0, 1)
        self.body.addWidget(words(f"Ledger: {where}"))
        self.body.addWidget(self.others)
        self.body.addWidget(label)
        self.body.addLayout(across)
        self.body.addStretch(1)
        self.fit()
        session.searches.start(lambda _job: notes_beside(Path(where)), self._show_others, lambda _failure: None)

    def act(self) -> None:
        """Take it."""
        path, told = Path(self._where), self.folder.text().strip()
        folder = Path(told).expanduser() if told else None
        anyway = bool(self._others)

        def work(_job: Job[Copy]) -> Copy:
            return take_copy(path, _now, folder=folder, anyway=anyway)

        self.working(self._session.searches.start(work, self._taken, self._not_taken))

    def _show_others(self, others: tuple[Note, ...]) -> None:
        self._others = others
        self.others.setVisible(bool(others))
        if others:
            listed = "; ".join(str(each) for each in others)
            self.others.setText(f"{listed}. Of two copies only the one that is given back first can be.")
            self.does.setText("&Take another all the same")

    def _taken(self, copy: Copy) -> None:
        self._idle()
        self.accept()
        self.taken.emit(copy.path)

    def _not_taken(self, failure: Failure) -> None:
        self.say_failure(failure, "The copy could not be taken")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the copy", self.folder.text())
        if chosen:
            self.folder.setText(chosen)


class GiveBackDialog(Dialog):
    """Gives a copy back, and has the ledger opened that then has its work."""

    given = Signal(str)
    """The ledger, to be opened."""

    def __init__(self, session: Session, copy: Copy, parent: QWidget | None = None) -> None:
        """Of a copy."""
        explains = (
            "The ledger gets everything that was done in the copy, if nobody worked in the ledger since the copy was "
            "taken. It is locked meanwhile, and kept as a backup first; the new file is written beside it and read "
            "back, and replaces it whole or not at all."
        )
        super().__init__("Give the copy back", "&Give it back", parent, explains=explains)
        self._session, self._copy = session, copy
        self.remove = QCheckBox("&Delete the copy then (else it is put aside under another name)")
        for told in (f"Copy: {copy.path}", f"Ledger: {copy.original}", f"Taken on {moment(copy.taken)}"):
            self.body.addWidget(words(told))
        self.body.addWidget(self.remove)
        self.body.addStretch(1)
        self.fit()

    def act(self) -> None:
        """Give it back, once this window has let go of it."""
        copy, keep = self._copy, not self.remove.isChecked()

        def work(job: Job[GivenBack]) -> GivenBack:
            return give_back(copy, _now, keep=keep, report=job)

        def begin() -> None:
            self.working(
                self._session.writes.start(work, self._given, self._not_given, self.show_progress, self.called_off)
            )

        self.does.setEnabled(False)
        _when_let_go(self, self._session, copy, begin)

    def _given(self, done: GivenBack) -> None:
        self._idle()
        self.accept()
        self._session.said.emit(
            "The ledger has the copy’s work now."
            if done.work
            else "Nothing was done in the copy; the ledger is as it was."
        )
        self.given.emit(str(done.original))

    def _not_given(self, failure: Failure) -> None:
        self.does.setEnabled(True)
        self.say_failure(failure, "The copy could not be given back")


class DiscardDialog(Dialog):
    """Lets a copy go that will not be given back: its file is deleted."""

    gone = Signal()

    def __init__(self, session: Session, copy: Copy, parent: QWidget | None = None) -> None:
        """Of a copy."""
        explains = "The copy’s file and its backups are deleted. The ledger that it was taken of stays as it is."
        super().__init__("Let the copy go", "&Delete the copy", parent, explains=explains)
        self._session, self._copy = session, copy
        self.lose_work = QCheckBox("&Lose the work in it that the ledger has not")
        self.body.addWidget(words(f"Copy: {copy.path}"))
        self.body.addWidget(words(f"Ledger: {copy.original}"))
        self.body.addWidget(self.lose_work)
        self.body.addStretch(1)
        self.fit()

    def act(self) -> None:
        """Delete it."""
        copy, lose_work = self._copy, self.lose_work.isChecked()

        def begin() -> None:
            self.working(
                self._session.writes.start(
                    lambda _job: discard_copy(copy, _now, lose_work=lose_work), self._gone, self._not_gone
                )
            )

        self.does.setEnabled(False)
        _when_let_go(self, self._session, copy, begin)

    def _gone(self, lost: int) -> None:
        self._idle()
        self.accept()
        self._session.said.emit("The copy was deleted, with the work in it." if lost else "The copy was deleted.")
        self.gone.emit()

    def _not_gone(self, failure: Failure) -> None:
        self.does.setEnabled(True)
        self.say_failure(failure, "The copy was not deleted")
