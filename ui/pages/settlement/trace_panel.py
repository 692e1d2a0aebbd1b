"""How a figure came about, beside the tables: its trace as a tree, from which clauses and ledger lines are opened."""

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from rules.money import plain
from ui.copying import as_text, copy_action
from ui.pages.settlement.trace_model import AMOUNT, LEADS, TEXT, Step, TraceModel
from ui.tables import OPENS, AnyIndex, row_height
from ui.widgets import button, chars, row, words

_ASK = "Select a figure on the left: where it comes from is told here, step by step."
_HOW = "Enter or a double click on a step opens what it leads to; Alt+Left comes back here."
_FEW_STEPS = 60
_WITH_LEADS = 90  # characters
_INDENT = 2  # characters


class Wrapping(QStyledItemDelegate):
    """Draws the steps of a trace over as many lines as they need: a sentence is never cut off."""

    def __init__(self, tree: QTreeView) -> None:
        """For this tree, whose first column has the sentences."""
        super().__init__(tree)
        self._tree = tree

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:  # noqa: N802  Qt's name
        """Words wrap, and stand at the top as their amount does."""
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
        across = Qt.AlignmentFlag.AlignRight if index.column() == AMOUNT else Qt.AlignmentFlag.AlignLeft
        option.displayAlignment = across | Qt.AlignmentFlag.AlignTop
        if index.column() == TEXT and index.data(OPENS) is not None:
            option.font.setUnderline(True)  # it leads somewhere; the button below says where

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802  Qt's name
        """As high as the wrapped text, and some room."""
        if index.column() != TEXT:
            hint = super().sizeHint(option, index)
            hint.setHeight(row_height(self._tree))
            return hint
        wide = self._tree.columnWidth(TEXT) - self._tree.indentation() * (_depth(index) + 1) - self._margins()
        style = QStyleOptionViewItem(option)
        self.initStyleOption(style, index)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        box = style.fontMetrics.boundingRect(0, 0, max(wide, 40), 100_000, int(flags), style.text)
        return QSize(box.width(), max(row_height(self._tree), box.height() + row_height(self._tree) // 4))

    def _margins(self) -> int:
        """What the style leaves free on both sides of a text."""
        return 2 * (self._tree.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1)


def _depth(index: AnyIndex) -> int:
    depth = 0
    above = index.parent()
    while above.isValid():
        depth, above = depth + 1, above.parent()
    return depth


class TracePanel(QWidget):
    """Shows one trace. `followed` gives the target of a step that the person opened."""

    followed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until a trace is shown."""
        super().__init__(parent)
        self.model = TraceModel(self)
        self.label = QLabel("How this came a&bout")
        self.head = words(_ASK)
        font = self.head.font()
        font.setBold(True)
        self.head.setFont(font)
        self.tree = self._tree()
        self.label.setBuddy(self.tree)
        self.how = words(_HOW)
        self.open_button = button("Open the &step", self._open_current, name="Open what the selected step leads to")
        self.open_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.head)
        layout.addWidget(self.tree, stretch=1)
        layout.addWidget(self.how)
        layout.addLayout(row(self.open_button))
        layout.addStretch()

    def _tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setModel(self.model)
        tree.setAccessibleName("How the selected figure came about, step by step")
        tree.setItemDelegate(Wrapping(tree))
        tree.setWordWrap(True)
        tree.setUniformRowHeights(False)
        tree.setAllColumnsShowFocus(True)
        tree.setIndentation(chars(self, _INDENT))
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column in (AMOUNT, LEADS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(chars(self, 6))
        tree.activated.connect(self._activate)
        tree.selectionModel().currentChanged.connect(self._select)
        copy_action(tree, "&Copy the whole trace").triggered.connect(self.copy)
        # heights follow the width of the sentences' column, once that is known
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(tree.doItemsLayout)
        header.sectionResized.connect(self._resized)
        return tree

    def show_trace(self, head: str, steps: tuple[Step, ...], step: tuple[int, ...] = ()) -> None:
        """Show a trace, with the step at this way from the top selected; of a long one only the first are open."""
        self.head.setText(head)
        self.model.show_steps(steps)
        if len(steps) <= _FEW_STEPS:
            self.tree.expandAll()
        else:
            self.tree.expandToDepth(0)
        self._show_whole(bool(steps))
        found = self.model.index_at(step or (0,))
        if found.isValid():
            self.tree.setCurrentIndex(found)
            self.tree.scrollTo(found)
        self._select(self.tree.currentIndex(), QModelIndex())

    def say(self, sentence: str = _ASK) -> None:
        """Show a sentence and no trace."""
        self.head.setText(sentence)
        self.model.show_steps(())
        self._show_whole(whole=False)

    def step(self) -> tuple[int, ...]:
        """The way to the selected step."""
        return self.model.path_of(self.tree.currentIndex())

    def copy(self) -> None:
        """Put the whole trace on the clipboard, a row for each step, indented as it stands."""
        rows = [
            ["    " * step.depth + step.text, "" if step.pence is None else plain(step.pence)]
            for step in self.model.steps
        ]
        if rows:
            QGuiApplication.clipboard().setText(as_text(rows))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Where there is little room, where a step leads is left to the button below, and the amounts are kept."""
        super().resizeEvent(event)
        self.tree.setColumnHidden(LEADS, self.width() < chars(self, _WITH_LEADS))

    def _show_whole(self, whole: bool) -> None:  # noqa: FBT001  one thing, said by its name
        for part in (self.tree, self.how, self.open_button):
            part.setVisible(whole)

    def _resized(self, column: int, _old: int, _new: int) -> None:
        if column == TEXT:
            self._again.start()

    def _select(self, current: QModelIndex, _before: QModelIndex) -> None:
        step = self.model.step_of(current)
        leads = "" if step is None else step.leads
        self.open_button.setEnabled(bool(leads))
        self.open_button.setText(f"Open: {leads}" if leads else "Open the step")

    def _open_current(self) -> None:
        self._activate(self.tree.currentIndex())

    def _activate(self, index: QModelIndex) -> None:
        target = index.data(OPENS)
        if target is not None:
            self.followed.emit(target)
        else:
            at = index.siblingAtColumn(TEXT)
            self.tree.setExpanded(at, not self.tree.isExpanded(at))
