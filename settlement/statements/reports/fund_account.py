"""The account of a pooled fund: its year, from income to what went into its reserves, and the reserves to their end.

Every line is signed, so that the column adds up as it is printed; what is carried forward is what the reserves hold.
"""

from collections.abc import Iterator

from rules.agreement import Fund, On, Use
from rules.language import say
from rules.outcome import DealtWith, ReserveBalance
from settlement.cash import FundAccount
from settlement.statements.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Table,
    amounts,
)
from settlement.statements.inputs import StatementInputs
from settlement.statements.reports.parts import total_row
from settlement.statements.wording import named

_RESERVE = f"{Use.RESERVE}:"


def accounts_of(inputs: StatementInputs, fund: Fund) -> list[FundAccount]:
    """The partners' accounts with the fund's host, in listed order."""
    return [account for account in inputs.settlement.accounts if account.fund == fund.code]


def net_of(inputs: StatementInputs, fund: Fund) -> int:
    """The fund's income less its expenditure, in pence: a net underspend above nought, a net overspend below."""
    return sum(account.contribution_due_pence - account.spend_pence for account in accounts_of(inputs, fund))


def carried_forward(inputs: StatementInputs, fund: Fund) -> int:
    """What the fund's reserves hold in the end, in pence."""
    return sum(balance.closing_pence for balance in _balances(inputs, fund))


def dealt_with_of(inputs: StatementInputs, fund: Fund) -> list[DealtWith]:
    """The fund's overspends and underspends."""
    return [dealt for dealt in inputs.settlement.outcome.subjects if dealt.subject.group.fund == fund.code]


# The account


def account_blocks(inputs: StatementInputs, fund: Fund) -> list[Block]:
    """The year and the reserves in one column: its total is what the reserves' own table carries forward."""
    accounts = accounts_of(inputs, fund)
    balances = _balances(inputs, fund)
    net, (into_own, out_of_own) = net_of(inputs, fund), _own(inputs, fund)
    rows = [
        Row((say("The year"),), RowKind.HEADING),
        Row((say("Income: Financial Contributions due"), sum(each.contribution_due_pence for each in accounts))),
        Row((say("Expenditure met from the fund"), -sum(each.spend_pence for each in accounts))),
        Row((_net(net), net), RowKind.SUBTOTAL, adds=(1, 2)),
    ]
    rows += [Row(cells) for cells in _of_the_year(inputs, fund, accounts) if cells[1]]
    left = len(rows)
    own = into_own - out_of_own
    rows.append(Row((_own_label(into_own, out_of_own), own), RowKind.SUBTOTAL, adds=(3, *range(4, left))))
    rows.append(Row((say("Reserves"),), RowKind.HEADING))
    rows.append(Row((say("Brought forward"), sum(balance.reserve.opening_pence for balance in balances))))
    rows += [Row(cells) for cells in _of_the_reserves(inputs, fund)]
    adds = (left, *range(left + 2, len(rows)))
    closing = carried_forward(inputs, fund)
    rows.append(Row((say("Carried forward in reserves"), closing), RowKind.TOTAL, adds=adds))
    columns = (Column(say("Line"), width=3), *amounts(say("Amount £")))
    table = Table(say("Account of the fund"), columns, tuple(rows))
    told = say(
        "In the account of the fund an amount in brackets is taken off. What the year left for the reserves or took "
        "from them, with what they brought forward, makes what they carry forward."
    )
    return [Paragraph(told), table]


def _net(net_pence: int) -> str:
    if not net_pence:
        return say("Net underspend or overspend")
    return say("Net underspend") if net_pence > 0 else say("Net overspend")


def _own_label(into: int, out_of: int) -> str:
    """What the year left for the fund's own reserves, or took from them."""
    if into and out_of:
        return say("Paid into the fund's reserves, less drawn from them for this fund")
    if into:
        return say("Paid into the fund's reserves")
    if out_of:
        return say("Drawn from the fund's reserves for this fund")
    return say("Left for the fund's reserves")


def _of_the_year(inputs: StatementInputs, fund: Fund, accounts: list[FundAccount]) -> Iterator[tuple[str, int]]:
    """What dealt with the net beside the fund's own reserves, signed so that they add up to what went into these."""
    yield say("Partners' shares of overspends"), sum(each.overspend_pence for each in accounts)
    yield say("Partners' shares of QIPP shortfalls"), sum(each.qipp_shortfall_pence for each in accounts)
    yield say("QIPP shortfalls that partners have already met"), sum(each.handed_over_pence for each in accounts)
    yield say("Partners' shares of underspends"), -sum(each.underspend_pence for each in accounts)
    yield say("Provided for partners' own exposure"), -sum(each.provision_pence for each in accounts)
    found: dict[str, int] = {}
    for movement in inputs.settlement.outcome.movements:
        reserve = _fund_of_reserve(inputs, movement.source)
        if fund.code not in {movement.payer, movement.receiver} or reserve == fund.code:
            continue
        if movement.receiver == fund.code:
            other, pence = inputs.agreement.fund_of[movement.payer].name, movement.amount_pence
            label = say("From the reserves of {fund}", fund=other)
            if not reserve:
                label = say("From the underspends of {fund}", fund=other)
        else:
            other, pence = inputs.agreement.fund_of[movement.receiver].name, -movement.amount_pence
            label = say("From underspends, into the reserves of {fund}", fund=other)
            if not reserve:
                label = _given(inputs, movement.clause, other)
        found[label] = found.get(label, 0) + pence
    yield from found.items()
    unallocated = sum(
        -dealt.unallocated_pence if dealt.subject.on.is_gain else dealt.unallocated_pence
        for dealt in dealt_with_of(inputs, fund)
    )
    yield say("Not allocated by any clause"), unallocated


def _of_the_reserves(inputs: StatementInputs, fund: Fund) -> Iterator[tuple[str, int]]:
    """What other funds paid into this fund's reserves, and what was drawn from these for them."""
    found: dict[str, int] = {}
    for movement in inputs.settlement.outcome.movements:
        if _fund_of_reserve(inputs, movement.source) != fund.code:
            continue
        if movement.receiver == fund.code:
            label = say("Paid in from the underspends of {fund}", fund=inputs.agreement.fund_of[movement.payer].name)
            pence = movement.amount_pence
        else:
            label = _given(inputs, movement.clause, inputs.agreement.fund_of[movement.receiver].name)
            pence = -movement.amount_pence
        found[label] = found.get(label, 0) + pence
    yield from found.items()


def _given(inputs: StatementInputs, clause: str, fund: str) -> str:
    if inputs.agreement.clause_of[clause].on is On.OVERSPEND:
        return say("Passed to the overspends of {fund}", fund=fund)
    return say("Passed to {fund}", fund=fund)


def _fund_of_reserve(inputs: StatementInputs, source: str) -> str:
    """The fund whose reserve a movement drew on or went to; "" where it was of underspends."""
    code = source.removeprefix(_RESERVE)
    return next((each.fund for each in inputs.agreement.reserves if code != source and each.code == code), "")


def _own(inputs: StatementInputs, fund: Fund) -> tuple[int, int]:
    """What the fund's own variances paid into its own reserves, and what they drew from them."""
    moved = [_moved(inputs, balance, own=fund.code) for balance in _balances(inputs, fund)]
    return sum(paid_in for paid_in, _, _, _ in moved), sum(drawn for _, _, drawn, _ in moved)


# The reserves


def _balances(inputs: StatementInputs, fund: Fund) -> list[ReserveBalance]:
    return [each for each in inputs.settlement.outcome.reserves if each.reserve.fund == fund.code]


def _moved(inputs: StatementInputs, balance: ReserveBalance, own: str) -> tuple[int, int, int, int]:
    """Paid into a reserve from its own fund and from others, drawn from it for its own and for others."""
    to = f"{_RESERVE}{balance.reserve.code}"
    moved = [0, 0, 0, 0]
    for dealt in inputs.settlement.outcome.subjects:
        place = (0 if dealt.subject.on.is_gain else 2) + (dealt.subject.group.fund != own)
        moved[place] += sum(part.amount_pence for part in dealt.parts if part.to == to)
    return moved[0], moved[1], moved[2], moved[3]


def reserves_blocks(inputs: StatementInputs, fund: Fund) -> list[Block]:
    """Each reserve from what it brought forward to what it carries forward, other funds in columns of their own."""
    heading = Heading(say("Reserves"))
    balances = _balances(inputs, fund)
    if not balances:
        return [heading, Paragraph(_no_reserve(inputs, fund))]
    moved = [_moved(inputs, balance, fund.code) for balance in balances]
    titles = [say("Paid in £"), "", say("Drawn £"), ""]
    if any(from_others or for_others for _, from_others, _, for_others in moved):
        titles = [
            say("Paid in from this fund £"),
            say("Paid in from other funds £"),
            say("Drawn for this fund £"),
            say("Drawn for other funds £"),
        ]
        titles = [title if any(each[place] for each in moved) else "" for place, title in enumerate(titles)]
    rows = []
    for balance, (paid_in, from_others, drawn, for_others) in zip(balances, moved, strict=True):
        label = named(balance.reserve.name, balance.reserve.code)
        signed = (paid_in, from_others, -drawn, -for_others)
        shown = (pence for pence, column in zip(signed, titles, strict=True) if column)
        rows.append(Row((label, balance.reserve.opening_pence, *shown, balance.closing_pence)))
    opening, *columns_moved, closing = amounts(
        say("Brought forward £"), *filter(None, titles), say("Carried forward £")
    )
    closing = Column(closing.title, closing.align, adds=tuple(range(1, len(columns_moved) + 2)))
    columns = (Column(say("Reserve"), width=3), opening, *columns_moved, closing)
    title = say("Reserves brought and carried forward")
    return [heading, Table(title, columns, (*rows, total_row(say("Total"), rows)))]


def _no_reserve(inputs: StatementInputs, fund: Fund) -> str:
    others = {
        movement.payer
        for movement in inputs.settlement.outcome.movements
        if movement.receiver == fund.code and _fund_of_reserve(inputs, movement.source)
    }
    if others:
        return say(
            "The fund has no reserve of its own, so that nothing is brought or carried forward. What it drew was from "
            "the reserves of other funds."
        )
    return say("The fund has no reserve: nothing is brought or carried forward.")


# Cash and spend


def cash_by_partner(inputs: StatementInputs, fund: Fund) -> list[Block]:
    """What each partner contributes, paid, received as the fund's host and spent, and what is still due from it."""
    accounts = accounts_of(inputs, fund)
    received = sum(account.paid_pence for account in accounts)
    rows = []
    for account in accounts:
        taken = received if account.partner == fund.host else 0
        cells = (account.contribution_due_pence, -account.paid_pence, taken, -account.spend_pence)
        rows.append(Row((inputs.name_of(account.partner), *cells, sum(cells))))
    *moved, due = amounts(
        say("Contribution due £"),
        say("Paid to the Host Partner £"),
        say("Received as Host Partner £"),
        say("Spent on the fund's behalf £"),
        say("Still due £"),
    )
    due = Column(due.title, due.align, adds=(1, 2, 3, 4))
    columns = (Column(say("Partner"), width=3), *moved, due)
    table = Table(say("Cash and spend by partner"), columns, (*rows, total_row(say("Total"), rows)))
    told = say(
        "Still due is before the partners' shares of overspends and underspends; in brackets it is due to the partner."
    )
    return [Paragraph(told), table]
