"""Who has a ledger open for writing: one process at a time, by a lock of the operating system beside the file.

The lock (`NAME.s75.lock`) goes when its process does, however that ends. What a person sees is `NAME.s75.holder`: who,
where, since when. Left behind by a process that was killed it means nothing, and the next writer replaces it.
"""

import getpass
import json
import os
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rules.problems import Problem, RefusedError


def user_name() -> str:
    """The operating system's name for who runs the program; `unknown` where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


class WriterLock:
    """The lock of one ledger file, held from its making until `release`."""

    def __init__(self, path: Path, now: datetime, name: str = "") -> None:
        """Take the lock of the file at a path, which messages call `name`.

        Raises RefusedError naming who holds it, or if the folder cannot be written in.
        """
        name = name or str(path)
        self._holder = path.with_name(path.name + ".holder")
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise RefusedError(Problem(f"{_said(self._holder)}; close it there, or open it read-only", name)) from None
        except OSError as error:
            message = f"the folder cannot be written in ({error.strerror or error}); open the ledger read-only"
            raise RefusedError(Problem(message, name)) from None
        who = {
            "user": user_name(),
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": now.isoformat(" ", "seconds"),
        }
        with suppress(OSError):  # the lock is what holds; who has it is a courtesy
            self._holder.write_text(json.dumps(who, indent=1) + "\n", encoding="utf-8")

    def release(self) -> None:
        """Let the next writer in, and leave nothing lying about that says somebody is."""
        path = Path(self._lock.lock_file)
        with suppress(OSError):
            self._holder.unlink()
        with suppress(OSError):
            path.unlink()  # while it is held: a writer who waits on what is gone notices, and takes a new one
        self._lock.release()
        if os.name == "nt":  # where a file that is open cannot be unlinked
            with suppress(OSError):
                path.unlink()


def _said(holder: Path) -> str:
    try:
        who = json.loads(holder.read_text(encoding="utf-8"))
        return f"{who['user']} on {who['host']} (process {who['pid']}) has had it open for writing since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process has it open for writing"
