"""The `.s75` file: SQLite with a rollback journal, because these files live on network shares, where WAL corrupts."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ledgers.store import LINE_COLUMNS, SCHEMA_VERSION
from ledgers.stored import StoredLedger
from rules.problems import Problem, RefusedError

if TYPE_CHECKING:
    from ledgers.locking import WriterLock

APPLICATION_ID = int.from_bytes(b"S75L", "big")
"""Bytes 68 to 71 of the file: what makes a SQLite file a ledger of ours."""

_MAGIC = b"SQLite format 3\0"
_WAIT_SECONDS = 30
_WRITER_CACHE_KIB = 16_384
_OVERFLOWS = (
    "integer overflow",
    "cannot store REAL value in INTEGER column",
)  # of SUM, and of + (which STRICT catches)
_AT_ONCE = 5_000
_INSERT_LINE = f"INSERT INTO lines ({', '.join(LINE_COLUMNS)}) VALUES ({', '.join('?' * len(LINE_COLUMNS))})"  # noqa: S608  our names
_A_STATEMENT = 50  # rows in one INSERT: a fifth quicker than one each
_INSERT_LINES = _INSERT_LINE + (", " + _INSERT_LINE.partition("VALUES ")[2]) * (_A_STATEMENT - 1)
_SENTENCES = {
    "SQLITE_FULL": "the disk is full; nothing was posted; make room and try again",
    "SQLITE_BUSY": "another program is writing to the file; nothing was changed; try again when it is done",
    "SQLITE_LOCKED": "another program is writing to the file; nothing was changed; try again when it is done",
    "SQLITE_READONLY": "the file or its folder cannot be written to; open the ledger read-only, or copy it elsewhere",
    "SQLITE_CANTOPEN": "the file, or its journal beside it, cannot be opened; may the folder be written in?",
    "SQLITE_PERM": "the file cannot be opened: its permissions do not allow it",
    "SQLITE_IOERR": "the disk failed to read or write; nothing was posted; check the disk or the network share",
    "SQLITE_CORRUPT": "the file is damaged; go back to a backup",
    "SQLITE_NOTADB": "this is not a ledger of S75 Settlement",
    "SQLITE_TOOBIG": "a text is longer than the ledger can hold",
}


@contextmanager
def _in_sentences(name: str) -> Iterator[None]:
    """What SQLite refuses for reasons outside the program, said so that a person knows what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        sentence = next((text for start, text in _SENTENCES.items() if code.startswith(start)), None)
        if sentence is None and any(told in str(error) for told in _OVERFLOWS):
            sentence = "the lines come to more than a ledger can hold"
        if sentence is None:
            raise
        raise RefusedError(Problem(sentence, name)) from error


class SqliteStore:
    """An open `.s75` file."""

    def __init__(
        self,
        name: str,
        connection: sqlite3.Connection,
        *,
        lock: "WriterLock | None" = None,
        copied_to: str | None = None,
    ) -> None:
        """Over a connection that is already set up; `lock` is released and `copied_to` removed when it closes."""
        self.name = name
        self.writable = lock is not None
        self.connection = connection
        self._lock = lock
        self._copied_to = copied_to

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        with _in_sentences(self.name):
            return self.connection.execute(sql, values).fetchall()

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""
        with _in_sentences(self.name):
            self.connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values."""
        with _in_sentences(self.name):
            self.connection.executemany(sql, rows)

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in, some thousands at once: drawing each from the iterator when it is wanted is a sixth slower."""
        with _in_sentences(self.name):
            while some := list(islice(rows, _AT_ONCE)):
                whole = len(some) // _A_STATEMENT * _A_STATEMENT
                packed = (
                    tuple(chain.from_iterable(some[at : at + _A_STATEMENT])) for at in range(0, whole, _A_STATEMENT)
                )
                self.connection.executemany(_INSERT_LINES, packed)
                self.connection.executemany(_INSERT_LINE, some[whole:])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Our own others are kept out by the lock; IMMEDIATE keeps out what knows nothing of it."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                self.connection.rollback()
            raise

    def damage(self) -> list[str]:
        """What quick_check and the foreign keys find wrong."""
        try:
            found = [text for (text,) in self.rows("PRAGMA quick_check") if text != "ok"]
            broken = self.rows("PRAGMA foreign_key_check")
        except RefusedError as error:
            return [problem.message for problem in error.problems]
        return found + [
            f"row {row} of {table} refers to a row of {parent} that is missing" for table, row, parent, _ in broken
        ]

    def backup(self, path: Path) -> None:
        """Write a consistent copy with SQLite's backup API, which lets readers and writers go on."""
        claim(path)
        try:
            with _in_sentences(str(path)), closing(sqlite3.connect(path)) as copy:
                self.connection.backup(copy)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._copied_to is not None:
            _remove_folder(self._copied_to)
            self._copied_to = None


def claim(path: Path) -> None:
    """Make an empty file where there is none. Raises RefusedError if there is one, or it cannot be made."""
    try:
        path.open("xb").close()
    except FileExistsError:
        raise RefusedError(
            Problem("there is a file of this name already; it is never overwritten", str(path))
        ) from None
    except OSError as error:
        raise RefusedError(Problem(f"the file cannot be made: {error.strerror or error}", str(path))) from None


def open_sqlite(path: Path, *, read_only: bool, now: Callable[[], datetime]) -> StoredLedger:
    """Open a `.s75` file. Raises RefusedError if it is not one, is of a newer program, or another process holds it."""
    name = str(path)
    version = check_header(path)
    if read_only:
        if version < SCHEMA_VERSION:
            message = (
                "the ledger is of an older version; open it once for writing to bring it up to date (a backup is kept)"
            )
            raise RefusedError(Problem(message, name))
        return StoredLedger(_open_reader(path), now)
    from ledgers.locking import WriterLock  # noqa: PLC0415  filelock takes 0.1 s, and readers take no lock

    lock = WriterLock(path, now())
    try:
        if version < SCHEMA_VERSION:
            from ledgers.creating import bring_up_to_date  # noqa: PLC0415  migrations bring SQLAlchemy

            bring_up_to_date(path, version, now())
        connection = connect(path, "rw")
        with _in_sentences(name):
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
            connection.execute("SELECT 1 FROM meta").fetchall()
    except BaseException:
        lock.release()
        raise
    return StoredLedger(SqliteStore(name, connection, lock=lock), now)


def check_header(path: Path) -> int:
    """The version of the ledger's tables, from the file's first bytes, before SQLite is let near it.

    Raises RefusedError if it is no ledger of ours or of a newer program.
    """
    name = str(path)
    try:
        with path.open("rb") as stream:
            header = stream.read(100)
    except OSError as error:
        raise RefusedError(Problem(f"the ledger cannot be opened: {error.strerror or error}", name)) from None
    if not header.startswith(_MAGIC) or len(header) < 100:  # noqa: PLR2004  SQLite's header
        raise RefusedError(Problem("this is not a ledger of S75 Settlement (.s75)", name))
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        message = "this is a SQLite database of another program, not a ledger of S75 Settlement"
        raise RefusedError(Problem(message, name))
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        message = (
            f"the ledger was written by a newer version of S75 Settlement (its form is {version}, "
            f"this program knows up to {SCHEMA_VERSION}); install the newer version to open it"
        )
        raise RefusedError(Problem(message, name))
    return version


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection without implicit transactions, with the guards that are a connection's own."""
    with _in_sentences(str(path)):
        connection = sqlite3.connect(
            f"{_uri(path)}?mode={mode}", uri=True, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # or REPLACE slips past the triggers
    return connection


def _uri(path: Path) -> str:
    posix = path.absolute().as_posix()
    if posix.startswith("//"):
        posix = "//" + posix  # a Windows share: its server must not be taken for the URI's authority
    elif not posix.startswith("/"):
        posix = "/" + posix
    return "file:" + quote(posix, safe="/:")


def _open_reader(path: Path) -> SqliteStore:
    """Read-only, and so unable to roll back what a killed writer left half done: a copy is made and read instead."""
    name = str(path)
    connection = connect(path, "ro")
    try:
        connection.execute("SELECT 1 FROM meta").fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        journal = path.with_name(path.name + "-journal")
        if not journal.exists() or not _needs_rollback(error):
            with _in_sentences(name):
                raise
        return _open_recovered_copy(path, journal)
    except sqlite3.Error:
        connection.close()
        with _in_sentences(name):
            raise
    return SqliteStore(name, connection)


def _needs_rollback(error: sqlite3.Error) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))


def _open_recovered_copy(path: Path, journal: Path) -> SqliteStore:
    import shutil  # noqa: PLC0415  only after a crash

    folder = tempfile.mkdtemp(prefix="s75-")
    try:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(journal, Path(folder) / journal.name)
        connection = connect(copy, "rw")
        with _in_sentences(str(path)):
            connection.execute("SELECT 1 FROM meta").fetchall()
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        _remove_folder(folder)
        raise
    return SqliteStore(str(path), connection, copied_to=folder)


def _remove_folder(folder: str) -> None:
    import shutil  # noqa: PLC0415  only after a crash

    shutil.rmtree(folder, ignore_errors=True)
