"""How a difference between two versions of an agreement is said: the words for its parts, their fields and values."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any

from rules.agreement import (
    Agreement,
    Band,
    Basis,
    Beyond,
    Cap,
    Clause,
    Control,
    DrawOn,
    Fund,
    FundKind,
    Kind,
    Limit,
    Mode,
    Netting,
    On,
    Partner,
    PartnerKind,
    Per,
    Performance,
    QippMode,
    Reserve,
    Scheme,
    Scope,
    Service,
    Slice,
    Threshold,
)
from rules.english import day, listed, quoted
from rules.money import decimal, pounds
from rules.wording import cap_sentence, performance_sentence, sentence, succession_sentence
from settlement.sentences import KIND_NAMES, SUBJECT_NAMES

NOTHING = "nothing"


class Part(StrEnum):
    """A part of an agreement, as a person names one of them."""

    HEAD = "agreement"
    PARTNER = "partner"
    FUND = "fund"
    SCHEME = "scheme"
    RESERVE = "reserve"
    BASIS = "basis of a share"
    CLAUSE = "clause"
    CAP = "cap"
    PERFORMANCE = "performance element"
    CONTROL = "control total"

    @property
    def plural(self) -> str:
        """Several of them."""
        return {Part.BASIS: "bases of shares"}.get(self, f"{self}s")


_VALUES: dict[type[Enum], dict[Any, str]] = {
    PartnerKind: {
        PartnerKind.COUNCIL: "a council",
        PartnerKind.CCG: "a Clinical Commissioning Group",
        PartnerKind.ICB: "an Integrated Care Board",
        PartnerKind.TRUST: "an NHS trust",
        PartnerKind.OTHER: "another body",
    },
    FundKind: {FundKind.POOLED: "a Pooled Fund", FundKind.ALIGNED: "an Aligned Fund"},
    Netting: {
        Netting.FUND: "all schemes of the fund together",
        Netting.SCHEME: "each scheme by itself",
        Netting.GROUP: "the schemes of a group together",
    },
    Service: {Service.CORE: "core", Service.INFLUENCED: "influenced"},
    QippMode: {
        QippMode.WITHIN_BUDGET: "the budget is already cut by the savings target",
        QippMode.SEPARATE: "the savings target stands beside the budget",
    },
    Mode: {Mode.LINEAR: "in proportion to what was achieved", Mode.ALL_OR_NOTHING: "all or nothing"},
    Beyond: {
        Beyond.OTHERS: "the other partners",
        Beyond.NEXT: "the clauses that follow",
        Beyond.HOST: "the Host Partner",
        Beyond.PARTNER: "one partner",
    },
    Per: {Per.GROUP: "what nets together", Per.FUND: "the whole fund", Per.AGREEMENT: "the whole agreement"},
    Threshold: {
        Threshold.EXCESS: "only the part above its lower edge",
        Threshold.CLIFF: "everything, once its lower edge is reached",
    },
    DrawOn: {DrawOn.FUND: "the same fund", DrawOn.AGREEMENT: "anywhere in the agreement"},
    On: SUBJECT_NAMES,
    Kind: KIND_NAMES,
}
"""By type: values of two types may be written alike, and would then be one key."""

_FIELDS: dict[type, dict[str, str]] = {
    Agreement: {
        "id": "the agreement’s code",
        "title": "the title",
        "year": "the financial year",
        "qipp": "how QIPP is counted",
        "settle_period": "the period that is settled unless another is asked for",
    },
    Partner: {
        "code": "code",
        "name": "name",
        "kind": "kind",
        "succeeds": "list of partners that it succeeds",
        "since": "first day",
    },
    Fund: {"code": "code", "name": "name", "kind": "kind", "host": "Host Partner", "netting": "netting"},
    Scheme: {
        "code": "code",
        "name": "name",
        "fund": "fund",
        "lead": "Lead Commissioner",
        "responsible": "Responsible Partner",
        "service": "service",
        "tier": "tier",
        "group": "group",
        "tags": "list of tags",
        "excluded": "exclusion from sharing",
    },
    Reserve: {"code": "code", "name": "name", "fund": "fund", "opening_pence": "opening balance"},
    Basis: {"name": "name", "amounts_pence": "list of amounts"},
    Clause: {
        "id": "number",
        "title": "title",
        "on": "kind of amount",
        "slices": "way of sharing",
        "scope": "scope",
        "per": "measure of the band",
        "band": "band",
        "threshold": "threshold",
        "draw_on": "place of the underspends it draws on",
    },
    Cap: {
        "partner": "partner",
        "limit": "limit",
        "clauses": "list of clauses",
        "beyond": "bearer of what is beyond it",
        "bearer": "partner that bears what is beyond it",
        "of": "fund that its percentage is of",
    },
    Performance: {
        "id": "number",
        "title": "title",
        "fund": "fund",
        "scheme": "scheme",
        "payer": "payer",
        "measure": "measure",
        "held_pence": "amount held",
        "mode": "release",
        "rate_pence": "rate for each unit",
    },
    Control: {
        "period": "period",
        "amount_pence": "amount",
        "kind": "kind of line",
        "fund": "fund",
        "scheme": "scheme",
        "partner": "partner",
    },
}
"""What each field is called in a sentence. A field that is not here cannot be told of: a test sees that none is."""


def value_name(value: Enum) -> str:
    """A choice of the agreement in words: `a Pooled Fund`, `each scheme by itself`."""
    return _VALUES[type(value)][value]


def key_of(each: Any) -> str:  # noqa: ANN401  any part
    """The code of a part, as a link to it names it: a cap goes by its partner, a control total by its period."""
    if isinstance(each, Cap):
        return each.partner
    if isinstance(each, Control):
        return str(each.period)
    if isinstance(each, Basis):
        return each.name
    found: str = each.id if isinstance(each, Clause | Performance) else each.code
    return found


def called(part: Part, each: Any) -> str:  # noqa: ANN401  any part
    """A part as a sentence names it: `“Reablement” (REAB)`, `clause 3.1`."""
    match each:
        case Clause() | Performance():
            return f"{part} {each.id}"
        case Basis():
            return quoted(each.name.replace("_", " "))
        case Cap():
            return f"the cap of {each.partner} on {_clauses(each.clauses)}"
        case Control():
            return _control(each)
        case _:
            return f"{quoted(each.name)} ({each.code})"


def described(part: Part, each: Any, agreement: Agreement) -> str:  # noqa: ANN401  any part
    """What a part says, in words: of a clause, a cap and a performance element their sentences."""
    told: str
    match each:
        case Clause():
            told = sentence(each, agreement)
        case Cap():
            told = cap_sentence(each, agreement)
        case Performance():
            told = performance_sentence(each, agreement)
        case Partner():
            told = f"{_capital(value_name(each.kind))}. {succession_sentence(each, agreement)}"
        case Fund():
            netting = value_name(each.netting)
            told = f"{_capital(value_name(each.kind))} hosted by {each.host}; variances net over {netting}."
        case Scheme():
            told = _scheme(each, agreement)
        case Reserve():
            told = f"Of {_fund(each.fund, agreement)}, with an opening balance of {pounds(each.opening_pence)}."
        case Basis():
            told = f"{_capital(_said('amounts_pence', each.amounts_pence))}."
        case _:
            told = f"{_capital(called(part, each))} is {pounds(each.amount_pence)}."
    return told


def removed(part: Part, each: Any, agreement: Agreement) -> str:  # noqa: ANN401  any part
    """That a part is no longer there."""
    what = _named(part, each)
    if part is Part.CLAUSE:
        return f"{_capital(what)}, {quoted(each.title)}, is taken out."
    if part is Part.CAP:
        return f"{_capital(what)} is taken out: {_lowered(described(part, each, agreement))}"
    if part is Part.CONTROL:
        return f"The control total of {pounds(each.amount_pence)} for {called(part, each)} is taken out."
    return f"{_capital(what)} is taken out."


def added(part: Part, each: Any, agreement: Agreement, previous: Any) -> str:  # noqa: ANN401  any part
    """That a part is new, what it says, and, where the order decides, after which one it stands."""
    what = _named(part, each)
    if part is Part.CONTROL:
        return f"A control total of {pounds(each.amount_pence)} for {called(part, each)} is added."
    if part is Part.CLAUSE:
        where = "first of all" if previous is None else f"after clause {previous.id}"
        return f"{_capital(what)}, {quoted(each.title)}, is added {where}: {_lowered(described(part, each, agreement))}"
    return f"{_capital(what)} is added: {_lowered(described(part, each, agreement))}"


def head_changed(name: str, old: Any, new: Any) -> tuple[str, str, str]:  # noqa: ANN401  any value
    """A change of the agreement's head: the sentence, what stood, what stands."""
    return _change(_capital(_FIELDS[Agreement][name]), name, old, new)


def changed(
    part: Part,
    name: str,
    old: Any,  # noqa: ANN401  any part
    new: Any,  # noqa: ANN401
    before: Agreement,
    after: Agreement,
) -> tuple[str, str, str]:
    """A change of one field of a part that stays: the sentence, what stood, what stands."""
    whole = _capital(_named(part, old))
    if name == "excluded":
        words = "is now excluded from sharing: its variance stays with its Responsible Partner"
        told = words if new.excluded else "is no longer excluded from sharing"
        return f"{whole} {told}.", _said(name, old.excluded), _said(name, new.excluded)
    told, was, now = _change(f"{whole}: its {_FIELDS[type(old)][name]}", name, getattr(old, name), getattr(new, name))
    if part in {Part.CAP, Part.PERFORMANCE}:
        read, reads = described(part, old, before), described(part, new, after)
        was, now = (read, reads) if read != reads else (was, now)
    return told, was, now


def clause_changed(
    names: Sequence[str], old: Clause, new: Clause, before: Agreement, after: Agreement
) -> Iterable[tuple[str, str, str]]:
    """The changes of a clause: its title by itself; all else in one sentence, with the clause before and after."""
    if "title" in names:
        yield _change(f"Clause {old.id}: its title", "title", old.title, new.title)
    others = [name for name in names if name != "title"]
    if not others:
        return
    aspects = listed(_FIELDS[Clause][name] for name in others)
    was, now = sentence(old, before), sentence(new, after)
    if was == now:  # what changed has no effect on how it reads here: then it is said as it stands in the agreement
        was = "; ".join(f"{_FIELDS[Clause][name]}: {_said(name, getattr(old, name))}" for name in others)
        now = "; ".join(f"{_FIELDS[Clause][name]}: {_said(name, getattr(new, name))}" for name in others)
    yield f"Clause {old.id}, {quoted(new.title)}, changes in its {aspects}.", was, now


def _change(what: str, name: str, old: Any, new: Any) -> tuple[str, str, str]:  # noqa: ANN401  any value
    was, now = _said(name, old), _said(name, new)
    if was == now:
        return f"{what} is set out in another order.", _as_written(old), _as_written(new)
    if not was:
        return f"{what}, not given before, is now {now}.", was, now
    if not now:
        return f"{what}, {was} before, is no longer given.", was, now
    return f"{what} changes from {was} to {now}.", was, now


def _said(name: str, value: Any) -> str:  # noqa: ANN401, PLR0911  any value, and one answer for each kind
    """A field's value in words; nothing of none."""
    if value is None or value in {"", ()}:
        return ""
    match value:
        case bool():
            return "excluded" if value else "not excluded"
        case Enum() if type(value) in _VALUES:
            return value_name(value)
        case date():
            return day(value)
        case Limit() | Band() | Scope():
            return _limits(value)
        case tuple():
            return _listed(name, value)
    if name.endswith("_pence"):
        return pounds(value)
    return quoted(value) if name in {"name", "title", "measure"} else str(value)


def _listed(name: str, value: tuple[Any, ...]) -> str:
    if name == "amounts_pence":
        return listed(f"{code} {pounds(pence)}" for code, pence in value)
    return listed(_slice(each) if isinstance(each, Slice) else str(each) for each in value)


def _limits(value: Limit | Band | Scope) -> str:
    if isinstance(value, Limit):
        return pounds(value.pence or 0) if value.percent is None else f"{decimal(value.percent)}%"
    if isinstance(value, Band):
        low = _limits(value.low)
        return f"from {low}" if value.high is None else f"from {low} to {_limits(value.high)}"
    pairs = [(name, getattr(value, name)) for name in ("fund", "scheme", "service", "tier", "tag")]
    return "; ".join(f"{name} {listed(map(str, given), 'or')}" for name, given in pairs if given) or "all schemes"


def _slice(part: Slice) -> str:
    share = ""
    if part.share is not None:
        named = f" {part.share.name}" if part.share.name else ""
        weights = ", ".join(f"{code} {_number(weight)}" for code, weight in part.share.weights)
        opening = ", as first agreed" if part.share.at_opening else ""
        share = f" by {part.share.by}{named}{f' ({weights})' if weights else ''}{opening}"
    return f"{_number(part.percent)}% to {part.to}{share}"


def _number(number: Fraction) -> str:
    return decimal(number)


def _as_written(value: Any) -> str:  # noqa: ANN401  any value
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _named(part: Part, each: Any) -> str:  # noqa: ANN401  any part
    name = called(part, each)
    return name if part in {Part.CLAUSE, Part.CAP, Part.PERFORMANCE} else f"the {part} {name}"


def _scheme(scheme: Scheme, agreement: Agreement) -> str:
    told = [f"a scheme of {_fund(scheme.fund, agreement)} for {scheme.service} services"]
    told.append(f"led by {scheme.lead}, the Responsible Partner {scheme.responsible}")
    told += [f"tier {scheme.tier}"] if scheme.tier is not None else []
    told += [f"netted in group {scheme.group}"] if scheme.group is not None else []
    told += [f"tagged {listed(scheme.tags)}"] if scheme.tags else []
    told += ["excluded from sharing"] if scheme.excluded else []
    return f"{_capital('; '.join(told))}."


def _fund(code: str, agreement: Agreement) -> str:
    return f"the fund {quoted(agreement.fund_of[code].name)}"


def _control(control: Control) -> str:
    parts = [(" of fund ", control.fund), (" of scheme ", control.scheme), (" of ", control.partner)]
    of = "".join(f"{of}{code}" for of, code in parts if code)
    return f"{KIND_NAMES[control.kind].lower()}{of} to {control.period}"


def _clauses(ids: Sequence[str]) -> str:
    return f"{'clause' if len(ids) == 1 else 'clauses'} {listed(ids)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """For use inside a sentence: all but a name that is written in capitals."""
    return text if text[1:2].isupper() or text[:1] in "“£" else text[:1].lower() + text[1:]
