"""How a published year is laid over twelve months: shares of the year, positions to date, and real days.

A year is profiled in one of two ways. What was planned is shared over the months by weights, so that the pennies make
the year. What happened is that plan plus a variance to date at each month's end, written out by hand, that comes by
M12 to what was published.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.agreement import Kind
from rules.allocation import allocate
from rules.money import pounds
from rules.periods import FinancialYear, Period
from settlement.samples.sample import SampleLine

MONTHS = tuple(Period)[: Period.M12]
LATER_MONTHS = MONTHS[1:]
"""The months of forecast lines: in M1 every other month is still to come, at M12 none is."""

_WEEKEND = {5: timedelta(days=2), 6: timedelta(days=1)}

Day = Callable[[FinancialYear, Period], date]


def first_day(year: FinancialYear, period: Period) -> date:
    """The first day of the month: when a budget or a baseline takes effect, or an accrual is reversed."""
    return year.begins(period)


def mid_month(year: FinancialYear, period: Period) -> date:
    """The 15th, or the Monday after a weekend: when a contribution is paid."""
    fifteenth = year.begins(period).replace(day=15)
    return fifteenth + _WEEKEND.get(fifteenth.weekday(), timedelta())


def last_day(year: FinancialYear, period: Period) -> date:
    """The last day of the month: when spend is booked or accrued, or the end of a month that a forecast is for."""
    if period >= Period.M12:
        return year.ends()
    return year.begins(Period(period + 1)) - timedelta(days=1)


def on_day(number: int) -> Day:
    """That day of the month."""
    return lambda year, period: year.begins(period).replace(day=number)


@dataclass(frozen=True, slots=True)
class Entry:
    """All of a line that does not change with the month. `reference` may hold `{}`, filled with the period."""

    year: FinancialYear
    scheme: str
    partner: str
    kind: Kind
    day: Day
    reference: str
    description: str
    cause: str = ""

    def at(self, period: Period, amount_pence: int) -> SampleLine:
        """The line of one month."""
        return SampleLine(
            period,
            self.scheme,
            self.partner,
            self.kind,
            amount_pence,
            self.day(self.year, period),
            self.reference.format(period),
            self.description,
            self.cause,
        )

    def monthly(self, amounts_pence: Sequence[int], months: Sequence[Period] = MONTHS) -> list[SampleLine]:
        """A line for each month that has an amount."""
        pairs = zip(months, amounts_pence, strict=True)
        return [self.at(period, amount_pence) for period, amount_pence in pairs if amount_pence]


def twelfths(year_pence: int) -> list[int]:
    """The year in twelve equal months, to the penny."""
    return allocate(year_pence, [1] * len(MONTHS))


def months_of(to_date_pence: Sequence[int]) -> list[int]:
    """What each month adds, of positions to date."""
    return [now - before for now, before in zip(to_date_pence, (0, *to_date_pence), strict=False)]


def plus(*rows: Sequence[int]) -> list[int]:
    """Rows of months added up, month by month."""
    return [sum(month) for month in zip(*rows, strict=True)]


def remaining(months_pence: Sequence[int], booked: Iterable[SampleLine]) -> list[int]:
    """What each month still needs, once the lines booked to it one by one are taken off."""
    left = list(months_pence)
    for line in booked:
        left[line.period - 1] -= line.amount_pence
    return left


def accrued(accrual: Entry, period: Period, amount_pence: int) -> list[SampleLine]:
    """An accrual at a month's end and its reversal, under its reference, on the first day of the next month.

    The invoice itself comes with the next month's actual, so that spend to date moves only where it was incurred.
    """
    line = accrual.at(period, amount_pence)
    reversal = replace(
        accrual,
        day=first_day,
        reference=line.reference,
        description=f"Illustrative: reversal of {line.reference}, invoices received",
    )
    return [line, reversal.at(Period(period + 1), -amount_pence)]


def in_order(lines: Iterable[SampleLine]) -> tuple[SampleLine, ...]:
    """By period, and within a period as they were written."""
    return tuple(sorted(lines, key=lambda line: line.period))


def shown(amount_pence: int) -> str:
    """An amount as a description has it: no pence where there are none."""
    return pounds(amount_pence).removesuffix(".00")
