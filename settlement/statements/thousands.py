"""A statement with its tables in thousands of pounds, as boards and committees read them; what is due stays exact."""

from dataclasses import replace

from settlement.statements.document import Block, Column, Document, Facts, Note, Section, Table
from settlement.statements.inputs import StatementInputs

_ROUNDED = (
    "Tables are in thousands of pounds (£000). Each figure is rounded by itself, so that a column may differ from its "
    "total by a few thousand; what is due, and every amount in a sentence, is in pounds and pence."
)
_EXACT = "Exact ratio"
_SEALED = "What the partners sign, and what the seal is of, is the statement in pounds and pence."


def in_thousands(document: Document, inputs: StatementInputs) -> Document:
    """The document with its tables shown in thousands, and a note that says so where it is read first.

    The amounts themselves stay exact: a workbook holds every penny, and shows thousands.
    """
    said = _ROUNDED if inputs.is_draft else f"{_ROUNDED} {_SEALED}"
    sections = [
        replace(section, blocks=tuple(_shown(block) for block in section.blocks)) for section in document.sections
    ]
    if sections:
        sections[0] = _with_note(sections[0], Note(said))
    return replace(document, sections=tuple(sections))


def _with_note(section: Section, note: Note) -> Section:
    """After the facts at the head, where there are any."""
    place = 1 if len(section.blocks) > 1 and isinstance(section.blocks[0], Facts) else 0
    return replace(section, blocks=(*section.blocks[:place], note, *section.blocks[place:]))


def _shown(block: Block) -> Block:
    if not isinstance(block, Table) or not any(isinstance(cell, int) for row in block.rows for cell in row.cells):
        return block
    if any(column.title.startswith(_EXACT) for column in block.columns):
        return block  # a basis and the ratio that it makes go together to the penny
    columns = tuple(replace(column, title=_in_thousands(column)) for column in block.columns)
    return replace(block, columns=columns, in_thousands=True)


def _in_thousands(column: Column) -> str:
    return f"{column.title.removesuffix(' £')} £000" if column.title.endswith(" £") else column.title
