"""Sees to it that the GUI thread is never blocked: a beat every few milliseconds, and what it did when one is late.

The machines that test this are shared. What a thread waits for a processor is no fault of the program's, so the time
that the kernel says it was ready and not run is taken off; what is left it was computing, waiting or reading.
"""

import faulthandler
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PySide6.QtCore import QTimer

LONGEST = 0.100 if os.environ.get("S75_SOAK") else 0.300
"""Seconds. A tenth is what is promised, and `S75_SOAK=1` holds the window to it on a quiet machine. On a busy one the
same work takes up to three times as long without the kernel saying that it waited: the suite must not fail by that."""

_BEAT = 5  # milliseconds
_LOOK = 0.01


class Watchdog:
    """Made and used on the GUI thread. `with watchdog.watching("import"):` around what a person does."""

    def __init__(self) -> None:
        self._watching = ""
        self._beaten_at = time.perf_counter()
        self._waited = self._starved()
        self._stack = ""
        self._ended = threading.Event()
        self.longest = 0.0
        self.late: list[str] = []
        self._timer = QTimer()
        self._timer.setInterval(_BEAT)
        self._timer.timeout.connect(self._beat)
        self._sampler = threading.Thread(target=self._sample, name="watchdog", daemon=True)
        self._sampler.start()

    @contextmanager
    def watching(self, what: str) -> Iterator[None]:
        """Watch while the block runs; fails as it ends if the thread was blocked for longer than `LONGEST`."""
        self._watching, self.late = what, []
        self._beaten_at, self._waited = time.perf_counter(), self._starved()
        self._timer.start()
        try:
            yield
        finally:
            self._beat()
            self._timer.stop()
            self._watching = ""
        assert not self.late, "\n".join(self.late)

    def close(self) -> None:
        """Stop watching for good."""
        self._timer.stop()
        self._ended.set()
        self._sampler.join()

    def _beat(self) -> None:
        now, waited = time.perf_counter(), self._starved()
        blocked = now - self._beaten_at - (waited - self._waited)
        self.longest = max(self.longest, blocked)
        if blocked > LONGEST:
            self.late.append(
                f"{self._watching}: the GUI thread was blocked for {blocked * 1000:.0f} ms in\n{self._stack}"
            )
        self._beaten_at, self._waited, self._stack = now, waited, ""

    def _sample(self) -> None:
        while not self._ended.wait(_LOOK):
            if self._watching and time.perf_counter() - self._beaten_at > LONGEST / 2:
                self._stack = _stacks()

    def _starved(self) -> float:
        """Seconds that this thread was ready to run and had no processor; 0 where the kernel does not say.

        Those of the other threads too: one that has the interpreter's lock and no processor keeps this one waiting.
        """
        waited = 0
        for told in Path("/proc/self/task").glob("*/schedstat"):
            with suppress(OSError, ValueError, IndexError):  # a thread may have ended meanwhile
                waited += int(told.read_text().split()[1])
        return waited / 1e9


def _stacks() -> str:
    """What every thread is doing, without holding on to a frame of theirs: this thread would end what is in it."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as file:
        faulthandler.dump_traceback(file=file, all_threads=True)
        file.seek(0)
        return file.read()
