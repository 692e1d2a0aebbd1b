"""A table in HTML: its caption, the head of each column, row and group of rows, and a box in which it can scroll."""

from collections.abc import Iterator

from settlement.statements.document import Align, Cell, Column, Row, RowKind, Table
from settlement.statements.html.links import Links
from settlement.statements.html.text import attribute, shown
from settlement.statements.places import Place
from settlement.statements.wording import in_column

_NARROW = 2  # columns: a label that wraps and an amount fit any screen


def table_markup(table: Table, links: Links, place: Place) -> Iterator[str]:
    """The table, a line of markup for each row. Where it may be wider than a screen its box is reached by keyboard."""
    ident = links.ident(table.anchor, place)
    named = f'role="group" aria-labelledby="{attribute(ident)}_caption"'
    yield f'<div class="wide" tabindex="0" {named}>' if len(table.columns) > _NARROW else '<div class="wide">'
    caption = f'<caption id="{attribute(ident)}_caption"><span>{shown(table.title)}</span></caption>'
    yield f'<table id="{attribute(ident)}">{caption}'
    heads = "".join(f'<th scope="col"{_right(column)}>{shown(column.title)}</th>' for column in table.columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    is_open = in_group = False
    for number, row in enumerate(table.rows):
        begins_group = row.kind is RowKind.HEADING
        if not is_open or begins_group or (in_group and row.kind is RowKind.TOTAL):
            if is_open:
                yield "</tbody>"
            yield "<tbody>"
            is_open, in_group = True, begins_group
        yield _row(row, table, links, (*place, number))
    yield "</tbody></table></div>" if is_open else "</table></div>"


def _right(column: Column) -> str:
    return ' class="right"' if column.align is Align.RIGHT else ""


def _row(row: Row, table: Table, links: Links, place: Place) -> str:
    kind = "" if row.kind is RowKind.BODY else f' class="{row.kind}"'
    opened = f"<tr{links.id_attribute(row.anchor, place)}{kind}>"
    if row.kind is RowKind.HEADING:
        text = links.linked(shown(str(row.cells[0])), row.goes_to)
        return f'{opened}<th scope="rowgroup" colspan="{len(table.columns)}">{text}</th></tr>'
    # A subtotal's label may stand further in: the first text of a row heads it, and leads where the row leads.
    head = next((at for at, cell in enumerate(row.cells) if isinstance(cell, str) and cell), -1)
    cells = "".join(
        f'<th scope="row"{_right(column)}>{links.linked(shown(str(cell)), row.goes_to)}</th>'
        if at == head
        else _cell(cell, column, table)
        for at, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True))
    )
    return f"{opened}{cells}</tr>"


def _cell(cell: Cell, column: Column, table: Table) -> str:
    if isinstance(cell, int):
        return f'<td class="amount">{in_column(cell, in_thousands=table.in_thousands)}</td>'
    return f"<td{_right(column)}>{shown(cell)}</td>"
