"""Lines written to files: what stands in a spreadsheet is what stands in the ledger."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ledgers import Ledger, NewLine, create_ledger
from rules.agreement import Kind
from rules.periods import Period
from settlement.register_files import HEADINGS, unfinished, write_lines
from tests.ledgers.conftest import AGREEMENT, noon


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = create_ledger(tmp_path / "file.s75", AGREEMENT, now=noon)
    made.post(
        [
            NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, -123_456, dt.date(2022, 4, 30), "=1+1", "A “bed”\tbig"),
            NewLine(Period.M2, "HOME", "CCG", Kind.BUDGET, 10**12 - 1, reference="-5", description="@cmd"),
        ],
        source="by hand",
    )
    made.reverse(1, "posted twice")
    return made


def silent(_done: int, _total: int, _what: str) -> None:
    """Tells nobody."""


def test_a_csv_has_every_line_in_the_order_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_lines(ledger, [3, 1, 2], path, silent) == 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == HEADINGS
    assert [row["Line"] for row in rows] == ["3", "1", "2"]
    assert (rows[0]["Amount"], rows[0]["Reverses"], rows[0]["Reason"]) == ("1234.56", "1", "posted twice")
    assert (rows[1]["Amount"], rows[1]["Date"], rows[1]["Reversed by"]) == ("-1234.56", "2022-04-30", "3")
    assert (rows[1]["Reference"], rows[2]["Reference"], rows[2]["Description"]) == ("'=1+1", "'-5", "'@cmd")
    assert (rows[2]["Scheme name"], rows[2]["Partner name"]) == ("Home first", "NHS Testshire CCG")


def test_a_workbook_has_numbers_days_and_no_formula(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_lines(ledger, [1, 2], path, silent) == 2
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Lines").to_python()
    assert tuple(rows[0]) == HEADINGS
    told = dict(zip(HEADINGS, rows[1], strict=True))
    assert (told["Line"], told["Amount"], told["Date"]) == (1, -1234.56, dt.date(2022, 4, 30))
    assert told["Reference"] == "=1+1"
    assert rows[2][HEADINGS.index("Amount")] == 9_999_999_999.99


def test_more_lines_than_a_sheet_holds_go_on_in_another(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("settlement.register_files._SHEET_ROWS", 3)
    path = tmp_path / "out.xlsx"
    write_lines(ledger, [1, 2, 3], path, silent)
    book = CalamineWorkbook.from_path(path)
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 2]


def test_what_is_called_off_leaves_nothing_behind(ledger: Ledger, tmp_path: Path) -> None:
    def enough(_done: int, _total: int, _what: str) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "out.csv"
    path.write_text("as it was")
    with pytest.raises(KeyboardInterrupt):
        write_lines(ledger, [1], path, enough)
    assert path.read_text() == "as it was"
    assert not unfinished(path).exists()


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_folder_that_is_not_there_is_an_error_of_the_computer(ledger: Ledger, tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"out\."):
        write_lines(ledger, [1], tmp_path / "nowhere" / name, silent)


def test_it_tells_how_far_it_has_come(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settlement.register_files._AT_ONCE", 2)
    heard: list[tuple[int, int]] = []
    write_lines(ledger, [1, 2, 3], tmp_path / "out.csv", lambda done, total, _what: heard.append((done, total)))
    assert heard == [(0, 3), (2, 3), (3, 3)]
