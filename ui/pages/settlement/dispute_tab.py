"""What is in dispute at the settlement, and what would be due without it."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from rules.money import pounds
from settlement.disputed import Disputed
from settlement.settle import Settlement
from settlement.without import shown_without
from ui.banners import Banner, Tone
from ui.pages.settlement.grids import disputes_grid, without_grid
from ui.rows_table import RowsTable
from ui.tables import Grid, GridModel
from ui.widgets import words
from ui.wording import payments_in_words

_NONE = (
    "Nothing is in dispute at this period. What a partner disputes, a line or what a clause comes to, stands here and "
    "on the statements until it is resolved, with what would be due without it. Raise one on the Sign-off page, "
    "under Disputes."
)
_STAYS = (
    "The settlement includes what is in dispute. It stays in dispute until the partners resolve it, whether the period "
    "is signed or not."
)


class DisputeTab(QWidget):
    """The disputes, and each partner's net due with and without what is disputed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until a settlement is shown."""
        super().__init__(parent)
        self.listed = RowsTable(GridModel(parent=self), "What is in dispute")
        self.without = RowsTable(GridModel(parent=self), "What would be due without it")
        for table in (self.listed, self.without):
            table.setSizeAdjustPolicy(RowsTable.SizeAdjustPolicy.AdjustToContents)
            table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.said = words(_NONE)
        self.then = words()
        self.problem = Banner(Tone.WARNING, "What would be due without it")
        layout = QVBoxLayout(self)
        for part in (self.said, self.listed, self.problem, self.then, self.without):
            layout.addWidget(part)
        layout.addStretch()

    def show_disputed(self, settlement: Settlement, disputed: Disputed | None) -> None:
        """Show what is in dispute at this settlement, or that nothing is."""
        is_there = disputed is not None and bool(disputed.disputes)
        self.said.setText(_STAYS if is_there else _NONE)
        for part in (self.listed, self.without, self.then):
            part.setVisible(is_there)
        self.problem.hide()
        if disputed is None or not is_there:
            for table in (self.listed, self.without):
                table.grid_model.show_grid(Grid((), (), frozenset()))
            return
        self.listed.grid_model.show_grid(disputes_grid(disputed))
        self.without.grid_model.show_grid(without_grid(settlement, disputed))
        if disputed.without is None:
            self.without.hide()
            self.then.hide()
            self.problem.say("What would be due without it cannot be worked out", disputed.why_not)
            return
        shown = shown_without(settlement, disputed.without)
        told = "; ".join(payments_in_words(disputed.without, shown.transfers_pence))
        self.then.setText(f"Without it: {told}.")
        if shown.open_pence:
            self.problem.say(
                f"Without it, the schedule would allocate {pounds(shown.open_pence)} to nobody",
                "That amount is in no partner's figure below: it stays with whoever spent or realised it, until the "
                "partners agree who is to bear or to receive it.",
            )
