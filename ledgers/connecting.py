"""A `.s75` file as SQLite is let near it: its first bytes read, a connection set up, its refusals said in sentences.

Whoever sends a file may have made it: what its header says is held against what this program writes before SQLite
opens it, and a connection allows no more than a ledger needs.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledgers.file_paths import uri
from ledgers.store import SCHEMA_VERSION
from rules.problems import Problem, RefusedError

APPLICATION_ID = int.from_bytes(b"S75L", "big")
"""Bytes 68 to 71 of the file: what makes a SQLite file a ledger of ours."""

WAIT_SECONDS = 30
_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_ROLLBACK_JOURNAL = b"\1\1"  # bytes 18 and 19; WAL is 2
_UTF_8 = 1
_LARGEST_PAGE = 65_536
_LARGEST_VALUE = 64 * 1024 * 1024
_LONGEST_SQL = 1_000_000
_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
)
_STEPS = 20_000
"""Of SQLite's, for reading a schema: ours takes some hundreds, one of a million tables is given up."""
_OVERFLOWS = (
    "integer overflow",
    "cannot store REAL value in INTEGER column",
)  # of SUM, and of + (which STRICT catches)
DAMAGED = "the file is damaged; go back to a backup"
_SENTENCES = {
    "SQLITE_FULL": "the disk is full; nothing was posted; make room and try again",
    "SQLITE_BUSY": "another program is writing to the file; nothing was changed; try again when it is done",
    "SQLITE_LOCKED": "another program is writing to the file; nothing was changed; try again when it is done",
    "SQLITE_READONLY": "the file or its folder cannot be written to; open the ledger read-only, or copy it elsewhere",
    "SQLITE_CANTOPEN": "the file, or its journal beside it, cannot be opened; may the folder be written in?",
    "SQLITE_PERM": "the file cannot be opened: its permissions do not allow it",
    "SQLITE_IOERR": "the disk failed to read or write; nothing was posted; check the disk or the network share",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": "this is not a ledger of S75 Settlement",
    "SQLITE_INTERRUPT": "this is not a ledger of S75 Settlement: there is far more in it than in a ledger",
    "SQLITE_TOOBIG": "a text is longer than the ledger can hold",
}
_DAMAGES = ("Could not decode to UTF-8", "unsupported file format", "malformed database schema")


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """What SQLite refuses for reasons outside the program, said so that a person knows what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        sentence = next((text for start, text in _SENTENCES.items() if code.startswith(start)), None)
        if sentence is None and any(told in str(error) for told in _OVERFLOWS):
            sentence = "the lines come to more than a ledger can hold"
        if sentence is None and any(told in str(error) for told in _DAMAGES):
            sentence = DAMAGED
        if sentence is None:
            raise
        raise RefusedError(Problem(sentence, name)) from error
    except UnicodeDecodeError as error:  # SQLite's own message shows bytes of the file, and they are no text
        raise RefusedError(Problem(DAMAGED, name)) from error


@dataclass(frozen=True, slots=True)
class Header:
    """What the first hundred bytes of a ledger say, and how many bytes (`size`) the file has."""

    version: int
    page_size: int
    pages: int
    counter: int
    content: bytes
    size: int

    @property
    def is_cut_short(self) -> bool:
        """Whether the file has fewer pages than it says. Older SQLite leaves the number stale, and says so."""
        told = int.from_bytes(self.content[92:96], "big") == self.counter
        return told and self.size < self.pages * self.page_size


def read_header(path: Path, name: str = "") -> Header:
    """The file's first bytes, before SQLite is let near it.

    Raises RefusedError if it is no ledger of ours, is of a newer program, or has what no ledger of ours has.
    """
    name = name or str(path)
    header, found = _first_bytes(path, name)
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
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
    page_size = int.from_bytes(header[16:18], "big")
    if version < 1 or int.from_bytes(header[56:60], "big") != _UTF_8:
        message = "the file is not as S75 Settlement writes a ledger: its header was changed; go back to a backup"
        raise RefusedError(Problem(message, name))
    _refuse_wal(path, header, name)
    return Header(
        version=version,
        page_size=_LARGEST_PAGE if page_size == 1 else page_size,
        pages=int.from_bytes(header[28:32], "big"),
        counter=int.from_bytes(header[24:28], "big"),
        content=header,
        size=found.st_size,
    )


_HELD: dict[tuple[int, int], int] = {}
"""Files that this process writes, by device and number, each with an open descriptor to read the header by."""


def hold_open(path: Path) -> Callable[[], None]:
    """Have headers of a file that this process writes read by one descriptor; what is answered lets go of it.

    On POSIX a process that closes any descriptor of a file loses all its locks on it, SQLite's among them: a reader
    in another thread would take a commit's lock away just by looking at the header.
    """
    if os.name != "posix":
        return lambda: None
    descriptor = os.open(path, os.O_RDONLY)
    found = os.fstat(descriptor)
    _HELD[found.st_dev, found.st_ino] = descriptor

    def let_go() -> None:
        _HELD.pop((found.st_dev, found.st_ino), None)
        os.close(descriptor)

    return let_go


def _first_bytes(path: Path, name: str) -> tuple[bytes, os.stat_result]:
    try:
        found = path.stat()
        held = _HELD.get((found.st_dev, found.st_ino))
        if held is not None:
            return os.pread(held, _HEADER_BYTES, 0), found
        if not stat.S_ISREG(found.st_mode):  # to open a pipe would wait for whoever writes to it
            raise RefusedError(Problem("this is not a file, and so not a ledger of S75 Settlement (.s75)", name))
        with path.open("rb") as stream:
            return stream.read(_HEADER_BYTES), found
    except OSError as error:
        raise RefusedError(Problem(f"the ledger cannot be opened: {error.strerror or error}", name)) from None


def _refuse_wal(path: Path, header: bytes, name: str) -> None:
    """SQLite would play a write-ahead log into any file that one lies beside, whoever wrote it."""
    beside = path.with_name(path.name + "-wal")
    if header[18:20] == _ROLLBACK_JOURNAL and not beside.exists():
        return
    message = (
        f"another program put the ledger into SQLite's WAL mode ({beside.name} may lie beside it), which no ledger is "
        "in because it loses data on network shares; go back to a backup, or have it set journal_mode to DELETE"
    )
    raise RefusedError(Problem(message, name))


def connect(path: Path, mode: str, name: str = "") -> sqlite3.Connection:
    """A connection without implicit transactions, with the guards that are a connection's own."""
    with in_sentences(name or str(path)):
        connection = sqlite3.connect(
            f"{uri(path)}?mode={mode}", uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        for limit, value in _LIMITS:
            connection.setlimit(limit, value)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA mmap_size = 0")  # a file that is cut short under a map kills the process
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # or REPLACE slips past the triggers
    return connection


def first_read(connection: sqlite3.Connection) -> None:
    """Have SQLite read the schema, and before that undo what a killed program left half done, if it may write.

    It gives up where there is far more than a ledger has. Raises sqlite3.Error.
    """
    connection.set_progress_handler(lambda: 1, _STEPS)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()
    except UnicodeDecodeError as error:  # SQLite's own message shows bytes of the file, and they are no text
        message = "malformed database schema"
        raise sqlite3.DatabaseError(message) from error
    finally:
        connection.set_progress_handler(None, 0)


def journal_of(path: Path) -> Path:
    """Where SQLite keeps the journal of a file."""
    return path.with_name(path.name + "-journal")


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
