"""Ledger lines out of rows of cells: the loop that a million rows go through.

It makes the tuples that a store inserts, not objects, and remembers what it has parsed: that is the difference between
two seconds a million and twenty.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from operator import itemgetter
from sys import intern

from ledgers.importing.columns import Columns
from ledgers.importing.faults import Faults
from ledgers.importing.forms import NEEDS_QUOTES, PeriodForm, is_torn
from ledgers.importing.judging import Codes, Judge, unbalanced
from ledgers.importing.mapping import CODE_COLUMNS, DATE_FORMATS
from ledgers.importing.rearranging import Rearranger
from ledgers.importing.sheet import LONGEST_ROW, Row, Sheet
from ledgers.lines import Line
from ledgers.refusing import NO_CONTROL, has_control, one_line
from rules.agreement import Kind
from rules.money import pence_of
from rules.periods import Period

LineRow = tuple[int, int, int, str, str, str, int, str | None, str, str, str, int | None, int | None, str]
"""id, batch, period, scheme, partner, kind, pence, date, reference, description, cause, belongs to, row, raw."""

Key = tuple[str, str, str, int, str]
"""Scheme, partner, kind, period and cause: what totals are kept by."""

_Known = tuple[int, str, str, str, str, int | None, list[int]]
"""Codes of a line, and what its lines come to so far: pence, how many."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REST_WITH_PENCE = re.compile(r"\s*\d{3}(,\d{3})*\.\d{1,2}\)?\s*(,|$)", re.ASCII)
_MOST_REMEMBERED = 150_000  # distinct sets of codes, amounts, dates; a hostile file must not fill the memory with them
_UNKNOWN_DATE = "?"


class LineReader:
    """Reads the rows of one sheet as lines; afterwards knows what they come to."""

    def __init__(self, columns: Columns, judge: Judge, faults: Faults) -> None:
        """For a sheet of these columns."""
        self._columns = columns
        self._judge = judge
        self._faults = faults
        self._flips = frozenset(kind.value for kind in Kind) if columns.flip_sign else frozenset(columns.flip_kinds)
        self._date_format = DATE_FORMATS[columns.date_format]
        self._codes_of = itemgetter(*(columns.index[name] for name in CODE_COLUMNS))
        self._values = [columns.values.get(name, {}) for name in CODE_COLUMNS] if columns.values else None
        self._parts = [columns.parts.get(name) for name in CODE_COLUMNS] if columns.parts else None
        self._period_form = None
        if columns.period_format:
            names_end = columns.year_named == "end"
            self._period_form = PeriodForm(columns.period_format, names_end=names_end, year=judge.year)
        self._rearranger = None if columns.rearrangement is None else Rearranger(columns.rearrangement, faults)
        self._said: tuple[int, set[tuple[int, str]]] = (0, set())
        self._virements: dict[str, tuple[int, int]] = {}  # pence so far, the row that began it
        self.count = 0
        self.late = 0
        self.totals: dict[Key, int] = {}

    @property
    def left_out(self) -> int:
        """How many rows the mapping leaves out, totals among them."""
        return 0 if self._rearranger is None else self._rearranger.left_out

    def read(self, sheet: Sheet, first_id: int = 1, batch: int = 0) -> Iterator[LineRow]:
        """The lines of the sheet, numbered from `first_id`; what is wrong goes to the faults, and gives no line."""
        columns, errors, flips = self._columns, sheet.errors, self._flips
        index, (rows, added, width) = columns.index, self._rows(sheet)
        codes_of = self._codes_of
        at_amount, at_date = index["amount"], index["date"]
        at_reference, at_description = index["reference"], index["description"]
        # A code or a date in the place of `234.56` is refused anyhow; a text would take it, and £1,234.56 be £1.
        may_be_torn = at_amount + 1 < width and at_amount + 1 in {at_reference, at_description}
        known: dict[tuple[str, ...], _Known] = {}
        dates: dict[str, str | None] = {"": None}
        next_id = first_id
        for row, cells, raw in rows:
            misfit = (
                len(cells) != width
                or len(raw) > LONGEST_ROW
                or (
                    may_be_torn
                    and "." not in cells[at_amount]
                    and _REST_WITH_PENCE.match(
                        raw.partition(f",{cells[at_amount]},")[2]
                    )  # `50,101` may be £50 and a reference
                    and is_torn(cells[at_amount], cells[at_amount + 1], raw)
                )
            )
            if misfit and not self._fits(sheet, row, cells, raw):
                continue
            if added:
                cells.extend(added)
            texts = codes_of(cells)
            codes = known.get(texts)
            when = dates.get(cells[at_date], _UNKNOWN_DATE)
            try:
                pence = pence_of(cells[at_amount])
            except ValueError as error:
                self._look_closely(known, dates, sheet, row, cells, str(error))
                continue
            reference, description = cells[at_reference].strip(), cells[at_description]
            if not description.isprintable():
                cells[at_description] = description = one_line(description)
            plain = reference.isprintable() and description.isprintable()
            if codes is None or when is _UNKNOWN_DATE or not plain or row in errors:
                looked = self._look_closely(known, dates, sheet, row, cells)
                if looked is None:
                    continue
                codes, when = looked
            period, scheme, partner, kind, cause, belongs_to, tally = codes
            if flips and kind in flips:
                pence = -pence
            if kind == "virement":
                sofar, began = self._virements.get(reference, (0, row))
                self._virements[reference] = (sofar + pence, began)
            tally[0] += pence
            tally[1] += 1
            yield (
                next_id, batch, period, scheme, partner, kind, pence, when,
                reference, description, cause, belongs_to, row, raw,
            )  # fmt: skip
            next_id += 1
        self._take_stock(known)

    def _rows(self, sheet: Sheet) -> tuple[Iterator[Row], list[str], int]:
        """The rows to read, what is added to each, and how wide each is before that."""
        columns = self._columns
        if self._rearranger is None:
            return sheet.rows, columns.added, columns.width
        return self._rearranger.rows(sheet), [], columns.width + len(columns.added)  # its rows come whole

    def _fits(self, sheet: Sheet, row: int, cells: list[str], raw: str) -> bool:
        """Make a row of another width fit the header, or say why it does not. An empty row does not, without a word.

        A description in the last column takes what follows it: people write commas there without quotation marks, and
        nothing after it can be pushed out of place. Not so where an amount may have lost its own quotation marks:
        `1,234.56` would be posted as one pound.
        """
        width, index = self._columns.width, self._columns.index
        if not any(map(str.strip, cells)):
            return False
        if len(raw) > LONGEST_ROW:
            self._faults.add(f"the row has more than {LONGEST_ROW:,} characters, and could not be signed", row)
            return False
        surplus = any(cells[width:])
        if len(cells) < width or (surplus and index["description"] != width - 1):
            return self._refuse_width(cells, row)
        after = index["amount"] + 1
        if after < width and is_torn(cells[after - 1], cells[after], raw):
            self._complain(sheet, row, "amount", NEEDS_QUOTES)
            return False
        if surplus:
            cells[width - 1] = self._columns.separator.join(cells[width - 1 :])
        del cells[width:]
        return True

    def _refuse_width(self, cells: list[str], row: int) -> bool:
        width = self._columns.width
        fewer = "few" if len(cells) < width else "many"
        self._faults.add(f"the row has too {fewer} cells: {len(cells)}, where the header has {width}", row)
        return False

    def _look_closely(
        self,
        known: dict[tuple[str, ...], _Known],
        dates: dict[str, str | None],
        sheet: Sheet,
        row: int,
        cells: list[str],
        not_an_amount: str = "",
    ) -> tuple[_Known, str | None] | None:
        """The codes and date of a row that has something new or wrong in it; None, with each fault of it noted.

        An empty row is None without a word.
        """
        failed = any(self._columns.ours(column) for column, _ in sheet.errors.get(row, ()))
        if not failed and not any(map(str.strip, cells[: self._columns.width])):
            return None
        before = self._faults.count
        if not_an_amount:
            self._complain(sheet, row, "amount", not_an_amount)
        codes = self._learn(known, self._codes_of(cells), sheet, row)
        when = self._date(dates, cells[self._columns.index["date"]], sheet, row)
        for column in ("reference", "description"):
            text = cells[self._columns.index[column]]
            if has_control(text.strip() if column == "reference" else text):
                self._complain(sheet, row, column, NO_CONTROL)
        self._report_errors(sheet, row)
        return None if codes is None or self._faults.count != before else (codes, when)

    def _learn(
        self,
        known: dict[tuple[str, ...], _Known],
        texts: tuple[str, ...],
        sheet: Sheet,
        row: int,
    ) -> _Known | None:
        ours, no_period = self._translated(texts)
        judged = self._judge.judge(*ours)
        if no_period and not isinstance(judged, Codes):
            judged = [("period", no_period), *(told for told in judged if told[0] != "period")]
        if isinstance(judged, Codes):
            codes = known.get(texts)
            if codes is not None:
                return codes  # it was the date or a formula that was new
            if len(known) >= _MOST_REMEMBERED:
                self._take_stock(known)
                known.clear()
            period, scheme, partner, kind, cause, belongs_to = judged
            codes = (period, intern(scheme), intern(partner), intern(kind), cause, belongs_to, [0, 0])
            known[tuple(map(intern, texts))] = codes
            return codes
        for column, message in judged:
            self._complain(sheet, row, column, message)
        return None

    def _translated(self, texts: tuple[str, ...]) -> tuple[list[str], str]:
        """The codes as ours, and why the period is none ("" if it may be one)."""
        theirs = [text.strip() for text in texts]
        parts = self._parts or [None] * len(theirs)
        cut = [text if part is None else part.of(text) for part, text in zip(parts, theirs, strict=True)]
        # a code without that part is shown whole, and not taken for one that the mapping knows
        values: list[dict[str, str]] = self._values or [{}] * len(theirs)
        ours = [
            text if part is None else meant.get(part, part)
            for text, part, meant in zip(theirs, cut, values, strict=True)
        ]
        period = cut[0]
        if self._period_form is not None and period and period not in values[0]:
            is_constant = self._columns.index["period"] >= self._columns.width
            if not (is_constant and period in Period.__members__):  # what the mapping itself says is as ours
                try:
                    ours[0] = self._period_form.read(period)
                except ValueError as error:
                    ours[0] = ""
                    return ours, str(error)
        return ours, ""

    def _take_stock(self, known: dict[tuple[str, ...], _Known]) -> None:
        for codes in known.values():
            period, scheme, partner, kind, cause, belongs_to, (pence, count) = codes
            if count:
                key = (scheme, partner, kind, period, cause)
                self.totals[key] = self.totals.get(key, 0) + pence
                self.count += count
                if belongs_to is not None:
                    self.late += count

    def _date(self, dates: dict[str, str | None], text: str, sheet: Sheet, row: int) -> str | None:
        written = text.strip()
        try:
            when = _iso(written, self._date_format)
        except ValueError:
            expected = self._columns.date_format
            self._complain(
                sheet, row, "date", f"“{text[:40]}” is not a date; write it as {expected}, or leave it empty"
            )
            return None
        if len(dates) < _MOST_REMEMBERED:
            dates[text] = when
        return when

    def _report_errors(self, sheet: Sheet, row: int) -> None:
        if row not in sheet.errors:
            return
        used = set(self._columns.index.values())
        for column, message in sheet.errors[row]:
            if column in used and self._is_new(row, column, message):
                self._faults.add(message, row, sheet.place(column, row))

    def _is_new(self, row: int, column: int, message: str) -> bool:
        """Whether this was not said already of a row of many amounts, which comes once for each."""
        if self._rearranger is None:
            return True
        if self._said[0] != row:
            self._said = (row, set())
        is_new = (column, message) not in self._said[1]
        self._said[1].add((column, message))
        return is_new

    def _complain(self, sheet: Sheet, row: int, column: str, message: str) -> None:
        index = self._columns.index[column]
        if any(other == index for other, _ in sheet.errors.get(row, ())):
            return  # the cell is reported for what it is; what it reads as is of no account
        place = sheet.place(index, row) if index < self._columns.width else f"the mapping's {column}"
        if self._is_new(row, index, message):
            self._faults.add(message, row, place)

    def check_virements(self, sheet: Sheet, standing: Callable[[str], int] = lambda _reference: 0) -> None:
        """Hold the virements of each reference to sum to zero, once all rows are read.

        `standing` gives the pence that a reference already comes to in the ledger. It asks the store, which cannot
        answer while rows still go into it.
        """
        for reference, (pence, row) in self._virements.items():
            total = pence + (standing(reference) if pence else 0)
            if total:
                self._complain(sheet, row, "amount", unbalanced(reference, total))

    def totals_by_kind(self) -> tuple[tuple[Kind, int], ...]:
        """What the lines come to by kind, in the order the format lists kinds."""
        return by_kind(self.totals)


def by_kind(totals: dict[Key, int]) -> tuple[tuple[Kind, int], ...]:
    """Totals summed by kind, kinds in the format's order, those without a line left out."""
    sums: dict[str, int] = {}
    for (_scheme, _partner, kind, _period, _cause), pence in totals.items():
        sums[kind] = sums.get(kind, 0) + pence
    return tuple((kind, sums[kind.value]) for kind in Kind if kind.value in sums)


def line_of(row: LineRow, file: str) -> Line:
    """A row that was read, as a line."""
    number, batch, period, scheme, partner, kind, pence, when, reference, description, cause, belongs_to, at, raw = row
    return Line(
        id=number,
        period=Period(period),
        scheme=scheme,
        partner=partner,
        kind=Kind(kind),
        amount_pence=pence,
        date=None if when is None else date.fromisoformat(when),
        reference=reference,
        description=description,
        cause=cause,
        batch=batch,
        belongs_to=None if belongs_to is None else Period(belongs_to),
        file=file,
        row=at,
        raw=raw,
    )


def _iso(text: str, written_as: str) -> str | None:
    if not text:
        return None
    if _ISO_DATE.fullmatch(text):  # a workbook's date cells read so whatever the mapping says
        return date.fromisoformat(text).isoformat()
    if written_as == "%Y-%m-%d":
        raise ValueError
    return datetime.strptime(text, written_as).date().isoformat()  # noqa: DTZ007  a day, without a time
