"""What sign-off keeps in a ledger, row by row: notes, sealed packs, signatures; and the rows that go into a pack.

What is signed and how it is checked is `settlement.signoff`; here it is only put in and read out again. Every table but
the kept totals is append-only with ids from 1, so that “everything up to this moment” is a number for each table: the
cut. A pack holds, for each table, the rows after the cut of the note before and up to its own.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import index
from typing import Any

from ledgers.ledger import Ledger, State
from ledgers.refusing import as_written, refuse, refuse_unless_writable
from ledgers.stored import StoredLedger
from rules.periods import Period

Cut = Mapping[str, int]
"""The last id of each table."""

Statement = tuple[int, str, int, str, int]
"""A statement put up for signature: its row, name, document, and the document's SHA-256 and size in bytes."""

SEALED_COLUMNS: dict[str, tuple[str, ...]] = {
    "agreements": ("id", "from_period", "body", "digest", "reason", "posted_at", "actor", "program"),
    "assents": ("id", "version", "partner", "text", "signature"),
    "audit": ("id", "at", "actor", "program", "action", "subject", "detail", "digest"),
    "batches": (
        "id", "file", "digest", "content", "count", "totals", "mapping", "posted_at", "actor", "program",
    ),
    "dispute_outcomes": ("id", "dispute", "period", "outcome", "reason", "at", "actor"),
    "disputes": ("id", "period", "partner", "line", "clause", "reason", "raised_at", "actor"),
    "documents": ("id", "digest", "size"),
    "evidence": ("id", "document", "about", "target", "name", "media_type", "note", "attached_at", "actor"),
    "keys": (
        "id", "partner", "name", "role", "public_key", "fingerprint", "replaces", "reason", "added_at", "actor",
    ),
    "lines": (
        "id", "batch", "period", "scheme", "partner", "kind", "amount_pence", "date", "reference", "description",
        "cause", "belongs_to", "row_number", "raw", "reverses", "reason",
    ),
    "mappings": ("id", "name", "body", "saved_at", "actor"),
    "measures": ("id", "batch", "period", "measure", "baseline", "target", "actual", "row_number", "raw"),
    "note_statements": ("id", "note", "name", "document"),
    "notes": ("id", "period", "text", "signatories", "cut", "prepared_by", "sealed_at", "actor", "program"),
    "period_states": ("id", "period", "state", "after_batch", "changed_at", "actor"),
    "signatures": ("id", "note", "partner", "text", "signature"),
    "withdrawals": ("id", "note", "reason", "at", "actor"),
}  # fmt: skip
"""The form of pack 1: which columns of which tables are sealed. Packs are rebuilt by it, so it is never changed."""

_WINDOW = 5_000
_PART = 1 << 20
_LARGEST_PART = 1 << 22
LARGEST_ID = 2**63 - 1
"""Of a row: no table has more."""

_SUMS = """
    SELECT scheme, partner, kind, cause, period, CAST(SUM(amount_pence) AS BIGINT) FROM lines WHERE id <= :upto
    GROUP BY scheme, partner, kind, cause, period
"""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as the ledger has it. `sequence` is its id."""

    sequence: int
    period: Period
    text: str
    signatories: int
    cut: Cut
    prepared_by: str
    sealed_at: str
    actor: str
    program: str
    is_withdrawn: bool
    signed_by: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every partner has signed."""
        return len(self.signed_by) == self.signatories

    @property
    def is_pending(self) -> bool:
        """Whether signatures are still to come."""
        return not self.is_withdrawn and not self.is_complete


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature as the ledger has it: of the text, in hexadecimal."""

    id: int
    sequence: int
    partner: str
    text: str
    signature: str


def stored(ledger: Ledger) -> StoredLedger:
    """The ledger as one that keeps notes. Raises RefusedError for a folder, which is only read."""
    if not isinstance(ledger, StoredLedger):
        refuse("a ledger in a folder has no sign-off; make a file of it and import its lines there", ledger.name)
    return ledger


# What goes into a pack


def ends(ledger: StoredLedger) -> dict[str, int]:
    """The cut as it would be made now."""
    selects = ", ".join(f"(SELECT COALESCE(MAX(id), 0) FROM {table})" for table in SEALED_COLUMNS)  # noqa: S608  ours
    (found,) = ledger.store.rows(f"SELECT {selects}")
    return dict(zip(SEALED_COLUMNS, found, strict=True))


def sealed_rows(ledger: StoredLedger, table: str, after: int, upto: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in a range of ids, by `SEALED_COLUMNS`, a window at a time whatever their number."""
    sql = (
        f"SELECT {', '.join(SEALED_COLUMNS[table])} FROM {table} "  # noqa: S608  our names
        f"WHERE id > :after AND id <= :upto ORDER BY id LIMIT {_WINDOW}"
    )
    while found := ledger.store.rows(sql, after=after, upto=upto):
        yield from found
        after = found[-1][0]


def sums_upto(ledger: StoredLedger, line: int) -> dict[tuple[str, str, str, str, int], int]:
    """What the lines up to one come to, in pence, by scheme, partner, kind, cause and period: from the lines."""
    return {tuple(key): pence for *key, pence in ledger.store.rows(_SUMS, upto=line)}


def meta(ledger: StoredLedger) -> dict[str, str]:
    """What the ledger is: its own id under `ledger`, who made it and when."""
    return dict(ledger.store.rows("SELECT key, value FROM meta ORDER BY key"))


# Notes and their packs


def notes(ledger: StoredLedger) -> tuple[NoteRow, ...]:
    """Every note, in sequence."""
    found = ledger.store.rows(
        "SELECT id, period, text, signatories, cut, prepared_by, sealed_at, actor, program FROM notes ORDER BY id"
    )
    withdrawn = {note for (note,) in ledger.store.rows("SELECT note FROM withdrawals")}
    signed: dict[int, list[str]] = {}
    for note, partner in ledger.store.rows("SELECT note, partner FROM signatures ORDER BY id"):
        signed.setdefault(note, []).append(partner)
    with as_written(ledger.name):
        return tuple(
            NoteRow(
                sequence,
                Period(period),
                _text(text),
                index(signatories),
                _cut(ledger, sequence, cut),
                _text(prepared_by),
                _text(sealed_at),
                _text(actor),
                _text(program),
                sequence in withdrawn,
                tuple(signed.get(sequence, ())),
            )
            for sequence, period, text, signatories, cut, prepared_by, sealed_at, actor, program in found
        )


def _text(value: object) -> str:
    """A text, as what is hashed must be. Raises TypeError for anything else."""
    if type(value) is not str:
        message = f"a text of a note is {type(value).__name__}"
        raise TypeError(message)
    return value


def _cut(ledger: StoredLedger, sequence: int, text: str) -> Cut:
    """Read only if it is to the letter as `add_note` writes it: whatever else stands there is no cut."""
    try:
        cut = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        cut = None
    if (
        not isinstance(cut, dict)
        or list(cut) != list(SEALED_COLUMNS)
        or any(type(end) is not int or not 0 <= end <= LARGEST_ID for end in cut.values())
        or json.dumps(cut) != text
    ):
        refuse(f"how far note {sequence} goes cannot be read: the ledger was changed outside the program", ledger.name)
    return cut


def compressed(pack: Iterable[bytes]) -> Iterator[bytes]:
    """A pack in the compressed pieces that `add_note` puts in."""
    for piece in _in_parts(pack):
        yield zlib.compress(piece, 1)


def add_note(ledger: StoredLedger, row: NoteRow, parts: Iterable[bytes]) -> None:
    """Put a note in, and its pack in `compressed` pieces. Within a transaction."""
    ledger.store.run(
        "INSERT INTO notes (id, period, text, signatories, cut, prepared_by, sealed_at, actor, program) "
        "VALUES (:id, :period, :text, :signatories, :cut, :prepared_by, :sealed_at, :actor, :program)",
        id=row.sequence,
        period=int(row.period),
        text=row.text,
        signatories=row.signatories,
        cut=json.dumps(dict(row.cut)),
        prepared_by=row.prepared_by,
        sealed_at=row.sealed_at,
        actor=row.actor,
        program=row.program,
    )
    ((last,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) FROM pack_parts")
    for part, body in enumerate(parts, 1):
        ledger.store.run(
            "INSERT INTO pack_parts (id, note, part, body) VALUES (:id, :note, :part, :body)",
            id=last + part,
            note=row.sequence,
            part=part,
            body=body,
        )


def _in_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _PART:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def sealed_pack(ledger: StoredLedger, sequence: int) -> Iterator[bytes]:
    """The pack of a note as it was sealed, in pieces. Raises RefusedError if a piece cannot be unpacked."""
    parts = ledger.store.rows("SELECT id FROM pack_parts WHERE note = :note ORDER BY part", note=sequence)
    for number, (part,) in enumerate(parts, 1):
        ((body,),) = ledger.store.rows("SELECT body FROM pack_parts WHERE id = :id", id=part)
        unpack = zlib.decompressobj()
        try:
            piece = unpack.decompress(body, _LARGEST_PART)  # bounded: a few bytes can unpack to a billion
        except (zlib.error, TypeError):
            piece = b""
        if not piece or not unpack.eof or unpack.unused_data:
            refuse(f"piece {number} of the sealed pack of note {sequence} is damaged", ledger.name)
        yield piece


def put_statements(ledger: StoredLedger, sequence: int, statements: Iterable[Statement]) -> None:
    """Say which documents are the statements put up for signature with a note. Within a transaction."""
    for number, name, document, _, _ in statements:
        ledger.store.run(
            "INSERT INTO note_statements (id, note, name, document) VALUES (:id, :note, :name, :document)",
            id=number,
            note=sequence,
            name=name,
            document=document,
        )


def statements_of(ledger: StoredLedger, sequence: int) -> tuple[Statement, ...]:
    """The statements put up for signature with a note: row, name, document, digest and size in bytes."""
    found = ledger.store.rows(
        "SELECT note_statements.id, name, document, digest, size FROM note_statements "
        "JOIN documents ON documents.id = note_statements.document WHERE note = :note ORDER BY note_statements.id",
        note=sequence,
    )
    return tuple(found)


# Signatures


def signatures(ledger: StoredLedger, sequence: int | None = None) -> tuple[SignatureRow, ...]:
    """The signatures of a note, or all, in the order they were given."""
    found = ledger.store.rows("SELECT id, note, partner, text, signature FROM signatures ORDER BY id")
    return tuple(SignatureRow(*row) for row in found if sequence is None or row[1] == sequence)


def add_signature(ledger: StoredLedger, sequence: int, partner: str, text: str, signature: bytes) -> None:
    """Put a partner's signature in. Within a transaction; whether it holds is the caller's to check."""
    refuse_unless_writable(ledger)
    ledger.store.run(
        "INSERT INTO signatures (id, note, partner, text, signature) "
        "SELECT COALESCE(MAX(id), 0) + 1, :note, :partner, :text, :signature FROM signatures",
        note=sequence,
        partner=partner,
        text=text,
        signature=signature.hex(),
    )


def close_signed(ledger: StoredLedger, note: NoteRow, *, at: str, actor: str) -> tuple[Period, ...]:
    """Make the note's period, and every held one before it, signed; says which. Within a transaction."""
    held = [state.period for state in ledger.periods() if state.period <= note.period and state.state is State.HELD]
    ((last,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) FROM period_states")
    for number, period in enumerate(held, last + 1):
        ledger.store.run(
            "INSERT INTO period_states (id, period, state, after_batch, changed_at, actor) "
            "VALUES (:id, :period, 'signed', :after_batch, :changed_at, :actor)",
            id=number,
            period=int(period),
            after_batch=note.cut["batches"],
            changed_at=at,
            actor=actor,
        )
    return tuple(held)


def add_withdrawal(ledger: StoredLedger, sequence: int, reason: str, *, at: str, actor: str) -> None:
    """Give a note up. Within a transaction."""
    ledger.store.run(
        "INSERT INTO withdrawals (id, note, reason, at, actor) "
        "SELECT COALESCE(MAX(id), 0) + 1, :note, :reason, :at, :actor FROM withdrawals",
        note=sequence,
        reason=reason,
        at=at,
        actor=actor,
    )
