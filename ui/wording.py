"""What the screen says that nothing below has said already: headings, states, who pays whom, what is unallocated.

Names of lines, amounts and groups are those of `settlement.explain` and `settlement.sentences`, so that the screen,
the statement and `s75 explain` call a thing the same.
"""

from ledgers import PeriodState, State
from rules.agreement import Agreement, On, Partner, Use
from rules.english import listed
from rules.money import pounds
from rules.outcome import DealtWith
from rules.trace import Part
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from rules.wording import sentence
from settlement.explain import part_sentences, row_names
from settlement.sentences import SUBJECT_NAMES, group_name, subject_sentences
from settlement.settle import Settlement
from ui.periods import period_name, state_name

__all__ = ["period_name", "state_name"]


def due(pence: int) -> str:
    """What a net due means for the partner."""
    if not pence:
        return "nothing due"
    return "to pay" if pence > 0 else "to receive"


def row_labels() -> tuple[tuple[str, str], ...]:
    """The figures of a partner's row by the result's keys, each with its name and, in words, its sign."""
    (first, first_words, _), *others, (last, last_words, _) = row_names()
    signed = ((key, f"{'Less' if sign < 0 else 'Add'}: {_lowered(words)}") for key, words, sign in others)
    return ((first, first_words), *signed, (last, last_words))


def partner_name(partner: Partner) -> str:
    """The name and the code, which clauses and their traces go by."""
    return f"{partner.name} ({partner.code})"


def reading_name(settlement: Settlement) -> str:
    """Which reading of the year this is, as a heading says it."""
    name = period_name(settlement.period, settlement.agreement.year)
    return f"forecast outturn seen from {name}" if settlement.is_outturn else f"year to date at {name}"


def standing(state: PeriodState) -> str:
    """Whether the figures are final."""
    return "Signed" if state.state is State.SIGNED else "Draft"


def transfers_in_words(settlement: Settlement) -> tuple[str, ...]:
    """Who pays whom, a sentence for each transfer; one sentence if nobody pays anybody."""
    due = {(transfer.payer, transfer.receiver): transfer.amount_pence for transfer in settlement.transfers}
    return payments_in_words(settlement, due)


def payments_in_words(settlement: Settlement, due_pence: dict[tuple[str, str], int]) -> tuple[str, ...]:
    """The same of what partners of the settlement would pay each other: the payer, the receiver, the amount."""
    name_of = {partner.code: partner.name for partner in settlement.agreement.partners}
    pays = "is forecast to pay" if settlement.is_outturn else "pays"
    told = tuple(
        f"{name_of[payer]} {pays} {name_of[receiver]} {pounds(pence)}" for (payer, receiver), pence in due_pence.items()
    )
    return told or ("No partner owes another anything",)


def subject_name(dealt: DealtWith, settlement: Settlement) -> str:
    """`Overspend of Community equipment`."""
    return _raised(_subject(dealt, settlement))


def how_far(dealt: DealtWith) -> str:
    """Whether the schedule deals with all of an amount."""
    return "Not all dealt with" if dealt.unallocated_pence else "Dealt with in full"


def about_subject(dealt: DealtWith, settlement: Settlement) -> list[str]:
    """How the amount arose and whether the schedule deals with all of it."""
    told = [f"{subject_name(dealt, settlement)}: {pounds(dealt.subject.amount_pence)}."]
    told += subject_sentences(dealt.subject, settlement.outcome)
    schemes = settlement.agreement.schemes
    names = listed(f"{schemes[index].name} ({schemes[index].code})" for index in dealt.subject.group.schemes)
    told.append(f"Schemes in it: {names}.")
    if dealt.unallocated_pence:
        told.append(f"No clause of the schedule deals with {pounds(dealt.unallocated_pence)} of it.")
    else:
        told.append("The schedule deals with all of it. Select a clause below it to see how.")
    return told


def about_part(dealt: DealtWith, part: Part, settlement: Settlement) -> list[str]:
    """What the clause says and how it dealt with its part of the amount, step by step."""
    clause = settlement.agreement.clause_of.get(part.clause)
    says = [] if clause is None else [f"Clause {clause.id} says: {sentence(clause, settlement.agreement)}"]
    return says + part_sentences(settlement, dealt, part)


def about_unallocated(dealt: DealtWith, settlement: Settlement) -> list[str]:
    """What to do about an amount that no clause deals with."""
    return [
        f"No clause of the schedule deals with {_left(dealt, settlement)}.",
        "Add a clause to the agreement, or widen one, so that the schedule says who bears or receives it.",
        "Until then the period cannot be signed.",
    ]


def clause_name(part: Part, agreement: Agreement) -> str:
    """The clause's number and title."""
    clause = agreement.clause_of.get(part.clause)
    return f"{part.clause}: {clause.title}" if clause is not None else "No clause: the scheme is excluded from sharing"


def doing(part: Part, on: On, agreement: Agreement) -> str:
    """Where a part of an amount went."""
    if part.clause == EXCLUDED:
        return "Left with the Responsible Partner"
    use, _, code = part.to.partition(":")
    if use == Use.RESERVE:
        name = next(reserve.name for reserve in agreement.reserves if reserve.code == code)
        return f"Paid into reserve: {name}" if on.is_gain else f"Drawn from reserve: {name}"
    return {
        str(Use.PARTNERS): "Shared between partners",
        str(Use.PROVISION): "Provided for the partners' own exposure",
        FROM_UNDERSPENDS: "Met from underspends",
        TO_OVERSPENDS: "Given to meet overspends",
    }[use]


def unallocated_in_words(settlement: Settlement) -> list[str]:
    """What no clause deals with, a sentence for each amount; empty if the schedule is complete for these figures."""
    return [
        f"No clause deals with {_left(dealt, settlement)}."
        for dealt in settlement.outcome.subjects
        if dealt.unallocated_pence
    ]


def _left(dealt: DealtWith, settlement: Settlement) -> str:
    agreement = settlement.agreement
    host = agreement.partner_of[agreement.fund_of[dealt.subject.group.fund].host]
    left = f"{pounds(dealt.unallocated_pence)} of the {_subject(dealt, settlement)}"
    return f"{left}; it is left with the host, {host.name}"


def _subject(dealt: DealtWith, settlement: Settlement) -> str:
    return f"{SUBJECT_NAMES[dealt.subject.on]} of {group_name(dealt.subject.group, settlement.outcome)}"


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
