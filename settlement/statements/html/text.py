"""Text in HTML: nothing in it is markup, and a name written from right to left does not disturb what is around it."""

import re
from html import escape

from settlement.statements.printable import printable

_R = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"[{_R}]")
# Words of one name, with what stands between words of a name: not a figure, which belongs to the sentence.
_RUN = re.compile(f"[{_R}]+(?:[\\s\\-–'’.,&/]+[{_R}]+)*")
_LEFT_TO_RIGHT = re.compile(f"[^\\W\\d_{_R}]")


def shown(text: str) -> str:
    """The text as markup shows it, what reads from right to left set apart by `bdi`."""
    plain = printable(text)
    if plain.isascii() or not _RIGHT_TO_LEFT.search(plain):
        return escape(plain)
    if not _LEFT_TO_RIGHT.search(plain):
        return f"<bdi>{escape(plain)}</bdi>"
    told = []
    at = 0
    for run in _RUN.finditer(plain):
        told.append(f"{escape(plain[at : run.start()])}<bdi>{escape(run[0])}</bdi>")
        at = run.end()
    return "".join(told) + escape(plain[at:])


def attribute(text: str) -> str:
    """The text as the value of an attribute, or of `title`: markup has no place in it."""
    return escape(printable(text))
