"""A table's grid: where its cells stand and in which type, worked out once for all of its rows."""

from dataclasses import dataclass, field
from typing import NamedTuple

from settlement.statements.document import Row
from settlement.statements.pdf.tags import Element
from settlement.statements.pdf.text import Style, width

PAD = 2.6  # above and below a row's text


@dataclass(frozen=True, slots=True)
class Grid:
    """The type's size, and each column's left edge and width, in points from the left margin.

    `rows` is the element that the rows are under. `anchors` are the names in the document that links can lead to.
    """

    body: Style
    bold: Style
    link: Style
    bold_link: Style
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    at_right: tuple[bool, ...]
    in_thousands: bool
    rows: Element
    anchors: frozenset[str]
    begins: tuple[str, ...]
    """Where the texts of a column at the left edge begin, as a page has it; nothing for one at the right edge."""
    underline: tuple[float, float, float]
    bracket: float
    """The room right of an amount for the bracket that a negative one ends with."""
    places: dict[tuple[int, str, bool, int], str] = field(default_factory=dict)
    """Where an amount begins, as a page has it: by column, font, whether it is negative, and how many signs it has."""

    def left_of(self, place: int, text: str, style: Style, *, ends_in_bracket: bool = False) -> float:
        """Where a text begins: at its column's left edge, or so that it ends at the right one."""
        if not self.at_right[place]:
            return self.lefts[place]
        edge = self.lefts[place] + self.widths[place]
        return edge - width(text, style) - (0.0 if ends_in_bracket else self.bracket)


class Cells(NamedTuple):
    """A row to be drawn. `lines` has the lines of each cell where one of them takes more than one."""

    grid: Grid
    row: Row
    lines: tuple[tuple[str, ...], ...] | None
    height: float
