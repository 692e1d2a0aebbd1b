"""The file itself, before anything in it is read as a line: its digest, what form it has, whether it is text at all.

One pass in blocks, whatever the file's size. Refused here: what is empty, not UTF-8, binary, or has a line so long
that it cannot be a row.
"""

import codecs
import hashlib
import os
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from ledgers.refusing import refuse

BLOCK = 1 << 20
LONGEST_LINE = 200_000
"""Bytes: with its raw text beside it, every row still goes into the pack that is signed.

A row of a ledger has some hundred; so many mean that the file has lost its line ends, or never had any.
"""

CODECS = MappingProxyType({"utf-8": "utf-8-sig", "windows-1252": "cp1252"})
"""Of an encoding as a mapping names it, the codec that reads it, with a byte-order mark or without."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"


class Form(Enum):
    """How the file holds its rows."""

    TEXT = auto()
    WORKBOOK = auto()


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through once: its name as given, SHA-256 digest, size in bytes and form."""

    path: Path
    file: str
    digest: str
    size: int
    changed_ns: int
    form: Form
    encoding: str = "utf-8"

    def check_unchanged(self) -> None:
        """Raise RefusedError if the file is no longer the one whose digest was taken."""
        status = self.path.stat()
        if (status.st_size, status.st_mtime_ns) != (self.size, self.changed_ns):
            refuse("the file changed while it was being read; nothing was posted; import it again", self.file)


def look_at(path: str | Path, encoding: str = "utf-8") -> Source:
    """The file's digest and form. Raises RefusedError, with the line, for what is no CSV or XLSX file.

    `encoding` is how a text file is written, as a mapping says it: `utf-8`, or `windows-1252`.
    """
    file = str(path)
    path = Path(path)
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            form, digest = _look_through(stream, file, encoding)
    except FileNotFoundError:
        refuse("there is no such file", file)
    except OSError as error:
        if path.is_dir():  # Windows only says that it may not be read
            refuse("this is a folder; name a CSV or XLSX file", file)
        refuse(f"the file cannot be read: {error.strerror or error}", file)
    return Source(path, file, digest, status.st_size, status.st_mtime_ns, form, encoding)


def encoding_of(path: str | Path) -> str:
    """The encoding that a text file seems to have: `windows-1252` if it is readable text in that and not in UTF-8.

    For a guess that a person sees; of a file that is neither, `look_at` says what is wrong with it.
    """
    decoders = {name: codecs.getincrementaldecoder(codec)() for name, codec in CODECS.items()}
    try:
        with Path(path).open("rb") as stream:
            while block := stream.read(BLOCK):
                if _is_binary(block):
                    return "utf-8"
                for name, decoder in tuple(decoders.items()):
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        del decoders[name]
    except OSError:
        return "utf-8"
    return next(iter(decoders), "utf-8")


def _look_through(stream: BinaryIO, file: str, encoding: str) -> tuple[Form, str]:
    block = stream.read(BLOCK)
    if not block:
        refuse("the file is empty", file)
    form = _form_of(block, stream, file)
    digest = hashlib.sha256(block)
    text = _TextCheck(file, encoding) if form is Form.TEXT else None
    while block:
        if text is not None:
            text.take(block)
        block = stream.read(BLOCK)
        digest.update(block)
    if text is not None:
        text.finish()
    return form, digest.hexdigest()


def _form_of(start: bytes, stream: BinaryIO, file: str) -> Form:
    if start.startswith(_ZIP):
        if start[30:].startswith(_OPEN_DOCUMENT):
            refuse("this is an OpenDocument file; save it as XLSX or CSV and import that", file)
        return Form.WORKBOOK
    if start.startswith(_COMPOUND):
        rest = stream.read()  # the directory of the parts may lie at the end
        if _ENCRYPTED in start or _ENCRYPTED in rest:
            refuse("the workbook is protected by a password; save a copy without one and import that", file)
        refuse("this is a workbook of the old .xls form; save it as XLSX or CSV and import that", file)
    if Path(file).suffix.lower() in _WORKBOOKS:
        refuse("this is not an XLSX workbook; save it as XLSX or CSV", file)
    if start.startswith(_UTF_16) or _looks_like_utf_16(start):
        refuse("the file is UTF-16 text; save it as “CSV UTF-8” and import that", file)
    return Form.TEXT


def _looks_like_utf_16(start: bytes) -> bool:
    head = start[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) * 2 // 5  # of Latin text every second byte is nought, in files without a byte-order mark too
    return (even >= most and odd == 0) or (odd >= most and even == 0)


class _TextCheck:
    """Holds blocks of a file to its encoding, without NULs, in lines of a sane length; says on which line they fail."""

    def __init__(self, file: str, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(CODECS[encoding].removesuffix("-sig"))()
        self._lines_before = 0
        self._unended = 0  # bytes of the line that the last block left unfinished

    def take(self, block: bytes) -> None:
        if b"\0" in block:
            line = self._line_at(block, block.index(b"\0"))
            refuse("the file has NUL bytes: it is binary, not CSV text", self._file, line)
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError as error:
            line = self._line_at(block, max(error.start, 0))
            refuse(_not_text(block, self._encoding), self._file, line)
        end = block.find(b"\n")
        line_bytes = self._unended + (end if end >= 0 else len(block))
        if line_bytes > LONGEST_LINE:
            message = f"the line is longer than {LONGEST_LINE:,} bytes; no row is: are its line ends missing?"
            refuse(message, self._file, self._lines_before + 1)
        self._unended = len(block) - 1 - block.rfind(b"\n") if end >= 0 else line_bytes
        self._lines_before += block.count(b"\n")

    def finish(self) -> None:
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            refuse("the file ends in the middle of a letter; was it cut short?", self._file)

    def _line_at(self, block: bytes, offset: int) -> int:
        return self._lines_before + block.count(b"\n", 0, offset) + 1


def _not_text(block: bytes, encoding: str) -> str:
    if _is_binary(block):
        return "the file is binary, not CSV text"
    if encoding != "utf-8":
        return f"the text is not in {encoding}, as the mapping says that it is"
    return "the text is not UTF-8; save it as “CSV UTF-8” and import that, or name its encoding in a mapping"


def _is_binary(block: bytes) -> bool:
    control = sum(byte < 9 or 13 < byte < 32 for byte in block[:4096])  # noqa: PLR2004  ASCII's controls but for white space
    return control * 20 > min(len(block), 4096)
