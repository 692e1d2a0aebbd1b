"""Pictures: shapes as the operators of vectors, and a logo's dots as the file has them."""

import zlib
from io import BytesIO

from settlement.statements.drawing import Anchor, Box, Drawing, Hatch, Label, Line
from settlement.statements.pdf.fonts import Fonts
from settlement.statements.pdf.text import BOLD, REGULAR, Style, shortened, width
from settlement.statements.pdf.units import colour_of

_STEP = 4.0  # points between the lines of a hatch
_HATCH_WIDTH = 0.5
_DASHES = "[2 2] 0 d"
_DOT = 0.8
_MOST_DOTS = 1200  # to a side of a logo: 600 to the inch at two inches


def operators(drawing: Drawing, fonts: Fonts, left: float, top: float, scale: float) -> str:
    """The drawing with its top left corner there on the page, the first of its shapes lying lowest."""
    base = top - drawing.height * scale
    parts = [f"{scale:.4f} 0 0 {scale:.4f} {left:.2f} {base:.2f} cm"]
    for shape in drawing.shapes:
        match shape:
            case Box():
                parts.append(_box(shape, drawing.height))
            case Line():
                parts.append(_line(shape, drawing.height))
            case Label():
                parts.append(_label(shape, drawing.height, fonts))
    return "\n".join(parts)


def _fill(code: str) -> str:
    return "{:g} {:g} {:g} rg".format(*colour_of(code))


def _stroke(code: str) -> str:
    return "{:g} {:g} {:g} RG".format(*colour_of(code))


def _box(box: Box, height: float) -> str:
    low = height - box.y - box.height
    area = f"{box.x:.2f} {low:.2f} {box.width:.2f} {box.height:.2f} re"
    parts = []
    if box.fill:
        parts.append(f"{_fill(box.fill)} {area} f")
    if box.hatch:
        parts.append(f"q {area} W n {_hatched(box, low)} Q")
    if box.outline:
        parts.append(f"{_stroke(box.outline)} 0.6 w {area} S")
    return "\n".join(parts)


def _hatched(box: Box, low: float) -> str:
    """Lines over a box, to be clipped to it; on a light area in its outline's colour, on a dark one in white."""
    colour = box.outline if box.outline and sum(colour_of(box.fill or "#FFFFFF")) > 1.5 else "#FFFFFF"  # noqa: PLR2004
    reach = box.height
    steps = int((box.width + reach) / _STEP) + 1
    rising = [
        f"{box.x - reach + _STEP * step:.2f} {low:.2f} m {box.x + _STEP * step:.2f} {low + reach:.2f} l"
        for step in range(steps)
    ]
    falling = [
        f"{box.x - reach + _STEP * step:.2f} {low + reach:.2f} m {box.x + _STEP * step:.2f} {low:.2f} l"
        for step in range(steps)
    ]
    begins = f"{_stroke(colour)} {_HATCH_WIDTH} w"
    match box.hatch:
        case Hatch.RISING:
            return f"{begins} {' '.join(rising)} S"
        case Hatch.FALLING:
            return f"{begins} {' '.join(falling)} S"
        case Hatch.CROSSED:
            return f"{begins} {' '.join((*rising, *falling))} S"
        case _:
            return f"{_fill(colour)} {' '.join(_dots(box, low))} f"


def _dots(box: Box, low: float) -> list[str]:
    across, up = int(box.width / _STEP) + 1, int(box.height / _STEP) + 1
    return [
        f"{box.x + _STEP * (column + 0.5 * (row % 2)):.2f} {low + _STEP * row + 1.0:.2f} {_DOT} {_DOT} re"
        for row in range(up)
        for column in range(across)
    ]


def _line(line: Line, height: float) -> str:
    dashes = f"q {_DASHES} " if line.is_dashed else ""
    return (
        f"{dashes}{_stroke(line.colour)} {line.thickness:g} w {line.x1:.2f} {height - line.y1:.2f} m "
        f"{line.x2:.2f} {height - line.y2:.2f} l S{' Q' if dashes else ''}"
    )


def _label(label: Label, height: float, fonts: Fonts) -> str:
    style = Style(BOLD if label.is_bold else REGULAR, label.size, colour_of(label.colour))
    text = shortened(label.text, style, label.room) if label.room else label.text
    if not text:
        return ""
    part = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[label.anchor]
    x = label.x - part * width(text, style)
    return (
        f"BT {_fill(label.colour)} {fonts.name(style.font)} {style.size:g} Tf 1 0 0 1 {x:.2f} {height - label.y:.2f} "
        f"Tm {fonts.show(style.font, style.size, text)} ET"
    )


def dots_of(image: bytes) -> tuple[int, int, bytes, str]:
    """A PNG or JPEG as a PDF has it: width, height, data, the entries of its stream. Nothing of it shines through.

    Raises OSError (Pillow's `UnidentifiedImageError` is one) if it cannot be read.
    """
    from PIL import Image  # noqa: PLC0415  a statement without a logo needs none of it

    with Image.open(BytesIO(image)) as opened:
        if opened.format == "JPEG" and opened.mode in {"RGB", "L"} and max(opened.size) <= _MOST_DOTS:
            wide, high = opened.size
            space = "/DeviceRGB" if opened.mode == "RGB" else "/DeviceGray"
            return wide, high, image, _entries(wide, high, space, "/DCTDecode")
        opened.thumbnail((_MOST_DOTS, _MOST_DOTS))
        seen = opened.convert("RGBA")
        paper = Image.new("RGBA", seen.size, (255, 255, 255, 255))
        paper.alpha_composite(seen)
        wide, high = paper.size
        data = zlib.compress(paper.convert("RGB").tobytes(), 9)
        return wide, high, data, _entries(wide, high, "/DeviceRGB", "/FlateDecode")


def size_of(image: bytes) -> tuple[int, int]:
    """How many dots wide and high a PNG or JPEG is. Raises OSError if it cannot be read."""
    from PIL import Image  # noqa: PLC0415

    with Image.open(BytesIO(image)) as opened:
        return opened.size


def _entries(wide: int, high: int, space: str, filtered: str) -> str:
    return (
        f"/Type/XObject/Subtype/Image/Width {wide}/Height {high}/ColorSpace{space}/BitsPerComponent 8/Filter{filtered}"
    )
