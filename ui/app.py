"""Starting the desktop program: the window is shown first, and ledgers are read after, off its thread."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui.window import Window

PROGRAM = "S75 Settlement"


def application() -> QApplication:
    """The one QApplication, in the Fusion style: it takes every colour from the system's palette, light or dark."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(PROGRAM)
    app.setApplicationDisplayName(PROGRAM)
    app.setDesktopFileName("s75-settlement")
    app.setStyle("Fusion")
    return app


def run(ledger: str | None = None, *, read_only: bool = False) -> int:
    """Show the window, open the ledger if one is named, and answer the exit status when the person closes it.

    A ledger that cannot be opened is told in the window: the program goes on.
    """
    app = application()
    window = Window()
    window.show()
    if ledger is not None:
        # once the event loop runs, so that the window is painted before the ledger's libraries are read
        QTimer.singleShot(0, window, lambda: window.open_ledger(ledger, read_only=read_only))
    return app.exec()
