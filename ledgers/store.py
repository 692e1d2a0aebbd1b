"""What a database must do to hold a ledger: the small part in which SQLite and PostgreSQL differ.

SQL is written once, with `:name` parameters, over the tables of `ledgers.tables`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

SCHEMA_VERSION = 2
"""The newest migration this program knows; `user_version` of a file, the revision's number on PostgreSQL."""

LINE_COLUMNS = (
    "id", "batch", "period", "scheme", "partner", "kind", "amount_pence", "date", "reference", "description", "cause",
    "belongs_to", "row_number", "raw",
)  # fmt: skip
"""The columns of a line that is posted in bulk, in the order of `LineRow`."""


class Store(Protocol):
    """An open database with a ledger in it. Everything it refuses it refuses with a sentence, as RefusedError."""

    name: str
    writable: bool
    knows_logins: bool
    """Whether who this is, is proved to it: a server asks for a login, a file for nothing."""
    warnings: tuple[str, ...]

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""

    def run(self, sql: str, **values: object) -> None:
        """Do one statement."""

    def run_many(self, sql: str, rows: Iterable[dict[str, object]]) -> None:
        """Do a statement once for each row of values."""

    def insert_lines(self, rows: Iterator[tuple[object, ...]]) -> None:
        """Put lines in, in bulk and in order, without holding them all in memory."""

    def actor(self) -> str:
        """Who this is, as far as the store can tell: the login on a server, the operating system's user on a file."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and alone: no other writer's posting comes between what is read here and what is written.

        Within one that is open it is part of that: a signature and the key that it makes known go in together.
        """

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment, whatever others post meanwhile. In a transaction it adds nothing."""

    def damage(self, *, thorough: bool = False) -> list[str]:
        """What the database itself finds wrong with how it is stored; thorough reads every index as well."""

    def backup(self, path: Path) -> None:
        """Write a consistent copy to a path where nothing is."""

    def close(self) -> None:
        """Let go of it."""
