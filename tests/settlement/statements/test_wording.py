"""Amounts in words and in columns, ratios and percentages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import LARGEST_PENCE, pence_of
from rules.periods import FinancialYear, Period
from settlement.statements.wording import (
    amount_in_words,
    exact_number,
    in_column,
    marker,
    number_in_words,
    percent,
    period_in_words,
    ratio,
)

UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def number_read_back(words: str) -> int:
    """What the words say, by a reading that shares nothing with the writing."""
    total = group = 0
    for word in words.replace("-", " ").replace(" and ", " ").removeprefix("and ").split():
        if word == "hundred":
            group *= 100
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        else:
            group += UNITS[word]
    return total + group


@pytest.mark.parametrize(
    ("pence", "words"),
    [
        (0, "Zero pounds"),
        (1, "One penny"),
        (100, "One pound"),
        (101, "One pound and one penny"),
        (2_05, "Two pounds and five pence"),
        (100_00, "One hundred pounds"),
        (1_021_00, "One thousand and twenty-one pounds"),
        (1_234_56, "One thousand two hundred and thirty-four pounds and fifty-six pence"),
        (-1_000_000_00, "One million pounds"),
        (
            741_427_50,
            "Seven hundred and forty-one thousand four hundred and twenty-seven pounds and fifty pence",
        ),
        (
            999_999_999_999,
            (
                "Nine billion nine hundred and ninety-nine million nine hundred and ninety-nine thousand nine hundred "
                "and ninety-nine pounds and ninety-nine pence"
            ),
        ),
    ],
)
def test_an_amount_is_said_as_it_is_read_out(pence: int, words: str) -> None:
    assert amount_in_words(pence) == words


@given(st.integers(0, LARGEST_PENCE // 100))
def test_every_number_in_words_reads_back(number: int) -> None:
    assert number_read_back(number_in_words(number)) == number


def test_a_number_beyond_any_ledger_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than any amount"):
        number_in_words(10**15)


@given(st.integers(-LARGEST_PENCE, LARGEST_PENCE))
def test_an_amount_in_a_column_reads_back(pence: int) -> None:
    shown = in_column(pence)
    assert (pence == 0) == (shown == "–")
    if pence:
        assert pence_of(shown) == pence


def test_ratios_are_exact_and_in_lowest_terms() -> None:
    assert ratio(50, 100) == "1 / 2"
    assert ratio(35_772_640_00, 77_903_304_00) == "4,471,580 / 9,737,913"
    assert ratio(0, 7) == "–"
    assert ratio(7, 7) == "all"


def test_percentages_are_rounded_half_up_for_reading() -> None:
    assert percent(99, 195) == "50.77%"
    assert percent(1, 3) == "33.33%"
    assert percent(-5, 1000) == "(0.50%)"
    assert percent(1, 0) == percent(0, 1) == "–"


def test_counts_are_shown_as_they_were_written() -> None:
    assert exact_number(Fraction("505.5")) == "505.5"
    assert exact_number(Fraction(1, 3)) == "1 / 3"


def test_variances_are_marked_in_words() -> None:
    assert [marker(pence) for pence in (1, -1, 0)] == ["Favourable", "Adverse", "–"]


def test_periods_are_named_by_their_month() -> None:
    year = FinancialYear(2014)
    names = [period_in_words(year, period) for period in Period]
    assert names[0] == "M1 (April 2014)"
    assert names[8:] == [
        "M9 (December 2014)",
        "M10 (January 2015)",
        "M11 (February 2015)",
        "M12 (March 2015)",
        "M13 (year-end adjustments)",
    ]
