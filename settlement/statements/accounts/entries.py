"""What a settlement comes to in a partner's own books: an amount for each account, fund and counterparty."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.agreement import On, Use
from rules.language import message
from rules.outcome import DealtWith
from rules.waterfall import FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.cash import FundAccount, handed_over
from settlement.settle import Settlement
from settlement.statements.beside import codes_before, predecessors
from settlement.statements.funds import account_figure
from settlement.statements.inputs import StatementInputs

HANDED_OVER, DISBENEFIT_BORNE, QIPP_BORNE = "handed_over", "disbenefit_borne", "qipp_borne"
RECEIVED, BETWEEN_HOSTS, UNALLOCATED = "received", "between_hosts", "unallocated"
RESERVE, RESERVE_BETWEEN = "reserve", "reserve_between_hosts"
UNDERSPEND_RECEIVED, UNDERSPEND_GIVEN = "underspend_received", "underspend_given"
DEBTOR, CREDITOR = "debtor", "creditor"
DRAWN = "drawn"

LINES = (
    ("contribution_due", 1, message("Financial Contribution to the fund")),
    ("overspend", 1, message("Risk share: overspends")),
    ("qipp_shortfall", 1, message("Risk share: QIPP shortfalls")),
    ("disbenefit", 1, message("Risk share: disbenefits")),
    ("underspend", -1, message("Risk share: underspends")),
    ("benefit", -1, message("Risk share: benefits")),
    ("provision", -1, message("Risk share: provided for own exposure")),
    (HANDED_OVER, 1, message("Benefits realised and handed over")),
    (DISBENEFIT_BORNE, -1, message("Disbenefits borne itself")),
    (QIPP_BORNE, -1, message("QIPP shortfalls borne itself")),
    ("spend", -1, message("Expenditure met on the fund's behalf")),
    ("paid", -1, message("Payments on account to the fund's host")),
    (RECEIVED, 1, message("Payments on account received as host")),
    (RESERVE, 1, message("Reserve held: {reserve}")),
    (RESERVE_BETWEEN, 1, message("Reserve used between hosts: {reserve}")),
    (UNDERSPEND_RECEIVED, 1, message("Underspends received for overspends")),
    (UNDERSPEND_GIVEN, -1, message("Underspends given to overspends")),
    (BETWEEN_HOSTS, 1, message("Settlement with other hosts")),
    (UNALLOCATED, 1, message("Variance not allocated by any clause")),
    (DEBTOR, 1, message("Debtor: settlement due")),
    (CREDITOR, -1, message("Creditor: settlement due")),
)
"""The lines of a journal by their keys: whether an amount above nought is a debit (1) or a credit (-1), and the
account it goes to."""

INSTEAD = {RESERVE: DRAWN, RESERVE_BETWEEN: DRAWN, UNDERSPEND_RECEIVED: DRAWN, UNDERSPEND_GIVEN: DRAWN}
"""The key of older theme files that stands for a line's own, where a theme has no code for that."""

_OF_ACCOUNT = ("contribution_due", "overspend", "qipp_shortfall", "disbenefit", "underspend", "benefit", "provision")
_CASH = ("spend", "paid")
_SIGN = {key: sign for key, sign, _ in LINES}
_ORDER = {key: place for place, (key, _, _) in enumerate(LINES)}


@dataclass(frozen=True, slots=True)
class Account:
    """Where an amount is posted: the line's key, the fund or reserve it is of, and whose the other end of it is.

    `counterparty` is another partner's code, never the partner itself: "" where there is nobody on the other end.
    """

    key: str
    fund: str = ""
    reserve: str = ""
    counterparty: str = ""


Entries = dict[Account, int]
"""Debits in pence, credits below nought, in the order of the journal. They come to nought, all told."""


def entries_of(settlement: Settlement, partner: str) -> Entries:
    """A partner's entries, year to date; nothing of nil."""
    found: Entries = {}
    as_host = sorted(_as_host(settlement, partner), key=lambda entry: _ORDER[entry[0].key])
    for account, pence in (*_own(settlement, partner), *as_host, *_due(settlement, partner)):
        if account.counterparty == partner:
            account = replace(account, counterparty="")  # noqa: PLW2901  a partner has no counterparty in itself
        found[account] = found.get(account, 0) + pence
    return {account: pence for account, pence in found.items() if pence}


def entries_before(inputs: StatementInputs, partner: str) -> Entries:
    """The entries last stated, of the partner and of those whose place it took: by the codes that now stand for them.

    Nothing where nothing was stated before.
    """
    previous = inputs.previous
    if previous is None:
        return {}
    codes, now = codes_before(inputs, partner), predecessors(inputs)
    found: Entries = {}
    for each in previous.agreement.partners:
        for account, pence in entries_of(previous, each.code).items() if each.code in codes else ():
            other = now.get(account.counterparty, account.counterparty)
            there = replace(account, counterparty="" if other == partner else other)
            found[there] = found.get(there, 0) + pence
    return {account: pence for account, pence in found.items() if pence}


def _own(settlement: Settlement, partner: str) -> Iterator[tuple[Account, int]]:
    """The partner's account with each fund."""
    column = [each.code for each in settlement.agreement.partners].index(partner)
    for account in settlement.accounts:
        if account.partner != partner:
            continue
        fund = settlement.agreement.fund_of[account.fund]
        yield from _figures(account, _OF_ACCOUNT, fund.host)
        for dealt in settlement.outcome.subjects:
            if dealt.subject.group.fund == fund.code:
                pence = handed_over(dealt, column, settlement.outcome)
                if pence:
                    yield Account(_realised(dealt, pence), fund.code, counterparty=fund.host), pence
        yield from _figures(account, _CASH, fund.host)


def _realised(dealt: DealtWith, pence: int) -> str:
    """What a partner had of an amount before it was shared: a benefit, or below nought a loss that it bore itself."""
    if dealt.subject.on is On.QIPP_SHORTFALL:
        return QIPP_BORNE
    return HANDED_OVER if pence > 0 else DISBENEFIT_BORNE


def _figures(account: FundAccount, keys: tuple[str, ...], host: str) -> Iterator[tuple[Account, int]]:
    for key in keys:
        yield Account(key, account.fund, counterparty=host), _SIGN[key] * account_figure(account, key)


def _as_host(settlement: Settlement, partner: str) -> Iterator[tuple[Account, int]]:
    """What the funds that it hosts have from others, hold for them and owe them."""
    agreement = settlement.agreement
    hosted = {fund.code for fund in agreement.funds if fund.host == partner}
    for account in settlement.accounts:
        if account.fund in hosted:
            yield Account(RECEIVED, account.fund, counterparty=account.partner), account.paid_pence
    holds = {reserve.code for reserve in agreement.reserves if reserve.fund in hosted}
    for dealt in settlement.outcome.subjects:
        if dealt.subject.group.fund in hosted:
            yield from _drawn(dealt, holds)
    yield from _between_hosts(settlement, partner, holds)
    for dealt in settlement.outcome.subjects:
        if dealt.subject.group.fund in hosted:
            sign = -1 if dealt.subject.on.is_gain else 1
            yield Account(UNALLOCATED, dealt.subject.group.fund), sign * dealt.unallocated_pence


def _between_hosts(settlement: Settlement, partner: str, holds: set[str]) -> Iterator[tuple[Account, int]]:
    """What its funds owe funds of other hosts, and what of that was of a reserve: at each host the same, one a debit.

    A reserve is drawn or paid into in the books of the host that holds it, for whose fund it may be.
    """
    host = {fund.code: fund.host for fund in settlement.agreement.funds}
    for movement in settlement.outcome.movements:
        payer, receiver = host[movement.payer], host[movement.receiver]
        sign = (payer == partner) - (receiver == partner)
        if sign:
            other = receiver if sign > 0 else payer
            code, pence = reserve_in(movement.source), sign * movement.amount_pence
            if code in holds:
                yield Account(RESERVE, reserve=code), pence
            if code:
                yield Account(RESERVE_BETWEEN, reserve=code, counterparty=other), -pence
            yield Account(BETWEEN_HOSTS, counterparty=other), pence


def _drawn(dealt: DealtWith, holds: set[str]) -> Iterator[tuple[Account, int]]:
    """What was drawn for a group (a debit) or paid in from it: of its host's reserves, and of others' underspends."""
    sign = -1 if dealt.subject.on.is_gain else 1
    fund = dealt.subject.group.fund
    for part in dealt.parts:
        code = reserve_in(part.to)
        if code in holds:
            yield Account(RESERVE, reserve=code), sign * part.amount_pence
        elif part.to == FROM_UNDERSPENDS:
            yield Account(UNDERSPEND_RECEIVED, fund), sign * part.amount_pence
        elif part.to == TO_OVERSPENDS:
            yield Account(UNDERSPEND_GIVEN, fund), sign * part.amount_pence


def _due(settlement: Settlement, partner: str) -> Iterator[tuple[Account, int]]:
    for transfer in settlement.transfers:
        if transfer.receiver == partner:
            yield Account(DEBTOR, counterparty=transfer.payer), transfer.amount_pence
        elif transfer.payer == partner:
            yield Account(CREDITOR, counterparty=transfer.receiver), -transfer.amount_pence


def reserve_in(to: str) -> str:
    """The code of the reserve that a part went to or came from; "" of any other part."""
    use, _, code = to.partition(":")
    return code if use == Use.RESERVE else ""
