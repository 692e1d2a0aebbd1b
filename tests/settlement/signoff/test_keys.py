"""Signatories' keys: made once and never overwritten, read strictly, refused in sentences."""

import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import example, given
from hypothesis import strategies as st

from rules.problems import RefusedError
from settlement.signoff.errors import VerificationError
from settlement.signoff.keys import (
    KeyFiles,
    PublicKey,
    SigningKey,
    new_key,
    public_key_of,
    read_public_key,
    read_signing_key,
)
from settlement.signoff.points import is_public_key
from tests.settlement.signoff.signing import BCCG, LBB, WORDS, key_of

ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    """A pair that the program made."""
    return new_key(tmp_path_factory.mktemp("keys"), "LBB", WORDS)


def openssl(*arguments: object) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


# --- making -----------------------------------------------------------------------------------------------------------


def test_a_pair_signs_and_checks(pair: KeyFiles) -> None:
    private, public = read_signing_key(pair.private, WORDS), read_public_key(pair.public)

    assert private.public == public
    assert private.fingerprint == public.fingerprint
    assert public.verifies(private.sign(b"what is signed"), b"what is signed")
    assert not public.verifies(private.sign(b"what is signed"), b"what was not")
    assert not public.verifies(b"", b"what is signed")
    assert not LBB.public.verifies(private.sign(b"what is signed"), b"what is signed")


def test_a_private_key_is_its_owners_alone_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = {}
    opened = os.open

    def noting(path: Path, flags: int, mode: int = 0o777) -> int:
        modes[Path(path).name] = (flags & os.O_EXCL, mode)
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", noting)
    files = new_key(tmp_path / "made" / "for it", "LBB", WORDS)

    assert modes == {"LBB.key": (os.O_EXCL, 0o600), "LBB.pub": (os.O_EXCL, 0o644)}
    if os.name == "posix":
        assert files.private.stat().st_mode & 0o777 == 0o600


def test_a_private_key_is_under_its_passphrase(pair: KeyFiles) -> None:
    assert pair.private.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")


def test_openssl_reads_both_files_and_gives_the_same_fingerprint(pair: KeyFiles) -> None:
    of_private = openssl("pkey", "-in", pair.private, "-passin", f"pass:{WORDS}", "-pubout", "-outform", "DER")
    of_public = openssl("pkey", "-pubin", "-in", pair.public, "-outform", "DER")

    assert of_private == of_public
    assert sha256(of_public).hexdigest() == read_public_key(pair.public).fingerprint


def test_a_public_key_has_the_text_that_cryptography_gives_it() -> None:
    theirs = Ed25519PublicKey.from_public_bytes(LBB.public.raw)

    assert LBB.public.pem.encode() == theirs.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    assert LBB.public.der == theirs.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)


def test_keys_and_signatures_are_those_of_the_standard() -> None:
    """RFC 8032, 7.1, test 1."""
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(secret))

    assert key.public.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b"
    )


def test_a_private_key_never_prints() -> None:
    assert repr(LBB) == "SigningKey()"


@pytest.mark.parametrize("ending", ["key", "pub"])
def test_neither_file_is_ever_overwritten(tmp_path: Path, ending: str) -> None:
    there = tmp_path / f"LBB.{ending}"
    there.write_text("mine", encoding="utf-8")

    with pytest.raises(RefusedError, match=f"LBB.{ending}: there is such a file already, and a key is never"):
        new_key(tmp_path, "LBB", WORDS)

    assert there.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.skipif(os.name == "nt", reason="needs a privilege there")
def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "LBB.key").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(RefusedError, match="there is such a file already"):
        new_key(tmp_path, "LBB", WORDS)

    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("fails_at", [1, 2])
def test_where_the_disk_is_full_neither_file_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    written = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == fails_at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RefusedError, match=r"LBB.key: the key cannot be written: No space left .* nothing is left"):
        new_key(tmp_path, "LBB", WORDS)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_comes_to_be_in_between_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
    (tmp_path / "LBB.pub").write_text("mine", encoding="utf-8")

    with pytest.raises(RefusedError, match=r"LBB.pub: the key cannot be written: File exists"):
        new_key(tmp_path, "LBB", WORDS)

    assert [path.name for path in tmp_path.iterdir()] == ["LBB.pub"]
    assert (tmp_path / "LBB.pub").read_text(encoding="utf-8") == "mine"


def test_a_stop_in_between_leaves_neither_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        new_key(tmp_path, "LBB", WORDS)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["LBB", "LBB 2014.15", "Zoë", "a_b-c", "CONSORT", "7"])
def test_names_that_every_computer_takes(tmp_path: Path, name: str) -> None:
    assert new_key(tmp_path, name, WORDS).public == tmp_path / f"{name}.pub"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "a key needs a name"),
        ("a/b", "a key’s name has letters, digits, spaces"),
        ("a\\b", "a key’s name has letters"),
        ("..", "a key’s name has letters"),
        (".hidden", "a key’s name has letters"),
        ("ends.", "a key’s name has letters"),
        (" x", "a key’s name has letters"),
        ("x ", "a key’s name has letters"),
        ("-x", "a key’s name has letters"),
        ("a:b", "a key’s name has letters"),
        ("a\nb", "a key’s name has letters"),
        ("a\x00b", "a key’s name has letters"),
        ("LBB.key", "leave the ending out of the name: LBB gives LBB.key and LBB.pub"),
        ("LBB.PUB", "leave the ending out of the name"),
        ("con", "Windows keeps this name for a device"),
        ("NUL.2014", "Windows keeps this name for a device"),
        ("lpt1", "Windows keeps this name for a device"),
        ("COM¹", "Windows keeps this name for a device"),
        ("x" * 101, "a key’s name has at most 100 characters"),
    ],
)
def test_a_name_that_some_computer_does_not_take_is_refused(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        new_key(tmp_path, name, WORDS)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("passphrase", "told"),
    [
        ("", "this one is empty"),
        ("seven77", "fewer than 8 characters; take several words"),
        ("   seven   ", "fewer than 8 characters"),
        ("eight\x00characters", "characters that cannot be typed again"),
        ("eight characters\r", "characters that cannot be typed again"),
        ("eight characters \udcff", "characters that cannot be typed again"),
        ("x" * 1001, "longer than 1,000 bytes"),
    ],
)
def test_a_passphrase_that_protects_nothing_is_refused(tmp_path: Path, passphrase: str, told: str) -> None:
    with pytest.raises(RefusedError, match=f"LBB.key: .*{told}.*; nothing was written"):
        new_key(tmp_path, "LBB", passphrase)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("passphrase", ["pässwörd £5 ✓", "x" * 1000])
def test_any_passphrase_that_can_be_typed_opens_its_key(tmp_path: Path, passphrase: str) -> None:
    files = new_key(tmp_path, "LBB", passphrase)

    assert read_signing_key(files.private, passphrase).public == read_public_key(files.public)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("", encoding="utf-8")

    with pytest.raises(RefusedError, match="the key cannot be written"):
        new_key(tmp_path / "folder", "LBB", WORDS)


# --- a private key's file ---------------------------------------------------------------------------------------------


def pem_of(
    private: Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey,
    shape: form.PrivateFormat = form.PrivateFormat.PKCS8,
    passphrase: str = WORDS,
) -> bytes:
    encryption = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
    return private.private_bytes(form.Encoding.PEM, shape, encryption)


def public_pem_of(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
X25519 = x25519.X25519PrivateKey.generate()
PLAIN = pem_of(LBB._private, passphrase="")
TRADITIONAL = form.PrivateFormat.TraditionalOpenSSL

WRONG_PRIVATE: dict[str, tuple[Callable[[], bytes], str | None, str]] = {
    "a wrong passphrase": (lambda: pem_of(LBB._private), "another one", "the passphrase is not the one that it was"),
    "no passphrase": (lambda: pem_of(LBB._private), None, "it is under a passphrase, and none was given; type it"),
    "an empty passphrase": (lambda: pem_of(LBB._private), "", "it is under a passphrase, and none was given"),
    "bytes as a passphrase": (lambda: pem_of(LBB._private), "\udcff", "the passphrase is not the one"),
    "a passphrase without end": (lambda: pem_of(LBB._private), "x" * 5000, "the passphrase is not the one"),
    "no encryption": (lambda: PLAIN, WORDS, "it is under no passphrase, .*`openssl pkcs8 -topk8 -in OLD.key"),
    "a public key": (LBB.public.pem.encode, WORDS, "it is a public key, and signs nothing; give the private"),
    "an RSA key": (lambda: pem_of(RSA), WORDS, "it is a private key of another kind than Ed25519; make one"),
    "an elliptic curve's key": (lambda: pem_of(EC), WORDS, "it is a private key of another kind"),
    "a key for exchange": (lambda: pem_of(X25519), WORDS, "it is a private key of another kind"),
    "an old form": (lambda: pem_of(RSA, TRADITIONAL), WORDS, "it holds “RSA PRIVATE KEY”, which is not a key"),
    "an old form, plain": (lambda: pem_of(EC, TRADITIONAL, ""), WORDS, "it holds “EC PRIVATE KEY”, which is not"),
    "SSH's form": (
        lambda: pem_of(LBB._private, form.PrivateFormat.OpenSSH, ""),
        WORDS,
        "it holds “OPENSSH PRIVATE KEY”, which is not a key that signs here; make one with `s75 key new`",
    ),
    "a cut file": (lambda: pem_of(LBB._private)[:150], WORDS, "or the file is damaged"),
    "an empty file": (lambda: b"", WORDS, "it is not a private key: that begins with"),
    "another file": (lambda: b"\x89PNG\r\n\x1a\n" * 100, WORDS, "it is not a private key: that begins with"),
    "a huge file": (lambda: pem_of(LBB._private) + b"\n" * 65536, WORDS, "it is longer than 64 KiB, so no key"),
    "a label without end": (lambda: b"-----BEGIN " + b"A" * 100 + b"-----\n", WORDS, "it is not a private key"),
}


@pytest.mark.parametrize("what", WRONG_PRIVATE)
def test_what_is_not_a_key_to_sign_with_is_refused_with_its_name(tmp_path: Path, what: str) -> None:
    data, passphrase, told = WRONG_PRIVATE[what]
    path = tmp_path / "LBB.key"
    path.write_bytes(data())

    with pytest.raises(RefusedError, match=f"^{re.escape(str(path))}: .*{told}"):
        read_signing_key(path, passphrase)


def test_a_key_without_passphrase_is_put_under_one_as_the_refusal_says(tmp_path: Path) -> None:
    (tmp_path / "old.key").write_bytes(PLAIN)
    passed = f"pass:{WORDS}"

    openssl("pkcs8", "-topk8", "-in", tmp_path / "old.key", "-out", tmp_path / "new.key", "-passout", passed)

    assert read_signing_key(tmp_path / "new.key", WORDS).public == LBB.public


def test_a_key_that_came_by_email_is_read_all_the_same(tmp_path: Path) -> None:
    """Line ends of Windows, a byte-order mark, blank lines around."""
    (tmp_path / "a.key").write_bytes(b"\xef\xbb\xbf\r\n" + pem_of(LBB._private).replace(b"\n", b"\r\n") + b"\r\n")
    (tmp_path / "a.pub").write_bytes(b"\xef\xbb\xbf\r\n" + LBB.public.pem.encode().replace(b"\n", b"\r\n") + b" ")

    assert read_signing_key(tmp_path / "a.key", WORDS).public == LBB.public
    assert read_public_key(tmp_path / "a.pub") == LBB.public


@pytest.mark.parametrize("read", [lambda path: read_signing_key(path, WORDS), read_public_key])
def test_what_cannot_be_read_is_refused_with_its_name(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path, told in (
        (tmp_path, "it is a folder; name a file in it"),
        (tmp_path / "missing.key", "the file cannot be read: No such file"),
        (tmp_path / "file" / "beneath", "the file cannot be read"),
        (tmp_path / ("x" * 300), "the file cannot be read"),
        (tmp_path / "a\0b", "the file cannot be read: there can be no file of this name"),
    ):
        with pytest.raises(RefusedError, match=told):
            read(path)


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(RefusedError, match="it is not a file; name one"):
        read_public_key(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "LBB.pub"
    path.write_text(LBB.public.pem, encoding="ascii")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(RefusedError, match=r"LBB.pub: the file cannot be read: Permission denied"):
        read_public_key(path)


# --- a public key's text ----------------------------------------------------------------------------------------------


def text_of(der: bytes, label: str = "PUBLIC KEY") -> str:
    return f"-----BEGIN {label}-----\n{b64encode(der).decode()}\n-----END {label}-----\n"


PUBLIC = LBB.public.pem
HEAD = LBB.public.der[:12]
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LAST = PUBLIC[PUBLIC.index("=\n") - 1] + "=\n"
OTHERWISE = DIGITS[DIGITS.index(LAST[0]) ^ 1] + "=\n"
"""The last digit has two bits that stand for nothing."""
WRONG_PUBLIC: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "it is not a public key: that begins with “-----BEGIN PUBLIC KEY-----”"),
    "SSH's form": ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA finance", "it is not a public key"),
    "bytes": (b"\xff\xfe\x00", "it is not a public key"),
    "a private key": (pem_of(LBB._private).decode(), "it is a private key, which nobody but its owner should have"),
    "a plain private key": (PLAIN, "it is a private key, which nobody but its owner should have; give the public"),
    "a certificate": (text_of(LBB.public.der, "CERTIFICATE"), "it holds “CERTIFICATE”, not a public key; give"),
    "an RSA key": (public_pem_of(RSA), "it is a public key of another kind than Ed25519|its text is damaged"),
    "an elliptic curve's key": (public_pem_of(EC), "it is a public key of another kind than Ed25519"),
    "a key for exchange": (public_pem_of(X25519), "it is a public key of another kind than Ed25519; ask its owner"),
    "a byte too few": (text_of(LBB.public.der[:-1]), "it is no public key that Ed25519 makes"),
    "a byte too many": (text_of(LBB.public.der + b"\0"), "it is no public key that Ed25519 makes"),
    "two keys": (PUBLIC + BCCG.public.pem, "its text is damaged"),
    "no end": (PUBLIC.removesuffix("-----END PUBLIC KEY-----\n"), "its text is damaged"),
    "text before": ("LBB's key:\n" + PUBLIC, "it is not a public key"),
    "text after": (PUBLIC + "LBB", "its text is damaged"),
    "no base64": (PUBLIC.replace("MCow", "M=ow"), "its text is damaged"),
    "base64 that writes the same bytes otherwise": (PUBLIC.replace(LAST, OTHERWISE), "its text is damaged"),
    "lines broken elsewhere": (PUBLIC.replace("MCow", "MCow\n"), "its text is damaged"),
    "a text without end": (PUBLIC + "\n" * 70000, "it is longer than 64 KiB, so no public key"),
}


@pytest.mark.parametrize("what", WRONG_PUBLIC)
def test_what_is_not_a_public_key_is_refused(tmp_path: Path, what: str) -> None:
    """In a ledger by the error of verification; in a file that a person named, as that person's input."""
    data, told = WRONG_PUBLIC[what]
    encoded = data if isinstance(data, bytes) else data.encode()
    (tmp_path / "LBB.pub").write_bytes(encoded)

    with pytest.raises(VerificationError, match=f"^keys 1: ({told})"):
        public_key_of(data, "keys 1")
    with pytest.raises(VerificationError, match=f"^({told})"):
        public_key_of(encoded)
    with pytest.raises(RefusedError, match=f"LBB.pub: ({told.replace('no public key', 'no (?:public )?key')})"):
        read_public_key(tmp_path / "LBB.pub")


SMALL = [
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "00" * 32,
    "00" * 31 + "80",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
"""The eight points of small order."""
TWICE = ["01" + "00" * 30 + "80", "ec" + "ff" * 31, "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "ff" * 32]
"""Second ways to write a point, or none."""


def test_under_a_point_of_small_order_anybody_could_sign_which_is_why_it_is_refused() -> None:
    zero = bytes.fromhex(SMALL[0])

    Ed25519PublicKey.from_public_bytes(zero).verify(zero + bytes(32), b"whatever you like")  # and no error

    with pytest.raises(VerificationError, match="no public key that Ed25519 makes, and must not be trusted"):
        PublicKey(zero)


@pytest.mark.parametrize("raw", SMALL + TWICE)
def test_no_key_is_a_point_of_small_order_or_written_in_a_second_way(raw: str) -> None:
    assert not is_public_key(bytes.fromhex(raw))
    with pytest.raises(VerificationError, match="no public key that Ed25519 makes"):
        public_key_of(text_of(HEAD + bytes.fromhex(raw)))


@given(st.integers(0, 2**256 - 1))
@example(1)
def test_every_key_that_is_made_is_sound_and_beside_the_group_none_is(number: int) -> None:
    """Adding the point of order two, (0, -1), turns (x, y) into (-x, -y), which no private key gives."""
    raw = key_of(number).public.raw
    written = int.from_bytes(raw, "little")
    x_is_odd, y = written >> 255, written & (2**255 - 1)
    beside = (P - y) | (1 - x_is_odd) << 255

    assert is_public_key(raw)
    assert not is_public_key(beside.to_bytes(32, "little"))


def test_about_one_in_sixteen_of_any_bytes_is_a_key() -> None:
    """Half of all y have an x, and an eighth of those points lie in the group of prime order."""
    found = sum(is_public_key(sha256(bytes([number])).digest()) for number in range(256))

    assert 4 <= found <= 32


def test_no_byte_of_a_public_keys_text_can_be_changed_unnoticed() -> None:
    """Refused, or another key."""
    text = PUBLIC.encode()
    for at in range(len(text)):
        for each in {*(text[at] ^ 1 << bit for bit in range(8)), *b"A=\n "} - {text[at]}:
            try:
                read = public_key_of(text[:at] + bytes([each]) + text[at + 1 :])
            except VerificationError:
                continue
            assert read != LBB.public


@given(st.binary() | st.text() | st.binary(max_size=60).map(text_of))
def test_whatever_is_given_as_a_public_key_is_refused_by_one_error(data: bytes | str) -> None:
    with pytest.raises(VerificationError):
        public_key_of(data)


@given(at=st.integers(0, 300), byte=st.integers(0, 255))
def test_a_damaged_private_key_is_refused_or_is_the_same(pair: KeyFiles, at: int, byte: int) -> None:
    """Its two bytes of padding may change nothing; never is it another error, and seldom another key."""
    data = bytearray(pair.private.read_bytes())
    data[at % len(data)] = byte
    damaged = pair.private.with_name("damaged.key")
    damaged.write_bytes(data)
    try:
        key = read_signing_key(damaged, WORDS)
    except RefusedError:
        return
    assert key.public.verifies(key.sign(b"x"), b"x")
