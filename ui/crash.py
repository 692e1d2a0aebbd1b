"""Errors that nothing else caught, and ends that nobody asked for: told, kept on record, explained at the next start.

While the program runs a marker stands in the person's state folder, beside the log that a fatal error is written to.
Its lock goes with the process, however that ends: a marker without one is of a program that crashed, was killed, or
lost its power. Nothing here is ever sent anywhere.
"""

import faulthandler
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ledgers.settings import PROGRAM
from ui.drafts import all_drafts
from ui.failures import Failure
from ui.support import program_details, without_names

if TYPE_CHECKING:
    from ui.session import Session

OnError = Callable[[str, Failure], None]
"""Told, on the GUI thread, a heading and why."""

_SEEN_EVERY = 30_000  # milliseconds
_HEADING = "The program met an error that it did not expect"
_GOES_ON = (
    "What was being done may not have been finished: look before you go on. The ledger is whole: what is posted to it "
    "is posted altogether or not at all."
)


def state_folder() -> Path:
    """Where markers and logs are kept."""
    from platformdirs import user_state_path  # noqa: PLC0415  not before the window is shown

    return user_state_path(PROGRAM, appauthor=False) / "running"


# Errors that nothing else caught


class _Teller(QObject):
    """Brings an error to the GUI thread, and tells each only once: one in a painted cell comes with every repaint."""

    _met = Signal(str)

    def __init__(self, on_error: OnError) -> None:
        super().__init__()
        self._on_error = on_error
        self._told: set[str] = set()
        self._met.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def met(self, details: str) -> None:
        """An error, on whatever thread."""
        with suppress(RuntimeError):  # Qt has ended before Python has
            self._met.emit(details)

    def _tell(self, details: str) -> None:
        if details not in self._told:
            self._told.add(details)
            self._on_error(_HEADING, Failure(_GOES_ON, f"{program_details()}\n\n{without_names(details)}"))


@dataclass(slots=True)
class _Hooks:
    """What was there before, to be called as well and put back."""

    teller: _Teller
    excepthook: Any
    threading_excepthook: Any
    unraisablehook: Any


@dataclass(slots=True)
class _State:
    """What this process has set up."""

    hooks: _Hooks | None = None
    running: "_Running | None" = None


_state = _State()


def install(on_error: OnError) -> None:
    """Have every error that nothing caught told, on any thread, and printed as before. Call on the GUI thread."""
    uninstall()
    teller = _Teller(on_error)
    hooks = _Hooks(teller, sys.excepthook, threading.excepthook, sys.unraisablehook)

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        hooks.excepthook(kind, error, trace)
        if issubclass(kind, Exception):
            teller.met("".join(traceback.format_exception(kind, error, trace)))

    def caught_in_thread(told: threading.ExceptHookArgs) -> None:
        hooks.threading_excepthook(told)
        if told.exc_value is not None and issubclass(told.exc_type, Exception):
            name = "a thread" if told.thread is None else f"the thread {told.thread.name}"
            lines = traceback.format_exception(told.exc_type, told.exc_value, told.exc_traceback)
            teller.met(f"In {name}:\n{''.join(lines)}")

    def caught_unraisable(told: "sys.UnraisableHookArgs") -> None:
        hooks.unraisablehook(told)
        if isinstance(told.exc_value, Exception):
            lines = traceback.format_exception(told.exc_type, told.exc_value, told.exc_traceback)
            teller.met(f"{told.err_msg or 'Where it could not be raised'}:\n{''.join(lines)}")

    sys.excepthook, threading.excepthook, sys.unraisablehook = caught, caught_in_thread, caught_unraisable
    _state.hooks = hooks


def uninstall() -> None:
    """Put back what told of errors before."""
    hooks, _state.hooks = _state.hooks, None
    if hooks is not None:
        sys.excepthook = hooks.excepthook
        threading.excepthook = hooks.threading_excepthook
        sys.unraisablehook = hooks.unraisablehook


# That the program runs


class _Running(QObject):
    """The marker of this process: what it has open, and when it was last seen running."""

    def __init__(self, session: "Session", folder: Path) -> None:
        super().__init__(session)
        from filelock import FileLock  # noqa: PLC0415  not before the window is shown

        self._session = session
        self.began = _now()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}"
        self.marker, self.log_path = folder / f"{name}.json", folder / f"{name}.log"
        self._lock: FileLock = FileLock(folder / f"{name}.lock")
        self._lock.acquire(timeout=0)
        self._log: IO[str] = self.log_path.open("w", encoding="utf-8")
        faulthandler.enable(self._log)
        self.write()
        session.opened_changed.connect(self.write)
        self._timer = QTimer(self)
        self._timer.setInterval(_SEEN_EVERY)
        self._timer.timeout.connect(self.write)
        self._timer.start()

    def write(self) -> None:
        """Say what is open, and that the program runs now."""
        opened = self._session.opened
        told = {
            "began": self.began,
            "seen": _now(),
            "ledger": "" if opened is None or opened.is_server else opened.where,
            "name": "" if opened is None else opened.name,
            "program": program_details(),
        }
        with suppress(OSError):
            draft = self.marker.with_suffix(".new")
            draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            draft.replace(self.marker)

    def end(self) -> None:
        """The program ends as it should: nothing is left to explain."""
        self._timer.stop()
        faulthandler.disable()
        self._log.close()
        self._lock.release()
        _remove(self.marker)


def began(session: "Session") -> None:
    """Have a marker stand while the program runs. A folder that cannot be written in costs the explanation, no more."""
    ended()
    with suppress(OSError, TimeoutError):
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        _state.running = _Running(session, folder)


def ended() -> None:
    """The program is about to end, as the person asked."""
    running, _state.running = _state.running, None
    if running is not None:
        running.end()


# How the last one ended


@dataclass(frozen=True, slots=True)
class Crash:
    """A run of the program that ended by itself. Times are ISO 8601, UTC.

    `ledger` is what it had open, "" of none or of a server's; `name` its name. `log` is what a fatal error left, ""
    where the program was killed or the computer stopped. `drafts` is work that was kept: ledger, kind, when.
    """

    marker: Path
    began: str
    seen: str
    ledger: str
    name: str
    program: str
    log: str
    drafts: tuple[tuple[str, str, str], ...]

    @property
    def details(self) -> str:
        """All there is to tell whoever helps, without names of persons or ledgers."""
        left = self.log or "The program left no trace of an error: it was ended from outside, or the computer stopped."
        return f"{self.program}\nBegan {self.began}, last seen {self.seen}\n\n{without_names(left)}"


def last_crash() -> Crash | None:
    """How the last run ended, if by itself; None if each ended as it should. Reads files: not for the GUI thread."""
    found = []
    with suppress(OSError):
        found = [path for path in sorted(state_folder().glob("*.json")) if not _is_running(path)]
    for path in reversed(found):
        told = _read(path)
        if told is None:
            _remove(path)
            continue
        log = ""
        with suppress(OSError):
            log = path.with_suffix(".log").read_text(encoding="utf-8", errors="replace").strip()
        words = {key: str(told.get(key, "")) for key in ("began", "seen", "ledger", "name", "program")}
        return Crash(marker=path, log=log, drafts=all_drafts(), **words)
    return None


def forget(crash: Crash) -> None:
    """Remove what is left of a crash, and of any before it: the person has seen it. Not for the GUI thread."""
    for path in state_folder().glob("*.json"):
        if path.name <= crash.marker.name and not _is_running(path):
            _remove(path)


def _is_running(marker: Path) -> bool:
    """Whether the program that a marker is of still runs: then it has the lock."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  not before the window is shown

    lock = FileLock(marker.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _remove(marker: Path) -> None:
    for path in (marker, marker.with_suffix(".log"), marker.with_suffix(".lock")):
        with suppress(OSError):
            path.unlink()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
