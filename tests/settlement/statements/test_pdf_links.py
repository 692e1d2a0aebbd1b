"""Links lead where they say, say what they are to who does not see them, and are plain text with nowhere to lead."""

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Look,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.pdf.units import MARGIN, WIDTH
from settlement.statements.pdf.writer import write_pdf
from tests.settlement.statements.tagged import elements_of, marked_content

ROWS = (
    Row(("Due", 5), anchor="due", goes_to="w-due"),
    Row(("A long name of a row " * 12, 5), goes_to="w-due"),
    Row(("Nowhere", 5), goes_to="nowhere"),
    Row(("", 5), goes_to="w-due"),
    Row(("Total", 20), RowKind.TOTAL, goes_to="lines"),
)
BLOCKS: tuple[Block, ...] = (
    Table("Lines", (Column("Line", width=3), *amounts("£")), ROWS, anchor="lines"),
    Paragraph("To the end.", goes_to="end"),
    Bullets(("Plain", "To the section"), ("", "second")),
    *(Paragraph("Between. " * 30) for _ in range(30)),
    Heading("How it is due", anchor="w-due", goes_to="due"),
    Paragraph("Over the page " * 900, goes_to="due"),
    Heading("The end", anchor="end"),
)


def document_of(*blocks: Block) -> Document:
    sections = (Section("First", blocks), Section("Second", (Paragraph("After."),), anchor="second"))
    return Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections)


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    path = tmp_path / "linked.pdf"
    write_pdf(document_of(*BLOCKS), path)
    return path


def links_of(pdf: pikepdf.Pdf) -> list[tuple[int, pikepdf.Object]]:
    return [(place, link) for place, page in enumerate(pdf.pages) for link in page.obj.get("/Annots", [])]


def places_of(pdf: pikepdf.Pdf) -> dict[str, tuple[int, float]]:
    """Of each name the page and the height it leads to."""
    names = list(pdf.Root.Names.Dests.Names)
    found = {str(name): place for name, place in zip(names[0::2], names[1::2], strict=True)}
    assert list(found) == sorted(found)
    return {name: (pdf.pages.index(pikepdf.Page(place[0])), float(place[3])) for name, place in found.items()}


def test_every_link_leads_to_its_place(linked: Path) -> None:
    with pikepdf.open(linked) as pdf:
        places = places_of(pdf)
        assert set(places) == {"due", "w-due", "lines", "end", "second"}
        led = [(str(link.Contents)[:14], str(link.Dest)) for _, link in links_of(pdf)]
        assert led[:5] == [
            ("Due", "w-due"),
            ("A long name of", "w-due"),
            ("Total", "lines"),
            ("To the end.", "end"),
            ("To the section", "second"),
        ]
        assert led[5] == ("How it is due", "due")
        for name, expected in (("w-due", "How it is due"), ("end", "The end"), ("due", "Due"), ("second", "Second")):
            page, height = places[name]
            heights = [each.y for each in marked_content(pdf.pages[page]).drawn if each.text == expected]
            assert any(0 < height - y < 50 for y in heights)


def test_a_link_stands_over_its_text(linked: Path) -> None:
    with pikepdf.open(linked) as pdf:
        for place, link in links_of(pdf):
            left, bottom, right, top = map(float, link.Rect)
            assert MARGIN <= left < right <= MARGIN + WIDTH + 0.1
            corners = list(map(float, link.QuadPoints))
            assert len(corners) % 8 == 0
            inside = [
                each.text
                for each in marked_content(pdf.pages[place]).drawn
                if left - 0.1 <= each.x and each.x + each.width <= right + 3 and bottom <= each.y <= top
            ]
            said = "".join(inside).strip()
            assert str(link.Contents).startswith(said[:150])


def test_a_link_says_what_it_is_and_is_printed_and_read_in_order(linked: Path) -> None:
    with pikepdf.open(linked) as pdf:
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip(map(int, nums[0::2]), nums[1::2], strict=True))
        for place, link in links_of(pdf):
            assert str(link.Contents)
            assert int(link.F) == 4
            page = pdf.pages[place].obj
            assert str(page.Tabs) == "/S"
            assert link.P.objgen == page.objgen
            element = parents[int(link.StructParent)]
            assert str(element.S) == "/Link"
            objects = [kid.Obj.objgen for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid]
            assert link.objgen in objects


def test_links_are_within_what_they_are_the_text_of(linked: Path) -> None:
    tags = {}
    for element in elements_of(linked):
        for child in element.children:
            if child.tag == "Link":
                tags[child.text] = element.tag
    assert tags["Due"] == "TH"
    assert tags["To the end."] == "P"
    assert tags["To the section"] == "LBody"
    assert tags["How it is due"] == "H2"
    assert tags[("A long name of a row " * 12).strip()] == "TH"
    assert "Nowhere" not in tags


def test_a_link_over_two_pages_is_one_link_with_a_box_on_each(linked: Path) -> None:
    (long,) = [link for link in elements_of(linked, "Link") if link.text.startswith("Over the page")]
    assert len(long.pages) > 1
    assert long.text == ("Over the page " * 900).strip()
    with pikepdf.open(linked) as pdf:
        pages = {place for place, link in links_of(pdf) if str(link.Contents).startswith("Over the page")}
    assert pages == {page - 1 for page in long.pages}


def test_a_link_whose_place_is_not_in_the_document_is_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    write_pdf(document_of(Paragraph("Nowhere.", goes_to="nowhere"), Heading("Neither", goes_to="there")), path)
    assert not list(elements_of(path, "Link"))
    with pikepdf.open(path) as pdf:
        assert not links_of(pdf)


def test_a_document_without_links_has_no_names(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    sections = (Section("First", (Paragraph("Text."),)),)
    write_pdf(Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections), path)
    with pikepdf.open(path) as pdf:
        assert "/Names" not in pdf.Root


def test_a_link_is_in_the_colour_of_the_house(tmp_path: Path) -> None:
    path = tmp_path / "green.pdf"
    document = replace(document_of(*BLOCKS), look=Look(accent="#006633"))
    write_pdf(document, path)
    with pikepdf.open(path) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    assert b"0 0.4 0.2 rg" in content
    assert b"0.1098 0.2118 0.3294" not in content


def test_bookmarks_lead_to_sections_and_headings_and_skip_no_level(tmp_path: Path) -> None:
    path = tmp_path / "marks.pdf"
    blocks = (Heading("Deep", level=3), Heading("Two"), Heading("Three", level=3), Heading("Łódź £5"))
    write_pdf(document_of(*blocks), path)
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        first, second = outline.root
        assert (first.title, second.title) == ("First", "Second")
        assert [mark.title for mark in first.children] == ["Deep", "Two", "Łódź £5"]
        assert [mark.title for mark in first.children[1].children] == ["Three"]
        assert str(pdf.Root.PageMode) == "/UseOutlines"
        assert int(pdf.Root.Outlines.Count) == 2


def test_every_link_of_a_statement_leads_somewhere(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    path = tmp_path / "statement.pdf"
    write_pdf(settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner), path)
    with pikepdf.open(path) as pdf:
        places = places_of(pdf)
        links = links_of(pdf)
        assert links
        assert all(str(link.Dest) in places for _, link in links)


def test_an_amount_may_lead_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "amount.pdf"
    table = Table("Lines", amounts("One £", "Two £"), (Row((-1_234_56, 1), anchor="here", goes_to="here"),))
    write_pdf(document_of(table), path)
    (link,) = elements_of(path, "Link")
    assert link.text == "(1,234.56)"
