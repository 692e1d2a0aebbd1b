"""What a template of a risk share asks, and how an answer is read from what a person typed.

A question has a default for any agreement, so that a template can be taken as it stands. An answer is a value (pence,
a `Limit`, a `Share`); what was typed is texts, which can be kept as JSON: `Question.read` and `Question.told` go
between the two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from rules.agreement import Agreement, By, Limit, Partner, Share
from rules.english import quoted
from rules.money import decimal, number_of, pence_of, plain
from rules.periods import Period
from rules.succession import partners_in_being

_Number = TypeVar("_Number", int, Fraction)

OPENING = "@opening"
"""After a basis of contributions: as first agreed."""


class Asks(StrEnum):
    """What kind of answer a question wants, with the value it is and the JSON it is typed as."""

    CHOICE = "choice"  # a code of `options`: a text
    TEXT = "text"  # some words: a text
    MONEY = "money"  # pence: a text of pounds
    LIMIT = "limit"  # a Limit, None if it may be left empty: a text of pounds, or of a percentage with its sign
    PERCENT = "percent"  # a Fraction of a hundred: a text
    LIMITS = "limits"  # a Limit for some partners, by code: a text for each
    AMOUNTS = "amounts"  # pence for each partner, by code: a text for each
    SHARE = "share"  # a Share: {"by": a code of `options`, "weights": a text for each partner}
    CLAUSES = "clauses"  # ids of clauses: a list of texts, out of `options`


class Option(NamedTuple):
    """One of the answers to choose from: its code, and how a person is told it."""

    code: str
    label: str


def _no_options(_agreement: Agreement) -> tuple[Option, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a template needs to know.

    `default` and `options` are those for an agreement; `only_if` names another question and the answers to it with
    which this one is asked at all.
    """

    key: str
    title: str
    asks: Asks
    default: Callable[[Agreement], Any]
    options: Callable[[Agreement], tuple[Option, ...]] = _no_options
    explains: str = ""
    may_be_empty: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether the answers given (or what was typed for them) leave this one open."""
        return self.only_if is None or answers.get(self.only_if[0]) in self.only_if[1]

    def read(self, told: Any, agreement: Agreement) -> Any:  # noqa: ANN401  a JSON value in, an answer out
        """The answer that was typed. Raises ValueError with a sentence if it is none."""
        return _READ[self.asks](self, told, agreement)

    def told(self, answer: Any) -> Any:  # noqa: ANN401  an answer in, a JSON value out
        """The answer as it would be typed."""
        return _TOLD[self.asks](answer)


def partners_asked(agreement: Agreement) -> tuple[Partner, ...]:
    """The partners that a share is agreed between: those in being in April, and those that join without a predecessor.

    A successor takes over what its predecessors have.
    """
    at_first = {partner.code for partner in partners_in_being(agreement, Period.M1)}
    return tuple(
        partner
        for partner in agreement.partners
        if partner.code in at_first or (partner.since is not None and not partner.succeeds)
    )


def equal_weights(agreement: Agreement) -> dict[str, Fraction]:
    """The same for every partner: in per cent where that comes out even, and otherwise one part each."""
    partners = partners_asked(agreement)
    each = Fraction(100, len(partners)) if 100 % len(partners) == 0 else Fraction(1)
    return {partner.code: each for partner in partners}


def fixed(agreement: Agreement) -> Share:
    """Equal fixed shares."""
    return Share(By.FIXED, weights=tuple(equal_weights(agreement).items()))


def share_code(share: Share) -> str:
    """The basis of a share as options name it: `fixed`, `pooled@opening`, `partner:CODE`, `basis:NAME`."""
    if share.by in {By.PARTNER, By.BASIS}:
        return f"{share.by}:{share.name}"
    return f"{share.by}{OPENING if share.at_opening else ''}"


def share_by(code: str, weights: Sequence[tuple[str, Fraction]] = ()) -> Share:
    """The share of an option's code; of fixed shares with their weights."""
    word, _, name = code.partition(":")
    by = By(word.removesuffix(OPENING))
    return Share(by, name, tuple(weights) if by is By.FIXED else (), at_opening=word.endswith(OPENING))


# --- read what was typed ----------------------------------------------------------------------------------------------


def _read_choice(question: Question, told: Any, agreement: Agreement) -> str:  # noqa: ANN401  JSON
    options = question.options(agreement)
    if told not in {option.code for option in options}:
        message = f"{quoted(str(told))} cannot be chosen here any more; choose again"
        raise ValueError(message if told else "choose one")
    return str(told)


def _read_text(question: Question, told: Any, _agreement: Agreement) -> str:  # noqa: ANN401  JSON
    text = " ".join(str(told).split())
    if not text and not question.may_be_empty:
        message = "it is empty; write a few words"
        raise ValueError(message)
    return text


def _read_money(_question: Question, told: Any, _agreement: Agreement) -> int:  # noqa: ANN401  JSON
    return _not_below_zero(pence_of(str(told)), str(told))


def _read_limit(question: Question, told: Any, _agreement: Agreement) -> Limit | None:  # noqa: ANN401  JSON
    text = str(told).strip()
    if not text and question.may_be_empty:
        return None
    return limit_of(text)


def _read_percent(_question: Question, told: Any, _agreement: Agreement) -> Fraction:  # noqa: ANN401  JSON
    return number_typed(str(told))


def _read_limits(question: Question, told: Any, agreement: Agreement) -> dict[str, Limit]:  # noqa: ANN401  JSON
    texts = _texts_by_partner(told, agreement)
    limits = {code: _of_partner(code, limit_of, text) for code, text in texts.items() if text}
    if not limits and not question.may_be_empty:
        message = "write a maximum for at least one partner"
        raise ValueError(message)
    return limits


def _read_amounts(question: Question, told: Any, agreement: Agreement) -> dict[str, int]:  # noqa: ANN401  JSON
    texts = _texts_by_partner(told, agreement)
    amounts = {code: _of_partner(code, _pence, text or "0") for code, text in texts.items()}
    if not any(amounts.values()) and not question.may_be_empty:
        message = "write an amount for at least one partner"
        raise ValueError(message)
    return amounts


def _read_share(question: Question, told: Any, agreement: Agreement) -> Share:  # noqa: ANN401  JSON
    code = _read_choice(question, told.get("by", ""), agreement)
    if code != By.FIXED:
        return share_by(code)
    texts = _texts_by_partner(told.get("weights", {}), agreement)
    weights = [(code, _of_partner(code, number_typed, text or "0")) for code, text in texts.items()]
    if not any(weight for _, weight in weights):
        message = "write a percentage, or a number of parts, for at least one partner"
        raise ValueError(message)
    return share_by(By.FIXED, [(code, weight) for code, weight in weights if weight])


def _read_clauses(question: Question, told: Any, agreement: Agreement) -> tuple[str, ...]:  # noqa: ANN401  JSON
    chosen = tuple(option.code for option in question.options(agreement) if option.code in told)
    if not chosen:
        message = "choose at least one clause"
        raise ValueError(message)
    return chosen


def limit_of(text: str) -> Limit:
    """Pounds, or a percentage with its sign. Raises ValueError with a sentence for anything else."""
    text = text.strip()
    if text.endswith("%"):
        return Limit(percent=number_typed(text))
    if not text:
        message = "it is empty; write an amount, such as 250,000, or a percentage, such as 2%"
        raise ValueError(message)
    return Limit(pence=_pence(text))


def number_typed(text: str) -> Fraction:
    """A percentage or a number of parts, nought or more, with or without a percent sign. Raises ValueError."""
    if not text.strip():
        message = "it is empty; write a number, such as 50"
        raise ValueError(message)
    return _not_below_zero(number_of(text.strip().removesuffix("%").strip()), text)


def _pence(text: str) -> int:
    return _not_below_zero(pence_of(text), text)


def _not_below_zero(number: _Number, text: str) -> _Number:
    if number < 0:
        message = f"{quoted(text.strip())} is below zero; write nought or more"
        raise ValueError(message)
    return number


def _texts_by_partner(told: Mapping[str, str], agreement: Agreement) -> dict[str, str]:
    return {partner.code: str(told.get(partner.code, "")).strip() for partner in partners_asked(agreement)}


def _of_partner(code: str, read: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401  what `read` answers
    try:
        return read(text)
    except ValueError as why:
        message = f"{code}: {why}"
        raise ValueError(message) from None


_READ: dict[Asks, Callable[[Question, Any, Agreement], Any]] = {
    Asks.CHOICE: _read_choice,
    Asks.TEXT: _read_text,
    Asks.MONEY: _read_money,
    Asks.LIMIT: _read_limit,
    Asks.PERCENT: _read_percent,
    Asks.LIMITS: _read_limits,
    Asks.AMOUNTS: _read_amounts,
    Asks.SHARE: _read_share,
    Asks.CLAUSES: _read_clauses,
}


# --- as it would be typed ---------------------------------------------------------------------------------------------


def limit_text(limit: Limit | None) -> str:
    """As it is typed: `2%`, `250000.00`, nothing of none."""
    if limit is None:
        return ""
    return f"{decimal(limit.percent)}%" if limit.percent is not None else plain(limit.pence or 0)


def _share_told(share: Share) -> dict[str, Any]:
    weights = {code: decimal(weight) for code, weight in share.weights}
    return {"by": share_code(share), "weights": weights}


_TOLD: dict[Asks, Callable[[Any], Any]] = {
    Asks.CHOICE: str,
    Asks.TEXT: str,
    Asks.MONEY: plain,
    Asks.LIMIT: limit_text,
    Asks.PERCENT: decimal,
    Asks.LIMITS: lambda limits: {code: limit_text(limit) for code, limit in limits.items()},
    Asks.AMOUNTS: lambda amounts: {code: plain(amount) for code, amount in amounts.items()},
    Asks.SHARE: _share_told,
    Asks.CLAUSES: list,
}
