"""How lists, names and days are written in a sentence: the same way in every message, clause and statement.

Lists and days are said in the language spoken, like every sentence that holds them (`rules.language`).
"""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from rules.language import message, say, say_before

# Not strftime: a month's name would follow the computer's locale, and two partners would print two statements.
_MONTHS = (
    message("January"),
    message("February"),
    message("March"),
    message("April"),
    message("May"),
    message("June"),
    message("July"),
    message("August"),
    message("September"),
    message("October"),
    message("November"),
    message("December"),
)

AND, OR = message("and"), message("or")


def listed(words: Iterable[str], last: str = AND) -> str:
    """`A`, `A and B`, `A, B and C`; nothing of nothing. `last` is `and` or `or`."""
    *first, final = list(words) or [""]
    return f"{', '.join(first)} {say_before(last, final)} {final}" if first else final


def quoted(name: str) -> str:
    """A name as a sentence holds it: “Risk pool”."""
    return f"“{name}”"


def day(when: date) -> str:
    """`1 July 2022`, whatever the computer's locale."""
    return f"{when.day} {say(_MONTHS[when.month - 1])} {when.year}"


def month(when: date) -> str:
    """`July 2022`."""
    return f"{say(_MONTHS[when.month - 1])} {when.year}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is near enough; capitals do not count."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None
