"""How another ledger writes an amount and a period, read as ours. The mapping names the form; nothing is guessed at."""

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Never

from rules.money import pence_of
from rules.periods import FinancialYear, Period

OURS = "1,234.56"
_AMOUNT_BEHIND = re.compile(r"(?P<number>£?[\d.,]+)\s*-", re.ASCII)
_COMMA = re.compile(
    r"(?P<start>[-(]?£?)(?P<pounds>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<pence>\d{1,2}))?(?P<end>\)?)", re.ASCII
)
_CREDIT = re.compile(r"(?P<number>£?[\d.,]+)\s*(?P<side>CR|DR|C|D)", re.ASCII | re.IGNORECASE)
_LONGEST = 40
_TORN_OFF = re.compile(r"(?!0$)[-(£]{0,3}\d{1,3}", re.ASCII)  # a nought in a grid begins no `1,234.56`
_REST_OF_AMOUNT = re.compile(r"\d{3}(,\d{3})*(\.\d{1,2})?\)?", re.ASCII)
_POUNDS_TORN_OFF = re.compile(r"[-(]?£?(\d{1,3}(\.\d{3})+|\d+)", re.ASCII)
_PENCE_BEHIND = re.compile(r"\d{1,2}(\)|\s*-)?", re.ASCII)
NEEDS_QUOTES = "an amount with a comma needs quotation marks around it"


def _minus_behind(text: str) -> str:
    found = _AMOUNT_BEHIND.fullmatch(text)
    return f"-{found['number']}" if found else text


def _with_comma(text: str) -> str:
    found = _COMMA.fullmatch(text)
    if found is None:
        raise ValueError
    pence = f".{found['pence']}" if found["pence"] else ""
    return f"{found['start']}{found['pounds'].replace('.', '')}{pence}{found['end']}"


def _with_credit(text: str) -> str:
    found = _CREDIT.fullmatch(text)
    if found is None:
        return text
    return f"-{found['number']}" if found["side"].upper().startswith("C") else found["number"]


_FORMS: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {
        OURS: lambda text: text,
        "1,234.56-": _minus_behind,
        "1,234.56 CR": _with_credit,
        "1.234,56": _with_comma,
        "1.234,56-": lambda text: _with_comma(_minus_behind(text)),
    }
)
AMOUNT_FORMATS = tuple(_FORMS)


def is_with_comma(form: str) -> bool:
    """Whether the form has a comma before the pence: `1.234` is then a thousand pounds, and no workbook's number is."""
    return form.startswith("1.234")


def amount_of(text: str, form: str) -> int:
    """The whole pence that a text says in a form. Raises ValueError with a sentence if it says none in it."""
    told = text.strip()
    if form == OURS or not told or len(told) > _LONGEST:
        return pence_of(text)
    try:
        ours = _FORMS[form](told)
    except ValueError:
        message = f"“{told}” is not an amount as the mapping says that they are written ({form})"
        raise ValueError(message) from None
    try:
        return pence_of(ours)
    except ValueError as error:
        message = str(error).replace(f"“{ours}”", f"“{told}”")
        raise ValueError(message) from None


def is_torn(amount: str, after: str, raw: str, form: str = OURS) -> bool:
    """Whether a cell and the next are halves of `1,234.56`: without quotation marks, which the row's own text shows."""
    begins, ends = (_POUNDS_TORN_OFF, _PENCE_BEHIND) if is_with_comma(form) else (_TORN_OFF, _REST_OF_AMOUNT)
    return (
        begins.fullmatch(amount.strip()) is not None
        and ends.fullmatch(after.strip()) is not None
        and f"{amount},{after}" in raw
    )


# Periods

_TOKEN = re.compile(r"YYYY|YY|MMM|MM|DD|PPP|PP")
_SEPARATORS = re.compile(r"[-/._ ]*")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT = MappingProxyType({name[:3]: at for at, name in enumerate(_MONTHS, 1)})
_PATTERNS = MappingProxyType(
    {
        "YYYY": r"(?P<year>\d{4})",
        "YY": r"(?P<year>\d{2})",
        "MMM": r"(?P<name>[A-Za-z]{3,9})",
        "MM": r"(?P<month>\d{1,2})",
        "DD": r"(?P<day>\d{1,2})",
        "PPP": r"(?:P(?:ER(?:IOD)?)?\.?\s*)?(?P<period>\d{1,3})",
        "PP": r"(?:P(?:ER(?:IOD)?)?\.?\s*)?(?P<period>\d{1,3})",
    }
)
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?: .*)?", re.ASCII)
_APRIL = 4
_MOST_SPECIAL = 16
_MONTHS_IN_A_YEAR = 12
_CENTURY = 100
EXAMPLES = "MMM-YY (JUN-26), YYYYPP (202603), PPP (003), PP-YY (03-26), DD/MM/YYYY (a date)"


class PeriodForm:
    """A way of writing a period, such as `MMM-YY`, read as M1 to M13 and held to the ledger's financial year."""

    def __init__(self, form: str, *, names_end: bool = False, year: FinancialYear | None = None) -> None:
        """`names_end`: a year beside a period's number is the one that the financial year ends in (2027 of 2026/27).

        Without a `year` no text is refused for being of another. Raises ValueError with a sentence if it is no form.
        """
        self.form = form
        self._names_end = names_end
        self._year = year
        tokens = _TOKEN.findall(form)
        says = [token for token in tokens if token in {"MMM", "MM", "PPP", "PP"}]
        years = [token for token in tokens if token.startswith("Y")]
        is_plain = all(_SEPARATORS.fullmatch(between) for between in _TOKEN.split(form))
        of_number = bool(says) and says[0].startswith("P")
        days = tokens.count("DD")
        if len(says) != 1 or len(years) > 1 or days > (0 if of_number else 1) or not is_plain:
            message = f"“{form}” is not a way of writing a period; write for example {EXAMPLES}"
            raise ValueError(message)
        self._is_number = of_number
        self._pattern = re.compile("".join(_patterns(form)), re.ASCII | re.IGNORECASE)

    def read(self, text: str) -> str:
        """`M3`, of a period written so. Raises ValueError with a sentence for anything else."""
        told = text.strip()
        found = self._pattern.fullmatch(told)
        if found is None and not self._is_number:
            found = _ISO_DAY.fullmatch(told)  # a workbook's date cells read so, whatever the mapping says
        if found is None:
            self._refuse(told)
        parts = {name: value for name, value in found.groupdict().items() if value is not None}
        year = int(parts["year"]) if "year" in parts else None
        if year is not None and year < _CENTURY:
            year += 2000
        if "period" in parts:
            return self._numbered(told, int(parts["period"]), year)
        month = int(parts["month"]) if "month" in parts else _month_named(parts["name"])
        if not 1 <= month <= _MONTHS_IN_A_YEAR or not 1 <= int(parts.get("day", 1)) <= 31:  # noqa: PLR2004  days
            self._refuse(told)
        if year is not None:
            self._hold(told, year if month >= _APRIL else year - 1)
        return str(Period((month - _APRIL) % _MONTHS_IN_A_YEAR + 1))

    def _numbered(self, told: str, number: int, year: int | None) -> str:
        if number == 0:
            message = f"“{told}” is period 0, the balance brought forward: leave its rows out with [skip]"
            raise ValueError(message)
        if number > _MOST_SPECIAL:
            self._refuse(told)
        if year is not None:
            self._hold(told, year - 1 if self._names_end else year)
        return str(Period(min(number, Period.M13)))  # special periods, 013 to 016, are all of the year's end

    def _hold(self, told: str, first: int) -> None:
        if self._year is not None and first != self._year.first:
            message = f"“{told}” is of {FinancialYear(first)}, and the ledger is of {self._year}"
            raise ValueError(message)

    def _refuse(self, told: str) -> Never:
        message = f"“{told[:_LONGEST]}” is not a period as the mapping says that they are written ({self.form})"
        raise ValueError(message)


def _patterns(form: str) -> Iterator[str]:
    """A pattern for each token of a form and for what stands between them, in order."""
    is_exact = "DDMM" in form or "MMDD" in form  # `1122026` would be of 11 February and of 1 December
    for part in re.split(f"({_TOKEN.pattern})", form):
        pattern = _PATTERNS.get(part, re.escape(part))
        yield pattern.replace("{1,2}", "{2}") if is_exact and part in {"DD", "MM"} else pattern


def _month_named(name: str) -> int:
    """The month of a name, whole or of three letters (and `Sept`); 0 if there is none."""
    told = name.lower()
    month = _SHORT.get(told[:3], 0)
    return month if month and (len(told) == 3 or told == "sept" or told == _MONTHS[month - 1]) else 0  # noqa: PLR2004
