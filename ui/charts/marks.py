"""What charts are made of: marks, how they are told apart besides by colour, and scales in whole pence and pixels."""

from dataclasses import dataclass
from enum import Enum

from ui.links import Link

_POUND = 100
_THOUSAND, _MILLION = 1_000 * _POUND, 1_000_000 * _POUND
_STEPS = (1, 2, 5)


class Pattern(Enum):
    """How the inside of a mark is drawn, so that colour is not needed to tell it."""

    SOLID = "solid"
    HOLLOW = "outline"
    HATCHED = "hatched"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a chart that the keyboard comes to: what is said of it, and where it leads (None: nowhere)."""

    said: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Amounts from `low` to `high` pence over a length in pixels. Whole numbers: no penny passes through a float."""

    low_pence: int
    high_pence: int
    length: int

    def at(self, pence: int) -> int:
        """How many pixels from the low end an amount stands."""
        return (pence - self.low_pence) * self.length // max(1, self.high_pence - self.low_pence)


def ticks(low_pence: int, high_pence: int, most: int) -> list[int]:
    """Amounts to label an axis with: multiples of 1, 2 or 5 of a power of ten, from below `low` to above `high`.

    Nought is among them; there are about `most` at the most, and always two.
    """
    low, high = min(low_pence, 0), max(high_pence, 0)
    power = _POUND
    while True:
        for factor in _STEPS:
            step = factor * power
            first, last = low // step, -(-high // step)
            if last - first <= max(1, most):
                return [step * number for number in range(first, max(last, first + 1) + 1)]
        power *= 10


def short(pence: int) -> str:
    """An axis label: `£0`, `£500`, `£20k`, `£1.5m`; below nought in brackets. Exact for whole steps of an axis."""
    size = abs(pence)
    for unit, suffix in ((_MILLION, "m"), (_THOUSAND, "k")):
        if size >= unit:
            whole, rest = divmod(size, unit)
            tenths = f".{rest * 10 // unit}" if rest else ""
            shown = f"£{whole:,}{tenths}{suffix}"
            break
    else:
        shown = f"£{size // _POUND}"
    return f"({shown})" if pence < 0 else shown
