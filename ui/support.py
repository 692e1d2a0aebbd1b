"""Details for whoever helps with the program: versions and the system, and nothing of the person or her ledgers."""

import platform
import re
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from ledgers.engines import sqlite_version
from settlement.version import VERSION


def program_details() -> str:
    """The versions that matter and the system they run on, a line each. Call on the GUI thread."""
    application = QGuiApplication.instance()
    shown_by = QGuiApplication.platformName() if isinstance(application, QGuiApplication) else "none"
    return "\n".join(
        (
            f"S75 Settlement {VERSION}",
            f"Python {platform.python_version()} ({platform.python_implementation()}, {platform.machine()})",
            f"Qt {qVersion()}, PySide6 {pyside_version}, shown by {shown_by}",
            f"SQLite {sqlite_version()}",
            f"System {platform.system()} {platform.release()}",
        )
    )


def without_names(text: str) -> str:
    """A text without the person's own folder, and so without her login: `~` stands for it."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    return re.sub(r"(?i)([\\/](?:home|users)[\\/])[^\\/\s\"']+", r"\1~", text)
