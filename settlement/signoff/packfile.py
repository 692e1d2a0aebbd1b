"""A pack as a file: one JSON object in canonical form, written and read as a stream, whatever its size.

A member of the object is either read as a whole, or it is an array of flat rows of which there may be millions. Which
members are rows is the caller's to say and never the file's, so that the memory a reader needs is bounded by the
constants here, whoever wrote the file. What is not canonical to the byte is refused: of two files that say the same
only one can be signed.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

from settlement.signoff.canonical import NAME, RowEncoder, canonical, row_encoder
from settlement.signoff.errors import VerificationError
from settlement.signoff.window import PIECE_BYTES, Scan, Window, where

LARGEST_ROW_BYTES = 2**20
LARGEST_MEMBER_BYTES = 32 * 2**20
"""Of a member that is read as a whole; an array of rows has no end that a reader need fear."""
MOST_MEMBERS = 64
MOST_COLUMNS = 64
"""Of a row."""

_MOST_SHAPES = 64
_READ_NAME = re.compile(rf'"({NAME.pattern})":', re.ASCII)
_LONGEST_NAME = 64
# After the bracket that ends a row only a name can begin with a letter; in a text the quotation mark would be escaped.
# What looks like the list's end may stand in a text; then less is passed over, and never more than the list.
_NEXT_ROW = re.compile(r'\}(?:,(?=\{"[a-z])|(?P<end>\]))', re.ASCII)
_FIRST_STRETCH = 2**12

_decode = json.JSONDecoder().raw_decode


class Row(NamedTuple):
    """A row as it stands in a pack: its bytes, the byte of the pack it begins at, and what it says."""

    raw: bytes
    offset: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A member that is held as one value. `raw` and `offset` are its bytes and their place, where it was read."""

    value: Any
    raw: bytes = b""
    offset: int = 0


class Many:
    """A member that is an array of rows, each in canonical bytes (`row_encoder`); they are drawn once."""

    def __init__(self, rows: Iterable[bytes]) -> None:
        """Of these rows, to be written."""
        self._rows = rows

    @property
    def rows(self) -> Iterable[bytes]:
        """Each row's bytes."""
        return self._rows


# --- writing ----------------------------------------------------------------------------------------------------------


def pack_bytes(members: Iterable[tuple[str, Whole | Many]]) -> Iterator[bytes]:
    """The bytes of a pack, in pieces of at most a megabyte. Members come in the order of the alphabet.

    Raises VerificationError for a value that a pack cannot hold, and for a row or member larger than a reader takes.
    """
    return _in_pieces(_written(members))


def _written(members: Iterable[tuple[str, Whole | Many]]) -> Iterator[bytes]:
    yield b"{"
    before = ""
    for number, (name, member) in enumerate(members):
        if not (NAME.fullmatch(name) and before < name and number < MOST_MEMBERS):
            message = f"“{name}” after “{before}” is no name, is out of order, or is one more than {MOST_MEMBERS}"
            raise AssertionError(message)
        yield f'{"," if before else ""}"{name}":'.encode()
        before = name
        if isinstance(member, Many):
            yield b"["
            yield from _written_rows(name, member.rows)
            yield b"]"
        else:
            raw = canonical(member.value)
            if len(raw) > LARGEST_MEMBER_BYTES:
                raise VerificationError(_member_too_large(), name)
            yield raw
    yield b"}"


def _written_rows(name: str, rows: Iterable[bytes]) -> Iterator[bytes]:
    is_first = True
    for row in rows:
        if len(row) > LARGEST_ROW_BYTES:
            raise VerificationError(_row_too_large(), name)
        if is_first:
            is_first = False
            yield row
        else:
            yield b"," + row


def _in_pieces(written: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for each in written:
        waiting.append(each)
        size += len(each)
        if size >= PIECE_BYTES:
            joined = b"".join(waiting)
            for start in range(0, size, LARGEST_ROW_BYTES):
                yield joined[start : start + LARGEST_ROW_BYTES]
            waiting, size = [], 0
    yield b"".join(waiting)


class PackDigest:
    """The digest and the size of a pack, taken as its pieces go by."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self._sha256 = hashlib.sha256()
        self.size_bytes = 0

    def tee(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted and hashed."""
        for piece in pieces:
            self.add(piece)
            yield piece

    def add(self, piece: bytes) -> None:
        """Count and hash a piece."""
        self._sha256.update(piece)
        self.size_bytes += len(piece)

    @property
    def sha256(self) -> str:
        """The digest so far, as 64 hexadecimal digits."""
        return self._sha256.hexdigest()


# --- reading ----------------------------------------------------------------------------------------------------------


def read_members(pieces: Iterable[bytes], many: frozenset[str]) -> Iterator[tuple[str, "Whole | Rows"]]:
    """The members of a pack in order, those of `many` as rows that are read as they are drawn.

    Rows that were not drawn when the next member is asked for are read and passed over. Raises VerificationError, with
    the byte, for whatever is not a pack in canonical form or is larger than the constants here; only when the last
    member was drawn and the iteration ended has the whole file been looked at.
    """
    window = Window(pieces)
    window.pass_over("{", "a pack begins with {")
    before = ""
    count = 0
    while window.peek() != "}":
        if count:
            window.pass_over(",", "after a member there is a comma or the end of the pack")
        name = _name(window, before)
        count += 1
        if count > MOST_MEMBERS:
            message = f"the pack has more than {MOST_MEMBERS} members"
            raise window.refused(message)
        if name in many:
            rows = Rows(window)
            yield name, rows
            for _ in rows:
                pass
        else:
            yield name, _whole(window)
        before = name
    window.pass_over("}", "a pack ends with }")
    if window.peek():
        message = "the pack goes on after its end"
        raise window.refused(message)


def _name(window: Window, before: str) -> str:
    window.have(_LONGEST_NAME)
    match = _READ_NAME.match(window.text, window.at)
    if match is None:
        problem = "here stands the name of a member: small letters, digits and _, in quotation marks, and a colon"
        raise window.refused(problem if window.have(1) else f"the pack breaks off here: {problem}")
    name = match[1]
    if name <= before:
        place = f"after “{before}”" if name < before else "twice"
        message = f"the member “{name}” stands here {place}; members stand once, in the order of the alphabet"
        raise window.refused(message)
    window.take(match.end())
    return name


def _whole(window: Window) -> Whole:
    """A member's value, found by its brackets before any of it is made into values."""
    offset = window.offset
    raw = _raw_value(window)
    try:
        value = json.loads(raw.decode())
    except json.JSONDecodeError as error:
        message = "this is not JSON"
        raise VerificationError(message, where(offset + len(error.doc[: error.pos].encode()))) from None
    except ValueError:
        message = "a number in this member has thousands of digits"
        raise VerificationError(message, where(offset)) from None
    try:
        again = canonical(value)
    except VerificationError as error:
        raise VerificationError(str(error), where(offset)) from None
    if again != raw:
        raise VerificationError(_not_canonical(), where(offset + first_difference(raw, again)))
    return Whole(value, raw, offset)


def _raw_value(window: Window) -> bytes:
    start = window.offset
    scan = Scan()
    taken: list[bytes] = []
    while not scan.is_over:
        left = len(window.text) - window.at  # nothing, or a backslash of which it is not in hand what it escapes
        if not window.have(left + 1 if taken else 1):
            message = "the pack breaks off in the middle of a value"
            raise window.refused(message)
        taken.append(window.take(scan.upto(window.text, window.at)))
        if scan.problem:
            raise window.refused(scan.problem)
        if window.offset - start > LARGEST_MEMBER_BYTES:
            raise VerificationError(_member_too_large(), where(start))
    return b"".join(taken)


class Rows(Many):
    """A member that is an array of rows, as it is read: an iterator of `Row`, to be drawn once."""

    def __init__(self, window: Window) -> None:
        """Of the array that begins where the window is."""
        super().__init__(())
        self.window = window
        self._encoders: dict[tuple[str, ...], RowEncoder] = {}
        window.pass_over("[", "this member is a list of rows and begins with [")
        self.is_over = window.peek() == "]"
        if self.is_over:
            window.pass_over("]", "")

    @property
    def rows(self) -> Iterable[bytes]:
        """Each row's bytes, so that what is read can be written again."""
        return (row.raw for row in self)

    def __iter__(self) -> Iterator[Row]:
        """Itself."""
        return self

    def __next__(self) -> Row:
        """The next row. Raises VerificationError if it is not canonical, not flat or too large."""
        if self.is_over:
            raise StopIteration
        window = self.window
        if window.peek() != "{":
            message = "a row begins with {"
            raise window.refused(message)
        try:
            values, end = _decode(window.text, window.at)
        except (ValueError, RecursionError):
            values, end = self._decoded_with_more()
        offset = window.offset
        raw = window.text[window.at : end].encode()
        if len(raw) > LARGEST_ROW_BYTES:
            raise window.refused(_row_too_large())
        columns = tuple(values)
        encode = self._encoders.get(columns) or self._encoder(columns)
        try:
            again = encode(tuple(values.values()))
        except VerificationError as error:
            raise window.refused(str(error)) from None
        if again != raw:
            raise VerificationError(_not_canonical(), where(offset + first_difference(raw, again)))
        window.advance(end, raw)
        self._after_row()
        return Row(raw, offset, values)

    def _after_row(self) -> None:
        window = self.window
        if window.peek() == ",":
            window.at += 1
            window.offset += 1
        else:
            window.pass_over("]", "after a row there is a comma or the end of the list")
            self.is_over = True

    def _decoded_with_more(self) -> tuple[dict[str, Any], int]:
        """The row, where what is in hand may be only its beginning."""
        window = self.window
        wanted = PIECE_BYTES
        while True:
            is_all = not window.have(wanted)
            try:
                values, end = _decode(window.text, window.at)
            except (ValueError, RecursionError) as error:
                if is_all or wanted > LARGEST_ROW_BYTES:
                    raise self._no_row(error, is_all=is_all) from None
                wanted *= 2
            else:
                return values, end

    def _no_row(self, error: ValueError | RecursionError, *, is_all: bool) -> VerificationError:
        if isinstance(error, RecursionError):
            return self.window.refused("a row has lists or objects in it; it holds only texts and whole numbers")
        return self.window.refused(
            "the pack breaks off in this row, or the row is not JSON"
            if is_all
            else f"{_row_too_large()}, or it is not JSON"
        )

    def _encoder(self, columns: tuple[str, ...]) -> RowEncoder:
        if len(columns) > MOST_COLUMNS:
            message = f"a row has more than {MOST_COLUMNS} columns, the most that a pack holds"
            raise self.window.refused(message)
        if not all(map(NAME.fullmatch, columns)):
            message = "a name in this row is none that a column has: small letters, digits and _"
            raise self.window.refused(message)
        if len(self._encoders) >= _MOST_SHAPES:
            self._encoders.clear()
        # in the row's own order the encoder sorts again: columns out of order come out as other bytes
        encode = self._encoders[columns] = row_encoder(columns)
        return encode

    def pass_over_common(self, other: "Rows") -> int:
        """Pass over rows that stand next in both, byte for byte, and say how many; some may be left to read.

        For comparing packs: what is equal is not looked at further, so that it costs next to nothing.
        """
        if self.is_over or other.is_over:
            return 0
        ours, theirs = self.window, other.window
        ours.have(PIECE_BYTES)
        theirs.have(PIECE_BYTES)
        common = _common(ours, theirs)
        found = _NEXT_ROW.finditer(ours.text, ours.at, ours.at + common)
        ends = [match.end() for match in takewhile(lambda match: match["end"] is None, found)]
        if ends:
            length = ends[-1] - ours.at
            theirs.take(theirs.at + length)
            ours.take(ends[-1])
        return len(ends)


def _common(ours: Window, theirs: Window) -> int:
    """How many characters in hand are surely the same in both."""
    common = 0
    stretch = _FIRST_STRETCH
    while True:
        here = ours.text[ours.at + common : ours.at + common + stretch]
        if len(here) < stretch or here != theirs.text[theirs.at + common : theirs.at + common + stretch]:
            return common
        common += stretch
        stretch *= 2


def first_difference(one: bytes, other: bytes) -> int:
    """The first byte in which two texts differ; the shorter one's end, if it begins the other."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # the longest beginning that both have
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _not_canonical() -> str:
    return (
        "this is not in canonical form (RFC 8785): names in order and once, no spaces, "
        "each text and whole number in its one spelling"
    )


def _row_too_large() -> str:
    return f"a row is longer than {LARGEST_ROW_BYTES:,} bytes, the most that a pack holds"


def _member_too_large() -> str:
    return f"this member is longer than {LARGEST_MEMBER_BYTES:,} bytes, the most that a pack holds"
