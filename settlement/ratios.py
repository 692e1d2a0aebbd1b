"""Exact ratios and their percentages as a person reads them; a published “51/49” is really 50.77%."""

from fractions import Fraction

from rules.allocation import round_half_up
from rules.language import say


def percent_text(ratio: Fraction, places: int = 2) -> str:
    """The ratio as a percentage, rounded half up: `50.77%`. For reading only: nothing is worked from it."""
    scaled = round_half_up(ratio * 100 * 10**places)
    whole, part = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{part:0{places}}%" if places else f"{sign}{whole}%"


def ratio_text(weight: int, whole: int) -> str:
    """An exact share of a whole: `1 / 3 (33.33%)`; nothing and everything are `0` and `all`."""
    ratio = Fraction(weight, whole)
    if ratio == 0:
        return "0"
    return say("all") if ratio == 1 else f"{ratio.numerator:,} / {ratio.denominator:,} ({percent_text(ratio)})"
