"""Files read back as their readers have them: tables with title, column headings and rows, whatever the format.

`html_tables`, `xlsx_tables` and `pdf_tables` answer the same shape, so that one test can hold all three to the result.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

from settlement.statements.document import Document, RowKind, Table
from settlement.statements.wording import in_column
from tests.settlement.statements.tagged import elements_of

_AMOUNT = re.compile(r"(\(?)([\d,]+)\.(\d\d)(\)?)")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def pence(shown: str) -> int:
    """The amount that a table shows: `1,234.56`, `(1,234.56)`, `–`. Anything else is no amount and fails."""
    if shown == "–":
        return 0
    match = _AMOUNT.fullmatch(shown)
    assert match is not None, f"{shown!r} is no amount"
    amount = int(match[2].replace(",", "")) * 100 + int(match[3])
    return -amount if match[1] else amount


@dataclass
class ReadTable:
    """A table as it was read: a row of one cell is the heading of a group."""

    title: str
    heads: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def column(self, head: str) -> int:
        """The place of the column of that heading, of which there is one."""
        assert self.heads.count(head) == 1, (self.title, head, self.heads)
        return self.heads.index(head)

    def amount(self, label: str, head: str) -> int:
        """The amount in the one row that begins with the label, in that column."""
        found = [row for row in self.rows if len(row) > 1 and row[0] == label]
        assert len(found) == 1, (self.title, label, len(found))
        return pence(found[0][self.column(head)])

    def groups(self) -> list[tuple[str, list[list[str]]]]:
        """The headings of its groups, each with the rows beneath it."""
        found: list[tuple[str, list[list[str]]]] = []
        for row in self.rows:
            if len(row) == 1:
                found.append((row[0], []))
            elif found:
                found[-1][1].append(row)
        return found


# --- HTML -------------------------------------------------------------------------------------------------------------


class _Tables(HTMLParser):
    """The tables of a page as a browser has them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[ReadTable] = []
        self._into: list[str] | None = None
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "table":
            self.found.append(ReadTable("", []))
        elif tag in {"thead", "tbody"}:
            self._in_head = tag == "thead"
        elif tag == "tr" and not self._in_head:
            self.found[-1].rows.append([])
        elif tag in {"caption", "td", "th"}:
            self._into = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"caption", "td", "th"} or self._into is None:
            return
        text, self._into = "".join(self._into), None
        table = self.found[-1]
        if tag == "caption":
            table.title = text
        elif self._in_head:
            table.heads.append(text)
        else:
            table.rows[-1].append(text)

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)


def html_tables(path: Path) -> list[ReadTable]:
    """Every table of an HTML file."""
    reader = _Tables()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader.found


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf_tables(path: Path) -> list[ReadTable]:
    """Every table of a PDF, through its tags."""
    found = []
    for table in elements_of(path, "Table"):
        caption = next((each.text for each in table.all("Caption")), str(table.attributes.get("Summary", "")))
        heads, *rows = ([cell.text for cell in row.all("TH", "TD")] for row in table.all("TR"))
        found.append(ReadTable(caption, heads, rows))
    return found


# --- XLSX -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class XlsxCell:
    """A cell: its text or number as it is stored, and its formula without `=`, "" if it has none."""

    value: str
    is_number: bool
    formula: str = ""

    @property
    def pence(self) -> int:
        """The number as whole pence: it is the one nearest to them that a spreadsheet can hold, or this fails."""
        number = float(self.value)
        amount = round(number * 100)
        assert amount / 100 == number, f"{self.value} is not to the penny"
        return amount

    @property
    def shown(self) -> str:
        """As a table shows it."""
        return in_column(self.pence) if self.is_number else self.value


Sheet = dict[tuple[int, int], XlsxCell]
"""The cells of a sheet by row and column from 0."""


def xlsx_sheets(path: Path) -> dict[str, Sheet]:
    """Every sheet by its name, as it is stored: with formulas, and the values beside them."""
    with zipfile.ZipFile(path) as book:
        strings = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = [
                "".join(part.text or "" for part in each.iter(f"{_MAIN}t"))
                for each in _xml(book, "xl/sharedStrings.xml")
            ]
        targets = {each.get("Id"): each.get("Target") for each in _xml(book, "xl/_rels/workbook.xml.rels")}
        return {
            str(sheet.get("name")): _cells(_xml(book, f"xl/{targets[sheet.get(_LINKED)]}"), strings)
            for sheet in _xml(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")
        }


def xlsx_names(path: Path) -> dict[str, str]:
    """The defined names with what each refers to."""
    with zipfile.ZipFile(path) as book:
        return {
            str(each.get("name")): each.text or "" for each in _xml(book, "xl/workbook.xml").iter(f"{_MAIN}definedName")
        }


def xml_of(path: Path, part: str) -> ET.Element:
    """One part of a workbook."""
    with zipfile.ZipFile(path) as book:
        return _xml(book, part)


def _xml(book: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(book.read(part))  # noqa: S314  a file that the test has just written


def _cells(sheet: ET.Element, strings: list[str]) -> Sheet:
    found: Sheet = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        if value is None:
            continue
        is_text = cell.get("t") == "s"
        formula = cell.findtext(f"{_MAIN}f") or ""
        found[place_of(str(cell.get("r")))] = XlsxCell(strings[int(value)] if is_text else value, not is_text, formula)
    return found


@cache
def place_of(reference: str) -> tuple[int, int]:
    """`B5` as row and column from 0."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", reference)
    assert match is not None, reference
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def xlsx_tables(sheets_by_name: dict[str, Sheet], document: Document) -> list[ReadTable]:
    """Every table of a workbook, given its sheets.

    Where each is, a reader sees; here its title and headings lead to it, in order. Only the places are the
    document's: what stands in them is the file's.
    """
    sheets = iter(sheets_by_name.values())
    found = []
    for section in document.sections:
        sheet = next(sheets)
        rows = _rows(sheet)
        at = 0
        for table in (block for block in section.blocks if isinstance(block, Table)):
            titles = [column.title for column in table.columns]
            at = next(
                number
                for number in range(at, len(rows))
                if rows[number] == titles and rows[number - 1][:1] == [table.title]
            )
            read = ReadTable(rows[at - 1][0], rows[at])
            for row in table.rows:
                at += 1
                width = 1 if row.kind is RowKind.HEADING else len(titles)
                read.rows.append((rows[at] + [""] * width)[:width])
            found.append(read)
    return found


def _rows(sheet: Sheet) -> list[list[str]]:
    last = max((row for row, _ in sheet), default=-1)
    rows: list[list[str]] = [[] for _ in range(last + 1)]
    for (row, column), cell in sorted(sheet.items()):
        rows[row] += [""] * (column - len(rows[row]))
        rows[row].append(cell.shown)
    return rows


# --- formulas ---------------------------------------------------------------------------------------------------------


@dataclass
class Calculator:
    """Works the formulas of a workbook out again: ROUND, SUM, plus and minus, cells of any sheet, areas, names."""

    sheets: dict[str, Sheet]
    names: dict[str, str]

    def formulas(self) -> Iterator[tuple[str, tuple[int, int], XlsxCell]]:
        """Every cell with a formula."""
        for name, sheet in self.sheets.items():
            for place, cell in sheet.items():
                if cell.formula:
                    yield name, place, cell

    def pence_of(self, formula: str, sheet: str, depth: int = 0) -> int:
        """What a formula on a sheet comes to; every formula that it refers to is worked out again as well."""
        assert depth < 20, "formulas that refer to each other in a circle"
        told = re.fullmatch(r"ROUND\((.*),2\)|(.*)", formula, re.DOTALL)
        assert told is not None
        inner = told[1] if told[1] is not None else told[2]
        total, rest, sign = 0, inner, 1
        while rest:
            match = re.match(
                r"([+-])?(SUM\(((?:'(?:[^']|'')*'|[^()'])*)\)|((?:'(?:[^']|'')*'!)?[$A-Za-z_\w.:]+))", rest
            )
            assert match is not None, rest
            sign = -1 if match[1] == "-" else 1
            areas = re.findall(r"(?:'(?:[^']|'')*'!)?[^,']+", match[3]) if match[3] is not None else [match[4]]
            total += sign * sum(self._area(each, sheet, depth) for each in areas)
            rest = rest[match.end() :]
        return total

    def _area(self, area: str, sheet: str, depth: int) -> int:
        if area in self.names:
            area = self.names[area]
        match = re.fullmatch(r"(?:'((?:[^']|'')*)'!)?([$A-Z\d]+)(?::([$A-Z\d]+))?", area)
        assert match is not None, area
        where = match[1].replace("''", "'") if match[1] is not None else sheet
        (top, left), (bottom, right) = place_of(match[2]), place_of(match[3] or match[2])
        cells = self.sheets[where]
        total = 0
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = cells.get((row, column))
                assert cell is not None or match[3], f"{area} is empty"
                if cell is not None and cell.formula:
                    total += self.pence_of(cell.formula, where, depth + 1)
                elif cell is not None and cell.is_number:
                    total += cell.pence
                else:
                    assert match[3], f"{area} is a text"  # only SUM of an area passes texts over
        return total
