"""Tables over pages: what is repeated, what is carried forward, and what is never parted from what."""

import re
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from settlement.statements.document import Column, Document, Heading, Row, RowKind, Section, Table, amounts
from settlement.statements.pdf.layout import pages_of as laid_out
from settlement.statements.pdf.units import Page, Text
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.wording import in_column
from tests.settlement.statements.making import pages_of
from tests.settlement.statements.tagged import Drawn, marked_content

COLUMNS = (Column("Line", width=3), *amounts("Amount £"))


def document_of(*tables: Table) -> Document:
    return Document("Title", "Subtitle", ("Agreement", "2014/15", "M12"), "DRAFT", (Section("One", tables),))


def lines(count: int, *, first: int = 1) -> list[Row]:
    return [Row((f"Line {number}", number)) for number in range(first, first + count)]


def table_of(rows: list[Row], *, carries: tuple[int, ...] = ()) -> Table:
    return Table("Lines", COLUMNS, tuple(rows), carries=carries)


def shown(page: Page) -> list[str]:
    """What begins each row of a page, and each thing repeated."""
    found = []
    for placed in page:
        if placed.item.cells is not None:
            found.append(str(placed.item.cells.row.cells[0]))
        else:
            found += [op.text for op in placed.item.ops if isinstance(op, Text)][:1]
    return found


def test_a_table_over_many_pages_repeats_its_heading_and_never_parts_a_total_from_its_row(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    write_pdf(document_of(table_of([*lines(300), Row(("Total", 300), RowKind.TOTAL)])), path)
    pages = pages_of(path)
    assert len(pages) > 5
    assert all("Amount £" in text for text in pages)
    assert all("Lines (continued)" in text for text in pages[1:])
    assert re.search(r"Line 300 3\.00 Total 3\.00", pages[-1])
    for number in range(1, 301):
        assert sum(f"Line {number} " in text for text in pages) == 1


def test_a_total_never_begins_a_page_and_brings_its_subtotal_with_it() -> None:
    for count in range(30, 90):
        sums = [Row(("Subtotal", count), RowKind.SUBTOTAL), Row(("Total", count), RowKind.TOTAL)]
        pages, _ = laid_out(document_of(table_of([*lines(count), *sums])))
        for page in pages:
            found = shown(page)
            if "Total" in found:
                assert found[found.index("Total") - 1] == "Subtotal"
                assert found[found.index("Subtotal") - 1].startswith("Line ")


def test_a_heading_is_never_last_and_a_short_group_is_never_parted() -> None:
    for count in range(20, 80):
        group = [Row(("Group",), RowKind.HEADING), *lines(5, first=500), Row(("Sum", 5), RowKind.SUBTOTAL)]
        pages, _ = laid_out(document_of(table_of([*lines(count), *group])))
        (own,) = [page for page in pages if "Group" in shown(page)]
        assert shown(own)[-7:] == ["Group", *(f"Line {number}" for number in range(500, 505)), "Sum"]


def test_the_heading_of_a_group_is_repeated_where_the_group_goes_on_and_nowhere_else() -> None:
    first = [Row(("First group",), RowKind.HEADING), *lines(100), Row(("Sum", 1), RowKind.SUBTOTAL)]
    second = [Row(("Second group",), RowKind.HEADING), *lines(60, first=200), Row(("Sum", 1), RowKind.SUBTOTAL)]
    pages, _ = laid_out(document_of(table_of([*first, *second])))
    assert len(pages) > 3
    for page in pages[1:]:
        found = shown(page)
        rows = [text for text in found if text.startswith("Line ") and text != "Line"]
        number = int(rows[0].removeprefix("Line "))
        goes_on = found.index(rows[0]) < found.index("Second group") if "Second group" in found else True
        group = "First group" if number < 200 else "Second group"
        assert (f"{group} (continued)" in found) == goes_on
        assert sum("group (continued)" in text for text in found) <= 1


def test_after_a_total_no_heading_is_repeated() -> None:
    rows = [Row(("Group",), RowKind.HEADING), *lines(10), Row(("Total", 1), RowKind.TOTAL), *lines(100, first=50)]
    pages, _ = laid_out(document_of(table_of(rows)))
    assert len(pages) > 1
    assert not any("Group (continued)" in shown(page) for page in pages)


@pytest.mark.parametrize("in_thousands", [False, True])
def test_what_is_carried_forward_is_the_sum_since_the_last_sum_and_is_brought_forward(in_thousands: bool) -> None:  # noqa: FBT001
    scale = 100_000 if in_thousands else 1
    first = [Row((f"Line {number}", number * scale)) for number in range(1, 101)]
    then = [Row((f"Line {number}", number * scale)) for number in range(101, 221)]
    rows = [
        *first,
        Row(("Sum", sum(range(1, 101)) * scale), RowKind.SUBTOTAL),
        *then,
        Row(("Sum", sum(range(101, 221)) * scale), RowKind.SUBTOTAL),
    ]
    table = Table("Lines", COLUMNS, tuple(rows), in_thousands=in_thousands, carries=(1,))
    pages, _ = laid_out(document_of(table))
    assert len(pages) > 4
    at_first, began = 1, 1
    for page, following in pairwise(pages):
        numbers = [int(text.removeprefix("Line ")) for text in shown(page) if re.fullmatch(r"Line \d+", text)]
        if at_first <= 100 < numbers[-1]:
            began = 101
        at_first = numbers[-1]
        forward = in_column(sum(range(began, numbers[-1] + 1)) * scale, in_thousands=in_thousands)
        last, first_there = page[-1].item.ops, [placed.item.ops for placed in following if placed.is_repeated]
        assert [op.text for op in last if isinstance(op, Text)] == ["Carried forward", forward]
        brought = [[op.text for op in ops if isinstance(op, Text)] for ops in first_there]
        assert ["Brought forward", forward] in brought


def test_nothing_is_carried_where_a_page_ends_with_a_sum_or_begins_with_a_heading() -> None:
    groups: list[Row] = []
    for number in range(20):
        groups += [Row((f"Group {number}",), RowKind.HEADING), *lines(5), Row(("Sum", 15), RowKind.SUBTOTAL)]
    pages, _ = laid_out(document_of(table_of(groups, carries=(1,))))
    assert len(pages) > 2
    for page in pages:
        assert not {"Carried forward", "Brought forward"} & set(shown(page))


def test_nothing_is_carried_forward_that_the_table_does_not_ask_for() -> None:
    pages, _ = laid_out(document_of(table_of(lines(200))))
    assert not any("Carried forward" in shown(page) for page in pages)


def test_a_row_taller_than_a_page_is_shortened_rather_than_lost(tmp_path: Path) -> None:
    path = tmp_path / "tall.pdf"
    write_pdf(document_of(table_of([Row(("word " * 20_000, 5)), Row(("after", 7))], carries=(1,))), path)
    text = " ".join(pages_of(path))
    assert "…" in text
    assert "0.05" in text
    assert "after 0.07" in text


def test_amounts_stand_under_each_other_with_their_brackets_hanging(tmp_path: Path) -> None:
    path = tmp_path / "amounts.pdf"
    rows = [
        Row(("a", 1)),
        Row(("b", -1)),
        Row(("c", 0)),
        Row(("d", -999_999_999_999)),
        Row(("Total", 5), RowKind.TOTAL),
    ]
    write_pdf(document_of(table_of(rows)), path)
    with pikepdf.open(path) as pdf:
        drawn = {each.text: each for each in marked_content(pdf.pages[0]).drawn}

    def last_digit(each: Drawn) -> float:
        bracket = 0.333 * each.size if each.text.endswith(")") else 0.0
        return round(each.x + each.width - bracket, 1)

    edges = [last_digit(drawn[text]) for text in ("0.01", "(0.01)", "(9,999,999,999.99)", "0.05")]
    assert max(edges) - min(edges) <= 0.11


def test_many_columns_are_set_in_smaller_type_rather_than_over_each_other(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    columns = (Column("Name", width=3), *amounts(*(f"Amount {number} £" for number in range(6))))
    row = Row(("A name of some length, which takes its room", *[-999_999_999_999] * 6))
    write_pdf(document_of(Table("Wide", columns, (row,))), path)
    with pikepdf.open(path) as pdf:
        sizes = {each.size for each in marked_content(pdf.pages[0]).drawn if each.text == "(9,999,999,999.99)"}
    assert len(sizes) == 1
    assert min(sizes) < 8.5


def test_a_table_without_rows_has_its_heads(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    write_pdf(document_of(table_of([])), path)
    assert "Line Amount £" in pages_of(path)[0]


def test_a_long_heading_of_a_group_is_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    rows = [Row(("Group " + "of many words " * 30,), RowKind.HEADING), *lines(80)]
    write_pdf(document_of(table_of(rows)), path)
    pages = pages_of(path)
    assert pages[0].count("of many words") == 30
    assert pages[1].count("of many words") == 30


def test_what_stands_above_a_table_stays_with_it() -> None:
    for count in range(20, 70):
        sections = (Section("One", (table_of(lines(count)), Heading("Second"), table_of(lines(3, first=500)))),)
        pages, _ = laid_out(Document("Title", "Subtitle", ("Agreement",), "DRAFT", sections))
        (own,) = [page for page in pages if "Second" in shown(page)]
        assert "Line 500" in shown(own)
