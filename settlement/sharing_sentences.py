"""How an amount was shared, in words: the basis with its figures, each round, each cap, and what was handed over."""

from collections.abc import Iterator
from fractions import Fraction

from rules.agreement import Beyond, By, Clause
from rules.english import listed
from rules.groups import Group
from rules.language import message, say
from rules.money import decimal, pounds
from rules.outcome import Outcome
from rules.trace import CapHeld, Handover, Part, Round, Sharing
from rules.weights import Weights
from settlement.ratios import ratio_text

_BASIS_TEXTS = {
    By.FIXED: message("in fixed shares"),
    By.POOLED: message("in proportion to contributions to pooled funds"),
    By.CORE: message("in proportion to contributions to core services"),
    By.FUND: message("in proportion to contributions to the fund {fund}"),
    By.SCHEME: message("in proportion to contributions to the schemes of {group}"),
    By.RESPONSIBLE: message("by the variance of the schemes that each is responsible for"),
    By.LEAD: message("by the variance of the schemes that each leads"),
    By.INCURRED: message("where it fell, by each partner's own variance"),
    By.HOST: message("with the Host Partner"),
    By.PARTNER: message("with {partner}"),
    By.BASIS: message("in proportion to the agreed amounts “{basis}”"),
}


def basis_text(weights: Weights, group: Group) -> str:
    """What the basis of a share is, in words."""
    share = weights.share
    agreed = share.name.replace("_", " ")  # what a file calls `acute_need`, a person calls the acute need
    basis = say(_BASIS_TEXTS[share.by], fund=group.fund, group=group.code, partner=share.name, basis=agreed)
    return say("{terms} as first agreed", terms=basis) if share.at_opening else basis


def figure_text(weights: Weights, column: int) -> str:
    """A partner's figure of the basis: pounds, or the agreement's own weight."""
    figure = weights.figures[column]
    return pounds(int(figure)) if weights.in_pence else decimal(Fraction(figure))


def sharing_sentences(outcome: Outcome, clause: Clause, group: Group, part: Part) -> Iterator[str]:
    """How a part was shared between the partners; nothing of one that was not."""
    sharing = part.sharing
    if sharing is None:
        return
    codes = [partner.code for partner in outcome.agreement.partners]
    yield _basis(codes, group, sharing.weights)
    for number, turn in enumerate(sharing.rounds, 1):
        yield _round(codes, turn, sharing, number)
        for held in turn.held:
            yield _held(held, is_gain=clause.on.is_gain)
    for handover in sharing.handovers:
        yield _handover(handover)
    if sharing.left_pence:
        yield say("{amount} is left for a later clause.", amount=pounds(sharing.left_pence))
    yield _came_to(codes, clause, sharing, part)


def _basis(codes: list[str], group: Group, weights: Weights) -> str:
    whole = sum(weights.whole)
    figures = listed(
        say(
            "{partner} {figure}, which is {ratio}",
            partner=code,
            figure=figure_text(weights, column),
            ratio=ratio_text(weights.whole[column], whole),
        )
        for column, code in enumerate(codes)
        if weights.whole[column]
    )
    return say("Shared {basis}: {figures}.", basis=basis_text(weights, group), figures=figures)


def _round(codes: list[str], turn: Round, sharing: Sharing, number: int) -> str:
    total, shares = pounds(turn.total_pence), _shares(codes, turn, sharing.weights)
    if len(sharing.rounds) > 1:
        return say("Round {number}: {total} makes {shares}.", number=number, total=total, shares=shares)
    return say("Allocated: {total} makes {shares}.", total=total, shares=shares)


def _shares(codes: list[str], turn: Round, weights: Weights) -> str:
    still_in = [column for column, share in enumerate(turn.shares_pence) if share is not None]
    whole = sum(weights.whole[column] for column in still_in)
    texts = []
    for column in still_in:
        share = turn.shares_pence[column] or 0
        penny = share - turn.total_pence * weights.whole[column] // whole
        text = f"{codes[column]} {pounds(share)}"
        texts.append(say("{share} (with an odd penny)", share=text) if penny else text)
    return listed(texts)


def _came_to(codes: list[str], clause: Clause, sharing: Sharing, part: Part) -> str:
    """What each partner bears or receives in the end."""
    is_gain = clause.on.is_gain
    shares = [(code, share) for code, share in zip(codes, sharing.shares_pence, strict=True) if share]
    if not shares:
        return say("Nobody receives any of it.") if is_gain else say("Nobody bears any of it.")
    told = listed(
        say("{partner} receives {amount}", partner=code, amount=pounds(share))
        if is_gain
        else say("{partner} bears {amount}", partner=code, amount=pounds(share))
        for code, share in shares
    )
    if len(shares) > 1:
        return say("{shares}, {amount} in all.", shares=told, amount=pounds(part.amount_pence))
    return f"{told}."


_BEYOND = {
    Beyond.OTHERS: message("the {excess} beyond goes to the other partners"),
    Beyond.NEXT: message("the {excess} beyond is left for the next clause"),
    Beyond.HOST: message("the {excess} beyond is offered to the Host Partner"),
    Beyond.PARTNER: message("the {excess} beyond is offered to {partner}"),
}


def _held(held: CapHeld, *, is_gain: bool) -> str:
    """A cap that held: how much of it was left, what its partner has under it, and where the rest goes."""
    values = {
        "cap": _cap(held),
        "headroom": pounds(held.headroom_pence),
        "beyond": say(_BEYOND[held.cap.beyond], excess=pounds(held.excess_pence), partner=held.cap.bearer),
    }
    if held.headroom_pence == held.cap_pence:
        if is_gain:
            return say("{cap} holds: it receives {headroom}, and {beyond}.", **values)
        return say("{cap} holds: it bears {headroom}, and {beyond}.", **values)
    if is_gain:
        return say("{cap}, of which {headroom} is left, holds: it receives {headroom}, and {beyond}.", **values)
    return say("{cap}, of which {headroom} is left, holds: it bears {headroom}, and {beyond}.", **values)


def _cap(held: CapHeld) -> str:
    cap, limit = pounds(held.cap_pence), held.cap.limit
    if limit.percent is None:
        return say("{partner}'s cap of {cap}", partner=held.partner, cap=cap)
    percent = decimal(limit.percent)
    if held.cap.of:
        return say(
            "{partner}'s cap of {cap} ({percent}% of its contribution to the fund {fund})",
            partner=held.partner,
            cap=cap,
            percent=percent,
            fund=held.cap.of,
        )
    return say(
        "{partner}'s cap of {cap} ({percent}% of its contribution to pooled funds)",
        partner=held.partner,
        cap=cap,
        percent=percent,
    )


def _handover(handover: Handover) -> str:
    giver, receiver = handover.giver, handover.receiver
    excess, taken = pounds(handover.excess_pence), pounds(handover.taken_pence)
    if not handover.taken_pence:
        return say(
            "{receiver} can take none of {giver}'s excess of {excess}: its own cap is used up.",
            receiver=receiver,
            giver=giver,
            excess=excess,
        )
    if handover.taken_pence == handover.excess_pence:
        return say("{receiver} takes {taken} of {giver}'s excess.", receiver=receiver, taken=taken, giver=giver)
    return say(
        "{receiver} takes {taken} of {giver}'s excess of {excess}, as far as its own cap allows.",
        receiver=receiver,
        taken=taken,
        giver=giver,
        excess=excess,
    )
