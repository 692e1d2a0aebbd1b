"""The preparer's notes: on the first page as far as they fit there, and all of them in a section at the end if not."""

from rules.language import message, say, say_many
from settlement.statements.document import Bullets, Note, Section
from settlement.statements.inputs import StatementInputs

TITLE = message("Notes")
_ROOM = 450  # characters of notes that leave a first page its room


def first_notes(inputs: StatementInputs) -> list[Note]:
    """The notes as the first page shows them: all, or the first with word of where the others are."""
    if not inputs.notes or not has_notes_section(inputs):
        return [Note(text) for text in inputs.notes]
    first, *others = inputs.notes
    if len(first) > _ROOM:
        said = say_many(
            "See “{title}”, at the end: {count} note.",
            "See “{title}”, at the end: {count} notes.",
            len(inputs.notes),
            title=say(TITLE),
        )
        return [Note(said)]
    said = say_many(
        "{note} See “{title}”, at the end, for {count} more.",
        "{note} See “{title}”, at the end, for {count} more.",
        len(others),
        note=first,
        title=say(TITLE),
    )
    return [Note(said)]


def has_notes_section(inputs: StatementInputs) -> bool:
    """Whether the notes are too long for the first page."""
    return sum(map(len, inputs.notes)) > _ROOM


def notes_section(inputs: StatementInputs) -> tuple[Section, ...]:
    """The section at the end, where there is one."""
    return (Section(say(TITLE), (Bullets(inputs.notes),)),) if has_notes_section(inputs) else ()
