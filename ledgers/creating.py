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

from ledgers.locking import WriterLock, user_name
from ledgers.program import program_version
from ledgers.sqlite import APPLICATION_ID, SqliteStore, claim, connect, open_sqlite
from ledgers.store import SCHEMA_VERSION, Store
from rules.periods import Period
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement

if TYPE_CHECKING:
    from psycopg import Connection

    from ledgers.stored import StoredLedger

_MIGRATIONS = Path(__file__).parent / "migrations"


def create_sqlite(path: Path, agreement_text: str, *, file: str, now: Callable[[], datetime]) -> "StoredLedger":
    """Make a `.s75` file and open it. Raises RefusedError if there is a file already or the agreement does not hold."""
    read_agreement(agreement_text, file=file)
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
    return open_sqlite(path, read_only=False, now=now)


def create_postgres(url: str, agreement_text: str, *, file: str, now: Callable[[], datetime]) -> "StoredLedger":
    """Make a ledger in the schema that the URL's search path names first (made if need be), and open it."""
    from ledgers.postgres import PostgresStore, connect_postgres, name_of, open_postgres  # noqa: PLC0415  psycopg

    read_agreement(agreement_text, file=file)
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


def bring_up_to_date(path: Path, version: int, now: datetime) -> None:
    """Migrate an older file, after a backup of it beside it, `NAME.v1-20250401T093000.s75`."""
    with closing(connect(path, "rw")) as connection:
        backup = path.with_name(f"{path.stem}.v{version}-{now:%Y%m%dT%H%M%S}{path.suffix}")
        SqliteStore(str(path), connection).backup(backup)
        upgrade_sqlite(connection)


def upgrade_sqlite(
    connection: sqlite3.Connection, revision: str = "head", *, then: Callable[[], None] = lambda: None
) -> None:
    """Run the migrations up to a revision on a file, and what is to follow, in one transaction."""
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


def upgrade_postgres(
    connection: "Connection", revision: str = "head", *, then: Callable[[], None] = lambda: None
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
    store.run_many(
        "INSERT INTO meta (key, value) VALUES (:key, :value)",
        [
            {"key": "ledger", "value": str(uuid4())},
            {"key": "made_at", "value": at},
            {"key": "made_by", "value": user_name()},
            {"key": "program", "value": program_version()},
        ],
    )
    store.run(
        "INSERT INTO agreements (id, from_period, body, digest, reason, posted_at, actor, program) "
        "VALUES (1, :from_period, :body, :digest, :reason, :posted_at, :actor, :program)",
        from_period=int(Period.M1),
        body=agreement_text,
        digest=sha256(agreement_text.encode()).hexdigest(),
        reason="as the ledger was made with",
        posted_at=at,
        actor=user_name(),
        program=program_version(),
    )
