"""What a transfer notice says beside its amount: what was notified before, and what of it is in dispute."""

from ledgers.disputes import Dispute
from rules.language import say
from rules.money import pounds
from settlement.cash import Transfer
from settlement.settle import Settlement
from settlement.statements.accounts.notified import Notified
from settlement.statements.document import Block, Bullets, Note, Paragraph, Tone
from settlement.statements.in_dispute import shared_dispute_note
from settlement.statements.inputs import StatementInputs


def nothing_new(inputs: StatementInputs, before: Notified) -> list[Note]:
    """Of an amount that was notified already: that this asks for nothing."""
    text = say(
        "Nothing is new since {period}: notice {numbers} asked for this amount already. This is not a request for "
        "payment, and nothing more is to be invoiced.",
        period=inputs.previous_name,
        numbers=before.numbers,
    )
    return [Note(text, Tone.WARNING)]


def told_before(inputs: StatementInputs, before: Notified) -> tuple[str, ...]:
    """What was notified already, what was paid of it, and what is new: beneath the amount."""
    told = [
        say(
            "Already notified at {period} (notice {numbers}): {amount}.",
            period=inputs.previous_name,
            numbers=before.numbers,
            amount=pounds(before.notified_pence),
        )
    ]
    if before.paid_pence > 0:
        told.append(say("Posted as paid between the two since then: {amount}.", amount=pounds(before.paid_pence)))
    elif before.paid_pence < 0:
        told.append(say("Posted as repaid between the two since then: {amount}.", amount=pounds(-before.paid_pence)))
    if before.new_pence > 0:
        told.append(say("New since then, and to be invoiced: {amount}.", amount=pounds(before.new_pence)))
    elif before.new_pence < 0:
        text = say("Less since then, and to be credited: {amount}.", amount=pounds(-before.new_pence))
        told.append(text)
    else:
        told.append(say("New since then: nothing."))
    return tuple(told)


def disputed_blocks(inputs: StatementInputs, transfer: Transfer) -> list[Block]:
    """What is in dispute, one by one, and how much of the amount is due without it, where that is known."""
    disputed = inputs.disputed
    if disputed is None or not disputed.disputes:
        return []
    blocks: list[Block] = [*shared_dispute_note(inputs)]
    blocks.append(Bullets(tuple(_dispute(inputs, dispute) for dispute in disputed.disputes)))
    blocks.append(Paragraph(_undisputed(inputs, disputed.without, transfer)))
    return blocks


def _dispute(inputs: StatementInputs, dispute: Dispute) -> str:
    figures = {
        "number": dispute.id,
        "partner": inputs.party_name(dispute.partner),
        "reason": dispute.reason,
        "what": dispute.clause or "",
    }
    if dispute.line is None:
        return say("Dispute {number}, of {partner}: what clause {what} comes to. {reason}", **figures)
    line = next((each for each in (inputs.disputed.lines if inputs.disputed else ()) if each.id == dispute.line), None)
    if line is None:
        return say("Dispute {number}, of {partner}: line {line}. {reason}", line=dispute.line, **figures)
    return say(
        "Dispute {number}, of {partner}: line {line}, {amount}. {reason}",
        line=dispute.line,
        amount=pounds(line.amount_pence),
        **figures,
    )


def _undisputed(inputs: StatementInputs, without: Settlement | None, transfer: Transfer) -> str:
    """How much would be due without what is in dispute: what both agree on is the smaller of the two amounts."""
    names = {"debtor": inputs.name_of(transfer.payer), "creditor": inputs.name_of(transfer.receiver)}
    outcome = inputs.settlement.outcome
    if without is None or without.outcome.unallocated_pence > outcome.unallocated_pence:
        return say("How much of the amount is not in dispute cannot be worked out: the partners have to agree it.")
    then = sum(
        each.amount_pence * ((each.payer == transfer.payer) - (each.payer == transfer.receiver))
        for each in without.transfers
        if {each.payer, each.receiver} == {transfer.payer, transfer.receiver}
    )
    figures = {"then": pounds(abs(then)), "undisputed": pounds(max(0, min(then, transfer.amount_pence))), **names}
    if then < 0:
        return say(
            "Without what is in dispute, {then} would be due from {creditor} to {debtor}: nothing of the amount is "
            "undisputed.",
            **figures,
        )
    if not then:
        return say(
            "Without what is in dispute, nothing would be due between the two: nothing of the amount is undisputed."
        )
    return say(
        "Without what is in dispute, {then} would be due from {debtor} to {creditor}. Not in dispute: {undisputed}.",
        **figures,
    )
