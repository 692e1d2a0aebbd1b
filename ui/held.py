"""A lane's ledger: the one that it works with, and one that waits to take its place.

A ledger is opened by two lanes, one after the other. Only when both have it does the window show it, and only then do
they work with it: what is asked of the ledger on screen meanwhile is asked of that one, and nothing is ever posted to
another.
"""

from os.path import realpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgers import Ledger


class Held:
    """Touched by its lane only: a connection belongs to the thread that opened it."""

    def __init__(self) -> None:
        """No ledger."""
        self.current: Ledger | None = None
        self._waiting: Ledger | None = None

    def wait(self, ledger: "Ledger | None") -> None:
        """Have a ledger, or none, ready to be worked with; the one that waited before is wanted no longer."""
        self._waiting, before = ledger, self._waiting
        _close(before)

    def adopt(self) -> None:
        """Work with the one that waits, and let go of the one before."""
        before, self.current, self._waiting = self.current, self._waiting, None
        _close(before)

    def let_go(self) -> None:
        """Close the one that is worked with. One that waits goes on waiting."""
        before, self.current = self.current, None
        _close(before)

    def close(self) -> None:
        """Close both."""
        self.wait(None)
        self.let_go()

    def is_of(self, where: str) -> bool:
        """Whether the ledger worked with is the one of that name, or in that file, by whichever path."""
        return self.current is not None and (
            self.current.name == where or realpath(self.current.name) == realpath(where)
        )


def _close(ledger: "Ledger | None") -> None:
    if ledger is not None:
        ledger.close()
