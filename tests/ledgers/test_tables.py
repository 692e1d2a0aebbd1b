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

from ledgers import Ledger, NewLine
from ledgers.sqlite import APPLICATION_ID
from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.tables import APPEND_ONLY, METADATA, LineRow
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

REFUSED = (sqlite3.IntegrityError, psycopg.errors.RaiseException)
KEY = dict.fromkeys(APPEND_ONLY, "id") | {"meta": "key"}
CHANGES = [
    *(f"UPDATE {table} SET {KEY[table]} = {KEY[table]}" for table in APPEND_ONLY),
    *(f"DELETE FROM {table}" for table in APPEND_ONLY),
]


def bound(ledger: Ledger) -> sa.Engine:
    """SQLAlchemy on the ledger's own connection."""
    dialect = "sqlite://" if ledger.name.endswith(".s75") else "postgresql+psycopg://"
    connection = ledger.store.connection
    return sa.create_engine(dialect, creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None)


SIGN_OFF = [
    "INSERT INTO keys VALUES (1, 'CCG', 'A. Name', 'Treasurer', 'PEM', 'ab', NULL, '', '2022-08-01', 'somebody')",
    "INSERT INTO assents VALUES (1, 1, 'CCG', 'what was assented to', 'ab')",
    "INSERT INTO disputes VALUES (1, 1, 'CCG', 1, NULL, 'not ours', '2022-08-01', 'somebody')",
    "INSERT INTO dispute_outcomes VALUES (1, 1, 1, 'carried', 'no time', '2022-08-01', 'somebody')",
    "INSERT INTO documents SELECT 1, 'ab', 3, raw FROM (SELECT {bytes} AS raw) AS it",
    "INSERT INTO evidence VALUES (1, 1, 'line', '1', 'a.pdf', 'application/pdf', '', '2022-08-01', 'somebody')",
    "INSERT INTO notes VALUES (1, 1, 'what is signed', 2, '{{}}', '', '2022-08-02', 'somebody', 'a version')",
    "INSERT INTO note_statements VALUES (1, 1, 'ccg.pdf', 1)",
    "INSERT INTO pack_parts SELECT 1, 1, 1, raw FROM (SELECT {bytes} AS raw) AS it",
    "INSERT INTO withdrawals VALUES (1, 1, 'a mistake', '2022-08-02', 'somebody')",
    "INSERT INTO notes VALUES (2, 1, 'what is signed', 2, '{{}}', '', '2022-08-02', 'somebody', 'a version')",
    "INSERT INTO signatures VALUES (1, 2, 'CCG', 'what is signed', 'ab')",
]


@pytest.fixture
def full(ledger: Ledger, write: Callable[..., Path], raw: Callable[..., None]) -> Ledger:
    """A ledger with a row in every table."""
    ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    ledger.import_file(write("M1,NEA,1,1,1", header="period,measure,baseline,target,actual\n"))
    ledger.save_mapping("plain", "")
    for statement in SIGN_OFF:
        raw(ledger, statement.format(bytes="x'616263'" if ledger.name.endswith(".s75") else "'abc'::bytea"))
    ledger.hold(Period.M1)
    for table in APPEND_ONLY:
        assert ledger.store.rows(f"SELECT COUNT(*) FROM {table}") != [(0,)], table
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
    with pytest.raises(REFUSED, match=r"never changed or taken out"):
        raw(full, change)


def test_replacing_what_was_posted_is_refused(sqlite_ledger: Ledger, raw: Callable[..., None]) -> None:
    """REPLACE deletes without DELETE: only recursive_triggers see it. PostgreSQL has none."""
    sqlite_ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    for table in ("agreements", "audit", "batches", "meta"):
        with pytest.raises(sqlite3.IntegrityError, match=r"never changed"):
            raw(sqlite_ledger, f"REPLACE INTO {table} SELECT * FROM {table}")


def test_an_upsert_of_what_was_posted_is_refused(full: Ledger, raw: Callable[..., None]) -> None:
    for table in ("batches", "audit", "keys"):
        statement = f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET actor = 'x'"
        with pytest.raises(REFUSED, match=r"never changed"):
            raw(full, statement)


def test_a_batch_that_is_posted_takes_no_more_lines(ledger: Ledger, raw: Callable[..., None]) -> None:
    columns = ", ".join(LINE_COLUMNS)
    ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)])
    with pytest.raises(REFUSED, match=r"a batch that is posted takes no more lines"):
        raw(ledger, f"INSERT INTO lines ({columns}) SELECT 2, {columns.removeprefix('id, ')} FROM lines")


def test_a_closed_period_takes_nothing_more_whoever_writes(full: Ledger, raw: Callable[..., None]) -> None:
    lines, measures = ", ".join(LINE_COLUMNS), "1, 'NEA', '1', '1', '2', NULL, ''"
    for statement, said in (
        (f"INSERT INTO lines ({lines}) SELECT 2, 9, {lines.removeprefix('id, batch, ')} FROM lines", "takes no lines"),
        (f"INSERT INTO measures VALUES (9, 2, {measures})", "measures of a closed period do not change"),
        ("INSERT INTO agreements VALUES (9, 1, '', '', '', '', '', '')", "stands from a period that is open"),
        ("INSERT INTO period_states VALUES (99, 1, 'open', 1, '', '')", "opened when its note is withdrawn"),
        ("INSERT INTO signatures VALUES (9, 1, 'CCG', '', '')", "a note that was withdrawn is not signed"),
    ):
        with pytest.raises(REFUSED, match=said):
            raw(full, statement)


def test_a_note_that_every_partner_has_signed_is_not_withdrawn(full: Ledger, raw: Callable[..., None]) -> None:
    raw(full, "INSERT INTO signatures VALUES (2, 2, 'COUNCIL', 'what is signed', 'ab')")
    with pytest.raises(REFUSED, match=r"a note that every partner has signed is not withdrawn"):
        raw(full, "INSERT INTO withdrawals VALUES (2, 2, 'a mistake', '2022-08-02', 'somebody')")


def test_emptying_a_table_at_once_is_refused(full: Ledger, raw: Callable[..., None]) -> None:
    statement = "DELETE FROM lines" if full.name.endswith(".s75") else "TRUNCATE lines CASCADE"
    with pytest.raises(REFUSED, match=r"never changed"):
        raw(full, statement)


def insert_a_line(ledger: Ledger, **changed: str) -> None:
    """A line that can be, but for what is changed, as the first of a batch of its own."""
    values = {name: name for name in LINE_COLUMNS} | {"id": "99", "batch": "9", "period": "2", "kind": "'budget'"}
    values |= {"reverses": "NULL", "reason": "''"} | changed
    connection = ledger.store.connection
    with ledger.store.transaction():
        connection.execute(
            f"INSERT INTO lines ({', '.join(values)}) SELECT {', '.join(values.values())} FROM lines WHERE id = 1"
        )
        connection.execute("INSERT INTO batches VALUES (9, '', NULL, 'posting', 1, '{}', '', '', '', '')")


def test_the_database_takes_a_line_that_can_be(full: Ledger) -> None:
    insert_a_line(full)
    assert [line.id for line in full.lines()] == [1, 99]


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
def test_the_database_itself_refuses_a_line_that_cannot_be(full: Ledger, column: str, value: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error, RefusedError)):
        insert_a_line(full, **{column: value})
    assert [line.id for line in full.lines()] == [1]


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


def test_a_batch_keeps_its_totals_as_text(full: Ledger) -> None:
    (text,) = full.store.rows("SELECT totals FROM batches WHERE id = 1")[0]
    assert json.loads(text) == {"actual": 100}
