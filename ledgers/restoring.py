"""A backup put back in a ledger's place: what each backup has in it, and what putting one back loses.

The present file is kept as a backup first, whatever state it is in. It is replaced at once and whole: a restoring that
is killed leaves the ledger as it was, or as the backup has it.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledgers.backups import (
    BEFORE_RESTORE,
    Backup,
    folder_of,
    free_name,
    put_in_place,
    ring_of,
    sync_folder,
    write_copy,
)
from ledgers.connecting import connect, in_sentences, journal_of, read_header
from ledgers.crashed import recover, recovered_copy
from ledgers.file_paths import resolved
from ledgers.locking import WriterLock
from ledgers.schema import check_schema, check_values
from ledgers.settings import read_settings
from ledgers.sqlite import SqliteStore
from ledgers.store import SCHEMA_VERSION, Store
from ledgers.trail import Action, record
from rules.periods import Period
from rules.problems import Problem, RefusedError

_LATEST_SIGNED = "SELECT MAX(period) FROM period_states WHERE state = 'signed'"
_FIRST_WITH_NOTES = 2


@dataclass(frozen=True, slots=True)
class Content:
    """What a ledger's file has in it. `notes` are the notes signed or put up for signature: number and period."""

    ledger: str
    lines: int
    batches: int
    last_posted: str
    signed_to: Period | None
    notes: tuple[tuple[int, Period], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup of a ledger's ring: its bytes, and what it has in it, or why it cannot be read."""

    backup: Backup
    size: int
    content: Content | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring did. `before` is None where the file was not there or could not be read; so is `kept`."""

    after: Content
    before: Content | None
    kept: Path | None


def list_backups(path: Path) -> tuple[Listed, ...]:
    """The backups of the ledger at a path, newest first, whether the ledger is there or not."""
    return tuple(_listed(backup) for backup in reversed(ring_of(path)))


def _listed(backup: Backup) -> Listed:
    size = 0
    with suppress(OSError):
        size = backup.path.stat().st_size
    try:
        return Listed(backup, size, content_of(backup.path))
    except RefusedError as error:
        return Listed(backup, size, None, error.problems[0].message)


def content_of(path: Path, name: str = "") -> Content:
    """What a ledger's file has in it, of whatever version it is. Raises RefusedError if it is none, or is altered."""
    name = name or str(path)
    read_header(path, name)
    if journal_of(path).exists():
        with recovered_copy(path, name) as copy:
            return _content(copy, name)
    return _content(path, name)


def _content(path: Path, name: str) -> Content:
    version = read_header(path, name).version  # only now: what was half done may have been a migration
    with closing(connect(path, "ro", name)) as connection:
        check_schema(connection, version, name)
        check_values(connection, name)
        store = SqliteStore(name, connection)
        ((lines,),) = store.rows("SELECT COUNT(*) FROM lines")
        ((batches, posted),) = store.rows("SELECT COUNT(*), COALESCE(MAX(posted_at), '') FROM batches")
        ((signed,),) = store.rows(_LATEST_SIGNED)
        ((ledger,),) = store.rows("SELECT COALESCE(MAX(value), '') FROM meta WHERE key = 'ledger'")
        notes = store.rows("SELECT id, period FROM notes ORDER BY id") if version >= _FIRST_WITH_NOTES else []
        return Content(
            ledger=ledger,
            lines=lines,
            batches=batches,
            last_posted=posted,
            signed_to=None if signed is None else Period(signed),
            notes=tuple((number, Period(period)) for number, period in notes),
        )


def restore(path: Path, backup: Path, now: Callable[[], datetime]) -> Restored:
    """Put a backup in the ledger's place, bring it up to date, and say so in its audit trail.

    Raises RefusedError, with the ledger as it was, if another process has it open, if the backup is no ledger, is
    damaged, or is of another ledger, or if the present file cannot be kept first.
    """
    name = str(path)
    path = resolved(path)
    lock = WriterLock(path, now(), name)
    try:
        before = _present(path, name)
        unfinished = path.with_name(path.name + ".restoring")
        try:
            mode = (path if path.exists() else backup).stat().st_mode
            after = _made_ready(backup, unfinished, before, mode, now())
            kept = _keep_present(path, name, now()) if path.exists() else None
            journal_of(path).unlink(missing_ok=True)  # of the present file, which it belongs to no more once replaced
            sync_folder(path.parent)
            put_in_place(unfinished, path)
        except OSError as error:
            message = f"the backup cannot be put back ({error.strerror or error}); the ledger is as it was"
            raise RefusedError(Problem(message, name)) from None
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
    finally:
        lock.release()
    return Restored(after, before, kept)


def _present(path: Path, name: str) -> Content | None:
    """What the present file has in it, its journal first played back if it is its own; None if nobody can tell."""
    try:
        recover(path, name)
        return content_of(path, name)
    except (RefusedError, sqlite3.Error):
        return None


def _made_ready(backup: Path, unfinished: Path, before: Content | None, mode: int, now: datetime) -> Content:
    """Write the backup to where it can take the ledger's place, up to date and with an entry in its audit trail."""
    content = content_of(backup)
    if before is not None and before.ledger != content.ledger:
        message = "this is a backup of another ledger; copy it to where none is, and open it there"
        raise RefusedError(Problem(message, str(backup)))
    for stale in (journal_of(unfinished), unfinished):
        stale.unlink(missing_ok=True)
    with closing(connect(backup, "ro")) as connection:
        damage = SqliteStore(str(backup), connection).damage(thorough=True)
        if damage:
            message = f"the backup is damaged ({damage[0]}); take another"
            raise RefusedError(Problem(message, str(backup)))
        write_copy(connection, unfinished, mode)
    version = read_header(unfinished).version
    if version < SCHEMA_VERSION:
        from ledgers.creating import bring_up_to_date  # noqa: PLC0415  migrations bring SQLAlchemy

        bring_up_to_date(unfinished, version, now, str(backup), keep=False)
    with closing(connect(unfinished, "rw", str(backup))) as connection:
        with in_sentences(str(backup)):
            connection.execute("PRAGMA journal_mode = MEMORY")  # if it fails, the whole copy goes
        store = SqliteStore(str(backup), connection)
        with store.transaction():
            _record(store, backup, content, before, now)
    return content


def _record(store: Store, backup: Path, content: Content, before: Content | None, now: datetime) -> None:
    lost = "what was lost is not known" if before is None else f"{max(0, before.lines - content.lines)} lines lost"
    if before is not None and len(before.notes) > len(content.notes):
        lost += f", notes from {len(content.notes) + 1} to {len(before.notes)} lost"
    record(store, now, Action.RESTORE, "ledger", f"put back from {backup.name}: {lost}")


def _keep_present(path: Path, name: str, now: datetime) -> Path:
    """Keep the present file byte for byte, and its journal if it has one: it may be damaged, and may yet be wanted."""
    import shutil  # noqa: PLC0415

    try:
        kept = free_name(path, folder_of(path, read_settings()), now, BEFORE_RESTORE)
        for source, copy in ((journal_of(path), journal_of(kept)), (path, kept)):
            if source.exists():
                unfinished = copy.with_name(copy.name + ".part")
                shutil.copy2(source, unfinished)
                put_in_place(unfinished, copy)
    except OSError as error:
        message = f"the present file cannot be kept as a backup first ({error.strerror or error}); nothing was changed"
        raise RefusedError(Problem(message, name)) from None
    return kept


def named_backup(path: Path, wanted: str) -> Path:
    """The backup that somebody names: a file of the ledger's ring by its name, or any file by its path."""
    of_ring = {backup.path.name: backup.path for backup in ring_of(path)}
    found = of_ring.get(wanted, Path(wanted))
    if not found.is_file():
        message = f"there is no such backup; “s75 restore {path}” lists those there are"
        raise RefusedError(Problem(message, wanted))
    if path.exists() and found.samefile(path):
        raise RefusedError(Problem("this is the ledger itself, not a backup of it", wanted))
    return found
