"""The `.s75` file: SQLite with a rollback journal, because these files live on network shares, where WAL corrupts."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgers.connecting import (
    APPLICATION_ID,
    WAIT_SECONDS,
    claim,
    connect,
    first_read,
    hold_open,
    in_sentences,
    journal_of,
    read_header,
)
from ledgers.file_paths import refuse_too_long, resolved
from ledgers.schema import check_schema, check_values
from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.stored import StoredLedger
from rules.problems import Problem, RefusedError

if TYPE_CHECKING:
    from ledgers.locking import WriterLock

__all__ = ["APPLICATION_ID", "SqliteStore", "claim", "connect", "open_sqlite"]

_WRITER_CACHE_KIB = 16_384
_AT_ONCE = 5_000
_INSERT_LINE = f"INSERT INTO lines ({', '.join(LINE_COLUMNS)}) VALUES ({', '.join('?' * len(LINE_COLUMNS))})"  # noqa: S608  our names
_A_STATEMENT = 50  # rows in one INSERT: a fifth quicker than one each
_INSERT_LINES = _INSERT_LINE + (", " + _INSERT_LINE.partition("VALUES ")[2]) * (_A_STATEMENT - 1)


class SqliteStore:
    """An open `.s75` file."""

    knows_logins = False

    def __init__(
        self,
        name: str,
        connection: sqlite3.Connection,
        *,
        lock: "WriterLock | None" = None,
        let_go: Callable[[], None] | None = None,
        copied_to: str | None = None,
        warnings: tuple[str, ...] = (),
    ) -> None:
        """Over a connection that is already set up.

        As it closes, `let_go` is called, `lock` released and `copied_to` removed. `warnings` are what whoever works
        on the ledger has to know, as sentences: that no backup could be kept.
        """
        self.name = name
        self.writable = lock is not None
        self.connection = connection
        self.warnings = warnings
        self._lock = lock
        self._let_go = let_go
        self._copied_to = copied_to

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        with in_sentences(self.name):
            return self.connection.execute(sql, values).fetchall()

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""
        with in_sentences(self.name):
            self.connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values."""
        with in_sentences(self.name):
            self.connection.executemany(sql, rows)

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in, some thousands at once: drawing each from the iterator when it is wanted is a sixth slower."""
        with in_sentences(self.name):
            while some := list(islice(rows, _AT_ONCE)):
                whole = len(some) // _A_STATEMENT * _A_STATEMENT
                packed = (
                    tuple(chain.from_iterable(some[at : at + _A_STATEMENT])) for at in range(0, whole, _A_STATEMENT)
                )
                self.connection.executemany(_INSERT_LINES, packed)
                self.connection.executemany(_INSERT_LINE, some[whole:])

    def actor(self) -> str:
        """The operating system's name for who runs the program: a file knows no other; who signs has a key."""
        from ledgers.locking import user_name  # noqa: PLC0415  filelock takes 0.1 s, and readers take no lock

        return user_name()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Our own others are kept out by the lock; IMMEDIATE keeps out what knows nothing of it."""
        if self.connection.in_transaction:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                self.connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment. A writer waits with its commit until it ends: keep it short."""
        if self.connection.in_transaction:
            yield
            return
        self.run("BEGIN DEFERRED")
        ((only_read,),) = self.rows("PRAGMA query_only")
        self.run("PRAGMA query_only = ON")  # or what is written inside would go without a word
        try:
            yield
        finally:
            with suppress(sqlite3.Error):  # it has changed nothing that could be lost
                self.connection.rollback()
            self.run(f"PRAGMA query_only = {only_read}")

    def damage(self, *, thorough: bool = False) -> list[str]:
        """What SQLite's check and the foreign keys find wrong. Thorough holds every index against its table as well."""
        check = "integrity_check" if thorough else "quick_check"
        try:
            found = [
                " ".join(text.removeprefix("*** in database main ***").split())
                for (text,) in self.rows(f"PRAGMA {check}")
                if text != "ok"
            ]
            broken = self.rows("PRAGMA foreign_key_check")
        except RefusedError as error:
            return [problem.message for problem in error.problems]
        return found + [
            f"row {row} of {table} refers to a row of {parent} that is missing" for table, row, parent, _ in broken
        ]

    def backup(self, path: Path) -> None:
        """Write a consistent copy with SQLite's backup API, which lets readers and writers go on."""
        from ledgers.backups import write_copy  # noqa: PLC0415  readers keep none

        claim(path)
        try:
            write_copy(self.connection, path, path.stat().st_mode)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
        if self._let_go is not None:
            self._let_go()
            self._let_go = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._copied_to is not None:
            _remove_folder(self._copied_to)
            self._copied_to = None


def open_sqlite(path: Path, *, read_only: bool, now: Callable[[], datetime], is_new: bool = False) -> StoredLedger:
    """Open a `.s75` file. For writing a backup is kept first, unless it `is_new`.

    Raises RefusedError if it is not one, is of a newer program, is damaged, or another process holds it, and
    AlteredError if its tables or guards are not those that this program makes.
    """
    name = str(path)
    path = resolved(path)  # a link's lock and journal lie beside what it points to
    refuse_too_long(path, name, writes=not read_only)
    read_header(path, name)
    if read_only:
        store = _open_reader(path, name)
        store.warnings = _told_once(_doubles(path, store))
        return StoredLedger(store, now)
    from ledgers.locking import WriterLock  # noqa: PLC0415  filelock takes 0.1 s, and readers take no lock

    lock = WriterLock(path, now(), name)
    try:
        return StoredLedger(_open_writer(path, name, lock, now(), is_new=is_new), now)
    except BaseException:
        lock.release()
        raise


def _open_writer(path: Path, name: str, lock: "WriterLock", now: datetime, *, is_new: bool) -> SqliteStore:
    from ledgers.backups import keep_backup  # noqa: PLC0415  readers keep none
    from ledgers.crashed import recover  # noqa: PLC0415  readers undo nothing

    recover(path, name)
    version = read_header(path, name).version  # only now: what was half done may have been a migration
    _refuse_cut_short(path, name)
    if version < SCHEMA_VERSION:
        from ledgers.creating import bring_up_to_date  # noqa: PLC0415  migrations bring SQLAlchemy

        bring_up_to_date(path, version, now, name)
    let_go = hold_open(path)
    connection = connect(path, "rw", name)
    try:
        check_schema(connection, SCHEMA_VERSION, name)
        check_values(connection, name)
        with in_sentences(name):
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
        _refuse_read_only(connection, name)
        warnings = () if is_new else keep_backup(path, connection, now)
        store = SqliteStore(name, connection, lock=lock, let_go=let_go)
        others = () if is_new else (*lock.warnings, *_of_its_place(path), *_doubles(path, store))
        store.warnings = (*warnings, *_told_once(others))
    except BaseException:
        connection.close()
        let_go()
        raise
    return store


def _refuse_read_only(connection: sqlite3.Connection, name: str) -> None:
    """Raise RefusedError if the file lets nobody write to it though its folder does: better now than after an hour."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        # of no row: it takes the lock of a writer, and writes nothing (BEGIN IMMEDIATE takes none of such a file)
        connection.execute("UPDATE totals SET cause = cause WHERE FALSE")
    except sqlite3.OperationalError as error:
        if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_READONLY"):
            return  # another program writes to it just now, so it can be written to
        message = (
            "the file is marked read-only, or its permissions let you only read it; open the ledger read-only, or take "
            "a copy to work in: s75 copy take"
        )
        raise RefusedError(Problem(message, name)) from None
    finally:
        connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")


def _of_its_place(path: Path) -> tuple[str, ...]:
    """What follows from where the file lies, and from copies of it that people work in."""
    from ledgers.copies import warnings_of as of_copies  # noqa: PLC0415  readers are told nothing of it
    from ledgers.places import warnings_of as of_place  # noqa: PLC0415  as above
    from ledgers.places_found import place_here  # noqa: PLC0415  as above

    return (*of_place(place_here(path), path.name), *of_copies(path, path.name))


def _doubles(path: Path, store: SqliteStore) -> tuple[str, ...]:
    """Other files of this ledger beside it, which OneDrive and its like leave: nearly always no name looks like one."""
    from ledgers.doubles import doubles_of, in_words, named_alike  # noqa: PLC0415  which loads this module's users

    if not named_alike(path):
        return ()
    from ledgers.trail import COLUMNS, Entry  # noqa: PLC0415  as above

    ((number,),) = store.rows("SELECT COALESCE(MAX(value), '') FROM meta WHERE key = 'ledger'")
    entries = store.rows(f"SELECT {COLUMNS} FROM audit ORDER BY id")  # noqa: S608  our names
    return tuple(in_words(each, path.name) for each in doubles_of(path, number, tuple(Entry(*row) for row in entries)))


_TOLD: set[str] = set()


def _told_once(warnings: tuple[str, ...]) -> tuple[str, ...]:
    """The warnings, each logged the first time that this process meets it: a window opens one ledger several times."""
    from logging import getLogger  # noqa: PLC0415  only to say it: on standard error, unless a program listens

    for warning in warnings:
        if warning not in _TOLD:
            _TOLD.add(warning)
            getLogger(__name__).warning(warning)
    return warnings


def _open_reader(path: Path, name: str) -> SqliteStore:
    """Read-only, and so unable to roll back what a killed writer left half done: a copy is made and read instead."""
    _refuse_cut_short(path, name)
    connection = connect(path, "ro", name)
    try:
        first_read(connection)
    except sqlite3.Error as error:
        connection.close()
        if journal_of(path).exists() and _needs_rollback(error):
            return _open_recovered_copy(path, name)
        with in_sentences(name):
            raise
    return _checked(SqliteStore(name, connection), path)


def _checked(store: SqliteStore, path: Path) -> SqliteStore:
    """The store, once what it reads is found to be a ledger of ours."""
    try:
        _refuse_older(path, store.name)
        check_schema(store.connection, SCHEMA_VERSION, store.name)
        check_values(store.connection, store.name)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_older(path: Path, name: str) -> None:
    if read_header(path, name).version < SCHEMA_VERSION:
        message = (
            "the ledger is of an older version; open it once for writing to bring it up to date (a backup is kept)"
        )
        raise RefusedError(Problem(message, name))


def _refuse_cut_short(path: Path, name: str) -> None:
    """Raise RefusedError if the file's end is missing: where nobody is writing, for then it may be on its way."""
    for _ in range(2):  # once more, if somebody finished writing in between
        if not read_header(path, name).is_cut_short or journal_of(path).exists():
            return
    raise RefusedError(Problem("the end of the file is missing; go back to a backup", name))


def _needs_rollback(error: sqlite3.Error) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))


def _open_recovered_copy(path: Path, name: str) -> SqliteStore:
    from tempfile import mkdtemp  # noqa: PLC0415  only after a crash

    from ledgers.crashed import copy_recovered  # noqa: PLC0415  only after a crash

    folder = mkdtemp(prefix="s75-")
    try:
        copy = copy_recovered(path, Path(folder), name)
        connection = connect(copy, "ro", name)
        return _checked(SqliteStore(name, connection, copied_to=folder), copy)
    except BaseException:
        _remove_folder(folder)
        raise


def _remove_folder(folder: str) -> None:
    import shutil  # noqa: PLC0415  only after a crash

    shutil.rmtree(folder, ignore_errors=True)
