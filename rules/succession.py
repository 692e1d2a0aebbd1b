"""Successors in their predecessors' place: three CCGs that became one ICB in the middle of a year (arithmetic.md).

At a period that begins on or after a partner's date, every code it succeeds reads as the successor's, wherever it
stands. Before it, the successor does not exist. The agreement on file stays as it was signed.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from rules.agreement import Agreement, Basis, By, Cap, Clause, Limit, Partner, Share, Slice
from rules.periods import Period
from rules.problems import Problem, RefusedError

_Amount = TypeVar("_Amount", int, Fraction)


def stand_ins(agreement: Agreement, period: Period) -> dict[str, str]:
    """For each partner that a successor has replaced by the period: the code that now stands in its place."""
    begins = agreement.year.begins(period)
    replaced = {
        code: partner.code
        for partner in agreement.partners
        if partner.since is not None and partner.since <= begins
        for code in partner.succeeds
    }
    return {code: _last(code, replaced) for code in replaced}


def _last(code: str, replaced: dict[str, str]) -> str:
    """A successor may have been succeeded in its turn."""
    while code in replaced:
        code = replaced[code]
    return code


def partners_in_being(agreement: Agreement, period: Period) -> tuple[Partner, ...]:
    """The partners that there are at a period, in listed order: not those replaced by then, nor those still to come."""
    begins = agreement.year.begins(period)
    replaced = stand_ins(agreement, period)
    return tuple(
        partner
        for partner in agreement.partners
        if partner.code not in replaced and (partner.since is None or partner.since <= begins)
    )


def asked_to_assent(before: Agreement, varied: Agreement, period: Period) -> tuple[str, ...]:
    """The codes of all who must assent to a variation from a period on, in listed order.

    They are the partners in being under it, and those that were until then: nobody is varied out of an agreement, or
    succeeded, by the others alone.
    """
    return tuple(
        dict.fromkeys(
            partner.code for agreement in (before, varied) for partner in partners_in_being(agreement, period)
        )
    )


@lru_cache(maxsize=64)
def agreement_at(agreement: Agreement, period: Period) -> Agreement:
    """The agreement as it reads at a period: the partners in being, and their codes wherever a predecessor's stood.

    Fixed weights and basis amounts of partners that became one add up, and so do their fixed caps on the same
    clauses; of percentage caps on the same clauses the first stays, with its `beyond` and its `of`. Raises
    RefusedError for any other overlap of caps, and for a fund hosted by a partner not yet in being.
    """
    replaced = stand_ins(agreement, period)
    in_being = partners_in_being(agreement, period)
    if len(in_being) == len(agreement.partners):
        return agreement

    def now(code: str) -> str:
        return replaced.get(code, code)

    current = replace(
        agreement,
        partners=in_being,
        funds=tuple(replace(fund, host=now(fund.host)) for fund in agreement.funds),
        schemes=tuple(
            replace(scheme, lead=now(scheme.lead), responsible=now(scheme.responsible)) for scheme in agreement.schemes
        ),
        bases=tuple(Basis(basis.name, _added_up(basis.amounts_pence, replaced)) for basis in agreement.bases),
        clauses=tuple(_clause_now(clause, replaced) for clause in agreement.clauses),
        caps=_caps_now(agreement, replaced),
        performance=tuple(replace(element, payer=now(element.payer)) for element in agreement.performance),
        controls=tuple(replace(control, partner=now(control.partner)) for control in agreement.controls),
    )
    _refuse_absent(current)
    return current


def _added_up(amounts: Iterable[tuple[str, _Amount]], replaced: dict[str, str]) -> tuple[tuple[str, _Amount], ...]:
    sums: dict[str, _Amount] = {}
    for code, amount in amounts:
        now = replaced.get(code, code)
        sums[now] = sums[now] + amount if now in sums else amount
    return tuple(sums.items())


def _clause_now(clause: Clause, replaced: dict[str, str]) -> Clause:
    return replace(clause, slices=tuple(_slice_now(part, replaced) for part in clause.slices))


def _slice_now(part: Slice, replaced: dict[str, str]) -> Slice:
    share = part.share
    if share is None or share.by not in {By.FIXED, By.PARTNER}:
        return part
    if share.by is By.PARTNER:
        return replace(part, share=replace(share, name=replaced.get(share.name, share.name)))
    return replace(part, share=Share(By.FIXED, weights=_added_up(share.weights, replaced)))


def _caps_now(agreement: Agreement, replaced: dict[str, str]) -> tuple[Cap, ...]:
    caps: list[Cap] = []
    for cap in agreement.caps:
        named = replace(
            cap, partner=replaced.get(cap.partner, cap.partner), bearer=replaced.get(cap.bearer, cap.bearer)
        )
        overlap = next(
            (
                index
                for index, other in enumerate(caps)
                if other.partner == named.partner and set(other.clauses) & set(named.clauses)
            ),
            None,
        )
        if overlap is None:
            caps.append(named)
        else:
            caps[overlap] = _merged(caps[overlap], named)
    return tuple(caps)


def _merged(first: Cap, second: Cap) -> Cap:
    both_fixed = first.limit.pence is not None and second.limit.pence is not None
    both_percent = first.limit.percent is not None and second.limit.percent is not None
    if set(first.clauses) != set(second.clauses) or not (both_fixed or both_percent):
        message = (
            f"{first.partner} inherits two caps that cannot be put together, on clauses {', '.join(first.clauses)} "
            f"and on clauses {', '.join(second.clauses)}; agree one cap for the successor"
        )
        raise RefusedError(Problem(message, place=f"cap {first.partner}.clauses"))
    if both_percent:
        return first
    return replace(first, limit=Limit(pence=(first.limit.pence or 0) + (second.limit.pence or 0)))


def _refuse_absent(current: Agreement) -> None:
    """A host must be in being; a lead or responsible partner where it comes to matter (`rules.weights`)."""
    being = current.partner_of

    roles = [(f"fund {fund.code}.host", fund.host) for fund in current.funds]
    problems = [not_in_being(code, place) for place, code in roles if code not in being]
    if problems:
        raise RefusedError(*problems)


def not_in_being(code: str, place: str) -> Problem:
    """What is wrong where something is left to a partner that does not exist yet, or no longer."""
    return Problem(f"{code} is not in being at this period; name the partner whose place it takes", place=place)
