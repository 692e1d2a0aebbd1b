"""`python -m ui.gallery LEDGER OUTDIR`: every page and dialog as a picture, light and dark, at 100% and 200% text.

The pictures are what the window shows of that ledger, drawn without a screen: look at each, and use them in the guide.
The ledger is copied first: nothing that a dialog might do reaches it.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

_SIZE = QSize(1280, 860)
_LARGEST = (1920, 1200)
_SETTLED = 300  # milliseconds without work: what a page shows is there
_SOON = 3000  # milliseconds: what waits longer is no part of the page's coming up
_TEXT_SIZES = (100, 200)


def draw(ledger: str, out: Path, only: str = "", look: str = "") -> Iterator[Path]:
    """Draw every page and dialog of a ledger into a folder, answering each file as it is written.

    `only` draws pages and dialogs whose name holds it, `look` one look of them (`dark-200`).
    Raises RuntimeError if the ledger cannot be opened.
    """
    from ui.app import application  # noqa: PLC0415  the platform has to be chosen before Qt is loaded
    from ui.preferences import Preferences, Theme  # noqa: PLC0415  as above
    from ui.theme import dress  # noqa: PLC0415  as above

    app = application()
    out.mkdir(parents=True, exist_ok=True)
    for theme in (Theme.LIGHT, Theme.DARK):
        for text_size in _TEXT_SIZES:
            if look not in {"", f"{theme}-{text_size}"}:
                continue
            dress(app, theme, text_size)
            preferences = Preferences(theme=theme, text_size=text_size)
            for name, widget in _views(ledger, preferences, only):
                if only in name:
                    file = out / f"{name}-{theme}-{text_size}.png"
                    widget.grab().save(str(file))
                    yield file
    dress(app, Theme.LIGHT)


def _views(ledger: str, preferences: object, only: str) -> Iterator[tuple[str, QWidget]]:
    """Each page and dialog with its name, ready to be drawn, one after another; of pages that `only` may name."""
    from ui.links import Link  # noqa: PLC0415  the platform has to be chosen before Qt is loaded
    from ui.pages import PLACES  # noqa: PLC0415  as above
    from ui.preferences import Preferences  # noqa: PLC0415  as above
    from ui.session import Session  # noqa: PLC0415  as above
    from ui.window import Window  # noqa: PLC0415  as above

    assert isinstance(preferences, Preferences)  # noqa: S101  typed so only because Qt is loaded late
    session = Session(preferences=preferences)
    window = Window(session)
    window.resize(_SIZE)
    window.show()

    def settled() -> None:
        _wait(lambda: session.busy or _is_about_to(window))

    settled()
    yield "start-first", window
    window.open_ledger(ledger)
    settled()
    if session.opened is None:
        raise RuntimeError(window.error.body.text() or "the ledger could not be opened")
    try:
        for place in PLACES:
            if only and only not in place.key and not only.startswith(place.key):
                continue
            window.go(Link(place.key))
            settled()
            yield place.key, window
            for name in _further(window.current):
                settled()
                yield f"{place.key}-{name}", window
            for number, make in enumerate(window.current.dialogs(), start=1):
                dialog = make()
                dialog.show()
                settled()
                dialog.resize(dialog.size().boundedTo(QSize(*_LARGEST)))
                yield f"{place.key}-dialog-{number}", dialog
                dialog.hide()
                dialog.deleteLater()
    finally:
        window.close()
        session.close()


def _further(page: QWidget) -> Iterator[str]:
    """Show, one after another, what of a page is not seen at first: its other tabs, and what is scrolled to."""
    for tabs in page.findChildren(QTabWidget):
        first = tabs.currentIndex()
        for number in range(tabs.count()):
            if number != first and tabs.isVisible() and tabs.isTabVisible(number) and tabs.isTabEnabled(number):
                tabs.setCurrentIndex(number)
                yield "tab-" + "-".join(tabs.tabText(number).replace("&", "").lower().split())
        tabs.setCurrentIndex(first)
    area = getattr(page, "area", None)
    if isinstance(area, QScrollArea):
        bar = area.verticalScrollBar()
        for number, top in enumerate(range(bar.pageStep(), bar.maximum() + bar.pageStep(), max(bar.pageStep(), 1)), 2):
            bar.setValue(top)
            yield f"screen-{number}"
        bar.setValue(0)


def _is_about_to(widget: QWidget) -> bool:
    """Whether something waits a moment before it asks, so as not to ask for what is passed by."""
    timers = widget.findChildren(QTimer)
    return any(timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON for timer in timers)


def _wait(busy: Callable[[], bool]) -> None:
    """Let the program run until nothing has been under way for a moment."""
    loop = QEventLoop()
    timer = QTimer()
    quiet = [0]

    def look() -> None:
        quiet[0] = 0 if busy() else quiet[0] + timer.interval()
        if quiet[0] >= _SETTLED:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(15)
    loop.exec()
    timer.stop()


def _screen(folder: Path) -> Path:
    """A screen large enough that nothing is squeezed because there is none: Qt's own is 800 by 800."""
    file = folder / "screen.json"
    size = {"width": _LARGEST[0], "height": _LARGEST[1]}
    file.write_text(json.dumps({"screens": [{"name": "gallery", "x": 0, "y": 0, "logicalDpi": 96, "dpr": 1} | size]}))
    return file


def main() -> int:
    """Draw what the command line asks for; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("ledger", help="a .s75 file or a folder with agreement.toml; it is not changed")
    parser.add_argument("out", type=Path, help="where the pictures go")
    parser.add_argument("--only", default="", help="draw only what has this in its name, such as “overview”")
    parser.add_argument("--look", default="", help="draw only this look, such as “light-100” or “dark-200”")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="s75-gallery-") as folder:
        for name in ("CONFIG", "DATA", "STATE"):  # what the person who draws has set is not in the pictures
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        os.environ["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = str(Path(folder) / "data")  # the same, as Windows is told it
        os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={_screen(Path(folder))}")
        original = Path(asked.ledger)
        copy = Path(folder) / original.name
        if original.is_dir():
            shutil.copytree(original, copy)
        else:
            shutil.copyfile(original, copy)
        for file in draw(str(copy), asked.out, asked.only, asked.look):
            sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
