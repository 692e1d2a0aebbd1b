"""The register as it is seen: rows of a fixed height, whole rows selected, nothing that goes through all of them."""

from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QItemSelectionModel, QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ledgers.register import Sort
from ui.pages.register.columns import HEADINGS, NUMBER
from ui.pages.register.model import RegisterModel
from ui.tables import row_height
from ui.widgets import chars

_SETTLED = 400  # milliseconds after which a change of columns is kept
_CALM = 120
Ranges = tuple[tuple[int, int], ...]


class RegisterTable(QTableView):
    """The lines of the register."""

    opened = Signal()
    """The person wants to see the line she is at: Enter, or a double click."""

    sort_wanted = Signal(object)
    """A `Sort`: a heading was pressed."""

    copy_wanted = Signal()
    go_to_wanted = Signal(str)
    """To a line by its number, of which this digit was typed already."""

    columns_changed = Signal()
    """Widths, order or which columns are shown: worth keeping."""

    chosen_changed = Signal()
    """Other lines are selected, or another is current; told when it has come to rest."""

    def __init__(self, model: RegisterModel, parent: QWidget | None = None) -> None:
        """Over the register's model."""
        super().__init__(parent)
        self.register_model = model
        self.setModel(model)
        self.setAccessibleName("Lines of the ledger")
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._settle = _later(self, _SETTLED, self.columns_changed)
        self._rest = _later(self, _CALM, self.chosen_changed)
        # by its signals: PySide 6.11 crashes, once in a while, in a table whose virtual functions of these are Python's
        self.selectionModel().selectionChanged.connect(self._stir)
        self.selectionModel().currentChanged.connect(self._stir)
        columns = self.horizontalHeader()
        # one of its own, with nothing selected: to draw a heading Qt asks whether its whole column is, line by line
        columns.setSelectionModel(QItemSelectionModel(model, self))
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setSectionsClickable(True)
        columns.setStretchLastSection(True)
        self._fit()
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.customContextMenuRequested.connect(self._open_columns_menu)
        columns.sectionClicked.connect(self._press_heading)
        columns.sectionResized.connect(self._unsettle)
        columns.sectionMoved.connect(self._unsettle)
        self.doubleClicked.connect(self.opened)
        self._sort = Sort()
        self.show_sort(self._sort)

    # Columns

    def show_sort(self, sort: Sort) -> None:
        """Mark the column that lines are in order by."""
        self._sort = sort
        self.register_model.show_sort(sort)

    def _press_heading(self, place: int) -> None:
        column = HEADINGS[place].column
        self.sort_wanted.emit(Sort(column, descending=column == self._sort.column and not self._sort.descending))

    def shown_columns(self) -> tuple[int, ...]:
        """The columns that are shown, from left to right."""
        columns = self.horizontalHeader()
        places = (columns.logicalIndex(place) for place in range(len(HEADINGS)))
        return tuple(place for place in places if not columns.isSectionHidden(place))

    def kept_columns(self) -> str:
        """Widths and order of the columns, for preferences."""
        return bytes(self.horizontalHeader().saveState().toHex().data()).decode("ascii")

    def restore_columns(self, kept: object) -> None:
        """As they were kept; as they are at first if nothing was, or of another program's columns."""
        if isinstance(kept, str) and kept:
            self.horizontalHeader().restoreState(QByteArray.fromHex(kept.encode("ascii", "ignore")))

    def columns_menu(self) -> QMenu:
        """Which columns are shown, to be ticked; the line's number always is."""
        menu = QMenu(self)
        menu.aboutToShow.connect(partial(self._fill_columns_menu, menu))
        return menu

    def _fill_columns_menu(self, menu: QMenu) -> None:
        menu.clear()
        for place, heading in enumerate(HEADINGS):
            action = menu.addAction(heading.text)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(place))
            action.setEnabled(place != NUMBER)
            action.toggled.connect(partial(self.show_column, place))
        menu.addSeparator()
        menu.addAction("&As at first").triggered.connect(lambda _checked=False: self.reset_columns())

    def _open_columns_menu(self, where: QPoint) -> None:
        menu = self.columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(where))

    def show_column(self, place: int, shown: bool) -> None:  # noqa: FBT001  a signal has no keywords
        """Show or hide a column; it stays so."""
        self.setColumnHidden(place, not shown)
        self._settle.start()

    def reset_columns(self) -> None:
        """As they are at first."""
        columns = self.horizontalHeader()
        for place in range(len(HEADINGS)):
            columns.setSectionHidden(place, False)  # noqa: FBT003  Qt's
            columns.moveSection(columns.visualIndex(place), place)
        self._fit()
        self.columns_changed.emit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_height(self))
        self.horizontalHeader().setMinimumHeight(row_height(self))
        for place, heading in enumerate(HEADINGS):
            self.setColumnWidth(place, chars(self, heading.width) + row_height(self))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    # Where the person is

    def go_to_row(self, row: int) -> None:
        """Make a row current, selected, and seen."""
        if 0 <= row < self.register_model.rowCount():
            column = max(self.currentIndex().column(), 0)
            self._go(row, column)

    def _go(self, row: int, column: int) -> None:
        index = self.register_model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def current_number(self) -> int | None:
        """The number of the line that the person is at."""
        row = self.currentIndex().row()
        if row < 0:
            return None
        ids = self.register_model.places.ids(row, 1)
        return ids[0] if ids else None

    def chosen(self) -> Ranges:
        """The selected rows, as the first and the last of each run of them, in order."""
        selection = self.selectionModel().selection()
        # by number: PySide's has no end to iterate to
        found = sorted((selection.at(place).top(), selection.at(place).bottom()) for place in range(selection.count()))
        runs: list[tuple[int, int]] = []
        for top, bottom in found:
            if runs and top <= runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], max(bottom, runs[-1][1]))
            else:
                runs.append((top, bottom))
        return tuple(runs)

    def _unsettle(self) -> None:
        """A column was moved or made wider. `start` itself would take the column's number for milliseconds."""
        self._settle.start()

    def _stir(self) -> None:
        """Another line is selected, or current. It is told when it has come to rest."""
        self._rest.start()

    def reset(self) -> None:
        """Nothing is selected in another order."""
        super().reset()
        if hasattr(self, "_rest"):
            self._rest.start()

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter opens; Ctrl+Home and Ctrl+End lead to the first and last line, in the column that one is in."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.MoveToStartOfDocument):
            self.go_to_row(0)
        elif event.matches(QKeySequence.StandardKey.MoveToEndOfDocument):
            self.go_to_row(self.register_model.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802  Qt's name
        """A digit begins the number of a line to go to. Qt's own search would go through every line, here and now."""
        if search.isdigit():
            self.go_to_wanted.emit(search)


def _later(table: RegisterTable, milliseconds: int, tell: SignalInstance) -> QTimer:
    timer = QTimer(table)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(tell)
    return timer
