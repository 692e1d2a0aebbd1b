"""A partner goes on with the key it first signed with, until it says that another replaces it, and why."""

from pathlib import Path

import pytest

from ledgers import Ledger
from ledgers.sealing import stored
from ledgers.signing_keys import key_in_use, keys
from ledgers.trail import Action, trail
from rules.problems import RefusedError
from settlement.signoff.known_keys import know_key, replace_key
from tests.settlement.signoff.lives import again, counts, pool
from tests.settlement.signoff.signing import BCCG, LBB, STRANGER

COUNCIL = {"name": "Council Signatory", "role": "Chief Finance Officer"}
INTERIM = {"name": "Interim Signatory", "role": "Interim CFO", "reason": "the signatory retired"}


def known(ledger: Ledger, partner: str = "LBB") -> None:
    key = LBB if partner == "LBB" else BCCG
    know_key(ledger, partner, key.public, **COUNCIL, reason="signed note 1")


def test_the_first_key_is_taken_and_said_again_changes_nothing(ledger: Ledger) -> None:
    known(ledger)
    known(ledger)

    (key,) = keys(ledger)
    assert (key.partner, key.name, key.role, key.reason) == ("LBB", *COUNCIL.values(), "signed note 1")
    assert (key.public_key, key.fingerprint, key.replaces) == (LBB.public.pem, LBB.fingerprint, None)


def test_a_key_is_replaced_with_a_reason_and_both_stay(ledger: Ledger) -> None:
    known(ledger)

    made = replace_key(ledger, "LBB", STRANGER.public, **INTERIM)

    assert (made.replaces, made.reason) == (1, "the signatory retired")
    assert key_in_use(ledger, "LBB") == made
    assert [key.fingerprint for key in keys(ledger, "LBB")] == [LBB.fingerprint, STRANGER.fingerprint]
    last = trail(ledger)[-1]
    assert (last.action, last.subject) == (Action.KEY, "key 2")
    assert last.detail == (
        f"Interim Signatory, Interim CFO, signs for LBB; sha256 {STRANGER.fingerprint}; "
        "in place of key 1: the signatory retired"
    )


@pytest.mark.parametrize(
    ("partner", "key", "told", "why"),
    [
        ("LBB", STRANGER, {**INTERIM, "reason": " "}, "say why the key is replaced: give a reason"),
        ("LBB", STRANGER, {**INTERIM, "reason": "a\x1b[2J"}, "a text cannot have control characters; remove them"),
        (
            "LBB",
            STRANGER,
            {**INTERIM, "name": ""},
            "it is empty; write it out in full, as it is to stand on the statement",
        ),
        (
            "LBB",
            STRANGER,
            {**INTERIM, "role": ""},
            "it is empty; write it out in full, as it is to stand on the statement",
        ),
        ("LBB", LBB, INTERIM, "this key is known already, as LBB’s; make a new one: s75 key new"),
        ("LBB", BCCG, INTERIM, "this key is known already, as BCCG’s; make a new one: s75 key new"),
        ("NHS", STRANGER, INTERIM, "NHS has signed with no key yet; the first that it signs with is taken"),
    ],
)
def test_what_replaces_no_key_is_refused(
    on_file: Ledger, partner: str, key: object, told: dict[str, str], why: str
) -> None:
    known(on_file)
    known(on_file, "BCCG")
    before = counts(on_file)

    with pytest.raises(RefusedError) as refused:
        replace_key(on_file, partner, key.public, **told)  # type: ignore[attr-defined]

    assert [problem.message for problem in refused.value.problems] == [why]
    assert counts(on_file) == before


def test_a_key_is_not_replaced_read_only_nor_in_a_folder(tmp_path: Path) -> None:
    pool(tmp_path / "pool.s75").close()
    with again(tmp_path / "pool.s75", read_only=True) as ledger, pytest.raises(RefusedError, match="opened read-only"):
        replace_key(ledger, "LBB", STRANGER.public, **INTERIM)


def test_a_key_replaced_before_signs_no_more(ledger: Ledger) -> None:
    known(ledger)
    replace_key(ledger, "LBB", STRANGER.public, **INTERIM)

    with pytest.raises(RefusedError) as refused:
        known(ledger)

    assert refused.value.problems[0].message == (
        f"this key ({LBB.fingerprint[:16]}…) was replaced, and signs no more; LBB signs with the key "
        f"{STRANGER.fingerprint[:16]}… of Interim Signatory"
    )
    with pytest.raises(RefusedError, match="this key is known already, as LBB’s"):
        replace_key(ledger, "LBB", LBB.public, **INTERIM)


def test_one_key_signs_for_one_partner(ledger: Ledger) -> None:
    known(ledger)

    with pytest.raises(RefusedError, match="this key is LBB’s; one key signs for one partner"):
        know_key(ledger, "BCCG", LBB.public, **COUNCIL, reason="signed note 1")
    assert len(stored(ledger).store.rows("SELECT id FROM keys")) == 1
