"""The ledger: its tables, and the triggers that keep what was posted as it was posted.

What is written here is what released files were made by: it is never changed, only followed by the next.

Revision ID: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_APPEND_ONLY = ("agreements", "batches", "lines", "measures", "period_states")
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_KINDS = (
    "'budget', 'virement', 'payment', 'actual', 'accrual', 'forecast', "
    "'qipp_target', 'qipp_delivered', 'qipp_forecast', 'baseline'"
)


def upgrade() -> None:
    """Make the tables and their guards."""
    _make("meta", _text("key"), _text("value"), sa.PrimaryKeyConstraint("key", name="pk_meta"))
    _make(
        "mappings",
        _text("name"),
        _text("body"),
        _text("saved_at"),
        _text("actor"),
        sa.PrimaryKeyConstraint("name", name="pk_mappings"),
    )
    _make_agreements()
    _make_batches()
    _make_period_states()
    _make_lines()
    _make_measures()
    _make(
        "totals",
        _text("scheme"),
        _text("partner"),
        _text("kind"),
        _text("cause"),
        sa.Column("period", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("amount_pence", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("scheme", "partner", "kind", "cause", "period", name="pk_totals"),
        sqlite_with_rowid=False,
    )
    _guard()


def _make_agreements() -> None:
    _make(
        "agreements",
        _id(),
        sa.Column("from_period", sa.Integer, nullable=False),
        _text("body"),
        _text("digest"),
        _text("reason"),
        _text("posted_at"),
        _text("actor"),
        _text("program"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        _check("agreements", "from_period", "from_period BETWEEN 1 AND 13"),
    )


def _make_batches() -> None:
    _make(
        "batches",
        _id(),
        _text("file"),
        sa.Column("digest", sa.Text),
        _text("content"),
        sa.Column("count", _BIG, nullable=False),
        _text("totals"),
        _text("mapping"),
        _text("posted_at"),
        _text("actor"),
        _text("program"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        _check("batches", "content", "content IN ('lines', 'measures', 'posting', 'reversal')"),
        _check("batches", "count", "count >= 0"),
        sa.UniqueConstraint("digest", name="uq_batches_digest"),
    )


def _make_period_states() -> None:
    _make(
        "period_states",
        _id(),
        sa.Column("period", sa.Integer, nullable=False),
        _text("state"),
        sa.Column("after_batch", _BIG, nullable=False),
        _text("changed_at"),
        _text("actor"),
        sa.PrimaryKeyConstraint("id", name="pk_period_states"),
        _check("period_states", "period", "period BETWEEN 1 AND 13"),
        _check("period_states", "state", "state IN ('open', 'held', 'signed')"),
    )


def _make_lines() -> None:
    _make(
        "lines",
        _id(),
        sa.Column("batch", _BIG, nullable=False),
        sa.Column("period", sa.Integer, nullable=False),
        _text("scheme"),
        _text("partner"),
        _text("kind"),
        sa.Column("amount_pence", _BIG, nullable=False),
        sa.Column("date", sa.Text),
        _text("reference"),
        _text("description"),
        _text("cause"),
        sa.Column("belongs_to", sa.Integer),
        sa.Column("row_number", sa.Integer),
        _text("raw"),
        sa.Column("reverses", _BIG),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_lines"),
        _check("lines", "period", "period BETWEEN 1 AND 13"),
        _check("lines", "kind", f"kind IN ({_KINDS})"),
        _check("lines", "cause", "cause = '' OR (cause = 'default' AND kind IN ('actual', 'accrual'))"),
        _check("lines", "belongs_to", "belongs_to IS NULL OR (belongs_to >= 1 AND belongs_to < period)"),
        _check("lines", "reverses", "reverses IS NULL OR (reverses < id AND reason <> '')"),
        _of_batch("lines"),
        sa.ForeignKeyConstraint(["reverses"], ["lines.id"], name="fk_lines_reverses_lines"),
    )
    op.create_index("ix_lines_scheme_kind", "lines", ["scheme", "kind"])
    reversals, virements = sa.text("reverses IS NOT NULL"), sa.text("kind = 'virement'")
    op.create_index(
        "ix_lines_reverses", "lines", ["reverses"], unique=True, sqlite_where=reversals, postgresql_where=reversals
    )
    op.create_index("ix_lines_reference", "lines", ["reference"], sqlite_where=virements, postgresql_where=virements)


def _make_measures() -> None:
    _make(
        "measures",
        _id(),
        sa.Column("batch", _BIG, nullable=False),
        sa.Column("period", sa.Integer, nullable=False),
        _text("measure"),
        _text("baseline"),
        _text("target"),
        _text("actual"),
        sa.Column("row_number", sa.Integer),
        _text("raw"),
        sa.PrimaryKeyConstraint("id", name="pk_measures"),
        _check("measures", "period", "period BETWEEN 1 AND 13"),
        _of_batch("measures"),
    )


def _make(table: str, *parts: SchemaItem, sqlite_with_rowid: bool = True) -> None:
    op.create_table(table, *parts, sqlite_strict=True, sqlite_with_rowid=sqlite_with_rowid)


def _id() -> sa.Column[int]:
    return sa.Column("id", _BIG, nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["batch"], ["batches.id"], name=f"fk_{table}_batch_batches", deferrable=True, initially="DEFERRED"
    )


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} BEGIN "
                    f"SELECT RAISE(ABORT, '{table} are never changed or taken out; post what corrects them'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% are never changed or taken out; post what corrects them', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
