"""The `.s75` file: what is refused as one, who may have it open, what a crash or a full disk leaves."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.connecting import APPLICATION_ID
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)


@pytest.fixture
def path(tmp_path: Path, agreement_text: str) -> Path:
    """A ledger file with one line, closed."""
    path = tmp_path / ("a ledger #1%.s75" if sys.platform == "win32" else "a ledger #1?.s75")
    with create_ledger(path, agreement_text) as ledger:
        ledger.post([LINE])
    return path


def message(path: Path, **how: object) -> str:
    with pytest.raises(RefusedError) as caught:
        open_ledger(path, **how).close()
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem.message


class TestWhatIsRefused:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert message(tmp_path / "none.s75").startswith("there is no such ledger; make one with “s75 new FILE")

    @pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"a,b,c\n" * 50])
    def test_a_file_that_is_not_a_ledger(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "not.s75"
        path.write_bytes(content)
        assert message(path) == "this is not a ledger of S75 Settlement (.s75)"

    def test_a_database_of_another_program(self, tmp_path: Path) -> None:
        path = tmp_path / "other.s75"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE lines (id)")
        assert message(path) == "this is a SQLite database of another program, not a ledger of S75 Settlement"

    def test_a_file_that_only_begins_like_a_ledger(self, path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[:100] + b"\xee" * (len(content) - 100))
        assert message(path, read_only=True) in {
            "the file is damaged; go back to a backup", "this is not a ledger of S75 Settlement",
        }  # fmt: skip

    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_ledger_of_a_newer_version(self, path: Path, *, read_only: bool) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
        assert message(path, read_only=read_only) == (
            "the ledger was written by a newer version of S75 Settlement (its form is 99, this program knows up to 2); "
            "install the newer version to open it"
        )

    def test_a_name_that_is_taken_is_never_overwritten(self, path: Path, agreement_text: str) -> None:
        before = path.read_bytes()
        with pytest.raises(RefusedError, match=r"there is a file of this name already; it is never overwritten"):
            create_ledger(path, agreement_text)
        assert path.read_bytes() == before

    def test_a_folder_that_is_not_there(self, tmp_path: Path, agreement_text: str) -> None:
        with pytest.raises(RefusedError, match=r"the file cannot be made: No such file or directory"):
            create_ledger(tmp_path / "none" / "new.s75", agreement_text)


class TestWriters:
    HOLD = """
        import sys, time
        from ledgers import open_ledger
        ledger = open_ledger(sys.argv[1])
        print("held", flush=True)
        time.sleep(60)
    """

    @pytest.fixture
    def holder(self, path: Path) -> "Iterator[subprocess.Popen[str]]":
        program = [sys.executable, "-c", textwrap.dedent(self.HOLD), str(path)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout.readline() == "held\n"
            yield process
            process.kill()

    def test_a_file_that_another_process_holds_is_refused_naming_it(
        self, path: Path, holder: subprocess.Popen[str]
    ) -> None:
        said = message(path)
        assert f"(process {holder.pid}) has had it open for writing since 20" in said
        assert f" on {socket.gethostname()}, this computer (process" in said
        assert said.endswith("; close it there, or open it read-only, or take a copy to work in: s75 copy take")

    @pytest.mark.usefixtures("holder")
    def test_a_reader_is_not_kept_out(self, path: Path) -> None:
        with open_ledger(path, read_only=True) as reader:
            assert len(list(reader.lines())) == 1

    def test_a_holder_that_was_killed_keeps_nobody_out(self, path: Path, holder: subprocess.Popen[str]) -> None:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with open_ledger(path) as ledger:
            ledger.post([LINE])

    @pytest.mark.usefixtures("holder")
    def test_a_holder_whose_note_is_gone_is_still_a_holder(self, path: Path) -> None:
        path.with_name(path.name + ".holder").unlink()
        assert message(path) == (
            "another process has it open for writing; close it there, or open it read-only, or take a copy to work in: "
            "s75 copy take"
        )

    def test_closing_leaves_nothing_but_backups_beside_the_file(self, path: Path) -> None:
        with open_ledger(path) as ledger:
            assert path.with_name(path.name + ".holder").exists()
            ledger.close()
        assert set(path.parent.iterdir()) == {path, path.with_name(path.name + ".backups")}

    def test_another_program_that_writes_is_waited_for_and_then_named(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledgers.connecting.WAIT_SECONDS", 0.1)
        with closing(sqlite3.connect(path, isolation_level=None)) as other, open_ledger(path) as ledger:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RefusedError, match=r"another program is writing to the file; nothing was changed"):
                ledger.post([LINE])
            other.execute("ROLLBACK")
            ledger.post([LINE])


class TestAfterACrash:
    @pytest.fixture
    def crashed(self, path: Path) -> Path:
        """The file as a process leaves it that was killed while a large posting had already spilt into it."""
        program = """
            import os, sys
            from ledgers import NewLine, open_ledger
            ledger = open_ledger(sys.argv[1])
            connection = ledger.store.connection
            connection.execute("PRAGMA cache_size = 5")
            connection.execute("BEGIN IMMEDIATE")
            for number in range(2, 3000):
                connection.execute(
                    "INSERT INTO lines (id, batch, period, scheme, partner, kind, amount_pence, reference, description,"
                    " cause, raw) VALUES (?, 2, 1, 'BEDS', 'COUNCIL', 'actual', 1, '', ?, '', '')", (number, "x" * 200))
            os.kill(os.getpid(), 9)
        """
        subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(path)], check=False)
        assert path.with_name(path.name + "-journal").exists()
        return path

    def test_a_reader_sees_what_was_posted_before(self, crashed: Path) -> None:
        with open_ledger(crashed, read_only=True) as reader:
            assert [line.id for line in reader.lines()] == [1]
            assert reader.findings() == []
            with pytest.raises(RefusedError, match=r"read-only"):
                reader.post([LINE])
        assert crashed.with_name(crashed.name + "-journal").exists()

    def test_a_writer_rolls_it_back(self, crashed: Path) -> None:
        with open_ledger(crashed) as ledger:
            assert [line.id for line in ledger.lines()] == [1]
            assert ledger.store.damage() == []
        assert not crashed.with_name(crashed.name + "-journal").exists()


class TestFullDisk:
    def test_a_full_disk_leaves_the_ledger_as_it_was(self, path: Path, write: Callable[..., Path]) -> None:
        rows = [f"M1,BEDS,COUNCIL,actual,{number}.00,,,{'x' * 100}," for number in range(3000)]
        with open_ledger(path) as ledger:
            pages = ledger.store.connection.execute("PRAGMA page_count").fetchone()[0]
            ledger.store.connection.execute(f"PRAGMA max_page_count = {pages + 10}")
            with pytest.raises(RefusedError, match=r"the disk is full; nothing was posted; make room and try again"):
                ledger.import_file(write(*rows))
            assert len(list(ledger.lines())) == 1
            assert ledger.findings() == []
            ledger.store.connection.execute("PRAGMA max_page_count = 1000000")
            assert ledger.import_file(write(*rows)).count == 3000

    def test_a_file_system_that_is_really_full(self, path: Path, write: Callable[..., Path], tmp_path: Path) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root can mount a small file system; the test above simulates one")
        small = tmp_path / "small"
        small.mkdir()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], check=False, capture_output=True
        )
        if made.returncode:
            pytest.skip("this system lets nobody mount; the test above simulates a full disk")
        try:
            ledger_path = shutil.copyfile(path, small / "full.s75")
            rows = [f"M1,BEDS,COUNCIL,actual,{number}.00,,,{'x' * 100}," for number in range(6000)]
            with open_ledger(ledger_path) as ledger:
                ledger.store.connection.execute("PRAGMA cache_size = 10")
                with pytest.raises(RefusedError, match=r"the disk is full|the disk failed to read or write"):
                    ledger.import_file(write(*rows))
                assert [line.id for line in ledger.lines()] == [1]
            with open_ledger(ledger_path, read_only=True) as ledger:
                assert ledger.findings() == []
        finally:
            subprocess.run(["umount", small], check=True)


@pytest.fixture
def read_only_folder(path: Path, tmp_path: Path) -> Iterator[Path]:
    """The ledger in a folder that nobody can write in: by its mode, or for root, whom no mode binds, by the mount."""
    folder = tmp_path / "kept"
    folder.mkdir()
    copy = shutil.copyfile(path, folder / "kept.s75")
    if os.geteuid() != 0:
        folder.chmod(0o555)
        copy.chmod(0o444)
        yield copy
        folder.chmod(0o755)
        return
    made = subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("this system lets nobody mount, and no mode binds root")
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    yield copy
    subprocess.run(["umount", folder], check=True)


class TestReadOnlyFolder:
    def test_is_read(self, read_only_folder: Path) -> None:
        with open_ledger(read_only_folder, read_only=True) as ledger:
            assert len(list(ledger.lines())) == 1
            assert ledger.findings() == []

    def test_is_not_opened_for_writing(self, read_only_folder: Path) -> None:
        said = message(read_only_folder)
        assert said.startswith("the folder cannot be written in (")
        assert said.endswith("; open the ledger read-only, or take a copy to work in: s75 copy take")
        assert [each.name for each in read_only_folder.parent.iterdir()] == [read_only_folder.name]

    def test_takes_no_new_ledger(self, read_only_folder: Path, agreement_text: str) -> None:
        with pytest.raises(RefusedError, match=r"the file cannot be made: "):
            create_ledger(read_only_folder.with_name("new.s75"), agreement_text)


class TestBackup:
    def test_is_the_same_ledger(self, path: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy.s75"
        with open_ledger(path, read_only=True) as ledger:
            ledger.backup(copy)
        with open_ledger(copy) as copied:
            assert [line.amount_pence for line in copied.lines()] == [100]
            assert copied.findings() == []

    def test_never_overwrites(self, path: Path) -> None:
        with open_ledger(path, read_only=True) as ledger:
            with pytest.raises(RefusedError, match=r"there is a file of this name already"):
                ledger.backup(path)
            assert len(list(ledger.lines())) == 1


def test_what_a_reader_holds_open_does_not_keep_a_writer_out(path: Path) -> None:
    with open_ledger(path, read_only=True) as reader, open_ledger(path) as writer:
        walking = reader.lines()
        next(walking)
        started = time.monotonic()
        writer.post([LINE])
        assert time.monotonic() - started < 5
        assert len(list(reader.lines())) == 2


def test_the_application_id_is_in_the_files_first_bytes(path: Path) -> None:
    assert path.read_bytes()[68:72] == b"S75L" == APPLICATION_ID.to_bytes(4, "big")


@pytest.mark.parametrize("where", ["", " ", ".", Path()])
def test_a_new_ledger_needs_a_name(agreement_text: str, where: str | Path) -> None:
    with pytest.raises(RefusedError) as caught:
        create_ledger(where, agreement_text)
    assert str(caught.value) == "name the file to make"
