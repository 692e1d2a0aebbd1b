"""The workbook has every amount as a number, to the penny, and no formula."""

import zipfile
from pathlib import Path

import pytest
import python_calamine

from settlement.statements import StatementInputs, memorandum_account, settlement_statement, workings
from settlement.statements.document import Cell, Column, Document, Row, Section, Table, amounts
from settlement.statements.workbook import write_workbook
from tests.settlement.statements.making import hard_inputs


def cells_of(path: Path) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def one_table(*rows: tuple[Cell, ...]) -> Document:
    table = Table("Table", (Column("Text"), *amounts("Amount £")), tuple(map(Row, rows)))
    return Document("Title", "Subtitle", ("Running",), "DRAFT", (Section("One", (table,)),))


def test_a_sheet_for_each_section_and_every_cell_reads_back_to_the_penny(
    golden_inputs: StatementInputs, tmp_path: Path
) -> None:
    code = golden_inputs.settlement.rows[0].partner
    for document in (
        settlement_statement(golden_inputs, code),
        memorandum_account(golden_inputs),
        workings(golden_inputs),
    ):
        path = tmp_path / "document.xlsx"
        write_workbook(document, path)
        sheets = list(cells_of(path).values())
        assert len(sheets) == len(document.sections)
        for section, sheet in zip(document.sections, sheets, strict=True):
            rows = iter(sheet)
            for table in (block for block in section.blocks if isinstance(block, Table)):
                for row in table.rows:
                    expected = [cell / 100 if isinstance(cell, int) else cell for cell in row.cells]
                    assert any(found[: len(expected)] == expected for found in rows), row


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "hard.xlsx"
    write_workbook(workings(hard_inputs(3)), path)
    with zipfile.ZipFile(path) as book:
        xml = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "<f>" not in xml
    assert "<hyperlink " not in xml
    texts = [cell for sheet in cells_of(path).values() for row in sheet for cell in row if isinstance(cell, str)]
    assert {"=HYPERLINK(1)", "+44", "-1", "<Jones> & Co, Łukasz é"} <= set(texts)


@pytest.mark.parametrize("pence", [1, -1, 999_999_999_999, -999_999_999_999])
def test_amounts_are_numbers_to_the_penny(pence: int, tmp_path: Path) -> None:
    path = tmp_path / "amount.xlsx"
    write_workbook(one_table(("Amount", pence)), path)
    (sheet,) = cells_of(path).values()
    assert ["Amount", pence / 100] in sheet


def test_an_amount_beyond_fifteen_figures_is_text_rather_than_nearly_right(tmp_path: Path) -> None:
    path = tmp_path / "amount.xlsx"
    write_workbook(one_table(("Amount", 10**16 - 1)), path)
    (sheet,) = cells_of(path).values()
    assert ["Amount", "£99,999,999,999,999.99"] in sheet


def test_sheets_have_names_of_their_own_that_a_spreadsheet_takes(tmp_path: Path) -> None:
    titles = (
        "History",
        "A/B [c]: d?*\\ and a long name that goes on",
        "A/B [c]: d?*\\ and a long name that goes on",
        "'",
    )
    document = Document("T", "S", (), "", tuple(Section(title, ()) for title in titles))
    path = tmp_path / "names.xlsx"
    write_workbook(document, path)
    names = list(cells_of(path))
    assert len({name.lower() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.lower() for name in names}
