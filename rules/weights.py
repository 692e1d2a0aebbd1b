"""The basis of a share: what each partner's weight is for one group (formats.md, `by`; arithmetic.md, Weights)."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rules.agreement import Agreement, By, Kind, On, Share
from rules.allocation import whole_weights
from rules.figures import Figures
from rules.groups import Group
from rules.money import pounds
from rules.problems import Problem, RefusedError
from rules.succession import not_in_being


@dataclass(frozen=True, slots=True)
class Weights:
    """A basis with its figures: for each partner in being, in listed order.

    `figures` are pence where `in_pence`, else the agreement's own weights. `whole` are the same proportions in whole
    numbers: what the allocation uses, and the exact ratio.
    """

    share: Share
    figures: tuple[int | Fraction, ...]
    whole: tuple[int, ...]
    in_pence: bool


def weights_of(share: Share, on: On, group: Group, figures: Figures) -> Weights:
    """The weights of a share for a group. They may all be zero, or below it: `checked` refuses those."""
    agreement = figures.agreement
    match share.by:
        case By.FIXED:
            by_code = dict(share.weights)
            fixed = tuple(by_code.get(partner.code, Fraction(0)) for partner in agreement.partners)
            return Weights(share, fixed, tuple(whole_weights(fixed)), in_pence=False)
        case By.HOST:
            return _one(share, agreement, agreement.fund_of[group.fund].host)
        case By.PARTNER:
            return _one(share, agreement, share.name)
        case _:
            pence = _PENCE[share.by](share, on, group, figures)
            return Weights(share, pence, pence, in_pence=True)


def _one(share: Share, agreement: Agreement, code: str) -> Weights:
    whole = tuple(int(partner.code == code) for partner in agreement.partners)
    return Weights(share, whole, whole, in_pence=False)


def _agreed(share: Share, _on: On, _group: Group, figures: Figures) -> tuple[int, ...]:
    """The amounts that the agreement gives beside the basis' name."""
    amounts = next(dict(basis.amounts_pence) for basis in figures.agreement.bases if basis.name == share.name)
    return tuple(amounts.get(partner.code, 0) for partner in figures.agreement.partners)


def _to_pooled(share: Share, _on: On, _group: Group, figures: Figures) -> tuple[int, ...]:
    return figures.contributions_to_pooled(at_opening=share.at_opening)


def _to_core(share: Share, _on: On, _group: Group, figures: Figures) -> tuple[int, ...]:
    return figures.contributions_to_core(at_opening=share.at_opening)


def _to_fund(share: Share, _on: On, group: Group, figures: Figures) -> tuple[int, ...]:
    return figures.contributions_to_fund(group.fund, at_opening=share.at_opening)


def _to_schemes(share: Share, _on: On, group: Group, figures: Figures) -> tuple[int, ...]:
    return figures.contributions(group.schemes.__contains__, at_opening=share.at_opening)


def _fallen(_share: Share, on: On, group: Group, figures: Figures) -> tuple[int, ...]:
    return incurred(on, group, figures)


def _answerable(share: Share, on: On, group: Group, figures: Figures) -> tuple[int, ...]:
    """Each partner by the variance of the schemes it leads or is responsible for, in the subject's direction.

    A scheme's variance is its spend against its budget, before any of it is called QIPP; an influenced scheme's is
    against its baseline. A scheme that went the other way weighs nothing.
    """
    agreement = figures.agreement
    expected = figures.tables[Kind.BASELINE] if group.influenced else figures.budget
    pence = dict.fromkeys((partner.code for partner in agreement.partners), 0)
    for index in group.schemes:
        over = sum(figures.spend[index]) - sum(expected[index])
        scheme = agreement.schemes[index]
        answers = scheme.lead if share.by is By.LEAD else scheme.responsible
        weight = max(0, -over if on.is_gain else over)
        if answers in pence:
            pence[answers] += weight
        elif weight:
            raise RefusedError(not_in_being(answers, f"scheme {scheme.code}.{share.by}"))
    return tuple(pence.values())


def incurred(on: On, group: Group, figures: Figures) -> tuple[int, ...]:
    """Each partner by its own variance over the group's schemes: where the amount fell."""
    if on is On.QIPP_SHORTFALL:
        expected, came = figures.tables[Kind.QIPP_TARGET], figures.delivered
        sign = 1
    else:
        expected, came = figures.tables[Kind.BASELINE], figures.spend
        sign = 1 if on is On.BENEFIT else -1
    return tuple(
        max(0, sign * sum(expected[index][column] - came[index][column] for index in group.schemes))
        for column in range(len(figures.agreement.partners))
    )


_PENCE: dict[By, Callable[[Share, On, Group, Figures], tuple[int, ...]]] = {
    By.POOLED: _to_pooled,
    By.CORE: _to_core,
    By.FUND: _to_fund,
    By.SCHEME: _to_schemes,
    By.RESPONSIBLE: _answerable,
    By.LEAD: _answerable,
    By.INCURRED: _fallen,
    By.BASIS: _agreed,
}
"""Each basis that is an amount: what it is for every partner in being, in listed order (docs/adding/basis.md)."""


def checked(weights: Weights, clause: str, group: Group, amount_pence: int, agreement: Agreement) -> Weights:
    """The same weights. Raises RefusedError if none is above zero or one is below: nothing can be shared by them."""
    if weights.share.by is By.PARTNER and weights.share.name not in agreement.partner_of:
        raise RefusedError(not_in_being(weights.share.name, f"clause {clause}.share"))
    if min(weights.whole) < 0:
        index = min(range(len(weights.whole)), key=weights.whole.__getitem__)
        why = f"the weight of {agreement.partners[index].code} is below zero"
    elif sum(weights.whole) <= 0:
        why = "no partner has a weight above zero"
    else:
        return weights
    message = f"{why}, so that {pounds(amount_pence)} of {group.code} cannot be shared; give the clause another basis"
    raise RefusedError(Problem(message, place=f"clause {clause}.share"))
