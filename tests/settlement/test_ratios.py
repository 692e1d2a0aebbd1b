"""Exact ratios, and their percentages as a person reads them."""

from fractions import Fraction

import pytest

from settlement.ratios import percent_text, ratio_text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ("99/195", "50.77%"),  # Oxfordshire's, published as 51/49
        ("96/195", "49.23%"),
        ("1/3", "33.33%"),
        ("2/3", "66.67%"),
        ("1/2", "50.00%"),
        ("0", "0.00%"),
        ("1", "100.00%"),
        ("1/8", "12.50%"),
        ("1/20000", "0.01%"),  # 0.005 rounds half up
        ("1/20001", "0.00%"),
        ("3/2", "150.00%"),
        ("-1/3", "-33.33%"),
        ("-1/20000", "0.00%"),  # a half goes up, to nought
    ],
)
def test_a_ratio_is_read_as_a_percentage_to_two_places_rounded_half_up(ratio: str, text: str) -> None:
    assert percent_text(Fraction(ratio)) == text


@pytest.mark.parametrize(("places", "text"), [(0, "51%"), (1, "50.8%"), (2, "50.77%"), (4, "50.7692%")])
def test_places_are_as_many_as_are_wanted(places: int, text: str) -> None:
    assert percent_text(Fraction(99, 195), places) == text


@pytest.mark.parametrize(
    ("weight", "whole", "text"),
    [
        (99, 195, "33 / 65 (50.77%)"),
        (1, 3, "1 / 3 (33.33%)"),
        (0, 3, "0"),
        (3, 3, "all"),
        (4_471_580, 9_737_913, "4,471,580 / 9,737,913 (45.92%)"),
    ],
)
def test_an_exact_share_is_told_as_a_fraction_in_lowest_terms(weight: int, whole: int, text: str) -> None:
    assert ratio_text(weight, whole) == text
