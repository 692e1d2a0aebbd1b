"""What differs between the pack that was signed and the one found: which line, which figure, which byte.

Both packs are read side by side, once, as streams. Rows are told apart by their ids, which ascend; a row without one,
or out of order, is known by its place. Nothing is yielded if and only if the packs are equal to the byte, and putting
right what is named makes them equal.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from settlement.signoff.canonical import canonical
from settlement.signoff.differing import ABSENT, from_where_they_part, shown, visible
from settlement.signoff.packfile import Many, Row, Rows, Whole, first_difference, read_members

MOST_DIFFERENCES = 1000
_FURTHEST_AHEAD = 20
_MOST_HELD_BYTES = 8 * 2**20


_WHOLES = {
    "meta": "what the ledger is",
    "opening": "the opening balances",
    "seal": "the seal",
    "settlement": "the settlement",
    "statements": "the statements",
}
_ROWS = {
    "audit": "audit entry",
    "batches": "batch",
    "evidence": "piece of evidence",
}
_IN_PENCE = frozenset({"opening", "settlement"})
"""The members all of whose numbers are amounts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    `member` is the pack's member, `path` the place in it: `lines[id 17].amount_pence`, `lines[row 3]` of a row with no
    id or out of order, `settlement.partners.LBB.net_due`. `steps` is the way from the member's value, or from the row,
    to what differs. `signed` and `found` are the values there, or ABSENT. `signed_row` and `found_row` count the rows
    from 1 in either pack; where both are given and there are no steps, the row stands in another place. `offset` is
    the first byte that differs, of the pack that was signed, or of the one found for what was not signed; None where
    it is not known. The last of too many has no member, and how many were told as `found`.
    """

    member: str
    path: str
    signed: Any
    found: Any
    offset: int | None = None
    steps: tuple[str | int, ...] = ()
    row_id: int | None = None
    signed_row: int | None = None
    found_row: int | None = None

    @property
    def is_last_of_too_many(self) -> bool:
        """Whether this only says that there are more differences than are told."""
        return not self.member

    @property
    def is_of_trace(self) -> bool:
        """Whether it is of how a figure of the settlement came about, and not of the figure."""
        return self.member == "settlement" and self.steps[:1] == ("trace",)

    def sentence(self) -> str:
        """The difference in plain English, without a full stop."""
        if self.is_last_of_too_many:
            return f"{self.found:,} differences are told here, and there are more"
        if self.signed_row is None and self.found_row is None:
            return self._of_whole()
        if self.steps:
            column = str(self.steps[0])
            what = column.removesuffix("_pence")
            return f"{self._row().removesuffix(',')}: {_changed(what, self.signed, self.found, what != column)}"
        if self.signed_row is not None and self.found_row is not None:
            many = _plain(self.member)
            return f"{self._row()} was signed as row {self.signed_row} of {many} and stands in row {self.found_row} now"
        if self.found is ABSENT:
            return f"{self._row()} was signed and is missing"
        return f"{self._row()} was not signed"

    def _of_whole(self) -> str:
        if self.steps:
            in_pence = self.member in _IN_PENCE
            return f"{_plain(self.member)}: {_changed(_way(self.steps), self.signed, self.found, in_pence)}"
        if self.found is ABSENT:
            return f"{_plain(self.member)}: signed, and missing now"
        if self.signed is ABSENT:
            return f"{_plain(self.member)}: not signed, and there now"
        return f"{_plain(self.member)}: {_changed('it', self.signed, self.found)}"

    def _row(self) -> str:
        number = self.signed_row or self.found_row
        if self.row_id is None:
            return f"row {number} of {_plain(self.member)}"
        named = f"{_singular(self.member)} {self.row_id}"
        return f"{named}, out of order in row {number}," if "[row " in self.path else named


def _changed(what: str, signed: object, found: object, in_pence: bool = False) -> str:  # noqa: FBT001, FBT002  of both
    if found is ABSENT:
        return f"{what} was {shown(signed, in_pence)} when it was signed and is missing now"
    if signed is ABSENT:
        return f"{what} is {shown(found, in_pence)} now and was not signed"
    if isinstance(signed, str) and isinstance(found, str):
        signed, found = from_where_they_part(signed, found)
    return f"{what} was {shown(signed, in_pence)} when it was signed and is {shown(found, in_pence)} now"


def _way(steps: tuple[str | int, ...]) -> str:
    return ", ".join(visible(step) if isinstance(step, str) else f"number {step + 1}" for step in steps)


def _plain(member: str) -> str:
    return _WHOLES.get(member, f"the {member.replace('_', ' ')}")


def _singular(member: str) -> str:
    return _ROWS.get(member) or member.removesuffix("s").replace("_", " ")


# --- two packs side by side -------------------------------------------------------------------------------------------


def differences(
    signed: Iterable[bytes], found: Iterable[bytes], many: frozenset[str], limit: int = MOST_DIFFERENCES
) -> Iterator[Difference]:
    """What differs, member by member and row by row; after `limit` of them, one that says that there are more.

    `many` are the members that are rows. Raises VerificationError for what is not a pack; rows that are equal in both
    packs are passed over without being looked at.
    """
    for told, each in enumerate(_members(read_members(signed, many), read_members(found, many), limit)):
        if told == limit:
            yield Difference("", "", ABSENT, told)
            return
        yield each


def _members(
    ours: Iterator[tuple[str, Whole | Rows]], theirs: Iterator[tuple[str, Whole | Rows]], limit: int
) -> Iterator[Difference]:
    nothing: tuple[str, None] = ("", None)
    name, signed = next(ours, nothing)
    beside, found = next(theirs, nothing)
    while signed is not None or found is not None:
        is_signed = found is None or (signed is not None and name <= beside)
        is_found = signed is None or (found is not None and beside <= name)
        this = name if is_signed else beside
        yield from _member(this, signed if is_signed else None, found if is_found else None, limit)
        if is_signed:
            name, signed = next(ours, nothing)
        if is_found:
            beside, found = next(theirs, nothing)


def _member(name: str, signed: Whole | Rows | None, found: Whole | Rows | None, limit: int) -> Iterator[Difference]:
    if isinstance(signed, Whole) and isinstance(found, Whole):
        if signed.raw != found.raw:
            offset = signed.offset + first_difference(signed.raw, found.raw)
            yield from _values(name, signed.value, found.value, (), [offset])
        return
    if signed is None or found is None:
        there, gone = _value_of(signed), _value_of(found)
        yield Difference(name, name, there, gone, signed.offset if isinstance(signed, Whole) else None)
    yield from _Comparison(name, _side(signed), _side(found), limit).differences()


def _value_of(member: Whole | Rows | None) -> object:
    """The rows of a member that one pack does not have are told one by one, after an empty list."""
    if member is None:
        return ABSENT
    return member.value if isinstance(member, Whole) else []


def _values(
    member: str, signed: object, found: object, steps: tuple[str | int, ...], offsets: list[int]
) -> Iterator[Difference]:
    """What differs within a value, in the order of its bytes, so that the first has the first byte that differs."""
    if isinstance(signed, dict) and isinstance(found, dict):
        for key in sorted(signed.keys() | found.keys(), key=lambda text: text.encode("utf-16-be")):
            yield from _values(member, signed.get(key, ABSENT), found.get(key, ABSENT), (*steps, key), offsets)
    elif isinstance(signed, list) and isinstance(found, list):
        for index in range(max(len(signed), len(found))):
            one = signed[index] if index < len(signed) else ABSENT
            other = found[index] if index < len(found) else ABSENT
            yield from _values(member, one, other, (*steps, index), offsets)
    elif signed != found:
        path = member + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in steps)
        yield Difference(member, path, signed, found, offsets.pop() if offsets else None, steps)


# --- rows side by side ------------------------------------------------------------------------------------------------


class _Next(Enum):
    """What to make of the rows at the head of both packs."""

    PAIR = auto()
    MISSING = auto()
    NOT_SIGNED = auto()


@dataclass(slots=True)
class _Side:
    """The rows of one pack: those looked at ahead, how many were taken, and the last id that was in order."""

    rows: Rows | None
    ahead: deque[Row] = field(default_factory=deque)
    taken: int = 0
    last_id: int | None = None

    def peek(self, index: int = 0) -> Row | None:
        """A row ahead, the first by default; None after the last."""
        while self.rows is not None and len(self.ahead) <= index:
            row = next(self.rows, None)
            if row is None:
                break
            self.ahead.append(row)
        return self.ahead[index] if index < len(self.ahead) else None

    def id_of(self, row: Row) -> int | None:
        """The id of the next row, if it has one that is in order."""
        ident = row.values.get("id")
        return ident if isinstance(ident, int) and (self.last_id is None or ident > self.last_id) else None

    def is_out_of_line(self, ident: int) -> bool:
        """Whether the next row's id, which goes on from those before, is too high for the row after it."""
        row = self.peek(1)
        following = None if row is None else row.values.get("id")
        return isinstance(following, int) and following <= ident

    def take(self) -> tuple[Row, int | None, int]:
        """The next row, its id if that is in order, and its place."""
        row = self.ahead.popleft()
        ident = self.id_of(row)
        if ident is not None:
            self.last_id = ident
        self.taken += 1
        return row, ident, self.taken


def _side(member: Whole | Rows | None) -> _Side:
    return _Side(member if isinstance(member, Many) else None)


class _Comparison:
    """The rows of one member in both packs.

    What is found is held back for a while, so that a row that is missing in one place and stands in another is told
    as one difference; not for ever, because a pack may be all wrong and very large.
    """

    def __init__(self, member: str, ours: _Side, theirs: _Side, limit: int) -> None:
        self._member = member
        self._ours = ours
        self._theirs = theirs
        self._most_held = limit + 1
        self._held: list[Difference | None] = []
        self._held_bytes = 0
        self._missing: dict[bytes, list[int]] = {}
        self._not_signed: dict[bytes, list[int]] = {}

    def differences(self) -> Iterator[Difference]:
        """Every difference of the rows."""
        ours, theirs = self._ours, self._theirs
        are_equal = True
        while True:
            if are_equal:
                self._pass_over_common()
            signed, found = ours.peek(), theirs.peek()
            if signed is None and found is None:
                break
            are_equal = signed is not None and found is not None and signed.raw == found.raw
            if are_equal:
                ours.take()
                theirs.take()
                continue
            self._hold_next(signed, found)
            if len(self._held) >= self._most_held or self._held_bytes > _MOST_HELD_BYTES:
                yield from self._released()
        yield from self._released()

    def _pass_over_common(self) -> None:
        ours, theirs = self._ours, self._theirs
        if ours.rows is None or theirs.rows is None or ours.ahead or theirs.ahead:
            return
        passed = ours.rows.pass_over_common(theirs.rows)
        ours.taken += passed
        theirs.taken += passed

    def _hold_next(self, signed: Row | None, found: Row | None) -> None:
        match self._next(signed, found):
            case _Next.PAIR:
                self._hold_columns()
            case _Next.MISSING:
                row, ident, place = self._ours.take()
                self._hold_row(row, _Ident.of(row, ident, place), signed_row=place)
            case _Next.NOT_SIGNED:
                row, ident, place = self._theirs.take()
                self._hold_row(row, _Ident.of(row, ident, place), found_row=place)

    def _next(self, signed: Row | None, found: Row | None) -> _Next:
        if signed is None or found is None:
            return _Next.NOT_SIGNED if signed is None else _Next.MISSING
        one, other = self._ours.id_of(signed), self._theirs.id_of(found)
        if one is not None and other is not None:
            if one != other and (self._ours.is_out_of_line(one) or self._theirs.is_out_of_line(other)):
                return self._next_by_place()
            return _Next.PAIR if one == other else _Next.MISSING if one < other else _Next.NOT_SIGNED
        if one is not None or other is not None:
            return _Next.NOT_SIGNED if other is None else _Next.MISSING
        if "id" in signed.values and "id" in found.values:
            return _Next.PAIR if signed.values["id"] == found.values["id"] else _Next.NOT_SIGNED
        return self._next_by_place()

    def _next_by_place(self) -> _Next:
        """Where ids do not tell: the nearest two that are equal say if rows were put in before them, or taken out."""
        for distance in range(1, 2 * _FURTHEST_AHEAD):
            for ahead in range(min(distance, _FURTHEST_AHEAD), max(-1, distance - _FURTHEST_AHEAD - 1), -1):
                signed, found = self._ours.peek(ahead), self._theirs.peek(distance - ahead)
                if signed is not None and found is not None and signed.raw == found.raw:
                    if ahead == distance - ahead:
                        return _Next.PAIR
                    return _Next.MISSING if ahead > distance - ahead else _Next.NOT_SIGNED
        return _Next.PAIR

    def _hold_columns(self) -> None:
        signed, ident, signed_row = self._ours.take()
        found, _, found_row = self._theirs.take()
        # an id that was changed does not put the rows after it out of order
        self._theirs.last_id = self._ours.last_id
        known = _Ident.of(signed, ident, signed_row)
        for column in sorted(signed.values.keys() | found.values.keys()):
            was, now = signed.values.get(column, ABSENT), found.values.get(column, ABSENT)
            if was != now:
                self._hold(
                    Difference(
                        self._member,
                        f"{self._member}[{known.place}].{column}",
                        was,
                        now,
                        signed.offset + _first_byte(signed, found, column),
                        (column,),
                        known.ident,
                        signed_row,
                        found_row,
                    )
                )
        self._held_bytes += len(signed.raw) + len(found.raw)

    def _hold_row(self, row: Row, known: "_Ident", signed_row: int | None = None, found_row: int | None = None) -> None:
        """A row in one pack only; or, if the same was held of the other pack, one that stands in another place."""
        is_signed = signed_row is not None
        path = f"{self._member}[{known.place}]"
        same = (self._not_signed if is_signed else self._missing).get(row.raw)
        if same:
            index = same.pop(0)
            other = self._held[index]
            assert other is not None  # noqa: S101  one that was made into another is no longer looked for
            self._held[index] = None
            was = signed_row if is_signed else other.signed_row
            now = other.found_row if is_signed else found_row
            offset = row.offset if is_signed else other.offset
            self._hold(
                Difference(
                    self._member,
                    path if is_signed else other.path,
                    f"row {was}",
                    f"row {now}",
                    offset,
                    row_id=known.ident,
                    signed_row=was,
                    found_row=now,
                )
            )
            return
        (self._missing if is_signed else self._not_signed).setdefault(row.raw, []).append(len(self._held))
        self._held_bytes += 2 * len(row.raw)
        self._hold(
            Difference(
                self._member,
                path,
                row.values if is_signed else ABSENT,
                ABSENT if is_signed else row.values,
                row.offset,
                row_id=known.ident,
                signed_row=signed_row,
                found_row=found_row,
            )
        )

    def _hold(self, difference: Difference) -> None:
        self._held.append(difference)

    def _released(self) -> Iterator[Difference]:
        held = self._held
        self._held, self._held_bytes = [], 0
        self._missing, self._not_signed = {}, {}
        return (each for each in held if each is not None)


@dataclass(frozen=True, slots=True)
class _Ident:
    """How a row is known: by its id, and by its place where the id is not in order or it has none."""

    ident: int | None
    place: str

    @classmethod
    def of(cls, row: Row, in_order: int | None, place: int) -> "_Ident":
        ident = row.values.get("id")
        is_known = in_order is not None
        return cls(ident if isinstance(ident, int) else None, f"id {in_order}" if is_known else f"row {place}")


def _first_byte(signed: Row, found: Row, column: str) -> int:
    """The first byte, from the beginning of the row that was signed, in which a column's value differs."""
    before = canonical({name: value for name, value in signed.values.items() if name < column})
    start = len(before) - (len(before) == len(b"{}"))  # without its closing bracket, and with a comma
    if column not in signed.values:
        return start
    start += len(f'"{column}":')
    if column not in found.values:
        return start
    return start + first_difference(canonical(signed.values[column]), canonical(found.values[column]))
