"""What a ledger is kept by on this computer, for whoever helps with it."""

import sqlite3


def sqlite_version() -> str:
    """The version of SQLite that opens ledgers' files: `3.45.1`."""
    return sqlite3.sqlite_version
