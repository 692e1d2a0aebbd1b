"""What a partner's statement says: every figure is the settlement's, in words as in figures."""

from dataclasses import replace
from typing import TypeVar

import pytest

from rules.agreement import Kind
from rules.money import pounds
from rules.periods import Period
from settlement.explain import row_names
from settlement.result import result_of
from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.beside import beside
from settlement.statements.document import (
    Bullets,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    RowKind,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.footing import FOOTING, label_of
from settlement.statements.reasons import held_for_the_pool
from settlement.statements.wording import amount_in_words
from tests.conftest import golden_case
from tests.settlement.statements.making import hard_inputs, inputs_of

_Kind = TypeVar("_Kind")


def blocks_of(document: Document, kind: type[_Kind]) -> list[_Kind]:
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def table_named(document: Document, title: str) -> Table:
    return next(table for table in document.tables if table.title == title)


def test_the_amount_due_is_in_words_as_in_figures_and_says_to_whom(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    for row in settlement.rows:
        (due,) = blocks_of(settlement_statement(golden_inputs, row.partner), KeyFigures)
        assert due.amount_pence == abs(row.net_due_pence)
        assert due.words == amount_in_words(due.amount_pence)
        assert due.label.startswith(
            {1: "Due from", -1: "Due to", 0: "Nothing"}[(row.net_due_pence > 0) - (row.net_due_pence < 0)]
        )
        paid = [each for each in settlement.transfers if row.partner in {each.payer, each.receiver}]
        assert len(due.lines) == len(paid) + len(held_for_the_pool(golden_inputs, row))
        for transfer in paid:
            assert any(pounds(transfer.amount_pence) in line for line in due.lines)


def test_the_fourteen_lines_are_the_results_and_add_up(golden_inputs: StatementInputs) -> None:
    rows = result_of(golden_inputs.settlement)["partners"]
    for code, row in rows.items():
        table = table_named(settlement_statement(golden_inputs, code), "Every line of the settlement")
        *lines, total = table.rows
        assert len(lines) == len(FOOTING) == 14
        for line, (key, sign, label) in zip(lines, FOOTING, strict=True):
            assert line.cells[:2] == (label_of(golden_inputs, code, key, label), sign * row[key])
        for column in range(1, len(table.columns)):
            assert sum(line.cells[column] for line in lines) == total.cells[column]
        assert total.cells[1] == row["net_due"]


def test_the_fourteen_lines_are_named_in_the_order_and_with_the_signs_of_a_row() -> None:
    *figures, last = row_names()
    assert [(key, sign) for key, sign, _ in FOOTING] == [(key, sign) for key, _, sign in figures]
    assert last[0] == "net_due"


def test_the_first_page_leaves_out_only_nil_lines(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        document = settlement_statement(golden_inputs, row.partner)
        short = table_named(document, "How the amount due is made up")
        amounts = [place for place, cell in enumerate(short.rows[-1].cells) if isinstance(cell, int)]
        assert amounts[0] == 1
        for column in amounts:
            *lines, total = (line.cells[column] for line in short.rows)
            assert sum(lines) == total
        assert all(any(line.cells[place] for place in amounts) for line in short.rows[:-1])


def test_movement_is_what_was_added_since_the_last_statement(golden_inputs: StatementInputs) -> None:
    for row in golden_inputs.settlement.rows:
        for line in table_named(settlement_statement(golden_inputs, row.partner), "Every line of the settlement").rows:
            _, now, before, movement, _ = line.cells
            assert now - before == movement


def test_each_fund_accounts_for_what_the_partner_owes_its_host(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    for account in settlement.accounts:
        document = settlement_statement(golden_inputs, account.partner)
        fund = settlement.agreement.fund_of[account.fund]
        tables = [
            table for table in document.tables if table.title.startswith(fund.name) and table.title.endswith("fund")
        ]
        if not tables:
            assert account.owed_pence == 0
            continue
        (table,) = tables
        total = table.rows[-1]
        assert total.cells[1] == account.owed_pence
        after = [row.cells[1] for row in table.rows[:-1] if row.kind is RowKind.SUBTOTAL]
        counted = False
        summed = 0
        for row in table.rows[:-1]:
            counted = counted or row.kind is RowKind.SUBTOTAL or not after
            summed += row.cells[1] if counted else 0
        assert summed == account.owed_pence


def test_every_scheme_has_its_budget_spend_and_variance_with_its_marker(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    figures = settlement.outcome.figures
    code = settlement.rows[0].partner
    document = settlement_statement(golden_inputs, code)
    shown = {
        row.cells[0]: row.cells
        for table in document.tables
        if table.title.endswith("variance by scheme")
        for row in table.rows
        if row.kind is RowKind.BODY
    }
    assert len(shown) == len(settlement.agreement.schemes)
    for index, scheme in enumerate(settlement.agreement.schemes):
        label = next(name for name in shown if scheme.code in name)
        *_, spend, variance, marked = shown[label]
        expected = figures.tables[Kind.BASELINE] if scheme.service == "influenced" else figures.budget
        assert shown[label][1] == sum(expected[index])
        assert spend == sum(figures.spend[index])
        assert variance == shown[label][1] - spend
        assert marked == ("–" if not variance else "Favourable" if variance > 0 else "Adverse")


def test_every_clause_that_bit_is_there_with_its_amounts_and_shares(golden_inputs: StatementInputs) -> None:
    settlement = golden_inputs.settlement
    document = settlement_statement(golden_inputs, settlement.rows[0].partner)
    headings = [block.text for block in blocks_of(document, Heading)]
    bit = {part.clause for dealt in settlement.outcome.subjects for part in dealt.parts} - {"excluded"}
    told = bit | {part.clause for dealt in settlement.outcome.subjects for part in dealt.tried}
    for clause in settlement.agreement.clauses:
        assert any(text.startswith(f"Clause {clause.id}: {clause.title}") for text in headings) == (clause.id in told)
    for clause in bit:
        tables = [table for table in document.tables if table.title.startswith(f"Clause {clause}: ")]
        shared = sum(
            part.amount_pence
            for dealt in settlement.outcome.subjects
            for part in dealt.parts
            if part.clause == clause and part.shares_pence is not None
        )
        subtotals = [
            row.cells[4]
            for table in tables
            if len(table.columns) == 5
            for row in table.rows
            if row.cells[0] == "All partners"
        ]
        assert sum(subtotals) == shared
        for column, partner in enumerate(settlement.agreement.partners):
            own = sum(
                part.shares_pence[column]
                for dealt in settlement.outcome.subjects
                for part in dealt.parts
                if part.clause == clause and part.shares_pence is not None
            )
            rows = [row.cells for table in tables if len(table.columns) == 5 for row in table.rows]
            assert sum(cells[4] for cells in rows if cells[0] == partner.name) == own


def test_shares_stand_beside_their_basis_and_exact_ratio() -> None:
    inputs = inputs_of(golden_case("oxfordshire-2013-14"))
    document = settlement_statement(inputs, inputs.settlement.rows[0].partner)
    tables = [table for table in document.tables if table.title.endswith("shared between the partners")]
    cells = [row.cells for table in tables for row in table.rows]
    assert any(row[2:4] == ("33 / 65", "50.77%") for row in cells)


def test_amounts_with_one_basis_are_listed_with_each_partners_share() -> None:
    inputs = hard_inputs(3)
    table = table_named(settlement_statement(inputs, "B"), "Clause 2: each of the 3 amounts")
    dealt = inputs.settlement.outcome.subjects
    expected = [(part.amount_pence, *(part.shares_pence or ())) for each in dealt for part in each.parts]
    assert [row.cells[1:] for row in table.rows[:-1]] == expected


def test_reserves_open_are_drawn_or_paid_into_and_carried_forward(golden_inputs: StatementInputs) -> None:
    document = settlement_statement(golden_inputs, golden_inputs.settlement.rows[0].partner)
    balances = golden_inputs.settlement.outcome.reserves
    tables = [table for table in document.tables if table.title == "Reserves drawn and carried forward"]
    assert len(tables) == bool(balances)
    for row, balance in zip(tables[0].rows if tables else (), balances, strict=True):
        opening, drawn, paid_in, closing = (cell for cell in row.cells if isinstance(cell, int))
        assert (opening, closing) == (balance.reserve.opening_pence, balance.closing_pence)
        assert opening + drawn + paid_in == closing
        assert drawn <= 0 <= paid_in


def test_what_is_not_allocated_cannot_be_missed() -> None:
    inputs = hard_inputs(2, spend_pence=500_00)
    unallocated = inputs.settlement.outcome.unallocated_pence
    assert unallocated > 0
    for code in ("A", "B"):
        warnings = [note for note in blocks_of(settlement_statement(inputs, code), Note) if note.tone is Tone.WARNING]
        assert len(warnings) == 2
        assert all(pounds(unallocated) in note.text for note in warnings)


def test_who_signs_and_who_prepared_it_and_that_it_is_a_draft(golden_inputs: StatementInputs) -> None:
    code = golden_inputs.settlement.rows[0].partner
    document = settlement_statement(golden_inputs, code)
    (block,) = blocks_of(document, SignatureBlock)
    assert set(block.lines) == {"Name", "Role", "Signature", "Date"}
    facts = dict(blocks_of(document, Facts)[0].pairs)
    assert facts["Prepared by"] == "A. Preparer"
    assert document.status == "DRAFT – not signed"


def test_a_successor_is_set_beside_those_whose_place_it_took() -> None:
    case = golden_case("ccg-to-icb-2022-23")
    before = case.settlement(Period.M3)
    inputs = StatementInputs(case.settlement(), previous=before, on_file=case.agreement)
    side = beside(inputs, "ICB")
    _, then, _ = side.cells(lambda settlement, codes: sum(r.paid_pence for r in settlement.rows if r.partner in codes))
    assert then == before.row_of("CCG-N").paid_pence + before.row_of("CCG-S").paid_pence


def test_notes_too_long_for_the_first_page_stand_at_the_end(golden_inputs: StatementInputs) -> None:
    many = tuple(f"Illustrative: note {number}, {'with much to say ' * 6}" for number in range(10))
    document = settlement_statement(replace(golden_inputs, notes=many), golden_inputs.settlement.rows[0].partner)
    assert len(blocks_of(document, Note)) <= 2
    (notes,) = (section for section in document.sections if section.title == "Notes")
    (bullets,) = notes.blocks
    assert isinstance(bullets, Bullets)
    assert bullets.items == many


def test_a_code_that_no_partner_has_is_refused(golden_inputs: StatementInputs) -> None:
    with pytest.raises(KeyError):
        settlement_statement(golden_inputs, "NOBODY")
