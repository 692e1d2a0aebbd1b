"""How wide a table's columns are: amounts have what the widest needs, text shares what is left.

Widths are worked out at a size of 1 and once for each text, however many sizes are tried and rows there are.
"""

from dataclasses import dataclass, field

from settlement.statements.document import Align, RowKind, Table
from settlement.statements.pdf.text import BOLD, Style, one_line, width
from settlement.statements.pdf.units import WIDTH
from settlement.statements.wording import in_column

SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_GAP = 9.0  # between columns
_NAMES = 110.0  # what a column of names has at least, or the type gets smaller
_WORD = 70.0  # the same for a column of words and codes
_SLIVER = 24.0  # of any column, whatever else has to give way
_WIDEST_RATIO = 150.0  # of text at the right edge
_TITLE_ROOM = 58.0  # what a heading may have without being broken into lines
_BOLD = Style(BOLD, 1.0)  # as sums are set, wider than the other rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The type's size, each column's left edge and width in points, and how wide each text of a column is at size 1."""

    size: float
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    texts: dict[int, dict[str, float]] = field(hash=False)

    def fits(self, place: int, text: str) -> bool:
        """Whether a text stands in its column on one line."""
        return self.texts[place][text] * self.size <= self.widths[place] if place in self.texts else False

    def all_fit(self, place: int) -> bool:
        """Whether every text of a column stands on one line."""
        return place in self.texts and max(self.texts[place].values(), default=0.0) * self.size <= self.widths[place]


def columns_of(table: Table) -> Columns:
    """The largest type at which every amount fits and text has room to be read."""
    at_right = {place for place, column in enumerate(table.columns) if column.align is Align.RIGHT}
    rows = [row for row in table.rows if row.kind is not RowKind.HEADING]
    bracket = width(")", _BOLD)
    texts = {}
    for place in range(len(table.columns)):
        found = {row.cells[place] for row in rows}
        extra = bracket if place in at_right else 0.0
        texts[place] = {cell: width(one_line(cell), _BOLD) + extra for cell in found if isinstance(cell, str)}
    right = {place: _right(table, place, bracket, texts[place]) for place in at_right}
    words = {
        place: max((width(word, _BOLD) for word in bound(column.title).split(" ")), default=0.0)
        for place, column in enumerate(table.columns)
    }
    for size in SIZES:
        fixed = {place: right[place].at(size) for place in sorted(at_right)}
        needs = {
            place: max(max(texts[place].values(), default=0.0), words[place]) * size
            for place in range(len(table.columns))
            if place not in at_right
        }
        room = WIDTH - sum(fixed.values()) - _GAP * (len(table.columns) - 1)
        least = {place: min(need, _NAMES if table.columns[place].width > 1 else _WORD) for place, need in needs.items()}
        if room >= sum(least.values()):
            break
    widths = {**fixed, **_widths_of_text(table, needs, least, room)}
    ordered = tuple(widths[place] for place in range(len(table.columns)))
    lefts = []
    left = 0.0
    for each in ordered:
        lefts.append(left)
        left += each + _GAP
    return Columns(size, tuple(lefts), ordered, texts)


@dataclass(frozen=True, slots=True)
class _Right:
    """What a column at the right edge needs, at size 1: amounts and words of its heading, texts, its whole heading."""

    always: float
    text: float
    title: float

    def at(self, size: float) -> float:
        """In points: texts and heading have no more than their room, and are broken into lines."""
        return max(self.always * size, min(self.text * size, _WIDEST_RATIO), min(self.title * size, _TITLE_ROOM))


def _right(table: Table, place: int, bracket: float, texts: dict[str, float]) -> _Right:
    """What a column at the right edge needs: its widest amount or ratio, and the longest word of its heading."""
    pence = [
        cell for row in table.rows if row.kind is not RowKind.HEADING and isinstance(cell := row.cells[place], int)
    ]
    # digits are all as wide as each other, so that the largest and the smallest amount are the widest
    widest = (max(pence), min(pence)) if pence else ()
    shown = [in_column(each, in_thousands=table.in_thousands) for each in widest]
    needed = [width(text, _BOLD) + (bracket if each >= 0 else 0.0) for text, each in zip(shown, widest, strict=True)]
    title = bound(table.columns[place].title)
    needed += [width(word, _BOLD) + bracket for word in title.split(" ")]
    return _Right(max(needed), max(texts.values(), default=0.0), width(title, _BOLD) + bracket)


def _widths_of_text(table: Table, needs: dict[int, float], least: dict[int, float], room: float) -> dict[int, float]:
    """Columns that need less than their part get what they need; the others share the rest by their weights."""
    found: dict[int, float] = {}
    shared = list(needs)
    while shared:
        weight = sum(table.columns[place].width for place in shared)
        part = {place: max(least[place], room * table.columns[place].width / weight) for place in shared}
        small = [place for place in shared if needs[place] <= part[place]]
        if not small:
            over = sum(part.values()) - room  # least widths pass their part: the widest column gives way
            widest = max(shared, key=part.__getitem__)
            found.update(part)
            found[widest] = max(_SLIVER, part[widest] - over)
            return found
        found.update({place: needs[place] for place in small})
        room -= sum(needs[place] for place in small)
        shared = [place for place in shared if place not in small]
    if found:
        most = max(table.columns[place].width for place in found)
        wide = [place for place in found if table.columns[place].width == most]
        for place in wide:
            found[place] += room / len(wide)
    return found


def bound(title: str) -> str:
    """A column's title with its pound sign bound to the word before it."""
    return title.replace(" £", "\N{NO-BREAK SPACE}£")
