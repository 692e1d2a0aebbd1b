"""A working as a table: entries under what they belong to, each with its link, and the sum that they come to."""

from dataclasses import dataclass

from settlement.statements.document import Cell, Column, Row, RowKind, Table


@dataclass(frozen=True, slots=True)
class Under:
    """What entries stand under: a fund, a partner's payments to one. `goes_to` is where it leads."""

    text: str
    goes_to: str = ""


Equals = tuple[tuple[str, ...], ...]
"""For each cell the anchors of the rows whose amounts it is, as in `Row.equals`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a working. Where it `takes`, its amounts are taken from the sum, and stand below zero in it."""

    under: Under
    cells: tuple[Cell, ...]
    goes_to: str = ""
    takes: bool = False
    equals: Equals = ()


@dataclass(frozen=True, slots=True)
class Working:
    """What makes a line. `only_last` has its last column alone summed; the others are of what a part was taken."""

    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    only_last: bool = False


def summed(working: Working, title: str, total: str, *, less: bool = False, anchor: str = "") -> Table:
    """The entries with their sum; under headings with subtotals where they stand under more than one.

    With `less` all of it is taken off: every row is below zero where it would be above, so that columns add up as they
    are printed. The sum has the anchor.
    """
    by_under: dict[Under, list[Entry]] = {}
    for entry in working.entries:
        by_under.setdefault(entry.under, []).append(entry)
    are_apart = len(by_under) > 1
    rows: list[Row] = []
    adds: list[int] = []
    for under, own in by_under.items():
        if are_apart:
            rows.append(Row((under.text,), RowKind.HEADING, goes_to=under.goes_to))
        first = len(rows)
        rows += [_row(working, entry, less=less) for entry in own]
        places = range(first, len(rows))
        adds += places
        if are_apart:
            rows.append(_sum(working, rows, under.text, RowKind.SUBTOTAL, tuple(places)))
    rows.append(_sum(working, rows, total, RowKind.TOTAL, tuple(adds), anchor))
    return Table(title, working.columns, tuple(rows))


def _row(working: Working, entry: Entry, *, less: bool) -> Row:
    if entry.takes == less:
        return Row(entry.cells, goes_to=entry.goes_to, equals=entry.equals)
    last = len(entry.cells) - 1
    cells = tuple(
        -cell if isinstance(cell, int) and (place == last or not working.only_last) else cell
        for place, cell in enumerate(entry.cells)
    )
    return Row(cells, goes_to=entry.goes_to, equals=entry.equals, equals_sign=-1)


def _sum(working: Working, rows: list[Row], text: str, kind: RowKind, adds: tuple[int, ...], anchor: str = "") -> Row:
    last = len(working.columns) - 1
    cells: list[Cell] = [text]
    for column in range(1, last + 1):
        added = [cell for place in adds if isinstance(cell := rows[place].cells[column], int)]
        is_summed = added and (column == last or not working.only_last)
        cells.append(sum(added) if is_summed else "")
    return Row(tuple(cells), kind, adds, anchor=anchor)
