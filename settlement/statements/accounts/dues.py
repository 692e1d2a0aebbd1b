"""What a settlement leaves in a partner's own balance sheet: debtors and creditors, and the reserves that it holds."""

from collections.abc import Iterator
from dataclasses import replace

from rules.language import say
from settlement.statements.accounts.entries import reserve_in
from settlement.statements.document import Block, Column, Heading, Paragraph, Row, RowKind, Section, Table, amounts
from settlement.statements.inputs import StatementInputs
from settlement.statements.reports.parts import total_row
from settlement.statements.wording import named


def due_section(inputs: StatementInputs, partner: str) -> Section:
    """Debtors and creditors, gross by fund and then set off for each other partner; and reserves that it holds."""
    name = inputs.name_of(partner)
    rows: list[Row] = []
    nets: list[int] = []
    for other in inputs.agreement.partners:
        lines = [(label, pence) for label, pence in _gross(inputs, partner, other.code) if pence]
        if lines:
            rows.append(Row((other.name,), RowKind.HEADING))
            rows += _of_other(lines, len(rows), other.name)
            nets.append(len(rows) - 1)
    blocks: list[Block] = []
    if rows:
        text = say(
            "What {partner} is due and owes in settlement of the agreement, by fund; then what is set off between the "
            "same two partners, and the one amount that is left to pay.",
            partner=name,
        )
        columns = (Column(say("Counterparty"), width=3), *amounts(say("Debtor £"), say("Creditor £")))
        cells = [sum(cell for net in nets if isinstance(cell := rows[net].cells[side], int)) for side in (1, 2)]
        total = Row((say("Total"), *cells), RowKind.TOTAL, adds=tuple(nets))
        blocks += [Paragraph(text), Table(say("Debtors and creditors"), columns, (*rows, total))]
    if not any(partner in {each.payer, each.receiver} for each in inputs.settlement.transfers):
        text = say("Nothing is due to or from {partner} in settlement of the agreement.", partner=name)
        blocks.append(Paragraph(text))
    return Section(say("Debtors and creditors"), (*blocks, *_reserves_held(inputs, partner)))


def _of_other(lines: list[tuple[str, int]], first: int, name: str) -> list[Row]:
    """A partner's lines, gross; what is set off; what is left."""
    rows = [Row((label, max(pence, 0), max(-pence, 0))) for label, pence in lines]
    debtors, creditors = (sum(max(sign * pence, 0) for _, pence in lines) for sign in (1, -1))
    offset = min(debtors, creditors)
    if offset:
        rows.append(Row((say("Set off between the two"), -offset, -offset)))
    adds = tuple(range(first, first + len(rows)))
    label = say("Net, {partner}", partner=name)
    return [*rows, Row((label, debtors - offset, creditors - offset), RowKind.SUBTOTAL, adds=adds)]


def _gross(inputs: StatementInputs, partner: str, other: str) -> Iterator[tuple[str, int]]:
    """What the other owes the partner (above nought) and what it is owed, fund by fund, and between their funds."""
    if other == partner:
        return
    settlement = inputs.settlement
    host = {fund.code: fund.host for fund in settlement.agreement.funds}
    for account in settlement.accounts:
        fund = settlement.agreement.fund_of[account.fund]
        ends = (account.partner, fund.host)
        sign = (ends == (other, partner)) - (ends == (partner, other))
        if sign:
            values = {"fund": named(fund.name, fund.code), "host": inputs.name_of(fund.host)}
            yield say("{fund}, hosted by {host}", **values), sign * account.owed_pence
    between = sum(
        movement.amount_pence
        * (
            ((host[movement.payer], host[movement.receiver]) == (other, partner))
            - ((host[movement.payer], host[movement.receiver]) == (partner, other))
        )
        for movement in settlement.outcome.movements
    )
    yield say("Between the funds that they host"), between


def _reserves_held(inputs: StatementInputs, partner: str) -> list[Block]:
    """What a host keeps for the partners in reserve: money that is not its own."""
    agreement, outcome = inputs.agreement, inputs.settlement.outcome
    rows = []
    for balance in outcome.reserves:
        reserve = balance.reserve
        fund = agreement.fund_of[reserve.fund]
        if fund.host != partner:
            continue
        moved = sum(
            part.amount_pence * (1 if dealt.subject.on.is_gain else -1)
            for dealt in outcome.subjects
            for part in dealt.parts
            if reserve_in(part.to) == reserve.code
        )
        label = say("{reserve}, of {fund}", reserve=named(reserve.name, reserve.code), fund=fund.name)
        rows.append(Row((label, reserve.opening_pence, moved, balance.closing_pence)))
    if not rows:
        return []
    text = say(
        "As Host Partner, {partner} holds these reserves for the partners of the fund: until they are used, they are a "
        "liability to the fund.",
        partner=inputs.name_of(partner),
    )
    titles = (say("Brought forward £"), say("Paid in, less drawn £"), say("Liability carried forward £"))
    opening, change, closing = amounts(*titles)
    columns = (Column(say("Reserve"), width=3), opening, change, replace(closing, adds=(1, 2)))
    table = Table(say("Reserves held as Host Partner"), columns, (*rows, total_row(say("Total"), rows)))
    return [Heading(say("Reserves held")), Paragraph(text), table]
