"""What is wrong with a file cell by cell, for a screen that marks the cell and shows its sentence."""

from dataclasses import dataclass, replace
from typing import Self

from ledgers.importing.faults import Faults
from ledgers.importing.sheet import Sheet
from ledgers.refusing import visible

MOST_ROWS = 1_000
"""Rows whose marks are kept: a file of the wrong kind has a fault on each of a million, and nobody mends a million."""


class At(str):
    """Where a cell is, as refusals name it, with the column that it is in."""

    __slots__ = ("column",)
    column: int

    @classmethod
    def of(cls, place: str, column: int) -> Self:
        """The place of a cell in a column, from 0."""
        made = cls(place)
        made.column = column
        return made


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing wrong. `column` is the file's, from 0; None for the row as a whole, or for what no cell of it says."""

    message: str
    row: int | None = None
    column: int | None = None
    place: str = ""

    def __str__(self) -> str:
        """`row 7, Net GBP: …`, as a person reads it."""
        where = ", ".join(part for part in ("" if self.row is None else f"row {self.row}", self.place) if part)
        return f"{where}: {self.message}" if where else self.message


class Marks(Faults):
    """Faults with their cells, gathered by row; they refuse the file's header and form, and only note its rows."""

    def __init__(self, file: str, most: int = MOST_ROWS) -> None:
        """None yet. The marks of the first `most` rows are kept."""
        super().__init__(file)
        self.noting = False
        """Whether what is wrong is only noted: true from the time the header is understood."""
        self.of_rows: dict[int, list[Mark]] = {}
        self.of_file: list[Mark] = []
        self._most = most
        self._rows: set[int] = set()

    @property
    def rows(self) -> int:
        """How many rows have something wrong in them, marks kept or not."""
        return len(self._rows)

    def add(self, message: str, line: int | None = None, place: str = "") -> None:
        """Note one fault, at its cell."""
        super().add(message, line, place)
        column = place.column if isinstance(place, At) else None
        mark = Mark(visible(message), line, column, visible(str(place)))
        if line is None or not self.noting:
            self.of_file.append(mark)
            return
        self._rows.add(line)
        if line in self.of_rows or len(self.of_rows) < self._most:
            self.of_rows.setdefault(line, []).append(mark)

    def refuse(self) -> None:
        """Raise RefusedError for what is wrong with the header or the form of the file."""
        if not self.noting:
            super().refuse()


def with_columns(sheet: Sheet) -> Sheet:
    """The sheet, whose places tell their column."""
    place = sheet.place
    return replace(sheet, place=lambda column, row: At.of(place(column, row), column))
