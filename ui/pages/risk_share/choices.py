"""What a clause's form offers to choose from, in words: kinds of amount, uses, bases, bearers, parts of a scope."""

from typing import NamedTuple

from rules.agreement import Agreement, Beyond, By, DrawOn, On, Per, Service, Share, Slice, Threshold, Use
from rules.english import quoted
from rules.template_questions import OPENING, equal_weights, share_by, share_code


class Choice(NamedTuple):
    """One of the things to choose: its code, and how a person is told it."""

    code: str
    label: str


ON = (
    Choice(On.OVERSPEND, "Overspends"),
    Choice(On.UNDERSPEND, "Underspends"),
    Choice(On.QIPP_SHORTFALL, "QIPP shortfalls"),
    Choice(On.BENEFIT, "Benefits: influenced services below their baseline"),
    Choice(On.DISBENEFIT, "Disbenefits: influenced services above their baseline"),
)
PER = (
    Choice(Per.GROUP, "What nets together"),
    Choice(Per.FUND, "The whole fund"),
    Choice(Per.AGREEMENT, "The whole agreement"),
)
THRESHOLDS = (
    Choice(Threshold.EXCESS, "Only the part above where it begins"),
    Choice(Threshold.CLIFF, "Everything from the first pound, once it is reached"),
)
DRAW_ON = (
    Choice(DrawOn.FUND, "Of the same fund"),
    Choice(DrawOn.AGREEMENT, "Anywhere in the agreement"),
)
_BASES = {
    By.FIXED: "Fixed shares",
    By.POOLED: "By contributions to pooled funds",
    By.CORE: "By contributions to core services",
    By.FUND: "By contributions to the fund",
    By.SCHEME: "By contributions to the schemes concerned",
    By.RESPONSIBLE: "To the Responsible Partner",
    By.LEAD: "To the Lead Commissioner",
    By.INCURRED: "Where it fell",
    By.HOST: "To the Host Partner",
}


def uses(agreement: Agreement, on: On, current: Slice, *, is_split: bool) -> tuple[Choice, ...]:
    """Where an amount of this kind can go; what the slice says now is among them, allowed or not."""
    found = [Choice(Use.PARTNERS, "Shared between the partners")]
    if on.is_gain:
        found.append(Choice(Use.PROVISION, "Set aside by each partner against its own exposure"))
    verb = "Paid into" if on.is_gain else "Met from"
    found += [
        Choice(f"{Use.RESERVE}:{each.code}", f"{verb} the reserve {quoted(each.name)}") for each in agreement.reserves
    ]
    if on in {On.OVERSPEND, On.QIPP_SHORTFALL}:
        found.append(Choice(Use.UNDERSPENDS, "Met from underspends, as far as they go"))
    if is_split:
        found.append(Choice(Use.NEXT, "Left to the clauses that follow"))
    return _with_current(found, current.to)


def bases(agreement: Agreement, on: On, current: Share | None) -> tuple[Choice, ...]:
    """How an amount of this kind can be shared; how it is shared now is among them, allowed or not."""
    found = []
    for by, label in _BASES.items():
        if by is By.INCURRED and on in {On.OVERSPEND, On.UNDERSPEND}:
            continue
        found.append(Choice(by, label))
        if by.is_contributions:
            found.append(Choice(f"{by}{OPENING}", f"{label}, as first agreed"))
    found += [Choice(f"{By.PARTNER}:{each.code}", f"All to {each.name} ({each.code})") for each in agreement.partners]
    found += [Choice(f"{By.BASIS}:{each.name}", f"By {each.name.replace('_', ' ')}") for each in agreement.bases]
    return _with_current(found, "" if current is None else share_code(current))


def share_of(code: str, before: Share | None, agreement: Agreement) -> Share:
    """The share of a code; fixed shares keep the weights there were, or are equal."""
    if code == By.FIXED:
        weights = before.weights if before is not None and before.weights else equal_weights(agreement).items()
        return Share(By.FIXED, weights=tuple(weights))
    return share_by(code)


def beyonds(agreement: Agreement, on: On) -> tuple[Choice, ...]:
    """Who can have what is beyond a cap."""
    have = "receive" if on.is_gain else "bear"
    return (
        Choice(Beyond.OTHERS, f"The other partners {have} it"),
        Choice(Beyond.NEXT, "It is left to the clauses that follow"),
        Choice(Beyond.HOST, f"The Host Partner {have}s it"),
        *(
            Choice(f"{Beyond.PARTNER}:{each.code}", f"{each.name} ({each.code}) {have}s it")
            for each in agreement.partners
        ),
    )


def partners(agreement: Agreement) -> tuple[Choice, ...]:
    """The partners."""
    return tuple(Choice(each.code, f"{each.name} ({each.code})") for each in agreement.partners)


def cap_bases(agreement: Agreement) -> tuple[Choice, ...]:
    """What a cap in per cent is of."""
    funds = (Choice(each.code, f"Its contribution to {each.name}") for each in agreement.funds)
    return (Choice("", "Its contribution to pooled funds"), *funds)


def scope_choices(agreement: Agreement) -> dict[str, tuple[Choice, ...]]:
    """For each part of a scope, what it can select."""
    tiers = sorted({scheme.tier for scheme in agreement.schemes if scheme.tier is not None})
    tags = dict.fromkeys(tag for scheme in agreement.schemes for tag in scheme.tags)
    return {
        "fund": tuple(Choice(each.code, f"{each.name} ({each.code})") for each in agreement.funds),
        "scheme": tuple(Choice(each.code, f"{each.name} ({each.code})") for each in agreement.schemes),
        "service": tuple(Choice(each, f"{str(each).capitalize()} services") for each in Service),
        "tier": tuple(Choice(str(tier), f"Tier {tier}") for tier in tiers),
        "tag": tuple(Choice(tag, tag) for tag in tags),
    }


def _with_current(found: list[Choice], code: str) -> tuple[Choice, ...]:
    if code and code not in {choice.code for choice in found}:
        found.append(Choice(code, f"{code} (not allowed here)"))
    return tuple(found)
