"""A copy of a ledger to work in by oneself, at home or on a train: taken, listed, and let go of.

It lies in the person's own data folder, or where she says. What it was taken of is kept in that folder too, in one
small file for each copy; and a note beside the ledger (`NAME.s75.taken-…`) tells others that somebody has a copy: what
is posted there meanwhile keeps it from being given back (`ledgers.giving_back`).
"""

import json
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from ledgers.apart import moment
from ledgers.backups import folder_of, put_in_place
from ledgers.connecting import DAMAGED, connect, in_sentences
from ledgers.file_paths import resolved, whole
from ledgers.locking import WriterLock, host_name, user_name
from ledgers.refusing import one_line, visible
from ledgers.settings import PROGRAM, read_settings
from ledgers.sqlite import SqliteStore, open_sqlite
from ledgers.store import Store
from ledgers.trail import Action, record, trail
from rules.periods import Period
from rules.problems import Problem, RefusedError

_NOTE = ".taken-"
_LONGEST = 200
_TOLD = ("user", "host", "taken")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was taken here and not given back. `entry` and `digest` are the last of the original's trail then.

    `path` is the copy's, `original` the ledger's that it was taken of, `ledger` what both are by their own number.
    """

    id: str
    path: str
    original: str
    ledger: str
    title: str
    taken: str
    entry: int
    digest: str

    @property
    def is_there(self) -> bool:
        """Whether its file still is."""
        with suppress(OSError):
            return Path(self.path).is_file()
        return False


@dataclass(frozen=True, slots=True)
class Note:
    """The note of a copy beside a ledger: who has it, on which computer, since when. `file` is its name."""

    id: str
    user: str
    host: str
    taken: str
    file: str

    def __str__(self) -> str:
        """`finance on PC-17 took a copy to work in on 22 November 2026 at 14:05 UTC`."""
        return f"{self.user} on {self.host} took a copy to work in on {moment(self.taken)}"


def copies_folder() -> Path:
    """Where copies lie, and what they were taken of is kept."""
    from platformdirs import user_data_path  # noqa: PLC0415  not before there is a copy

    return user_data_path(PROGRAM, appauthor=False) / "copies"


def copies() -> tuple[Copy, ...]:
    """Every copy that was taken here and not given back, the oldest first."""
    found = []
    with suppress(OSError):
        for file in copies_folder().glob("*.json"):
            with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
                told = json.loads(file.read_text(encoding="utf-8"))
                found.append(Copy(**{each.name: each.type(told[each.name]) for each in fields(Copy)}))  # type: ignore[operator]
    return tuple(sorted(found, key=lambda copy: (copy.taken, copy.id)))


def copy_at(path: Path) -> Copy | None:
    """The copy whose file is at a path; None if that is no copy that was taken here."""
    with suppress(OSError, RuntimeError):
        here = resolved(path)
        return next((copy for copy in copies() if resolved(Path(copy.path)) == here), None)
    return None


def needed_copy(path: Path) -> Copy:
    """The same, where there must be one. Raises RefusedError."""
    found = copy_at(path)
    if found is None:
        message = "this is not a copy that was taken on this computer; “s75 copy list” lists those there are"
        raise RefusedError(Problem(message, str(path)))
    return found


def notes_beside(path: Path) -> tuple[Note, ...]:
    """The notes of copies beside the ledger at a path, the oldest first; none where the folder cannot be read."""
    path = resolved(path)  # beside what a link points to, where who opens that looks for them
    start = path.name + _NOTE
    found = []
    with suppress(OSError):
        for file in path.parent.iterdir():
            if file.name.startswith(start):
                with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
                    told = json.loads(file.read_text(encoding="utf-8"))
                    user, host, taken = (visible(one_line(str(told[key])[:_LONGEST])) for key in _TOLD)
                    found.append(Note(file.name.removeprefix(start), user, host, taken, file.name))
    return tuple(sorted(found, key=lambda note: (note.taken, note.id)))


def warnings_of(path: Path, name: str) -> tuple[str, ...]:
    """What whoever is about to write to a ledger has to know of copies of it, as sentences."""
    return tuple(
        f"{name}: {note}, and what is posted here meanwhile keeps it from being given back; if it never will be, "
        f"delete {note.file}"
        for note in notes_beside(path)
    )


def take_copy(path: Path, now: Callable[[], datetime], *, folder: Path | None = None, anyway: bool = False) -> Copy:
    """Take a copy of a ledger to work in, into the person's own data folder or another.

    That somebody has the ledger open is no matter; that somebody has a copy already is refused, unless `anyway`.
    Raises RefusedError too if the ledger cannot be read, or the copy not written.
    """
    name = str(path)
    if copy_at(path) is not None:
        raise RefusedError(Problem("this is a copy itself; work in it, or take one of the ledger", name))
    if not whole(path).is_file():
        raise RefusedError(Problem("there is no such ledger; a copy is taken of a .s75 file", name))
    absolute = whole(path)
    out = notes_beside(absolute)
    if out and not anyway:
        message = (
            f"{out[-1]}; of two copies only the one that is given back first can be; ask for it, or take another all "
            "the same: --anyway"
        )
        raise RefusedError(Problem(message, name))
    number = uuid4().hex[:12]
    target = whole((folder or copies_folder() / f"{path.stem[:40]}-{number}") / path.name)
    with closing(open_sqlite(path, read_only=True, now=now)) as ledger, ledger.store.snapshot():
        entries = trail(ledger)
        if not entries:
            raise RefusedError(Problem(DAMAGED, name))
        made = Copy(
            id=number,
            path=str(target),
            original=str(absolute),
            ledger=str(ledger.store.rows("SELECT value FROM meta WHERE key = 'ledger'")[0][0]),
            title=ledger.agreement_at(Period.M13).title,
            taken=now().isoformat(timespec="seconds"),
            entry=entries[-1].id,
            digest=entries[-1].digest,
        )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(made, ledger.store, target, now())
        except OSError as error:
            message = f"the copy cannot be written: {error.strerror or error}"
            raise RefusedError(Problem(message, str(target))) from None
    _leave_note(absolute, made)
    return made


def _write(made: Copy, store: Store, target: Path, now: datetime) -> None:
    """Write the copy whole: it has its name only once the first entry of its own is in it, and it is on record."""
    if target.exists():
        raise RefusedError(Problem("there is a file of this name already; it is never overwritten", str(target)))
    unfinished = target.with_name(target.name + ".taking")
    try:
        unfinished.unlink(missing_ok=True)
        store.backup(unfinished)
        unfinished.chmod(0o600)
        with closing(connect(unfinished, "rw", made.path)) as connection:
            with in_sentences(made.path):
                connection.execute("PRAGMA journal_mode = MEMORY")  # if it fails, the whole copy goes
            copy = SqliteStore(made.path, connection)
            with copy.transaction():
                told = f"taken after entry {made.entry} of the audit trail, to work in on {host_name()}"
                record(copy, now, Action.TAKE, f"copy {made.id}", told)
        _keep(made)
        put_in_place(unfinished, target)
    except BaseException:
        for each in (unfinished, _record_path(made)):
            with suppress(OSError):
                each.unlink()
        raise


def _record_path(copy: Copy) -> Path:
    return copies_folder() / f"{copy.id}.json"


def _keep(copy: Copy) -> None:
    file = _record_path(copy)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(copy), indent=1) + "\n", encoding="utf-8")
    put_in_place(new, file)


def _leave_note(original: Path, copy: Copy) -> None:
    """Tell others of the copy, where the ledger's folder can be written in."""
    told = {"user": user_name(), "host": host_name(), "taken": copy.taken}
    with suppress(OSError):
        note_path(original, copy).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def note_path(original: Path, copy: Copy) -> Path:
    """Where the note of a copy lies, beside the ledger."""
    original = resolved(original)
    return original.with_name(f"{original.name}{_NOTE}{copy.id}")


def forget(copy: Copy, original: Path | None = None) -> None:
    """Have a copy on record no longer: it was given back, or let go of."""
    with suppress(OSError):
        note_path(original or Path(copy.original), copy).unlink()
    with suppress(OSError):
        _record_path(copy).unlink()


def work_in(copy: Copy, now: Callable[[], datetime]) -> int:
    """How many entries the copy's trail has since it was taken. Raises RefusedError if it cannot be read."""
    with closing(open_sqlite(Path(copy.path), read_only=True, now=now)) as ledger:
        return len(trail(ledger, after=copy.entry + 1))


def discard_copy(copy: Copy, now: Callable[[], datetime], *, lose_work: bool = False) -> int:
    """Let go of a copy that will not be given back: its file and its backups are deleted. Answers what is lost.

    Raises RefusedError if there is work in it (or nobody can tell), unless that is to be lost; and while it is open.
    """
    path = Path(copy.path)
    if not copy.is_there:
        if not (lose_work or path.parent.is_dir()):
            message = (
                "its folder is not there, and nobody can tell whether there is work in it; connect the drive that it "
                "is on, or lose that work: --lose-work"
            )
            raise RefusedError(Problem(message, copy.path))
        forget(copy)
        return 0
    lock = WriterLock(path, now(), copy.path)
    try:
        work = _work_to_lose(copy, now, lose_work=lose_work)
        remove_files(copy)
    finally:
        lock.release()
    remove_folder(copy)
    forget(copy)
    return work


def _work_to_lose(copy: Copy, now: Callable[[], datetime], *, lose_work: bool) -> int:
    try:
        work = work_in(copy, now)
    except RefusedError:
        if not lose_work:
            raise
        return 0
    if work and not lose_work:
        message = (
            f"there is work in it that the ledger has not: {work:,} {'entry' if work == 1 else 'entries'} of its "
            "audit trail; give it back, or lose that work: --lose-work"
        )
        raise RefusedError(Problem(message, copy.path))
    return work


def remove_files(copy: Copy) -> None:
    """Delete a copy's file and its backups."""
    path = Path(copy.path)
    with suppress(OSError):
        path.unlink()
    shutil.rmtree(folder_of(path, read_settings()), ignore_errors=True)


def remove_folder(copy: Copy) -> None:
    """Delete the folder that was made for a copy, if nothing is left in it."""
    folder = Path(copy.path).parent
    if folder.parent == copies_folder():
        with suppress(OSError):
            folder.rmdir()
