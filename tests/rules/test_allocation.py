"""Sharing whole pence, and rounding a percentage half up (arithmetic.md, Rounding)."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.allocation import allocate, percentage_of, round_half_up, whole_weights
from tests.conftest import examples

weights_above_zero = st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any)


def largest_remainder(total: int, weights: list[int]) -> list[int]:
    """The page's sentence read word for word, in fractions."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(each) for each in exact]
    order = sorted(range(len(weights)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


# --- allocation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, [1, 1], [5000, 5000]),
        # 33.33 each and a penny over: fractions tie, the first listed gets it
        (100, [1, 1, 1], [34, 33, 33]),
        # 14.29, 28.57, 57.14: floors make 99, the largest fraction is the second's
        (100, [1, 2, 4], [14, 29, 57]),
        # 16.67, 16.67, 66.67: floors make 98, two pennies over for three equal fractions
        (100, [1, 1, 4], [17, 17, 66]),
        # 2.14, 2.14, 0.71: the last listed has the largest fraction
        (5, [3, 3, 1], [2, 2, 1]),
        # 101 / 7 = 14.43 each: floors make 98, three pennies for the first three
        (101, [1] * 7, [15, 15, 15, 14, 14, 14, 14]),
        # 1.43, 4.29, 4.29: floors make 9
        (10, [1, 3, 3], [2, 4, 4]),
        # 0.75 each of four: floors make nothing, three pennies for the first three
        (3, [5, 5, 5, 5], [1, 1, 1, 0]),
        # one weight takes all, whatever it is
        (12345, [7], [12345]),
        (0, [3, 1], [0, 0]),
    ],
)
def test_each_gets_its_floor_and_the_largest_fractions_the_odd_pennies(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert allocate(total, weights) == parts


def test_a_published_51_to_49_is_kept_exact() -> None:
    # £3m between £99m and £96m: 3,000,000 x 99/195 = 1,523,076.923..., so 152,307,692 pence and .3 over;
    # 3,000,000 x 96/195 = 1,476,923.076..., so 147,692,307 and .7 over: the second gets the penny
    assert allocate(300_000_000, [99, 96]) == [152_307_692, 147_692_308]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1, [0, 1], [0, 1]),
        # 0.67 each of three: two pennies over, never to the first listed, which weighs nothing
        (2, [0, 3, 3, 3], [0, 1, 1, 0]),
        (100, [1, 0, 1, 0, 1], [34, 0, 33, 0, 33]),
        (7, [0, 0, 5], [0, 0, 7]),
    ],
)
def test_a_zero_weight_never_gets_a_penny(total: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(total, weights) == parts


def test_a_total_below_zero_is_floored_downwards_and_still_makes_the_total() -> None:
    # -33.33 each: floors of -34 make -102, two pennies come back to the first two
    assert allocate(-100, [1, 1, 1]) == [-33, -33, -34]


def test_exact_ties_go_to_the_first_listed_where_decimal_gives_the_penny_away() -> None:
    # two pence at 4:1:1 are 1.333..., 0.333... and 0.333...: all three tie, and the first listed gets the penny
    total, weights = 2, [4, 1, 1]
    assert allocate(total, weights) == [2, 0, 0]
    in_decimal = [total * (Decimal(weight) / 6) % 1 for weight in weights]
    assert in_decimal[0] != in_decimal[1]  # at 28 digits they no longer tie


@pytest.mark.parametrize("weights", [[], [0], [0, 0, 0], [1, -1], [-1, 3], [-2]])
def test_no_weight_above_zero_or_one_below_it_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^an allocation needs a weight above zero and none below$"):
        allocate(100, weights)


@given(total=st.integers(-(10**14), 10**14), weights=weights_above_zero)
@settings(max_examples=examples(1000))
def test_every_allocation_is_the_exact_largest_remainder(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert parts == largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(total=st.integers(0, 60), weights=st.lists(st.integers(0, 6), min_size=2, max_size=7).filter(any))
@settings(max_examples=examples(1000))
def test_small_totals_where_fractions_tie_are_the_exact_largest_remainder(total: int, weights: list[int]) -> None:
    assert allocate(total, weights) == largest_remainder(total, weights)


@given(
    total=st.integers(0, 10**12),
    weights=st.lists(st.integers(1, 10**9), min_size=2, max_size=6),
    scale=st.integers(2, 10**6),
)
def test_only_proportions_count(total: int, weights: list[int], scale: int) -> None:
    assert allocate(total, [weight * scale for weight in weights]) == allocate(total, weights)


# --- weights in whole numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "whole"),
    [
        (["1/3", "1/2"], [2, 3]),
        (["33.33", "33.33", "33.34"], [3333, 3333, 3334]),
        (["0", "0.5", "2"], [0, 1, 4]),
        (["50", "50"], [50, 50]),
        ([], []),
    ],
)
def test_weights_in_whole_numbers_keep_their_proportions(weights: list[str], whole: list[int]) -> None:
    assert whole_weights([Fraction(weight) for weight in weights]) == whole


# --- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("1/2", 1),
        ("3/2", 2),
        ("5/2", 3),  # half to even would give 2
        ("49/100", 0),
        ("51/100", 1),
        ("-1/2", 0),  # a half goes up, towards plus infinity
        ("-3/2", -1),
        ("-5/2", -2),
        ("-51/100", -1),
        ("-49/100", 0),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
    ],
)
def test_halves_round_up(amount: str, rounded: int) -> None:
    assert round_half_up(Fraction(amount)) == rounded


@given(st.fractions())
def test_rounding_half_up_is_the_floor_of_a_half_more(amount: Fraction) -> None:
    assert round_half_up(amount) == floor(amount + Fraction(1, 2))


@pytest.mark.parametrize(
    ("percent", "amount_pence", "pence"),
    [
        ("2", 100_000_00, 2_000_00),
        ("2.5", 100, 3),  # 2.5
        ("2.5", 60, 2),  # 1.5
        ("2.5", 20, 1),  # 0.5
        ("2.5", 19, 0),  # 0.475
        ("2.5", -20, 0),  # -0.5
        ("2.5", -60, -1),  # -1.5
        ("33.33", 100_00, 33_33),
        ("33.333", 100_00, 33_33),  # 3333.3
        ("150", 101, 152),  # 151.5
        ("0", 999_99, 0),
        ("100", 12345, 12345),
        # 0.1% of £2,415.00 is 241.5 pence: a float makes 241.49999999999997 of it
        ("0.1", 241_500, 242),
    ],
)
def test_a_percentage_of_an_amount_rounds_half_up_to_the_penny(percent: str, amount_pence: int, pence: int) -> None:
    assert percentage_of(Fraction(percent), amount_pence) == pence
