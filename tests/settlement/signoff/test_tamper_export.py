"""An exported folder in which somebody changes something: `verify` says what, and no other error gets out of it."""

import json
import os
import random
import shutil
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledgers import open_ledger
from ledgers.tables import METADATA
from rules.periods import Period
from settlement.signoff.canonical import canonical
from settlement.signoff.exported import is_exported, look_through, verify_export
from settlement.signoff.exporting import export
from settlement.signoff.notes import Note
from settlement.signoff.notes import Signed as SignedText
from settlement.signoff.packfile import PackDigest
from settlement.signoff.replayed import NUMBERS, OPTIONAL
from settlement.signoff.report import IN_A_FOLDER, UNKNOWABLE, Report
from tests.settlement.signoff.signing import key_of
from tests.settlement.signoff.tampering import FIRST_A, FIRST_B, Signed, keys_given, make_signed_ledger

KEYS = keys_given()


def _exported(signed: Signed, out: Path) -> Path:
    with open_ledger(signed.path, read_only=True) as ledger:
        export(ledger, Period.M13, out, formats=("csv",))
    return out


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything signed of a ledger, in files."""
    place = tmp_path_factory.mktemp("exported")
    return _exported(make_signed_ledger(place / "ledger.s75", 60), place / "out")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of another ledger of the same agreement, partners and keys."""
    place = tmp_path_factory.mktemp("other")
    return _exported(make_signed_ledger(place / "ledger.s75", 40, start=1), place / "out")


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return Path(shutil.copytree(original, tmp_path / "out"))


def _report(folder: Path, period: Period | None = None) -> Report:
    return verify_export(folder, KEYS, period)


def _told(folder: Path, words: str, period: Period | None = None) -> Report:
    report = _report(folder, period)
    assert not report.holds
    assert [each for each in report.differences if words in each], report.differences
    return report


def test_an_untouched_folder_is_verified_note_by_note(original: Path) -> None:
    report = _report(original)
    assert report.differences == []
    assert report.holds
    assert [each[:7] for each in report.verified] == ["Note 1:", "Note 3:", "Note 4:", "Note 5:", "Note 6:"]
    assert report.remarks == ["Note 2 (M6) was withdrawn: B had not signed."]
    assert IN_A_FOLDER in report.unknowable


# --- single changes of every file -------------------------------------------------------------------------------------


def _signed_files(folder: Path) -> list[Path]:
    """Every file that a signature covers, or that is one."""
    beside = {folder / "READ ME.txt", *(folder / "statements").iterdir()}
    return sorted(path for path in folder.rglob("*") if path.is_file() and path not in beside)


def test_a_changed_byte_in_any_kind_of_file_is_a_difference(folder: Path) -> None:
    chosen = random.Random(75)  # noqa: S311  nothing is kept secret by it
    for path in _signed_files(folder)[::2]:
        data = path.read_bytes()
        changed = bytearray(data)
        changed[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        report = _report(folder)
        assert not report.holds, path
        number = path.relative_to(folder).parts[0]
        assert [each for each in report.differences if number in each or f"Note {int(number)}" in each], path
        path.write_bytes(data)
    assert _report(folder).holds


@pytest.mark.parametrize("name", ["note.txt", "A.txt", "A.sig", "pack.json"])
def test_each_kind_of_byte_is_held_to_what_was_signed(folder: Path, name: str) -> None:
    """A first and a last byte, a digit, a letter, a line feed, a quotation mark, a brace, wherever the file has one."""
    path = folder / "0001" / name
    data = path.read_bytes()
    places = {
        0,
        len(data) - 1,
        len(data) // 2,
        *(data.find(each) for each in (b"1", b"a", b"A", b"\n", b'"', b"{", b":")),
    }
    for turn, place in enumerate(sorted(places - {-1})):
        changed = (data[:place] + data[place + 1 :], data[:place] + b" " + data[place:], data[:place])
        path.write_bytes(changed[turn % 3])
        _told(folder, "0001")


def test_a_file_that_was_taken_out_is_a_difference(folder: Path) -> None:
    for path in _signed_files(folder)[1::2]:
        data = path.read_bytes()
        path.unlink()
        if path.parent.name == "0006" and path.name == "note.txt":
            _told(folder, "0006 is there, and 0006 before it is missing")
        else:
            assert not _report(folder).holds, path
        path.write_bytes(data)


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("code", ["A", "B"])
def test_a_partner_s_signature_on_an_earlier_note_cannot_be_taken_out(folder: Path, number: int, code: str) -> None:
    """The pack of the note after it has the signature."""
    text, signature = (folder / f"{number:04}" / f"{code}.{kind}" for kind in ("txt", "sig"))
    if not text.exists():
        return
    text.unlink()
    signature.unlink()
    _told(folder, f"Note {number} ")


def test_files_exchanged_between_notes_or_partners_are_differences(folder: Path) -> None:
    names = [path.relative_to(folder) for path in _signed_files(folder) if path.suffix in {".txt", ".sig", ".json"}]
    pairs = [
        (one, other)
        for one in names
        for other in names
        if one < other and (one.name == other.name or one.parent == other.parent) and one.suffix == other.suffix
    ]
    for one, other in pairs[:: 1 + len(pairs) // 20]:
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)
        report = _report(folder)
        assert not report.holds, (one, other)
        (folder / one).write_bytes(first)
        (folder / other).write_bytes(second)


def test_a_renamed_file_is_a_difference(folder: Path) -> None:
    (folder / "0001" / "A.txt").rename(folder / "0001" / "C.txt")
    _told(folder, "C.txt: it is no part of what was signed")
    _told(folder, "A.txt: the file is missing")


# --- the chain --------------------------------------------------------------------------------------------------------


def test_a_folder_without_its_last_note_is_whole_and_the_report_says_that_it_cannot_know(folder: Path) -> None:
    shutil.rmtree(folder / "0006")
    report = _report(folder)
    assert report.holds
    assert "compare the last note and its digest" in report.unknowable[0]
    assert not _report(folder, Period.M13).holds


def test_a_folder_without_a_note_in_between_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "0003")
    _told(folder, "0004 is there, and 0003 before it is missing")


def test_a_folder_without_its_first_note_is_none(folder: Path) -> None:
    shutil.rmtree(folder / "0001")
    assert not is_exported(folder)
    _told(folder, "there is no note 0001/note.txt")


def test_notes_that_move_up_into_a_gap_are_told(folder: Path) -> None:
    shutil.rmtree(folder / "0003")
    for number in (4, 5, 6):
        (folder / f"{number:04}").rename(folder / f"{number - 1:04}")
    _told(folder, "this is note 4, put in the place of note 3")


def test_a_note_of_another_ledger_is_told(folder: Path, other: Path) -> None:
    shutil.rmtree(folder / "0006")
    shutil.copytree(other / "0006", folder / "0006")
    _told(folder, "this note is of another ledger than the one before it")
    shutil.rmtree(folder / "0001")
    shutil.copytree(other / "0001", folder / "0001")
    _told(folder, "this note is of another ledger than the one before it")


def test_a_folder_too_many_is_told(folder: Path) -> None:
    for name, words in (("0009", "0007 before it is missing"), ("0000", "notes count from 0001")):
        (folder / name).mkdir()
        _told(folder, f"{name} is there")
        _told(folder, words)
        (folder / name).rmdir()


@pytest.mark.parametrize("name", ["0001/INTERIM.txt", "0001/statements/Another statement.pdf", "0002/more"])
def test_a_file_put_in_beside_what_was_signed_is_told(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"not signed")
    _told(folder, "it is no part of what was signed; it was put in beside")


def test_a_document_that_no_pack_knows_is_noticed(folder: Path) -> None:
    """It may have been attached after the last note; whoever put it there, no signature covers it."""
    (folder / "evidence" / ("ab" * 32)).write_bytes(b"not signed")
    report = _report(folder)
    assert report.holds
    assert [each for each in report.remarks if "is in no pack that was checked" in each]


# --- keys and signatures ----------------------------------------------------------------------------------------------


def test_keys_given_under_the_wrong_partner_s_name_verify_nothing(folder: Path) -> None:
    report = verify_export(folder, {"A": KEYS["B"], "B": KEYS["A"]})
    assert report.verified == []
    assert [each for each in report.differences if "with the key that was given for" in each]


def test_no_key_verifies_nothing(folder: Path) -> None:
    assert not verify_export(folder, {}).holds


def test_a_replayed_older_signature_is_told_as_that_of_another_note(folder: Path) -> None:
    for kind in ("txt", "sig"):
        shutil.copy(folder / "0005" / f"B.{kind}", folder / "0006" / f"B.{kind}")
    _told(folder, "it is a signature of another note (5, M12) than note.txt")


def test_a_second_signature_of_the_same_note_is_not_the_one_that_the_next_note_sealed(folder: Path) -> None:
    """The partner has the key, and signs once more with another date: the pack of note 3 has the first."""
    path = folder / "0001" / "B.txt"
    again = replace(SignedText.read(path.read_bytes()), at="2014-01-01T00:00:00+00:00")
    path.write_bytes(again.text.encode())
    path.with_suffix(".sig").write_bytes(FIRST_B.sign(again.text.encode()))
    _told(folder, "it is another signature of B than the one that the pack of a later note has")


def test_a_stranger_s_key_in_the_folder_is_not_looked_at(folder: Path) -> None:
    stranger = key_of(99)
    path = folder / "0006" / "B.txt"
    forged = replace(SignedText.read(path.read_bytes()), fingerprint=stranger.fingerprint).text.encode()
    path.write_bytes(forged)
    path.with_suffix(".sig").write_bytes(stranger.sign(forged))
    path.with_suffix(".pub").write_text(stranger.public.pem, encoding="ascii")
    _told(folder, "with a key that nobody gave")


# --- what is no file --------------------------------------------------------------------------------------------------

KINDS: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda path, away: path.symlink_to(away),
    "pipe": lambda path, _: os.mkfifo(path),
    "folder": lambda path, _: path.mkdir(),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["note.txt", "pack.json", "A.txt", "A.sig", "statement", "evidence"])
def test_what_is_no_plain_file_is_not_read(folder: Path, tmp_path: Path, kind: str, name: str) -> None:
    """Not even a link to just the right bytes: they are not in the folder."""
    places = {"statement": folder / "0002" / "statements", "evidence": folder / "evidence"}
    path = next(iter(sorted(places[name].iterdir()))) if name in places else folder / "0002" / name
    away = tmp_path / "away"
    path.rename(away)
    KINDS[kind](path, away)
    _told(folder, "it is a link" if kind == "link" else "it is no file")


def test_a_link_to_nowhere_ends_no_chain_unnoticed(folder: Path) -> None:
    note = folder / "0003" / "note.txt"
    note.unlink()
    note.symlink_to(folder / "nowhere")
    _told(folder, "0003 is there, and 0003 before it is missing")


@pytest.mark.parametrize(
    "name", ["0001/pack.json", "0001/note.txt", "0001/A.sig", "0001/A.txt", "evidence", "0001/statements"]
)
def test_a_file_of_a_thousand_million_bytes_is_refused_at_once(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_dir():
        path = min(path.iterdir())
    os.truncate(path, 10**9)
    tracemalloc.start()
    began = time.perf_counter()
    report = _report(folder)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not report.holds
    assert [each for each in report.differences if path.name in each]
    assert peak_bytes < 64 * 2**20
    assert time.perf_counter() - began < 20


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert not _report(tmp_path / "nowhere").holds
    (tmp_path / "file").write_bytes(b"")
    assert not _report(tmp_path / "file").holds


# --- packs that the partners signed, and that lie ---------------------------------------------------------------------

Pack = dict[str, Any]


def _sign(folder: Path, pack: bytes, **changed: object) -> Path:
    """The first note alone, over another pack, signed by both partners."""
    digest = PackDigest()
    digest.add(pack)
    note = Note.read((folder / "0001" / "note.txt").read_bytes())
    note = replace(note, pack_digest=digest.sha256, pack_bytes=digest.size_bytes, **changed)
    (folder / "0001" / "note.txt").write_bytes(note.text.encode())
    (folder / "0001" / "pack.json").write_bytes(pack)
    for key, code in ((FIRST_A, "A"), (FIRST_B, "B")):
        path = folder / "0001" / f"{code}.txt"
        text = replace(SignedText.read(path.read_bytes()), note=note).text.encode()
        path.write_bytes(text)
        path.with_suffix(".sig").write_bytes(key.sign(text))
    for number in range(2, 7):
        shutil.rmtree(folder / f"{number:04}", ignore_errors=True)
    return folder


def test_a_pack_signed_again_as_it_was_holds(folder: Path) -> None:
    pack = (folder / "0001" / "pack.json").read_bytes()
    assert canonical(json.loads(pack)) == pack
    assert _report(_sign(folder, pack)).differences == []


def _set(path: str, value: object) -> Callable[[Pack], None]:
    *steps, last = [int(step) if step.lstrip("-").isdigit() else step for step in path.split(".")]

    def lie(pack: Pack) -> None:
        place: Any = pack
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return lie


_NOTE = dict.fromkeys(("actor", "cut", "prepared_by", "program", "sealed_at", "text"), "x")
LIES: dict[str, tuple[Callable[[Pack], None], str]] = {
    "a line of another amount": (_set("lines.80.amount_pence", 1), "do not give the settlement that was signed"),
    "an amount that is a text": (_set("lines.80.amount_pence", "1"), "of row 81 of lines is no whole number"),
    "a line without an amount": (_set("lines.80.amount_pence", None), "row 81 of lines has no “amount_pence”"),
    "a line of no period": (_set("lines.80.period", 14), "14 is not a valid Period"),
    "a line of no kind": (_set("lines.80.kind", "wish"), "is not a valid Kind"),
    "a line of a strange scheme": (_set("lines.80.scheme", "S9"), "S9"),
    "a line of a huge amount": (_set("lines.80.amount_pence", 2**53 - 1), "a number is beyond"),
    "a column that no line has": (_set("lines.80.more", "x"), "row 81 of lines has “more”, which no such row has"),
    "a wrong id": (_set("lines.80.id", 82), "row 81 of lines should stand at byte"),
    "an id below the first": (_set("lines.0.id", 0), "row 1 of lines should stand at byte"),
    "a list in a row": (_set("lines.80.raw", ["x"]), "byte"),
    "no lines": (_set("lines", []), "the rows do not go as far as the pack says"),
    "no table of lines": (_set("lines", None), "it does not have the members of a pack: lines is missing"),
    "a member too many": (_set("more", 1), "“more” is none of it"),
    "an agreement that is none": (_set("agreements.0.body", "x"), "agreement version 1"),
    "an agreement nested deep": (_set("agreements.0.body", "a = " + "[" * 50_000), "nested too deeply"),
    "an agreement of no period": (_set("agreements.0.from_period", 99), "there is no agreement in force at M3"),
    "no agreement": (_set("agreements", []), "there is no agreement in force at M3"),
    "a measure of a huge exponent": (_set("measures.0.actual", "1e999999999"), "is not a plain decimal number"),
    "a measure that is no number": (_set("measures.0.actual", "many"), "is not a plain decimal number"),
    "opening balances": (_set("opening", {"S1": {"A": {"actual": {"M1": 5}}}}), "the opening balances are not"),
    "opening balances that are a list": (_set("opening", [1]), "the opening balances are not"),
    "a settlement": (_set("settlement.result.unallocated", 5), "do not give the settlement that was signed"),
    "a settlement that is a text": (_set("settlement", "x"), "do not give the settlement that was signed"),
    "partners": (_set("settlement.partners", ["A"]), "do not give the settlement that was signed"),
    "how far it goes": (_set("seal.cut.lines", 5), "the rows do not go as far as the pack says"),
    "no cut": (_set("seal.cut", None), "seal does not say what a seal says"),
    "a seal that is a list": (_set("seal", []), "seal does not say what a seal says"),
    "a seal with more": (_set("seal.more", "x"), "seal does not say what a seal says"),
    "who sealed it, as a number": (_set("seal.sealed_by", 5), "seal does not say what a seal says"),
    "another period": (_set("seal.period", "M4"), 'the pack’s period is "M4", the note’s M3'),
    "another form": (_set("seal.form", "S75 Settlement pack 2"), "the pack’s form is"),
    "another ledger": (_set("seal.ledger", "x"), "the pack’s ledger is"),
    "what the ledger is": (_set("meta.ledger", "x"), "what the pack says of the ledger"),
    "what the ledger is, as a text": (_set("meta", "x"), "what the pack says of the ledger"),
    "a statement of another digest": (_set("statements.0.digest", "ab" * 32), "is not the document"),
    "a statement with a way out": (_set("statements.0.name", "../../../etc/passwd"), "which no file is"),
    "a statement with no name": (_set("statements.0.name", ""), "which no file is"),
    "a statement with a null character": (_set("statements.0.name", "a\0b"), "the file is missing"),
    "a statement with a very long name": (_set("statements.0.name", "n" * 5000), "the file is missing"),
    "a statement that is a number": (_set("statements.0", 5), "not told as a pack tells them"),
    "statements that are a text": (_set("statements", "x"), "not told as a pack tells them"),
    "a document that is not there": (_set("documents.0.digest", "ab" * 32), "the file is missing"),
    "a document with no digest": (_set("documents.0.digest", "x"), "which is none"),
    "evidence of no document": (_set("evidence.0.document", 99), "is of document 99, which is in no pack"),
    "an audit trail that was rewritten": (_set("audit.3.actor", "somebody"), "the audit trail does not hold"),
    "a note that there is not": (
_set("notes", [_NOTE | {"id": 1, "period": 3, "signatories": 2}]),
        "it tells otherwise of note 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_signed_pack_that_lies_is_a_difference(folder: Path, lie: str) -> None:
    change, words = LIES[lie]
    pack = json.loads((folder / "0001" / "pack.json").read_bytes())
    change(pack)
    _told(_sign(folder, canonical(pack)), words)
    assert look_through(folder).differences


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"not a pack",
    "no object": b"[]",
    "an empty object": b"{}",
    "nested lists": b'{"agreements":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
    "nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a nested whole": b'{"meta":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "very many values": b'{"meta":[' + b"1," * 3_000_000 + b"1]}",
    "a row without an end": b'{"lines":[{"raw":"' + b"x" * 5_000_000,
    "a number without an end": b'{"lines":[{"id":' + b"9" * 100_000 + b"}]}",
    "no UTF-8": b'{"meta":"\xff"}',
    "half a character": b'{"meta":"\\ud800"}',
    "spaces": b'{ "meta": {} }',
    "a member twice": b'{"meta":{},"meta":{}}',
    "more after it": b"{}{}",
    "not a number": b'{"meta":NaN}',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_signed_pack_that_is_none_is_a_difference_in_bounded_time(folder: Path, kind: str) -> None:
    pack = HOSTILE[kind] or b" "
    began = time.perf_counter()
    _told(_sign(folder, pack), "0001")
    assert time.perf_counter() - began < 20


def test_partners_whom_the_rules_do_not_give_are_a_difference(folder: Path) -> None:
    pack = (folder / "0001" / "pack.json").read_bytes()
    _sign(folder, pack)
    note = Note.read((folder / "0001" / "note.txt").read_bytes())
    alone = replace(note, partners=("A",))
    (folder / "0001" / "note.txt").write_bytes(alone.text.encode())
    path = folder / "0001" / "A.txt"
    text = replace(SignedText.read(path.read_bytes()), note=alone).text.encode()
    path.write_bytes(text)
    path.with_suffix(".sig").write_bytes(FIRST_A.sign(text))
    _told(folder, "the partners at M3 are A and B; the note names A")


def test_what_a_row_may_hold_is_what_the_tables_hold() -> None:
    """The reader of packs has its own list, because a pack's form never changes; today it is that of the tables."""
    for name, table in METADATA.tables.items():
        if name not in NUMBERS:
            continue
        columns = [column for column in table.columns if column.name not in {"id", "body"} or name != "documents"]
        numbers = {each.name for each in columns if each.type.python_type is int} - {"id"}
        assert numbers == NUMBERS[name], name
        assert {each.name for each in columns if each.nullable} == OPTIONAL.get(name, frozenset()), name


def test_what_no_check_of_a_folder_can_know_is_said(original: Path) -> None:
    assert _report(original).unknowable == [*UNKNOWABLE, IN_A_FOLDER]
