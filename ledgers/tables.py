"""The one definition of the ledger's tables, for SQLite and PostgreSQL alike.

Migrations make them and a test holds the two equal. SQL elsewhere in this package is text over these names, because the
read path must not load SQLAlchemy; the classes are for migrations, tests and whoever wants to query a ledger by ORM.
Whole pence are BIGINT (a plain PostgreSQL integer overflows at £21.47m), text is `Text` (STRICT refuses VARCHAR), days
and times are ISO text, so that both stores hold the same characters. `table=True` validates nothing: posting has its
own checks, and the constraints here are the guard rail below them.
"""

from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from rules.agreement import Kind

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
APPEND_ONLY = (
    "agreements", "assents", "audit", "batches", "dispute_outcomes", "disputes", "documents", "evidence", "keys",
    "lines", "mappings", "measures", "meta", "note_statements", "notes", "pack_parts", "period_states", "signatures",
    "withdrawals",
)  # fmt: skip
"""Tables whose rows triggers keep from being changed or taken out: all but the kept totals."""

# STRICT knows INTEGER and no BIGINT; in SQLite it holds 64 bits, and as a primary key it must be called so.
_PENCE = BigInteger().with_variant(Integer, "sqlite")
_ID = _PENCE
_STRICT = {"sqlite_strict": True}
_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class _Table(SQLModel, registry=registry(metadata=METADATA)):
    """The ledger's tables have a metadata of their own: SQLModel's is global, and other programs' tables are in it."""

    metadata: ClassVar[MetaData] = METADATA


def _id() -> Column[int]:
    return Column("id", _ID, primary_key=True, autoincrement=False)


def _text(name: str, *, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _batch() -> Column[int]:
    # Deferred: a batch knows its count and totals only when its lines are in, and is then never changed.
    deferred = ForeignKey("batches.id", deferrable=True, initially="DEFERRED")
    return Column("batch", _ID, deferred, nullable=False)


def _of(name: str, target: str) -> Column[int]:
    return Column(name, _ID, ForeignKey(target), nullable=False)


def _optional(name: str, target: str) -> Column[int]:
    return Column(name, _ID, ForeignKey(target), nullable=True)


def _blob(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


class MetaRow(_Table, table=True):
    """What the ledger is: its own id, who made it and when."""

    __tablename__ = "meta"
    __table_args__ = (_STRICT,)

    key: str = Field(sa_column=Column("key", Text, primary_key=True))
    value: str = Field(sa_column=_text("value"))


class BatchRow(_Table, table=True):
    """What was posted at once. `digest` is of the file, which is so refused the second time; null if there was none."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("content IN ('lines', 'measures', 'posting', 'reversal')", name="content"),
        CheckConstraint("count >= 0", name="count"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    file: str = Field(sa_column=_text("file"))
    digest: str | None = Field(sa_column=Column("digest", Text, unique=True, nullable=True))
    content: str = Field(sa_column=_text("content"))
    count: int = Field(sa_column=Column("count", _PENCE, nullable=False))
    totals: str = Field(sa_column=_text("totals"))
    mapping: str = Field(sa_column=_text("mapping"))
    posted_at: str = Field(sa_column=_text("posted_at"))
    actor: str = Field(sa_column=_text("actor"))
    program: str = Field(sa_column=_text("program"))


class LineRow(_Table, table=True):
    """A line of the ledger, never changed."""

    __tablename__ = "lines"
    __table_args__ = (
        CheckConstraint("period BETWEEN 1 AND 13", name="period"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("cause = '' OR (cause = 'default' AND kind IN ('actual', 'accrual'))", name="cause"),
        CheckConstraint("belongs_to IS NULL OR (belongs_to >= 1 AND belongs_to < period)", name="belongs_to"),
        CheckConstraint("reverses IS NULL OR (reverses < id AND reason <> '')", name="reverses"),
        Index(None, "scheme", "kind"),
        Index(
            None,
            "reverses",
            unique=True,
            sqlite_where=text("reverses IS NOT NULL"),
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index(None, "reference", sqlite_where=text("kind = 'virement'"), postgresql_where=text("kind = 'virement'")),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    batch: int = Field(sa_column=_batch())
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    scheme: str = Field(sa_column=_text("scheme"))
    partner: str = Field(sa_column=_text("partner"))
    kind: str = Field(sa_column=_text("kind"))
    amount_pence: int = Field(sa_column=Column("amount_pence", _PENCE, nullable=False))
    date: str | None = Field(sa_column=Column("date", Text, nullable=True))
    reference: str = Field(sa_column=_text("reference"))
    description: str = Field(sa_column=_text("description"))
    cause: str = Field(sa_column=_text("cause"))
    belongs_to: int | None = Field(sa_column=Column("belongs_to", Integer, nullable=True))
    row_number: int | None = Field(sa_column=Column("row_number", Integer, nullable=True))
    raw: str = Field(sa_column=_text("raw"))
    reverses: int | None = Field(sa_column=Column("reverses", _ID, ForeignKey("lines.id"), nullable=True))
    reason: str = Field(sa_column=_text("reason", default=""))


class TotalRow(_Table, table=True):
    """What the lines of a scheme, partner, kind, period and cause come to: kept, so that no reader sums the lines.

    The period comes last in the key, so that a year to date is a run of neighbours and nothing need be sorted.
    """

    __tablename__ = "totals"
    __table_args__ = (_STRICT | {"sqlite_with_rowid": False},)

    scheme: str = Field(sa_column=Column("scheme", Text, primary_key=True))
    partner: str = Field(sa_column=Column("partner", Text, primary_key=True))
    kind: str = Field(sa_column=Column("kind", Text, primary_key=True))
    cause: str = Field(sa_column=Column("cause", Text, primary_key=True))
    period: int = Field(sa_column=Column("period", Integer, primary_key=True, autoincrement=False))
    amount_pence: int = Field(sa_column=Column("amount_pence", _PENCE, nullable=False))


class PeriodStateRow(_Table, table=True):
    """A change of a period's state; the last one stands. `after_batch` is the last batch posted before it."""

    __tablename__ = "period_states"
    __table_args__ = (
        CheckConstraint("period BETWEEN 1 AND 13", name="period"),
        CheckConstraint("state IN ('open', 'held', 'signed')", name="state"),
        Index(None, "period", "id"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    state: str = Field(sa_column=_text("state"))
    after_batch: int = Field(sa_column=Column("after_batch", _ID, nullable=False))
    changed_at: str = Field(sa_column=_text("changed_at"))
    actor: str = Field(sa_column=_text("actor"))


class AgreementRow(_Table, table=True):
    """A version of the agreement, in force from a period on in place of all before it."""

    __tablename__ = "agreements"
    __table_args__ = (CheckConstraint("from_period BETWEEN 1 AND 13", name="from_period"), _STRICT)

    id: int = Field(sa_column=_id())
    from_period: int = Field(sa_column=Column("from_period", Integer, nullable=False))
    body: str = Field(sa_column=_text("body"))
    digest: str = Field(sa_column=_text("digest"))
    reason: str = Field(sa_column=_text("reason"))
    posted_at: str = Field(sa_column=_text("posted_at"))
    actor: str = Field(sa_column=_text("actor"))
    program: str = Field(sa_column=_text("program"))


class MeasureRow(_Table, table=True):
    """A row of activity, as the text it was: exact. Of a period and measure in several batches the last stands."""

    __tablename__ = "measures"
    __table_args__ = (CheckConstraint("period BETWEEN 1 AND 13", name="period"), _STRICT)

    id: int = Field(sa_column=_id())
    batch: int = Field(sa_column=_batch())
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    measure: str = Field(sa_column=_text("measure"))
    baseline: str = Field(sa_column=_text("baseline"))
    target: str = Field(sa_column=_text("target"))
    actual: str = Field(sa_column=_text("actual"))
    row_number: int | None = Field(sa_column=Column("row_number", Integer, nullable=True))
    raw: str = Field(sa_column=_text("raw"))


class MappingRow(_Table, table=True):
    """A saved column mapping, as it was written. Of those of a name the last stands."""

    __tablename__ = "mappings"
    __table_args__ = (_STRICT,)

    id: int = Field(sa_column=_id())
    name: str = Field(sa_column=_text("name"))
    body: str = Field(sa_column=_text("body"))
    saved_at: str = Field(sa_column=_text("saved_at"))
    actor: str = Field(sa_column=_text("actor"))


class AuditRow(_Table, table=True):
    """Who did what, when, with which version. `digest` is of the row and the digest before it: see `ledgers.trail`."""

    __tablename__ = "audit"
    __table_args__ = (_STRICT,)

    id: int = Field(sa_column=_id())
    at: str = Field(sa_column=_text("at"))
    actor: str = Field(sa_column=_text("actor"))
    program: str = Field(sa_column=_text("program"))
    action: str = Field(sa_column=_text("action"))
    subject: str = Field(sa_column=_text("subject"))
    detail: str = Field(sa_column=_text("detail"))
    digest: str = Field(sa_column=_text("digest"))


class KeyRow(_Table, table=True):
    """A public key of a partner's signatory, from when on, and which key of that partner's it replaces."""

    __tablename__ = "keys"
    __table_args__ = (CheckConstraint("replaces IS NULL OR replaces < id", name="replaces"), _STRICT)

    id: int = Field(sa_column=_id())
    partner: str = Field(sa_column=_text("partner"))
    name: str = Field(sa_column=_text("name"))
    role: str = Field(sa_column=_text("role"))
    public_key: str = Field(sa_column=_text("public_key"))
    fingerprint: str = Field(sa_column=_text("fingerprint"))
    replaces: int | None = Field(sa_column=_optional("replaces", "keys.id"))
    reason: str = Field(sa_column=_text("reason"))
    added_at: str = Field(sa_column=_text("added_at"))
    actor: str = Field(sa_column=_text("actor"))


class AssentRow(_Table, table=True):
    """A partner's assent to a version of the agreement: the text it signed, and the signature (hexadecimal)."""

    __tablename__ = "assents"
    __table_args__ = (UniqueConstraint("version", "partner"), _STRICT)

    id: int = Field(sa_column=_id())
    version: int = Field(sa_column=_of("version", "agreements.id"))
    partner: str = Field(sa_column=_text("partner"))
    text: str = Field(sa_column=_text("text"))
    signature: str = Field(sa_column=_text("signature"))


class DisputeRow(_Table, table=True):
    """A line, or a clause's outcome at a period, that a partner disputes."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("period BETWEEN 1 AND 13", name="period"),
        CheckConstraint("(line IS NULL) <> (clause IS NULL)", name="one"),
        CheckConstraint("reason <> ''", name="reason"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    partner: str = Field(sa_column=_text("partner"))
    line: int | None = Field(sa_column=_optional("line", "lines.id"))
    clause: str | None = Field(sa_column=Column("clause", Text, nullable=True))
    reason: str = Field(sa_column=_text("reason"))
    raised_at: str = Field(sa_column=_text("raised_at"))
    actor: str = Field(sa_column=_text("actor"))


class DisputeOutcomeRow(_Table, table=True):
    """What became of a dispute: carried at a period's sign-off, or resolved. The last one stands."""

    __tablename__ = "dispute_outcomes"
    __table_args__ = (
        CheckConstraint("period BETWEEN 1 AND 13", name="period"),
        CheckConstraint("outcome IN ('resolved', 'carried')", name="outcome"),
        CheckConstraint("reason <> ''", name="reason"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    dispute: int = Field(sa_column=_of("dispute", "disputes.id"))
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    outcome: str = Field(sa_column=_text("outcome"))
    reason: str = Field(sa_column=_text("reason"))
    at: str = Field(sa_column=_text("at"))
    actor: str = Field(sa_column=_text("actor"))


class DocumentRow(_Table, table=True):
    """A document's bytes, once for each SHA-256 digest."""

    __tablename__ = "documents"
    __table_args__ = (CheckConstraint("size >= 0", name="size"), UniqueConstraint("digest"), _STRICT)

    id: int = Field(sa_column=_id())
    digest: str = Field(sa_column=_text("digest"))
    size: int = Field(sa_column=Column("size", _PENCE, nullable=False))
    body: bytes = Field(sa_column=_blob("body"))


class EvidenceRow(_Table, table=True):
    """A document attached to what it is evidence of. `target` is its number (of a line, say), reference or period."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("about IN ('line', 'virement', 'agreement', 'dispute', 'period')", name="about"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    document: int = Field(sa_column=_of("document", "documents.id"))
    about: str = Field(sa_column=_text("about"))
    target: str = Field(sa_column=_text("target"))
    name: str = Field(sa_column=_text("name"))
    media_type: str = Field(sa_column=_text("media_type"))
    note: str = Field(sa_column=_text("note"))
    attached_at: str = Field(sa_column=_text("attached_at"))
    actor: str = Field(sa_column=_text("actor"))


class NoteRow(_Table, table=True):
    """A note: what the partners sign of a period. Its id is its sequence; `cut` is how far each table went into it."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint("period BETWEEN 1 AND 13", name="period"),
        CheckConstraint("signatories > 0", name="signatories"),
        _STRICT,
    )

    id: int = Field(sa_column=_id())
    period: int = Field(sa_column=Column("period", Integer, nullable=False))
    text: str = Field(sa_column=_text("text"))
    signatories: int = Field(sa_column=Column("signatories", Integer, nullable=False))
    cut: str = Field(sa_column=_text("cut"))
    prepared_by: str = Field(sa_column=_text("prepared_by"))
    sealed_at: str = Field(sa_column=_text("sealed_at"))
    actor: str = Field(sa_column=_text("actor"))
    program: str = Field(sa_column=_text("program"))


class NoteStatementRow(_Table, table=True):
    """A statement as it was put up for signature with a note."""

    __tablename__ = "note_statements"
    __table_args__ = (UniqueConstraint("note", "name"), _STRICT)

    id: int = Field(sa_column=_id())
    note: int = Field(sa_column=_of("note", "notes.id"))
    name: str = Field(sa_column=_text("name"))
    document: int = Field(sa_column=_of("document", "documents.id"))


class PackPartRow(_Table, table=True):
    """A piece of a note's pack, compressed (zlib), in order."""

    __tablename__ = "pack_parts"
    __table_args__ = (UniqueConstraint("note", "part"), _STRICT)

    id: int = Field(sa_column=_id())
    note: int = Field(sa_column=_of("note", "notes.id"))
    part: int = Field(sa_column=Column("part", Integer, nullable=False))
    body: bytes = Field(sa_column=_blob("body"))


class SignatureRow(_Table, table=True):
    """A partner's signature (hexadecimal) of a note, with the text that was signed."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("note", "partner"), _STRICT)

    id: int = Field(sa_column=_id())
    note: int = Field(sa_column=_of("note", "notes.id"))
    partner: str = Field(sa_column=_text("partner"))
    text: str = Field(sa_column=_text("text"))
    signature: str = Field(sa_column=_text("signature"))


class WithdrawalRow(_Table, table=True):
    """A note given up before every partner had signed it: its period was opened again."""

    __tablename__ = "withdrawals"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"), UniqueConstraint("note"), _STRICT)

    id: int = Field(sa_column=_id())
    note: int = Field(sa_column=_of("note", "notes.id"))
    reason: str = Field(sa_column=_text("reason"))
    at: str = Field(sa_column=_text("at"))
    actor: str = Field(sa_column=_text("actor"))
