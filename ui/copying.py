"""Copying from tables: what is selected, as a spreadsheet pastes it, with headings, amounts as plain numbers."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView

from rules.money import plain

_PENCE = Qt.ItemDataRole.UserRole  # as `ui.tables.PENCE`, which is built on this
_RISKY = ("=", "+", "-", "@")


def copy_action(view: QAbstractItemView, text: str = "&Copy") -> QAction:
    """Have Ctrl+C and the context menu of a table or tree copy what is selected in it."""
    action = QAction(text, view)
    action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    view.installEventFilter(_Keys(action))
    return action


class _Keys(QObject):
    """Sees to Ctrl+C before the view does: Qt's own views copy the one cell that is current, as it looks."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action)
        self._action = action

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        is_copy = event.matches(QKeySequence.StandardKey.Copy)
        if is_copy:
            self._action.trigger()
        return is_copy


def copy_selection(view: QTableView) -> None:
    """Put what is selected on the clipboard, if anything is."""
    text = selected_text(view)
    if text:
        QGuiApplication.clipboard().setText(text)


def selected_text(view: QTableView) -> str:
    """The selected rows under their headings, tabs between cells; of one single cell just what stands in it.

    Of a selection of cells: the columns it touches, and the first, which says what each row is of.
    """
    model = view.model()
    chosen = view.selectionModel().selectedIndexes()
    if not chosen:
        return ""
    if len(chosen) == 1:
        return plain_text(chosen[0])
    rows = sorted({index.row() for index in chosen})
    columns = sorted({0, *(index.column() for index in chosen)})
    lines = [_headings(model, columns)]
    lines += [[plain_text(model.index(row, column)) for column in columns] for row in rows]
    return as_text(lines)


def _headings(model: QAbstractItemModel, columns: Iterable[int]) -> list[str]:
    across = Qt.Orientation.Horizontal
    return [_in_a_cell(str(model.headerData(column, across) or "").removesuffix(" £000")) for column in columns]


def plain_text(index: QModelIndex) -> str:
    """A cell for a spreadsheet: an amount as `-1234.56`, whatever the units on screen; a text that runs nothing."""
    pence = index.data(_PENCE)
    return plain(pence) if isinstance(pence, int) else _in_a_cell(str(index.data() or ""))


def as_text(lines: Iterable[Iterable[str]]) -> str:
    """Rows of cells as a spreadsheet pastes them."""
    return "\n".join("\t".join(cells) for cells in lines)


def _in_a_cell(text: str) -> str:
    """Without what would end the cell; with an apostrophe before a sign that would make it a formula."""
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(_RISKY) else text
