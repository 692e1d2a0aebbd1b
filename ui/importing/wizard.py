"""Importing a file of lines or measures: the file, its columns, a check of every row, and all of it posted or nothing.

A file whose columns were matched before, or are the ledger's own, goes straight to the check: that is the month's work.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ledgers.importing.mapping import Mapping
from ledgers.importing.previewing import Checked
from rules.english import listed
from ui import links
from ui.dialogs import Dialog
from ui.entering.fields import as_high_as_its_rows
from ui.entering.posting import counted
from ui.failures import Failure
from ui.importing.check_step import CheckStep, totals_grid
from ui.importing.columns_step import ColumnsStep
from ui.importing.file_step import FileStep
from ui.importing.work import (
    Inspected,
    Posted,
    Values,
    dry_run,
    inspect,
    near_or_aside,
    post,
    sample_file,
    values_of,
)
from ui.jobs import Job
from ui.links import Lines, Link
from ui.page import Page
from ui.session import Session
from ui.tables import FigureTable, GridModel
from ui.widgets import SECTION, button, chars, lines, room, row, words

_FILE, _COLUMNS, _CHECK, _POSTED = range(4)
_STEPS = ("File", "Columns", "Check", "Posted")
_KEPT = "import_folder"
_ROOMY = QSize(150, 44)  # in characters and lines


class ImportDialog(Dialog):
    """The four steps. `go` leads to the lines that were posted; a page above it is told of that too."""

    go = Signal(object)
    """A `Link` to the lines that were posted."""

    posted = Signal(object)
    """What was posted: an `Imported`."""

    def __init__(self, session: Session, path: str = "", parent: QWidget | None = None) -> None:
        """Begins with the file, if one is given, and otherwise asks for one."""
        super().__init__("Import a file", "&Next", parent)
        self.session = session
        self._inspected: Inspected | None = None
        self._mapping: Mapping | None = None
        self._posted: Posted | None = None
        self._asking: Job[Any] | None = None
        self.setAcceptDrops(True)
        self.steps = words()
        self.steps.setAccessibleName("Steps")
        self.file = FileStep(lambda: str(session.kept(_KEPT, "")))
        self.columns = ColumnsStep()
        self.check = CheckStep()
        self.done_heading = words("", SECTION)
        self.done_sentences = words()
        self.done_model = GridModel(("Kind of line", "Comes to"))
        self.done_table = FigureTable(self.done_model, "What was posted, by kind")
        self.show_lines = button("&Show the lines", self._follow)
        self.stack = QStackedWidget()
        self._steps = (self.file, self.columns, self.check, self._done_step())
        for step in self._steps:
            self.stack.addWidget(step)
        self._lay_out()
        self.file.chosen.connect(self._read)
        self.columns.ask_values.connect(self._ask_values)
        self.columns.ask_sheet.connect(self._read_sheet)
        self.columns.refused.connect(self.problem.say)
        self.check.mended_all.connect(self._check_again)
        self.check.check_again.connect(self._check_again)
        self.check.read_again.connect(self._read_again)
        self.check.change_columns.connect(partial(self._show_step, _COLUMNS))
        self._show_step(_FILE)
        as_high_as_its_rows(self.done_table)
        self.fit()
        roomy = QSize(chars(self, _ROOMY.width()), lines(self, _ROOMY.height()))
        self.resize(self.size().expandedTo(roomy).boundedTo(room()))
        why = self._why_not()
        if why:
            self.problem.say("Nothing can be imported here", why)
            self.does.setEnabled(False)
            self.does.setToolTip(why)
        elif path:
            self.file.path.setText(path)
            self._read(path)

    def _lay_out(self) -> None:
        self.body.addWidget(self.steps)
        self.body.addWidget(self.stack, stretch=1)
        self.back = QPushButton("&Back")
        self.back.setAutoDefault(False)
        self.buttons.addButton(self.back, QDialogButtonBox.ButtonRole.ResetRole)
        self.back.clicked.connect(lambda _checked=False: self._go_back())
        forward = QAction(self)
        forward.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        forward.triggered.connect(self._forward)
        self.addAction(forward)

    def _done_step(self) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.done_heading)
        column.addWidget(self.done_sentences)
        column.addWidget(self.done_table)
        column.addLayout(row(self.show_lines))
        column.addStretch()
        return step

    def _why_not(self) -> str:
        opened = self.session.opened
        if opened is None:
            return "Open the ledger that the file belongs to first."
        return "" if opened.writable else opened.why_read_only

    # From step to step

    @property
    def step(self) -> int:
        """Which step is shown, from 0."""
        return self.stack.currentIndex()

    @property
    def path(self) -> str:
        """The file."""
        return self.file.file

    def act(self) -> None:
        """Go on: read the file, check its rows, post them, or close."""
        match self.step:
            case 0:
                if self.path:
                    self._read(self.path)
                else:
                    self.problem.say("No file is chosen", "Choose a CSV or XLSX file, or drop one on this window.")
                    self.file.path.setFocus()
            case 1:
                self._take_columns()
            case 2:
                self._post()
            case _:
                self.accept()

    def _forward(self) -> None:
        self.check.grid.finish_editing()
        self.columns.values_grid.finish_editing()
        if self.does.isEnabled():
            self._act()

    def _go_back(self) -> None:
        is_ours = self._inspected is not None and self._inspected.mapping is None and self._mapping is None
        self._show_step(_FILE if self.step == _COLUMNS or is_ours else _COLUMNS)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        policy = QSizePolicy.Policy
        for number, each in enumerate(self._steps):  # a step that is not shown takes no room
            size = policy.Preferred if number == step else policy.Ignored
            each.setSizePolicy(size, size)
        told = [
            f"{number}. {name}" + (" (here)" if number == step + 1 else "") for number, name in enumerate(_STEPS, 1)
        ]
        self.steps.setText("   ›   ".join(told))
        self.problem.hide()
        self.back.setVisible(step in {_COLUMNS, _CHECK})
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setVisible(step != _POSTED)
        self._show_does()
        focus: QWidget | None = {_FILE: self.file.path, _POSTED: self.does}.get(step)
        if step == _COLUMNS:
            missing = self.columns.wrong()
            focus = self.columns.known_as if missing is None else missing[0]
        if step == _CHECK:
            focus = self.check.first_focus() or (self.does if self.does.isEnabled() else self.back)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_does(self) -> None:
        checked = self.check.checked
        noun = "line" if checked is None or checked.is_lines else "measure"
        texts = {
            _FILE: "&Next",
            _COLUMNS: "Check the &lines",
            _CHECK: f"&Post {counted(checked.good, noun)}" if checked is not None and checked.good else "&Post",
            _POSTED: "&Close",
        }
        self.does.setText(texts[self.step])
        can = self.step != _CHECK or self.check.can_post
        self.does.setEnabled(can and not self._why_not())
        self.does.setToolTip("" if can else "Every row has to be mended or left out first.")

    def _start(
        self, work: Callable[[Any], Any], done: Callable[[Any], None], failed: Callable[[Failure], None] | None = None
    ) -> None:
        """Begin long work, with the dialog's progress and Cancel."""
        self.working(
            self.session.asides.start(work, done, failed or self._could_not_read, self.show_progress, self._called_off)
        )

    def _called_off(self) -> None:
        self.called_off()
        self._show_does()

    def _could_not_read(self, failure: Failure) -> None:
        self.say_failure(failure, "The file could not be read")
        self._show_does()

    @property
    def _where(self) -> str:
        assert self.session.opened is not None  # noqa: S101  without a ledger nothing is begun
        return self.session.opened.where

    # The file

    def _read(self, path: str) -> None:
        """Look into a file."""
        self.check.forget()
        self._look(path, None)

    def _read_sheet(self, sheet: str) -> None:
        self._look(self.path, sheet)

    def _look(self, path: str, sheet: str | None) -> None:
        self._start(near_or_aside(path, inspect, self._where, path, sheet), self._show_inspected)

    def _show_inspected(self, inspected: Inspected) -> None:
        self._idle()
        self.session.keep_for(_KEPT, str(Path(self.path).absolute().parent))
        is_other_sheet = self.step == _COLUMNS
        self._inspected, self._mapping = inspected, inspected.mapping
        self.columns.show_inspected(inspected)
        if inspected.is_settled and not is_other_sheet:
            self._check_again()
        else:
            self._show_step(_COLUMNS)

    # The columns

    def _ask_values(self, mapping: Mapping) -> None:
        """Which codes does the file have under these columns? Asked beside what the person goes on with."""
        if self._asking is not None:
            self._asking.drop()
        meant = {name: dict(told) for name, told in self.columns.values.meant.items()}

        def show(values: Values) -> None:
            from ledgers.importing.guessing import guess_values  # noqa: PLC0415  beside its only use here

            if self._inspected is not None:
                guessed = guess_values(values, self._inspected.agreement)
                both = {ours: guessed.get(ours, {}) | meant.get(ours, {}) for ours in values}
                self.columns.show_values(values, both)

        # headings that do not hold together yet have no values: what is wrong with them the check says
        self._asking = self.session.asides.start(
            near_or_aside(self.path, values_of, self.path, mapping), show, lambda _failure: None
        )

    def _take_columns(self) -> None:
        wrong = self.columns.wrong()
        if wrong is not None:
            field, why = wrong
            self.problem.say("The columns are not all matched yet", why)
            field.setFocus()
            return
        mapping = self.columns.mapping()
        if mapping != self._mapping:
            self.check.forget()
        self._mapping = mapping
        self._check_again()

    # The check

    def _read_again(self) -> None:
        """The file was mended elsewhere: what was mended here is of the file as it was."""
        self.check.forget()
        self._look(self.path, self._inspected.looked.sheet or None if self._inspected is not None else None)

    def _check_again(self) -> None:
        work = near_or_aside(self.path, dry_run, self._where, self.path, self._mapping, self.check.mended)
        self._start(work, self._show_checked)

    def _show_checked(self, checked: Checked) -> None:
        self._idle()
        assert self._inspected is not None  # noqa: S101  what was checked was looked into first
        self.check.show_checked(checked, self._inspected.book, self._mapping.name if self._mapping else "")
        self._show_step(_CHECK)

    # Posting

    def _post(self) -> None:
        if not self.check.can_post:
            return
        path, mapping, mended = self.path, self._mapping, self.check.mended
        self.working(
            self.session.write(
                lambda ledger, job: post(ledger, path, mapping, mended, job),
                self._show_posted,
                self._not_posted,
                progressed=self.show_progress,
                cancelled=self._called_off,
            )
        )

    def _not_posted(self, failure: Failure) -> None:
        self.say_failure(failure, "Nothing was posted")
        self._show_does()

    def _show_posted(self, posted: Posted) -> None:
        self._idle()
        self._posted = posted
        imported = posted.imported
        noun = "line" if imported.content == "lines" else "measure"
        self.done_heading.setText(f"{counted(imported.count, noun)} posted as batch {imported.batch}")
        told = [f"From {posted.copy or imported.file}."]
        if posted.copy:
            told.append(f"That is the mended copy of {self.path}, which stayed as it is.")
        checked = self.check.checked
        if imported.late and checked is not None and checked.late_to is not None:
            told.append(f"{counted(imported.late)} of closed periods went to {checked.late_to}.")
        if imported.mapping:
            told.append(f"The mapping “{imported.mapping}” is kept for the next file like this.")
        self.done_sentences.setText("\n".join(told))
        self.done_model.show_grid(totals_grid(imported.totals_pence))
        self.done_table.setVisible(bool(imported.totals_pence))
        self.show_lines.setVisible(noun == "line")
        self._show_step(_POSTED)
        kinds = listed(kind.value for kind, _pence in imported.totals_pence)
        self.session.said.emit(f"{counted(imported.count, noun)} posted as batch {imported.batch}: {kinds or noun}.")
        self.posted.emit(imported)

    def _follow(self) -> None:
        """Lead to the lines: the page that opened the dialog goes there."""
        if self._posted is None:
            return
        batch = self._posted.imported.batch
        link = Link(links.LEDGER, Lines(batch=batch, why=f"Batch {batch}: {Path(self.path).name}"))
        above = self.parentWidget()
        self.accept()
        self.go.emit(link)
        while above is not None and not isinstance(above, Page):
            above = above.parentWidget()
        if above is not None:
            above.go.emit(link)

    def done(self, result: int) -> None:
        """Close; what is still being asked tells nobody."""
        for job in (self._asking, self._job):
            if job is not None:
                job.drop()
        super().done(result)

    # A file dropped on the dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take one file, as long as nothing was posted."""
        if self.step != _POSTED and len([url for url in event.mimeData().urls() if url.isLocalFile()]) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """It is the file to import."""
        found = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if len(found) == 1 and self._job is None and not self._why_not():
            event.acceptProposedAction()
            self.file.path.setText(found[0])
            self._read(found[0])


def sample(session: Session, parent: QWidget | None = None) -> ImportDialog:
    """The dialog at the check of a file made up from the open ledger, with two rows to mend, to be looked at."""
    dialog = ImportDialog(session, "", parent)

    def begin(path: str) -> None:
        dialog.file.path.setText(path)
        dialog._read(path)  # noqa: SLF001  as if the file had been dropped

    session.read(sample_file, begin)
    return dialog
