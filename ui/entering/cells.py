"""The line that a cell is typed in: its keys are Excel's, and it suggests what the cell can hold."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.entering.choices import Choice
from ui.entering.suggesting import SuggestingEdit
from ui.tables import AnyIndex

if TYPE_CHECKING:
    from ui.entering.grid import CellGrid

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_PLAIN = {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}


class CellDelegate(QStyledItemDelegate):
    """Has the keys of the line that is typed in move as Excel's do; knows which cells would be refused."""

    def __init__(
        self,
        grid: "CellGrid",
        complaint: Callable[[int, int], str],
        choices: Callable[[int, int], tuple[Choice, ...]],
    ) -> None:
        """`complaint` says why a cell would be refused, `choices` what it can hold."""
        super().__init__(grid)
        self._grid = grid
        self.complaint = complaint
        self._choices = choices
        self.editor: SuggestingEdit | None = None
        self.closeEditor.connect(self._forget)

    def _forget(self, *_closed: object) -> None:
        self.editor = None

    def createEditor(  # noqa: N802  Qt's name
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002  Qt's
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """A line that suggests what the cell can hold."""
        editor = SuggestingEdit(self._choices(index.row(), index.column()), parent)
        editor.setFrame(False)
        editor.setAutoFillBackground(True)
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        self.editor = editor
        return editor

    def destroyEditor(self, editor: QWidget, index: AnyIndex) -> None:  # noqa: N802  Qt's name
        """The line is closed."""
        if editor is self.editor:
            self.editor = None
        super().destroyEditor(editor, index)

    def setModelData(  # noqa: N802  Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """What was meant goes into the cell."""
        if isinstance(editor, SuggestingEdit):
            model.setData(index, editor.take())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """The keys of the line."""
        if isinstance(watched, SuggestingEdit) and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._grid.is_own_key(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._key(watched, event):
                return True
        return super().eventFilter(watched, event)

    def _key(self, editor: SuggestingEdit, event: QKeyEvent) -> bool:
        """Whether a key was for the line itself or for the grid, and not a letter."""
        if editor.handled(event):
            return True
        key, grid = Qt.Key(event.key()), self._grid
        if key in ARROWS and grid.is_overtyping and event.modifiers() in _PLAIN:
            self.finish(editor)
            grid.step(*ARROWS[key])
            return True
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, *ENTER} or grid.is_own_key(event):
            self.finish(editor)
            grid.keyPressEvent(event)
            return True
        return False

    def finish(self, editor: SuggestingEdit) -> None:
        """Put what was typed in the cell and close the line."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
