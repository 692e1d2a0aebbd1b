"""A private key opened in one process and used in another: 600,000 rounds of PBKDF2 would stop the window for a moment.

The key goes from process to process of the same person through memory alone, and is never written anywhere.
"""

from pathlib import Path

from settlement.signoff.keys import SigningKey, read_signing_key


def opened_key(path: str, passphrase: str) -> bytes:
    """The 32 bytes of the private key in a person's file. Raises RefusedError as `read_signing_key` does."""
    return read_signing_key(Path(path), passphrase)._private.private_bytes_raw()  # noqa: SLF001  its own neighbour


def key_from(opened: bytes) -> SigningKey:
    """The key of those 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  see keys

    return SigningKey(Ed25519PrivateKey.from_private_bytes(opened))
