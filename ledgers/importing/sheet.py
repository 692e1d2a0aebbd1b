"""Rows of cells, whatever file they are from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Row = tuple[int, list[str], str]
"""Its line (or row of a sheet, both from 1), its cells as text, and its own text to be kept."""

LONGEST_ROW = 100_000
"""Characters of a row's own text: with its cells beside it, it always goes into the pack that is signed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it.

    `place` says where a column of a row is: the column's name in a CSV file, the cell (`E7`) in a workbook.
    `close` lets go of the file, read to its end or not. `errors` holds, by row, the columns whose cell cannot be taken,
    and why; reading the rows may add to it.
    """

    file: str
    header: list[str]
    header_line: int
    rows: Iterator[Row]
    place: Callable[[int, int], str]
    close: Callable[[], None]
    errors: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
