"""A folder as one file to give out, and the sums of such files: the same folder gives the same bytes."""

import hashlib
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

_PROGRAM, _FILE, _FOLDER = 0o755, 0o644, 0o755
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Before which a zip knows no time."""


def write_zip(folder: Path, path: Path, when: int) -> None:
    """Write a folder as a zip, of which every file is dated alike, by place. Links become the files they lead to."""
    date = max(datetime.fromtimestamp(when, UTC), _EARLIEST).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in _files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system that writes it
            entry.external_attr = (stat.S_IFREG | _mode(file)) << 16
            archive.writestr(entry, file.read_bytes())


def write_tar(folder: Path, path: Path, when: int) -> None:
    """Write a folder as a tar.xz: owned by nobody in particular, dated alike, by place, links kept as links."""
    with lzma.open(path, "wb", preset=6, check=lzma.CHECK_CRC64) as packed:
        write_plain_tar(folder, packed, when, f"{folder.name}/")


def write_plain_tar(folder: Path, to: "io.BufferedIOBase | lzma.LZMAFile", when: int, under: str) -> None:
    """The same, not packed."""
    with tarfile.open(fileobj=to, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for file in [folder, *sorted(folder.rglob("*"))]:
            inside = file.relative_to(folder).as_posix()
            entry = tarfile.TarInfo(under.rstrip("/") if inside == "." else f"{under}{inside}")
            entry.mtime = when
            entry.uname = entry.gname = "root"
            if file.is_symlink():
                entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, file.readlink().as_posix(), 0o777
                archive.addfile(entry)
            elif file.is_dir():
                entry.type, entry.mode = tarfile.DIRTYPE, _FOLDER
                archive.addfile(entry)
            else:
                entry.mode, entry.size = _mode(file), file.stat().st_size
                with file.open("rb") as opened:
                    archive.addfile(entry, opened)


def write_sums(files: Iterable[Path], path: Path) -> None:
    """Write the SHA-256 of each file, as `sha256sum --check` reads it, by name."""
    lines = []
    for file in sorted(files, key=lambda each: each.name):
        with file.open("rb") as opened:
            lines.append(f"{hashlib.file_digest(opened, 'sha256').hexdigest()}  {file.name}\n")
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterable[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def _mode(file: Path) -> int:
    return _PROGRAM if file.stat().st_mode & stat.S_IXUSR and file.suffix not in {".so", ".md"} else _FILE
