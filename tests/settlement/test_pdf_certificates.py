"""A signatory's PKCS #12 file: what is refused, with what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from rules.problems import RefusedError
from settlement.pades.certificates import need_pyhanko, read_identity
from tests.settlement.pdf_certificates import NOW, PASSPHRASE, issued, p12, pem


def refused_identity(path: Path, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(RefusedError) as refusal:
        read_identity(path, passphrase, NOW)
    return str(refusal.value).removeprefix(f"{path}: ")


def test_an_unfit_certificate_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "c.p12"
    over = NOW - timedelta(days=3)
    p12(path, issued("Late", days=(-9, -3)))
    assert refused_identity(path) == f"its certificate ran out on {over.day} {over:%B %Y}; ask for a new one"
    to_come = NOW + timedelta(days=3)
    p12(path, issued("Early", days=(3, 9)))
    assert refused_identity(path) == (
        f"its certificate is valid only from {to_come.day} {to_come:%B %Y}; sign from then on"
    )
    p12(path, issued("Other", signs=False))
    assert refused_identity(path) == (
        "its certificate is not one to sign documents with; ask for one for digital signatures"
    )
    p12(path, issued("Ed", key=ed25519.Ed25519PrivateKey.generate()))
    assert refused_identity(path) == (
        "its key is of a kind that readers of PDFs do not check; ask for one of RSA or of ECDSA"
    )
    p12(path, issued("Weak", key=rsa.generate_private_key(65537, 1024)))  # noqa: S505  that is what is refused
    assert refused_identity(path) == "its RSA key has 1024 bits, too few to rely on; ask for one of 3,072 or more"
    p12(path, issued("Any", signs=None))
    assert read_identity(path, PASSPHRASE, NOW).holder.name == "Any"


def test_a_wrong_passphrase_and_what_is_no_pkcs12_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.p12"
    one = issued("One")
    p12(path, one)
    wrong = "the passphrase is not the one that the file was made with, or it is no sound PKCS #12 file"
    assert refused_identity(path, "another") == wrong
    assert refused_identity(path, "") == wrong
    path.write_bytes(one.certificate.public_bytes(Encoding.DER))
    assert refused_identity(path) == wrong
    pem(path, one)
    assert refused_identity(path) == (
        "it is not a PKCS #12 file, which holds a certificate with its private key; those are named .p12 or .pfx"
    )
    protection = BestAvailableEncryption(PASSPHRASE.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"none", None, None, [one.certificate], protection))
    assert refused_identity(path) == "it holds no private key with its certificate; ask who gave it for one that does"
    assert refused_identity(tmp_path / "none.p12").startswith("the file cannot be read: ")


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settlement.pades.certificates.find_spec", lambda _: None)

    with pytest.raises(RefusedError) as refusal:
        need_pyhanko()
    assert str(refusal.value) == (
        "signing PDFs, and checking what was signed so, needs pyHanko, which is not installed here; "
        "install it with: python -m pip install pyhanko"
    )
