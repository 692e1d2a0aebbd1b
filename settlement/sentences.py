"""The trace in words: each step of the arithmetic as a sentence that a partner can check with a calculator."""

from collections.abc import Iterator
from fractions import Fraction

from rules.agreement import Beyond, By, Clause, Kind, Limit, Netting, On, Per, QippMode, Threshold, Use
from rules.english import listed
from rules.figures import Table
from rules.groups import Group, Subject
from rules.money import decimal, pounds
from rules.outcome import DealtWith, Outcome
from rules.performance import Released
from rules.trace import CapHeld, Handover, Part, Round, Sharing, Take, UnderspendCall
from rules.waterfall import EXCLUDED, TO_OVERSPENDS
from rules.weights import Weights
from settlement.ratios import ratio_text
from settlement.settle import Settlement

SUBJECT_NAMES = {
    On.QIPP_SHORTFALL: "QIPP shortfall",
    On.OVERSPEND: "overspend",
    On.DISBENEFIT: "disbenefit",
    On.UNDERSPEND: "underspend",
    On.BENEFIT: "benefit",
}
_BASE_NAMES = {On.QIPP_SHORTFALL: "QIPP target", On.BENEFIT: "baseline", On.DISBENEFIT: "baseline"}


def subject_title(on: On) -> str:
    """The name of a kind of amount where a sentence or heading begins with it."""
    name = SUBJECT_NAMES[on]
    return name[0].upper() + name[1:]


def base_name(on: On) -> str:
    """What a percentage of the subject is a percentage of: its budget, QIPP target or baseline."""
    return _BASE_NAMES.get(on, "budget")


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
    amount = pounds(subject.amount_pence)
    spend = group_total(figures.spend, group)
    spent = f"Expenditure of {pounds(spend)}"
    if subject.on is On.QIPP_SHORTFALL:
        delivered = group_total(figures.delivered, group)
        sentences = [f"QIPP of {pounds(delivered)} delivered against a target of {pounds(subject.base_pence)}."]
        if outcome.agreement.qipp is QippMode.WITHIN_BUDGET:
            over = spend - group_total(figures.budget, group)
            sentences.append(
                f"The budget was cut by the target already, so that the shortfall counts as far as it shows in the "
                f"{pounds(over)} spent above budget: {amount}."
            )
        else:
            sentences.append(f"The savings target stands beside the budget: the shortfall is {amount}.")
        return sentences
    if subject.on.is_influenced:
        side = "below" if subject.on.is_gain else "above"
        return [f"{spent} against a baseline of {pounds(subject.base_pence)}: {amount} {side} it."]
    side = "below" if subject.on.is_gain else "above"
    sentences = [f"{spent} against a budget of {pounds(subject.base_pence)}."]
    over = abs(spend - subject.base_pence)
    if over != subject.amount_pence:
        sentences.append(
            f"That is {pounds(over)} {side} it, of which {pounds(over - subject.amount_pence)} is a QIPP shortfall."
        )
        sentences.append(f"The rest of the {SUBJECT_NAMES[subject.on]} is {amount}.")
    else:
        sentences.append(f"That is {amount} {side} it.")
    if group.excluded:
        scheme = outcome.agreement.schemes[group.schemes[0]]
        sentences.append(
            f"The scheme is excluded from sharing: its variance is the Responsible Partner's, {scheme.responsible}."
        )
    return sentences


def part_sentences(settlement: Settlement, dealt: DealtWith, part: Part) -> list[str]:
    """How a clause dealt with its part of an amount: what it took, the basis, each round, each cap, the pennies."""
    return list(_part_sentences(settlement.outcome, dealt, part))


def _part_sentences(outcome: Outcome, dealt: DealtWith, part: Part) -> Iterator[str]:
    if part.clause == EXCLUDED:
        yield subject_sentences(dealt.subject, outcome)[-1]
        return
    clause = outcome.agreement.clause_of[part.clause]
    if part.to == TO_OVERSPENDS:
        call = part.underspends
        assert call is not None  # noqa: S101  a part to overspends is made by such a call only
        yield (
            f"Clause {clause.id} called on {pounds(call.met_pence)} of underspends to meet "
            f"{SUBJECT_NAMES[clause.on]}s of {pounds(call.wanted_pence)}; this group gave {pounds(part.amount_pence)} "
            f"of the {pounds(call.available_pence)} there was."
        )
        return
    if part.take is not None:
        yield _taken(clause, dealt.subject, part.take)
        if len(clause.slices) > 1:
            yield f"{decimal(part.percent)}% of it, {pounds(part.slice_pence)}, {_goes_to(part, clause)}."
    if part.reserve is not None:
        yield _reserve(outcome, clause, part)
    if part.underspends is not None:
        yield _first_call(part.underspends, part)
    if part.sharing is not None:
        yield from _sharing(outcome, clause, dealt.subject.group, part.sharing, part)


def _first_call(call: UnderspendCall, part: Part) -> str:
    if not call.met_pence:
        return f"There was no underspend to meet the {pounds(call.wanted_pence)} wanted."
    givers = listed(f"{code} ({pounds(given)})" for code, given in call.givers if given)
    return (
        f"Underspends of {pounds(call.available_pence)} were there to meet {pounds(call.wanted_pence)} wanted; "
        f"{pounds(call.met_pence)} was met, of it {pounds(part.amount_pence)} here, from {givers}."
    )


def _goes_to(part: Part, clause: Clause) -> str:
    if part.to == Use.PARTNERS:
        return "is shared between the partners"
    if part.to == Use.PROVISION:
        return "is provided for the partners' own exposure"
    if part.reserve is not None:
        return f"is {'paid into' if clause.on.is_gain else 'to be met from'} reserve {part.reserve.reserve}"
    return "is to be met from underspends"


def _taken(clause: Clause, subject: Subject, take: Take) -> str:
    amount = pounds(take.taken_pence)
    head = f"Clause {clause.id} ({clause.title}) takes {amount}"
    if take.per is not Per.GROUP:
        whole = "of the fund" if take.per is Per.FUND else "of the agreement"
        together = min(take.width_pence, take.remaining_pence)
        part = f"this group's part, by what remains of each, of {pounds(together)} taken of the groups {whole} together"
        return f"{head}: {part}, {_band(clause, subject, take)}."
    return f"{head}: {_band(clause, subject, take)}."


def _band(clause: Clause, subject: Subject, take: Take) -> str:
    remains = f"the {pounds(take.remaining_pence)} that remains"
    if clause.band is None or take.low_pence is None:
        return f"all of {remains}"
    base = f"{base_name(subject.on)} of {pounds(take.base_pence)}"
    low = _edge(clause.band.low, take.low_pence)
    measured = f"the {pounds(take.measured_pence)} measured"
    if clause.band.high is None or take.high_pence is None:
        reach = f"the part of {measured} above {low}"
    else:
        reach = f"the part of {measured} between {low} and {_edge(clause.band.high, take.high_pence)}"
    if clause.threshold is Threshold.CLIFF:
        reach = f"{low} is reached, so that {measured} counts from the first pound"
        if clause.band.high is not None and take.high_pence is not None:
            reach += f" up to {_edge(clause.band.high, take.high_pence)}"
    has_percent = clause.band.low.percent is not None or (
        clause.band.high is not None and clause.band.high.percent is not None
    )
    against = f" of the {base}" if has_percent else ""
    short = f", of which {remains} is left to take" if take.width_pence > take.remaining_pence else ""
    return f"{reach}{against}{short}"


def _edge(limit: Limit, pence: int) -> str:
    return f"{decimal(limit.percent)}% ({pounds(pence)})" if limit.percent is not None else pounds(pence)


def _reserve(outcome: Outcome, clause: Clause, part: Part) -> str:
    call = part.reserve
    assert call is not None  # noqa: S101  asked for only where there is one
    name = next(reserve.name for reserve in outcome.agreement.reserves if reserve.code == call.reserve)
    balance = pounds(call.balance_pence)
    if clause.on.is_gain:
        return f"{pounds(call.moved_pence)} is paid into the reserve “{name}”, which held {balance}."
    if not call.moved_pence:
        return (
            f"The reserve “{name}” holds {balance}: nothing of the {pounds(call.wanted_pence)} wanted is drawn from it."
        )
    drawn = f"{pounds(call.moved_pence)} is drawn from the reserve “{name}”, which held {balance}"
    if part.amount_pence == call.wanted_pence:
        return f"{drawn}."
    return f"{drawn} against {pounds(call.wanted_pence)} wanted; {pounds(part.amount_pence)} of it comes here."


_BASIS_TEXTS = {
    By.FIXED: "in fixed shares",
    By.POOLED: "in proportion to contributions to pooled funds",
    By.CORE: "in proportion to contributions to core services",
    By.FUND: "in proportion to contributions to the fund {group.fund}",
    By.SCHEME: "in proportion to contributions to the schemes of {group.code}",
    By.RESPONSIBLE: "by the variance of the schemes that each is responsible for",
    By.LEAD: "by the variance of the schemes that each leads",
    By.INCURRED: "where it fell, by each partner's own variance",
    By.HOST: "with the Host Partner",
    By.PARTNER: "with {share.name}",
    By.BASIS: "in proportion to the agreed amounts “{share.name}”",
}


def basis_text(weights: Weights, group: Group) -> str:
    """What the basis of a share is, in words."""
    first = " as first agreed" if weights.share.at_opening else ""
    return _BASIS_TEXTS[weights.share.by].format(group=group, share=weights.share) + first


def figure_text(weights: Weights, column: int) -> str:
    """A partner's figure of the basis: pounds, or the agreement's own weight."""
    figure = weights.figures[column]
    return pounds(int(figure)) if weights.in_pence else decimal(Fraction(figure))


def _sharing(outcome: Outcome, clause: Clause, group: Group, sharing: Sharing, part: Part) -> Iterator[str]:
    codes = [partner.code for partner in outcome.agreement.partners]
    weights = sharing.weights
    whole = sum(weights.whole)
    figures = listed(
        f"{code} {figure_text(weights, column)}, which is {ratio_text(weights.whole[column], whole)}"
        for column, code in enumerate(codes)
        if weights.whole[column]
    )
    yield f"Shared {basis_text(weights, group)}: {figures}."
    for number, turn in enumerate(sharing.rounds, 1):
        name = f"Round {number}" if len(sharing.rounds) > 1 else "Allocated"
        yield f"{name}: {pounds(turn.total_pence)} makes {_shares(codes, turn, weights)}."
        for held in turn.held:
            yield _held(held, clause)
    for handover in sharing.handovers:
        yield _handover(handover)
    if sharing.left_pence:
        yield f"{pounds(sharing.left_pence)} is left for a later clause."
    verb = "receives" if clause.on.is_gain else "bears"
    shares = [(code, share) for code, share in zip(codes, sharing.shares_pence, strict=True) if share]
    if not shares:
        yield f"Nobody {verb} any of it."
        return
    in_all = f", {pounds(part.amount_pence)} in all" if len(shares) > 1 else ""
    yield listed(f"{code} {verb} {pounds(share)}" for code, share in shares) + f"{in_all}."


def _shares(codes: list[str], turn: Round, weights: Weights) -> str:
    still_in = [column for column, share in enumerate(turn.shares_pence) if share is not None]
    whole = sum(weights.whole[column] for column in still_in)
    texts = []
    for column in still_in:
        share = turn.shares_pence[column] or 0
        penny = share - turn.total_pence * weights.whole[column] // whole
        texts.append(f"{codes[column]} {pounds(share)}{' (with an odd penny)' if penny else ''}")
    return listed(texts)


def _held(held: CapHeld, clause: Clause) -> str:
    verb = "receives" if clause.on.is_gain else "bears"
    cap = f"{held.partner}'s cap of {pounds(held.cap_pence)}"
    if held.cap.limit.percent is not None:
        of = f"the fund {held.cap.of}" if held.cap.of else "pooled funds"
        cap += f" ({decimal(held.cap.limit.percent)}% of its contribution to {of})"
    left = "" if held.headroom_pence == held.cap_pence else f", of which {pounds(held.headroom_pence)} is left,"
    beyond = {
        Beyond.OTHERS: "goes to the other partners",
        Beyond.NEXT: "is left for the next clause",
        Beyond.HOST: "is offered to the Host Partner",
        Beyond.PARTNER: f"is offered to {held.cap.bearer}",
    }[held.cap.beyond]
    excess = f"the {pounds(held.excess_pence)} beyond {beyond}"
    return f"{cap}{left} holds: it {verb} {pounds(held.headroom_pence)}, and {excess}."


def _handover(handover: Handover) -> str:
    if not handover.taken_pence:
        excess = pounds(handover.excess_pence)
        return f"{handover.receiver} can take none of {handover.giver}'s excess of {excess}: its own cap is used up."
    took = f"{handover.receiver} takes {pounds(handover.taken_pence)} of {handover.giver}'s excess"
    if handover.taken_pence == handover.excess_pence:
        return f"{took}."
    return f"{took} of {pounds(handover.excess_pence)}, as far as its own cap allows."


def performance_sentence(released: Released) -> str:
    """What a performance element held and released, and the activity that decided it."""
    element = released.element
    head = f"{element.id} ({element.title}): {pounds(released.held_pence)} is held from {element.payer}"
    if released.achieved is None or released.required is None:
        return f"{head}; nothing is measured yet by {element.measure}, so that nothing is released."
    return (
        f"{head}; a reduction of {decimal(released.achieved)} was achieved where {decimal(released.required)} was "
        f"required, which releases {pounds(released.released_pence)} and withholds {pounds(released.withheld_pence)}."
    )


KIND_NAMES = {
    Kind.BUDGET: "Budget",
    Kind.VIREMENT: "Virements",
    Kind.PAYMENT: "Payments to the Host Partner",
    Kind.ACTUAL: "Actual",
    Kind.ACCRUAL: "Accruals",
    Kind.FORECAST: "Forecast",
    Kind.QIPP_TARGET: "QIPP target",
    Kind.QIPP_DELIVERED: "QIPP delivered",
    Kind.QIPP_FORECAST: "QIPP forecast",
    Kind.BASELINE: "Baseline",
}
