"""New ledgers, and old ones brought up to date: both by the migrations, the one way that the tables come to be."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.pool import StaticPool

from ledgers.backups import take_backup
from ledgers.connecting import APPLICATION_ID, claim, connect, in_sentences
from ledgers.file_paths import refuse_too_long, whole
from ledgers.locking import WriterLock
from ledgers.program import program_version
from ledgers.schema import Objects, check_schema, objects_of
from ledgers.sqlite import SqliteStore, open_sqlite
from ledgers.store import SCHEMA_VERSION, Store
from ledgers.trail import Action, record, record_migration
from ledgers.versions import agreement_in
from rules.periods import Period
from rules.problems import Problem, RefusedError

if TYPE_CHECKING:
    from psycopg import Connection

    from ledgers.stored import StoredLedger

_MIGRATIONS = Path(__file__).parent / "migrations"


def create_sqlite(path: Path, agreement_text: str, *, file: str, now: Callable[[], datetime]) -> "StoredLedger":
    """Make a `.s75` file and open it. Raises RefusedError if there is a file already or the agreement does not hold."""
    agreement_in(agreement_text, file)
    refuse_too_long(whole(path), str(path), writes=True)
    path = path if whole(path) == path.absolute() else whole(path)
    claim(path)
    try:
        lock = WriterLock(path, now())
        try:
            with closing(connect(path, "rw")) as connection:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                store = SqliteStore(str(path), connection)
                upgrade_sqlite(connection, then=lambda: _begin_ledger(store, agreement_text, now()))
        finally:
            lock.release()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return open_sqlite(path, read_only=False, now=now, is_new=True)


def create_postgres(url: str, agreement_text: str, *, file: str, now: Callable[[], datetime]) -> "StoredLedger":
    """Make a ledger in the schema that the URL's search path names first (made if need be), and open it."""
    from ledgers.postgres import PostgresStore, connect_postgres, name_of, open_postgres  # noqa: PLC0415  psycopg

    agreement_in(agreement_text, file)
    with closing(connect_postgres(url)) as connection:
        store = PostgresStore(name_of(url), connection, writable=True)
        _make_schema(store)
        if store.rows("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'batches'"):
            message = (
                "there is a ledger in this schema already; it is never overwritten; name another schema or database"
            )
            raise RefusedError(Problem(message, store.name))
        upgrade_postgres(connection, then=lambda: _begin_ledger(store, agreement_text, now()))
    return open_postgres(url, read_only=False, now=now)


def bring_up_to_date(path: Path, version: int, now: datetime, name: str = "", *, keep: bool = True) -> None:
    """Migrate an older file, once a backup is kept that no ring drops (unless the file is itself but a copy of one).

    Raises RefusedError if no backup can be kept, or AlteredError if the file is not as that version made it.
    """
    name = name or str(path)
    with closing(connect(path, "rw", name)) as connection:
        check_schema(connection, version, name)
        if keep:
            _keep_before(path, connection, now, name)
        store = SqliteStore(name, connection)
        with in_sentences(name):
            upgrade_sqlite(connection, then=lambda: record_migration(store, now, version, SCHEMA_VERSION))


def _keep_before(path: Path, connection: sqlite3.Connection, now: datetime, name: str) -> None:
    try:
        take_backup(path, connection, now, before=f"before-v{SCHEMA_VERSION}")
    except OSError as error:
        message = (
            "the ledger is of an older version, and is brought up to date only when a backup can be kept first: "
            f"{error.strerror or error}"
        )
        raise RefusedError(Problem(message, name)) from None


def schema_of(version: int) -> Objects:
    """What the migrations make of an empty file, up to a version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade_sqlite(connection, f"{version:04}")
        return objects_of(connection)


def upgrade_sqlite(
    connection: sqlite3.Connection, revision: str = "head", *, then: Callable[[], object] = lambda: None
) -> None:
    """Run the migrations up to a revision on a file, and what is to follow, in one transaction."""
    try:
        with _bound("sqlite://", connection) as bound:
            bound.exec_driver_sql("BEGIN IMMEDIATE")
            # Alembic would make its table of VARCHAR, which STRICT refuses; it takes one that is there.
            bound.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT NOT NULL PRIMARY KEY) STRICT"
            )
            version = _upgrade(bound, revision)
            bound.exec_driver_sql(f"PRAGMA user_version = {version}")
            then()
            bound.exec_driver_sql("COMMIT")
    except sa.exc.DBAPIError as error:  # a full disk, say: in the words of the driver, which are put into sentences
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise


def upgrade_postgres(
    connection: "Connection", revision: str = "head", *, then: Callable[[], object] = lambda: None
) -> None:
    """Run the migrations up to a revision in the current schema, and what is to follow, in one transaction."""
    with _bound("postgresql+psycopg://", connection) as bound:
        bound.exec_driver_sql("BEGIN")
        _upgrade(bound, revision)
        then()
        bound.exec_driver_sql("COMMIT")


@contextmanager
def _bound(dialect: str, connection: "sqlite3.Connection | Connection") -> Iterator[sa.Connection]:
    """SQLAlchemy over a connection that stays the caller's; closing that undoes whatever was not committed."""
    engine = sa.create_engine(dialect, creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None)
    with engine.connect() as bound:
        yield bound


def _upgrade(connection: sa.Connection, revision: str) -> int:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    return SCHEMA_VERSION if revision == "head" else int(revision)


def _make_schema(store: Store) -> None:
    ((schema, path),) = store.rows("SELECT current_schema(), current_setting('search_path')")
    if schema is None:
        first = path.split(",")[0].strip().strip('"').replace('"', '""')
        store.run(f'CREATE SCHEMA IF NOT EXISTS "{first}"')


def _begin_ledger(store: Store, agreement_text: str, now: datetime) -> None:
    at = now.isoformat(timespec="seconds")
    digest = sha256(agreement_text.encode()).hexdigest()
    store.run_many(
        "INSERT INTO meta (key, value) VALUES (:key, :value)",
        [
            {"key": "ledger", "value": str(uuid4())},
            {"key": "made_at", "value": at},
            {"key": "made_by", "value": store.actor()},
            {"key": "program", "value": program_version()},
        ],
    )
    store.run(
        "INSERT INTO agreements (id, from_period, body, digest, reason, posted_at, actor, program) "
        "VALUES (1, :from_period, :body, :digest, :reason, :posted_at, :actor, :program)",
        from_period=int(Period.M1),
        body=agreement_text,
        digest=digest,
        reason="as the ledger was made with",
        posted_at=at,
        actor=store.actor(),
        program=program_version(),
    )
    record(store, now, Action.CREATE, "ledger", f"made of the agreement with sha256 {digest}")
