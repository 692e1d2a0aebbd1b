"""A private key under a passphrase: PKCS #8 (RFC 5958) encrypted by PBES2 (RFC 8018), which every OpenSSL reads.

The library's own writer takes 2,048 rounds of PBKDF2, so that a stolen file's short passphrase is found within hours;
here it is as many as are asked for today. Only the envelope is ours: key derivation and cipher are the libraries'.
"""

import os
from base64 import encodebytes
from hashlib import pbkdf2_hmac

ROUNDS = 600_000
"""Of PBKDF2 with HMAC-SHA-256, as OWASP's cheat sheet on password storage has asked for since 2023."""

_SALT_BYTES = 16
_KEY_BYTES = 32
_BLOCK_BYTES = 16
_BLOCK_BITS = 128
_SHORT = 0x80
_SEQUENCE, _OCTETS, _INTEGER, _NULL = 0x30, 0x04, 0x02, bytes.fromhex("0500")
# Object identifiers, encoded: PBES2, PBKDF2, HMAC with SHA-256, AES-256 in CBC mode.
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d0209")
_AES256_CBC = bytes.fromhex("060960864801650304012a")


def under_passphrase(private_key: bytes, passphrase: bytes) -> bytes:
    """The PEM text of a private key (PKCS #8, DER) under a passphrase."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415  see keys
    from cryptography.hazmat.primitives.padding import PKCS7  # noqa: PLC0415

    salt, start = os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    key = pbkdf2_hmac("sha256", passphrase, salt, ROUNDS, _KEY_BYTES)
    padder, encryptor = PKCS7(_BLOCK_BITS).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    padded = padder.update(private_key) + padder.finalize()
    rounds = _der(_INTEGER, ROUNDS.to_bytes(ROUNDS.bit_length() // 8 + 1, "big"))
    derivation = _sequence(_PBKDF2, _sequence(_der(_OCTETS, salt), rounds, _sequence(_HMAC_SHA256, _NULL)))
    cipher = _sequence(_AES256_CBC, _der(_OCTETS, start))
    algorithm = _sequence(_PBES2, _sequence(derivation, cipher))
    envelope = _sequence(algorithm, _der(_OCTETS, encryptor.update(padded) + encryptor.finalize()))
    head, foot = (f"-----{word} ENCRYPTED PRIVATE KEY-----\n".encode() for word in ("BEGIN", "END"))
    body = encodebytes(envelope).replace(b"\n", b"")
    return head + b"".join(body[at : at + 64] + b"\n" for at in range(0, len(body), 64)) + foot


def _sequence(*parts: bytes) -> bytes:
    return _der(_SEQUENCE, b"".join(parts))


def _der(tag: int, content: bytes) -> bytes:
    """A value in the Distinguished Encoding Rules: its tag, its length, itself."""
    size = len(content)
    if size < _SHORT:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _SHORT | len(length)]) + length + content
