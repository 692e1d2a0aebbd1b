"""Where lines stand in an order: which line's number is at a place, whatever the number of lines.

Kept in no more memory for a million lines than for a thousand: a run of numbers needs none, and any other order is
eight bytes a line in a temporary file.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Protocol

_BYTES = 8
_IN_MEMORY = 1 << 20
_AT_ONCE = 65_536


class Places(Protocol):
    """An order of lines."""

    @property
    def count(self) -> int:
        """How many places there are."""

    def ids(self, first: int, count: int) -> Sequence[int | None]:
        """The numbers of the lines at these places, fewer at the end; None where it is not known yet."""

    def place_of(self, number: int) -> int | None:
        """Where the line of that number stands; None if it does not, or that is not known yet."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines numbered without a gap, in the order they were posted or from the last to the first."""

    first: int
    count: int
    descending: bool = False

    def ids(self, first: int, count: int) -> Sequence[int]:
        """The numbers at these places."""
        first = max(first, 0)
        end = min(first + count, self.count)
        if self.descending:
            last = self.first + self.count - 1
            return range(last - first, last - end, -1)
        return range(self.first + first, self.first + end)

    def place_of(self, number: int) -> int | None:
        """Where the line stands."""
        place = number - self.first
        if not 0 <= place < self.count:
            return None
        return self.count - 1 - place if self.descending else place


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last lines of an order whose middle is not known yet."""

    count: int
    head: tuple[int, ...]
    tail: tuple[int, ...] = ()

    def ids(self, first: int, count: int) -> Sequence[int | None]:
        """The numbers at these places, None in the middle."""
        first = max(first, 0)
        before_tail = self.count - len(self.tail)
        return [
            self.head[place]
            if place < len(self.head)
            else self.tail[place - before_tail]
            if place >= before_tail
            else None
            for place in range(first, min(first + count, self.count))
        ]

    def place_of(self, number: int) -> int | None:
        """Where the line stands, if it is at one of the ends."""
        if number in self.head:
            return self.head.index(number)
        if number in self.tail:
            return self.count - len(self.tail) + self.tail.index(number)
        return None


class Positions:
    """The lines of any order, put in from the first to the last by one thread and looked up by another."""

    def __init__(self) -> None:
        """Without lines."""
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `close`, or with the object
        self._lock = Lock()
        self._count = 0
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many were put in."""
        return self._count

    def add(self, ids: Iterable[int]) -> None:
        """Put more in, after those before."""
        some = array("q", ids)
        with self._lock:
            if self._is_closed:
                return
            self._file.seek(self._count * _BYTES)
            self._file.write(some.tobytes())
            self._count += len(some)

    def ids(self, first: int, count: int) -> Sequence[int]:
        """The numbers at these places; none once it is closed."""
        first = max(first, 0)
        with self._lock:
            found = array("q")
            wanted = min(count, self._count - first)
            if wanted > 0 and not self._is_closed:
                self._file.seek(first * _BYTES)
                found.frombytes(self._file.read(wanted * _BYTES))
            return found

    def place_of(self, number: int) -> int | None:
        """Where the line stands. It looks through them all: some milliseconds for a million."""
        for first in range(0, self._count, _AT_ONCE):
            some = self.ids(first, _AT_ONCE)
            if number in some:
                return first + some.index(number)
        return None

    def close(self) -> None:
        """Let go of the file. Closing twice does no harm."""
        with self._lock:
            self._is_closed = True
            self._file.close()

    def __del__(self) -> None:
        """Nobody looks at it any more."""
        self.close()


def chunks(places: Places, first: int, count: int, size: int) -> Iterator[list[int]]:
    """The numbers at these places, so many at once; places that are not known are left out."""
    end = min(first + count, places.count)
    for begin in range(first, end, size):
        yield [number for number in places.ids(begin, min(size, end - begin)) if number is not None]
