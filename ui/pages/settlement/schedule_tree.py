"""The schedule at work, as a tree that a person walks: amounts, the clauses that dealt with them, partners' shares."""

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeView, QWidget

from rules.agreement import On
from settlement.settle import Settlement
from ui.copying import as_text, copy_action, plain_text
from ui.figures import amount
from ui.pages.settlement.subject_tree import HEADINGS, SubjectTreeModel
from ui.tables import Airy
from ui.widgets import chars

NOTHING_TO_SHARE = (
    "There is no overspend, underspend, QIPP shortfall, benefit or disbenefit at this period: "
    "the schedule has nothing to deal with."
)
_FEW_ROWS = 80
_LEAST_COLUMN = 8  # characters


class ScheduleTree(QTreeView):
    """The tree over one settlement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until a settlement is shown."""
        super().__init__(parent)
        self._natural = {1: 0, 2: 0}  # the width of a column's longest text
        self.subjects = SubjectTreeModel(self)
        self.setModel(self.subjects)
        self.setAccessibleName("Amounts, the clauses that dealt with them, and each partner's share")
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setItemDelegate(Airy(self))
        self.setExpandsOnDoubleClick(False)  # a double click opens the working, as Enter does
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(chars(self, _LEAST_COLUMN))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        copy_action(self, "&Copy the whole schedule").triggered.connect(self.copy)

    def show_settlement(self, settlement: Settlement) -> None:
        """Show this settlement's schedule; of a long one the amounts only, to be opened."""
        self.subjects.show_settlement(settlement)
        if sum(1 for _ in self.subjects.nodes()) <= _FEW_ROWS:
            self.expandAll()
        else:
            self.expandToDepth(0)
        # a long title gives way, never an amount: beside the tree it is told in full
        nodes = tuple(self.subjects.nodes())
        font = QFont(self.font())
        font.setBold(True)
        bold = QFontMetrics(font)
        for column, texts in ((1, {node.done for node in nodes}), (2, {amount(node.pence) for node in nodes})):
            # not by asking for every cell, which stops the window where there are hundreds
            widest = max((*texts, HEADINGS[column]), key=len)
            self._natural[column] = bold.horizontalAdvance(widest) + chars(self, 4)
        self._share_out()
        self.select((0,))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Share out the room between columns anew."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """What is an amount of comes first; what was done with it gives way to it, and an amount never does."""
        room = self.viewport().width() - self._natural[2]
        self.setColumnWidth(1, max(chars(self, _LEAST_COLUMN), min(self._natural[1], room // 2)))
        self.setColumnWidth(2, self._natural[2])

    def index_of(self, group: str, on: On) -> QModelIndex:
        """The row of an amount by its group and kind; none if the schedule has no such amount here."""
        for place in range(self.subjects.rowCount()):
            index = self.subjects.index(place, 0)
            node = self.subjects.node_of(index)
            if node is not None and (node.dealt.subject.group.code, node.dealt.subject.on) == (group, on):
                return index
        return QModelIndex()

    def path(self) -> tuple[int, ...]:
        """The way from the top to the row that is selected."""
        path: list[int] = []
        index = self.currentIndex().siblingAtColumn(0)
        while index.isValid():
            path.insert(0, index.row())
            index = index.parent()
        return tuple(path)

    def select(self, path: tuple[int, ...]) -> None:
        """Select the row at the end of a way, or the last of it that there is."""
        found = QModelIndex()
        for place in path:
            below = self.subjects.index(place, 0, found)
            if not below.isValid():
                break
            found = below
        if found.isValid():
            self.setCurrentIndex(found)
            self.scrollTo(found)

    def copy(self) -> None:
        """Put the whole schedule on the clipboard: a spreadsheet has no tree, so that each row is indented."""
        rows = [list(HEADINGS)]

        def add(index: QModelIndex, depth: int) -> None:
            cells = [plain_text(index.siblingAtColumn(column)) for column in range(len(HEADINGS))]
            rows.append(["    " * depth + cells[0], *cells[1:]])
            for place in range(self.subjects.rowCount(index)):
                add(self.subjects.index(place, 0, index), depth + 1)

        for place in range(self.subjects.rowCount()):
            add(self.subjects.index(place, 0), 0)
        QGuiApplication.clipboard().setText(as_text(rows))
