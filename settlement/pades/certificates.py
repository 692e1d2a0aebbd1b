"""Certificates of those who sign PDFs: a signatory's own PKCS #12 file, and the certificates that somebody trusts.

Signing and checking PDFs is an extra of the program: pyHanko and what it needs are installed for those who want it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers.refusing import refuse
from rules.english import day
from rules.problems import Problem, RefusedError

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate as TrustedCertificate
    from cryptography.x509 import Certificate
    from pyhanko.sign.signers import SimpleSigner

LONGEST_FILE_BYTES = 1024 * 1024
WEAKEST_RSA_BITS = 2048

_NOT_INSTALLED = (
    "signing PDFs, and checking what was signed so, needs pyHanko, which is not installed here; "
    "install it with: python -m pip install pyhanko"
)
_DER = b"\x30"  # how it begins, and so every PKCS #12 file


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate names, who gave it, from when until when, and its SHA-256 in hexadecimal."""

    name: str
    issuer: str
    since: datetime
    until: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Identity:
    """A signatory's certificate, and what signs with its key."""

    holder: Holder
    signer: "SimpleSigner"


def need_pyhanko() -> None:
    """Raise RefusedError, with what to install, if the extra is not installed."""
    if not is_installed():
        raise RefusedError(Problem(_NOT_INSTALLED))


def is_installed() -> bool:
    """Whether the extra is."""
    return find_spec("pyhanko") is not None and find_spec("pyhanko.sign") is not None


def holder_of(certificate: "Certificate") -> Holder:
    """What a certificate says of its holder."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  when it is needed
    from cryptography.x509 import Name  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    def named(name: Name) -> str:
        common = name.get_attributes_for_oid(NameOID.COMMON_NAME) or list(name)
        return ", ".join(str(each.value) for each in common) or "nobody"

    return Holder(
        named(certificate.subject),
        named(certificate.issuer),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.fingerprint(SHA256()).hex(),
    )


def read_identity(path: Path, passphrase: str, now: datetime) -> Identity:
    """The signatory in a PKCS #12 file, at a time. Raises RefusedError, with what to do, for what cannot sign."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  when it is needed
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    need_pyhanko()
    file = str(path)
    data = _read(path)
    if data[:1] != _DER:
        message = (
            "it is not a PKCS #12 file, which holds a certificate with its private key; those are named .p12 or .pfx"
        )
        refuse(message, file)
    key: PrivateKeyTypes | None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        refuse("the passphrase is not the one that the file was made with, or it is no sound PKCS #12 file", file)
    if key is None or certificate is None:
        refuse("it holds no private key with its certificate; ask who gave it for one that does", file)
    holder = holder_of(certificate)
    _refuse_unfit_key(key, file)
    _refuse_unfit_certificate(certificate, holder, now, file)
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

    return Identity(holder, SimpleSigner.load_pkcs12_data(data, [], passphrase.encode()))


def _refuse_unfit_key(key: object, file: str) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415

    if isinstance(key, RSAPrivateKey):
        if key.key_size < WEAKEST_RSA_BITS:
            refuse(f"its RSA key has {key.key_size} bits, too few to rely on; ask for one of 3,072 or more", file)
    elif not isinstance(key, EllipticCurvePrivateKey):
        refuse("its key is of a kind that readers of PDFs do not check; ask for one of RSA or of ECDSA", file)


def _refuse_unfit_certificate(certificate: "Certificate", holder: Holder, now: datetime, file: str) -> None:
    from cryptography.x509 import ExtensionNotFound, KeyUsage  # noqa: PLC0415

    if now < holder.since:
        refuse(f"its certificate is valid only from {day(holder.since.date())}; sign from then on", file)
    if now > holder.until:
        refuse(f"its certificate ran out on {day(holder.until.date())}; ask for a new one", file)
    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        refuse("its certificate is not one to sign documents with; ask for one for digital signatures", file)


def read_trusted(paths: Sequence[Path]) -> "list[TrustedCertificate]":
    """The certificates in somebody's files, PEM or DER. Raises RefusedError for a file that holds none."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates  # noqa: PLC0415
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415

    found = []
    for path in paths:
        data = _read(path)
        try:
            read = [load_der_x509_certificate(data)] if data[:1] == _DER else load_pem_x509_certificates(data)
        except ValueError:
            refuse("it holds no certificate; give one in PEM or DER, such as NAME.pem or NAME.crt", str(path))
        found += [each for one in read for each in load_certs_from_pemder_data(one.public_bytes(Encoding.DER))]
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LONGEST_FILE_BYTES + 1)
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", str(path))
    if len(data) > LONGEST_FILE_BYTES:
        refuse("it is larger than any certificate; give another file", str(path))
    return data
