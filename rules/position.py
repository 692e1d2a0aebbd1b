"""What the ledger says at a period, as the rules take it: totals, not lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.agreement import Kind
from rules.periods import Period


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the lines of one scheme, partner and kind, in pence.

    `to_date_pence` is of M1 up to the position's period, `later_pence` of the periods after it.
    `in_default` holds apart the lines of cause `default`, which enter no figure of the pool.
    """

    scheme: str
    partner: str
    kind: Kind
    to_date_pence: int
    later_pence: int = 0
    in_default: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of activity: what was expected, what was aimed at, what happened. Not money."""

    period: Period
    measure: str
    baseline: Fraction
    target: Fraction
    actual: Fraction


@dataclass(frozen=True, slots=True)
class Position:
    """All that a settlement needs of a ledger. Partners' codes are as on the lines, before any succession.

    With `outturn` the settlement is of the forecast outturn for the whole year, seen from the period.
    """

    period: Period
    totals: tuple[Total, ...]
    measures: tuple[Measure, ...] = ()
    outturn: bool = False


def position_at(
    period: Period,
    lines: Iterable[tuple[str, str, Kind, Period, bool, int]],
    measures: Iterable[Measure] = (),
    *,
    outturn: bool = False,
) -> Position:
    """The position of lines given as (scheme, partner, kind, period, in default, pence), summed."""
    sums: dict[tuple[str, str, Kind, bool], list[int]] = {}
    for scheme, partner, kind, when, in_default, amount_pence in lines:
        total = sums.setdefault((scheme, partner, kind, in_default), [0, 0])
        total[when > period] += amount_pence
    totals = tuple(
        Total(scheme, partner, kind, to_date, later, in_default)
        for (scheme, partner, kind, in_default), (to_date, later) in sums.items()
    )
    return Position(period, totals, tuple(measures), outturn)
