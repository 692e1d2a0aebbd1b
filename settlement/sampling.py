"""A sample of ledger lines for an auditor, which anybody can draw again: the same seed gives the same lines anywhere.

How each is drawn, so plainly that it can be done again with a spreadsheet and `sha256sum`. The population is every line
that the filter takes, up to the last line that was there (`upto_line`), in order of line number. Lines are never
changed, so that the same population can be had for as long as the ledger is kept.

**Random.** Each line has a rank: the SHA-256 of the text `SEED:NUMBER` in UTF-8, such as `20260401:1204`, written in
hexadecimal. The sample is the lines of the lowest ranks. Every line is as likely as any other.
By hand: `printf '%s' '20260401:1204' | sha256sum`.

**Monetary unit.** Each line is as wide as its amount is large, in pence, whatever its sign. Laid end to end in order of
number, from 0, the lines are G pence long. Of n points the k-th, from 0 to n - 1, stands at (k x G + start) / n,
rounded down, where `start` is the SHA-256 of the seed's text, taken as a number, modulo G. A line on which a point
stands is taken; a line of G / n or more always is, and one of nothing never.

**Largest.** The n lines whose amounts are largest, whatever their sign; of equals the one posted first.

**From an amount.** Every line whose amount, whatever its sign, is that or more.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from heapq import nsmallest
from typing import Never

from ledgers.ledger import Ledger
from ledgers.lines import Line, LineFilter
from ledgers.sampled import amounts, last_line, lines_numbered
from rules.money import pounds
from rules.problems import Problem, RefusedError

MOST = 10_000
"""Lines in a sample: more is no sample, and the ledger's own export serves better."""

_LONGEST_SEED = 100
_TELL_EVERY = 10_000

Report = Callable[[int, int, str], None]
"""Told how many lines of how many were gone through, and what for."""


class Method(StrEnum):
    """How lines are picked; see the module."""

    RANDOM = "random"
    MONETARY = "monetary unit"
    LARGEST = "largest"
    OVER = "from an amount"

    @property
    def is_seeded(self) -> bool:
        """Whether chance has a part in it."""
        return self in {Method.RANDOM, Method.MONETARY}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn from what. `count` is how many lines, or points of money; `at_least_pence` is for `OVER` alone.

    `upto_line` is the last line of the population: None for the last that there is, which the sample then names.
    """

    method: Method
    of: LineFilter = field(default_factory=LineFilter)
    count: int = 25
    seed: str = ""
    at_least_pence: int = 0
    upto_line: int | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of the sample. `points` is how many points of money stand on it; 1 of every other method."""

    line: Line
    points: int = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, in order of line number, and what it was drawn from. Amounts are pence.

    `population_pence` is what the population's lines come to; `population_size_pence` what their amounts come to
    whatever their signs, which is what money is drawn from. The plan names its last line.
    """

    plan: Plan
    picked: tuple[Picked, ...]
    population_count: int
    population_pence: int
    population_size_pence: int

    @property
    def picked_pence(self) -> int:
        """What the lines of the sample come to."""
        return sum(each.line.amount_pence for each in self.picked)

    @property
    def picked_size_pence(self) -> int:
        """What their amounts come to, whatever their signs."""
        return sum(abs(each.line.amount_pence) for each in self.picked)


def new_seed() -> str:
    """A seed that nobody chose: eight digits."""
    return f"{secrets.randbelow(10**8):08}"


def draw(ledger: Ledger, plan: Plan, report: Report = lambda _done, _total, _what: None) -> Sample:
    """Draw the sample of a plan. Raises RefusedError for a plan that cannot be drawn, and says why."""
    _refuse_unfit(plan)
    plan = replace(plan, upto_line=last_line(ledger) if plan.upto_line is None else plan.upto_line)
    count, net, size = _population(ledger, plan, report)
    if not count:
        _refuse("no line of the ledger is asked for: widen what is drawn from")
    points = _points_on_lines(ledger, plan, size, report)
    picked = tuple(Picked(line, points[line.id]) for line in lines_numbered(ledger, sorted(points)))
    return Sample(plan, picked, count, net, size)


def rank(seed: str, number: int) -> str:
    """The rank of a line under a seed: SHA-256 of `SEED:NUMBER`, in hexadecimal."""
    return sha256(f"{seed}:{number}".encode()).hexdigest()


def start_of(seed: str, size_pence: int) -> int:
    """Where in the money the first point stands, before it is divided: the seed's SHA-256 modulo all of it."""
    return int(sha256(seed.encode()).hexdigest(), 16) % size_pence


def how_to_redo(plan: Plan) -> tuple[str, ...]:
    """How somebody else draws the same lines, in sentences."""
    told = [f"The population is every line asked for up to line {plan.upto_line}, in order of line number."]
    match plan.method:
        case Method.RANDOM:
            told += [
                f"A line’s rank is the SHA-256 of the text “{plan.seed}:N”, where N is its number, in hexadecimal.",
                f"The sample is the {plan.count:,} lines of the lowest ranks.",
                f"By hand, for line 1: printf '%s' '{plan.seed}:1' | sha256sum",
            ]
        case Method.MONETARY:
            told += [
                "Each line is as wide as its amount in pence, whatever its sign; end to end they are G pence long.",
                f"The start is the SHA-256 of the text “{plan.seed}”, as a number, modulo G.",
                f"Of {plan.count:,} points the k-th, from 0, stands at (k × G + start) ÷ {plan.count:,}, rounded down.",
                "A line on which a point stands is taken.",
            ]
        case Method.LARGEST:
            told.append(
                f"The sample is the {plan.count:,} lines of the largest amounts, whatever their sign; of equals the "
                "one with the lower number."
            )
        case Method.OVER:
            told.append(
                f"The sample is every line whose amount, whatever its sign, is {pounds(plan.at_least_pence)} or more."
            )
    return tuple(told)


# --- drawing ----------------------------------------------------------------------------------------------------------


def _population(ledger: Ledger, plan: Plan, report: Report) -> tuple[int, int, int]:
    """How many lines it has, what they come to, and what their amounts come to whatever their signs."""
    count = net = size = 0
    for _, pence in _gone_through(ledger, plan, report, "Counting the lines"):
        count += 1
        net += pence
        size += abs(pence)
    return count, net, size


def _points_on_lines(ledger: Ledger, plan: Plan, size_pence: int, report: Report) -> dict[int, int]:
    """The numbers of the lines picked, each with how many points stand on it."""
    lines = _gone_through(ledger, plan, report, "Drawing the sample")
    match plan.method:
        case Method.RANDOM:
            drawn = nsmallest(plan.count, ((rank(plan.seed, number), number) for number, _ in lines))
            return dict.fromkeys((number for _, number in drawn), 1)
        case Method.MONETARY:
            return _by_money(lines, plan, size_pence)
        case Method.LARGEST:
            largest = nsmallest(plan.count, ((-abs(pence), number) for number, pence in lines))
            return dict.fromkeys((number for _, number in largest), 1)
        case Method.OVER:
            return _all_over(lines, plan)


def _by_money(lines: Iterator[tuple[int, int]], plan: Plan, size_pence: int) -> dict[int, int]:
    if not size_pence:
        _refuse("every line asked for is of £0.00: there is no money to draw from")
    start = start_of(plan.seed, size_pence)
    found: dict[int, int] = {}
    end = 0
    point = 0
    for number, pence in lines:
        end += abs(pence)
        while point < plan.count and (point * size_pence + start) // plan.count < end:
            found[number] = found.get(number, 0) + 1
            point += 1
    return found


def _all_over(lines: Iterator[tuple[int, int]], plan: Plan) -> dict[int, int]:
    found: dict[int, int] = {}
    for number, pence in lines:
        if abs(pence) >= plan.at_least_pence:
            found[number] = 1
            if len(found) > MOST:
                _refuse(
                    f"more than {MOST:,} lines are of {pounds(plan.at_least_pence)} or more: name a larger amount, or "
                    "draw from fewer lines"
                )
    return found


def _gone_through(ledger: Ledger, plan: Plan, report: Report, what: str) -> Iterator[tuple[int, int]]:
    last = plan.upto_line or 0
    for gone, (number, pence) in enumerate(amounts(ledger, plan.of, last)):
        if gone % _TELL_EVERY == 0:
            report(number, last + 1, what)
        yield number, pence


def _refuse_unfit(plan: Plan) -> None:
    if plan.method is Method.OVER:
        if plan.at_least_pence < 1:
            _refuse("the amount is nothing or less: name an amount above £0.00", "amount")
        return
    if not 1 <= plan.count <= MOST:
        _refuse(f"a sample has from 1 to {MOST:,} lines", "how many")
    if plan.method.is_seeded:
        if not plan.seed.strip() or plan.seed != plan.seed.strip():
            _refuse("the seed is empty, or has spaces around it: any word or number will do", "seed")
        if len(plan.seed) > _LONGEST_SEED or not plan.seed.isprintable():
            _refuse(f"the seed has characters that do not print, or more than {_LONGEST_SEED}", "seed")


def _refuse(message: str, place: str = "") -> Never:
    raise RefusedError(Problem(message, place=place))
