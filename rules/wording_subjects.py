"""What a clause is about, in words: which amounts, of which funds and schemes, and the part of them in its band."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from rules.agreement import Agreement, Band, Clause, Fund, FundKind, Limit, Netting, On, Per, Scope, Service, Threshold
from rules.english import OR, listed, quoted
from rules.groups import Group, groups_of
from rules.language import message, say, say_many
from rules.money import decimal, pounds

_AMOUNTS = {
    On.QIPP_SHORTFALL: message("QIPP shortfalls of {what}"),
    On.OVERSPEND: message("overspends of {what}"),
    On.DISBENEFIT: message("disbenefits (spending above baseline) of {what}"),
    On.UNDERSPEND: message("underspends of {what}"),
    On.BENEFIT: message("benefits (spending below baseline) of {what}"),
}
_BASES = {
    On.QIPP_SHORTFALL: message("{percent}% of the QIPP target"),
    On.DISBENEFIT: message("{percent}% of the baseline"),
    On.BENEFIT: message("{percent}% of the baseline"),
}
_OF_BUDGET = message("{percent}% of budget")
_FUND = {
    FundKind.POOLED: message("the pooled fund {name}"),
    FundKind.ALIGNED: message("the aligned fund {name}"),
}
_FUNDS = {
    FundKind.POOLED: message("the pooled funds {names}"),
    FundKind.ALIGNED: message("the aligned funds {names}"),
}
_EACH_OF_FUNDS = {
    FundKind.POOLED: message("each of the pooled funds {names}"),
    FundKind.ALIGNED: message("each of the aligned funds {names}"),
}
_SERVICES = {
    Service.CORE: message("{what} for core services"),
    Service.INFLUENCED: message("{what} for influenced services"),
}


class _Unit(Enum):
    """What nets by itself in some funds."""

    WHOLE = "the whole of a fund"
    SCHEME = "each scheme"
    GROUP = "each group of schemes"


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a clause's sentence, without a capital, and whether its verb is plural.

    `has_pause` is whether what follows it is parted from it by a comma.
    """

    text: str
    is_plural: bool
    has_pause: bool = False


def subject_of(clause: Clause, agreement: Agreement) -> Subject:
    """The amounts that a clause deals with: `overspends of the pooled fund between 2% and 5% of budget`."""
    what, together = _of_what(clause, agreement)
    amounts = say(_AMOUNTS[clause.on], what=what)
    band, on = clause.band, clause.on
    if band is None or (_is_nil(band.low) and band.high is None):
        if _takes_what_is_left(clause, agreement):
            return Subject(say("what remains of {amounts}", amounts=amounts), is_plural=False, has_pause=together)
        return Subject(amounts, is_plural=True, has_pause=together)
    if _is_nil(band.low) and band.high is not None and band.high.pence is not None:
        first = say("the first {amount} of {amounts}", amount=pounds(band.high.pence), amounts=amounts)
        return Subject(first, is_plural=False, has_pause=together)
    if clause.threshold is Threshold.CLIFF and not _is_nil(band.low):
        return Subject(_from_the_first_pound(band, on, amounts), is_plural=True, has_pause=True)
    return Subject(_between(band, on, f"{amounts}," if together else amounts), is_plural=True)


def _from_the_first_pound(band: Band, on: On, amounts: str) -> str:
    low = _edge(band.low, on)
    if band.high is None:
        return say("once they reach {low}, {amounts}, from the first pound", low=low, amounts=amounts)
    return say(
        "once they reach {low}, {amounts}, from the first pound up to {high}",
        low=low,
        amounts=amounts,
        high=_edge(band.high, on),
    )


def groups_concerned(clause: Clause, agreement: Agreement) -> tuple[Group, ...]:
    """The groups that could be a subject of the clause: of its kind, and in its scope."""
    return tuple(
        group
        for group in groups_of(agreement)
        if not group.excluded
        and group.influenced is clause.on.is_influenced
        and any(clause.scope.selects(agreement.schemes[index]) for index in group.schemes)
    )


def fund_named(code: str, agreement: Agreement) -> str:
    """`the pooled fund “Better Care Fund”`."""
    fund = agreement.fund_of[code]
    return say(_FUND[fund.kind], name=quoted(fund.name))


def _is_nil(limit: Limit) -> bool:
    return not limit.pence and not limit.percent


def _edge(limit: Limit, on: On) -> str:
    if limit.percent is not None:
        return say(_BASES.get(on, _OF_BUDGET), percent=decimal(limit.percent))
    return pounds(limit.pence or 0)


def _between(band: Band, on: On, amounts: str) -> str:
    if band.high is None:
        return say("{amounts} above {low}", amounts=amounts, low=_edge(band.low, on))
    high = _edge(band.high, on)
    if _is_nil(band.low):
        return say("{amounts} up to {high}", amounts=amounts, high=high)
    both = band.low.percent is not None and band.high.percent is not None
    low = f"{decimal(band.low.percent)}%" if both and band.low.percent is not None else _edge(band.low, on)
    return say("{amounts} between {low} and {high}", amounts=amounts, low=low, high=high)


def _takes_what_is_left(clause: Clause, agreement: Agreement) -> bool:
    """Whether a clause before it deals with some of the same groups, so that it has only what that one left."""
    own = set(groups_concerned(clause, agreement))
    for earlier in agreement.clauses:
        if earlier.id == clause.id:
            return False
        if earlier.on is clause.on and own.intersection(groups_concerned(earlier, agreement)):
            return True
    return False


def _of_what(clause: Clause, agreement: Agreement) -> tuple[str, bool]:
    """What the amounts are of, and whether the words end with how several groups are measured as one."""
    groups = groups_concerned(clause, agreement)
    together = _together(clause, groups)
    text = _schemes_named if clause.scope.scheme else _influenced if clause.on.is_influenced else _pooled
    what = _qualified(text(clause, agreement, together=bool(together)), clause)
    if _has_excluded(clause, agreement):
        what = say("{what} (excluded schemes apart)", what=what)
    return (say(together, what=what), True) if together else (what, False)


def are_together(clause: Clause, agreement: Agreement) -> bool:
    """Whether the clause measures several groups as one."""
    return bool(_together(clause, groups_concerned(clause, agreement)))


def _together(clause: Clause, groups: tuple[Group, ...]) -> str:
    """The message for how the clause measures several groups as one; nothing where each is measured by itself."""
    if clause.band is None or clause.per is Per.GROUP or len(groups) < 2:  # noqa: PLR2004  one is by itself
        return ""
    by_fund = Counter(group.fund for group in groups)
    if clause.per is Per.AGREEMENT:
        return message("{what}, taken together over the whole agreement")
    if max(by_fund.values()) == 1:
        return ""
    if len(by_fund) == 1:
        return message("{what}, taken together")
    return message("{what}, taken together in each fund")


def _has_excluded(clause: Clause, agreement: Agreement) -> bool:
    return any(
        scheme.excluded
        and clause.scope.selects(scheme)
        and (
            scheme.service is Service.INFLUENCED
            if clause.on.is_influenced
            else agreement.fund_of[scheme.fund].is_pooled
        )
        for scheme in agreement.schemes
    )


def _schemes_named(clause: Clause, agreement: Agreement, *, together: bool) -> str:
    scope, groups = clause.scope, groups_concerned(clause, agreement)
    codes = list(dict.fromkeys(scope.scheme))
    names = listed(quoted(agreement.scheme_of[code].name) for code in codes)
    if len(codes) == 1:
        text = say("the scheme {name}", name=names)
    elif together or len(groups) <= 1:
        text = say("the schemes {names}", names=names)
    elif all(len(group.schemes) == 1 for group in groups):
        text = say("each of the schemes {names}", names=names)
    else:
        text = say("each group of the schemes {names}", names=names)
    return _within(text, _funds_named(scope, agreement, each=False)) if scope.fund else text


def _within(schemes: str, funds: str) -> str:
    return say("{schemes} of {funds}", schemes=schemes, funds=funds)


def _pooled(clause: Clause, agreement: Agreement, *, together: bool) -> str:
    funds = _funds(clause, agreement)
    unit = _Unit.WHOLE if together else _unit(funds)
    each = unit is _Unit.WHOLE and not together
    if clause.scope.fund:
        place = _funds_named(clause.scope, agreement, each=each)
    elif len(funds) <= 1:
        place = say("the pooled fund")
    else:
        place = say("each pooled fund") if each else say("the pooled funds")
    if together and any(fund.netting is not Netting.FUND for fund in funds):
        return say("the schemes of {funds}", funds=place)
    match unit:
        case _Unit.WHOLE:
            return place
        case _Unit.SCHEME:
            return say("each scheme of {funds}", funds=place)
        case _Unit.GROUP:
            return say("each group of schemes of {funds}", funds=place)


def _influenced(clause: Clause, agreement: Agreement, *, together: bool) -> str:
    funds = _funds(clause, agreement)
    unit = _Unit.WHOLE if together else _unit(funds)
    each = unit is _Unit.WHOLE and not together
    match unit:
        case _Unit.WHOLE:
            text = say("the influenced services")
        case _Unit.SCHEME:
            text = say("each scheme of influenced services")
        case _Unit.GROUP:
            text = say("each group of influenced services")
    if clause.scope.fund:
        return _within(text, _funds_named(clause.scope, agreement, each=each))
    if len(funds) > 1 and each:
        return say("the influenced services of each aligned fund")
    return text


def _funds(clause: Clause, agreement: Agreement) -> tuple[Fund, ...]:
    """The funds that the clause names, or else all that have what it is on."""
    codes = clause.scope.fund or {
        group.fund
        for group in groups_of(agreement)
        if not group.excluded and group.influenced is clause.on.is_influenced
    }
    return tuple(fund for fund in agreement.funds if fund.code in codes)


def _unit(funds: tuple[Fund, ...]) -> _Unit:
    nettings = {fund.netting for fund in funds}
    if nettings <= {Netting.FUND}:
        return _Unit.WHOLE
    return _Unit.SCHEME if nettings == {Netting.SCHEME} else _Unit.GROUP


def _funds_named(scope: Scope, agreement: Agreement, *, each: bool) -> str:
    codes = list(dict.fromkeys(scope.fund))
    if len(codes) == 1:
        return fund_named(codes[0], agreement)
    kinds = {agreement.fund_of[code].kind for code in codes}
    names = listed(quoted(agreement.fund_of[code].name) for code in codes)
    if len(kinds) == 1:
        return say((_EACH_OF_FUNDS if each else _FUNDS)[kinds.pop()], names=names)
    return say("each of the funds {names}", names=names) if each else say("the funds {names}", names=names)


def _qualified(what: str, clause: Clause) -> str:
    """With what else the scope asks of a scheme: its service, tier and tags."""
    scope = clause.scope
    own = Service.INFLUENCED if clause.on.is_influenced else None
    if len(set(scope.service)) == 1 and scope.service[0] is not own:
        what = say(_SERVICES[scope.service[0]], what=what)
    tiers = sorted(set(scope.tier))
    if tiers:
        numbers = listed(map(str, tiers))
        what = say_many("{what} at tier {numbers}", "{what} at tiers {numbers}", len(tiers), what=what, numbers=numbers)
    if scope.tag:
        what = say("{what} tagged {tags}", what=what, tags=listed(map(quoted, dict.fromkeys(scope.tag)), OR))
    return what
