"""The working of each line of what is due: to the penny, by fund, by scheme and kind, by clause, by who pays whom.

Nothing is worked out here: each figure is one of the settlement's, and each table comes to the line that it is of.
"""

from collections.abc import Callable, Iterator

from rules.agreement import On, Use
from rules.language import say
from rules.money import pounds
from rules.outcome import DealtWith
from rules.trace import Part
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.cash import is_drawing
from settlement.sentences import basis_text, part_sentences
from settlement.statements.anchors import NET
from settlement.statements.document import Align, Block, Bullets, Column, Heading, Paragraph, amounts
from settlement.statements.footing import footing_lines
from settlement.statements.wording import named, percent, subject_name
from settlement.statements.working.references import References
from settlement.statements.working.schemes import contribution_due, paid, realised, received, spend, under_fund
from settlement.statements.working.table import Entry, Under, Working, summed

MOST_TOLD = 12
"""Shares of a line that are told step by step beneath it: more would be pages of what the Workings have."""

_LESS = frozenset({"underspend", "benefit", "provision", "spend", "paid"})
_SHARES = frozenset({*map(str, On), str(Use.PROVISION)})


def steps_title() -> str:
    """The section of the Workings that tells of every amount how it was dealt with."""
    return say("How each amount was dealt with")


def working_blocks(references: References, level: int) -> list[Block]:
    """A heading for each line of the partner's that is shown, by its number, and beneath it what makes it."""
    blocks: list[Block] = []
    for line in footing_lines(references.inputs, references.partner):
        working = _share(references, line.key) if line.key in _SHARES else _MAKERS[line.key](references)
        anchor, goes_to = references.working(line.key), references.due(line.key)
        if not working.entries:
            # Its line is shown for what was stated before or is forecast, and leads here.
            nil = say("{number} {line}: nil at this period", number=line.reference, line=line.label)
            blocks.append(Heading(nil, level + 1, anchor=anchor, goes_to=goes_to))
            continue
        text = f"{line.reference} {line.label}: {pounds(line.pence)}"
        blocks.append(Heading(text, level, anchor=anchor, goes_to=goes_to))
        sum_anchor = references.comes_to(line.key)
        blocks.append(summed(working, text, line.label, less=line.key in _LESS, anchor=sum_anchor))
        if line.key in _SHARES and references.in_statement:
            blocks += _steps(references, line.key)
    return blocks


# Shares


def _shares_of(references: References, key: str) -> Iterator[tuple[int, DealtWith, Part, int]]:
    """The parts of amounts that make a line of the partner's, with each amount's place and the partner's share."""
    column = references.column
    for number, dealt in enumerate(references.inputs.settlement.outcome.subjects, 1):
        for part in dealt.parts:
            if part.shares_pence is not None and part.shares_pence[column]:
                of = str(Use.PROVISION) if part.to == Use.PROVISION else str(dealt.subject.on)
                if of == key:
                    yield number, dealt, part, part.shares_pence[column]


def _share(references: References, key: str) -> Working:
    """The partner's share of each amount, by the clause that shared it and the basis it was shared by."""
    found = list(_shares_of(references, key))
    capped = any(turn.held for _, _, part, _ in found if part.sharing is not None for turn in part.sharing.rounds)
    entries = []
    for number, dealt, part, share in found:
        how, per_cent, of_pence = _how(references, dealt, part)
        cells = (_what(references, dealt, part), how, per_cent, of_pence, share)
        under = under_fund(references, dealt.subject.group.fund)
        entries.append(Entry(under, cells, references.part(number, part)))
    columns = (
        Column(say("Amount shared"), width=4),
        Column(say("How"), width=3),
        Column(say("Per cent before caps") if capped else say("Per cent"), Align.RIGHT),
        *amounts(say("Of £"), say("Share £")),
    )
    return Working(columns, tuple(entries), only_last=True)


def _what(references: References, dealt: DealtWith, part: Part) -> str:
    name = subject_name(dealt.subject, references.inputs.settlement.outcome)
    return name if part.clause == EXCLUDED else say("Clause {clause}: {amount}", clause=part.clause, amount=name)


def _how(references: References, dealt: DealtWith, part: Part) -> tuple[str, str, int]:
    """The basis, the partner's part of it in per cent, and of how much that is."""
    if part.sharing is None:
        return say("wholly with its Responsible Partner"), percent(1, 1), part.amount_pence
    weights = part.sharing.weights
    per_cent = percent(weights.whole[references.column], sum(weights.whole))
    return basis_text(weights, dealt.subject.group), per_cent, part.slice_pence


def _steps(references: References, key: str) -> list[Block]:
    """Each step of the arithmetic, for the shares of a line as far as a page holds them, and the way to each amount."""
    settlement = references.inputs.settlement
    found = list(_shares_of(references, key))
    if len(found) > MOST_TOLD:
        text = say("The Workings tell of each how it was shared, under “{section}”.", section=steps_title())
        return [Paragraph(text)]
    blocks: list[Block] = []
    for number, dealt, part, _ in found:
        name = subject_name(dealt.subject, settlement.outcome)
        blocks.append(Paragraph(name, goes_to=references.names.amount(number)))
        blocks.append(Bullets(tuple(part_sentences(settlement, dealt, part))))
    return blocks


# What it answers for as a host


def _drawn(references: References) -> Working:
    """What its funds drew from reserves and underspends, less what they paid in and gave."""
    entries = [
        Entry(
            under_fund(references, dealt.subject.group.fund),
            (_what(references, dealt, part), _where(references, dealt, part), part.amount_pence),
            references.part(number, part),
            takes=dealt.subject.on.is_gain,
        )
        for number, dealt in _hosted(references)
        for part in dealt.parts
        if is_drawing(part.to)
    ]
    columns = (Column(say("Amount"), width=4), Column(say("Where"), width=3), *amounts(say("Amount £")))
    return Working(columns, tuple(entries))


def _where(references: References, dealt: DealtWith, part: Part) -> str:
    if part.to == FROM_UNDERSPENDS:
        return say("met from underspends")
    if part.to == TO_OVERSPENDS:
        return say("less: given to overspends")
    code = part.to.partition(":")[2]
    name = next(named(each.name, code) for each in references.inputs.agreement.reserves if each.code == code)
    if dealt.subject.on.is_gain:
        return say("less: paid into {reserve}", reserve=name)
    return say("drawn from {reserve}", reserve=name)


def _between_hosts(references: References) -> Working:
    """What its funds owe those of other hosts because a clause drew on them, less what they are owed."""
    agreement = references.inputs.agreement
    entries = []
    for movement in references.inputs.settlement.outcome.movements:
        payer, receiver = agreement.fund_of[movement.payer], agreement.fund_of[movement.receiver]
        if payer.host != receiver.host and references.partner in {payer.host, receiver.host}:
            text = say(
                "Clause {clause}: {payer} pays {receiver}",
                clause=movement.clause,
                payer=named(payer.name, payer.code),
                receiver=named(receiver.name, receiver.code),
            )
            takes = receiver.host == references.partner
            own = receiver if takes else payer
            under = under_fund(references, own.code)
            entries.append(Entry(under, (text, movement.amount_pence), references.clause(movement.clause), takes=takes))
    return Working((Column(say("Movement"), width=4), *amounts(say("Amount £"))), tuple(entries))


def _unallocated(references: References) -> Working:
    """Losses of its funds that no clause dealt with, less gains."""
    outcome = references.inputs.settlement.outcome
    entries = [
        Entry(
            under_fund(references, dealt.subject.group.fund),
            (subject_name(dealt.subject, outcome), dealt.unallocated_pence),
            references.names.amount(number),
            takes=dealt.subject.on.is_gain,
        )
        for number, dealt in _hosted(references)
        if dealt.unallocated_pence
    ]
    return Working((Column(say("Amount"), width=4), *amounts(say("Not allocated £"))), tuple(entries))


def _hosted(references: References) -> Iterator[tuple[int, DealtWith]]:
    """The amounts of the funds that the partner hosts."""
    funds = references.inputs.agreement.fund_of
    for number, dealt in enumerate(references.inputs.settlement.outcome.subjects, 1):
        if funds[dealt.subject.group.fund].host == references.partner:
            yield number, dealt


# What passes


def _net(references: References) -> Working:
    """What is due between it and each other partner: by their accounts with each fund, and funds' movements."""
    inputs = references.inputs
    agreement = inputs.agreement
    code = references.partner
    entries: list[tuple[str, Entry]] = []
    for account in inputs.settlement.accounts:
        fund = agreement.fund_of[account.fund]
        if not account.owed_pence or fund.host == account.partner or code not in {fund.host, account.partner}:
            continue
        text = say(
            "Account of {partner} with {fund}",
            partner=inputs.name_of(account.partner),
            fund=named(fund.name, fund.code),
        )
        is_own = account.partner == code
        other = fund.host if is_own else account.partner
        cells = (text, account.owed_pence if is_own else -account.owed_pence)
        entries.append((other, Entry(_between(references, other), cells, references.fund(fund.code) if is_own else "")))
    for movement in inputs.settlement.outcome.movements:
        payer, receiver = agreement.fund_of[movement.payer], agreement.fund_of[movement.receiver]
        if payer.host == receiver.host or code not in {payer.host, receiver.host}:
            continue
        text = say(
            "Clause {clause}: {payer} pays {receiver}",
            clause=movement.clause,
            payer=named(payer.name, payer.code),
            receiver=named(receiver.name, receiver.code),
        )
        pays = payer.host == code
        other = receiver.host if pays else payer.host
        cells = (text, movement.amount_pence if pays else -movement.amount_pence)
        entries.append((other, Entry(_between(references, other), cells, references.clause(movement.clause))))
    places = {partner.code: place for place, partner in enumerate(agreement.partners)}
    entries.sort(key=lambda each: places[each[0]])
    columns = (Column(say("Account"), width=4), *amounts(say("Due £ (negative: receives)")))
    return Working(columns, tuple(entry for _, entry in entries))


def _between(references: References, other: str) -> Under:
    return Under(say("Between it and {partner}", partner=references.inputs.name_of(other)))


_MAKERS: dict[str, Callable[[References], Working]] = {
    "contribution_due": contribution_due,
    "handed_over": realised,
    "spend": spend,
    "paid": paid,
    "received": received,
    "drawn": _drawn,
    "between_hosts": _between_hosts,
    "unallocated": _unallocated,
    NET: _net,
}
