"""A private key under a passphrase: read by the library and by OpenSSL, and slow to try passphrases on."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from settlement.signoff import passphrases
from settlement.signoff.passphrases import ROUNDS, under_passphrase

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"seventy-five of the NHS Act 2006")
PLAIN = PRIVATE.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())


@pytest.fixture(autouse=True)
def rounds_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the program takes: the other tests' keys have few."""
    assert ROUNDS != passphrases.ROUNDS
    monkeypatch.setattr(passphrases, "ROUNDS", ROUNDS)


def test_the_library_reads_it_with_the_passphrase_and_not_without() -> None:
    text = under_passphrase(PLAIN, b"a long passphrase")
    read = form.load_pem_private_key(text, b"a long passphrase")
    assert isinstance(read, Ed25519PrivateKey)
    assert read.private_bytes_raw() == PRIVATE.private_bytes_raw()
    with pytest.raises(ValueError, match="password"):
        form.load_pem_private_key(text, b"another passphrase")


def test_openssl_reads_it_and_sees_how_many_rounds_it_takes(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    path.write_bytes(under_passphrase(PLAIN, "geheim £ passphrase".encode()))
    public = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", "pass:geheim £ passphrase", "-pubout"],
        capture_output=True,
        check=True,
    )
    assert public.stdout == PRIVATE.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    parsed = subprocess.run(["openssl", "asn1parse", "-in", path], capture_output=True, check=True, text=True)
    assert f"INTEGER           :{ROUNDS:06X}" in parsed.stdout
    assert ROUNDS >= 600_000
    assert "hmacWithSHA256" in parsed.stdout
    assert "aes-256-cbc" in parsed.stdout


def test_the_same_key_and_passphrase_never_make_the_same_file() -> None:
    assert under_passphrase(PLAIN, b"a long passphrase") != under_passphrase(PLAIN, b"a long passphrase")
