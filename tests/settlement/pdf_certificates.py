"""Certificates made for tests, with their keys in PKCS #12 files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "four words of it"  # noqa: S105  of files made for a test
NOW = datetime.now(UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class Issued(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key


def issued(
    name: str,
    issuer: Issued | None = None,
    *,
    days: tuple[int, int] = (-1, 365),
    key: Key | None = None,
    signs: bool | None = True,
) -> Issued:
    """A certificate valid from and to so many days from now; without an issuer, one that vouches for others."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    by = issuer.certificate.subject if issuer else _name(name)
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days[0]))
        .not_valid_after(NOW + timedelta(days[1]))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if signs is not None:
        usage = x509.KeyUsage(signs, False, not signs, False, False, issuer is None, False, False, False)  # noqa: FBT003
        built = built.add_extension(usage, critical=True)
    signing = issuer.key if issuer else key
    return Issued(built.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256()), key)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(path: Path, *of: Issued) -> Path:
    """The certificates in a PEM file."""
    path.write_bytes(b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in of))
    return path


def p12(path: Path, of: Issued, *chain: Issued, passphrase: str = PASSPHRASE) -> Path:
    """The certificate and its key in a PKCS #12 file, with the certificates it leads to."""
    with_others = [each.certificate for each in chain]
    protection = serialization.BestAvailableEncryption(passphrase.encode())
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"signatory", of.key, of.certificate, with_others, protection)
    )
    return path
