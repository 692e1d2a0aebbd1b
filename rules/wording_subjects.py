"""What a clause is about, in words: which amounts, of which funds and schemes, and the part of them in its band."""

from collections import Counter
from dataclasses import dataclass

from rules.agreement import Agreement, Band, Clause, Fund, Limit, Netting, On, Per, Scope, Service, Threshold
from rules.english import listed, quoted
from rules.groups import Group, groups_of
from rules.money import decimal, pounds

_AMOUNTS = {
    On.QIPP_SHORTFALL: "QIPP shortfalls",
    On.OVERSPEND: "overspends",
    On.DISBENEFIT: "disbenefits (spending above baseline)",
    On.UNDERSPEND: "underspends",
    On.BENEFIT: "benefits (spending below baseline)",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a clause's sentence, without a capital, and whether its verb is plural."""

    text: str
    is_plural: bool


def subject_of(clause: Clause, agreement: Agreement) -> Subject:
    """The amounts that a clause deals with: `overspends of the pooled fund between 2% and 5% of budget`."""
    amounts = f"{_AMOUNTS[clause.on]} of {_of_what(clause, agreement)}"
    band = clause.band
    if band is None or (_is_nil(band.low) and band.high is None):
        if _takes_what_is_left(clause, agreement):
            return Subject(f"what remains of {amounts}", is_plural=False)
        return Subject(amounts, is_plural=True)
    base = _base(clause.on)
    if _is_nil(band.low) and band.high is not None:
        if band.high.pence is not None:
            return Subject(f"the first {pounds(band.high.pence)} of {amounts}", is_plural=False)
        return Subject(f"{amounts} up to {_edge(band.high, base)}", is_plural=True)
    if clause.threshold is Threshold.CLIFF:
        end = f" up to {_edge(band.high, base)}" if band.high is not None else ""
        return Subject(
            f"once they reach {_edge(band.low, base)}, {amounts.removesuffix(',')}, from the first pound{end},",
            is_plural=True,
        )
    return Subject(f"{amounts} {_between(band, base)}", is_plural=True)


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
    return f"the {fund.kind} fund {quoted(fund.name)}"


def _base(on: On) -> str:
    if on is On.QIPP_SHORTFALL:
        return "the QIPP target"
    return "the baseline" if on.is_influenced else "budget"


def _is_nil(limit: Limit) -> bool:
    return not limit.pence and not limit.percent


def _edge(limit: Limit, base: str) -> str:
    if limit.percent is not None:
        return f"{decimal(limit.percent)}% of {base}"
    return pounds(limit.pence or 0)


def _between(band: Band, base: str) -> str:
    if band.high is None:
        return f"above {_edge(band.low, base)}"
    if band.low.percent is not None and band.high.percent is not None:
        return f"between {decimal(band.low.percent)}% and {_edge(band.high, base)}"
    return f"between {_edge(band.low, base)} and {_edge(band.high, base)}"


def _takes_what_is_left(clause: Clause, agreement: Agreement) -> bool:
    """Whether a clause before it deals with some of the same groups, so that it has only what that one left."""
    own = set(groups_concerned(clause, agreement))
    for earlier in agreement.clauses:
        if earlier.id == clause.id:
            return False
        if earlier.on is clause.on and own.intersection(groups_concerned(earlier, agreement)):
            return True
    return False


def _of_what(clause: Clause, agreement: Agreement) -> str:
    groups = groups_concerned(clause, agreement)
    together = _together(clause, groups)
    text = _schemes_named if clause.scope.scheme else _influenced if clause.on.is_influenced else _pooled
    what = text(clause, agreement, together=bool(together))
    apart = " (excluded schemes apart)" if _has_excluded(clause, agreement) else ""
    return f"{what}{_qualities(clause)}{apart}{together}"


def are_together(clause: Clause, agreement: Agreement) -> bool:
    """Whether the clause measures several groups as one."""
    return bool(_together(clause, groups_concerned(clause, agreement)))


def _together(clause: Clause, groups: tuple[Group, ...]) -> str:
    """How the clause measures several groups as one; nothing where each is measured by itself."""
    if clause.band is None or clause.per is Per.GROUP or len(groups) < 2:  # noqa: PLR2004  one is by itself
        return ""
    by_fund = Counter(group.fund for group in groups)
    if clause.per is Per.AGREEMENT:
        return ", taken together over the whole agreement,"
    if max(by_fund.values()) == 1:
        return ""
    return ", taken together," if len(by_fund) == 1 else ", taken together in each fund,"


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
    of_fund = f" of {_funds_named(scope, agreement, each=False)}" if scope.fund else ""
    if len(codes) == 1:
        return f"the scheme {names}{of_fund}"
    if together or len(groups) <= 1:
        return f"the schemes {names}{of_fund}"
    alone = all(len(group.schemes) == 1 for group in groups)
    return f"{'each' if alone else 'each group'} of the schemes {names}{of_fund}"


def _pooled(clause: Clause, agreement: Agreement, *, together: bool) -> str:
    funds = _funds(clause, agreement)
    unit = "" if together else _unit(funds)
    if clause.scope.fund:
        place = _funds_named(clause.scope, agreement, each=not unit and not together)
    elif len(funds) <= 1:
        place = "the pooled fund"
    else:
        place = "the pooled funds" if unit or together else "each pooled fund"
    if together and any(fund.netting is not Netting.FUND for fund in funds):
        return f"the schemes of {place}"
    return f"{unit} of {place}" if unit else place


def _influenced(clause: Clause, agreement: Agreement, *, together: bool) -> str:
    funds = _funds(clause, agreement)
    unit = "" if together else _unit(funds)
    services = {"": "the influenced services", "each scheme": "each scheme of influenced services"}
    text = services.get(unit, "each group of influenced services")
    if clause.scope.fund:
        return f"{text} of {_funds_named(clause.scope, agreement, each=not unit and not together)}"
    if len(funds) > 1 and not unit and not together:
        return f"{text} of each aligned fund"
    return text


def _funds(clause: Clause, agreement: Agreement) -> tuple[Fund, ...]:
    """The funds that the clause names, or else all that have what it is on."""
    codes = clause.scope.fund or {
        group.fund
        for group in groups_of(agreement)
        if not group.excluded and group.influenced is clause.on.is_influenced
    }
    return tuple(fund for fund in agreement.funds if fund.code in codes)


def _unit(funds: tuple[Fund, ...]) -> str:
    """What nets by itself in these funds; nothing for a whole fund."""
    nettings = {fund.netting for fund in funds}
    if nettings <= {Netting.FUND}:
        return ""
    if nettings == {Netting.SCHEME}:
        return "each scheme"
    return "each group of schemes"


def _funds_named(scope: Scope, agreement: Agreement, *, each: bool) -> str:
    codes = list(dict.fromkeys(scope.fund))
    if len(codes) == 1:
        return fund_named(codes[0], agreement)
    kinds = {agreement.fund_of[code].kind for code in codes}
    kind = f"{next(iter(kinds))} funds" if len(kinds) == 1 else "funds"
    names = listed(quoted(agreement.fund_of[code].name) for code in codes)
    return f"{'each of ' if each else ''}the {kind} {names}"


def _qualities(clause: Clause) -> str:
    """What else the scope asks of a scheme: its service, tier and tags."""
    scope = clause.scope
    words = []
    own = Service.INFLUENCED if clause.on.is_influenced else None
    if len(set(scope.service)) == 1 and scope.service[0] is not own:
        words.append(f" for {scope.service[0]} services")
    tiers = sorted(set(scope.tier))
    if tiers:
        words.append(f" at {'tier' if len(tiers) == 1 else 'tiers'} {listed(map(str, tiers))}")
    if scope.tag:
        words.append(f" tagged {listed(map(quoted, dict.fromkeys(scope.tag)), 'or')}")
    return "".join(words)
