"""The first page of a settlement statement: what is due, to or from whom, why in three lines and a picture, who signs.

A director signs it on its own, so that it fits on one page; what is longer stands elsewhere, and it says where.
"""

from collections.abc import Sequence

from rules.language import say, say_many
from rules.money import pounds
from settlement.cash import PartnerRow
from settlement.statements.balances import balances_title
from settlement.statements.document import (
    Block,
    Bullets,
    Facts,
    KeyFigures,
    Note,
    Paragraph,
    Picture,
    Section,
    Tone,
)
from settlement.statements.footing import FOOTING, FootingLine, footing, footing_lines
from settlement.statements.in_dispute import dispute_note
from settlement.statements.inputs import StatementInputs
from settlement.statements.notes import first_notes
from settlement.statements.opening import opening, signed_before
from settlement.statements.pictures.waterfall import Step, waterfall, waterfall_in_words
from settlement.statements.reasons import held_for_the_pool, reasons
from settlement.statements.sealed import provisional_notes, signature_blocks, standing_facts
from settlement.statements.wording import amount_in_words, named

_BEFORE_SHARING = frozenset({"contribution_due", "spend", "paid", "received"})

__all__ = ["FOOTING", "first_page", "footing", "when_and_how"]


def first_page(inputs: StatementInputs, partner: str) -> Section:
    """Everything that the partner's finance director signs for."""
    row = inputs.settlement.row_of(partner)
    title = say("How the amount due is made up")
    blocks: list[Block] = [*_address(inputs, partner), _facts(inputs)]
    blocks += [*_notes(inputs, partner), _due(inputs, row), Bullets(reasons(inputs, partner))]
    blocks += [_picture(inputs, partner, title), footing(inputs, partner, title, leave_out_nil=True)]
    blocks += opening(inputs, partner)
    if inputs.theme.standing_paragraph:
        blocks.append(Paragraph(inputs.theme.standing_paragraph))
    blocks += signature_blocks(inputs, partner)
    return Section(say("Settlement"), tuple(blocks))


def _address(inputs: StatementInputs, partner: str) -> list[Block]:
    """The partner's address, where its theme has one: beneath its name, which heads the page."""
    address = inputs.theme.of(partner).address
    return [Paragraph(", ".join(address))] if address else []


def _facts(inputs: StatementInputs) -> Facts:
    agreement = inputs.agreement
    return Facts(
        (
            (say("Agreement"), named(agreement.title, agreement.id) if agreement.title else agreement.id),
            when_and_how(inputs),
            *standing_facts(inputs, on_first_page=True),
            (say("Prepared by"), inputs.prepared_by or say("(name and role, to be completed)")),
        )
    )


def when_and_how(inputs: StatementInputs, *, in_thousands: bool = False) -> tuple[str, str]:
    """The fact that says of which year and period the statement is, and in what its amounts are."""
    values = {"year": inputs.agreement.year, "period": inputs.period_text}
    match (inputs.settlement.is_outturn, in_thousands):
        case (False, False):
            told = say("{year}, {period}, year to date; pounds and pence", **values)
        case (False, True):
            told = say("{year}, {period}, year to date; tables in £000", **values)
        case (True, False):
            told = say("{year}, {period}, forecast outturn for the year; pounds and pence", **values)
        case _:
            told = say("{year}, {period}, forecast outturn for the year; tables in £000", **values)
    return say("Financial year"), told


def _notes(inputs: StatementInputs, partner: str) -> list[Note]:
    notes = [*provisional_notes(inputs), *_control_notes(inputs), *dispute_note(inputs, partner)]
    unallocated = inputs.settlement.outcome.unallocated_pence
    if unallocated:
        text = say(
            "{amount} is not allocated by any clause: the risk-share schedule is incomplete for these figures. It is "
            "shown on the Host Partner's row, and this settlement cannot be signed until the partners agree who bears "
            "it.",
            amount=pounds(unallocated),
        )
        notes.append(Note(text, Tone.WARNING))
    return notes + first_notes(inputs)


def _control_notes(inputs: StatementInputs) -> list[Note]:
    """The warning that the ledger is not what the agreement says it comes to, in short."""
    if not inputs.control_findings:
        return []
    first, *others = inputs.control_findings
    if not others:
        return [Note(say("A control total does not agree. {finding}", finding=first), Tone.WARNING)]
    text = say_many(
        "A control total does not agree. {finding} {count} more does not agree: see “{section}”.",
        "A control total does not agree. {finding} {count} more do not agree: see “{section}”.",
        len(others),
        finding=first,
        section=balances_title(),
    )
    return [Note(text, Tone.WARNING)]


def _due(inputs: StatementInputs, row: PartnerRow) -> KeyFigures:
    name = inputs.name_of(row.partner)
    lines = [
        say("It pays {amount} to {receiver}.", amount=pounds(each.amount_pence), receiver=inputs.name_of(each.receiver))
        for each in inputs.settlement.transfers
        if each.payer == row.partner
    ]
    lines += [
        say("It receives {amount} from {payer}.", amount=pounds(each.amount_pence), payer=inputs.name_of(each.payer))
        for each in inputs.settlement.transfers
        if each.receiver == row.partner
    ]
    lines += [*held_for_the_pool(inputs, row), *signed_before(inputs, row.partner)]
    if not row.net_due_pence:
        label = say("Nothing is due to or from {name}", name=name)
    elif row.net_due_pence > 0:
        label = say("Due from {name}", name=name)
    else:
        label = say("Due to {name}", name=name)
    return KeyFigures(label, abs(row.net_due_pence), amount_in_words(row.net_due_pence), tuple(lines))


def _picture(inputs: StatementInputs, partner: str, table: str) -> Picture:
    """From the Financial Contribution through spend, payments and shares to the net due: the table's first figures."""
    *lines, net = footing_lines(inputs, partner)
    steps = _steps(lines)
    words = waterfall_in_words(steps, inputs.name_of(partner))
    return Picture(say("From contribution to amount due"), words, waterfall(steps, net.label), table)


def _steps(lines: Sequence[FootingLine]) -> list[Step]:
    """A step for each line; contribution, spend and payments together where shares would be slivers beside them."""
    steps = [Step(line.label, line.pence) for line in lines]
    before = [step for step, line in zip(steps, lines, strict=True) if line.key in _BEFORE_SHARING and step.pence]
    after = [step for step, line in zip(steps, lines, strict=True) if line.key not in _BEFORE_SHARING and step.pence]
    if len(before) == 1 or not after:
        return [*before, *after]
    together = Step(say("Before sharing: contribution, spend, payments"), sum(step.pence for step in before), before)
    return [together, *after]
