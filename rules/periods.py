"""Financial years (1 April to 31 March) and their periods: M1 (April) to M12 (March), M13 for year-end adjustments."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

_YEAR = re.compile(r"([12]\d{3})/(\d{2})", re.ASCII)
_APRIL = 4


class Period(IntEnum):
    """A period of the financial year; they compare in order."""

    M1 = 1
    M2 = 2
    M3 = 3
    M4 = 4
    M5 = 5
    M6 = 6
    M7 = 7
    M8 = 8
    M9 = 9
    M10 = 10
    M11 = 11
    M12 = 12
    M13 = 13

    def __str__(self) -> str:
        """As ledgers write it: `M12`."""
        return self.name

    @classmethod
    def read(cls, text: str) -> "Period":
        """The period written as `M1` to `M13`. Raises ValueError with a sentence for anything else."""
        period = cls.__members__.get(text.strip())
        if period is None:
            message = f"“{text}” is not a period; write M1 (April) to M12 (March), or M13 for year-end adjustments"
            raise ValueError(message)
        return period


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """The year that begins on 1 April of `first`."""

    first: int

    @classmethod
    def read(cls, text: str) -> "FinancialYear":
        """The year written as `2014/15`. Raises ValueError with a sentence for anything else."""
        match = _YEAR.fullmatch(text)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            message = f"“{text}” is not a financial year; write it as 2014/15"
            raise ValueError(message)
        return cls(int(match[1]))

    def __str__(self) -> str:
        """As statements write it: `2014/15`."""
        return f"{self.first}/{(self.first + 1) % 100:02}"

    def begins(self, period: Period) -> date:
        """The first day of a period. M13 adjusts the year's end, and begins with M12."""
        month = min(period, Period.M12) + _APRIL - 1
        return date(self.first, month, 1) if month <= 12 else date(self.first + 1, month - 12, 1)  # noqa: PLR2004

    def ends(self) -> date:
        """The last day of the year, 31 March."""
        return date(self.first + 1, 3, 31)
