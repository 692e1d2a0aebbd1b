"""The drafts of a ledger: everything done to one can be undone to where it began, and done again."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.reading import read_agreement
from settlement.drafting import (
    Draft,
    added,
    blank_clause,
    deleted,
    drafted,
    duplicated,
    moved,
    renamed,
    replaced,
    switched,
)
from ui.drafts import find_draft, keep_draft
from ui.pages.risk_share.shelf import KIND, Shelf

from .conftest import GOLDEN

STEPS = st.lists(st.tuples(st.sampled_from("admsr"), st.integers(0, 9), st.integers(0, 9)), max_size=20)


def rotherham(name: str = "Draft 1") -> Draft:
    return drafted(read_agreement((GOLDEN / "rotherham-first-call" / "agreement.toml").read_text("utf-8")), name)


def step(draft: Draft, what: str, number: int, place: int) -> Draft:
    """One thing that a person does to a clause."""
    if not draft.entries:
        return added(draft, blank_clause(draft))
    entry = draft.entries[number % len(draft.entries)]
    key = entry.key
    if what == "a":
        return duplicated(draft, key)
    if what == "d":
        return deleted(draft, key)
    if what == "m":
        return moved(draft, key, place)
    if what == "s":
        return switched(draft, key, enabled=not entry.enabled)
    from dataclasses import replace

    return replaced(draft, key, replace(entry.clause, title=f"Title {place}"))


@pytest.fixture
def shelf(qapp: object) -> Shelf:  # noqa: ARG001  an application has to be there
    made = Shelf()
    made.load("a ledger")
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, fields=st.lists(st.booleans(), min_size=20, max_size=20))
def test_everything_is_undone_to_where_it_began_and_done_again(
    qapp: object,  # noqa: ARG001  an application has to be there
    steps: list[tuple[str, int, int]],
    fields: list[bool],
) -> None:
    """Whether changes merge or not: undoing all leads to the first draft, redoing all to the last."""
    shelf = Shelf()
    shelf.load("a ledger")
    shelf.begin(rotherham())
    first = shelf.shown
    assert first is not None
    for (what, number, place), is_typed in zip(steps, fields, strict=False):
        assert shelf.shown is not None
        shelf.change(step(shelf.shown, what, number, place), "change it", "title" if is_typed else "")
    last = shelf.shown
    while shelf.group.canUndo():
        shelf.group.undo()
    assert shelf.shown == first
    while shelf.group.canRedo():
        shelf.group.redo()
    assert shelf.shown == last
    again = Shelf()
    again.load("a ledger")
    assert again.shown == last
    shelf.forget("Draft 1")


def test_what_is_typed_in_one_field_undoes_at_once_and_the_next_field_by_itself(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    for title in ("N", "Ne", "New"):
        assert shelf.shown is not None
        shelf.change(step(shelf.shown, "r", 0, len(title)), "change the title of clause 4.1", "1 title")
    assert shelf.shown is not None
    shelf.change(step(shelf.shown, "r", 1, 9), "change the title of clause 4.2", "2 title")
    assert shelf.group.undoText() == "change the title of clause 4.2"
    shelf.group.undo()
    assert shelf.shown.entries[0].clause.title == "Title 3"
    shelf.group.undo()
    assert shelf.shown == rotherham()
    assert not shelf.group.canUndo()


def test_what_changes_nothing_is_nothing_to_undo(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    assert shelf.shown is not None
    shelf.change(moved(shelf.shown, "1", 0), "move clause 4.1")
    assert not shelf.group.canUndo()


def test_each_draft_has_its_own_undo_and_a_name_of_its_own(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    assert shelf.shown is not None
    shelf.change(deleted(shelf.shown, "1"), "delete clause 4.1")
    shelf.begin(rotherham())
    assert [draft.name for draft in shelf.drafts] == ["Draft 1", "Draft 2"]
    assert not shelf.group.canUndo()
    shelf.show_draft("Draft 1")
    assert shelf.group.canUndo()
    shelf.show_draft(None)
    assert shelf.shown is None
    assert not shelf.group.canUndo()


def test_a_name_is_undone_too(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    shelf.rename("Sixty forty")
    assert shelf.group.undoText() == "rename the draft to Sixty forty"
    shelf.group.undo()
    assert shelf.drafts == (rotherham(),)


def test_drafts_of_another_ledger_are_not_these(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    shelf.load("another ledger")
    assert shelf.drafts == ()
    shelf.load("a ledger")
    assert shelf.drafts == (rotherham(),)
    assert shelf.shown == rotherham()


def test_the_last_draft_leaves_nothing_behind(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    assert find_draft("a ledger", KIND) is not None
    shelf.forget("Draft 1")
    assert find_draft("a ledger", KIND) is None
    assert shelf.shown is None


@pytest.mark.parametrize("kept", [[], {"drafts": [{}]}, {"shown": "A"}, {"drafts": [{"form": 99}], "shown": 7}])
def test_what_was_kept_and_cannot_be_read_is_as_good_as_not_there(shelf: Shelf, kept: object) -> None:
    keep_draft("a ledger", KIND, kept)
    shelf.load("a ledger")
    assert shelf.drafts == ()


def test_a_draft_that_cannot_be_read_does_not_take_the_others_with_it(shelf: Shelf) -> None:
    shelf.begin(rotherham())
    told = find_draft("a ledger", KIND)
    assert told is not None
    keep_draft("a ledger", KIND, {**told, "drafts": [{"form": 99}, *told["drafts"]]})
    shelf.load("a ledger")
    assert shelf.shown == renamed(rotherham(), "Draft 1")


def test_where_nothing_can_be_kept_drafting_goes_on(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("ui.drafts.drafts_folder", lambda: tmp_path / "file" / "drafts")
    shelf.begin(rotherham())
    assert shelf.shown == rotherham()
