"""What a card does to the year's figures, in full: each amount, each partner's share, and how it came about."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from settlement.settle import Settlement
from ui import links
from ui.pages.risk_share.views import Card, parts_grid
from ui.rows_table import RowsTable
from ui.tables import FigureTable, GridModel, row_height
from ui.widgets import SECTION, labelled, lines, words
from ui.wording import about_part, about_unallocated

_LINES = 3  # of a row whose words wrap
_NO_FIGURES = "There are no figures to show for this."


class Detail(QWidget):
    """The amounts that a card dealt with, and the working of the one selected."""

    followed = Signal(object)
    """An amount was opened: a `links.Subject`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Of no card yet."""
        super().__init__(parent)
        self._card: Card | None = None
        self._settlement: Settlement | None = None
        self.heading = words(scale=SECTION)
        self.does = words()
        font = self.does.font()
        font.setBold(True)
        self.does.setFont(font)
        self.caps = words()
        self.says = words()
        self.model = GridModel()
        self.table = RowsTable(self.model, "What the clause does, amount by amount")
        self.table.setSelectionBehavior(RowsTable.SelectionBehavior.SelectRows)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentChanged.connect(self._show_working)
        self.hint = words("Enter opens the amount on the Settlement page.")
        self.working = QPlainTextEdit()
        self.working.setReadOnly(True)
        self.working.setTabChangesFocus(True)
        self.working.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.working.setAccessibleName("How the selected amount came about")
        self.working.setMinimumHeight(lines(self, 8))
        self._working_label = labelled("How this came a&bout", self.working)
        column = QVBoxLayout(self)
        for part in (self.heading, self.says, self.caps, self.does):
            column.addWidget(part)
        column.addWidget(self.table)
        column.addWidget(self.hint)
        column.addWidget(self._working_label)
        column.addWidget(self.working, stretch=1)
        column.addStretch()

    def show_card(self, card: Card | None, settlement: Settlement | None, *, opens: bool) -> None:
        """Show what a card does. `opens` says whether its figures are on the Settlement page too: a draft's are not."""
        self._card, self._settlement = card, settlement
        self.heading.setText("" if card is None else card.heading)
        self.does.setText(_NO_FIGURES if card is None else card.does)
        self.does.setVisible(bool(self.does.text()))
        self.caps.setText("" if card is None else "\n".join(card.caps))
        self.caps.setVisible(card is not None and bool(card.caps))
        has_parts = card is not None and settlement is not None and bool(card.parts)
        # the working says it again where there is one
        self.says.setText("" if card is None or has_parts else card.says)
        self.says.setVisible(bool(self.says.text()))
        for part in (self.table, self._working_label, self.working):
            part.setVisible(has_parts)
        self.hint.setVisible(has_parts and opens)
        self._opens = opens
        if card is not None and settlement is not None and has_parts:
            self.model.show_grid(parts_grid(card, settlement))
            fit_height(self.table, most=9, wraps=_LINES)
            self.table.setCurrentIndex(self.model.index(0, 0))
            self._show_working(self.model.index(0, 0))

    def _show_working(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if self._card is None or self._settlement is None or not index.isValid():
            return
        dealt, part = self._card.parts[index.row()]
        told = about_unallocated(dealt, self._settlement)
        if part is not None:
            told = about_part(dealt, part, self._settlement)
        self.working.setPlainText("\n\n".join(told))

    def _open(self, index: QModelIndex) -> None:
        if self._card is not None and self._opens:
            subject = self._card.parts[index.row()][0].subject
            self.followed.emit(links.Subject(subject.group.code, subject.on))

    _opens = False


def fit_height(table: FigureTable, *, most: int, wraps: int = 1) -> None:
    """Have a table as high as its rows, so that it takes no more of the page than it needs; of many it scrolls.

    A row's words may go on over `wraps` lines.
    """
    rows = min(max(table.grid_model.rowCount(), 1), most)
    bar = table.horizontalScrollBar().sizeHint().height()
    head = max(table.horizontalHeader().sizeHint().height(), table.horizontalHeader().minimumHeight())
    high = min(max(table.verticalHeader().length(), row_height(table)), rows * row_height(table) * wraps)
    table.setFixedHeight(head + high + bar + 4)
