"""Amounts as tables show and say them, in the units and with the negatives that the person chose.

There is one choice for the whole window. The figure behind a cell is always the exact pence: only its look changes.
"""

from dataclasses import dataclass

from rules.money import pounds
from ui.preferences import Negatives, Units

NIL = "–"
_THOUSAND = 100_000  # pence


@dataclass(slots=True)
class _Style:
    units: Units = Units.POUNDS
    negatives: Negatives = Negatives.BRACKETS


_style = _Style()


def show_as(units: Units, negatives: Negatives) -> None:
    """Have every amount shown so from now on. What is on screen follows `Session.preferences_changed`."""
    _style.units, _style.negatives = units, negatives


def in_thousands() -> bool:
    """Whether tables show thousands of pounds: headings say so."""
    return _style.units is Units.THOUSANDS


def amount(pence: int) -> str:
    """The amount as a table shows it, nothing as a dash: `£1,234.56`, `(£1,234.56)`, or `£1k` as `1` under £000.

    Thousands are rounded half away from zero; an amount that rounds to nothing is shown as `0`, not as a dash.
    """
    if not pence:
        return NIL
    return exact(pence) if _style.units is Units.POUNDS else _signed(f"{thousands(pence):,}", pence)


def exact(pence: int) -> str:
    """The amount in pounds and pence whatever the units, where a penny matters: what is due, a line, a sentence."""
    return pounds(pence) if _style.negatives is Negatives.BRACKETS else _signed(pounds(abs(pence)), pence)


def thousands(pence: int) -> int:
    """The size of an amount in thousands of pounds, half rounded up."""
    return (abs(pence) + _THOUSAND // 2) // _THOUSAND


def spoken(pence: int) -> str:
    """The amount as a screen reader should say it: brackets and dashes are often passed over in silence."""
    if not pence:
        return "nil"
    return f"minus {pounds(abs(pence))}" if pence < 0 else pounds(pence)


def heading(text: str) -> str:
    """A heading over figures: with its units, where they are not pounds and pence."""
    return f"{text} £000" if in_thousands() else text


def _signed(shown: str, pence: int) -> str:
    if pence >= 0:
        return shown
    return f"({shown})" if _style.negatives is Negatives.BRACKETS else f"\N{MINUS SIGN}{shown}"
