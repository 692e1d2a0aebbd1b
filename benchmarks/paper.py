"""The rows of one settlement's workings as a PDF, by ours and by each peer: `python paper.py NAME FOLDER OUT`.

Each peer is given the rows as texts beforehand, as one table with a head on every page, in the same embedded font, and
only its own work is timed: layout and writing, of the second document of a process; imports and fonts are read for the
first, a few rows long. Ours is given the ledger's lines and is timed with making the document of them as well.
"""

import html
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Rows = list[tuple[str, ...]]
_HEAD = ("Period", "Date", "Reference", "Description", "Line", "Amount £")
_WIDTHS = (34, 52, 66, 232, 42, 82)  # points
_SIZE = 8.5
_ROW = 16.0  # of ours, in points
_MARGIN = 43.0


def _inputs(folder: Path) -> object:
    from ledgers import open_ledger
    from settlement.service import settle_ledger
    from settlement.statements import StatementInputs

    with open_ledger(folder, read_only=True) as ledger:
        settlement = settle_ledger(ledger)
        lines = tuple(ledger.lines(upto=settlement.period))
    return StatementInputs(settlement=settlement, lines=lambda: lines)


def _rows(folder: Path) -> Rows:
    """Every row of every table of the workings; headings and subtotals are rows of their own."""
    from settlement.statements import workings
    from settlement.statements.wording import in_column

    return [
        tuple(in_column(cell) if isinstance(cell, int) else cell for cell in row.cells)
        for table in workings(_inputs(folder)).tables  # type: ignore[arg-type]
        for row in table.rows
    ]


def ours(inputs: object, out: Path) -> None:
    """All of the workings: the trace in words, each scheme's table, page x of y, bookmarks, links, tags for readers."""
    from settlement.statements import workings
    from settlement.statements.pdf.writer import write_pdf

    write_pdf(workings(inputs), out)  # type: ignore[arg-type]


def longtable(rows: Rows, out: Path, font: str, height: float | None = None) -> None:
    """One ReportLab LongTable of plain texts, the columns' widths given."""
    from reportlab import rl_config
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, SimpleDocTemplate

    rl_config.useA85 = 0
    if "Face" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Face", font))
    styles = [
        ("FONT", (0, 0), (-1, -1), "Face", _SIZE),
        ("ALIGN", (4, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, (0.8, 0.8, 0.8)),
    ]
    full = [row if len(row) == len(_HEAD) else (*row, *[""] * (len(_HEAD) - len(row))) for row in rows]
    table = LongTable([_HEAD, *full], _WIDTHS, [height] * (len(full) + 1), styles, repeatRows=1)
    SimpleDocTemplate(str(out), pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, pageCompression=1).build([table])


def heights(rows: Rows, out: Path, font: str) -> None:
    """The same, told every row's height, which spares it working them out."""
    longtable(rows, out, font, _ROW)


def typst(rows: Rows, out: Path, font: str) -> None:
    """One table; the rows reach it as JSON."""
    import typst as compiler

    data = out.with_suffix(".json")
    data.write_text(json.dumps([_HEAD, *[[*row, *[""] * (len(_HEAD) - len(row))] for row in rows]]))
    source = out.with_suffix(".typ")
    columns = ", ".join(f"{width}pt" for width in _WIDTHS)
    source.write_text(
        f'#set page(paper: "a4", margin: {_MARGIN}pt, footer: context [#counter(page).display() of '
        f"#counter(page).final().first()])\n"
        f'#set text(font: "Liberation Sans", size: {_SIZE}pt)\n#let rows = json("{data.name}")\n'
        f"#table(columns: ({columns}), stroke: (bottom: 0.25pt), inset: 3pt, "
        "align: (left, left, left, left, right, right), table.header(..rows.first()), ..rows.slice(1).flatten())\n"
    )
    compiler.compile(str(source), output=str(out), font_paths=[str(Path(font).parent)])


def fpdf2(rows: Rows, out: Path, font: str) -> None:
    """Its own table."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format="A4")
    pdf.set_margin(_MARGIN)
    pdf.add_font("Face", fname=font)
    pdf.set_font("Face", size=_SIZE)
    pdf.add_page()
    align = ("LEFT", "LEFT", "LEFT", "LEFT", "RIGHT", "RIGHT")
    plain = {"borders_layout": "HORIZONTAL_LINES", "line_height": _ROW, "text_align": align}
    with pdf.table(col_widths=_WIDTHS, width=sum(_WIDTHS), **plain) as table:
        pdf.set_font("Face", size=_SIZE)
        from fpdf.fonts import FontFace

        table._headings_style = FontFace(family="Face", emphasis="")  # noqa: SLF001  there is no bold face here
        for row in [_HEAD, *rows]:
            cells = table.row()
            for cell in (*row, *[""] * (len(_HEAD) - len(row))):
                cells.cell(cell)
    pdf.output(str(out))


def weasyprint(rows: Rows, out: Path, font: str) -> None:
    """One HTML table."""
    from weasyprint import HTML

    def cells(row: tuple[str, ...], tag: str) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in (*row, *[""] * (len(_HEAD) - len(row))))

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    widths = "".join(f'<col style="width: {width}pt">' for width in _WIDTHS)
    style = (
        f"@font-face {{ font-family: Face; src: url(file://{font}) }} @page {{ size: A4; margin: {_MARGIN}pt }}"
        f"body {{ font: {_SIZE}pt Face }} table {{ border-collapse: collapse; table-layout: fixed }}"
        "td, th { border-bottom: 0.25pt solid #ccc; padding: 2.6pt 3pt; text-align: left; white-space: nowrap }"
        "td:nth-child(n+5) { text-align: right }"
    )
    HTML(
        string=f"<style>{style}</style><table>{widths}<thead><tr>{cells(_HEAD, 'th')}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    ).write_pdf(str(out))


def _pages(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(str(path)) as document:
        return len(document)


def _peers() -> Iterator[Callable[[Rows, Path, str], None]]:
    yield from (longtable, heights, typst, fpdf2, weasyprint)


def main(name: str, folder: Path, out: Path) -> None:
    """Print the seconds of the second document and of the first, its pages and rows."""
    from dataclasses import replace

    import settlement

    font = str(Path(settlement.__file__).parent / "fonts" / "LiberationSans-Regular.ttf")
    inputs, rows = _inputs(folder), _rows(folder)
    began = time.perf_counter()
    if name == "ours":
        ours(replace(inputs, lines=lambda: ()), out)  # type: ignore[type-var]
        begun = time.perf_counter()
        ours(inputs, out)
    else:
        write = next(peer for peer in _peers() if peer.__name__ == name)
        write(rows[:10], out, font)
        begun = time.perf_counter()
        write(rows, out, font)
    ended = time.perf_counter()
    print(json.dumps({"seconds": ended - begun, "first": begun - began, "pages": _pages(out), "rows": len(rows)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
