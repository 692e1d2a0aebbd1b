"""A copy given back: its work put in the ledger that it was taken of, whole or not at all.

Nothing is merged. The ledger is replaced by the copy only if nobody did anything to it since the copy was taken: its
audit trail must be the beginning of the copy's, and every row of every table the copy's own. The ledger is locked
meanwhile, kept as a backup first, and the new file is written beside it, on the same share, read back, and only then
given its name: whoever pulls the plug finds the old file or the new.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ledgers.apart import Apart, apart, same_rows, told
from ledgers.backups import go_round, sync_folder, why_not, write_copy
from ledgers.connecting import DAMAGED, Header, connect, in_sentences, journal_of, read_header
from ledgers.copies import Copy, forget, remove_files, remove_folder
from ledgers.crashed import recover
from ledgers.file_paths import resolved
from ledgers.locking import WriterLock, host_name
from ledgers.schema import check_schema, check_values
from ledgers.settings import read_settings
from ledgers.sqlite import SqliteStore
from ledgers.store import SCHEMA_VERSION
from ledgers.stored import StoredLedger
from ledgers.trail import Action, Entry, broken, record, trail
from rules.problems import Problem, RefusedError

SUFFIX = ".giving-back"
_DERIVED = frozenset({"totals", "alembic_version"})  # what is not only ever added to
_TRIES, _PAUSE_SECONDS = 20, 0.5
_UNTOUCHED = "the ledger is as it was, and your work is still in the copy"

Told = Callable[[int, int, str], None]
"""Told which step of how many begins, and what it does; it may raise to call the giving back off."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was done. `work` are the entries of the copy's trail that the ledger now has too: none if there were none.

    `was_already` says that the ledger had them before, from a giving back that was cut short; `kept` is where the copy
    lies now, None if it was removed.
    """

    original: Path
    work: tuple[Entry, ...]
    was_already: bool
    kept: Path | None


def give_back(
    copy: Copy,
    now: Callable[[], datetime],
    *,
    original: Path | None = None,
    keep: bool = True,
    report: Told = lambda _done, _total, _what: None,
) -> GivenBack:
    """Put a copy's work in the ledger that it was taken of, or in `original` if that was moved.

    The copy is kept, under another name, unless `keep` is False. Raises RefusedError, with ledger and copy as they
    were, if either is open or damaged, if they are of different ledgers, if somebody worked in the ledger meanwhile,
    or if the ledger's folder cannot be written in.
    """
    path = resolved(original or Path(copy.original))
    if not path.exists():
        message = (
            "the ledger that the copy was taken of is not there; connect the drive or share, or say where it is now: "
            "--to LEDGER"
        )
        raise RefusedError(Problem(message, str(path)))
    with ExitStack() as held:
        report(0, 6, "Locking the copy and the ledger…")
        held.callback(_lock(Path(copy.path), copy.path, now()).release)
        held.callback(_lock(path, str(path), now()).release)
        with _opened(Path(copy.path), copy.path, now) as ours:
            work, was_already = _compare_and_put(copy, ours, path, now, report)
        kept = _let_go(copy, path, now(), keep=keep)
    if kept is None:
        remove_folder(copy)
    return GivenBack(path, work, was_already, kept)


def _compare_and_put(
    copy: Copy, ours: StoredLedger, path: Path, now: Callable[[], datetime], report: Told
) -> tuple[tuple[Entry, ...], bool]:
    """The work of the copy, which the ledger has then, and whether it had it before."""
    report(1, 6, "Comparing what each has…")
    as_compared = read_header(path, str(path))
    with _opened(path, str(path), now) as theirs:
        work, was_already = _work(copy, ours, theirs)
        if was_already or not work:
            return work, was_already
        _refuse_other_rows(ours, theirs)
        report(2, 6, "Keeping a backup of the ledger…")
        _keep_backup(path, theirs, now())
    _put(copy, ours, path, as_compared, work, now(), report)
    return work, False


def _lock(path: Path, name: str, now: datetime) -> WriterLock:
    read_header(path, name)
    lock = WriterLock(path, now, name)
    try:
        recover(path, name)
    except BaseException:
        lock.release()
        raise
    return lock


@contextmanager
def _opened(path: Path, name: str, now: Callable[[], datetime]) -> Iterator[StoredLedger]:
    """A file that is locked, to be read, once it is found whole."""
    if read_header(path, name).version != SCHEMA_VERSION:
        raise RefusedError(Problem("it is of an older version; open it once for writing to bring it up to date", name))
    with closing(connect(path, "ro", name)) as connection:
        check_schema(connection, SCHEMA_VERSION, name)
        check_values(connection, name)
        store = SqliteStore(name, connection)
        if store.damage() or broken(trail(StoredLedger(store, now))):
            raise RefusedError(Problem(DAMAGED, name))
        yield StoredLedger(store, now)


def _number(ledger: StoredLedger) -> str:
    return str(ledger.store.rows("SELECT value FROM meta WHERE key = 'ledger'")[0][0])


def _work(copy: Copy, ours: StoredLedger, theirs: StoredLedger) -> tuple[tuple[Entry, ...], bool]:
    """What the copy has beyond its being taken, and whether the ledger has that already."""
    if _number(ours) != _number(theirs):
        raise RefusedError(Problem(f"this is not the ledger that the copy was taken of; {_UNTOUCHED}", theirs.name))
    held = apart(trail(theirs), trail(ours))
    subject = f"copy {copy.id}"
    work = tuple(entry for entry in held.second if (entry.action, entry.subject) != (Action.TAKE, subject))
    if not held.first:
        if held.common < copy.entry:
            message = (
                "the ledger is of an earlier state than the copy was taken of: somebody put an older file in its "
                f"place; {_UNTOUCHED}; ask who did, and why; once the later file is back in its place, the copy can be "
                "given back"
            )
            raise RefusedError(Problem(message, theirs.name))
        return work, False
    given = any((entry.action, entry.subject) == (Action.GIVE_BACK, subject) for entry in held.first)
    if given and not held.second:
        before = trail(ours, after=copy.entry + 1)
        return before, True
    raise _gone_apart(held, work, ours.name, theirs.name)


def _gone_apart(held: Apart, work: tuple[Entry, ...], ours: str, theirs: str) -> RefusedError:
    """Say what was done in the ledger meanwhile, what is only in the copy, and what to do."""
    moved = (
        "the ledger has moved on since the copy was taken, and nothing is ever merged; what was done in it since: "
        f"{'; '.join(told(held.first))}"
    )
    if not work:
        return RefusedError(
            Problem(moved, theirs), Problem("no work is in the copy; let it go: s75 copy discard", ours)
        )
    only = (
        f"only in the copy: {'; '.join(told(work))}; {_UNTOUCHED}; post in the ledger again what only the copy has "
        "(open the copy read-only beside it), then let the copy go: s75 copy discard"
    )
    return RefusedError(Problem(moved, theirs), Problem(only, ours))


def _tables(ledger: StoredLedger) -> list[str]:
    found = ledger.store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sorted(name for (name,) in found)


def _rows(ledger: StoredLedger, table: str, most: int | None = None) -> Iterator[object]:
    assert isinstance(ledger.store, SqliteStore)  # noqa: S101  a copy is taken of files only
    if table in _DERIVED:  # few, and without a number of their own to be in the order of
        return iter(sorted(ledger.store.connection.execute(f"SELECT * FROM {table}"), key=repr))  # noqa: S608  as below
    upto = "" if most is None else f" WHERE rowid <= {most}"
    return ledger.store.connection.execute(f"SELECT rowid, * FROM {table}{upto} ORDER BY rowid")  # noqa: S608  our names


def _refuse_other_rows(ours: StoredLedger, theirs: StoredLedger) -> None:
    """Every row of the ledger must be the copy's: a trail that agrees says only what the program did."""
    for table in _tables(theirs):
        if table in _DERIVED:
            continue
        with in_sentences(theirs.name):
            if not same_rows(_rows(theirs, table), _rows(ours, table), whole=False):
                message = (
                    f"rows of the table “{table}” are in the ledger that are not so in the copy, though the audit "
                    f"trails agree: one of the two was changed behind the program; {_UNTOUCHED}"
                )
                raise RefusedError(Problem(message, theirs.name))


def _keep_backup(path: Path, theirs: StoredLedger, now: datetime) -> None:
    assert isinstance(theirs.store, SqliteStore)  # noqa: S101  as above
    try:
        go_round(path, theirs.store.connection, now, read_settings())
    except (OSError, RefusedError) as error:
        message = f"no backup of the ledger could be kept first ({why_not(error)}); {_UNTOUCHED}"
        raise RefusedError(Problem(message, str(path))) from None


def _put(
    copy: Copy,
    ours: StoredLedger,
    path: Path,
    as_compared: Header,
    work: tuple[Entry, ...],
    now: datetime,
    report: Told,
) -> None:
    """Write the copy beside the ledger, say in its trail that it was given back, read it back, and give it its name."""
    assert isinstance(ours.store, SqliteStore)  # noqa: S101  as above
    unfinished = path.with_name(path.name + SUFFIX)
    try:
        for stale in (journal_of(unfinished), unfinished):
            stale.unlink(missing_ok=True)
        report(3, 6, "Writing the copy beside the ledger…")
        write_copy(ours.store.connection, unfinished, path.stat().st_mode)
        with closing(connect(unfinished, "rw", str(path))) as connection:
            with in_sentences(str(path)):
                connection.execute("PRAGMA journal_mode = MEMORY")  # if it fails, the whole file goes
                connection.execute("PRAGMA synchronous = FULL")
            store = SqliteStore(str(path), connection)
            with store.transaction():
                entries = "1 entry" if len(work) == 1 else f"{len(work):,} entries"
                detail = f"{entries} since entry {copy.entry}, worked on {host_name()}"
                record(store, now, Action.GIVE_BACK, f"copy {copy.id}", detail)
        report(4, 6, "Reading it back…")
        _read_back(unfinished, ours, path)
        report(5, 6, "Putting it in the ledger’s place…")
        _sync(unfinished)
        _refuse_written_past_us(path, as_compared)
        journal_of(path).unlink(missing_ok=True)  # of the present file: one that is done with, or it was played back
        replace_patiently(unfinished, path)
        sync_folder(path.parent)
    except OSError as error:
        message = f"the copy cannot be given back ({error.strerror or error}); {_UNTOUCHED}"
        raise RefusedError(Problem(message, str(path))) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _read_back(unfinished: Path, ours: StoredLedger, path: Path) -> None:
    """Raise RefusedError unless what was written is the copy, row by row, with one entry more."""
    with _opened(unfinished, str(path), lambda: datetime.now(UTC)) as written:
        for table in _tables(ours):
            most = len(trail(ours)) if table == "audit" else None
            with in_sentences(str(path)):
                if not same_rows(_rows(ours, table), _rows(written, table, most), whole=True):
                    message = f"what was written to the share is not what was read back; {_UNTOUCHED}; try again"
                    raise RefusedError(Problem(message, str(path)))


def _refuse_written_past_us(path: Path, as_compared: Header) -> None:
    """Some shares pass no locks on: SQLite counts each change of a file in its header."""
    if read_header(path, str(path)) != as_compared:
        message = (
            "somebody wrote to the ledger while the copy was being given back, though it was locked: its share passes "
            "no locks on; nothing was replaced, and your work is still in the copy; agree who works in the ledger, "
            "then give the copy back again to see what was done"
        )
        raise RefusedError(Problem(message, str(path)))


def _sync(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def replace_patiently(
    unfinished: Path,
    path: Path,
    *,
    replace: Callable[[Path, Path], object] = os.replace,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Give a finished file its name. Windows refuses that while somebody has the old one open to read: wait for her.

    Raises RefusedError if she does not close it within some seconds.
    """
    for number in range(_TRIES):
        try:
            replace(unfinished, path)
        except PermissionError:
            if number + 1 < _TRIES:
                sleep(_PAUSE_SECONDS)
        else:
            return
    message = (
        f"somebody has the ledger open to read, and until it is closed it cannot be replaced; {_UNTOUCHED}; ask who "
        "reads it to close it, and give the copy back then"
    )
    raise RefusedError(Problem(message, str(path)))


def _let_go(copy: Copy, original: Path, now: datetime, *, keep: bool) -> Path | None:
    """Put the copy aside under another name, or remove it; it is on record no longer."""
    path = Path(copy.path)
    forget(copy, original)  # first: a record of a file that is gone would have to be explained
    if not keep:
        remove_files(copy)
        return None
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.stem}-given-back-{stamp}.s75")
    try:
        path.replace(kept)
    except OSError:  # somebody reads it: it keeps its name
        return path
    return kept
