"""The PDF says what the document says: every figure, every page, nothing lost to markup, the same bytes."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from rules.money import pounds
from settlement.result import result_of
from settlement.statements import StatementInputs, memorandum_account, settlement_statement, workings
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.drawing import Box, Drawing
from settlement.statements.footing import FOOTING, label_of
from settlement.statements.pdf.layout import pages_of as laid_out
from settlement.statements.pdf.text import REGULAR, Style, width, wrap
from settlement.statements.pdf.units import BOTTOM, MARGIN, PAGE_HEIGHT, WIDTH, Art, Item, Text
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.wording import in_column
from tests.conftest import golden_case
from tests.settlement.statements.making import LONG, hard_inputs, inputs_of, pages_of
from tests.settlement.statements.tagged import Drawn, marked_content, said_in


def together(pages: list[str]) -> str:
    return " ".join(pages)


def unspaced(text: str) -> str:
    """Without white space, where lines were broken: to look for texts that may have been wrapped."""
    return re.sub(r"\s", "", text)


def files_in(folder: Path) -> list[Path]:
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]


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
            assert f"{label_of(inputs, code, key, label)} {in_column(sign * row[key])}" in text
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
    write_pdf(document_of(Paragraph("\N{CUNEIFORM SIGN A}")), path)
    with pikepdf.open(path) as pdf:
        drawn = "".join(each.text for each in marked_content(pdf.pages[0]).drawn)
    assert drawn.count("\N{REPLACEMENT CHARACTER}") == 2  # in its place, and in the note that owns up to it
    assert "fonts of this print" in drawn
    assert "\N{CUNEIFORM SIGN A}" in said_in(path)


@pytest.mark.parametrize("pence", [1, -1, 999_999_999_999, -999_999_999_999])
def test_the_smallest_and_the_largest_amounts(pence: int, tmp_path: Path) -> None:
    path = tmp_path / "amount.pdf"
    write_pdf(document_of(table_of([Row(("Amount", pence)), Row(("Total", pence), RowKind.TOTAL)])), path)
    assert together(pages_of(path)).count(in_column(pence)) == 2


def test_nothing_lies_outside_the_margins_or_over_anything_else(tmp_path: Path) -> None:
    inputs = hard_inputs(12, budget_pence=999_999_999_999)
    path = tmp_path / "document.pdf"
    for document in (settlement_statement(inputs, "A"), workings(inputs)):
        write_pdf(document, path)
        with pikepdf.open(path) as pdf:
            for page in pdf.pages:
                hold_apart(marked_content(page).drawn)


def hold_apart(drawn: list[Drawn]) -> None:
    bare = (
        replace(each, width=each.width - 0.278 * each.size * (len(each.text) - len(each.text.rstrip(" "))))
        for each in drawn
    )
    texts = [each for each in bare if each.text.strip()]
    for each in texts:
        assert each.x >= MARGIN - 0.01
        assert each.x + each.width <= MARGIN + WIDTH + 0.06, each
        assert BOTTOM - 30 <= each.y <= PAGE_HEIGHT - 30
    inside: dict[float, float] = {}
    for each in sorted(texts, key=lambda text: (text.y, text.x)):
        assert each.x >= inside.get(each.y, 0.0) - 0.06, each
        inside[each.y] = each.x + each.width
    baselines = sorted(set(inside))
    for low, high in pairwise(baselines):
        above = [each for each in texts if each.y == high]
        below = [each for each in texts if each.y == low]
        for one in above:
            for other in below:
                if one.x < other.x + other.width and other.x < one.x + one.width:
                    assert high - low >= 0.72 * other.size, (one, other)


def test_no_page_is_empty_where_a_table_ends_at_the_foot_of_one() -> None:
    for count in range(60):
        above = tuple(Paragraph("Above.") for _ in range(count % 12))
        rows = [Row((f"Line {number}", number)) for number in range(28 + count // 12)]
        sections = (Section("One", (*above, table_of(rows))), Section("Two", (Paragraph("After."),), new_page=True))
        pages, _ = laid_out(Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections))
        assert all(any(placed.item.cells or texts_of(placed.item) for placed in page) for page in pages)


def texts_of(item: Item) -> list[str]:
    return [op.text for op in item.ops if isinstance(op, Text)]


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    inputs = hard_inputs(40)
    pages, _ = laid_out(workings(inputs))
    assert len(pages) > 3
    for page in pages:
        assert not page[-1].item.keep


def test_a_paragraph_that_leads_to_a_table_or_a_picture_stands_on_its_page() -> None:
    for count in range(20, 60):
        above = tuple(Paragraph(f"{number}.") for number in range(count))
        rows = [Row((f"Line {number}", number)) for number in range(3)]
        blocks = (*above, Paragraph("About it."), picture_of(60.0), table_of(rows))
        pages, _ = laid_out(document_of(*blocks))
        found = [number for number, page in enumerate(pages) for placed in page if "About it." in texts_of(placed.item)]
        pictured = [
            number
            for number, page in enumerate(pages)
            for placed in page
            for op in placed.item.ops
            if isinstance(op, Art)
        ]
        first_row = [number for number, page in enumerate(pages) for placed in page if placed.item.cells]
        assert found == pictured == first_row[:1]


def test_a_heading_and_the_texts_beneath_it_stand_on_the_page_of_their_table() -> None:
    """A clause's heading, what it says and what it dealt with go with the figures, unless they are a page's third."""
    amounts_of = table_of([Row(("a", 1)), Row(("b", 2)), Row(("Total", 3), RowKind.TOTAL, adds=(0, 1))])
    for lines in range(40, 62):
        filled = [Paragraph(f"line {number}") for number in range(lines)]
        told = (Heading("Clause"), Note("It is disputed."), Paragraph("It says."), Paragraph("It dealt with."))
        pages, _ = laid_out(document_of(*filled, *told, amounts_of))
        found = [
            number
            for number, page in enumerate(pages)
            for placed in page
            for text in texts_of(placed.item)
            if text in {"Clause", "It is disputed.", "It says.", "It dealt with."}
        ]
        heads = [number for number, page in enumerate(pages) if any(placed.item.repeats for placed in page)]
        assert set(found) == set(heads), lines
        assert len(set(found)) == 1, lines
    long = Paragraph("a long word " * 600)
    pages, _ = laid_out(document_of(*filled[:20], Heading("Clause"), long, amounts_of))
    assert "Clause" in [text for placed in pages[0] for text in texts_of(placed.item)]


def test_a_new_page_begins_even_beneath_a_heading_with_nothing_under_it() -> None:
    sections = (Section("One", (Heading("Nil"),)), Section("Two", (Paragraph("text"),), new_page=True))
    pages, _ = laid_out(replace(document_of(), sections=sections))
    assert len(pages) == 2


def picture_of(height: float) -> Picture:
    return Picture("Picture", "What it shows.", Drawing(100.0, height, (Box(0, 0, 9, 9, "#112233"),)), "Lines")


def test_no_bullet_of_several_stands_on_a_page_by_itself() -> None:
    for count in range(20, 60):
        above = tuple(Paragraph(f"{number}.") for number in range(count))
        pages, _ = laid_out(document_of(*above, Bullets(("First", "Second", "Third"))))
        for page in pages:
            items = {text for placed in page for text in texts_of(placed.item)} & {"First", "Second", "Third"}
            assert len(items) in {0, 2, 3} or items == {"Second"}


def test_a_hundred_schemes(tmp_path: Path) -> None:
    inputs = hard_inputs(100)
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


def test_the_same_statement_is_the_same_bytes_in_any_time_zone_locale_and_hash_seed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path\n"
        "from settlement.statements import write_statements\n"
        "from tests.conftest import golden_case\n"
        "from tests.settlement.statements.making import hard_inputs, inputs_of\n"
        "import sys\n"
        "inputs = inputs_of(golden_case('rotherham-first-call'))\n"
        "write_statements(inputs, Path(sys.argv[1]), ('pdf', 'html', 'xlsx', 'csv'))\n"
        "hard = Path(sys.argv[1]) / 'hard'\n"
        "write_statements(hard_inputs(3), hard, ('pdf',), ('B',), kinds=('settlement-statement', 'workings'))\n"
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
        written.append({path: (folder / path).read_bytes() for path in files_in(folder)})
    assert written[0] == written[1]
    assert {path.suffix for path in written[0]} == {".pdf", ".html", ".xlsx", ".csv"}
    assert sum(path.parent.name == "hard" for path in written[0]) == 2


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
