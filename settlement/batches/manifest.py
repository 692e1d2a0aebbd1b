"""The manifest of a folder of statements: each file with its SHA-256, size, and what it is of; and the check of it.

`manifest.json` is canonical JSON (RFC 8785): the same files, the same bytes, whenever and on however many processors
they were made. `SHA256SUMS` beside it is for `sha256sum -c SHA256SUMS`.
"""

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Never

from rules.problems import Problem, RefusedError
from settlement.version import VERSION

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DRAFTS = ".s75-"
"""How the names of what is not whole yet begin."""

_FORM = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, by its place under the folder with slashes; what it was made of, and what it is.

    `ledger` is the name of the ledger's file or database, `ledger_id` the ledger's own, "" of a folder. `partner` is ""
    of what is for all. `sequence` and `digest` are the note's, if it is signed; a sequence alone, if it is put up for
    signature; 0 and "" of a draft. `theme` is the SHA-256 of the theme file, "" without one; `thousands` is 1 of tables
    in £000. `version` is the program's.
    """

    file: str
    sha256: str
    size: int
    ledger: str
    ledger_id: str
    agreement: str
    year: str
    period: str
    partner: str
    kind: str
    format: str
    language: str
    status: str
    sequence: int = 0
    digest: str = ""
    prepared_by: str = ""
    thousands: int = 0
    theme: str = ""
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder held against its manifest: how many files are as they were written, and the names of the others."""

    count: int
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every file is there as it was written, and no other."""
        return not (self.missing or self.changed or self.unknown)


def manifest_bytes(entries: Iterable[Entry]) -> bytes:
    """The manifest of these files, in the order of their names."""
    from settlement.signoff.canonical import canonical  # noqa: PLC0415  it takes a while, and reading needs none of it

    listed = [asdict(each) for each in sorted(entries, key=lambda each: each.file)]
    # piece by piece: a member may hold only so many values, and there may be very many files
    told = b",".join(canonical(each) for each in listed)
    return b'{"files":[' + told + b'],"form":' + str(_FORM).encode() + b',"of":"s75 batch"}\n'


def sums_bytes(entries: Iterable[Entry]) -> bytes:
    """The same as `sha256sum` writes it. No name has a backslash or a line break, which it would write otherwise."""
    return "".join(f"{each.sha256}  {each.file}\n" for each in sorted(entries, key=lambda each: each.file)).encode()


def write_manifest(folder: Path, entries: Iterable[Entry]) -> None:
    """Put manifest and sums into the folder, each whole.

    Raises OSError if there is no room for them; both then stay as they were.
    """
    listed = tuple(entries)
    whole = {MANIFEST: manifest_bytes(listed), SUMS: sums_bytes(listed)}
    drafts = {name: folder / f"{DRAFTS}{name}" for name in whole}
    try:
        for name, told in whole.items():
            drafts[name].write_bytes(told)
        for name, draft in drafts.items():
            draft.replace(folder / name)
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise


def read_manifest(folder: Path) -> tuple[Entry, ...]:
    """The files that a folder's manifest names, none without one. Raises RefusedError for a manifest that is none."""
    path = folder / MANIFEST
    if not os.path.lexists(path):
        return ()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            _refuse("the manifest cannot be read: it is no file", path)  # a pipe or a device would be read for ever
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError  # noqa: TRY301  told below
        told = json.loads(path.read_bytes().decode())
        if not isinstance(told, dict) or told.get("of") != "s75 batch":
            raise ValueError  # noqa: TRY301
        if told.get("form") != _FORM:
            _refuse("it is of another form than this version of the program reads", path)
        if not isinstance(told["files"], list):
            raise TypeError  # noqa: TRY301
        entries = tuple(_entry(each) for each in told["files"])
    except OSError as error:
        _refuse(f"the manifest cannot be read: {error.strerror or error}", path)
    except (ValueError, TypeError, KeyError, RecursionError):
        _refuse("this is no manifest that s75 batch wrote", path)
    if len({each.file for each in entries}) != len(entries):
        _refuse("the manifest names a file twice", path)
    return entries


def _entry(told: Any) -> Entry:  # noqa: ANN401  whatever stands in the file
    """A file of a manifest. Raises ValueError, TypeError or KeyError for what no program of ours wrote."""
    if not isinstance(told, dict):
        raise TypeError(told)
    values = {each.name: told[each.name] for each in fields(Entry)}
    for each in fields(Entry):
        if type(values[each.name]) is not each.type:
            raise TypeError(each.name)
    entry = Entry(**values)
    leads_out = any(part in {"", ".", ".."} or "\\" in part or ":" in part for part in entry.file.split("/"))
    is_name = entry.file.isprintable() and entry.file not in {MANIFEST, SUMS}
    if leads_out or not is_name or not _DIGEST.fullmatch(entry.sha256):
        raise ValueError(entry.file)
    return entry


def digest_of(path: Path) -> str:
    """A file's SHA-256. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def check_folder(folder: Path) -> Checked:
    """Hold a folder against its manifest. Raises RefusedError if it has none, or one that is none."""
    if not os.path.lexists(folder / MANIFEST):
        _refuse(f"there is no {MANIFEST}; s75 batch writes one with what it writes", folder)
    entries = read_manifest(folder)
    wrong = {each.file: _wrong(folder / each.file, each.size, each.sha256) for each in entries}
    sums = sums_bytes(entries)
    wrong[SUMS] = _wrong(folder / SUMS, len(sums), sha256(sums).hexdigest())
    others = [name for name in _files(folder) if name not in wrong and name != MANIFEST]
    drafts = sorted({name.split("/")[0] for name in others if name.startswith(DRAFTS)})
    at_work = "is of a batch that was ended from outside, or is at work now; if none is, it can be removed"
    return Checked(
        sum(not wrong[each.file] for each in entries),
        tuple(name for name, how in wrong.items() if how == "missing"),
        tuple(name for name, how in wrong.items() if how == "changed"),
        tuple(name for name in others if not name.startswith(DRAFTS)),
        tuple(f"{name} {at_work}" for name in drafts),
    )


def _wrong(path: Path, size: int, digest: str) -> str:
    """What is wrong with a file; "" if it is as it was written. A link is no file that was written."""
    if not path.is_symlink() and not path.is_file():
        return "missing"
    is_same = not path.is_symlink() and path.stat().st_size == size and digest_of(path) == digest
    return "" if is_same else "changed"


def _files(folder: Path) -> Iterator[str]:
    """Every file under a folder, by its name with slashes, in order; a link is not followed."""
    for at, folders, files in os.walk(folder):
        folders.sort()
        under = Path(at)
        links = [name for name in folders if (under / name).is_symlink()]
        for name in sorted((*files, *links)):
            yield (under / name).relative_to(folder).as_posix()


def _refuse(message: str, path: Path) -> Never:
    raise RefusedError(Problem(message, str(path)))
