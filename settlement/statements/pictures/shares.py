"""What each partner has of an amount, as bars beneath each other: of the variances, or of the contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.language import say
from rules.money import pounds
from settlement.statements.drawing import Drawing
from settlement.statements.pictures.bars import Bar, Ink, bars


@dataclass(frozen=True, slots=True)
class PartnerShare:
    """A partner's share, in pence: of variances it bears it above nought, and below receives it."""

    name: str
    pence: int


def shares_picture(shares: Sequence[PartnerShare], *, of_variances: bool) -> Drawing:
    """A bar for each partner, what it receives of a gain to the left of nought."""
    drawn = [
        Bar(each.name, 0, each.pence, pounds(each.pence), Ink.TAKES if each.pence < 0 else Ink.ADDS) for each in shares
    ]
    if not of_variances:
        return bars(drawn, [(Ink.ADDS, say("Financial Contribution"))], connected=False)
    legend = [(Ink.ADDS, say("bears")), (Ink.TAKES, say("receives"))]
    return bars(drawn, legend, (say("receives"), say("bears")), connected=False)


def shares_in_words(shares: Sequence[PartnerShare], *, of_variances: bool) -> str:
    """The picture for whoever does not see it, with every figure in it."""
    if not of_variances:
        told = "; ".join(f"{each.name}, {pounds(each.pence)}" for each in shares)
        return say("Bars of each partner's Financial Contribution: {shares}.", shares=told)
    told = "; ".join(_share_in_words(each) for each in shares)
    return say("Bars of each partner's share of the variances: {shares}.", shares=told)


def _share_in_words(share: PartnerShare) -> str:
    values = {"name": share.name, "amount": pounds(abs(share.pence))}
    if share.pence > 0:
        return say("{name} bears {amount}", **values)
    return say("{name} receives {amount}", **values) if share.pence else say("{name} has no share", **values)
