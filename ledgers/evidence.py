"""Evidence: an invoice, a minute, an email, attached to the line or decision that it is evidence of.

A document is kept once, by its SHA-256 digest, whatever it is attached to; who attached it to what, and when, stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from ledgers.ledger import Ledger
from ledgers.refusing import one_line, refuse, without_control
from ledgers.retrying import retried
from ledgers.store import Store
from ledgers.stored import StoredLedger, to_change
from ledgers.trail import Action, record
from rules.periods import Period

LARGEST = 25 << 20
"""Bytes of a document: a scanned invoice has one million, and a file that goes from hand to hand must stay handy."""

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_ZIP, _COMPOUND = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
# Its ending, its media type, and the bytes that it begins with: a file that is not what it is called is only bytes.
# Not the `mimetypes` module: that answers by what is installed on the computer.
_MEDIA_TYPES = {
    ".csv": ("text/csv", b""),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".eml": ("message/rfc822", b""),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".msg": ("application/vnd.ms-outlook", _COMPOUND),
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".txt": ("text/plain", b""),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
}
_ANY = "application/octet-stream"


class About(StrEnum):
    """What a document is evidence of. A period: of a decision about it, such as to hold or reopen it."""

    LINE = "line"
    VIREMENT = "virement"
    AGREEMENT = "agreement"
    DISPUTE = "dispute"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document attached to something. `size` is in bytes, `digest` SHA-256 in hexadecimal, `at` ISO 8601, UTC.

    `target` is the line's, the dispute's or the version's number, the virement's reference, or the period.
    """

    id: int
    digest: str
    size: int
    about: About
    target: str
    name: str
    media_type: str
    note: str
    at: str
    actor: str

    @property
    def of(self) -> str:
        """What it is evidence of, as a sentence names it: `line 12`, `version 2 of the agreement`, `M6`."""
        return _of(self.about, self.target)


def _of(about: About, target: str) -> str:
    if about is About.PERIOD:
        return target
    return f"version {target} of the agreement" if about is About.AGREEMENT else f"{about} {target}"


@retried
def attach(ledger: Ledger, path: str | Path, about: About, target: str | int | Period, note: str = "") -> Evidence:
    """Attach a file to a line, a virement (by its reference), a version of the agreement, a dispute or a period.

    Refused if there is no such target, the file is empty, larger than 25 MiB or cannot be read, or it is attached
    to the target already.
    """
    changed = to_change(ledger)
    name, body = _read(Path(path))
    told = without_control(one_line(note), "note", ledger.name)
    with changed.store.transaction():
        wanted = _target(changed, About(about), str(target).strip())
        kept = put_document(changed.store, body)
        for other in evidence(changed):
            if (other.digest, other.about, other.target) == (kept.digest, about, wanted):
                refuse(f"this document is attached to {other.of} already, as “{other.name}”", str(path))
        ((number,),) = changed.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM evidence")
        now = changed.now()
        attached = Evidence(
            number,
            kept.digest,
            kept.size,
            About(about),
            wanted,
            name,
            _media_type(name, body),
            told,
            now.isoformat(timespec="seconds"),
            changed.store.actor(),
        )
        changed.store.run(
            "INSERT INTO evidence (id, document, about, target, name, media_type, note, attached_at, actor) "
            "VALUES (:id, :document, :about, :target, :name, :media_type, :note, :at, :actor)",
            id=attached.id,
            document=kept.id,
            about=attached.about.value,
            target=attached.target,
            name=attached.name,
            media_type=attached.media_type,
            note=attached.note,
            at=attached.at,
            actor=attached.actor,
        )
        detail = f"“{name}” attached to {attached.of}; {kept.size:,} bytes, sha256 {kept.digest}"
        record(changed.store, now, Action.EVIDENCE, f"evidence {number}", f"{detail}: {told}" if told else detail)
    return attached


def evidence(ledger: Ledger) -> tuple[Evidence, ...]:
    """Everything attached, in order. A folder has none."""
    if not isinstance(ledger, StoredLedger):
        return ()
    found = ledger.store.rows(
        "SELECT evidence.id, digest, size, about, target, name, media_type, note, attached_at, actor "
        "FROM evidence JOIN documents ON documents.id = evidence.document ORDER BY evidence.id"
    )
    return tuple(Evidence(number, digest, size, About(about), *told) for number, digest, size, about, *told in found)


# Documents


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the ledger keeps it: its number, its SHA-256 in hexadecimal, its size in bytes."""

    id: int
    digest: str
    size: int


def put_document(store: Store, body: bytes) -> Document:
    """The document with these bytes, put in if it is not there yet. Within a transaction."""
    digest = sha256(body).hexdigest()
    found = store.rows("SELECT id FROM documents WHERE digest = :digest", digest=digest)
    if found:
        return Document(int(found[0][0]), digest, len(body))
    ((number,),) = store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM documents")
    store.run(
        "INSERT INTO documents (id, digest, size, body) VALUES (:id, :digest, :size, :body)",
        id=number,
        digest=digest,
        size=len(body),
        body=body,
    )
    return Document(int(number), digest, len(body))


def document(ledger: Ledger, digest: str) -> bytes:
    """The bytes of a document. Raises RefusedError if there is none of that digest, or its bytes are not those."""
    found = []
    if isinstance(ledger, StoredLedger):
        found = ledger.store.rows("SELECT body FROM documents WHERE digest = :digest", digest=digest)
    if not found:
        refuse(f"the ledger has no document with the digest “{digest}”", ledger.name)
    body = bytes(found[0][0])
    if sha256(body).hexdigest() != digest:
        refuse(f"the document {digest} is damaged: its bytes are not those that were put in", ledger.name)
    return body


def damaged_documents(ledger: StoredLedger) -> Iterator[tuple[int, str]]:
    """The number and digest of each document whose bytes or size are no longer its own; one at a time in memory."""
    for number, digest, size in ledger.store.rows("SELECT id, digest, size FROM documents ORDER BY id"):
        ((body,),) = ledger.store.rows("SELECT body FROM documents WHERE id = :id", id=number)
        if len(body) != size or sha256(body).hexdigest() != digest:
            yield number, digest


def _read(path: Path) -> tuple[str, bytes]:
    """The file's own name, and its bytes."""
    name = without_control(path.name, "file name", str(path))
    try:
        if not path.exists():
            refuse("there is no such file", str(path))
        if not path.is_file():
            refuse("this is not a file; name the document to attach", str(path))
        with path.open("rb") as stream:
            body = stream.read(LARGEST + 1)
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror or error}", str(path))
    if not body:
        refuse("the file is empty: it is evidence of nothing", str(path))
    if len(body) > LARGEST:
        refuse(f"the file is larger than {LARGEST >> 20} MiB; attach the pages that matter", str(path))
    return name, body


def _media_type(name: str, body: bytes) -> str:
    media_type, begins = _MEDIA_TYPES.get(Path(name).suffix.lower(), (_ANY, b""))
    if not body.startswith(begins) or (not begins and b"\0" in body):
        return _ANY
    return media_type


def _target(ledger: StoredLedger, about: About, target: str) -> str:
    """What is meant, as it is kept. Raises RefusedError if the ledger has nothing of the kind."""
    if about is About.PERIOD:
        try:
            return str(Period.read(target.upper()))
        except ValueError as error:
            refuse(str(error), ledger.name)
    if about is About.VIREMENT:
        found = ledger.store.rows(
            "SELECT 1 FROM lines WHERE kind = 'virement' AND reference = :reference LIMIT 1", reference=target
        )
        if not target or not found:
            refuse(f"the ledger has no virement with the reference “{target}”", ledger.name)
        return target
    number = int(target) if _NUMBER.fullmatch(target) else 0
    tables = {About.LINE: "lines", About.AGREEMENT: "agreements", About.DISPUTE: "disputes"}
    sql = f"SELECT 1 FROM {tables[about]} WHERE id = :id"  # noqa: S608  our names
    if not ledger.store.rows(sql, id=number):
        refuse(f"the ledger has no {_of(about, target)}", ledger.name)
    return str(number)
