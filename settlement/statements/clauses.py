"""How the agreement shared each amount: every clause that bit, what it dealt with, the basis, the ratios, the caps."""

from collections.abc import Iterable

from rules.agreement import Clause, Use
from rules.english import listed
from rules.language import say, say_many
from rules.money import pounds
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from rules.wording import sentence
from settlement.sentences import part_sentences
from settlement.statements.anchors import anchors_of, working_numbers
from settlement.statements.clauses_shared import Dealt, cap_notes, shared_blocks, with_total
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    amounts,
)
from settlement.statements.in_dispute import clause_dispute_notes
from settlement.statements.inputs import StatementInputs
from settlement.statements.sealed import governing_blocks
from settlement.statements.wording import named, subject_name


def clauses_section(inputs: StatementInputs, partner: str) -> Section:
    """Every amount that had to be dealt with, then each clause that bit, in the schedule's order."""
    outcome = inputs.settlement.outcome
    dealt: dict[str, list[Dealt]] = {}
    tried: dict[str, list[Dealt]] = {}
    for number, subject in enumerate(outcome.subjects, 1):
        for part in subject.parts:
            dealt.setdefault(part.clause, []).append(Dealt(number, subject, part))
        for part in subject.tried:
            tried.setdefault(part.clause, []).append(Dealt(number, subject, part))
    blocks: list[Block] = [*governing_blocks(inputs), _subjects(inputs)]
    if outcome.subjects:
        blocks.append(Paragraph(inputs.codes_line))
    for clause in inputs.agreement.clauses:
        if clause.id in dealt or clause.id in tried:
            blocks += _clause(inputs, clause, dealt.get(clause.id, []), partner)
        if clause.id in tried:
            blocks.append(_tried(inputs, clause, tried[clause.id]))
    if EXCLUDED in dealt:
        blocks += _excluded(inputs, dealt[EXCLUDED])
    idle = [clause.id for clause in inputs.agreement.clauses if clause.id not in {*dealt, *tried}]
    if idle:
        blocks.append(Paragraph(_idle(idle)))
    return Section(say("How the agreement shares it"), tuple(blocks))


def _idle(clauses: list[str]) -> str:
    return say_many(
        "Clause {clauses} had nothing to deal with at this period.",
        "Clauses {clauses} had nothing to deal with at this period.",
        len(clauses),
        clauses=listed(clauses),
    )


def _subjects(inputs: StatementInputs) -> Block:
    outcome, names = inputs.settlement.outcome, anchors_of(inputs)
    if not outcome.subjects:
        return Paragraph(say("No fund is over or under its budget, so that there is nothing to share."))
    rows = [
        Row(
            (
                subject_name(dealt.subject, outcome),
                dealt.subject.base_pence,
                dealt.subject.amount_pence,
                dealt.subject.amount_pence - dealt.unallocated_pence,
                dealt.unallocated_pence,
            ),
            goes_to=names.amount(number),
        )
        for number, dealt in enumerate(outcome.subjects, 1)
    ]
    columns = (
        Column(say("Amount to be dealt with"), width=3),
        *amounts(say("Budget, target or baseline £"), say("Amount £")),
        Column(say("Dealt with £"), Align.RIGHT, adds=(2,), takes=(4,)),
        *amounts(say("Not allocated £")),
    )
    return Table(say("What the schedule had to deal with"), columns, tuple(rows))


def _clause(inputs: StatementInputs, clause: Clause, dealt: list[Dealt], partner: str) -> list[Block]:
    title = say("Clause {clause}: {title}", clause=clause.id, title=clause.title)
    names, key = anchors_of(inputs), str(clause.on)
    back = names.working(key) if key in working_numbers(inputs, partner) else ""
    blocks: list[Block] = [
        Heading(title, anchor=names.clause(clause.id), goes_to=back),
        *clause_dispute_notes(inputs, clause.id),
        Paragraph(sentence(clause, inputs.agreement)),
        Paragraph(_came_to(inputs, clause, dealt, partner)),
    ]
    for to in dict.fromkeys(each.part.to for each in dealt):
        own_parts = [each for each in dealt if each.part.to == to]
        if to in {Use.PARTNERS, Use.PROVISION}:
            blocks += shared_blocks(inputs, clause, to, own_parts, partner)
        elif to in {FROM_UNDERSPENDS, TO_OVERSPENDS}:
            blocks.append(_underspends(inputs, clause, to, own_parts))
        else:
            blocks.append(_reserve(inputs, clause, own_parts))
    return blocks


def _came_to(inputs: StatementInputs, clause: Clause, dealt: list[Dealt], partner: str) -> str:
    """What the clause dealt with, and what of it fell to the partner."""
    if not dealt:
        return say("It came to nothing.")
    total = sum(each.part.amount_pence for each in dealt if each.part.to != TO_OVERSPENDS)
    said = say("It dealt with {amount}.", amount=pounds(total))
    shared = [each.part.shares_pence for each in dealt if each.part.shares_pence is not None]
    if not shared:
        return said
    column = [each.code for each in inputs.agreement.partners].index(partner)
    name, own = inputs.name_of(partner), pounds(sum(shares[column] for shares in shared))
    if clause.on.is_gain:
        return f"{said} {say('{partner} receives {amount} under it.', partner=name, amount=own)}"
    return f"{said} {say('{partner} bears {amount} under it.', partner=name, amount=own)}"


def _tried(inputs: StatementInputs, clause: Clause, tried: list[Dealt]) -> Bullets:
    """Why the clause came to nothing for an amount: a cap used up, a reserve empty, no underspend there."""
    settlement = inputs.settlement
    told: list[str] = []
    for each in tried:
        why = cap_notes(inputs, clause, each.part.sharing) if each.part.sharing is not None else []
        name = subject_name(each.dealt.subject, settlement.outcome)
        told += [f"{name}: {note}" for note in (*why, part_sentences(settlement, each.dealt, each.part)[-1])]
    return Bullets(tuple(told))


def _underspends(inputs: StatementInputs, clause: Clause, to: str, dealt: list[Dealt]) -> Table:
    outcome = inputs.settlement.outcome
    if to == TO_OVERSPENDS:
        title = say("Clause {clause}: underspends called upon", clause=clause.id)
        columns = (Column(say("Underspend"), width=3), *amounts(say("Underspend £"), say("Given £")))
    else:
        title = say("Clause {clause}: met from underspends", clause=clause.id)
        columns = (Column(say("Overspend"), width=3), *amounts(say("Wanted £"), say("Met £")))
    names = anchors_of(inputs)
    rows = [
        Row(
            (
                subject_name(each.dealt.subject, outcome),
                each.dealt.subject.amount_pence if to == TO_OVERSPENDS else each.part.slice_pence,
                each.part.amount_pence,
            ),
            goes_to=names.amount(each.number),
        )
        for each in dealt
    ]
    return Table(title, columns, with_total(rows))


def _reserve(inputs: StatementInputs, clause: Clause, dealt: list[Dealt]) -> Table:
    outcome = inputs.settlement.outcome
    code = dealt[0].part.to.partition(":")[2]
    reserve = next(balance.reserve for balance in outcome.reserves if balance.reserve.code == code)
    name = named(reserve.name, code)
    if clause.on.is_gain:
        title = say("Clause {clause}: paid into the reserve {reserve}", clause=clause.id, reserve=name)
        return Table(title, (Column(say("Amount"), width=3), *amounts(say("Paid in £"))), _moved(inputs, dealt))
    title = say("Clause {clause}: drawn from the reserve {reserve}", clause=clause.id, reserve=name)
    columns = (Column(say("Amount"), width=3), *amounts(say("Wanted £"), say("Drawn £")))
    return Table(title, columns, _moved(inputs, dealt, with_wanted=True))


def _moved(inputs: StatementInputs, dealt: Iterable[Dealt], *, with_wanted: bool = False) -> tuple[Row, ...]:
    names = anchors_of(inputs)
    return with_total(
        [
            Row(
                (
                    subject_name(each.dealt.subject, inputs.settlement.outcome),
                    *((each.part.slice_pence,) if with_wanted else ()),
                    each.part.amount_pence,
                ),
                goes_to=names.amount(each.number),
            )
            for each in dealt
        ]
    )


def _excluded(inputs: StatementInputs, dealt: list[Dealt]) -> list[Block]:
    outcome, names = inputs.settlement.outcome, anchors_of(inputs)
    rows = [
        Row(
            (
                subject_name(each.dealt.subject, outcome),
                inputs.name_of(outcome.agreement.schemes[each.dealt.subject.group.schemes[0]].responsible),
                each.part.amount_pence,
            ),
            goes_to=names.amount(each.number),
        )
        for each in dealt
    ]
    columns = (
        Column(say("Variance"), width=3),
        Column(say("Responsible Partner"), width=2),
        *amounts(say("Amount £")),
    )
    return [
        Heading(say("Schemes excluded from sharing")),
        Paragraph(say("The variance of an excluded scheme lies wholly with its Responsible Partner.")),
        Table(say("Excluded schemes"), columns, tuple(rows)),
    ]
