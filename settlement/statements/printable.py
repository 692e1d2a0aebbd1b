"""Text as a markup file can hold it, and as nobody can turn against what stands beside it."""

import re

from settlement.statements.document import Look

# What XML or HTML has no character for: controls, halves of surrogate pairs, code points that are no characters.
_PLANES = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_UNHELD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")
# Embeddings and overrides of direction: one in a name could turn the figures of an amount after it around.
_TURNING = re.compile("[\u202a-\u202e]")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def printable(text: str) -> str:
    """The text without what cannot be held, each such sign as the replacement character, and one kind of line end."""
    if text.isascii() and text.isprintable():
        return text
    return held(text.replace("\r\n", "\n").replace("\r", "\n"))


def held(text: str) -> str:
    """The same, its line ends as they are."""
    return _UNHELD.sub("\N{REPLACEMENT CHARACTER}", _TURNING.sub("", text))


def colour_of(accent: str) -> str:
    """A document's colour; the usual one in place of what is no colour."""
    return accent if _COLOUR.fullmatch(accent) else Look().accent
