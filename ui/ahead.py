"""Loading the pages' modules before they are asked for: on the window's thread each would stop it for a moment."""

import gc
import sys
from collections.abc import Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

from ui import links
from ui.jobs import Job
from ui.pages import PLACE_OF, PLACES
from ui.session import Session

AHEAD = (
    *(place.module for place in PLACES if place.needs_ledger),
    "ui.entering.panel",
    "ui.importing.wizard",
    "ui.entering.reversal",
    "ui.entering.virement",
    "ui.entering.evidence",
    *(place.module for place in PLACES if not place.needs_ledger),
)
"""What is opened in the minutes after a ledger is, the likeliest first."""


class Ahead(QObject):
    """Loads them on the reading lane: the first page's as a ledger is opened, the others after, one job for each.

    What a page asks for meanwhile comes between two of them.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Nothing is loaded before a ledger is opened: the first window is to be there at once."""
        super().__init__(parent)
        self._session = session
        self._left: Iterator[str] = iter(AHEAD)
        self._is_begun = False
        session.ready = PLACE_OF[links.OVERVIEW].load
        session.opened_changed.connect(self._begin)

    def _begin(self) -> None:
        if self._session.opened is not None and not self._is_begun:
            self._is_begun = True
            QTimer.singleShot(0, self, self._next)  # the first page asks for its figures before

    def _next(self) -> None:
        module = next((module for module in self._left if module not in sys.modules), None)
        if module is None:
            gc.freeze()  # they stay: the collector need not go through them, which stops the window
            return

        def load(_job: Job[None]) -> None:
            import_module(module)

        # whoever opens a page that cannot be loaded is told then
        self._session.reads.start(load, lambda _none: self._next(), lambda _failure: self._next())
