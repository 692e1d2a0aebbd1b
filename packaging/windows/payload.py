"""What is installed: every file of a build and where it goes, and the same list for taking it away again.

Installer and uninstaller are made of this one list, so that the uninstaller removes what was installed and nothing
else: no folder is ever removed with what is in it.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from windows import names

_LONGEST = 170
"""Characters of a file's place. Beneath a user's folder it stays below the 260 that old programs can read."""
_NEVER = frozenset('<>:"|?*$`')
"""Not in a name: Windows refuses the most of them, and the installer's script reads the last two otherwise."""
_REQUIRED = (names.WINDOW_EXE, names.COMMAND_EXE, names.NOTICES)


class PayloadError(Exception):
    """A folder that no installer can be made of, with the reason."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Each file: its place beneath the folder of the program, and where it comes from."""

    files: tuple[tuple[PurePosixPath, Path], ...]

    @property
    def folders(self) -> tuple[PurePosixPath, ...]:
        """Every folder beneath the program's, the deepest first: as they are to be removed, when they are empty."""
        found = {parent for place, _ in self.files for parent in place.parents} - {PurePosixPath()}
        return tuple(sorted(found, key=lambda each: (-len(each.parts), str(each))))

    @property
    def kilobytes(self) -> int:
        """What all files take."""
        return sum(-(-source.stat().st_size // 1024) for _, source in self.files)

    def source_of(self, place: str) -> Path:
        """Where a file comes from."""
        return dict(self.files)[PurePosixPath(place)]


def payload_of(folder: Path, icon: Path) -> Payload:
    """The files of a one-folder build, and the icon of ledgers. Raises PayloadError if it cannot be installed."""
    files = {PurePosixPath(path.relative_to(folder).as_posix()): path for path in folder.rglob("*") if path.is_file()}
    files[PurePosixPath(names.LEDGER_ICON)] = icon
    missing = [name for name in _REQUIRED if PurePosixPath(name) not in files]
    if missing:
        message = f"{folder} is no build of the program: it has no {' and no '.join(missing)}"
        raise PayloadError(message)
    seen: dict[str, PurePosixPath] = {}
    for place in files:
        _fit(place, seen)
    return Payload(tuple(sorted(files.items(), key=lambda each: each[0].parts)))


def _fit(place: PurePosixPath, seen: dict[str, PurePosixPath]) -> None:
    told = str(place)
    if len(told) > _LONGEST:
        message = f"{told}: longer than {_LONGEST} characters, some programs could not read it where it is installed"
        raise PayloadError(message)
    if not told.isascii() or not told.isprintable() or _NEVER & set(told) or told.endswith((".", " ")):
        message = f"{told}: not a name that every Windows and the installer's script read alike"
        raise PayloadError(message)
    if place == PurePosixPath(names.UNINSTALLER):
        message = f"{told}: that name is the installer's own"
        raise PayloadError(message)
    if place.suffix.lower() in {names.EXTENSION, ".key"}:
        message = f"{told}: a ledger or a private key is no part of the program"
        raise PayloadError(message)
    other = seen.setdefault(told.casefold(), place)
    if other != place:
        message = f"{told} and {other} are one file on Windows"
        raise PayloadError(message)
