"""What this computer says of where a file lies: its mounts, its drives, the folders that services synchronise.

Nothing here asks the network: Linux and Windows answer from what they know already. What cannot be found out is left
out, and nobody is kept from a ledger for that.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from ledgers.places import Drive, Facts, Mount, Place, place_of, read_mounts

_ONE_DRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_LONGEST = 32_768


def place_here(path: Path) -> Place:
    """Where a file of this computer lies."""
    absolute = path.absolute()
    return place_of(absolute, facts_here(absolute))


def facts_here(path: Path) -> Facts:
    """What is known here that bears on an absolute path."""
    return Facts(
        mounts=_mounts(),
        drives=_drives(path.drive.upper()),
        synchronised=tuple(_synchronised()),
        has=_has,
    )


def _has(folder: PurePath, name: str) -> bool:
    with suppress(OSError):
        return Path(folder, name).exists()
    return False


def _mounts() -> tuple[Mount, ...]:
    with suppress(OSError):
        return read_mounts(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape"))
    return ()


def _drives(letter: str) -> dict[str, Drive]:
    """The drive of that letter and colon, on Windows."""
    if sys.platform != "win32" or not letter or letter.startswith("\\\\"):
        return {}
    import ctypes  # noqa: PLC0415  only where a ledger is written, and on Windows

    kind = int(ctypes.windll.kernel32.GetDriveTypeW(f"{letter}\\"))
    size = ctypes.c_uint32(_LONGEST)
    remote = ctypes.create_unicode_buffer(_LONGEST)
    failed = ctypes.windll.mpr.WNetGetConnectionW(letter, remote, ctypes.byref(size))
    return {letter: Drive(kind, "" if failed else remote.value)}


def _synchronised() -> Iterator[tuple[str, str]]:
    """OneDrive's own folders, the SharePoint libraries that it synchronises, and Dropbox's folders."""
    for name in _ONE_DRIVE:
        folder = os.environ.get(name, "")
        if folder:
            yield folder, "OneDrive"
    yield from _libraries()
    for file in _dropbox_files():
        with suppress(OSError, ValueError, AttributeError, TypeError, KeyError):
            for account in json.loads(file.read_text(encoding="utf-8")).values():
                yield str(account["path"]), "Dropbox"


def _libraries() -> Iterator[tuple[str, str]]:
    """The folders that OneDrive told Windows of, SharePoint's libraries among them."""
    if sys.platform != "win32":
        return
    import winreg  # noqa: PLC0415  Windows only

    key = r"Software\SyncEngines\Providers\OneDrive"
    with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as providers:
        for number in range(winreg.QueryInfoKey(providers)[0]):
            with suppress(OSError), winreg.OpenKey(providers, winreg.EnumKey(providers, number)) as one:
                yield str(winreg.QueryValueEx(one, "MountPoint")[0]), "OneDrive"


def _dropbox_files() -> Iterator[Path]:
    for name in ("APPDATA", "LOCALAPPDATA"):
        folder = os.environ.get(name)
        if folder:
            yield Path(folder, "Dropbox", "info.json")
    with suppress(RuntimeError):  # nobody's home is known
        yield Path.home() / ".dropbox" / "info.json"
