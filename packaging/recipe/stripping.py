"""Libraries without what only a debugger reads: Python's own and SQLAlchemy's carry 30 MB of it on Linux."""

import fnmatch
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from recipe.contents import Entry

_STRIPPED = ("libpython*", "python3*/lib-dynload/*", "sqlalchemy/*")
"""Built as they are, and not put together by `auditwheel`, whose libraries had better be left alone."""


def stripped(entries: Iterable[Entry], work: Path) -> list[Entry]:
    """The entries, with copies in `work` in the place of those libraries; just as they are on Windows."""
    strip = shutil.which("strip")
    if sys.platform == "win32" or strip is None:
        return list(entries)
    shutil.rmtree(work, ignore_errors=True)
    found = []
    for place, source, kind in entries:
        copy = work / place
        if kind != "SYMLINK" and any(fnmatch.fnmatch(place, pattern) for pattern in _STRIPPED):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
            subprocess.run([strip, "--strip-debug", str(copy)], check=True)  # noqa: S603
            found.append((place, str(copy), kind))
        else:
            found.append((place, source, kind))
    return found
