"""Sign-off: audit trail, keys, assents, disputes, evidence, notes, packs, signatures; and the states kept by the store.

A line or measure can no longer come into a period that is closed, a batch that is noted takes no more lines, a signed
period never changes its state, and a period is signed only when its note has every signature: whoever writes.
Column mappings become append-only like everything else; those that were saved stay.

Revision ID: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_APPEND_ONLY = (
    "assents", "audit", "dispute_outcomes", "disputes", "documents", "evidence", "keys", "mappings", "meta",
    "note_statements", "notes", "pack_parts", "signatures", "withdrawals",
)  # fmt: skip
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_STATE = "COALESCE((SELECT state FROM period_states WHERE period = {} ORDER BY id DESC LIMIT 1), 'open')"


def upgrade() -> None:
    """Make the tables and their guards."""
    _remake_mappings()
    _make_trail_and_keys()
    _make_disputes()
    _make_evidence()
    _make_notes()
    op.create_index("ix_period_states_period_id", "period_states", ["period", "id"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _remake_mappings() -> None:
    op.rename_table("mappings", "old_mappings")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE old_mappings RENAME CONSTRAINT pk_mappings TO pk_old_mappings")
    _make("mappings", _text("name"), _text("body"), _text("saved_at"), _text("actor"))
    op.execute(
        "INSERT INTO mappings (id, name, body, saved_at, actor) "
        "SELECT ROW_NUMBER() OVER (ORDER BY saved_at, name), name, body, saved_at, actor FROM old_mappings"
    )
    op.drop_table("old_mappings")


def _make_trail_and_keys() -> None:
    _make(
        "audit",
        _text("at"),
        _text("actor"),
        _text("program"),
        _text("action"),
        _text("subject"),
        _text("detail"),
        _text("digest"),
    )
    _make(
        "keys",
        _text("partner"),
        _text("name"),
        _text("role"),
        _text("public_key"),
        _text("fingerprint"),
        sa.Column("replaces", _BIG),
        _text("reason"),
        _text("added_at"),
        _text("actor"),
        _check("keys", "replaces", "replaces IS NULL OR replaces < id"),
        _foreign("keys", "replaces", "keys"),
    )
    _make(
        "assents",
        _number("version"),
        _text("partner"),
        _text("text"),
        _text("signature"),
        _foreign("assents", "version", "agreements"),
        sa.UniqueConstraint("version", "partner", name="uq_assents_version_partner"),
    )


def _make_disputes() -> None:
    _make(
        "disputes",
        _period(),
        _text("partner"),
        sa.Column("line", _BIG),
        sa.Column("clause", sa.Text),
        _text("reason"),
        _text("raised_at"),
        _text("actor"),
        _check("disputes", "period", "period BETWEEN 1 AND 13"),
        _check("disputes", "one", "(line IS NULL) <> (clause IS NULL)"),
        _check("disputes", "reason", "reason <> ''"),
        _foreign("disputes", "line", "lines"),
    )
    _make(
        "dispute_outcomes",
        _number("dispute"),
        _period(),
        _text("outcome"),
        _text("reason"),
        _text("at"),
        _text("actor"),
        _check("dispute_outcomes", "period", "period BETWEEN 1 AND 13"),
        _check("dispute_outcomes", "outcome", "outcome IN ('resolved', 'carried')"),
        _check("dispute_outcomes", "reason", "reason <> ''"),
        _foreign("dispute_outcomes", "dispute", "disputes"),
    )


def _make_evidence() -> None:
    _make(
        "documents",
        _text("digest"),
        _number("size"),
        _blob("body"),
        _check("documents", "size", "size >= 0"),
        sa.UniqueConstraint("digest", name="uq_documents_digest"),
    )
    _make(
        "evidence",
        _number("document"),
        _text("about"),
        _text("target"),
        _text("name"),
        _text("media_type"),
        _text("note"),
        _text("attached_at"),
        _text("actor"),
        _check("evidence", "about", "about IN ('line', 'virement', 'agreement', 'dispute', 'period')"),
        _foreign("evidence", "document", "documents"),
    )


def _make_notes() -> None:
    _make(
        "notes",
        _period(),
        _text("text"),
        sa.Column("signatories", sa.Integer, nullable=False),
        _text("cut"),
        _text("prepared_by"),
        _text("sealed_at"),
        _text("actor"),
        _text("program"),
        _check("notes", "period", "period BETWEEN 1 AND 13"),
        _check("notes", "signatories", "signatories > 0"),
    )
    _make(
        "note_statements",
        _number("note"),
        _text("name"),
        _number("document"),
        _foreign("note_statements", "note", "notes"),
        _foreign("note_statements", "document", "documents"),
        sa.UniqueConstraint("note", "name", name="uq_note_statements_note_name"),
    )
    _make(
        "pack_parts",
        _number("note"),
        sa.Column("part", sa.Integer, nullable=False),
        _blob("body"),
        _foreign("pack_parts", "note", "notes"),
        sa.UniqueConstraint("note", "part", name="uq_pack_parts_note_part"),
    )
    _make(
        "signatures",
        _number("note"),
        _text("partner"),
        _text("text"),
        _text("signature"),
        _foreign("signatures", "note", "notes"),
        sa.UniqueConstraint("note", "partner", name="uq_signatures_note_partner"),
    )
    _make(
        "withdrawals",
        _number("note"),
        _text("reason"),
        _text("at"),
        _text("actor"),
        _check("withdrawals", "reason", "reason <> ''"),
        _foreign("withdrawals", "note", "notes"),
        sa.UniqueConstraint("note", name="uq_withdrawals_note"),
    )


def _make(table: str, *parts: SchemaItem) -> None:
    number = sa.Column("id", _BIG, nullable=False, autoincrement=False)
    op.create_table(table, number, *parts, sa.PrimaryKeyConstraint("id", name=f"pk_{table}"), sqlite_strict=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=False)


def _blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _period() -> sa.Column[int]:
    return sa.Column("period", sa.Integer, nullable=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


# What the store itself refuses, whoever writes: (table, name, when, sentence).

_ALL_SIGNED = """
    EXISTS (SELECT 1 FROM notes WHERE notes.period >= NEW.period
            AND notes.id NOT IN (SELECT note FROM withdrawals)
            AND notes.signatories = (SELECT COUNT(*) FROM signatures WHERE signatures.note = notes.id))
"""
_REFUSALS = (
    (
        "period_states",
        "final",
        f"{_STATE.format('NEW.period')} = 'signed'",
        "a signed period is final",
    ),
    (
        "period_states",
        "signed",
        f"NEW.state = 'signed' AND NOT ({_STATE.format('NEW.period')} = 'held' AND {_ALL_SIGNED})",
        "a period is signed when it is held and every partner has signed its note",
    ),
    (
        "period_states",
        "sealed",
        (
            "NEW.state = 'open' AND EXISTS (SELECT 1 FROM notes WHERE notes.period >= NEW.period "
            "AND notes.id NOT IN (SELECT note FROM withdrawals))"
        ),
        "a period that is put up for signature is opened when its note is withdrawn",
    ),
    (
        "agreements",
        "open",
        f"{_STATE.format('NEW.from_period')} <> 'open'",
        "a version of the agreement stands from a period that is open",
    ),
    (
        "measures",
        "open",
        f"{_STATE.format('NEW.period')} <> 'open'",
        "the measures of a closed period do not change",
    ),
    (
        "signatures",
        "withdrawn",
        "NEW.note IN (SELECT note FROM withdrawals)",
        "a note that was withdrawn is not signed",
    ),
    (
        "withdrawals",
        "complete",
        (
            "EXISTS (SELECT 1 FROM notes WHERE notes.id = NEW.note "
            "AND notes.signatories = (SELECT COUNT(*) FROM signatures WHERE signatures.note = notes.id))"
        ),
        "a note that every partner has signed is not withdrawn",
    ),
)
_CLOSED = "a closed period takes no lines; they go to the next open one"
_NOTED = "a batch that is posted takes no more lines"


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} are never changed or taken out; post what corrects them'); END"
            )
    lines = (
        ("lines", "closed", f"{_STATE.format('NEW.period')} <> 'open'", _CLOSED),
        ("lines", "noted", "EXISTS (SELECT 1 FROM batches WHERE id = NEW.batch)", _NOTED),
    )
    for table, name, when, sentence in (*_REFUSALS, *lines):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{name} BEFORE INSERT ON {table} WHEN {when} BEGIN "
            f"SELECT RAISE(ABORT, '{sentence}'); END"
        )


def _guard_postgres() -> None:
    # Named, and temporary tables last: or whoever writes could put tables of her own before the ledger's.
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    plpgsql = f"RETURNS trigger LANGUAGE plpgsql SET search_path = {schema}, pg_temp"
    op.execute(f"ALTER FUNCTION refuse_change() SET search_path = {schema}, pg_temp")
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table, name, when, sentence in _REFUSALS:
        op.execute(
            f"CREATE FUNCTION refuse_{table}_{name}() {plpgsql} AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{name} BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_{name}()"
        )
    # Once a statement: COPY of a million lines is one, and asking for each of them would double its time.
    op.execute(
        f"CREATE FUNCTION refuse_lines() {plpgsql} AS $$ BEGIN "  # noqa: S608  our names
        "IF EXISTS (SELECT 1 FROM (SELECT DISTINCT period FROM added) AS into_period "
        f"WHERE {_STATE.format('into_period.period')} <> 'open') "
        f"THEN RAISE EXCEPTION '{_CLOSED}'; END IF; "
        f"IF EXISTS (SELECT 1 FROM added JOIN batches ON batches.id = added.batch) "
        f"THEN RAISE EXCEPTION '{_NOTED}'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER lines_refuse_closed AFTER INSERT ON lines REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines()"
    )
