"""What stands beside the shares: sums that hold, links to the amounts and lines, and a key to every sign."""

from settlement.statements import StatementInputs, settlement_statement
from settlement.statements.document import Bullets, Document, RowKind, Section, Table
from tests.conftest import golden_case
from tests.settlement.statements.making import inputs_of


def balances_of(document: Document) -> Section:
    return next(section for section in document.sections if section.title == "Balances, transfers and key")


def tables_of(document: Document) -> dict[str, Table]:
    return {block.title: block for block in balances_of(document).blocks if isinstance(block, Table)}


def statement(name: str) -> Document:
    inputs = inputs_of(golden_case(name))
    return settlement_statement(inputs, inputs.agreement.partners[0].code)


def test_what_is_carried_forward_is_the_sum_of_what_moved() -> None:
    table = tables_of(statement("rotherham-first-call"))["Reserves drawn and carried forward"]
    assert (table.columns[-1].title, table.columns[-1].adds) == ("Carried forward £", (2, 3, 4))
    assert all(isinstance(cell, int) for row in table.rows for cell in row.cells[2:])


def test_what_is_not_released_is_what_was_held_less_what_was_released() -> None:
    table = tables_of(statement("payment-for-performance"))["Performance pay held and released"]
    assert (table.columns[-1].adds, table.columns[-1].takes) == ((4,), (5,))


def test_every_total_is_declared(golden_inputs: StatementInputs) -> None:
    for partner in golden_inputs.agreement.partner_of:
        for table in tables_of(settlement_statement(golden_inputs, partner)).values():
            totals = [row for row in table.rows if row.kind is RowKind.TOTAL]
            assert all(row.adds for row in totals)


def test_spend_in_default_has_the_number_of_its_lines_and_leads_to_them() -> None:
    table = tables_of(statement("ccg-to-icb-2022-23"))["Spend in default"]
    *rows, total = table.rows
    assert all(str(row.cells[2]).startswith("L") and row.goes_to.startswith("default-") for row in rows)
    assert total.cells[:3] == ("Total", "", "")


def test_the_key_tells_of_every_sign_that_a_statement_has() -> None:
    (key,) = (block for block in balances_of(statement("telford-2019-20")).blocks if isinstance(block, Bullets))
    told = " ".join(key.items)
    for sign in (
        "in brackets is below zero",
        "a dash is nil",
        "“Less:”",
        "£000",
        "Adverse",
        "Favourable",
        "M13",
        "W1",
        "L1",
    ):
        assert sign in told
