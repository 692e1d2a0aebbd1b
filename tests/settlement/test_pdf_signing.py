"""PDFs signed by a signatory's own certificate: checked by pyHanko and by `pdfsig`, and what is refused."""

import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, Never

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from rules.problems import RefusedError
from settlement.pades.certificates import LONGEST_FILE_BYTES, Identity, read_identity
from settlement.pades.signatures import _alterations, _status, check_pdf, reading
from settlement.pades.signing import refuse_taken, sign_pdf, signed_path
from settlement.statements.document import Document, Paragraph, Section
from settlement.statements.pdf.writer import write_pdf
from tests.settlement.pdf_certificates import NOW, PASSPHRASE, Issued, issued, p12, pem

_PDFSIG = shutil.which("pdfsig")


class People(NamedTuple):
    """Two signatories, who vouches for both, and a file with the certificate of that."""

    council: Identity
    board: Identity
    authority: Issued
    trust: Path


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    folder = tmp_path_factory.mktemp("people")
    authority = issued("Issuer of certificates")
    council = issued("Treasurer of Łódź", authority, key=rsa.generate_private_key(65537, 2048))
    board = issued("Director of Finance", authority)
    return People(
        read_identity(p12(folder / "council.p12", council, authority), PASSPHRASE, NOW),
        read_identity(p12(folder / "board.p12", board), PASSPHRASE, NOW),
        authority,
        pem(folder / "issuer.pem", authority),
    )


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "statement.pdf"
    section = Section("Figures", (Paragraph("It pays £1.00."),))
    document = Document("Settlement statement", "A partner", ("Pool",), "Draft", sections=(section,))
    write_pdf(document, path)
    return path


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Never:
        message = "something was to be fetched"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def problems_of(path: Path, *trust: Path) -> list[tuple[str, ...]]:
    return [each.problems for each in check_pdf(path, trust)]


def refused(path: Path, *trust: Path) -> str:
    with pytest.raises(RefusedError) as refusal:
        check_pdf(path, trust)
    return str(refusal.value)


# --- signing ----------------------------------------------------------------------------------------------------------


def test_the_signature_is_behind_the_bytes_that_were_sealed(statement: Path, people: People) -> None:
    original = statement.read_bytes()
    out = signed_path(statement)

    done = sign_pdf(statement, people.council, out, reason=" Agreed ")

    assert out.name == "statement-signed.pdf"
    assert (done.path, done.original_bytes, done.holder.name) == (out, len(original), "Treasurer of Łódź")
    assert out.read_bytes()[: len(original)] == original
    assert statement.read_bytes() == original
    (found,) = check_pdf(out, [people.trust])
    assert found.holds
    assert (found.holder.name, found.holder.issuer, found.reason) == (
        "Treasurer of Łódź",
        "Issuer of certificates",
        "Agreed",
    )
    assert found.said_at is not None
    assert abs(found.said_at - NOW) < timedelta(hours=1)
    assert sorted(path.name for path in statement.parent.iterdir()) == ["statement-signed.pdf", "statement.pdf"]


def test_it_is_pades_without_anything_of_the_document_changed(statement: Path, people: People) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path

    with pikepdf.open(statement) as before, pikepdf.open(out) as after:
        (field,) = after.Root.AcroForm.Fields
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(field.TU) == "Signature of Treasurer of Łódź"
        assert field.F == 132  # printed and locked, not hidden
        assert [int(side) for side in field.Rect] == [-9999] * 4
        assert str(after.pages[0].Tabs) == "/S"
        for key in ("/StructTreeRoot", "/Lang", "/MarkInfo", "/ViewerPreferences"):
            assert repr(before.Root.get(key)) == repr(after.Root.get(key))
        assert {key: str(value) for key, value in before.docinfo.items()} == {
            key: str(value) for key, value in after.docinfo.items()
        }
        assert before.pages[0].Contents.read_bytes() == after.pages[0].Contents.read_bytes()
        if "/Metadata" in before.Root:
            assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()


def test_both_partners_sign_one_after_the_other(statement: Path, people: People) -> None:
    first = sign_pdf(statement, people.council, signed_path(statement)).path
    second = sign_pdf(first, people.board, signed_path(first)).path

    assert second.name == "statement-signed-2.pdf"
    found = check_pdf(second, [people.trust])
    assert [each.holder.name for each in found] == ["Treasurer of Łódź", "Director of Finance"]
    assert all(each.holds for each in found)
    assert second.read_bytes().startswith(first.read_bytes())


@pytest.mark.skipif(_PDFSIG is None, reason="pdfsig (poppler-utils) is not installed")
def test_pdfsig_finds_both_signatures_valid(statement: Path, people: People) -> None:
    first = sign_pdf(statement, people.council, signed_path(statement)).path
    second = sign_pdf(first, people.board, signed_path(first)).path

    told = subprocess.run([str(_PDFSIG), second], capture_output=True, encoding="utf-8", check=False).stdout

    assert told.count("Signature Validation: Signature is Valid.") == 2
    assert told.count("Signature Type: ETSI.CAdES.detached") == 2
    assert told.count("Total document signed") == 1
    assert "Treasurer of Łódź" in told


def test_a_pdf_is_signed_in_place_where_that_is_asked(statement: Path, people: People) -> None:
    original = statement.read_bytes()

    sign_pdf(statement, people.council, statement)

    assert statement.read_bytes().startswith(original)
    assert [each.holds for each in check_pdf(statement, [people.trust])] == [True]


def test_names_of_signed_files() -> None:
    assert signed_path(Path("a/b.pdf")) == Path("a/b-signed.pdf")
    assert signed_path(Path("b-signed.pdf")) == Path("b-signed-2.pdf")
    assert signed_path(Path("b-signed-9.pdf")) == Path("b-signed-10.pdf")


def test_no_file_is_replaced_unless_it_is_the_one_signed_and_that_is_asked(tmp_path: Path) -> None:
    here, there = tmp_path / "a.pdf", tmp_path / "b.pdf"
    here.write_bytes(b"a")
    refuse_taken(here, there, in_place=False)
    there.write_bytes(b"b")

    refuse_taken(here, here, in_place=True)
    with pytest.raises(
        RefusedError, match=r"a\.pdf: it is the PDF itself, which stays as it was sealed; say --in-place"
    ):
        refuse_taken(here, here, in_place=False)
    with pytest.raises(
        RefusedError, match=r"b\.pdf: there is such a file already, and it is not replaced; name another"
    ):
        refuse_taken(here, there, in_place=False)


@pytest.mark.parametrize("reason", ["two\nlines", "x" * 201, "\u202eturned"])
def test_an_unfit_reason_is_refused(statement: Path, people: People, reason: str) -> None:
    with pytest.raises(RefusedError, match="--reason: it is one line of at most 200 characters"):
        sign_pdf(statement, people.council, signed_path(statement), reason=reason)
    assert not signed_path(statement).exists()


def test_nobody_signs_on_top_of_what_was_altered(statement: Path, people: People) -> None:
    first = sign_pdf(statement, people.council, signed_path(statement)).path
    _change(first, b"/Lang")

    with pytest.raises(
        RefusedError, match="the signature of Treasurer of Łódź that it has does not hold: the file is not"
    ):
        sign_pdf(first, people.board, signed_path(first))
    assert not signed_path(first).exists()


def test_what_cannot_be_signed_leaves_nothing_behind(statement: Path, people: People, tmp_path: Path) -> None:
    certified = tmp_path / "certified.pdf"
    _certify(statement, people.council, certified)

    with pytest.raises(RefusedError, match="it cannot be signed: Author signature forbids all changes"):
        sign_pdf(certified, people.board, tmp_path / "more.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certified.pdf", "statement.pdf"]


def test_a_disk_that_is_full_leaves_what_was_there(
    statement: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = statement.read_bytes()

    def full(*_: object) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("settlement.pades.signing.put_in_place", full)
    with pytest.raises(RefusedError, match="No space left"):
        sign_pdf(statement, people.council, statement)
    assert statement.read_bytes() == original
    assert [path.name for path in statement.parent.iterdir()] == ["statement.pdf"]


# --- checking ---------------------------------------------------------------------------------------------------------


def _change(path: Path, word: bytes) -> None:
    data = bytearray(path.read_bytes())
    place = data.index(word) if word in data else len(data) // 3
    data[place + 1] ^= 1
    path.write_bytes(data)


def _certify(path: Path, identity: Identity, out: Path) -> None:
    """Sign as an author who forbids every change, as other programs can."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    told = PdfSignatureMetadata(
        field_name="Author", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, signer_key_usage=set()
    )
    with path.open("rb") as stream, out.open("wb") as signed:
        PdfSigner(told, identity.signer).sign_pdf(IncrementalPdfFileWriter(stream), output=signed)


@pytest.mark.parametrize("part", range(12))
def test_a_byte_changed_anywhere_does_not_hold(statement: Path, people: People, part: int) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    data = bytearray(out.read_bytes())
    place = len(data) * part // 12 + 7
    data[place] ^= 1
    out.write_bytes(data)

    with suppress(RefusedError):  # where it is no PDF any longer, or has no signature
        assert problems_of(out, people.trust) != [()]


def test_a_byte_changed_in_what_was_signed_is_told(statement: Path, people: People) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    data = out.read_bytes()
    place = data.index(b"stream\n") + 20
    out.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

    assert problems_of(out, people.trust) == [
        ("the file is not as it was signed: a byte of it, at least, was changed since",)
    ]


def test_a_signature_of_another_key_is_told(statement: Path, people: People) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    data = bytearray(out.read_bytes())
    begins = data.index(b"/Contents <") + len(b"/Contents <")
    ends = data.index(b">", begins)
    ends = len(bytes(data[begins:ends]).rstrip(b"0")) + begins - 40  # in the signature itself, which comes last
    data[ends] = ord("1") if data[ends] != ord("1") else ord("2")
    out.write_bytes(data)

    assert problems_of(out, people.trust) == [("it was not made with the key of the certificate that is in it",)]


def test_a_signature_of_a_part_of_the_file_is_told(statement: Path, people: People) -> None:
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    out = sign_pdf(statement, people.council, signed_path(statement)).path
    with reading(out) as reader:
        status = _status(reader.embedded_regular_signatures[0], ValidationContext(trust_roots=[]))

    assert _alterations(status, is_last=True) == []
    part = replace(status, coverage=SignatureCoverageLevel.CONTIGUOUS_BLOCK_FROM_START)
    assert _alterations(part, is_last=True) == ["it covers a part of the file only"]


def test_a_pdf_of_another_program_is_signed_too(people: People, tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)

    out = sign_pdf(path, people.council, signed_path(path)).path

    assert problems_of(out, people.trust) == [()]
    with pikepdf.open(out) as pdf:
        assert str(pdf.pages[0].Tabs) == "/S"


def test_what_is_added_after_the_last_signature_is_told(statement: Path, people: People) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    with out.open("ab") as stream:
        stream.write(b"% a remark\n")
    assert problems_of(out, people.trust) == [("something was added to the file after it",)]


def test_a_page_changed_between_two_signatures_is_told(statement: Path, people: People, tmp_path: Path) -> None:
    from pyhanko.pdf_utils.generic import ArrayObject, NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    first = sign_pdf(statement, people.council, signed_path(statement)).path
    second = tmp_path / "second.pdf"
    with first.open("rb") as stream, second.open("wb") as signed:
        writer = IncrementalPdfFileWriter(stream)
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/MediaBox"] = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(9), NumberObject(9)])
        told = PdfSignatureMetadata(field_name="Two", signer_key_usage=set())
        PdfSigner(told, people.board.signer, new_field_spec=SigFieldSpec("Two")).sign_pdf(writer, output=signed)

    assert problems_of(second, people.trust) == [
        ("something other than a further signature was added to the file after it",),
        (),
    ]


def test_who_signed_is_trusted_by_certificates_given_and_by_no_others(
    statement: Path, people: People, tmp_path: Path
) -> None:
    out = sign_pdf(statement, people.board, signed_path(statement)).path
    stranger = pem(tmp_path / "stranger.pem", issued("Issuer of certificates"))

    assert problems_of(out, stranger) == [
        ("its certificate does not lead to one of those that you trust, or is not one to sign documents with",)
    ]
    assert problems_of(out, stranger, people.trust) == [()]
    der = tmp_path / "issuer.crt"
    der.write_bytes(people.authority.certificate.public_bytes(Encoding.DER))
    assert problems_of(out, der) == [()]


def test_a_certificate_of_its_own_is_trusted_by_itself(statement: Path, tmp_path: Path) -> None:
    alone = issued("Treasurer")
    identity = read_identity(p12(tmp_path / "alone.p12", alone), PASSPHRASE, NOW)

    out = sign_pdf(statement, identity, signed_path(statement)).path

    assert problems_of(out, pem(tmp_path / "alone.pem", alone)) == [()]


def test_a_certificate_that_ran_out_since_is_told(statement: Path, people: People) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    until = people.council.holder.until

    (late,) = check_pdf(out, [people.trust], until + timedelta(days=1))
    (problem,) = late.problems
    assert problem == (
        f"its certificate ran out on {until.day} {until:%B %Y}, and nothing shows that it was signed before; "
        "ask the signatory to confirm it"
    )
    (early,) = check_pdf(out, [people.trust], NOW - timedelta(days=9))
    assert early.problems[0].startswith("its certificate is valid only from ")


def test_what_is_no_signed_pdf_is_refused(statement: Path, people: People, tmp_path: Path) -> None:
    text = tmp_path / "text.pdf"
    text.write_text("not one", encoding="utf-8")
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(statement.read_bytes()[:200])
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(statement) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert refused(statement, people.trust) == f"{statement}: there is no signature in it"
    assert refused(text, people.trust) == f"{text}: it is not a PDF"
    assert refused(damaged, people.trust).startswith(f"{damaged}: it is a damaged PDF: ")
    assert refused(locked, people.trust) == f"{locked}: it is encrypted; give the PDF as the program wrote it"
    assert refused(tmp_path / "none.pdf", people.trust) == (
        f"{tmp_path / 'none.pdf'}: the file cannot be read: No such file or directory"
    )


def test_what_holds_no_certificate_is_not_trusted(statement: Path, people: People, tmp_path: Path) -> None:
    out = sign_pdf(statement, people.council, signed_path(statement)).path
    message = "it holds no certificate; give one in PEM or DER, such as NAME.pem or NAME.crt"
    for name, data in (("a.pem", b"hello"), ("b.der", b"\x30\x03abc"), ("c.pem", b"-----BEGIN CERTIFICATE-----\nx\n")):
        (tmp_path / name).write_bytes(data)
        assert refused(out, tmp_path / name) == f"{tmp_path / name}: {message}"
    large = tmp_path / "large.pem"
    large.write_bytes(b"x" * (LONGEST_FILE_BYTES + 1))
    assert refused(out, large) == f"{large}: it is larger than any certificate; give another file"
