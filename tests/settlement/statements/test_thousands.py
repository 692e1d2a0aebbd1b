"""Tables in £000: rounded one by one for reading, exact underneath, said so; and the draft's mark on every page."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from settlement.statements import StatementInputs, memorandum_account, settlement_statement, write_statements
from settlement.statements.document import (
    Align,
    Block,
    Column,
    Document,
    Facts,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
)
from settlement.statements.thousands import in_thousands
from settlement.statements.wording import in_column
from tests.conftest import golden_case
from tests.settlement.statements.making import for_signature, inputs_of, signed


@pytest.mark.parametrize(
    ("pence", "shown"),
    [
        (0, "–"),
        (1, "0"),
        (49_999, "0"),
        (50_000, "1"),
        (-50_000, "(1)"),
        (-49_999, "(0)"),
        (123_456_789, "1,235"),
        (10**14, "1,000,000,000"),
    ],
)
def test_thousands_are_rounded_half_away_from_nought(pence: int, shown: str) -> None:
    assert in_column(pence, in_thousands=True) == shown


def test_every_amount_stays_as_it_was_and_headings_say_thousands(golden_inputs: StatementInputs) -> None:
    for document in (settlement_statement(golden_inputs, _first(golden_inputs)), memorandum_account(golden_inputs)):
        shown = in_thousands(document, golden_inputs)
        assert [table.rows for table in shown.tables] == [table.rows for table in document.tables]
        for before, after in zip(document.tables, shown.tables, strict=True):
            has_amounts = any(isinstance(cell, int) for row in before.rows for cell in row.cells)
            is_basis = any(column.title.startswith("Exact ratio") for column in before.columns)
            assert after.in_thousands == (has_amounts and not is_basis)
            titles = [column.title for column in after.columns]
            assert not (after.in_thousands and any(title.endswith(" £") for title in titles))
        notes = [block for block in shown.sections[0].blocks if isinstance(block, Note)]
        assert any("Tables are in £000" in note.text for note in notes)


def test_what_is_sealed_is_said_to_be_the_statement_in_pence(golden_inputs: StatementInputs) -> None:
    partner = _first(golden_inputs)

    def said(inputs: StatementInputs) -> str:
        first = in_thousands(settlement_statement(inputs, partner), inputs).sections[0]
        return " ".join(block.text for block in first.blocks if isinstance(block, Note))

    assert "signed and sealed" not in said(golden_inputs)
    assert "signed and sealed" in said(for_signature(golden_inputs))
    assert "signed and sealed" in said(signed(golden_inputs))


def test_a_workbook_shows_thousands_and_holds_every_penny(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    partner, kinds = _first(golden_inputs), ("settlement-statement", "workings")
    exact = write_statements(golden_inputs, tmp_path / "exact", ("xlsx",), (partner,), kinds=kinds)
    shown = write_statements(golden_inputs, tmp_path / "shown", ("xlsx",), (partner,), thousands=True, kinds=kinds)
    assert shown[0].name == exact[0].name.replace(".xlsx", "-in-thousands.xlsx")
    assert shown[-1].name == exact[-1].name

    def numbers(path: Path) -> list[float]:
        book = CalamineWorkbook.from_path(path)
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return [cell for row in rows for cell in row if isinstance(cell, float)]

    assert numbers(shown[0]) == numbers(exact[0])


def test_only_a_draft_is_marked_across_the_page(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    def marks(inputs: StatementInputs, folder: str) -> list[int]:
        kinds = ("settlement-statement",)
        (path,) = write_statements(inputs, tmp_path / folder, ("pdf",), (_first(inputs),), kinds=kinds)
        pdf = pypdfium2.PdfDocument(path)
        told = []
        for page in pdf:
            words = page.get_textpage()
            told.append(words.get_text_range().replace("DRAFT – not signed", "").count("DRAFT"))
            words.close()
            page.close()
        pdf.close()
        return told

    assert set(marks(golden_inputs, "draft")) == {1}
    assert set(marks(for_signature(golden_inputs), "for-signature")) == {0}
    assert set(marks(signed(golden_inputs), "signed")) == {0}


def _first(inputs: StatementInputs) -> str:
    return inputs.agreement.partners[0].code


def test_a_table_is_exact_unless_it_says_otherwise() -> None:
    assert Table("T", (), ()).in_thousands is False


# --- sums that differ as they are shown -------------------------------------------------------------------------------

_COLUMNS = (Column("Line"), *amounts("Now £", "Then £"), Column("Moved £", Align.RIGHT, adds=(1,), takes=(2,)))


def _shown(*rows: tuple[int, int]) -> list[Block]:
    """The blocks that a table of these amounts becomes, with a total beneath them."""
    body = [Row((f"Line {number}", now, then, now - then)) for number, (now, then) in enumerate(rows, 1)]
    sums = tuple(sum(int(row.cells[place]) for row in body) for place in (1, 2, 3))
    table = Table("T", _COLUMNS, (*body, Row(("Total", *sums), RowKind.TOTAL, tuple(range(len(body))))))
    inputs = inputs_of(golden_case("barnet-2014-15-core"))
    document = Document("D", "", (), "", (Section("S", (table,)),))
    note, *blocks = in_thousands(document, inputs).sections[0].blocks
    assert isinstance(note, Note)
    return blocks


def test_a_table_that_adds_up_as_it_is_shown_says_nothing_more() -> None:
    assert len(_shown((1_000_00, 0), (2_000_00, 1_000_00))) == 1


def test_a_column_that_differs_from_its_total_says_so_beneath_its_table() -> None:
    table, told = _shown((400_00, 0), (400_00, 0))
    assert isinstance(table, Table)
    assert told == Paragraph(
        "Rounded one by one, “Total” under “Now £000” adds up to 0 as shown, and is shown as 1, and 1 more sum of this "
        "table differs in the same way."
    )


def test_a_movement_that_differs_from_its_columns_says_so() -> None:
    _, told = _shown((1_600_00, 1_400_00))
    assert isinstance(told, Paragraph)
    assert told.text == (
        "Rounded one by one, “Line 1” under “Moved £000” adds up to 1 as shown, and is shown as 0, and 1 more sum of "
        "this table differs in the same way."
    )


def test_one_difference_is_told_by_itself() -> None:
    _, told = _shown((-400_00, -400_00), (-400_00, -400_00), (1_000_000_00, -200_00))
    assert isinstance(told, Paragraph)
    assert told.text.startswith("Rounded one by one, “Total” under “Now £000” adds up to 1,000 as shown, and is shown")


def test_the_facts_say_thousands_too(golden_inputs: StatementInputs) -> None:
    document = in_thousands(settlement_statement(golden_inputs, _first(golden_inputs)), golden_inputs)
    facts = dict(next(block for block in document.sections[0].blocks if isinstance(block, Facts)).pairs)
    assert facts["Financial year"].endswith("; tables in £000")


def test_where_there_are_no_notes_the_word_of_thousands_is_one(golden_inputs: StatementInputs) -> None:
    inputs = replace(golden_inputs, notes=())
    blocks = in_thousands(settlement_statement(inputs, _first(inputs)), inputs).sections[0].blocks
    place = next(place for place, block in enumerate(blocks) if isinstance(block, Facts))
    note = blocks[place + 1]
    assert isinstance(note, Note)
    assert note.text.startswith("Tables are in £000, each figure rounded by itself;")
