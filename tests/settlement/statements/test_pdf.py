"""The PDF says what the document says: every figure, every page, nothing lost to markup, the same bytes."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from rules.money import pounds
from settlement.result import result_of
from settlement.statements import StatementInputs, memorandum_account, settlement_statement, workings
from settlement.statements.document import (
    Block,
    Column,
    Document,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.first_page import FOOTING
from settlement.statements.pdf import write_pdf
from settlement.statements.pdf_layout import pages_of as laid_out
from settlement.statements.pdf_text import REGULAR, Style, width, wrap
from settlement.statements.pdf_units import DEPTH, WIDTH, Text
from settlement.statements.wording import in_column
from tests.conftest import golden_case
from tests.settlement.statements.making import LONG, hard_inputs, inputs_of, pages_of


def together(pages: list[str]) -> str:
    return " ".join(pages)


def unspaced(text: str) -> str:
    """Without white space, where lines were broken: to look for texts that may have been wrapped."""
    return re.sub(r"\s", "", text)


def table_of(rows: list[Row]) -> Table:
    return Table("Lines", (Column("Line", width=3), *amounts("Amount £")), tuple(rows))


def document_of(*blocks: Block) -> Document:
    return Document("Title", "Subtitle", ("Agreement", "2014/15", "M12"), "DRAFT", (Section("One", blocks),))


def test_every_figure_of_the_result_is_in_the_partners_pdf(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    result = result_of(golden_inputs.settlement)
    inputs = replace(golden_inputs, previous=None, outturn=None)
    for code, row in result["partners"].items():
        path = tmp_path / "statement.pdf"
        write_pdf(settlement_statement(inputs, code), path)
        text = together(pages_of(path))
        for key, sign, label in FOOTING:
            assert f"{label} {in_column(sign * row[key])}" in text
        assert f"Net due (negative: receives) {in_column(row['net_due'])}" in text
        assert pounds(abs(row["net_due"])) in text
        for transfer in result["transfers"]:
            assert in_column(transfer["amount"]) in text
        for subject in result["subjects"]:
            assert in_column(subject["amount"]) in text
            for part in subject["parts"]:
                assert in_column(part["amount"]) in text or pounds(part["amount"]) in text
        for balance in result["reserves"].values():
            assert in_column(balance) in text


def test_every_amount_of_every_table_is_in_the_pdf(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    code = golden_inputs.settlement.rows[0].partner
    documents = (settlement_statement(golden_inputs, code), memorandum_account(golden_inputs), workings(golden_inputs))
    for document in documents:
        path = tmp_path / "document.pdf"
        write_pdf(document, path)
        text = together(pages_of(path))
        for table in document.tables:
            for row in table.rows:
                assert all(in_column(cell) in text for cell in row.cells if isinstance(cell, int))


def test_every_page_has_its_number_the_agreement_the_partner_the_period_and_the_draft_mark(tmp_path: Path) -> None:
    inputs = hard_inputs(30)
    path = tmp_path / "statement.pdf"
    write_pdf(settlement_statement(inputs, "B"), path)
    pages = pages_of(path)
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert text.count("Jones & Söns") >= 2
        assert "2024/25 · M12" in text
        assert "DRAFT – not signed" in text


def test_text_is_never_taken_for_markup_and_keeps_its_letters(tmp_path: Path) -> None:
    inputs = hard_inputs(2)
    path = tmp_path / "workings.pdf"
    write_pdf(workings(inputs), path)
    text = together(pages_of(path))
    assert "<Jones> & Co, Łukasz é" in text
    assert "=HYPERLINK(1)" in text
    assert "<script>alert(1)</script>" in text
    write_pdf(settlement_statement(inputs, "A"), path)
    assert unspaced(LONG) in unspaced(together(pages_of(path)))


@pytest.mark.parametrize("told", [r"a\b (c) ) ( {size} %s \101", r"é\(é) ) ( {size} \101"])
def test_signs_that_pdf_or_a_template_would_take_for_its_own(told: str, tmp_path: Path) -> None:
    path = tmp_path / "signs.pdf"
    write_pdf(document_of(Paragraph(told)), path)
    assert told in together(pages_of(path))


def test_a_letter_that_the_first_font_lacks_comes_from_another_and_one_that_none_has_is_owned_up_to(
    tmp_path: Path,
) -> None:
    path = tmp_path / "letters.pdf"
    write_pdf(document_of(Paragraph("✓ Łódź")), path)
    assert "✓ Łódź" in together(pages_of(path))
    assert "fonts of this print" not in together(pages_of(path))
    write_pdf(document_of(Paragraph("中")), path)
    text = together(pages_of(path))
    assert text.count("\N{REPLACEMENT CHARACTER}") == 2  # in its place, and in the note that owns up to it
    assert "fonts of this print" in text


@pytest.mark.parametrize("pence", [1, -1, 999_999_999_999, -999_999_999_999])
def test_the_smallest_and_the_largest_amounts(pence: int, tmp_path: Path) -> None:
    path = tmp_path / "amount.pdf"
    write_pdf(document_of(table_of([Row(("Amount", pence)), Row(("Total", pence), RowKind.TOTAL)])), path)
    assert together(pages_of(path)).count(in_column(pence)) == 2


def test_nothing_lies_outside_the_margins_or_over_anything_else() -> None:
    inputs = hard_inputs(30, budget_pence=999_999_999_999)
    for document in (settlement_statement(inputs, "A"), memorandum_account(inputs), workings(inputs)):
        for page in laid_out(document):
            below = 0.0
            for placed in page:
                assert placed.top >= below - 0.01
                below = placed.top + placed.item.height
                texts = [op for op in placed.item.ops if isinstance(op, Text)]
                for op in texts:
                    assert op.x >= -0.01
                    assert op.x + width(op.text, op.style) <= WIDTH + 0.01
                    assert op.y <= placed.item.height
                on_one_line = {}
                for op in sorted(texts, key=lambda each: each.x):
                    assert op.x >= on_one_line.get(op.y, 0.0) - 0.01
                    on_one_line[op.y] = op.x + width(op.text, op.style)
            assert below <= DEPTH + 0.01


def test_a_table_over_many_pages_repeats_its_heading_and_never_parts_a_total_from_its_row(tmp_path: Path) -> None:
    rows = [Row((f"Line {number}", number)) for number in range(1, 301)]
    path = tmp_path / "long.pdf"
    write_pdf(document_of(table_of([*rows, Row(("Total", 300), RowKind.TOTAL)])), path)
    pages = pages_of(path)
    assert len(pages) > 5
    assert all("Amount £" in text for text in pages)
    assert all("Lines (continued)" in text for text in pages[1:])
    assert re.search(r"Line 300 3\.00 Total 3\.00", pages[-1])
    for number in range(1, 301):
        assert sum(f"Line {number} " in text for text in pages) == 1


def test_a_total_never_begins_a_page() -> None:
    for count in range(30, 90):
        rows = [Row((f"Line {number}", number)) for number in range(count)]
        for page in laid_out(document_of(table_of([*rows, Row(("Total", count), RowKind.TOTAL)]))):
            texts = [[op.text for op in placed.item.ops if isinstance(op, Text)] for placed in page]
            for place, found in enumerate(texts):
                if "Total" in found:
                    assert texts[place - 1][0].startswith("Line ")


def test_no_page_is_empty_where_a_table_ends_at_the_foot_of_one() -> None:
    for count in range(60):
        above = tuple(Paragraph("Above.") for _ in range(count % 12))
        rows = [Row((f"Line {number}", number)) for number in range(28 + count // 12)]
        sections = (Section("One", (*above, table_of(rows))), Section("Two", (Paragraph("After."),), new_page=True))
        pages = laid_out(Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections))
        assert all(any(isinstance(op, Text) for placed in page for op in placed.item.ops) for page in pages)


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    inputs = hard_inputs(40)
    for page in laid_out(workings(inputs)):
        assert not page[-1].item.keep


def test_a_row_taller_than_a_page_is_shortened_rather_than_lost(tmp_path: Path) -> None:
    path = tmp_path / "tall.pdf"
    write_pdf(document_of(table_of([Row(("word " * 20_000, 5)), Row(("after", 7))])), path)
    text = together(pages_of(path))
    assert "…" in text
    assert "0.05" in text
    assert "after 0.07" in text


def test_400_schemes(tmp_path: Path) -> None:
    inputs = hard_inputs(400)
    path = tmp_path / "many.pdf"
    write_pdf(settlement_statement(inputs, "B"), path)
    text = unspaced(together(pages_of(path)))
    for scheme in inputs.agreement.schemes:
        assert f"({scheme.code})" in text


def test_title_author_language_and_bookmarks(tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    inputs = inputs_of(golden_case("telford-2019-20"))
    write_pdf(settlement_statement(inputs, inputs.settlement.rows[0].partner), path)
    document = pypdfium2.PdfDocument(path)
    try:
        facts = document.get_metadata_dict()
        assert facts["Title"].startswith("Settlement statement: ")
        assert facts["Author"] == "A. Preparer"
        titles = [mark.get_title() for mark in document.get_toc()]
        assert "Budget and spend by scheme" in titles
    finally:
        document.close()
    assert b"/Lang (en-GB)" in path.read_bytes()


def test_the_same_statement_is_the_same_bytes_in_any_time_zone_locale_and_hash_seed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path\n"
        "from settlement.statements import write_statements\n"
        "from tests.conftest import golden_case\n"
        "from tests.settlement.statements.making import inputs_of\n"
        "import sys\n"
        "inputs = inputs_of(golden_case('rotherham-first-call'))\n"
        "write_statements(inputs, Path(sys.argv[1]), ('pdf', 'html', 'xlsx', 'csv'))\n"
    )
    written = []
    for zone, locale, seed in (("UTC", "C", "0"), ("Pacific/Auckland", "C.UTF-8", "1")):
        folder = tmp_path / seed
        environment = {
            **os.environ,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path.cwd()),
        }
        subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment)
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 2 * 4 + 4 + 4 + 2 + 1


def test_text_wraps_within_its_room_and_loses_nothing() -> None:
    style = Style(REGULAR, 8.0)
    for text in (LONG, "x" * 500, "a/b" * 90, "1,234,567 / 9,876,543", ""):
        lines = wrap(text, style, 60.0, 500)
        assert all(width(line, style) <= 60.0 for line in lines)
        assert unspaced("".join(lines)) == unspaced(text)


def test_notes_are_on_the_first_page(tmp_path: Path) -> None:
    path = tmp_path / "note.pdf"
    write_pdf(document_of(Note("What the papers do not publish is illustrative.")), path)
    assert "Note: What the papers do not publish is illustrative." in pages_of(path)[0]
