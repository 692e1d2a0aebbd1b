"""One section of a document on one sheet of a workbook, or on more where it is longer than a sheet can be."""

from collections.abc import Iterable

from xlsxwriter.format import Format

from rules.language import say
from rules.money import pounds
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Row,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
)
from settlement.statements.places import Place
from settlement.statements.printable import printable
from settlement.statements.workbook.book import Book
from settlement.statements.workbook.formulas import Spot, formulas_of, is_number
from settlement.statements.workbook.layout import BOLD, height_of, is_landscape, row_height, span_of, widths_of
from settlement.statements.workbook.names import cut, in_margin

_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
_A4 = 9
_TITLE_ROWS = 3
_MOST_FROZEN = 12  # rows: more of them would leave a small screen no room for the table
_WIDE = 130  # widths: the names at the left stay in sight where a sheet is wider than a screen
_TITLE, _SECTION, _HEADING, _USUAL, _DUE = 16, 13, 11, 10, 16  # points
_EVERYWHERE = "A1:XFD1048576"


class SectionSheets:
    """A section while it is written, from its first row down."""

    def __init__(self, book: Book, section: Section, number: int) -> None:
        """Begin its first sheet."""
        self._book = book
        self._section = section
        self._number = number
        self._formats = book.formats
        self._widths = widths_of(section)
        self._tables = [block for block in section.blocks if isinstance(block, Table)]
        self._one_head = len({tuple(column.title for column in table.columns) for table in self._tables}) == 1
        self._place: Place = (number,)
        self._begin()
        book.stands(self._place, self._name, 0)

    def write(self) -> None:
        """Write every block beneath the one before."""
        for at, block in enumerate(self._section.blocks):
            self._place = (self._number, at)
            self._block(block)

    # The sheet

    def _begin(self) -> None:
        document = self._book.document
        self._sheet, self._name = self._book.add_sheet(self._section.title)
        self._row = 0
        self._has_repeated = False
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        self._set_up_print()
        # A code that is all figures is text here, and is meant to be: no sheet is full of warnings of that.
        self._sheet.ignore_errors({"number_stored_as_text": _EVERYWHERE, "formula_range": _EVERYWHERE})
        self._sheet.hide_gridlines(2)
        self._freeze(_TITLE_ROWS)
        title = f"{document.title}: {document.subtitle}"
        self._line(title, self._formats.title(title), size=_TITLE)
        running = " · ".join(document.running)
        self._line(running, self._formats.text(running))
        is_warning = document.status_tone is Tone.WARNING
        strong = self._formats.warning(document.status) if is_warning else self._strong(document.status)
        self._line(document.status, strong)
        self._row += 1
        self._line(self._section.title, self._formats.title(self._section.title, _SECTION), size=_SECTION)
        self._row += 1

    def _set_up_print(self) -> None:
        document = self._book.document
        self._sheet.set_paper(_A4)
        if is_landscape(self._widths):
            self._sheet.set_landscape()
        # A first page that is signed is one page, as it is in print.
        is_signed_for = any(isinstance(block, KeyFigures) for block in self._section.blocks)
        self._sheet.fit_to_pages(1, 1 if is_signed_for else 0)
        self._sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        title = in_margin(f"{document.title}: {document.subtitle}", 150)
        self._sheet.set_header(f"&L{title}&R{in_margin(document.status, 80)}")
        counted = say("Page {page} of {pages}", page="&P", pages="&N")
        self._sheet.set_footer(f"&L{in_margin(document.foot, 120)}&C&A&R{counted}")

    def _freeze(self, rows: int) -> None:
        self._sheet.freeze_panes(rows, 1 if sum(self._widths) > _WIDE else 0)

    def _strong(self, text: str) -> Format:
        return self._formats.text(text, bold=True)

    # Texts

    def _line(
        self, text: str, style: Format, *, first: int = 0, last: int = -1, to: Place | None = None, size: int = _USUAL
    ) -> None:
        """A text over as many columns as it takes to be read, or up to the last that is said; a link if it leads on."""
        self._across(text, style, first=first, last=last, to=to, size=size)
        self._row += 1

    def _across(
        self, text: str, style: Format, *, first: int, last: int = -1, to: Place | None = None, size: int = _USUAL
    ) -> None:
        until = span_of(self._widths, first) if last < 0 else last
        self._merge(first, until, style)
        self._string(first, text, style, to)
        height = height_of(text, sum(self._widths[first : until + 1]), size)
        if height is not None:
            self._sheet.set_row(self._row, height)

    def _merge(self, first: int, last: int, style: Format) -> None:
        if last > first:
            self._sheet.merge_range(self._row, first, self._row, last, "", style)

    def _string(self, column: int, text: str, style: Format, to: Place | None = None) -> None:
        held = cut(printable(text), _LONGEST_TEXT)
        if to is not None and held:
            self._book.link(self._sheet, self._row, column, held, style, to)
        else:
            self._sheet.write_string(self._row, column, held, style)

    def _to(self, anchor: str) -> Place | None:
        """Where a link leads that can be written: to a place that is there, on a sheet with room for it."""
        return self._book.place_of(anchor) if self._book.takes_link(self._sheet) else None

    def _plain(self, text: str, to: Place | None = None) -> None:
        self._line(text, self._formats.text(text, link=to is not None), to=to)

    # Blocks

    def _block(self, block: Block) -> None:  # noqa: C901  one short case for each kind of block
        match block:
            case Table():
                self._table(block)
            case Heading():
                self._row += 1
                self._book.stands(self._place, self._name, self._row)
                to = self._to(block.goes_to)
                style = self._formats.title(block.text, _HEADING, link=to is not None)
                self._line(block.text, style, to=to, size=_HEADING)
            case Paragraph():
                self._plain(block.text, self._to(block.goes_to))
            case Note():
                self._note(block)
            case Bullets():
                for text, anchor in zip(block.items, block.goes_to or ("",) * len(block.items), strict=True):
                    self._plain(f"• {text}", self._to(anchor))
            case Facts():
                self._pairs(block.pairs)
            case Picture():
                self._picture(block)
            case KeyFigures():
                self._key_figures(block)
            case SignatureBlock():
                self._row += 1
                self._line(block.heading, self._strong(block.heading))
                self._pairs(tuple((label, value or "_" * 40) for label, value in block.pairs))

    def _note(self, note: Note) -> None:
        if note.tone is Tone.WARNING:
            text = f"{say('Warning:')} {note.text}"
            self._line(text, self._formats.warning(text))
        else:
            self._plain(f"{say('Note:')} {note.text}")

    def _pairs(self, pairs: tuple[tuple[str, str], ...]) -> None:
        for label, text in pairs:
            self._across(text, self._formats.text(text), first=1)
            self._string(0, label, self._formats.text(label))
            self._row += 1

    def _picture(self, picture: Picture) -> None:
        """What it shows, in words: its figures are the table's, which a spreadsheet draws as its reader likes."""
        self._row += 1
        self._line(picture.title, self._strong(picture.title))
        self._plain(picture.alternative)
        to = self._book.place_of_table(picture.table, self._place)
        if to is not None and self._book.takes_link(self._sheet):
            self._plain(say("The figures of this picture are in the table “{table}”.", table=picture.table), to)

    def _key_figures(self, block: KeyFigures) -> None:
        self._row += 1
        self._line(block.label, self._strong(block.label))
        style = self._formats.due()
        self._merge(0, span_of(self._widths), style)
        self._cell(self._row, 0, block.amount_pence, style, style)
        self._sheet.set_row(self._row, height_of("", 1, _DUE))
        self._row += 1
        for text in (block.words, *block.lines):
            self._line(text, self._strong(text))
        self._row += 1

    # Tables

    def _table(self, table: Table) -> None:
        self._row += 1
        self._book.stands(self._place, self._name, self._row)
        last = max(len(table.columns) - 1, span_of(self._widths))
        self._line(table.title, self._strong(table.title), last=last)
        self._columns(table)
        spots: list[Spot] = []
        for number, row in enumerate(table.rows):
            if self._row >= _ROWS - 1:
                self._begin()
                continued = say("{table} (continued)", table=table.title)
                self._line(continued, self._strong(continued), last=last)
                self._columns(table)
            spots.append(Spot(self._name, self._row))
            if row.anchor and self._book.place_of(row.anchor) == (*self._place, number):
                self._book.stands((*self._place, number), self._name, self._row)
            self._table_row(table, row)
            self._row += 1
        self._formulas(table, spots)
        self._book.refer(table, self._place, spots)
        self._book.name_ranges(table, self._place, spots)
        self._row += 1

    def _columns(self, table: Table) -> None:
        """The heads of the columns, which stay in sight and are printed on every page where they are of all tables."""
        for place, column in enumerate(table.columns):
            right = column.align is Align.RIGHT
            self._string(place, column.title, self._formats.head(column.title, place, right=right))
        self._fit((column.title for column in table.columns), is_bold=True)
        if self._one_head and not self._has_repeated:
            self._sheet.repeat_rows(self._row)
            self._has_repeated = True
            if len(self._tables) == 1 and self._row < _MOST_FROZEN:
                self._freeze(self._row + 1)
        self._row += 1

    def _table_row(self, table: Table, row: Row) -> None:
        to = self._to(row.goes_to)
        if row.kind is RowKind.HEADING:
            text = str(row.cells[0])
            style = self._formats.cell(row.kind, text, 0, link=to is not None)
            self._across(text, style, first=0, last=len(table.columns) - 1, to=to)
            return
        # A subtotal's label may stand further in: the first text of a row is what leads where the row leads.
        head = next((at for at, cell in enumerate(row.cells) if isinstance(cell, str) and cell), -1)
        amount = self._formats.amount(row.kind, in_thousands=table.in_thousands)
        for place, cell in enumerate(row.cells):
            leads = to if place == head else None
            right = table.columns[place].align is Align.RIGHT
            text = cell if isinstance(cell, str) else ""
            style = self._formats.cell(row.kind, text, place, right=right, link=leads is not None)
            self._cell(self._row, place, cell, amount, style, leads)
        self._fit([cell if isinstance(cell, str) else "" for cell in row.cells], is_bold=row.kind is not RowKind.BODY)

    def _fit(self, texts: Iterable[str], *, is_bold: bool) -> None:
        """Make the row as high as the texts in its columns are when they wrap."""
        height = row_height(zip(texts, self._widths, strict=False), BOLD if is_bold else _USUAL)
        if height is not None:
            self._sheet.set_row(self._row, height)

    def _cell(self, row: int, column: int, cell: Cell, amount: Format, text: Format, to: Place | None = None) -> None:
        if isinstance(cell, str):
            self._string(column, cell, text, to)
        elif is_number(cell):
            self._sheet.write_number(row, column, cell / 100, amount)
        else:
            self._sheet.write_string(row, column, pounds(cell), amount)

    def _formulas(self, table: Table, spots: list[Spot]) -> None:
        """Write what adds up as formulas, over the amounts that they come to."""
        for formula in formulas_of(table, spots):
            row = table.rows[formula.row]
            cell = row.cells[formula.column]
            assert isinstance(cell, int)  # noqa: S101  only amounts have formulas
            style = self._formats.amount(row.kind, in_thousands=table.in_thousands)
            spot = spots[formula.row]
            sheet = self._book.sheet_of(spot.sheet)
            sheet.write_formula(spot.row, formula.column, formula.text, style, cell / 100)
