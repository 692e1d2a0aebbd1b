"""A process killed at any moment of an operation leaves a ledger that opens, is whole, and has all of it or nothing.

Under `S75_SOAK=1` each is killed some fifty times; in the suite ten times or more.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.backups import ring_of
from ledgers.creating import create_sqlite
from ledgers.importing import importer
from ledgers.restoring import content_of, restore
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.periods import Period
from tests.conftest import examples
from tests.ledgers.conftest import noon
from tests.ledgers.forking import copy_of, killed_at, moments, timed

assert create_sqlite
assert importer  # loaded before anything forks

LINES = 4_000
LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
NAME = "pool.s75"
OLD = (Path(__file__).parent / "older" / "v1.sql").read_text(encoding="utf-8")


def post(path: Path) -> None:
    with open_ledger(path, now=noon) as ledger:
        ledger.post([LINE] * 300)


def import_(path: Path) -> None:
    with open_ledger(path, now=noon) as ledger:
        ledger.store.connection.execute("PRAGMA cache_size = 20")  # so that it spills into the file
        ledger.import_file(path.with_name("lines.csv"))


def hold(path: Path) -> None:
    with open_ledger(path, now=noon) as ledger:
        ledger.hold(Period.M3)


def migrate(path: Path) -> None:
    open_ledger(path, now=noon).close()


def back_up(path: Path) -> None:
    with open_ledger(path, read_only=True) as ledger:
        ledger.backup(path.with_name("copy.s75"))


def put_back(path: Path) -> None:
    restore(path, ring_of(path)[0].path, noon)


@dataclass(frozen=True)
class Operation:
    """Something that is killed: on which ledger, how often, and what it may leave, as rows of `state`."""

    do: Callable[[Path], None]
    on: str
    kills: int
    state: str


POSTED = "SELECT COUNT(*), (SELECT COUNT(*) FROM batches) FROM lines"
OPERATIONS = {
    "post": Operation(post, "small", examples(50, 12), POSTED),
    "import": Operation(import_, "small", examples(50, 12), POSTED),
    "hold": Operation(hold, "small", examples(30, 10), "SELECT COUNT(*) FROM period_states"),
    "migrate": Operation(migrate, "old", examples(40, 10), "SELECT COUNT(*) FROM audit"),
    "backup": Operation(back_up, "small", examples(20, 10), POSTED),
    "restore": Operation(put_back, "worked", examples(40, 10), POSTED),
}


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory, agreement_text: str) -> Path:
    """A folder for each of the ledgers: a small one, one with a backup of an earlier state, one of version 1."""
    folder = tmp_path_factory.mktemp("killed")
    for name in ("small", "worked", "old"):
        (folder / name).mkdir()
    with closing(sqlite3.connect(folder / "old" / NAME)) as connection:
        connection.executescript(OLD)
    small = folder / "small" / NAME
    with create_ledger(small, agreement_text, now=noon) as ledger:
        ledger.post([LINE] * 300)
    rows = (
        f"M{number % 12 + 1},{('BEDS', 'HOME')[number % 2]},COUNCIL,actual,{number}.{number % 100:02},x"
        for number in range(LINES)
    )
    (folder / "small" / "lines.csv").write_text("period,scheme,partner,kind,amount,description\n" + "\n".join(rows))
    copy_of(folder / "small", folder / "worked")
    post(folder / "worked" / NAME)
    return folder


def state_of(path: Path, state: str, *, read_only: bool) -> list[tuple[object, ...]]:
    """What is in the ledger, once it is found to be whole."""
    with open_ledger(path, read_only=read_only, now=noon) as ledger:
        assert ledger.store.damage(thorough=True) == []
        assert {finding.check for finding in ledger.findings()} <= {"late line", "measure"}
        assert broken(trail(ledger)) == ()
        return ledger.store.rows(state)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_that_is_killed_is_there_or_is_not(ledgers: Path, tmp_path: Path, name: str) -> None:
    operation = OPERATIONS[name]
    folder = copy_of(ledgers / operation.on, tmp_path / "done")
    seconds = timed(operation.do, folder / NAME)
    done = state_of(folder / NAME, operation.state, read_only=True)
    before = _before(ledgers / operation.on / NAME, operation.state)
    seen = set()
    for number, moment in enumerate(moments(len(name), operation.kills, seconds)):
        path = copy_of(ledgers / operation.on, tmp_path / "killed") / NAME
        killed_at(operation.do, path, moment)
        is_old = name == "migrate" and content_of(path).ledger and _version(path) == 1
        left = before if is_old else state_of(path, operation.state, read_only=number % 2 == 0)
        assert left in (before, done), f"killed after {moment} s"
        seen.add(str(left))
        _check_backups(path)
        operation.do(path) if left == before and name != "backup" else None
        assert state_of(path, operation.state, read_only=False)
    assert len(seen) <= 2


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def _before(path: Path, state: str) -> list[tuple[object, ...]]:
    if _version(path) == 1:
        return []
    with open_ledger(path, read_only=True) as ledger:
        return ledger.store.rows(state)


def _check_backups(path: Path) -> None:
    """What looks like a backup is one, and is whole."""
    copies = [backup.path for backup in ring_of(path)]
    copy = path.with_name("copy.s75")
    if copy.exists() and copy.stat().st_size:
        copies.append(copy)
    for each in copies:
        assert content_of(each).lines in {46, 300, 600, 300 + LINES}
