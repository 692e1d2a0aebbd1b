"""Amounts, ratios, periods and subjects as a statement says them: in words, in columns, in per cent."""

from collections.abc import Callable
from fractions import Fraction

from rules.agreement import Kind, Scheme
from rules.english import month
from rules.groups import Group, Subject
from rules.language import message, say, spoken
from rules.money import decimal, pounds
from rules.outcome import Outcome
from rules.periods import FinancialYear, Period
from settlement.languages import WELSH
from settlement.ratios import percent_text
from settlement.sentences import group_name, subject_of_group
from settlement.statements.numbers_in_welsh import amount_in_welsh

NIL = "–"

_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS = ("", " thousand", " million", " billion", " trillion")
_HUNDRED = 100
_THOUSAND = 1000
_THOUSAND_POUNDS = 100_000  # pence


def in_column(pence: int, *, in_thousands: bool = False) -> str:
    """An amount as a table shows it under a heading of pounds: `1,234.56`, `(1,234.56)`, `–` for nil.

    In thousands, half away from nought: `1`, `(1)`, and `0` for what is less than half a thousand.
    """
    if not pence:
        return NIL
    if not in_thousands:
        return pounds(pence).replace("£", "")
    shown = f"{(abs(pence) + _THOUSAND_POUNDS // 2) // _THOUSAND_POUNDS:,}"
    return f"({shown})" if pence < 0 else shown


def number_in_words(number: int) -> str:
    """A whole number from nought up to a thousand trillion, as it is read out: `one thousand and twenty-one`."""
    if number < _THOUSAND:
        return _below_thousand(number)
    groups = []
    rest = number
    for name in _THOUSANDS:
        rest, group = divmod(rest, _THOUSAND)
        if group:
            groups.append((group, name))
    if rest:
        message = f"{number} is larger than any amount a ledger can hold"
        raise ValueError(message)
    *larger, (last, name) = reversed(groups)
    words = [_below_thousand(group) + name_of for group, name_of in larger]
    joined = "and " if not name and last < _HUNDRED else ""
    return " ".join([*words, joined + _below_thousand(last) + name])


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, _HUNDRED)
    words = []
    if hundreds:
        words.append(f"{_SMALL[hundreds]} hundred")
        if rest:
            words.append("and")
    if rest or not hundreds:
        tens, ones = divmod(rest, 10)
        if rest < len(_SMALL):
            words.append(_SMALL[rest])
        else:
            words.append(f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens])
    return " ".join(words)


def amount_in_words(pence: int) -> str:
    """The amount without its sign: `One thousand two hundred and thirty-four pounds and fifty-six pence`.

    Numbers have a grammar of their own, which no catalogue of messages can hold: each language has its own writer.
    """
    write = _WRITERS.get(spoken(), _amount_in_english)
    text = write(*divmod(abs(pence), 100))
    return text[0].upper() + text[1:]


def _amount_in_english(whole: int, part: int) -> str:
    said = []
    if whole or not part:
        said.append(f"{number_in_words(whole)} {'pound' if whole == 1 else 'pounds'}")
    if part:
        said.append(f"{number_in_words(part)} {'penny' if part == 1 else 'pence'}")
    return " and ".join(said)


_WRITERS: dict[str, Callable[[int, int], str]] = {WELSH: amount_in_welsh}


def ratio(weight: int, whole: int) -> str:
    """A weight's exact share of the whole in lowest terms: `1 / 2`, `7,790,330 / 13,651,717`; `–` where it has none."""
    if not weight or not whole:
        return NIL
    if weight == whole:
        return say("all")
    return _fraction(Fraction(weight, whole))


def percent(part: int, whole: int) -> str:
    """A share in per cent to two decimals, half up: for reading only, no amount is worked out from it. `–` for none."""
    if not whole or not part:
        return NIL
    share = Fraction(part, whole)
    return f"({percent_text(-share)})" if share < 0 else percent_text(share)


def exact_number(number: Fraction) -> str:
    """A count or weight that came from plain decimals, as it was written; a fraction if it has no finite decimal."""
    try:
        return decimal(number)
    except ValueError:
        return _fraction(number)


def _fraction(number: Fraction) -> str:
    return f"{number.numerator:,} / {number.denominator:,}"


def marker(favourable_pence: int) -> str:
    """In words, never by colour alone."""
    if not favourable_pence:
        return NIL
    return say("Favourable") if favourable_pence > 0 else say("Adverse")


def period_in_words(year: FinancialYear, period: Period) -> str:
    """`M12 (March 2015)`; M13 is the year-end adjustments."""
    if period is Period.M13:
        return say("M13 (year-end adjustments)")
    return f"{period} ({month(year.begins(period))})"


_KINDS_IN_TEXT = {
    Kind.BUDGET: message("budget"),
    Kind.VIREMENT: message("virements"),
    Kind.PAYMENT: message("payments to the Host Partner"),
    Kind.ACTUAL: message("actual"),
    Kind.ACCRUAL: message("accruals"),
    Kind.FORECAST: message("forecast"),
    Kind.QIPP_TARGET: message("QIPP target"),
    Kind.QIPP_DELIVERED: message("QIPP delivered"),
    Kind.QIPP_FORECAST: message("QIPP forecast"),
    Kind.BASELINE: message("baseline"),
}


def kind_in_text(kind: Kind) -> str:
    """A kind of line within a sentence: `actual`, `payments to the Host Partner`, `QIPP target`."""
    return say(_KINDS_IN_TEXT[kind])


def subject_name(subject: Subject, outcome: Outcome) -> str:
    """`Overspend of Home first (HOMEFIRST)`."""
    name = subject_of_group(subject.on, coded_group(subject.group, outcome))
    return say("{subject}, excluded from sharing", subject=name) if subject.group.excluded else name


def coded_group(group: Group, outcome: Outcome) -> str:
    """A group's name with its code, for finding it in the ledger."""
    name = group_name(group, outcome)
    return name if name.startswith(f"{group.code} (") else named(name, group.code)


def named(name: str, code: str) -> str:
    """A name with its code, once if they are the same."""
    return name if name == code else f"{name} ({code})"


def scheme_name(scheme: Scheme) -> str:
    """A scheme's name with its code, and whether it is shared at all."""
    name = named(scheme.name, scheme.code)
    return say("{scheme}, excluded from sharing", scheme=name) if scheme.excluded else name
