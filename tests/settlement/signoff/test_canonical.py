"""Canonical JSON: one way to write a value, by rfc8785 for whole values and as fast as may be for rows."""

from collections.abc import Sequence

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from settlement.signoff.canonical import DEEPEST, LARGEST_INTEGER, canonical, row_encoder
from settlement.signoff.errors import VerificationError

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
NUMBERS = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
VALUES = st.recursive(
    TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
COLUMNS = ("id", "batch", "scheme", "amount_pence", "date", "raw")


def refusal(value: object) -> str:
    """How a value is refused."""
    with pytest.raises(VerificationError) as refused:
        canonical(value)
    return str(refused.value)


def row_refusal(columns: Sequence[str], values: Sequence[object]) -> str:
    """How a row is refused."""
    with pytest.raises(VerificationError) as refused:
        row_encoder(columns)(values)
    return str(refused.value)


def test_keys_stand_in_order_and_nothing_stands_between() -> None:
    assert canonical({"b": [1, "x"], "a": {}, "aa": []}) == b'{"a":{},"aa":[],"b":[1,"x"]}'


def test_keys_are_ordered_as_rfc_8785_orders_them_by_utf_16() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_texts_are_escaped_as_rfc_8785_escapes_them() -> None:
    assert canonical('£\u20ac\x0f\nA\'B"\\"/\x7f') == '"£€\\u000f\\nA\'B\\"\\\\\\"/\x7f"'.encode()


@given(VALUES)
def test_a_value_that_a_pack_holds_is_written_as_rfc8785_writes_it(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.tuples(*[TEXTS | NUMBERS | st.none()] * len(COLUMNS)))
def test_a_row_is_written_as_rfc8785_writes_it_without_its_empty_columns(values: tuple[object, ...]) -> None:
    told = {column: value for column, value in zip(COLUMNS, values, strict=True) if value is not None}
    assert row_encoder(COLUMNS)(values) == rfc8785.dumps(told)  # type: ignore[arg-type]


def test_every_character_is_escaped_alike_in_rows_and_in_whole_values() -> None:
    text = "".join(map(chr, [*range(0x300), 0x2028, 0x2029, 0xD7FF, 0xE000, 0xFEFF, 0xFFFF, 0x10000, 0x10FFFF]))
    assert row_encoder(["raw"])([text]) == canonical({"raw": text})


def test_an_encoder_goes_on_after_rows_of_many_shapes() -> None:
    encode = row_encoder([f"c{number}" for number in range(10)])
    for shape in range(200):
        values = [1 if shape >> column & 1 else None for column in range(10)]
        told = {f"c{column}": 1 for column in range(10) if shape >> column & 1}
        assert encode(values) == canonical(told)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"a": {"b": 1.5}}, "a.b: this is a number with a fraction; a pack holds only texts, whole numbers, lists and"),
        ({"a": [1, True]}, "a[1]: this is a truth value; a pack holds only"),
        ({"a": None}, "a: this is empty; a pack holds only"),
        ({"a": b"x"}, "a: this is bytes; a pack holds only"),
        ({"a": (1, 2)}, "a: this is a value of type tuple; a pack holds only"),
        ({1: "a"}, "a name is a value of type int; the names in a pack are texts"),
        ([2**53], "[0]: a number is beyond ±9,007,199,254,740,991, the largest that every reader of a pack keeps"),
        ([-(2**53)], "[0]: a number is beyond ±9,007,199,254,740,991"),
        ({"a": "\ud800"}, "a text has half of a character (a lone surrogate), which a pack cannot hold"),
        ({"\udfff": "a"}, "a text has half of a character (a lone surrogate), which a pack cannot hold"),
    ],
)
def test_what_a_pack_cannot_hold_is_refused_with_its_place(value: object, why: str) -> None:
    assert refusal(value).startswith(why)


def test_values_stand_forty_deep_in_one_another_and_no_deeper() -> None:
    value: object = 1
    for _ in range(DEEPEST):
        value = [value]
    assert canonical(value) == b"[" * 40 + b"1" + b"]" * 40
    assert "values stand more than 40 deep in one another, the most that a pack holds" in refusal([value])


def test_a_member_holds_no_more_values_than_a_reader_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settlement.signoff.canonical.MOST_VALUES", 3)
    assert canonical([1, 2]) == b"[1,2]"
    assert refusal([1, 2, 3]) == "there are more than 3 values in it, the most that a pack holds in one member"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.0, "amount_pence: this is a number with a fraction; a row holds only texts and whole numbers"),
        (True, "amount_pence: this is a truth value; a row holds only texts and whole numbers"),
        (b"1", "amount_pence: this is bytes; a row holds only texts and whole numbers"),
        ([1], "amount_pence: this is a list; a row holds only texts and whole numbers"),
        ({}, "amount_pence: this is an object; a row holds only texts and whole numbers"),
        (2**53, "amount_pence: a number is beyond ±9,007,199,254,740,991, the largest that every reader of a pack"),
        ("\ud83d", "amount_pence: a text has half of a character (a lone surrogate), which a pack cannot hold"),
    ],
)
def test_what_a_row_cannot_hold_is_refused_with_its_column(value: object, why: str) -> None:
    assert row_refusal(["id", "amount_pence", "reason"], [1, value, "late"]).startswith(why)


def test_an_encoder_refuses_names_that_are_none_and_rows_of_another_width() -> None:
    with pytest.raises(ValueError, match="“Amount” is no name of a column"):
        row_encoder(["id", "Amount"])
    with pytest.raises(ValueError, match="a column is named twice"):
        row_encoder(["id", "id"])
    with pytest.raises(ValueError, match="a row has 1 values for 2 columns"):
        row_encoder(["id", "batch"])([1])
