"""What the rules make of a position: the one entrance to the arithmetic, from frozen values to frozen values."""

from dataclasses import dataclass

from rules.agreement import Agreement, Reserve
from rules.figures import Figures, figures_of
from rules.groups import Subject, subjects_of
from rules.performance import Released, performance_pay, withhold
from rules.periods import Period
from rules.position import Position
from rules.succession import agreement_at
from rules.trace import FundMovement, Part
from rules.waterfall import Waterfall


@dataclass(frozen=True, slots=True)
class DealtWith:
    """A subject and the parts the schedule made of it, in the order made, each with its trace.

    `unallocated_pence` is what no clause dealt with: anything but 0 is an incomplete schedule and cannot be signed.
    `tried` are the parts that came to nothing, because a cap was used up, a reserve empty or no underspend there.
    """

    subject: Subject
    parts: tuple[Part, ...]
    unallocated_pence: int
    tried: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ReserveBalance:
    """A reserve after the waterfall, in pence."""

    reserve: Reserve
    closing_pence: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything the schedule makes of a position. No cash is netted yet: `settlement` does that.

    `agreement` is the one in force at the period, with successors in their predecessors' place.
    `movements` are what one fund owes another because it gave to it, in the order made.
    """

    agreement: Agreement
    period: Period
    figures: Figures
    performance: tuple[Released, ...]
    subjects: tuple[DealtWith, ...]
    reserves: tuple[ReserveBalance, ...]
    movements: tuple[FundMovement, ...]

    @property
    def unallocated_pence(self) -> int:
        """What no clause dealt with, losses and gains both added."""
        return sum(subject.unallocated_pence for subject in self.subjects)


def outcome_of(agreement: Agreement, position: Position) -> Outcome:
    """Apply an agreement to a position: performance pay, groups and subjects, the waterfall.

    Raises RefusedError where the agreement cannot be applied to these figures: a clause with an amount to share
    and no weight above zero, a scope that splits a group, codes the agreement does not declare.
    """
    current = agreement_at(agreement, position.period)
    figures = figures_of(current, agreement, position)
    released = performance_pay(figures, position.measures, position.period)
    if released:
        figures = withhold(figures, released)
    waterfall = Waterfall(figures, subjects_of(figures))
    waterfall.run()
    return Outcome(
        agreement=current,
        period=position.period,
        figures=figures,
        performance=released,
        subjects=tuple(
            DealtWith(dealing.subject, tuple(dealing.parts), dealing.remaining_pence, tuple(dealing.tried))
            for dealing in waterfall.dealings
        ),
        reserves=tuple(ReserveBalance(reserve, waterfall.reserves_pence[reserve.code]) for reserve in current.reserves),
        movements=tuple(waterfall.movements),
    )
