"""The PDF's structure: what is drawn is content of one element or an artefact, and is read as it is seen."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from rules.money import pounds
from settlement.statements import StatementInputs, settlement_statement, workings
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
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
from settlement.statements.drawing import Box, Drawing, Label
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.wording import in_column
from tests.settlement.statements.making import LONG, hard_inputs
from tests.settlement.statements.tagged import Element, elements_of, marked_content, read_tagged, said_in, tables_of

HEBREW = "שלום עולם"
TABLE = Table(
    "Lines",
    (Column("Line", width=3), Column("", width=1), *amounts("Amount £")),
    (
        Row(("Group of rows",), RowKind.HEADING),
        Row(("First", "a", 1_00)),
        Row(("", "no head", -2_00)),
        Row(("Total", "", -1_00), RowKind.TOTAL, adds=(1, 2)),
    ),
)
EVERYTHING: tuple[Block, ...] = (
    Facts((("Agreement", "One"), ("Year", "2024/25"), ("Status", "DRAFT"))),
    Note("Something to know."),
    Note("Something nobody may miss.", Tone.WARNING),
    KeyFigures("Due from A", 1_234_56, "One thousand", ("It pays £1,234.56 to B.",)),
    Heading("Deep at once", level=3),
    Paragraph("A paragraph " + "of many words " * 60),
    Bullets(("First point", "Second point " + "that goes on " * 30)),
    Picture(
        "Picture", "It shows what is due.", Drawing(200, 40, (Box(0, 0, 9, 9, "#113355"), Label(0, 9, "in it"))), ""
    ),
    TABLE,
    SignatureBlock("Signed for A"),
    SignatureBlock("Signed for B", values=("Somebody", "Director", "Electronic", "1 May")),
)


def document_of(*blocks: Block, title: str = "Title") -> Document:
    sections = (Section("First", blocks), Section("Second", (Heading("Under it"), Paragraph("After."))))
    return Document(title, "Subtitle", ("Agreement", "2014/15"), "DRAFT", sections, watermark="DRAFT")


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    path = tmp_path / "everything.pdf"
    write_pdf(document_of(*EVERYTHING), path)
    return path


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "statement.pdf"
    write_pdf(settlement_statement(hard_inputs(40), "B"), path)
    return path


def kids_of(element: pikepdf.Object) -> list[pikepdf.Object]:
    kids = element.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every element of the structure tree."""

    def beneath(each: pikepdf.Object) -> Iterator[pikepdf.Object]:
        yield each
        for kid in kids_of(each):
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") not in {"/MCR", "/OBJR"}:
                assert kid.P.objgen == each.objgen
                yield from beneath(kid)

    yield from beneath(pdf.Root.StructTreeRoot.K)


def test_every_piece_of_content_is_reached_once_and_its_page_says_by_whom(everything: Path, statement: Path) -> None:
    for path in (everything, statement):
        with pikepdf.open(path) as pdf:
            reached: dict[tuple[int, int], list[tuple[int, int]]] = {}
            for each in dictionaries(pdf):
                for kid in kids_of(each):
                    page, number = each.get("/Pg"), kid
                    if isinstance(kid, pikepdf.Dictionary):
                        if kid.get("/Type") != "/MCR":
                            continue
                        page, number = kid.Pg, kid.MCID
                    key = (pdf.pages.index(pikepdf.Page(page)), int(number))
                    reached.setdefault(key, []).append(each.objgen)
            tree = pdf.Root.StructTreeRoot.ParentTree.Nums
            keys = [int(key) for key in list(tree)[0::2]]
            assert keys == list(range(len(keys)))
            parents = dict(zip(keys, list(tree)[1::2], strict=True))
            for place, page in enumerate(pdf.pages):
                content = marked_content(page)
                assert content.unmarked == []
                assert content.repeated == []
                assert content.order == list(range(len(content.order)))
                own = parents[int(page.obj.StructParents)]
                assert len(own) == len(content.order)
                for number in content.order:
                    assert reached.pop((place, number)) == [own[number].objgen]
            assert not reached


def test_content_is_drawn_in_the_order_it_is_read(everything: Path, statement: Path) -> None:
    for path in (everything, statement):
        read: list[tuple[int, int]] = []
        with pikepdf.open(path) as pdf:
            places = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
            for each in dictionaries(pdf):
                for kid in kids_of(each):
                    if isinstance(kid, int):
                        read.append((places[each.Pg.objgen], kid))
                    elif kid.get("/Type") == "/MCR":
                        read.append((places[kid.Pg.objgen], int(kid.MCID)))
        assert all(one < other for one, other in pairwise(read))


def test_what_is_read_is_read_from_top_to_bottom(statement: Path) -> None:
    with pikepdf.open(statement) as pdf:
        for page in list(pdf.pages)[1:]:  # the first has columns beside each other
            content = [each for each in marked_content(page).drawn if each.marked is not None]
            heights = {}
            for each in content:
                heights.setdefault(each.marked, each.y)
            # a column's heading of three lines begins above the one line of that before it; nothing else goes back up
            assert all(other <= one + 3 * 8.5 * 1.28 for one, other in pairwise(heights.values()))


def test_headings_are_in_order_and_none_is_skipped(
    everything: Path, golden_inputs: StatementInputs, tmp_path: Path
) -> None:
    code = golden_inputs.settlement.rows[0].partner
    path = tmp_path / "statement.pdf"
    write_pdf(settlement_statement(golden_inputs, code), path)
    for each in (everything, path):
        headings = elements_of(each, "H1", "H2", "H3", "H4")
        levels = [int(heading.tag[1]) for heading in headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= former + 1 for former, later in pairwise(levels))
        assert all(heading.text for heading in headings)


def test_title_sections_and_headings_make_the_levels(everything: Path) -> None:
    found = [(heading.tag, heading.text) for heading in elements_of(everything, "H1", "H2", "H3", "H4")]
    assert found == [("H1", "Title"), ("H2", "Deep at once"), ("H2", "Second"), ("H3", "Under it")]
    (document,) = read_tagged(everything)
    assert document.tag == "Document"
    assert [child.tag for child in document.children] == ["Sect", "Sect"]


def test_every_cell_has_its_heads(everything: Path, statement: Path) -> None:
    for path in (everything, statement):
        for table in elements_of(path, "Table"):
            columns = 0
            for row in table.all("TR"):
                spans = [int(str(cell.attributes.get("ColSpan", 1))) for cell in row.children]
                columns = columns or sum(spans)
                assert sum(spans) == columns
            heads = list(table.all("TH"))
            assert all(head.attributes["Scope"] in {"Row", "Column"} and head.text for head in heads)
            (head,) = table.all("THead")
            assert all(cell.attributes["Scope"] == "Column" for cell in head.all("TH"))
            assert table.attributes["Summary"]


def test_a_table_is_read_as_rows_with_heads_and_a_blank_cell_is_no_head(everything: Path) -> None:
    (rows,) = tables_of(everything)
    assert rows == [
        ["Line", "", "Amount £"],
        ["Group of rows"],
        ["First", "a", "1.00"],
        ["", "no head", "(2.00)"],
        ["Total", "", "(1.00)"],
    ]
    (table,) = elements_of(everything, "Table")
    assert [child.tag for child in table.children] == ["Caption", "THead", "TBody"]
    head, group, first, blank, total = table.all("TR")
    assert [cell.tag for cell in head.children] == ["TH", "TD", "TH"]
    assert [cell.attributes for cell in group.children] == [{"O": "Table", "Scope": "Column", "ColSpan": 3}]
    assert [cell.tag for cell in first.children] == ["TH", "TD", "TD"]
    assert first.children[0].attributes["Scope"] == "Row"
    assert [cell.tag for cell in blank.children] == ["TD", "TD", "TD"]
    assert [cell.tag for cell in total.children] == ["TH", "TD", "TD"]


def test_a_table_whose_title_is_the_heading_above_has_no_caption_but_says_what_it_is_of(tmp_path: Path) -> None:
    path = tmp_path / "table.pdf"
    write_pdf(document_of(Heading("Lines"), TABLE), path)
    (table,) = elements_of(path, "Table")
    assert [child.tag for child in table.children] == ["THead", "TBody"]
    assert table.attributes["Summary"] == "Lines"


def test_facts_signatures_and_bullets_are_lists_of_labels_and_bodies(everything: Path) -> None:
    facts, bullets, blank, signed = elements_of(everything, "L")
    assert pairs_of(facts) == [("Agreement", "One"), ("Year", "2024/25"), ("Status", "DRAFT")]
    assert [label for label, _ in pairs_of(bullets)] == ["•", "•"]
    assert bullets.attributes["ListNumbering"] == "Disc"
    assert pairs_of(blank) == [("Name", ""), ("Role", ""), ("Signature", ""), ("Date", "")]
    assert pairs_of(signed)[2] == ("Signature", "Electronic")


def pairs_of(found: Element) -> list[tuple[str, str]]:
    entries = [entry.children for entry in found.all("LI")]
    assert all([child.tag for child in children] == ["Lbl", "LBody"] for children in entries)
    return [(label.text, body.text) for label, body in entries]


def test_a_note_says_what_it_is_and_a_warning_too(everything: Path) -> None:
    said = [element.text for element in elements_of(everything, "P")]
    assert "Note: Something to know." in said
    assert "Warning: Something nobody may miss." in said
    assert said[said.index("Due from A") :][:4] == [
        "Due from A",
        "£1,234.56",
        "One thousand",
        "It pays £1,234.56 to B.",
    ]


def test_a_figure_says_what_it_shows_and_where_it_stands_and_its_labels_are_not_read(everything: Path) -> None:
    (figure,) = elements_of(everything, "Figure")
    assert figure.attributes["Alt"] == "It shows what is due."
    left, bottom, right, top = map(float, figure.attributes["BBox"])  # type: ignore[call-overload]
    assert (round(right - left), round(top - bottom)) == (200, 40)
    assert "in it" not in said_in(everything)


def test_lines_of_one_text_are_one_element_with_the_spaces_between_its_words(everything: Path) -> None:
    said = [element.text for element in elements_of(everything, "P", "LBody")]
    assert ("A paragraph " + "of many words " * 60).strip() in said
    assert ("Second point " + "that goes on " * 30).strip() in said


def test_a_paragraph_over_three_pages_is_one_element(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    text = " ".join(f"word{number}" for number in range(1500))
    write_pdf(document_of(Paragraph(text)), path)
    (found,) = [element for element in elements_of(path, "P") if element.text.startswith("word0 ")]
    assert found.text == text
    assert found.pages == (1, 2, 3)


def test_what_runs_or_is_repeated_from_page_to_page_is_no_content(tmp_path: Path) -> None:
    rows = [Row(("Group",), RowKind.HEADING), *(Row((f"Line {number}", number)) for number in range(150))]
    rows.append(Row(("Sum", sum(range(150))), RowKind.SUBTOTAL))
    path = tmp_path / "long.pdf"
    table = Table("Lines", (Column("Line"), *amounts("Amount £")), tuple(rows), carries=(1,))
    write_pdf(document_of(table), path)
    said = said_in(path)
    for unsaid in ("(continued)", "Carried forward", "Brought forward", "Page 2", "2014/15"):
        assert unsaid not in said
    assert said.count("Amount £") == 1
    (rows_read,) = tables_of(path)
    assert len(rows_read) == len(rows) + 1
    (element,) = elements_of(path, "Table")
    assert element.pages == (1, 2, 3, 4)
    with pikepdf.open(path) as pdf:
        artefacts = marked_content(pdf.pages[1]).artefacts
    for expected in ("DRAFT", "Lines (continued)", "Group (continued)", "Brought forward", "Carried forward"):
        assert expected in artefacts


def test_running_head_foot_and_watermark_say_what_kind_of_artefact_they_are(everything: Path) -> None:
    with pikepdf.open(everything) as pdf:
        kinds = [
            str(operands[1].Subtype)
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "BDC" and "/Subtype" in operands[1]
        ]
    assert kinds == ["/Watermark", "/Header", "/Footer"]


def test_a_text_drawn_in_another_order_than_it_is_read_says_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "hebrew.pdf"
    table = Table(HEBREW, (Column(HEBREW), *amounts("£")), (Row((HEBREW, 1)),))
    write_pdf(document_of(Paragraph(HEBREW), table), path)
    assert said_in(path).count(HEBREW) == 4
    with pikepdf.open(path) as pdf:
        drawn = [each.text for each in marked_content(pdf.pages[0]).drawn]
    assert HEBREW[::-1] in "".join(drawn)


def test_every_figure_of_a_golden_case_is_read_through_the_tags(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    code = golden_inputs.settlement.rows[0].partner
    path = tmp_path / "document.pdf"
    for document in (settlement_statement(golden_inputs, code), workings(golden_inputs)):
        write_pdf(document, path)
        read = tables_of(path)
        assert len(read) == len(document.tables)
        for table, rows in zip(document.tables, read, strict=True):
            expected = [
                [in_column(cell) if isinstance(cell, int) else " ".join(cell.split()) for cell in row.cells]
                for row in table.rows
            ]
            assert rows[1:] == expected
        said = said_in(path)
        for section in document.sections:
            for block in section.blocks:
                if isinstance(block, KeyFigures):
                    assert pounds(block.amount_pence) in said
                if isinstance(block, Paragraph):
                    assert " ".join(block.text.split()) in said


def test_a_name_of_120_characters_is_read_whole_in_the_narrowest_column(tmp_path: Path) -> None:
    path = tmp_path / "narrow.pdf"
    columns = (*(Column(f"Column {number}") for number in range(7)), *amounts("Amount £"))
    write_pdf(document_of(Table("Lines", columns, (Row((*[LONG] * 7, 1)),))), path)
    (rows,) = tables_of(path)
    assert rows[1] == [*[LONG] * 7, "0.01"]


def test_half_a_character_and_signs_that_no_text_should_have_spoil_nothing(tmp_path: Path) -> None:
    path = tmp_path / "odd.pdf"
    odd = "a\ud800b\x00c\ufeffd\u2028e"
    picture = Picture(odd, odd, Drawing(20, 20, (Label(0, 9, odd),)), odd)
    table = Table(odd, (Column(odd), *amounts(odd)), (Row((odd,), RowKind.HEADING), Row((odd, 1))))
    blocks = (Facts(((odd, odd),)), Heading(odd), Paragraph(odd), Bullets((odd,)), picture, table)
    write_pdf(replace(document_of(*blocks, title=odd), watermark=odd, author=odd), path)
    assert len(elements_of(path, "TR")) == 3
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_long_fact_is_as_wide_as_the_page_and_short_ones_stand_beside_each_other_in_order(tmp_path: Path) -> None:
    path = tmp_path / "facts.pdf"
    digest = "0123456789abcdef" * 4
    pairs = (("One", "1"), ("Two", "2"), ("Digest", digest), ("Three", "3"), ("Four", "4"), ("Five", "5"))
    write_pdf(document_of(Facts(pairs)), path)
    (found,) = elements_of(path, "L")
    assert pairs_of(found) == list(pairs)
    with pikepdf.open(path) as pdf:
        drawn = {each.text: each for each in marked_content(pdf.pages[0]).drawn}
    assert digest in drawn
    assert drawn["One"].y == drawn["Two"].y
    assert drawn["Three"].x == drawn["Four"].x < drawn["Five"].x
    assert drawn["Two"].y > drawn["Digest"].y > drawn["Three"].y == drawn["Five"].y > drawn["Four"].y


def test_facts_of_many_pairs_go_from_page_to_page(tmp_path: Path) -> None:
    path = tmp_path / "facts.pdf"
    pairs = tuple((f"Label {number}", f"Text {number}") for number in range(200))
    write_pdf(document_of(Facts(pairs)), path)
    (found,) = elements_of(path, "L")
    assert pairs_of(found) == list(pairs)
    assert len(found.pages) > 1
