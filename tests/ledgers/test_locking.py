"""Who has a ledger open is named, on this computer and on others; a share without locks is refused, not trusted."""

import errno
import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from ledgers import create_ledger, locking, open_ledger
from ledgers.locking import Holder, WriterLock, holder_of
from rules.problems import RefusedError
from tests.ledgers.conftest import noon

ELSEWHERE = {"user": "finance", "host": "PC-17", "pid": 4711, "since": "2026-11-22 09:14:05+00:00"}


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    made = tmp_path / "pool.s75"
    create_ledger(made, agreement_text, now=noon).close()
    return made


def refusal(path: Path) -> str:
    with pytest.raises(RefusedError) as refused:
        open_ledger(path, now=noon)
    return refused.value.problems[0].message


def leave(path: Path, who: object) -> None:
    path.with_name(path.name + ".holder").write_text(json.dumps(who), encoding="utf-8")


def test_who_has_it_on_another_computer_is_named_with_what_to_do_if_that_is_off(path: Path) -> None:
    leave(path, ELSEWHERE)
    with FileLock(path.with_name(path.name + ".lock")):
        assert refusal(path) == (
            "finance on PC-17 (process 4711) has had it open for writing since 2026-11-22 09:14:05+00:00; close it "
            "there (if PC-17 was switched off or lost the network, its file server lets go of the ledger within some "
            "minutes), or open it read-only, or take a copy to work in: s75 copy take"
        )


def test_a_note_of_another_computer_beside_a_ledger_that_is_not_locked_is_told_of_and_replaced(path: Path) -> None:
    leave(path, ELSEWHERE)
    with open_ledger(path, now=noon) as ledger:
        (told,) = ledger.warnings
        holder = holder_of(path)
        assert holder is not None
        assert (holder.host, holder.pid) == (socket.gethostname(), os.getpid())
    assert told == (
        f"{path}: the note beside it says that finance on PC-17 (process 4711) has had it open for writing since "
        "2026-11-22 09:14:05+00:00, though the ledger was not locked: the program there was killed, or this share "
        "passes no locks on; make sure that it is closed there before you post anything"
    )
    with open_ledger(path, now=noon) as ledger:
        assert ledger.warnings == ()


def test_a_note_of_this_computer_is_what_a_program_that_was_killed_leaves(path: Path) -> None:
    leave(path, ELSEWHERE | {"host": socket.gethostname()})
    with open_ledger(path, now=noon) as ledger:
        assert ledger.warnings == ()


@pytest.mark.parametrize("who", [[], "x", {"user": "finance"}, ELSEWHERE | {"pid": "many"}, None])
def test_a_note_that_is_none_names_nobody(path: Path, who: object) -> None:
    leave(path, who)
    assert holder_of(path) is None
    with FileLock(path.with_name(path.name + ".lock")):
        assert refusal(path).startswith("another process has it open for writing; close it there, or open it read-only")


def test_what_somebody_else_wrote_into_a_note_drives_no_terminal(path: Path) -> None:
    leave(path, ELSEWHERE | {"user": "fin\x1b[2J\nance\u202e" + "x" * 1_000})
    holder = holder_of(path)
    assert holder is not None
    assert holder.user.startswith("fin\\x1b[2J ance\\u202e" + "x" * 100)
    assert len(holder.user) < 250


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks by opening: there is no share without")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_share_that_knows_no_locks_is_refused_to_who_writes_and_left_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    import fcntl

    def no_locks(_descriptor: int, _how: int) -> None:
        raise OSError(code, os.strerror(code))

    before = sorted(path.parent.iterdir())
    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert refusal(path) == (
        "the folder is on a share that knows no locks, so that two people could write to the ledger at once and ruin "
        "it; open the ledger read-only, or take a copy to work in: s75 copy take"
    )
    assert sorted(path.parent.iterdir()) == before
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.findings() == []


def test_the_name_of_this_computer_is_asked_of_the_computer_and_not_of_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getfqdn", None)
    assert locking.host_name() == socket.gethostname()
    assert str(Holder("me", locking.host_name(), 1, "then")).startswith(
        f"me on {socket.gethostname()}, this computer ("
    )


def test_a_lock_leaves_nothing_behind(path: Path) -> None:
    before = sorted(path.parent.iterdir())
    lock = WriterLock(path, noon())
    assert {each.name for each in set(path.parent.iterdir()) - set(before)} == {"pool.s75.lock", "pool.s75.holder"}
    lock.release()
    assert sorted(path.parent.iterdir()) == before


def test_on_a_share_of_windows_whose_open_files_stay_the_lock_s_file_goes_once_it_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, tries = sorted(path.parent.iterdir()), []
    unlink = Path.unlink

    def unlink_what_is_closed(file: Path) -> None:
        tries.append(file.name)
        if tries.count("pool.s75.lock") == 1 and file.name == "pool.s75.lock":
            raise PermissionError
        unlink(file)

    lock = WriterLock(path, noon())
    monkeypatch.setattr(Path, "unlink", unlink_what_is_closed)
    lock.release()
    assert tries == ["pool.s75.holder", "pool.s75.lock", "pool.s75.lock"]
    assert sorted(path.parent.iterdir()) == before


@pytest.fixture
def read_only_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that may only be read, in a folder that may be written in; of root, whom no mode binds, SQLite is told."""
    path.chmod(0o444)
    with suppress(PermissionError), path.open("r+b"):
        from ledgers import sqlite

        real = sqlite.connect
        monkeypatch.setattr(sqlite, "connect", lambda path, _mode, name="": real(path, "ro", name))
    return path


def test_a_file_that_may_only_be_read_is_refused_as_it_is_opened_and_leaves_nothing_behind(
    read_only_file: Path,
) -> None:
    before = sorted(read_only_file.parent.iterdir())
    assert refusal(read_only_file) == (
        "the file is marked read-only, or its permissions let you only read it; open the ledger read-only, or take a "
        "copy to work in: s75 copy take"
    )
    assert sorted(read_only_file.parent.iterdir()) == before
    with open_ledger(read_only_file, read_only=True) as ledger:
        assert ledger.findings() == []
