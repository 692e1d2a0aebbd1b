"""A file written is the file read: nothing of an agreement is lost or added on the way."""

from pathlib import Path

import pytest
from hypothesis import given

from rules.agreement import Agreement
from rules.reading import read_agreement
from rules.writing import write_agreement
from tests.rules.agreements import BASE, agreements

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/agreement.toml"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_a_worked_agreement_written_and_read_back_is_itself(path: Path) -> None:
    agreement = read_agreement(path.read_text(encoding="utf-8"))
    assert read_agreement(write_agreement(agreement)) == agreement


@given(agreements())
def test_any_agreement_written_and_read_back_is_itself(agreement: Agreement) -> None:
    assert read_agreement(write_agreement(agreement)) == agreement


@given(agreements())
def test_an_agreement_has_one_text(agreement: Agreement) -> None:
    text = write_agreement(agreement)
    assert write_agreement(read_agreement(text)) == text


def test_the_text_is_as_a_person_would_write_it() -> None:
    """The base agreement is in canonical form already: keys in order, defaults left out, a slice a line."""
    assert write_agreement(read_agreement(BASE)) == BASE
