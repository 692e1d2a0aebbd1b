"""A settlement without what is in dispute, as a statement shows it: nobody is made to bear what no clause allocates.

A settlement itself puts such an amount on the Host Partner's row, because its cash must balance. Where the partners
have yet to agree on a clause, to show that as what somebody owes would mislead: here the amount stands by itself, and
until somebody is to bear or to receive it, it stays with whoever spent or realised it.
"""

from dataclasses import dataclass

from rules.agreement import On, QippMode
from rules.allocation import allocate
from rules.outcome import DealtWith, Outcome
from rules.weights import incurred
from settlement.cash import handed_over
from settlement.settle import Settlement

Pair = tuple[str, str]
"""Who pays and who is paid."""


@dataclass(frozen=True, slots=True)
class Without:
    """What would be due, and who would pay whom; `losses_pence` and `gains_pence` are what no clause would allocate."""

    net_due_pence: dict[str, int]
    transfers_pence: dict[Pair, int]
    losses_pence: int = 0
    gains_pence: int = 0

    @property
    def open_pence(self) -> int:
        """All that no clause would allocate, losses and gains together."""
        return self.losses_pence + self.gains_pence


def shown_without(stated: Settlement, without: Settlement) -> Without:
    """The settlement without what is in dispute, beside the one that is stated.

    What the stated settlement does not allocate either is shown alike in both: on the Host Partner's row.
    """
    before = {_key(dealt): dealt.unallocated_pence for dealt in stated.outcome.subjects}
    owed: dict[Pair, int] = {}
    net_due = {row.partner: row.net_due_pence for row in without.rows}
    for transfer in without.transfers:
        _add(owed, transfer.payer, transfer.receiver, transfer.amount_pence)
    losses = gains = 0
    for dealt in without.outcome.subjects:
        pence = dealt.unallocated_pence - min(before.get(_key(dealt), 0), dealt.unallocated_pence)
        if not pence:
            continue
        is_gain = dealt.subject.on.is_gain
        losses, gains = (losses, gains + pence) if is_gain else (losses + pence, gains)
        host = without.agreement.fund_of[dealt.subject.group.fund].host
        for partner, fell in zip(net_due, _where_it_fell(dealt, pence, without.outcome), strict=True):
            kept = -fell if is_gain else fell
            net_due[partner] += kept
            net_due[host] -= kept
            _add(owed, partner, host, kept)
    return Without(net_due, _netted(owed), losses, gains)


def _key(dealt: DealtWith) -> tuple[On, str, bool]:
    return dealt.subject.on, dealt.subject.group.code, dealt.subject.group.excluded


def _where_it_fell(dealt: DealtWith, pence: int, outcome: Outcome) -> list[int]:
    """Of so much of an amount, each partner's part as its own budget or baseline and spend made it; in all so much."""
    on, group = dealt.subject.on, dealt.subject.group
    sign = 1 if on.is_gain else -1
    if on.is_influenced and pence == dealt.subject.amount_pence:
        return [sign * handed_over(dealt, column, outcome) for column in range(len(outcome.agreement.partners))]
    if on.is_influenced or (on is On.QIPP_SHORTFALL and outcome.agreement.qipp is QippMode.SEPARATE):
        return allocate(pence, incurred(on, group, outcome.figures))
    budget, spend = outcome.figures.budget, outcome.figures.spend
    fell = [
        max(0, sign * sum(budget[index][column] - spend[index][column] for index in group.schemes))
        for column in range(len(outcome.agreement.partners))
    ]
    return allocate(pence, fell)


def _add(owed: dict[Pair, int], payer: str, receiver: str, pence: int) -> None:
    """What the one owes the other, below zero what it is owed; nobody owes anything to itself."""
    if payer == receiver:
        return
    if (receiver, payer) in owed:
        owed[receiver, payer] -= pence
    else:
        owed[payer, receiver] = owed.get((payer, receiver), 0) + pence


def _netted(owed: dict[Pair, int]) -> dict[Pair, int]:
    """One payment for each pair that owes anything."""
    return {
        (payer, receiver) if pence > 0 else (receiver, payer): abs(pence)
        for (payer, receiver), pence in owed.items()
        if pence
    }
