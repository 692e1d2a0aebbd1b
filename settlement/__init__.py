"""Settlements of pooled funds: position, outcome, cash, statements and the `s75` command. Floor 3 of the house.

The Python API, the same operations as the command's::

    from settlement import open_ledger, settle_ledger

    with open_ledger("pool.s75", read_only=True) as ledger:
        for transfer in settle_ledger(ledger).transfers:
            print(transfer.payer, "pays", transfer.receiver, transfer.amount)  # a moneyed.Money

`open_ledger` and `create_ledger` give a `Ledger`, whose methods import, post, reverse, hold, reopen and back up.
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
    from settlement.demo import build_demo
    from settlement.publishing import write_ledger_statements
    from settlement.service import check, explain_ledger, settle_ledger, settled_before

_WHERE = {
    "Ledger": "ledgers",
    "build_demo": "settlement.demo",
    "check": "settlement.service",
    "create_ledger": "ledgers",
    "explain_ledger": "settlement.service",
    "open_ledger": "ledgers",
    "settle_ledger": "settlement.service",
    "settled_before": "settlement.service",
    "write_ledger_statements": "settlement.publishing",
}

__all__ = [
    "Cash",
    "FundAccount",
    "Ledger",
    "PartnerRow",
    "Settlement",
    "Transfer",
    "build_demo",
    "check",
    "create_ledger",
    "explain_ledger",
    "open_ledger",
    "result_of",
    "settle",
    "settle_ledger",
    "settled_before",
    "write_ledger_statements",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever it is
    """Load what is asked for by name."""
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_WHERE[name]), name)
