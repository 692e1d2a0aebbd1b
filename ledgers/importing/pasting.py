"""A block from a spreadsheet, laid over the rows that a person is entering."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from ledgers.importing.entering import COLUMNS, EMPTY, Row, meant
from ledgers.importing.guessing import column_meant
from ledgers.importing.previewing import Book

MOST_PASTED = 2_000
"""Rows pasted at once: more is a file, and is imported as one."""

_FEWEST_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class Selected:
    """The cells that a block is pasted on: from the row `top` to `bottom`, `columns` of them from `column` on.

    `beginning` is what the row that is not there yet would begin with.
    """

    top: int
    bottom: int
    column: int
    columns: int = 1
    beginning: Row = EMPTY


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows from `at` on as the block makes them, and the column it begins in; or why nothing can be pasted."""

    at: int = 0
    column: int = 0
    rows: tuple[Row, ...] = ()
    why_not: str = ""


def laid(text: str, rows: Sequence[Row], selected: Selected, book: Book) -> Laid:
    """What pasting a block makes of the rows. A single cell fills all those that are selected."""
    block, headings = pasted(text)
    if not block:
        return Laid(why_not="There is nothing on the clipboard that could be pasted.")
    if len(block) > MOST_PASTED:
        return Laid(
            why_not=f"The block has {len(block):,} rows, and at most {MOST_PASTED:,} can be pasted: save it as a file "
            "and import that."
        )
    many = selected.bottom > selected.top or selected.columns > 1
    if len(block) == 1 and len(block[0]) == 1 and not headings and many:
        block = [block[0] * selected.columns] * (selected.bottom - selected.top + 1)
    there = list(rows)
    if selected.top == len(rows) and not headings and len(block[0]) < len(COLUMNS) // 2:
        there.append(selected.beginning)  # a few cells: the rest of the row is as it shows already
    made = placed(block, headings, there, selected.top, selected.column, book)
    return Laid(selected.top, selected.column, tuple(made))


def pasted(text: str) -> tuple[list[list[str]], list[str]]:
    """The rows of a block copied from a spreadsheet, and our column for each of its own, if it begins with headings.

    Cells are separated by tabs, and quoted where they hold a tab, a line break or a quotation mark.
    """
    tidy = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = [row for row in csv.reader(io.StringIO(tidy, newline=""), delimiter="\t") if any(map(str.strip, row))]
    if not rows:
        return [], []
    headings = [column_meant(cell) for cell in rows[0]]
    known = [heading for heading in headings if heading]
    if len(known) < _FEWEST_HEADINGS or len(known) != len(set(known)):
        return rows, []
    return rows[1:], headings


def placed(
    block: Sequence[Sequence[str]], headings: Sequence[str], rows: Sequence[Row], at: int, column: int, book: Book
) -> list[Row]:
    """The rows from `at` on with the block laid over them, from the column on or by its headings.

    `rows` are all rows there are; the block may reach below them. Cells beyond the last column are lost.
    """
    where = [COLUMNS.index(name) if name else -1 for name in headings]
    known: dict[tuple[int, str, str], str] = {}  # a block has few different codes, each of which takes a while to find
    made = []
    for below, cells in enumerate(block):
        row = list(rows[at + below]) if at + below < len(rows) else list(EMPTY)
        for number, text in enumerate(cells):
            to = column + number if not headings else where[number] if number < len(where) else -1
            if 0 <= to < len(COLUMNS):
                cell = (to, text, row[0])
                if cell not in known:
                    known[cell] = meant(COLUMNS[to], " ".join(text.split()), book, row[0])
                row[to] = known[cell]
        made.append(tuple(row))
    return made
