"""A copy given back: the ledger has its work, whole or not at all, and only if nobody worked in the ledger meanwhile.

Under `S75_SOAK=1` the giving back is killed at every line of it; in the suite at some of them.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

import pytest

from ledgers import NewLine, backups, copies, create_ledger, giving_back, locking, open_ledger
from ledgers.backups import ring_of
from ledgers.copies import Copy, notes_beside, take_copy
from ledgers.giving_back import SUFFIX, give_back, replace_patiently
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.conftest import SOAK
from tests.ledgers.conftest import noon
from tests.ledgers.forking import copy_of, start
from tests.own_folders import live_in

NAME = "pool.s75"
UNTOUCHED = "the ledger is as it was, and your work is still in the copy"


def later(hours: int) -> Callable[[], datetime]:
    return lambda: noon() + timedelta(hours=hours)


def post(path: str | Path, hours: int = 1, count: int = 1) -> None:
    with open_ledger(path, now=later(hours)) as ledger:
        ledger.post([NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100, reference=f"h{hours}")] * count)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(tmp_path / "own", monkeypatch)


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    (tmp_path / "share").mkdir()
    made = tmp_path / "share" / NAME
    create_ledger(made, agreement_text, now=noon).close()
    post(made)
    return made


@pytest.fixture
def copy(path: Path) -> Copy:
    """A copy with work in it."""
    taken = take_copy(path, later(2))
    post(taken.path, 3, count=2)
    return taken


def lines_of(path: Path) -> int:
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.findings() == []
        assert broken(trail(ledger)) == ()
        return sum(1 for _ in ledger.lines())


def refusal(copy: Copy, original_now: Path | None = None) -> str:
    (told,) = refusals(copy, original_now)
    return told


def refusals(copy: Copy, original_now: Path | None = None) -> list[str]:
    original = Path(copy.original)
    before = original.read_bytes() if original.exists() else None
    with pytest.raises(RefusedError) as refused:
        give_back(copy, later(4), original=original_now)
    assert before is None or original.read_bytes() == before
    assert Path(copy.path).exists()
    assert not original.with_name(NAME + SUFFIX).exists()
    return [problem.message for problem in refused.value.problems]


def test_the_ledger_has_the_work_and_its_trail_says_who_gave_it_back_from_where(path: Path, copy: Copy) -> None:
    said: list[str] = []
    done = give_back(copy, later(4), report=lambda _done, _total, what: said.append(what))
    assert (done.original, done.was_already, [entry.action for entry in done.work]) == (path, False, ["post"])
    assert lines_of(path) == 3
    with open_ledger(path, read_only=True) as ledger:
        *_, took, posted, gave = trail(ledger)
    assert [took.action, posted.action, gave.action] == ["take", "post", "give back"]
    assert gave.subject == took.subject == f"copy {copy.id}"
    assert gave.actor == locking.user_name()
    assert gave.detail == f"1 entry since entry {copy.entry}, worked on {locking.host_name()}"
    assert len(said) == 6
    post(path, 5)
    assert lines_of(path) == 4


def test_the_ledger_as_it_was_is_in_its_ring_and_nothing_else_is_left_beside_it(path: Path, copy: Copy) -> None:
    give_back(copy, later(4))
    assert sorted(each.name for each in path.parent.iterdir()) == [NAME, f"{NAME}.backups"]
    assert lines_of(ring_of(path)[-1].path) == 1
    assert notes_beside(path) == ()
    assert copies.copies() == ()


def test_the_copy_is_put_aside_or_removed_as_one_likes(path: Path, copy: Copy) -> None:
    done = give_back(copy, later(4))
    assert done.kept == Path(copy.path).with_name("pool-given-back-20220801T160000Z.s75")
    assert not Path(copy.path).exists()
    assert lines_of(done.kept) == 3
    another = take_copy(path, later(5))
    post(another.path, 6)
    assert give_back(another, later(7), keep=False).kept is None
    assert not Path(another.path).parent.exists()
    assert lines_of(path) == 4


def test_a_copy_that_nothing_was_done_in_changes_nothing(path: Path) -> None:
    copy = take_copy(path, later(2))
    before = path.read_bytes()
    done = give_back(copy, later(4))
    assert (done.work, done.was_already) == ((), False)
    assert path.read_bytes() == before
    assert copies.copies() == ()


def test_who_worked_in_the_ledger_meanwhile_is_told_and_what_is_only_in_the_copy(path: Path, copy: Copy) -> None:
    post(path, 10)
    moved, only = refusals(copy)
    who = locking.user_name()
    assert moved == (
        "the ledger has moved on since the copy was taken, and nothing is ever merged; what was done in it since: "
        f"{who} on 1 August 2022 at 22:00 UTC: post batch 2 (1 line; actual £1.00)"
    )
    assert only == (
        f"only in the copy: {who} on 1 August 2022 at 15:00 UTC: post batch 2 (2 lines; actual £2.00); {UNTOUCHED}; "
        "post in the ledger again what only the copy has (open the copy read-only beside it), then let the copy go: "
        "s75 copy discard"
    )
    assert copies.copies() == (copy,)


def test_of_two_copies_the_second_is_refused(path: Path, copy: Copy) -> None:
    second = take_copy(path, later(3), anyway=True)
    post(second.path, 4)
    give_back(copy, later(5))
    assert f"give back copy {copy.id}" in refusals(second)[0]
    give_less = take_copy(path, later(6), anyway=True)
    post(path, 7)
    assert refusals(give_less)[1] == "no work is in the copy; let it go: s75 copy discard"


def test_a_giving_back_that_was_cut_short_after_it_was_done_is_done(path: Path, copy: Copy) -> None:
    saved = {each: each.read_bytes() for each in (Path(copy.path), copies.copies_folder() / f"{copy.id}.json")}
    give_back(copy, later(4))
    for each, content in saved.items():
        each.write_bytes(content)
    post(path, 5)
    before = path.read_bytes()
    done = give_back(copy, later(6))
    assert (done.was_already, [entry.action for entry in done.work]) == (True, ["post"])
    assert path.read_bytes() == before
    assert copies.copies() == ()


class TestRefusals:
    def test_a_ledger_that_somebody_has_open(self, path: Path, copy: Copy) -> None:
        with open_ledger(path, now=later(4)):
            assert "has had it open for writing since" in refusal(copy)

    def test_a_copy_that_is_open(self, copy: Copy) -> None:
        with open_ledger(copy.path, now=later(4)):
            assert "has had it open for writing since" in refusal(copy)

    def test_a_ledger_that_is_not_there_and_is_found_elsewhere(self, path: Path, copy: Copy) -> None:
        moved = path.with_name("moved.s75")
        path.rename(moved)
        assert refusal(copy) == (
            "the ledger that the copy was taken of is not there; connect the drive or share, or say where it is now: "
            "--to LEDGER"
        )
        give_back(copy, later(4), original=moved)
        assert lines_of(moved) == 3

    def test_another_ledger(self, path: Path, copy: Copy, agreement_text: str) -> None:
        other = path.with_name("other.s75")
        create_ledger(other, agreement_text, now=noon).close()
        before = other.read_bytes()
        assert refusal(copy, other) == f"this is not the ledger that the copy was taken of; {UNTOUCHED}"
        assert other.read_bytes() == before

    def test_a_damaged_copy(self, copy: Copy) -> None:
        with closing(sqlite3.connect(copy.path)) as connection, connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = 'lines' AND 0")
            connection.execute("DROP TRIGGER audit_refuse_update")
        assert "somebody changed how the file is made" in refusal(copy)

    def test_a_trail_that_was_changed(self, copy: Copy) -> None:
        _behind(copy.path, "UPDATE audit SET detail = 'x' WHERE id = 1", "audit_refuse_update")
        assert refusal(copy) == "the file is damaged; go back to a backup"

    def test_a_row_that_was_changed_behind_the_program(self, copy: Copy) -> None:
        _behind(copy.path, "UPDATE lines SET amount_pence = 1 WHERE id = 1", "lines_refuse_update")
        assert refusal(copy) == (
            "rows of the table “lines” are in the ledger that are not so in the copy, though the audit trails agree: "
            f"one of the two was changed behind the program; {UNTOUCHED}"
        )

    def test_no_backup_can_be_kept(self, path: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
        (path.parent / "file").touch()
        monkeypatch.setenv("S75_BACKUPS", str(path.parent / "file"))
        assert refusal(copy).startswith("no backup of the ledger could be kept first (")

    def test_what_is_read_back_is_not_what_was_written(self, copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
        written = backups.write_copy

        def badly(connection: sqlite3.Connection, to: Path, mode: int) -> None:
            written(connection, to, mode)
            _behind(to, "UPDATE lines SET description = 'lost' WHERE id = 3", "lines_refuse_update")

        monkeypatch.setattr(giving_back, "write_copy", badly)
        assert refusal(copy) == f"what was written to the share is not what was read back; {UNTOUCHED}; try again"

    def test_a_disk_that_fails(self, copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_connection: sqlite3.Connection, _to: Path, _mode: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(giving_back, "write_copy", full)
        assert refusal(copy) == f"the copy cannot be given back (No space left on device); {UNTOUCHED}"

    def test_it_is_called_off(self, path: Path, copy: Copy) -> None:
        class CalledOffError(Exception):
            pass

        before = path.read_bytes()
        for step in range(6):

            def report(done: int, _total: int, _what: str, step: int = step) -> None:
                if done == step:
                    raise CalledOffError

            with pytest.raises(CalledOffError):
                give_back(copy, later(4), report=report)
            assert path.read_bytes() == before
        give_back(copy, later(4))


def _behind(path: str | Path, sql: str, guard: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        ((text,),) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [guard]).fetchall()
        connection.execute(f"DROP TRIGGER {guard}")
        connection.execute(sql)
        connection.execute(text)


class TestReplacing:
    """Windows lets nobody replace a file that somebody has open to read."""

    def test_who_reads_is_waited_for(self, tmp_path: Path) -> None:
        tries, pauses = [], []

        def replace(_one: Path, _two: Path) -> None:
            tries.append(1)
            if len(tries) < 4:
                raise PermissionError

        replace_patiently(tmp_path, tmp_path, replace=replace, sleep=pauses.append)
        assert (len(tries), len(pauses)) == (4, 3)

    def test_who_reads_for_long_is_asked_to_close_it(self, tmp_path: Path) -> None:
        def never(_one: Path, _two: Path) -> None:
            raise PermissionError

        pauses: list[float] = []
        with pytest.raises(RefusedError) as refused:
            replace_patiently(tmp_path, tmp_path, replace=never, sleep=pauses.append)
        assert sum(pauses) < 10
        assert refused.value.problems[0].message == (
            f"somebody has the ledger open to read, and until it is closed it cannot be replaced; {UNTOUCHED}; ask who "
            "reads it to close it, and give the copy back then"
        )

    def test_a_reader_on_a_system_that_lets_her_keeps_what_she_has(self, path: Path, copy: Copy) -> None:
        if os.name == "nt":
            return  # the two tests above are about it
        with open_ledger(path, read_only=True) as reader:
            give_back(copy, later(4))
            assert sum(1 for _ in reader.lines()) == 1
        assert lines_of(path) == 3


# --- killed at any line -----------------------------------------------------------------------------------------------

_WATCHED = {module.__file__ for module in (giving_back, copies, backups, locking)}
_INNER = {"_rows", "same_rows"}  # called once for each row


def at_line(count: int) -> Callable[[Path], None]:
    """The giving back, killed as that line of it begins; with 0 it is done, and writes down how many lines it has."""

    def run(folder: Path) -> None:
        os.environ["XDG_DATA_HOME"] = str(folder / "own" / "data")
        (copy,) = copies.copies()
        left = [count]

        def trace(frame: FrameType, event: str, _argument: object) -> object:
            if frame.f_code.co_filename not in _WATCHED or frame.f_code.co_name in _INNER:
                return None
            if event == "line":
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        give_back(copy, later(4))
        sys.settrace(None)
        (folder / "lines").write_text(str(-left[0]))

    return run


@pytest.mark.skipif(os.name == "nt", reason="nothing forks on Windows")
def test_killed_at_any_line_the_ledger_is_the_old_one_or_the_new_and_the_copy_can_be_given_back_again(
    tmp_path: Path, agreement_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    (work / "share").mkdir(parents=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(work / "own" / "data"))
    create_ledger(work / "share" / NAME, agreement_text, now=noon).close()
    copy = take_copy(work / "share" / NAME, later(2))
    post(copy.path, 3, count=2)
    prepared = copy_of(work, tmp_path / "prepared")
    old = (work / "share" / NAME).read_bytes()
    assert os.waitpid(start(at_line(0), work), 0)[1] == 0
    count = int((work / "lines").read_text())
    assert count > 150
    seen = set()
    for number in range(1, count + 1) if SOAK else [*range(1, count, count // 6), count - 2]:
        copy_of(prepared, work)
        assert os.WIFSIGNALED(os.waitpid(start(at_line(number), work), 0)[1])
        path = work / "share" / NAME
        is_old = path.read_bytes() == old
        assert lines_of(path) == (0 if is_old else 2)
        seen.add(is_old)
        for left in copies.copies():
            give_back(left, later(6))
        assert lines_of(path) == 2
        assert sorted(each.name for each in path.parent.iterdir()) == [NAME, f"{NAME}.backups"], number
    assert seen == {True, False}
