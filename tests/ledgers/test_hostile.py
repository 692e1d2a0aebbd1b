"""Files that somebody made or changed: each is refused in a sentence and bounded time, or opened and does no harm."""

import os
import sqlite3
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.connecting import journal_of
from ledgers.schema import AlteredError
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
DAMAGED = "the file is damaged; go back to a backup"
HEADER = "the file is not as S75 Settlement writes a ledger: its header was changed; go back to a backup"
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, agreement_text: str) -> bytes:
    """The bytes of a ledger with a few lines."""
    path = tmp_path_factory.mktemp("hostile") / "original.s75"
    with create_ledger(path, agreement_text) as ledger:
        ledger.post([LINE, LINE])
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, original: bytes) -> Path:
    """The ledger, for somebody to change."""
    path = tmp_path / "sent.s75"
    path.write_bytes(original)
    return path


@pytest.fixture(autouse=True)
def _in_bounded_time_and_memory() -> Iterator[None]:
    before = most_memory()
    started = time.process_time()
    yield
    assert time.process_time() - started < 10
    assert most_memory() - before < 300_000


def most_memory() -> int:
    """The most that this process has had until now, in KiB; Windows is not asked, which keeps no count of it here."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def change(path: Path, *statements: str) -> None:
    """Run SQL on the file with no guard at all, its schema's text included."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.executescript(statement)


def put(path: Path, at: int, content: bytes) -> None:
    """Write bytes over the file's."""
    with path.open("r+b") as stream:
        stream.seek(at)
        stream.write(content)


def refused(path: Path, *, read_only: bool) -> RefusedError:
    """How the file is refused, which it is without being changed."""
    is_file = path.is_file()
    before = path.read_bytes() if is_file else b""
    with pytest.raises(RefusedError) as caught:
        open_ledger(path, read_only=read_only).close()
    assert caught.value.problems[0].file == str(path)
    assert not is_file or path.read_bytes() == before
    return caught.value


def said(path: Path) -> str:
    """The sentence, which is the same for who reads and who writes."""
    first, second = (refused(path, read_only=read_only).problems[0].message for read_only in (True, False))
    assert first == second
    return first


IN_SCHEMA = {
    "a trigger that takes money": (
        "CREATE TRIGGER take AFTER INSERT ON lines BEGIN UPDATE totals SET amount_pence = 0; END",
        "trigger “take” was put in",
    ),
    "a view in the place of a table": (
        "ALTER TABLE totals RENAME TO kept; CREATE VIEW totals AS SELECT * FROM kept",
        "table “kept” was put in; view “totals” was put in; table “totals” is missing",
    ),
    "a view without an end": (
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "view “endless” was put in",
    ),
    "a table": ("CREATE TABLE extra (id)", "table “extra” was put in"),
    "an index that calls a function": (
        "CREATE INDEX slow ON lines (hex(randomblob(1)))".replace("randomblob(1)", "zeroblob(1)"),
        "index “slow” was put in",
    ),
    "a guard taken away": ("DROP TRIGGER lines_refuse_update", "trigger “lines_refuse_update” is missing"),
    "a guard that guards nothing": (
        "DROP TRIGGER meta_refuse_update; CREATE TRIGGER meta_refuse_update BEFORE UPDATE ON meta BEGIN SELECT 1; END",
        "trigger “meta_refuse_update” was changed",
    ),
    "STRICT taken off": (
        "UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') WHERE name = 'lines'",
        "table “lines” was changed",
    ),
    "a CHECK that allows anything": (
        "UPDATE sqlite_schema SET sql = replace(sql, 'period BETWEEN 1 AND 13', 'period > 0') WHERE name = 'lines'",
        "table “lines” was changed",
    ),
    "a column that is computed": (
        "UPDATE sqlite_schema SET sql = replace(sql, 'amount_pence INT', 'a INTEGER AS (1), amount_pence INT') "  # noqa: ISC004
        "WHERE name = 'totals'",
        "table “totals” was changed",
    ),
    "a virtual table": (
        "INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING fts5(x)')",
        "table “v” was put in",
    ),
    "statistics that mislead": ("ANALYZE", "table “sqlite_stat1” was put in"),
    "names that drive a terminal": (
        'CREATE TABLE "\x1b[2Jgone" (id)',
        "table “\\x1b[2Jgone” was put in",
    ),
}


@pytest.mark.parametrize("what", IN_SCHEMA)
def test_a_schema_that_is_not_ours_is_refused_and_what_differs_is_named(path: Path, what: str) -> None:
    statements, named = IN_SCHEMA[what]
    change(path, statements)
    for read_only in (True, False):
        error = refused(path, read_only=read_only)
        assert isinstance(error, AlteredError)
        assert named in str(error)
        assert "somebody changed how the file is made, so that nothing in it can be relied on (" in str(error)


def test_many_differences_are_counted(path: Path) -> None:
    change(path, *(f"CREATE TABLE t{number} (id)" for number in range(9)))
    assert "; table “t4” was put in and 4 more); go back to a backup" in said(path)


def test_a_schema_of_very_many_tables_is_given_up(path: Path) -> None:
    change(
        path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO sqlite_schema "
        "SELECT 'view', 'v' || i, 'v' || i, 0, 'CREATE VIEW v' || i || ' AS SELECT 1' FROM n",
    )
    started = time.monotonic()
    assert "there is far more in it than in a ledger" in said(path)
    assert time.monotonic() - started < 5


def test_a_schema_that_is_no_sql_is_refused(path: Path) -> None:
    change(path, "UPDATE sqlite_schema SET sql = 'CREATE TABLE lines (((' WHERE name = 'lines'")
    assert said(path) == DAMAGED or "its schema cannot be read" in said(path)


def test_a_statement_of_megabytes_in_the_schema_is_refused(path: Path) -> None:
    change(
        path,
        "INSERT INTO sqlite_schema VALUES ('view', 'v', 'v', 0, "
        "'CREATE VIEW v AS SELECT ' || replace(hex(zeroblob(2000000)), '0', '1+') || '1')",
    )
    assert said(path) == DAMAGED or "its schema cannot be read" in said(path) or "longer than" in said(path)


NOT_ITS_TYPE = {
    "text for an amount": "UPDATE totals SET amount_pence = 'much'",
    "a fraction for an amount": "UPDATE totals SET amount_pence = 0.5",
    "bytes for a text": "UPDATE agreements SET body = x'00ff'",
    "nothing for an amount": "UPDATE totals SET amount_pence = NULL",
}


def lie(path: Path, *statements: str) -> None:
    """Put values in that the tables do not allow, by having the tables allow anything for that while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        kept = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        connection.execute("PRAGMA writable_schema = ON")
        for name, sql in kept:
            if sql and sql.startswith("CREATE TRIGGER"):
                connection.execute(f"DROP TRIGGER {name}")
        for name, sql in kept:
            if sql and sql.startswith("CREATE TABLE"):
                ends = sql.rindex(")") + 1
                loose = sql[:ends].replace("NOT NULL", "").replace("CHECK (", "CHECK (1 OR ")
                loose += " WITHOUT ROWID" if "ROWID" in sql[ends:] else ""
                connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (loose, name))
        version = connection.execute("PRAGMA schema_version").fetchone()[0]
        connection.execute(f"PRAGMA schema_version = {version + 1}")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA writable_schema = ON")
        for name, sql in kept:
            if sql and sql.startswith("CREATE TRIGGER"):
                connection.execute(sql)
            elif sql:
                connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, name))


@pytest.mark.parametrize("what", NOT_ITS_TYPE)
def test_a_value_that_no_ledger_can_have_is_found_as_it_is_opened(path: Path, what: str) -> None:
    lie(path, NOT_ITS_TYPE[what])
    assert said(path).startswith("the file is damaged (")


@pytest.mark.parametrize("change_it", ["period = 14", "state = 'forgiven'"])
def test_a_period_or_state_that_is_none_is_found_by_who_writes_and_by_who_asks(path: Path, change_it: str) -> None:
    """SQLite keeps no CHECK in mind of a file that it opens read-only."""
    with open_ledger(path) as ledger:
        ledger.hold(Period.M1)
    lie(path, f"UPDATE period_states SET {change_it}")
    assert refused(path, read_only=False).problems[0].message.startswith("the file is damaged (CHECK")
    with open_ledger(path, read_only=True) as ledger, pytest.raises(RefusedError, match=r"what no ledger can \("):
        ledger.periods()


@pytest.mark.parametrize(
    ("change_it", "ask"),
    [
        ("UPDATE lines SET amount_pence = 'much'", lambda ledger: list(ledger.lines())),
        ("UPDATE lines SET period = 99", lambda ledger: list(ledger.lines())),
        ("UPDATE lines SET date = 'one day'", lambda ledger: list(ledger.lines())),
        ("UPDATE totals SET kind = 'gift'", lambda ledger: ledger.position(Period.M1)),
        ("UPDATE batches SET totals = 'nothing'", lambda ledger: ledger.batches()),
        ("UPDATE batches SET totals = '{\"gift\": 1}'", lambda ledger: ledger.batches()),
        ("UPDATE lines SET description = CAST(x'ff' AS TEXT)", lambda ledger: list(ledger.lines())),
        ("UPDATE batches SET file = CAST(x'ff' AS TEXT)", lambda ledger: ledger.batches()),
    ],
)
def test_a_value_that_no_ledger_can_have_is_refused_as_it_is_read(
    path: Path, change_it: str, ask: Callable[[object], object]
) -> None:
    lie(path, change_it)
    with open_ledger(path, read_only=True) as ledger, pytest.raises(RefusedError, match=r"go back to a backup"):
        ask(ledger)


def test_a_text_that_no_ledger_can_hold_is_not_read_into_memory(path: Path) -> None:
    lie(path, "UPDATE lines SET description = CAST(zeroblob(80000000) AS TEXT)")
    with (
        open_ledger(path, read_only=True) as ledger,
        pytest.raises(RefusedError, match=r"a text is longer than the ledger can hold"),
    ):
        list(ledger.lines())


def test_an_index_that_leaves_a_line_out_is_found_by_the_thorough_check(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        ((root,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_lines_scheme_kind'")
    page = bytearray(path.read_bytes()[(root - 1) * 4096 : root * 4096])
    page[3:5] = struct.pack(">H", 1)  # one entry where there were two
    put(path, (root - 1) * 4096, bytes(page))
    with open_ledger(path, read_only=True) as ledger:
        assert any("ix_lines_scheme_kind" in found for found in ledger.store.damage(thorough=True))


OF_HEADER = {
    "the other encoding": (56, b"\0\0\0\2", HEADER),
    "no encoding": (56, b"\0\0\0\0", HEADER),
    "no version": (60, b"\0\0\0\0", HEADER),
    "a page size that is none": (16, b"\x03\x00", "this is not a ledger of S75 Settlement"),
    "another page size": (16, b"\x20\x00", None),
    "more pages than there are": (28, b"\0\0\xff\xff", "the end of the file is missing; go back to a backup"),
    "a form of the far future": (18, b"\x09\x09", None),
}


@pytest.mark.parametrize("what", OF_HEADER)
def test_a_header_that_lies_is_refused(path: Path, what: str) -> None:
    at, content, message = OF_HEADER[what]
    put(path, at, content)
    told = said(path)
    assert message is None or told == message


def test_a_database_in_the_other_encoding_is_refused(path: Path) -> None:
    copy = path.with_name("utf-16.s75")
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy, isolation_level=None)) as new:
        new.execute("PRAGMA encoding = 'UTF-16'")
        new.executescript("".join(old.iterdump()))
        new.execute("PRAGMA application_id = 1396127052")
        new.execute("PRAGMA user_version = 2")
    assert said(copy) == HEADER


@pytest.mark.parametrize("page_size", [512, 65536])
def test_pages_of_another_size_do_no_harm(path: Path, page_size: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}")
        connection.execute("VACUUM")
    with open_ledger(path) as ledger:
        ledger.post([LINE])
        assert len(list(ledger.lines())) == 3
    open_ledger(path).close()


def test_a_ledger_in_wal_mode_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert said(path).startswith(
        "another program put the ledger into SQLite's WAL mode (sent.s75-wal may lie beside it)"
    )


def test_a_write_ahead_log_that_lies_beside_a_ledger_is_not_played_into_it(path: Path, original: bytes) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE mine (id)")
        log = path.with_name("sent.s75-wal").read_bytes()
        assert len(log) > 4096
    path.write_bytes(original)
    path.with_name("sent.s75-wal").write_bytes(log)
    assert said(path).startswith("another program put the ledger into SQLite's WAL mode")


@pytest.mark.parametrize("kept", [101, 4096, 8192, 50_000])
def test_a_file_that_is_cut_short_is_refused(path: Path, kept: int) -> None:
    os.truncate(path, kept)
    assert said(path) == "the end of the file is missing; go back to a backup"


@pytest.mark.parametrize("filling", [b"\0", b"\xff"])
def test_a_file_of_nothing_after_its_header_is_refused(path: Path, original: bytes, filling: bytes) -> None:
    path.write_bytes(original[:100] + filling * (len(original) - 100))
    assert said(path) in {DAMAGED, "this is not a ledger of S75 Settlement"} or "is missing" in said(path)


@pytest.mark.parametrize("seed", range(30))
def test_a_file_with_a_page_of_noise_is_opened_or_refused_in_a_sentence(path: Path, original: bytes, seed: int) -> None:
    import random

    chance = random.Random(seed)  # noqa: S311  the same noise each time
    page = chance.randrange(len(original) // 4096)
    put(path, page * 4096 + (100 if page == 0 else 0), chance.randbytes(3996))
    try:
        with open_ledger(path, read_only=True) as ledger:
            ledger.findings()
            list(ledger.lines())
            ledger.position(Period.M6)
    except RefusedError:
        pass


class TestWhatIsNoFile:
    @pytest.mark.skipif(sys.platform == "win32", reason="no pipe lies in a folder there")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.s75")
        assert said(tmp_path / "pipe.s75") == "this is not a file, and so not a ledger of S75 Settlement (.s75)"

    @pytest.mark.skipif(sys.platform == "win32", reason="no device lies in a folder there")
    def test_a_device_is_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "zero.s75").symlink_to("/dev/zero")
        assert said(tmp_path / "zero.s75") == "this is not a file, and so not a ledger of S75 Settlement (.s75)"

    def test_a_folder_without_an_agreement_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "folder.s75").mkdir()
        with pytest.raises(RefusedError):
            open_ledger(tmp_path / "folder.s75")

    @pytest.mark.skipif(sys.platform == "win32", reason="a link of a file needs a right there that few people have")
    def test_a_link_that_leads_nowhere_or_round_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.s75").symlink_to(tmp_path / "b.s75")
        (tmp_path / "b.s75").symlink_to(tmp_path / "a.s75")
        with pytest.raises(RefusedError, match=r"there is no such ledger|the ledger cannot be opened"):
            open_ledger(tmp_path / "a.s75")


@pytest.fixture
def journal(path: Path, tmp_path: Path) -> bytes:
    """The journal of the ledger in the middle of a posting: a hot one, if nobody held a lock."""
    copy = tmp_path / "copy.s75"
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO disputes VALUES (?, 1, 'CCG', 1, NULL, ?, '', '')", [(n, "x" * 900) for n in range(1, 200)]
        )
        connection.execute("PRAGMA cache_spill = 1")
        content = journal_of(copy).read_bytes()
        assert content[8:12] != b"\0\0\0\0"
        path.write_bytes(copy.read_bytes())
        connection.execute("ROLLBACK")
    return content


class TestJournals:
    NOT_OWN = (
        "the journal that lies beside it (sent.s75-journal) is not its own, and would ruin it; "
        "move the journal away, or restore"
    )

    def test_its_own_is_played_back(self, path: Path, journal: bytes) -> None:
        journal_of(path).write_bytes(journal)
        with open_ledger(path, read_only=True) as ledger:
            assert ledger.store.damage(thorough=True) == []
        with open_ledger(path) as ledger:
            assert ledger.store.rows("SELECT COUNT(*) FROM disputes") == [(0,)]

    def test_one_of_another_file_is_not(self, path: Path, journal: bytes, original: bytes) -> None:
        """The posting goes through in one file, and a later one; the journal comes from before both."""
        path.write_bytes(original)
        for _ in range(3):
            with open_ledger(path) as ledger:
                ledger.post([LINE])
        journal_of(path).write_bytes(journal)
        assert said(path) == self.NOT_OWN
        assert journal_of(path).read_bytes() == journal

    def test_one_of_another_program_is_not(self, path: Path, journal: bytes, original: bytes) -> None:
        path.write_bytes(original)
        other = bytearray(journal)
        at = other.index(b"SQLite format 3\0")
        other[at + 68 : at + 72] = b"GPKG"
        journal_of(path).write_bytes(other)
        assert said(path) == self.NOT_OWN

    def test_one_of_another_page_size_is_not(self, path: Path, journal: bytes) -> None:
        other = bytearray(journal)
        other[24:28] = struct.pack(">I", 8192)
        journal_of(path).write_bytes(other)
        assert said(path) == self.NOT_OWN

    def test_one_that_names_another_journal_removes_no_file(self, path: Path, journal: bytes, tmp_path: Path) -> None:
        """SQLite would delete a super-journal that names no journal: any file that somebody chose."""
        victim = tmp_path / "accounts.xlsx"
        victim.write_bytes(b"worth keeping")
        name = bytes(victim)
        tail = struct.pack(">I", 0) + name + struct.pack(">II", len(name), sum(name)) + JOURNAL_MAGIC
        journal_of(path).write_bytes(journal + tail)
        assert said(path) == self.NOT_OWN
        assert victim.read_bytes() == b"worth keeping"

    def test_one_that_is_noise_does_no_harm(self, path: Path, original: bytes) -> None:
        path.write_bytes(original)
        journal_of(path).write_bytes(b"noise" * 1000)
        with open_ledger(path) as ledger:
            assert len(list(ledger.lines())) == 2

    def test_one_that_says_it_has_billions_of_pages_is_not_believed(self, path: Path, journal: bytes) -> None:
        other = bytearray(journal)
        other[8:12] = b"\xff\xff\xff\xf0"
        journal_of(path).write_bytes(other)
        started = time.monotonic()
        with suppress(RefusedError):
            open_ledger(path, read_only=True).close()
        assert time.monotonic() - started < 1


def test_a_sound_ledger_is_checked_in_no_time(path: Path) -> None:
    from ledgers.schema import check_schema, check_values

    with open_ledger(path, read_only=True) as ledger:
        connection = ledger.store.connection
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            check_schema(connection, 2, "it")
            check_values(connection, "it")
            taken.append(time.perf_counter() - started)
    assert min(taken) < 0.003
