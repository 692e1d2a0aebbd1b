"""The settlement statement of one partner: a first page to sign, then the figures, the clauses and the balances."""

from settlement.statements.balances import balances_section
from settlement.statements.clauses import clauses_section
from settlement.statements.document import Document
from settlement.statements.first_page import first_page
from settlement.statements.funds import funds_section, schemes_section
from settlement.statements.in_dispute import dispute_section
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import notes_section
from settlement.statements.sealed import framed


def settlement_statement(inputs: StatementInputs, partner_code: str) -> Document:
    """The partner's statement. Raises KeyError for a code that no partner in being has."""
    name = inputs.name_of(partner_code)
    sections = (
        first_page(inputs, partner_code),
        *dispute_section(inputs),
        funds_section(inputs, partner_code),
        schemes_section(inputs),
        clauses_section(inputs, partner_code),
        balances_section(inputs),
        *notes_section(inputs),
    )
    return framed(inputs, "Settlement statement", name, name, sections)
