"""What the sheets of one workbook share: names, formats, and what can only be written once every place is known."""

from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from settlement.statements.document import Document, Row, RowKind, Table, last_amount
from settlement.statements.places import Place, anchors_of, table_of_picture, tables_called
from settlement.statements.printable import printable
from settlement.statements.workbook.formats import Formats
from settlement.statements.workbook.formulas import Spot, is_number, reference_formula
from settlement.statements.workbook.names import cut, range_name, reference_to, sheet_name

_LONGEST_PROPERTY = 255
_MOST_LINKS = 65_000  # on a sheet: a spreadsheet takes 65,530
_KEY_FIGURES = "due-"  # what anchors of the lines of an amount due begin with
_NET_DUE = "net_due"


@dataclass(frozen=True, slots=True)
class _Link:
    sheet: Worksheet
    row: int
    column: int
    text: str
    style: Format
    to: Place


@dataclass(frozen=True, slots=True)
class _Referring:
    spot: Spot
    column: int
    pence: int
    sign: int
    anchors: tuple[str, ...]
    style: Format


class Book:
    """One workbook while it is written."""

    def __init__(self, file: xlsxwriter.Workbook, document: Document) -> None:
        """Say what the workbook is; its sheets come after."""
        self.document = document
        self.formats = Formats(file, document.look)
        self._file = file
        self._sheets: dict[str, Worksheet] = {}
        self._sheet_names: set[str] = set()
        self._range_names: set[str] = set()
        self._anchors = anchors_of(document)
        self._tables = tables_called(document)
        self._spots: dict[Place, Spot] = {}
        self._links: list[_Link] = []
        self._links_on: dict[Worksheet, int] = {}
        self._referring: list[_Referring] = []
        self._comes_to: dict[str, tuple[Spot, int]] = {}
        self._describe()

    def _describe(self) -> None:
        document = self.document
        told = {
            "title": f"{document.title}: {document.subtitle}",
            "author": document.author or "S75 Settlement",
            "subject": " · ".join((*document.running, document.status)),
        }
        self._file.set_properties({key: cut(printable(text), _LONGEST_PROPERTY) for key, text in told.items()})

    def add_sheet(self, title: str) -> tuple[Worksheet, str]:
        """A sheet of a name made of the title, with that name."""
        name = sheet_name(title, self._sheet_names)
        self._sheets[name] = self._file.add_worksheet(name)
        return self._sheets[name], name

    def sheet_of(self, name: str) -> Worksheet:
        """The sheet of a name."""
        return self._sheets[name]

    # Places and links

    def stands(self, place: Place, sheet: str, row: int) -> None:
        """Say where a section, a heading, a table or a row of one stands."""
        self._spots.setdefault(place, Spot(sheet, row))

    def place_of(self, anchor: str) -> Place | None:
        """Where a link leads; None if there is no such place in the document."""
        return self._anchors.get(anchor)

    def place_of_table(self, title: str, after: Place) -> Place | None:
        """Where the table of a picture's figures is."""
        return table_of_picture(self._tables, title, after)

    def takes_link(self, sheet: Worksheet) -> bool:
        """Whether the sheet can hold another link."""
        return self._links_on.get(sheet, 0) < _MOST_LINKS

    def link(self, sheet: Worksheet, row: int, column: int, text: str, style: Format, to: Place) -> None:
        """Have the cell lead to a place, which may come later: the cell is written when all places are known."""
        self._links_on[sheet] = self._links_on.get(sheet, 0) + 1
        self._links.append(_Link(sheet, row, column, text, style, to))

    # Amounts that are those of other rows

    def refer(self, table: Table, place: Place, spots: list[Spot]) -> None:
        """Remember which cells of a table are other rows' amounts, and where its own rows have theirs.

        What a formula of the table's own works out is not referred: each amount is worked out once.
        """
        for number, row in enumerate(table.rows):
            if row.anchor and self._anchors[row.anchor] == (*place, number) and (at := last_amount(row)) is not None:
                self._comes_to[row.anchor] = (spots[number], at if is_number(row.cells[at]) else -1)
            for column, anchors in enumerate(row.equals):
                cell = row.cells[column]
                if anchors and isinstance(cell, int) and is_number(cell):
                    style = self.formats.amount(row.kind, in_thousands=table.in_thousands)
                    self._referring.append(_Referring(spots[number], column, cell, row.equals_sign, anchors, style))

    def _write_references(self) -> None:
        for each in self._referring:
            found = [self._comes_to.get(anchor) for anchor in each.anchors]
            places = [(spot, column) for spot, column in filter(None, found) if column >= 0]
            text = reference_formula(each.spot.sheet, places, each.sign) if len(places) == len(found) else ""
            if text:
                sheet = self.sheet_of(each.spot.sheet)
                sheet.write_formula(each.spot.row, each.column, text, each.style, each.pence / 100)

    # Named ranges

    def name_ranges(self, table: Table, place: Place, spots: list[Spot]) -> None:
        """Name the rows of a table, its last total, and the lines of an amount due."""
        columns = [
            at for at in range(len(table.columns)) if any(is_number(row.cells[at]) for row in _with_cells(table))
        ]
        by_sheet: dict[str, list[int]] = {}
        for spot in spots:
            by_sheet.setdefault(spot.sheet, []).append(spot.row)
        for sheet, rows in by_sheet.items():
            self._define(
                range_name(table.title, "data", self._range_names), sheet, rows[0], 0, rows[-1], len(table.columns) - 1
            )
        totals = [number for number, row in enumerate(table.rows) if row.kind is RowKind.TOTAL]
        if totals and columns:
            at = spots[totals[-1]]
            self._define(
                range_name(table.title, "total", self._range_names), at.sheet, at.row, columns[0], at.row, columns[-1]
            )
        for number, row in enumerate(table.rows):
            if row.anchor.startswith(_KEY_FIGURES) and columns and self._anchors[row.anchor] == (*place, number):
                self._name_key_figure(row.anchor, row.cells[columns[0]], spots[number], columns[0])

    def _name_key_figure(self, anchor: str, cell: str | int, at: Spot, column: int) -> None:
        if not isinstance(cell, int) or not is_number(cell):
            return
        name = f"due_{anchor.removeprefix(_KEY_FIGURES).replace('-', '_')}"
        if name == "due_net":
            name = _NET_DUE
        if name not in self._range_names:
            self._range_names.add(name)
            self._define(name, at.sheet, at.row, column, at.row, column)

    def _define(
        self, name: str, sheet: str, first_row: int, first_column: int, last_row: int, last_column: int
    ) -> None:
        first = xl_rowcol_to_cell(first_row, first_column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(last_row, last_column, row_abs=True, col_abs=True)
        area = first if first == last else f"{first}:{last}"
        self._file.define_name(name, f"={reference_to(sheet)}!{area}")

    def finish(self) -> None:
        """Write what leads to other places, now that all of them stand."""
        for link in self._links:
            spot = self._spots[link.to]
            where = f"internal:{reference_to(spot.sheet)}!{xl_rowcol_to_cell(spot.row, 0)}"
            link.sheet.write_url(link.row, link.column, where, link.style, link.text)
        self._write_references()


def _with_cells(table: Table) -> list[Row]:
    return [row for row in table.rows if row.kind is not RowKind.HEADING]
