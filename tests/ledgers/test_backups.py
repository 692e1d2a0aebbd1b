"""Backups: a ring beside the ledger or where the settings say, and one of them put back."""

import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.backups import folder_of, ring_of
from ledgers.connecting import journal_of, read_header
from ledgers.restoring import content_of, list_backups, named_backup, restore
from ledgers.settings import Settings, read_settings
from ledgers.trail import latest
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
MORNING = datetime(2026, 11, 22, 5, 12, 16, tzinfo=UTC)


def at(minutes: int) -> Callable[[], datetime]:
    """A clock that stands so many minutes after the morning's start."""
    return lambda: MORNING + timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings of these tests are: nobody's own."""
    path = tmp_path / "config" / "settings.toml"
    path.parent.mkdir()
    monkeypatch.setattr("ledgers.settings.settings_path", lambda: path)
    monkeypatch.delenv("S75_BACKUPS", raising=False)
    return path


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    """A ledger file with one line, closed."""
    path = tmp_path / "pool.s75"
    with create_ledger(path, agreement_text, now=at(0)) as ledger:
        ledger.post([LINE])
    return path


def post(path: Path, minutes: int) -> None:
    """Open the ledger as a working day does, and post a line."""
    with open_ledger(path, now=at(minutes)) as ledger:
        ledger.post([LINE])


def names(path: Path) -> list[str]:
    return sorted(each.name for each in folder_of(path, read_settings()).iterdir())


def lines_in(path: Path) -> int:
    return content_of(path).lines


class TestTheRing:
    def test_a_backup_is_taken_as_the_ledger_is_opened_for_writing(self, path: Path) -> None:
        post(path, 1)
        assert names(path) == ["pool-20261122T051316Z.s75"]
        (backup,) = ring_of(path)
        assert lines_in(backup.path) == 1
        assert lines_in(path) == 2

    def test_a_new_ledger_and_a_reader_take_none(self, path: Path) -> None:
        open_ledger(path, read_only=True).close()
        assert not folder_of(path, Settings()).exists()

    def test_nothing_is_copied_twice(self, path: Path) -> None:
        for minutes in (1, 2, 3):
            open_ledger(path, now=at(minutes)).close()
        assert names(path) == ["pool-20261122T051316Z.s75"]
        post(path, 4)
        open_ledger(path, now=at(5)).close()
        assert names(path) == ["pool-20261122T051316Z.s75", "pool-20261122T051716Z.s75"]

    def test_a_backup_is_its_original_to_the_byte(self, path: Path) -> None:
        open_ledger(path, now=at(1)).close()
        assert ring_of(path)[0].path.read_bytes() == path.read_bytes()

    def test_the_last_ten_are_kept(self, path: Path) -> None:
        for minutes in range(1, 14):
            post(path, minutes)
        assert [lines_in(backup.path) for backup in ring_of(path)] == list(range(4, 14))

    def test_those_of_one_second_are_told_apart_and_in_order(self, path: Path) -> None:
        for _ in range(12):
            post(path, 1)
        assert [lines_in(backup.path) for backup in ring_of(path)] == list(range(3, 13))

    def test_a_clock_that_was_put_back_does_not_drop_what_was_just_taken(self, path: Path) -> None:
        for minutes in range(10, 20):
            post(path, minutes)
        post(path, 1)
        assert 11 in [lines_in(backup.path) for backup in ring_of(path)]
        assert len(ring_of(path)) == 10

    def test_what_was_taken_before_a_migration_or_restoring_stays(self, path: Path) -> None:
        post(path, 1)
        kept = folder_of(path, Settings()) / "pool-20200101T000000Z-before-v2.s75"
        kept.write_bytes(path.read_bytes())
        other = kept.with_name("pool-20200101T000000Z-before-restore.s75")
        other.write_bytes(b"whatever it was")
        for minutes in range(2, 14):
            post(path, minutes)
        assert kept.exists()
        assert other.exists()
        assert sum(backup.goes_round for backup in ring_of(path)) == 10

    def test_files_of_other_names_are_left_alone(self, path: Path) -> None:
        post(path, 1)
        folder = folder_of(path, Settings())
        others = ["pool-a-copy.s75", "pool-20260231T000000Z.s75", "notes.txt", "pool-20261122T051316Z.s75.zip"]
        for other in others:
            (folder / other).write_text("mine")
        for minutes in range(2, 14):
            post(path, minutes)
        assert all((folder / other).read_text() == "mine" for other in others)

    def test_what_a_killed_program_did_not_finish_is_swept(self, path: Path) -> None:
        post(path, 1)
        unfinished = folder_of(path, Settings()) / "pool-20261122T051416Z.s75.part"
        unfinished.write_bytes(b"half")
        assert len(ring_of(path)) == 1
        post(path, 2)
        assert not unfinished.exists()

    @pytest.mark.skipif(sys.platform == "win32", reason="there a file has the rights of its folder")
    def test_a_backup_is_as_private_as_its_ledger(self, path: Path) -> None:
        path.chmod(0o600)
        open_ledger(path, now=at(1)).close()
        assert stat.S_IMODE(ring_of(path)[0].path.stat().st_mode) == 0o600

    def test_another_program_that_writes_meanwhile_is_waited_for_and_then_left_out(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("ledgers.connecting.WAIT_SECONDS", 0.1)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            open_ledger(path, now=at(1)).close()  # it has written nothing yet: what is there is whole
        assert len(ring_of(path)) == 1
        assert caplog.messages == []


class TestWhereTheyAreKept:
    def test_the_environment_names_a_folder_for_all(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("S75_BACKUPS", str(tmp_path / "elsewhere"))
        post(path, 1)
        (folder,) = (tmp_path / "elsewhere").iterdir()
        assert folder.name.startswith("pool.s75-")
        assert [each.name for each in folder.iterdir()] == ["pool-20261122T051316Z.s75"]
        assert not path.with_name("pool.s75.backups").exists()

    def test_two_ledgers_of_one_name_have_a_ring_each(self, path: Path, tmp_path: Path) -> None:
        settings = Settings(tmp_path / "all")
        assert folder_of(path, settings) != folder_of(tmp_path / "other" / "pool.s75", settings)

    def test_the_settings_name_it_and_how_many_are_kept(self, path: Path, tmp_path: Path, settings_file: Path) -> None:
        folder = (tmp_path / "set").as_posix()
        settings_file.write_text(f'[backups]\nfolder = "{folder}"\nkeep = 2\n', encoding="utf-8-sig")
        for minutes in range(1, 5):
            post(path, minutes)
        assert [lines_in(backup.path) for backup in ring_of(path)] == [3, 4]
        assert (tmp_path / "set").is_dir()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[backup]\n", "backup: this is not a setting; there is [backups] with folder and keep"),
            ("backups = 1\n", "backups: this is not a setting; there is [backups] with folder and keep"),
            ("[backups]\nnumber = 3\n", "backups.number: this is not a setting; [backups] has folder and keep"),
            (
                '[backups]\nfolder = "here"\n',
                "backups.folder: write the whole path of a folder, from the root or the drive on",
            ),
            (
                "[backups]\nkeep = 0\n",
                "backups.keep: write how many backups to keep of each ledger: a whole number from 1, such as 10",
            ),
            (
                "[backups]\nkeep = true\n",
                "backups.keep: write how many backups to keep of each ledger: a whole number from 1, such as 10",
            ),
            (
                "[backups\n",
                "the settings are not TOML: Expected ']' at the end of a table declaration (at line 1, column 9)",
            ),
        ],
    )
    def test_settings_that_are_not_understood_are_refused(self, settings_file: Path, text: str, said: str) -> None:
        settings_file.write_text(text)
        with pytest.raises(RefusedError) as caught:
            read_settings()
        assert str(caught.value) == f"{settings_file}: {said}"

    def test_settings_that_cannot_be_read_are_refused(self, settings_file: Path) -> None:
        settings_file.mkdir()
        with pytest.raises(RefusedError, match=r"the settings cannot be read: (Is a directory|Permission denied)"):
            read_settings()

    def test_a_folder_that_cannot_be_written_in_keeps_nobody_from_working(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        folder = tmp_path / "no folder"
        folder.write_text("")
        monkeypatch.setenv("S75_BACKUPS", str(folder))
        with open_ledger(path, now=at(1)) as ledger:
            (warning,) = ledger.warnings
            ledger.post([LINE])
        assert warning.startswith(f"pool.s75: no backup could be kept in {folder / 'pool.s75-'}")
        assert re.search(r"\.backups \((Not a directory|.* exists)\); work goes on, but see to it soon$", warning)
        assert caplog.messages == [warning]
        assert lines_in(path) == 2


@pytest.fixture
def worked(path: Path) -> Path:
    """A ledger of three lines, with a backup of two and one of one."""
    post(path, 1)
    post(path, 2)
    return path


class TestRestoring:
    def test_a_backup_takes_the_ledgers_place_and_the_present_file_is_kept(self, worked: Path) -> None:
        (oldest, _) = ring_of(worked)
        present = worked.read_bytes()
        done = restore(worked, oldest.path, at(9))
        assert done.kept is not None
        assert done.kept.name == "pool-20261122T052116Z-before-restore.s75"
        assert done.kept.read_bytes() == present
        assert (done.before.lines, done.after.lines) == (3, 1)
        with open_ledger(worked, now=at(10)) as ledger:
            assert len(list(ledger.lines())) == 1
            assert ledger.findings() == []
            (entry,) = latest(ledger, 1)
            assert (entry.action, entry.detail) == ("restore", f"put back from {oldest.path.name}: 2 lines lost")
        assert oldest.path.exists()

    def test_and_the_restoring_can_itself_be_taken_back(self, worked: Path) -> None:
        done = restore(worked, ring_of(worked)[0].path, at(9))
        assert restore(worked, done.kept, at(10)).after.lines == 3
        assert lines_in(worked) == 3

    def test_the_state_after_it_is_backed_up_at_the_next_opening(self, worked: Path) -> None:
        restore(worked, ring_of(worked)[1].path, at(9))
        open_ledger(worked, now=at(10)).close()
        assert ring_of(worked)[-1].before == ""
        assert lines_in(ring_of(worked)[-1].path) == 2

    def test_nothing_else_is_left_beside_the_ledger(self, worked: Path) -> None:
        restore(worked, ring_of(worked)[0].path, at(9))
        assert sorted(each.name for each in worked.parent.iterdir()) == ["config", "pool.s75", "pool.s75.backups"]

    def test_a_ledger_that_is_gone_is_put_back(self, worked: Path) -> None:
        worked.unlink()
        done = restore(worked, ring_of(worked)[-1].path, at(9))
        assert (done.before, done.kept) == (None, None)
        assert lines_in(worked) == 2

    def test_a_damaged_ledger_is_kept_as_it_is_and_put_back(self, worked: Path) -> None:
        content = worked.read_bytes()
        damaged = content[:200] + b"\xee" * 9000 + content[9200:]
        worked.write_bytes(damaged)
        done = restore(worked, ring_of(worked)[-1].path, at(9))
        assert done.before is None
        assert done.kept.read_bytes() == damaged
        assert lines_in(worked) == 2

    def test_a_journal_of_the_present_file_does_not_ruin_what_is_put_back(self, worked: Path) -> None:
        content = worked.read_bytes()
        worked.write_bytes(content[:200])
        journal_of(worked).write_bytes(
            bytes.fromhex("d9d505f920a163d7") + b"\0\0\0\1" * 300 + bytes.fromhex("d9d505f920a163d7")
        )
        done = restore(worked, ring_of(worked)[-1].path, at(9))
        assert not journal_of(worked).exists()
        assert journal_of(done.kept).exists()
        assert lines_in(worked) == 2
        with open_ledger(worked, read_only=True) as ledger:
            assert ledger.store.damage(thorough=True) == []

    def test_a_ledger_that_is_open_elsewhere_is_not_replaced(self, worked: Path) -> None:
        with open_ledger(worked), pytest.raises(RefusedError, match=r"has had it open for writing since"):
            restore(worked, ring_of(worked)[0].path, at(9))
        assert lines_in(worked) == 3

    def test_a_backup_of_another_ledger_is_refused(self, worked: Path, agreement_text: str) -> None:
        other = worked.with_name("other.s75")
        create_ledger(other, agreement_text).close()
        before = worked.read_bytes()
        with pytest.raises(RefusedError, match=r"this is a backup of another ledger; copy it to where none is"):
            restore(worked, other, at(9))
        assert worked.read_bytes() == before

    def test_a_damaged_backup_is_refused(self, worked: Path) -> None:
        oldest = ring_of(worked)[0].path
        with closing(sqlite3.connect(oldest)) as connection:
            ((root,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_lines_scheme_kind'")
        content = bytearray(oldest.read_bytes())
        content[(root - 1) * 4096 + 4000 : root * 4096] = bytes(96)
        oldest.write_bytes(content)
        with pytest.raises(RefusedError, match=r"the backup is damaged \(.*\); take another"):
            restore(worked, oldest, at(9))
        assert lines_in(worked) == 3

    def test_where_the_present_file_cannot_be_kept_nothing_is_changed(
        self, worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        oldest = ring_of(worked)[0].path
        (tmp_path / "no folder").write_text("")
        monkeypatch.setenv("S75_BACKUPS", str(tmp_path / "no folder"))
        with pytest.raises(
            RefusedError, match=r"the present file cannot be kept as a backup first \((Not a directory|.* exists)\)"
        ):
            restore(worked, oldest, at(9))
        assert lines_in(worked) == 3

    def test_backups_are_listed_newest_first_and_a_damaged_one_says_so(self, worked: Path) -> None:
        ring_of(worked)[0].path.write_bytes(b"nothing")
        newest, oldest = list_backups(worked)
        assert (newest.content.lines, newest.content.batches) == (2, 2)
        assert newest.size == newest.backup.path.stat().st_size
        assert (oldest.content, oldest.trouble) == (None, "this is not a ledger of S75 Settlement (.s75)")

    def test_a_backup_is_named_by_its_name_or_path(self, worked: Path) -> None:
        newest = ring_of(worked)[-1].path
        assert named_backup(worked, newest.name) == newest
        assert named_backup(worked, str(newest)) == newest
        with pytest.raises(RefusedError, match=r"there is no such backup; “s75 restore .*pool.s75” lists those"):
            named_backup(worked, "pool-none.s75")
        with pytest.raises(RefusedError, match=r"this is the ledger itself, not a backup of it"):
            named_backup(worked, str(worked))


@pytest.mark.skipif(sys.platform == "win32", reason="a link of a file needs a right there that few people have")
def test_a_ledger_opened_by_a_link_is_locked_and_backed_up_where_it_lies(path: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "link.s75"
    link.symlink_to(path)
    with open_ledger(link, now=at(1)) as ledger:
        assert ledger.name == str(link)
        with pytest.raises(RefusedError, match=r"has had it open for writing"):
            open_ledger(path)
    assert len(ring_of(path)) == 1
    assert list(link.parent.iterdir()) == [link]


def test_a_reader_in_the_same_program_takes_no_lock_from_a_writer(path: Path) -> None:
    """On POSIX closing any descriptor of a file drops the process's locks on it: the header is read without."""
    with open_ledger(path, now=at(1)) as ledger:
        connection = ledger.store.connection
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RefusedError, match=r"another process|open for writing"):
            open_ledger(path)
        assert read_header(path).version == 2
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM meta')"
        done = subprocess.run([sys.executable, "-c", other, path], capture_output=True, text=True, check=False)
        assert done.stderr.endswith("sqlite3.OperationalError: database is locked\n")
        connection.execute("ROLLBACK")


def test_the_ledger_is_typed(path: Path) -> None:
    with open_ledger(path, read_only=True) as ledger:
        assert isinstance(ledger, Ledger)
        assert ledger.warnings == ()
