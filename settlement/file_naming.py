"""What a partner's files are called, whatever its code holds: a name that every file system takes."""

import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_CODE = 40


def plain_names(codes: Iterable[str], besides: Iterable[str] = ()) -> dict[str, str]:
    """A name for each code, in order, and none of those besides (in small letters).

    Two codes never have one name, on file systems that do not tell capitals apart either.
    """
    names: dict[str, str] = {}
    taken = set(besides)
    for code in codes:
        plain = _UNSAFE.sub("_", code)[:_LONGEST_CODE].strip(".") or "partner"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        names[code] = name
    return names
