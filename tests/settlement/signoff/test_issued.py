"""Issued statements held against the ledger: the same bytes, or what differs by name; a byte changed is found."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledgers import Ledger, open_ledger
from rules.periods import Period
from rules.problems import RefusedError
from settlement.batches.manifest import MANIFEST, read_manifest, write_manifest
from settlement.batches.running import Batch, run_batch
from settlement.batches.work import Asked
from settlement.looks import Look
from settlement.publishing import write_ledger_statements
from settlement.signoff.exported import verify_export
from settlement.signoff.exporting import export
from settlement.signoff.issued import Issued, compare_issued
from settlement.signoff.report import IN_A_FOLDER
from settlement.signoff.signing import seal
from settlement.statements.writing import KINDS
from settlement.version import VERSION
from tests.settlement.command.running import S75
from tests.settlement.signoff.lives import KEYS, again, pool, posted, signed_off


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with M3 signed and M4 open, and its export."""
    folder = tmp_path_factory.mktemp("issued")
    with pool(folder / "pool.s75") as ledger:
        signed_off(ledger, Period.M3)
        export(ledger, Period.M3, folder / "export")
        posted(ledger, "M4 S1 LBB actual 10.00")
    return folder


@pytest.fixture
def place(original: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def ledger(place: Path) -> Iterator[Ledger]:
    """Opened to read."""
    with again(place / "pool.s75", read_only=True) as opened:
        yield opened


def flipped(path: Path, at: int) -> None:
    told = bytearray(path.read_bytes())
    told[at] ^= 1
    path.write_bytes(told)


def only(found: Issued) -> str:
    assert not found.holds
    (sentence,) = found.differences
    return sentence


# A pack signed with PDFs


def test_a_pack_signed_with_pdfs_verifies(place: Path) -> None:
    assert verify_export(place / "export", KEYS).holds
    assert len(list((place / "export").glob("0001/statements/*.pdf"))) == 3


def test_each_statement_changed_by_a_byte_anywhere_fails_by_name(place: Path) -> None:
    for path in sorted((place / "export").glob("0001/statements/*.pdf")):
        whole = path.read_bytes()
        for at in (0, len(whole) // 2, len(whole) - 1):
            flipped(path, at)
            report = verify_export(place / "export", KEYS)
            assert not report.holds
            (told,) = report.differences
            assert path.name in told
            assert "was signed" in told
            path.write_bytes(whole)
        path.write_bytes(whole + b"\n")
        assert not verify_export(place / "export", KEYS).holds
        path.unlink()
        assert path.name in verify_export(place / "export", KEYS).differences[0]
        path.write_bytes(whole)
    assert verify_export(place / "export", KEYS).holds


def test_of_an_exported_folder_alone_it_is_said_which_statements_are_not_covered(place: Path) -> None:
    for path in (place / "export" / "statements").glob("*.pdf"):
        flipped(path, 1000)
    report = verify_export(place / "export", KEYS)
    assert report.holds
    assert IN_A_FOLDER in report.unknowable
    assert "statements, keys) is not signed, and was not looked at" in IN_A_FOLDER
    assert "s75 verify LEDGER --statements DIR" in IN_A_FOLDER


# Held against the ledger


def test_an_export_s_statements_are_what_the_ledger_gives(place: Path, ledger: Ledger) -> None:
    found = compare_issued(ledger, place / "export")
    assert found.holds, found.differences
    told = " ".join(found.same)
    assert "2016-17-M3-LBB-settlement-statement.pdf: as it was put up for signature, which note 1 of M3 seals" in told
    assert "2016-17-M3-LBB-settlement-statement.pdf: signed, note 1, byte for byte what the ledger gives now" in told
    assert found.conclusion == f"verified: {len(found.same)} files, byte for byte what the ledger gives."
    assert len(list((place / "export").rglob("*.pdf"))) + len(list((place / "export").rglob("*.csv"))) == len(
        found.same
    )


def test_every_issued_file_changed_by_a_byte_is_named(place: Path, ledger: Ledger) -> None:
    folder = place / "export" / "statements"
    files = sorted(folder.iterdir())
    for path in files:
        flipped(path, path.stat().st_size // 2)
    found = compare_issued(ledger, folder)
    assert found.same == []
    assert [sentence.partition(":")[0] for sentence in found.differences] == [path.name for path in files]
    assert all("it is not what the ledger gives now: its SHA-256 is " in sentence for sentence in found.differences)
    assert found.conclusion == f"NOT verified: {len(files)} files are not what the ledger gives now."


def test_one_file_alone(place: Path, ledger: Ledger) -> None:
    path = place / "export" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf"
    assert compare_issued(ledger, path).same == [
        "2016-17-M3-LBB-settlement-statement.pdf: signed, note 1, byte for byte what the ledger gives now"
    ]
    flipped(path, 2000)
    assert only(compare_issued(ledger, path)).startswith("2016-17-M3-LBB-settlement-statement.pdf: it is not what the")


def test_drafts_hang_on_who_prepared_them_and_on_the_language(place: Path, ledger: Ledger) -> None:
    out = place / "drafts"
    write_ledger_statements(ledger, out, Period.M4, ("html",), "A. Preparer")
    found = compare_issued(ledger, out)
    assert found.differences
    assert found.differences[0].endswith("a draft’s bytes hang on who prepared it too: --prepared-by")
    assert compare_issued(ledger, out, Look(prepared_by="A. Preparer")).holds
    assert compare_issued(ledger, out, Look(prepared_by="A. Preparer", language="cy")).holds


def test_what_was_posted_since_is_a_difference(place: Path) -> None:
    with again(place / "pool.s75") as ledger:
        write_ledger_statements(ledger, place / "drafts", Period.M4, ("csv",))
        assert compare_issued(ledger, place / "drafts").holds
        posted(ledger, "M4 S2 BCCG actual 1.00")
        assert not compare_issued(ledger, place / "drafts").holds


def test_what_is_not_called_as_statements_are_is_told(place: Path, ledger: Ledger) -> None:
    folder = place / "odd"
    folder.mkdir()
    for name in ("letter.pdf", "2016-17-M14-LBB-settlement-statement.pdf", "2016-17-M3-XYZ-settlement-statement.pdf"):
        (folder / name).write_bytes(b"")
    (folder / "2016-17-M3-workings-in-thousands.pdf").write_bytes(b"")
    (folder / "note.txt").write_bytes(b"")
    found = compare_issued(ledger, folder)
    assert len(found.differences) == 4
    assert all("no statement of this ledger is called so" in each for each in found.differences)


def test_where_there_is_nothing_it_is_refused_or_said(place: Path, ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match="there is no such file or folder"):
        compare_issued(ledger, place / "nowhere")
    (place / "empty").mkdir()
    found = compare_issued(ledger, place / "empty")
    assert not found.holds
    assert found.conclusion == "NOT verified: there is no statement of this ledger there."


# Signed as a PDF


def test_a_pdf_that_was_signed_keeps_the_statement_as_its_beginning(place: Path, ledger: Ledger) -> None:
    path = place / "export" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf"
    whole = path.read_bytes()
    path.write_bytes(whole + b"\n9 0 obj <</Type/Sig/ByteRange[0 1 2 3]>> endobj\n")
    told = only(compare_issued(ledger, path))
    assert told.endswith("49 bytes were put after what the ledger gives, and they are no signature")
    path.write_bytes(whole + b"\n% more")
    assert only(compare_issued(ledger, path)).endswith(
        "7 bytes were put after what the ledger gives, and they are no signature"
    )


def test_pdfs_that_sign_pdf_wrote_are_known_by_their_beginning(place: Path, ledger: Ledger) -> None:
    from settlement.pades.certificates import read_identity
    from settlement.pades.signing import sign_pdf, signed_path
    from tests.settlement.pdf_certificates import NOW, PASSPHRASE, issued, p12

    authority = issued("Example Issuer")
    identity = read_identity(p12(place / "one.p12", issued("Treasurer", authority), authority), PASSPHRASE, NOW)
    out = batch(place, kinds=("settlement-statement",), formats=("pdf",), periods=(Period.M3,))
    for path in (
        place / "export" / "0001" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf",
        place / "export" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf",
        out / "M3" / "settlement-statement-LBB-en.pdf",
    ):
        signed = signed_path(path)
        sign_pdf(path, identity, signed)
        for each in (path.parent, signed):
            found = compare_issued(ledger, out if path.is_relative_to(out) and each != signed else each)
            assert found.holds, found.differences
            assert any("sign it as a PDF" in sentence for sentence in found.same)
        flipped(signed, 1000)
        assert not compare_issued(ledger, signed).holds


def test_a_signed_pdf_that_shows_something_else_is_a_difference(place: Path, ledger: Ledger) -> None:
    """The statement is its beginning, and the signature holds: what is seen is another page all the same."""
    from io import BytesIO

    from pyhanko.pdf_utils.generic import NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    from settlement.pades.certificates import read_identity
    from settlement.pades.signing import sign_pdf
    from tests.settlement.pdf_certificates import NOW, PASSPHRASE, issued, p12

    authority = issued("Example Issuer")
    identity = read_identity(p12(place / "one.p12", issued("Treasurer", authority), authority), PASSPHRASE, NOW)
    path = place / "export" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf"
    changed = IncrementalPdfFileWriter(BytesIO(path.read_bytes()))
    page = changed.find_page_for_modification(0)[0]
    page.get_object()["/Rotate"] = NumberObject(90)
    changed.mark_update(page)
    written = BytesIO()
    changed.write(written)
    path.write_bytes(written.getvalue())
    sign_pdf(path, identity, path)
    assert only(compare_issued(ledger, path)).endswith("and they change what is read or seen, besides signing it")


def test_a_file_that_is_no_pdf_any_more_is_a_difference(place: Path, ledger: Ledger) -> None:
    path = place / "export" / "statements" / "2016-17-M3-LBB-settlement-statement.pdf"
    path.write_bytes(b"nothing")
    assert "it is not what the ledger gives now" in only(compare_issued(ledger, path))


# Batches, by their manifest


def batch(place: Path, **more: object) -> Path:
    out = place / "batch"
    asked = Asked((Period.M3, Period.M4), KINDS, ("html", "csv"), prepared_by="A. Preparer")
    run_batch(
        Batch((str(place / "pool.s75"),), str(out), replace(asked, **more), "{period}/{kind}-{partner}-{language}", 1)
    )  # type: ignore[arg-type]
    return out


def test_a_batch_is_held_against_the_ledger_by_its_manifest(place: Path, ledger: Ledger) -> None:
    out = batch(place, languages=("en", "cy"), thousands=True)
    found = compare_issued(ledger, out)
    assert found.holds, found.differences
    assert len(found.same) == len(read_manifest(out))
    one = out / "M4" / "workings-all-cy.html"
    assert compare_issued(ledger, one).holds
    flipped(one, 100)
    assert only(compare_issued(ledger, out)).startswith("M4/workings-all-cy.html: it is not what the ledger gives now")


def test_files_of_other_ledgers_are_passed_over(place: Path, ledger: Ledger) -> None:
    with pool(place / "other.s75"):
        pass
    out = batch(place, kinds=("settlement-statement",))
    asked = Asked((Period.M3,), ("settlement-statement",), ("csv",))
    run_batch(Batch((str(place / "other.s75"),), str(out), asked, "{ledger}-{partner}", 1))
    found = compare_issued(ledger, out)
    assert found.holds
    assert found.remarks == ["2 files of other ledgers, by the manifest, were passed over."]


def changed(out: Path, **values: object) -> None:
    entries = read_manifest(out)
    write_manifest(out, [replace(entries[0], **values), *entries[1:]])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"theme": "ab" * 32}, "it was written with a theme file whose SHA-256 is abab"),
        ({"language": "fr"}, "the manifest says that it is in “fr”, which is no language of statements"),
        ({"period": "M14"}, "the manifest does not say what it is as a batch does"),
        ({"format": "pdf"}, "the manifest does not say what it is as a batch does"),
        ({"kind": "letter"}, "the ledger has no letter"),
        ({"partner": "XYZ"}, "the ledger has no annual-return XYZ at M3 now"),
    ],
)
def test_a_manifest_that_says_something_else(place: Path, ledger: Ledger, values: dict[str, object], told: str) -> None:
    out = batch(place)
    changed(out, **values)
    assert told in only(compare_issued(ledger, out))


def test_another_version_s_bytes_are_not_compared(place: Path, ledger: Ledger) -> None:
    out = batch(place)
    first = read_manifest(out)[0].file
    changed(out, version="99.0")
    assert compare_issued(ledger, out).holds  # they are the same all the same
    (out / first).write_bytes(b"other")
    assert only(compare_issued(ledger, out)).endswith(
        f"it was made with S75 Settlement 99.0, and this is {VERSION}: the bytes of two versions cannot be compared; "
        "do it with that one"
    )


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_the_version_is_read_from_the_statement_itself_where_no_manifest_says_it(
    place: Path, ledger: Ledger, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("settlement.publishing.VERSION", "99.0")
    write_ledger_statements(ledger, place / "old", Period.M3, (form,))
    monkeypatch.undo()
    path = place / "old" / f"2016-17-M3-LBB-settlement-statement.{form}"
    assert "it was made with S75 Settlement 99.0, and this is" in only(compare_issued(ledger, path))


def test_what_was_a_draft_and_is_put_up_now_is_told(place: Path) -> None:
    out = batch(place, periods=(Period.M4,), kinds=("settlement-statement",), formats=("csv",))
    with again(place / "pool.s75") as ledger:
        ledger.hold(Period.M4)
        seal(ledger, Period.M4, "A. Preparer")
        found = compare_issued(ledger, out)
    assert [each.partition(": ")[2] for each in found.differences] == [
        "it was written when M4 was a draft; now it is put up for signature"
    ] * 2


# The command


def test_verify_holds_statements_against_the_ledger(s75: S75, place: Path) -> None:
    statements = place / "export" / "statements"
    said = s75("verify", place / "pool.s75", "--statements", statements)
    assert said.status == 0
    assert said.out.startswith("The same:\n  - 2016-17-M3-")
    assert "No signature was verified: that takes the partners’ public keys, --key CODE=NAME.pub.\n" in said.out
    assert said.out.endswith("byte for byte what the ledger gives.\n")
    flipped(statements / "2016-17-M3-LBB-settlement-statement.pdf", 3000)
    said = s75("verify", place / "pool.s75", "--statements", statements)
    assert said.status == 1
    assert "Differs from what the ledger gives now:\n  - 2016-17-M3-LBB-settlement-statement.pdf: it is not" in said.out
    assert said.out.endswith(f"{statements}: NOT verified: 1 file is not what the ledger gives now.\n")


def test_verify_does_both_with_keys(s75: S75, place: Path) -> None:
    keys = []
    for code, (key,) in KEYS.items():
        path = place / f"{code}.pub"
        path.write_text(key.pem, encoding="ascii")
        keys += ["--key", f"{code}={path}"]
    said = s75("verify", place / "pool.s75", *keys, "--statements", place / "export")
    assert "verified: what every partner signed, up to M3 in note 1, stands as they signed it." in said.out
    assert "No signature was verified" not in said.out
    assert said.status == 0
    for path in (place / "export" / "statements").glob("*.pdf"):
        flipped(path, 500)
    assert s75("verify", place / "pool.s75", *keys, "--statements", place / "export").status == 1


def test_what_verify_refuses(s75: S75, place: Path) -> None:
    said = s75("verify", place / "export", "--statements", place / "export")
    assert said.status == 2
    assert "--statements: statements are held against a ledger; this is an exported folder, which has none" in said.err
    said = s75("verify", place / "pool.s75", "--language", "cy")
    assert "verify: this is of statements: name them with --statements" in said.err
    said = s75("verify", place / "pool.s75", "--statements", place / "export", "--language", "fr")
    assert "--language: “fr” is not a language" in said.err
    (place / "export" / "statements" / MANIFEST).write_text(json.dumps({}))
    said = s75("verify", place / "pool.s75", "--statements", place / "export" / "statements")
    assert "this is no manifest that s75 batch wrote" in said.err
    assert said.status == 2


def test_a_folder_s_statements_are_held_against_it_too(tmp_path: Path) -> None:
    from tests.conftest import GOLDEN

    with open_ledger(GOLDEN / "barnet-2014-15-core", read_only=True) as ledger:
        write_ledger_statements(ledger, tmp_path, Period.M12, ("csv",))
        assert compare_issued(ledger, tmp_path).holds
