"""Performance pay: what is held back from a contribution until a measure shows it earned (arithmetic.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from rules.agreement import Agreement, Mode, Performance
from rules.allocation import round_half_up
from rules.figures import Figures
from rules.periods import Period
from rules.position import Measure


@dataclass(frozen=True, slots=True)
class Released:
    """What one performance element held and released, in pence, and the activity that decided it.

    `required` and `achieved` are reductions of activity over the measure's periods; None before it has any row.
    """

    element: Performance
    held_pence: int
    released_pence: int
    required: Fraction | None
    achieved: Fraction | None

    @property
    def withheld_pence(self) -> int:
        """What is taken off the payer's budget for the scheme."""
        return self.held_pence - self.released_pence


def performance_pay(figures: Figures, measures: Iterable[Measure], period: Period) -> tuple[Released, ...]:
    """What each element of the agreement holds and releases, with measures up to the period (all, of an outturn)."""
    agreement = figures.agreement
    if not agreement.performance:
        return ()
    counted = [row for row in measures if figures.outturn or row.period <= period]
    return tuple(_released(element, figures, counted) for element in agreement.performance)


def _released(element: Performance, figures: Figures, measures: Iterable[Measure]) -> Released:
    place = _place(element, figures.agreement)
    if place is None:
        return Released(element, 0, 0, None, None)
    row, column = place
    held_pence = max(0, min(element.held_pence, figures.funding[row][column]))
    rows = [measure for measure in measures if measure.measure == element.measure]
    if not rows:
        return Released(element, held_pence, 0, None, None)
    required = sum((measure.baseline - measure.target for measure in rows), Fraction(0))
    achieved = sum((measure.baseline - measure.actual for measure in rows), Fraction(0))
    earned_pence = _earned(element, held_pence, required, achieved)
    return Released(element, held_pence, min(held_pence, earned_pence), required, achieved)


def _earned(element: Performance, held_pence: int, required: Fraction, achieved: Fraction) -> int:
    if element.mode is Mode.ALL_OR_NOTHING:
        return held_pence if achieved >= required else 0
    if achieved <= 0:
        return 0
    if element.rate_pence is not None:
        return round_half_up(achieved * element.rate_pence)
    return held_pence if required <= 0 else round_half_up(held_pence * achieved / required)


def withhold(figures: Figures, released: Iterable[Released]) -> Figures:
    """The figures with what was not released taken off the payers' budgets."""
    withheld = [[0] * len(figures.agreement.partners) for _ in figures.agreement.schemes]
    for element in released:
        place = _place(element.element, figures.agreement)
        if place is not None:
            withheld[place[0]][place[1]] += element.withheld_pence
    return replace(figures, withheld=tuple(map(tuple, withheld)))


def _place(element: Performance, agreement: Agreement) -> tuple[int, int] | None:
    """The scheme's row and the payer's column; None before the payer is in being, when it has no budget to hold."""
    if element.payer not in agreement.partner_of:
        return None
    row = next(index for index, scheme in enumerate(agreement.schemes) if scheme.code == element.scheme)
    column = next(index for index, partner in enumerate(agreement.partners) if partner.code == element.payer)
    return row, column
