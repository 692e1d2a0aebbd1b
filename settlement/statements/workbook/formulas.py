"""The formulas of a table in a workbook: what a row or a column adds and takes, as a spreadsheet works it out again.

A sum is rounded to the penny: a spreadsheet's numbers are binary, and thousands of them added leave a trace of a penny
that would show as nought in brackets where there is nothing. Every formula is written with its value beside it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from settlement.statements.document import Cell, RowKind, Table
from settlement.statements.workbook.names import reference_to

EXACT_PENCE = 10**15
"""A spreadsheet keeps fifteen figures; a larger amount is written as text, to the penny."""

_MOST_ARGUMENTS = 250  # of a function: a spreadsheet takes 255
_LONGEST = 8_000  # signs of a formula: a spreadsheet takes 8,192
_FEW = 4  # single cells that are added one by one, as a person would write it


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a row of a table stands: a sheet by its name, and a row of it from 0."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula for a cell of a table, by its row and column in the table."""

    row: int
    column: int
    text: str


def formulas_of(table: Table, spots: list[Spot]) -> Iterator[Formula]:
    """The formulas of a table whose rows stand at these spots. A row's own sum goes before that of a column."""
    across = [place for place, column in enumerate(table.columns) if column.adds or column.takes]
    for number, row in enumerate(table.rows):
        if row.kind is RowKind.HEADING:
            continue
        down = range(len(row.cells)) if row.adds or row.takes else across
        for place in down:
            if is_number(row.cells[place]):
                make = _down if row.adds or row.takes else _across
                if text := make(table, spots, number, place):
                    yield Formula(number, place, text)


def reference_formula(here: str, places: list[tuple[Spot, int]], sign: int) -> str:
    """The formula of an amount that is those of other rows: `='Ledger lines'!F24`; "" for what is too long for one."""
    cells = [f"{_sheet(here, spot.sheet)}{xl_rowcol_to_cell(spot.row, column)}" for spot, column in places]
    before = "-" if sign < 0 else ""
    if len(cells) == 1:
        return f"={before}{cells[0]}"
    text = f"=ROUND({before}{(before or '+').join(cells)},2)"
    return text if len(text) <= _LONGEST else ""


def is_number(cell: Cell) -> bool:
    """Whether the cell is an amount that a spreadsheet can hold to the penny."""
    return isinstance(cell, int) and abs(cell) < EXACT_PENCE


def _down(table: Table, spots: list[Spot], number: int, place: int) -> str:
    row = table.rows[number]
    if not _can_be_added([table.rows[each].cells[place] for each in (*row.adds, *row.takes)]):
        return ""
    here = spots[number].sheet

    def runs(places: tuple[int, ...]) -> list[str]:
        return [
            _sheet(here, spots[first].sheet) + _area(spots[first].row, place, spots[last].row, place)
            for first, last in _runs(places, spots)
            if first != last or isinstance(table.rows[first].cells[place], int)
        ]

    return _formula(runs(row.adds), runs(row.takes))


def _across(table: Table, spots: list[Spot], number: int, place: int) -> str:
    cells, at = table.rows[number].cells, spots[number].row
    column = table.columns[place]
    if not _can_be_added([cells[each] for each in (*column.adds, *column.takes)]):
        return ""

    def each(places: tuple[int, ...]) -> list[str]:
        return [_area(at, place, at, place) for place in places if isinstance(cells[place], int)]

    return _formula(each(column.adds), each(column.takes))


def _can_be_added(cells: Iterable[Cell]) -> bool:
    """Whether there is an amount among the cells, and none that stands as text."""
    amounts = [cell for cell in cells if isinstance(cell, int)]
    return bool(amounts) and all(map(is_number, amounts))


def _runs(places: tuple[int, ...], spots: list[Spot]) -> Iterator[tuple[int, int]]:
    """First and last of each run of rows that stand one beneath another on one sheet."""
    first = last = -1
    for place in sorted(places):
        if first >= 0 and place == last + 1 and spots[place].sheet == spots[last].sheet:
            last = place
            continue
        if first >= 0:
            yield first, last
        first = last = place
    if first >= 0:
        yield first, last


def _area(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    first = xl_rowcol_to_cell(first_row, first_column)
    if (first_row, first_column) == (last_row, last_column):
        return str(first)
    return f"{first}:{xl_rowcol_to_cell(last_row, last_column)}"


def _sheet(here: str, there: str) -> str:
    return "" if here == there else f"{reference_to(there)}!"


def _formula(added: list[str], taken: list[str]) -> str:
    """`=ROUND(SUM(B5:B9),2)`, `=ROUND(B5-B6,2)`; "" for what is too long for a spreadsheet."""
    few = len(added) + len(taken) <= _FEW and not any(":" in each for each in (*added, *taken))
    if few:
        told = "+".join(added) + "".join(f"-{each}" for each in taken)
    else:
        told = "+".join(_sums(added)) + "".join(f"-{each}" for each in _sums(taken))
    text = f"=ROUND({told},2)"
    return text if len(text) <= _LONGEST else ""


def _sums(areas: list[str]) -> list[str]:
    parts = [areas[at : at + _MOST_ARGUMENTS] for at in range(0, len(areas), _MOST_ARGUMENTS)]
    return [f"SUM({','.join(part)})" for part in parts]
