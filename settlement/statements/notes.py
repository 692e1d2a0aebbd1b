"""The preparer's notes: on the first page as far as they fit there, and all of them in a section at the end if not."""

from settlement.statements.document import Bullets, Note, Section
from settlement.statements.inputs import StatementInputs

TITLE = "Notes"
_ROOM = 450  # characters of notes that leave a first page its room


def first_notes(inputs: StatementInputs) -> list[Note]:
    """The notes as the first page shows them: all, or the first with word of where the others are."""
    if not inputs.notes or not has_notes_section(inputs):
        return [Note(text) for text in inputs.notes]
    first, *others = inputs.notes
    return [Note(f"{first} What else there is to know about the figures is under “{TITLE}”, {len(others)} in all.")]


def has_notes_section(inputs: StatementInputs) -> bool:
    """Whether the notes are too long for the first page."""
    return len(inputs.notes) > 1 and sum(map(len, inputs.notes)) > _ROOM


def notes_section(inputs: StatementInputs) -> tuple[Section, ...]:
    """The section at the end, where there is one."""
    return (Section(TITLE, (Bullets(inputs.notes),)),) if has_notes_section(inputs) else ()
