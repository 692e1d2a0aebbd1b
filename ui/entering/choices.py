"""What a column of codes can hold, with names, and which of it a person means who has typed a few letters."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ledgers.importing.entering import COLUMNS, Row, period_of
from ledgers.importing.judging import is_before_its_partner
from ledgers.importing.previewing import Book
from ledgers.ledger import State
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.succession import stand_ins
from settlement.sentences import KIND_NAMES
from ui.wording import period_name

CAUSES = {"default": "Spend outside Permitted Expenditure, or by the partner's own fault"}

HEADINGS = {
    "period": "Period",
    "date": "Date",
    "scheme": "Scheme",
    "partner": "Partner",
    "kind": "Kind",
    "amount": "Amount",
    "reference": "Reference",
    "description": "Description",
    "cause": "Cause",
    "measure": "Measure",
    "baseline": "Baseline",
    "target": "Target",
    "actual": "Actual",
}
"""The ledger's columns, and those of measures, as headings name them."""


class Choice(NamedTuple):
    """A code and what it stands for."""

    code: str
    name: str

    def __str__(self) -> str:
        """`BEDS: Intermediate care beds`."""
        return f"{self.code}: {self.name}" if self.name else self.code


def choices_of(column: str, row: Row, book: Book) -> tuple[Choice, ...]:
    """What a column of a row can hold, by the agreement in force at the row's period; nothing of free text."""
    period = period_of(row[0])
    agreement = book.agreement_for(period)
    match column:
        case "period":
            return _periods(book, agreement)
        case "scheme":
            return schemes(agreement)
        case "partner":
            return partners(agreement, period)
        case "kind":
            return _kinds(agreement, row[COLUMNS.index("scheme")])
        case "cause":
            return tuple(Choice(code, name) for code, name in CAUSES.items())
    return ()


def schemes(agreement: Agreement) -> tuple[Choice, ...]:
    """The schemes, each with its fund."""
    return tuple(Choice(each.code, f"{each.name} ({agreement.fund_of[each.fund].name})") for each in agreement.schemes)


def partners(agreement: Agreement, period: Period | None) -> tuple[Choice, ...]:
    """The partners that a line of the period can be of, those that were succeeded last."""
    at = period or Period.M13
    able = [each for each in agreement.partners if not is_before_its_partner(agreement, each.code, at)]
    gone = stand_ins(agreement, at)
    in_being = [Choice(each.code, each.name) for each in able if each.code not in gone]
    return (
        *in_being,
        *(Choice(each.code, f"{each.name}, succeeded by {gone[each.code]}") for each in able if each.code in gone),
    )


def _periods(book: Book, agreement: Agreement) -> tuple[Choice, ...]:
    told = []
    for period in Period:
        name = period_name(period, agreement.year).partition(", ")[2]
        counts_in = book.counted_in[period]
        if counts_in is not period:
            state = book.states.get(period, State.HELD)
            name += f" ({state}: counts in {counts_in})" if counts_in else f" ({state})"
        told.append(Choice(str(period), name))
    return tuple(told)


def _kinds(agreement: Agreement, scheme_code: str) -> tuple[Choice, ...]:
    scheme = agreement.scheme_of.get(scheme_code)
    return tuple(
        Choice(kind.value, KIND_NAMES[kind])
        for kind in Kind
        if kind is not Kind.PAYMENT or scheme is None or agreement.takes_payments(scheme)
    )


def ranked(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """The choices that what was typed may mean, the likeliest first: by code, then by the words of the name."""
    wanted = typed.strip().lower()
    if not wanted:
        return list(choices)
    found: list[tuple[int, Choice]] = []
    for choice in choices:
        code, name = choice.code.lower(), choice.name.lower()
        if code == wanted:
            rank = 0
        elif code.startswith(wanted):
            rank = 1
        elif any(word.startswith(wanted) for word in _words(name)) or name.startswith(wanted):
            rank = 2
        elif wanted in code:
            rank = 3
        elif wanted in name:
            rank = 4
        else:
            continue
        # a number is of the code: the year in a period's name is not what `4` means
        found.append((rank + 2 if rank == 2 and wanted.isdigit() else rank, choice))  # noqa: PLR2004  the rank above
    return [choice for _rank, choice in sorted(found, key=lambda each: each[0])]


def name_of(choices: Sequence[Choice], code: str) -> str:
    """What a code stands for; "" of one that is none of them."""
    return next((choice.name for choice in choices if choice.code == code), "")


def _words(name: str) -> list[str]:
    return name.replace("(", " ").replace("-", " ").split()
