"""Amounts as bars that lie beneath each other: a label at the left, its bar, the amount at the right.

What adds, what takes off and what it comes to are told apart by how dark they are, by a hatch and by the label: in
grey print and without seeing colours they stay apart. Every mark has at least 3:1 against white, every text 4.5:1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from settlement.statements.drawing import Anchor, Box, Drawing, Hatch, Label, Line, Shape
from settlement.statements.pictures.text import in_lines, text_width

PICTURE_WIDTH = 505.0  # between the margins of A4
TEXT = "#1A1A1F"
QUIET = "#5C616B"

_SIZES = ((5, 8.0, 3.2), (7, 7.5, 2.0), (0, 7.0, 1.0))  # up to so many bars: the type's size, the space between
_LEGEND_SIZE = 7.0
_MOST_LABEL = 0.45  # of the width, for the labels
_MOST_LINES = 3  # of a label: names of 120 characters stand whole
_GAP = 8.0
_LEAST = 1.0  # a bar of any amount but nil is seen


class Ink(Enum):
    """How an area is drawn: its fill, its outline, its hatch."""

    ADDS = ("#2F6DA8", "#1C4468", Hatch.NONE)
    TAKES = ("#F7E6C8", "#7A4A00", Hatch.RISING)
    PLAN = ("#F7E6C8", "#7A4A00", Hatch.FALLING)
    RESULT = ("#1C3654", "#1C3654", Hatch.NONE)
    AHEAD = ("#E3EAF1", "#1C4468", Hatch.DOTS)

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """An area of this ink."""
        fill, outline, hatch = self.value
        return Box(x, y, width, height, fill, outline, hatch)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from one amount to another, in pence, with its name and the text of its amount."""

    label: str
    begins_pence: int
    ends_pence: int
    amount: str
    ink: Ink
    is_bold: bool = False


def bars(
    drawn: Sequence[Bar], legend: Sequence[tuple[Ink, str]], sides: tuple[str, str] = ("", ""), *, connected: bool
) -> Drawing:
    """The bars on one scale, with the line of nought, what the inks mean, and what lies to the left and right of it.

    `connected` has each bar begin where a fine line leads from the end of the one before.
    """
    size, pad = next((size, pad) for most, size, pad in _SIZES if len(drawn) <= most or not most)
    labels = max((text_width(bar.label, size, is_bold=bar.is_bold) for bar in drawn), default=0.0)
    room = min(labels + 2.0, PICTURE_WIDTH * _MOST_LABEL)
    amounts = max((text_width(bar.amount, size, is_bold=bar.is_bold) for bar in drawn), default=0.0) + 2.0
    texts = [in_lines(bar.label, size, room, _MOST_LINES, is_bold=bar.is_bold) for bar in drawn]
    scale = _Scale(drawn, room + _GAP, PICTURE_WIDTH - amounts - _GAP)
    shapes: list[Shape] = []
    y = 0.0
    for place, (bar, lines) in enumerate(zip(drawn, texts, strict=True)):
        height = size * 1.15 * len(lines) + pad
        shapes += _texts(bar, lines, size, y, height)
        if bar.begins_pence != bar.ends_pence:
            left, width = scale.span(bar.begins_pence, bar.ends_pence)
            shapes.append(bar.ink.box(left, y + 1.5, width, height - 3.0))
        if connected and place + 1 < len(drawn):
            x = scale.at(bar.ends_pence)
            shapes.append(Line(x, y + height - 1.5, x, y + height + 1.5, QUIET, 0.5))
        y += height
    nought = scale.at(0)
    shapes.insert(0, Line(nought, 0.0, nought, y, QUIET, 0.6))
    bottom = y + 11.0
    shapes += legend_of(legend, bottom - 2.5, scale.left - _GAP if any(sides) else PICTURE_WIDTH)
    shapes += _sides(sides, nought, bottom - 2.5, scale)
    return Drawing(PICTURE_WIDTH, bottom, tuple(shapes))


def portion(part_pence: int, whole_pence: int) -> float:
    """Where on a scale an amount lies, from 0 to 1, to a millionth: no amount is ever worked out of it."""
    return part_pence * 1_000_000 // whole_pence * 0.000_001


class _Scale:
    """Where an amount lies between the left and the right edge of the bars."""

    def __init__(self, drawn: Sequence[Bar], left: float, right: float) -> None:
        ends = [0, *(bar.begins_pence for bar in drawn), *(bar.ends_pence for bar in drawn)]
        self.left, self.right = left, right
        self._least = min(ends)
        self._span = max(ends) - self._least

    def at(self, pence: int) -> float:
        if not self._span:
            return self.left
        return self.left + (self.right - self.left) * portion(pence - self._least, self._span)

    def span(self, one: int, other: int) -> tuple[float, float]:
        """The left edge and the width of a bar, wide enough to be seen."""
        left, right = sorted((self.at(one), self.at(other)))
        width = max(right - left, _LEAST)
        return min(left, self.right - width), width


def _texts(bar: Bar, lines: Sequence[str], size: float, y: float, height: float) -> Iterator[Label]:
    leading = size * 1.15
    baseline = y + (height - leading * len(lines)) / 2 + size * 0.92
    for number, line in enumerate(lines):
        yield Label(0.0, baseline + leading * number, line, size, bar.is_bold, Anchor.START, TEXT)
    middle = y + height / 2 + size * 0.35
    yield Label(PICTURE_WIDTH, middle, bar.amount, size, bar.is_bold, Anchor.END, TEXT)


def legend_of(legend: Sequence[tuple[Ink, str]], baseline: float, right: float) -> Iterator[Shape]:
    """What each ink means, beside a swatch of it; what has no room is left out, for the labels say it too."""
    x = 0.0
    for ink, text in legend:
        needed = text_width(text, _LEGEND_SIZE)
        if x + 11.0 + needed > right:
            return
        yield ink.box(x, baseline - 5.6, 8.0, 6.0)
        yield Label(x + 11.0, baseline, text, _LEGEND_SIZE, colour=QUIET)
        x += 11.0 + needed + 9.0


def _sides(sides: tuple[str, str], nought: float, baseline: float, scale: _Scale) -> Iterator[Label]:
    """What it means to lie left and right of nought, where there is room to say it."""
    before, after = sides
    if before and text_width(before, _LEGEND_SIZE) + 3.0 <= nought - scale.left:
        yield Label(nought - 3.0, baseline, before, _LEGEND_SIZE, anchor=Anchor.END, colour=QUIET)
    if after and text_width(after, _LEGEND_SIZE) + 3.0 <= scale.right - nought:
        yield Label(nought + 3.0, baseline, after, _LEGEND_SIZE, colour=QUIET)
