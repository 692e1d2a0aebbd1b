"""A document as one HTML file that needs nothing else: no script, no network, every table with its header cells."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from rules.money import pounds
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.wording import in_column

_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #1a1a1f; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1, h2, h3, h4, caption { color: #1c3654; line-height: 1.25; }
h1 { margin-bottom: 0; } .subtitle { font-size: 1.35rem; margin-top: .2rem; }
h2 { border-bottom: 2px solid #1c3654; margin-top: 2.5rem; }
.status { color: #9e1a14; font-weight: bold; } .status.signed { color: #1c3654; }
footer { border-top: 1px solid #c7ccd4; margin-top: 2.5rem; color: #55595f; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .92rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #c7ccd4; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #1c3654; vertical-align: bottom; }
tbody th { font-weight: normal; } .right { text-align: right; } td.amount { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
tr.heading th { background: #f0f2f6; font-weight: bold; }
tr.subtotal > *, tr.total > * { font-weight: bold; border-top: 1px solid #1c3654; }
tr.total > * { border-bottom: 2px solid #1c3654; }
.due { background: #f0f2f6; border-left: 4px solid #1c3654; padding: .8rem 1.2rem; margin: 1rem 0; }
.due .amount { font-size: 2.2rem; font-weight: bold; color: #1c3654; margin: 0; } .due p { margin: .2rem 0; }
.note { background: #f0f2f6; border-left: 4px solid #5c616b; padding: .6rem 1rem; }
.warning { background: #fdf0ee; border-left-color: #9e1a14; font-weight: bold; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.2rem; }
dt { color: #55595f; } dd { margin: 0; }
.sign strong { color: #1a1a1f; margin-left: .6rem; }
.sign { border-bottom: 1px solid #55595f; margin: 1.6rem 0 0; max-width: 28rem; color: #55595f; }
@media print { body { max-width: none; padding: 0; font-size: 9.5pt; } .first { break-after: page; }
  tr, .due, .note { break-inside: avoid; } thead { display: table-header-group; } }
"""


def write_html(document: Document, path: Path) -> None:
    """Write the document to the path as UTF-8. Raises OSError if it cannot be written."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in _lines(document))


def _lines(document: Document) -> Iterator[str]:
    title = escape(f"{document.title}: {document.subtitle}")
    yield "<!DOCTYPE html>"
    yield '<html lang="en-GB">'
    yield f'<head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta name="author" content="{escape(document.author)}">'
    yield f"<style>{_STYLE}</style></head>"
    yield "<body>"
    yield f"<header><h1>{escape(document.title)}</h1>"
    yield f'<p class="subtitle">{escape(document.subtitle)}</p>'
    running = escape(" · ".join(document.running))
    signed = "" if document.status_tone is Tone.WARNING else " signed"
    yield f'<p>{running} · <span class="status{signed}">{escape(document.status)}</span></p></header>'
    yield "<main>"
    for number, section in enumerate(document.sections, 1):
        first = ' class="first"' if number == 1 else ""
        yield f'<section{first} aria-labelledby="section-{number}">'
        yield f'<h2 id="section-{number}">{escape(section.title)}</h2>'
        for block in section.blocks:
            yield from _block(block)
        yield "</section>"
    yield "</main>"
    if document.foot:
        yield f"<footer><p>{escape(document.foot)}</p></footer>"
    yield "</body></html>"


def _block(block: Block) -> Iterator[str]:  # noqa: C901, PLR0912  one short case for each kind of block
    match block:
        case Table():
            yield from _table(block)
        case Heading():
            level = block.level + 1
            yield f"<h{level}>{escape(block.text)}</h{level}>"
        case Paragraph():
            yield f"<p>{escape(block.text)}</p>"
        case Note():
            is_warning = block.tone is Tone.WARNING
            kind, word = ("note warning", "Warning") if is_warning else ("note", "Note")
            yield f'<p class="{kind}"><strong>{word}:</strong> {escape(block.text)}</p>'
        case Bullets():
            yield "<ul>"
            for text in block.items:
                yield f"<li>{escape(text)}</li>"
            yield "</ul>"
        case KeyFigures():
            yield f'<div class="due"><p><strong>{escape(block.label)}</strong></p>'
            yield f'<p class="amount">{escape(pounds(block.amount_pence))}</p><p>{escape(block.words)}</p>'
            for line in block.lines:
                yield f"<p><strong>{escape(line)}</strong></p>"
            yield "</div>"
        case Facts():
            yield "<dl>"
            for label, text in block.pairs:
                yield f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
            yield "</dl>"
        case Picture():
            yield f"<p>{escape(block.alternative)}</p>"
        case SignatureBlock():
            yield f"<p><strong>{escape(block.heading)}</strong></p>"
            for line, value in block.pairs:
                shown = f" <strong>{escape(value)}</strong>" if value else ""
                yield f'<p class="sign">{escape(line)}{shown}</p>'


def _table(table: Table) -> Iterator[str]:
    """The first cell of a row heads it. The box around lets a wide table scroll by itself, by keyboard too."""
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.title)}"><table>'
    yield f"<caption>{escape(table.title)}</caption>"
    heads = "".join(f'<th scope="col"{_right(column)}>{escape(column.title)}</th>' for column in table.columns)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in table.rows:
        yield _row(row, table)
    yield "</tbody></table></div>"


def _right(column: Column) -> str:
    return ' class="right"' if column.align is Align.RIGHT else ""


def _row(row: Row, table: Table) -> str:
    columns = table.columns
    kind = "" if row.kind is RowKind.BODY else f' class="{row.kind}"'
    first, *rest = row.cells
    if row.kind is RowKind.HEADING:
        return f'<tr{kind}><th scope="colgroup" colspan="{len(columns)}">{escape(str(first))}</th></tr>'
    head = f'<th scope="row">{_shown(first, table)}</th>' if first != "" else "<td></td>"
    cells = "".join(_cell(cell, column, table) for cell, column in zip(rest, columns[1:], strict=True))
    return f"<tr{kind}>{head}{cells}</tr>"


def _cell(cell: Cell, column: Column, table: Table) -> str:
    kind = ' class="amount"' if isinstance(cell, int) else _right(column)
    return f"<td{kind}>{_shown(cell, table)}</td>"


def _shown(cell: Cell, table: Table) -> str:
    return escape(in_column(cell, in_thousands=table.in_thousands) if isinstance(cell, int) else cell)
