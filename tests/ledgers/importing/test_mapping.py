"""Column mappings: another ledger's extract read as lines, the way it was once said."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from ledgers import Ledger
from ledgers.importing.mapping import read_mapping
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

ORACLE = """
name = "oracle"
flip_sign = true
date_format = "DD/MM/YYYY"

[columns]
period = "Per"
scheme = "Cost centre"
amount = "Net GBP"
date = "Posted"
description = "Narrative"

[constants]
kind = "actual"
partner = "COUNCIL"

[values.scheme]
"4001" = "BEDS"
"4002" = "HOME"

[values.period]
"Apr-22" = "M1"
"""
HEADER = "Per,Cost centre,Subjective,Net GBP,Posted,Narrative,Supplier,Supplier\n"
EXTRACT = ["Apr-22,4001,R4321,-100.00,30/04/2022,Beds,A,B", "M4,HOME,R4321,25.50,,Refund,A,B"]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "council.toml"
    path.write_text(ORACLE, encoding="utf-8")
    return path


def refused(text: str, **how: object) -> list[tuple[str, str]]:
    with pytest.raises(RefusedError) as caught:
        read_mapping(text, **how)
    return [(problem.place, problem.message) for problem in caught.value.problems]


def test_an_extract_is_read_as_the_mapping_says(ledger: Ledger, write: Callable[..., Path], mapping: Path) -> None:
    imported = ledger.import_file(write(*EXTRACT, header=HEADER), str(mapping))
    first, second = ledger.lines()
    assert (first.period, first.scheme, first.partner, first.kind) == (Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL)
    assert (first.amount_pence, first.date, first.description) == (100_00, date(2022, 4, 30), "Beds")
    assert (second.period, second.scheme, second.amount_pence) == (Period.M4, "HOME", -25_50)
    assert first.raw == EXTRACT[0] + "\n"  # what no column of ours takes is kept all the same
    assert imported.mapping == "oracle"
    assert imported.totals_pence == ((Kind.ACTUAL, 74_50),)


def test_a_mapping_from_a_file_is_saved_under_its_name(
    ledger: Ledger, write: Callable[..., Path], mapping: Path
) -> None:
    ledger.import_file(write(EXTRACT[0], header=HEADER), str(mapping))
    assert list(ledger.mappings()) == ["oracle"]
    mapping.unlink()
    assert ledger.import_file(write(EXTRACT[1], header=HEADER, name="next.csv"), "oracle").count == 1


def test_a_dry_run_or_a_refusal_saves_no_mapping(ledger: Ledger, write: Callable[..., Path], mapping: Path) -> None:
    ledger.import_file(write(EXTRACT[0], header=HEADER), str(mapping), dry_run=True)
    with pytest.raises(RefusedError):
        ledger.import_file(write("Apr-22,9999,,1,,,,", header=HEADER), str(mapping))
    assert ledger.mappings() == {}


def test_a_mapping_is_saved_and_replaced(ledger: Ledger) -> None:
    ledger.save_mapping("oracle", ORACLE)
    saved = ledger.save_mapping("oracle", ORACLE.replace("true", "false"))
    assert ledger.mappings() == {"oracle": saved}
    assert not saved.flip_sign


def test_a_mapping_without_a_name_takes_its_files(ledger: Ledger, write: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "plain.toml"
    path.write_text('[constants]\nkind = "budget"\n', encoding="utf-8")
    ledger.import_file(write("M1,BEDS,COUNCIL,1", header="period,scheme,partner,amount\n"), str(path))
    assert list(ledger.mappings()) == ["plain"]


def test_a_mapping_can_be_json() -> None:
    mapping = read_mapping('{"name": "j", "columns": {"amount": "Net"}, "header_row": 2}')
    assert (mapping.name, mapping.columns, mapping.header_row) == ("j", {"amount": "Net"}, 2)


def test_a_mapping_names_the_sheet_and_the_row_of_the_header(ledger: Ledger, write: Callable[..., Path]) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Cover").write(0, 0, "Extract of the general ledger")
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "Run on 1 May")
        for row, cells in enumerate(
            [("period", "Code", "partner", "kind", "amount"), ("M1", 4001, "COUNCIL", "actual", 5)], 3
        ):
            sheet.write_row(row, 0, cells)
    text = 'sheet = "Data"\nheader_row = 4\n[columns]\nscheme = "Code"\n[values.scheme]\n"4001" = "BEDS"\n'
    ledger.save_mapping("monthly", text)
    ledger.save_mapping("elsewhere", text.replace("Data", "Sheet9"))
    with pytest.raises(RefusedError, match=r"the workbook has no sheet “Sheet9”; it has “Cover”, “Data”"):
        ledger.import_file(write(name="x.xlsx", text=content.getvalue()), "elsewhere")
    ledger.import_file(write(name="x.xlsx", text=content.getvalue()), "monthly")
    (line,) = ledger.lines()
    assert (line.scheme, line.amount_pence, line.row) == ("BEDS", 500, 5)


def test_a_header_further_down_a_text_file(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.save_mapping("below", "header_row = 3\n")
    path = write(text='Extract\n"with, quotes\nperiod,scheme,partner,kind,amount\nM1,BEDS,COUNCIL,actual,1\n')
    ledger.import_file(path, "below")
    assert next(ledger.lines()).row == 4
    with pytest.raises(RefusedError, match=r"the header should be on line 3, and the file ends before it"):
        ledger.import_file(write(text="a\nb\n"), "below")


class TestRefusals:
    def test_a_code_that_neither_the_mapping_nor_the_agreement_knows(
        self, ledger: Ledger, write: Callable[..., Path], mapping: Path
    ) -> None:
        with pytest.raises(RefusedError, match=r"lines.csv:2: Cost centre: “4009” is not a scheme of the agreement"):
            ledger.import_file(write("Apr-22,4009,,1,,,,", header=HEADER), str(mapping))

    def test_a_constant_that_the_agreement_does_not_know(
        self, ledger: Ledger, write: Callable[..., Path], tmp_path: Path
    ) -> None:
        path = tmp_path / "m.toml"
        path.write_text(ORACLE.replace('"COUNCIL"', '"COUNTY"'), encoding="utf-8")
        with pytest.raises(RefusedError, match=r"lines.csv:2: the mapping's partner: “COUNTY” is not a partner"):
            ledger.import_file(write(EXTRACT[0], header=HEADER), str(path))

    def test_a_date_of_another_form(self, ledger: Ledger, write: Callable[..., Path], mapping: Path) -> None:
        with pytest.raises(RefusedError, match=r"Posted: “2022/04/30” is not a date; write it as DD/MM/YYYY"):
            ledger.import_file(write("Apr-22,4001,,1,2022/04/30,,,", header=HEADER), str(mapping))

    def test_a_column_that_the_file_does_not_have(
        self, ledger: Ledger, write: Callable[..., Path], mapping: Path
    ) -> None:
        with pytest.raises(
            RefusedError, match=r"the mapping reads amount from the column “Net GBP”, which the header does not"
        ):
            ledger.import_file(write(header="Per,Cost centre,Posted,Narrative\n"), str(mapping))

    def test_a_column_that_the_file_has_twice(self, ledger: Ledger, write: Callable[..., Path], mapping: Path) -> None:
        with pytest.raises(RefusedError, match=r"the header has “Net GBP” more than once"):
            ledger.import_file(write(header=HEADER.replace("Subjective", "Net GBP")), str(mapping))

    def test_a_column_that_nothing_says(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        ledger.save_mapping("short", '[constants]\nkind = "actual"\n')
        with pytest.raises(RefusedError, match=r"neither the header nor the mapping says the partner"):
            ledger.import_file(write(header="period,scheme,amount\n"), "short")

    def test_a_mapping_that_is_nowhere(self, ledger: Ledger, write: Callable[..., Path]) -> None:
        with pytest.raises(RefusedError, match=r"there is neither a saved mapping nor a file of this name"):
            ledger.import_file(write(), "none")
        ledger.save_mapping("one", "")
        with pytest.raises(RefusedError, match=r"of this name; saved are one"):
            ledger.import_file(write(), "none")

    def test_a_mapping_that_is_not_text(self, ledger: Ledger, write: Callable[..., Path], tmp_path: Path) -> None:
        path = tmp_path / "m.toml"
        path.write_bytes(b"\xff\xfe")
        with pytest.raises(RefusedError, match=r"the mapping cannot be read"):
            ledger.import_file(write(), str(path))

    def test_a_name_that_is_none(self, ledger: Ledger) -> None:
        with pytest.raises(RefusedError, match=r"a mapping's name is of letters, digits, spaces, dots and dashes"):
            ledger.save_mapping("../x", "")

    @pytest.mark.parametrize(
        ("text", "place", "message"),
        [
            ("colums = {}", "colums", "a mapping has no such key; it has amount_format, columns, constants,"),
            ("name = 7", "name", "this is a text, in quotation marks"),
            ('flip_sign = "yes"', "flip_sign", "this is true or false"),
            ("header_row = 0", "header_row", "the header's row is a whole number from 1"),
            ('date_format = "%d"', "date_format", "“%d” is not a date format; write one of YYYY-MM-DD"),
            ('columns = "amount"', "columns", "this is a table"),
            ('columns.net = "Net"', "columns.net", "the ledger has no column net; it has actual, amount"),
            ("columns.amount = 5", "columns.amount", "this is a text, in quotation marks"),
            ('values = "a"', "values", "this is a table of tables"),
            ('values.code.a = "b"', "values.code", "the ledger has no column code"),
            ("values.scheme.a = 5", "values.scheme.a", "this is a text, in quotation marks"),
            (
                'columns.kind = "K"\nconstants.kind = "actual"',
                "constants.kind",
                "kind is both read from a column and constant",
            ),
        ],
    )
    def test_a_key_that_cannot_be(self, text: str, place: str, message: str) -> None:
        ((found_place, found),) = refused(text)
        assert found_place == place
        assert found.startswith(message)

    @pytest.mark.parametrize("text", ["name = ", "{broken"])
    def test_text_that_is_neither_toml_nor_json(self, text: str) -> None:
        ((_, message),) = refused(text)
        assert message.startswith("the mapping cannot be read: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"columns":' * 50_000, "the mapping cannot be read: it is nested too deeply"),
        ("columns = " + "[" * 50_000, "the mapping cannot be read: it is nested too deeply"),
        ("header_row = " + "9" * 5_000, "the mapping cannot be read: a number in it is far too long"),
    ],
    ids=["JSON", "TOML", "number"],
)
def test_a_mapping_that_is_made_to_exhaust_its_reader_is_refused(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_mapping(text)
    assert [problem.message for problem in refused.value.problems] == [message]
