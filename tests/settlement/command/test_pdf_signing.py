"""`s75 sign-pdf`: a PDF signed by a signatory's own certificate, and checked, as a person types it."""

import re
from pathlib import Path

import pytest

from settlement.statements.document import Document, Paragraph, Section
from settlement.statements.pdf.writer import write_pdf
from tests.settlement.command.running import S75
from tests.settlement.pdf_certificates import PASSPHRASE, issued, p12, pem


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a statement, a signatory's certificate and the certificate of who issued it."""
    monkeypatch.setenv("S75_PASSPHRASE", PASSPHRASE)
    authority = issued("Issuer")
    p12(tmp_path / "treasurer.p12", issued("Treasurer \u202eŁ", authority))
    pem(tmp_path / "issuer.pem", authority)
    section = Section("Figures", (Paragraph("It pays £1.00."),))
    write_pdf(Document("Statement", "A", ("Pool",), "Draft", sections=(section,)), tmp_path / "statement.pdf")
    return tmp_path


def test_a_statement_is_signed_and_checked(s75: S75, files: Path) -> None:
    length = (files / "statement.pdf").stat().st_size

    said = s75("sign-pdf", files / "statement.pdf", "--p12", files / "treasurer.p12", "--reason", "Agreed")

    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == (
        f"{files / 'statement-signed.pdf'}: signed by Treasurer \\u202eŁ, whose certificate is from Issuer."
    )
    assert re.fullmatch(r"Its fingerprint: sha256 [0-9a-f]{64}", lines[1])
    assert lines[2:] == [
        f"The first {length:,} bytes are the PDF as it was. If that was sealed, keep it too: its SHA-256",
        "is in the pack, and a signed copy’s is another.",
    ]

    said = s75("sign-pdf", files / "statement-signed.pdf", "--check", "--trust", files / "issuer.pem")
    assert said.status == 0
    told = said.out.splitlines()
    assert told[0].startswith("The signature of Treasurer \\u202eŁ holds; it says that it was made at 20")
    assert told[1] == "  - its reason: Agreed"
    assert told[2].startswith("  - its certificate: from Issuer, valid until ")
    assert told[3] == f"  - its fingerprint: {lines[1].removeprefix('Its fingerprint: ')}"
    assert told[4] == "What no such check can know:"
    assert len(told) == 7


def test_a_signature_that_does_not_hold_ends_with_1(s75: S75, files: Path) -> None:
    s75("sign-pdf", files / "statement.pdf", "--p12", files / "treasurer.p12")
    signed = files / "statement-signed.pdf"
    data = bytearray(signed.read_bytes())
    data[data.index(b"stream\n") + 20] ^= 1
    signed.write_bytes(data)

    said = s75("sign-pdf", signed, "--check", "--trust", files / "issuer.pem")

    assert said.status == 1
    assert "does not hold" in said.out
    assert "  - the file is not as it was signed: a byte of it, at least, was changed since\n" in said.out


def test_where_it_is_written(s75: S75, files: Path) -> None:
    statement, certificate = files / "statement.pdf", files / "treasurer.p12"
    original = statement.read_bytes()

    assert s75("sign-pdf", statement, "--p12", certificate, "--out", files / "other.pdf").status == 0
    again = s75("sign-pdf", statement, "--p12", certificate, "--out", files / "other.pdf")
    assert (again.status, again.err) == (
        2,
        f"{files / 'other.pdf'}: there is such a file already, and it is not replaced; name another with --out\n",
    )
    itself = s75("sign-pdf", statement, "--p12", certificate, "--out", statement)
    assert itself.err.endswith("stays as it was sealed; say --in-place to have it replaced\n")
    assert statement.read_bytes() == original
    assert s75("sign-pdf", statement, "--p12", certificate, "--in-place").status == 0
    assert statement.read_bytes().startswith(original)
    assert len(statement.read_bytes()) > len(original)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ([], "sign-pdf: say with which certificate: --p12 CERT.p12; or check what was signed: --check"),
        (["--check"], "--trust: say whose certificate you trust: --trust CERT.pem, as its owner gave it to you"),
        (["--check", "--p12", "a"], "--check: a PDF is signed or checked: not both at once"),
        (["--check", "--in-place"], "--check: a PDF is signed or checked: not both at once"),
        (["--p12", "a", "--trust", "b"], "--trust: certificates are trusted where a PDF is checked: --check"),
        (
            ["--p12", "a", "--in-place", "--out", "b"],
            "--in-place: say where to write it, or replace it: not both at once",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(s75: S75, options: list[str], error: str) -> None:
    said = s75("sign-pdf", "statement.pdf", *options)
    assert (said.status, said.out, said.err) == (2, "", f"{error}\n")


def test_a_wrong_passphrase_writes_nothing(s75: S75, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S75_PASSPHRASE", "another")

    said = s75("sign-pdf", files / "statement.pdf", "--p12", files / "treasurer.p12")

    assert said.status == 2
    assert said.err == (
        f"{files / 'treasurer.p12'}: the passphrase is not the one that the file was made with, "
        "or it is no sound PKCS #12 file\n"
    )
    assert not (files / "statement-signed.pdf").exists()


def test_without_the_extra_nobody_types_a_passphrase(s75: S75, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settlement.pades.certificates.find_spec", lambda _: None)
    monkeypatch.delenv("S75_PASSPHRASE")

    for options in (["--p12", files / "treasurer.p12"], ["--check", "--trust", files / "issuer.pem"]):
        said = s75("sign-pdf", files / "statement.pdf", *options)
        assert said.status == 2
        assert "install it with: python -m pip install pyhanko" in said.err
