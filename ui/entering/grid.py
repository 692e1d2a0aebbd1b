"""The grid that lines are typed in: its keys are Excel's, and each wrong cell has a mark of its own shape."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QDate,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPointF,
    QRect,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from ui.entering.cells import ARROWS, ENTER, CellDelegate
from ui.tables import row_height
from ui.theme import meanings
from ui.widgets import chars


class CellGrid(QTableView):
    """A grid of texts with Excel's keys. What it does to cells it has done by the methods marked below.

    Tab and Enter move; Ctrl+D copies the cell above, Ctrl+; is today; a block can be copied, cut and pasted; Ctrl+Tab
    leaves the grid, and so does Tab in its last cell.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it. `use` gives it its model and delegate."""
        super().__init__(parent)
        self.cells: CellDelegate | None = None
        self.is_overtyping = False
        self._tab_run_from: int | None = None
        self.setAccessibleName(name)
        self.setTabKeyNavigation(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self) + 2)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumHeight(row_height(self))

    def use(self, model: QAbstractItemModel, delegate: CellDelegate, widths: tuple[int, ...]) -> None:
        """Show a model; `widths` of its columns are in characters."""
        self.setModel(model)
        self.cells = delegate
        self.setItemDelegate(delegate)
        self._widths = widths
        self.fit_columns()

    def fit_columns(self) -> None:
        """Columns as wide as what they usually hold, at the size of the text."""
        for column, width in enumerate(self._widths):
            self.setColumnWidth(column, chars(self, width))
        self.verticalHeader().setDefaultSectionSize(row_height(self) + 2)
        self.verticalHeader().setMinimumWidth(chars(self, 6))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self.fit_columns()

    # For whoever has the cells to do

    def last_column(self) -> int:
        """The last one that is typed in."""
        return self.model().columnCount() - 1

    def new_row_column(self) -> int | None:
        """Where Enter goes when it goes to a row that is not there yet; None: where it goes in any other row."""
        return None

    def clear_cells(self, selected: QItemSelection) -> None:
        """Empty these cells."""

    def fill_down(self, selected: QItemSelection) -> None:
        """Copy the cell above into these, or the first of them into those below it."""

    def paste(self, text: str) -> None:
        """Lay a block over the cells from the current one on."""

    def delete_rows(self) -> None:
        """Take the selected rows out."""

    def undo(self) -> None:
        """Take the last change back."""

    def redo(self) -> None:
        """Do again what was taken back."""

    def text_of(self, index: QModelIndex) -> str:
        """A cell's text as it is copied."""
        return str(index.data(Qt.ItemDataRole.EditRole) or "")

    # Marks

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """The cells, and over each that would be refused a corner and a broken line.

        Drawn here, once, and not by the delegate: a screen has some hundreds of cells, and few are wrong.
        """
        super().paintEvent(event)
        if self.cells is None or self.model().rowCount() == 0:
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = range(max(first, 0), (self.model().rowCount() - 1 if last < 0 else last) + 1)
        wrong = [
            self.visualRect(self.model().index(row, column))
            for row in rows
            for column in range(self.last_column() + 1)
            if self.cells.complaint(row, column)
        ]
        if not wrong:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for rect in wrong:
            _mark(painter, rect)
        painter.end()

    # Moving

    def is_own_key(self, event: QKeyEvent) -> bool:
        """Whether the grid does something of its own with a key, while a cell is typed in too."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return event.key() in {Qt.Key.Key_D, Qt.Key.Key_Semicolon, Qt.Key.Key_Minus, Qt.Key.Key_Tab}
        return False

    def step(self, rows: int, columns: int) -> None:
        """Go so many cells down and to the right, as far as there are any."""
        at = self.currentIndex()
        row = max(0, min(self.model().rowCount() - 1, at.row() + rows))
        column = max(0, min(self.last_column(), at.column() + columns))
        self._tab_run_from = None
        self.go_to(row, column)

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one, and the only one selected."""
        index = self.model().index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def go_along(self, *, back: bool = False) -> bool:
        """Go to the next cell, or the one before; from the end of a row to the beginning of the next. False at the end.

        Where the run of Tabs began is remembered: Enter goes below it.
        """
        at = self.currentIndex()
        if self._tab_run_from is None:
            self._tab_run_from = at.column()
        row, column = at.row(), at.column() + (-1 if back else 1)
        if column < 0:
            row, column = row - 1, self.last_column()
        elif column > self.last_column():
            row, column = row + 1, 0
            if row == self.model().rowCount() - 1:
                column = self.new_row_column() or 0
                self._tab_run_from = column
        if not 0 <= row < self.model().rowCount():
            self._tab_run_from = None
            return False
        self.go_to(row, column)
        return True

    def go_down(self, *, back: bool = False) -> None:
        """Go a row down, or up: below where the run of Tabs began; to the first useful column of a new row."""
        at = self.currentIndex()
        row = at.row() + (-1 if back else 1)
        if not 0 <= row < self.model().rowCount():
            return
        column = at.column() if self._tab_run_from is None else self._tab_run_from
        fresh = self.new_row_column() if row == self.model().rowCount() - 1 else None
        self._tab_run_from = None
        self.go_to(row, column if fresh is None else fresh)

    # Keys

    def edit(  # type: ignore[override]  # Qt has a slot of this name with an index alone
        self, index: QModelIndex, trigger: QAbstractItemView.EditTrigger | None = None, event: QEvent | None = None
    ) -> bool | None:
        """Begin to type in a cell: over what it holds, or in it."""
        self.is_overtyping = trigger == QAbstractItemView.EditTrigger.AnyKeyPressed
        if trigger is None:
            super().edit(index)
            return None
        return bool(super().edit(index, trigger, event))  # type: ignore[arg-type]  # Qt takes no event too

    def finish_editing(self) -> None:
        """Put what is being typed in its cell."""
        if self.cells is not None and self.cells.editor is not None:
            self.cells.finish(self.cells.editor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """A click ends a run of Tabs."""
        self._tab_run_from = None
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Excel's keys; every other is Qt's: a letter begins to type, an arrow moves."""
        if not (self._moves(event) or self._changes(event)):
            if event.key() in ARROWS or event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
                self._tab_run_from = None
            super().keyPressEvent(event)

    def _moves(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            back = key == Qt.Key.Key_Backtab
            if control or not self.go_along(back=back):
                self.leave(back=back)
            return True
        if key in ENTER and not control:
            self.go_down(back=shift)
            return True
        if key in ENTER:
            event.ignore()  # Ctrl+Enter is for whoever holds the grid
            return True
        return False

    def leave(self, *, back: bool) -> None:
        """Leave the grid for the control after it, or before."""
        self.setTabKeyNavigation(False)
        try:
            self.focusNextPrevChild(not back)
        finally:
            self.setTabKeyNavigation(True)

    def _changes(self, event: QKeyEvent) -> bool:
        key = event.key()
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        standard = QKeySequence.StandardKey
        selected = self.selectionModel().selection()
        for sequence, does in (
            (standard.Undo, self.undo),
            (standard.Redo, self.redo),
            (standard.Copy, self.copy),
            (standard.Cut, self.cut),
            (standard.Paste, self.paste_clipboard),
        ):
            if event.matches(sequence):
                does()
                return True
        if key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear_cells(selected)
        elif control and key == Qt.Key.Key_D:
            self.fill_down(selected)
        elif control and key == Qt.Key.Key_Y:
            self.redo()
        elif control and key == Qt.Key.Key_Minus:
            self.delete_rows()
        elif control and key == Qt.Key.Key_Semicolon:
            self.model().setData(self.currentIndex(), QDate.currentDate().toString("dd/MM/yyyy"))
        else:
            return False
        return True

    # The clipboard

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as Excel takes them."""
        selected = self.selectionModel().selection()
        if selected.isEmpty():
            return
        block = selected.first()
        rows = [
            "\t".join(
                _quoted(self.text_of(self.model().index(row, column)))
                for column in range(block.left(), block.right() + 1)
            )
            for row in range(block.top(), block.bottom() + 1)
        ]
        QGuiApplication.clipboard().setText("\n".join(rows))

    def cut(self) -> None:
        """Copy the selected cells and empty them."""
        self.copy()
        self.clear_cells(self.selectionModel().selection())

    def paste_clipboard(self) -> None:
        """Lay what is on the clipboard over the cells."""
        self.paste(QGuiApplication.clipboard().text())


def _quoted(text: str) -> str:
    if any(mark in text for mark in '\t\n"'):
        escaped = text.replace('"', '""')
        return f'"{escaped}"'
    return text


def _mark(painter: QPainter, rect: QRect) -> None:
    colour = QColor(meanings().adverse)
    side = min(rect.height() // 3, rect.width())
    right, top = rect.right() + 1, rect.top()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(right - side, top), QPointF(right, top), QPointF(right, top + side)]))
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DotLine))
    painter.drawLine(rect.left() + 2, rect.bottom() - 1, rect.right() - 2, rect.bottom() - 1)
