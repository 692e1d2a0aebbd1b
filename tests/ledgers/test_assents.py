"""Assents: a variation is provisional until every partner that there is when it begins has assented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger, open_ledger
from ledgers.assents import Assent, add_assent, assents, awaiting
from rules.periods import Period
from rules.problems import RefusedError

SIGNATURE = "0a" * 64


@pytest.fixture
def varied(ledger: Ledger, agreement_text: str) -> Ledger:
    """A ledger varied from M2, when there is still a CCG, and again from M6, when there is an ICB."""
    for title, period in (("As varied", Period.M2), ("As varied again", Period.M6)):
        ledger.set_agreement(agreement_text.replace("Testshire Better Care Fund", title), period, title)
    return ledger


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        do()
    (problem,) = caught.value.problems
    return problem.message


def test_a_variation_awaits_the_partners_in_being_at_its_first_period(varied: Ledger) -> None:
    assert awaiting(varied, 2) == ("COUNCIL", "CCG")
    assert awaiting(varied, 3) == ("COUNCIL", "ICB")


def test_the_first_version_awaits_nobody(varied: Ledger) -> None:
    assert awaiting(varied, 1) == ()
    assert refusal(lambda: add_assent(varied, 1, "CCG", "I assent", SIGNATURE)) == (
        "version 1 of the agreement is assented to by the first sign-off"
    )


def test_with_every_assent_a_variation_is_provisional_no_more(varied: Ledger) -> None:
    given = add_assent(varied, 2, "CCG", "I assent\n", SIGNATURE)
    assert given == Assent(1, 2, "CCG", "I assent\n", SIGNATURE)
    assert awaiting(varied, 2) == ("COUNCIL",)
    other = add_assent(varied, 2, "COUNCIL", "So do we\n", SIGNATURE)
    assert awaiting(varied, 2) == ()
    assert assents(varied) == assents(varied, 2) == (given, other)
    assert assents(varied, 3) == ()


@pytest.mark.parametrize(
    ("version", "partner", "text", "signature", "said"),
    [
        (
            2,
            "ICB",
            "I assent",
            SIGNATURE,
            (
                "“ICB” is not a partner in being at M2, where version 2 of the agreement stands from; "
                "they are COUNCIL and CCG"
            ),
        ),
        (9, "CCG", "I assent", SIGNATURE, "the ledger has no version 9 of the agreement"),
        (
            2,
            "CCG",
            "",
            SIGNATURE,
            "an assent is a text and its signature, 64 bytes written as 128 hexadecimal digits",
        ),
        (
            2,
            "CCG",
            "I assent",
            "0A" * 64,
            "an assent is a text and its signature, 64 bytes written as 128 hexadecimal digits",
        ),
    ],
)
def test_what_is_no_assent_is_refused(
    varied: Ledger, version: int, partner: str, text: str, signature: str, said: str
) -> None:
    assert refusal(lambda: add_assent(varied, version, partner, text, signature)) == said
    assert assents(varied) == ()


def test_a_partner_assents_once(varied: Ledger) -> None:
    add_assent(varied, 2, "CCG", "I assent", SIGNATURE)
    assert refusal(lambda: add_assent(varied, 2, "CCG", "I assent", SIGNATURE)) == (
        "CCG has assented to version 2 of the agreement already"
    )


def test_a_folder_has_one_version_and_no_assents(tmp_path: Path, agreement_text: str) -> None:
    (tmp_path / "agreement.toml").write_text(agreement_text, encoding="utf-8")
    (tmp_path / "lines.csv").write_text("period,scheme,partner,kind,amount\n", encoding="utf-8")
    with open_ledger(tmp_path) as folder:
        assert assents(folder) == awaiting(folder, 1) == ()
        assert "a ledger in a folder is only read" in refusal(lambda: add_assent(folder, 1, "CCG", "x", SIGNATURE))
        assert refusal(lambda: awaiting(folder, 2)) == "the ledger has no version 2 of the agreement"
