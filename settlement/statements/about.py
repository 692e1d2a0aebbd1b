"""About a statement: what has no room on its first page and is wanted by whoever checks it later."""

from rules.english import day
from rules.language import say
from settlement.statements.document import Block, Facts, Paragraph, Section
from settlement.statements.inputs import StatementInputs
from settlement.statements.sealed import how_to_check, version_in_words


def about_section(inputs: StatementInputs) -> tuple[Section, ...]:
    """The version of the agreement, what it was made with, how a seal is checked; nothing where there is none of it."""
    pairs = []
    if inputs.governing is not None:
        pairs.append((say("Version in force"), version_in_words(inputs.governing)))
    if inputs.version:
        pairs.append((say("Made with"), inputs.version))
    if inputs.date_shown is not None:
        pairs.append((say("Made on"), day(inputs.date_shown)))
    if inputs.seal is not None and inputs.seal.previous:
        pairs.append((say("The note before it has the digest"), inputs.seal.previous))
    blocks: list[Block] = [Facts(tuple(pairs))] if pairs else []
    if inputs.seal is not None and inputs.is_signed:
        blocks.append(Paragraph(how_to_check(inputs.seal)))
    return (Section(say("About this statement"), tuple(blocks)),) if blocks else ()
