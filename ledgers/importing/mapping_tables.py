"""The tables of a mapping that rearrange rows: which are taken, which part of a code is meant, what a heading says."""

import re
from dataclasses import dataclass
from typing import Any

from ledgers.importing.faults import Faults

Patterns = dict[str, tuple[str, ...]]
"""By a column of the file: texts that may stand in it, where `*` stands for anything."""

_LONGEST_BY = 5
_STAR = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a code that is meant: the `number`th of those between `by`, or the characters `first` to `last`."""

    by: str = ""
    number: int = 0
    first: int = 0
    last: int = 0

    def of(self, text: str) -> str | None:
        """That part; None if the text has no such part."""
        if not self.by:
            return text[self.first - 1 : self.last].strip() or None
        parts = text.split(self.by)
        return parts[self.number - 1].strip() if self.number <= len(parts) else None


def matcher(patterns: tuple[str, ...]) -> re.Pattern[str]:
    r"""Matches, with `fullmatch`, a cell that is as one of the texts says: capitals are of no account.

    `*` stands for anything, and `\*` for itself: some reports mark their totals with stars.
    """
    told = "|".join(
        ".*".join(re.escape(part.replace(r"\*", "*")) for part in _STAR.split(pattern.strip())) for pattern in patterns
    )
    return re.compile(rf"\s*(?:{told})\s*", re.IGNORECASE | re.DOTALL)


def patterns_of(table: dict[str, Any], key: str, faults: Faults) -> Patterns:
    """`[only]`, `[skip]` or `[total]`: by their column a text, or a list of them."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        faults.add("this is a table", place=key)
        return {}
    found = {}
    for heading, told in value.items():
        texts = [told] if isinstance(told, str) else told
        if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts):
            found[heading] = tuple(texts)
        else:
            faults.add("this is a text, in quotation marks, or a list of them", place=f"{key}.{heading}")
    return found


def parts_of(table: dict[str, Any], ours: tuple[str, ...], faults: Faults) -> dict[str, Part]:
    """`[parts]`: by our column, which part of their code says it."""
    value = table.get("parts", {})
    if not isinstance(value, dict):
        faults.add("this is a table of tables", place="parts")
        return {}
    found = {}
    for name, told in value.items():
        part = _part(told)
        if name not in ours:
            faults.add(f"a part is of a column of codes: {', '.join(ours)}", place=f"parts.{name}")
        elif part is None:
            faults.add(
                'a part is { by = "-", number = 2 }, or { from = 4, to = 9 } of its characters', place=f"parts.{name}"
            )
        else:
            found[name] = part
    return found


def _part(told: object) -> Part | None:
    if not isinstance(told, dict):
        return None
    numbers = [told.get(key) for key in ("number", "from", "to")]
    if any(isinstance(each, bool) or not isinstance(each, int | None) for each in numbers):
        return None
    number, first, last = numbers
    by = told.get("by")
    if told.keys() == {"by", "number"} and isinstance(by, str) and 0 < len(by) <= _LONGEST_BY and number and number > 0:
        return Part(by=by, number=number)
    if told.keys() == {"from", "to"} and first and last and 0 < first <= last:
        return Part(first=first, last=last)
    return None


def wide_of(table: dict[str, Any], ours: tuple[str, ...], faults: Faults) -> dict[str, dict[str, str]]:
    """`[wide]`: by a column of amounts, what its heading says of each."""
    value = table.get("wide", {})
    if not isinstance(value, dict):
        faults.add("this is a table of tables", place="wide")
        return {}
    found: dict[str, dict[str, str]] = {}
    for heading, told in value.items():
        if not isinstance(told, dict) or not told:
            faults.add('a column of amounts says something of them, such as { period = "M1" }', place=f"wide.{heading}")
            continue
        for name, text in told.items():
            if name not in ours:
                message = f"a heading can say of an amount its {', '.join(ours)}"
                faults.add(message, place=f"wide.{heading}.{name}")
            elif not isinstance(text, str):
                faults.add("this is a text, in quotation marks", place=f"wide.{heading}.{name}")
        found[heading] = {name: text for name, text in told.items() if name in ours and isinstance(text, str)}
    return found
