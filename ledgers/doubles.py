"""Two files of one ledger side by side: what OneDrive, Dropbox and their like leave when two people worked at once.

Such a file is known by its name (`pool-PC17.s75`, `pool (1).s75`, `pool (Someone's conflicted copy 2026-01-01).s75`)
and by what is in it: the ledger's own number. Which holds more is read from their audit trails. Nothing is merged.
"""

import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from ledgers.apart import Apart, apart, told
from ledgers.connecting import connect, journal_of, read_header
from ledgers.file_paths import resolved, whole
from ledgers.ledger import Ledger
from ledgers.schema import check_schema
from ledgers.store import SCHEMA_VERSION
from ledgers.stored import StoredLedger
from ledgers.trail import COLUMNS, Entry, trail
from rules.problems import RefusedError

_MOST = 12
"""So many files of such names are looked into: nobody has more, and a share is slow."""

_ENDS = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        r"(?P<base>.+?) ?\((?:.*conflict.*|\d{1,3})\)",  # Dropbox, Nextcloud; Google Drive, Windows
        r"(?P<base>.+) - Copy(?: \(\d{1,3}\))?",  # Windows
        r"Copy (?:\(\d{1,3}\) )?of (?P<base>.+)",
        r"(?P<base>.+)\.sync-conflict-\d{8}-\d{6}(?:-\w+)?",  # Syncthing
        r"(?P<base>.+)_conf(?:lict)?-\d{8}-\d{6}",  # ownCloud
        r"(?P<base>.+?)-(?P<computer>[^\W_](?:[\w-]{0,14}))(?:-\d{1,3})?",  # OneDrive: the computer's name, 15 at most
        r"(?P<base>.+) \d{1,2}",  # iCloud
    )
)
_DATED = re.compile(r"(?:\d[\d-]*(?:T\d{6}Z)?(?:\.\d+)?|given-back.*|before-.*|backup.*|archive.*)", re.IGNORECASE)
"""What people and this program put after a dash themselves: such a file is meant."""


@dataclass(frozen=True, slots=True)
class Double:
    """Another file of the same ledger beside it. In `apart` the ledger's own entries come first."""

    path: Path
    apart: Apart


def bases_of(stem: str) -> frozenset[str]:
    """What a file may have been called before a service named it apart: its own name, and each that an end leaves."""
    found = {stem}
    for end in _ENDS:
        said = end.fullmatch(stem)
        if said and not ("computer" in said.groupdict() and _DATED.fullmatch(stem[len(said["base"]) + 1 :])):
            found.add(said["base"].rstrip())
    return frozenset(found)


def named_alike(path: Path) -> tuple[Path, ...]:
    """The files beside a ledger whose names say that one was made of the other, or both of a third."""
    ours = {each.casefold() for each in bases_of(path.stem)}
    found = []
    with suppress(OSError):
        for beside in path.parent.iterdir():
            is_ledger = beside.suffix.lower() == ".s75" and beside.name != path.name
            if is_ledger and any(each.casefold() in ours for each in bases_of(beside.stem)):
                found.append(beside)
    return tuple(sorted(found)[:_MOST])


def doubles_of(path: Path, number: str, entries: tuple[Entry, ...]) -> tuple[Double, ...]:
    """The other files of the ledger of that number beside its file at a path, whose audit trail is `entries`."""
    return tuple(
        Double(beside, apart(entries, theirs))
        for beside in named_alike(path)
        if (theirs := _trail_of(beside, number)) is not None
    )


def doubles_beside(ledger: Ledger) -> tuple[Double, ...]:
    """The other files of an open ledger beside its own; none of a folder, or of a ledger on a server."""
    if not isinstance(ledger, StoredLedger) or not whole(Path(ledger.name)).is_file():
        return ()
    ((number,),) = ledger.store.rows("SELECT COALESCE(MAX(value), '') FROM meta WHERE key = 'ledger'")
    return doubles_of(resolved(Path(ledger.name)), number, trail(ledger))


def _trail_of(path: Path, number: str) -> tuple[Entry, ...] | None:
    """The audit trail of the ledger of that number; None of a file that is another or none, or cannot be read."""
    with suppress(RefusedError, sqlite3.Error, OSError):
        if read_header(path).version != SCHEMA_VERSION or journal_of(path).exists():
            return None
        with closing(connect(path, "ro")) as connection:
            check_schema(connection, SCHEMA_VERSION, str(path))
            found = connection.execute("SELECT value FROM meta WHERE key = 'ledger'").fetchone()
            if found is None or str(found[0]) != number:
                return None
            rows = connection.execute(f"SELECT {COLUMNS} FROM audit ORDER BY id").fetchall()  # noqa: S608  our names
            return tuple(Entry(*row) for row in rows)
    return None


def in_words(double: Double, name: str) -> str:
    """What there is, which of the two holds more, and what to do, as one sentence of several parts."""
    other, held = double.path.name, double.apart
    begin = f"{name}: {other} beside it is another file of the same ledger"
    if held.is_same:
        return f"{begin}, with the same in it; move one of the two away, so that nobody works in both"
    if held.gone_apart:
        return (
            f"{begin}, and the two have gone apart: somebody worked in each. Only {name} has {_listed(held.first)}. "
            f"Only {other} has {_listed(held.second)}. Nothing is merged: agree which is the ledger, post in it again "
            "what only the other has, and move the other away"
        )
    if held.first:
        return (
            f"{begin}, of an earlier state: all that is in it is in this one too, which has {_listed(held.first)} "
            "besides; move the other away, so that nobody works in it"
        )
    return (
        f"{begin}, and has more: all of this one, and {_listed(held.second)} besides; work in {other}, and move this "
        "one away"
    )


def _listed(entries: tuple[Entry, ...]) -> str:
    count = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
    return f"{count} of the audit trail ({'; '.join(told(entries))})"
