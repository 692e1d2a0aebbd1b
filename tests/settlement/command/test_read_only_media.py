"""A ledger on media that can only be read: settled, printed elsewhere, copied; nothing is left there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import open_ledger
from tests.own_folders import live_in
from tests.read_only import read_only
from tests.settlement.command.running import S75


@pytest.fixture
def disc(barnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A ledger on such media, and a person's own folders elsewhere."""
    live_in(tmp_path / "own", monkeypatch)
    folder = tmp_path / "disc"
    folder.mkdir()
    path = Path(shutil.copyfile(barnet, folder / "barnet.s75"))
    with read_only(folder):
        yield path
        assert [each.name for each in folder.iterdir()] == ["barnet.s75"]  # nothing was left beside it


def test_what_reads_works_and_writes_elsewhere(s75: S75, disc: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert s75("settle", disc).status == 0
    assert s75("check", disc).status in {0, 1}
    assert s75("statement", disc, "--out", out, "--format", "html").status == 0
    assert list(out.rglob("*.html"))
    assert s75("backup", disc, "--out", tmp_path / "kept.s75").status == 0
    with open_ledger(tmp_path / "kept.s75") as ledger:
        assert ledger.writable


def test_what_writes_says_why_not_and_what_to_do(s75: S75, disc: Path, tmp_path: Path) -> None:
    said = s75("hold", disc, "--period", "M1")
    assert said.status == 2
    assert said.err.startswith(f"{disc}: the folder cannot be written in (")
    assert said.err.endswith("); open the ledger read-only, or take a copy to work in: s75 copy take\n")
    assert s75("statement", disc, "--out", disc.parent / "out").status == 2
    assert tmp_path.exists()


def test_a_copy_of_it_is_taken_worked_in_and_not_given_back_to_where_nothing_can_be_written(
    s75: S75, disc: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "work" / "barnet.s75"
    assert s75("copy", "take", disc, "--to", copy.parent).status == 0
    assert s75("hold", copy, "--period", "M1").status == 0
    before = disc.read_bytes()
    said = s75("copy", "give-back", copy)
    assert said.status == 2
    assert "the folder cannot be written in (" in said.err
    assert disc.read_bytes() == before
    assert copy.exists()


def test_where_says_so(s75: S75, disc: Path) -> None:
    said = s75("where", disc)
    assert said.status == 0
    assert said.out.splitlines()[1] == "Nobody has it open for writing."
