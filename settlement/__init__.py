"""Settlements of pooled funds: position, outcome, cash, statements and the `s75` command. Floor 3 of the house.

The Python API: `settle` an agreement and a position, `settle_ledger` an open ledger, and what they answer.
"""

from settlement.cash import Cash, FundAccount, PartnerRow, Transfer
from settlement.result import result_of
from settlement.settle import Settlement, settle

__all__ = ["Cash", "FundAccount", "PartnerRow", "Settlement", "Transfer", "result_of", "settle"]
