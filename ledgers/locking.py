"""Who has a ledger open for writing: one process at a time, by a lock of the operating system beside the file.

The lock (`NAME.s75.lock`) goes when its process does, however that ends. What a person sees is `NAME.s75.holder`: who,
where, since when. Left behind by a process that was killed it means nothing, and the next writer replaces it. (Left
behind on another computer it is told of: a share that passes no locks on would let two people in at once.)
"""

import getpass
import json
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from errno import ENOLCK, ENOSYS, ENOTSUP, EOPNOTSUPP
from pathlib import Path

from filelock import FileLock, Timeout

from ledgers.refusing import one_line, visible
from rules.problems import Problem, RefusedError

_NO_LOCKS = frozenset({ENOLCK, ENOSYS, ENOTSUP, EOPNOTSUPP})
_LONGEST = 200
TAKE_A_COPY = "or take a copy to work in: s75 copy take"


def user_name() -> str:
    """The operating system's name for who runs the program; `unknown` where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def host_name() -> str:
    """This computer's own name for itself: `socket.getfqdn` would ask the network."""
    return socket.gethostname()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a ledger open for writing, as the note beside it tells: `since` is ISO 8601 with a space."""

    user: str
    host: str
    pid: int
    since: str

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this computer."""
        return self.host == host_name()

    def __str__(self) -> str:
        """`finance on PC-17 (process 4711) has had it open for writing since 2026-11-22 09:14:05+00:00`."""
        where = f"{self.host}, this computer" if self.is_here else self.host
        return f"{self.user} on {where} (process {self.pid}) has had it open for writing since {self.since}"


def holder_path(path: Path) -> Path:
    """Where the note about who has the ledger at a path open lies."""
    return path.with_name(path.name + ".holder")


def holder_of(path: Path) -> Holder | None:
    """Who the note beside a ledger says has it open for writing; None if there is none, or it cannot be read."""
    try:
        who = json.loads(holder_path(path).read_text(encoding="utf-8"))
        return Holder(_short(who["user"]), _short(who["host"]), int(who["pid"]), _short(who["since"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_held(path: Path) -> bool:
    """Whether the ledger at a path is locked, as far as this computer sees; True where it cannot be found out."""
    file = _lock_path(path)
    if not file.exists():
        return False
    lock = FileLock(file, fallback_to_soft=False)
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _short(text: object) -> str:
    """A text of a note that anybody may have written, as a message may show it."""
    return visible(one_line(str(text)[:_LONGEST]))


class WriterLock:
    """The lock of one ledger file, held from its making until `release`.

    `warnings` say that the note of somebody on another computer lay there though the lock was free.
    """

    def __init__(self, path: Path, now: datetime, name: str = "") -> None:
        """Take the lock of the file at a path, which messages call `name`.

        Raises RefusedError naming who holds it, if the folder cannot be written in, or if it knows no locks.
        """
        name = name or str(path)
        self._holder = holder_path(path)
        self._lock = FileLock(_lock_path(path), fallback_to_soft=False)  # which a kill leaves locked
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise RefusedError(Problem(_held(path), name)) from None
        except OSError as error:
            if error.errno in _NO_LOCKS:
                with suppress(OSError):
                    Path(self._lock.lock_file).unlink()
            raise RefusedError(Problem(_not_locked(error), name)) from None
        self.warnings = _left_behind(path, name)
        who = {"user": user_name(), "host": host_name(), "pid": os.getpid(), "since": now.isoformat(" ", "seconds")}
        with suppress(OSError):  # the lock is what holds; who has it is a courtesy
            self._holder.write_text(json.dumps(who, indent=1) + "\n", encoding="utf-8")

    def release(self) -> None:
        """Let the next writer in, and leave nothing lying about that says somebody is."""
        path = Path(self._lock.lock_file)
        with suppress(OSError):
            self._holder.unlink()
        is_gone = _unlinked(path)  # while it is held: a writer who waits on what is gone notices, and takes a new one
        self._lock.release()
        if not is_gone:  # Windows and its shares let nobody unlink a file that is open, us or the next who holds it
            _unlinked(path)


def _unlinked(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _held(path: Path) -> str:
    holder = holder_of(path)
    said = "another process has it open for writing" if holder is None else str(holder)
    gone = ""
    if holder is not None and not holder.is_here:
        gone = (
            f" (if {holder.host} was switched off or lost the network, its file server lets go of the ledger within "
            "some minutes)"
        )
    return f"{said}; close it there{gone}, or open it read-only, {TAKE_A_COPY}"


def _not_locked(error: OSError) -> str:
    if error.errno in _NO_LOCKS:
        return (
            "the folder is on a share that knows no locks, so that two people could write to the ledger at once and "
            f"ruin it; open the ledger read-only, {TAKE_A_COPY}"
        )
    why = error.strerror or error
    return f"the folder cannot be written in ({why}); open the ledger read-only, {TAKE_A_COPY}"


def _left_behind(path: Path, name: str) -> tuple[str, ...]:
    """The lock was free, and yet there is somebody's note: a program was killed, or locks do not reach so far."""
    holder = holder_of(path)
    if holder is None or holder.is_here:
        return ()
    warning = (
        f"{name}: the note beside it says that {holder}, though the ledger was not locked: the program there was "
        "killed, or this share passes no locks on; make sure that it is closed there before you post anything"
    )
    return (warning,)
