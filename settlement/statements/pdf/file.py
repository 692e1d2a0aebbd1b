"""A PDF file's objects, streams and table of contents (ISO 32000-1, 7.5), written as they come: the same bytes always.

Objects that are no streams are packed into compressed object streams, and where everything lies into a cross-reference
stream: a structure tree has hundreds of objects a page, which would each have twenty bytes of table otherwise. The
file's identity is a digest of its content; there is no clock in it.
"""

import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import BinaryIO

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PACKED = 400  # objects in an object stream, or a few more
_LEVEL = 4  # of zlib: half the time of its usual level, and a tenth more bytes
_FREE, _PLAIN, _IN_STREAM = 0, 1, 2
_LAST_GENERATION = 0xFFFF


class PdfFile:
    """Writes a file to a binary stream. Numbers of objects are taken first, so that objects can name each other."""

    def __init__(self, stream: BinaryIO) -> None:
        """Begins the file."""
        self._stream = stream
        self._digest = hashlib.sha256()
        self._length = 0
        # of each number: what it is, the offset or the object stream, the place in that
        self._kinds = bytearray([_FREE])
        self._offsets = array("I", [0])
        self._places = array("H", [_LAST_GENERATION])
        self._numbers: list[int] = []
        self._bodies: list[str] = []
        self._write(_HEADER)

    def number(self) -> int:
        """A number for an object still to come."""
        return self.numbers(1)

    def numbers(self, count: int) -> int:
        """The first of so many numbers, one after the other."""
        first = len(self._kinds)
        self._kinds.extend(bytes(count))
        self._offsets.frombytes(bytes(4 * count))
        self._places.frombytes(bytes(2 * count))
        return first

    def put(self, number: int, body: str) -> None:
        """An object that is no stream, in the signs of ASCII."""
        self._numbers.append(number)
        self._bodies.append(body)
        if len(self._numbers) >= _PACKED:
            self._pack()

    def put_all(self, first: int, bodies: Sequence[str]) -> None:
        """Objects with numbers one after the other."""
        self._numbers += range(first, first + len(bodies))
        self._bodies += bodies
        if len(self._numbers) >= _PACKED:
            self._pack()

    def add(self, body: str) -> int:
        """An object of which nothing was named before; its number."""
        number = self.number()
        self.put(number, body)
        return number

    def put_stream(self, number: int, data: bytes, entries: str = "") -> None:
        """A stream, compressed here."""
        self.put_raw_stream(number, zlib.compress(data, _LEVEL), f"{entries}/Filter/FlateDecode")

    def put_raw_stream(self, number: int, data: bytes, entries: str = "") -> None:
        """A stream as it is: its entries name a filter, if it has one."""
        self._kinds[number] = _PLAIN
        self._offsets[number] = self._length
        self._write(b"%d 0 obj\n<<%b/Length %d>>\nstream\n" % (number, entries.encode("ascii"), len(data)))
        self._write(data)
        self._write(b"\r\nendstream\nendobj\n")  # both: data may end in the first, and would be taken for shorter

    def finish(self, root: int, info: int) -> None:
        """Write what is still to come, and where everything lies."""
        self._pack()
        identity = self._digest.hexdigest()[:32]
        number = self.number()
        self._kinds[number] = _PLAIN
        begins = self._offsets[number] = self._length
        size = len(self._kinds)
        table = bytearray(7 * size)
        table[0::7] = self._kinds
        for shift in range(4):
            table[1 + shift :: 7] = _byte(self._offsets, 3 - shift)
        for shift in range(2):
            table[5 + shift :: 7] = _byte(self._places, 1 - shift)
        entries = f"/Type/XRef/Size {size}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{identity}><{identity}>]"
        self.put_stream(number, bytes(table), entries)
        self._write(b"startxref\n%d\n%%%%EOF\n" % begins)

    def _pack(self) -> None:
        """Write the objects that wait as an object stream."""
        if not self._numbers:
            return
        bodies, numbers = self._bodies, self._numbers
        self._bodies, self._numbers = [], []
        stream = self.number()
        for place, number in enumerate(numbers):
            self._places[number] = place
            self._offsets[number] = stream
            self._kinds[number] = _IN_STREAM
        offsets = accumulate((len(body) + 1 for body in bodies[:-1]), initial=0)
        head = " ".join([f"{number} {offset}" for number, offset in zip(numbers, offsets, strict=True)])
        data = f"{head}\n{' '.join(bodies)}".encode("ascii")
        self.put_stream(stream, data, f"/Type/ObjStm/N {len(numbers)}/First {len(head) + 1}")

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self._length += len(data)


def _byte(numbers: "array[int]", place: int) -> bytes:
    """One byte of each number, the lowest at place 0."""
    at = place if sys.byteorder == "little" else numbers.itemsize - 1 - place
    return numbers.tobytes()[at :: numbers.itemsize]


def text_string(text: str) -> str:
    """A text as an object: as it is in printable ASCII, else in UTF-16; half a character becomes a question mark."""
    if text.isascii() and text.isprintable():
        return f"({escaped(text)})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def escaped(text: str) -> str:
    """Printable ASCII as it stands between the brackets of a string."""
    if "\\" in text or "(" in text or ")" in text:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return text


def references(numbers: Iterable[int]) -> str:
    """Objects by their numbers, as an array names them."""
    return " ".join([f"{number} 0 R" for number in numbers])
