"""Starting the desktop program: the window is shown first, and ledgers are read after, off its thread."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ui.collecting import Collector
from ui.preferences import read_preferences
from ui.session import Session
from ui.theme import dress
from ui.window import Window

PROGRAM = "S75 Settlement"
_TURN = 0.001
"""Seconds after which a thread gives way to another: the window's need not wait long for one that is reading."""


def application() -> QApplication:
    """The one QApplication, in the Fusion style: it takes every colour from the palette, light or dark."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(PROGRAM)
    app.setApplicationDisplayName(PROGRAM)
    app.setDesktopFileName("s75-settlement")
    app.setStyle("Fusion")
    sys.setswitchinterval(_TURN)
    return app


def run(ledger: str | None = None, *, read_only: bool = False) -> int:
    """Show the window, open the ledger if one is named, and answer the exit status when the person closes it.

    A ledger that cannot be opened is told in the window: the program goes on.
    """
    app = application()
    preferences = read_preferences()
    dress(app, preferences.theme, preferences.text_size)
    session = Session(preferences=preferences)

    def redress() -> None:
        dress(app, session.preferences.theme, session.preferences.text_size)

    collector = Collector(app)
    session.opened_changed.connect(collector.pass_over)
    session.preferences_changed.connect(redress)
    app.styleHints().colorSchemeChanged.connect(redress)
    window = Window(session)
    window.show()
    QTimer.singleShot(0, window, lambda: _watch(window))
    if ledger is not None:
        # once the event loop runs, so that the window is painted before the ledger's libraries are read
        QTimer.singleShot(0, window, lambda: window.open_ledger(ledger, read_only=read_only))
    status = app.exec()
    collector.stop()
    _ended()
    return status


def _watch(window: Window) -> None:
    """Tell of errors, and explain how the program ended last time; not before the window is painted."""
    from ui.crash_notice import watch  # noqa: PLC0415

    watch(window, window.show_first)


def _ended() -> None:
    """The program ends as the person asked: there is nothing to explain at the next start."""
    from ui import crash  # noqa: PLC0415  not before the window is painted

    crash.ended()
    crash.uninstall()
