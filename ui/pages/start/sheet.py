"""A table that is typed like a spreadsheet: Enter goes down, Tab along, a block from Excel is pasted, Ctrl+Z undoes."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.pages.start.sheet_matrix import MatrixModel
from ui.pages.start.sheet_model import RowsModel, SheetModel
from ui.tables import row_height
from ui.widgets import chars

_Index = QModelIndex | QPersistentModelIndex
_FEWEST_ROWS = 4
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Sheet(QTableView):
    """The view of a sheet's model."""

    finished = Signal()
    """Enter was pressed in the empty row at the end: the person has no more rows to type."""

    def __init__(self, model: SheetModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.sheet = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # its own way below: out of the table at the end, not round
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.SelectedClicked
        )
        self.setItemDelegate(_Typing(self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height(self))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumHeight(row_height(self))
        self._began = -1  # the column where the row was begun, as Excel goes back to; none yet
        self._add_actions()
        model.modelReset.connect(self._reset)
        self._place: tuple[int, int] = (0, 0)
        self.selectionModel().currentChanged.connect(self._remember)
        self._columns = -1
        self._reset()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A few rows at least."""
        return QSize(chars(self, 80), row_height(self) * (_FEWEST_ROWS + 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A row or two, with their heading."""
        return QSize(chars(self, 30), row_height(self) * _FEWEST_ROWS)

    def go_to(self, row: int, column: int) -> None:
        """Stand in a cell."""
        index = self.sheet.index(row, column)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def go_to_cell(self, row: int | None, key: str) -> None:
        """Stand in the cell of a row under a column's key, with the keyboard."""
        self._began = -1
        keys = [column.key for column in self.sheet.columns]
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.go_to(row or 0, keys.index(key) if key in keys else 0)

    # Keys

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Stand in the first cell that can be typed in, if in none."""
        was_nowhere = not self.currentIndex().isValid()
        super().focusInEvent(event)
        if was_nowhere:
            self.go_to(0, self._first_column())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter, Tab, Delete as in a spreadsheet."""
        here = self.currentIndex()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in _RETURN and not control:
            self._entered(here)
        elif event.key() == Qt.Key.Key_Tab and not control:
            self._along(here, 1, event)
        elif event.key() == Qt.Key.Key_Backtab and not control:
            self._along(here, -1, event)
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._clear()
        elif event.key() in _RETURN:
            event.ignore()  # Ctrl+Enter is the window's: on to the next step
        else:
            if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}:
                self._began = -1
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """A row is begun anew where one clicks."""
        self._began = -1
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab is a key of the table's while it has somewhere to go."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_tab = event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
            if is_tab and self._has_next(event):
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802  Qt's name
        """After a cell was typed: Enter goes down, Tab along."""
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        here = self.currentIndex()
        if hint is hints.SubmitModelCache:
            self._entered(here)
        elif hint is hints.EditNextItem:
            self._move(here, 1)
        elif hint is hints.EditPreviousItem:
            self._move(here, -1)

    def _has_next(self, event: QKeyEvent) -> bool:
        here = self.currentIndex()
        if not here.isValid():
            return False
        if event.key() == Qt.Key.Key_Tab:
            return not self._is_end(here)
        return self._next(here, -1).isValid()

    def _is_end(self, here: QModelIndex) -> bool:
        """Whether Tab leaves the table from here: the empty row at the end, or the last cell."""
        if isinstance(self.sheet, RowsModel) and here.row() == self.sheet.rowCount() - 1:
            return True
        return not self._next(here, 1).isValid()

    def _along(self, here: QModelIndex, by: int, event: QKeyEvent) -> None:
        if self._has_next(event):
            self._move(here, by)
        else:
            super().keyPressEvent(event)

    def _move(self, here: QModelIndex, by: int) -> None:
        if self._began < 0:
            self._began = here.column()
        there = self._next(here, by)
        if there.isValid():
            self.go_to(there.row(), there.column())

    def _next(self, here: QModelIndex, by: int) -> QModelIndex:
        """The next cell that can be typed in, along the row and then the rows after it."""
        width, row, column = self.sheet.columnCount(), here.row(), here.column()
        while True:
            column += by
            if not 0 <= column < width:
                row, column = row + by, 0 if by > 0 else width - 1
                self._began = self._first_column()
            if not 0 <= row < self.sheet.rowCount():
                return QModelIndex()
            if self.sheet.may_edit(row, column):
                return self.sheet.index(row, column)

    def _entered(self, here: QModelIndex) -> None:
        """Down, to where this row was begun; past the last cell, or in an empty last row, it is finished."""
        if not here.isValid():
            self.finished.emit()
            return
        if isinstance(self.sheet, RowsModel) and self.sheet.is_empty_row(here.row()):
            self.finished.emit()
            return
        column = self._began if self._began >= 0 else here.column()
        if not self.sheet.may_edit(here.row() + 1, column) or here.row() + 1 >= self.sheet.rowCount():
            self._next_column(here)
            return
        self._began = column
        self.go_to(here.row() + 1, column)

    def _next_column(self, here: QModelIndex) -> None:
        """From the foot of a column to the head of the next, as one types a matrix; from the last it is finished."""
        for column in range(here.column() + 1, self.sheet.columnCount()):
            if self.sheet.may_edit(0, column):
                self._began = column
                self.go_to(0, column)
                return
        self.finished.emit()

    def _first_column(self) -> int:
        return next((column for column in range(self.sheet.columnCount()) if self.sheet.may_edit(0, column)), 0)

    # What can be done with cells

    def _add_actions(self) -> None:
        standard = QKeySequence.StandardKey
        self._action("&Copy", standard.Copy, self.copy)
        self._action("&Paste", standard.Paste, self.paste)
        self._action("Cl&ear", None, self._clear)
        self._action("&Undo", standard.Undo, self.sheet.undo)
        self._action("&Redo", standard.Redo, self.sheet.redo)
        if isinstance(self.sheet, RowsModel):
            self._action("&Take rows out", "Ctrl+-", self._remove)
            self._action("Move row u&p", "Alt+Shift+Up", lambda: self._shift(-1))
            self._action("Move row &down", "Alt+Shift+Down", lambda: self._shift(1))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _action(self, text: str, keys: QKeySequence.StandardKey | str | None, do: Callable[[], object]) -> None:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as Excel pastes them."""
        rows, columns = self._selected()
        lines = ["\t".join(self.sheet.text(row, column) for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """Paste a block of cells from the cell stood in, to the right and down; new rows are made for it."""
        text = QGuiApplication.clipboard().text().replace("\r\n", "\n").removesuffix("\n")
        here = self.currentIndex()
        if not text or not here.isValid():
            return
        block = [line.split("\t") for line in text.split("\n")]
        if isinstance(self.sheet, MatrixModel):
            block = block[: self.sheet.rowCount() - 1 - here.row()]
        self.sheet.change(
            [
                (here.row() + down, here.column() + right, cell)
                for down, line in enumerate(block)
                for right, cell in enumerate(line)
            ]
        )

    def _clear(self) -> None:
        rows, columns = self._selected()
        self.sheet.change([(row, column, "") for row in rows for column in columns])

    def _remove(self) -> None:
        if isinstance(self.sheet, RowsModel):
            self.sheet.remove(self._selected()[0])

    def _shift(self, by: int) -> None:
        here = self.currentIndex()
        if isinstance(self.sheet, RowsModel) and here.isValid():
            self.go_to(self.sheet.move(here.row(), by), here.column())

    def _selected(self) -> tuple[list[int], list[int]]:
        chosen = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        rows = sorted({index.row() for index in chosen if index.isValid()})
        return rows, sorted({index.column() for index in chosen if index.isValid()})

    # How it looks

    def _remember(self, current: _Index) -> None:
        """Remember the cell: a paste draws the whole table anew."""
        if current.isValid():
            self._place = (current.row(), current.column())

    def _reset(self) -> None:
        if self._columns != self.sheet.columnCount():
            self._columns = self.sheet.columnCount()
            for number, column in enumerate(self.sheet.columns):
                self.setColumnWidth(number, chars(self, column.width))
        if self.hasFocus():
            self.go_to(min(self._place[0], self.sheet.rowCount() - 1), self._place[1])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """The first column has what room is left."""
        super().resizeEvent(event)
        if self.sheet.columnCount():
            others = sum(chars(self, column.width) for column in self.sheet.columns[1:])
            least = chars(self, self.sheet.columns[0].width)
            self.setColumnWidth(0, max(least, self.viewport().width() - others))


class _Typing(QStyledItemDelegate):
    """The editor of a cell: a line, or a box to choose from that can be typed in as well."""

    def createEditor(  # noqa: N802  Qt's name
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002  Qt's
        index: _Index,
    ) -> QWidget:
        """A line for what is free, a box where there is something to choose from."""
        sheet = self.parent()
        assert isinstance(sheet, Sheet)  # noqa: S101  made by it
        column = sheet.sheet.columns[index.column()]
        offered = column.offered()
        if not offered:
            line = QLineEdit(parent)
            line.setFrame(False)
            line.setAccessibleName(column.title)
            return line
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(column.title)
        box.addItems(list(offered))
        completer = box.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        box.activated.connect(lambda _row: self._commit(box))
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:  # noqa: N802  Qt's name
        """What stands in the cell, to be typed over."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findText(text))
            editor.setEditText(text)
            line = editor.lineEdit()
            if line is not None:
                line.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:  # noqa: N802  Qt's name
        """Type what stands in the editor into the cell."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Enter in an editor commits and goes down, whichever editor it is."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            is_enter = event.key() in _RETURN and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if is_enter:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.SubmitModelCache)
                return True
        return super().eventFilter(editor, event)

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QAbstractItemDelegate.EndEditHint.NoHint)
