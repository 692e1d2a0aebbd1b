"""The first page of a statement is all that a director signs for, on one page; a theme adds the partners' own words."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.money import pounds
from rules.periods import Period
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.anchors import working_numbers
from settlement.statements.document import (
    Block,
    Bullets,
    Document,
    Facts,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    SignatureBlock,
    Table,
)
from settlement.statements.footing import footing_lines
from settlement.statements.pdf.writer import write_pdf
from settlement.statements.reasons import reserves_held
from settlement.statements.theme import OwnSignatory, PartnerTheme, Theme
from settlement.statements.thousands import in_thousands
from tests.conftest import golden_case
from tests.settlement.statements.making import BEFORE, DIGEST, for_signature, hard_inputs, inputs_of, pages_of, signed


def partners_of(inputs: StatementInputs) -> tuple[str, ...]:
    return tuple(partner.code for partner in inputs.agreement.partners)


def first_of(inputs: StatementInputs, partner: str) -> tuple[Block, ...]:
    return settlement_statement(inputs, partner).sections[0].blocks


def pages(document: Document, folder: Path) -> list[str]:
    """The text of the pages of the first page's section and the one after it."""
    write_pdf(replace(document, sections=document.sections[:2]), folder / "statement.pdf")
    return pages_of(folder / "statement.pdf")


def joined(text: str) -> str:
    return "".join(text.split())


# --- one page ---------------------------------------------------------------------------------------------------------


def test_it_is_one_page_whatever_its_status(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for inputs in (golden_inputs, for_signature(golden_inputs), signed(golden_inputs)):
        for code in partners_of(inputs):
            document = settlement_statement(inputs, code)
            first, second, *_ = pages(document, tmp_path)
            assert document.sections[1].title in second
            assert f"Signed for {inputs.name_of(code)}" in first


def test_it_is_one_page_in_thousands(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    for code in partners_of(golden_inputs):
        document = in_thousands(settlement_statement(golden_inputs, code), golden_inputs)
        # nine lines and word of how they are rounded take a page and a line
        if len(footing_lines(golden_inputs, code)) <= 8:
            assert document.sections[1].title in pages(document, tmp_path)[1]


def test_it_says_everything_that_is_signed_for(golden_inputs: StatementInputs, tmp_path: Path) -> None:
    inputs = signed(golden_inputs)
    agreement = inputs.agreement
    for row in inputs.settlement.rows:
        document = settlement_statement(inputs, row.partner)
        text = joined(pages(document, tmp_path)[0])
        (due,) = (block for block in document.sections[0].blocks if isinstance(block, KeyFigures))
        wanted = [
            agreement.title,
            str(agreement.year),
            inputs.period_text,
            "pounds and pence",
            "Signed, note 3",
            DIGEST,
            "A. Preparer",
            pounds(abs(row.net_due_pence)),
            due.words,
            *due.lines,
            *(line.label for line in footing_lines(inputs, row.partner)),
            *(signatory.name for signatory in inputs.signatories),
            *(signatory.role for signatory in inputs.signatories),
            "28 April 2015, 09:30 UTC",
        ]
        assert [each for each in wanted if joined(each) not in text] == []


def of_others(inputs: StatementInputs, partner: str) -> set[str]:
    """What the reasons say beside the amounts of the row: of payers, reserves and what is withheld or met otherwise."""
    settlement = inputs.settlement
    payers = [settlement.row_of(each.payer) for each in settlement.transfers if each.receiver == partner]
    borne = [each for row in payers for each in (row.overspend_pence, row.qipp_shortfall_pence, row.disbenefit_pence)]
    held = reserves_held(inputs, partner)
    parts = [pence for each in held for pence in (each.paid_in_pence, each.drawn_pence)]
    parts.append(settlement.row_of(partner).drawn_pence - sum(each.drawn_pence - each.paid_in_pence for each in held))
    withheld = [sum(cells) for cells in zip(*(settlement.outcome.figures.withheld or ()), strict=True)]
    return {pounds(abs(pence)) for pence in (*borne, *parts, *withheld)}


def test_the_reason_has_three_lines_at_most_and_amounts_of_the_settlement_alone(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        (why,) = (block for block in first_of(golden_inputs, row.partner) if isinstance(block, Bullets))
        assert 2 <= len(why.items) <= 3
        figures = {pounds(abs(getattr(row, name))) for name in row.__slots__ if name.endswith("_pence")}
        figures |= of_others(golden_inputs, row.partner)
        said = {word.rstrip(";,.") for item in why.items for word in item.split() if word.startswith("£")}
        assert said <= figures


# --- figures and picture ----------------------------------------------------------------------------------------------


def test_each_line_leads_to_its_working_by_the_number_it_has_there(golden_inputs: StatementInputs) -> None:
    for code in partners_of(golden_inputs):
        (table,) = (block for block in first_of(golden_inputs, code) if isinstance(block, Table))
        assert [row.cells[-1] for row in table.rows] == list(working_numbers(golden_inputs, code).values())
        assert [row.cells[-1] for row in table.rows] == [f"W{number}" for number in range(1, len(table.rows) + 1)]
        assert all(row.anchor.startswith("due-") and row.goes_to == f"w{row.anchor[3:]}" for row in table.rows)
        assert table.rows[-1].anchor == "due-net"
        anchors = {
            getattr(block, "anchor", "")
            for section in settlement_statement(golden_inputs, code).sections
            for block in section.blocks
        }
        assert {row.goes_to for row in table.rows} <= anchors


def test_the_picture_has_the_tables_figures_and_says_them(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        blocks = first_of(golden_inputs, row.partner)
        (picture,) = (block for block in blocks if isinstance(block, Picture))
        table = blocks[blocks.index(picture) + 1]
        assert isinstance(table, Table)
        assert picture.table == table.title
        for line in table.rows[:-1]:
            if line.cells[1]:
                assert f"{line.cells[0]}, {pounds(int(line.cells[1]))}" in picture.alternative
        whole = pounds(abs(row.net_due_pence)) if row.net_due_pence else "nothing due"
        assert whole in picture.alternative


def test_year_to_date_last_stated_movement_and_outturn_stand_side_by_side() -> None:
    inputs = inputs_of(golden_case("barnet-2014-15-core"))
    (table,) = (block for block in first_of(inputs, "LBB") if isinstance(block, Table))
    titles = [column.title for column in table.columns]
    assert titles == ["Line", "Year to date £", "Stated at M11 £", "Movement since £", "Forecast outturn £", "Working"]
    assert (table.columns[3].adds, table.columns[3].takes) == ((1,), (2,))
    assert table.rows[-1].adds == tuple(range(len(table.rows) - 1))


# --- notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ((), []),
        (("Short.", "Also short."), ["Short.", "Also short."]),
        (("First.", "x" * 450), ["First. See “Notes”, at the end, for 1 more."]),
        (("First.", "x" * 300, "y" * 300), ["First. See “Notes”, at the end, for 2 more."]),
        (("x" * 451,), ["See “Notes”, at the end: 1 note."]),
        (("x" * 451, "y"), ["See “Notes”, at the end: 2 notes."]),
    ],
)
def test_long_notes_stand_at_the_end_and_the_first_page_says_so(notes: tuple[str, ...], told: list[str]) -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), notes=notes)
    document = settlement_statement(inputs, "LBB")
    assert [block.text for block in document.sections[0].blocks if isinstance(block, Note)] == told
    kept = [section.blocks for section in document.sections if section.title == "Notes"]
    assert kept == ([(Bullets(notes),)] if "Notes" in "".join(told) else [])


# --- a theme ----------------------------------------------------------------------------------------------------------

THEME = Theme(
    paragraph="Questions go to the Pooled Fund Manager.",
    partners={
        "LBB": PartnerTheme(
            ("Town Hall", "High Street"),
            (OwnSignatory("", "Director of Finance, LBB"), OwnSignatory("Jo Chief", "Chief Executive")),
        )
    },
)


def test_a_theme_has_the_partners_address_its_signatories_and_a_paragraph(tmp_path: Path) -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), theme=THEME)
    blocks = first_of(inputs, "LBB")
    assert blocks[0] == Paragraph("Town Hall, High Street")
    (own,) = (block for block in blocks if isinstance(block, SignatureBlock))
    assert own.heading == "Signed for London Borough of Barnet"
    assert own.pairs == (
        ("Name", ""),
        ("Role", "Director of Finance, LBB"),
        ("Signature", ""),
        ("Date", ""),
        ("Name", "Jo Chief"),
        ("Role", "Chief Executive"),
        ("Signature", ""),
        ("Date", ""),
    )
    assert blocks[blocks.index(own) - 1] == Paragraph("Questions go to the Pooled Fund Manager.")
    document = settlement_statement(inputs, "LBB")
    first, second, *_ = pages(document, tmp_path)
    assert document.sections[1].title in second
    assert "Town Hall, High Street" in first


def test_a_partner_of_which_the_theme_says_nothing_signs_as_without_one() -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), theme=THEME)
    blocks = first_of(inputs, "BCCG")
    assert isinstance(blocks[0], Facts)
    (block,) = (each for each in blocks if isinstance(each, SignatureBlock))
    assert set(dict(block.pairs).values()) == {""}


@pytest.mark.parametrize(
    ("signatory", "blocks"),
    [
        (OwnSignatory("director of lbb", "Treasurer"), 1),
        (OwnSignatory("", "director of finance, LBB"), 1),
        (OwnSignatory("", ""), 1),
        (OwnSignatory("Jo Chief", "Director of Finance, LBB"), 2),
        (OwnSignatory("", "Chief Executive"), 2),
    ],
)
def test_who_has_signed_in_the_ledger_has_no_second_block_to_sign_by_hand(signatory: OwnSignatory, blocks: int) -> None:
    theme = Theme(partners={"LBB": PartnerTheme(signatories=(signatory,))})
    inputs = signed(replace(inputs_of(golden_case("barnet-2014-15-core")), theme=theme))
    own = [block for block in first_of(inputs, "LBB") if isinstance(block, SignatureBlock)]
    assert own[0].values[:2] == ("Director of LBB", "Director of Finance, LBB")
    assert len(own) == blocks


def test_a_theme_changes_no_figure(golden_inputs: StatementInputs) -> None:
    for code in partners_of(golden_inputs):
        plain, own = (settlement_statement(each, code) for each in (golden_inputs, replace(golden_inputs, theme=THEME)))
        assert plain.tables == own.tables
        assert plain.sections[1:] == own.sections[1:]


# --- about it ---------------------------------------------------------------------------------------------------------


def test_what_has_no_room_on_the_first_page_stands_at_the_end() -> None:
    inputs = signed(inputs_of(golden_case("barnet-2014-15-core")))
    (*_, about) = settlement_statement(inputs, "LBB").sections
    assert about.title == "About this statement"
    facts, check = about.blocks
    assert isinstance(facts, Facts)
    assert dict(facts.pairs) == {"Made with": "S75 Settlement 0.1", "The note before it has the digest": BEFORE}
    assert isinstance(check, Paragraph)
    assert check.text.startswith("Check that note 3 of the ledger has this digest.")


def test_names_of_any_length_keep_the_due_panel_and_the_picture_on_the_first_page(tmp_path: Path) -> None:
    inputs = signed(hard_inputs(3))
    first = joined(pages(settlement_statement(inputs, "A"), tmp_path)[0])
    assert joined(inputs.name_of("A")) in first
    assert DIGEST in first
    assert "Fromcontributiontoamountdue" in first


def test_the_day_it_was_made_is_told_if_it_is_given() -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), date_shown=date(2015, 4, 28))
    (facts,) = settlement_statement(inputs, "LBB").sections[-1].blocks
    assert isinstance(facts, Facts)
    assert dict(facts.pairs)["Made on"] == "28 April 2015"


def test_where_there_is_nothing_to_say_about_it_there_is_no_such_section() -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), version="")
    assert "About this statement" not in [section.title for section in settlement_statement(inputs, "LBB").sections]


# --- the opening position ---------------------------------------------------------------------------------------------


def opening(inputs: StatementInputs, partner: str) -> str:
    """The first paragraph after the table."""
    blocks = first_of(inputs, partner)
    place = next(place for place, block in enumerate(blocks) if isinstance(block, Table))
    after = blocks[place + 1]
    assert isinstance(after, Paragraph)
    return after.text


def test_the_opening_position_says_what_was_due_then_from_or_to_whom() -> None:
    case = golden_case("three-partners-qipp-separate")
    inputs = inputs_of(case)
    before = case.settlement(Period.M12)
    for row in before.rows:
        pays = row.net_due_pence > 0
        due = f"{pounds(abs(row.net_due_pence))} due {'from' if pays else 'to'} {inputs.name_of(row.partner)}"
        assert opening(inputs, row.partner).startswith(
            f"Opening position, as held at M12, not signed: {due}. Nothing has moved since."
        )
    assert {row.net_due_pence > 0 for row in before.rows} == {True, False}


def test_without_a_statement_before_the_opening_position_is_nil() -> None:
    inputs = replace(inputs_of(golden_case("barnet-2014-15-core")), previous=None, previous_period=None)
    assert opening(inputs, "LBB") == (
        "Nothing was stated before this in the financial year: the opening position is nil. The forecast counts "
        "payments only as made to date."
    )
