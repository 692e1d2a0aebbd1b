"""Numbers of transfer notices, and what an earlier one has notified already: nobody is asked twice for an amount."""

import re
from dataclasses import dataclass

from rules.english import listed
from settlement.cash import Transfer
from settlement.settle import Settlement
from settlement.statements.beside import codes_before
from settlement.statements.inputs import StatementInputs

_UNSAFE = re.compile(r"[^A-Z0-9]+")
DRAFT = "DRAFT"


def reference_of(inputs: StatementInputs, transfer: Transfer) -> str:
    """The notice's number: agreement, year, period, creditor, debtor, and the note that sealed it, or `DRAFT`.

    The same settlement gives the same number always, in every language, and no two transfers of an agreement have one.
    """
    sealed = f"N{inputs.seal.sequence}" if inputs.is_signed and inputs.seal is not None else DRAFT
    return _number(inputs.settlement, transfer, sealed)


def _number(settlement: Settlement, transfer: Transfer, sealed: str) -> str:
    agreement = settlement.agreement
    names = _plain_codes(settlement)
    year = str(agreement.year).replace("/", "-")
    parts = (_plain(agreement.id), year, str(settlement.period), names[transfer.receiver], names[transfer.payer])
    return "/".join((*parts, sealed))


def _plain_codes(settlement: Settlement) -> dict[str, str]:
    """Each partner's code in letters and digits that any purchase ledger takes; no two are one."""
    found: dict[str, str] = {}
    for partner in settlement.agreement.partners:
        plain = name = _plain(partner.code)
        number = 1
        while name in found.values():
            number += 1
            name = f"{plain}-{number}"
        found[partner.code] = name
    return found


def _plain(code: str) -> str:
    return _UNSAFE.sub("-", code.upper()).strip("-") or "X"


@dataclass(frozen=True, slots=True)
class Notified:
    """What the settlement last signed notified of the same debtor to the same creditor.

    `paid_pence` was posted as paid between the two since; of `due_pence`, which is due now, `open_pence` is what was
    notified and is still unpaid, and `new_pence` the rest: below nought, where less is due by now.
    """

    numbers: str
    notified_pence: int
    paid_pence: int
    due_pence: int

    @property
    def open_pence(self) -> int:
        """What was notified and is not paid."""
        return max(0, self.notified_pence - self.paid_pence)

    @property
    def new_pence(self) -> int:
        """What no notice has asked for yet."""
        return self.due_pence - self.open_pence


def notified_before(inputs: StatementInputs, transfer: Transfer) -> Notified | None:
    """What an earlier signed notice asked the same debtor for; None where there is none, and of a forecast."""
    previous, seal = inputs.previous, inputs.previous_seal
    before = owed_before(inputs, transfer)
    if previous is None or seal is None or before <= 0 or inputs.settlement.is_outturn:
        return None
    payers, receivers = codes_before(inputs, transfer.payer), codes_before(inputs, transfer.receiver)
    numbers = listed(
        _number(previous, each, f"N{seal.sequence}")
        for each in previous.transfers
        if {each.payer, each.receiver} <= payers | receivers and (each.payer in payers) != (each.receiver in payers)
    )
    now = paid_between(inputs.settlement, frozenset({transfer.payer}), frozenset({transfer.receiver}))
    then = paid_between(previous, payers, receivers)
    return Notified(numbers, before, now - then, transfer.amount_pence)


def owed_before(inputs: StatementInputs, transfer: Transfer) -> int:
    """What the debtor owed the creditor when last stated, in pence; those whose place they took count as they do."""
    payers, receivers = codes_before(inputs, transfer.payer), codes_before(inputs, transfer.receiver)
    before = () if inputs.previous is None else inputs.previous.transfers
    return sum(
        each.amount_pence
        * (
            (each.payer in payers and each.receiver in receivers)
            - (each.payer in receivers and each.receiver in payers)
        )
        for each in before
    )


def paid_between(settlement: Settlement, payers: frozenset[str], receivers: frozenset[str]) -> int:
    """What the ledger shows as paid by the first to the others as hosts, less what these paid to them."""
    host = {fund.code: fund.host for fund in settlement.agreement.funds}
    return sum(
        account.paid_pence
        * (
            (account.partner in payers and host[account.fund] in receivers)
            - (account.partner in receivers and host[account.fund] in payers)
        )
        for account in settlement.accounts
    )
