"""What a forger does who knows the program: everything is made again that no signature covers, or signed by one alone.

Keys and signatures are changed, exchanged and replayed, notes come from another ledger: it fails on the signatures and
on the keys, which are the auditor's.
"""

import sqlite3
from pathlib import Path

import pytest

from ledgers import open_ledger, sealing
from ledgers.trail import Entry
from settlement.signoff.notes import Note
from settlement.signoff.notes import Signed as SignedText
from settlement.signoff.packs import Replay
from settlement.signoff.verification import _Rebuild
from tests.settlement.signoff.changes import Change, change_by
from tests.settlement.signoff.signing import key_of
from tests.settlement.signoff.tampering import (
    FIRST_A,
    FIRST_B,
    SECOND_A,
    Signed,
    make_signed_ledger,
    report_of,
    stored_of,
)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A signed ledger with everything in it."""
    return make_signed_ledger(tmp_path_factory.mktemp("signed") / "ledger.s75", 120)


@pytest.fixture(scope="module")
def sibling(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Another ledger of the same agreement, signed by the same partners with the same keys, a day later."""
    return make_signed_ledger(tmp_path_factory.mktemp("sibling") / "ledger.s75", 40, start=1)


@pytest.fixture
def copy(signed: Signed, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return signed.copied_to(tmp_path / "ledger.s75")


PRIVATE = {key.fingerprint: key for key in (FIRST_A, FIRST_B, SECOND_A)}


def _forge(path: Path, *statements: str, signs_again: frozenset[str] = frozenset()) -> None:
    """Change rows, and make everything again that no signature covers: totals, trail, packs, notes, digests.

    Partners in `signs_again` give their own keys to it.
    """
    change_by(path, *statements)

    def make_again(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM totals")
        connection.execute(
            "INSERT INTO totals (scheme, partner, kind, cause, period, amount_pence) "
            "SELECT scheme, partner, kind, cause, period, SUM(amount_pence) FROM lines GROUP BY 1, 2, 3, 4, 5"
        )
        previous = ""
        for row in connection.execute("SELECT * FROM audit ORDER BY id").fetchall():
            previous = Entry(*row).digest_after(previous)
            connection.execute("UPDATE audit SET digest = ? WHERE id = ?", (previous, row[0]))

    Change("forged", "", "", "", make_again).make(path)
    replay, before = Replay(), None
    after: sealing.Cut = {}
    for number in range(1, 7):
        with open_ledger(path, read_only=True) as opened:
            row = sealing.notes(stored_of(opened))[number - 1]
            rebuild = _Rebuild(stored_of(opened), row, before, after, replay)
            assert rebuild.note is not None, rebuild.problem
            pack = b"".join(rebuild.pieces())
        before, after = rebuild.note.text, row.cut
        _put_note(path, number, rebuild.note, pack, signs_again)


def _put_note(path: Path, number: int, note: Note, pack: bytes, signs_again: frozenset[str]) -> None:
    def put(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE notes SET text = ? WHERE id = ?", (note.text, number))
        ((first,),) = connection.execute("SELECT MIN(id) FROM pack_parts WHERE note = ?", (number,)).fetchall()
        connection.execute("DELETE FROM pack_parts WHERE note = ?", (number,))
        for part, body in enumerate(sealing.compressed([pack])):
            connection.execute("INSERT INTO pack_parts VALUES (?, ?, ?, ?)", (first + part, number, part + 1, body))
        for ident, partner, old in connection.execute(
            "SELECT id, partner, text FROM signatures WHERE note = ?", (number,)
        ).fetchall():
            text = note.text + "".join(old.splitlines(keepends=True)[9:])
            connection.execute("UPDATE signatures SET text = ? WHERE id = ?", (text, ident))
            if partner in signs_again:
                signature = PRIVATE[SignedText.read(text).fingerprint].sign(text.encode())
                connection.execute("UPDATE signatures SET signature = ? WHERE id = ?", (signature.hex(), ident))

    Change("forged", "", "", "", put).make(path)


def test_a_forger_who_makes_everything_again_fails_on_the_signatures(copy: Path, signed: Signed) -> None:
    _forge(copy, "UPDATE lines SET amount_pence = amount_pence + 1 WHERE id = 90")
    report = report_of(copy, signed.keys)
    assert report.verified == []
    found = [each for each in report.differences if "signature does not match the text" in each]
    assert len(found) == 11
    assert [each for each in report.differences if each not in found] == []  # nothing else gives it away


def test_one_partner_who_signs_everything_again_fails_on_the_other_one_s_signature(copy: Path, signed: Signed) -> None:
    _forge(copy, "UPDATE lines SET amount_pence = amount_pence + 1 WHERE id = 90", signs_again=frozenset("A"))
    report = report_of(copy, signed.keys)
    assert not report.holds
    assert [each for each in report.differences if "B’s signature does not match the text" in each]
    assert not [each for each in report.differences if "A’s signature does not match" in each]


def test_both_partners_together_can_sign_what_they_want(copy: Path, signed: Signed) -> None:
    """That the forging above is done well, and that only the signatures stand in its way."""
    _forge(copy, "UPDATE lines SET amount_pence = amount_pence + 1 WHERE id = 90", signs_again=frozenset("AB"))
    assert report_of(copy, signed.keys).differences == []


def test_a_key_put_into_the_ledger_is_not_one_that_the_auditor_was_given(copy: Path, signed: Signed) -> None:
    own = key_of(99)

    def put(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE keys SET public_key = ?, fingerprint = ? WHERE partner = 'B'", (own.public.pem, own.fingerprint)
        )
        for ident, text in connection.execute("SELECT id, text FROM signatures WHERE partner = 'B'").fetchall():
            forged = text.replace(FIRST_B.fingerprint, own.fingerprint)
            values = (forged, own.sign(forged.encode()).hex(), ident)
            connection.execute("UPDATE signatures SET text = ?, signature = ? WHERE id = ?", values)

    Change("own key", "", "", "", put).make(copy)
    report = report_of(copy, signed.keys)
    assert not report.holds
    assert [each for each in report.differences if f"with a key that nobody gave: {own.fingerprint}" in each]


def test_keys_given_under_the_wrong_partner_s_name_verify_nothing(signed: Signed) -> None:
    report = report_of(signed.path, {"A": signed.keys["B"], "B": signed.keys["A"]})
    assert report.verified == []
    assert [each for each in report.differences if "with the key that was given for" in each]


def test_no_key_verifies_nothing(signed: Signed) -> None:
    report = report_of(signed.path, {})
    assert not report.holds
    assert [each for each in report.differences if "no public key was given for A" in each]


def test_a_key_that_was_replaced_signs_nothing_after_it(copy: Path, signed: Signed) -> None:
    """The lost computer is found by somebody: a signature of the first key on what was sealed later."""

    def put(connection: sqlite3.Connection) -> None:
        ((ident, text),) = connection.execute("SELECT id, text FROM signatures WHERE note = 6 AND partner = 'A'")
        text = text.replace(SECOND_A.fingerprint, FIRST_A.fingerprint)
        values = (text, FIRST_A.sign(text.encode()).hex(), ident)
        connection.execute("UPDATE signatures SET text = ?, signature = ? WHERE id = ?", values)

    Change("replaced key", "", "", "", put).make(copy)
    report = report_of(copy, signed.keys)
    assert [each for each in report.differences if "with a key that another had replaced before" in each]


def test_a_replayed_older_signature_is_told_as_that_of_another_note(copy: Path, signed: Signed) -> None:
    change_by(
        copy,
        "UPDATE signatures SET (text, signature) = (SELECT text, signature FROM signatures WHERE note = 5 AND "
        "partner = 'B') WHERE note = 6 AND partner = 'B'",
    )
    report = report_of(copy, signed.keys)
    assert "note 6 (M13), signature of B: it is of note 5 (M12), and was put here" in report.differences


def test_a_signature_filed_under_the_other_partner_is_told(copy: Path, signed: Signed) -> None:
    change_by(
        copy,
        "UPDATE signatures SET partner = 'C' WHERE note = 6 AND partner = 'A'",
        "UPDATE signatures SET partner = 'A' WHERE note = 6 AND partner = 'B'",
        "UPDATE signatures SET partner = 'B' WHERE note = 6 AND partner = 'C'",
    )
    report = report_of(copy, signed.keys)
    assert "note 6 (M13), signature of A: it is B’s, filed under another partner" in report.differences


def test_a_note_of_a_sibling_ledger_is_not_one_of_this(copy: Path, signed: Signed, sibling: Signed) -> None:
    """The same agreement, partners and keys: everything about its note holds but whose it is."""
    values = [(row[2], row[0]) for row in sibling.dump["notes"]]
    signatures = [(row[3], row[4], row[0]) for row in sibling.dump["signatures"]]
    parts = [(row[3], row[0]) for row in sibling.dump["pack_parts"]]

    def put(connection: sqlite3.Connection) -> None:
        connection.executemany("UPDATE notes SET text = ? WHERE id = ?", values)
        connection.executemany("UPDATE signatures SET text = ?, signature = ? WHERE id = ?", signatures)
        connection.executemany("UPDATE pack_parts SET body = ? WHERE id = ?", parts)

    Change("notes of another", "", "", "", put).make(copy)
    report = report_of(copy, signed.keys)
    assert report.verified == []
    assert [each for each in report.differences if each.startswith("note 1 (M3): what the ledger is: ledger was")]


def test_a_ledger_put_back_to_an_earlier_state_is_whole_and_the_report_says_that_it_cannot_know(
    signed: Signed, tmp_path: Path
) -> None:
    """As it was after note 5: nothing in a file can tell that there was more."""
    path = signed.copied_to(tmp_path / "ledger.s75")
    with open_ledger(path, read_only=True) as opened:
        cut = sealing.notes(stored_of(opened))[5].cut

    def put_back(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        before = {"audit": 0, **_ends_after_note_five(connection)}
        for table, end in before.items():
            connection.execute(f"DELETE FROM {table} WHERE id > ?", (end,))
        connection.execute("DELETE FROM totals WHERE period = 13")

    assert cut["notes"] == 5
    Change("put back", "", "", "", put_back).make(path)
    report = report_of(path, signed.keys)
    assert report.differences == []
    assert len(report.verified) == 4
    assert "earlier state" in report.unknowable[0]


def _ends_after_note_five(connection: sqlite3.Connection) -> dict[str, int]:
    """How far each table went when every partner had signed note 5: the entry of that signature is the last."""
    ((audit,),) = connection.execute("SELECT MAX(id) FROM audit WHERE subject = 'note 5' AND action = 'sign'")
    told = {"audit": audit, "notes": 5, "signatures": 9, "withdrawals": 1}
    told["batches"] = connection.execute("SELECT MAX(id) - 1 FROM batches").fetchone()[0]
    told["lines"] = connection.execute("SELECT MAX(id) - 1 FROM lines").fetchone()[0]
    told["dispute_outcomes"] = connection.execute("SELECT MAX(id) - 1 FROM dispute_outcomes").fetchone()[0]
    told["period_states"] = connection.execute("SELECT MAX(id) - 2 FROM period_states").fetchone()[0]
    told["pack_parts"] = connection.execute("SELECT MAX(id) FROM pack_parts WHERE note = 5").fetchone()[0]
    told["note_statements"] = connection.execute("SELECT MAX(id) FROM note_statements WHERE note = 5").fetchone()[0]
    told["documents"] = connection.execute("SELECT MAX(document) FROM note_statements WHERE note = 5").fetchone()[0]
    return told
