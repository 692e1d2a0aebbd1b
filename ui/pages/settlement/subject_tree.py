"""What the schedule dealt with, as a tree: subjects, the clauses that dealt with them, each partner's shares."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt

from rules.outcome import DealtWith
from rules.trace import Part
from settlement.settle import Settlement
from ui.figures import amount, spoken
from ui.pages.settlement.numbered_tree import NumberedTree
from ui.tables import LEFT, RIGHT, AnyIndex
from ui.wording import clause_name, doing, how_far, partner_name, subject_name

HEADINGS = ("Amount, clause, partner", "What was done with it", "Amount")
AMOUNT_COLUMN = 2


@dataclass(frozen=True, slots=True)
class Node:
    """A row of the tree: a subject, a part of one (`part`), or a partner's share of a part (`partner`).

    `above` is the number of the row it stands under, None at the top; `place` is which of the rows there it is.
    """

    label: str
    done: str
    pence: int
    dealt: DealtWith
    above: int | None
    place: int
    part: Part | None = None
    partner: str = ""
    is_unallocated: bool = False


class SubjectTreeModel(NumberedTree[Node]):
    """The tree over one settlement."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty until a settlement is shown."""
        super().__init__(HEADINGS, AMOUNT_COLUMN, parent)

    def show_settlement(self, settlement: Settlement | None) -> None:
        """Show this settlement's subjects in place of those before, or none."""
        made = _Nodes()
        if settlement is not None:
            for dealt in settlement.outcome.subjects:
                made.add_subject(dealt, settlement)
        self._show(made.nodes)

    def node_of(self, index: AnyIndex) -> Node | None:
        """The row that an index is of."""
        return self._row_of(index)

    def nodes(self) -> Iterator[Node]:
        """Every row, each before those under it."""
        return iter(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row shows, its pence, how it is said, where it stands."""
        node = self.node_of(index)
        if node is None:
            return None
        is_amount = index.column() == AMOUNT_COLUMN
        value: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                value = (node.label, node.done, amount(node.pence))[index.column()]
            case Qt.ItemDataRole.UserRole if is_amount:
                value = node.pence
            case Qt.ItemDataRole.AccessibleTextRole if is_amount:
                value = f"{node.label}: {spoken(node.pence)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                value = RIGHT if is_amount else LEFT
            case Qt.ItemDataRole.FontRole if node.above is None or node.is_unallocated:
                value = self._bold
        return value


class _Nodes:
    """The rows of the tree as they are put together."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._below: dict[int | None, int] = {}

    def add_subject(self, dealt: DealtWith, settlement: Settlement) -> None:
        """An amount, the parts of it, and each partner's share of those."""
        agreement = settlement.agreement
        subject = self._add(None, subject_name(dealt, settlement), how_far(dealt), dealt.subject.amount_pence, dealt)
        for part in dealt.parts:
            done = doing(part, dealt.subject.on, agreement)
            of_part = self._add(subject, clause_name(part, agreement), done, part.amount_pence, dealt, part)
            for partner, pence in zip(agreement.partners, part.shares_pence or (), strict=False):
                self._add(of_part, partner_name(partner), "", pence, dealt, part, partner=partner.code)
        if dealt.unallocated_pence:
            label = "Unallocated: no clause deals with this"
            self._add(subject, label, "Left with the host", dealt.unallocated_pence, dealt, is_unallocated=True)

    def _add(
        self,
        above: int | None,
        label: str,
        done: str,
        pence: int,
        dealt: DealtWith,
        part: Part | None = None,
        *,
        partner: str = "",
        is_unallocated: bool = False,
    ) -> int:
        place = self._below.get(above, 0)
        self._below[above] = place + 1
        self.nodes.append(Node(label, done, pence, dealt, above, place, part, partner, is_unallocated))
        return len(self.nodes) - 1
