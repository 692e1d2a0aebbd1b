"""A table as rows of fixed height, each drawn by itself: the cost of a page does not grow with the table.

One ReportLab LongTable is super-linear (91 ms a page at 1,000 pages), so the rows are laid out here, wrapped beforehand
from plain strings, and `pdf_layout` cuts them into pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from settlement.statements.document import Align, Cell, Column, Row, RowKind, Table
from settlement.statements.pdf_text import BOLD, REGULAR, Style, one_line, width, wrap
from settlement.statements.pdf_units import INK, RULE, TINT, WIDTH, Item, Op, Rule, Shade, Text
from settlement.statements.wording import in_column

_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_GAP = 9.0  # between columns
_PAD = 2.6  # above and below a row's text
_NAMES = 110.0  # what a column of names has at least, or the type gets smaller
_WORD = 70.0  # the same for a column of words and codes
_SLIVER = 24.0  # of any column, whatever else has to give way
_WIDEST_RATIO = 150.0  # of text at the right edge
_TITLE_ROOM = 58.0  # what a heading may have without being broken into lines
_MOST_LINES = 30
_SHORT_GROUP = 7  # rows that are not parted from the total beneath them


@dataclass(frozen=True, slots=True)
class _Shape:
    """The type's size and each column's left edge and width, in points."""

    body: Style
    bold: Style
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    in_thousands: bool

    @property
    def bracket(self) -> float:
        """The room right of an amount for the bracket that a negative one ends with."""
        return width(")", self.body)


def table_items(table: Table, under: str = "") -> list[Item]:
    """The table's title, heading and rows. Rows carry the heading that is repeated when they begin a page.

    `under` is the heading that the table stands under: a title that says the same is shown on later pages only.
    """
    shape = _shape(table)
    head = _head(table.columns, shape)
    caption = Style(BOLD, 9.0, INK)
    title = _caption(wrap(table.title, caption, WIDTH, 3), caption)
    again = (_caption(wrap(f"{table.title} (continued)", caption, WIDTH, 3), caption), head)
    items = [head] if table.title == under else [title, head]
    for row, keep in zip(table.rows, _kept(table.rows), strict=True):
        items.append(_row(row, table.columns, shape, keep=keep, again=again))
    items.append(Item(8.0, ()))
    return items


def _kept(rows: Sequence[Row]) -> list[bool]:
    """Which rows stay on the page of the next: headings, rows before a total, and all of a short group."""
    kept = [row.kind is RowKind.HEADING for row in rows]
    begins = 0
    for place, row in enumerate(rows):
        if row.kind in {RowKind.SUBTOTAL, RowKind.TOTAL}:
            if place:
                kept[place - 1] = True
            if place - begins <= _SHORT_GROUP:
                kept[begins:place] = [True] * (place - begins)
        if row.kind is not RowKind.BODY:
            begins = place if row.kind is RowKind.HEADING else place + 1
    return kept


def _caption(lines: Sequence[str], style: Style) -> Item:
    ops = tuple(Text(0.0, 13.0 + style.leading * place, style, line) for place, line in enumerate(lines))
    return Item(style.leading * len(lines) + 7.0, ops, keep=True)


def _shape(table: Table) -> _Shape:
    """The largest type at which every amount fits and text has room to be read."""
    for size in _SIZES:
        body, bold = Style(REGULAR, size), Style(BOLD, size)
        fixed = {
            place: _width_at_right(table, place, body, bold)
            for place, column in enumerate(table.columns)
            if column.align is Align.RIGHT
        }
        texts = [place for place in range(len(table.columns)) if place not in fixed]
        needs = {place: _needs(table, place, bold) for place in texts}
        room = WIDTH - sum(fixed.values()) - _GAP * (len(table.columns) - 1)
        least = {place: min(need, _NAMES if table.columns[place].width > 1 else _WORD) for place, need in needs.items()}
        if room >= sum(least.values()):
            break
    widths = {**fixed, **_widths_of_text(table, needs, least, room)}
    ordered = tuple(widths[place] for place in range(len(table.columns)))
    lefts = []
    left = 0.0
    for each in ordered:
        lefts.append(left)
        left += each + _GAP
    return _Shape(body, bold, tuple(lefts), ordered, table.in_thousands)


def _width_at_right(table: Table, place: int, body: Style, bold: Style) -> float:
    """What a column at the right edge needs: its widest amount or ratio, and the longest word of its heading."""
    bracket = width(")", bold)
    cells = [row.cells[place] for row in table.rows if row.kind is not RowKind.HEADING]
    pence = [cell for cell in cells if isinstance(cell, int)]
    # digits are all as wide as each other, so that the largest and the smallest amount are the widest
    widest = (max(pence), min(pence)) if pence else ()
    shown = [in_column(each, in_thousands=table.in_thousands) for each in widest]
    needed = [width(text, bold) + (bracket if each >= 0 else 0.0) for text, each in zip(shown, widest, strict=True)]
    texts = {cell for cell in cells if isinstance(cell, str)}
    needed += [min(width(one_line(cell), body) + bracket, _WIDEST_RATIO) for cell in texts]
    title = _bound(table.columns[place].title)
    needed += [width(word, bold) + bracket for word in title.split(" ")]
    needed.append(min(width(title, bold) + bracket, _TITLE_ROOM))
    return max(needed, default=0.0)


def _needs(table: Table, place: int, bold: Style) -> float:
    """What a column of text needs so that nothing in it is broken into lines."""
    texts = {str(row.cells[place]) for row in table.rows if row.kind is not RowKind.HEADING}
    words = _bound(table.columns[place].title).split(" ")
    return max([width(one_line(text), bold) for text in texts] + [width(word, bold) for word in words])


def _widths_of_text(table: Table, needs: dict[int, float], least: dict[int, float], room: float) -> dict[int, float]:
    """Columns that need less than their part get what they need; the others share the rest by their weights."""
    found: dict[int, float] = {}
    shared = list(needs)
    while shared:
        weight = sum(table.columns[place].width for place in shared)
        part = {place: max(least[place], room * table.columns[place].width / weight) for place in shared}
        small = [place for place in shared if needs[place] <= part[place]]
        if not small:
            over = sum(part.values()) - room  # least widths pass their part: the widest column gives way
            widest = max(shared, key=part.__getitem__)
            found.update(part)
            found[widest] = max(_SLIVER, part[widest] - over)
            return found
        found.update({place: needs[place] for place in small})
        room -= sum(needs[place] for place in small)
        shared = [place for place in shared if place not in small]
    if found:
        most = max(table.columns[place].width for place in found)
        wide = [place for place in found if table.columns[place].width == most]
        for place in wide:
            found[place] += room / len(wide)
    return found


def _bound(title: str) -> str:
    """A column's title with its pound sign bound to the word before it."""
    return title.replace(" £", "\N{NO-BREAK SPACE}£")


def _head(columns: Sequence[Column], shape: _Shape) -> Item:
    style = shape.bold
    titles = [_bound(column.title) for column in columns]
    texts = [wrap(title, style, room + 0.01, 6) for title, room in zip(titles, shape.widths, strict=True)]
    deepest = max(len(lines) for lines in texts)
    height = deepest * style.leading + 2 * _PAD
    ops: list[Op] = []
    for place, lines in enumerate(texts):
        for number, line in enumerate(lines):
            top = _PAD + style.size + style.leading * (deepest - len(lines) + number)
            right = columns[place].align is Align.RIGHT
            ops.append(Text(_at(shape, place, line, style, right=right, bracket=right), top, style, line, is_head=True))
    ops.append(Rule(0.0, height, WIDTH, 0.8, INK))
    return Item(height + 1.0, tuple(ops), keep=True)


def _at(shape: _Shape, place: int, text: str, style: Style, *, right: bool, bracket: bool) -> float:
    if not right:
        return shape.lefts[place]
    edge = shape.lefts[place] + shape.widths[place]
    return edge - width(text, style) - (shape.bracket if bracket else 0.0)


def _row(row: Row, columns: Sequence[Column], shape: _Shape, *, keep: bool, again: tuple[Item, ...]) -> Item:
    if row.kind is RowKind.HEADING:
        return _heading_row(str(row.cells[0]), shape, again)
    style = shape.body if row.kind is RowKind.BODY else shape.bold
    ops: list[Op] = []
    deepest = 1
    for place, cell in enumerate(row.cells):
        right = columns[place].align is Align.RIGHT
        room = shape.widths[place] - (shape.bracket if right and isinstance(cell, str) else 0.0)
        lines = _lines(cell, style, room, in_thousands=shape.in_thousands)
        deepest = max(deepest, len(lines))
        bracket = right and not (isinstance(cell, int) and cell < 0)
        for number, line in enumerate(lines):
            if line:
                x = _at(shape, place, line, style, right=right, bracket=bracket)
                ops.append(Text(x, _PAD + style.size + style.leading * number, style, line))
    height = deepest * style.leading + 2 * _PAD
    if row.kind is RowKind.BODY:
        ops.append(Rule(0.0, height, WIDTH, 0.25, RULE))
    else:
        ops.append(Rule(0.0, 0.0, WIDTH, 0.6, INK))
        if row.kind is RowKind.TOTAL:
            ops.append(Rule(0.0, height, WIDTH, 1.0, INK))
    return Item(height, tuple(ops), keep=keep, again=again)


def _lines(cell: Cell, style: Style, room: float, *, in_thousands: bool) -> tuple[str, ...]:
    if isinstance(cell, int):
        return (in_column(cell, in_thousands=in_thousands),)
    return wrap(cell, style, room, _MOST_LINES)


def _heading_row(text: str, shape: _Shape, again: tuple[Item, ...]) -> Item:
    style = shape.bold
    lines = wrap(text, style, WIDTH - 8.0, _MOST_LINES)
    height = len(lines) * style.leading + 2 * _PAD
    ops: list[Op] = [Shade(0.0, 0.0, WIDTH, height, TINT)]
    ops += [Text(4.0, _PAD + style.size + style.leading * number, style, line) for number, line in enumerate(lines)]
    return Item(height, tuple(ops), keep=True, again=again)
