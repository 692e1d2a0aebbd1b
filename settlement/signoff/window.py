"""A pack as it goes by: the part of the stream that is in hand, and where in it a value ends.

What is in hand is bounded whatever the stream holds, and a value's end is found, and its depth and number of values
counted, before anything is made of it.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

from settlement.signoff.canonical import DEEPEST, MOST_VALUES
from settlement.signoff.errors import VerificationError

PIECE_BYTES = 2**18
"""About how much of a stream is in hand, and how large the pieces of one that is written are."""

_STRUCTURE = re.compile(r"[\[\]{},]")
# Possessive, so that a text of many megabytes is walked once and never gone back over.
_TO_END_OF_TEXT = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class Window:
    """The part of a stream that is in hand: its text, where in it the reader is, and which byte of the pack that is."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """At the beginning of these pieces."""
        self._pieces = _small(pieces)
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._decoded_bytes = 0
        self.text = ""
        self.at = 0
        self.offset = 0
        self.has_ended = False

    def have(self, characters: int) -> bool:
        """Have so many characters in hand from where the reader is, if the stream has them."""
        if len(self.text) - self.at >= characters or self.has_ended:
            return len(self.text) - self.at >= characters
        parts = [self.text[self.at :]]
        length = len(parts[0])
        while length < characters and not self.has_ended:
            part = self._more()
            parts.append(part)
            length += len(part)
        self.text = "".join(parts)
        self.at = 0
        return length >= characters

    def _more(self) -> str:
        piece = next(self._pieces, None)
        self.has_ended = piece is None
        pending = len(self._decoder.getstate()[0])
        try:
            part = self._decoder.decode(piece or b"", final=self.has_ended)
        except UnicodeDecodeError as error:
            place = self._decoded_bytes - pending + error.start
            message = "the pack is not UTF-8"
            raise VerificationError(message, where(place)) from None
        self._decoded_bytes += len(piece or b"")
        return part

    def peek(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.at] if self.have(1) else ""

    def advance(self, end: int, raw: bytes) -> None:
        """Go on to a place in the text; `raw` is what is passed over."""
        self.at = end
        self.offset += len(raw)

    def take(self, end: int) -> bytes:
        """The bytes up to a place in the text, passed over."""
        raw = self.text[self.at : end].encode()
        self.advance(end, raw)
        return raw

    def pass_over(self, character: str, rule: str) -> None:
        """Pass over one character of ASCII. Raises VerificationError with the rule if it is another."""
        if self.peek() != character:
            raise self.refused(rule if self.have(1) else f"the pack breaks off here: {rule}")
        self.at += 1
        self.offset += 1

    def refused(self, problem: str) -> VerificationError:
        """What is wrong at the byte where the reader is."""
        return VerificationError(problem, where(self.offset))


def where(offset: int) -> str:
    """A place in a pack, as an error names it; the first byte is byte 0."""
    return f"byte {offset} of the pack"


def _small(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces cut small: whoever hands a gigabyte at once is not to be answered with a second one."""
    for piece in pieces:
        if len(piece) <= PIECE_BYTES:
            if piece:
                yield piece
        else:
            for start in range(0, len(piece), PIECE_BYTES):
                yield piece[start : start + PIECE_BYTES]


class Scan:
    """A walk to the end of a value, which counts how deep it goes and how many values are in it."""

    def __init__(self) -> None:
        """At the beginning of a value."""
        self.is_over = False
        self.problem = ""
        self._in_text = False
        self._depth = self._values = 0

    def upto(self, text: str, at: int) -> int:
        """Where the value ends in this stretch of it, or the stretch does; what is left begins the next stretch."""
        while at < len(text):
            if self._in_text:
                match = _TO_END_OF_TEXT.match(text, at)
                assert match is not None  # noqa: S101  it matches nothing at all, if need be
                at = match.end()
                if text[at : at + 1] != '"':  # the stretch ends in the text, or between a backslash and what it escapes
                    break
                self._in_text = False
                at += 1
                continue
            quotation_mark = text.find('"', at)
            end = len(text) if quotation_mark < 0 else quotation_mark
            at = self._through_structure(text, at, end)
            if self.is_over or self.problem:
                break
            if quotation_mark >= 0:
                self._in_text = True
                at += 1
        return at

    def _through_structure(self, text: str, at: int, end: int) -> int:
        depth, values = self._depth, self._values
        for match in _STRUCTURE.finditer(text, at, end):
            character = match[0]
            if character in "[{":
                depth += 1
                values += 1
            elif depth == 0:
                self.is_over = True
                return match.start()
            elif character == ",":
                values += 1
            else:
                depth -= 1
            if depth > DEEPEST or values > MOST_VALUES:
                self.problem = _too_deep() if depth > DEEPEST else _too_many()
                return match.end()
        self._depth, self._values = depth, values
        return end


def _too_deep() -> str:
    return f"values stand more than {DEEPEST} deep in one another, the most that a pack holds"


def _too_many() -> str:
    return f"there are more than {MOST_VALUES:,} values in one member, the most that a pack holds"
