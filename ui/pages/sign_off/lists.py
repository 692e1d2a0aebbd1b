"""The tabs beside the periods: what is in dispute, and whose keys sign."""

from functools import partial

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ledgers.disputes import Dispute
from settlement.signing_off import SignOff
from ui import links
from ui.copying import copy_action, copy_selection
from ui.flow import Flow
from ui.links import Lines, Link
from ui.pages.sign_off.said import when
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import button, words


class _Listed(QWidget):
    """A table of a few rows, a sentence over it, buttons under it."""

    def __init__(self, name: str, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = GridModel()
        self.table = FigureTable(self.model, name)
        copying = copy_action(self.table)
        copying.triggered.connect(partial(copy_selection, self.table))
        self.says = words(says)
        self.nothing = words()
        self.line = QWidget()
        self._flow = Flow(self.line)
        column = QVBoxLayout(self)
        column.addWidget(self.says)
        column.addWidget(self.nothing)
        column.addWidget(self.table, stretch=1)
        column.addWidget(self.line)
        self.filler = QWidget()
        column.addWidget(self.filler, stretch=1)

    def add_button(self, made: QPushButton) -> QPushButton:
        """Add a button under the table."""
        self._flow.addWidget(made)
        return made

    def show_grid(self, grid: Grid, nothing: str) -> None:
        """Show the rows; or the sentence that stands there when there are none."""
        row = self.table.currentIndex().row()
        self.model.show_grid(grid)
        self.table.setVisible(bool(grid.rows))
        self.filler.setVisible(not grid.rows)
        self.nothing.setVisible(not grid.rows)
        self.nothing.setText(nothing)
        if grid.rows:
            self.table.setCurrentIndex(self.model.index(min(max(row, 0), len(grid.rows) - 1), 0))


class DisputesTab(_Listed):
    """Every dispute of the ledger up to the period."""

    raising = Signal()
    resolving = Signal(object)
    carrying = Signal(object)
    go = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(
            "Disputes",
            "What a partner disputes stays in the figures; statements show what is due with and without it. Before a "
            "period is signed each dispute in it is resolved, or carried past it.",
            parent,
        )
        self.raise_button = self.add_button(button("Raise a &dispute…", self.raising.emit))
        self.resolve_button = self.add_button(button("&Resolve…", partial(self._tell, self.resolving)))
        self.carry_button = self.add_button(button("&Carry past the period…", partial(self._tell, self.carrying)))
        self.show_button = self.add_button(button("&Show it", self._open))
        self.table.activated.connect(self._open)
        self.table.doubleClicked.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._allow)
        self._disputes: tuple[Dispute, ...] = ()
        self._why_read_only = ""

    @property
    def chosen(self) -> Dispute | None:
        """The dispute that is chosen in the table."""
        row = self.table.currentIndex().row()
        return self._disputes[row] if 0 <= row < len(self._disputes) else None

    def show_sign_off(self, at: SignOff, why_read_only: str) -> None:
        """Show the disputes."""
        self._disputes = at.all_disputes
        self._why_read_only = why_read_only
        rows = tuple(
            (
                Cell(str(each.id)),
                Cell(at.name_of(each.partner)),
                Cell(each.about),
                Cell(str(each.period)),
                Cell(each.reason),
                Cell(_became(each)),
            )
            for each in self._disputes
        )
        self.show_grid(
            Grid(("No.", "Disputed by", "What", "From", "Why", "What became of it"), rows, frozenset()),
            "Nothing is in dispute.",
        )
        self.raise_button.setEnabled(not why_read_only)
        self.raise_button.setToolTip(why_read_only)
        self._allow()

    def _allow(self) -> None:
        chosen = self.chosen
        for made in (self.resolve_button, self.carry_button):
            why = self._why_read_only
            if not why and chosen is None:
                why = "Choose a dispute first."
            elif not why and chosen is not None and not chosen.is_open:
                why = "It is resolved."
            made.setEnabled(not why)
            made.setToolTip(why)
        self.show_button.setEnabled(chosen is not None)

    def _tell(self, signal: SignalInstance) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen)

    def _open(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.line is not None:
            why = f"{chosen.partner} disputes {chosen.about}: {chosen.reason}"
            self.go.emit(Link(links.LEDGER, Lines(ids=(chosen.line,), why=why)))
        elif chosen.clause is not None:
            self.go.emit(Link(links.RISK_SHARE, links.ClauseOf(chosen.clause)))


class KeysTab(_Listed):
    """Every key that signs, or signed, as the ledger has it."""

    making = Signal()
    replacing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty."""
        super().__init__(
            "Keys",
            "Each signatory has a key: a private file, under a passphrase, that signs, and a public one that checks. "
            "The first key that a partner signs with is taken for its own. An auditor takes public keys from the "
            "partners, never from here, and may compare the fingerprints.",
            parent,
        )
        self.new_button = self.add_button(button("&New key…", self.making.emit))
        self.replace_button = self.add_button(button("&Replace a key…", self.replacing.emit))

    def show_sign_off(self, at: SignOff, why_read_only: str) -> None:
        """Show the keys."""
        replaced = {key.replaces: key.id for key in at.keys}
        rows = tuple(
            (
                Cell(str(key.id)),
                Cell(at.name_of(key.partner)),
                Cell(key.name),
                Cell(key.role),
                Cell("signs" if key.id not in replaced else f"replaced by key {replaced[key.id]}"),
                Cell(f"{when(key.at)}: {key.reason}"),
                Cell(key.fingerprint),
            )
            for key in at.keys
        )
        headings = ("No.", "Partner", "Name", "Role", "Now", "Known since", "Fingerprint (SHA-256)")
        self.show_grid(
            Grid(headings, rows, frozenset()), "No key is known yet. Make one here, and sign a period with it."
        )
        why = why_read_only or ("" if at.keys else "No partner has signed with a key yet.")
        self.replace_button.setEnabled(not why)
        self.replace_button.setToolTip(why)


def _became(dispute: Dispute) -> str:
    if not dispute.outcome:
        return "open"
    became = "resolved from" if not dispute.is_open else "open, carried past"
    return f"{became} {dispute.outcome_period}: {dispute.outcome_reason}"
