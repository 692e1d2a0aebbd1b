"""A statement as values, before it is a file: the same content for PDF, HTML, workbook and CSV, which compute nothing.

A `Document` is sections of blocks in reading order. A cell of a table is text, or an `int` of pence; how an amount
is shown (brackets for negatives, a dash for nil) is the renderer's, the amount itself never is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.language import ENGLISH
from settlement.statements.drawing import Drawing

Cell = str | int
"""Text, or an amount in pence. Anything else that is a number (a ratio, a percentage, a count) is text."""


class Align(StrEnum):
    """Which edge of its column a cell stands at. Amounts stand at the right edge always."""

    LEFT = "left"
    RIGHT = "right"


class RowKind(StrEnum):
    """What a row is among others: a heading over the rows that follow, a row, a subtotal, the total."""

    HEADING = "heading"
    BODY = "body"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


class Tone(StrEnum):
    """How a note is meant: for information, or so that nobody can miss it."""

    INFORMATION = "information"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading. `width` weighs text columns against each other; columns of amounts take what they need.

    An amount in it is those of the columns `adds` less those of the columns `takes` of its row, where there are any.
    """

    title: str
    align: Align = Align.LEFT
    width: int = 1
    adds: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


def amounts(*titles: str) -> tuple[Column, ...]:
    """Columns of amounts."""
    return tuple(Column(title, Align.RIGHT) for title in titles)


@dataclass(frozen=True, slots=True)
class Row:
    """A cell for each column; a heading row has one cell, over all of them.

    Its amounts are those of the rows `adds` less those of the rows `takes`, by their places in the table, where there
    are any: a workbook then holds a formula. `anchor` is a name by which a link finds the row, `goes_to` the anchor
    that its first cell leads to.

    `equals` has for each cell the anchors of the rows whose last amounts together are the cell's amount, taken
    `equals_sign` times: a workbook then refers to them. Where one of them is not in the document it stands by itself.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY
    adds: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    anchor: str = ""
    goes_to: str = ""
    equals: tuple[tuple[str, ...], ...] = ()
    equals_sign: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; the section's own title is level 1. `goes_to` leads back to what refers to it."""

    text: str
    level: int = 2
    anchor: str = ""
    goes_to: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text, the whole of it a link if it goes anywhere."""

    text: str
    goes_to: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts. `goes_to` has the anchor that each leads to, "" for none; or nothing for all of them."""

    items: tuple[str, ...]
    goes_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know before reading on. A warning says so in words."""

    text: str
    tone: Tone = Tone.INFORMATION


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """What the statement comes to, large: a label, the amount in pence and in words, and what follows from it."""

    label: str
    amount_pence: int
    words: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `title` names it for a reader who cannot see where it stands; the first column heads the rows.

    Its amounts are exact pence whatever is shown: `in_thousands` has them shown in thousands of pounds. `carries` are
    the columns whose sum since the last heading or subtotal is carried forward from page to page in print.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    in_thousands: bool = False
    anchor: str = ""
    carries: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Every row fits the columns, and adds up. Raises AssertionError: a builder's mistake, never the user's."""
        width = len(self.columns)
        for row in self.rows:
            if len(row.cells) != (1 if row.kind is RowKind.HEADING else width):
                message = f"“{self.title}”: a {row.kind} row of {len(row.cells)} cells for {width} columns"
                raise AssertionError(message)
            if row.adds or row.takes:
                self._hold_sum(row)
        across = [place for place, column in enumerate(self.columns) if column.adds or column.takes]
        for row in self.rows if across else ():
            if row.kind is not RowKind.HEADING:
                self._hold_across(row, across)

    def _hold_sum(self, row: Row) -> None:
        """A row that says what it is the sum of is just that, in every column of amounts."""
        for place, cell in enumerate(row.cells):
            if isinstance(cell, int) and cell != (
                sum_of((self.rows[each] for each in row.adds), place)
                - sum_of((self.rows[each] for each in row.takes), place)
            ):
                message = f"“{self.title}”: “{row.cells[0]}” is not the sum of its rows in column {place + 1}"
                raise AssertionError(message)

    def _hold_across(self, row: Row, across: list[int]) -> None:
        for place in across:
            column, cell = self.columns[place], row.cells[place]
            cells = [(sign, row.cells[each]) for sign, of in ((1, column.adds), (-1, column.takes)) for each in of]
            if isinstance(cell, int) and cell != sum(sign * each for sign, each in cells if isinstance(each, int)):
                message = f"“{self.title}”: “{row.cells[0]}” is not what its columns make in “{column.title}”"
                raise AssertionError(message)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `alternative` says in words what it shows; the table called `table` has its figures."""

    title: str
    alternative: str
    drawing: Drawing
    table: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and a text: agreement, year, period, who prepared it."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Who signs: `lines` are what each line is for, `values` what stands on it. Without values they are to fill in."""

    heading: str
    lines: tuple[str, ...] = ("Name", "Role", "Signature", "Date")
    values: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each line with what stands on it, "" where it is blank."""
        return tuple(zip(self.lines, self.values or ("",) * len(self.lines), strict=True))


Block = Heading | Paragraph | Bullets | Note | KeyFigures | Table | Picture | Facts | SignatureBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document: a bookmark in the PDF, a sheet in the workbook. `new_page` begins one in print."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a document looks: its one colour, `#RRGGBB`, dark enough to be read on white; a PNG or JPEG, if any."""

    accent: str = "#1C3654"
    logo: bytes = b""
    logo_alternative: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole statement. `subtitle` says whose it is.

    The parts of `running` and the `status` stand at the head of every page, `foot` (the seal) at its foot. The status
    is a warning until everybody has signed. A `watermark` stands behind the text of every page in print. Its texts are
    in the `language` of that tag.
    """

    title: str
    subtitle: str
    running: tuple[str, ...]
    status: str
    sections: tuple[Section, ...]
    author: str = ""
    foot: str = ""
    status_tone: Tone = Tone.WARNING
    watermark: str = ""
    language: str = ENGLISH
    look: Look = Look()

    def __post_init__(self) -> None:
        """What refers to other rows' amounts is what they make. Raises AssertionError: a builder's mistake."""
        referring = [(table, row) for table in self.tables for row in table.rows if row.equals]
        if not referring:
            return
        wanted = {anchor for _, row in referring for anchors in row.equals for anchor in anchors}
        found: dict[str, int] = {}
        for table in self.tables:
            for row in table.rows:
                if row.anchor in wanted and (at := last_amount(row)) is not None:
                    found.setdefault(row.anchor, row.cells[at])  # type: ignore[arg-type]
        for table, row in referring:
            for cell, anchors in zip(row.cells, row.equals, strict=True):
                if not anchors or not found.keys() >= set(anchors):
                    continue
                if cell != row.equals_sign * sum(found[anchor] for anchor in anchors):
                    message = f"“{table.title}”: “{row.cells[0]}” is not the amount of {', '.join(anchors)}"
                    raise AssertionError(message)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in reading order."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Table))


def last_amount(row: Row) -> int | None:
    """The place of a row's last amount: what the row comes to."""
    return next((at for at in reversed(range(len(row.cells))) if isinstance(row.cells[at], int)), None)


def sum_of(rows: Iterable[Row], column: int) -> int:
    """The sum of a column's amounts, in pence."""
    return sum(cell for row in rows if isinstance(cell := row.cells[column], int))
