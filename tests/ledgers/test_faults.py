"""A disk that fills and a computer that loses its power: the ledger opens, is whole, and has the operation or not."""

import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.backups import ring_of
from ledgers.connecting import journal_of
from ledgers.creating import create_sqlite
from ledgers.importing import importer
from ledgers.restoring import content_of, restore
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.conftest import SOAK
from tests.ledgers.conftest import noon
from tests.ledgers.forking import copy_of, start

assert create_sqlite
assert importer  # loaded before anything forks

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
NAME = "pool.s75"
ROWS = 3_000
OLD = (Path(__file__).parent / "older" / "v1.sql").read_text(encoding="utf-8")
FULL = 3
"""The exit status of a child that was refused in a sentence."""


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory, agreement_text: str) -> Path:
    """Folders of a ledger with a few lines, a backup and a file to import; and of one of version 1."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "new").mkdir()
    (folder / "old").mkdir()
    with closing(sqlite3.connect(folder / "old" / NAME)) as connection:
        connection.executescript(OLD)
    path = folder / "new" / NAME
    with create_ledger(path, agreement_text, now=noon) as ledger:
        ledger.post([LINE])
    with open_ledger(path, now=noon) as ledger:
        ledger.post([LINE])
    rows = "\n".join(f"M1,BEDS,COUNCIL,actual,{number}.00,{'x' * 60}" for number in range(ROWS))
    (folder / "new" / "lines.csv").write_text("period,scheme,partner,kind,amount,description\n" + rows)
    return folder


def lines_of_whole(path: Path, *, read_only: bool = False) -> int:
    """How many lines are in the ledger, once it is found to be whole."""
    with open_ledger(path, read_only=read_only, now=noon) as ledger:
        assert ledger.store.damage(thorough=True) == []
        assert {finding.check for finding in ledger.findings()} <= {"late line", "measure"}
        assert broken(trail(ledger)) == ()
        return sum(1 for _ in ledger.lines())


# --- a disk that fills ------------------------------------------------------------------------------------------------


def import_(path: Path) -> None:
    with open_ledger(path, now=noon) as ledger:
        ledger.store.connection.execute("PRAGMA cache_size = 20")
        ledger.import_file(path.with_name("lines.csv"))


def migrate(path: Path) -> None:
    open_ledger(path, now=noon).close()


def put_back(path: Path) -> None:
    restore(path, ring_of(path)[0].path, noon)


def limited(operation: Callable[[Path], None], size: int) -> Callable[[Path], None]:
    """The operation where no file can grow beyond so many bytes: the write fails, as it does on a full disk."""

    def run(path: Path) -> None:
        import resource  # Windows has none

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            operation(path)
        except RefusedError:
            os._exit(FULL)

    return run


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be kept there from writing a large file")
@pytest.mark.parametrize(
    ("operation", "on", "sizes", "allowed"),
    [
        (import_, "new", range(4_096, 1_200_000, 60_000 if SOAK else 120_000), {2, 2 + ROWS}),
        (migrate, "old", range(4_096, 320_000, 24_576 if SOAK else 49_152), {46}),
        (put_back, "new", range(4_096, 320_000, 16_384 if SOAK else 32_768), {1, 2}),
    ],
    ids=["import", "migrate", "restore"],
)
def test_a_disk_that_fills_leaves_all_or_nothing(
    ledgers: Path, tmp_path: Path, operation: Callable[[Path], None], on: str, sizes: range, allowed: set[int]
) -> None:
    statuses = set()
    for size in sizes:
        path = copy_of(ledgers / on, tmp_path / "full") / NAME
        status = os.waitstatus_to_exitcode(os.waitpid(start(limited(operation, size), path), 0)[1])
        assert status in {0, FULL}, f"with room for {size} bytes a file"
        statuses.add(status)
        assert lines_of_whole(path) in allowed
        for backup in ring_of(path):
            assert content_of(backup.path).lines in {1, 2, 46, *allowed}
    assert statuses == {0, FULL}


def test_a_ledger_that_may_grow_no_further_refuses_and_stays_whole(ledgers: Path, tmp_path: Path) -> None:
    path = copy_of(ledgers / "new", tmp_path / "full") / NAME
    refused = 0
    with open_ledger(path, now=noon) as ledger:
        connection = ledger.store.connection
        ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
        for room in range(0, 200, 10):
            connection.execute(f"PRAGMA max_page_count = {pages + room}")
            try:
                ledger.import_file(path.with_name("lines.csv"))
            except RefusedError as error:
                refused += "the disk is full; nothing was posted" in str(error)
            else:
                break
            assert sum(1 for _ in ledger.lines()) == 2
    assert refused > 5
    assert lines_of_whole(path) == 2 + ROWS


# --- the power goes ---------------------------------------------------------------------------------------------------


RECORD = 4 + 4096 + 4


@pytest.fixture(scope="module")
def commit(ledgers: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, bytes]:
    """An import's file before it and after it, and its journal as it is once it is safe on the disk.

    Only then does SQLite write how it begins, and how many pages are in it: it is read here just before that.
    """
    path = copy_of(ledgers / "new", tmp_path_factory.mktemp("power") / "work") / NAME
    before, journals = path.read_bytes(), []

    def keep(statement: str) -> None:
        if statement == "COMMIT":
            journals.append(journal_of(path).read_bytes())

    with open_ledger(path, now=noon) as ledger:
        ledger.store.connection.set_trace_callback(keep)
        ledger.import_file(path.with_name("lines.csv"))
    (journal,) = journals
    records = (len(journal) - 512) // RECORD
    assert records > 4
    safe = bytes.fromhex("d9d505f920a163d7") + records.to_bytes(4, "big") + journal[12 : 512 + records * RECORD]
    return before, path.read_bytes(), safe


def half_written(before: bytes, after: bytes, pages: int) -> bytes:
    """The file when so many of the pages that a commit writes have reached the disk: they go in order."""
    file = bytearray(before)
    for at in range(0, len(after), 4096):
        if pages and after[at : at + 4096] != before[at : at + 4096]:
            file[at : at + 4096] = after[at : at + 4096]
            pages -= 1
    return bytes(file)


@pytest.mark.parametrize("pages", [0, 1, 2, 5, 10_000])
def test_a_power_cut_in_the_middle_of_a_commit_is_undone(
    commit: tuple[bytes, bytes, bytes], tmp_path: Path, pages: int
) -> None:
    before, after, journal = commit
    for read_only in (True, False):
        path = tmp_path / NAME
        path.write_bytes(half_written(before, after, pages))
        journal_of(path).write_bytes(journal)
        assert lines_of_whole(path, read_only=read_only) == 2


@pytest.mark.parametrize("pages", [0, 1, 3, 6, 10_000])
def test_a_journal_cut_at_every_page_never_leaves_a_part_of_an_import(
    commit: tuple[bytes, bytes, bytes], tmp_path: Path, pages: int
) -> None:
    """Where nothing was written yet nothing is lost. Where it was, no program can undo it, and the person is told."""
    before, after, journal = commit
    chance = random.Random(pages)  # noqa: S311  the same noise each time
    path = tmp_path / NAME
    said = unsaid = 0
    for cut in range(512, len(journal), RECORD):
        for tail in (b"", chance.randbytes(min(RECORD, len(journal) - cut))):
            path.write_bytes(half_written(before, after, pages))
            journal_of(path).write_bytes(journal[:cut] + tail)
            try:
                assert lines_of_whole(path, read_only=bool(tail)) in {2, 2 + ROWS}
            except RefusedError as error:
                said += "its journal (pool.s75-journal) lost what would undo that; go back to a backup" in str(error)
                unsaid += "its journal" not in str(error)
                assert path.read_bytes() == half_written(before, after, pages)
            with suppress(FileNotFoundError):
                journal_of(path).unlink()
    assert (said == 0) == (pages == 0)
    assert unsaid == 0


def test_a_journal_that_lost_its_end_before_anything_was_written_is_no_loss(ledgers: Path, tmp_path: Path) -> None:
    """As most cuts are: the journal is being made, and the file is as it was."""
    path = copy_of(ledgers / "new", tmp_path / "work") / NAME
    with open_ledger(path, now=noon) as ledger:
        connection = ledger.store.connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE totals SET amount_pence = amount_pence + 0 WHERE true")
        for number in range(1, 40):
            connection.execute("INSERT INTO disputes VALUES (?, 1, 'CCG', 1, NULL, ?, '', '')", (number, "x" * 2000))
        file, journal = path.read_bytes(), journal_of(path).read_bytes()
        connection.execute("ROLLBACK")
    assert len(journal) > 4104
    for cut in {*range(0, len(journal), 512), len(journal)}:
        for read_only in (True, False):
            path.write_bytes(file)
            journal_of(path).write_bytes(journal[:cut])
            assert lines_of_whole(path, read_only=read_only) == 2
            with suppress(FileNotFoundError):
                journal_of(path).unlink()
