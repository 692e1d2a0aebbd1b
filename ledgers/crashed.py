"""What a program that was killed leaves beside a ledger: a journal, with which SQLite undoes what was half done.

SQLite plays any journal that lies there into the file. One of another file would ruin it, one that names a
“super-journal” can make SQLite delete a file of somebody's choosing, and one that lost its end in a power cut undoes
only a part. So a journal is read before SQLite is let near it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from struct import unpack
from tempfile import TemporaryDirectory
from typing import BinaryIO

from ledgers.connecting import DAMAGED, Header, connect, first_read, in_sentences, journal_of, read_header
from ledgers.store import SCHEMA_VERSION
from rules.periods import Period
from rules.problems import Problem, RefusedError

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER_BYTES = 28
_COUNTED_TO_THE_END = 0xFFFFFFFF
_SMALLEST_SECTOR, _SMALLEST_PAGE, _LARGEST = 32, 512, 65_536
_FIRST_PAGE = b"\0\0\0\1"
_EVERY = 200  # SQLite's checksum adds up every 200th byte of a page, from its end
_NOT_OWN = "the journal that lies beside it ({}) is not its own, and would ruin it; move the journal away, or restore"
_TORN = (
    "the file was being written when the computer failed, and its journal ({}) lost what would undo that; go back to a "
    "backup: s75 restore"
)
_NOT_WHOLE = (
    """
    SELECT scheme, partner, kind, period, cause, SUM(amount_pence) FROM lines GROUP BY 1, 2, 3, 4, 5
    EXCEPT SELECT scheme, partner, kind, period, cause, amount_pence FROM totals
    """,
    """
    SELECT id, count FROM batches WHERE count > 0
    EXCEPT SELECT batch, COUNT(*) FROM lines GROUP BY batch
    EXCEPT SELECT batch, COUNT(*) FROM measures GROUP BY batch
    """,
)
"""Each finds a row where an operation is there in part."""


def recover(path: Path, name: str) -> None:
    """Undo what a killed program left half done, for the one who writes next. Nothing happens where nothing is left.

    Raises RefusedError, with file and journal as they were, if the journal is not the ledger's own, or too much of it
    is lost.
    """
    if not _is_hot(journal_of(path)):
        return
    if _refuse_foreign(path, name):
        with recovered_copy(path, name) as copy:
            _refuse_unless_whole(copy, path, name)
    with closing(connect(path, "rw", name)) as connection:
        roll_back(connection, name)
        _refuse_damaged(connection, name)


def roll_back(connection: sqlite3.Connection, name: str) -> None:
    """Have SQLite play the journal back, which it does for the first who reads."""
    with in_sentences(name):
        first_read(connection)


@contextmanager
def recovered_copy(path: Path, name: str) -> Iterator[Path]:
    """A copy of the file, in a folder that goes, in which what was half done is undone."""
    with TemporaryDirectory(prefix="s75-", ignore_cleanup_errors=True) as folder:
        yield copy_recovered(path, Path(folder), name)


def copy_recovered(path: Path, folder: Path, name: str) -> Path:
    """Put a copy of the file into the folder and undo in it what was half done.

    Raises RefusedError if the journal is not the file's own, or the copy cannot be made.
    """
    import shutil  # noqa: PLC0415  only after a crash

    copy = folder / path.name
    try:
        shutil.copyfile(path, copy)
        shutil.copyfile(journal_of(path), journal_of(copy))
    except OSError as error:
        message = f"the file was being written when a program was killed, and no copy to read can be made: {error}"
        raise RefusedError(Problem(message, name)) from None
    is_torn = _refuse_foreign(copy, name)
    try:
        with closing(connect(copy, "rw", name)) as connection:
            roll_back(connection, name)
    except RefusedError:
        if not is_torn:
            raise
    if is_torn:
        _refuse_unless_whole(copy, path, name)
    return copy


def _is_hot(journal: Path) -> bool:
    """Whether SQLite would play it back: a journal that is done with is empty, or begins with a zero."""
    try:
        with journal.open("rb") as stream:
            return stream.read(1) not in {b"", b"\0"}
    except OSError:
        return False


def _refuse_foreign(path: Path, name: str) -> bool:
    """Raise RefusedError if the journal is not the file's own; otherwise whether it lost a part of what it had."""
    journal = journal_of(path)
    header = read_header(path, name)
    with journal.open("rb") as stream:
        if not _is_own(stream, header):
            raise RefusedError(Problem(_NOT_OWN.format(journal.name), name))
        return not _is_complete(stream)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a journal: `count` pages as they were, from byte `at` on, each with its number and a checksum."""

    at: int
    count: int
    nonce: int
    page_size: int
    is_counted: bool

    def place(self, number: int) -> int:
        """Where the record of a page begins."""
        return self.at + number * (self.page_size + 8)


def _segments(stream: BinaryIO) -> Iterator[_Segment]:
    """The parts that SQLite would play back, which it says are safely on the disk. The first tells all their sizes."""
    size = stream.seek(0, 2)
    at = sector = page_size = 0
    while at + _HEADER_BYTES <= size:
        stream.seek(at)
        header = stream.read(_HEADER_BYTES)
        count, nonce, _, first_sector, first_page_size = unpack(">5I", header[8:])
        if header[:8] != _MAGIC or not count:
            return
        if not at:
            sector, page_size = first_sector, first_page_size
            if not (_SMALLEST_SECTOR <= sector <= _LARGEST and _SMALLEST_PAGE <= page_size <= _LARGEST):
                return  # SQLite plays nothing back then
        start = at + sector
        is_counted = count != _COUNTED_TO_THE_END
        if not is_counted:
            count = max(0, size - start) // (page_size + 8)
        yield _Segment(start, count, nonce, page_size, is_counted)
        at = -(-(start + count * (page_size + 8)) // sector) * sector


def _is_own(stream: BinaryIO, header: Header) -> bool:
    """Whether the journal is of this file: of its page size, and of the state just before what the file is in.

    A file's first page counts its changes, and nearly every journal has that page as it was.
    """
    stream.seek(max(0, stream.seek(0, 2) - len(_MAGIC)))
    if stream.read() == _MAGIC:
        return False  # it ends with the name of a super-journal, which none of ours does
    for segment in _segments(stream):
        if segment.page_size != header.page_size:
            return False
        for number in range(segment.count):
            stream.seek(segment.place(number))
            record = stream.read(4 + len(header.content))
            if len(record) < 4 + len(header.content):
                break
            if record[:4] == _FIRST_PAGE:
                was = record[4:]
                before = int.from_bytes(was[24:28], "big")
                is_next = header.counter in {before, (before + 1) & 0xFFFFFFFF}
                return is_next and was[68:72] == header.content[68:72]
    return True


def _is_complete(stream: BinaryIO) -> bool:
    """Whether every page that the journal says is safely on the disk is there, with a checksum that agrees."""
    for segment in _segments(stream):
        for number in range(segment.count if segment.is_counted else 0):
            stream.seek(segment.place(number) + 4)
            page, told = stream.read(segment.page_size), stream.read(4)
            summed = segment.nonce + sum(page[segment.page_size - _EVERY : 0 : -_EVERY])
            if told != (summed & 0xFFFFFFFF).to_bytes(4, "big"):
                return False
    return True


def _refuse_unless_whole(copy: Path, path: Path, name: str) -> None:
    """Raise RefusedError unless what the torn journal undid is all that there was to undo."""
    try:
        with closing(connect(copy, "ro", name)) as connection:
            _refuse_damaged(connection, name)
            with in_sentences(name):
                is_whole = not any(connection.execute(sql).fetchone() for sql in _NOT_WHOLE)
            is_whole = is_whole and _agrees_with_its_trail(connection, copy, name)
    except (RefusedError, sqlite3.Error):
        is_whole = False
    if not is_whole:
        raise RefusedError(Problem(_TORN.format(journal_of(path).name), name))


def _agrees_with_its_trail(connection: sqlite3.Connection, copy: Path, name: str) -> bool:
    from ledgers.auditing import DAMAGE, KEPT, TRAIL, findings_of  # noqa: PLC0415  only after a power cut
    from ledgers.sqlite import SqliteStore  # noqa: PLC0415  which loads this module
    from ledgers.stored import StoredLedger  # noqa: PLC0415  only after a power cut

    if read_header(copy, name).version < SCHEMA_VERSION:
        return True  # it has none yet
    ledger = StoredLedger(SqliteStore(name, connection), lambda: datetime.now(UTC))
    return not any(finding.check in {DAMAGE, KEPT, TRAIL} for finding in findings_of(ledger, Period.M13))


def _refuse_damaged(connection: sqlite3.Connection, name: str) -> None:
    with in_sentences(name):
        found = connection.execute("PRAGMA quick_check(1)").fetchall()
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != [("ok",)] or broken:
        raise RefusedError(Problem(DAMAGED, name))
