"""A first page that holds its signature block: what is signed for and who signs it are never parted by a page's end.

Texts are kept short, and nearly every statement fits as it is built. Where names, notes or lines leave no room, what
can be read as well behind the first page moves to the head of what follows it, the least needed first.
"""

from collections.abc import Collection
from dataclasses import replace

from settlement.statements.document import Document, Paragraph, Picture, Section, SignatureBlock, Table

_ONE_PAGE = 2  # pages of the first section, and of an empty one that begins a page


def fitted(document: Document) -> Document:
    """The document with its signature block on its first page, if anything that may move makes room for it.

    What may are the paragraphs after the opening position, then the picture. A document that has no room whatever
    moves stays as it is, and so does one with nothing to sign or nothing behind its first page.
    """
    if fits(document):
        return document
    blocks = document.sections[0].blocks
    table = next((at for at, block in enumerate(blocks) if isinstance(block, Table)), len(blocks))
    ends = next(at for at, block in enumerate(blocks) if isinstance(block, SignatureBlock))
    texts = [at for at in range(table, ends) if isinstance(blocks[at], Paragraph)][1:]
    pictures = [at for at in range(ends) if isinstance(blocks[at], Picture)]
    for moved in (texts, pictures, [*texts, *pictures]):
        shorter = _without(document, moved)
        if moved and fits(shorter):
            return shorter
    return document


def _without(document: Document, moved: Collection[int]) -> Document:
    """The document with these blocks of its first section at the head of the next, in their order."""
    first, second, *others = document.sections
    moves = tuple(block for at, block in enumerate(first.blocks) if at in moved)
    stays = tuple(block for at, block in enumerate(first.blocks) if at not in moved)
    sections = (replace(first, blocks=stays), replace(second, blocks=(*moves, *second.blocks)), *others)
    return replace(document, sections=sections)


def fits(document: Document) -> bool:
    """Whether the first section is one page of the PDF, as its layout has it, or has nothing to keep there."""
    if len(document.sections) == 1 or not any(isinstance(each, SignatureBlock) for each in document.sections[0].blocks):
        return True
    from settlement.statements.pdf.layout import pages_of  # noqa: PLC0415  the fonts take a while to read
    from settlement.statements.pdf.text import use_fonts  # noqa: PLC0415

    use_fonts()
    first, second = document.sections[:2]
    apart = Section(second.title, (), new_page=True)
    pages, _ = pages_of(replace(document, sections=(first, apart)))
    return len(pages) <= _ONE_PAGE
