"""Signatories' keys: made, read strictly from files and texts, and what signs and checks with them.

A pair is two files. `NAME.key` is the private key, PKCS#8 PEM under a passphrase; `NAME.pub` is the public one, PEM
SubjectPublicKeyInfo. Both are what `openssl pkey` reads. Only Ed25519 is taken, so that nobody has to ask which.
`cryptography` is imported where it is needed: reading a public key and telling its fingerprint need it not.
"""

import binascii
import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from ledgers.refusing import refuse
from rules.problems import Problem, RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.points import is_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_BYTES = 64
SHORTEST_PASSPHRASE = 8
LONGEST_FILE_BYTES = 64 * 1024

_LONGEST_NAME = 100
_LONGEST_PASSPHRASE_BYTES = 1000  # OpenSSL takes 1,023
_HEAD = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519, before the key (RFC 8410)
_LABEL = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,60})-----\n")
_PUBLIC = re.compile(r"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----\n")
_NAME = re.compile(r"[\w](?:[\w .-]*[\w-])?")
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of Ed25519: its 32 bytes. Raises VerificationError for bytes that no private key has."""

    raw: bytes

    def __post_init__(self) -> None:
        """Hold the bytes to what Ed25519 makes: under a point of small order, anybody could sign."""
        if not is_public_key(self.raw):
            message = "it is no public key that Ed25519 makes, and must not be trusted; ask its owner for the key again"
            raise VerificationError(message)

    @property
    def der(self) -> bytes:
        """Its SubjectPublicKeyInfo."""
        return _HEAD + self.raw

    @property
    def pem(self) -> str:
        """Its text, as `NAME.pub` and the ledger hold it: one key has one text."""
        return f"-----BEGIN PUBLIC KEY-----\n{b64encode(self.der).decode()}\n-----END PUBLIC KEY-----\n"

    @property
    def fingerprint(self) -> str:
        """What it is known by: SHA-256 of its SubjectPublicKeyInfo, 64 hexadecimal digits."""
        return sha256(self.der).hexdigest()

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this key's, of exactly these bytes."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  see the module
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """A private key, opened with its passphrase. It never prints."""

    _private: "Ed25519PrivateKey" = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The public key that belongs to it."""
        return PublicKey(self._private.public_key().public_bytes_raw())

    @property
    def fingerprint(self) -> str:
        """The public key's fingerprint."""
        return self.public.fingerprint

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature of exactly these bytes; the same each time (RFC 8032)."""
        return self._private.sign(data)


class KeyFiles(NamedTuple):
    """The two files of a pair."""

    private: Path
    public: Path


# --- making -----------------------------------------------------------------------------------------------------------


def key_files(folder: Path, name: str) -> KeyFiles:
    """The files that a new pair of that name will be. Raises RefusedError for an unfit name, or if either is there."""
    if not name:
        refuse("a key needs a name, such as its signatory’s initials", str(folder))
    if name.lower().endswith((".key", ".pub")):
        refuse(f"leave the ending out of the name: {name[:-4]} gives {name[:-4]}.key and {name[:-4]}.pub", name)
    if len(name) > _LONGEST_NAME:
        refuse(f"a key’s name has at most {_LONGEST_NAME} characters", name[:_LONGEST_NAME] + "…")
    if not _NAME.fullmatch(name):
        message = (
            "a key’s name has letters, digits, spaces, dots, dashes and underscores, and begins and ends with none "
            "of spaces and dots; name the folder with --out"
        )
        refuse(message, name)
    if _RESERVED.fullmatch(name):
        refuse("Windows keeps this name for a device; choose another", name)
    files = KeyFiles(folder / f"{name}.key", folder / f"{name}.pub")
    for path in files:
        if os.path.lexists(path):
            refuse("there is such a file already, and a key is never overwritten; choose another name", str(path))
    return files


def new_key(folder: Path, name: str, passphrase: str) -> KeyFiles:
    """Make a key pair in a folder (made if need be): both files or none, the private one readable by its owner alone.

    Raises RefusedError for an unfit name or passphrase, if either file is there already, or if one cannot be written.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415  see the module
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    from settlement.signoff.passphrases import under_passphrase  # noqa: PLC0415

    files = key_files(folder, name)
    typed = _new_passphrase(passphrase, str(files.private))
    private = Ed25519PrivateKey.generate()
    plain = private.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    private_text = under_passphrase(plain, typed)
    public_text = SigningKey(private).public.pem.encode()
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text, mode in ((files.private, private_text, 0o600), (files.public, public_text, 0o644)):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
            made.append(path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            where = str(error.filename or files.private)
            refuse(f"the key cannot be written: {error.strerror or error}; nothing is left behind", where)
        raise
    return files


def _new_passphrase(passphrase: str, file: str) -> bytes:
    if not passphrase:
        refuse("a private key is kept under a passphrase, and this one is empty; nothing was written", file)
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        message = (
            f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters; take several words; nothing was written"
        )
        refuse(message, file)
    if not passphrase.isprintable():
        refuse("the passphrase has characters that cannot be typed again; nothing was written", file)
    encoded = passphrase.encode()
    if len(encoded) > _LONGEST_PASSPHRASE_BYTES:
        refuse(f"the passphrase is longer than {_LONGEST_PASSPHRASE_BYTES:,} bytes; nothing was written", file)
    return encoded


# --- reading ----------------------------------------------------------------------------------------------------------


def read_signing_key(path: Path, passphrase: str | None) -> SigningKey:
    """The private key in a person's file. Raises RefusedError, with what to do, for anything else."""
    text = _text_of_file(path)
    file = str(path)
    label = _label_of(text)
    if label is None:
        refuse("it is not a private key: that begins with “-----BEGIN ENCRYPTED PRIVATE KEY-----”", file)
    if label == "PUBLIC KEY":
        refuse("it is a public key, and signs nothing; give the private one, NAME.key", file)
    if label == "PRIVATE KEY":
        message = (
            "it is under no passphrase, so whoever has the file could sign; put it under one with "
            "`openssl pkcs8 -topk8 -in OLD.key -out NEW.key`, and sign with that"
        )
        refuse(message, file)
    if label != "ENCRYPTED PRIVATE KEY":
        refuse(f"it holds “{label}”, which is not a key that signs here; make one with `s75 key new`", file)
    if not passphrase:
        refuse("it is under a passphrase, and none was given; type it at a terminal, or set S75_PASSPHRASE", file)
    return SigningKey(_opened(text, passphrase, file))


def _opened(text: str, passphrase: str, file: str) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  see the module
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        private = load_pem_private_key(text.encode("ascii"), passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        refuse("the passphrase is not the one that it was made with, or the file is damaged; try again", file)
    if not isinstance(private, Ed25519PrivateKey):
        refuse("it is a private key of another kind than Ed25519; make one with `s75 key new`", file)
    return private


def read_public_key(path: Path) -> PublicKey:
    """The public key in a person's file, as given to `--key`. Raises RefusedError, with what to do, for anything else.

    Line ends of Windows, a byte-order mark and white space around it are no matter: such files come by email.
    """
    try:
        return public_key_of(_text_of_file(path))
    except VerificationError as error:
        raise RefusedError(Problem(error.problem, str(path))) from None


def public_key_of(text: str | bytes, where: str = "") -> PublicKey:
    """The public key whose text this is, to the byte, as a ledger or an export holds it.

    Raises VerificationError for anything else: another key's kind, a private key, a second way to write the same key.
    """
    if len(text) > LONGEST_FILE_BYTES:
        raise VerificationError(_too_long("public key"), where)
    if isinstance(text, bytes):
        text = text.decode("ascii", errors="replace")
    try:
        return _public_key_of(text)
    except VerificationError as error:
        raise VerificationError(error.problem, where) from None


def _public_key_of(text: str) -> PublicKey:
    label = _label_of(text)
    if label is None:
        message = "it is not a public key: that begins with “-----BEGIN PUBLIC KEY-----”, as `s75 key new` writes it"
        raise VerificationError(message)
    if label.endswith("PRIVATE KEY"):
        message = "it is a private key, which nobody but its owner should have; give the public one, NAME.pub"
        raise VerificationError(message)
    if label != "PUBLIC KEY":
        message = f"it holds “{label}”, not a public key; give NAME.pub, as `s75 key new` made it"
        raise VerificationError(message)
    damaged = "its text is damaged: it is not as `s75 key new` writes a public key; ask its owner for it again"
    body = _PUBLIC.fullmatch(text)
    if body is None:
        raise VerificationError(damaged)
    try:
        der = b64decode(body[1].replace("\n", ""), validate=True)
    except binascii.Error:
        raise VerificationError(damaged) from None
    if not der.startswith(_HEAD):
        message = "it is a public key of another kind than Ed25519; ask its owner for one that `s75 key new` made"
        raise VerificationError(message)
    key = PublicKey(der.removeprefix(_HEAD))
    if key.pem != text:  # base64 may write the same bytes in several ways
        raise VerificationError(damaged)
    return key


def _label_of(text: str) -> str | None:
    """What the PEM text says that it holds; None if it is no such text."""
    found = _LABEL.match(text)
    return found[1] if found else None


def _too_long(what: str) -> str:
    return f"it is longer than {LONGEST_FILE_BYTES // 1024} KiB, so no {what}"


def _text_of_file(path: Path) -> str:
    """A person's file as text with plain line ends. Raises RefusedError if it is none, or more than a key can be."""
    file = str(path)
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            refuse("it is a folder; name a file in it", file)
        if not S_ISREG(mode):
            refuse("it is not a file; name one", file)
        with path.open("rb") as opened:
            data = opened.read(LONGEST_FILE_BYTES + 1)
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", file)
    except ValueError:
        refuse("the file cannot be read: there can be no file of this name", file)
    if len(data) > LONGEST_FILE_BYTES:
        refuse(_too_long("key"), file)
    text = data.removeprefix(b"\xef\xbb\xbf").decode("ascii", errors="replace")
    return text.replace("\r\n", "\n").strip() + "\n"
