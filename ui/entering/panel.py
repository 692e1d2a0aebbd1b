"""Entering lines by keyboard, as in a spreadsheet, and posting them all at once or none.

What is not posted yet is kept as a draft at every change: a crash, or a closed window, loses none of it.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from ledgers.importing.entering import COLUMNS, Row, row_of
from ledgers.importing.previewing import Book, read_book
from ledgers.ledger import Ledger
from ledgers.lines import Line
from rules.periods import Period
from settlement.sentences import KIND_NAMES
from ui.banners import Banner, Tone
from ui.entering.choices import HEADINGS
from ui.entering.keeping import find_rows, keep_rows, post_rows
from ui.entering.line_grid import LineGrid
from ui.entering.model import STANDING, EntryModel
from ui.entering.posting import Posting, about_rows, counted, posted_in_words
from ui.failures import Failure
from ui.figures import exact, spoken
from ui.jobs import Job
from ui.session import Session
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import Nothing, button, lines, row, words

_KEYS = (
    "Type as in a spreadsheet: Tab and Enter move on, Ctrl+D copies the cell above, Ctrl+; is today, and a block can "
    "be pasted from Excel. A new row begins as the one above it. Ctrl+Enter posts everything; Ctrl+Tab leaves the grid."
)
_AMOUNT = COLUMNS.index("amount")
_HIGH = 24  # lines of text
_SUMS = ("Total of", "Comes to", "Which means")


class EntryPanel(QWidget):
    """A grid to enter lines in, what they come to, and a button that posts them."""

    posted = Signal(object)
    """The lines as they were posted: a tuple of `Line`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Over the session: the draft of the open ledger is found again."""
        super().__init__(parent)
        self.session = session
        self._where = ""
        self._like: Line | None = None
        self._asked: Job[Any] | None = None
        self._keeping: Job[Any] | None = None
        self._kept: list[Row] = []
        self._posting = False
        self.model = EntryModel(self._show_sums, self)
        self.grid = LineGrid(self.model, session.reads, self._say)
        self.banner = Banner(Tone.NOTE, "What was posted", dismissable=True)
        self.problem = Banner(Tone.ERROR, "Why nothing was posted", dismissable=True)
        self.why_not = Nothing("Lines cannot be entered here", "")
        self.sums_model = GridModel(_SUMS)
        self.sums = FigureTable(self.sums_model, "What the lines come to")
        self.says = words()
        self.says.setAccessibleName("About the current cell")
        self.says.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.summary = words()
        self._lay_out()
        self.grid.selectionModel().currentChanged.connect(self._show_cell)
        self.model.stack.indexChanged.connect(self._show_standing)
        session.opened_changed.connect(self._open)
        session.changed.connect(self._read_book)
        session.preferences_changed.connect(self._show_sums)
        self._open()

    def _lay_out(self) -> None:
        self.post_button = button("P&ost the lines", self.post, tip="Ctrl+Enter: all of them as one batch, or none")
        self.undo_button = button("&Undo", self.grid.undo, tip="Ctrl+Z")
        self.redo_button = button("&Redo", self.grid.redo, tip="Ctrl+Y")
        self.paste_button = button("Pa&ste", self.grid.paste_clipboard, tip="Ctrl+V: a block copied from Excel")
        self.insert_button = button("I&nsert a row", self.grid.insert_row, tip="An empty row above the current one")
        self.delete_button = button("&Delete rows", self.grid.delete_rows, tip="Ctrl+-: the selected rows")
        post_all = QAction("Post", self)
        post_all.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        post_all.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        post_all.triggered.connect(self.post)
        self.addAction(post_all)
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.grid.customContextMenuRequested.connect(self._open_menu)
        self.keys = words(_KEYS)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid, stretch=1)
        column.addWidget(self.says)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(above)
        self.split.addWidget(self.sums)
        self.split.setStretchFactor(0, 1)
        self.grid.setMinimumHeight(lines(self, 4))
        self.split.setSizes([lines(self, 30), lines(self, 7)])
        buttons = row(
            self.post_button, self.undo_button, self.redo_button, self.paste_button, self.insert_button,
            self.delete_button, stretch=False,
        )  # fmt: skip
        across = QHBoxLayout()
        across.addLayout(buttons)
        across.addWidget(self.summary, stretch=1)
        self.work = QWidget()
        work = QVBoxLayout(self.work)
        work.setContentsMargins(0, 0, 0, 0)
        work.addWidget(self.keys)
        work.addWidget(self.split, stretch=1)
        work.addLayout(across)
        layout = QVBoxLayout(self)
        layout.addWidget(self.banner)
        layout.addWidget(self.problem)
        layout.addWidget(self.why_not)
        layout.addWidget(self.work, stretch=1)

    # What is entered

    def start(self, like: Line | None = None) -> None:
        """Begin to enter: at the first cell of a new row, or at the amount of one that is like a line."""
        if like is not None:
            if self.model.book is None:
                self._like = like  # once it is known what lines are judged by
                return
            at = len(self.model.rows)
            self.model.change(at, 0, [row_of(like)], f"a row like line {like.id}")
            self.grid.go_to(at, _AMOUNT)
        elif not self.grid.currentIndex().isValid():
            self.grid.go_to(len(self.model.rows), self.grid.new_row_column() or 0)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_work(self) -> bool:
        """Whether anything was entered that is not posted yet. It is kept as a draft whatever becomes of the window."""
        return bool(self.model.rows)

    def post(self) -> None:
        """Post every row as one batch, or say what is to be mended first."""
        self.grid.finish_editing()
        if self._posting or not self._can_post():
            return
        rows = [(at, told.line) for at, told in enumerate(self.model.judged) if told is not None and told.line]
        self._posting = True
        self._show_standing()
        numbers = [at for at, _line in rows]
        wanted = [line for _at, line in rows]
        where, texts = self._where, list(self.model.rows)
        self.session.write(
            lambda ledger, _job: post_rows(ledger, where, texts, wanted),
            partial(self._after_post, numbers),
            self._post_failed,
        )

    def _can_post(self) -> bool:
        """Whether they can be posted; if not, go to the first cell to mend and say why."""
        sums = self.model.sums
        if sums.can_be_posted and self.model.is_judged:
            return True
        if not self.model.is_judged:
            self._say("The rows are still being checked: post them in a moment.")
            return False
        for at in range(len(self.model.rows)):
            wrong = self.model.complaints(at)
            if wrong:
                column, why = wrong[0]
                self.grid.go_to(at, column)
                self.problem.say(f"Nothing was posted: {about_rows(sums)}", f"Row {at + 1}: {why}.")
                return False
        self._say("There is nothing to post yet: type a line first.")
        return False

    def _after_post(self, numbers: list[int], posting: Posting) -> None:
        self._posting = False
        self._show_standing()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)  # which it lost while nothing could be typed
        if posting.problems:
            self._show_refusal(numbers, posting)
        else:
            self.problem.hide()
            self.banner.say(*posted_in_words(posting.lines))
            self._kept = []
            self.model.show_rows(())
            self.grid.go_to(0, 0)
            self.session.said.emit(f"{counted(len(posting.lines))} posted as batch {posting.lines[0].batch}.")
            self.posted.emit(posting.lines)
        self._show_standing()

    def _show_refusal(self, numbers: list[int], posting: Posting) -> None:
        """Point at the cells that the ledger would not take."""
        at_rows: dict[int, tuple[str, str]] = {}
        told = []
        for problem in posting.problems:
            if problem.line is not None and problem.line <= len(numbers):
                at = numbers[problem.line - 1]
                at_rows.setdefault(at, (problem.place or COLUMNS[0], problem.message))
                told.append(f"Row {at + 1}, {HEADINGS.get(problem.place, 'row').lower()}: {problem.message}.")
            else:
                told.append(f"{problem.message}.")
        self.model.refuse(at_rows)
        if at_rows:
            first = min(at_rows)
            self.grid.go_to(first, COLUMNS.index(at_rows[first][0]))
        self.problem.say("The ledger did not take the lines; nothing was posted", "\n".join(told[:3]), "\n".join(told))

    def _post_failed(self, failure: Failure) -> None:
        self._posting = False
        self.problem.say_failure("Nothing was posted", failure)
        self._show_standing()

    # What is open

    def _open(self) -> None:
        """Another ledger is open, or none: keep what was entered for the one before, and find what was for this."""
        self._flush()
        opened = self.session.opened
        self._where = ""
        self._kept = []
        for banner in (self.banner, self.problem):
            banner.hide()
        self.model.show_book(None, Period.M1)
        self.model.show_rows(())
        writable = opened is not None and opened.writable
        self.work.setVisible(writable)
        self.why_not.setVisible(not writable)
        if opened is None:
            self.why_not.say("No ledger is open", "Open a ledger, and its lines can be entered here.")
        elif not opened.writable:
            self.why_not.say("Lines cannot be entered here", opened.why_read_only)
        else:
            self._where = opened.where
            self._read_book()

    def _read_book(self) -> None:
        """Ask what lines are judged by: the agreements and periods as they are now."""
        where = self._where
        if not where:
            return
        if self._asked is not None:
            self._asked.drop()
        is_new = self.model.book is None

        def ask(ledger: Ledger) -> tuple[Book, list[Row]]:
            return read_book(ledger), find_rows(ledger, where) if is_new else []

        self._asked = self.session.read(ask, self._show_book)

    def _show_book(self, answer: tuple[Book, list[Row]]) -> None:
        book, rows = answer
        self._asked = None
        first = book.counted_in.get(self.session.period) or self.session.period
        is_new = self.model.book is None
        self.model.show_book(book, first)
        if is_new:
            self._kept = rows
            self.model.show_rows(rows)
            if rows:
                self.banner.say(
                    f"{counted(len(rows), 'row')} that {'was' if len(rows) == 1 else 'were'} not posted yet",
                    "They were kept as they were typed. Post them, or select and delete them.",
                )
        if self._like is not None:
            like, self._like = self._like, None
            self.start(like)
        elif not self.grid.currentIndex().isValid():
            self.grid.go_to(len(self.model.rows), self.grid.new_row_column() or 0)

    # The draft

    def _keep(self) -> None:
        """Keep the draft, off the window's thread; the last state is kept once the one before is written."""
        if not self._where or self.model.book is None or self._keeping is not None or self.model.rows == self._kept:
            return
        where, rows = self._where, list(self.model.rows)
        self._keeping = self.session.reads.start(
            lambda _job: keep_rows(where, rows), partial(self._after_keep, where, rows), self._keep_failed
        )

    def _after_keep(self, where: str, rows: list[Row], _none: None) -> None:
        self._keeping = None
        if where == self._where:
            self._kept = rows
        self._keep()

    def _keep_failed(self, _failure: Failure) -> None:
        self._keeping = None

    def _flush(self) -> None:
        """Keep the draft at once: the window closes, or another ledger is opened."""
        if self._where and self.model.book is not None and self.model.rows != self._kept:
            keep_rows(self._where, self.model.rows)
            self._kept = list(self.model.rows)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Where there is little height the totals stand beside the grid, and what the keys do is in the guide."""
        super().resizeEvent(event)
        is_low = self.height() < lines(self, _HIGH)
        wanted = Qt.Orientation.Horizontal if is_low else Qt.Orientation.Vertical
        if self.split.orientation() is not wanted:
            self.split.setOrientation(wanted)
            whole = self.width() if is_low else self.height()
            self.split.setSizes([whole * 3 // 4, whole // 4])
        self.keys.setVisible(not is_low)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """What was typed last is kept before the window may be gone."""
        self.grid.finish_editing()
        self._flush()
        super().hideEvent(event)

    # What is shown

    def _show_sums(self) -> None:
        """Show what the rows come to. Called by the model after each change."""
        if not hasattr(self, "sums"):
            return  # the model is made first
        sums = self.model.sums
        listed = [
            _sum_row(
                f"Virement {reference}" if reference else "Virements without a reference",
                pence,
                "Not at zero: it cannot be posted" if pence else "At zero, as it must be",
            )
            for reference, pence in sorted(sums.virements, key=lambda each: not each[1])  # those to mend first
        ]
        listed += [_sum_row(KIND_NAMES[kind], pence) for kind, pence in sums.by_kind]
        self.sums_model.show_grid(Grid(_SUMS, tuple(listed), frozenset({1})))
        self._keep()
        self._show_standing()
        QTimer.singleShot(0, self, self._show_current)

    def _show_standing(self, *_index: object) -> None:
        stack = self.model.stack
        self.summary.setText("Posting…" if self._posting else about_rows(self.model.sums))
        self.work.setEnabled(not self._posting)
        self.undo_button.setEnabled(stack.canUndo())
        self.redo_button.setEnabled(stack.canRedo())
        self.undo_button.setToolTip(f"Ctrl+Z: take back {stack.undoText()}" if stack.canUndo() else "Nothing to undo")
        self.redo_button.setToolTip(f"Ctrl+Y: do again {stack.redoText()}" if stack.canRedo() else "Nothing to redo")
        self.delete_button.setEnabled(bool(self.model.rows))

    def _show_current(self) -> None:
        self._show_cell()

    def _show_cell(self, *_changed: object) -> None:
        """Say what is wrong with the current cell or, if nothing is, what stands in it."""
        at = self.grid.currentIndex()
        if not at.isValid():
            self.says.setText("")
            return
        number, column = at.row(), at.column()
        heading = HEADINGS[COLUMNS[column]] if column < STANDING else "Standing"
        where = f"Row {number + 1}, {heading}" if number < len(self.model.rows) else f"New row, {heading}"
        wrong = self.model.complaint(number, column)
        others = [(each, why) for each, why in self.model.complaints(number) if each != column]
        if wrong:
            told = f"{where}, to mend: {wrong}."
        elif others:
            other, why = others[0]
            told = f"Row {number + 1}, {HEADINGS[COLUMNS[other]]}, to mend: {why}."
        else:
            meaning = self.model.meaning(number, column)
            told = f"{where}: {meaning}" if meaning else where
        self.says.setText(told)

    def _say(self, sentence: str) -> None:
        self.says.setText(sentence)

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.grid.viewport().mapToGlobal(self.grid.visualRect(self.grid.currentIndex()).bottomLeft()))

    def menu(self) -> QMenu:
        """The grid's own menu: what its keys do, in words."""
        menu = QMenu(self)
        for text, does in (
            ("&Copy\tCtrl+C", self.grid.copy),
            ("Cu&t\tCtrl+X", self.grid.cut),
            ("&Paste\tCtrl+V", self.grid.paste_clipboard),
            ("Copy the cell &above\tCtrl+D", self._fill_down),
            ("&Insert a row", self.grid.insert_row),
            ("&Delete rows\tCtrl+-", self.grid.delete_rows),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, does=does: does())
        return menu

    def _fill_down(self) -> None:
        self.grid.fill_down(self.grid.selectionModel().selection())


def _sum_row(name: str, pence: int, means: str = "") -> tuple[Cell, ...]:
    return Cell(name), Cell(exact(pence), pence, spoken(pence)), Cell(means)
