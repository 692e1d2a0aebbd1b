"""What is in dispute: who disputes what and why, and what would be due without it."""

from collections.abc import Iterable
from datetime import datetime

from ledgers.disputes import Dispute
from ledgers.lines import Line
from rules.agreement import Kind
from rules.english import day, listed
from rules.money import pounds
from settlement.disputed import Disputed
from settlement.sentences import KIND_NAMES
from settlement.settle import Settlement
from settlement.statements.document import (
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

TITLE = "In dispute"
_ONE = {Kind.VIREMENT: "Virement", Kind.PAYMENT: "Payment to the Host Partner", Kind.ACCRUAL: "Accrual"}


def dispute_note(inputs: StatementInputs, partner: str) -> list[Note]:
    """The first page's warning: how many things are in dispute, and what would be due without them."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return []
    what = _counted(disputed.disputes)
    if disputed.without is None:
        text = f"{what} in dispute, and what would be due otherwise cannot be worked out: see “{TITLE}”."
        return [Note(text, Tone.WARNING)]
    now = inputs.settlement.row_of(partner).net_due_pence
    then = disputed.without.row_of(partner).net_due_pence
    name = inputs.name_of(partner)
    it = "it" if what.endswith(" is") else "them"
    hanging = _hanging(inputs, disputed.without)
    if hanging:
        would = _nobodys(disputed, hanging, it)
    elif now == then:
        would = f"Without {it}, what is due to or from {name} would be the same"
    else:
        due = (
            f"{pounds(abs(then))} would be due {'from' if then > 0 else 'to'} {name}"
            if then
            else f"nothing would be due to or from {name}"
        )
        would = f"Without {it}, {due}: a difference of {pounds(abs(now - then))}"
    return [Note(f"{what} in dispute. {would}. See “{TITLE}”.", Tone.WARNING)]


def _hanging(inputs: StatementInputs, without: Settlement) -> int:
    """How much more, in pence, no clause deals with where what is in dispute is left out: what is due is then open."""
    return max(without.outcome.unallocated_pence - inputs.settlement.outcome.unallocated_pence, 0)


def _nobodys(disputed: Disputed, hanging_pence: int, it: str, on: str = "") -> str:
    """What hangs on what is in dispute, where the schedule says nothing of it otherwise."""
    if any(dispute.clause is not None for dispute in disputed.disputes):
        return (
            f"{pounds(hanging_pence)} hangs on {on or it}: without {it}, the schedule allocates that amount to nobody"
        )
    return f"Without {it}, the schedule would allocate {pounds(hanging_pence)} to nobody"


def shared_dispute_note(inputs: StatementInputs) -> list[Note]:
    """The warning on what the partners share: that figures in it are in dispute, and where that is told."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return []
    text = f"{_counted(disputed.disputes)} in dispute. Each partner's statement shows the settlement with and without."
    return [Note(text, Tone.WARNING)]


def clause_dispute_notes(inputs: StatementInputs, clause: str) -> list[Note]:
    """Beneath a clause's heading: who disputes what comes of it."""
    if inputs.disputed is None:
        return []
    names = dict.fromkeys(
        inputs.party_name(dispute.partner) for dispute in inputs.disputed.disputes if dispute.clause == clause
    )
    if not names:
        return []
    dispute = "disputes" if len(names) == 1 else "dispute"
    return [Note(f"{listed(names)} {dispute} what this clause comes to: see “{TITLE}”.", Tone.WARNING)]


def disputed_lines(inputs: StatementInputs) -> frozenset[object]:
    """The ids of the lines that a partner disputes."""
    disputes = () if inputs.disputed is None else inputs.disputed.disputes
    return frozenset(dispute.line for dispute in disputes if dispute.line is not None)


def _counted(disputes: Iterable[Dispute]) -> str:
    """`1 line and 2 clauses are`."""
    lines = len({dispute.line for dispute in disputes if dispute.line is not None})
    clauses = len({dispute.clause for dispute in disputes if dispute.clause is not None})
    told = [
        f"{count} {word}{'s' if count > 1 else ''}" for count, word in ((lines, "line"), (clauses, "clause")) if count
    ]
    return f"{listed(told)} {'is' if lines + clauses == 1 else 'are'}"


def dispute_section(inputs: StatementInputs) -> tuple[Section, ...]:
    """Every dispute, and the settlement with and without what is in dispute; nothing if there is none."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return ()
    blocks: list[Block] = [
        Paragraph(
            "The figures of this statement include what is in dispute. It stays in dispute until the partners resolve "
            "it, whether this settlement is signed or not."
        )
    ]
    for dispute in disputed.disputes:
        blocks += _dispute(inputs, disputed, dispute)
    blocks += _with_and_without(inputs, disputed)
    return (Section(TITLE, tuple(blocks)),)


def _dispute(inputs: StatementInputs, disputed: Disputed, dispute: Dispute) -> list[Block]:
    agreement = inputs.agreement
    if dispute.line is None:
        clause = agreement.clause_of.get(dispute.clause or "")
        heading = f"Dispute {dispute.id}: clause {dispute.clause}"
        what = "What the clause comes to" if clause is None else f"What comes of clause {clause.id}, {clause.title}"
        pairs = [("What", what)]
    else:
        heading = f"Dispute {dispute.id}: line {dispute.line}"
        lines = {line.id: line for line in disputed.lines}
        line = lines.get(dispute.line)
        pairs = [("What", f"Line {dispute.line} of the ledger" if line is None else _line_in_words(inputs, line))]
        together = [each for each in disputed.lines if line is not None and _goes_with(each, line, lines)]
        if together:
            told = "; ".join(f"line {each.id}, {pounds(each.amount_pence)}, {_why_with(each)}" for each in together)
            pairs.append(("Goes with it", told))
    pairs = [
        ("Disputed by", inputs.party_name(dispute.partner)),
        *pairs,
        ("Since", f"{dispute.period}, {_day(dispute.at)}"),
        ("Why", dispute.reason),
        ("How it stands", _how_it_stands(inputs, dispute)),
    ]
    return [Heading(heading), Facts(tuple(pairs))]


def _line_in_words(inputs: StatementInputs, line: Line) -> str:
    scheme = inputs.agreement.scheme_of.get(line.scheme)
    about = "; ".join(part for part in (line.reference, line.description) if part)
    late = f", late, belonging to {line.belongs_to}" if line.belongs_to is not None else ""
    return (
        f"{_ONE.get(line.kind, KIND_NAMES[line.kind])} of {pounds(line.amount_pence)}, "
        f"{line.scheme if scheme is None else named(scheme.name, scheme.code)}, {inputs.party_name(line.partner)}, "
        f"{line.period}{late}{f': {about}' if about else ''}"
    )


def _goes_with(other: Line, line: Line, lines: dict[int, Line]) -> bool:
    """Whether a line is left out because another is: a leg of the same virement, or a reversal of it or of a leg."""
    if other.id == line.id:
        return False
    origin = lines.get(other.reverses, other) if other.reverses is not None else other
    return origin.id == line.id or (
        line.kind is origin.kind is Kind.VIREMENT and (origin.batch, origin.reference) == (line.batch, line.reference)
    )


def _why_with(other: Line) -> str:
    return "a leg of the same virement" if other.reverses is None else f"the reversal of line {other.reverses}"


def _how_it_stands(inputs: StatementInputs, dispute: Dispute) -> str:
    """Open, carried at this sign-off or an earlier one, or resolved since."""
    at, told = dispute.outcome_period, f": {dispute.outcome_reason}" if dispute.outcome_reason else ""
    period = inputs.settlement.period
    if dispute.outcome == "carried" and at is not None and at <= period:
        which = "this sign-off" if at == period else f"the sign-off of {at}"
        return f"Open, carried at {which}{told}"
    if not dispute.is_open and at is not None:
        return f"Open at this period; resolved at {at}{told}"
    return "Open"


def _with_and_without(inputs: StatementInputs, disputed: Disputed) -> list[Block]:
    blocks: list[Block] = [Heading("With and without what is in dispute")]
    without = disputed.without
    if without is None:
        text = f"What would be due without it cannot be worked out: {disputed.why_not.rstrip('.')}."
        return [*blocks, Note(text, Tone.WARNING)]
    hanging = _hanging(inputs, without)
    if hanging:
        nobodys = _nobodys(disputed, hanging, "it", "what is in dispute")
        text = (
            f"{nobodys}. Below, that amount stands on the Host Partner's row, which is not to say that the Host "
            "Partner would bear it: the partners would have to agree who does."
        )
        blocks.append(Note(text, Tone.WARNING))
    columns = amounts("As stated £", "Without £", "Difference £")
    blocks.append(
        Table(
            "Net due (negative: receives)",
            (Column("Partner", width=3), *columns),
            tuple(_partner_row(inputs, without, row.partner) for row in inputs.settlement.rows),
        )
    )
    blocks.append(
        Table(
            "Who pays whom, with and without",
            (Column("From", width=2), Column("To", width=2), *columns),
            _transfer_rows(inputs, without),
        )
    )
    return blocks


def _partner_row(inputs: StatementInputs, without: Settlement, partner: str) -> Row:
    now, then = (each.row_of(partner).net_due_pence for each in (inputs.settlement, without))
    return Row((named(inputs.name_of(partner), partner), now, then, now - then))


def _transfer_rows(inputs: StatementInputs, without: Settlement) -> tuple[Row, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for place, settlement in enumerate((inputs.settlement, without)):
        for transfer in settlement.transfers:
            found.setdefault((transfer.payer, transfer.receiver), [0, 0])[place] += transfer.amount_pence
    if not found:
        return (Row(("Nobody", "nobody", 0, 0, 0)),)
    return tuple(
        Row((named(inputs.name_of(payer), payer), named(inputs.name_of(receiver), receiver), now, then, now - then))
        for (payer, receiver), (now, then) in found.items()
    )


def _day(at: str) -> str:
    return day(datetime.fromisoformat(at).date())
