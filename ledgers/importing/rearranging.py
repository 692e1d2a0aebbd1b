"""Rows of another ledger's layout made into rows as ours, as a mapping says: before they are read as lines.

Rows are left out or held as totals, debits and credits become one amount, a row of months becomes a line for each.
A mapping that says nothing of the kind costs nothing: its rows never come here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledgers.importing.faults import Faults
from ledgers.importing.forms import NEEDS_QUOTES, amount_of, is_torn, is_with_comma
from ledgers.importing.sheet import Row, Sheet
from rules.money import plain, pounds

_NOTHING = frozenset({"", "-", "£-"})
"""Cells of a grid that say that there is no amount."""

Conditions = tuple[tuple[int, re.Pattern[str]], ...]
"""Columns of the file, from 0, and what stands in them."""


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What is done to each row of `width` cells, which `added` follow. Columns are the file's, from 0.

    An amount is read from `amount` (turned by what stands in `sign`), from `debit` less `credit`, or from each of the
    columns in `wide`, which come with the cells that they say. It is written into the cell `into`.
    """

    width: int
    added: tuple[str, ...]
    into: int
    form: str
    amount: int | None = None
    sign: int | None = None
    signs: dict[str, str] = field(default_factory=dict)
    debit: int | None = None
    credit: int | None = None
    wide: tuple[tuple[int, tuple[tuple[int, str], ...]], ...] = ()
    only: Conditions = ()
    skip: Conditions = ()
    total: Conditions = ()
    separator: str = ","

    def is_total(self, cells: list[str]) -> bool:
        """Whether a row is a total of those above it."""
        return any(pattern.fullmatch(_cell(cells, column)) for column, pattern in self.total)

    def skips(self, cells: list[str]) -> bool:
        """Whether a row is left out for what stands in it: a balance, say."""
        return any(pattern.fullmatch(_cell(cells, column)) for column, pattern in self.skip)

    def is_of_others(self, cells: list[str]) -> bool:
        """Whether a row is left out because it is none of those that are taken; a total counts it all the same."""
        return not all(pattern.fullmatch(_cell(cells, column)) for column, pattern in self.only)

    def leaves_out(self, cells: list[str]) -> bool:
        """Whether nothing of a row is posted."""
        return self.is_total(cells) or self.skips(cells) or self.is_of_others(cells)

    def amounts(self) -> list[int]:
        """The columns that an amount is read from."""
        return [
            column for column in (self.amount, self.debit, self.credit, *(each for each, _ in self.wide))
            if column is not None
        ]  # fmt: skip


class Rearranger:
    """Rearranges the rows of one sheet; afterwards knows how many were left out."""

    def __init__(self, plan: Rearrangement, faults: Faults) -> None:
        """What is wrong goes to the faults."""
        self._plan = plan
        self._faults = faults
        self._since = 0  # pence since the last total
        self._sofar = 0
        self._below = 0  # the first row since the last total
        self._is_whole = True  # whether every amount above could be read
        self.left_out = 0
        self.totals = 0

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows as ours, each of all cells; a row of several amounts comes once for each."""
        plan = self._plan
        looks = plan.only or plan.skip or plan.total
        row = 0
        for row, cells, raw in sheet.rows:
            if looks and self._cannot_be_told(sheet, row):
                continue
            if looks and any(map(str.strip, cells)) and self._is_left_out(sheet, row, cells, raw):
                self.left_out += 1
                continue
            if not self._fits(sheet, row, cells, raw):
                continue
            for pence, told in self._amounts(sheet, row, cells):
                ours = [*cells[: plan.width], *plan.added]
                ours[plan.into] = plain(pence)
                for column, text in told:
                    ours[column] = text
                yield row, ours, raw
        if plan.total and row:
            self._check_end()

    def _check_end(self) -> None:
        if not self.totals:
            self._faults.add(
                "the file has no row that is a total, as the mapping's [total] says that there is: was it cut short?"
            )
        elif self._below and self._is_whole:
            message = (
                "from this row on the rows stand below the last total, and none counts them: was the file cut short?"
            )
            self._faults.add(message, self._below)

    def _cannot_be_told(self, sheet: Sheet, row: int) -> bool:
        """Whether a formula failed in a cell that says whether the row is taken: it is complained of, not left out."""
        if row not in sheet.errors:
            return False
        plan = self._plan
        looked_at = {column for column, _ in (*plan.only, *plan.skip, *plan.total)}
        failed = [(column, why) for column, why in sheet.errors[row] if column in looked_at]
        for column, why in failed:
            self._complain(sheet, row, column, why)
        return bool(failed)

    def _is_left_out(self, sheet: Sheet, row: int, cells: list[str], raw: str) -> bool:
        """Whether a row is left out; a total is held to what it is the total of."""
        plan = self._plan
        if plan.is_total(cells):
            self._check_total(sheet, row, cells)
            return True
        if plan.skips(cells):
            return True
        if not plan.is_of_others(cells) or any(map(str.strip, cells[plan.width :])):
            return False  # a comma in a text may have pushed what is looked at out of its place
        if plan.total and self._fits(sheet, row, cells, raw):
            for _ in self._amounts(sheet, row, cells):
                pass  # it is none of ours, and yet in the total
        return True

    def _fits(self, sheet: Sheet, row: int, cells: list[str], raw: str) -> bool:
        """Whether a row has the header's width and whole amounts; why not goes to the faults, but of an empty row."""
        width = self._plan.width
        if not any(map(str.strip, cells)) and row not in sheet.errors:
            return False
        for column in self._plan.amounts():
            if self._is_torn(cells, column, raw):
                self._complain(sheet, row, column, NEEDS_QUOTES)
                return False
        if len(cells) < width or any(cells[width:]):
            fewer = "few" if len(cells) < width else "many"
            self._faults.add(f"the row has too {fewer} cells: {len(cells)}, where the header has {width}", row)
            self._is_whole = False
            return False
        return True

    def _is_torn(self, cells: list[str], column: int, raw: str) -> bool:
        plan = self._plan
        after = _cell(cells, column + 1)
        if plan.separator != "," or not is_torn(_cell(cells, column), after, raw, plan.form):
            return False
        if len(cells) != plan.width:
            return True
        # a whole number and a reference, or two whole amounts, may stand so
        return column + 1 not in plan.amounts() if is_with_comma(plan.form) else "." in after

    def _amounts(self, sheet: Sheet, row: int, cells: list[str]) -> Iterator[tuple[int, tuple[tuple[int, str], ...]]]:
        """The amounts of a row that fits, each with the cells that its column says."""
        plan = self._plan
        if plan.wide:
            for column, told in plan.wide:
                if cells[column].strip() in _NOTHING and not self._failed(sheet, row, column):
                    continue
                pence = self._pence(sheet, row, column, cells[column])
                if pence:
                    yield self._counted(row, pence), told
            return
        found = self._of_two(sheet, row, cells) if plan.debit is not None else self._of_one(sheet, row, cells)
        if found is not None:
            yield self._counted(row, found), ()

    def _counted(self, row: int, pence: int) -> int:
        self._below = self._below or row
        self._since += pence
        self._sofar += pence
        return pence

    def _of_two(self, sheet: Sheet, row: int, cells: list[str]) -> int | None:
        """A debit less a credit: one of them stands in each row."""
        debit, credit = self._plan.debit, self._plan.credit
        assert debit is not None  # noqa: S101  a mapping names both or neither
        assert credit is not None  # noqa: S101  as above
        texts = cells[debit].strip(), cells[credit].strip()
        if not any(texts) and not self._failed(sheet, row, debit) and not self._failed(sheet, row, credit):
            self._complain(sheet, row, debit, "the row has neither a debit nor a credit; write 0.00 if none was meant")
            return None
        read = [
            0 if not text and not self._failed(sheet, row, column) else self._pence(sheet, row, column, text)
            for column, text in zip((debit, credit), texts, strict=True)
        ]
        if read[0] is None or read[1] is None:
            return None
        if read[0] and read[1]:
            message = f"the row has a debit of {pounds(read[0])} and a credit of {pounds(read[1])}; it has one of them"
            self._complain(sheet, row, credit, message)
            return None
        return read[0] - read[1]

    def _of_one(self, sheet: Sheet, row: int, cells: list[str]) -> int | None:
        plan = self._plan
        assert plan.amount is not None  # noqa: S101  an amount is of one column, of two or of many
        pence = self._pence(sheet, row, plan.amount, cells[plan.amount])
        if pence is None or plan.sign is None:
            return pence
        sign = self._sign(cells[plan.sign])
        if sign not in {"+", "-"}:
            message = f"“{cells[plan.sign].strip()}” is not a sign; say in [values.sign] which of + and - it means"
            self._complain(sheet, row, plan.sign, message)
            return None
        if pence < 0:
            message = "the amount has a sign of its own beside the column of signs; read it without that column"
            self._complain(sheet, row, plan.amount, message)
            return None
        return -pence if sign == "-" else pence

    def _sign(self, text: str) -> str:
        told = text.strip()
        return self._plan.signs.get(told, told)

    def _pence(self, sheet: Sheet, row: int, column: int, text: str) -> int | None:
        """The pence of a cell; None, with the fault noted, if it says none."""
        if self._failed(sheet, row, column):
            for _, message in (each for each in sheet.errors[row] if each[0] == column):
                self._complain(sheet, row, column, message)
            return None
        try:
            return amount_of(text, self._plan.form)
        except ValueError as error:
            self._complain(sheet, row, column, str(error))
            return None

    def _failed(self, sheet: Sheet, row: int, column: int) -> bool:
        return row in sheet.errors and any(other == column for other, _ in sheet.errors[row])

    def _complain(self, sheet: Sheet, row: int, column: int, message: str) -> None:
        self._is_whole = False
        self._faults.add(message, row, sheet.place(column, row))

    def _check_total(self, sheet: Sheet, row: int, cells: list[str]) -> None:
        """Hold a total to the rows since the one before it, or to all of them."""
        self.totals += 1
        since, sofar, is_whole = self._since, self._sofar, self._is_whole
        said = self._total(sheet, row, [*cells, *[""] * (self._plan.width - len(cells))])
        self._since = self._below = 0
        if said is None or not is_whole or said in {since, sofar}:
            return
        above = f"{pounds(since)} since the last total, {pounds(sofar)} in all" if self.totals > 1 else pounds(sofar)
        apart = min(abs(said - since), abs(said - sofar))
        message = (
            f"the total row says {pounds(said)}, and the rows above it come to {above}: {pounds(apart)} apart; "
            "is the file whole, and does every row count?"
        )
        self._faults.add(message, row, sheet.place(self._plan.amounts()[0], row))

    def _total(self, sheet: Sheet, row: int, cells: list[str]) -> int | None:
        plan = self._plan
        before = self._is_whole
        if plan.debit is not None and plan.credit is not None:
            # a total of debits stands beside one of credits
            both = [self._pence(sheet, row, each, cells[each].strip() or "0") for each in (plan.debit, plan.credit)]
            said = None if both[0] is None or both[1] is None else both[0] - both[1]
        elif plan.wide:
            many = [self._pence(sheet, row, each, cells[each]) for each, _ in plan.wide if cells[each].strip()
                    not in _NOTHING]  # fmt: skip
            said = sum(each for each in many if each is not None) if None not in many else None
        else:
            assert plan.amount is not None  # noqa: S101  as above
            said = self._pence(sheet, row, plan.amount, cells[plan.amount])
            if said is not None and plan.sign is not None and self._sign(cells[plan.sign]) == "-":
                said = -said
        self._is_whole = before
        return said


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""
