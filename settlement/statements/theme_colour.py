"""A theme's colour: whether it is one, and how well text of it is read on white (WCAG 2.2, relative luminance)."""

import re

LEAST_CONTRAST = 4.5
"""To one: of text against what is behind it, WCAG 2.2 level AA."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_LINEAR = 0.04045  # below it sRGB is a straight line


def is_colour(text: str) -> bool:
    """Whether a text is `#RRGGBB`."""
    return _COLOUR.fullmatch(text) is not None


def contrast_on_white(colour: str) -> float:
    """How many times as bright white is, from 1 to 21."""
    return 1.05 / (_luminance(colour) + 0.05)


def contrast_in_words(colour: str) -> str:
    """`4.4`: cut after a tenth, so that what is too little never reads as enough."""
    tenths = int(contrast_on_white(colour) * 10)
    return f"{tenths // 10}.{tenths % 10}"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    if part <= _LINEAR:
        return part / 12.92
    linear: float = ((part + 0.055) / 1.055) ** 2.4
    return linear
