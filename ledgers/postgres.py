"""A ledger in a PostgreSQL schema, for partners who work at once from several sites.

The schema is the first of the connection's search path: `public`, or what `?options=-csearch_path%3DNAME` in the URL
says. Who may do what are the database's own roles, so that an auditor's login cannot write whatever the program does.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.stored import StoredLedger
from rules.problems import Problem, RefusedError

_PARAMETER = re.compile(r":([a-z_]+)")
_PASSWORD = re.compile(r"^(\w+://[^:/?#@]*):(?!\d*[/?])(?:[^?]*|.*)(?=@)")  # to the last @ before a query
_PORT = re.compile(r"\d{1,5}", re.ASCII)
_LAST_PORT = 65_535
_WAIT = "30s"
_SENTENCES: dict[type[psycopg.Error], str] = {
    errors.InsufficientPrivilege: "the login may not do this; it is for the ledger's preparers",
    errors.ReadOnlySqlTransaction: "the ledger is opened read-only",
    errors.LockNotAvailable: "somebody else is posting to the ledger; nothing was changed; try again later",
    errors.DiskFull: "the server's disk is full; nothing was posted",
    errors.NumericValueOutOfRange: "the lines come to more than a ledger can hold",
    errors.UndefinedTable: "there is no ledger in this schema; make one with “s75 new URL --agreement agreement.toml”",
}


@contextmanager
def _in_sentences(name: str) -> Iterator[None]:
    """What the server refuses for reasons outside the program, said so that a person knows what to do."""
    try:
        yield
    except psycopg.Error as error:
        sentence = next((text for kind, text in _SENTENCES.items() if isinstance(error, kind)), None)
        if sentence is None and (isinstance(error, psycopg.OperationalError) and error.sqlstate is None):
            sentence = f"the server cannot be reached: {_first_line(error)}"
        if sentence is None:
            raise
        raise RefusedError(Problem(sentence, name)) from error


def _first_line(error: psycopg.Error) -> str:
    """What the driver says, without its guesses (“Is the server running…”) and its list of every attempt."""
    return next(iter(str(error).splitlines()), "").strip().rstrip(" .:;,")


@lru_cache(maxsize=256)
def _with_percent(sql: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", sql)


class PostgresStore:
    """An open connection to a ledger's schema."""

    def __init__(self, name: str, connection: psycopg.Connection, *, writable: bool) -> None:
        """Over a connection in autocommit mode."""
        self.name = name
        self.writable = writable
        self.connection = connection

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        with _in_sentences(self.name):
            return self.connection.execute(_with_percent(sql), values).fetchall()

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""
        with _in_sentences(self.name):
            self.connection.execute(_with_percent(sql), values)

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values, pipelined."""
        with _in_sentences(self.name), self.connection.cursor() as cursor:
            cursor.executemany(_with_percent(sql), list(rows))

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in by COPY. No other statement can run until the iterator has ended."""
        into = f"COPY lines ({', '.join(LINE_COLUMNS)}) FROM STDIN"
        with _in_sentences(self.name), self.connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one writer at a time: ids and late lines depend on what was posted and closed before."""
        with _in_sentences(self.name):
            self.connection.execute("BEGIN")
            try:
                self.connection.execute("LOCK TABLE batches IN EXCLUSIVE MODE")
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def damage(self) -> list[str]:
        """Nothing: the server keeps its own checksums, and amcheck is for its administrator."""
        return []

    def backup(self, path: Path) -> None:
        """Refused: a server has its own tools, which also keep its roles."""
        message = (
            f"a ledger on a server is backed up with the server's own tool: pg_dump --format=custom --file={path} URL"
        )
        raise RefusedError(Problem(message, self.name))

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


def connect_postgres(url: str) -> psycopg.Connection:
    """A connection in autocommit mode. Raises RefusedError if there is no server, database or login."""
    _refuse_unless_url(url)
    with _in_sentences(name_of(url)):
        connection = psycopg.connect(url, autocommit=True, client_encoding="UTF8", connect_timeout=10)
        connection.execute(f"SET lock_timeout = '{_WAIT}'")
    return connection


def name_of(url: str) -> str:
    """The URL for messages: without its password. It need not be one that can be read."""
    return _PASSWORD.sub(r"\1", url)


def _refuse_unless_url(url: str) -> None:
    """Raise RefusedError for what the driver cannot read, or would take for the name of a server it cannot find."""
    try:
        ports = str(conninfo_to_dict(url).get("port") or "").split(",")
    except psycopg.ProgrammingError as error:
        why = _first_line(error).partition(': "')[0]  # what it quotes may have the password in it
    else:
        if all(not port or (_PORT.fullmatch(port) and 0 < int(port) <= _LAST_PORT) for port in ports):
            return
        why = f"a port is a whole number from 1 to {_LAST_PORT}"
    message = f"this is not a PostgreSQL URL: {why}; write postgresql://user@server/database"
    raise RefusedError(Problem(message, name_of(url))) from None


def open_postgres(url: str, *, read_only: bool, now: Callable[[], datetime]) -> StoredLedger:
    """Open the ledger of a schema. Raises RefusedError if there is none, or it is of another version."""
    connection = connect_postgres(url)
    store = PostgresStore(name_of(url), connection, writable=not read_only)
    try:
        ((revision,),) = store.rows("SELECT version_num FROM alembic_version")
        _check_version(int(revision), store.name)
        if read_only:
            store.run("SET default_transaction_read_only = on")
    except BaseException:
        connection.close()
        raise
    return StoredLedger(store, now)


def _check_version(version: int, name: str) -> None:
    if version > SCHEMA_VERSION:
        message = (
            f"the ledger was written by a newer version of S75 Settlement (its form is {version}, "
            f"this program knows up to {SCHEMA_VERSION}); install the newer version to open it"
        )
        raise RefusedError(Problem(message, name))
    if version < SCHEMA_VERSION:
        message = "the ledger is of an older version; its owner brings it up to date after a pg_dump"
        raise RefusedError(Problem(message, name))
