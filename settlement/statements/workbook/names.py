"""Names that a spreadsheet takes, whatever a title is: of sheets, of ranges, and texts in a page's margins.

Its limits are counted in UTF-16 units: an emoji is two.
"""

import re
from unicodedata import category

from settlement.statements.printable import printable

_LONGEST_SHEET = 31
_LONGEST_RANGE = 80  # of 255: with its suffix it is still read at a glance
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\n\t]")
# A spreadsheet reads `_x0041_` in a name as the letter A.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LETTERS = {"Lu", "Ll", "Lt", "Lo"}
_ONE_UNIT = 0x10000


def units(text: str) -> int:
    """How long a spreadsheet thinks the text is."""
    return len(text) if text.isascii() else len(text) + sum(ord(sign) >= _ONE_UNIT for sign in text)


def cut(text: str, most: int) -> str:
    """The text, shortened with `…` to so many units if it is longer."""
    if units(text) <= most:
        return text
    kept, room = [], most - 1
    for sign in text:
        room -= units(sign)
        if room < 0:
            break
        kept.append(sign)
    return "".join(kept).rstrip() + "…"


def sheet_name(title: str, taken: set[str]) -> str:
    """The title as a sheet may be called: no forbidden sign, 31 units, no other of the same name. It is then taken."""
    plain = _ESCAPE.sub("_ ", _FORBIDDEN.sub(" ", printable(title))).strip("' ") or "Section"
    name, number = cut(plain, _LONGEST_SHEET).strip("' "), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        tail = f" {number}"
        name = cut(plain, _LONGEST_SHEET - len(tail)).rstrip("' ") + tail
    taken.add(name.casefold())
    return name


def reference_to(sheet: str) -> str:
    """A sheet as a formula names it, whatever is in its name."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def range_name(title: str, suffix: str, taken: set[str]) -> str:
    """The title as a range may be called, with a suffix, so that it is never the name of a cell. It is then taken.

    Letters of any language stay as far as a spreadsheet has them in names; everything else is an underscore.
    """
    signs = (sign if sign.isascii() and sign.isalnum() else _letter(sign) for sign in printable(title))
    stem = re.sub("_+", "_", "".join(signs)).strip("_")[:_LONGEST_RANGE].rstrip("_")
    if not stem or stem[0].isdigit():
        stem = f"_{stem}" if stem else "table"
    name, number = f"{stem}_{suffix}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}_{suffix}_{number}"
    taken.add(name.casefold())
    return name


def _letter(sign: str) -> str:
    return sign if ord(sign) < _ONE_UNIT and category(sign) in _LETTERS else "_"


def in_margin(text: str, most: int) -> str:
    """The text for a page's header or footer, in so many units, where `&` begins a code and is doubled to be a sign.

    `&` before `G` or `[` would be taken for a picture's place even so, by the library that writes the file.
    """
    one_line = " ".join(_ESCAPE.sub("_ ", printable(text)).split())
    spaced = re.sub(r"&(?=[G\[])", "& ", one_line)
    while units(doubled := spaced.replace("&", "&&")) > most:
        spaced = cut(spaced, units(spaced) - 1 if units(spaced) <= most else most)
    return doubled
