"""The ledger of a Section 75 agreement: opened, read, posted to, checked.

Floor 2 of the house: it knows tables, files and totals, and no rule of sharing. This module stays cheap to import:
each store, the importer and their libraries are loaded when they are first needed.
"""

from ledgers.ledger import Batch, Finding, Imported, Ledger, PeriodState, State, Version
from ledgers.lines import Line, LineFilter, NewLine
from ledgers.opening import create_ledger, open_ledger

__all__ = [
    "Batch",
    "Finding",
    "Imported",
    "Ledger",
    "Line",
    "LineFilter",
    "NewLine",
    "PeriodState",
    "State",
    "Version",
    "create_ledger",
    "open_ledger",
]
