"""XLSX workbooks that are the same bytes whenever they are written, and on whichever system."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.packager import Packager

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_PIECE = 1 << 20
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format holds a time without a zone
_UNIX = 3
_RIGHTS = 0o600 << 16


class Workbook(xlsxwriter.Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook in which text stays text, and that does not show when it was written, or on what system."""

    def __init__(self, path: Path, **options: bool) -> None:
        """It is written when it is closed; `options` are XlsxWriter's."""
        self._path = path
        super().__init__(str(path), {**_OPTIONS, **options})
        self.set_properties({})

    def set_properties(self, properties: dict[str, Any]) -> None:
        """Say of what it is, but not when it was made."""
        super().set_properties({**properties, "created": _CREATED})

    def close(self) -> None:
        """Write it. Raises OSError if it cannot be written."""
        try:
            super().close()
        except xlsxwriter.exceptions.FileCreateError as why:
            raise OSError(str(why)) from why
        with ZipFile(self._path, "a") as archive:
            for part in archive.infolist():  # else: this system, and what rights its temporary files have
                part.create_system, part.external_attr = _UNIX, _RIGHTS
            archive.comment = b""  # said, so that the directory is written again; the parts are left alone

    def _get_packager(self) -> Packager:  # XlsxWriter's own place for another
        return _Packager()


class _Packager(Packager):  # type: ignore[misc]  # as above
    """Makes the parts: in memory, or as temporary files, which Windows writes with line ends of its own."""

    def _create_package(self) -> list[Any]:
        parts: list[Any] = super()._create_package()
        if not self.in_memory and os.linesep != "\n":
            for name, _, is_binary in parts:
                if not is_binary:
                    _put_back_line_feeds(Path(name))
        return parts


def _put_back_line_feeds(path: Path) -> None:
    r"""A text file as it was given to the system, which wrote `\r\n` for each line feed."""
    draft = Path(f"{path}.lf")
    with path.open("rb") as source, draft.open("wb") as to:
        while piece := source.read(_PIECE):
            while piece.endswith(b"\r") and (more := source.read(1)):
                piece += more
            to.write(piece.replace(b"\r\n", b"\n"))
    draft.replace(path)
