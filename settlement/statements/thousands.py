"""A statement with its tables in thousands of pounds, as boards and committees read them; what is due stays exact."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.language import message, say, say_many
from settlement.statements.document import (
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    Tone,
)
from settlement.statements.first_page import when_and_how
from settlement.statements.fitting import fits, fitted
from settlement.statements.inputs import StatementInputs

_THOUSAND_POUNDS = 100_000  # pence
_HEAD = 2  # an address may stand before the facts
_MOST_TOLD = 1  # sums that differ as shown, beneath a table
_EXACT = (message("Exact ratio"), message("Exact ratio before caps"))


def in_thousands(document: Document, inputs: StatementInputs) -> Document:
    """The document with its tables shown in thousands, and a note that says so where it is read first.

    The amounts themselves stay exact: a workbook holds every penny, and shows thousands. Where what a table shows does
    not add up, because each figure is rounded by itself, it says so beneath it.
    """
    sections = [_section(section, inputs, is_told=True) for section in document.sections]
    if not sections:
        return document
    note = Note(" ".join(_said(inputs)))
    sections[0] = _with_note(sections[0], note)
    shown = replace(document, sections=tuple(sections))
    if fits(shown):
        return shown
    # what is signed and who signs it are on one page: beneath the same figures behind it each difference is told
    sections[0] = _with_note(_section(document.sections[0], inputs, is_told=False), note)
    return fitted(replace(document, sections=tuple(sections)))


def _section(section: Section, inputs: StatementInputs, *, is_told: bool) -> Section:
    blocks = tuple(shown for block in section.blocks for shown in _shown(block, inputs, is_told=is_told))
    return replace(section, blocks=blocks)


def _said(inputs: StatementInputs) -> Iterator[str]:
    yield say("Tables are in £000, each figure rounded by itself; all else is in pounds and pence.")
    if not inputs.is_draft:
        yield say("What is signed and sealed is the statement in pounds and pence.")


def _with_note(section: Section, note: Note) -> Section:
    """In one with what else there is to know, so that a first page keeps its room; else after the facts at the head."""
    blocks = list(section.blocks)
    for place, block in enumerate(blocks):
        if isinstance(block, Note) and block.tone is Tone.INFORMATION:
            blocks[place] = replace(block, text=f"{note.text} {block.text}")
            return replace(section, blocks=tuple(blocks))
    heads = [place for place, block in enumerate(blocks[:_HEAD]) if isinstance(block, Facts)]
    blocks.insert(heads[0] + 1 if heads else 0, note)
    return replace(section, blocks=tuple(blocks))


def _shown(block: Block, inputs: StatementInputs, *, is_told: bool) -> Iterator[Block]:
    match block:
        case Facts() if when_and_how(inputs) in block.pairs:
            exact, rounded = when_and_how(inputs), when_and_how(inputs, in_thousands=True)
            yield Facts(tuple(rounded if pair == exact else pair for pair in block.pairs))
        case Table():
            table = _table(block)
            yield table
            differs = _differences(table) if table.in_thousands and is_told else ""
            if differs:
                yield Paragraph(differs)
        case _:
            yield block


def _table(table: Table) -> Table:
    if not any(isinstance(cell, int) for row in table.rows for cell in row.cells):
        return table
    if any(column.title in map(say, _EXACT) for column in table.columns):
        return table  # a basis and the ratio that it makes go together to the penny
    columns = tuple(replace(column, title=_title(column)) for column in table.columns)
    return replace(table, columns=columns, in_thousands=True)


def _title(column: Column) -> str:
    return f"{column.title.removesuffix(' £')} £000" if column.title.endswith(" £") else column.title


# Where what is shown does not add up


def _differences(table: Table) -> str:
    """The sums that differ as they are shown, in a sentence; "" if all of them add up."""
    told = [*_of_rows(table), *_of_columns(table)]
    if not told:
        return ""
    more = len(told) - _MOST_TOLD
    if more > 0:
        return say_many(
            "Rounded one by one, {differences}, and {count} more sum of this table differs in the same way.",
            "Rounded one by one, {differences}, and {count} more sums of this table differ in the same way.",
            more,
            differences="; ".join(told[:_MOST_TOLD]),
        )
    return say("Rounded one by one, {differences}.", differences="; ".join(told))


def _of_rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        if not row.adds and not row.takes:
            continue
        for place, cell in enumerate(row.cells):
            if isinstance(cell, int):
                parts = _sum((table.rows[each] for each in row.adds), place)
                parts -= _sum((table.rows[each] for each in row.takes), place)
                if parts != _thousands(cell):
                    yield _told(row, table.columns[place], parts, cell)


def _of_columns(table: Table) -> Iterator[str]:
    for place, column in enumerate(table.columns):
        for row in table.rows if column.adds or column.takes else ():
            cell = "" if row.kind is RowKind.HEADING else row.cells[place]
            if isinstance(cell, int):
                parts = sum(_of_cell(row.cells[each]) for each in column.adds)
                parts -= sum(_of_cell(row.cells[each]) for each in column.takes)
                if parts != _thousands(cell):
                    yield _told(row, column, parts, cell)


def _told(row: Row, column: Column, parts: int, cell: int) -> str:
    return say(
        "“{row}” under “{column}” adds up to {parts} as shown, and is shown as {whole}",
        column=column.title,
        row=row.cells[0],
        parts=_bracketed(parts),
        whole=_bracketed(_thousands(cell)),
    )


def _sum(rows: Iterable[Row], place: int) -> int:
    return sum(_of_cell(row.cells[place]) for row in rows if row.kind is not RowKind.HEADING)


def _of_cell(cell: Cell) -> int:
    return _thousands(cell) if isinstance(cell, int) else 0


def _thousands(pence: int) -> int:
    """As a table shows it: half away from nought."""
    whole = (abs(pence) + _THOUSAND_POUNDS // 2) // _THOUSAND_POUNDS
    return -whole if pence < 0 else whole


def _bracketed(thousands: int) -> str:
    return f"({-thousands:,})" if thousands < 0 else f"{thousands:,}"
