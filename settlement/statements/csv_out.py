"""Tables as CSV that a spreadsheet opens without running anything: text that could be a formula is prefixed."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from rules.language import say
from rules.money import plain
from settlement.statements.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    RowKind,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.printable import held

# What a spreadsheet takes for the beginning of a formula, in the wide signs of Chinese and Japanese ones too.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: Cell) -> str:
    """An amount as plain pounds and pence; text with an apostrophe before a sign that would make it a formula."""
    if isinstance(cell, int):
        return plain(cell)
    text = held(cell)
    return f"'{text}" if text.startswith(_RISKY) else text


def table_csv(table: Table) -> str:
    """One table, its header first: for another ledger to read. Heading rows, which have one cell, are left out."""
    rows: list[Iterable[Cell]] = [[column.title for column in table.columns]]
    rows += [row.cells for row in table.rows if row.kind is not RowKind.HEADING]
    return _text(rows)


def document_csv(document: Document) -> str:
    """The whole document from top to bottom, a row for each text, its tables with their headers."""
    rows: list[Iterable[Cell]] = [
        (document.title, document.subtitle),
        (say("Status"), document.status),
        document.running,
    ]
    if document.foot:
        rows.append((document.foot,))
    for section in document.sections:
        rows += [(), (section.title,)]
        for block in section.blocks:
            rows += _rows(block)
    return _text(rows)


def _rows(block: Block) -> list[Iterable[Cell]]:  # noqa: PLR0911  one short case for each kind of block
    match block:
        case Table():
            head = tuple(column.title for column in block.columns)
            return [(), (block.title,), head, *(row.cells for row in block.rows), ()]
        case Heading():
            return [(), (block.text,)]
        case Paragraph():
            return [(block.text,)]
        case Note():
            return [(say("Warning") if block.tone is Tone.WARNING else say("Note"), block.text)]
        case Bullets():
            return [(text,) for text in block.items]
        case Picture():
            return [(), (block.title,), (block.alternative,)]
        case KeyFigures():
            return [(block.label, block.amount_pence), (block.words,), *((line,) for line in block.lines)]
        case Facts():
            return list(block.pairs)
        case SignatureBlock():
            return [(), (block.heading,), *block.pairs]


def _text(rows: Iterable[Iterable[Cell]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def write_csv(text: str, path: Path) -> None:
    """Write the text, with the byte-order mark by which a spreadsheet knows UTF-8. Raises OSError."""
    path.write_text(text, encoding="utf-8-sig", newline="")
