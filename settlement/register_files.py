"""Lines of the ledger written to a file for a spreadsheet: CSV or XLSX, a row for each, everything that is kept of it.

Lines are read and written some thousands at once, so that a million take no more memory than one. Amounts are numbers;
text that could be a formula cannot become one.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from ledgers import Ledger
from ledgers.register import RegisterLine, register_of
from rules.money import plain
from settlement.statements.csv_out import safe

HEADINGS = (
    "Line", "Period", "Scheme", "Scheme name", "Partner", "Partner name", "Kind", "Amount", "Date", "Reference",
    "Description", "Cause", "Belongs to", "Reverses", "Reversed by", "Reason", "Batch", "File", "Row",
)  # fmt: skip
_WIDTHS = (9, 8, 12, 30, 12, 30, 14, 15, 12, 16, 40, 10, 11, 10, 12, 30, 8, 30, 8)
_AMOUNT = HEADINGS.index("Amount")
_AT_ONCE = 5_000
_SHEET_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
_EXACT_PENCE = 10**15  # a spreadsheet keeps fifteen figures; a larger amount is written as text, to the penny

Told = Callable[[int, int, str], None]
"""Told how many lines of how many are written; what it raises calls the work off."""

_Cell = str | int | date | None


def unfinished(path: Path) -> Path:
    """Where a file is written until it is whole: whoever calls the work off takes it away."""
    return path.with_name(f"{path.name}.part")


def write_lines(ledger: Ledger, ids: Sequence[int], path: Path, told: Told) -> int:
    """Write the lines of these numbers, in this order, as the path's ending says; how many there were.

    A file of that name is replaced, once the new one is whole. Raises OSError if it cannot be written.
    """
    draft = unfinished(path)
    try:
        with (_Book if path.suffix.lower() == ".xlsx" else _Csv).open(draft) as sheet:
            written = 0
            for row in _rows(ledger, ids, told):
                sheet.write(row)
                written += 1
            told(len(ids), len(ids), "Finishing the file")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return written


def _rows(ledger: Ledger, ids: Sequence[int], told: Told) -> Iterator[tuple[_Cell, ...]]:
    register = register_of(ledger)
    agreement = register.agreement()
    schemes = {scheme.code: scheme.name for scheme in agreement.schemes}
    partners = {partner.code: partner.name for partner in agreement.partners}
    numbers = iter(ids)
    done = 0
    while some := list(islice(numbers, _AT_ONCE)):
        told(done, len(ids), "Writing lines")
        found = register.lines(some)
        yield from (_cells(found[number], schemes, partners) for number in some if number in found)
        done += len(some)


def _cells(found: RegisterLine, schemes: dict[str, str], partners: dict[str, str]) -> tuple[_Cell, ...]:
    line = found.line
    return (
        line.id,
        str(line.period),
        line.scheme,
        schemes.get(line.scheme, ""),
        line.partner,
        partners.get(line.partner, ""),
        line.kind.value,
        line.amount_pence,
        line.date,
        line.reference,
        line.description,
        line.cause,
        "" if line.belongs_to is None else str(line.belongs_to),
        line.reverses,
        found.reversed_by,
        line.reason,
        line.batch or None,
        line.file,
        line.row,
    )


class _Sheet(Protocol):
    """What rows are written to."""

    def write(self, row: tuple[_Cell, ...]) -> None:
        """Write one row more."""


class _Csv:
    """A CSV file, with the byte-order mark by which a spreadsheet knows UTF-8."""

    def __init__(self, writer: Any) -> None:  # noqa: ANN401  the csv module does not name its writer's type
        self._writer = writer

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[_Sheet]:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(HEADINGS)
            yield cls(writer)

    def write(self, row: tuple[_Cell, ...]) -> None:
        self._writer.writerow([_text(place, cell) for place, cell in enumerate(row)])


def _text(place: int, cell: _Cell) -> str:
    if place == _AMOUNT and isinstance(cell, int):
        return plain(cell)
    if isinstance(cell, str):
        return safe(cell)
    return "" if cell is None else str(cell)


class _Book:
    """An XLSX workbook: another sheet for each million lines, written out as it goes."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401  XlsxWriter has no types
        self._book = book
        self._heading = book.add_format({"bold": True, "bottom": 2})
        self._amount = book.add_format({"num_format": "#,##0.00;(#,##0.00);0.00"})
        self._date = book.add_format({"num_format": "dd/mm/yyyy"})
        self._sheets = 0
        self._begin()

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[_Sheet]:
        from settlement.workbooks import Workbook  # noqa: PLC0415  0.1 s that a CSV does not need

        path.write_bytes(b"")  # a folder that cannot be written in is known now, not when every line was read
        book = Workbook(path, constant_memory=True)
        try:
            yield cls(book)
        finally:
            book.close()

    def _begin(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("Lines" if self._sheets == 1 else f"Lines {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for place, wide in enumerate(_WIDTHS):
            self._sheet.set_column(place, place, wide)
        for place, text in enumerate(HEADINGS):
            self._sheet.write_string(0, place, text, self._heading)
        self._row = 1

    def write(self, row: tuple[_Cell, ...]) -> None:
        if self._row >= _SHEET_ROWS:
            self._begin()
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    self._sheet.write_string(self._row, place, cell[:_LONGEST_TEXT])
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._row, place, cell, self._date)
            elif cell is not None:
                self._write_number(place, cell)
        self._row += 1

    def _write_number(self, place: int, number: int) -> None:
        if place != _AMOUNT:
            self._sheet.write_number(self._row, place, number)
        elif abs(number) < _EXACT_PENCE:
            self._sheet.write_number(self._row, place, number / 100, self._amount)
        else:
            self._sheet.write_string(self._row, place, plain(number))
