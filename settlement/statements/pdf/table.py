"""A table as rows of fixed height, each drawn by itself: the cost of a page does not grow with the table.

One ReportLab LongTable is super-linear (223 ms a page at 1,000 pages), so the rows are laid out here, wrapped
beforehand from plain strings, and `pdf_pages` cuts them into pages. What a page begins with (the title, the heads, the
heading of the group, what was brought forward) is made when a page begins, and is an artefact: it is said once.
"""

from collections.abc import Sequence
from itertools import accumulate

from rules.language import say
from settlement.statements.document import Align, Row, RowKind, Table
from settlement.statements.pdf.columns import Columns, bound, columns_of
from settlement.statements.pdf.grid import PAD, Cells, Grid
from settlement.statements.pdf.setting import Setting, apart, is_sum
from settlement.statements.pdf.tags import Element, summary
from settlement.statements.pdf.text import BOLD, REGULAR, Style, one_line, width, wrap
from settlement.statements.pdf.units import MARGIN, RULE, TINT, WIDTH, Item, Op, Place, Rule, Shade, Text
from settlement.statements.wording import in_column

_MOST_LINES = 30  # of a cell: what is longer is whole in HTML and the workbook
_SHORT_GROUP = 7  # rows that are not parted from the total beneath them
_COLUMN_HEAD = "<</O/Table/Scope/Column>>"


def table_items(table: Table, setting: Setting, under: str = "") -> list[Item]:
    """The table's title, heading and rows.

    `under` is the heading that the table stands under: a title that says the same is shown on later pages only.
    """
    columns = columns_of(table)
    element = setting.sect.under("Table", attributes=summary(one_line(table.title)))
    caption = setting.coloured(BOLD, 8.8)
    items = []
    if table.title != under:
        items.append(_caption(wrap(table.title, caption, WIDTH, 3), caption, element.under("Caption")))
    grid = _grid(table, columns, setting, element)
    items.append(_head(table, grid, setting, element.kids))
    if table.anchor:
        items[0] = items[0]._replace(ops=(Place(table.anchor), *items[0].ops))
    element.kids.append(grid.rows)
    items += _rows(table, columns, grid, _Repeats(table, grid, setting, caption))
    items.append(Item(8.0, ()))
    return items


def _grid(table: Table, columns: Columns, setting: Setting, element: Element) -> Grid:
    body, bold = Style(REGULAR, columns.size), Style(BOLD, columns.size)
    rows = Element("TBody")
    rows.parent = element
    return Grid(
        body=body,
        bold=bold,
        link=setting.link(body),
        bold_link=setting.link(bold),
        lefts=columns.lefts,
        widths=columns.widths,
        at_right=tuple(column.align is Align.RIGHT for column in table.columns),
        in_thousands=table.in_thousands,
        rows=rows,
        anchors=setting.anchors,
        begins=tuple(
            "" if column.align is Align.RIGHT else f"{MARGIN + left:.2f}"
            for column, left in zip(table.columns, columns.lefts, strict=True)
        ),
        underline=setting.underline,
        bracket=width(")", body),
    )


# Heads


def _caption(lines: Sequence[str], style: Style, element: Element | None) -> Item:
    ops = tuple(Text(0.0, 13.0 + style.leading * place, style, line, element) for place, line in enumerate(lines))
    return Item(style.leading * len(lines) + 7.0, ops, keep=True)


def _head(table: Table, grid: Grid, setting: Setting, kids: list[Element | int | str] | None) -> Item:
    """The columns' headings, as elements among these children of the table, or as artefacts."""
    style = grid.bold
    titles = [bound(column.title) for column in table.columns]
    texts = [wrap(title, style, room + 0.01, 6) for title, room in zip(titles, grid.widths, strict=True)]
    deepest = max(len(lines) for lines in texts)
    height = deepest * style.leading + 2 * PAD
    row = None
    if kids is not None:
        head = Element("THead")
        kids.append(head)
        row = head.under("TR")
    ops: list[Op] = []
    for place, lines in enumerate(texts):
        cell = None
        if row is not None:
            cell = row.under("TH", attributes=_COLUMN_HEAD) if titles[place].strip() else row.under("TD")
        for number, line in enumerate(apart(titles[place], lines)):
            top = PAD + style.size + style.leading * (deepest - len(lines) + number)
            if line:
                ops.append(Text(grid.left_of(place, line.rstrip(" "), style), top, style, line, cell))
    ops.append(Rule(0.0, height, WIDTH, 0.8, setting.accent))
    return Item(height + 1.0, tuple(ops), keep=True)


# Rows


def _rows(table: Table, columns: Columns, grid: Grid, repeats: "_Repeats") -> list[Item]:
    items = []
    kept = _kept(table.rows)
    whole = all(columns.all_fit(place) for place in range(len(table.columns)) if any(columns.texts[place]))
    plain = grid.body.leading + 2 * PAD
    foot = plain if table.carries else 0.0
    for place, row in enumerate(table.rows):
        lines: tuple[tuple[str, ...], ...] | None = None
        height = plain
        if row.kind is RowKind.HEADING:
            found = wrap(str(row.cells[0]), grid.bold, WIDTH - 8.0, _MOST_LINES)
            if len(found) > 1:
                lines = (apart(str(row.cells[0]), found),)
                height = len(found) * grid.bold.leading + 2 * PAD
        elif not whole:
            lines = _lines_of(row, columns, grid)
            if lines is not None:
                height = max(map(len, lines)) * grid.body.leading + 2 * PAD
        ops = (Place(row.anchor),) if row.anchor else ()
        carried = foot if row.kind is RowKind.BODY and not kept[place] else 0.0
        cells = Cells(grid, row, lines, height)
        items.append(Item(height, ops, kept[place], cells=cells, repeats=repeats, place=place, foot=carried))
    return items


def _lines_of(row: Row, columns: Columns, grid: Grid) -> tuple[tuple[str, ...], ...] | None:
    """The lines of every cell, if any takes more than one."""
    style = grid.body if row.kind is RowKind.BODY else grid.bold
    found: list[tuple[str, ...]] = []
    longer = False
    for place, cell in enumerate(row.cells):
        if isinstance(cell, int):
            found.append((in_column(cell, in_thousands=grid.in_thousands),))
        elif columns.fits(place, cell):
            found.append((one_line(cell),))
        else:
            room = grid.widths[place] - (grid.bracket if grid.at_right[place] else 0.0)
            found.append(apart(cell, wrap(cell, style, room, _MOST_LINES)))
            longer = longer or len(found[-1]) > 1
    return tuple(found) if longer else None


def _kept(rows: Sequence[Row]) -> list[bool]:
    """Which rows stay on the page of the next: headings, rows before a total, and all of a short group."""
    kept = [row.kind is RowKind.HEADING for row in rows]
    begins = 0
    for place, row in enumerate(rows):
        if is_sum(row):
            if place:
                kept[place - 1] = True
            if place - begins <= _SHORT_GROUP:
                kept[begins:place] = [True] * (place - begins)
        if row.kind is not RowKind.BODY:
            begins = place if row.kind is RowKind.HEADING else place + 1
    return kept


class _Repeats:
    """What a page ends and begins with where a table is parted."""

    def __init__(self, table: Table, grid: Grid, setting: Setting, caption: Style) -> None:
        self._table, self._grid, self._setting, self._caption = table, grid, setting, caption
        self._sums: dict[int, list[int]] = {}
        self._headings, self._since = _groups(table.rows)

    def ends(self, place: int) -> tuple[Item, ...]:
        """What is carried forward, if anything is."""
        return self._carried(place, say("Carried forward"))

    def begins(self, place: int) -> tuple[Item, ...]:
        """The title, the heads, the heading of the group, and what was brought forward."""
        title = say("{title} (continued)", title=self._table.title)
        repeated = [
            _caption(wrap(title, self._caption, WIDTH, 3), self._caption, None),
            _head(self._table, self._grid, self._setting, None),
        ]
        group = self._group(place)
        if group:
            repeated.append(self._heading(say("{title} (continued)", title=group)))
        return (*repeated, *self._carried(place, say("Brought forward")))

    def _group(self, place: int) -> str:
        """The heading that the row at this place stands under; none if it is one itself."""
        heading = self._headings[place]
        return "" if heading in {-1, place} else str(self._table.rows[heading].cells[0])

    def _heading(self, text: str) -> Item:
        style = self._grid.bold
        lines = wrap(text, style, WIDTH - 8.0, _MOST_LINES)
        height = len(lines) * style.leading + 2 * PAD
        ops: list[Op] = [Shade(0.0, 0.0, WIDTH, height, TINT)]
        ops += [Text(4.0, PAD + style.size + style.leading * number, style, line) for number, line in enumerate(lines)]
        return Item(height, tuple(ops), keep=True)

    def _carried(self, place: int, text: str) -> tuple[Item, ...]:
        """The sums since the last heading or sum, beneath or above the rows they are of."""
        table, grid = self._table, self._grid
        since = self._since[place]
        if not table.carries or since == place or table.rows[place].kind is RowKind.HEADING:
            return ()
        style = grid.bold
        height = style.leading + 2 * PAD
        words = next(
            (at for at, right in enumerate(grid.at_right) if not right and grid.widths[at] > width(text, style)), 0
        )
        ops: list[Op] = [Text(grid.left_of(words, text, style), PAD + style.size, style, text)]
        for column in table.carries:
            sums = self._sums_of(column)
            shown = in_column(sums[place] - sums[since], in_thousands=table.in_thousands)
            x = grid.left_of(column, shown, style, ends_in_bracket=shown.endswith(")"))
            ops.append(Text(x, PAD + style.size, style, shown))
        ops.append(Rule(0.0, height, WIDTH, 0.25, RULE))
        return (Item(height, tuple(ops)),)

    def _sums_of(self, column: int) -> list[int]:
        """Of each place the sum of the amounts before it."""
        if column not in self._sums:
            cells = (row.cells[column] if row.kind is RowKind.BODY else 0 for row in self._table.rows)
            amounts = (cell if isinstance(cell, int) else 0 for cell in cells)
            self._sums[column] = list(accumulate(amounts, initial=0))
        return self._sums[column]


def _groups(rows: Sequence[Row]) -> tuple[list[int], list[int]]:
    """Of each row the place of the heading it stands under, -1 for none, and of the first row since that or a sum."""
    headings, firsts = [], []
    heading, since = -1, 0
    for place, row in enumerate(rows):
        if row.kind is RowKind.HEADING:
            heading, since = place, place + 1
        headings.append(heading)
        firsts.append(min(since, place))
        if is_sum(row):
            since = place + 1
            if row.kind is RowKind.TOTAL:
                heading = -1
    return headings, firsts
