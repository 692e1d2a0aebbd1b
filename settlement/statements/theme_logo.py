"""A theme's logo: that the file is a whole PNG or JPEG of a size that a page has use for, by reading it."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from struct import unpack
from zlib import crc32

LARGEST_BYTES = 1024 * 1024
MOST_DOTS = 4000
"""To a side."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive, which every reader of PDF has
_OTHER_FRAMES = frozenset({0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_SCAN, _END = 0xDA, b"\xff\xd9"
_GREY, _COLOURED = 1, 3  # components


def check_logo(content: bytes) -> str:
    """What is wrong with the content of a logo's file, to follow its name in a sentence; "" if nothing is."""
    if len(content) > LARGEST_BYTES:
        return f"is larger than {LARGEST_BYTES // 1024} KB; save it smaller"
    if content.startswith(_PNG):
        size = _size_of_png(content)
    elif content.startswith(_JPEG):
        size = _size_of_jpeg(content)
    else:
        return "is neither a PNG nor a JPEG; save it as one of them"
    if isinstance(size, str):
        return size
    width, height = size
    if not width or not height:
        return "has no dots in it; save it again"
    if max(width, height) > MOST_DOTS:
        return f"is {width} by {height} dots, and there may be {MOST_DOTS} to a side; save it smaller"
    return "" if _can_be_drawn(content) else _BROKEN


@lru_cache(maxsize=8)
def _can_be_drawn(content: bytes) -> bool:
    """Whether its dots can be read: chunks may be whole, and hold nothing that a picture is made of."""
    from PIL import Image  # noqa: PLC0415  a theme without a logo needs none of it

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            picture.load()
    except Exception:  # noqa: BLE001  whatever a reader of pictures says of what is none
        return False
    return True


_BROKEN = "is cut short or damaged; save it again"


def _size_of_png(content: bytes) -> tuple[int, int] | str:
    size: tuple[int, int] | str = _BROKEN
    ends = has_dots = False
    for kind, body in _chunks(content):
        if kind == b"IHDR" and len(body) == 13:  # noqa: PLR2004  the header's length, by the standard
            size = unpack(">II", body[:8])
        has_dots = has_dots or kind == b"IDAT"
        ends = kind == b"IEND"
    return size if ends and has_dots else _BROKEN


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk whose check sum is right, up to the first that is not."""
    place = len(_PNG)
    while place + 12 <= len(content):
        (length,) = unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        total = content[place + 8 + length : place + 12 + length]
        if len(total) != 4 or unpack(">I", total)[0] != crc32(kind + body):  # noqa: PLR2004  a check sum's length
            return
        yield kind, body
        if kind == b"IEND":
            return
        place += 12 + length


def _size_of_jpeg(content: bytes) -> tuple[int, int] | str:
    if _END not in content[-64:]:  # some cameras and programs add a few bytes behind the end
        return _BROKEN
    size: tuple[int, int] | str = _BROKEN
    for marker, body in _segments(content):
        if marker in _OTHER_FRAMES:
            return "is of a kind of JPEG that few programs read; save it as an ordinary one"
        if marker in _FRAMES and len(body) >= 6:  # noqa: PLR2004  as far as the number of components
            height, width, components = unpack(">xHHB", body[:6])
            if components not in {_GREY, _COLOURED}:
                return "is a JPEG in colours for print (CMYK); save it in RGB"
            size = (width, height)
        if marker == _SCAN:
            return size
    return _BROKEN


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with what follows it, up to the dots themselves."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004  what a marker begins with
        marker = content[place + 1]
        if marker == 0xFF:  # noqa: PLR2004  a filler before a marker
            place += 1
            continue
        if marker in _ALONE:
            place += 2
            continue
        (length,) = unpack(">H", content[place + 2 : place + 4])
        yield marker, content[place + 4 : place + 2 + length]
        place += 2 + max(length, 2)
