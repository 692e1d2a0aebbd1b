"""Python's garbage collector, on the GUI thread alone and in small pieces.

Left to itself the collector runs in whichever thread makes the object too many. In a worker it would destroy widgets
that are garbage there, and Qt's widgets must be destroyed on the GUI thread: the program would crash, once in a long
while. And going through everything takes a tenth of a second, in which the window stands still. So it is switched off;
a timer of the GUI thread collects the young often, and all of them when the person has turned to another window.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY = 500  # milliseconds
_LONG = 600
"""Collections of the young after which everything is gone through, whoever is watching: five minutes and more."""


class Collector(QObject):
    """Collects on the thread that it is made on: the GUI thread."""

    def __init__(self, app: QGuiApplication) -> None:
        """Python's own is switched off from now on, until `stop`."""
        super().__init__(app)
        gc.disable()
        gc.freeze()  # what is loaded by now stays: no collection need go through it
        self._young = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY)
        app.applicationStateChanged.connect(self._turned)

    def pass_over(self) -> None:
        """Have later collections pass over all that is there now: a ledger was opened, and its libraries are loaded."""
        gc.freeze()

    def stop(self) -> None:
        """Python collects by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def collect(self) -> None:
        """Collect the young, if there are many; all, if that was long ago."""
        if self._young >= _LONG:
            self._collect_all()
        elif gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(1)
            self._young += 1

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive and self._young:
            self._collect_all()

    def _collect_all(self) -> None:
        gc.collect()
        self._young = 0
