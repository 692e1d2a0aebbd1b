"""The third step: what would be posted, and every row that would not be, to be mended where it is shown."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ledgers.importing.previewing import Book, Checked, Mended
from rules.agreement import Kind
from settlement.sentences import KIND_NAMES
from ui.entering.fields import as_high_as_its_rows
from ui.entering.posting import counted
from ui.figures import exact, spoken
from ui.importing.preview_model import PreviewGrid, PreviewModel
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import SECTION, button, labelled, lines, row, words

_TOTALS = ("Kind of line", "Comes to")
_TO_MEND, _FIRST = "The rows to mend", "The first rows that are good"


def totals_grid(totals_pence: tuple[tuple[Kind, int], ...]) -> Grid:
    """What lines come to by kind."""
    rows = tuple((Cell(KIND_NAMES[kind]), Cell(exact(pence), pence, spoken(pence))) for kind, pence in totals_pence)
    return Grid(_TOTALS, rows, frozenset({1}))


class CheckStep(QWidget):
    """Shows what was checked. `mended_all` is told when no row that is shown is left to mend."""

    mended_all = Signal()
    check_again = Signal()
    read_again = Signal()
    change_columns = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """With nothing checked yet."""
        super().__init__(parent)
        self._book: Book | None = None
        self.checked: Checked | None = None
        self.heading = words("", SECTION)
        self.sentences = words()
        self.totals_model = GridModel(_TOTALS)
        self.totals = FigureTable(self.totals_model, "What the good lines come to, by kind")
        self.shown = QComboBox()
        self.shown_label = labelled("S&how", self.shown)
        self.model = PreviewModel(self._mended, self)
        self.grid = PreviewGrid(self.model)
        self.grid.setMinimumHeight(lines(self, 12))
        self.says = words()
        self.says.setAccessibleName("About the current cell")
        self.says.setMinimumHeight(lines(self, 2))
        self.says.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.next_button = button("Next to &mend", self._go_to_wrong, tip="F8: the next cell that would be refused")
        self.out_button = button("&Leave this row out", self.grid.delete_rows, tip="Ctrl+-: it is not posted")
        self.undo_button = button("&Undo", self.grid.undo, tip="Ctrl+Z: take the last change back")
        self.check_button = button("Check a&gain", self.check_again.emit, tip="Every row, with what was mended")
        self.read_button = button(
            "&Read the file again", self.read_again.emit, tip="F5: after it was mended in another program"
        )
        self.columns_button = button("Change the &columns", self.change_columns.emit)
        for keys, does in (("F8", self._go_to_wrong), ("F5", self.read_again.emit)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, does=does: does())
            self.addAction(action)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.sentences)
        column.addWidget(self.totals)
        column.addLayout(row(self.columns_button, self.read_button))
        column.addLayout(row(self.shown_label, self.shown))
        column.addWidget(self.grid, stretch=1)
        column.addWidget(self.says)
        column.addLayout(row(self.next_button, self.out_button, self.undo_button, self.check_button))
        as_high_as_its_rows(self.totals, most=4)
        self.shown.currentIndexChanged.connect(self._show_rows)
        self.grid.selectionModel().currentChanged.connect(self._show_cell)

    @property
    def mended(self) -> Mended:
        """The rows that were mended or left out."""
        return dict(self.model.mended)

    @property
    def can_post(self) -> bool:
        """Whether what is shown can be posted as it stands: checked, and not changed since."""
        return self.checked is not None and self.checked.can_be_posted and not self._changed

    _changed = False

    def forget(self) -> None:
        """Another file: nothing was mended."""
        self.checked = None
        self._changed = False
        self.model.forget()

    def show_checked(self, checked: Checked, book: Book, mapping: str) -> None:
        """What importing the file would do, with the mapping that was used ("" without one)."""
        self.checked, self._book, self._changed = checked, book, False
        self.heading.setText(_heading(checked))
        told = "\n".join(_sentences(checked, mapping, self.model.mended))
        self.sentences.setText(told)
        self.sentences.setVisible(bool(told))
        self.totals_model.show_grid(totals_grid(checked.totals_pence))
        self.totals.setVisible(bool(checked.totals_pence))
        self.shown.blockSignals(True)  # noqa: FBT003  Qt's
        self.shown.clear()
        if checked.wrong or self.model.mended:
            self.shown.addItem(_TO_MEND)
        if checked.first:
            self.shown.addItem(_FIRST)
        self.shown.blockSignals(False)  # noqa: FBT003  Qt's
        has_rows = bool(self.shown.count())
        for widget in (self.shown_label, self.shown, self.grid, self.says):
            widget.setVisible(has_rows)
        self._show_rows()

    def first_focus(self) -> QWidget | None:
        """The first cell to mend; None if nothing is."""
        if self.model.to_mend and self.checked is not None:
            self.grid.go_to(self.model.to_mend[0], self.model.first_wrong_column(self.model.to_mend[0]))
            return self.grid
        return None

    def _show_rows(self) -> None:
        if self.checked is None or self._book is None:
            return
        wrong = self.shown.currentText() == _TO_MEND
        self.model.show_checked(self.checked, self._book, wrong=wrong)
        for widget in (self.next_button, self.out_button, self.undo_button, self.check_button):
            widget.setVisible(wrong)
        if self.model.rows:
            self.grid.go_to(0, 0)
        self._show_cell()

    def _mended(self) -> None:
        self._changed = True
        self._show_cell()
        left = len(self.model.to_mend)
        self.heading.setText(
            f"{counted(left, 'row')} still to mend" if left else "Every row that is shown is mended: checking again"
        )
        if not left:
            QTimer.singleShot(0, self, self.mended_all.emit)  # not while the cell's editor is still being closed

    def _go_to_wrong(self) -> None:
        if self.grid.go_to_wrong():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_cell(self, *_changed: object) -> None:
        at = self.grid.currentIndex()
        self.undo_button.setEnabled(bool(self.model.mended))
        if not at.isValid() or at.row() >= len(self.model.rows):
            self.says.setText("")
            return
        number, column = at.row(), at.column()
        here = self.model.rows[number]
        is_out = self.model.is_out(number)
        self.out_button.setText("Take this row &in again" if is_out else "&Leave this row out")
        self.out_button.setEnabled(self.model.can_mend(number))
        heading = self.model.headerData(column, Qt.Orientation.Horizontal)
        why = self.model.complaint(number, column) if column < len(self.model.columns) else ""
        if why:
            told = f"Row {here.number}, {heading}, to mend: {why}."
        elif here.marks and not is_out:
            told = f"Row {here.number}: {here.marks[0].message}."
        else:
            told = f"Row {here.number}: {self.model.standing(number)}."
        self.says.setText(told)


def _heading(checked: Checked) -> str:
    noun = "line" if checked.is_lines else "measure"
    if checked.columns is None or (checked.problems and not checked.bad):
        return "The file cannot be posted"
    if checked.bad:
        return f"{counted(checked.bad, 'row')} to mend; {counted(checked.good, noun)} good"
    return f"{counted(checked.good, noun)} to post, and nothing to mend"


def _sentences(checked: Checked, mapping: str, mended: Mended) -> list[str]:
    told = [f"{problem[:1].upper()}{problem[1:]}." for problem in checked.problems]
    if mapping:
        told.append(f"The columns are read as the mapping “{mapping}” has them.")
    if checked.left_out:
        told.append(f"{counted(checked.left_out, 'row')} left out, as the mapping says.")
    if checked.late and checked.late_to:
        are = "1 line is of a period" if checked.late == 1 else f"{checked.late:,} lines are of periods"
        told.append(f"{are} that is closed: late, and counted in {checked.late_to}.".replace("s that is", "s that are"))
    if checked.bad:
        told.append(
            "All of the file is posted or nothing. Type what is right in the marked cells, or leave a row out: the "
            "file stays as it is, and a mended copy beside it is posted. Or mend the file and read it again."
        )
        more = checked.bad - len(checked.wrong)
        if more > 0:
            told.append(
                f"The first {counted(len(checked.wrong), 'row')} are shown; {more:,} more are wrong. So many are "
                "better mended in the file, or by other columns."
            )
    elif mended:
        out = sum(cells is None for cells in mended.values())
        done = [f"{counted(len(mended) - out, 'row')} mended"] if len(mended) > out else []
        done += [f"{counted(out, 'row')} left out"] if out else []
        told.append(f"{' and '.join(done)}: a mended copy is written beside the file, and posted.")
    return told
