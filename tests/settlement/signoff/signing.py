"""Notes, signatories' keys and signatures to test with; a folder as an export writes it."""

from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rules.periods import FinancialYear, Period
from settlement.signoff.keys import SigningKey
from settlement.signoff.notes import Note, Signed

WORDS = "four words of it"


def key_of(number: int) -> SigningKey:
    """A private key, always the same for the same number."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "little")))


LBB, BCCG, STRANGER = key_of(1), key_of(2), key_of(3)

FIRST = Note(
    ledger="3f2c9a54-0d5e-4f0c-9b1e-6a7d8c9e0f12",
    agreement="barnet-2014-15",
    year=FinancialYear(2014),
    sequence=1,
    period=Period.M3,
    partners=("LBB", "BCCG"),
    pack_digest="ab" * 32,
    pack_bytes=12345,
    previous=None,
)


def signed_by(key: SigningKey, note: Note = FIRST, partner: str = "LBB") -> Signed:
    """What a signatory for a partner signs with this key."""
    return Signed(
        note=note,
        partner=partner,
        name="Director of Finance",
        role="Section 151 officer",
        at="2014-10-05T09:30:00+00:00",
        login="finance",
        program="S75 Settlement 0.1.0",
        fingerprint=key.fingerprint,
    )


def exported(folder: Path) -> Path:
    """Two notes of a ledger, signed by both partners, in files; beside them the partners' public keys."""
    previous = None
    for sequence in (1, 2):
        place = folder / f"{sequence:04}"
        (place / "statements").mkdir(parents=True)
        statements = {}
        for code in ("LBB", "BCCG"):
            statement = f"<html>Statement {sequence} of {code}</html>".encode()
            name = f"{code} settlement statement.html"
            (place / "statements" / name).write_bytes(statement)
            statements[name] = sha256(statement).hexdigest()
        members = ",".join(f'"{name}":"{digest}"' for name, digest in sorted(statements.items()))
        pack = f'{{"statements":{{{members}}}}}'.encode()
        note = Note(
            ledger=FIRST.ledger,
            agreement=FIRST.agreement,
            year=FIRST.year,
            sequence=sequence,
            period=Period(3 * sequence),
            partners=FIRST.partners,
            pack_digest=sha256(pack).hexdigest(),
            pack_bytes=len(pack),
            previous=previous,
        )
        (place / "pack.json").write_bytes(pack)
        (place / "note.txt").write_bytes(note.text.encode())
        for code, key in (("LBB", LBB), ("BCCG", BCCG)):
            text = signed_by(key, note, code).text.encode()
            (place / f"{code}.txt").write_bytes(text)
            (place / f"{code}.sig").write_bytes(key.sign(text))
            (folder / f"{code}.pub").write_text(key.public.pem, encoding="ascii", newline="\n")
        previous = note.digest
    return folder
