"""Amounts in Welsh words: the mutations and genders by hand, and every number read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language import speaking
from rules.money import LARGEST_PENCE
from settlement.languages import catalogue_of
from settlement.statements.numbers_in_welsh import number_in_welsh
from settlement.statements.wording import amount_in_words

UNITS = {
    **dict.fromkeys(("dim",), 0),
    **dict.fromkeys(("un",), 1),
    **dict.fromkeys(("dau", "dwy"), 2),
    **dict.fromkeys(("tri", "tair", "thri", "thair"), 3),
    **dict.fromkeys(("pedwar", "pedair", "phedwar", "phedair"), 4),
    **dict.fromkeys(("pump", "pum", "phump", "phum"), 5),
    **dict.fromkeys(("chwech", "chwe"), 6),
    **dict.fromkeys(("saith",), 7),
    **dict.fromkeys(("wyth",), 8),
    **dict.fromkeys(("naw",), 9),
}
TENS = {"deg", "ddeg", "deng"}
HUNDREDS = {"cant", "gant", "chant", "can", "gan", "chan"}
SCALES = {"mil": 10**3, "fil": 10**3, "miliwn": 10**6, "filiwn": 10**6, "biliwn": 10**9, "triliwn": 10**12}


def number_read_back(words: str) -> int:
    """What the words say, by a reading that shares nothing with the writing."""
    total = group = unit = 0
    for word in words.split():
        if word in {"a", "ac"}:
            continue
        if word in UNITS:
            unit = UNITS[word]
        elif word in TENS:
            group, unit = group + (unit or 1) * 10, 0
        elif word in HUNDREDS:
            group, unit = group + (unit or 1) * 100, 0
        else:
            total, group, unit = total + (group + unit or 1) * SCALES[word], 0, 0
    return total + group + unit


@pytest.mark.parametrize(
    ("pence", "words"),
    [
        (0, "Dim punnoedd"),
        (1, "Un geiniog"),
        (2, "Dwy o geiniogau"),
        (100, "Un bunt"),
        (101, "Un bunt ac un geiniog"),
        (2_05, "Dwy o bunnoedd a phump o geiniogau"),
        (3_08, "Tair o bunnoedd ac wyth o geiniogau"),
        (100_00, "Cant o bunnoedd"),
        (-206_30, "Dau gant a chwech o bunnoedd a thri deg o geiniogau"),
        (1_021_00, "Mil dau ddeg un o bunnoedd"),
        (1_103_00, "Mil cant a thair o bunnoedd"),
        (1_100_00, "Mil a chant o bunnoedd"),
        (1_234_56, "Mil dau gant tri deg pedair o bunnoedd a phum deg chwech o geiniogau"),
        (2_000_00, "Dwy fil o bunnoedd"),
        (6_600_00, "Chwe mil chwe chant o bunnoedd"),
        (10_000_00, "Deng mil o bunnoedd"),
        (100_000_00, "Can mil o bunnoedd"),
        (300_000_00, "Tri chan mil o bunnoedd"),
        (2_000_000_00, "Dwy filiwn o bunnoedd"),
        (2_000_000_000_00, "Dau biliwn o bunnoedd"),
        (741_427_50, "Saith cant pedwar deg un fil pedwar cant dau ddeg saith o bunnoedd a phum deg o geiniogau"),
    ],
)
def test_an_amount_is_said_as_it_is_read_out(pence: int, words: str) -> None:
    with speaking(catalogue_of("cy")):
        assert amount_in_words(pence) == words
    assert "o bunnoedd" not in amount_in_words(pence)


@given(st.integers(0, 10 * LARGEST_PENCE), st.booleans())
def test_every_number_in_words_reads_back(number: int, is_feminine: bool) -> None:  # noqa: FBT001  drawn
    assert number_read_back(number_in_welsh(number, is_feminine=is_feminine)) == number


@pytest.mark.parametrize("is_feminine", [False, True])
def test_every_number_to_ten_thousand_reads_back(*, is_feminine: bool) -> None:
    assert [number_read_back(number_in_welsh(number, is_feminine=is_feminine)) for number in range(10_000)] == list(
        range(10_000)
    )


def test_a_number_beyond_any_ledger_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than any amount"):
        number_in_welsh(10**15)
