"""Drafts side by side: who would pay what under each, and what they say that the schedule in force does not."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from settlement.comparing import About, Comparison
from settlement.drafting import Draft
from ui import links
from ui.flow import Flow
from ui.pages.risk_share.grids import comparison_grid
from ui.pages.risk_share.views import SideBySide
from ui.tables import FigureTable, GridModel
from ui.widgets import SECTION, button, labelled, lines, words


class ComparisonView(QWidget):
    """The table of the comparison and the differences in words."""

    chosen = Signal()
    """Other drafts are to be compared: `names` says which."""

    closed = Signal()
    """Back to the cards."""

    followed = Signal(object)
    """A figure of what is in force was opened: a `links.Figure`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Of nothing yet."""
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._boxes: dict[str, QCheckBox] = {}
        self.heading = words("Who would pay what", SECTION)
        self._choose = QWidget()
        self._flow = Flow(self._choose)
        self.model = GridModel()
        self.table = FigureTable(self.model, "Schedules side by side: who would pay what")
        self.table.setMinimumHeight(lines(self, 12))
        self.table.activated.connect(self._open)
        self.differs = QPlainTextEdit()
        self.differs.setReadOnly(True)
        self.differs.setTabChangesFocus(True)
        self.differs.setMinimumHeight(lines(self, 7))
        self.differs.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = button("&Copy the table", self.copy_table)
        self.back = button("&Back to the cards", self.closed.emit)
        buttons = QWidget()
        flow = Flow(buttons)
        flow.addWidget(self.back)
        flow.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self._choose)
        column.addWidget(buttons)
        column.addWidget(self.table, stretch=3)
        column.addWidget(labelled("What the drafts &say that is not in force", self.differs))
        column.addWidget(self.differs, stretch=2)

    @property
    def names(self) -> tuple[str, ...]:
        """The drafts to compare."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    def offer(self, drafts: Sequence[Draft]) -> None:
        """Offer these drafts; those that are new are compared at once."""
        names = [draft.name for draft in drafts]
        if names == list(self._boxes):
            return
        left_out = {name for name, box in self._boxes.items() if not box.isChecked()}
        while (item := self._flow.takeAt(0)) is not None:
            box = item.widget()
            if box is not None:
                box.hide()
                box.deleteLater()
        self._boxes = {}
        for name in names:
            box = QCheckBox(name.replace("&", "&&"))
            box.setAccessibleName(f"Compare {name}")
            box.setChecked(name not in left_out)
            box.toggled.connect(lambda _on: self.chosen.emit())
            self._flow.addWidget(box)
            self._boxes[name] = box
        self._choose.setVisible(bool(names))

    def show_comparison(self, found: SideBySide) -> None:
        """Show these schedules side by side."""
        self._comparison = found.comparison
        at = found.position
        on = f"in the forecast outturn seen from {at.period}" if at.outturn else f"to date at {at.period}"
        self.heading.setText(f"Who would pay what {on}")
        self.model.show_grid(comparison_grid(found.comparison))
        self.differs.setPlainText(found.differences)
        self.table.setCurrentIndex(self.model.index(0, 0))

    def copy_table(self) -> None:
        """Put the whole table on the clipboard, for a spreadsheet."""
        before = self.table.selectionModel().selection()
        self.table.selectAll()
        self.table.copy()
        flags = self.table.selectionModel().SelectionFlag.ClearAndSelect
        self.table.selectionModel().select(before, flags)

    def _open(self, index: QModelIndex) -> None:
        if self._comparison is None:
            return
        row = self._comparison.rows[index.row()]
        if row.about in {About.NET_DUE, About.FIGURE}:
            self.followed.emit(links.Figure(row.partner, row.key))
        elif row.about is About.TRANSFER:
            self.followed.emit(links.Figure(row.partner))
