"""A backup put back as a new file: the ledger and the backup stay as they were."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledgers import Ledger, open_ledger
from ledgers.putting_back import put_back_as
from rules.problems import RefusedError


def test_a_backup_becomes_a_ledger_of_its_own(
    sqlite_ledger: Ledger, write: Callable[..., Path], tmp_path: Path
) -> None:
    backup, out = tmp_path / "backup.s75", tmp_path / "back.s75"
    sqlite_ledger.backup(backup)
    sqlite_ledger.import_file(write("M1,BEDS,CCG,budget,100.00,2022-04-01,R,D,"))
    assert put_back_as(backup, out).lines == 0
    with open_ledger(out) as found:
        assert list(found.lines()) == []
    assert len(list(sqlite_ledger.lines())) == 1


def test_nothing_is_overwritten(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    backup, out = tmp_path / "backup.s75", tmp_path / "there.s75"
    sqlite_ledger.backup(backup)
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError):
        put_back_as(backup, out)
    assert out.read_text(encoding="utf-8") == "mine"


def test_what_is_no_ledger_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    backup, out = tmp_path / "backup.s75", tmp_path / "back.s75"
    backup.write_text("not a ledger", encoding="utf-8")
    with pytest.raises(RefusedError):
        put_back_as(backup, out)
    assert not out.exists()


def test_a_folder_that_is_not_there_is_told(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    backup = tmp_path / "backup.s75"
    sqlite_ledger.backup(backup)
    with pytest.raises(RefusedError):
        put_back_as(backup, tmp_path / "none" / "back.s75")
