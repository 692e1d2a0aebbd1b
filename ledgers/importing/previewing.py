"""A file before it is posted: its first rows and headings, and every row that would be refused, marked at the cell.

Rows are judged by the importer's own dry run, so that what is said here is what an import would say. Rows that the
person mended, or left out, are judged as she mended them; the file stays as it is (`ledgers.importing.mending`).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from ledgers.closing import counted_in
from ledgers.importing.columns import LINES, Columns, columns_of
from ledgers.importing.forms import PeriodForm
from ledgers.importing.importer import dry_run_of, refuse_if_posted
from ledgers.importing.judging import Judge
from ledgers.importing.mapping import Mapping
from ledgers.importing.marks import Mark, Marks, with_columns
from ledgers.importing.opening import open_source
from ledgers.importing.reading_lines import LineReader
from ledgers.importing.reading_measures import read_measures
from ledgers.importing.sheet import Row, Sheet
from ledgers.importing.source import Form, Source, encoding_of, look_at
from ledgers.ledger import Imported, Ledger, Progress, State
from ledgers.refusing import ONLY_READ
from ledgers.stored import StoredLedger
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.problems import Problem, RefusedError

TOP = 60
"""Rows from the top of a file that are looked at to find its headings and show what its columns hold."""

FIRST = 20
"""Good rows that a preview shows."""

MOST_VALUES = 300
"""Different values of a column that are told: a column of codes has some hundred at most."""

Mended = dict[int, tuple[str, ...] | None]
"""By its line (or row of a sheet): the cells of a row as the person mended them, or None of one that she left out."""


# A file, before anything is known of it


@dataclass(frozen=True, slots=True)
class Looked:
    """A file looked into: its form, its sheets if it is a workbook, and the first rows as text, by line from 1.

    Of a text file `encoding` and `separator` are what it seems to be written in.
    """

    file: str
    is_workbook: bool
    size: int
    digest: str
    sheets: tuple[str, ...]
    sheet: str
    top: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str = "utf-8"
    separator: str = ","

    def headings(self, header_row: int) -> tuple[str, ...]:
        """The headings, if they stand in that row; none if nothing stands there."""
        cells = [cell.strip() for cell in dict(self.top).get(header_row, ())]
        while cells and not cells[-1]:
            cells.pop()
        return tuple(cells)

    def samples(self, header_row: int, column: int, most: int = 3) -> tuple[str, ...]:
        """The first different values of a column, from 0, below the headings."""
        below = (cells[column].strip() for line, cells in self.top if line > header_row and column < len(cells))
        return tuple(dict.fromkeys(text for text in below if text))[:most]


def look_into(path: str | Path, sheet: str | None = None, progress: Progress | None = None) -> Looked:
    """The first rows of a CSV or XLSX file. Raises RefusedError for one that cannot be imported whatever it holds."""
    source = look_at(path, encoding_of(path))
    names: tuple[str, ...] = ()
    separator = ","
    if source.form is Form.TEXT:
        from ledgers.importing.delimited import separator_of  # noqa: PLC0415  beside its sister

        separator = separator_of(source)
    opened = _opened(source, Mapping(sheet=sheet, separator=separator), progress)
    if source.form is Form.WORKBOOK:
        from ledgers.importing.workbook import sheet_names  # noqa: PLC0415  calamine for workbooks only

        names = sheet_names(source)
    with closing(opened):
        top = [(1, tuple(opened.header))]
        for row, cells, _raw in opened.rows:
            if row > TOP:
                break
            top.append((row, tuple(cells)))
    return Looked(
        source.file,
        source.form is Form.WORKBOOK,
        source.size,
        source.digest,
        names,
        (sheet or names[0]) if names else "",
        tuple(top),
        source.encoding,
        separator,
    )


def values_in(
    path: str | Path, mapping: Mapping, columns: tuple[str, ...], progress: Progress | None = None
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The different values, and how often each stands there, of our columns that the mapping reads from the file.

    A column that the file does not have, or has twice, has none: whether the headings hold together is for `check`.
    """
    opened = _opened(look_at(path, mapping.encoding), mapping, progress)
    with closing(opened):
        index = {
            name: opened.header.index(theirs)
            for name, theirs in mapping.columns.items()
            if name in columns and opened.header.count(theirs) == 1
        }
        found: dict[str, Counter[str]] = {name: Counter() for name in index}
        counters = [(at, found[name], _reader_of(name, mapping)) for name, at in index.items()]
        leaves_out = _leaving_out(opened, mapping)
        for _row, cells, _raw in opened.rows:
            if leaves_out is not None and leaves_out(cells):
                continue
            for at, counter, part in counters:
                text = part(cells[at].strip()) if at < len(cells) else ""
                if text and (text in counter or len(counter) < MOST_VALUES):
                    counter[text] += 1
    return {name: tuple(counter.most_common()) for name, counter in found.items()}


def _reader_of(name: str, mapping: Mapping) -> Callable[[str], str]:
    """What of a cell is a code to be given a meaning: its part, if the mapping says one; no period that has a form."""
    part = mapping.parts.get(name)
    if name == "period" and mapping.period_format:
        form = PeriodForm(mapping.period_format)

        def unread(text: str) -> str:
            told = text if part is None else part.of(text) or ""
            try:
                form.read(told)
            except ValueError:
                return told
            return ""

        return unread
    return str if part is None else lambda text: part.of(text) or ""


def _leaving_out(sheet: Sheet, mapping: Mapping) -> Callable[[list[str]], bool] | None:
    """Tells which rows the mapping leaves out; None if it leaves out none, or its headings do not hold together."""
    if not (mapping.only or mapping.skip or mapping.total):
        return None
    columns = columns_of(sheet, mapping, Marks(sheet.file))
    return None if columns is None or columns.rearrangement is None else columns.rearrangement.leaves_out


def _opened(source: Source, mapping: Mapping, progress: Progress | None) -> Sheet:
    """The sheet that a mapping reads, from the row that it says."""
    if source.form is Form.WORKBOOK:
        from ledgers.importing.workbook import read_workbook  # noqa: PLC0415  calamine for workbooks only

        return read_workbook(source, mapping=mapping, progress=progress)
    from ledgers.importing.delimited import read_csv  # noqa: PLC0415  beside its sister

    return read_csv(
        source, Marks(source.file), header_row=mapping.header_row, separator=mapping.separator, progress=progress
    )


# What an import would make of it


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row of the file: its line (or row of the sheet), its cells as they are now, and what is wrong with them."""

    number: int
    cells: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What an import would do. `wrong` are the first thousand rows that it would refuse, `bad` how many there are.

    `good` rows come to `totals_pence` by kind; `late` of them go to `late_to`, their own periods being closed.
    `left_out` are the rows that the mapping leaves out.
    `columns` is None, and `problems` says why, if the headings are not understood or the file cannot be posted at all.
    """

    file: str
    digest: str
    headings: tuple[str, ...] = ()
    columns: Columns | None = None
    good: int = 0
    bad: int = 0
    totals_pence: tuple[tuple[Kind, int], ...] = ()
    late: int = 0
    late_to: Period | None = None
    first: tuple[RowSeen, ...] = ()
    wrong: tuple[RowSeen, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def is_lines(self) -> bool:
        """Whether it holds ledger lines, and not measures."""
        return self.columns is None or self.columns.content == LINES

    @property
    def can_be_posted(self) -> bool:
        """Whether an import would take it."""
        return self.columns is not None and not self.bad and not self.problems and self.good > 0


def check(
    ledger: Ledger,
    path: str | Path,
    mapping: Mapping | None = None,
    mended: Mended | None = None,
    progress: Progress | None = None,
) -> Checked:
    """What importing the file would do, with every row that would be refused. Nothing is changed.

    Raises RefusedError for a file that cannot be read at all, and for a ledger of another form than a file or server.
    """
    if not isinstance(ledger, StoredLedger):
        raise RefusedError(*_not_stored(ledger))
    source = look_at(path, mapping.encoding if mapping else "utf-8")
    marks = Marks(source.file)
    problems: list[str] = []
    if not mended:
        try:
            refuse_if_posted(ledger, source)
        except RefusedError as refused:
            problems = [problem.message for problem in refused.problems]
    try:
        opened = open_source(source, mapping, progress, marks)
    except RefusedError:
        if not marks:
            raise
        return Checked(source.file, source.digest, problems=(*problems, *map(str, marks.of_file)))
    marks.noting = True
    sheet = with_columns(opened.sheet)
    tap = _Tap(sheet, opened.columns, marks, mended or {})
    imported: Imported | None = None
    with opened:
        tapped = replace(opened, sheet=replace(sheet, rows=tap.rows()), faults=marks)
        try:
            imported = dry_run_of(ledger, tapped, mapping.name if mapping else "")
        except RefusedError as refused:
            if not marks:
                problems += [problem.message for problem in refused.problems]
    source.check_unchanged()
    seen = tap.wrong
    missing = marks.of_rows.keys() - seen.keys()
    if missing:
        seen |= _rows_again(path, mapping, missing, mended or {})
    wrong = sorted(marks.of_rows.items())
    states = ledger.periods()
    closed = [state.period for state in states if state.state is not State.OPEN]
    return Checked(
        source.file,
        source.digest,
        tuple(sheet.header[: opened.columns.width]),
        opened.columns,
        good=imported.count - (marks.rows - tap.bad) if imported else 0,  # less those found wrong once all were read
        bad=marks.rows,
        totals_pence=imported.totals_pence if imported else (),
        late=imported.late if imported else 0,
        late_to=counted_in(states)[closed[0]] if closed else None,
        first=tuple(tap.first),
        wrong=tuple(RowSeen(row, seen.get(row, ()), tuple(told)) for row, told in wrong),
        problems=tuple(problems + [str(mark) for mark in marks.of_file]),
        left_out=imported.left_out if imported else 0,
    )


class _Tap:
    """Lets the rows of a sheet through, mended, and keeps those that a preview shows."""

    def __init__(self, sheet: Sheet, columns: Columns, marks: Marks, mended: Mended) -> None:
        self._sheet = sheet
        plan = columns.rearrangement
        self._leaves_out = None if plan is None else plan.leaves_out
        self._marks = marks
        self._mended = mended
        self.first: list[RowSeen] = []
        self.wrong: dict[int, tuple[str, ...]] = {}
        self.bad = 0
        """How many rows were wrong by themselves, once all are read."""

    def rows(self) -> Iterator[Row]:
        of_rows, mended, errors = self._marks.of_rows, self._mended, self._sheet.errors
        for row, cells, raw in self._sheet.rows:
            if row in mended:
                ours = mended[row]
                if ours is None:
                    errors.pop(row, None)
                    continue
                _forget_mended_errors(errors, row, cells, ours)
                cells, raw = list(ours), ""  # noqa: PLW2901  the row as she mended it
            keep = tuple(cells)
            before = len(of_rows)
            yield row, cells, raw
            if len(of_rows) != before and row in of_rows:
                self.wrong[row] = keep
            elif len(self.first) < FIRST and row not in of_rows and any(keep) and not self._is_left_out(cells):
                self.first.append(RowSeen(row, keep))
        self.bad = self._marks.rows

    def _is_left_out(self, cells: list[str]) -> bool:
        return self._leaves_out is not None and self._leaves_out(cells)


def _forget_mended_errors(
    errors: dict[int, list[tuple[int, str]]], row: int, cells: list[str], mended: tuple[str, ...]
) -> None:
    """A cell that could not be taken as it stood, and was typed anew, is as good as any other."""
    if row in errors:
        errors[row] = [
            (column, why)
            for column, why in errors[row]
            if column < len(cells) and column < len(mended) and mended[column] == cells[column]
        ]


def _rows_again(
    path: str | Path, mapping: Mapping | None, wanted: set[int], mended: Mended
) -> dict[int, tuple[str, ...]]:
    """Rows that proved wrong only once all were read: the first of a virement that does not sum to zero."""
    found = {}
    source = look_at(path, mapping.encoding if mapping else "utf-8")
    with open_source(source, mapping, faults=Marks(str(path))) as opened:
        for row, cells, _raw in opened.sheet.rows:
            if row in wanted:
                found[row] = mended.get(row) or tuple(cells)
                if len(found) == len(wanted):
                    break
    return found


# Judging a row while it is mended


@dataclass(frozen=True)
class Book:
    """What lines are judged by, as it is now: the agreement in force at each period, and where each period's count."""

    agreements: dict[Period, Agreement]
    counted_in: dict[Period, Period | None]
    states: dict[Period, State] = field(default_factory=dict)

    def judge(self) -> Judge:
        """Judges as an import does, and asks nothing of the ledger."""
        return Judge(self.agreements.__getitem__, self.counted_in)

    def agreement_for(self, period: Period | None) -> Agreement:
        """The agreement that a line of the period is judged by; at the year's end for one that nothing takes."""
        counted = Period.M13 if period is None else self.counted_in[period]
        return self.agreements[counted or Period.M13]


def read_book(ledger: Ledger) -> Book:
    """The book of a ledger."""
    states = ledger.periods()
    return Book(
        {period: ledger.agreement_at(period) for period in Period},
        counted_in(states),
        {state.period: state.state for state in states},
    )


def marks_of(
    seen: RowSeen, checked: Checked, judge: Judge, place: Callable[[int, int], str] | None = None
) -> tuple[Mark, ...]:
    """What would be wrong with one row as it stands now, apart from what only the whole file can say (virements)."""
    columns = checked.columns
    assert columns is not None  # noqa: S101  a file whose header is not understood has no rows to judge
    if (
        columns.rearrangement is not None and columns.rearrangement.total
    ):  # what a total is of, only the whole file says
        columns = replace(columns, rearrangement=replace(columns.rearrangement, total=(), skip=(
            *columns.rearrangement.skip, *columns.rearrangement.total)))  # fmt: skip
    marks = Marks(checked.file)
    marks.noting = True
    where = place or (lambda column, _row: checked.headings[column])
    rows = iter([(seen.number, list(seen.cells), "")])
    sheet = with_columns(Sheet(checked.file, list(checked.headings), 0, rows, where, lambda: None))
    read = LineReader(columns, judge, marks).read(sheet) if checked.is_lines else read_measures(sheet, columns, marks)
    for _ in read:
        pass
    return tuple(marks.of_rows.get(seen.number, ()))


def _not_stored(ledger: Ledger) -> list[Problem]:
    return [Problem(ONLY_READ, ledger.name)]
