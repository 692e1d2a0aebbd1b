"""Following a document's references: anchors and links, the working of a line, the groups of lines that it names."""

import re
from collections.abc import Iterator

from rules.agreement import Kind
from settlement.statements import StatementInputs
from settlement.statements.anchors import LineGroup, Of, groups_with_figures
from settlement.statements.document import Bullets, Document, Heading, Paragraph, Row, RowKind, Section, Table

OF_LINES = ("lines-", "later-", "default-")
_RANGE = re.compile(r"L(\d+)(?:–L(\d+))?")
_ADDS = frozenset({Kind.BUDGET, Kind.VIREMENT, Kind.BASELINE, Kind.QIPP_TARGET})


def anchors_in(document: Document) -> list[str]:
    """The names of every destination, in reading order."""
    found = []
    for section in document.sections:
        found.append(section.anchor)
        for block in section.blocks:
            if isinstance(block, Heading | Table):
                found.append(block.anchor)
            if isinstance(block, Table):
                found += [row.anchor for row in block.rows]
    return [name for name in found if name]


def links_in(document: Document) -> list[str]:
    """Where every link goes, in reading order."""
    found: list[str] = []
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Heading | Paragraph):
            found.append(block.goes_to)
        elif isinstance(block, Bullets):
            found += block.goes_to
        elif isinstance(block, Table):
            found += [row.goes_to for row in block.rows]
    return [name for name in found if name]


def lost_links(document: Document) -> set[str]:
    """The links that lead nowhere: none may, but those to lines where a statement leaves the lines to the Workings."""
    lost = set(links_in(document)) - set(anchors_in(document))
    if "Ledger lines" in [section.title for section in document.sections]:
        return lost
    return {name for name in lost if not name.startswith(OF_LINES)}


def working_of(document: Document, anchor: str) -> tuple[Heading, Table | None]:
    """The heading of a line's working and the table beneath it; no table where it is nil."""
    for section in document.sections:
        for place, block in enumerate(section.blocks):
            if isinstance(block, Heading) and block.anchor == anchor:
                below = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
                return block, below if isinstance(below, Table) else None
    raise AssertionError(anchor)


def groups_told(inputs: StatementInputs, row: Row) -> list[tuple[LineGroup, int]]:
    """The groups of lines that a row of a working names, with their figures."""
    groups = list(groups_with_figures(inputs).items())
    told = str(row.cells[1])
    numbers: list[int] = []
    for low, high in _RANGE.findall(told):
        numbers += range(int(low), int(high or low) + 1)
    return [groups[number - 1] for number in numbers]


def rows_with_lines(table: Table) -> Iterator[Row]:
    """The rows that name groups of lines."""
    if table.columns[1].title == "Ledger lines":
        yield from (row for row in table.rows if row.kind is RowKind.BODY and row.cells[1])


def numbered_groups(document: Document) -> dict[str, str]:
    """The anchors of groups of lines as the document lists them, with their printed numbers."""
    found = {}
    for table in document.tables:
        for row in table.rows:
            if row.kind is RowKind.HEADING and row.anchor.startswith(OF_LINES):
                found[row.anchor] = str(row.cells[0]).partition(" ")[0]
    return found


def variance_of(groups: list[tuple[LineGroup, int]]) -> int:
    """What groups of lines of all partners come to: what was to be there less what came."""
    return sum(pence if group.kind in _ADDS else -pence for group, pence in groups if group.of is Of.FIGURE)


def sums_of_groups(section: Section) -> list[int]:
    """What the lines of each group in a section come to, in their order."""
    sums: list[int] = []
    for table in (block for block in section.blocks if isinstance(block, Table)):
        for row in table.rows:
            if row.kind is RowKind.HEADING:
                sums.append(0)
            elif row.kind is RowKind.BODY and isinstance(cell := row.cells[-1], int):
                sums[-1] += cell
            else:
                assert row.cells[-1] == sums[-1]
    return sums
