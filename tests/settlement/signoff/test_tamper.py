"""A signed ledger in which somebody changes one thing with SQLite, or one byte: `verify` never says that it holds.

The sample that always runs has every column of every table, every kind of change, and every exchange, insert and
deletion of rows. With S75_SOAK=1 every change is made, of a ledger of 10,000 lines, some thousands of them.
"""

import os
import random
import re
import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

import pytest

from ledgers import create_ledger, open_ledger, sealing
from ledgers.evidence import About, attach
from rules.periods import Period
from settlement.signoff.report import IN_A_FILE, UNKNOWABLE
from tests.settlement.signoff.changes import Change, Changes, change_by
from tests.settlement.signoff.tampering import (
    Signed,
    keys_given,
    logical_content,
    make_signed_ledger,
    report_of,
    stored_of,
)

SOAK = bool(os.environ.get("S75_SOAK"))
LINES = 10_000 if SOAK else 120
MANY = 2_000

MAY_COME_IN = {"evidence", "keys", "mappings"}
"""What the program itself still takes into a ledger of which every period is signed: nobody could tell it apart."""

WORDS = {
    "agreements": "agreement",
    "alembic_version": "form",
    "assents": "assent",
    "audit": "audit",
    "batches": "batch",
    "dispute_outcomes": "dispute",
    "disputes": "dispute",
    "documents": "document|statement",
    "evidence": "evidence|document",
    "keys": "key",
    "lines": "line",
    "mappings": "mapping",
    "measures": "measure",
    "meta": "what the ledger is|ledger: ",
    "note_statements": "statement",
    "notes": "note",
    "pack_parts": "pack",
    "period_states": "period|state",
    "signatures": "signature",
    "totals": "total",
    "withdrawals": "withdraw",
}
"""What a sentence about a row of a table calls it."""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A signed ledger with everything in it."""
    return make_signed_ledger(tmp_path_factory.mktemp("signed") / "ledger.s75", LINES)


@pytest.fixture
def copy(signed: Signed, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return signed.copied_to(tmp_path / "ledger.s75")


def test_an_untouched_ledger_is_verified_note_by_note(signed: Signed) -> None:
    report = report_of(signed.path, signed.keys)
    assert report.differences == []
    assert report.holds
    assert [re.match(r"Note (\d), .*|Note (\d): ", each) is not None for each in report.verified] == [True] * 5
    assert report.remarks == ["Note 2 (M6) was withdrawn: not everybody had signed."]


def test_the_ledger_has_rows_in_every_table_and_nothing_that_is_not_signed(signed: Signed) -> None:
    assert all(signed.dump.values())
    with open_ledger(signed.path, read_only=True) as opened:
        ledger = stored_of(opened)
        last = sealing.notes(ledger)[-1].cut
        behind = {table: end - last[table] for table, end in sealing.ends(ledger).items() if end > last[table]}
    assert behind == {"audit": 2, "note_statements": 3, "notes": 1, "period_states": 1, "signatures": 2}


# --- single changes ---------------------------------------------------------------------------------------------------


class Tally:
    """What became of the changes of a run."""

    def __init__(self) -> None:
        """Of none yet."""
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []

    def take(self, signed: Signed, change: Change, path: Path) -> None:
        """Make a change of a copy, verify it and hold the report to what may be said."""
        signed.copied_to(path)
        try:
            change.make(path)
        except sqlite3.Error as error:
            # neither a UNIQUE index nor the type of a primary key can be put away without making the table anew
            if not isinstance(error, sqlite3.IntegrityError):
                self.failures.append(f"{change}: {error}")
            self.counts["refused by SQLite"] += 1
            return
        report = report_of(path, signed.keys)
        if not report.holds:
            self.counts["differs"] += 1
            if not any(is_named(change, sentence) for sentence in report.differences):
                self.failures.append(f"{change}: not named in {report.differences[:5]}")
        elif logical_content(path) == signed.dump:
            self.counts["SQLite made of it what was there"] += 1
        elif change.kind.endswith("put in and told") and change.table in MAY_COME_IN:
            self.counts["came in since, as the program lets it"] += 1
            if not any("which no signature covers yet" in remark for remark in report.remarks):
                self.failures.append(f"{change}: came in and is not told: {report.remarks}")
        else:
            self.failures.append(f"{change}: said to hold, with the remarks {report.remarks}")

    def told(self) -> str:
        """The numbers."""
        return ", ".join(f"{number:,} {what}" for what, number in self.counts.most_common())


def is_named(change: Change, sentence: str) -> bool:
    """Whether a difference names the table or, where its rows cannot be read, the note that seals them."""
    return re.search(f"{change.table}|{WORDS[change.table]}|^note \\d+ \\(", sentence) is not None


def _run(signed: Signed, changes: Iterable[Change], path: Path) -> Tally:
    tally = Tally()
    for change in changes:
        tally.take(signed, change, path)
    if SOAK:
        sys.stderr.write(f"\nsingle changes: {tally.told()}\n")
    assert tally.failures == []
    return tally


TABLES = sorted(WORDS)


@pytest.mark.skipif(SOAK, reason="the soak makes every change")
@pytest.mark.parametrize("table", TABLES)
def test_a_change_of_any_column_and_any_row_is_a_difference(signed: Signed, tmp_path: Path, table: str) -> None:
    changes = Changes(signed.path)
    kinds = list(_each_kind_once(changes.of_rows(table)))
    found = [*_every_column_once(changes, table), *kinds[TABLES.index(table) % 2 :: 2]]
    assert {change.column for change in found} >= {*changes.tables[table][0]}
    tally = _run(signed, found, tmp_path / "ledger.s75")
    assert tally.counts["differs"] >= len(changes.tables[table][0])


def _every_column_once(changes: Changes, table: str) -> Iterator[Change]:
    """Of the changes of each column one, each time of the next kind, so that all kinds come to their turn."""
    by_column: dict[str, list[Change]] = {}
    for change in changes.of_columns(table):
        by_column.setdefault(change.column, []).append(change)
    turn = TABLES.index(table)
    for found in by_column.values():
        fit = [change for change in found if not (change.column == "id" and change.is_against_the_types)]
        yield fit[turn % len(fit)]
        turn += 5


def _each_kind_once(changes: Iterable[Change]) -> Iterator[Change]:
    seen: set[str] = set()
    for change in changes:
        if change.kind not in seen:
            seen.add(change.kind)
            yield change


@pytest.mark.skipif(SOAK, reason="the soak makes every change")
def test_every_kind_of_change_of_a_value_is_a_difference(signed: Signed, tmp_path: Path) -> None:
    wanted = Changes(signed.path).of_columns("lines", "pack_parts")
    _run(signed, _each_kind_once(wanted), tmp_path / "ledger.s75")


@pytest.mark.skipif(not SOAK, reason="takes an hour: S75_SOAK=1")
def test_every_change_of_a_ledger_of_ten_thousand_lines_is_a_difference(signed: Signed, tmp_path: Path) -> None:
    tally = _run(signed, islice(everychange_by(signed.path), MANY + 500), tmp_path / "ledger.s75")
    assert tally.counts["differs"] >= MANY


def everychange_by(path: Path) -> Iterator[Change]:
    """Every change that there is, each once: row after row is taken, until there is nothing new for a while."""
    seen: set[str] = set()
    for seed in count():
        changes = Changes(path, seed)
        new = [
            change
            for change in (*changes.of_columns(), *changes.of_rows())
            if str(change) not in seen and not (change.column == "id" and change.is_against_the_types)
        ]
        seen |= {str(change) for change in new}
        yield from new


def test_a_change_is_named_by_its_row_and_column(copy: Path, signed: Signed) -> None:
    change_by(
        copy, "UPDATE batches SET actor = 'somebody' WHERE id = 2", "UPDATE lines SET amount_pence = 5 WHERE id = 90"
    )
    found = report_of(copy, signed.keys).differences
    assert "note 1 (M3): batch 2: actor was " in "\n".join(found)
    told = re.compile(r"note 1 \(M3\): line 90: amount was £[\d,.]+ when it was signed and is £0\.05 now")
    assert any(map(told.fullmatch, found))
    assert not any("goes on after its end" in each for each in found)


def test_a_line_of_another_amount_is_told_with_its_figures_and_not_with_every_step_to_them(
    copy: Path, signed: Signed
) -> None:
    change_by(copy, "UPDATE lines SET amount_pence = amount_pence + 100000000 WHERE id = 90")
    found = report_of(copy, signed.keys).differences
    assert [each for each in found if re.search(r"the settlement: result, partners, \w+, net_due was \(?£", each)]
    assert [each for each in found if re.search(r"the settlement: \d+ more values of its trace \(how its", each)]
    for note in ("note 1 (M3)", "note 2 (M6)"):
        assert len([each for each in found if each.startswith(f"{note}: the settlement: trace, ")]) <= 3


def test_a_note_taken_out_of_the_middle_is_named_and_those_after_it_are_not(copy: Path, signed: Signed) -> None:
    tables = ("signatures", "note_statements", "pack_parts")
    change_by(copy, *(f"DELETE FROM {each} WHERE note = 2" for each in tables), "DELETE FROM notes WHERE id = 2")
    found = report_of(copy, signed.keys).differences
    assert [each for each in found if "of the chain is missing" in each] == ["note 2 of the chain is missing"]


# --- the guards, the whole table, the ledger of somebody else ---------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP TRIGGER {trigger}", "trigger “{trigger}” is missing"),
        ("DROP INDEX {index}", "index “{index}” is missing"),
        ("CREATE TABLE more (id INTEGER)", "table “more” was put in"),
        ("CREATE VIEW totals2 AS SELECT * FROM totals", "view “totals2” was put in"),
        (
            "CREATE TRIGGER quiet AFTER INSERT ON lines BEGIN DELETE FROM audit; END",
            "trigger “quiet” was put in",
        ),
        ("ALTER TABLE lines ADD COLUMN more TEXT", "table “lines” was changed"),
        ("DROP TABLE withdrawals", "table “withdrawals” is missing"),
    ],
)
def test_a_guard_that_was_put_away_is_named(copy: Path, signed: Signed, statement: str, named: str) -> None:
    connection = sqlite3.connect(copy)
    names = {
        kind: connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY name", (kind,)
        ).fetchone()[0]
        for kind in ("trigger", "index")
    }
    connection.execute(statement.format(**names))
    connection.commit()
    connection.close()
    report = report_of(copy, signed.keys)
    assert not report.holds
    assert named.format(**names) in report.differences


def test_a_check_that_was_taken_out_of_the_schema_is_named(copy: Path, signed: Signed) -> None:
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'BETWEEN 1 AND 13', 'BETWEEN 1 AND 99')")
    connection.commit()
    connection.close()
    report = report_of(copy, signed.keys)
    assert not report.holds
    assert "table “lines” was changed" in report.differences


@pytest.fixture(scope="module")
def sibling(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Another ledger of the same agreement, signed by the same partners with the same keys, a day later."""
    return make_signed_ledger(tmp_path_factory.mktemp("sibling") / "ledger.s75", 40, start=1)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_replaced_by_that_of_another_ledger_is_a_difference(
    copy: Path, signed: Signed, sibling: Signed, table: str
) -> None:
    def replace(connection: sqlite3.Connection) -> None:
        connection.execute(f"DELETE FROM {table}")
        for row in sibling.dump[table]:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    Change("table replaced", table, "*", "", replace).make(copy)
    report = report_of(copy, signed.keys)
    if logical_content(copy)[table] == signed.dump[table]:  # what both ledgers have: the number of their form
        assert report.holds
        return
    assert not report.holds


def test_all_tables_replaced_by_those_of_another_ledger_are_that_ledger(
    copy: Path, sibling: Signed, signed: Signed
) -> None:
    """Nothing is wrong with it but that it is not this one: its digest is not the one on paper."""

    def replace(connection: sqlite3.Connection) -> None:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")
            for row in sibling.dump[table]:
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    Change("all replaced", "", "*", "", replace).make(copy)
    report = report_of(copy, signed.keys)
    assert report.holds
    assert report.verified == report_of(sibling.path, signed.keys).verified
    assert report.verified != report_of(signed.path, signed.keys).verified
    assert "compare the last note and its digest" in UNKNOWABLE[0]


def test_a_pack_compressed_in_another_way_is_the_same_pack(copy: Path, signed: Signed) -> None:
    """What is signed is the pack, not how the ledger keeps it small."""

    def compress(connection: sqlite3.Connection) -> None:
        for number, body in connection.execute("SELECT id, body FROM pack_parts").fetchall():
            again = zlib.compress(zlib.decompress(body), 9)
            assert again != body
            connection.execute("UPDATE pack_parts SET body = ? WHERE id = ?", (again, number))

    Change("compressed again", "pack_parts", "body", "", compress).make(copy)
    assert logical_content(copy) != signed.dump
    assert report_of(copy, signed.keys).holds


@pytest.mark.parametrize(
    "body",
    [
        zlib.compress(b"x" * (1 << 23)),
        zlib.compress(b"{}") + b"more",
        zlib.compress(b"{}")[:-3],
        zlib.compress(b""),
        b"",
        b"not compressed",
    ],
    ids=["more than a piece holds", "something after it", "cut short", "of nothing", "nothing", "no zlib"],
)
def test_a_piece_of_a_pack_that_cannot_be_unpacked_is_a_difference(copy: Path, signed: Signed, body: bytes) -> None:
    def put(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE pack_parts SET body = ? WHERE id = 1", (body,))

    Change("another piece", "pack_parts", "body", "", put).make(copy)
    report = report_of(copy, signed.keys)
    assert "note 1 (M3): piece 1 of the sealed pack of note 1 is damaged" in report.differences


# --- single bytes -----------------------------------------------------------------------------------------------------


def test_a_changed_byte_is_told_or_is_where_nothing_is_kept(signed: Signed, tmp_path: Path) -> None:
    """What the report says of the bytes it does not look at is so: no row of any table and nothing of the schema."""
    data = signed.path.read_bytes()
    path = tmp_path / "ledger.s75"
    chosen = random.Random(75)  # noqa: S311  nothing is kept secret by it
    counts: Counter[str] = Counter()
    header = range(0, 100, 1 if SOAK else 6)
    places = [*header, *(chosen.randrange(100, len(data)) for _ in range(MANY if SOAK else 20))]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        report = report_of(path, signed.keys)
        counts["told" if not report.holds else "where nothing is kept"] += 1
        if report.holds:
            assert logical_content(path) == signed.dump, f"byte {place}"
            assert IN_A_FILE in report.unknowable
    if SOAK:
        sys.stderr.write(f"\nsingle bytes: {dict(counts)}\n")
    assert counts["told"] > len(places) // 2


@pytest.mark.parametrize("text", [b"CREATE TABLE lines", b"CREATE TABLE notes", b"CREATE TRIGGER", b"CREATE INDEX"])
@pytest.mark.parametrize("byte", [0x00, 0xA0, 0xFF, 0x27])
def test_a_schema_that_is_no_text_or_no_sql_is_told(copy: Path, signed: Signed, text: bytes, byte: int) -> None:
    """SQLite shows it in its own message, which Python then cannot read."""
    data = bytearray(copy.read_bytes())
    place = data.find(text)
    assert place > 0
    data[place + len(text) - 2] = byte
    copy.write_bytes(data)
    assert not report_of(copy, signed.keys).holds


# --- before anything is signed, and since -----------------------------------------------------------------------------


def test_a_ledger_that_nobody_signed_is_not_verified(tmp_path: Path, agreement_of_two: str) -> None:
    create_ledger(tmp_path / "new.s75", agreement_of_two).close()
    report = report_of(tmp_path / "new.s75", keys_given())
    assert not report.holds
    assert "nothing was ever signed: the ledger has no note" in report.differences


def test_what_came_in_since_is_told_and_signed_by_nobody(copy: Path, signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("A letter.\n", encoding="utf-8")
    with open_ledger(copy) as ledger:
        attach(ledger, tmp_path / "letter.txt", About.PERIOD, Period.M13)
    report = report_of(copy, signed.keys)
    assert report.holds
    assert "Since note 6, 1 piece of evidence came in, which no signature covers yet." in report.remarks
    change_by(copy, "UPDATE evidence SET actor = 'somebody' WHERE id = 3")
    entry = max(row[0] for row in logical_content(copy)["audit"])
    assert report_of(copy, signed.keys).differences == [
        f"the audit trail tells otherwise of piece of evidence 3, in its entry {entry}"
    ]


@pytest.fixture
def agreement_of_two() -> str:
    """The agreement, as it stood when the ledger was made."""
    from tests.conftest import agreement_text
    from tests.settlement.signoff.tampering import PARTS, SCHEDULE

    return agreement_text(SCHEDULE, **PARTS)


def test_documents_are_held_to_their_digest(copy: Path, signed: Signed) -> None:
    body = b"Another invoice.\n"

    def put(connection: sqlite3.Connection) -> None:
        values = (body, len(body), sha256(body).hexdigest())
        connection.execute("UPDATE documents SET body = ?, size = ?, digest = ? WHERE id = 1", values)

    Change("another document", "documents", "*", "", put).make(copy)
    found = report_of(copy, signed.keys).differences
    assert [each for each in found if each.startswith("note 1 (M3): document 1: digest was")]
    assert not [each for each in found if "is not the one whose SHA-256" in each]
