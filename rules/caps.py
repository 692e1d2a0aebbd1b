"""Sharing an amount between partners within their caps (arithmetic.md, Caps)."""

from dataclasses import dataclass

from rules.agreement import Beyond, Cap
from rules.allocation import allocate
from rules.figures import Figures
from rules.trace import CapHeld, Handover, Round, Sharing
from rules.weights import Weights


@dataclass(slots=True)
class _Headroom:
    """A cap in pence, and what is left of it for the year."""

    cap: Cap
    cap_pence: int
    left_pence: int


def most_under(cap: Cap, figures: Figures, column: int) -> int:
    """What a cap comes to for the year, in pence: a percentage of the contribution of the partner in that column."""
    base = 0
    if cap.limit.percent is not None:
        base = (figures.contributions_to_fund(cap.of) if cap.of else figures.pooled_contributions)[column]
    return max(0, cap.limit.on(base))


class Caps:
    """The headroom of every cap through one waterfall: it shrinks with each share, in the order they are dealt with."""

    def __init__(self, figures: Figures) -> None:
        """All headroom is there at first. A percentage is of contributions of the year, and no cap is below zero."""
        self._columns = {partner.code: index for index, partner in enumerate(figures.agreement.partners)}
        self._codes = tuple(self._columns)
        self._headroom: dict[tuple[int, str], _Headroom] = {}
        for cap in figures.agreement.caps:
            column = self._columns.get(cap.partner)
            if column is None:  # a successor's cap, before the successor is in being
                continue
            most = most_under(cap, figures, column)
            headroom = _Headroom(cap, most, most)
            for clause in cap.clauses:
                self._headroom[column, clause] = headroom
        self._capped = frozenset(clause for _, clause in self._headroom)

    def share(self, clause: str, amount_pence: int, weights: Weights, host: str) -> Sharing:
        """Share an amount by the weights, each partner within its headroom under the clause, and use that headroom up.

        What nobody may bear is the sharing's `left_pence`.
        """
        whole = weights.whole
        if clause not in self._capped:
            only = tuple(allocate(amount_pence, whole))
            told = tuple([share if weight else None for share, weight in zip(only, whole, strict=True)])
            return Sharing(weights, (Round(amount_pence, told),), (), only, 0)
        shares, rounds, excesses, left = self._rounds(clause, amount_pence, whole)
        handovers = tuple(self._handover(clause, held, host, shares) for held in excesses)
        left += sum(handover.excess_pence - handover.taken_pence for handover in handovers)
        return Sharing(weights, rounds, handovers, tuple(shares), left)

    def _rounds(
        self, clause: str, amount_pence: int, whole: tuple[int, ...]
    ) -> tuple[list[int], tuple[Round, ...], list[CapHeld], int]:
        """Allocate until nobody passes its headroom: shares, rounds, the excesses to hand over, what is left.

        The headroom is used up here, so that a handover finds what the receiver has left after its own share.
        """
        shares = [0] * len(whole)
        still_in = [column for column, weight in enumerate(whole) if weight > 0]
        rounds: list[Round] = []
        excesses: list[CapHeld] = []
        total = amount_pence
        left = 0
        while still_in:
            parts = dict(zip(still_in, allocate(total, [whole[column] for column in still_in]), strict=True))
            passing = [held for column in still_in if (held := self._passes(clause, column, parts[column]))]
            rounds.append(Round(total, tuple(parts.get(column) for column in range(len(whole))), tuple(passing)))
            if not passing:
                for column, part in parts.items():
                    self._give(clause, column, part, shares)
                total = 0
                break
            for held in passing:
                column = self._columns[held.partner]
                still_in.remove(column)
                self._give(clause, column, held.headroom_pence, shares)
                if held.cap.beyond is Beyond.OTHERS:
                    total -= held.headroom_pence
                    continue
                total -= held.part_pence
                if held.cap.beyond is Beyond.NEXT:
                    left += held.excess_pence
                else:
                    excesses.append(held)
        return shares, tuple(rounds), excesses, left + total

    def _passes(self, clause: str, column: int, part_pence: int) -> CapHeld | None:
        headroom = self._headroom.get((column, clause))
        if headroom is None or part_pence <= headroom.left_pence:
            return None
        return CapHeld(self._codes[column], headroom.cap, headroom.cap_pence, headroom.left_pence, part_pence)

    def _handover(self, clause: str, held: CapHeld, host: str, shares: list[int]) -> Handover:
        receiver = host if held.cap.beyond is Beyond.HOST else held.cap.bearer
        column = self._columns.get(receiver)
        taken = held.excess_pence if column is not None else 0
        if column is not None:
            headroom = self._headroom.get((column, clause))
            if headroom is not None:
                taken = min(taken, headroom.left_pence)
            self._give(clause, column, taken, shares)
        return Handover(held.partner, receiver, held.excess_pence, taken)

    def _give(self, clause: str, column: int, amount_pence: int, shares: list[int]) -> None:
        shares[column] += amount_pence
        headroom = self._headroom.get((column, clause))
        if headroom is not None:
            headroom.left_pence -= amount_pence
