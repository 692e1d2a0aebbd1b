"""Evidence: a document attached to what it shows, kept once by its digest, and given back as it was."""

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, open_ledger
from ledgers.disputes import dispute_line
from ledgers.evidence import LARGEST, About, attach, document, evidence, put_document
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

PDF = b"%PDF-1.7\n\xff\0 an invoice"


@pytest.fixture
def posted(ledger: Ledger) -> Ledger:
    """A ledger with a line, a virement and a dispute."""
    ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    ledger.virement(Period.M1, 5, giver=("BEDS", "CCG"), taker=("HOME", "CCG"), reference="V 1")
    dispute_line(ledger, 1, "CCG", "not ours")
    return ledger


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "invoice 881.pdf"
    path.write_bytes(PDF)
    return path


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        do()
    (problem,) = caught.value.problems
    return problem.message


def test_a_document_is_attached_to_a_line_and_given_back_as_it_was(posted: Ledger, invoice: Path) -> None:
    attached = attach(posted, invoice, About.LINE, 1, "the invoice\nof May")
    assert evidence(posted) == (attached,)
    assert (attached.id, attached.digest, attached.size) == (1, sha256(PDF).hexdigest(), len(PDF))
    assert (attached.about, attached.target, attached.of) == (About.LINE, "1", "line 1")
    assert (attached.name, attached.media_type, attached.note) == (
        "invoice 881.pdf", "application/pdf", "the invoice of May",
    )  # fmt: skip
    assert (attached.at, attached.actor) == ("2022-08-01T12:00:00+00:00", posted.store.actor())
    assert document(posted, attached.digest) == PDF


@pytest.mark.parametrize(
    ("about", "target", "kept", "of"),
    [
        ("line", "1", "1", "line 1"),
        ("virement", "V 1", "V 1", "virement V 1"),
        ("agreement", 1, "1", "version 1 of the agreement"),
        ("dispute", 1, "1", "dispute 1"),
        ("period", Period.M6, "M6", "M6"),
        ("period", "m6", "M6", "M6"),
    ],
)
def test_it_can_be_evidence_of_each_kind_of_thing(
    posted: Ledger, invoice: Path, about: str, target: str | int, kept: str, of: str
) -> None:
    attached = attach(posted, invoice, about, target)
    assert (attached.target, attached.of) == (kept, of)


@pytest.mark.parametrize(
    ("about", "target", "said"),
    [
        ("line", 7, "the ledger has no line 7"),
        ("line", "one", "the ledger has no line one"),
        ("line", "1" * 30, f"the ledger has no line {'1' * 30}"),
        ("virement", "V2", "the ledger has no virement with the reference “V2”"),
        ("virement", "", "the ledger has no virement with the reference “”"),
        ("agreement", 2, "the ledger has no version 2 of the agreement"),
        ("dispute", 2, "the ledger has no dispute 2"),
        ("period", "M14", "“M14” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments"),
    ],
)
def test_what_it_is_evidence_of_must_be_there(
    posted: Ledger, invoice: Path, about: str, target: str | int, said: str
) -> None:
    assert refusal(lambda: attach(posted, invoice, about, target)) == said
    assert evidence(posted) == ()
    assert posted.store.rows("SELECT COUNT(*) FROM documents") == [(0,)]


def test_a_document_attached_twice_is_kept_once(posted: Ledger, invoice: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(PDF)
    attach(posted, invoice, About.LINE, 1)
    attach(posted, copy, About.DISPUTE, 1)
    assert [each.name for each in evidence(posted)] == ["invoice 881.pdf", "copy.pdf"]
    assert posted.store.rows("SELECT COUNT(*) FROM documents") == [(1,)]
    assert refusal(lambda: attach(posted, copy, About.LINE, "1")) == (
        "this document is attached to line 1 already, as “invoice 881.pdf”"
    )


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.PDF", PDF, "application/pdf"),
        ("a.pdf", b"MZ not a PDF", "application/octet-stream"),
        ("a.png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("a.jpg", b"\xff\xd8\xff...", "image/jpeg"),
        ("a.eml", b"Subject: May", "message/rfc822"),
        ("a.msg", bytes.fromhex("d0cf11e0a1b11ae1"), "application/vnd.ms-outlook"),
        ("a.csv", b"a,b", "text/csv"),
        ("a.txt", b"text\0 or not", "application/octet-stream"),
        ("a.xlsx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("minute", b"anything", "application/octet-stream"),
    ],
)
def test_its_media_type_is_by_its_name_if_its_bytes_agree(
    sqlite_ledger: Ledger, tmp_path: Path, name: str, body: bytes, media_type: str
) -> None:
    (tmp_path / name).write_bytes(body)
    assert attach(sqlite_ledger, tmp_path / name, About.PERIOD, "M1").media_type == media_type


def test_a_document_may_have_25_mebibytes_and_no_byte_more(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "scan.bin"
    path.write_bytes(b"x" * LARGEST)
    assert attach(sqlite_ledger, path, About.PERIOD, "M1").size == LARGEST
    path.write_bytes(b"x" * (LARGEST + 1))
    assert refusal(lambda: attach(sqlite_ledger, path, About.PERIOD, "M2")) == (
        "the file is larger than 25 MiB; attach the pages that matter"
    )


def test_what_is_no_document_is_refused(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    for path, said in (
        (empty, "the file is empty: it is evidence of nothing"),
        (tmp_path, "this is not a file; name the document to attach"),
        (tmp_path / "none.pdf", "there is no such file"),
    ):
        assert refusal(lambda path=path: attach(sqlite_ledger, path, About.PERIOD, "M1")) == said


@pytest.mark.skipif(sys.platform == "win32", reason="no name has such characters there, and no device lies in /dev")
def test_what_is_no_document_on_linux_is_refused(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    odd = tmp_path / "odd\x1b[31m.pdf"
    odd.write_bytes(PDF)
    for path, said in (
        (odd, "a text cannot have control characters; remove them"),
        (Path("/dev/zero"), "this is not a file; name the document to attach"),
    ):
        assert refusal(lambda path=path: attach(sqlite_ledger, path, About.PERIOD, "M1")) == said


def test_a_note_with_control_characters_is_refused(sqlite_ledger: Ledger, invoice: Path) -> None:
    assert refusal(lambda: attach(sqlite_ledger, invoice, About.PERIOD, "M1", "a\x1bb")) == (
        "a text cannot have control characters; remove them"
    )


def test_a_document_that_was_damaged_is_not_given_out(
    posted: Ledger, invoice: Path, unguarded: Callable[..., None]
) -> None:
    digest = attach(posted, invoice, About.LINE, 1).digest
    damaged = "x'616263'" if posted.name.endswith(".s75") else "'abc'::bytea"
    unguarded(posted, f"UPDATE documents SET body = {damaged}")
    assert refusal(lambda: document(posted, digest)) == (
        f"the document {digest} is damaged: its bytes are not those that were put in"
    )


def test_a_document_that_is_not_there_is_said_so(ledger: Ledger) -> None:
    assert refusal(lambda: document(ledger, "ab")) == "the ledger has no document with the digest “ab”"


def test_a_document_that_the_program_puts_in_is_kept_once_too(ledger: Ledger) -> None:
    with ledger.store.transaction():
        first, second = put_document(ledger.store, PDF), put_document(ledger.store, PDF)
    assert first == second
    assert (first.id, first.digest, first.size) == (1, sha256(PDF).hexdigest(), len(PDF))


def test_nothing_is_attached_in_a_ledger_that_is_only_read(
    ledger: Ledger, place: str, invoice: Path, tmp_path: Path, agreement_text: str, reopen: Callable[..., Ledger]
) -> None:
    ledger.close()
    with reopen(place, read_only=True) as reader:
        assert "opened read-only" in refusal(lambda: attach(reader, invoice, About.PERIOD, "M1"))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "agreement.toml").write_text(agreement_text, encoding="utf-8")
    (folder / "lines.csv").write_text("period,scheme,partner,kind,amount\n", encoding="utf-8")
    with open_ledger(folder) as opened:
        assert "a ledger in a folder is only read" in refusal(lambda: attach(opened, invoice, About.PERIOD, "M1"))
        assert evidence(opened) == ()
        assert "has no document" in refusal(lambda: document(opened, "ab"))
