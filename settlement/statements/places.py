"""Where a document's anchors are: the places that its links can lead to, for HTML and workbook alike."""

from collections.abc import Iterator

from settlement.statements.document import Document, Heading, Table

Place = tuple[int, ...]
"""A section by its number, a block of it by that and its own, a row of a table by these and its own: all from 0."""


def anchored(document: Document) -> Iterator[tuple[str, Place]]:
    """Every anchor of the document with its place, in reading order."""
    for number, section in enumerate(document.sections):
        if section.anchor:
            yield section.anchor, (number,)
        for at, block in enumerate(section.blocks):
            if isinstance(block, Heading | Table) and block.anchor:
                yield block.anchor, (number, at)
            if isinstance(block, Table):
                for row, each in enumerate(block.rows):
                    if each.anchor:
                        yield each.anchor, (number, at, row)


def anchors_of(document: Document) -> dict[str, Place]:
    """Each anchor with the first place that has it: what a link to it leads to."""
    found: dict[str, Place] = {}
    for anchor, place in anchored(document):
        found.setdefault(anchor, place)
    return found


def tables_called(document: Document) -> dict[str, list[Place]]:
    """The places of the tables by their titles, in reading order."""
    found: dict[str, list[Place]] = {}
    for number, section in enumerate(document.sections):
        for at, block in enumerate(section.blocks):
            if isinstance(block, Table):
                found.setdefault(block.title, []).append((number, at))
    return found


def table_of_picture(called: dict[str, list[Place]], title: str, after: Place) -> Place | None:
    """The table of a picture's figures: the first of that title after the picture, or else the last before it."""
    places = called.get(title, [])
    return next((place for place in places if place > after), places[-1] if places else None)
