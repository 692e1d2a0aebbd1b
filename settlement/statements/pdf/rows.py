"""A table's rows as they are drawn, each with its elements: a row, its head and its cells, written at once.

Workings have hundreds of thousands of cells, so that this is where a page's time goes. What is the same for every row
of a table (where a column begins, what a cell's attributes are) is worked out once, and nothing is kept of a row drawn.
"""

from settlement.statements.document import Row, RowKind
from settlement.statements.pdf.file import PdfFile, escaped
from settlement.statements.pdf.grid import PAD, Cells, Grid
from settlement.statements.pdf.ink import Ink
from settlement.statements.pdf.setting import BELOW, UNDERLINE
from settlement.statements.pdf.tags import Element
from settlement.statements.pdf.text import Style, one_line, width
from settlement.statements.pdf.units import MARGIN, RULE, TINT, WIDTH, Colour
from settlement.statements.wording import in_column

_HEADING_INDENT = 4.0


class Rows:
    """Draws rows with an ink. `accent` is the colour of the rules that sums have."""

    def __init__(self, file: PdfFile, ink: Ink, accent: Colour) -> None:
        """For one document."""
        self._file, self._ink, self._accent = file, ink, accent

    def draw(self, cells: Cells, top: float) -> None:
        """A row with its top at this height on the page."""
        ink, row, grid = self._ink, cells.row, cells.grid
        ink.close()
        if row.kind is RowKind.HEADING:
            self._draw_heading(cells, top)
            return
        style = grid.body if row.kind is RowKind.BODY else grid.bold
        ink.use(style)
        own = self._file.numbers(len(row.cells) + 1)
        bodies = [""]
        texts, elements, page = ink.texts, ink.elements, ink.page
        baseline = top - PAD - style.size
        y = f"{baseline:.2f}"
        for place, cell in enumerate(row.cells):
            if cell == "":
                bodies.append(f"<</S/TD/P {own} 0 R>>")
                continue
            if not place and row.goes_to in grid.anchors:
                bodies.append(self._linked_head(cells, own, baseline))
                ink.use(style)
                continue
            lines = cells.lines
            if lines is not None and len(lines[place]) > 1:
                operators = self._on_lines(grid, place, lines[place], baseline, style)
            else:
                operators = self._on_one_line(grid, place, cell, y, style)
            marked = len(elements)
            elements.append(own + place + 1)
            if place:
                texts.append(f"/TD<</MCID {marked}>>BDC {operators} EMC")
                bodies.append(f"<</S/TD/P {own} 0 R/Pg {page} 0 R/K {marked}>>")
            else:
                texts.append(f"/TH<</MCID {marked}>>BDC {operators} EMC")
                bodies.append(f"<</S/TH/P {own} 0 R/Pg {page} 0 R/K {marked}/A {ink.tags.row_head} 0 R>>")
        self._end(grid, own, bodies)
        self._rules(row, top, cells.height)

    def _end(self, grid: Grid, own: int, bodies: list[str]) -> None:
        """Write the row's element and those of its cells."""
        rows = grid.rows
        kids = " ".join([f"{number} 0 R" for number in range(own + 1, own + len(bodies))])
        bodies[0] = f"<</S/TR/P {self._ink.tags.number(rows)} 0 R/K[{kids}]>>"
        rows.kids.append(f"{own} 0 R")
        self._file.put_all(own, bodies)

    def _on_one_line(self, grid: Grid, place: int, cell: str | int, y: str, style: Style) -> str:
        if isinstance(cell, int):
            shown = in_column(cell, in_thousands=grid.in_thousands)
            # digits are all as wide as each other: amounts with as many signs begin at one place
            key = (place, style.font, cell < 0, len(shown))
            x = grid.places.get(key)
            if x is None:
                left = grid.left_of(place, shown, style, ends_in_bracket=cell < 0)
                x = grid.places[key] = f"{MARGIN + left:.2f}"
        else:
            shown = one_line(cell)
            x = grid.begins[place] or f"{MARGIN + grid.left_of(place, shown, style):.2f}"
        if shown.isascii() and shown.isprintable():
            return f"1 0 0 1 {x} {y} Tm({escaped(shown)})Tj"
        return f"1 0 0 1 {x} {y} Tm {self._ink.fonts.show(style.font, style.size, shown)}"

    def _on_lines(self, grid: Grid, place: int, lines: tuple[str, ...], baseline: float, style: Style) -> str:
        return " ".join(
            f"1 0 0 1 {MARGIN + grid.left_of(place, line.rstrip(' '), style):.2f} "
            f"{baseline - number * style.leading:.2f} Tm {self._ink.fonts.show(style.font, style.size, line)}"
            for number, line in enumerate(lines)
        )

    def _linked_head(self, cells: Cells, own: int, baseline: float) -> str:
        """The first cell as a link: what is drawn belongs to the link, and the link to the cell."""
        grid, row = cells.grid, cells.row
        style = grid.link if row.kind is RowKind.BODY else grid.bold_link
        link = Element("Link", goes_to=row.goes_to)
        cell = row.cells[0]
        shown = in_column(cell, in_thousands=grid.in_thousands) if isinstance(cell, int) else one_line(cell)
        for number, line in enumerate(cells.lines[0] if cells.lines else (shown,)):
            y = baseline - number * style.leading
            x = MARGIN + grid.left_of(0, line.rstrip(" "), style)
            self._ink.text(x, y, style, line, link)
            self._ink.rule(x, y - BELOW, width(line.rstrip(" "), style), UNDERLINE, grid.underline)
        self._ink.close()
        written = self._ink.tags.write(link, own + 1)
        return f"<</S/TH/P {own} 0 R/K {written} 0 R/A {self._ink.tags.row_head} 0 R>>"

    def _draw_heading(self, cells: Cells, top: float) -> None:
        """A heading over the rows that follow: one cell, as wide as the table."""
        ink, grid, row = self._ink, cells.grid, cells.row
        style = grid.bold
        lines = cells.lines[0] if cells.lines else (one_line(str(row.cells[0])),)
        own = self._file.numbers(2)
        ink.use(style)
        operators = " ".join(
            f"1 0 0 1 {MARGIN + _HEADING_INDENT:.2f} {top - PAD - style.size - style.leading * number:.2f} Tm "
            f"{ink.fonts.show(style.font, style.size, line)}"
            for number, line in enumerate(lines)
        )
        marked = len(ink.elements)
        ink.elements.append(own + 1)
        ink.texts.append(f"/TH<</MCID {marked}>>BDC {operators} EMC")
        over = ink.tags.over(len(grid.lefts))
        head = f"<</S/TH/P {own} 0 R/Pg {ink.page} 0 R/K {marked}/A {over} 0 R>>"
        self._end(grid, own, ["", head])
        ink.shade(MARGIN, top - cells.height, WIDTH, cells.height, TINT)

    def _rules(self, row: Row, top: float, height: float) -> None:
        if row.kind is RowKind.BODY:
            self._ink.rule(MARGIN, top - height, WIDTH, 0.25, RULE)
            return
        self._ink.rule(MARGIN, top, WIDTH, 0.6, self._accent)
        if row.kind is RowKind.TOTAL:
            self._ink.rule(MARGIN, top - height, WIDTH, 1.0, self._accent)
