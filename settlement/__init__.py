"""Settlements of pooled funds: position, outcome, cash, statements and the `s75` command. Floor 3 of the house.

The Python API, the same operations as the command's::

    from settlement import open_ledger, settle_ledger

    with open_ledger("pool.s75", read_only=True) as ledger:
        for transfer in settle_ledger(ledger).transfers:
            print(transfer.payer, "pays", transfer.receiver, transfer.amount)  # a moneyed.Money

`open_ledger` and `create_ledger` give a `Ledger`, whose methods import, post, reverse, hold, reopen and back up.
A held period is put up for signature by `seal`, signed by `sign` and checked by `verify`, with keys that
`read_signing_key` and `read_public_key` read; `export`, `sign_in_folder` and `bring` are for signing at a distance.
Amounts are whole pence where a name ends in `_pence`, and `moneyed.Money` where it does not.
What is heavy is loaded when it is first asked for: `s75 --help` imports this package too.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from settlement.cash import Cash, FundAccount, PartnerRow, Transfer
from settlement.result import result_of
from settlement.settle import Settlement, settle

if TYPE_CHECKING:
    from ledgers import Ledger, create_ledger, open_ledger
    from ledgers.disputes import carry, dispute_clause, dispute_line, disputes, resolve
    from ledgers.evidence import attach, evidence
    from ledgers.trail import trail
    from settlement.demo import build_demo
    from settlement.publishing import write_ledger_statements
    from settlement.service import check, explain_ledger, settle_ledger, settled_before
    from settlement.signoff.assenting import assent
    from settlement.signoff.errors import VerificationError
    from settlement.signoff.exported import verify_export
    from settlement.signoff.exporting import bring, export, sign_in_folder
    from settlement.signoff.keys import PublicKey, SigningKey, new_key, read_public_key, read_signing_key
    from settlement.signoff.known_keys import replace_key
    from settlement.signoff.report import Report
    from settlement.signoff.signing import SignedOff, seal, sign, withdraw
    from settlement.signoff.verification import verify

_WHERE = {
    "Ledger": "ledgers",
    "PublicKey": "settlement.signoff.keys",
    "Report": "settlement.signoff.report",
    "SignedOff": "settlement.signoff.signing",
    "SigningKey": "settlement.signoff.keys",
    "VerificationError": "settlement.signoff.errors",
    "assent": "settlement.signoff.assenting",
    "attach": "ledgers.evidence",
    "bring": "settlement.signoff.exporting",
    "build_demo": "settlement.demo",
    "carry": "ledgers.disputes",
    "check": "settlement.service",
    "create_ledger": "ledgers",
    "dispute_clause": "ledgers.disputes",
    "dispute_line": "ledgers.disputes",
    "disputes": "ledgers.disputes",
    "evidence": "ledgers.evidence",
    "explain_ledger": "settlement.service",
    "export": "settlement.signoff.exporting",
    "new_key": "settlement.signoff.keys",
    "open_ledger": "ledgers",
    "read_public_key": "settlement.signoff.keys",
    "read_signing_key": "settlement.signoff.keys",
    "replace_key": "settlement.signoff.known_keys",
    "resolve": "ledgers.disputes",
    "seal": "settlement.signoff.signing",
    "settle_ledger": "settlement.service",
    "settled_before": "settlement.service",
    "sign": "settlement.signoff.signing",
    "sign_in_folder": "settlement.signoff.exporting",
    "trail": "ledgers.trail",
    "verify": "settlement.signoff.verification",
    "verify_export": "settlement.signoff.exported",
    "withdraw": "settlement.signoff.signing",
    "write_ledger_statements": "settlement.publishing",
}

__all__ = [
    "Cash",
    "FundAccount",
    "Ledger",
    "PartnerRow",
    "PublicKey",
    "Report",
    "Settlement",
    "SignedOff",
    "SigningKey",
    "Transfer",
    "VerificationError",
    "assent",
    "attach",
    "bring",
    "build_demo",
    "carry",
    "check",
    "create_ledger",
    "dispute_clause",
    "dispute_line",
    "disputes",
    "evidence",
    "explain_ledger",
    "export",
    "new_key",
    "open_ledger",
    "read_public_key",
    "read_signing_key",
    "replace_key",
    "resolve",
    "result_of",
    "seal",
    "settle",
    "settle_ledger",
    "settled_before",
    "sign",
    "sign_in_folder",
    "trail",
    "verify",
    "verify_export",
    "withdraw",
    "write_ledger_statements",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever it is
    """Load what is asked for by name."""
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_WHERE[name]), name)
