"""Lines that a person types: rows of text, judged as they stand by the importer's own reader, and posted as lines.

A row that is empty is no line and nothing is wrong with it. Dates may be written `30/04/2014` or `2014-04-30`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledgers.importing.columns import LINES, Columns
from ledgers.importing.guessing import value_meant
from ledgers.importing.judging import Complaint, unbalanced
from ledgers.importing.marks import Marks, with_columns
from ledgers.importing.previewing import Book
from ledgers.importing.reading_lines import LineReader, LineRow, line_of
from ledgers.importing.sheet import Sheet
from ledgers.lines import Line, NewLine
from ledgers.posting import complaints_of
from rules.agreement import Kind
from rules.money import plain
from rules.periods import Period

COLUMNS = ("period", "date", "scheme", "partner", "kind", "amount", "reference", "description", "cause")
"""In the order that a person fills them in."""

DATE_FORMAT = "DD/MM/YYYY"

Row = tuple[str, ...]
"""A text for each of the columns."""

EMPTY: Row = ("",) * len(COLUMNS)
_CODES = frozenset({"period", "scheme", "partner", "kind", "cause"})
_COLUMNS = Columns(LINES, len(COLUMNS), {name: at for at, name in enumerate(COLUMNS)}, [], date_format=DATE_FORMAT)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row comes to: its line, or every complaint about it (a column and a sentence). Both empty: an empty row.

    `counts_in` is the period that the line would count in, if its own is closed; None if it is not late.
    """

    line: NewLine | None = None
    complaints: tuple[Complaint, ...] = ()
    counts_in: Period | None = None

    def complaint(self, column: str) -> str:
        """What is wrong in one column; "" if nothing is."""
        return "; ".join(message for name, message in self.complaints if name == column)


NOTHING = Judged()


@dataclass(frozen=True, slots=True)
class Sums:
    """What rows come to: good lines by kind in pence, virements by reference, how many lines, late ones, wrong rows."""

    by_kind: tuple[tuple[Kind, int], ...] = ()
    virements: tuple[tuple[str, int], ...] = ()
    lines: int = 0
    late: int = 0
    wrong: int = 0

    @property
    def unbalanced(self) -> dict[str, str]:
        """The virements that do not sum to zero, by reference, each with its sentence."""
        return {reference: unbalanced(reference, pence) for reference, pence in self.virements if pence}

    @property
    def can_be_posted(self) -> bool:
        """Whether the ledger would take them all."""
        return self.lines > 0 and not self.wrong and not self.unbalanced


def judged(rows: Sequence[Row], book: Book) -> list[Judged]:
    """What each row comes to by itself, as an import would say it; whether virements balance is for `sums_of`."""
    marks = Marks("", most=len(rows) + 1)
    marks.noting = True
    numbered = ((at, list(row), "") for at, row in enumerate(rows))
    sheet = with_columns(Sheet("", list(COLUMNS), 0, numbered, lambda column, _row: COLUMNS[column], lambda: None))
    read: dict[int, LineRow] = {}
    for found in LineReader(_COLUMNS, book.judge(), marks).read(sheet):
        read[found[-2] or 0] = found
    return [_judged(read.get(at), marks, at) for at in range(len(rows))]


def _judged(found: LineRow | None, marks: Marks, at: int) -> Judged:
    told = tuple((mark.place or COLUMNS[0], mark.message) for mark in marks.of_rows.get(at, ()))
    if found is None or told:
        return Judged(None, told) if told else NOTHING
    line = line_of(found, "")
    late = line.belongs_to
    new = NewLine(
        late or line.period, line.scheme, line.partner, line.kind, line.amount_pence, line.date, line.reference,
        line.description, line.cause,
    )  # fmt: skip
    complaints = tuple(complaints_of(new))
    if complaints:
        return Judged(None, complaints)
    return Judged(new, (), line.period if late else None)


def sums_of(rows: Iterable[Judged]) -> Sums:
    """What judged rows come to together."""
    by_kind: dict[Kind, int] = {}
    virements: dict[str, int] = {}
    lines = late = wrong = 0
    for each in rows:
        line = each.line
        if line is None:
            wrong += bool(each.complaints)
            continue
        lines += 1
        late += each.counts_in is not None
        by_kind[line.kind] = by_kind.get(line.kind, 0) + line.amount_pence
        if line.kind is Kind.VIREMENT:
            virements[line.reference] = virements.get(line.reference, 0) + line.amount_pence
    in_order = tuple((kind, by_kind[kind]) for kind in Kind if kind in by_kind)
    return Sums(in_order, tuple(virements.items()), lines, late, wrong)


def balancing(reference: str, sums: Sums) -> str:
    """The amount that would bring a virement to zero, as it is typed; "" if it is there already."""
    pence = dict(sums.virements).get(reference.strip(), 0)
    return plain(-pence) if pence else ""


def row_of(line: Line) -> Row:
    """A posted line as a person would type it."""
    when = "" if line.date is None else f"{line.date:%d/%m/%Y}"
    return (
        str(line.belongs_to or line.period), when, line.scheme, line.partner, line.kind.value,
        plain(line.amount_pence), line.reference, line.description, line.cause,
    )  # fmt: skip


def meant(column: str, text: str, book: Book, period: str = "") -> str:
    """A typed code as the ledger has it: `beds` is BEDS, `Home care` its code, `4` is M4; else the text as it is."""
    told = text.strip()
    if column not in _CODES or not told:
        return told
    return value_meant(column, told, book.agreement_for(period_of(period))) or told


def period_of(text: str) -> Period | None:
    """The period that a text says; None if it says none."""
    return Period.__members__.get(text.strip())
