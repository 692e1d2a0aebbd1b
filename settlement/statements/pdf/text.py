"""Text for the PDF: the fonts shipped with the program, how wide a text is, where its lines break, what no font has.

Everything is drawn from plain strings at places worked out beforehand: nothing in a name or a description can be taken
for markup.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan
from unicodedata import normalize

from settlement.statements.pdf.text_breaks import fitting, words
from settlement.statements.pdf.text_fonts import BOLD, FALLBACK, REGULAR, advance, font, font_of
from settlement.statements.pdf.text_scripts import (
    DIRECTION_MARKS,
    clusters,
    is_drawn,
    is_simple,
    runs_from_right,
    visual,
    with_directions,
)

__all__ = [
    "BOLD", "FALLBACK", "REGULAR", "REPLACEMENT", "Style", "has_glyph", "one_line", "prints", "runs", "shortened",
    "spoken", "use_fonts", "width", "wrap",
]  # fmt: skip

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_WHITE = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_MOST_IN_LINE = 1000  # characters: no line of a page has as many
# A line may end after these as well as at a space: in codes, ratios and addresses.
_BREAK_AFTER = frozenset("/-–—_.,;:@")


class _Widths(dict[str, float]):
    """The width at a size of 1 of each character that stands for itself, in the first font that has it.

    All others are not a number: the sum over a text is none either as soon as one of them is in it, and then the text
    is laid out with care. Nearly all texts are measured by that sum alone.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.own: set[str] = set()

    def __missing__(self, character: str) -> float:
        name = font_of(character, self.name) if is_simple(character) else None
        if name == self.name:
            self.own.add(character)
        self[character] = found = nan if name is None else advance(name, character)
        return found


@lru_cache(maxsize=2)
def _widths(name: str) -> _Widths:
    return _Widths(name)


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    """Whether a font that is shipped has the character, or there is nothing to draw for it."""
    return not is_drawn(character) or REPLACEMENT not in _drawn(character, REGULAR)[0]


def prints(text: str) -> bool:
    """Whether a text is drawn without U+FFFD in place of a character of it."""
    if text.isascii() and text.isprintable():
        return True
    return sum(piece.count(REPLACEMENT) for _, piece in runs(text, REGULAR)) == text.count(REPLACEMENT)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: font, size in points, grey or colour as red, green, blue from 0 to 1."""

    font: str
    size: float
    colour: tuple[float, float, float] = (0.1, 0.1, 0.12)

    @property
    def leading(self) -> float:
        """From one line's baseline to the next."""
        return round(self.size * 1.28, 2)


def width(text: str, style: Style) -> float:
    """How wide a text is in points."""
    total = sum(map(_widths(style.font).__getitem__, text))
    return (_laid(text, style.font)[1] if isnan(total) else total) * style.size


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """What is drawn for a text, from left to right, in pieces of one font each. Most texts are one piece.

    Characters that no font has are replaced by U+FFFD: never a box that looks like a letter of the name.
    """
    if _widths(font).own.issuperset(text):
        return [(font, text)]
    return list(_laid(text, font)[0])


def spoken(text: str) -> str | None:
    """What is to be read where something else is drawn: reordered, shaped or replaced. None for nearly all texts.

    None of the marks that `wrap` puts at a line's ends is in it; where it is None, what is drawn is what is read.
    """
    return None if _widths(REGULAR).own.issuperset(text) else _spoken(text)


@lru_cache(maxsize=4096)
def _spoken(text: str) -> str | None:
    meant = text.strip(DIRECTION_MARKS)
    if meant == "".join(piece for _, piece in runs(text, REGULAR)):
        return None
    return meant.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # no half of a character


@lru_cache(maxsize=2048)
def _laid(text: str, font: str) -> tuple[tuple[tuple[str, str], ...], float]:
    """The pieces that are drawn for a text, and how wide they are at a size of 1."""
    is_hard = isnan(sum(map(_widths(font).__getitem__, text)))
    pieces: list[tuple[str, str]] = []
    for each in clusters(visual(text)) if is_hard else text:
        for name, drawn in _drawn(each, font):
            if pieces and pieces[-1][0] == name:
                pieces[-1] = (name, pieces[-1][1] + drawn)
            else:
                pieces.append((name, drawn))
    return tuple(pieces), sum(advance(name, drawn) for name, drawn in pieces)


def _drawn(cluster: str, wanted: str) -> list[tuple[str, str]]:
    """A cluster in one font, whole or in parts; where none has it, each character by itself, replaced if need be."""
    if _LATIN_MARKS.search(cluster):
        wanted = FALLBACK  # its marks stand over their letters; the other fonts leave that to shaping
    for form in (cluster, normalize("NFD", cluster)):
        name = font_of(form, wanted)
        if name is not None:
            return [(name, form)]
    found = [(font_of(character, wanted), character) for character in cluster]
    return [(FALLBACK, REPLACEMENT) if name is None else (name, character) for name, character in found]


def one_line(text: str) -> str:
    """The text with line breaks, tabs and other white space as single spaces; a no-break space stays one."""
    if text.isprintable() and "  " not in text and text == text.strip():  # nearly all texts are in one line already
        return text
    return " ".join(filter(None, _WHITE.split(text)))


def wrap(text: str, style: Style, room: float, most: int = 40) -> tuple[str, ...]:
    """The text in lines no wider than the room, broken at spaces, else after a sign, else anywhere.

    What does not fit into the most lines there may be ends in `…`; the workbook and HTML have it whole.
    """
    text = one_line(text)
    if width(text, style) <= room:
        return (text,)
    lines: list[str] = []
    line = ""
    for space, word in words(text):
        longer = f"{line}{space}{word}" if line else word
        if width(longer, style) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, style, room)
        lines += whole
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(lines[most - 1] + "…", style, room)]
    return tuple(with_directions(lines) if runs_from_right(text) else lines)


def _pieces(word: str, style: Style, room: float) -> list[str]:
    """A word that may be wider than the room, in pieces that are not."""
    if width(word, style) <= room:
        return [word]
    widths = _widths(style.font)
    if isnan(sum(map(widths.__getitem__, word))):
        return _hard_pieces(word, style, room)
    pieces = []
    start = 0
    sofar = 0.0
    broken = 0  # after which character the piece may end, if any since its start
    for place, character in enumerate(word):
        sofar += widths[character] * style.size
        if sofar > room and place > start:
            end = broken if broken > start else place
            pieces.append(word[start:end])
            start = end
            sofar = width(word[start : place + 1], style)
        if character in _BREAK_AFTER:
            broken = place + 1
    return [*pieces, word[start:]]


def _hard_pieces(word: str, style: Style, room: float) -> list[str]:
    """The same for a word that is as wide as its characters together, not each by itself."""
    pieces = []
    rest = list(clusters(word))
    start = 0
    while start < len(rest):
        ahead = rest[start : start + _MOST_IN_LINE]
        count = max(1, fitting(ahead, lambda text: width(text, style) <= room))
        if start + count < len(rest):
            signs = [place for place, each in enumerate(ahead[:count], 1) if each in _BREAK_AFTER]
            count = signs[-1] if signs else count
        pieces.append("".join(ahead[:count]))
        start += count
    return pieces


def shortened(text: str, style: Style, room: float) -> str:
    """The text, cut to the room with `…` at its end if need be."""
    text = one_line(text)
    if width(text, style) <= room:
        return text
    parts = list(text if text.isascii() else clusters(text))
    count = fitting(parts, lambda cut: width(f"{cut}…", style) <= room)
    return f"{''.join(parts[:count]).rstrip('… ')}…"


def use_fonts() -> None:
    """Make the fonts of plain text known to ReportLab before a canvas is drawn on; others come when they are needed."""
    for name in (REGULAR, BOLD):
        font(name)
