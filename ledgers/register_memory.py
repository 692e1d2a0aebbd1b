"""The register of a ledger that is in memory: a folder's lines, looked through in Python."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from ledgers.ledger import Ledger
from ledgers.lines import Line
from ledgers.register import (
    By,
    Choices,
    Column,
    Filter,
    Group,
    Register,
    RegisterLine,
    Sort,
    Sums,
    Totals,
    amount_in,
    folded,
    in_order,
)
from ledgers.register_places import Positions, Run
from rules.agreement import Agreement, Kind
from rules.periods import Period

_KEYS: dict[Column, Callable[[Line], Any]] = {
    Column.NUMBER: attrgetter("id"),
    Column.PERIOD: attrgetter("period"),
    Column.DATE: attrgetter("date"),
    Column.SCHEME: attrgetter("scheme"),
    Column.PARTNER: attrgetter("partner"),
    Column.KIND: attrgetter("kind.value"),
    Column.AMOUNT: attrgetter("amount_pence"),
    Column.REFERENCE: lambda line: folded(line.reference) or None,
    Column.DESCRIPTION: lambda line: folded(line.description) or None,
    Column.BELONGS_TO: attrgetter("belongs_to"),
    Column.REVERSES: attrgetter("reverses"),
    Column.BATCH: attrgetter("batch"),
}


class MemoryRegister(Register):
    """The register of any ledger whose lines are at hand."""

    def __init__(self, ledger: Ledger) -> None:
        """Over an open ledger."""
        self._ledger = ledger
        self._lines = list(ledger.lines())
        self._taken_back = {line.reverses: line.id for line in self._lines if line.reverses is not None}
        self._place_of = {line.id: place for place, line in enumerate(self._lines)}

    def agreement(self) -> Agreement:
        """The one of the folder."""
        return self._ledger.agreement_at(Period.M13)

    def run(self) -> Run | None:
        """All lines: a folder's are numbered by their rows."""
        if not self._lines:
            return Run(1, 0)
        first, count = self._lines[0].id, len(self._lines)
        return Run(first, count) if self._lines[-1].id == first + count - 1 else None

    def last(self) -> int:
        """The highest number."""
        return self._lines[-1].id if self._lines else 0

    def lines(self, ids: Sequence[int]) -> dict[int, RegisterLine]:
        """The lines of these numbers."""
        found = (self._lines[self._place_of[number]] for number in ids if number in self._place_of)
        return {line.id: RegisterLine(line, self._taken_back.get(line.id)) for line in found}

    def ends(self, wanted: Filter, sort: Sort, count: int, *, last: bool = False) -> list[int]:
        """The numbers of the first, or of the last."""
        found = [line.id for line in self._sorted(wanted, sort)]
        return found[-count:] if last and count else found[:count]

    def count(self, wanted: Filter) -> int:
        """How many lines there are."""
        return len(self._taken(wanted))

    def fill(self, positions: Positions, wanted: Filter, sort: Sort, told: Callable[[int, int], None]) -> None:
        """Every line's number, in order."""
        told(0, 1)
        positions.add(array("q", (line.id for line in self._sorted(wanted, sort))))
        told(1, 1)

    def totals(self, wanted: Filter) -> Totals:
        """From the lines."""
        return _summed(self._taken(wanted))

    def totals_of(self, ids: Iterable[int]) -> Totals:
        """From the lines."""
        return _summed([self._lines[self._place_of[number]] for number in ids if number in self._place_of])

    def kept_sums(self, wanted: Filter) -> Sums | None:
        """From the lines: they are at hand."""
        return self.totals(wanted).pence if wanted.is_kept else None

    def groups(self, wanted: Filter, by: By) -> tuple[Group, ...]:
        """From the lines."""
        found: dict[Any, list[Line]] = {}
        key = attrgetter(by.value)
        for line in self._taken(wanted):
            found.setdefault(key(line), []).append(line)
        plain = {key.value if isinstance(key, (Kind, Period)) else key: _summed(lines) for key, lines in found.items()}
        return tuple(Group(key, plain[key].count, plain[key].pence) for key in sorted(plain))

    def kept_groups(self, wanted: Filter, by: By) -> tuple[Group, ...] | None:
        """From the lines."""
        return self.groups(wanted, by)

    def choices(self) -> Choices:
        """What the lines have in them."""
        kinds = {line.kind for line in self._lines}
        return Choices(
            periods=tuple(sorted({line.period for line in self._lines})),
            schemes=tuple(sorted({line.scheme for line in self._lines})),
            partners=tuple(sorted({line.partner for line in self._lines})),
            kinds=tuple(kind for kind in Kind if kind in kinds),
        )

    def _sorted(self, wanted: Filter, sort: Sort) -> list[Line]:
        found, key = self._taken(wanted), _KEYS[sort.column]
        some = [line for line in found if key(line) is not None]
        some.sort(key=key, reverse=sort.descending)  # equal ones stay in the order they were posted, either way
        return some + [line for line in found if key(line) is None]

    def _taken(self, wanted: Filter) -> list[Line]:
        takes = [test for name, test in self._tests(wanted).items() if name in wanted.asked]
        return [line for line in self._lines if all(test(line) for test in takes)]

    def _tests(self, wanted: Filter) -> dict[str, Callable[[Line], bool]]:
        schemes = self.schemes_of(wanted)
        ids = frozenset(wanted.ids)
        return {
            "periods": lambda line: line.period in wanted.periods,
            "upto": lambda line: wanted.upto is None or line.period <= wanted.upto,
            "schemes": lambda line: schemes is None or line.scheme in schemes,
            "funds": lambda line: schemes is None or line.scheme in schemes,
            "partners": lambda line: line.partner in wanted.partners,
            "kinds": lambda line: line.kind in wanted.kinds,
            "batches": lambda line: line.batch in wanted.batches,
            "reference": lambda line: line.reference == wanted.reference,
            "late": lambda line: (line.belongs_to is not None) == wanted.late,
            "ids": lambda line: line.id in ids,
            "text": self._has(wanted.text),
            "least_pence": lambda line: wanted.least_pence is None or line.amount_pence >= wanted.least_pence,
            "most_pence": lambda line: wanted.most_pence is None or line.amount_pence <= wanted.most_pence,
            "reversed": lambda line: (line.id in self._taken_back) == wanted.reversed,
            "reversals": lambda line: (line.reverses is not None) == wanted.reversals,
            "newest": lambda line: wanted.newest is None or line.id <= wanted.newest,
        }

    def _has(self, text: str) -> Callable[[Line], bool]:
        needle, pence = folded(text), amount_in(text)
        schemes, partners = self.named(text) if text else ((), ())

        def has(line: Line) -> bool:
            return (
                needle in folded(line.reference)
                or needle in folded(line.description)
                or line.scheme in schemes
                or line.partner in partners
                or (pence is not None and abs(line.amount_pence) == pence)
            )

        return has


def _summed(lines: list[Line]) -> Totals:
    pence: dict[Kind, int] = {}
    for line in lines:
        pence[line.kind] = pence.get(line.kind, 0) + line.amount_pence
    return Totals(len(lines), in_order(pence))
