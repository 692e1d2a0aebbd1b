"""The trace: how every amount came about, as values. It is part of the result; a figure without one is a defect.

Amounts are pence. Tuples of shares have an entry for each partner in being, in listed order.
"""

from dataclasses import dataclass
from fractions import Fraction

from rules.agreement import Cap, Per
from rules.weights import Weights


@dataclass(frozen=True, slots=True)
class Take:
    """What a clause took of a group.

    For a band on the whole fund or agreement, `base_pence` to `width_pence` are of all its groups together, and
    `taken_pence` is this group's part of what was taken of them by what remained of each (`group_remaining_pence`).
    """

    per: Per
    base_pence: int
    measured_pence: int
    remaining_pence: int
    low_pence: int | None
    high_pence: int | None
    width_pence: int
    group_remaining_pence: int
    taken_pence: int


@dataclass(frozen=True, slots=True)
class CapHeld:
    """A cap that held in a round: the partner's part passed the headroom it had left, and it got just that."""

    partner: str
    cap: Cap
    cap_pence: int
    headroom_pence: int
    part_pence: int

    @property
    def excess_pence(self) -> int:
        """What the cap kept from the partner."""
        return self.part_pence - self.headroom_pence


@dataclass(frozen=True, slots=True)
class Round:
    """One allocation over the partners still in; `shares_pence` is None for those that are not."""

    total_pence: int
    shares_pence: tuple[int | None, ...]
    held: tuple[CapHeld, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """The excess over a cap that another partner bears: what it could take of it."""

    giver: str
    receiver: str
    excess_pence: int
    taken_pence: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a slice was shared between partners: basis, rounds with the caps that held, excess handed over."""

    weights: Weights
    rounds: tuple[Round, ...]
    handovers: tuple[Handover, ...]
    shares_pence: tuple[int, ...]
    left_pence: int


@dataclass(frozen=True, slots=True)
class ReserveCall:
    """A slice drawn from a reserve or paid into it: the balance before, and what all the clause's groups wanted."""

    reserve: str
    balance_pence: int
    wanted_pence: int
    moved_pence: int


@dataclass(frozen=True, slots=True)
class UnderspendCall:
    """Underspends that met overspends: what the takers wanted, what the givers had, the smaller of the two."""

    wanted_pence: int
    available_pence: int
    met_pence: int
    takers: tuple[tuple[str, int], ...]
    givers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one slice of one clause did with an amount: where it went, and how that came about.

    `take` and `slice_pence` are what the clause took of the group and what fell to the slice; None and 0 for an
    excluded scheme and for an underspend that another clause drew on. `shares_pence` is None unless partners shared it.
    """

    clause: str
    to: str
    amount_pence: int
    shares_pence: tuple[int, ...] | None = None
    take: Take | None = None
    percent: Fraction = Fraction(100)
    slice_pence: int = 0
    sharing: Sharing | None = None
    reserve: ReserveCall | None = None
    underspends: UnderspendCall | None = None


@dataclass(frozen=True, slots=True)
class FundMovement:
    """Cash that follows a drawing from one fund to another: their hosts settle it between them."""

    clause: str
    source: str
    payer: str
    receiver: str
    amount_pence: int
