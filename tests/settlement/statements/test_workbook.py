"""The workbook has every amount as a number, to the penny; its sums are formulas, and no text becomes one."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import python_calamine

from rules.language import speaking
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Look,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
    amounts,
)
from settlement.statements.drawing import Drawing
from settlement.statements.workbook import sheet as sheets_module
from settlement.statements.workbook.writer import write_workbook
from settlement.statements.writing import documents_of
from tests.settlement.statements.made_up import MadeUp, in_cyrillic
from tests.settlement.statements.making import LONG, hard_inputs
from tests.settlement.statements.reading_back import Calculator, xlsx_names, xlsx_sheets, xml_of

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = "=cmd|' /C calc'!A0 & \"x\" <b> &G &[Picture] _x0041_ 'q'"
ARABIC = "مجلس المدينة"


def cells_of(path: Path) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def document_of(*blocks: Block) -> Document:
    return Document("Title", "Subtitle", ("Running",), "DRAFT", (Section("One", blocks),))


def one_table(*rows: tuple[Cell, ...]) -> Document:
    return document_of(Table("Table", (Column("Text"), *amounts("Amount £")), tuple(map(Row, rows))))


def written(document: Document, tmp_path: Path) -> Path:
    path = tmp_path / "document.xlsx"
    write_workbook(document, path)
    return path


def formulas_in(path: Path) -> dict[str, tuple[str, int]]:
    """The formulas of the first sheet by their cells, each with the value beside it in pence."""
    first = next(iter(xlsx_sheets(path).values()))
    return {
        f"{chr(ord('A') + column)}{row + 1}": (cell.formula, cell.pence)
        for (row, column), cell in sorted(first.items())
        if cell.formula
    }


# --- amounts and texts ------------------------------------------------------------------------------------------------


def test_a_sheet_for_each_section_and_every_cell_reads_back_to_the_penny(
    golden_inputs: StatementInputs, tmp_path: Path
) -> None:
    for _, document in documents_of(golden_inputs, [golden_inputs.settlement.rows[0].partner]):
        sheets = list(cells_of(written(document, tmp_path)).values())
        assert len(sheets) == len(document.sections)
        for section, sheet in zip(document.sections, sheets, strict=True):
            rows = iter(sheet)
            for table in (block for block in section.blocks if isinstance(block, Table)):
                for row in table.rows:
                    expected = [cell / 100 if isinstance(cell, int) else cell for cell in row.cells]
                    assert any(found[: len(expected)] == expected for found in rows), row


@pytest.mark.parametrize("pence", [1, -1, 999_999_999_999, -999_999_999_999])
def test_amounts_are_numbers_to_the_penny(pence: int, tmp_path: Path) -> None:
    (sheet,) = cells_of(written(one_table(("Amount", pence)), tmp_path)).values()
    assert ["Amount", pence / 100] in [row[:2] for row in sheet]


def test_an_amount_beyond_fifteen_figures_is_text_rather_than_nearly_right_and_in_no_formula(tmp_path: Path) -> None:
    much = 10**16 - 1
    columns = (Column("Text"), *amounts("£", "Less £"), Column("Difference £", Align.RIGHT, adds=(1,), takes=(2,)))
    rows = (
        Row(("Amount", much, much, 0)),
        Row(("Penny", 1, 0, 1)),
        Row(("Total", much + 1, much, 1), RowKind.TOTAL, adds=(0, 1)),
        Row(("Net", much + 1, much, 1), anchor="due-net"),
    )
    path = written(document_of(Table("T", columns, rows)), tmp_path)
    (sheet,) = cells_of(path).values()
    told = [row[:2] for row in sheet]
    assert ["Amount", "£99,999,999,999,999.99"] in told
    assert ["Total", "£100,000,000,000,000.00"] in told
    assert set(formulas_in(path)) == {"D11", "D12"}
    assert "net_due" not in xlsx_names(path)


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    path = written(workings(hard_inputs(3)), tmp_path)
    with zipfile.ZipFile(path) as book:
        xml = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert set(re.findall("<f>([A-Z]+)", xml)) <= {"ROUND"}
    assert "r:id" not in "".join(re.findall("<hyperlink [^>]*>", xml))  # nothing leads out of the workbook
    texts = [cell for sheet in cells_of(path).values() for row in sheet for cell in row if isinstance(cell, str)]
    assert {"=HYPERLINK(1)", "+44", "-1", "<Jones> & Co, Łukasz é"} <= set(texts)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_a_text_that_looks_like_a_formula_stays_one_if_its_cell_is_edited(text: str, tmp_path: Path) -> None:
    path = written(one_table((text, 1), ("plain", 2)), tmp_path)
    (sheet,) = xlsx_sheets(path).values()
    (place,) = (place for place, cell in sheet.items() if cell.value == text)
    styles = xml_of(path, "xl/styles.xml").find(f"{_MAIN}cellXfs")
    assert styles is not None
    quoted = {str(number) for number, each in enumerate(styles) if each.get("quotePrefix") == "1"}
    styled = {each.get("r"): each.get("s") for each in xml_of(path, "xl/worksheets/sheet1.xml").iter(f"{_MAIN}c")}
    assert styled[f"A{place[0] + 1}"] in quoted
    assert styled[f"A{place[0] + 2}"] not in quoted


def test_hostile_names_are_texts_everywhere(tmp_path: Path) -> None:
    table = Table(HOSTILE, (Column(HOSTILE), *amounts(HOSTILE)), (Row((HOSTILE, 1), anchor="due-net"),), anchor="t")
    document = Document(
        HOSTILE,
        HOSTILE,
        (HOSTILE,),
        HOSTILE,
        (
            Section(
                HOSTILE, (Heading(HOSTILE, goes_to="t"), table, Picture(HOSTILE, HOSTILE, Drawing(1, 1, ()), HOSTILE))
            ),
            Section(HOSTILE, (Paragraph(HOSTILE, goes_to="due-net"), KeyFigures(HOSTILE, 1, HOSTILE))),
            Section("'=1' [x]", (table,)),
        ),
        author=HOSTILE,
        foot=HOSTILE,
        look=Look(HOSTILE),
    )
    path = written(document, tmp_path)
    names = list(xlsx_sheets(path))
    assert len({name.casefold() for name in names}) == 3
    assert all(
        not set(name) & set("[]:*?/\\") and not name.startswith("'") and not name.endswith("'") for name in names
    )
    assert not any("_x0041_" in name for name in names)
    calculator = Calculator(xlsx_sheets(path), xlsx_names(path))
    assert not list(calculator.formulas())
    for name, refers_to in xlsx_names(path).items():
        assert re.fullmatch(r"[^\W\d]\w*|_xlnm\.Print_Titles", name)
        if not name.startswith("_xlnm"):
            assert calculator.pence_of(f"SUM({refers_to})", names[0]) == 1
    for sheet in ("sheet1", "sheet2", "sheet3"):
        xml = xml_of(path, f"xl/worksheets/{sheet}.xml")
        head, foot = (xml.findtext(f".//{_MAIN}{each}") or "" for each in ("oddHeader", "oddFooter"))
        assert len(head) <= 255
        assert len(foot) <= 255
        # What is left when every doubled sign is taken away are the codes that are meant.
        assert re.findall("&.", head.replace("&&", "")) == ["&L", "&R"]
        assert re.findall("&.", foot.replace("&&", "")) == ["&L", "&C", "&A", "&R", "&P", "&N"]
    core = xml_of(path, "docProps/core.xml")
    # The library escapes what would be read as an escape.
    told = [(each.text or "").replace("_x005F_x0041_", "_x0041_") for each in core if each.tag.endswith("creator")]
    assert told == [HOSTILE]


def test_signs_that_xml_has_not_are_replaced_and_none_is_lost(tmp_path: Path) -> None:
    path = written(one_table(("a\x00\x0b\ud800\ufffe_x0041_ \U0001f600 中 " + ARABIC, 1)), tmp_path)
    (sheet,) = cells_of(path).values()
    assert ["a\ufffd\ufffd\ufffd\ufffd_x0041_ \U0001f600 中 " + ARABIC, 0.01] in [row[:2] for row in sheet]


def test_a_text_longer_than_a_cell_is_cut_with_a_mark_of_it(tmp_path: Path) -> None:
    path = written(document_of(Paragraph("\U0001f600" * 20_000), Paragraph("x" * 32_767)), tmp_path)
    (sheet,) = xlsx_sheets(path).values()
    longest = sorted((cell.value for cell in sheet.values()), key=len)[-2:]
    assert [len(each) for each in longest] == [16_384, 32_767]
    assert longest[0].endswith("\U0001f600…")


def test_every_kind_of_block_is_there(tmp_path: Path) -> None:
    document = document_of(
        Facts((("Label", "fact"),)),
        Note("read", Tone.WARNING),
        Note("know"),
        Bullets(("first", "second")),
        KeyFigures("Due", -12345, "in words", ("it pays",)),
        Picture("Picture", "what it shows", Drawing(1, 1, ()), "none"),
        SignatureBlock("Signed for A"),
        SignatureBlock("Signed for B", values=("N", "R", "S", "D")),
    )
    (sheet,) = cells_of(written(document, tmp_path)).values()
    told = {cell for row in sheet for cell in row if cell != ""}
    assert told >= {"Label", "fact", "Warning: read", "Note: know", "• first", "• second", "Due", -123.45, "in words"}
    assert told >= {"it pays", "what it shows", "Picture", "Signed for A", "Signed for B", "Signature", "N", "_" * 40}
    assert not any("figures of this picture" in str(each) for each in told)  # there is no such table


def test_its_own_words_are_in_the_language_spoken(tmp_path: Path) -> None:
    picture = Picture("P", "A", Drawing(1, 1, ()), "T")
    table = Table("T", (Column("L"), *amounts("£")), (Row(("a", 1)),))
    with speaking(MadeUp()):
        path = written(document_of(Note("1", Tone.WARNING), Note("2"), picture, table), tmp_path)
    (sheet,) = xlsx_sheets(path).values()
    told = {cell.value for cell in sheet.values()}
    assert {f"{in_cyrillic('Warning:')} 1", f"{in_cyrillic('Note:')} 2"} <= told
    assert in_cyrillic("The figures of this picture are in the table “{table}”.").format(table="T") in told
    foot = xml_of(path, "xl/worksheets/sheet1.xml").findtext(f".//{_MAIN}oddFooter") or ""
    assert in_cyrillic("Page {page} of {pages}").format(page="&P", pages="&N") in foot


# --- formulas ---------------------------------------------------------------------------------------------------------

SUMS = Table(
    "Sums",
    (Column("Line"), *amounts("Budget £", "Spend £"), Column("Variance £", adds=(1,), takes=(2,)), Column("Mark")),
    (
        Row(("Group",), RowKind.HEADING),
        Row(("a", 100, 30, 70, "")),
        Row(("b", 200, "", 200, "x")),
        Row(("c", 1, 1, 0, "")),
        Row(("Subtotal", 301, 31, 270, ""), RowKind.SUBTOTAL, adds=(1, 2, 3)),
        Row(("d", 5, 5, 0, "")),
        Row(("Total", 306, 36, 270, ""), RowKind.TOTAL, adds=(4, 5)),
        Row(("Less c", 305, 35, 270, ""), RowKind.TOTAL, adds=(6,), takes=(3,)),
    ),
)


def test_what_a_row_or_a_column_adds_is_a_formula_with_its_value_beside_it(tmp_path: Path) -> None:
    assert formulas_in(written(document_of(SUMS), tmp_path)) == {
        "D11": ("ROUND(B11-C11,2)", 70),
        "D12": ("ROUND(B12,2)", 200),  # a cell without an amount is passed over
        "D13": ("ROUND(B13-C13,2)", 0),
        "B14": ("ROUND(SUM(B11:B13),2)", 301),
        "C14": ("ROUND(SUM(C11:C13),2)", 31),
        "D14": ("ROUND(SUM(D11:D13),2)", 270),
        "D15": ("ROUND(B15-C15,2)", 0),
        "B16": ("ROUND(SUM(B14:B15),2)", 306),
        "C16": ("ROUND(SUM(C14:C15),2)", 36),
        "D16": ("ROUND(SUM(D14:D15),2)", 270),
        "B17": ("ROUND(B16-B13,2)", 305),
        "C17": ("ROUND(C16-C13,2)", 35),
        "D17": ("ROUND(D16-D13,2)", 270),
    }


def test_a_table_that_says_of_no_sum_has_no_formula(tmp_path: Path) -> None:
    assert formulas_in(written(one_table(("a", 1), ("b", 2)), tmp_path)) == {}


def test_every_formula_of_every_document_comes_to_its_value(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for name, document in documents_of(golden_inputs, [golden_inputs.settlement.rows[0].partner]):
        path = written(document, tmp_path)
        calculator = Calculator(xlsx_sheets(path), xlsx_names(path))
        for sheet, place, cell in calculator.formulas():
            assert calculator.pence_of(cell.formula, sheet) == cell.pence, (name, sheet, place)


def test_hundreds_of_subtotals_apart_add_up_within_what_a_function_takes(tmp_path: Path) -> None:
    rows: list[Row] = []
    subtotals = []
    for number in range(600):
        rows += [Row((f"Group {number}",), RowKind.HEADING), Row(("a", number)), Row(("b", 1))]
        subtotals.append(len(rows))
        rows.append(Row(("Subtotal", number + 1), RowKind.SUBTOTAL, adds=(len(rows) - 2, len(rows) - 1)))
    total = sum(range(601))
    table = Table("T", (Column("Line"), *amounts("£")), (*rows, Row(("Total", total), adds=tuple(subtotals))))
    path = written(document_of(table), tmp_path)
    *_, (formula, pence) = formulas_in(path).values()
    assert formula.count("SUM(") == 3
    assert all(each.count(",") < 250 for each in formula.split("SUM("))
    assert Calculator(xlsx_sheets(path), {}).pence_of(formula, "One") == pence == total


def test_more_cells_than_a_formula_can_name_are_an_amount(tmp_path: Path) -> None:
    rows = [Row(("a", 1)) for _ in range(4000)]
    every_second = tuple(range(0, 4000, 2))
    table = Table("T", (Column("Line"), *amounts("£")), (*rows, Row(("Total", 2000), adds=every_second)))
    path = written(document_of(table), tmp_path)
    assert formulas_in(path) == {}
    (sheet,) = cells_of(path).values()
    assert ["Total", 20.0] in [row[:2] for row in sheet]


def test_what_is_due_is_an_amount_as_the_words_beside_it_are_words(tmp_path: Path) -> None:
    table = Table("T", (Column("Line"), *amounts("£")), (Row(("Net due", -500), RowKind.TOTAL, anchor="due-net"),))
    assert formulas_in(written(document_of(KeyFigures("Due", 500, "words"), table), tmp_path)) == {}


# --- amounts of other rows --------------------------------------------------------------------------------------------


def linked(referring: tuple[Row, ...], rows: tuple[Row, ...], **more: bool) -> Document:
    """A first table that refers to a second on another sheet."""
    columns = (Column("Line"), *amounts("£"))
    sections = (
        Section("One", (Table("First", columns, referring),)),
        Section("It's two", (Table("Second", columns, rows, **more),)),
    )
    return Document("Title", "Subtitle", (), "", sections)


MADE = (Row(("a", 7), anchor="a"), Row(("b", -2), anchor="b"), Row(("c", 7), anchor="a"))


def test_an_amount_that_is_another_rows_refers_to_it_across_sheets_with_its_sign(tmp_path: Path) -> None:
    referring = (
        Row(("one", 7), equals=((), ("a",))),
        Row(("less one", -7), equals=((), ("a",)), equals_sign=-1),
        Row(("both", 5), equals=((), ("a", "b"))),
        Row(("less both", -5), equals=((), ("a", "b")), equals_sign=-1),
        Row(("of what is not there", 9), equals=((), ("a", "nowhere"))),
    )
    path = written(linked(referring, MADE), tmp_path)
    assert list(formulas_in(path).values()) == [
        ("'It''s two'!B10", 7),
        ("-'It''s two'!B10", -7),
        ("ROUND('It''s two'!B10+'It''s two'!B11,2)", 5),
        ("ROUND(-'It''s two'!B10-'It''s two'!B11,2)", -5),
    ]
    sheets = xlsx_sheets(path)
    calculator = Calculator(sheets, xlsx_names(path))
    for sheet, _, cell in calculator.formulas():
        assert calculator.pence_of(cell.formula, sheet) == cell.pence


def test_what_a_spreadsheet_cannot_hold_or_name_is_not_referred_to(tmp_path: Path) -> None:
    large = 10**15
    document = linked((Row(("one", large), equals=((), ("a",))),), (Row(("a", large), anchor="a"),))
    assert formulas_in(written(document, tmp_path)) == {}
    many = tuple(Row(("x", 1), anchor=f"x{number}") for number in range(1000))
    document = linked((Row(("all", 1000), equals=((), tuple(row.anchor for row in many))),), many)
    assert formulas_in(written(document, tmp_path)) == {}


def test_an_amount_that_says_it_is_another_rows_and_is_not_is_a_builders_mistake() -> None:
    with pytest.raises(AssertionError, match="“one” is not the amount of a, b"):
        linked((Row(("one", 6), equals=((), ("a", "b"))),), MADE)


def test_a_ledger_line_that_is_changed_changes_the_first_page(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    """Page 1 to workings to ledger lines: a pound more in a cell is a pound more, or less, in the partner's net due."""
    partner = golden_inputs.settlement.rows[0].partner
    path = written(settlement_statement(golden_inputs, partner), tmp_path)
    sheets, names = xlsx_sheets(path), xlsx_names(path)
    calculator = Calculator(sheets, names)
    own = {
        place: cell
        for place, cell in sheets["Ledger lines"].items()
        if place[1] == 5 and cell.is_number and not cell.formula and cell.pence
    }
    before = calculator.pence_of("net_due", "Settlement")
    assert before == golden_inputs.settlement.rows[0].net_due_pence
    moved = set()
    for place, cell in list(own.items())[:: max(1, len(own) // 20)]:
        sheets["Ledger lines"][place] = replace(cell, value=str((cell.pence + 100) / 100))
        moved.add(calculator.pence_of("net_due", "Settlement") - before)
        sheets["Ledger lines"][place] = cell
    row = golden_inputs.settlement.rows[0]
    is_of_lines = any((row.contribution_due_pence, row.spend_pence, row.paid_pence, row.received_pence))
    assert moved <= {-100, 0, 100}
    assert not is_of_lines or moved & {-100, 100}


def test_the_page_that_is_signed_is_printed_on_one(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    partner = golden_inputs.settlement.rows[0].partner
    path = written(settlement_statement(golden_inputs, partner), tmp_path)
    fitted = []
    for number in (1, 2):
        setup = xml_of(path, f"xl/worksheets/sheet{number}.xml").find(f"{_MAIN}pageSetup")
        assert setup is not None
        fitted.append(setup.get("fitToHeight"))
    assert fitted == [None, "0"]


def test_a_table_longer_than_a_sheet_goes_on_on_another_and_adds_up_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets_module, "_ROWS", 20)
    rows = tuple(Row(("a", 1)) for _ in range(25))
    total = Row(("Total", 25), RowKind.TOTAL, adds=tuple(range(25)), anchor="due-net")
    table = Table("It's long", (Column("Line"), *amounts("£")), (*rows, total))
    document = Document("T", "S", (), "", (Section("It's one", (Paragraph("p", goes_to="due-net"), table)),))
    path = written(document, tmp_path)
    sheets = xlsx_sheets(path)
    assert list(sheets) == ["It's one", "It's one 2", "It's one 3"]
    names = xlsx_names(path)
    assert names["It_s_long_data"].startswith("'It''s one'!")
    assert names["It_s_long_data_3"].startswith("'It''s one 3'!")
    calculator = Calculator(sheets, names)
    ((where, place, cell),) = calculator.formulas()
    assert where == "It's one 3"
    assert cell.formula.count("'It''s one") == 2
    assert calculator.pence_of(cell.formula, where) == cell.pence == 25
    (link,) = xml_of(path, "xl/worksheets/sheet1.xml").iter(f"{_MAIN}hyperlink")
    assert link.get("location") == f"'It''s one 3'!A{place[0] + 1}"
    assert any(each.value == "It's long (continued)" for each in sheets["It's one 2"].values())


# --- names, links, panes, print ---------------------------------------------------------------------------------------


def test_tables_their_totals_and_key_figures_have_names_in_any_language(tmp_path: Path) -> None:
    titles = ["R1C1", "1st table", "Tŷ ŵyn", "中文表", ARABIC, "😀 !", "A  B", "A-B", "net due", "x" * 300, ""]
    rows = (Row(("a", 1), anchor="due-overspend"), Row(("Net", 1), RowKind.TOTAL, anchor="due-net"))
    tables = [Table(title, (Column("Line"), *amounts("£")), rows) for title in titles]
    names = xlsx_names(written(document_of(*tables), tmp_path))
    assert {"net_due", "due_overspend"} <= set(names)
    assert {"R1C1_data", "_1st_table_total", "Tŷ_ŵyn_data", "中文表_data", "مجلس_المدينة_data"} <= set(names)
    assert {"table_data", "table_data_2", "A_B_data", "A_B_data_2", "net_due_data"} <= set(names)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) < 255 for name in names)


def test_links_lead_within_the_workbook_to_places_that_are_there(tmp_path: Path) -> None:
    table = Table("T", (Column("Line"), *amounts("£")), (Row(("=a", 1), anchor="here", goes_to="there"),), anchor="t")
    document = Document(
        "T",
        "S",
        (),
        "",
        (
            Section("One", (Bullets(("to row", "nowhere"), ("here", "gone")), Paragraph("back", goes_to="two"), table)),
            Section(
                "It's",
                (Heading("Head", anchor="there", goes_to="here"), Picture("P", "A", Drawing(1, 1, ()), "T")),
                anchor="two",
            ),
        ),
    )
    path = written(document, tmp_path)
    linked = []
    for sheet in ("sheet1", "sheet2"):
        found = xml_of(path, f"xl/worksheets/{sheet}.xml").iter(f"{_MAIN}hyperlink")
        linked += [(each.get("ref"), each.get("location"), each.get("display")) for each in found]
    first, second = xlsx_sheets(path).values()
    row_of = {cell.value: f"A{row + 1}" for (row, _), cell in [*first.items(), *second.items()]}
    table_at = next(row for (row, _), cell in first.items() if cell.value == "T")
    assert linked == [
        (row_of["• to row"], f"'One'!{row_of['=a']}", "• to row"),
        (row_of["back"], "'It''s'!A1", "back"),
        (row_of["=a"], f"'It''s'!{row_of['Head']}", "=a"),
        (row_of["Head"], f"'One'!{row_of['=a']}", "Head"),
        (
            row_of["The figures of this picture are in the table “T”."],
            f"'One'!A{table_at + 1}",
            "The figures of this picture are in the table “T”.",
        ),
    ]


def test_a_sheet_takes_no_more_links_than_a_spreadsheet_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settlement.statements.workbook.book._MOST_LINKS", 2)
    bullets = Bullets(("a", "b", "c"), ("h", "h", "h"))
    path = written(document_of(Heading("H", anchor="h"), bullets), tmp_path)
    assert len(list(xml_of(path, "xl/worksheets/sheet1.xml").iter(f"{_MAIN}hyperlink"))) == 2
    (sheet,) = xlsx_sheets(path).values()
    assert {"• a", "• b", "• c"} <= {cell.value for cell in sheet.values()}


def frozen(path: Path) -> tuple[str, str]:
    pane = xml_of(path, "xl/worksheets/sheet1.xml").find(f".//{_MAIN}pane")
    assert pane is not None
    assert pane.get("state") == "frozen"
    return pane.get("ySplit") or "0", pane.get("xSplit") or "0"


def test_the_head_of_a_sheets_only_table_stays_in_sight_and_is_repeated_in_print(tmp_path: Path) -> None:
    path = written(one_table(("a", 1)), tmp_path)
    assert frozen(path) == ("9", "0")
    assert xlsx_names(path)["_xlnm.Print_Titles"] == "One!$9:$9"
    other = Table("Other", (Column("Else"), *amounts("£")), (Row(("a", 1)),))
    path = written(document_of(SUMS, other), tmp_path)
    assert frozen(path) == ("3", "0")
    assert "_xlnm.Print_Titles" not in xlsx_names(path)
    far = document_of(*(Paragraph("p") for _ in range(30)), SUMS)
    assert frozen(written(far, tmp_path)) == ("3", "0")


def test_names_at_the_left_stay_in_sight_where_a_sheet_is_wide_and_it_is_printed_across(tmp_path: Path) -> None:
    wide = Table(
        "T", (Column("Name"), *amounts(*(f"Amount{n} £" for n in range(9)))), (Row((LONG, *([10**12 - 1] * 9))),)
    )
    path = written(document_of(wide), tmp_path)
    assert frozen(path)[1] == "1"
    setup = xml_of(path, "xl/worksheets/sheet1.xml").find(f"{_MAIN}pageSetup")
    assert setup is not None
    assert (setup.get("paperSize"), setup.get("orientation"), setup.get("fitToHeight")) == ("9", "landscape", "0")


def test_a_large_amount_has_room_in_its_column(tmp_path: Path) -> None:
    path = written(one_table(("Amount", -999_999_999_999)), tmp_path)
    widths = [float(each.get("width") or 0) for each in xml_of(path, "xl/worksheets/sheet1.xml").iter(f"{_MAIN}col")]
    assert widths[1] >= len("(9,999,999,999.99)") + 2


def test_a_long_paragraph_runs_over_several_columns_in_a_row_high_enough(tmp_path: Path) -> None:
    path = written(document_of(Paragraph("word " * 100), SUMS), tmp_path)
    sheet = xml_of(path, "xl/worksheets/sheet1.xml")
    merged = [each.get("ref") or "" for each in sheet.iter(f"{_MAIN}mergeCell")]
    assert any(each.startswith("A7:") for each in merged)
    (row,) = (each for each in sheet.iter(f"{_MAIN}row") if each.get("r") == "7")
    assert float(row.get("ht") or 0) > 60


def test_sheets_have_names_of_their_own_that_a_spreadsheet_takes(tmp_path: Path) -> None:
    titles = (
        "History",
        "A/B [c]: d?*\\ and a long name that goes on",
        "A/B [c]: d?*\\ and a long name that goes on",
        "'",
        "😀" * 20,
        "😀" * 20,
        "x\n\x00y",
    )
    document = Document("T", "S", (), "", tuple(Section(title, ()) for title in titles))
    names = list(cells_of(written(document, tmp_path)))
    assert len({name.lower() for name in names}) == len(titles)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.lower() for name in names}


def test_there_is_no_macro_and_nothing_from_elsewhere(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    path = written(settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner), tmp_path)
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
        assert not [name for name in names if name.startswith("xl/worksheets/_rels")]  # a link out would stand there
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_document_is_the_same_bytes(tmp_path: Path) -> None:
    document = settlement_statement(hard_inputs(5), "A")
    first = written(document, tmp_path).read_bytes()
    assert written(document, tmp_path).read_bytes() == first


def test_a_path_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_workbook(one_table(("a", 1)), tmp_path / "none" / "x.xlsx")
