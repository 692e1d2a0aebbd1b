"""What a statement's first page is made of besides text and tables: title, facts, what is due, notes, who signs."""

from collections.abc import Iterator
from functools import partial

from rules.language import say
from rules.money import pounds
from settlement.statements.document import Document, Facts, KeyFigures, Note, Picture, SignatureBlock, Tone
from settlement.statements.pdf.picture import size_of
from settlement.statements.pdf.setting import BODY, BODY_BOLD, LABEL, Setting, apart
from settlement.statements.pdf.tags import Element, alternative
from settlement.statements.pdf.text import BOLD, REGULAR, Style, width, wrap
from settlement.statements.pdf.units import (
    ALERT,
    ALERT_TINT,
    GREY,
    RULE,
    TINT,
    WIDTH,
    Art,
    Image,
    Item,
    Op,
    Rule,
    Shade,
    Text,
)

_LOGO_WIDTH, _LOGO_HEIGHT = 130.0, 44.0  # no larger
_GUTTER = 24.0  # between two columns
_INDENT = 14.0  # of what stands in a panel
_MOST_BESIDE = 14  # facts in one pair of columns: more of them go from page to page


# The title


def title_block(document: Document, setting: Setting) -> Item:
    """Title and subtitle, and at the right the logo, in the height of the higher of the two."""
    title, subtitle = setting.coloured(BOLD, 20.0), setting.coloured(REGULAR, 12.5)
    logo = _logo(document)
    room = WIDTH - (logo[0] + _GUTTER if logo else 0.0)
    ops: list[Op] = []
    y = 0.0
    heading = setting.sect.under(setting.headings.tag(1))
    for text, style, element in ((document.title, title, heading), (document.subtitle, subtitle, None)):
        if not text:
            continue
        own = element or setting.sect.under("P")
        lines = apart(text, wrap(text, style, room, 6))
        ops += setting.lines(0.0, y + style.size, style, lines, own)
        y += style.leading * len(lines)
    if logo:
        wide, high = logo
        said = document.look.logo_alternative or say("Logo")
        figure = setting.sect.under("Figure", entries=alternative(said))
        ops.append(Image(WIDTH - wide, 0.0, wide, high, figure))
        y = max(y, high)
    return Item(y + 7.0, tuple(ops), keep=True)


def _logo(document: Document) -> tuple[float, float] | None:
    """How large the logo is on the page."""
    if not document.look.logo:
        return None
    wide, high = size_of(document.look.logo)
    scale = min(_LOGO_WIDTH / wide, _LOGO_HEIGHT / high)
    return wide * scale, high * scale


# Facts


def facts(block: Facts, setting: Setting) -> Iterator[Item]:
    """Pairs of a label and a text: short ones in two columns beside each other, others as wide as the page."""
    pairs = block.pairs
    if not pairs:
        return
    whole = setting.sect.under("L", attributes="<</O/List/ListNumbering/None>>")
    begins = 0
    while begins < len(pairs):
        ends = begins + 1
        if not _is_wide(pairs[begins], pairs):
            while ends < len(pairs) and ends - begins < _MOST_BESIDE and not _is_wide(pairs[ends], pairs):
                ends += 1
        item = _facts_beside(pairs, begins, ends, setting, whole)
        begins = ends
        yield item._replace(height=item.height + (5.0 if begins == len(pairs) else 0.0), keep=begins < len(pairs))


def _is_wide(pair: tuple[str, str], pairs: tuple[tuple[str, str], ...]) -> bool:
    """Whether a text is too long for half the page: of three lines or more, or with a word that would be broken."""
    room = (WIDTH - _GUTTER) / 2 - _label_room(pairs)
    return len(wrap(pair[1], BODY, room, 3)) > 2 or any(  # noqa: PLR2004  three lines
        width(word, BODY) > room for word in pair[1].split()
    )


def _facts_beside(pairs: tuple[tuple[str, str], ...], begins: int, ends: int, setting: Setting, whole: Element) -> Item:
    """These pairs in two columns, the first read before the second, or in one if that is no higher."""
    indent = _label_room(pairs)
    half = (WIDTH - _GUTTER) / 2
    heights = [_pair_height(pair, half, indent) for pair in pairs[begins:ends]]
    at = min(range(1, len(heights) + 1), key=lambda place: (max(sum(heights[:place]), sum(heights[place:])), -place))
    in_one = sum(_pair_height(pair, WIDTH, indent) for pair in pairs[begins:ends])
    in_two = max(sum(heights[:at]), sum(heights[at:]))
    columns = [(begins, begins + at, 0.0), (begins + at, ends, half + _GUTTER)]
    if in_one <= in_two:
        columns, half, in_two = [(begins, ends, 0.0)], WIDTH, in_one
    ops: list[Op] = []
    for first, last, x in columns:
        y = 0.0
        for pair in pairs[first:last]:
            drawn, height = _pair(pair, setting, whole.under("LI"), x, y, half, indent)
            ops += drawn
            y += height
    return Item(in_two, tuple(ops))


def _label_room(pairs: tuple[tuple[str, str], ...]) -> float:
    return min(max(width(label, LABEL) for label, _ in pairs), 110.0) + 10.0


def _pair_height(pair: tuple[str, str], room: float, indent: float) -> float:
    label = wrap(pair[0], LABEL, indent - 8.0, 4)
    return max(len(wrap(pair[1], BODY, room - indent, 10)), len(label)) * BODY.leading + 1.5


def _pair(
    pair: tuple[str, str], setting: Setting, entry: Element, x: float, y: float, room: float, indent: float
) -> tuple[list[Op], float]:
    label = apart(pair[0], wrap(pair[0], LABEL, indent - 8.0, 4))
    lines = apart(pair[1], wrap(pair[1], BODY, room - indent, 10))
    ops = setting.lines(x, y + BODY.size, LABEL, label, entry.under("Lbl"))
    ops += setting.lines(x + indent, y + BODY.size, BODY, lines, entry.under("LBody"))
    return ops, max(len(lines), len(label)) * BODY.leading + 1.5


# What is due


def key_figures(key: KeyFigures, setting: Setting) -> Iterator[Item]:
    """What is due, in a panel of its own: the amount in figures and in words, and beside it what follows from it."""
    panel = setting.sect.under("Div")
    half = (WIDTH - 2 * _INDENT - _GUTTER) * (0.5 if key.lines else 1.0)
    first, y = _stacked(
        setting,
        panel,
        (
            (key.label, Style(BOLD, 10.5), 3.0),
            (pounds(key.amount_pence), setting.coloured(BOLD, 24.0), 2.0),
            (key.words, Style(REGULAR, 9.3, GREY), 0.0),
        ),
        _INDENT,
        half,
    )
    x = _INDENT + half + _GUTTER
    second, below = _stacked(setting, panel, tuple((line, BODY_BOLD, 2.5) for line in key.lines), x, half)
    height = max(y, below) + 10.0
    back: list[Op] = [Shade(0.0, 0.0, WIDTH, height, TINT), Shade(0.0, 0.0, 3.0, height, setting.accent)]
    if key.lines:
        back.append(Shade(x - _GUTTER / 2, 11.0, 0.6, height - 22.0, RULE))
    yield Item(height + 8.0, (*back, *first, *second))


def _stacked(
    setting: Setting, panel: Element, parts: tuple[tuple[str, Style, float], ...], x: float, room: float
) -> tuple[list[Op], float]:
    """Texts beneath each other from the head of a panel, each a paragraph; and where they end."""
    ops: list[Op] = []
    y = 10.0
    for text, style, after in parts:
        if not text:
            continue
        lines = apart(text, wrap(text, style, room, 10))
        ops += setting.lines(x, y + style.size, style, lines, panel.under("P"))
        y += style.leading * len(lines) + after
    return ops, y


def note(block: Note, setting: Setting) -> Iterator[Item]:
    """Something to know before reading on; a warning says that it is one in words."""
    is_warning = block.tone is Tone.WARNING
    colour, tint = (ALERT, ALERT_TINT) if is_warning else (GREY, TINT)
    word = say("Warning:") if is_warning else say("Note:")
    bold = Style(BOLD, 8.8, colour)
    body = Style(BOLD if is_warning else REGULAR, 8.8)
    element = setting.sect.under("P")
    indent = width(word, bold) + 18.0
    lines = apart(block.text, wrap(block.text, body, WIDTH - indent - 8.0, 40))
    height = body.leading * len(lines) + 8.0
    ops: list[Op] = [Shade(0.0, 0.0, WIDTH, height, tint), Shade(0.0, 0.0, 3.0, height, colour)]
    ops.append(Text(10.0, 12.6, bold, f"{word} ", element))
    ops += setting.lines(indent, 12.6, body, lines, element)
    yield Item(height + 6.0, tuple(ops))


# Pictures


def picture(block: Picture, setting: Setting, *, keep: bool) -> Iterator[Item]:
    """A picture beneath its title, on one page, no wider than the page's text; with its table if `keep`."""
    drawing = block.drawing
    scale = min(1.0, WIDTH / drawing.width)
    ops: list[Op] = []
    y = 0.0
    if block.title:
        style = setting.coloured(BOLD, 8.8)
        lines = apart(block.title, wrap(block.title, style, WIDTH, 3))
        ops += setting.lines(0.0, y + style.size, style, lines, setting.sect.under("P"))
        y += style.leading * len(lines) + 3.0
    figure = setting.sect.under("Figure", entries=alternative(block.alternative or block.title))
    ops.append(Art(0.0, y, scale, drawing, figure))
    yield Item(y + drawing.height * scale + 8.0, tuple(ops), keep=keep)


# Who signs


def signature(block: SignatureBlock, setting: Setting, *, keep: bool) -> Iterator[Item]:
    """Lines to write on, or what stands on them, two beside each other; on one page, with what follows if `keep`."""
    whole = setting.sect.under("Div")
    heading = apart(block.heading, wrap(block.heading, BODY_BOLD, WIDTH))
    ops = setting.lines(0.0, 12.0, BODY_BOLD, heading, whole.under("P"))
    y = (4.0 if block.values else 5.0) + BODY_BOLD.leading * len(heading)
    listed = whole.under("L", attributes="<</O/List/ListNumbering/None>>")
    half = (WIDTH - 20.0) / 2
    begins = max(width(label, LABEL) for label in block.lines) + 8.0
    lines_of = partial(wrap, style=BODY, room=half - begins, most=8)
    for place in range(0, len(block.pairs), 2):
        first = y + (15.0 if block.values else 23.0)  # room for a hand, where nothing stands there yet
        for column, (label, value) in enumerate(block.pairs[place : place + 2]):
            x = (half + 20.0) * column
            entry = listed.under("LI")
            lines = apart(value, lines_of(value)) if value else ()
            below = first + BODY.leading * max(0, len(lines) - 1)
            ops.append(Text(x, first - 3.0, LABEL, label, entry.under("Lbl")))
            ops.append(Rule(x + begins, below, half - begins, 0.5, GREY))
            ops += setting.lines(x + begins, first - 3.0, BODY, lines, entry.under("LBody"))
            y = max(y, below)
    yield Item(y + (4.0 if keep else 12.0), tuple(ops), keep=keep)
