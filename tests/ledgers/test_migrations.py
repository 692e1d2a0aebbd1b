"""Ledgers of every version that was ever released, brought up to date. `older/vN.sql` is what that version wrote."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ledgers import Ledger, create_ledger, creating, open_ledger
from ledgers.backups import ring_of
from ledgers.creating import schema_of, upgrade_postgres
from ledgers.ledger import State
from ledgers.postgres import PostgresStore, connect_postgres
from ledgers.restoring import restore
from ledgers.schema import SCHEMAS, AlteredError, digest_of, objects_of
from ledgers.store import SCHEMA_VERSION
from ledgers.trail import Action, record_migration, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from settlement import result_of, settle_ledger
from tests.ledgers.conftest import noon
from tests.migrating import migrate, migrate_quickly

OLDER = Path(__file__).parent / "older"
VERSIONS = sorted(int(path.stem[1:]) for path in OLDER.glob("v*.sql"))


def text_of(version: int) -> str:
    return (OLDER / f"v{version}.sql").read_text(encoding="utf-8")


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file as an older version wrote it."""
    path = tmp_path / "old.s75"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(text_of(request.param))
    return path


def settled(ledger: Ledger) -> dict[str, Any]:
    """What each period settles at, as the older version's own program said it."""
    told = {}
    for period in (Period.M1, Period.M2, Period.M3, Period.M4):
        result = json.loads(json.dumps(result_of(settle_ledger(ledger, period))))
        told[str(period)] = {key: result[key] for key in ("partners", "transfers", "subjects")}
    return told


def expected(version: int) -> dict[str, Any]:
    return json.loads((OLDER / f"v{version}.json").read_text(encoding="utf-8"))


def test_there_is_a_file_of_every_version_but_this() -> None:
    assert list(range(1, SCHEMA_VERSION)) == VERSIONS


@pytest.mark.parametrize("version", SCHEMAS)
def test_the_schema_that_a_file_is_held_against_is_what_the_migrations_make(version: int) -> None:
    assert SCHEMAS[version] == digest_of(schema_of(version)), "put this digest into ledgers/schema.py, if it was meant"


def test_a_file_is_brought_up_to_date_and_settles_as_it_did(old: Path) -> None:
    with open_ledger(old, now=noon) as ledger:
        assert settled(ledger) == expected(1)
        assert ledger.store.damage(thorough=True) == []
        assert {finding.check for finding in ledger.findings()} == {"late line", "measure"}
        assert digest_of(objects_of(ledger.store.connection)) == SCHEMAS[SCHEMA_VERSION]
        assert [version.id for version in ledger.versions()] == [1, 2]
        assert sorted(ledger.mappings()) == ["isfe", "oracle"]
        assert [str(state.period) for state in ledger.periods() if state.state is State.HELD] == ["M1", "M2"]
        assert len(list(ledger.lines())) == 46
        assert len(ledger.measures()) == 2


def test_and_is_guarded_as_a_new_one_is(old: Path) -> None:
    with open_ledger(old, now=noon) as ledger:
        for statement in ("UPDATE mappings SET body = ''", "DELETE FROM meta", "UPDATE lines SET raw = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match=r"never changed or taken out"):
                ledger.store.connection.execute(statement)
        ledger.reverse(next(ledger.lines(kind=Kind.BUDGET)).id, "Wrong budget")


def test_its_audit_trail_begins_with_the_migration(old: Path) -> None:
    with open_ledger(old, now=noon) as ledger:
        (entry,) = trail(ledger)
        assert (entry.id, entry.action) == (1, Action.MIGRATE)
        assert entry.detail == "brought from form 1 to form 2, with 7 batches"


def test_a_backup_of_it_as_it_was_is_kept_and_can_be_put_back(old: Path) -> None:
    before = old.read_bytes()
    open_ledger(old, now=noon).close()
    (kept, _) = ring_of(old)
    assert (kept.path.name, kept.before) == ("old-20220801T120000Z-before-v2.s75", "before-v2")
    assert kept.path.read_bytes() == before
    done = restore(old, kept.path, noon)
    assert (done.after.lines, done.before.lines) == (46, 46)
    with open_ledger(old, read_only=True) as ledger:
        assert [entry.action for entry in trail(ledger)] == [Action.MIGRATE, Action.RESTORE]
        assert settled(ledger) == expected(1)


def test_a_reader_does_not_bring_it_up_to_date(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(RefusedError, match=r"the ledger is of an older version; open it once for writing"):
        open_ledger(old, read_only=True)
    assert old.read_bytes() == before


def test_it_is_not_brought_up_to_date_where_no_backup_can_be_kept(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("S75_BACKUPS", str(tmp_path / "no folder"))
    before = old.read_bytes()
    said = r"brought up to date only when a backup can be kept first: (Not a directory|.* exists)"
    with pytest.raises(RefusedError, match=said):
        open_ledger(old)
    assert old.read_bytes() == before


def test_an_old_file_with_a_trigger_of_somebodys_is_not_brought_up_to_date(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(
            "CREATE TRIGGER mine AFTER INSERT ON lines BEGIN INSERT INTO meta VALUES ('mine', 'was here'); END"
        )
    before = old.read_bytes()
    with pytest.raises(AlteredError, match=r"trigger “mine” was put in"):
        open_ledger(old)
    assert old.read_bytes() == before


def test_a_migration_that_fails_leaves_the_file_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ledgers.creating.record_migration", fail)
    before = old.read_bytes()
    with pytest.raises(ZeroDivisionError):
        open_ledger(old)
    monkeypatch.undo()
    assert old.read_bytes()[60:64] == before[60:64]
    with open_ledger(old) as ledger:
        assert settled(ledger) == expected(1)


@pytest.fixture(params=VERSIONS)
def old_schema(request: pytest.FixtureRequest, postgres_url: str) -> str:
    """The URL of a schema with the tables and rows that an older version made on a server."""
    url = f"{postgres_url}?options=-csearch_path%3Dold{request.param}"
    with closing(sqlite3.connect(":memory:")) as file, closing(connect_postgres(url)) as connection:
        file.executescript(text_of(request.param))
        connection.execute(f"DROP SCHEMA IF EXISTS old{request.param} CASCADE")
        connection.execute(f"CREATE SCHEMA old{request.param}")
        upgrade_postgres(connection, f"{request.param:04}")
        tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'alembic_version'")
        connection.execute("BEGIN")  # batches are noted after their lines
        for (table,) in tables.fetchall():
            if table == "period_states":
                continue
            _copy(file, connection, table)
        _copy(file, connection, "period_states")
        connection.execute("COMMIT")
    return url


def _copy(file: sqlite3.Connection, connection: Any, table: str) -> None:  # noqa: ANN401  psycopg's
    cursor = file.execute(f"SELECT * FROM {table} ORDER BY 1")
    columns = [column[0] for column in cursor.description]
    places = ", ".join(["%s"] * len(columns))
    rows = cursor.fetchall()
    with connection.cursor() as at:
        at.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def test_a_schema_on_a_server_is_brought_up_to_date_by_its_owner(
    old_schema: str, reopen: Callable[..., Ledger]
) -> None:
    with pytest.raises(RefusedError, match=r"the ledger is of an older version"):
        reopen(old_schema)
    with closing(connect_postgres(old_schema)) as connection:
        store = PostgresStore("old", connection, writable=True)
        upgrade_postgres(connection, then=lambda: record_migration(store, noon(), 1, SCHEMA_VERSION))
    with reopen(old_schema) as ledger:
        assert settled(ledger) == expected(1)
        assert sorted(ledger.mappings()) == ["isfe", "oracle"]
        assert [entry.action for entry in trail(ledger)] == [Action.MIGRATE]
        with pytest.raises(Exception, match=r"never changed or taken out"):
            ledger.store.run("UPDATE mappings SET body = ''")
        ledger.reverse(next(ledger.lines(kind=Kind.BUDGET)).id, "Wrong budget")


@pytest.fixture(params=["by the migrations", "quickly, as tests make them"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ledgers are made the program's own way, and the tests'."""
    if request.param == "by the migrations":
        monkeypatch.setattr(creating, "_upgrade", migrate)
    else:
        assert creating._upgrade is migrate_quickly
    return request.param


@pytest.mark.usefixtures("way")
def test_a_new_ledger_is_made_the_same_way(tmp_path: Path, agreement_text: str) -> None:
    for name in ("first.s75", "second.s75"):
        with create_ledger(tmp_path / name, agreement_text) as ledger:
            assert digest_of(objects_of(ledger.store.connection)) == SCHEMAS[SCHEMA_VERSION]
            assert ledger.store.rows("SELECT version_num FROM alembic_version") == [(f"{SCHEMA_VERSION:04}",)]


CATALOGUE = (
    (
        "SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 3"
    ),
    (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = quote_ident(current_schema())::regnamespace ORDER BY 1, 2"
    ),
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1",
    (
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = quote_ident(current_schema())::regnamespace ORDER BY 1"
    ),
    (
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c "
        "ON c.oid = tgrelid WHERE relnamespace = quote_ident(current_schema())::regnamespace AND NOT tgisinternal "
        "ORDER BY 1, 2"
    ),
    "SELECT version_num FROM alembic_version",
)


def test_a_new_ledger_on_a_server_is_made_the_same_way(
    postgres_url: str, agreement_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(schema: str) -> list[list[tuple[Any, ...]]]:
        with create_ledger(f"{postgres_url}?options=-csearch_path%3D{schema}", agreement_text) as ledger:
            found = [ledger.store.connection.execute(query).fetchall() for query in CATALOGUE]
        return [[tuple(str(each).replace(schema, "HERE") for each in row) for row in rows] for rows in found]

    quickly = [made(f"t{uuid4().hex[:12]}") for _ in range(2)]
    monkeypatch.setattr(creating, "_upgrade", migrate)
    by_the_migrations = made(f"t{uuid4().hex[:12]}")

    assert all(by_the_migrations)
    assert quickly == [by_the_migrations] * 2
