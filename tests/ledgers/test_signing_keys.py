"""Keys: whose key is whose, and which replaced which."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger, open_ledger
from ledgers.signing_keys import Key, add_key, key_in_use, keys
from rules.problems import RefusedError

PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQ\n-----END PUBLIC KEY-----\n"
FIRST, SECOND, THIRD = "1a" * 32, "2b" * 32, "3c" * 32


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        do()
    (problem,) = caught.value.problems
    return problem.message


def add(ledger: Ledger, partner: str, fingerprint: str, **more: object) -> Key:
    return add_key(ledger, partner, "A. Name", "Director of Finance", PEM, fingerprint, **more)


def test_a_partners_first_key_is_in_use(ledger: Ledger) -> None:
    key = add(ledger, "CCG", FIRST)
    at, actor = "2022-08-01T12:00:00+00:00", ledger.store.actor()
    assert key == Key(1, "CCG", "A. Name", "Director of Finance", PEM, FIRST, None, "", at, actor)
    assert keys(ledger) == keys(ledger, "CCG") == (key,)
    assert key_in_use(ledger, "CCG") == key
    assert key_in_use(ledger, "COUNCIL") is None


def test_a_key_that_replaces_another_is_in_use_and_the_old_one_stays(ledger: Ledger) -> None:
    old = add(ledger, "CCG", FIRST)
    other = add(ledger, "COUNCIL", SECOND)
    new = add(ledger, "CCG", THIRD, replaces=old.id, reason="lost with a laptop")
    assert keys(ledger) == (old, other, new)
    assert (key_in_use(ledger, "CCG"), key_in_use(ledger, "COUNCIL")) == (new, other)
    assert (new.replaces, new.reason) == (old.id, "lost with a laptop")


def test_a_successors_key_can_be_there_before_it_is_in_being(ledger: Ledger) -> None:
    assert add(ledger, "ICB", FIRST).partner == "ICB"


class TestRefused:
    def test_one_key_for_two_partners(self, ledger: Ledger) -> None:
        add(ledger, "CCG", FIRST)
        assert refusal(lambda: add(ledger, "COUNCIL", FIRST)) == (
            "this is CCG’s key (A. Name, key 1); one key cannot sign for two partners"
        )

    def test_a_key_a_second_time(self, ledger: Ledger) -> None:
        add(ledger, "CCG", FIRST)
        add(ledger, "CCG", SECOND, replaces=1, reason="lost")
        assert refusal(lambda: add(ledger, "CCG", FIRST, replaces=2, reason="found")) == (
            "the ledger has this key already, as key 1 of CCG"
        )

    def test_a_second_key_that_does_not_say_which_it_replaces_and_why(self, ledger: Ledger) -> None:
        add(ledger, "CCG", FIRST)
        wanted = "CCG signs with key 1 (A. Name); say that the new key replaces key 1, and why"
        assert refusal(lambda: add(ledger, "CCG", SECOND)) == wanted
        assert refusal(lambda: add(ledger, "CCG", SECOND, replaces=7, reason="lost")) == wanted
        assert refusal(lambda: add(ledger, "CCG", SECOND, replaces=1)) == ("say why key 1 is replaced: give a reason")

    def test_a_first_key_that_replaces_one(self, ledger: Ledger) -> None:
        assert refusal(lambda: add(ledger, "CCG", FIRST, replaces=1, reason="why")) == (
            "CCG has no key yet for this one to replace"
        )

    def test_a_partner_that_the_agreement_does_not_have(self, ledger: Ledger) -> None:
        assert refusal(lambda: add(ledger, "NOBODY", FIRST)) == (
            "“NOBODY” is not a partner of the agreement; they are COUNCIL, CCG and ICB"
        )

    def test_a_key_of_nobody(self, ledger: Ledger) -> None:
        for name, role in ((" ", "Treasurer"), ("A. Name", "")):
            assert refusal(lambda name=name, role=role: add_key(ledger, "CCG", name, role, PEM, FIRST)) == (
                "say who signs with the key: a full name and a role"
            )
        assert refusal(lambda: add_key(ledger, "CCG", "A\x1b", "Treasurer", PEM, FIRST)) == (
            "a text cannot have control characters; remove them"
        )

    def test_what_is_no_key(self, ledger: Ledger) -> None:
        for pem, fingerprint in (("", FIRST), (PEM, "1A" * 32), (PEM, "")):
            assert refusal(lambda pem=pem, of=fingerprint: add_key(ledger, "CCG", "A", "B", pem, of)) == (
                "a key is its PEM text and its fingerprint, 64 hexadecimal digits"
            )

    def test_in_a_folder(self, tmp_path: Path, agreement_text: str) -> None:
        (tmp_path / "agreement.toml").write_text(agreement_text, encoding="utf-8")
        (tmp_path / "lines.csv").write_text("period,scheme,partner,kind,amount\n", encoding="utf-8")
        with open_ledger(tmp_path) as folder:
            assert keys(folder) == ()
            assert "a ledger in a folder is only read" in refusal(lambda: add(folder, "CCG", FIRST))
