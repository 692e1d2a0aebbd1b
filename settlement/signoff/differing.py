"""How a value of a pack is shown in a sentence, whatever somebody wrote into it."""

from enum import Enum

from rules.money import pounds
from settlement.signoff.canonical import canonical

_LONGEST_SHOWN = 80
_SHOWN_BEFORE = 20  # of two long texts, of what they have in common before they part


class Absent(Enum):
    """What a value is that is not there."""

    ABSENT = "absent"

    def __str__(self) -> str:
        """As it is told."""
        return self.value


ABSENT = Absent.ABSENT


def from_where_they_part(one: str, other: str) -> tuple[str, str]:
    """Two texts, from shortly before they part, where that would else be cut off: of an agreement, of a key."""
    alike = 0
    while alike < min(len(one), len(other)) and one[alike] == other[alike]:
        alike += 1
    start = alike - _SHOWN_BEFORE
    if start <= 0 or max(len(one), len(other)) <= _LONGEST_SHOWN:
        return one, other
    return f"…{one[start:]}", f"…{other[start:]}"


def shown(value: object, in_pence: bool) -> str:  # noqa: FBT001  an amount is a number like any other
    """A value as it is told."""
    if isinstance(value, int):
        return pounds(value) if in_pence else str(value)
    if isinstance(value, str):
        return f"“{visible(value)}”"
    return visible(canonical(value).decode())


def visible(text: str) -> str:
    """A text of somebody else's that cannot run away with the sentence: cut short, control characters spelt out."""
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in short)
