"""The parts of an XLSX file, looked through before any of it is built in memory.

A workbook is a ZIP of XML. Refused here: one that is not, or holds another kind of document; one that unpacks to far
more than it is (a bomb); XML that declares entities; a sheet so wide and so long that its empty cells would fill the
memory. Found here: the cells whose formula gave an error, which the reader would give back as empty.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from ledgers.refusing import refuse

_BLOCK = 1 << 20
_MOST_BYTES = 2 << 30
_MOST_TIMES = 200
"""Real sheets pack some ten to forty times; a bomb packs a thousand."""

_ALWAYS_FINE = 64 << 20
_OVERLAP = 4096
# Letters read as A, digits as 0 and quotation marks alike, so that one search finds any reference of three letters.
_SHAPE = bytes.maketrans(b'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"', b"A" * 26 + b"0" * 10 + b"'")
_WIDE = b" r='AAA0"
_ERROR_CELL = re.compile(rb'<c\b([^>]*\bt=["\']e["\'][^>]*)>(.*?)</c>', re.DOTALL)
_REFERENCE = re.compile(rb'\br=["\']([A-Z]+)(\d+)["\']')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT_NAMESPACE = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"

Errors = dict[int, list[tuple[int, str]]]
"""By row, from 1: columns, from 0, and why their cell cannot be taken."""


def look_through(path: Path, file: str, sheet: str | None) -> tuple[str, Errors]:
    """The name of the sheet wanted (the first, if none is named) and its cells that are errors.

    Raises RefusedError for a file that is not a workbook or is not safe to read.
    """
    try:
        with ZipFile(path) as archive:
            parts = set(archive.namelist())
            _refuse_other_documents(parts, file)
            _refuse_bombs(archive, file)
            name, part = _sheet_part(archive, parts, sheet, file)
            errors: Errors = {}
            for other in sorted(parts):
                if other.endswith((".xml", ".rels")):
                    _look_through_part(archive, other, file, errors if other == part else None)
            return name, errors
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        KeyError,
        OSError,
        ET.ParseError,
    ) as error:
        refuse(f"the workbook is damaged ({error}); open it in Excel and save it again", file)


def _refuse_other_documents(parts: set[str], file: str) -> None:
    if "xl/workbook.xml" in parts:
        return
    if "xl/workbook.bin" in parts:
        refuse("this is a binary workbook (.xlsb); save it as XLSX or CSV and import that", file)
    refuse("this is a ZIP file, and not an Excel workbook", file)


def _refuse_bombs(archive: ZipFile, file: str) -> None:
    """By what the archive says of itself; Python's reader then holds each part to what it said."""
    packed = sum(part.compress_size for part in archive.infolist())
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _MOST_BYTES or (unpacked > _ALWAYS_FINE and unpacked > packed * _MOST_TIMES):
        message = (
            f"the workbook would unpack to {unpacked:,} bytes from {packed:,}; "
            "no ledger does that, and it is not read; save the sheet as CSV"
        )
        refuse(message, file)


def _sheet_part(archive: ZipFile, parts: set[str], wanted: str | None, file: str) -> tuple[str, str]:
    """The name of the sheet wanted, and the part of the archive that it is."""
    workbook = ET.fromstring(_small_part(archive, "xl/workbook.xml", file))  # noqa: S314  entities are refused before
    sheets = {
        found.get("name", ""): next((value for key, value in found.items() if key.endswith("}id")), "")
        for namespace in (_NAMESPACE, _STRICT_NAMESPACE)
        for found in workbook.iter(f"{namespace}sheet")
    }
    if not sheets:
        refuse("the workbook has no sheet", file)
    name = next(iter(sheets)) if wanted is None else wanted
    if name not in sheets:
        names = ", ".join(f"“{name}”" for name in sheets)
        refuse(f"the workbook has no sheet “{name}”; it has {names}", file)
    relations = ET.fromstring(_small_part(archive, "xl/_rels/workbook.xml.rels", file))  # noqa: S314  as above
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    target = targets.get(sheets[name], "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if part not in parts:
        refuse(f"the workbook is damaged: its sheet “{name}” is not in it", file)
    return name, part


def _small_part(archive: ZipFile, part: str, file: str) -> bytes:
    if archive.getinfo(part).file_size > _BLOCK * 8:
        refuse(f"the workbook is damaged: {part} is far too large", file)
    content = archive.read(part)
    _refuse_entities(content, part, file)
    return content


def _refuse_entities(content: bytes, part: str, file: str) -> None:
    declares = b"<!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content)
    if declares or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        message = (
            f"the workbook declares entities in its XML ({part}), which no spreadsheet program does; it is not read"
        )
        refuse(message, file)


def _look_through_part(archive: ZipFile, part: str, file: str, errors: Errors | None) -> None:
    for block in _overlapping(archive, part):
        _refuse_entities(block, part, file)
        if errors is None:
            continue
        if _WIDE in block.translate(_SHAPE):
            message = "a cell of the sheet is further right than column ZZ; clear what is beyond the 702nd column"
            refuse(message, file)
        if b't="e"' in block or b"t='e'" in block:
            _note_errors(block, errors)


def _overlapping(archive: ZipFile, part: str) -> Iterator[bytes]:
    """The part in blocks, each with the end of the one before, so that what lies across is seen too."""
    with archive.open(part) as stream:
        end = b""
        while block := stream.read(_BLOCK):
            whole = end + block
            yield whole
            end = whole[-_OVERLAP:]


def _note_errors(block: bytes, errors: Errors) -> None:
    for cell in _ERROR_CELL.finditer(block):
        where, value = _REFERENCE.search(cell[1]), _VALUE.search(cell[2])
        if where is None:
            continue
        row, column = int(where[2]), _column_number(where[1])
        text = value[1].decode("utf-8", "replace") if value else "#N/A"
        found = (column, f"the cell's formula gives {text}; mend it in the workbook")
        if found not in errors.setdefault(row, []):
            errors[row].append(found)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def column_name(column: int) -> str:
    """The letters of a column, from 0: A, B, … Z, AA."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
