"""The ledger of a Section 75 agreement: opened, read, posted to, checked.

Floor 2 of the house: it knows tables, files and totals, and no rule of sharing. Importing it loads nothing: each part,
each store, the importer and their libraries are loaded when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledgers.ledger import Batch, Finding, Imported, Ledger, PeriodState, State, Version
    from ledgers.lines import Line, LineFilter, NewLine
    from ledgers.opening import create_ledger, open_ledger

_WHERE = {
    "Batch": "ledgers.ledger",
    "Finding": "ledgers.ledger",
    "Imported": "ledgers.ledger",
    "Ledger": "ledgers.ledger",
    "Line": "ledgers.lines",
    "LineFilter": "ledgers.lines",
    "NewLine": "ledgers.lines",
    "PeriodState": "ledgers.ledger",
    "State": "ledgers.ledger",
    "Version": "ledgers.ledger",
    "create_ledger": "ledgers.opening",
    "open_ledger": "ledgers.opening",
}

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


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever it is
    """Load what is asked for by name."""
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_WHERE[name]), name)
