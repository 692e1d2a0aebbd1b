"""Figures by fund, each fund to be opened into its schemes: the model, and the tree as high as its rows."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from ui.charts.whole_table import airy_widths, header_height, widths_of
from ui.copying import as_text, copy_action, plain_text
from ui.tables import LEFT, NOWHERE, OPENS, RIGHT, Airy, AnyIndex, Cell, row_height

_TOP = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of cells and, under it, the rows it is the sum of. `is_total` rows are bold."""

    cells: tuple[Cell, ...]
    below: tuple[tuple[Cell, ...], ...] = ()
    is_total: bool = False


class BranchModel(QAbstractItemModel):
    """Shows branches. An index holds the number of the branch it is under, and 0 at the top: no pointer can dangle."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty."""
        super().__init__(parent)
        self.headings: tuple[str, ...] = ()
        self.branches: tuple[Branch, ...] = ()
        self._figures: frozenset[int] = frozenset()
        self._bold = QFont()
        self._bold.setBold(True)

    def show_branches(self, headings: tuple[str, ...], branches: tuple[Branch, ...], figures: frozenset[int]) -> None:
        """Show these in place of those before; `figures` are the columns of figures."""
        self.beginResetModel()
        self.headings, self.branches, self._figures = headings, branches, figures
        self.endResetModel()

    def longest(self) -> tuple[str, ...]:
        """The longest text of each column."""
        rows = [row for branch in self.branches for row in (branch.cells, *branch.below)]
        return tuple(
            max((row[column].text for row in rows), key=len, default="") for column in range(len(self.headings))
        )

    def cell(self, index: AnyIndex) -> Cell:
        """The cell that an index is of."""
        above = index.internalId()
        row = self.branches[index.row()].cells if above == _TOP else self.branches[above - 1].below[index.row()]
        return row[index.column()]

    def index(self, row: int, column: int, parent: AnyIndex = NOWHERE) -> QModelIndex:
        """The index of a row at the top, or under one there."""
        if not 0 <= column < len(self.headings) or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: AnyIndex = NOWHERE) -> QModelIndex:  # type: ignore[override]  # Qt overloads the name
        """The row that another stands under."""
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many rows stand under another."""
        if not parent.isValid():
            return len(self.branches)
        if parent.column() > 0 or parent.internalId() != _TOP:
            return 0
        return len(self.branches[parent.row()].below)

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802, ARG002  Qt's name; the same everywhere
        """How many columns."""
        return len(self.headings)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, its pence, how it is said, where it leads."""
        if not index.isValid():
            return None
        cell = self.cell(index)
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                value = cell.text
            case Qt.ItemDataRole.UserRole:
                value = cell.pence
            case role if role == OPENS:
                value = cell.opens
            case Qt.ItemDataRole.AccessibleTextRole:
                name = self.cell(self.index(index.row(), 0, index.parent())).text
                said = cell.spoken or cell.text
                value = said if index.column() == 0 else f"{name}, {self.headings[index.column()]}: {said}"
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if index.column() in self._figures else LEFT
            case Qt.ItemDataRole.FontRole if index.internalId() == _TOP and self.branches[index.row()].is_total:
                value = self._bold
        return value

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, each over its column as the column is aligned."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.headings):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.headings[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if section in self._figures else LEFT
        return None


class BranchTree(QTreeView):
    """The tree. Enter follows a figure; on a fund with schemes it opens the fund, and closes it."""

    followed = Signal(object)
    """What the cell that the person entered leads to."""

    def __init__(self, model: BranchModel, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.branch_model = model
        self._needed: list[int] = []
        model.setParent(self)  # it lives as long as its view, and no longer
        self.setModel(model)
        self.setAccessibleName(name)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setExpandsOnDoubleClick(False)
        self.setItemDelegate(Airy(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setStretchLastSection(True)
        self.header().setMinimumHeight(row_height(self))
        copy_action(self, "&Copy with headings").triggered.connect(self.copy)
        model.modelReset.connect(self._fit_columns)
        for changed in (self.expanded, self.collapsed, self.horizontalScrollBar().rangeChanged):
            changed.connect(self.fit_height)
        self.activated.connect(self._enter)

    def copy(self) -> None:
        """Put every row that is shown on the clipboard, under the headings."""
        model = self.branch_model
        rows = [list(model.headings)]
        columns = range(model.columnCount())
        rows += [[plain_text(index.siblingAtColumn(column)) for column in columns] for index in self._shown()]
        QGuiApplication.clipboard().setText(as_text(rows))

    def fit_height(self) -> None:
        """As high as the headings and every row that is shown: the page scrolls, not the tree."""
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        rows = self._count_shown() * row_height(self)
        self.setFixedHeight(header_height(self.header()) + rows + below + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Left and Right go from figure to figure; in the first column they close and open a fund."""
        at = self.currentIndex()
        step = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}.get(event.key(), 0)
        goes_in = step and at.isValid() and not (at.column() == 0 and self._opens_by(step, at))
        if goes_in:
            beside = at.siblingAtColumn(at.column() + step)
            if beside.isValid():
                self.setCurrentIndex(beside)
            return
        super().keyPressEvent(event)

    def _opens_by(self, step: int, at: QModelIndex) -> bool:
        """Whether the key opens or closes something at the first column, rather than leading along the row."""
        if step < 0:
            return True
        return self.branch_model.rowCount(at) > 0 and not self.isExpanded(at)

    def _shown(self) -> list[QModelIndex]:
        model = self.branch_model
        shown = []
        for number in range(model.rowCount()):
            top = model.index(number, 0)
            shown.append(top)
            if self.isExpanded(top):
                shown += [model.index(row, 0, top) for row in range(model.rowCount(top))]
        return shown

    def _count_shown(self) -> int:
        model = self.branch_model
        tops = [model.index(number, 0) for number in range(model.rowCount())]
        return len(tops) + sum(model.rowCount(top) for top in tops if self.isExpanded(top))

    def _enter(self, index: QModelIndex) -> None:
        link = index.data(OPENS)
        first = index.siblingAtColumn(0)
        if link is not None:
            self.followed.emit(link)
        elif self.branch_model.rowCount(first):
            self.setExpanded(first, not self.isExpanded(first))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Share out the room between columns anew."""
        super().resizeEvent(event)
        self._share_out()

    def _fit_columns(self) -> None:
        """As wide as the longest text in each, which the model knows: no cell has to be asked."""
        model = self.branch_model
        self._needed = widths_of(self, ([text] for text in model.longest()), model.headings)
        if self._needed:
            self._needed[0] += 2 * self.indentation()
        self._share_out()
        self.fit_height()

    def _share_out(self) -> None:
        for column, width in enumerate(airy_widths(self._needed, self.viewport().width(), row_height(self))):
            self.setColumnWidth(column, width)
