"""Rows of an XLSX workbook, every cell as the text that it stands for.

Numbers come as floats from the reader; their shortest text is taken and parsed as money like any other text, so that
no amount is ever computed with. The parts of the file are looked through first (`ledgers.importing.parts`).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ledgers.importing.mapping import Mapping
from ledgers.importing.parts import column_name, look_through
from ledgers.importing.sheet import Row, Sheet
from ledgers.importing.source import Source
from ledgers.refusing import refuse

_REPORT_EVERY = 1 << 12
_EXACT = 10**15
"""Excel keeps fifteen digits; a longer number in a cell is already not what was typed."""

_Cell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(
    source: Source, *, mapping: Mapping | None = None, progress: Callable[[int, int], None] | None = None
) -> Sheet:
    """The header and rows of a sheet: the mapping's, or the first. Raises RefusedError for what is no safe workbook."""
    wanted = mapping.sheet if mapping else None
    name, errors = look_through(source.path, source.file, wanted)
    header_row = mapping.header_row if mapping else 1
    try:
        with CalamineWorkbook.from_path(source.path) as workbook:
            sheet = workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        refuse(f"the workbook cannot be read ({error}); open it in Excel and save it again", source.file)
    left = sheet.start[1] if sheet.start else 0
    cells = sheet.iter_rows()
    for _ in range(header_row - 1):
        next(cells, None)
    first = next(cells, None)
    if first is None:
        where = f"the sheet “{name}”"
        refuse(f"{where} is empty" if header_row == 1 else f"{where} ends before row {header_row}", source.file)
    header = [""] * left + [_text(cell).strip() for cell in first]
    rows = _rows(sheet, cells, header_row, errors, progress)
    return Sheet(
        source.file, header, header_row, rows, lambda column, row: f"{column_name(column)}{row}", _nothing, errors
    )


def sheet_names(source: Source) -> tuple[str, ...]:
    """The names of a workbook's sheets, in order; of one that `read_workbook` has let through."""
    with CalamineWorkbook.from_path(source.path) as workbook:
        return tuple(workbook.sheet_names)


def _nothing() -> None:
    """The reader has let go of the file already."""


def _rows(
    sheet: CalamineSheet,
    cells: Iterator[list[_Cell]],
    header_row: int,
    errors: dict[int, list[tuple[int, str]]],
    progress: Callable[[int, int], None] | None,
) -> Iterator[Row]:
    """The rows below the header. A formula's error comes as empty; `errors` knows of it, and of numbers too long."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    height = (sheet.end[0] + 1) if sheet.end else 0
    days: dict[date, str] = {}
    for row, found in enumerate(cells, header_row + 1):
        texts = left.copy()
        for cell in found:
            if type(cell) is str:
                texts.append(cell)
            elif type(cell) is float:
                texts.append(repr(cell).removesuffix(".0"))
                if not -_EXACT < cell < _EXACT:
                    _note_inexact(errors.setdefault(row, []), len(texts) - 1)
            elif type(cell) is date:
                day = days.get(cell)
                if day is None:
                    day = days[cell] = cell.isoformat()
                texts.append(day)
            else:
                texts.append(_text(cell))
        if progress is not None and not row % _REPORT_EVERY:
            progress(row, height)
        yield row, texts, "\t".join(texts)


def _note_inexact(errors: list[tuple[int, str]], column: int) -> None:
    errors.append((column, "a number of more than fifteen digits, which Excel does not keep; write it as text"))


def _text(cell: _Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        text = repr(cell)  # the shortest text that is this number: 1234.5, not what a sum with it would give
        return text.removesuffix(".0")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)
