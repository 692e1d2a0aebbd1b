"""What is in dispute: who disputes what and why, and what would be due without it."""

from collections.abc import Iterable
from datetime import datetime

from ledgers.disputes import Dispute
from ledgers.lines import Line
from rules.agreement import Kind
from rules.english import day, listed
from rules.language import message, say, say_many
from rules.money import pounds
from settlement.disputed import Alone, Disputed
from settlement.sentences import kind_name
from settlement.statements.anchors import LineGroup, Of, anchors_of, groups_with_figures
from settlement.statements.beside import predecessors
from settlement.statements.document import (
    Align,
    Block,
    Column,
    Facts,
    Heading,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.wording import named
from settlement.without import Without, shown_without

_ANCHOR = "in-dispute"
_ONE = {
    Kind.VIREMENT: message("Virement"),
    Kind.PAYMENT: message("Payment to the Host Partner"),
    Kind.ACCRUAL: message("Accrual"),
}


def dispute_title() -> str:
    """The section that tells of disputes."""
    return say("In dispute")


def dispute_note(inputs: StatementInputs, partner: str) -> list[Note]:
    """The first page's warning: how many things are in dispute, and what would be due without them."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return []
    things, count = _things(disputed.disputes)
    if disputed.without is None:
        text = say_many(
            "{things} is in dispute, and what would be due otherwise cannot be worked out: see “{section}”.",
            "{things} are in dispute, and what would be due otherwise cannot be worked out: see “{section}”.",
            count,
            things=things,
            section=dispute_title(),
        )
        return [Note(text, Tone.WARNING)]
    found = shown_without(inputs.settlement, disputed.without)
    told = [_in_dispute(things, count), _would(inputs, found, partner, count)]
    if found.open_pence:
        amount = pounds(found.open_pence)
        told.append(say("{amount} would then be allocated by no clause, and is in no partner's figure.", amount=amount))
    told.append(say("See “{section}”.", section=dispute_title()))
    return [Note(" ".join(told), Tone.WARNING)]


def _would(inputs: StatementInputs, without: Without, partner: str, count: int) -> str:
    """What would be due to or from a partner without what is in dispute, so many lines and clauses."""
    now = inputs.settlement.row_of(partner).net_due_pence
    then = without.net_due_pence[partner]
    name, amount, difference = inputs.name_of(partner), pounds(abs(then)), pounds(abs(now - then))
    if now == then:
        return say_many(
            "Without it, what is due to or from {partner} would be the same.",
            "Without them, what is due to or from {partner} would be the same.",
            count,
            partner=name,
        )
    if not then:
        return say_many(
            "Without it, nothing would be due to or from {partner}: a difference of {difference}.",
            "Without them, nothing would be due to or from {partner}: a difference of {difference}.",
            count,
            partner=name,
            difference=difference,
        )
    if then > 0:
        return say_many(
            "Without it, {amount} would be due from {partner}: a difference of {difference}.",
            "Without them, {amount} would be due from {partner}: a difference of {difference}.",
            count,
            amount=amount,
            partner=name,
            difference=difference,
        )
    return say_many(
        "Without it, {amount} would be due to {partner}: a difference of {difference}.",
        "Without them, {amount} would be due to {partner}: a difference of {difference}.",
        count,
        amount=amount,
        partner=name,
        difference=difference,
    )


def shared_dispute_note(inputs: StatementInputs) -> list[Note]:
    """The warning on what the partners share: that figures in it are in dispute, and where that is told."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return []
    text = say("Each partner's statement shows the settlement with and without.")
    return [Note(f"{_in_dispute(*_things(disputed.disputes))} {text}", Tone.WARNING)]


def clause_dispute_notes(inputs: StatementInputs, clause: str) -> list[Note]:
    """Beneath a clause's heading: who disputes what comes of it."""
    if inputs.disputed is None:
        return []
    names = dict.fromkeys(
        inputs.party_name(dispute.partner) for dispute in inputs.disputed.disputes if dispute.clause == clause
    )
    if not names:
        return []
    text = say_many(
        "{partners} disputes what this clause comes to: see “{section}”.",
        "{partners} dispute what this clause comes to: see “{section}”.",
        len(names),
        partners=listed(names),
        section=dispute_title(),
    )
    return [Note(text, Tone.WARNING)]


def disputed_lines(inputs: StatementInputs) -> frozenset[object]:
    """The ids of the lines that a partner disputes."""
    disputes = () if inputs.disputed is None else inputs.disputed.disputes
    return frozenset(dispute.line for dispute in disputes if dispute.line is not None)


def _things(disputes: Iterable[Dispute]) -> tuple[str, int]:
    """`1 line and 2 clauses`, and how many that is."""
    lines = len({dispute.line for dispute in disputes if dispute.line is not None})
    clauses = len({dispute.clause for dispute in disputes if dispute.clause is not None})
    told = []
    if lines:
        told.append(say_many("{count} line", "{count} lines", lines))
    if clauses:
        told.append(say_many("{count} clause", "{count} clauses", clauses))
    return listed(told), lines + clauses


def _in_dispute(things: str, count: int) -> str:
    return say_many("{things} is in dispute.", "{things} are in dispute.", count, things=things)


def dispute_section(inputs: StatementInputs) -> tuple[Section, ...]:
    """Every dispute, and the settlement with and without what is in dispute; nothing if there is none."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return ()
    blocks: list[Block] = [
        Paragraph(
            say(
                "The figures of this statement include what is in dispute. It stays in dispute until the partners "
                "resolve it, whether this settlement is signed or not."
            )
        )
    ]
    alone = {(each.line, each.clause): each for each in disputed.alone}
    for dispute in disputed.disputes:
        blocks += _dispute(inputs, disputed, dispute)
        by_itself = alone.pop((dispute.line, dispute.clause), None)
        if by_itself is not None:
            blocks += _by_itself(inputs, dispute, by_itself)
    blocks += _with_and_without(inputs, disputed)
    return (Section(dispute_title(), tuple(blocks), anchor=_ANCHOR),)


def _dispute(inputs: StatementInputs, disputed: Disputed, dispute: Dispute) -> list[Block]:
    about = _of_clause(inputs, dispute) if dispute.line is None else _of_line(inputs, disputed, dispute, dispute.line)
    heading, pairs = about
    told = (
        (say("Disputed by"), inputs.party_name(dispute.partner)),
        *pairs,
        (say("Since"), f"{dispute.period}, {_day(dispute.at)}"),
        (say("Why"), dispute.reason),
        (say("How it stands"), _how_it_stands(inputs, dispute)),
    )
    return [heading, Facts(told)]


def _of_clause(inputs: StatementInputs, dispute: Dispute) -> tuple[Heading, list[tuple[str, str]]]:
    number = dispute.clause or ""
    clause = inputs.agreement.clause_of.get(number)
    if clause is None:
        what = say("What the clause comes to")
    else:
        what = say("What comes of clause {clause}, {title}", clause=clause.id, title=clause.title)
    text = say("Dispute {number}: clause {clause}", number=dispute.id, clause=number)
    return Heading(text, goes_to=anchors_of(inputs).clause(number)), [(say("What"), what)]


def _of_line(
    inputs: StatementInputs, disputed: Disputed, dispute: Dispute, number: int
) -> tuple[Heading, list[tuple[str, str]]]:
    text = say("Dispute {number}: line {line}", number=dispute.id, line=number)
    lines = {line.id: line for line in disputed.lines}
    line = lines.get(number)
    if line is None:
        return Heading(text), [(say("What"), say("Line {line} of the ledger", line=number))]
    pairs = [(say("What"), _line_in_words(inputs, line))]
    together = [each for each in disputed.lines if _goes_with(each, line, lines)]
    if together:
        told = "; ".join(
            say("line {line}, {amount}, {why}", line=each.id, amount=pounds(each.amount_pence), why=_why_with(each))
            for each in together
        )
        pairs.append((say("Goes with it"), told))
    return Heading(text, goes_to=_among(inputs, line)), pairs


def _among(inputs: StatementInputs, line: Line) -> str:
    """Where the lines are that it is listed with in every statement: not payments, which only who has them lists."""
    partner = predecessors(inputs).get(line.partner, line.partner)
    group = LineGroup(line.scheme, partner, line.kind)
    if line.in_default:
        group = LineGroup(line.scheme, partner, None, Of.IN_DEFAULT)
    scheme = inputs.agreement.scheme_of.get(line.scheme)
    is_listed = scheme is not None and (inputs.agreement.takes_payments(scheme) or line.in_default)
    if not is_listed or group.kind is Kind.PAYMENT or group not in groups_with_figures(inputs):
        return ""
    return anchors_of(inputs).lines(group)


def _line_in_words(inputs: StatementInputs, line: Line) -> str:
    scheme = inputs.agreement.scheme_of.get(line.scheme)
    told = [
        say(
            "{kind} of {amount}",
            kind=say(_ONE[line.kind]) if line.kind in _ONE else kind_name(line.kind),
            amount=pounds(line.amount_pence),
        ),
        line.scheme if scheme is None else named(scheme.name, scheme.code),
        inputs.party_name(line.partner),
        str(line.period),
    ]
    if line.belongs_to is not None:
        told.append(say("late, belonging to {period}", period=line.belongs_to))
    about = "; ".join(part for part in (line.reference, line.description) if part)
    return f"{', '.join(told)}{f': {about}' if about else ''}"


def _goes_with(other: Line, line: Line, lines: dict[int, Line]) -> bool:
    """Whether a line is left out because another is: a leg of the same virement, or a reversal of it or of a leg."""
    if other.id == line.id:
        return False
    origin = lines.get(other.reverses, other) if other.reverses is not None else other
    return origin.id == line.id or (
        line.kind is origin.kind is Kind.VIREMENT and (origin.batch, origin.reference) == (line.batch, line.reference)
    )


def _why_with(other: Line) -> str:
    if other.reverses is None:
        return say("a leg of the same virement")
    return say("the reversal of line {line}", line=other.reverses)


def _how_it_stands(inputs: StatementInputs, dispute: Dispute) -> str:
    """Open, carried at this sign-off or an earlier one, or resolved since."""
    at, period = dispute.outcome_period, inputs.settlement.period
    if dispute.outcome == "carried" and at is not None and at <= period:
        if at == period:
            said = say("Open, carried at this sign-off")
        else:
            said = say("Open, carried at the sign-off of {period}", period=at)
    elif not dispute.is_open and at is not None:
        said = say("Open at this period; resolved at {period}", period=at)
    else:
        return say("Open")
    return f"{said}: {dispute.outcome_reason}" if dispute.outcome_reason else said


def _by_itself(inputs: StatementInputs, dispute: Dispute, alone: Alone) -> list[Block]:
    """What would be due without this alone, where other things are in dispute as well."""
    if alone.without is None:
        text = say("What would be due without this alone cannot be worked out: {why}.", why=alone.why_not.rstrip("."))
        return [Note(text, Tone.WARNING)]
    title = say("Net due without dispute {number} alone (negative: receives)", number=dispute.id)
    found = shown_without(inputs.settlement, alone.without)
    return [_net_due(inputs, found, title), *_open(found)]


def _with_and_without(inputs: StatementInputs, disputed: Disputed) -> list[Block]:
    if disputed.alone:
        title = say("With and without all that is in dispute")
    else:
        title = say("With and without what is in dispute")
    blocks: list[Block] = [Heading(title)]
    if disputed.without is None:
        text = say("What would be due without it cannot be worked out: {why}.", why=disputed.why_not.rstrip("."))
        return [*blocks, Note(text, Tone.WARNING)]
    found = shown_without(inputs.settlement, disputed.without)
    blocks += [_net_due(inputs, found, say("Net due (negative: receives)")), *_open(found)]
    columns = (Column(say("From"), width=2), Column(say("To"), width=2), *_beside(2))
    rows = _transfer_rows(inputs, found)
    if not rows:
        return [*blocks, Paragraph(say("With and without it, nobody owes anybody anything."))]
    return [*blocks, Table(say("Who pays whom, with and without"), columns, rows)]


def _open(found: Without) -> list[Block]:
    """What becomes of the amounts that no clause would allocate."""
    if not found.open_pence:
        return []
    text = say(
        "What no clause would allocate stays with whoever spent or realised it, until the partners agree who is to "
        "bear or to receive it: it is in no partner's figure and in no payment."
    )
    return [Paragraph(text)]


def _beside(first: int) -> tuple[Column, ...]:
    """With and without, and the difference between them; `first` is the column where they begin."""
    difference = Column(say("Difference £"), Align.RIGHT, adds=(first,), takes=(first + 1,))
    return (*amounts(say("As stated £"), say("Without £")), difference)


def _net_due(inputs: StatementInputs, found: Without, title: str) -> Table:
    """Each partner's net due with and without, and apart from them what no clause would allocate."""
    rows = []
    for row in inputs.settlement.rows:
        now, then = row.net_due_pence, found.net_due_pence[row.partner]
        rows.append(Row((named(inputs.name_of(row.partner), row.partner), now, then, now - then)))
    if found.losses_pence:
        losses = found.losses_pence
        rows.append(Row((say("Allocated by no clause: to be borne"), 0, losses, -losses)))
    if found.gains_pence:
        gains = found.gains_pence
        rows.append(Row((say("Allocated by no clause: to be received"), 0, -gains, gains)))
    return Table(title, (Column(say("Partner"), width=3), *_beside(1)), tuple(rows))


def _transfer_rows(inputs: StatementInputs, found: Without) -> tuple[Row, ...]:
    paid: dict[tuple[str, str], list[int]] = {}
    for transfer in inputs.settlement.transfers:
        paid.setdefault((transfer.payer, transfer.receiver), [0, 0])[0] += transfer.amount_pence
    for pair, pence in found.transfers_pence.items():
        paid.setdefault(pair, [0, 0])[1] += pence
    return tuple(
        Row((named(inputs.name_of(payer), payer), named(inputs.name_of(receiver), receiver), now, then, now - then))
        for (payer, receiver), (now, then) in paid.items()
    )


def _day(at: str) -> str:
    return day(datetime.fromisoformat(at).date())
