"""A copy to work in: taken while others work, kept on record, told of beside the ledger, and let go of."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.copies import (
    Copy,
    copies,
    copies_folder,
    copy_at,
    discard_copy,
    needed_copy,
    notes_beside,
    take_copy,
    work_in,
)
from ledgers.locking import host_name, user_name
from ledgers.trail import broken, trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.ledgers.conftest import noon
from tests.own_folders import live_in

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own folders."""
    live_in(tmp_path / "own", monkeypatch)


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    (tmp_path / "share").mkdir()
    made = tmp_path / "share" / "pool.s75"
    with create_ledger(made, agreement_text, now=noon) as ledger:
        ledger.post([LINE])
    return made


def message(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.problems[0].message


def post(path: str | Path) -> None:
    with open_ledger(path, now=noon) as ledger:
        ledger.post([LINE])


def test_a_copy_is_a_ledger_that_says_in_its_trail_where_it_comes_from(path: Path) -> None:
    before = path.read_bytes()
    copy = take_copy(path, noon)
    assert Path(copy.path).parent.parent == copies_folder()
    assert (Path(copy.path).name, copy.original, copy.entry) == ("pool.s75", str(path), 2)
    with open_ledger(path, read_only=True) as ledger, open_ledger(copy.path, now=noon) as ours:
        first, second = trail(ledger), trail(ours)
        assert second[:-1] == first
        assert (second[-1].action, second[-1].subject) == ("take", f"copy {copy.id}")
        assert second[-1].detail == f"taken after entry 2 of the audit trail, to work in on {host_name()}"
        assert broken(second) == ()
        assert ours.findings() == []
        ours.post([LINE])
    assert path.read_bytes() == before
    assert work_in(copy, noon) == 1
    if os.name == "posix":
        assert stat.S_IMODE(Path(copy.path).stat().st_mode) == 0o600


def test_a_copy_is_taken_while_somebody_works_in_the_ledger(path: Path) -> None:
    with open_ledger(path, now=noon) as writer:
        writer.post([LINE])
        copy = take_copy(path, noon)
    with open_ledger(copy.path, now=noon) as ours:
        assert sum(1 for _ in ours.lines()) == 2


def test_copies_are_on_record_until_they_are_let_go(path: Path, tmp_path: Path) -> None:
    assert copies() == ()
    one = take_copy(path, noon)
    two = take_copy(path, lambda: datetime(2030, 1, 1, tzinfo=UTC), folder=tmp_path / "mine", anyway=True)
    assert Path(two.path) == tmp_path / "mine" / "pool.s75"
    assert copies() == (one, two)
    assert copy_at(Path(two.path)) == two
    assert copy_at(path) is None
    assert needed_copy(Path(one.path)) == one
    with pytest.raises(RefusedError) as refused:
        needed_copy(path)
    assert message(refused) == (
        "this is not a copy that was taken on this computer; “s75 copy list” lists those there are"
    )


@pytest.mark.parametrize("content", ["", "[]", '{"id": 1}', "not JSON", "[" * 100_000])
def test_a_record_that_is_none_is_passed_over(path: Path, content: str) -> None:
    copy = take_copy(path, noon)
    (copies_folder() / "other.json").write_text(content)
    assert copies() == (copy,)


def test_others_are_told_of_a_copy_as_they_open_the_ledger_to_write_and_a_second_is_refused(path: Path) -> None:
    copy = take_copy(path, noon)
    (note,) = notes_beside(path)
    who = f"{user_name()} on {host_name()} took a copy to work in on "
    assert str(note).startswith(who)
    with open_ledger(path, now=noon) as ledger:
        (told,) = ledger.warnings
    assert told == (
        f"pool.s75: {note}, and what is posted here meanwhile keeps it from being given back; if it never will be, "
        f"delete pool.s75.taken-{copy.id}"
    )
    with pytest.raises(RefusedError) as refused:
        take_copy(path, noon)
    assert message(refused) == (
        f"{note}; of two copies only the one that is given back first can be; ask for it, or take another all the "
        "same: --anyway"
    )
    assert copies() == (copy,)
    take_copy(path, noon, anyway=True)
    assert len(notes_beside(path)) == 2


def test_a_note_that_is_none_is_passed_over_and_drives_no_terminal(path: Path) -> None:
    path.with_name("pool.s75.taken-a").write_text("{}")
    path.with_name("pool.s75.taken-b").write_text(json.dumps({"user": "x\x1b", "host": "y", "taken": "never"}))
    (note,) = notes_beside(path)
    assert str(note) == "x\\x1b on y took a copy to work in on never"


class TestRefusals:
    def test_of_a_copy_no_copy_is_taken(self, path: Path) -> None:
        copy = take_copy(path, noon)
        with pytest.raises(RefusedError) as refused:
            take_copy(Path(copy.path), noon)
        assert message(refused) == "this is a copy itself; work in it, or take one of the ledger"

    def test_of_what_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(RefusedError) as refused:
            take_copy(tmp_path / "none.s75", noon)
        assert message(refused) == "there is no such ledger; a copy is taken of a .s75 file"

    def test_nothing_is_written_over(self, path: Path) -> None:
        before = path.read_bytes()
        with pytest.raises(RefusedError) as refused:
            take_copy(path, noon, folder=path.parent)
        assert message(refused) == "there is a file of this name already; it is never overwritten"
        assert (path.read_bytes(), copies(), notes_beside(path)) == (before, (), ())

    def test_a_folder_that_cannot_be_made(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(RefusedError, match=r"the copy cannot be written: "):
            take_copy(path, noon, folder=tmp_path / "file" / "in it")
        assert copies() == ()


class TestDiscarding:
    def test_an_unworked_copy_goes_with_its_record_its_note_and_its_backups(self, path: Path) -> None:
        copy = take_copy(path, noon)
        open_ledger(copy.path, now=noon).close()  # which keeps a backup
        assert discard_copy(copy, noon) == 0
        assert (copies(), notes_beside(path), list(copies_folder().iterdir())) == ((), (), [])
        assert path.exists()

    def test_work_is_lost_only_by_asking(self, path: Path) -> None:
        copy = take_copy(path, noon)
        post(copy.path)
        with pytest.raises(RefusedError) as refused:
            discard_copy(copy, noon)
        assert message(refused) == (
            "there is work in it that the ledger has not: 1 entry of its audit trail; give it back, or lose that work: "
            "--lose-work"
        )
        post(copy.path)
        with pytest.raises(RefusedError, match=r"2 entries of its audit trail"):
            discard_copy(copy, noon)
        assert discard_copy(copy, noon, lose_work=True) == 2
        assert copies() == ()

    def test_one_that_is_open_stays(self, path: Path) -> None:
        copy = take_copy(path, noon)
        with open_ledger(copy.path, now=noon), pytest.raises(RefusedError, match=r"has had it open for writing"):
            discard_copy(copy, noon, lose_work=True)
        assert copies() == (copy,)

    def test_one_that_is_damaged_goes_only_by_asking(self, path: Path) -> None:
        copy = take_copy(path, noon)
        Path(copy.path).write_bytes(b"no ledger")
        with pytest.raises(RefusedError, match=r"this is not a ledger"):
            discard_copy(copy, noon)
        assert discard_copy(copy, noon, lose_work=True) == 0

    def test_one_whose_file_is_gone_is_taken_off_the_record(self, path: Path) -> None:
        copy = take_copy(path, noon)
        Path(copy.path).unlink()
        assert not copy.is_there
        assert discard_copy(copy, noon) == 0
        assert copies() == ()

    def test_a_folder_of_a_person_s_own_keeps_what_else_is_in_it(self, path: Path, tmp_path: Path) -> None:
        copy = take_copy(path, noon, folder=tmp_path / "mine")
        (tmp_path / "mine" / "letter.txt").touch()
        discard_copy(copy, noon)
        assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_record_says_everything_of_its_copy(path: Path) -> None:
    copy = take_copy(path, noon)
    told = json.loads((copies_folder() / f"{copy.id}.json").read_text())
    assert Copy(**told) == copy
