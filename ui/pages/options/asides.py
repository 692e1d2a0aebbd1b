"""Long work of the Settings page, each in a process of its own: backups looked at, taken, put back."""

from pathlib import Path

from ledgers import open_ledger
from ledgers.putting_back import put_back_as
from ledgers.restoring import Content, Listed, list_backups
from ui.aside import Report


def look(where: str, report: Report) -> tuple[Listed, ...]:
    """The backups of a ledger's file, the newest first, each with what it has in it."""
    report(0, 0, "Looking at the backups…")
    return list_backups(Path(where))


def back_up(where: str, path: str, report: Report) -> None:
    """Write a consistent copy of a ledger. Raises RefusedError if the file is there already."""
    report(0, 0, "Writing the copy…")
    with open_ledger(where, read_only=True) as ledger:
        ledger.backup(path)


def put_back(backup: str, path: str, report: Report) -> Content:
    """Write a backup to a new file; what it has in it. Raises RefusedError if the file is there already."""
    report(0, 0, "Writing the backup to the new file…")
    return put_back_as(Path(backup), Path(path))
