"""Settings written from the program: comments stay, and what is not understood is not written over."""

import json
import tomllib
from pathlib import Path

import pytest

from ledgers.settings import Settings, read_settings, settings_path
from ledgers.settings_writing import write_backup_settings
from rules.problems import RefusedError
from tests.own_folders import live_in


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(tmp_path / "own", monkeypatch)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert write_backup_settings(tmp_path / "kept", 20) == settings_path()
    assert read_settings() == Settings(tmp_path / "kept", 20)
    write_backup_settings(None, 3)
    assert read_settings() == Settings(None, 3)


def test_comments_and_their_lines_stay(tmp_path: Path) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(f"# ours\n[backups]\nfolder = '{tmp_path}'  # the share\nkeep = 4\n", encoding="utf-8")
    write_backup_settings(tmp_path / "other", 5)
    written = settings_path().read_text(encoding="utf-8")
    folder = tomllib.loads(written)["backups"]["folder"]
    assert folder == str(tmp_path / "other")
    assert written == f"# ours\n[backups]\nfolder = {json.dumps(folder)}  # the share\nkeep = 5\n"


def test_line_ends_of_windows_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file that Notepad wrote, on a system that writes each line feed as two characters."""
    as_here = Path.write_text

    def as_windows(path: Path, text: str, **how: str) -> int:
        return as_here(path, text, **{"newline": "\r\n", **how})

    monkeypatch.setattr(Path, "write_text", as_windows)
    settings_path().parent.mkdir(parents=True)
    settings_path().write_bytes(b"# ours\r\n[backups]\r\nkeep = 4\r\n")
    write_backup_settings(None, 5)
    assert settings_path().read_bytes() == b"# ours\r\n[backups]\r\nkeep = 5\r\n"
    for keep in (6, 7):
        write_backup_settings(tmp_path, keep)
        assert read_settings() == Settings(tmp_path, keep)


@pytest.mark.parametrize(
    ("folder", "keep", "said"),
    [
        (Path("somewhere"), 5, "write the whole path of a folder, from the root or the drive on"),
        (None, 0, "at least one backup of each ledger is kept"),
    ],
)
def test_what_could_not_be_read_back_is_refused(folder: Path | None, keep: int, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        write_backup_settings(folder, keep)
    assert not settings_path().exists()


def test_settings_that_are_not_understood_are_left_as_they_are() -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text("[backups\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="the settings are not TOML"):
        write_backup_settings(None, 5)
    assert settings_path().read_text(encoding="utf-8") == "[backups\n"


def test_a_folder_that_cannot_be_written_in_is_told() -> None:
    settings_path().parent.parent.mkdir(parents=True)
    settings_path().parent.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(RefusedError, match="the settings can"):
        write_backup_settings(None, 5)
