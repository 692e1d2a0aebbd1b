"""The fonts shipped with the program: which of them has a character, and how wide it is there.

A font is opened when a character first needs it: a statement in plain English opens the two of its text and no other,
for the East Asian one alone takes longer to open than such a statement to write.
"""

from functools import lru_cache
from importlib.resources import as_file, files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "S75-Regular"
BOLD = "S75-Bold"
FALLBACK = "S75-Fallback"
EAST_ASIAN = "S75-EastAsian"
EMOJI = "S75-Emoji"
ARABIC = "S75-Arabic"

_FILES = {
    REGULAR: "LiberationSans-Regular.ttf",
    BOLD: "LiberationSans-Bold.ttf",
    FALLBACK: "DejaVuSans.ttf",
    EAST_ASIAN: "WenQuanYiMicroHei.ttc",
    EMOJI: "NotoEmoji-Regular.ttf",
    ARABIC: "NotoSansArabic-Regular.ttf",
}
_OTHERS = (FALLBACK, EAST_ASIAN, EMOJI)
_OTHERS_FOR_PICTURES = (EMOJI, FALLBACK, EAST_ASIAN)
_OTHERS_FOR_ARABIC = (ARABIC, FALLBACK)
_PICTURES = 0x1F000  # the first of the blocks of pictures: the fallback has a few, in a style of its own
_ARABIC = (range(0x0600, 0x0900), range(0xFB50, 0xFE00), range(0xFE70, 0xFEFF))
_TEXT_FONTS = frozenset({REGULAR, BOLD})
_THOUSAND = 1000


@lru_cache(maxsize=len(_FILES))
def font(name: str) -> TTFont:
    """A font, made known to ReportLab when it is first asked for."""
    with as_file(files("settlement") / "fonts" / _FILES[name]) as path:
        # ASCII at its own codes in the fonts of the text; never ReportLab's own shaping, which would depend on what
        # else is installed
        opened = TTFont(name, str(path), asciiReadable=int(name in _TEXT_FONTS), shapable=False)
    pdfmetrics.registerFont(opened)
    return opened


@lru_cache(maxsize=16_384)
def font_of(characters: str, wanted: str) -> str | None:
    """The first font that has them all, the wanted one before the others; None if there is none."""
    code = ord(characters[0])
    others: tuple[str, ...] = _OTHERS
    if code >= _PICTURES:
        others = _OTHERS_FOR_PICTURES
    elif any(code in each for each in _ARABIC):
        others = _OTHERS_FOR_ARABIC
    return next((name for name in (wanted, *others) if has(name, characters)), None)


def has(name: str, characters: str) -> bool:
    """Whether a font has a glyph for each; glyph 0, to which some map what they lack, is a box."""
    glyphs = font(name).face.charToGlyph
    return all(glyphs.get(ord(character), 0) for character in characters)


def advance(name: str, characters: str) -> float:
    """How far characters of a font reach, at a size of 1."""
    face = font(name).face
    total: float = sum(face.charWidths.get(ord(character), face.defaultWidth) for character in characters)
    return total / _THOUSAND
