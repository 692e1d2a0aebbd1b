"""The tables: one definition, made by migrations, guarded by triggers, on both stores."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, select

from ledgers import Ledger, NewLine, create_ledger
from ledgers.sqlite import APPLICATION_ID, connect
from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.tables import APPEND_ONLY, METADATA, LineRow
from rules.agreement import Kind
from rules.periods import Period

CHANGES = [
    *(f"UPDATE {table} SET id = id" for table in APPEND_ONLY),
    *(f"DELETE FROM {table}" for table in APPEND_ONLY),
]


def bound(ledger: Ledger) -> sa.Engine:
    """SQLAlchemy on the ledger's own connection."""
    dialect = "sqlite://" if ledger.name.endswith(".s75") else "postgresql+psycopg://"
    connection = ledger.store.connection
    return sa.create_engine(dialect, creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None)


@pytest.fixture
def full(ledger: Ledger, write: Callable[..., Path]) -> Ledger:
    """A ledger with a row in every table."""
    ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    ledger.import_file(write("M1,NEA,1,1,1", header="period,measure,baseline,target,actual\n"))
    ledger.hold(Period.M1)
    return ledger


def test_the_migrations_make_the_tables_as_they_are_defined(ledger: Ledger) -> None:
    with bound(ledger).connect() as connection:
        # Alembic cannot compare SQLite's empty default; the next test does, by its text.
        on_server = connection.dialect.name == "postgresql"
        context = MigrationContext.configure(connection, opts={"compare_server_default": on_server})
        assert compare_metadata(context, METADATA) == []


def test_the_migrations_make_every_check_and_clause_of_the_tables(sqlite_ledger: Ledger) -> None:
    """Alembic compares no CHECK and no STRICT; the text that SQLite keeps has them."""
    with closing(sqlite3.connect(":memory:")) as defined:
        engine = sa.create_engine("sqlite://", creator=lambda: defined, poolclass=StaticPool)
        METADATA.create_all(engine)
        assert schema(sqlite_ledger.store.connection) == schema(defined)


def schema(connection: sqlite3.Connection) -> dict[str, object]:
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type IN ('table', 'index') AND name NOT LIKE 'alembic%' AND sql <> ''"
    )
    made = {}
    for name, sql in found:
        head, _, body = re.sub(r"\s+", " ", sql).partition("(")
        inside, _, tail = body.rpartition(")")
        parts = sorted(part.strip() for part in re.split(r", (?=CONSTRAINT |[a-z_\"]+ (?:TEXT|INTEGER))", inside))
        made[name] = (head.strip(), parts, sorted(word.strip() for word in tail.split(",")))
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_posted_is_never_changed_or_taken_out(
    full: Ledger, change: Callable[[Ledger], object], raw: Callable[..., None]
) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match=r"never changed or taken out"):
        raw(full, change)


def test_replacing_a_line_is_refused(sqlite_ledger: Ledger, raw: Callable[..., None]) -> None:
    """REPLACE deletes without DELETE: only recursive_triggers see it. PostgreSQL has none."""
    sqlite_ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    with pytest.raises(sqlite3.IntegrityError, match=r"never changed"):
        raw(sqlite_ledger, "REPLACE INTO lines SELECT * FROM lines")


def test_an_upsert_of_a_line_is_refused(full: Ledger, raw: Callable[..., None]) -> None:
    columns = ", ".join(LINE_COLUMNS)
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match=r"never changed"):
        raw(
            full,
            f"INSERT INTO lines ({columns}) SELECT {columns} FROM lines WHERE true "
            "ON CONFLICT (id) DO UPDATE SET raw = 'x'",
        )


def test_emptying_a_table_at_once_is_refused(full: Ledger, raw: Callable[..., None]) -> None:
    statement = "DELETE FROM lines" if full.name.endswith(".s75") else "TRUNCATE lines CASCADE"
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match=r"never changed"):
        raw(full, statement)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("period", "14"),
        ("kind", "'gift'"),
        ("cause", "'default'"),
        ("cause", "'accident'"),
        ("belongs_to", "2"),
        ("amount_pence", "'much'"),
        ("reverses", "1"),
        ("batch", "77"),
    ],
)
def test_the_database_itself_refuses_a_line_that_cannot_be(
    full: Ledger, raw: Callable[..., None], column: str, value: str
) -> None:
    values = {name: name for name in LINE_COLUMNS} | {
        "id": "99",
        "kind": "'budget'",
        "reverses": "NULL",
        "reason": "''",
    }
    values[column] = value
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error)):
        raw(full, f"INSERT INTO lines ({', '.join(values)}) SELECT {', '.join(values.values())} FROM lines")


def test_the_classes_read_what_was_posted(full: Ledger) -> None:
    with Session(bound(full)) as session:
        (line,) = session.exec(select(LineRow)).all()
    assert (line.id, line.period, line.scheme, line.amount_pence, line.reason) == (1, 1, "BEDS", 100, "")


def test_a_ledger_file_is_set_up_to_be_safe(sqlite_ledger: Ledger) -> None:
    pragma = {
        name: sqlite_ledger.store.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in (
            "application_id", "user_version", "foreign_keys", "journal_mode", "synchronous", "recursive_triggers",
            "trusted_schema",
        )
    }  # fmt: skip
    assert pragma == {
        "application_id": APPLICATION_ID,
        "user_version": SCHEMA_VERSION,
        "foreign_keys": 1,
        "journal_mode": "delete",
        "synchronous": 2,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }
    tables = sqlite_ledger.store.connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    assert {name for name, strict in tables if not strict} <= {"sqlite_schema"}


def test_an_older_file_is_brought_up_to_date_after_a_backup(
    tmp_path: Path, agreement_text: str, reopen: Callable[..., Ledger]
) -> None:
    """There is no older version yet: a file made now, marked as version 0, stands for one."""
    path = tmp_path / "old.s75"
    create_ledger(path, agreement_text).close()
    with closing(connect(path, "rw")) as connection:
        connection.execute("PRAGMA user_version = 0")
    with pytest.raises(Exception, match=r"the ledger is of an older version; open it once for writing"):
        reopen(path, read_only=True)
    with reopen(path) as ledger:
        assert ledger.store.connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    (backup,) = tmp_path.glob("old.v0-20220801T120000.s75")
    with closing(connect(backup, "ro")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 0


def test_a_batch_keeps_its_totals_as_text(full: Ledger) -> None:
    (text,) = full.store.rows("SELECT totals FROM batches WHERE id = 1")[0]
    assert json.loads(text) == {"actual": 100}
