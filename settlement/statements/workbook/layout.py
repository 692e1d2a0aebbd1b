"""How wide a sheet's columns are, and how high a row must be whose text wraps over several of them."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from rules.money import pounds
from settlement.statements.document import Cell, Facts, RowKind, Section, SignatureBlock, Table

_READING = 88  # columns of text that a paragraph runs over, about a line of print
_LABELS = 30
_FIRST, _OTHER, _NARROWEST = 48, 32, 11
_LINE = 13.5  # points
_HIGHEST = 409.0  # points: a spreadsheet has no higher row
_SIZE = 10  # points: what widths are counted in
BOLD = 11
"""The size in points that bold text of ten is as wide as."""
_LANDSCAPE = 95  # widths that a sheet of A4 takes upright at a readable size


def widths_of(section: Section) -> list[int]:
    """The widths of a section's columns, in characters: at least what a paragraph needs to be read."""
    wide: dict[int, int] = {}
    for place, width, most in _wanted(section):
        wide[place] = max(wide.get(place, _NARROWEST), min(width + 2, most))
    widths = [wide.get(place, _NARROWEST) for place in range(max(wide, default=0) + 1)]
    if len(widths) == 1:
        widths.append(max(_READING - widths[0], _NARROWEST))
    while sum(widths) < _READING:
        widths.append(_NARROWEST)
    return widths


def _wanted(section: Section) -> Iterator[tuple[int, int, int]]:
    """A column, the width that something in it would have, and the most that it is given."""
    for block in section.blocks:
        if isinstance(block, Table):
            for place, column in enumerate(block.columns):
                yield place, max(map(display_width, column.title.split()), default=0), _OTHER
            for row in block.rows:
                if row.kind is not RowKind.HEADING:
                    for place, cell in enumerate(row.cells):
                        yield place, _width(cell), _FIRST if place == 0 else _OTHER
        elif isinstance(block, Facts | SignatureBlock):
            for label, _ in block.pairs:
                yield 0, display_width(label), _LABELS


def span_of(widths: list[int], first: int = 0) -> int:
    """The last column of a text that begins at a column and runs over as many as a line of print needs."""
    total = 0
    for place in range(first, len(widths)):
        total += widths[place]
        if total >= _READING - sum(widths[:first]):
            return place
    return max(first, len(widths) - 1)


def is_landscape(widths: list[int]) -> bool:
    """Whether the sheet is printed across the paper."""
    return sum(widths) > _LANDSCAPE


def height_of(text: str, width: int, size: int = _SIZE) -> float | None:
    """The height in points of a row whose text wraps in a width; None for one line, which needs none said."""
    room = max(
        width * 12 // size - 2, 1
    )  # letters are on the whole narrower than the figures that widths are counted in
    lines = sum(max(1, -(-display_width(part) // room)) for part in text.split("\n"))
    return min(lines * _LINE * size / _SIZE + 2, _HIGHEST) if lines > 1 or size > BOLD else None


def row_height(texts: Iterable[tuple[str, int]], size: int) -> float | None:
    """The height of a row of texts that wrap, each in its column's width; None where each is one line.

    Not every spreadsheet finds it by itself, least of all where a text is a link.
    """
    heights = (height_of(text, width, size) for text, width in texts if len(text) * 2 > width)
    return max((height for height in heights if height is not None), default=None)


def display_width(text: str) -> int:
    """A text's width in characters; a Chinese one is more than two wide."""
    if text.isascii():
        return len(text)
    wide = sum(east_asian_width(sign) in {"W", "F"} for sign in text)
    return len(text) + wide * 7 // 5


def _width(cell: Cell) -> int:
    # A large total in bold needs a little more than its figures.
    return len(pounds(cell)) + 1 if isinstance(cell, int) else display_width(cell)
