"""Money, in one place: read from text, converted at the edges, shown to a person. Inside the program it is whole pence.

py-moneyed accepts floats and `True`, truncates fractions of a penny and prints by locale, so nothing else in the
program makes a `Money`, a `Decimal` or a float of money, or turns one into text (`tests/test_house.py` sees to it).
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moneyed import Money as Money  # noqa: PLC0414  given on, for types at the edges

# £9,999,999,999.99: nine million such lines still come to less than the 64 bits that the databases store.
LARGEST_PENCE = 10**12 - 1

_AMOUNT = re.compile(r"(?P<sign>-?)£?(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<pence>\d{1,2}))?", re.ASCII)
_FINER = re.compile(r"[-(]?£?[\d,]+\.\d{3,}\)?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_LONGEST = 40
_DIGITS_AND_POINT = len("9999999999.99")


def pence_of(text: str) -> int:
    """The whole pence that a text of pounds says.

    Reads `1234`, `1,234.56`, `£1234.5`, `-1234.56` and `(1,234.56)`, the accountant's negative.
    Raises ValueError with a sentence for anything else: it is never guessed at (formats.md, lines.csv).
    """
    if text[-3:-2] == "." and _DIGITS_AND_POINT >= len(text) > len(".00"):
        digits = text[:-3] + text[-2:]
        if digits.isascii() and digits.isdigit():
            return int(digits)  # what nearly every line of an extract says, at a third of the cost
    amount = text.strip()
    bracketed = amount.startswith("(") and amount.endswith(")")
    match = _AMOUNT.fullmatch(amount[1:-1] if bracketed else amount) if len(amount) <= _LONGEST else None
    if match is None or (bracketed and match["sign"]):
        raise ValueError(_why_not(amount))
    pence = int(match["pounds"].replace(",", "")) * 100 + int((match["pence"] or "0").ljust(2, "0"))
    if pence > LARGEST_PENCE:
        message = f"{amount} is more than {pounds(LARGEST_PENCE)}, the largest amount a line can hold"
        raise ValueError(message)
    return -pence if bracketed or match["sign"] else pence


def _why_not(amount: str) -> str:
    if not amount:
        return "the amount is empty; write 0.00 if nothing was meant"
    shown = amount if len(amount) <= _LONGEST else amount[:_LONGEST] + "…"
    if _FINER.fullmatch(amount):
        return f"“{shown}” has more than two decimals; amounts are pounds and whole pence"
    if re.search(r"\d[Oo]|£[Oo]|^[Oo]$", amount):
        return f"“{shown}” is not an amount: it has the letter O where a nought may be meant"
    return f"“{shown}” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)"


def number_of(text: str) -> Fraction:
    """The exact number that a plain decimal says: a weight, a percentage, a count of admissions.

    Raises ValueError with a sentence for anything else.
    """
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text.strip()):
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        message = f"“{shown}” is not a plain decimal number"
        raise ValueError(message)
    return Fraction(text.strip())


def pounds(pence: int) -> str:
    """`£1,234.56`; a negative amount in brackets, `(£1,234.56)`, as statements show it."""
    shown = f"£{abs(pence) // 100:,}.{abs(pence) % 100:02}"
    return f"({shown})" if pence < 0 else shown


def plain(pence: int) -> str:
    """`1234.56` or `-1234.56`: as ledger files and agreements hold it, for `pence_of` to read back."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


def decimal(number: Fraction) -> str:
    """A number as `number_of` reads it back. Raises ValueError if it has no finite decimal."""
    digits, power = 0, number.denominator
    while power % 10 == 0:
        power, digits = power // 10, digits + 1
    twos = fives = 0
    while power % 2 == 0:
        power, twos = power // 2, twos + 1
    while power % 5 == 0:
        power, fives = power // 5, fives + 1
    if power != 1:
        message = f"{number} has no finite decimal"
        raise ValueError(message)
    digits += max(twos, fives)
    scaled = number * 10**digits
    whole, part = divmod(abs(scaled.numerator), 10**digits)
    text = f"{whole}.{part:0{digits}}".rstrip("0").rstrip(".") if digits else str(whole)
    return f"-{text}" if number < 0 else text


def money(pence: int) -> "Money":
    """The amount as the public API gives it out."""
    from moneyed import Money  # noqa: PLC0415  py-moneyed brings babel, 40 ms that only the API's users need

    return Money(Decimal(pence).scaleb(-2), "GBP")


def pence(amount: "Money") -> int:
    """The whole pence of an amount that the public API was given.

    Raises ValueError if it is not in pounds sterling or has a fraction of a penny.
    """
    if amount.currency.code != "GBP":
        message = f"{amount.currency.code} is not pounds sterling; a pooled fund is kept in GBP"
        raise ValueError(message)
    exact = Fraction(amount.amount) * 100
    if exact.denominator != 1:
        message = f"{amount.amount} pounds has a fraction of a penny; amounts are whole pence"
        raise ValueError(message)
    return exact.numerator
