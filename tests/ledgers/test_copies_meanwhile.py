"""What others do while a copy is taken, worked in and given back: nothing of theirs is lost, and nothing of hers."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from ledgers import connecting, copies, create_ledger, giving_back, open_ledger, sqlite
from ledgers.copies import Copy, copies_folder, discard_copy, forget, notes_beside, take_copy, work_in
from ledgers.giving_back import give_back
from ledgers.ledger import Ledger
from ledgers.trail import Entry, trail
from rules.problems import RefusedError
from tests.ledgers.conftest import noon
from tests.ledgers.test_giving_back import NAME, UNTOUCHED, later, lines_of, post
from tests.own_folders import live_in


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(tmp_path / "own", monkeypatch)


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    made = tmp_path / NAME
    create_ledger(made, agreement_text, now=noon).close()
    post(made)
    return made


@pytest.fixture
def copy(path: Path) -> Copy:
    """A copy with work in it."""
    taken = take_copy(path, later(2))
    post(taken.path, 3)
    return taken


def test_what_is_posted_while_a_copy_is_taken_is_in_it_or_not_as_its_record_says(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (connecting, sqlite):
        monkeypatch.setattr(module, "WAIT_SECONDS", 0)

    def trail_and_a_posting(ledger: Ledger) -> tuple[Entry, ...]:
        entries = trail(ledger)
        with suppress(RefusedError):  # she is kept waiting
            post(path, 2)
        return entries

    monkeypatch.setattr(copies, "trail", trail_and_a_posting)
    copy = take_copy(path, later(3))
    monkeypatch.undo()
    with open_ledger(copy.path, read_only=True) as taken:
        assert [entry.action for entry in trail(taken, after=copy.entry)] == ["take"]


def test_what_is_posted_past_the_lock_while_a_copy_is_given_back_is_not_lost(path: Path, copy: Copy) -> None:
    def somebody(done: int, _total: int, _what: str) -> None:
        if done == 5:
            path.with_name(f"{NAME}.lock").unlink()  # as on a share that passes no locks on
            post(path, 4, count=3)

    with pytest.raises(RefusedError) as refused:
        give_back(copy, later(5), report=somebody)
    assert refused.value.problems[0].message == (
        "somebody wrote to the ledger while the copy was being given back, though it was locked: its share passes no "
        "locks on; nothing was replaced, and your work is still in the copy; agree who works in the ledger, then give "
        "the copy back again to see what was done"
    )
    assert lines_of(path) == 4
    assert (lines_of(Path(copy.path)), copies.copies()) == (2, (copy,))


def test_a_ledger_that_was_set_back_by_hand_is_not_set_forward_in_silence(path: Path) -> None:
    early = path.read_bytes()
    post(path, 2)
    copy = take_copy(path, later(3))
    post(copy.path, 4)
    path.write_bytes(early)
    with pytest.raises(RefusedError) as refused:
        give_back(copy, later(5))
    assert refused.value.problems[0].message == (
        "the ledger is of an earlier state than the copy was taken of: somebody put an older file in its place; "
        f"{UNTOUCHED}; ask who did, and why; once the later file is back in its place, the copy can be given back"
    )
    assert path.read_bytes() == early


@pytest.mark.skipif(os.name == "nt", reason="few may make a link on Windows")
def test_who_opens_the_ledger_itself_is_told_of_a_copy_that_was_taken_by_a_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    link = tmp_path / "home" / "my pool.s75"
    link.symlink_to(path)
    copy = take_copy(link, later(2))
    (note,) = notes_beside(path)
    assert notes_beside(link) == (note,)
    assert note.id == copy.id
    with open_ledger(path, now=later(3)) as ledger:
        assert any(note.file in warning for warning in ledger.warnings)
    discard_copy(copy, later(4))
    assert notes_beside(path) == ()
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["my pool.s75"]


def test_a_copy_that_is_given_back_cannot_be_worked_in_before_it_is_put_aside(
    path: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def forget_and_try(given: Copy, original: Path | None = None) -> None:
        forget(given, original)
        with pytest.raises(RefusedError, match=r"has had it open for writing since"):
            open_ledger(given.path, now=later(5))
        tried.append(given)

    monkeypatch.setattr(giving_back, "forget", forget_and_try)
    done = give_back(copy, later(4))
    assert tried == [copy]
    assert done.kept is not None
    assert sorted(each.name for each in done.kept.parent.iterdir() if each.is_file()) == [done.kept.name]
    another = take_copy(path, later(5))
    post(another.path, 6)
    give_back(another, later(7), keep=False)
    assert not Path(another.path).parent.exists()
    assert lines_of(path) == 3


def test_a_copy_on_a_stick_that_is_not_there_is_let_go_only_by_asking(path: Path, tmp_path: Path) -> None:
    copy = take_copy(path, later(2), folder=tmp_path / "stick")
    post(copy.path, 3)
    (tmp_path / "stick").rename(tmp_path / "pulled out")
    with pytest.raises(RefusedError) as refused:
        discard_copy(copy, later(4))
    assert refused.value.problems[0].message == (
        "its folder is not there, and nobody can tell whether there is work in it; connect the drive that it is on, or "
        "lose that work: --lose-work"
    )
    (tmp_path / "pulled out").rename(tmp_path / "stick")
    assert work_in(copy, later(4)) == 1
    (tmp_path / "stick").rename(tmp_path / "pulled out")
    assert discard_copy(copy, later(4), lose_work=True) == 0
    assert (copies.copies(), copies_folder().is_dir()) == ((), True)
