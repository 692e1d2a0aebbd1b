"""Workbooks are the same bytes on every system: here Linux writes them as Windows does, and as itself."""

import zipfile
from functools import partial
from pathlib import Path
from typing import Self

import pytest
from xlsxwriter import xmlwriter

from ledgers import NewLine, create_ledger
from rules.agreement import Kind
from rules.periods import Period
from settlement import workbooks
from settlement.register_files import write_lines
from settlement.statements.document import Column, Document, Row, Section, Table
from settlement.statements.workbook import writer
from settlement.workbooks import Workbook
from tests.ledgers.conftest import AGREEMENT, noon

TEXTS = ("one\ntwo", "one\r\ntwo", "=1+1", "\r", "über £1")
WAYS = {"in memory": {"in_memory": True}, "files": {}, "row by row": {"constant_memory": True}}


@pytest.fixture
def as_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's ZIP files, rights and text files as they are there."""
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("os.linesep", "\r\n")
    monkeypatch.setattr(xmlwriter, "open", partial(open, newline="\r\n"), raising=False)
    made = zipfile.ZipInfo.from_file

    def for_everybody(name: str, *arguments: str, **named: bool) -> zipfile.ZipInfo:
        Path(name).chmod(0o666)
        return made(name, *arguments, **named)

    monkeypatch.setattr(zipfile.ZipInfo, "from_file", for_everybody)


def written(path: Path, **options: bool) -> bytes:
    book = Workbook(path, **options)
    sheet = book.add_worksheet()
    for row, text in enumerate(TEXTS):
        sheet.write(row, 0, text)
    book.close()
    return path.read_bytes()


def tables() -> Document:
    rows = tuple(Row((text, 100)) for text in TEXTS)
    return Document(
        "Title", "Subtitle", ("Running",), "DRAFT",
        (Section("One", (Table("Table", (Column("Text"), Column("Amount £")), rows),)),),
    )  # fmt: skip


@pytest.fixture
def here(tmp_path: Path) -> dict[str, bytes]:
    """What this system writes."""
    return {name: written(tmp_path / "here.xlsx", **options) for name, options in WAYS.items()}


@pytest.mark.parametrize("way", WAYS)
def test_windows_writes_the_same(
    here: dict[str, bytes], tmp_path: Path, request: pytest.FixtureRequest, way: str
) -> None:
    request.getfixturevalue("as_windows")  # not before the others are written
    assert written(tmp_path / "there.xlsx", **WAYS[way]) == here[way]


@pytest.mark.parametrize("way", WAYS)
def test_windows_would_else_write_other_bytes(
    here: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, way: str
) -> None:
    """So that the test above would be seen to fail."""
    request.getfixturevalue("as_windows")
    monkeypatch.setattr(workbooks, "ZipFile", _Untouched)
    monkeypatch.setattr(workbooks, "_put_back_line_feeds", lambda _path: None)
    assert written(tmp_path / "there.xlsx", **WAYS[way]) != here[way]


class _Untouched:
    """An archive of which nothing is said again."""

    def __init__(self, *_: object) -> None:
        self.comment = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is written."""

    def infolist(self) -> list[zipfile.ZipInfo]:
        return []


@pytest.mark.parametrize("way", WAYS)
def test_no_part_shows_when_or_where_it_was_written(tmp_path: Path, way: str) -> None:
    path = tmp_path / "any.xlsx"
    written(path, **WAYS[way])
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert b">2000-01-01T00:00:00Z</dcterms:created>" in archive.read("docProps/core.xml")
        parts = archive.infolist()
        assert len(parts) > 5
        assert {(part.create_system, part.external_attr, part.date_time[0]) for part in parts} == {
            (3, 0o600 << 16, 1980)
        }


@pytest.mark.parametrize("many", [0, 50_000])
def test_statements_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, many: int
) -> None:
    monkeypatch.setattr(writer, "_MANY", many)
    writer.write_workbook(tables(), tmp_path / "here.xlsx")
    request.getfixturevalue("as_windows")
    writer.write_workbook(tables(), tmp_path / "there.xlsx")
    assert (tmp_path / "there.xlsx").read_bytes() == (tmp_path / "here.xlsx").read_bytes()


def test_lines_of_a_ledger_are_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with create_ledger(tmp_path / "file.s75", AGREEMENT, now=noon) as ledger:
        line = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100, description="über £1")
        ledger.post([line] * 3)
        for name in ("here", "there"):
            write_lines(ledger, [1, 2, 3], tmp_path / f"{name}.xlsx", lambda *_: None)
            request.getfixturevalue("as_windows")
    assert (tmp_path / "there.xlsx").read_bytes() == (tmp_path / "here.xlsx").read_bytes()


def test_line_feeds_are_put_back_wherever_a_piece_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "part"
    told = b"a\nb\r\n\r\r\nc\n\n\r"
    for piece in range(1, 8):
        monkeypatch.setattr(workbooks, "_PIECE", piece)
        path.write_bytes(told.replace(b"\n", b"\r\n"))
        workbooks._put_back_line_feeds(path)
        assert path.read_bytes() == told
        assert list(tmp_path.iterdir()) == [path]


def test_a_workbook_that_cannot_be_written_is_an_error_of_the_computer(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        written(tmp_path / "none" / "x.xlsx")
