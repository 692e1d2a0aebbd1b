"""The schedule at work: the tree of what was dealt with and, beside it, how the selected amount came about."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QPlainTextEdit, QSplitter, QTreeView, QVBoxLayout, QWidget

from settlement.settle import Settlement
from ui.pages.settlement.subject_tree import AMOUNT_COLUMN, Node, SubjectTreeModel
from ui.tables import Airy
from ui.wording import about_part, about_subject, about_unallocated

_NOTHING_SELECTED = "Select an amount, a clause or a share on the left: its working is told here, step by step."
_NOTHING_TO_SHARE = (
    "There is no overspend, underspend, QIPP shortfall, benefit or disbenefit at this period: "
    "the schedule has nothing to deal with."
)
_FEW_ROWS = 80

# in characters of average width
_WIDEST_LABEL = 52
_LEAST_COLUMN = 8
_SIDE_BY_SIDE = 130


class SchedulePanel(QSplitter):
    """The tree, and beside it (below it, where that is too narrow) the trace of what is selected in the tree."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until a settlement is shown."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._settlement: Settlement | None = None
        self.setChildrenCollapsible(False)
        self.model = SubjectTreeModel(self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setAccessibleName("Amounts, the clauses that dealt with them, and each partner's share")
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setItemDelegate(Airy(self.tree))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(self._chars(_LEAST_COLUMN))
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.tree.selectionModel().currentChanged.connect(self._select)
        self.trace = QPlainTextEdit()
        self.trace.setReadOnly(True)
        self.trace.setTabChangesFocus(True)
        self.trace.setAccessibleName("How the selected amount came about")
        self.trace.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        label = QLabel("How this came a&bout")
        label.setBuddy(self.trace)
        beside = QWidget()
        layout = QVBoxLayout(beside)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.trace)
        self.addWidget(self.tree)
        self.addWidget(beside)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        for part in (self.tree, beside):
            part.setMinimumHeight(self.fontMetrics().height() * 8)

    def show_settlement(self, settlement: Settlement) -> None:
        """Show this settlement's schedule, with the first amount selected so that the panel says something."""
        self._settlement = settlement
        self.model.show_settlement(settlement)
        if sum(1 for _ in self.model.nodes()) <= _FEW_ROWS:
            self.tree.expandAll()
        else:
            self.tree.expandToDepth(0)
        for column in (0, AMOUNT_COLUMN):
            self.tree.resizeColumnToContents(column)
        # a long title gives way, never an amount: beside the tree it is told in full
        self.tree.setColumnWidth(0, min(self.tree.columnWidth(0), self._chars(_WIDEST_LABEL)))
        self.tree.setColumnWidth(AMOUNT_COLUMN, self.tree.columnWidth(AMOUNT_COLUMN) + self._chars(2))
        first = self.model.index(0, 0)
        if first.isValid():
            self.tree.setCurrentIndex(first)
        else:
            self.trace.setPlainText(_NOTHING_TO_SHARE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Put the panel below the tree where there is no room for both, as at a large text size."""
        fits = self.width() >= self._chars(_SIDE_BY_SIDE)
        self.setOrientation(Qt.Orientation.Horizontal if fits else Qt.Orientation.Vertical)
        super().resizeEvent(event)

    def _chars(self, count: int) -> int:
        return self.fontMetrics().averageCharWidth() * count

    def _select(self, current: QModelIndex, _before: QModelIndex) -> None:
        node = self.model.node_of(current)
        told = [_NOTHING_SELECTED] if node is None or self._settlement is None else _told(node, self._settlement)
        self.trace.setPlainText("\n\n".join(told))


def _told(node: Node, settlement: Settlement) -> list[str]:
    if node.is_unallocated:
        return about_unallocated(node.dealt, settlement)
    if node.part is not None:
        return about_part(node.dealt, node.part, settlement)
    return about_subject(node.dealt, settlement)
