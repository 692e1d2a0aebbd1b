"""The one definition of the ledger's tables, for SQLite and PostgreSQL alike.

Migrations make them and a test holds the two equal. SQL elsewhere in this package is text over these names, because the
read path must not load SQLAlchemy; the classes are for migrations, tests and whoever wants to query a ledger by ORM.
Whole pence are BIGINT (a plain PostgreSQL integer overflows at £21.47m), text is `Text` (STRICT refuses VARCHAR), days
and times are ISO text, so that both stores hold the same characters. `table=True` validates nothing: posting has its
own checks, and the constraints here are the guard rail below them.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Text, text
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
APPEND_ONLY = ("agreements", "batches", "lines", "measures", "period_states")
"""Tables whose rows triggers keep from being changed or taken out."""

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
    """A saved column mapping, as it was written. It may be replaced: it says how to read a file, not what was read."""

    __tablename__ = "mappings"
    __table_args__ = (_STRICT,)

    name: str = Field(sa_column=Column("name", Text, primary_key=True))
    body: str = Field(sa_column=_text("body"))
    saved_at: str = Field(sa_column=_text("saved_at"))
    actor: str = Field(sa_column=_text("actor"))
