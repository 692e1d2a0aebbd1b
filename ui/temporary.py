"""Folders for what is only looked at: statements as they are previewed, documents opened in another program.

What is in them is a pool's own business: it is gone when it is wanted no longer, and at the latest as the program ends.
"""

from collections.abc import Callable
from weakref import ref

from PySide6.QtCore import QCoreApplication, QTemporaryDir


def at_the_end(do: Callable[[], object]) -> None:
    """Have something done as the program ends."""
    app = QCoreApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(do)


def temporary_folder() -> QTemporaryDir:
    """A folder that goes with the object that is answered, or as the program ends: Python may never come to it then."""
    made = QTemporaryDir()
    there = ref(made)

    def remove() -> None:
        folder = there()
        if folder is not None:
            folder.remove()

    at_the_end(remove)
    return made
