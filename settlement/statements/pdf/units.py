"""What a page of the PDF is made of: texts, rules, shades, pictures and places, in items of a known height.

Distances are points. Inside an item `x` is from the left margin and `y` downwards from the item's top. These are named
tuples because workings have a million of them, and a frozen dataclass takes three times as long to make.
"""

from typing import NamedTuple, Protocol

from settlement.statements.document import Look
from settlement.statements.drawing import Drawing
from settlement.statements.pdf.grid import Cells
from settlement.statements.pdf.tags import Element
from settlement.statements.pdf.text import Style

Colour = tuple[float, float, float]

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
MARGIN = 45.0
TOP, BOTTOM = 60.0, 50.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
DEPTH = PAGE_HEIGHT - TOP - BOTTOM

GREY: Colour = (0.36, 0.38, 0.42)
RULE: Colour = (0.80, 0.82, 0.85)
TINT: Colour = (0.95, 0.957, 0.97)
ALERT: Colour = (0.62, 0.10, 0.08)
ALERT_TINT: Colour = (0.99, 0.945, 0.935)


def colour_of(code: str) -> Colour:
    """`#RRGGBB` as red, green and blue from 0 to 1."""
    red, green, blue = (round(int(code[place : place + 2], 16) / 255, 4) for place in (1, 3, 5))
    return red, green, blue


def accent_of(look: Look) -> Colour:
    """The colour of the house."""
    return colour_of(look.accent)


class Text(NamedTuple):
    """A line of text, its left end and baseline, and the element that it is content of; of none, it is an artefact."""

    x: float
    y: float
    style: Style
    text: str
    element: Element | None = None


class Rule(NamedTuple):
    """A horizontal rule."""

    x: float
    y: float
    width: float
    thickness: float
    colour: Colour


class Shade(NamedTuple):
    """A shaded rectangle behind what follows."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


class Bookmark(NamedTuple):
    """An entry of the document's outline, at this place; level 0 is a section."""

    title: str
    level: int


class Place(NamedTuple):
    """Where links of this name lead."""

    anchor: str


class Art(NamedTuple):
    """A picture as vectors, its top left corner, at this scale."""

    x: float
    y: float
    scale: float
    drawing: Drawing
    element: Element


class Image(NamedTuple):
    """A picture of dots, its top left corner and size: the logo."""

    x: float
    y: float
    width: float
    height: float
    element: Element


Op = Text | Rule | Shade | Bookmark | Place | Art | Image


class Repeats(Protocol):
    """What stands at the foot of a page that a table goes on from, and at the head of the page it goes on to."""

    def ends(self, place: int) -> tuple["Item", ...]:
        """Before the row at this place."""

    def begins(self, place: int) -> tuple["Item", ...]:
        """The same, on its page."""


class Item(NamedTuple):
    """Something that is never cut: a row, a heading, a line of a paragraph.

    `keep` holds it on the page of the item that follows. `new_page` begins one. A row has its cells, its table's
    `repeats` with its own place among the rows, and `foot`, the room it leaves beneath it for what ends a page there.
    """

    height: float
    ops: tuple[Op, ...]
    keep: bool = False
    new_page: bool = False
    cells: Cells | None = None
    repeats: Repeats | None = None
    place: int = 0
    foot: float = 0.0


class Placed(NamedTuple):
    """An item on its page, its top so far below the top margin. One that is repeated is no content a second time."""

    item: Item
    top: float
    is_repeated: bool = False


Page = list[Placed]
