"""How much room a label of a picture takes, without a font at hand, and texts cut to the room there is.

The widths are those of Liberation Sans, which are Arial's and Helvetica's, so that print and screen come out alike;
where a character is not known it counts as wide. A label that fits by these is never cut or overlapped by a writer.
"""

import unicodedata
from functools import lru_cache

# Widths in thousandths of the size, upright and bold; a letter with an accent is hardly wider.
_WIDTHS = {
    222: "ijl'",
    278: " !,./:;I[\\]ft|",
    333: "()-`r{}’·",
    389: '*"“”',
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu£–",
    584: "+<=>~^",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
_BOLD_WIDTHS = {
    278: "',./I\\ijl| ’",
    333: "!()-:;[]`ft·",
    389: "*r{}",
    474: '"',
    500: "z“”",
    556: "#$0123456789J_aceksvxy£–",
    584: "+<=>^~",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    1000: "…—",
    1015: "@",
}
_OF_CHARACTER = tuple(
    {character: width for width, characters in widths.items() for character in characters}
    for widths in (_WIDTHS, _BOLD_WIDTHS)
)
_WIDE, _WIDEST = 1100, 1400  # of what is not in the tables: on the basic plane, and of pictographs beyond it
_MARK = 160  # what an accent may stand out by: a caron after a t
_BASIC_PLANE = 0xFFFF
_THOUSAND = 1000
_MARGIN = 1.02  # for a reader whose own font is a little wider


@lru_cache(maxsize=2048)
def _width_of(character: str, *, is_bold: bool) -> int:
    if unicodedata.combining(character):
        return 0
    parts = unicodedata.normalize("NFD", character)
    widths = _OF_CHARACTER[is_bold]
    if parts[0] in widths:
        return widths[parts[0]] + (_MARK if len(parts) > 1 else 0)
    return _WIDE if ord(character) <= _BASIC_PLANE else _WIDEST


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """The room that a line of text takes at most, in points."""
    return sum(_width_of(character, is_bold=is_bold) for character in text) * size * _MARGIN / _THOUSAND


def cut(text: str, size: float, room: float, *, is_bold: bool = False) -> str:
    """The text in one line no wider than the room, its end as `…` where it is longer."""
    text = " ".join(text.split())
    if text_width(text, size, is_bold=is_bold) <= room:
        return text
    while text and text_width(f"{text}…", size, is_bold=is_bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text.strip() else ""


def in_lines(text: str, size: float, room: float, most: int = 2, *, is_bold: bool = False) -> tuple[str, ...]:
    """The text broken at spaces into at most so many lines, each of them cut to the room if need be."""
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, is_bold=is_bold) <= room:
            taken += 1
        lines.append(cut(" ".join(words[:taken]), size, room, is_bold=is_bold))
        words = words[taken:]
    if words or not lines:
        lines.append(cut(" ".join(words), size, room, is_bold=is_bold))
    return tuple(lines)
