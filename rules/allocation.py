"""Sharing whole pence: the one allocation, and the one rounding of a percentage (arithmetic.md, Rounding)."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def allocate(total_pence: int, weights: Sequence[int]) -> list[int]:
    """Share a total among whole-number weights, in the order the agreement lists them.

    Each gets the whole-pence floor of its exact share; the pennies left go one each to the largest fractional
    parts, ties to whoever is listed first. The parts make the total, and a zero weight gets nothing.

    Whole numbers throughout: at 28 digits `Decimal` gives the penny to the wrong partner where two fractional
    parts tie exactly, and the total still adds up. Raises ValueError for a weight below zero or none above it.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        message = "an allocation needs a weight above zero and none below"
        raise ValueError(message)
    parts = []
    fractions = []
    left = total_pence
    for weight in weights:
        part, fraction = divmod(total_pence * weight, whole)
        parts.append(part)
        fractions.append(fraction)
        left -= part
    if left == 1:
        parts[fractions.index(max(fractions))] += 1
    elif left:
        # sorted() is stable in reverse too, so that of equal fractions the first listed comes first
        for index in sorted(range(len(parts)), key=fractions.__getitem__, reverse=True)[:left]:
            parts[index] += 1
    return parts


def whole_weights(weights: Sequence[Fraction]) -> list[int]:
    """The same proportions in whole numbers, exactly."""
    scale = lcm(*(weight.denominator for weight in weights))
    return [weight.numerator * (scale // weight.denominator) for weight in weights]


def round_half_up(amount: Fraction) -> int:
    """The nearest whole penny, exact halves upwards (towards plus infinity)."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def percentage_of(percent: Fraction, amount_pence: int) -> int:
    """A percentage of an amount, rounded half up to the penny."""
    return round_half_up(percent * amount_pence / 100)
