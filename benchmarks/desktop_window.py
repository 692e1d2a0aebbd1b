"""Starts the desktop program without a screen and ends at once when a stage is reached: for `desktop.py` to time.

python desktop_window.py bare            an empty window of the same library, painted
python desktop_window.py first           our first window, painted
python desktop_window.py usable LEDGER   our window with the ledger open and its Overview's figures there
"""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def bare() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.show()
    app.processEvents()


def ours(ledger: str = "") -> None:
    from ui.app import application
    from ui.preferences import Preferences
    from ui.session import Session
    from ui.theme import dress
    from ui.window import Window

    app = application()
    preferences = Preferences()
    dress(app, preferences.theme, preferences.text_size)
    session = Session(preferences=preferences)
    window = Window(session)
    window.show()
    app.processEvents()
    if ledger:
        window.open_ledger(ledger, read_only=True)
        while session.reads.busy or session.writes.busy or session.opened is None:
            app.processEvents()
        window.grab()


def main() -> None:
    stage, *rest = sys.argv[1:]
    if stage == "bare":
        bare()
    else:
        ours(*rest)
    sys.stdout.write("painted\n")
    sys.stdout.flush()
    os._exit(0)  # what is timed is the start


if __name__ == "__main__":
    main()
