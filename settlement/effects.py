"""What each clause of a schedule does to a year's figures: its parts of them added up, or why it has none."""

from dataclasses import dataclass
from enum import Enum

from rules.agreement import Agreement, Band, Clause, Per, Threshold, Use
from rules.groups import groups_in_scope
from rules.outcome import DealtWith, Outcome
from rules.trace import Part
from rules.waterfall import TO_OVERSPENDS
from settlement.settle import Settlement


class Idle(Enum):
    """Why a clause does nothing with these figures."""

    NO_SUBJECT = "no subject"  # nothing of its kind arose in its scope
    BELOW_BAND = "below band"  # what arose does not reach its band
    NOTHING_LEFT = "nothing left"  # the clauses before it dealt with all of it
    USED_UP = "used up"  # the reserve, underspends or caps that it looks to had nothing to give


@dataclass(frozen=True, slots=True)
class Effect:
    """What a clause did with the figures, in pence; `idle` says why, if it did nothing.

    `shares_pence` is of each partner in being, in listed order, what it has of `parts`; `elsewhere` is what went to
    reserves and underspends (`to` of `rules.trace.Part`, and pence). `held` are the partners that a cap held for.
    `amount_pence` is all of these together: what the clause dealt with. What other groups gave to meet it is among
    the parts, and not in the amount: it would count twice.
    """

    clause: str
    amount_pence: int
    shares_pence: tuple[int, ...]
    elsewhere: tuple[tuple[str, int], ...] = ()
    parts: tuple[tuple[DealtWith, Part], ...] = ()
    held: tuple[str, ...] = ()
    idle: Idle | None = None


def effects_of(settlement: Settlement) -> tuple[Effect, ...]:
    """What each clause of the schedule did, in its order."""
    outcome = settlement.outcome
    made: dict[str, list[tuple[DealtWith, Part]]] = {}
    tried: set[str] = set()
    for dealt in outcome.subjects:
        for part in dealt.parts:
            made.setdefault(part.clause, []).append((dealt, part))
        tried.update(part.clause for part in dealt.tried)
    return tuple(
        _effect(clause, made.get(clause.id, []), outcome, was_tried=clause.id in tried)
        for clause in outcome.agreement.clauses
    )


def left_over(settlement: Settlement) -> tuple[DealtWith, ...]:
    """The amounts that the schedule does not deal with, or not with all of."""
    return tuple(dealt for dealt in settlement.outcome.subjects if dealt.unallocated_pence)


def _effect(clause: Clause, parts: list[tuple[DealtWith, Part]], outcome: Outcome, *, was_tried: bool) -> Effect:
    shares = [0] * len(outcome.agreement.partners)
    elsewhere: dict[str, int] = {}
    held: dict[str, None] = {}
    for _, part in parts:
        for column, pence in enumerate(part.shares_pence or ()):
            shares[column] += pence
        if part.shares_pence is None and part.to != TO_OVERSPENDS:
            elsewhere[part.to] = elsewhere.get(part.to, 0) + part.amount_pence
        for turn in part.sharing.rounds if part.sharing is not None else ():
            held.update(dict.fromkeys(cap.partner for cap in turn.held))
    amount = sum(shares) + sum(elsewhere.values())
    return Effect(
        clause=clause.id,
        amount_pence=amount,
        shares_pence=tuple(shares),
        elsewhere=tuple(elsewhere.items()),
        parts=tuple(parts),
        held=tuple(held),
        idle=None if parts else _why_idle(clause, outcome, was_tried=was_tried),
    )


def _why_idle(clause: Clause, outcome: Outcome, *, was_tried: bool) -> Idle:
    concerned = groups_in_scope(outcome.agreement)[clause.id]
    arose = [each for each in outcome.subjects if each.subject.on is clause.on and each.subject.group in concerned]
    if not arose:
        return Idle.NO_SUBJECT
    if was_tried:
        return Idle.USED_UP
    if clause.band is not None and not _reaches(clause.band, clause, arose):
        return Idle.BELOW_BAND
    return Idle.NOTHING_LEFT


def _reaches(band: Band, clause: Clause, arose: list[DealtWith]) -> bool:
    """Whether any of the amounts, as the band measures them, is in it: at its low edge, or of an excess beyond it."""
    measured: dict[object, tuple[int, int]] = {}
    for dealt in arose:
        subject = dealt.subject
        by = {Per.GROUP: subject.group, Per.FUND: subject.group.fund, Per.AGREEMENT: None}[clause.per]
        amount, base = measured.get(by, (0, 0))
        measured[by] = (amount + subject.amount_pence, base + subject.base_pence)
    lows = [(amount, band.low.on(max(base, 0))) for amount, base in measured.values()]
    return any(amount > low or (clause.threshold is not Threshold.EXCESS and amount == low) for amount, low in lows)


def destination(agreement: Agreement, to: str) -> str:
    """The name of a reserve that part of an amount went to; nothing of what went elsewhere."""
    use, _, code = to.partition(":")
    if use != Use.RESERVE:
        return ""
    return next(reserve.name for reserve in agreement.reserves if reserve.code == code)
