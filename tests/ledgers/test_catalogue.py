"""What the owner of a schema on a server can do to how a ledger is made, and what is said of it."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from ledgers import create_ledger, open_ledger
from ledgers.catalogue import differences, digest_of, objects_of
from ledgers.catalogue_made import MADE
from ledgers.postgres import PostgresStore, connect_postgres
from ledgers.server import set_up_server
from ledgers.server_rules import TABLES, guards, row_rules_of
from rules.problems import RefusedError
from tests.ledgers.conftest import AGREEMENT, noon


@pytest.fixture(scope="module")
def places(postgres_url: str) -> tuple[str, str]:
    """A ledger without the rules of a shared one, and one with them."""
    urls = [f"{postgres_url}?options=-csearch_path%3Dc{uuid4().hex[:12]}" for _ in range(2)]
    for url in urls:
        create_ledger(url, AGREEMENT, now=noon).close()
    set_up_server(urls[1])
    return urls[0], urls[1]


@pytest.fixture(scope="module")
def stores(places: tuple[str, str]) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """The owner's connections to both."""
    with closing(connect_postgres(places[0])) as plain, closing(connect_postgres(places[1])) as shared:
        yield PostgresStore("plain", plain, writable=True), PostgresStore("shared", shared, writable=True)


def after(store: PostgresStore, statements: str) -> list[str]:
    """What is said once the owner did that; it is undone."""
    store.connection.execute("BEGIN")
    try:
        store.connection.execute(statements)
        return differences(store)
    finally:
        store.connection.execute("ROLLBACK")


def test_a_schema_is_made_of_what_the_program_says_it_is_made_of(stores: tuple[PostgresStore, PostgresStore]) -> None:
    """Whoever writes a migration brings `catalogue_made` up to date with what this finds."""
    for store in stores:
        assert {key: digest_of(text) for key, text in objects_of(store).items()} == MADE


def test_nothing_differs_in_a_ledger_as_it_was_made(stores: tuple[PostgresStore, PostgresStore]) -> None:
    for store in stores:
        assert store.damage(thorough=True) == store.damage() == []


def test_a_schema_of_an_odd_name_is_no_different(postgres_url: str) -> None:
    url = f"{postgres_url}?options=-csearch_path%3D%22Odd%5C%20{uuid4().hex[:12]}%22"
    with create_ledger(url, AGREEMENT, now=noon) as ledger:
        set_up_server(url)
        assert ledger.store.damage(thorough=True) == []


DONE = {
    "DROP TRIGGER lines_refuse_change ON lines": ["the trigger lines_refuse_change on lines is missing"],
    "ALTER TABLE lines DISABLE TRIGGER lines_refuse_change": [
        "the trigger lines_refuse_change on lines is switched off"
    ],
    "ALTER TABLE lines ENABLE REPLICA TRIGGER lines_refuse_change": [
        "the trigger lines_refuse_change on lines is switched off"
    ],
    "ALTER TABLE measures DISABLE TRIGGER ALL": [
        "the checks of measures against other tables are switched off",
        "the trigger measures_refuse_change on measures is switched off",
        "the trigger measures_refuse_open on measures is switched off",
    ],
    "ALTER TABLE lines ENABLE ALWAYS TRIGGER lines_refuse_change": [],
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'": [
        "the function refuse_change is not as the program makes it"
    ],
    "ALTER FUNCTION refuse_lines() RESET search_path": ["the function refuse_lines is not as the program makes it"],
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
    "CREATE OR REPLACE TRIGGER lines_refuse_change BEFORE UPDATE ON lines FOR EACH STATEMENT EXECUTE FUNCTION f()": [
        "the trigger lines_refuse_change on lines is not as the program makes it"
    ],
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
    "CREATE TRIGGER mine BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION f()": [
        "the trigger mine on lines is none of the program’s"
    ],
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
    "CREATE TRIGGER s75_mine BEFORE INSERT ON totals FOR EACH ROW EXECUTE FUNCTION f()": [
        "the rule s75_mine on totals is none of the program’s"
    ],
    "ALTER TABLE totals RENAME TO old; CREATE VIEW totals AS SELECT * FROM old": ["totals is a view, not a table"],
    "ALTER TABLE lines RENAME TO old; CREATE VIEW lines AS SELECT id, batch, CASE WHEN current_query() LIKE '%JOIN%' "
    "THEN 1 ELSE 2 END AS amount_pence FROM old": [
        "lines is a view, not a table", "the constraints of disputes are not as the program makes them",
    ],
    "ALTER TABLE totals RENAME TO old; CREATE MATERIALIZED VIEW totals AS SELECT * FROM old": [
        "totals is a materialized view, not a table"
    ],
    "ALTER TABLE totals RENAME TO old; CREATE TABLE totals (LIKE old) PARTITION BY LIST (period)": [
        "totals is a partitioned table, not a table"
    ],
    "ALTER TABLE totals SET UNLOGGED": ["totals is unlogged: it would be empty after a crash of the server"],
    "DROP TABLE totals": ["the table totals is missing"],
    "CREATE RULE mine AS ON UPDATE TO totals DO INSTEAD NOTHING": [
        "totals has a rewrite rule, so that it does not do what it is asked to"
    ],
    "CREATE TABLE more () INHERITS (lines)": [
        "lines inherits from another table, or another from it, so that rows of both are mixed"
    ],
    "ALTER TABLE lines ADD COLUMN mine TEXT": ["the columns of lines are not as the program makes them"],
    "ALTER TABLE lines ALTER amount_pence TYPE numeric": ["the columns of lines are not as the program makes them"],
    "ALTER TABLE lines ALTER date SET DEFAULT ''": ["the columns of lines are not as the program makes them"],
    "ALTER TABLE lines DROP CONSTRAINT ck_lines_kind": ["the constraints of lines are not as the program makes them"],
    "DROP INDEX ix_lines_reverses": ["the unique indexes of lines are not as the program makes them"],
    "ALTER TABLE audit DROP CONSTRAINT pk_audit": [
        "the constraints of audit are missing", "the unique indexes of audit are missing",
    ],
    "CREATE POLICY mine ON totals USING (false); ALTER TABLE totals ENABLE ROW LEVEL SECURITY": [
        "the row rule mine on totals is none of the program’s",
        "the row rule mine on totals is for more than adding rows",
    ],
    "ALTER TABLE totals ENABLE ROW LEVEL SECURITY": [
        "the row rules of totals are switched on, and there are none"
    ],
    "CREATE INDEX mine ON lines (partner); CREATE TABLE other (id INTEGER)": [],
    "CREATE VIEW mine AS SELECT * FROM lines": [],
}  # fmt: skip


@pytest.mark.parametrize("statements", DONE)
def test_what_the_owner_did_is_said(stores: tuple[PostgresStore, PostgresStore], statements: str) -> None:
    assert after(stores[0], statements) == DONE[statements]


SHARED = {
    "ALTER POLICY s75_read ON notes USING (id > 1)": ["the row rule s75_read on notes hides rows"],
    "ALTER POLICY s75_read ON notes TO pg_monitor": ["the row rule s75_read on notes hides rows"],
    "CREATE POLICY mine ON notes FOR SELECT USING (false)": [
        "the row rule mine on notes is none of the program’s",
        "the row rule mine on notes is for more than adding rows",
    ],
    "DROP POLICY s75_partner ON signatures": [
        "the row rule s75_partner on signatures is missing; its owner runs “s75 server init URL” again"
    ],
    "ALTER TABLE signatures DISABLE ROW LEVEL SECURITY": ["the row rules of signatures are switched off"],
    "ALTER TABLE notes FORCE ROW LEVEL SECURITY": ["the row rules of notes are forced on its owner"],
    "DROP TRIGGER s75_noted ON notes": [
        "the rule s75_noted on notes is missing; its owner runs “s75 server init URL” again"
    ],
    "ALTER TABLE notes DISABLE TRIGGER s75_noted": ["the trigger s75_noted on notes is switched off"],
    "CREATE OR REPLACE TRIGGER s75_noted BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION s75_chained()": [
        "the rule s75_noted on notes is none of the program’s"
    ],
}


@pytest.mark.parametrize("statement", SHARED)
def test_what_was_done_to_the_rules_of_a_shared_ledger_is_said(
    stores: tuple[PostgresStore, PostgresStore], statement: str
) -> None:
    assert after(stores[1], statement) == SHARED[statement]


def test_the_rules_are_known_by_name(stores: tuple[PostgresStore, PostgresStore]) -> None:
    (_, shared) = stores
    made = "SELECT CAST(tgrelid AS regclass), tgname FROM pg_trigger WHERE left(tgname, 4) = 's75_' "
    found = {
        (str(table).rpartition(".")[2], str(name))
        for table, name in shared.rows(
            f"{made} AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = "
            "(SELECT oid FROM pg_namespace WHERE nspname = current_schema()))"
        )
    }
    assert found == set(guards())
    policies = shared.rows("SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema()")
    assert set(policies) == set(row_rules_of())


def test_every_trigger_taken_off_is_named(stores: tuple[PostgresStore, PostgresStore]) -> None:
    dropped = " ".join(f"DROP TRIGGER {name.replace(' on ', ' ON ')};" for kind, name in MADE if kind == "trigger")
    assert after(stores[0], dropped) == sorted(
        f"the trigger {name} is missing" for kind, name in MADE if kind == "trigger"
    )


def test_a_ledger_with_a_view_for_a_table_is_not_opened(postgres_url: str) -> None:
    """Before anything is asked of it that the view would answer."""
    url = f"{postgres_url}?options=-csearch_path%3Dc{uuid4().hex[:12]}"
    create_ledger(url, AGREEMENT, now=noon).close()
    with closing(psycopg.connect(url, autocommit=True)) as owner:
        owner.execute("ALTER TABLE totals RENAME TO old; CREATE VIEW totals AS SELECT * FROM old")
    for read_only in (True, False):
        with pytest.raises(RefusedError) as refused:
            open_ledger(url, read_only=read_only)
        assert str(refused.value).endswith(
            "somebody changed how the ledger is made, so that nothing in it can be relied on (totals is a view, not a "
            "table); go back to a backup"
        )
    with closing(psycopg.connect(url, autocommit=True)) as owner:
        for table in sorted({*TABLES} - {"totals", "alembic_version"}):
            owner.execute(f"ALTER TABLE {table} RENAME TO old_{table}; CREATE VIEW {table} AS SELECT 1 AS id")
    with pytest.raises(RefusedError, match=r"batches is a view, not a table.* and 15 more\)"):
        open_ledger(url)
