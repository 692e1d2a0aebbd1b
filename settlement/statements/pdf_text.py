"""Text for the PDF: the fonts shipped with the program, how wide a text is, where its lines break, what no font has.

Everything is drawn from plain strings at places worked out beforehand: nothing in a name or a description can be taken
for markup.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "S75-Regular"
BOLD = "S75-Bold"
FALLBACK = "S75-Fallback"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_FILES = {REGULAR: "LiberationSans-Regular.ttf", BOLD: "LiberationSans-Bold.ttf", FALLBACK: "DejaVuSans.ttf"}
_THOUSAND = 1000
_WHITE = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
# A line may end after these as well as at a space: in codes, ratios and addresses.
_BREAK_AFTER = frozenset("/-–—_.,;:@")


@lru_cache(maxsize=3)
def _font(name: str) -> TTFont:
    """Register a font of `settlement/fonts` with ReportLab, once."""
    with as_file(files("settlement") / "fonts" / _FILES[name]) as path:
        font = TTFont(name, str(path), asciiReadable=1)  # `pdf_ink` writes ASCII as it is
    pdfmetrics.registerFont(font)
    return font


class _Widths(dict[str, float]):
    """The width of each character at a size of 1, taken from the first font that has it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.font = _font(name)
        self.own: dict[str, bool] = {}

    def __missing__(self, character: str) -> float:
        self.own[character] = ord(character) in self.font.face.charToGlyph
        font = self.font if self.own[character] else _font(FALLBACK)
        width: float = font.face.charWidths.get(ord(shown(character)), font.face.defaultWidth) / _THOUSAND
        self[character] = width
        return width


def shown(character: str) -> str:
    """The character, or U+FFFD where no font has it: never a box that looks like a letter of the name."""
    return character if has_glyph(character) else REPLACEMENT


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    """Whether a font that is shipped has the character."""
    return any(ord(character) in _font(name).face.charToGlyph for name in (REGULAR, FALLBACK))


@lru_cache(maxsize=2)
def _widths(name: str) -> _Widths:
    return _Widths(name)


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
    return sum(map(_widths(style.font).__getitem__, text)) * style.size


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """The text in pieces of one font each, unknown characters replaced. Most texts are one piece."""
    own = _widths(font).own
    if all(own.get(character, False) for character in text):
        return [(font, text)]
    pieces: list[tuple[str, str]] = []
    for character in text:
        _widths(font)[character]
        name = font if own[character] else FALLBACK
        drawn = shown(character)
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + drawn)
        else:
            pieces.append((name, drawn))
    return pieces


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
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
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
    return tuple(lines)


def _pieces(word: str, style: Style, room: float) -> list[str]:
    """A word that may be wider than the room, in pieces that are not."""
    if width(word, style) <= room:
        return [word]
    widths = _widths(style.font)
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


def shortened(text: str, style: Style, room: float) -> str:
    """The text, cut to the room with `…` at its end if need be."""
    text = one_line(text)
    if width(text, style) <= room:
        return text
    while text and width(f"{text}…", style) > room:
        text = text[:-1]
    return f"{text.rstrip('… ')}…"


def use_fonts() -> None:
    """Make all fonts known to ReportLab before a canvas is drawn on."""
    for name in _FILES:
        _font(name)
