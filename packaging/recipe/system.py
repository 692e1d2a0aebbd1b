"""What the packaged program asks of a Linux system: the libraries that are not in its folder, and who has them.

They are read in the files of the build, not written down from memory: a library that nobody has said the package of
stops the build.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {
    "ld-linux-x86-64.so.2": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libc.so.6": "libc6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libutil.so.1": "libc6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
"""Debian's package for each library, the later name behind the earlier."""

OPTIONAL = {"libcups.so.2": "libcups2 | libcups2t64"}
"""Without which the program runs, and does less: no printer but a PDF."""

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_LIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)\b")
_ELF = b"\x7fELF"


@dataclass(frozen=True, slots=True)
class Asked:
    """Of a system: libraries by name, and the oldest C library that has all that is called."""

    libraries: frozenset[str]
    libc: tuple[int, int]

    @property
    def depends(self) -> list[str]:
        """Debian's packages that have to be there."""
        named = {PACKAGES[library] for library in self.libraries - OPTIONAL.keys()} - {"libc6"}
        return [f"libc6 (>= {self.libc[0]}.{self.libc[1]})", *sorted(named)]

    @property
    def recommends(self) -> list[str]:
        """Debian's packages with which it does more."""
        return sorted(OPTIONAL[library] for library in self.libraries & OPTIONAL.keys())


class UnknownLibraryError(Exception):
    """A library is asked for that nobody has said the package of."""


def asked_by(folder: Path) -> Asked:
    """What the programs and libraries in a folder ask of the system under them.

    Raises UnknownLibraryError, naming what is neither in the folder nor in a package that is known.
    """
    objdump = shutil.which("objdump")
    if objdump is None:
        message = "objdump is not installed: it is in Debian's package binutils"
        raise UnknownLibraryError(message)
    files = sorted(_binaries(folder))
    here = {path.name for path in folder.rglob("*")}
    told = subprocess.run([objdump, "-p", *map(str, files)], capture_output=True, text=True, check=True).stdout  # noqa: S603
    needed = frozenset(_NEEDED.findall(told)) - here
    if unknown := sorted(needed - PACKAGES.keys() - OPTIONAL.keys()):
        message = f"packaging/recipe/system.py does not say which package has {', '.join(unknown)}"
        raise UnknownLibraryError(message)
    return Asked(needed, max((int(major), int(minor)) for major, minor in _LIBC.findall(told)))


def _binaries(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as opened:
                if opened.read(len(_ELF)) == _ELF:
                    yield path
