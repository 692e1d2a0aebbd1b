"""How a figure came about, beside the tables: its trace as a tree, from which clauses and ledger lines are opened."""

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QResizeEvent
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
from ui.figures import exact
from ui.pages.settlement.trace_model import AMOUNT, HEADINGS, LEADS, TEXT, Step, TraceModel
from ui.tables import OPENS, AnyIndex, row_height
from ui.widgets import button, chars, row, words

_ASK = "Select a figure on the left: where it comes from is told here, step by step."
_HOW = "Enter or a double click on a step opens what it leads to; Alt+Left comes back here."
_FEW_STEPS = 60
_WITH_LEADS = 90  # characters
_INDENT = 2  # characters


class Wrapping(QStyledItemDelegate):
    """Draws the steps of a trace over as many lines as they need: a sentence is never cut off."""

    def __init__(self, tree: QTreeView, model: TraceModel) -> None:
        """For this tree, whose first column has the sentences."""
        super().__init__(tree)
        self._tree, self._model = tree, model
        self._wide = 0
        self._highs: dict[int, int] = {}
        self._metrics, self._bold = _metrics(tree)
        self._row = row_height(tree)

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:  # noqa: N802  Qt's name
        """Words wrap, and stand at the top as their amount does."""
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
        across = Qt.AlignmentFlag.AlignRight if index.column() == AMOUNT else Qt.AlignmentFlag.AlignLeft
        option.displayAlignment = across | Qt.AlignmentFlag.AlignTop
        if index.column() == TEXT and index.data(OPENS) is not None:
            option.font.setUnderline(True)  # it leads somewhere; the button below says where

    def sizeHint(self, _option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802  Qt's name
        """As high as the wrapped text, and some room. Each height is worked out once for a width: Qt asks often."""
        if index.column() != TEXT:
            return QSize(0, self._row)
        wide = self._tree.columnWidth(TEXT)
        if wide != self._wide:
            self._wide, self._highs = wide, {}
        number = index.internalId()
        if number not in self._highs:
            self._highs[number] = self._high(index, wide)
        return QSize(0, self._highs[number])

    def forget(self) -> None:
        """Other texts are shown, or in another font."""
        self._wide, self._highs = 0, {}
        self._metrics, self._bold = _metrics(self._tree)
        self._row = row_height(self._tree)

    def _high(self, index: AnyIndex, wide: int) -> int:
        step = self._model.step_of(index)
        if step is None:
            return self._row
        room = wide - self._tree.indentation() * (step.depth + 1) - self._margins()
        metrics = self._metrics if step.depth else self._bold
        if metrics.horizontalAdvance(step.text) <= room:
            return self._row
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        box = metrics.boundingRect(0, 0, max(room, 40), 100_000, int(flags), step.text)
        return max(self._row, box.height() + self._row // 4)

    def _margins(self) -> int:
        """What the style leaves free on both sides of a text."""
        return 2 * (self._tree.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1)


def _metrics(tree: QTreeView) -> tuple[QFontMetrics, QFontMetrics]:
    """Of a step, and of the first, which is bold."""
    font = QFont(tree.font())
    font.setBold(True)
    return QFontMetrics(tree.font()), QFontMetrics(font)


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
        self._wrapping = Wrapping(tree, self.model)
        tree.setItemDelegate(self._wrapping)
        tree.setWordWrap(True)
        tree.setUniformRowHeights(False)
        tree.setAllColumnsShowFocus(True)
        tree.setIndentation(chars(self, _INDENT))
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        for column in (AMOUNT, LEADS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
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
        self._wrapping.forget()
        self._fit(steps)
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

    def _fit(self, steps: tuple[Step, ...]) -> None:
        """Amounts, and where steps lead, as wide as the widest of them: the sentences have what is left."""
        bold = _metrics(self.tree)[1]
        amounts = {exact(step.pence) for step in steps if step.pence is not None}
        leads = {step.leads for step in steps}
        for column, texts in ((AMOUNT, amounts), (LEADS, leads)):
            widest = max((*texts, HEADINGS[column]), key=len)
            self.tree.setColumnWidth(column, bold.horizontalAdvance(widest) + chars(self, 2))

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
