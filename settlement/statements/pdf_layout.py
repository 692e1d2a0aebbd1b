"""A document as pages: each block as items of known height, and the items cut into pages before anything is drawn.

The number of pages is known from this alone, so that `page x of y` needs no second drawing.
"""

from collections.abc import Iterable, Iterator

from rules.money import pounds
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
    Tone,
)
from settlement.statements.pdf_table import table_items
from settlement.statements.pdf_text import BOLD, REGULAR, Style, has_glyph, width, wrap
from settlement.statements.pdf_units import (
    ALERT,
    ALERT_TINT,
    DEPTH,
    GREY,
    INK,
    TINT,
    WIDTH,
    Bookmark,
    Item,
    Op,
    Page,
    Placed,
    Rule,
    Shade,
    Text,
)

_BODY = Style(REGULAR, 9.5)
_BODY_BOLD = Style(BOLD, 9.5)
_LABEL = Style(REGULAR, 9.0, GREY)
_TITLE = Style(BOLD, 21.0, INK)
_SUBTITLE = Style(REGULAR, 14.0, INK)
_SECTION = Style(BOLD, 14.0, INK)
_HEADINGS = {2: Style(BOLD, 11.0, INK), 3: Style(BOLD, 9.5, INK)}
_AMOUNT = Style(BOLD, 25.0, INK)
_MISSING = (
    "A character that the fonts of this print do not have is shown as \N{REPLACEMENT CHARACTER}; the HTML statement "
    "and the workbook have it."
)


def pages_of(document: Document) -> list[Page]:
    """The document's pages."""
    return list(_paginated(list(_items(document))))


def _paginated(items: list[Item]) -> Iterator[Page]:
    """Fill page after page; items kept together move to the next page together, unless they fill more than one."""
    page: Page = []
    top = 0.0
    place = 0
    while place < len(items):
        if not items[place].ops and top + items[place].height > DEPTH:
            place += 1  # space beneath what fills the page: it would begin a page of nothing
            continue
        end = place
        while items[end].keep and end + 1 < len(items):
            end += 1
        together = items[place : end + 1]
        height = sum(item.height for item in together)
        first = together[0]
        if page and (first.new_page or top + height > DEPTH):
            yield page
            page, top = [], 0.0
            top = _again(page, first, top)
        for item in together:
            if page and top + item.height > DEPTH:
                yield page
                page, top = [], 0.0
                top = _again(page, item, top)
            page.append(Placed(item, top))
            top += item.height
        place = end + 1
    yield page


def _again(page: Page, item: Item, top: float) -> float:
    """Repeat the heading of the item's table at the top of its new page; where the text stands then."""
    for repeated in item.again:
        page.append(Placed(repeated, top))
        top += repeated.height
    return top


def _items(document: Document) -> Iterator[Item]:
    yield from _lines(document.title, _TITLE, after=2.0, keep=True)
    yield from _lines(document.subtitle, _SUBTITLE, after=8.0, keep=True)
    for number, section in enumerate(document.sections):
        yield from _section(section, shows_title=number > 0 or len(document.sections) == 1)
    if not all(has_glyph(character) for character in _characters(document)):
        yield from _note(Note(_MISSING))


def _characters(document: Document) -> set[str]:
    """Every character that the document shows, white space apart."""
    found: set[str] = set()
    for text in _texts(document):
        found.update(text)
    return {character for character in found if not character.isspace()}


def _texts(document: Document) -> Iterator[str]:  # noqa: C901  one short case for each kind of block
    yield from (document.title, document.subtitle, *document.running, document.status, document.foot)
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Table():
                    yield block.title
                    for row in block.rows:
                        yield from (cell for cell in row.cells if isinstance(cell, str))
                case Heading() | Paragraph() | Note():
                    yield block.text
                case Bullets():
                    yield from block.items
                case Picture():
                    yield block.alternative
                case Facts():
                    for pair in block.pairs:
                        yield from pair
                case KeyFigures():
                    yield from (block.label, *block.lines)
                case SignatureBlock():
                    yield from (block.heading, *block.values)


def _section(section: Section, *, shows_title: bool) -> Iterator[Item]:
    mark = Bookmark(section.title, 0)
    if shows_title:
        above = 0.0 if section.new_page else 12.0
        lines = wrap(section.title, _SECTION, WIDTH)
        ops: list[Op] = [mark]
        ops += [Text(0.0, above + 14.0 + _SECTION.leading * place, _SECTION, line) for place, line in enumerate(lines)]
        height = above + _SECTION.leading * len(lines) + 2.0
        ops.append(Rule(0.0, height, WIDTH, 0.8, INK))
        yield Item(height + 7.0, tuple(ops), keep=True, new_page=section.new_page)
    else:
        yield Item(0.0, (mark,), keep=True, new_page=section.new_page)
    under = ""
    for place, block in enumerate(section.blocks):
        if isinstance(block, Heading):
            under = block.text
        following = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
        if isinstance(block, Paragraph) and isinstance(following, Heading | Table):
            yield from _lines(block.text, _BODY, after=5.0, keep=True)
        elif isinstance(block, SignatureBlock):
            yield from _signature(block, keep=isinstance(following, Table))
        else:
            yield from _block(block, under)


def _block(block: Block, under: str) -> Iterable[Item]:  # noqa: PLR0911  one line for each kind of block
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _lines(block.text, _BODY, after=5.0)
        case Bullets():
            return [item for text in block.items for item in _bullet(text)] + [Item(3.0, ())]
        case Note():
            return _note(block)
        case Picture():
            return _lines(block.alternative, _BODY, after=5.0)
        case KeyFigures():
            return _key_figures(block)
        case Facts():
            return _facts(block)
        case SignatureBlock():
            return _signature(block, keep=False)
        case Table():
            return table_items(block, under)


def _lines(text: str, style: Style, *, after: float = 0.0, keep: bool = False) -> Iterator[Item]:
    """A text, an item for each line; its first two lines and its last two stay together."""
    lines = wrap(text, style, WIDTH, 200)
    last = len(lines) - 1
    for place, line in enumerate(lines):
        height = style.leading + (after if place == last else 0.0)
        held = keep or (place < last and place in {0, last - 1})
        yield Item(height, (Text(0.0, style.size, style, line),), keep=held)


def _heading(heading: Heading) -> Iterator[Item]:
    style = _HEADINGS[min(heading.level, 3)]
    above = 8.0 if heading.level == 2 else 4.0  # noqa: PLR2004
    lines = wrap(heading.text, style, WIDTH)
    ops: list[Op] = [Bookmark(heading.text, min(heading.level, 3) - 1)]
    ops += [Text(0.0, above + style.size + style.leading * place, style, line) for place, line in enumerate(lines)]
    yield Item(above + style.leading * len(lines) + 4.0, tuple(ops), keep=True)


def _bullet(text: str) -> Iterator[Item]:
    lines = wrap(text, _BODY, WIDTH - 14.0, 200)
    for place, line in enumerate(lines):
        ops: list[Op] = [Text(14.0, _BODY.size, _BODY, line)]
        if place == 0:
            ops.insert(0, Text(3.0, _BODY.size, _BODY, "•"))
        last = place == len(lines) - 1
        yield Item(_BODY.leading + (2.0 if last else 0.0), tuple(ops), keep=not last)


def _note(note: Note) -> Iterator[Item]:
    is_warning = note.tone is Tone.WARNING
    colour, tint = (ALERT, ALERT_TINT) if is_warning else (GREY, TINT)
    word = "Warning" if is_warning else "Note"
    bold = Style(BOLD, 9.0, colour)
    body = Style(BOLD if is_warning else REGULAR, 9.0)
    indent = 56.0
    lines = wrap(note.text, body, WIDTH - indent - 8.0, 40)
    height = body.leading * len(lines) + 9.0
    ops: list[Op] = [Shade(0.0, 0.0, WIDTH, height, tint), Shade(0.0, 0.0, 3.0, height, colour)]
    ops.append(Text(10.0, 13.0, bold, f"{word}:"))
    ops += [Text(indent, 13.0 + body.leading * place, body, line) for place, line in enumerate(lines)]
    yield Item(height + 6.0, tuple(ops))


def _key_figures(key: KeyFigures) -> Iterator[Item]:
    """What is due, in a panel of its own: the amount in figures and in words."""
    inner = WIDTH - 28.0
    ops: list[Op] = []
    y = 12.0
    parts = [
        (key.label, Style(BOLD, 11.0), 3.0),
        (pounds(key.amount_pence), _AMOUNT, 2.0),
        (key.words, Style(REGULAR, 10.5), 4.0),
        *((line, _BODY_BOLD, 0.0) for line in key.lines),
    ]
    for text, style, after in parts:
        for line in wrap(text, style, inner, 10):
            y += style.leading
            ops.append(Text(14.0, y - style.leading + style.size, style, line))
        y += after
    height = y + 9.0
    yield Item(height + 8.0, (Shade(0.0, 0.0, WIDTH, height, TINT), Shade(0.0, 0.0, 3.0, height, INK), *ops))


def _facts(facts: Facts) -> Iterator[Item]:
    indent = max((width(label, _LABEL) for label, _ in facts.pairs), default=0.0) + 14.0
    for place, (label, text) in enumerate(facts.pairs):
        lines = wrap(text, _BODY, WIDTH - indent, 10)
        ops: list[Op] = [Text(0.0, _BODY.size, _LABEL, label)]
        ops += [Text(indent, _BODY.size + _BODY.leading * number, _BODY, line) for number, line in enumerate(lines)]
        after = 8.0 if place == len(facts.pairs) - 1 else 1.5
        yield Item(_BODY.leading * len(lines) + after, tuple(ops))


def _signature(block: SignatureBlock, *, keep: bool) -> Iterator[Item]:
    """Lines to write on, or what stands on them, two beside each other; on one page, with what follows if `keep`."""
    heading = wrap(block.heading, _BODY_BOLD, WIDTH)
    ops: list[Op] = [
        Text(0.0, 14.0 + _BODY_BOLD.leading * place, _BODY_BOLD, line) for place, line in enumerate(heading)
    ]
    y = (5.0 if block.values else 8.0) + _BODY_BOLD.leading * len(heading)
    half = (WIDTH - 20.0) / 2
    begins = max(width(label, _LABEL) for label in block.lines) + 8.0
    for place in range(0, len(block.pairs), 2):
        row = [(label, wrap(value, _BODY, half - begins, 8)) for label, value in block.pairs[place : place + 2]]
        first = y + (17.0 if block.values else 26.0)  # room for a hand, where nothing stands there yet
        for column, (label, lines) in enumerate(row):
            x = (half + 20.0) * column
            below = first + _BODY.leading * (len(lines) - 1)
            ops += [Text(x, first - 3.0, _LABEL, label), Rule(x + begins, below, half - begins, 0.5, GREY)]
            ops += [
                Text(x + begins, first - 3.0 + _BODY.leading * number, _BODY, line)
                for number, line in enumerate(lines)
                if line
            ]
            y = max(y, below)
    yield Item(y + (4.0 if keep else 14.0), tuple(ops), keep=keep)
