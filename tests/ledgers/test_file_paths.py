"""Any name that a person gives a ledger is found again, on drives and shares; what is too long is refused in words."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import create_ledger, open_ledger
from ledgers.file_paths import extended, plain, uri
from rules.problems import RefusedError
from tests.ledgers.conftest import noon

NAMES = (
    "a b", "a#b", "a%41b", "a?mode=ro", "a&b=c", "100%", "it's", "a;b", "a:b", "a+b", "é", "e\u0301", "żółw",
    "שלום", "مرحبا", "数据", "😀", "-dash", ".dot", "file:a", "~", "$HOME", "a\\b", "a\tb", "x" * 90,
)  # fmt: skip


def is_a_name(name: str) -> bool:
    """Whether this system takes a file of that name."""
    if os.name != "nt":
        return name not in {".", ".."}
    return not (
        re.search(r'[\0-\x1f<>:"/\\|?*]', name) or name.endswith((".", " ")) or PureWindowsPath(name).is_reserved()
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (r"C:\finance\a#b.s75", "file:/C:/finance/a%23b.s75"),
        (r"Z:\pool é.s75", "file:/Z:/pool%20%C3%A9.s75"),
        (r"\\server\finance\a b.s75", "file:////server/finance/a%20b.s75"),
        ("//server/finance/50%.s75", "file:////server/finance/50%25.s75"),
        (r"\\?\C:\finance\pool.s75", "file:%5C%5C%3F%5CC:%5Cfinance%5Cpool.s75"),
        (r"\\?\UNC\server\finance\a?b.s75", "file:%5C%5C%3F%5CUNC%5Cserver%5Cfinance%5Ca%3Fb.s75"),
    ],
)
def test_a_windows_path_is_a_path_to_sqlite_whose_server_is_no_authority(path: str, told: str) -> None:
    assert uri(PureWindowsPath(path)) == told
    rest = told.removeprefix("file:")
    assert "?" not in rest
    if rest.startswith("//"):
        authority = rest[2:].partition("/")[0]
        assert authority == ""  # or SQLite refuses the URI
    # what SQLite makes of it: the part after the authority, decoded
    decoded = unquote(rest.removeprefix("//") if rest.startswith("////") else rest).removeprefix("/")
    assert PureWindowsPath(decoded if decoded[1:2] in ":\\" else "/" + decoded) == PureWindowsPath(path)


def test_a_posix_path_with_two_slashes_is_no_host() -> None:
    assert uri(PurePosixPath("//server/a.s75")) == "file:////server/a.s75"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
        is_a_name
    )
)
def test_sqlite_opens_just_the_file_that_was_meant(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with closing(sqlite3.connect(f"{uri(path)}?mode=rwc", uri=True)) as connection:
        connection.execute("CREATE TABLE it (a)")
        assert connection.execute("PRAGMA database_list").fetchall() == [(0, "main", str(path))]
    assert [each.name for each in tmp_path.iterdir()] == [name]
    path.unlink()


@pytest.mark.parametrize("name", [name for name in NAMES if is_a_name(name)])
def test_a_ledger_of_any_name_is_made_posted_to_read_and_backed_up(
    tmp_path: Path, name: str, agreement_text: str
) -> None:
    folder = tmp_path / name[:60]
    folder.mkdir()
    path = folder / f"{name}.s75"
    create_ledger(path, agreement_text, now=noon).close()
    with open_ledger(path, now=noon) as ledger:
        assert ledger.warnings == ()
        ledger.backup(folder / f"{name} copy.s75")
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.findings() == []
    assert {each.name for each in folder.iterdir()} == {path.name, f"{path.name}.backups", f"{name} copy.s75"}


@pytest.mark.skipif(os.name == "nt", reason="a name of Windows is always text")
def test_a_name_that_is_no_text_is_a_name(tmp_path: Path, agreement_text: str) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.s75"))
    create_ledger(path, agreement_text, now=noon).close()
    with open_ledger(path, read_only=True) as ledger:
        assert ledger.findings() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows counts otherwise")
class TestTooLong:
    def test_a_path_that_sqlite_does_not_take_is_refused_before_anything_is_made(
        self, tmp_path: Path, agreement_text: str
    ) -> None:
        folder = tmp_path
        while len(os.fsencode(folder)) < 500:
            folder /= "d" * 100
        folder.mkdir(parents=True)
        path = folder / "pool.s75"
        with pytest.raises(RefusedError) as refused:
            create_ledger(path, agreement_text)
        assert str(refused.value) == (
            f"{path}: the path of the ledger is {len(os.fsencode(path))} bytes long, and SQLite takes 504; move the "
            "ledger to a folder nearer the top, or give it and its folders shorter names"
        )
        assert list(folder.iterdir()) == []
        path.write_bytes(b"")
        with pytest.raises(RefusedError, match=r"SQLite takes 504"):
            open_ledger(path, read_only=True)

    def test_of_the_longest_path_that_is_taken_only_the_backup_is_not_kept_and_that_is_told(
        self, tmp_path: Path, agreement_text: str
    ) -> None:
        folder = tmp_path
        while len(os.fsencode(folder)) < 380:
            folder /= "d" * 50
        folder.mkdir(parents=True)
        path = folder / ("p" * (504 - len(os.fsencode(folder)) - 5) + ".s75")
        assert len(os.fsencode(path)) == 504
        create_ledger(path, agreement_text, now=noon).close()
        with open_ledger(path, now=noon) as ledger:
            assert ledger.findings() == []
            (told,) = ledger.warnings
        assert told == (
            f"{path.name}: no backup could be kept in {path}.backups (its name or path would be too long; give the "
            "ledger and its folders shorter names); work goes on, but see to it soon"
        )

    def test_a_name_that_leaves_no_room_for_what_lies_beside_is_refused_to_who_writes(
        self, tmp_path: Path, agreement_text: str
    ) -> None:
        path = tmp_path / ("é" * 117 + ".s75")
        with pytest.raises(RefusedError, match=r"name is 238 bytes long, and with more than 236 there is no room"):
            create_ledger(path, agreement_text)
        create_ledger(tmp_path / "pool.s75", agreement_text, now=noon).close()
        (tmp_path / "pool.s75").rename(path)
        with open_ledger(path, read_only=True) as ledger:
            assert ledger.findings() == []

    def test_a_name_that_no_file_system_takes_is_refused_in_words(self) -> None:
        with pytest.raises(RefusedError, match=r": the ledger cannot be looked for: File name too long"):
            open_ledger("x" * 300 + ".s75")


class TestLongOnWindows:
    def test_a_short_path_stays_as_it_is(self) -> None:
        for path in (PureWindowsPath(r"C:\finance\pool.s75"), PurePosixPath("/" + "d" * 400)):
            assert extended(path) is path

    @pytest.mark.parametrize(
        ("path", "begins"),
        [("C:\\" + "d" * 200 + "\\pool.s75", "\\\\?\\C:\\d"), ("\\\\fs1\\x\\" + "d" * 200, "\\\\?\\UNC\\fs1\\x\\d")],
    )
    def test_a_long_one_is_told_windows_as_it_takes_it(self, path: str, begins: str) -> None:
        long = extended(PureWindowsPath(path))
        assert str(long).startswith(begins)
        assert plain(str(long)) == path
        assert extended(long) is long
        assert str(long.with_name(long.name + "-journal")) == str(long) + "-journal"

    def test_room_for_the_longest_name_beside_it_is_kept(self) -> None:
        """Two hundred and fifty-nine characters in all, of the ledger, its folder of backups and a backup's name."""
        for length in range(100, 240):
            path = PureWindowsPath("C:\\" + "d" * (length - 12) + "\\pool.s75")
            beside = f"{path}.backups\\{path.stem}-20261122T051216Z.999999-before-restore.s75.part"
            assert (len(beside) <= 259) or str(extended(path)).startswith("\\\\?\\")
