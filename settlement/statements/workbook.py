"""A document as an XLSX workbook, a sheet for each section: amounts are numbers, and no text can become a formula."""

import re
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format

from rules.money import pounds
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    RowKind,
    Section,
    SignatureBlock,
    Table,
    Tone,
)

_AMOUNT = "#,##0.00;(#,##0.00);–"
# A comma at the end shows thousands: the cell itself holds the amount to the penny still.
_AMOUNT_THOUSANDS = "#,##0,;(#,##0,);–"
# Not the clock: the same statement is the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format holds a time without a zone
_ROWS = 1_048_576
_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_EXACT_PENCE = 10**15  # a spreadsheet keeps fifteen figures; a larger amount is written as text, to the penny
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST = 60


def write_workbook(document: Document, path: Path) -> None:
    """Write the document to the path. Raises OSError if it cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        book.set_properties(
            {
                "title": f"{document.title}: {document.subtitle}",
                "author": document.author or "S75 Settlement",
                "subject": " · ".join((*document.running, document.status)),
                "created": _CREATED,
            }
        )
        formats = _Formats(book)
        names: set[str] = set()
        for section in document.sections:
            _Sheet(book, formats, document, section, names).write()
    finally:
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as why:
            raise OSError(str(why)) from why


class _Formats:
    """The cell formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        top = {"valign": "top", "font_name": "Arial", "font_size": 10}
        wrapped = {**top, "text_wrap": True}
        amount = {**top, "num_format": _AMOUNT, "align": "right"}
        subtotal = {"bold": True, "top": 1}
        total = {"bold": True, "top": 1, "bottom": 2}
        self.title = book.add_format({**top, "bold": True, "font_size": 16, "font_color": "#1C3654"})
        self.heading = book.add_format({**top, "bold": True, "font_size": 12, "font_color": "#1C3654"})
        self.strong = book.add_format({**top, "bold": True})
        self.plain = book.add_format(top)
        self.warning = book.add_format({**top, "bold": True, "font_color": "#9E1A14"})
        self.column = book.add_format({**wrapped, "bold": True, "bottom": 2})
        self.column_right = book.add_format({**wrapped, "bold": True, "bottom": 2, "align": "right"})
        self.group = book.add_format({**top, "bold": True, "bg_color": "#F0F2F6"})
        self.due = book.add_format({**amount, "bold": True, "font_size": 16})
        extra = {RowKind.BODY: {}, RowKind.SUBTOTAL: subtotal, RowKind.TOTAL: total}
        self.text = {kind: book.add_format({**wrapped, **more}) for kind, more in extra.items()}
        self.text_right = {kind: book.add_format({**wrapped, "align": "right", **more}) for kind, more in extra.items()}
        self.amount = {kind: book.add_format({**amount, **more}) for kind, more in extra.items()}
        thousands = {**amount, "num_format": _AMOUNT_THOUSANDS}
        self.thousands: dict[RowKind, Format] = {}
        self._book = book
        self._of_thousands = {kind: {**thousands, **more} for kind, more in extra.items()}

    def amounts(self, *, in_thousands: bool) -> dict[RowKind, Format]:
        """The formats of amounts; those of thousands are made where they are needed: a workbook lists all it has."""
        if in_thousands and not self.thousands:
            self.thousands = {kind: self._book.add_format(each) for kind, each in self._of_thousands.items()}
        return self.thousands if in_thousands else self.amount


class _Sheet:
    """One section on one sheet, or on more where it is longer than a sheet can be."""

    def __init__(
        self, book: xlsxwriter.Workbook, formats: _Formats, document: Document, section: Section, names: set[str]
    ) -> None:
        self._book = book
        self._formats = formats
        self._document = document
        self._section = section
        self._names = names
        self._widths: dict[int, int] = {}
        self._begin()

    def write(self) -> None:
        """Write every block beneath the one before."""
        for block in self._section.blocks:
            self._block(block)
        self._end()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet(_sheet_name(self._section.title, self._names))
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        foot = self._document.foot.replace("&", "&&")
        self._sheet.set_footer(f"&L&A&C{foot}&RPage &P of &N")
        self._sheet.hide_gridlines(2)
        self._row = 0
        self._line(f"{self._document.title}: {self._document.subtitle}", self._formats.title)
        self._line(" · ".join(self._document.running), self._formats.plain)
        is_warning = self._document.status_tone is Tone.WARNING
        self._line(self._document.status, self._formats.warning if is_warning else self._formats.strong)
        self._line(self._section.title, self._formats.heading, before=1)
        self._row += 1

    def _end(self) -> None:
        for column, wide in self._widths.items():
            self._sheet.set_column(column, column, min(max(wide + 2, 10), _WIDEST))

    def _line(self, text: str, style: Format, *, before: int = 0) -> None:
        self._row += before
        self._string(self._row, 0, text, style)
        self._row += 1

    def _string(self, row: int, column: int, text: str, style: Format) -> None:
        self._sheet.write_string(row, column, text[:_LONGEST_TEXT], style)

    def _block(self, block: Block) -> None:  # noqa: C901, PLR0912  one short case for each kind of block
        formats = self._formats
        match block:
            case Table():
                self._table(block)
            case Heading():
                self._line(block.text, formats.heading, before=1)
            case Paragraph():
                self._line(block.text, formats.plain)
            case Note():
                is_warning = block.tone is Tone.WARNING
                word, style = ("Warning", formats.warning) if is_warning else ("Note", formats.plain)
                self._line(f"{word}: {block.text}", style)
            case Bullets():
                for text in block.items:
                    self._line(f"• {text}", formats.plain)
            case Facts():
                for label, text in block.pairs:
                    self._string(self._row, 1, text, formats.plain)
                    self._line(label, formats.plain)
            case Picture():
                self._line(block.alternative, formats.plain)
            case KeyFigures():
                self._line(block.label, formats.strong, before=1)
                self._cell(self._row, 0, block.amount_pence, formats.due, formats.due)
                self._row += 1
                for text in (block.words, *block.lines):
                    self._line(text, formats.strong)
                self._row += 1
            case SignatureBlock():
                self._line(block.heading, formats.strong, before=1)
                for label, value in block.pairs:
                    self._string(self._row, 1, value or "_" * 40, formats.plain)
                    self._line(label, formats.plain)

    def _table(self, table: Table) -> None:
        self._line(table.title, self._formats.strong, before=1)
        self._columns(table)
        amounts = self._formats.amounts(in_thousands=table.in_thousands)
        for row in table.rows:
            if self._row >= _ROWS - 1:
                self._end()
                self._begin()
                self._line(f"{table.title} (continued)", self._formats.strong)
                self._columns(table)
            if row.kind is RowKind.HEADING:
                self._line(str(row.cells[0]), self._formats.group)
                continue
            for place, cell in enumerate(row.cells):
                right = table.columns[place].align is Align.RIGHT
                texts = self._formats.text_right if right else self._formats.text
                self._cell(self._row, place, cell, amounts[row.kind], texts[row.kind])
                self._widen(place, cell)
            self._row += 1
        self._row += 1

    def _columns(self, table: Table) -> None:
        for place, column in enumerate(table.columns):
            style = self._formats.column_right if column.align is Align.RIGHT else self._formats.column
            self._string(self._row, place, column.title, style)
            self._widen(place, column.title.partition(" ")[0])
        self._row += 1

    def _cell(self, row: int, column: int, cell: Cell, amount: Format, text: Format) -> None:
        if isinstance(cell, str):
            self._string(row, column, cell, text)
        elif abs(cell) < _EXACT_PENCE:
            self._sheet.write_number(row, column, cell / 100, amount)
        else:
            self._string(row, column, pounds(cell), text)

    def _widen(self, column: int, cell: Cell) -> None:
        wide = len(pounds(cell)) if isinstance(cell, int) else len(cell)
        if wide > self._widths.get(column, 0):
            self._widths[column] = wide


def _sheet_name(title: str, names: set[str]) -> str:
    """The title as a sheet may be called: no forbidden sign, 31 characters, no other of the same name."""
    plain = _FORBIDDEN.sub(" ", title).strip("' ") or "Section"
    name = plain[:_LONGEST_NAME].strip("' ")
    number = 1
    while name.lower() in names or name.lower() == "history":
        number += 1
        tail = f" {number}"
        name = plain[: _LONGEST_NAME - len(tail)].rstrip("' ") + tail
    names.add(name.lower())
    return name
