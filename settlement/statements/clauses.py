"""How the agreement shared each amount: every clause that bit, what it dealt with, the basis, the ratios, the caps."""

from fractions import Fraction

from rules.agreement import Beyond, Clause, Use
from rules.english import listed
from rules.money import decimal, pounds
from rules.outcome import DealtWith, Outcome
from rules.trace import CapHeld, Part, Round, Sharing
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from rules.weights import Weights
from rules.wording import sentence
from settlement.sentences import basis_text, part_sentences
from settlement.statements.document import (
    Align,
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    amounts,
    sum_of,
)
from settlement.statements.in_dispute import clause_dispute_notes
from settlement.statements.inputs import StatementInputs
from settlement.statements.sealed import governing_blocks
from settlement.statements.wording import exact_number, named, percent, ratio, subject_name

Dealt = tuple[DealtWith, Part]

_MOST_COLUMNS = 5
_LEFT = "left for later clauses"


def clauses_section(inputs: StatementInputs, partner: str) -> Section:
    """Every amount that had to be dealt with, then each clause that bit, in the schedule's order."""
    outcome = inputs.settlement.outcome
    dealt: dict[str, list[Dealt]] = {}
    tried: dict[str, list[Dealt]] = {}
    for subject in outcome.subjects:
        for part in subject.parts:
            dealt.setdefault(part.clause, []).append((subject, part))
        for part in subject.tried:
            tried.setdefault(part.clause, []).append((subject, part))
    blocks: list[Block] = [*governing_blocks(inputs), _subjects(outcome)]
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
        what = f"Clause {idle[0]}" if len(idle) == 1 else f"Clauses {listed(idle)}"
        blocks.append(Paragraph(f"{what} had nothing to deal with at this period."))
    return Section("How the agreement shares it", tuple(blocks))


def _subjects(outcome: Outcome) -> Block:
    if not outcome.subjects:
        return Paragraph("No fund is over or under its budget, so that there is nothing to share.")
    rows = [
        Row(
            (
                subject_name(dealt.subject, outcome),
                dealt.subject.base_pence,
                dealt.subject.amount_pence,
                dealt.subject.amount_pence - dealt.unallocated_pence,
                dealt.unallocated_pence,
            )
        )
        for dealt in outcome.subjects
    ]
    columns = (
        Column("Amount to be dealt with", width=3),
        *amounts("Budget, target or baseline £", "Amount £", "Dealt with £", "Not allocated £"),
    )
    return Table("What the schedule had to deal with", columns, tuple(rows))


def _clause(inputs: StatementInputs, clause: Clause, dealt: list[Dealt], partner: str) -> list[Block]:
    outcome = inputs.settlement.outcome
    total = sum(part.amount_pence for _, part in dealt if part.to != TO_OVERSPENDS)
    said = f"It dealt with {pounds(total)}." if dealt else "It came to nothing."
    shared = [part.shares_pence for _, part in dealt if part.shares_pence is not None]
    if shared:
        column = [each.code for each in inputs.agreement.partners].index(partner)
        own = sum(shares[column] for shares in shared)
        verb = "receives" if clause.on.is_gain else "bears"
        said += f" {inputs.name_of(partner)} {verb} {pounds(own)} under it."
    blocks: list[Block] = [
        Heading(f"Clause {clause.id}: {clause.title}"),
        *clause_dispute_notes(inputs, clause.id),
        Paragraph(sentence(clause, outcome.agreement)),
        Paragraph(said),
    ]
    for to in dict.fromkeys(part.to for _, part in dealt):
        own_parts = [each for each in dealt if each[1].to == to]
        if to in {Use.PARTNERS, Use.PROVISION}:
            blocks += _shared(inputs, clause, to, own_parts, partner)
        elif to in {FROM_UNDERSPENDS, TO_OVERSPENDS}:
            blocks.append(_underspends(inputs, clause, to, own_parts))
        else:
            blocks.append(_reserve(inputs, clause, own_parts))
    return blocks


def _tried(inputs: StatementInputs, clause: Clause, tried: list[Dealt]) -> Bullets:
    """Why the clause came to nothing for an amount: a cap used up, a reserve empty, no underspend there."""
    settlement = inputs.settlement
    told: list[str] = []
    for dealt, part in tried:
        why = _cap_notes(inputs, clause, part.sharing) if part.sharing is not None else []
        name = subject_name(dealt.subject, settlement.outcome)
        told += [f"{name}: {each}" for each in (*why, part_sentences(settlement, dealt, part)[-1])]
    return Bullets(tuple(told))


def _shared(inputs: StatementInputs, clause: Clause, to: str, dealt: list[Dealt], partner: str) -> list[Block]:
    """Each partner's basis, exact ratio, percentage and share; amounts shared by one basis are listed beneath it."""
    outcome = inputs.settlement.outcome
    by_basis: dict[tuple[object, ...], list[Dealt]] = {}
    notes: list[str] = []
    for subject, part in dealt:
        sharing = _sharing_of(part)
        text = basis_text(sharing.weights, subject.subject.group)
        by_basis.setdefault((text, sharing.weights.figures, part.percent), []).append((subject, part))
        name = subject_name(subject.subject, outcome)
        notes += [f"{name}: {note}" for note in _cap_notes(inputs, clause, sharing)]
    rows = [row for together in by_basis.values() for row in _basis_rows(inputs, clause, together)]
    of_what = "provided for the partners' own exposure" if to == Use.PROVISION else "shared between the partners"
    before = " before caps" if any(turn.held for _, part in dealt for turn in _sharing_of(part).rounds) else ""
    columns = (
        Column("Partner", width=3),
        *amounts("Basis"),
        Column(f"Exact ratio{before}", Align.RIGHT, width=3),
        *amounts(f"Per cent{before}", "Share £"),
    )
    blocks: list[Block] = [Table(f"Clause {clause.id}: {of_what}", columns, tuple(rows))]
    if notes:
        blocks.append(Bullets(tuple(notes)))
    blocks += [_each(inputs, clause, together, partner) for together in by_basis.values() if len(together) > 1]
    return blocks


def _sharing_of(part: Part) -> Sharing:
    assert part.sharing is not None  # noqa: S101  partners share by a basis, excluded schemes apart
    return part.sharing


def _basis_rows(inputs: StatementInputs, clause: Clause, together: list[Dealt]) -> list[Row]:
    """A heading that says what was shared and how, a row for each partner, what they have in all and what is left."""
    subject, first = together[0]
    weights = _sharing_of(first).weights
    whole = sum(weights.whole)
    total = sum(part.amount_pence for _, part in together)
    many = len(together) > 1
    name = f"{len(together)} amounts" if many else subject_name(subject.subject, inputs.settlement.outcome)
    left = sum(part.slice_pence for _, part in together) - total
    took = f"{decimal(first.percent)}% of what it took" if len(clause.slices) > 1 else "what it took"
    in_all = " in all" if many else ""
    how = f"shared {basis_text(weights, subject.subject.group)}"
    if left:
        done = "provided" if first.to == Use.PROVISION else "received" if clause.on.is_gain else "borne"
        said = f"{took} is {pounds(total + left)}{in_all}; {how}; {pounds(total)} was {done}, {pounds(left)} is {_LEFT}"
    else:
        said = f"{pounds(total)}{in_all}, {f'{took}, ' if len(clause.slices) > 1 else ''}{how}"
    rows = [Row((f"{name}: {said}",), RowKind.HEADING)]
    rows += [
        Row(
            (
                partner.name,
                _basis(weights, weights.figures[column]),
                ratio(weights.whole[column], whole),
                percent(weights.whole[column], whole),
                sum(_sharing_of(part).shares_pence[column] for _, part in together),
            )
        )
        for column, partner in enumerate(inputs.agreement.partners)
    ]
    basis = _basis(weights, sum(weights.figures))
    rows.append(Row(("All partners", basis, "all", percent(whole, whole), total), RowKind.SUBTOTAL))
    if left:
        rows.append(Row((f"{_LEFT[0].upper()}{_LEFT[1:]}", "", "", "", left)))
        rows.append(Row(("All that was to be shared", "", "", "", total + left), RowKind.SUBTOTAL))
    return rows


def _each(inputs: StatementInputs, clause: Clause, together: list[Dealt], partner: str) -> Table:
    """What each of several amounts with one basis gives each partner; where they are too many for a page, this one."""
    codes = [each.code for each in inputs.agreement.partners]
    chosen = codes if len(codes) <= _MOST_COLUMNS else [partner]
    columns_of = [codes.index(code) for code in chosen]
    rows = [
        Row(
            (
                subject_name(subject.subject, inputs.settlement.outcome),
                part.amount_pence,
                *(_sharing_of(part).shares_pence[column] for column in columns_of),
            )
        )
        for subject, part in together
    ]
    columns = (Column("Amount", width=3), *amounts("Shared £", *(f"{code} £" for code in chosen)))
    return Table(f"Clause {clause.id}: each of the {len(together)} amounts", columns, (*rows, _sum_row(rows)))


def _basis(weights: Weights, figure: int | Fraction) -> Cell:
    """A figure of the basis: pence, or the agreement's own weight as it was written."""
    return int(figure) if weights.in_pence else exact_number(Fraction(figure))


def _cap_notes(inputs: StatementInputs, clause: Clause, sharing: Sharing) -> list[str]:
    notes = []
    verb = "receives" if clause.on.is_gain else "bears"
    for turn in sharing.rounds:
        for held in turn.held:
            limit = pounds(held.cap_pence)
            if held.cap.limit.percent is not None:
                of = f"the fund {held.cap.of}" if held.cap.of else "pooled funds"
                limit += f" ({decimal(held.cap.limit.percent)}% of its contribution to {of})"
            notes.append(
                f"the cap of {inputs.name_of(held.partner)}, {limit} a year, held. Its part would have been "
                f"{pounds(held.part_pence)}; it {verb} {_headroom(held)}. {_beyond(inputs, sharing, turn, held)}."
            )
    return notes


def _beyond(inputs: StatementInputs, sharing: Sharing, turn: Round, held: CapHeld) -> str:
    """Where the part beyond a cap went in fact, which is not always where the cap sends it."""
    excess = f"the {pounds(held.excess_pence)} beyond it"
    handover = next((each for each in sharing.handovers if each.giver == held.partner), None)
    if handover is None:
        still_in = sum(share is not None for share in turn.shares_pence)
        if held.cap.beyond is Beyond.NEXT:
            return f"{excess[0].upper()}{excess[1:]} is {_LEFT}"
        if still_in == len(turn.held):
            return f"No other partner can take {excess}, because every cap is used up; it is {_LEFT}"
        return f"{excess[0].upper()}{excess[1:]} goes to the other partners"
    receiver = inputs.bearer_name(handover.receiver)
    if handover.receiver not in inputs.agreement.partner_of:
        return f"{receiver} cannot take {excess}, because it is not a partner at this period; it is {_LEFT}"
    if not handover.taken_pence:
        return f"{receiver} cannot take {excess}, because its own cap is used up; it is {_LEFT}"
    over = handover.excess_pence - handover.taken_pence
    allowed = f", as far as its own cap allows; {pounds(over)} is {_LEFT}" if over else ""
    return f"{receiver} takes {pounds(handover.taken_pence)} of {excess}{allowed}"


def _headroom(held: CapHeld) -> str:
    if not held.headroom_pence:
        return "nothing, since nothing was left under the cap"
    return f"the {pounds(held.headroom_pence)} that was left under the cap"


def _underspends(inputs: StatementInputs, clause: Clause, to: str, dealt: list[Dealt]) -> Table:
    outcome = inputs.settlement.outcome
    if to == TO_OVERSPENDS:
        title, columns = "underspends called upon", (Column("Underspend", width=3), *amounts("Underspend £", "Given £"))
    else:
        title, columns = "met from underspends", (Column("Overspend", width=3), *amounts("Wanted £", "Met £"))
    rows = [
        Row(
            (
                subject_name(subject.subject, outcome),
                subject.subject.amount_pence if to == TO_OVERSPENDS else part.slice_pence,
                part.amount_pence,
            )
        )
        for subject, part in dealt
    ]
    rows.append(_sum_row(rows))
    return Table(f"Clause {clause.id}: {title}", columns, tuple(rows))


def _reserve(inputs: StatementInputs, clause: Clause, dealt: list[Dealt]) -> Table:
    outcome = inputs.settlement.outcome
    code = dealt[0][1].to.partition(":")[2]
    reserve = next(balance.reserve for balance in outcome.reserves if balance.reserve.code == code)
    moved = "paid into" if clause.on.is_gain else "drawn from"
    columns = (
        Column("Amount", width=3),
        *amounts("Paid in £" if clause.on.is_gain else "Wanted £", "Paid in £" if clause.on.is_gain else "Drawn £"),
    )
    rows = [
        Row((subject_name(subject.subject, outcome), part.slice_pence, part.amount_pence)) for subject, part in dealt
    ]
    if clause.on.is_gain:
        columns = (columns[0], columns[2])
        rows = [Row((row.cells[0], row.cells[2])) for row in rows]
    rows.append(_sum_row(rows))
    return Table(f"Clause {clause.id}: {moved} the reserve {named(reserve.name, code)}", columns, tuple(rows))


def _sum_row(rows: list[Row]) -> Row:
    """A total of the columns of amounts."""
    sums = [sum_of(rows, column) for column in range(1, len(rows[0].cells))]
    return Row(("Total", *sums), RowKind.TOTAL)


def _excluded(inputs: StatementInputs, dealt: list[Dealt]) -> list[Block]:
    outcome = inputs.settlement.outcome
    rows = [
        Row(
            (
                subject_name(subject.subject, outcome),
                inputs.name_of(outcome.agreement.schemes[subject.subject.group.schemes[0]].responsible),
                part.amount_pence,
            )
        )
        for subject, part in dealt
    ]
    columns = (Column("Variance", width=3), Column("Responsible Partner", width=2), *amounts("Amount £"))
    return [
        Heading("Schemes excluded from sharing"),
        Paragraph("The variance of an excluded scheme lies wholly with its Responsible Partner."),
        Table("Excluded schemes", columns, tuple(rows)),
    ]
