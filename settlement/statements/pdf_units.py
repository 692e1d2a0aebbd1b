"""What a page of the PDF is made of: texts, rules, shades and bookmarks at places, in items of a known height.

Distances are points. Inside an item `x` is from the left margin and `y` downwards from the item's top. These are named
tuples because workings have a million of them, and a frozen dataclass takes three times as long to make.
"""

from typing import NamedTuple

from settlement.statements.pdf_text import Style

Colour = tuple[float, float, float]

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
MARGIN = 45.0
TOP, BOTTOM = 64.0, 52.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
DEPTH = PAGE_HEIGHT - TOP - BOTTOM

INK: Colour = (0.11, 0.21, 0.33)
GREY: Colour = (0.36, 0.38, 0.42)
RULE: Colour = (0.78, 0.80, 0.83)
TINT: Colour = (0.94, 0.95, 0.965)
ALERT: Colour = (0.62, 0.10, 0.08)
ALERT_TINT: Colour = (0.99, 0.94, 0.93)


class Text(NamedTuple):
    """A line of text, its left end and baseline. `is_head` marks the heading of a column."""

    x: float
    y: float
    style: Style
    text: str
    is_head: bool = False


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


Op = Text | Rule | Shade | Bookmark


class Item(NamedTuple):
    """Something that is never cut: a row, a heading, a line of a paragraph.

    `keep` holds it on the page of the item that follows. `again` is drawn first when the item begins a page: the
    heading of its table. `new_page` begins one.
    """

    height: float
    ops: tuple[Op, ...]
    keep: bool = False
    again: tuple["Item", ...] = ()
    new_page: bool = False


class Placed(NamedTuple):
    """An item on its page, its top so far below the top margin."""

    item: Item
    top: float


Page = list[Placed]
