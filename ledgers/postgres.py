"""A ledger in a PostgreSQL schema, for partners who work at once from several sites.

The schema is the first of the connection's search path: `public`, or what `?options=-csearch_path%3DNAME` in the URL
says. Who may do what are the database's own roles, so that an auditor's login cannot write whatever the program does.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from ledgers.lines import Line, NewLine
from ledgers.retrying import ConflictError, retried
from ledgers.server_sentences import NO_ROLE, first_line, in_sentences, is_lost
from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.stored import StoredLedger
from rules.problems import Problem, RefusedError

_PARAMETER = re.compile(r":([a-z_]+)")
_PASSWORD = re.compile(r"^(\w+://[^:/?#@]*):(?!\d*[/?])(?:[^?]*|.*)(?=@)")  # to the last @ before a query
_PASSWORD_TOLD = re.compile(r"([?&](?:ssl)?password=)[^&]*", re.IGNORECASE)
_PORT = re.compile(r"\d{1,5}", re.ASCII)
_LAST_PORT = 65_535
_WAIT = "30s"
_ALONE = "SELECT pg_advisory_xact_lock('batches'::regclass::oid::bigint)"  # LOCK TABLE asks for rights to change rows
_UNKNOWN = (
    "the connection to the server was lost as this was being posted: whether it was posted is not known; "
    "open the ledger again and look at “s75 log” before doing it again"
)
_LOST_SOON = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}  # seconds: else two hours


@lru_cache(maxsize=256)
def _with_percent(sql: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", sql)


class PostgresStore:
    """An open connection to a ledger's schema."""

    knows_logins = True

    warnings: tuple[str, ...] = ()

    def __init__(self, name: str, connection: psycopg.Connection, *, writable: bool) -> None:
        """Over a connection in autocommit mode."""
        self.name = name
        self.writable = writable
        self.connection = connection
        self._is_posting = False

    def _in_sentences(self) -> AbstractContextManager[None]:
        return in_sentences(self.name, self.connection, is_posting=self._is_posting, is_read=not self.writable)

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        with self._in_sentences():
            return self.connection.execute(_with_percent(sql), values).fetchall()

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""
        with self._in_sentences():
            self.connection.execute(_with_percent(sql), values)

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values, pipelined."""
        with self._in_sentences(), self.connection.cursor() as cursor:
            cursor.executemany(_with_percent(sql), list(rows))

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in by COPY. No other statement can run until the iterator has ended."""
        into = f"COPY lines ({', '.join(LINE_COLUMNS)}) FROM STDIN"
        with self._in_sentences(), self.connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def actor(self) -> str:
        """The login: the database's own word for who this is, whatever the program or the operating system says."""
        ((login,),) = self.rows("SELECT session_user")
        return str(login)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one writer at a time: ids and late lines depend on what was posted and closed before.

        Of one writer nothing is left to deadlock. Another waits for `_WAIT` at most, and is then refused.
        """
        if self._is_within():
            yield
            return
        self._is_posting = True
        try:
            with self._in_sentences():
                yield from self._alone()
        except ConflictError as conflict:
            conflict.is_undone = True
            raise
        finally:
            self._is_posting = False

    def _alone(self) -> Iterator[None]:
        # Whatever the login's own settings: at a stricter level it would see the ledger as it was before it waited.
        self.connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            self.connection.execute(_ALONE)
            yield
            self._commit()
        except BaseException:
            with suppress(psycopg.Error):
                self.connection.execute("ROLLBACK")
            raise

    def _is_within(self) -> bool:
        return self.connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}

    def _commit(self) -> None:
        """End the transaction. Where the answer was lost, it says that nobody knows what became of it."""
        try:
            ended = self.connection.execute("COMMIT").statusmessage
        except psycopg.OperationalError as error:
            if not is_lost(error, self.connection):
                raise
            raise RefusedError(Problem(_UNKNOWN, self.name)) from error
        if ended != "COMMIT":
            message = f"a statement of the transaction had failed, and it ended in {ended}"
            raise RuntimeError(message)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever is posted meanwhile; nobody waits for it."""
        if self._is_within():
            yield
            return
        with self._in_sentences():
            self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield
            finally:
                with suppress(psycopg.Error):  # it has changed nothing that could be lost
                    self.connection.execute("ROLLBACK")

    def damage(self, *, thorough: bool = False) -> list[str]:
        """What differs, if asked thoroughly, from how the program makes a schema: a guard that was taken off, say.

        The server keeps its own checksums of what is in it, and amcheck is for its administrator.
        """
        from ledgers.catalogue import differences  # noqa: PLC0415  not for who only reads

        return differences(self) if thorough else []

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
    with in_sentences(name_of(url)):
        settings: dict[str, Any] = {"connect_timeout": 10, "application_name": "S75 Settlement", **_LOST_SOON}
        told = conninfo_to_dict(url)
        own = {key: value for key, value in settings.items() if key not in told}
        connection = psycopg.connect(url, autocommit=True, client_encoding="UTF8", **own)
        connection.execute(f"SET lock_timeout = '{_WAIT}'")
    return connection


def name_of(url: str) -> str:
    """The URL for messages: without its password. It need not be one that can be read."""
    return _PASSWORD_TOLD.sub(r"\1***", _PASSWORD.sub(r"\1", url))


def _refuse_unless_url(url: str) -> None:
    """Raise RefusedError for what the driver cannot read, or would take for the name of a server it cannot find."""
    try:
        ports = str(conninfo_to_dict(url).get("port") or "").split(",")
    except psycopg.ProgrammingError as error:
        why = first_line(error).partition(': "')[0]  # what it quotes may have the password in it
    else:
        if all(not port or (_PORT.fullmatch(port) and 0 < int(port) <= _LAST_PORT) for port in ports):
            return
        why = f"a port is a whole number from 1 to {_LAST_PORT}"
    message = f"this is not a PostgreSQL URL: {why}; write postgresql://user@server/database"
    raise RefusedError(Problem(message, name_of(url))) from None


class SharedLedger(StoredLedger):
    """A ledger on a server: what changes it is done again where another session crossed it."""

    def post(self, lines: Iterable[NewLine], *, source: str = "") -> tuple[Line, ...]:
        """Post lines as one batch."""
        return retried(super().post)(list(lines), source=source)  # an iterator could not be asked twice


_TRIED_AGAIN = ("hold", "import_file", "reopen", "reverse", "save_mapping", "set_agreement")
for _name in _TRIED_AGAIN:
    setattr(SharedLedger, _name, retried(getattr(StoredLedger, _name)))


def open_postgres(url: str, *, read_only: bool, now: Callable[[], datetime]) -> StoredLedger:
    """Open the ledger of a schema. Raises RefusedError if there is none, of this version, made of tables."""
    from ledgers.catalogue import refuse_unless_tables  # noqa: PLC0415  it imports this module's neighbours

    connection = connect_postgres(url)
    store = PostgresStore(name_of(url), connection, writable=not read_only)
    try:
        check_version(version_of(store), store.name)
        refuse_unless_tables(store)
        if read_only:
            store.run("SET default_transaction_read_only = on")
    except BaseException:
        connection.close()
        raise
    return SharedLedger(store, now)


def version_of(store: PostgresStore) -> int:
    """The version of the ledger's tables. Raises RefusedError if there is none, or the login may not look."""
    # A schema that the login may not use is none to the server: it would say that there is no ledger.
    hidden = store.rows(
        "SELECT 1 FROM pg_namespace WHERE current_schema() IS NULL AND nspname IN "
        "(SELECT trim(both ' \"' FROM unnest(string_to_array(current_setting('search_path'), ','))))"
    )
    if hidden:
        raise RefusedError(Problem(NO_ROLE, store.name))
    ((revision,),) = store.rows("SELECT version_num FROM alembic_version")
    return int(revision)


def check_version(version: int, name: str, *, oldest: int = SCHEMA_VERSION) -> None:
    """Raise RefusedError if the tables are of a newer program, or older than they may be here."""
    if version > SCHEMA_VERSION:
        message = (
            f"the ledger was written by a newer version of S75 Settlement (its form is {version}, "
            f"this program knows up to {SCHEMA_VERSION}); install the newer version to open it"
        )
        raise RefusedError(Problem(message, name))
    if version < oldest:
        message = (
            "the ledger is of an older version; its owner brings it up to date, after a pg_dump, with "
            "“s75 server init URL”"
        )
        raise RefusedError(Problem(message, name))
