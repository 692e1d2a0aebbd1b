"""What the schedule dealt with, as a tree: subjects, the clauses that dealt with them, each partner's shares."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QFont

from rules.outcome import DealtWith
from rules.trace import Part
from settlement.settle import Settlement
from ui.figures import amount, spoken
from ui.tables import LEFT, NOWHERE, RIGHT, AnyIndex
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


class SubjectTreeModel(QAbstractItemModel):
    """The tree over one settlement. Rows are numbered, and an index holds its row's number: no pointer can dangle."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty until a settlement is shown."""
        super().__init__(parent)
        self._nodes: list[Node] = []
        self._below: dict[int | None, list[int]] = {}
        self._bold = QFont()
        self._bold.setBold(True)

    def show_settlement(self, settlement: Settlement | None) -> None:
        """Show this settlement's subjects in place of those before, or none."""
        self.beginResetModel()
        self._nodes = []
        self._below = {}
        if settlement is not None:
            for dealt in settlement.outcome.subjects:
                self._add_subject(dealt, settlement)
        self.endResetModel()

    def node_of(self, index: AnyIndex) -> Node | None:
        """The row that an index is of."""
        return self._nodes[index.internalId()] if index.isValid() else None

    def nodes(self) -> Iterator[Node]:
        """Every row, each before those under it."""
        return iter(self._nodes)

    def _add_subject(self, dealt: DealtWith, settlement: Settlement) -> None:
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
        siblings = self._below.setdefault(above, [])
        node = Node(label, done, pence, dealt, above, len(siblings), part, partner, is_unallocated)
        number = len(self._nodes)
        self._nodes.append(node)
        siblings.append(number)
        return number

    def index(self, row: int, column: int, parent: AnyIndex = NOWHERE) -> QModelIndex:
        """The index of a row under another."""
        siblings = self._below.get(parent.internalId() if parent.isValid() else None, [])
        if not (0 <= row < len(siblings) and 0 <= column < len(HEADINGS)):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, index: AnyIndex = NOWHERE) -> QModelIndex:  # type: ignore[override]  # Qt overloads the name
        """The row that another stands under."""
        node = self.node_of(index)
        if node is None or node.above is None:
            return QModelIndex()
        return self.createIndex(self._nodes[node.above].place, 0, node.above)

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """How many rows stand under another."""
        if parent.isValid() and parent.column() > 0:
            return 0
        return len(self._below.get(parent.internalId() if parent.isValid() else None, []))

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802, ARG002  Qt's name; the same everywhere
        """How many columns."""
        return len(HEADINGS)

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

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return HEADINGS[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if section == AMOUNT_COLUMN else LEFT
        return None
