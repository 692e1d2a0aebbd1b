"""The refusals that several operations share."""

from typing import Never

from ledgers.ledger import Ledger
from rules.problems import Problem, RefusedError


def refuse(message: str, file: str, line: int | None = None, place: str = "") -> Never:
    """Raise RefusedError for one reason."""
    raise RefusedError(Problem(message, file, line, place)) from None


def refuse_unless_writable(ledger: Ledger) -> None:
    """Raise RefusedError if the ledger was opened read-only."""
    if not ledger.writable:
        refuse("the ledger is opened read-only; open it for writing to change it", ledger.name)
