"""The lines that make what is due to or from a partner, each leading to its working: the table of the first page."""

from dataclasses import dataclass

from rules.language import message, say
from settlement.result import row_figures
from settlement.statements.anchors import NET, anchors_of, working_numbers
from settlement.statements.beside import Beside, beside
from settlement.statements.document import Align, Cell, Column, Row, RowKind, Table
from settlement.statements.inputs import StatementInputs
from settlement.statements.reasons import HANDED_OVER, handed_over_label

FOOTING = (
    ("contribution_due", 1, message("Financial Contribution due")),
    ("overspend", 1, message("Share of overspends")),
    ("qipp_shortfall", 1, message("Share of QIPP shortfalls")),
    ("underspend", -1, message("Less: share of underspends")),
    ("disbenefit", 1, message("Share of disbenefits")),
    ("benefit", -1, message("Less: share of benefits")),
    ("provision", -1, message("Less: set aside against its own exposure")),
    ("handed_over", 1, HANDED_OVER),
    ("spend", -1, message("Less: spent on the pooled funds' behalf")),
    ("paid", -1, message("Less: paid to Host Partners to date")),
    ("received", 1, message("As Host Partner: payments received")),
    ("drawn", 1, message("As Host Partner: reserves and underspends, net")),
    ("between_hosts", 1, message("As Host Partner: due to other hosts, net")),
    ("unallocated", 1, message("As Host Partner: not allocated by any clause")),
)
"""The fourteen lines by the result's keys: what each adds to a net due or takes away, and what it is called.

What a partner handed over is called by what makes it (`handed_over_label`).
"""


def net_label() -> str:
    """What all lines come to."""
    return say("Net due (negative: receives)")


@dataclass(frozen=True, slots=True)
class FootingLine:
    """A line: its figures side by side, signed so that they add up, and the number of its working, if it has one."""

    key: str
    label: str
    cells: tuple[int, ...]
    reference: str = ""

    @property
    def pence(self) -> int:
        """The figure of this settlement: what is due from the partner above nought."""
        return self.cells[0]


def footing_lines(inputs: StatementInputs, partner: str) -> tuple[FootingLine, ...]:
    """The lines with a figure in any column, with the numbers of their workings; the net due is the last of them."""
    numbers = working_numbers(inputs, partner)
    return tuple(
        FootingLine(line.key, line.label, line.cells, numbers[line.key])
        for line in _all_lines(inputs, partner, beside(inputs, partner))
        if line.key in numbers
    )


def footing(inputs: StatementInputs, partner: str, title: str, *, leave_out_nil: bool) -> Table:
    """The lines that make the partner's net due, signed so that every column adds up.

    Without the nil lines it is the first page's, and each line has the number of its working and leads to it.
    """
    side = beside(inputs, partner)
    *lines, net = footing_lines(inputs, partner) if leave_out_nil else _all_lines(inputs, partner, side)
    rows = [_row(inputs, line, RowKind.BODY) for line in lines]
    total = _row(inputs, net, RowKind.TOTAL, tuple(range(len(rows))))
    columns = [Column(say("Line"), width=3), *side.columns]
    if leave_out_nil:
        columns.append(Column(say("Working"), Align.RIGHT))
    return Table(title, tuple(columns), (*rows, total))


def _row(inputs: StatementInputs, line: FootingLine, kind: RowKind, adds: tuple[int, ...] = ()) -> Row:
    if not line.reference:
        return Row((line.label, *line.cells), kind, adds)
    names = anchors_of(inputs)
    cells: tuple[Cell, ...] = (line.label, *line.cells, line.reference)
    equals = (
        ()
        if kind is RowKind.TOTAL
        else tuple((names.comes_to(line.key),) if at == 1 else () for at in range(len(cells)))
    )
    return Row(cells, kind, adds, anchor=names.due(line.key), goes_to=names.working(line.key), equals=equals)


def _all_lines(inputs: StatementInputs, partner: str, side: Beside) -> list[FootingLine]:
    lines = [
        FootingLine(key, label_of(inputs, partner, key, label), cells_of(side, key, sign))
        for key, sign, label in FOOTING
    ]
    return [*lines, FootingLine(NET, net_label(), cells_of(side, NET, 1))]


def label_of(inputs: StatementInputs, partner: str, key: str, label: str) -> str:
    """What a line is called on a partner's statement."""
    return handed_over_label(inputs, partner) if key == "handed_over" else say(label)


def cells_of(side: Beside, key: str, sign: int) -> tuple[int, ...]:
    """A line's figures side by side, signed as it adds to a net due or takes away."""
    return side.cells(
        lambda settlement, codes: sign * sum(row_figures(row)[key] for row in settlement.rows if row.partner in codes)
    )
