"""A picture as shapes at places: what the PDF draws as vectors and HTML as SVG, from the same values.

Distances are points, `x` from the left and `y` downwards from the picture's top. Colours are `#RRGGBB`. A hatch tells
areas apart where colour does not: in grey print, and for whoever does not see the colours. A label fits its room as it
stands (`picture_text` sees to it), so that a reader of HTML and one of paper read the same words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Hatch(StrEnum):
    """A pattern over an area: lines, or dots, 0.6 points thick and 3 apart, in the colour of the area's outline."""

    NONE = ""
    RISING = "rising"
    FALLING = "falling"
    CROSSED = "crossed"
    DOTS = "dots"


class Anchor(StrEnum):
    """Which point of a label stands at its place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with an outline, if it has a colour."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    outline: str = ""
    hatch: Hatch = Hatch.NONE


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; a dashed one where `is_dashed`."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    thickness: float = 0.5
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text: `y` is its baseline. It is drawn no wider than `room`, shortened with `…` if it has one."""

    x: float
    y: float
    text: str
    size: float = 8.0
    is_bold: bool = False
    anchor: Anchor = Anchor.START
    colour: str = "#1A1A1F"
    room: float = 0.0


Shape = Box | Line | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture's size and its shapes, the first lying lowest."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
