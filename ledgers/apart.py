"""Two files of one ledger held against each other: how far they are the same, and what each has beyond that.

Everything that is done to a ledger adds an entry to its audit trail, and nothing is ever taken out: so one file's trail
is the beginning of the other's, or somebody worked in each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

from ledgers.trail import Entry
from rules.english import day

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Apart:
    """What two files have beyond the entries of the audit trail that they share; `common` is how many those are."""

    common: int
    first: tuple[Entry, ...]
    second: tuple[Entry, ...]

    @property
    def is_same(self) -> bool:
        """Whether neither has anything that the other has not."""
        return not self.first and not self.second

    @property
    def gone_apart(self) -> bool:
        """Whether somebody worked in each."""
        return bool(self.first and self.second)


def apart(first: Sequence[Entry], second: Sequence[Entry]) -> Apart:
    """Hold two trails against each other, entry by entry from the first on."""
    common = 0
    for ours, theirs in zip(first, second, strict=False):
        if ours != theirs:
            break
        common += 1
    return Apart(common, tuple(first[common:]), tuple(second[common:]))


def in_words(entry: Entry) -> str:
    """`finance on 22 November 2026 at 14:05 UTC: import batch 2 (lines.csv)`, of an entry."""
    detail = f" ({entry.detail})" if entry.detail else ""
    return f"{entry.actor} on {moment(entry.at)}: {entry.action} {entry.subject}{detail}"


def told(entries: Sequence[Entry]) -> Iterator[str]:
    """The last few entries in words, and how many came before them."""
    earlier = len(entries) - _SHOWN
    if earlier > 0:
        yield "1 earlier entry" if earlier == 1 else f"{earlier:,} earlier entries"
    yield from map(in_words, entries[-_SHOWN:])


def moment(at: str) -> str:
    """`22 November 2026 at 14:05 UTC`, of a time as the ledger keeps it; what stands there, if it is none."""
    try:
        then = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        return at
    return f"{day(then.date())} at {then:%H:%M} UTC"


def same_rows(first: Iterator[object], second: Iterator[object], *, whole: bool) -> bool:
    """Whether the rows of the first are the second's, from its beginning on, and all of them if `whole`."""
    if not whole:
        return all(ours == theirs for ours, theirs in zip(first, _going_on(second), strict=False))
    return all(ours == theirs for ours, theirs in zip_longest(first, second))


def _going_on(rows: Iterator[object]) -> Iterator[object]:
    """The rows, and after them None for ever: what is longer than they are finds nothing to be the same as."""
    yield from rows
    while True:
        yield None
