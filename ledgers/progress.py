"""How far long work on a ledger has come, told by the rows that it has read: sealing and verifying read every line.

The work itself knows nothing of it. What the person's report raises (she called the work off) comes up through the
store, so that a transaction under way is rolled back as for any other error.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ledgers.ledger import Ledger
from ledgers.store import Store
from ledgers.stored import StoredLedger

Told = Callable[[int, int, str], None]
"""Told how many rows of how many were read, and what is being done; it may raise to call the work off."""

_MANY = 100  # a query of fewer rows is not reading through the ledger


class _ToldStore:
    """The store, telling of the rows that are read from it. Everything else it hands on."""

    def __init__(self, store: Store, report: Told, total: int, what: str) -> None:
        self._store, self._report = store, report
        self._read, self._total, self._what = 0, total, what
        self.name, self.writable = store.name, store.writable
        self.knows_logins, self.warnings = store.knows_logins, store.warnings

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        found = self._store.rows(sql, **values)
        if len(found) >= _MANY:
            self._read += len(found)
        self._report(min(self._read, self._total), self._total + 1, self._what)
        return found

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""
        self._store.run(sql, **values)

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values."""
        self._store.run_many(sql, rows)

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in."""
        self._store.insert_lines(rows)

    def actor(self) -> str:
        """Who this is."""
        return self._store.actor()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        return self._store.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""
        return self._store.snapshot()

    def damage(self, *, thorough: bool = False) -> list[str]:
        """What the database itself finds wrong."""
        return self._store.damage(thorough=thorough)

    def backup(self, path: Path) -> None:
        """Write a copy."""
        self._store.backup(path)

    def close(self) -> None:
        """Let go of it."""
        self._store.close()


def rows_in(ledger: Ledger) -> int:
    """How many lines the ledger has, for a measure of how much there is to read. 0 of a folder."""
    if not isinstance(ledger, StoredLedger):
        return 0
    ((last,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) FROM lines")
    return int(last)


@contextmanager
def told(ledger: Ledger, report: Told, what: str, times: int = 1) -> Iterator[None]:
    """While inside, the report is told of the rows that are read, of as many as reading every line so often gives."""
    if not isinstance(ledger, StoredLedger):
        yield
        return
    store = ledger.store
    ledger.store = _ToldStore(store, report, rows_in(ledger) * times, what)
    try:
        yield
    finally:
        ledger.store = store
