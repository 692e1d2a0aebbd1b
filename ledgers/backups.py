"""Backups of a ledger's file: a ring of the last ten, one taken each time it is opened for writing and has changed.

They lie in `NAME.s75.backups` beside the ledger, or in a folder of the settings, and are ledgers themselves, named for
the moment (UTC) they were taken: `NAME-20261122T051216Z.s75`. What a migration or a restoring took first is named so
(`…-before-v2.s75`, `…-before-restore.s75`) and stays until somebody removes it.
"""

import os
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from ledgers.connecting import Header, in_sentences, read_header
from ledgers.file_paths import is_too_long, resolved
from ledgers.settings import Settings, read_settings
from rules.problems import Problem, RefusedError

BEFORE_RESTORE = "before-restore"
_UNFINISHED = ".part"
_STAMP = "%Y%m%dT%H%M%SZ"
_COUNTERS = ((24, 28), (40, 44), (92, 100))  # of changes, of the schema's, and whose they are
_COARSEST_CLOCK_NS = 2_000_000_000  # some file systems keep the time to two seconds
_NAMED = re.compile(r"-(\d{8}T\d{6}Z)(?:\.(\d{1,6}))?(?:-(before-(?:v\d{1,4}|restore)))?\.s75", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A backup of a ring: when it was taken, the number that tells those of one second apart, what it was taken for."""

    taken: datetime
    number: int
    path: Path
    before: str = ""

    @property
    def goes_round(self) -> bool:
        """Whether it is dropped when there are more than the ring keeps."""
        return not self.before


def folder_of(path: Path, settings: Settings) -> Path:
    """Where the backups of the ledger at a path are kept. In a folder for all, two of one name have one each."""
    name = f"{path.name}.backups"
    if settings.backups_folder is None:
        return path.with_name(name)
    told_apart = sha256(os.fsencode(path)).hexdigest()[:8]
    return settings.backups_folder / f"{path.name}-{told_apart}.backups"


def ring_of(path: Path, settings: Settings | None = None) -> tuple[Backup, ...]:
    """The backups there are of the ledger at a path, oldest first. There are none where the folder cannot be read."""
    return _ring(path, folder_of(resolved(path), settings or read_settings()))


def _ring(path: Path, folder: Path) -> tuple[Backup, ...]:
    try:
        names = sorted(each.name for each in folder.iterdir())
    except OSError:
        return ()
    found = []
    for name in names:
        said = _NAMED.fullmatch(name, len(path.stem)) if name.startswith(path.stem) else None
        if said:
            with suppress(ValueError):  # a file that somebody called after the 31st of February is no backup of ours
                taken = datetime.strptime(said[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(taken, int(said[2] or 1), folder / name, said[3] or ""))
    return tuple(sorted(found))


def keep_backup(path: Path, connection: sqlite3.Connection, now: datetime) -> tuple[str, ...]:
    """Keep a backup of a file that is open for writing, unless it is as the last one has it; drop what is too old.

    A folder that cannot be written in, or is full, keeps nobody from her work: the sentence that says so is answered,
    for whoever shows it, and logged as a warning. Raises RefusedError for settings that are not understood.
    """
    settings = read_settings()
    try:
        go_round(path, connection, now, settings)
    except (OSError, RefusedError) as error:
        from logging import getLogger  # noqa: PLC0415  only to say it: on standard error, unless a program listens

        folder = folder_of(path, settings)
        why = why_not(error)
        warning = f"{path.name}: no backup could be kept in {folder} ({why}); work goes on, but see to it soon"
        getLogger(__name__).warning(warning)
        return (warning,)
    return ()


def go_round(path: Path, connection: sqlite3.Connection, now: datetime, settings: Settings) -> None:
    """Take a backup unless the last one has it all, and drop what is too old. Raises OSError or RefusedError."""
    folder = folder_of(path, settings)
    ring = _ring(path, folder)
    if ring and ring[-1].before != BEFORE_RESTORE and _is_as(path, ring[-1].path):
        return
    made = take_backup(path, connection, now, settings)
    old = [backup for backup in _ring(path, folder) if backup.goes_round and backup.path != made]
    for backup in old[: max(0, len(old) + 1 - settings.backups_keep)]:
        backup.path.unlink()


def take_backup(
    path: Path, connection: sqlite3.Connection, now: datetime, settings: Settings | None = None, before: str = ""
) -> Path:
    """Take a backup and say where it is. Raises OSError or RefusedError if it cannot be."""
    made = free_name(path, folder_of(path, settings or read_settings()), now, before)
    header, found = read_header(path), path.stat()
    write_copy(connection, made, found.st_mode)
    if read_header(path).content == header.content:  # or another program wrote meanwhile, and nobody knows which it is
        _make_alike(made, header, found.st_mtime_ns)
    return made


def write_copy(connection: sqlite3.Connection, path: Path, mode: int) -> None:
    """Write a copy by SQLite's backup API: whole and on the disk when it has the name, whatever happens meanwhile.

    Those may read it whom the mode allows: a copy is no less private than the original.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    if is_too_long(unfinished.absolute()):
        message = "its name or path would be too long; give the ledger and its folders shorter names"
        raise RefusedError(Problem(message, str(path)))
    unfinished.unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with in_sentences(str(path)):
            is_ours = not connection.in_transaction
            if is_ours:
                connection.execute("BEGIN")
            try:  # reading first, because a writer is waited for here and for ever there
                connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchall()
                with closing(sqlite3.connect(unfinished)) as copy:
                    copy.execute("PRAGMA journal_mode = OFF")
                    copy.execute("PRAGMA synchronous = OFF")  # it is synced whole, below
                    connection.backup(copy)
            finally:
                if is_ours:
                    connection.rollback()
        unfinished.chmod(S_IMODE(mode))
        put_in_place(unfinished, path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a file that is finished its name, once it is on the disk, in place of what has the name."""
    with unfinished.open("rb+") as stream:
        os.fsync(stream.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can: what is renamed or removed then stays so."""
    if os.name == "posix":
        with suppress(OSError):  # some network shares cannot
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _make_alike(made: Path, header: Header, written_ns: int) -> None:
    """Give the copy the original's counters, which SQLite begins anew, and its time: it is then the original's twin.

    So the next opening can tell that nothing was changed, and copies nothing.
    """
    with made.open("rb+") as stream:
        for at, end in _COUNTERS:
            stream.seek(at)
            stream.write(header.content[at:end])
        stream.flush()
        os.fsync(stream.fileno())
    os.utime(made, ns=(written_ns, written_ns))


def _is_as(path: Path, backup: Path) -> bool:
    """Whether the file is as it was when the backup was taken: SQLite counts each change in the header."""
    try:
        ours, theirs = read_header(path), read_header(backup)
        apart_ns = abs(path.stat().st_mtime_ns - backup.stat().st_mtime_ns)
    except (OSError, RefusedError):
        return False
    return (ours.content, ours.size) == (theirs.content, theirs.size) and apart_ns < _COARSEST_CLOCK_NS


def why_not(error: OSError | RefusedError) -> str:
    """Why a backup could not be kept, as a part of a sentence."""
    if isinstance(error, RefusedError):
        return error.problems[0].message
    return str(error.strerror or error)


def free_name(path: Path, folder: Path, now: datetime, before: str = "") -> Path:
    """A name for the next backup, in a folder that is then there and swept of what was never finished."""
    folder.mkdir(parents=True, exist_ok=True)
    for unfinished in folder.glob(f"*{_UNFINISHED}"):
        if unfinished.name.startswith(path.stem):
            unfinished.unlink(missing_ok=True)
    stamp = now.astimezone(UTC).strftime(_STAMP)
    numbers = [backup.number for backup in _ring(path, folder) if backup.taken.strftime(_STAMP) == stamp]
    number = f".{max(numbers) + 1}" if numbers else ""
    return folder / f"{path.stem}-{stamp}{number}{f'-{before}' if before else ''}.s75"
