"""A person's own folders, of settings, drafts, copies and reports of errors: the tests have their own everywhere."""

from pathlib import Path

import pytest

_KINDS = ("CONFIG", "DATA", "STATE", "CACHE")


def own_folders(home: Path) -> dict[str, str]:
    """The environment in which they are below `home`: as Linux is told of them, and as `platformdirs` on Windows is.

    Windows keeps them all in one place, which is here that of Linux's data.
    """
    windows = dict.fromkeys(("WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"), str(home / "data"))
    return {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in _KINDS} | windows


def live_in(home: Path, patched: pytest.MonkeyPatch) -> None:
    """Have this process, and what it starts, keep them there; what who runs the tests has set is forgotten."""
    for name, value in own_folders(home).items():
        patched.setenv(name, value)
    patched.delenv("S75_BACKUPS", raising=False)
