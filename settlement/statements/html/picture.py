"""A picture in HTML: SVG in the page itself, named and told in words, its areas told apart by hatches too."""

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from rules.language import say
from settlement.statements.document import Picture
from settlement.statements.drawing import Anchor, Box, Hatch, Label, Line, Shape
from settlement.statements.html.links import Links
from settlement.statements.html.text import attribute, shown
from settlement.statements.places import Place

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_HATCHES = {
    Hatch.RISING: '<path d="M-1 1l2-2M0 4l4-4M3 5l2-2"/>',
    Hatch.FALLING: '<path d="M-1 3l2 2M0 0l4 4M3-1l2 2"/>',
    Hatch.CROSSED: '<path d="M-1 1l2-2M0 4l4-4M3 5l2-2M-1 3l2 2M0 0l4 4M3-1l2 2"/>',
    Hatch.DOTS: '<path d="M1 2h0M3 0h0M3 4h0" stroke-linecap="round" stroke-width="1.4"/>',
}
_DARK, _LIGHT = "#1A1A1F", "#FFFFFF"
_MIDDLE = 150  # of 255: darker than it, an area's hatch is drawn in white

# About how wide a sign is, in hundredths of its size, in the sans-serif faces that a browser has.
_NARROW, _FIGURE, _CAPITAL, _USUAL, _BROAD, _WHOLE = 30, 56, 70, 55, 88, 100
_NARROW_SIGNS = frozenset(" ,.:;'’!|()[]iIjlft-/·")
_BROAD_SIGNS = frozenset("mwMW@%…")


def picture_markup(picture: Picture, links: Links, place: Place) -> Iterator[str]:
    """The picture with its title, what it shows for whoever does not see it, and the way to the table of its figures.

    It is drawn no smaller than can be read: on a narrow screen it scrolls in its box, which the keyboard reaches.
    """
    ident, drawing = links.ident("", place), picture.drawing
    named = f'role="group" aria-labelledby="{ident}_caption"'
    yield f'<figure><figcaption id="{ident}_caption">{shown(picture.title)}</figcaption>'
    yield f'<div class="wide" tabindex="0" {named}>'
    size = f"0 0 {_points(drawing.width)} {_points(drawing.height)}"
    yield f'<svg role="img" aria-labelledby="{ident}_title {ident}_shows" viewBox="{size}">'
    yield f'<title id="{ident}_title">{attribute(picture.title)}</title>'
    yield f'<desc id="{ident}_shows">{attribute(picture.alternative)}</desc>'
    hatched = dict.fromkeys((each.hatch, _ink(each)) for each in drawing.shapes if isinstance(each, Box) and each.hatch)
    if hatched:
        yield f"<defs>{''.join(_pattern(ident, *each) for each in hatched)}</defs>"
    yield '<g aria-hidden="true">'
    for shape in drawing.shapes:
        yield _shape(shape, ident)
    yield "</g></svg></div>"
    table = links.table_id(picture.table, place)
    if table:
        told = shown(say("The figures of this picture are in the table “{table}”.", table=picture.table))
        yield f'<p class="aside"><a href="#{attribute(table)}">{told}</a></p>'
    yield "</figure>"


def _shape(shape: Shape, ident: str) -> str:
    match shape:
        case Box():
            width, height = max(shape.width, 0), max(shape.height, 0)
            at = f'x="{_points(shape.x)}" y="{_points(shape.y)}" width="{_points(width)}" height="{_points(height)}"'
            outline = f' stroke="{shape.outline}" stroke-width=".5"' if _COLOUR.fullmatch(shape.outline) else ""
            drawn = f'<rect {at} fill="{_colour(shape.fill)}"{outline}/>'
            if shape.hatch:
                drawn += f'<rect {at} fill="url(#{_pattern_id(ident, shape.hatch, _ink(shape))})"/>'
            return drawn
        case Line():
            ends = zip(("x1", "y1", "x2", "y2"), (shape.x1, shape.y1, shape.x2, shape.y2), strict=True)
            at = " ".join(f'{name}="{_points(each)}"' for name, each in ends)
            dashes = ' stroke-dasharray="3 2"' if shape.is_dashed else ""
            return f'<line {at} stroke="{_colour(shape.colour)}" stroke-width="{_points(shape.thickness)}"{dashes}/>'
        case Label():
            at = f'x="{_points(shape.x)}" y="{_points(shape.y)}" font-size="{_points(shape.size)}"'
            anchor = "" if shape.anchor is Anchor.START else f' text-anchor="{shape.anchor}"'
            bold = ' font-weight="bold"' if shape.is_bold else ""
            text = attribute(shortened(shape))
            return f'<text {at}{anchor}{bold} fill="{_colour(shape.colour)}">{text}</text>'


def shortened(label: Label) -> str:
    """The label's text, with `…` where about as much of it as fits its room would end.

    A browser draws it in a face that is not known here, so that the widths are those of the usual ones.
    """
    if label.room <= 0 or _width(label.text, label) <= label.room:
        return label.text
    kept = label.text
    while kept and _width(f"{kept}…", label) > label.room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _width(text: str, label: Label) -> float:
    hundredths = sum(map(_width_of, text)) * label.size
    return hundredths * (1.07 if label.is_bold else 1.0) / 100


def _width_of(sign: str) -> int:
    if sign in _NARROW_SIGNS:
        return _NARROW
    if sign in _BROAD_SIGNS:
        return _BROAD
    if east_asian_width(sign) in {"W", "F"}:
        return _WHOLE
    if sign.isdigit():
        return _FIGURE
    return _CAPITAL if sign.isupper() else _USUAL


def _pattern(ident: str, hatch: Hatch, ink: str) -> str:
    size = 'width="4" height="4" patternUnits="userSpaceOnUse"'
    drawn = f'<g stroke="{ink}" stroke-width=".6" fill="none">{_HATCHES[hatch]}</g>'
    return f'<pattern id="{_pattern_id(ident, hatch, ink)}" {size}>{drawn}</pattern>'


def _pattern_id(ident: str, hatch: Hatch, ink: str) -> str:
    return f"{ident}_{hatch}_{'light' if ink == _LIGHT else 'dark'}"


def _ink(box: Box) -> str:
    """The colour that lines over an area are seen in."""
    if not _COLOUR.fullmatch(box.fill):
        return _DARK
    red, green, blue = (int(box.fill[at : at + 2], 16) for at in (1, 3, 5))
    return _LIGHT if (299 * red + 587 * green + 114 * blue) // 1000 < _MIDDLE else _DARK


def _colour(colour: str) -> str:
    return colour if _COLOUR.fullmatch(colour) else "none"


def _points(distance: float) -> str:
    """A distance to a hundredth of a point, as SVG reads it."""
    hundredths = int(abs(distance) * 100 + 0.5)
    whole, part = divmod(hundredths, 100)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"-{text}" if distance < 0 and hundredths else text
