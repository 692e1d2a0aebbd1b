"""A document as items in reading order, each text with the element of the structure that it is content of."""

from collections.abc import Iterable, Iterator

from rules.language import say
from settlement.statements.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Section,
    SignatureBlock,
    Table,
)
from settlement.statements.drawing import Label
from settlement.statements.pdf.pages import paginated
from settlement.statements.pdf.panels import facts, key_figures, note, picture, signature, title_block
from settlement.statements.pdf.setting import BODY, Setting, apart, setting_of
from settlement.statements.pdf.table import table_items
from settlement.statements.pdf.tags import Element
from settlement.statements.pdf.text import BOLD, REGULAR, Style, prints, wrap
from settlement.statements.pdf.units import DEPTH, WIDTH, Bookmark, Item, Op, Page, Place, Rule, Text

_HEADING_SIZES = {2: 11.0, 3: 9.5}
_MOST_LINES = 200
_MOST_HELD = DEPTH / 3  # points of a heading and texts that move to the next page with their table


def pages_of(document: Document) -> tuple[list[Page], Element]:
    """The document's pages, and the structure that their texts are content of."""
    structure = Element("Document")
    items = list(_items(document, structure))
    return list(paginated(items)), structure


def _items(document: Document, structure: Element) -> Iterator[Item]:
    setting = setting_of(document, structure)
    for number, section in enumerate(document.sections):
        setting.sect = structure.under("Sect")
        shows_title = number > 0 or len(document.sections) == 1
        if not number:
            yield title_block(document, setting)
        yield _section_head(section, setting, shows_title=shows_title)
        setting.below = 1 if shows_title else 0
        yield from _blocks(section, setting)
    if not all(text.isascii() or prints(text) for text in _texts(document)):
        missing = say(
            "A character that the fonts of this print do not have is shown as \N{REPLACEMENT CHARACTER}; the HTML "
            "statement and the workbook have it."
        )
        yield from note(Note(missing), setting)


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.subtitle, *document.running, document.status, document.foot)
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (block.title, *(column.title for column in block.columns))
                for row in block.rows:
                    yield from (cell for cell in row.cells if isinstance(cell, str))
            else:
                yield from _texts_of(block)


def _texts_of(block: Block) -> Iterable[str]:  # noqa: PLR0911  one line for each kind
    match block:
        case Heading() | Paragraph() | Note():
            return (block.text,)
        case Bullets():
            return block.items
        case Picture():
            return (block.title, *(shape.text for shape in block.drawing.shapes if isinstance(shape, Label)))
        case Facts():
            return [text for pair in block.pairs for text in pair]
        case KeyFigures():
            return (block.label, block.words, *block.lines)
        case SignatureBlock():
            return (block.heading, *block.lines, *block.values)
        case Table():
            return ()


# Sections and their blocks


def _section_head(section: Section, setting: Setting, *, shows_title: bool) -> Item:
    ops: list[Op] = [Bookmark(section.title, 0)]
    if section.anchor:
        ops.append(Place(section.anchor))
    if not shows_title:
        return Item(0.0, tuple(ops), keep=True, new_page=section.new_page)
    style = setting.coloured(BOLD, 14.0)
    element = setting.sect.under(setting.headings.tag(2))
    above = 0.0 if section.new_page else 12.0
    lines = apart(section.title, wrap(section.title, style, WIDTH))
    ops += setting.lines(0.0, above + 14.0, style, lines, element)
    height = above + style.leading * len(lines) + 3.0
    ops.append(Rule(0.0, height, WIDTH, 1.0, setting.accent))
    return Item(height + 7.0, tuple(ops), keep=True, new_page=section.new_page)


def _blocks(section: Section, setting: Setting) -> Iterator[Item]:
    """The section's blocks; a heading with the texts beneath it stays with the table that they lead up to."""
    under = ""
    held: list[Item] = []
    are_headings = False
    for place, block in enumerate(section.blocks):
        following = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
        if isinstance(block, Heading):
            under = block.text
            if not are_headings:
                yield from held
                held = []
            held += _heading(block, setting)
            are_headings = True
        elif held and isinstance(block, Paragraph | Note):
            held += _text(block, setting, following if isinstance(following, Heading) else None)
            are_headings = False
        else:
            yield from _together(held) if isinstance(block, Table) else held
            held, are_headings = [], False
            yield from (
                _text(block, setting, following)
                if isinstance(block, Paragraph | Note)
                else _other(block, setting, following, under)
            )
    yield from held


def _together(items: list[Item]) -> Iterable[Item]:
    """Items kept with what follows them; of so many that a page would be left half empty, the last two alone."""
    first = len(items) - 2 if sum(item.height for item in items) > _MOST_HELD else 0
    return [item._replace(keep=True) if place >= first else item for place, item in enumerate(items)]


def _text(block: Paragraph | Note, setting: Setting, following: Block | None) -> Iterable[Item]:
    if isinstance(block, Note):
        return note(block, setting)
    return _paragraph(block, setting, keep=isinstance(following, Heading | Table | Picture))


def _other(  # noqa: PLR0911  one line for each kind
    block: Block, setting: Setting, following: Block | None, under: str
) -> Iterable[Item]:
    """What is neither a heading nor a text beneath one."""
    with_table = isinstance(following, Table)
    match block:
        case Bullets():
            return _bullets(block, setting)
        case Picture():
            return picture(block, setting, keep=with_table)
        case KeyFigures():
            return key_figures(block, setting)
        case Facts():
            return facts(block, setting)
        case SignatureBlock():
            return signature(block, setting, keep=with_table)
        case Table():
            return table_items(block, setting, under)
        case _:
            return ()


def _paragraph(paragraph: Paragraph, setting: Setting, *, keep: bool) -> Iterator[Item]:
    """A text, an item for each line; its first two lines and its last two stay together."""
    lines = apart(paragraph.text, wrap(paragraph.text, BODY, WIDTH, _MOST_LINES))
    element, style = _content(setting.sect.under("P"), paragraph.goes_to, BODY, setting)
    last = len(lines) - 1
    for place, line in enumerate(lines):
        height = style.leading + (5.0 if place == last else 0.0)
        held = keep or (place < last and place in {0, last - 1})
        yield Item(height, tuple(setting.line(0.0, style.size, style, line, element)), keep=held)


def _content(element: Element, goes_to: str, style: Style, setting: Setting) -> tuple[Element, Style]:
    """What an element's text is content of, and its type: of the element, or of a link that is all of it."""
    if not setting.leads(goes_to):
        return element, style
    return setting.link_under(element, goes_to), setting.link(style)


def _heading(heading: Heading, setting: Setting) -> Iterator[Item]:
    level = min(max(heading.level, 2), 3)
    style = setting.coloured(BOLD, _HEADING_SIZES[level])
    above = 8.0 if level == 2 else 4.0  # noqa: PLR2004
    element = setting.sect.under(setting.headings.tag(level + setting.below))
    lines = apart(heading.text, wrap(heading.text, style, WIDTH))
    ops: list[Op] = [Bookmark(heading.text, level - 1)]
    if heading.anchor:
        ops.append(Place(heading.anchor))
    ops += setting.lines(0.0, above + style.size, style, lines, element, heading.goes_to)
    yield Item(above + style.leading * len(lines) + 4.0, tuple(ops), keep=True)


def _bullets(bullets: Bullets, setting: Setting) -> Iterator[Item]:
    if not bullets.items:
        return
    whole = setting.sect.under("L", attributes="<</O/List/ListNumbering/Disc>>")
    leads = bullets.goes_to or ("",) * len(bullets.items)
    label = setting.coloured(REGULAR, BODY.size)
    final = len(bullets.items) - 1
    for number, (text, goes_to) in enumerate(zip(bullets.items, leads, strict=True)):
        held = number < final and number in {0, final - 1}  # no item of several stands on a page by itself
        entry = whole.under("LI")
        dot = Text(3.0, BODY.size, label, "•", entry.under("Lbl"))
        lines = apart(text, wrap(text, BODY, WIDTH - 14.0, _MOST_LINES))
        element, style = _content(entry.under("LBody"), goes_to, BODY, setting)
        for place, line in enumerate(lines):
            last = place == len(lines) - 1
            ops = setting.line(14.0, BODY.size, style, line, element)
            yield Item(
                BODY.leading + (2.0 if last else 0.0), (dot, *ops) if place == 0 else tuple(ops), keep=not last or held
            )
    yield Item(3.0, ())
