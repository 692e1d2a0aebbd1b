"""The trace in words: each step of the arithmetic as a sentence that a partner can check with a calculator."""

from collections.abc import Iterator

from rules.agreement import Clause, Kind, Limit, Netting, On, Per, QippMode, Threshold, Use
from rules.english import listed
from rules.figures import Table
from rules.groups import Group, Subject
from rules.language import message, say
from rules.money import decimal, pounds
from rules.outcome import DealtWith, Outcome
from rules.performance import Released
from rules.trace import Part, Take, UnderspendCall
from rules.waterfall import EXCLUDED, TO_OVERSPENDS
from settlement.settle import Settlement
from settlement.sharing_sentences import basis_text, sharing_sentences

__all__ = [
    "KIND_NAMES",
    "SUBJECT_NAMES",
    "base_name",
    "basis_text",
    "group_name",
    "group_total",
    "kind_name",
    "part_sentences",
    "performance_sentence",
    "subject_noun",
    "subject_of_group",
    "subject_sentences",
    "subject_title",
]

SUBJECT_NAMES = {
    On.QIPP_SHORTFALL: message("QIPP shortfall"),
    On.OVERSPEND: message("overspend"),
    On.DISBENEFIT: message("disbenefit"),
    On.UNDERSPEND: message("underspend"),
    On.BENEFIT: message("benefit"),
}
"""The English names of amounts within a sentence; `subject_noun` says them in the language spoken."""

_TITLES = {
    On.QIPP_SHORTFALL: message("QIPP shortfall"),
    On.OVERSPEND: message("Overspend"),
    On.DISBENEFIT: message("Disbenefit"),
    On.UNDERSPEND: message("Underspend"),
    On.BENEFIT: message("Benefit"),
}
_BASE_NAMES = {
    On.QIPP_SHORTFALL: message("QIPP target"),
    On.BENEFIT: message("baseline"),
    On.DISBENEFIT: message("baseline"),
}
_BUDGET = message("budget")

KIND_NAMES = {
    Kind.BUDGET: message("Budget"),
    Kind.VIREMENT: message("Virements"),
    Kind.PAYMENT: message("Payments to the Host Partner"),
    Kind.ACTUAL: message("Actual"),
    Kind.ACCRUAL: message("Accruals"),
    Kind.FORECAST: message("Forecast"),
    Kind.QIPP_TARGET: message("QIPP target"),
    Kind.QIPP_DELIVERED: message("QIPP delivered"),
    Kind.QIPP_FORECAST: message("QIPP forecast"),
    Kind.BASELINE: message("Baseline"),
}
"""The English names of kinds of line; `kind_name` says them in the language spoken."""


def kind_name(kind: Kind) -> str:
    """A kind of line as a heading or the first word of a text has it: `Actual`, `QIPP target`."""
    return say(KIND_NAMES[kind])


def subject_noun(on: On) -> str:
    """A kind of amount within a sentence: `overspend`."""
    return say(SUBJECT_NAMES[on])


_TITLES_OF_GROUP = {
    On.QIPP_SHORTFALL: message("QIPP shortfall of {group}"),
    On.OVERSPEND: message("Overspend of {group}"),
    On.DISBENEFIT: message("Disbenefit of {group}"),
    On.UNDERSPEND: message("Underspend of {group}"),
    On.BENEFIT: message("Benefit of {group}"),
}


def subject_of_group(on: On, group: str) -> str:
    """`Overspend of Home first`, where a sentence or heading begins with it."""
    return say(_TITLES_OF_GROUP[on], group=group)


def subject_title(on: On) -> str:
    """The name of a kind of amount where a sentence or heading begins with it."""
    return say(_TITLES[on])


def base_name(on: On) -> str:
    """What a percentage of the subject is a percentage of: its budget, QIPP target or baseline."""
    return say(_BASE_NAMES.get(on, _BUDGET))


def group_name(group: Group, outcome: Outcome) -> str:
    """A group as a person knows it: the fund's name, the scheme's name, or the group's code and its schemes."""
    agreement = outcome.agreement
    if agreement.fund_of[group.fund].netting is Netting.FUND and not group.excluded:
        return agreement.fund_of[group.fund].name
    if len(group.schemes) == 1:
        return agreement.schemes[group.schemes[0]].name
    return f"{group.code} ({listed(agreement.schemes[index].name for index in group.schemes)})"


def group_total(table: Table, group: Group) -> int:
    """The sum of a group's schemes over all partners, in pence."""
    return sum(sum(table[index]) for index in group.schemes)


def subject_sentences(subject: Subject, outcome: Outcome) -> list[str]:
    """How the amount of a subject comes about from the figures of its group."""
    figures, group = outcome.figures, subject.group
    spend = group_total(figures.spend, group)
    amount, base, spent = pounds(subject.amount_pence), pounds(subject.base_pence), pounds(spend)
    if subject.on is On.QIPP_SHORTFALL:
        return _shortfall(subject, outcome, spend)
    if subject.on.is_influenced:
        if subject.on.is_gain:
            told = say(
                "Expenditure of {spent} against a baseline of {base}: {amount} below it.",
                spent=spent,
                base=base,
                amount=amount,
            )
        else:
            told = say(
                "Expenditure of {spent} against a baseline of {base}: {amount} above it.",
                spent=spent,
                base=base,
                amount=amount,
            )
        return [told]
    sentences = [say("Expenditure of {spent} against a budget of {base}.", spent=spent, base=base)]
    over = abs(spend - subject.base_pence)
    if over != subject.amount_pence:
        sentences += _with_shortfall(subject, over)
    elif subject.on.is_gain:
        sentences.append(say("That is {amount} below it.", amount=amount))
    else:
        sentences.append(say("That is {amount} above it.", amount=amount))
    if group.excluded:
        sentences.append(_excluded(outcome, group))
    return sentences


def _shortfall(subject: Subject, outcome: Outcome, spend_pence: int) -> list[str]:
    amount = pounds(subject.amount_pence)
    delivered = say(
        "QIPP of {delivered} delivered against a target of {target}.",
        delivered=pounds(group_total(outcome.figures.delivered, subject.group)),
        target=pounds(subject.base_pence),
    )
    if outcome.agreement.qipp is not QippMode.WITHIN_BUDGET:
        beside = say("The savings target stands beside the budget: the shortfall is {amount}.", amount=amount)
        return [delivered, beside]
    within = say(
        "The budget was cut by the target already, so that the shortfall counts as far as it shows in the {over} spent "
        "above budget: {amount}.",
        over=pounds(spend_pence - group_total(outcome.figures.budget, subject.group)),
        amount=amount,
    )
    return [delivered, within]


def _with_shortfall(subject: Subject, over_pence: int) -> list[str]:
    """Of what is spent beside a budget, the part that another subject deals with, and the rest."""
    over, shortfall = pounds(over_pence), pounds(over_pence - subject.amount_pence)
    amount = pounds(subject.amount_pence)
    if subject.on.is_gain:
        return [
            say("That is {over} below it, of which {shortfall} is a QIPP shortfall.", over=over, shortfall=shortfall),
            say("The rest of the underspend is {amount}.", amount=amount),
        ]
    return [
        say("That is {over} above it, of which {shortfall} is a QIPP shortfall.", over=over, shortfall=shortfall),
        say("The rest of the overspend is {amount}.", amount=amount),
    ]


def _excluded(outcome: Outcome, group: Group) -> str:
    scheme = outcome.agreement.schemes[group.schemes[0]]
    return say(
        "The scheme is excluded from sharing: its variance is the Responsible Partner's, {partner}.",
        partner=scheme.responsible,
    )


def part_sentences(settlement: Settlement, dealt: DealtWith, part: Part) -> list[str]:
    """How a clause dealt with its part of an amount: what it took, the basis, each round, each cap, the pennies."""
    return list(_part_sentences(settlement.outcome, dealt, part))


def _part_sentences(outcome: Outcome, dealt: DealtWith, part: Part) -> Iterator[str]:
    if part.clause == EXCLUDED:
        yield _excluded(outcome, dealt.subject.group)
        return
    clause = outcome.agreement.clause_of[part.clause]
    if part.to == TO_OVERSPENDS:
        yield _called_on(clause, part)
        return
    if part.take is not None:
        yield _taken(clause, dealt.subject, part.take)
        if len(clause.slices) > 1:
            yield _goes_to(part, clause)
    if part.reserve is not None:
        yield _reserve(outcome, clause, part)
    if part.underspends is not None:
        yield _first_call(part.underspends, part)
    if part.sharing is not None:
        yield from sharing_sentences(outcome, clause, dealt.subject.group, part)


_CALLED_ON = {
    On.OVERSPEND: message(
        "Clause {clause} called on {met} of underspends to meet overspends of {wanted}; this group gave {given} of the "
        "{available} there was."
    ),
    On.QIPP_SHORTFALL: message(
        "Clause {clause} called on {met} of underspends to meet QIPP shortfalls of {wanted}; this group gave {given} "
        "of the {available} there was."
    ),
}


def _called_on(clause: Clause, part: Part) -> str:
    call = part.underspends
    assert call is not None  # noqa: S101  a part to overspends is made by such a call only
    return say(
        _CALLED_ON[clause.on],
        clause=clause.id,
        met=pounds(call.met_pence),
        wanted=pounds(call.wanted_pence),
        given=pounds(part.amount_pence),
        available=pounds(call.available_pence),
    )


def _first_call(call: UnderspendCall, part: Part) -> str:
    wanted = pounds(call.wanted_pence)
    if not call.met_pence:
        return say("There was no underspend to meet the {wanted} wanted.", wanted=wanted)
    return say(
        "Underspends of {available} were there to meet {wanted} wanted; {met} was met, of it {here} here, from "
        "{givers}.",
        available=pounds(call.available_pence),
        wanted=wanted,
        met=pounds(call.met_pence),
        here=pounds(part.amount_pence),
        givers=listed(f"{code} ({pounds(given)})" for code, given in call.givers if given),
    )


def _goes_to(part: Part, clause: Clause) -> str:
    """Where a slice of what a clause took goes."""
    percent, amount = decimal(part.percent), pounds(part.slice_pence)
    if part.to == Use.PARTNERS:
        return say("{percent}% of it, {amount}, is shared between the partners.", percent=percent, amount=amount)
    if part.to == Use.PROVISION:
        return say(
            "{percent}% of it, {amount}, is provided for the partners' own exposure.", percent=percent, amount=amount
        )
    if part.reserve is None:
        return say("{percent}% of it, {amount}, is to be met from underspends.", percent=percent, amount=amount)
    reserve = part.reserve.reserve
    if clause.on.is_gain:
        return say(
            "{percent}% of it, {amount}, is paid into reserve {reserve}.",
            percent=percent,
            amount=amount,
            reserve=reserve,
        )
    return say(
        "{percent}% of it, {amount}, is to be met from reserve {reserve}.",
        percent=percent,
        amount=amount,
        reserve=reserve,
    )


def _taken(clause: Clause, subject: Subject, take: Take) -> str:
    amount, band = pounds(take.taken_pence), _band(clause, subject, take)
    if take.per is Per.GROUP:
        return say(
            "Clause {clause} ({title}) takes {amount}: {band}.",
            clause=clause.id,
            title=clause.title,
            amount=amount,
            band=band,
        )
    together = pounds(min(take.width_pence, take.remaining_pence))
    if take.per is Per.FUND:
        return say(
            "Clause {clause} ({title}) takes {amount}: this group's part, by what remains of each, of {together} taken "
            "of the groups of the fund together, {band}.",
            clause=clause.id,
            title=clause.title,
            amount=amount,
            together=together,
            band=band,
        )
    return say(
        "Clause {clause} ({title}) takes {amount}: this group's part, by what remains of each, of {together} taken of "
        "the groups of the agreement together, {band}.",
        clause=clause.id,
        title=clause.title,
        amount=amount,
        together=together,
        band=band,
    )


def _band(clause: Clause, subject: Subject, take: Take) -> str:
    remains = pounds(take.remaining_pence)
    if clause.band is None or take.low_pence is None:
        return say("all of the {remains} that remains", remains=remains)
    limits = [clause.band.low]
    low = _edge(clause.band.low, take.low_pence)
    high = ""
    if clause.band.high is not None and take.high_pence is not None:
        limits.append(clause.band.high)
        high = _edge(clause.band.high, take.high_pence)
    reach = _reach(clause, pounds(take.measured_pence), low, high)
    if any(limit.percent is not None for limit in limits):
        reach = _against(reach, subject.on, pounds(take.base_pence))
    if take.width_pence > take.remaining_pence:
        return say("{reach}, of which the {remains} that remains is left to take", reach=reach, remains=remains)
    return reach


def _reach(clause: Clause, measured: str, low: str, high: str) -> str:
    if clause.threshold is Threshold.CLIFF:
        if high:
            return say(
                "{low} is reached, so that the {measured} measured counts from the first pound up to {high}",
                low=low,
                measured=measured,
                high=high,
            )
        return say(
            "{low} is reached, so that the {measured} measured counts from the first pound", low=low, measured=measured
        )
    if high:
        return say(
            "the part of the {measured} measured between {low} and {high}", measured=measured, low=low, high=high
        )
    return say("the part of the {measured} measured above {low}", measured=measured, low=low)


def _against(reach: str, on: On, base: str) -> str:
    """Of what the percentages are."""
    if on is On.QIPP_SHORTFALL:
        return say("{reach} of the QIPP target of {base}", reach=reach, base=base)
    if on.is_influenced:
        return say("{reach} of the baseline of {base}", reach=reach, base=base)
    return say("{reach} of the budget of {base}", reach=reach, base=base)


def _edge(limit: Limit, pence: int) -> str:
    return f"{decimal(limit.percent)}% ({pounds(pence)})" if limit.percent is not None else pounds(pence)


def _reserve(outcome: Outcome, clause: Clause, part: Part) -> str:
    call = part.reserve
    assert call is not None  # noqa: S101  asked for only where there is one
    name = next(reserve.name for reserve in outcome.agreement.reserves if reserve.code == call.reserve)
    balance, moved, wanted = pounds(call.balance_pence), pounds(call.moved_pence), pounds(call.wanted_pence)
    if clause.on.is_gain:
        return say(
            "{moved} is paid into the reserve “{name}”, which held {balance}.", moved=moved, name=name, balance=balance
        )
    if not call.moved_pence:
        return say(
            "The reserve “{name}” holds {balance}: nothing of the {wanted} wanted is drawn from it.",
            name=name,
            balance=balance,
            wanted=wanted,
        )
    if part.amount_pence == call.wanted_pence:
        return say(
            "{moved} is drawn from the reserve “{name}”, which held {balance}.", moved=moved, name=name, balance=balance
        )
    return say(
        "{moved} is drawn from the reserve “{name}”, which held {balance} against {wanted} wanted; {here} of it comes "
        "here.",
        moved=moved,
        name=name,
        balance=balance,
        wanted=wanted,
        here=pounds(part.amount_pence),
    )


def performance_sentence(released: Released) -> str:
    """What a performance element held and released, and the activity that decided it."""
    element = released.element
    held = pounds(released.held_pence)
    if released.achieved is None or released.required is None:
        return say(
            "{element} ({title}): {held} is held from {payer}; nothing is measured yet by {measure}, so that nothing "
            "is released.",
            element=element.id,
            title=element.title,
            held=held,
            payer=element.payer,
            measure=element.measure,
        )
    return say(
        "{element} ({title}): {held} is held from {payer}; a reduction of {achieved} was achieved where {required} was "
        "required, which releases {released} and withholds {withheld}.",
        element=element.id,
        title=element.title,
        held=held,
        payer=element.payer,
        achieved=decimal(released.achieved),
        required=decimal(released.required),
        released=pounds(released.released_pence),
        withheld=pounds(released.withheld_pence),
    )
