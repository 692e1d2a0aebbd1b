"""What a clause shared between the partners: basis, exact ratio and share of each, and every cap that held."""

from dataclasses import dataclass
from fractions import Fraction

from rules.agreement import Beyond, Clause, Use
from rules.language import say, say_many
from rules.money import decimal, pounds
from rules.outcome import DealtWith
from rules.trace import CapHeld, Part, Round, Sharing
from rules.weights import Weights
from settlement.sentences import basis_text
from settlement.statements.anchors import anchors_of
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Column,
    Row,
    RowKind,
    Table,
    amounts,
    sum_of,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import exact_number, percent, ratio, subject_name

_MOST_COLUMNS = 5
_MOST_NAMED = 3
_LONGEST_HEADING = 36  # characters of a partner's name that a column of amounts has room for, over several lines


@dataclass(frozen=True, slots=True)
class Dealt:
    """A part of an amount that a clause dealt with, and the amount with its place among all of them, from 1."""

    number: int
    dealt: DealtWith
    part: Part


def shared_blocks(inputs: StatementInputs, clause: Clause, to: str, dealt: list[Dealt], partner: str) -> list[Block]:
    """Each partner's basis, exact ratio, percentage and share; amounts shared by one basis are listed beneath it."""
    outcome = inputs.settlement.outcome
    by_basis: dict[tuple[object, ...], list[Dealt]] = {}
    notes: list[str] = []
    for each in dealt:
        sharing = _sharing_of(each.part)
        text = basis_text(sharing.weights, each.dealt.subject.group)
        by_basis.setdefault((text, sharing.weights.figures, each.part.percent), []).append(each)
        name = subject_name(each.dealt.subject, outcome)
        notes += [f"{name}: {note}" for note in cap_notes(inputs, clause, sharing)]
    rows: list[Row] = []
    for together in by_basis.values():
        rows += _basis_rows(inputs, clause, together, len(rows))
    if to == Use.PROVISION:
        title = say("Clause {clause}: provided for the partners' own exposure", clause=clause.id)
    else:
        title = say("Clause {clause}: shared between the partners", clause=clause.id)
    capped = any(turn.held for each in dealt for turn in _sharing_of(each.part).rounds)
    columns = (
        Column(say("Partner"), width=3),
        *amounts(say("Basis")),
        Column(say("Exact ratio before caps") if capped else say("Exact ratio"), Align.RIGHT, width=3),
        *amounts(say("Per cent before caps") if capped else say("Per cent"), say("Share £")),
    )
    blocks: list[Block] = [Table(title, columns, tuple(rows))]
    if notes:
        blocks.append(Bullets(tuple(notes)))
    blocks += [_each(inputs, clause, together, partner) for together in by_basis.values() if len(together) > 1]
    return blocks


def with_total(rows: list[Row]) -> tuple[Row, ...]:
    """The rows and a total of their columns of amounts."""
    sums = [sum_of(rows, column) for column in range(1, len(rows[0].cells))]
    return (*rows, Row((say("Total"), *sums), RowKind.TOTAL, adds=tuple(range(len(rows)))))


def _sharing_of(part: Part) -> Sharing:
    assert part.sharing is not None  # noqa: S101  partners share by a basis, excluded schemes apart
    return part.sharing


def _basis_rows(inputs: StatementInputs, clause: Clause, together: list[Dealt], place: int) -> list[Row]:
    """A heading that says what was shared and how, a row for each partner, what they have in all and what is left.

    `place` is where in the table the rows begin.
    """
    weights = _sharing_of(together[0].part).weights
    whole = sum(weights.whole)
    total = sum(each.part.amount_pence for each in together)
    left = sum(each.part.slice_pence for each in together) - total
    rows = [Row((_shared_how(inputs, clause, together, total, left),), RowKind.HEADING)]
    rows += [
        Row(
            (
                partner.name,
                _basis(weights, weights.figures[column]),
                ratio(weights.whole[column], whole),
                percent(weights.whole[column], whole),
                sum(_shares_of(each.part)[column] for each in together),
            )
        )
        for column, partner in enumerate(inputs.agreement.partners)
    ]
    basis = _basis(weights, sum(weights.figures))
    everyone = (say("All partners"), basis, say("all"), percent(whole, whole), total)
    rows.append(Row(everyone, RowKind.SUBTOTAL, adds=tuple(range(place + 1, place + len(rows)))))
    if left:
        last = place + len(rows)
        rows.append(Row((say("Left for later clauses"), "", "", "", left)))
        cells = (say("All that was to be shared"), "", "", "", total + left)
        rows.append(Row(cells, RowKind.SUBTOTAL, adds=(last - 1, last)))
    return rows


def _shares_of(part: Part) -> tuple[int, ...]:
    return _sharing_of(part).shares_pence


def _shared_how(inputs: StatementInputs, clause: Clause, together: list[Dealt], total_pence: int, left: int) -> str:
    """What was shared, of one amount or of several, by what basis, and what of it is left."""
    first = together[0]
    subject = first.dealt.subject
    shared = say("shared {basis}", basis=basis_text(_sharing_of(first.part).weights, subject.group))
    is_sliced = len(clause.slices) > 1
    percentage = decimal(first.part.percent)
    amount = pounds(total_pence + left)
    many = len(together) > 1
    if many:
        name = say_many("{count} amount", "{count} amounts", len(together))
    else:
        name = subject_name(subject, inputs.settlement.outcome)
    if not left:
        told = [say("{amount} in all", amount=amount) if many else amount]
        told += [say("{percent}% of what it took", percent=percentage)] if is_sliced else []
        return f"{name}: {', '.join((*told, shared))}"
    if is_sliced and many:
        told = [say("{percent}% of what it took is {amount} in all", percent=percentage, amount=amount)]
    elif is_sliced:
        told = [say("{percent}% of what it took is {amount}", percent=percentage, amount=amount)]
    elif many:
        told = [say("what it took is {amount} in all", amount=amount)]
    else:
        told = [say("what it took is {amount}", amount=amount)]
    return f"{name}: {'; '.join((*told, shared, _left(clause, first.part, pounds(total_pence), pounds(left))))}"


def _left(clause: Clause, part: Part, amount: str, left: str) -> str:
    if part.to == Use.PROVISION:
        return say("{amount} was provided, {left} is left for later clauses", amount=amount, left=left)
    if clause.on.is_gain:
        return say("{amount} was received, {left} is left for later clauses", amount=amount, left=left)
    return say("{amount} was borne, {left} is left for later clauses", amount=amount, left=left)


def _each(inputs: StatementInputs, clause: Clause, together: list[Dealt], partner: str) -> Table:
    """What each of several amounts with one basis gives each partner; where they are too many for a page, this one."""
    partners = inputs.agreement.partners
    own = [place for place, each in enumerate(partners) if each.code == partner]
    chosen = list(range(len(partners))) if len(partners) <= _MOST_COLUMNS else own
    names = [partners[place].name for place in chosen]
    if len(names) > _MOST_NAMED or any(len(name) > _LONGEST_HEADING for name in names):
        names = [partners[place].code for place in chosen]
    anchors = anchors_of(inputs)
    rows = [
        Row(
            (
                subject_name(each.dealt.subject, inputs.settlement.outcome),
                each.part.amount_pence,
                *(_shares_of(each.part)[place] for place in chosen),
            ),
            goes_to=anchors.amount(each.number),
        )
        for each in together
    ]
    adds = tuple(range(2, 2 + len(chosen))) if len(chosen) == len(partners) else ()
    shared = Column(say("Shared £"), Align.RIGHT, adds=adds)
    columns = (Column(say("Amount"), width=3), shared, *amounts(*(f"{name} £" for name in names)))
    title = say("Clause {clause}: each of the {count} amounts", clause=clause.id, count=len(together))
    return Table(title, columns, with_total(rows))


def _basis(weights: Weights, figure: int | Fraction) -> Cell:
    """A figure of the basis: pence, or the agreement's own weight as it was written."""
    return int(figure) if weights.in_pence else exact_number(Fraction(figure))


# Caps


def cap_notes(inputs: StatementInputs, clause: Clause, sharing: Sharing) -> list[str]:
    """Every cap that held, what it left its partner, and where the rest went."""
    return [
        f"{_limit(inputs, held)} {_part(clause, held)} {_beyond(inputs, sharing, turn, held)}"
        for turn in sharing.rounds
        for held in turn.held
    ]


def _limit(inputs: StatementInputs, held: CapHeld) -> str:
    name, limit = inputs.name_of(held.partner), pounds(held.cap_pence)
    if held.cap.limit.percent is None:
        return say("the cap of {partner}, {limit} a year, held.", partner=name, limit=limit)
    percentage = decimal(held.cap.limit.percent)
    if held.cap.of:
        return say(
            "the cap of {partner}, {limit} ({percent}% of its contribution to the fund {fund}) a year, held.",
            partner=name,
            limit=limit,
            percent=percentage,
            fund=held.cap.of,
        )
    return say(
        "the cap of {partner}, {limit} ({percent}% of its contribution to pooled funds) a year, held.",
        partner=name,
        limit=limit,
        percent=percentage,
    )


def _part(clause: Clause, held: CapHeld) -> str:
    """What the partner's part would have been, and what it is."""
    part, left = pounds(held.part_pence), pounds(held.headroom_pence)
    if clause.on.is_gain and held.headroom_pence:
        text = say(
            "Its part would have been {part}; it receives the {left} that was left under the cap.", part=part, left=left
        )
    elif clause.on.is_gain:
        text = say(
            "Its part would have been {part}; it receives nothing, since nothing was left under the cap.", part=part
        )
    elif held.headroom_pence:
        text = say(
            "Its part would have been {part}; it bears the {left} that was left under the cap.", part=part, left=left
        )
    else:
        text = say(
            "Its part would have been {part}; it bears nothing, since nothing was left under the cap.", part=part
        )
    return text


def _beyond(inputs: StatementInputs, sharing: Sharing, turn: Round, held: CapHeld) -> str:
    """Where the part beyond a cap went in fact, which is not always where the cap sends it."""
    excess = pounds(held.excess_pence)
    handover = next((each for each in sharing.handovers if each.giver == held.partner), None)
    if handover is None:
        return _beyond_for_all(turn, held, excess)
    receiver = inputs.bearer_name(handover.receiver)
    if handover.receiver not in inputs.agreement.partner_of:
        return say(
            "{receiver} cannot take the {excess} beyond it, because it is not a partner at this period; it is left for "
            "later clauses.",
            receiver=receiver,
            excess=excess,
        )
    if not handover.taken_pence:
        return say(
            "{receiver} cannot take the {excess} beyond it, because its own cap is used up; it is left for later "
            "clauses.",
            receiver=receiver,
            excess=excess,
        )
    taken = pounds(handover.taken_pence)
    over = handover.excess_pence - handover.taken_pence
    if over:
        return say(
            "{receiver} takes {taken} of the {excess} beyond it, as far as its own cap allows; {left} is left for "
            "later clauses.",
            receiver=receiver,
            taken=taken,
            excess=excess,
            left=pounds(over),
        )
    return say("{receiver} takes {taken} of the {excess} beyond it.", receiver=receiver, taken=taken, excess=excess)


def _beyond_for_all(turn: Round, held: CapHeld, excess: str) -> str:
    """The same where no one partner was to take it."""
    if held.cap.beyond is Beyond.NEXT:
        return say("The {excess} beyond it is left for later clauses.", excess=excess)
    still_in = sum(share is not None for share in turn.shares_pence)
    if still_in == len(turn.held):
        return say(
            "No other partner can take the {excess} beyond it, because every cap is used up; it is left for later "
            "clauses.",
            excess=excess,
        )
    return say("The {excess} beyond it goes to the other partners.", excess=excess)
