"""A file before it is posted: what is wrong is marked at its cell, in the importer's own words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from ledgers import Ledger
from ledgers.importing.guessing import fits, fitting, guess, guess_values, header_row_of, is_ours, value_meant
from ledgers.importing.mapping import Mapping, read_mapping
from ledgers.importing.marks import MOST_ROWS
from ledgers.importing.mending import mended_path, write_mended
from ledgers.importing.previewing import RowSeen, check, look_into, marks_of, read_book, values_in
from ledgers.importing.writing_mapping import write_mapping
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

Write = Callable[..., Path]

GOOD = "M4,BEDS,COUNCIL,actual,100.00,2022-07-05,INV-1,Beds,"
WRONG = (
    "M14,BEDS,COUNCIL,actual,1.00,,,,",
    "M4,BED,COUNCIL,actual,£O,,,,",
    "M4,BEDS,NHS,acutal,1.00,31/07/2022,,,",
    "M4,BEDS,COUNCIL,virement,5.00,,V-1,,",
    "M4,BEDS,COUNCIL,budget,1.00,,,,default",
    "M1,BEDS,ICB,actual,1.00,,,,",
    "M4,BEDS,COUNCIL,actual",
    'M4,BEDS,COUNCIL,actual,"1,234.5",,a\x07b,,',
)


def workbook(path: Path, *rows: tuple[object, ...], sheet: str = "Extract") -> Path:
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(sheet)
    for at, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, str) and value.startswith("="):
                page.write_formula(at, column, value, None, "#N/A")
            else:
                page.write(at, column, value)
    book.close()
    return path


def test_what_is_wrong_is_what_an_import_would_say_row_by_row(sqlite_ledger: Ledger, write: Write) -> None:
    path = write(GOOD, *WRONG)
    with pytest.raises(RefusedError) as caught:
        sqlite_ledger.import_file(path)
    checked = check(sqlite_ledger, path)
    told = [(mark.row, mark.place, mark.message) for row in checked.wrong for mark in row.marks]
    assert sorted(told) == sorted((each.line, each.place, each.message) for each in caught.value.problems)
    assert (checked.good, checked.bad) == (1, len(WRONG))
    assert not checked.can_be_posted


def test_each_mark_is_at_its_cell_and_the_row_is_kept_as_it_stands(sqlite_ledger: Ledger, write: Write) -> None:
    checked = check(sqlite_ledger, write(GOOD, WRONG[1], WRONG[6]))
    first, second = checked.wrong
    assert first.number == 3
    assert first.cells[:5] == ("M4", "BED", "COUNCIL", "actual", "£O")
    assert sorted(mark.column or -1 for mark in first.marks) == [1, 4]
    assert second.cells == ("M4", "BEDS", "COUNCIL", "actual")
    assert [mark.column for mark in second.marks] == [None]


def test_a_virement_that_is_not_at_zero_is_shown_with_its_cells_though_it_is_found_at_the_end(
    sqlite_ledger: Ledger, write: Write
) -> None:
    checked = check(sqlite_ledger, write(WRONG[3], GOOD, GOOD))
    (row,) = checked.wrong
    assert row.cells[3:7] == ("virement", "5.00", "", "V-1")
    assert row.marks[0].message == "the virements of reference “V-1” sum to £5.00, not to zero"
    assert row.marks[0].column == 4


def test_a_good_file_tells_what_it_comes_to_and_what_is_late(sqlite_ledger: Ledger, write: Write) -> None:
    sqlite_ledger.hold(Period.M4)
    checked = check(sqlite_ledger, write(GOOD, "M5,HOME,COUNCIL,budget,7.00,,,,"))
    assert checked.can_be_posted
    assert checked.totals_pence == ((Kind.BUDGET, 700), (Kind.ACTUAL, 10000))
    assert (checked.late, checked.late_to) == (1, Period.M5)
    assert [row.number for row in checked.first] == [2, 3]
    assert list(sqlite_ledger.lines()) == []


def test_rows_are_judged_as_they_were_mended_and_those_left_out_are_none(sqlite_ledger: Ledger, write: Write) -> None:
    path = write(GOOD, WRONG[1], WRONG[0])
    mended = {3: ("M4", "BEDS", "COUNCIL", "actual", "5.00", "", "", "", ""), 4: None}
    checked = check(sqlite_ledger, path, None, mended)
    assert (checked.good, checked.bad, checked.totals_pence) == (2, 0, ((Kind.ACTUAL, 10500),))
    again = check(sqlite_ledger, path, None, {3: mended[3]})
    assert [row.number for row in again.wrong] == [4]


def test_one_row_is_judged_alone_while_it_is_mended(sqlite_ledger: Ledger, write: Write) -> None:
    checked = check(sqlite_ledger, write(GOOD, WRONG[1]))
    judge = read_book(sqlite_ledger).judge()
    (wrong,) = checked.wrong
    assert [mark.message for mark in marks_of(wrong, checked, judge)] == [mark.message for mark in wrong.marks]
    better = RowSeen(3, ("M4", "BEDS", *wrong.cells[2:]))
    assert [mark.column for mark in marks_of(better, checked, judge)] == [4]


def test_of_very_many_wrong_rows_the_first_thousand_are_kept_and_all_are_counted(
    sqlite_ledger: Ledger, write: Write
) -> None:
    checked = check(sqlite_ledger, write(*[WRONG[1]] * (MOST_ROWS + 50)))
    assert (len(checked.wrong), checked.bad) == (MOST_ROWS, MOST_ROWS + 50)


def test_a_file_that_was_imported_already_says_so(sqlite_ledger: Ledger, write: Write) -> None:
    path = write(GOOD)
    sqlite_ledger.import_file(path)
    checked = check(sqlite_ledger, path)
    assert checked.problems[0].startswith("this file was imported already: batch 1")
    assert not checked.can_be_posted


def test_a_header_that_is_not_understood_is_a_problem_of_the_file(sqlite_ledger: Ledger, write: Write) -> None:
    checked = check(sqlite_ledger, write(GOOD, header="period,scheme,partner,kind,sum\n"))
    assert checked.columns is None
    assert "row 1, sum: “sum” is not a column of the ledger" in " ".join(checked.problems)


def test_a_file_with_a_header_alone_has_nothing_to_post(sqlite_ledger: Ledger, write: Write) -> None:
    assert check(sqlite_ledger, write()).problems == ("the file has a header and no lines",)


def test_measures_are_checked_too(sqlite_ledger: Ledger, write: Write) -> None:
    path = write("M3,ADM,100,90,9O", "M3,BED,1,2,3", header="period,measure,baseline,target,actual\n")
    checked = check(sqlite_ledger, path)
    assert not checked.is_lines
    assert [(mark.row, mark.column) for row in checked.wrong for mark in row.marks] == [(2, 4)]
    mended = check(sqlite_ledger, path, None, {2: ("M3", "ADM", "100", "90", "90")})
    assert (mended.can_be_posted, mended.good) == (True, 2)


def test_a_folder_of_files_is_refused(write: Write, tmp_path: Path) -> None:
    from ledgers import open_ledger

    golden = Path(__file__).parents[2] / "golden" / "barnet-2014-15-pooled"
    with open_ledger(golden) as ledger, pytest.raises(RefusedError, match="only read"):
        check(ledger, write(GOOD))
    assert tmp_path.exists()


# Looking into a file


def test_headings_below_a_title_are_found_and_matched(sqlite_ledger: Ledger, write: Write) -> None:
    path = write(
        "Apr-22,4001,-100.00,30/04/2022,<Beds>",
        "Jul-22,4002,25.50,01/07/2022,",
        header="Extract of the ledger,,,,\n\nPer,Cost centre,Net GBP,Posted,Narrative\n",
    )
    looked = look_into(path)
    assert header_row_of(looked) == 3
    mapping = guess(looked, sqlite_ledger.agreement_at(Period.M13), "oracle")
    assert mapping.columns == {
        "period": "Per",
        "scheme": "Cost centre",
        "amount": "Net GBP",
        "date": "Posted",
        "description": "Narrative",
    }
    assert (mapping.header_row, mapping.date_format, mapping.constants) == (3, "DD/MM/YYYY", {"kind": "actual"})
    assert looked.samples(3, 1) == ("4001", "4002")
    values = values_in(path, mapping, ("period", "scheme"))
    assert mapping.period_format == "MMM-YY"
    assert values == {"period": (), "scheme": (("4001", 1), ("4002", 1))}


def test_periods_that_no_form_reads_are_guessed_one_by_one(sqlite_ledger: Ledger, write: Write) -> None:
    path = write("April,BEDS,ICB,actual,1", "P4,BEDS,ICB,actual,2", header="period,scheme,partner,kind,amount\n")
    agreement = sqlite_ledger.agreement_at(Period.M13)
    mapping = guess(look_into(path), agreement, "m")
    assert mapping.period_format == ""
    assert guess_values(values_in(path, mapping, ("period",)), agreement) == {"period": {"April": "M1", "P4": "M4"}}


def test_an_extract_of_debits_and_credits_is_guessed_with_its_forms(sqlite_ledger: Ledger, write: Write) -> None:
    path = write(text="Posting period;Cost Centre;Debit;Credit\n202203;BEDS;1.234,56;\n202205;BEDS;;5,00\n")
    mapping = guess(look_into(path), sqlite_ledger.agreement_at(Period.M13), "m")
    assert (mapping.columns["debit"], mapping.columns["credit"], "amount" in mapping.columns) == ("Debit", "Credit", 0)
    assert (mapping.separator, mapping.amount_format, mapping.period_format) == (";", "1.234,56", "YYYYPP")
    assert fits(mapping, look_into(path)) is False  # it does not say the partner yet
    assert fits(replace(mapping, constants={"kind": "actual", "partner": "ICB"}), look_into(path))


def test_columns_are_found_by_what_stands_in_them(sqlite_ledger: Ledger, write: Write) -> None:
    path = write("M4,Home first,ICB,x,1.00", "M4,BEDS,ICB,y,2.00", header="A,B,C,D,E\n")
    mapping = guess(look_into(path), sqlite_ledger.agreement_at(Period.M13), "x")
    assert {name: mapping.columns.get(name) for name in ("scheme", "partner", "amount")} == {
        "scheme": "B",
        "partner": "C",
        "amount": "E",
    }


@pytest.mark.parametrize(
    ("ours", "text", "code"),
    [
        ("scheme", "beds", "BEDS"),
        ("scheme", "Home  First", "HOME"),
        ("scheme", "4001", ""),
        ("partner", "NHS Testshire ICB", "ICB"),
        ("kind", "QIPP target", "qipp_target"),
        ("kind", "Accruals", "accrual"),
        ("kind", "Expenditure", "actual"),
        ("period", "4", "M4"),
        ("period", "P04", "M4"),
        ("period", "April 2022", "M1"),
        ("period", "14", ""),
        ("cause", "Default", "default"),
    ],
)
def test_a_value_means_the_code_it_is_nearest_to(sqlite_ledger: Ledger, ours: str, text: str, code: str) -> None:
    assert value_meant(ours, text, sqlite_ledger.agreement_at(Period.M13)) == code


def test_our_own_headings_need_no_mapping_unless_dates_are_written_otherwise(write: Write) -> None:
    assert is_ours(look_into(write(GOOD)))
    assert not is_ours(look_into(write(GOOD.replace("2022-07-05", "05/07/2022"))))
    assert not is_ours(
        look_into(write(GOOD, header="Period,scheme,partner,kind,amount,date,reference,description,x\n"))
    )


def test_the_saved_mapping_whose_headings_fit_is_chosen(write: Write) -> None:
    looked = look_into(write("a,b,c,d,e", header="Per,CC,Org,Type,Net\n"))
    columns = {"period": "Per", "scheme": "CC", "partner": "Org", "kind": "Type", "amount": "Net"}
    saved = {
        "other": Mapping("other", {**columns, "date": "When"}),
        "oracle": Mapping("oracle", columns),
        "less": Mapping("less", {**columns} | {"kind": "Type"}, header_row=2),
    }
    assert fitting(saved, looked) == "oracle"
    assert fitting({"other": saved["other"]}, looked) == ""


def test_a_sheet_of_a_workbook_is_looked_into_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "nothing")
    book.add_worksheet("Extract").write_row(0, 0, ["period", "scheme"])
    book.close()
    looked = look_into(path, "Extract")
    assert (looked.sheets, looked.sheet, looked.headings(1)) == (("Notes", "Extract"), "Extract", ("period", "scheme"))


def test_a_mapping_made_on_screen_is_read_back_as_it_was() -> None:
    mapping = Mapping(
        name='The "council" ledger',
        columns={"amount": "Net £ \\ total", "scheme": "Cost centre"},
        constants={"kind": "actual"},
        values={"scheme": {"40 01": "BEDS", 'a"b': "HOME"}},
        sheet="Sheet 1",
        header_row=4,
        flip_sign=True,
        date_format="DD/MM/YYYY",
    )
    read = read_mapping(write_mapping(mapping))
    assert read == Mapping(**{**{name: getattr(mapping, name) for name in Mapping.__slots__}, "text": read.text})


# The mended copy


def test_a_mended_copy_has_every_other_line_as_it_was(sqlite_ledger: Ledger, write: Write) -> None:
    text = (
        "\ufeffperiod,scheme,partner,kind,amount,description\r\n"
        'M4,BEDS,COUNCIL,actual,1.00,"two\r\nlines"\r\n'
        "\r\n"
        'M4,BEDS,COUNCIL,actual,£O,"three\n\nlines"\n'
        "M4,HOME,COUNCIL,actual,2.00,last"
    )
    path = write(text=text)
    checked = check(sqlite_ledger, path)
    (wrong,) = checked.wrong
    assert wrong.number == 5
    copy = write_mended(path, {wrong.number: ("M4", "BEDS", "COUNCIL", "actual", "9.00", "three\n\nlines")})
    assert copy.name == "lines-mended.csv"
    assert copy.read_bytes().decode() == (
        "period,scheme,partner,kind,amount,description\r\n"
        'M4,BEDS,COUNCIL,actual,1.00,"two\r\nlines"\r\n'
        "\r\n"
        "M4,BEDS,COUNCIL,actual,9.00,three lines\r\n\r\n\r\n"
        "M4,HOME,COUNCIL,actual,2.00,last"
    )
    imported = sqlite_ledger.import_file(copy)
    assert imported.count == 3
    assert [line.row for line in sqlite_ledger.lines()] == [2, 5, 8]


def test_a_mended_copy_never_takes_another_files_place(write: Write) -> None:
    path = write(GOOD, WRONG[0])
    first, second = write_mended(path, {3: None}), write_mended(path, {3: None})
    assert [first.name, second.name] == ["lines-mended.csv", "lines-mended-2.csv"]
    assert mended_path(path).name == "lines-mended-3.csv"
    assert first.read_text().splitlines()[-1] == ""


def test_a_workbooks_formula_error_is_mended_in_the_copy(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx",
        ("Title",),
        ("period", "scheme", "partner", "kind", "amount", "description"),
        ("M4", "BEDS", "COUNCIL", "actual", 12.5, "=NA()"),
        ("M4", "HOME", "COUNCIL", "actual", "=NA()", "Home"),
    )
    mapping = Mapping("book", header_row=2)
    checked = check(sqlite_ledger, path, mapping)
    assert [(row.number, [mark.column for mark in row.marks]) for row in checked.wrong] == [(3, [5]), (4, [4])]
    mended = {
        3: ("M4", "BEDS", "COUNCIL", "actual", "12.5", "Beds"),
        4: ("M4", "HOME", "COUNCIL", "actual", "3.00", "Home"),
    }
    half = check(sqlite_ledger, path, mapping, {4: mended[4]})
    assert [row.number for row in half.wrong] == [3]
    assert check(sqlite_ledger, path, mapping, mended).can_be_posted
    copy = write_mended(path, mended, mapping)
    (tmp_path / "book.toml").write_text(write_mapping(mapping), encoding="utf-8")
    imported = sqlite_ledger.import_file(copy, str(tmp_path / "book.toml"))
    assert (imported.count, imported.totals_pence) == (2, ((Kind.ACTUAL, 1550),))
    assert [(line.row, line.description) for line in sqlite_ledger.lines()] == [(3, "Beds"), (4, "Home")]


def test_a_copy_that_cannot_be_written_says_why(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(GOOD, WRONG[0])
    monkeypatch.setattr("ledgers.importing.mending.mended_path", lambda _path: path.parent / "nowhere" / "copy.csv")
    with pytest.raises(RefusedError, match="the mended copy cannot be written: No such file"):
        write_mended(path, {3: None})
