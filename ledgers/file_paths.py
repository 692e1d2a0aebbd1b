"""Paths as SQLite and the operating system take them: any name that a person gives a file, on drives and on shares.

A name may hold `#`, `%`, `?`, `&`, spaces, letters of any script, and on Linux bytes that are no text; a path may be
longer than Windows takes without being asked to, or than SQLite takes at all.
"""

import os
from pathlib import Path, PurePath, PureWindowsPath
from typing import TypeVar
from urllib.parse import quote

from rules.problems import Problem, RefusedError

_VERBATIM = "\\\\?\\"
_VERBATIM_SHARE = "\\\\?\\UNC\\"
_WINDOWS_MOST = 259
"""Characters of a path that every Windows takes; a longer one must begin with `\\\\?\\`."""

_SQLITE_MOST = 504
"""Bytes of a ledger's path on Linux and macOS: SQLite takes 512 there, and its journal's name is 8 longer."""

_NAME_MOST = 255
"""Bytes of one name on the usual file systems."""

_BESIDE = "-20261122T051216Z.999999-before-restore.s75.part"
"""The longest that the program puts after a ledger's name, in the name of a backup that is being written."""

_JUST_BESIDE = ".taken-0123456789ab"
"""The longest that it puts after the name beside the ledger itself."""

AnyPath = TypeVar("AnyPath", bound=PurePath)


def uri(path: PurePath) -> str:
    """The path as SQLite's URI: of this system, or a Windows path (which must be absolute)."""
    absolute = path.absolute() if isinstance(path, Path) else path
    if isinstance(absolute, PureWindowsPath):
        if str(absolute).startswith(_VERBATIM):  # Windows takes it as it stands, and knows no “/” in it
            return "file:" + quote(str(absolute).encode("utf-8", "surrogatepass"), safe=":")
        told = absolute.as_posix().encode("utf-8", "surrogatepass")
        return _of_absolute(told if told.startswith(b"//") else b"/" + told)
    return _of_absolute(os.fsencode(absolute))


def _of_absolute(told: bytes) -> str:
    """`told` begins with a slash; with two it is a share, whose server must not be taken for the URI's authority."""
    return "file:" + ("//" if told.startswith(b"//") else "") + quote(told, safe="/:")


def extended(path: AnyPath) -> AnyPath:
    r"""A Windows path that is too long, or may be with what is written beside it, as Windows takes it all the same.

    `C:\…` becomes `\\?\C:\…`, `\\server\share\…` becomes `\\?\UNC\server\share\…`; any other path is
    answered as it is. The path must be absolute.
    """
    told = str(path)
    if not isinstance(path, PureWindowsPath) or told.startswith(_VERBATIM):
        return path
    if len(told) + len(path.name) + len(_BESIDE) + len(".backups\\") <= _WINDOWS_MOST:
        return path
    long = _VERBATIM_SHARE + told[2:] if told.startswith("\\\\") else _VERBATIM + told
    return type(path)(long)


def whole(path: Path) -> Path:
    """The absolute path as every system takes it, long or not; a link in it stays a link."""
    return extended(path.absolute())


def resolved(path: Path) -> Path:
    """The same without links: what lies beside a ledger lies beside what a link points to.

    Where the system cannot tell (a share, a very long path, links that go round), it is the path as it stands.
    """
    try:
        return extended(whole(path).resolve())
    except (OSError, RuntimeError):
        return whole(path)


def plain(path: str) -> str:
    """A Windows path as a person writes it: without what `extended` puts before it."""
    if path.upper().startswith(_VERBATIM_SHARE):
        return "\\\\" + path[len(_VERBATIM_SHARE) :]
    return path.removeprefix(_VERBATIM)


def is_too_long(path: Path) -> bool:
    """Whether SQLite, or the file system, takes no file of that absolute path, with its journal beside it."""
    if os.name == "nt":
        return False  # `extended` sees to it, and what is refused all the same is refused in words
    return len(os.fsencode(path)) > _SQLITE_MOST or len(os.fsencode(path.name)) > _NAME_MOST


def refuse_too_long(path: Path, name: str, *, writes: bool) -> None:
    """Raise RefusedError for a ledger whose path SQLite does not take, or whose name leaves no room for its journal's.

    The path is absolute, without links. Only who `writes` puts anything beside the ledger.
    """
    if os.name == "nt":
        return  # as above
    bytes_of_path, last = len(os.fsencode(path)), len(os.fsencode(path.name))
    if bytes_of_path > _SQLITE_MOST:
        message = (
            f"the path of the ledger is {bytes_of_path:,} bytes long, and SQLite takes {_SQLITE_MOST}; move the ledger "
            "to a folder nearer the top, or give it and its folders shorter names"
        )
        raise RefusedError(Problem(message, name))
    room = _NAME_MOST - len(_JUST_BESIDE)
    if writes and last > room:
        message = (
            f"the ledger's name is {last} bytes long, and with more than {room} there is no room for the names of its "
            "journal and its lock; give it a shorter name"
        )
        raise RefusedError(Problem(message, name))
