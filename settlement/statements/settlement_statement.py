"""The settlement statement of one partner: a first page to sign, then the figures, the clauses, the workings."""

from rules.language import say
from settlement.statements.about import about_section
from settlement.statements.balances import balances_section
from settlement.statements.clauses import clauses_section
from settlement.statements.document import Document
from settlement.statements.first_page import first_page
from settlement.statements.fitting import fitted
from settlement.statements.funds import funds_section, schemes_section
from settlement.statements.in_dispute import dispute_section
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import notes_section
from settlement.statements.sealed import framed
from settlement.statements.working.in_statement import statement_workings


def settlement_statement(inputs: StatementInputs, partner_code: str) -> Document:
    """The partner's statement. Raises KeyError for a code that no partner in being has."""
    name = inputs.name_of(partner_code)
    sections = (
        first_page(inputs, partner_code),
        funds_section(inputs, partner_code),
        schemes_section(inputs),
        clauses_section(inputs, partner_code),
        balances_section(inputs),
        *dispute_section(inputs),
        *statement_workings(inputs, partner_code),
        *notes_section(inputs),
        *about_section(inputs),
    )
    return fitted(framed(inputs, say("Settlement statement"), name, name, sections))
