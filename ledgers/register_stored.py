"""The register of a ledger in a database: what is asked for as SQL, on SQLite and PostgreSQL alike.

Nothing here fetches more than a window, and nothing runs for long without a look at whether it is still wanted: lines
in the order they were posted are looked through a range of numbers at a time; any other order is one statement that
the database sorts, read in pieces. Only the ids of a whole order ever come out of the database, never the lines.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ledgers.refusing import as_written
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
    in_order,
)
from ledgers.register_places import Positions, Run
from ledgers.register_sql import Dialect, conditions, has_nothing, has_something, of_totals, order
from ledgers.stored import SELECT_LINES, StoredLedger, line_of
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.problems import RefusedError

_RANGE = 50_000
"""Numbers looked through in one statement: a hundredth of a second or two."""

_PIECE = 4_000
_STEPS = 40_000
"""Of SQLite's, between looks at whether the answer is still wanted: a thousandth of a second or so."""


class StoredRegister(Register):
    """The register of a `.s75` file or of a schema on a server."""

    def __init__(self, ledger: StoredLedger) -> None:
        """Over an open ledger."""
        self._ledger = ledger
        self._store = ledger.store
        self._dialect = Dialect(on_server=ledger.store.knows_logins)

    def agreement(self) -> Agreement:
        """The last of the year."""
        return self._ledger.agreement_at(Period.M13)

    # Places

    def run(self) -> Run | None:
        """All lines, if their numbers leave nothing out: batches say how many there are."""
        first, last = self._bounds()
        if last is None:
            return Run(1, 0)
        ((posted,),) = self._store.rows("SELECT CAST(SUM(count) AS BIGINT) FROM batches WHERE content <> 'measures'")
        return Run(first, posted) if posted == last - first + 1 else None

    def last(self) -> int:
        """The highest number."""
        return self._bounds()[1] or 0

    def _bounds(self) -> tuple[int, int | None]:
        # each by itself: SQLite looks up one of the two in the key, and for both at once through all lines
        ((first, last),) = self._store.rows("SELECT (SELECT MIN(id) FROM lines), (SELECT MAX(id) FROM lines)")
        return first, last

    def ends(self, wanted: Filter, sort: Sort, count: int, *, last: bool = False) -> list[int]:
        """The numbers of the first, or of the last: those with nothing in the column by themselves, for they come last.

        Numbers are what a table is kept by: no sorting, and no looking on once there are enough.
        """
        by = order(sort, self._dialect, backwards=last)
        nothing = has_nothing(sort)
        if not nothing:
            found = self._top(wanted, "", by, count)
        else:
            parts = [(has_something(sort), by), (nothing, "id DESC" if last else "id")]
            found = []
            for condition, order_by in reversed(parts) if last else parts:
                if len(found) < count:
                    found += self._top(wanted, condition, order_by, count - len(found))
        return found[::-1] if last else found

    def _top(self, wanted: Filter, condition: str, by: str, count: int) -> list[int]:
        where, values = conditions(self, wanted, self._dialect, condition)
        rows = self._store.rows(f"SELECT id FROM lines {where} ORDER BY {by} LIMIT {count}", **values)  # noqa: S608
        return [number for (number,) in rows]

    def count(self, wanted: Filter) -> int:
        """How many lines there are."""
        where, values = conditions(self, wanted, self._dialect)
        ((count,),) = self._store.rows(f"SELECT COUNT(*) FROM lines {where}", **values)  # noqa: S608
        return int(count)

    def fill(self, positions: Positions, wanted: Filter, sort: Sort, told: Callable[[int, int], None]) -> None:
        """Every line's number, in order: by ranges of numbers where that is the order, else as it is sorted."""
        where, values = conditions(self, wanted, self._dialect)
        by = order(sort, self._dialect)
        if sort.column is Column.NUMBER and not wanted.ids:
            self._fill_by_ranges(positions, (where, values), told, descending=sort.descending)
            return
        told(0, 0)
        for piece in self._pieces(f"SELECT id FROM lines {where} ORDER BY {by}", values):  # noqa: S608
            positions.add(piece)
            told(0, 0)

    def _fill_by_ranges(
        self,
        positions: Positions,
        asked: tuple[str, dict[str, object]],
        told: Callable[[int, int], None],
        *,
        descending: bool,
    ) -> None:
        where, values = asked
        first, last = self._bounds()
        if last is None:
            return
        sql = (
            f"SELECT id FROM lines {where} {'AND' if where else 'WHERE'} id >= :range_first AND id < :range_end "  # noqa: S608
            f"ORDER BY id {'DESC' if descending else 'ASC'}"
        )
        begins = range(first, last + 1, _RANGE)
        for done, begin in enumerate(reversed(begins) if descending else begins):
            told(done, len(begins))
            for piece in self._pieces(sql, {**values, "range_first": begin, "range_end": begin + _RANGE}):
                positions.add(piece)
        told(len(begins), len(begins))

    def _pieces(self, sql: str, values: dict[str, object]) -> Iterator[list[int]]:
        """The numbers that a query finds, in its order, some thousands at once.

        A server hands them over in pieces. A file's come as one text: to fetch them one by one takes Python's lock and
        gives it back a million times, while a table is painted that needs it for every cell.
        """
        if self._dialect.on_server:
            with self._store.snapshot():
                self._store.run(f"DECLARE s75_pieces NO SCROLL CURSOR FOR {sql}", **values)
                while rows := self._store.rows(f"FETCH FORWARD {_PIECE} FROM s75_pieces"):
                    yield [number for (number,) in rows]
            return
        # SQLite keeps the order of what it aggregates: https://sqlite.org/lang_aggfunc.html, group_concat
        ((text,),) = self._store.rows(f"SELECT group_concat(id) FROM ({sql})", **values)  # noqa: S608
        begin = 0
        while text is not None and begin < len(text):
            end = text.find(",", begin + _PIECE * 8)
            end = len(text) if end < 0 else end
            yield json.loads(f"[{text[begin:end]}]")
            begin = end + 1

    @contextmanager
    def given_up(self, check: Callable[[], None]) -> Iterator[None]:
        """What is asked inside ends soon after `check` raises. A file's reader looks up at times, a server's not."""
        connection = getattr(self._store, "connection", None)
        if not isinstance(connection, sqlite3.Connection):
            yield
            return

        def look() -> int:
            try:
                check()
            except Exception:  # noqa: BLE001  whatever it raises is raised again below
                return 1
            return 0

        connection.set_progress_handler(look, _STEPS)
        try:
            yield
        except RefusedError:
            check()
            raise
        finally:
            connection.set_progress_handler(None, 0)

    # Lines

    def lines(self, ids: Sequence[int]) -> dict[int, RegisterLine]:
        """The lines of these numbers."""
        numbers = self._dialect.listed(ids)
        one_of = self._dialect.one_of
        rows = self._store.rows(f"{SELECT_LINES} WHERE {one_of('lines.id', 'ids')}", ids=numbers)
        sql = f"SELECT reverses, id FROM lines WHERE {one_of('reverses', 'ids')}"  # noqa: S608
        taken_back = dict(self._store.rows(sql, ids=numbers))
        with as_written(self._store.name):
            return {row[0]: RegisterLine(line_of(row), taken_back.get(row[0])) for row in rows}

    # Totals and groups

    def totals(self, wanted: Filter) -> Totals:
        """From the lines."""
        where, values = conditions(self, wanted, self._dialect)
        return self._summed(where, values)

    def totals_of(self, ids: Iterable[int]) -> Totals:
        """From the lines."""
        return self._summed(f"WHERE {self._dialect.one_of('id', 'ids')}", {"ids": self._dialect.listed(ids)})

    def _summed(self, where: str, values: dict[str, object]) -> Totals:
        sql = f"SELECT kind, COUNT(*), CAST(SUM(amount_pence) AS BIGINT) FROM lines {where} GROUP BY kind"  # noqa: S608
        rows = self._store.rows(sql, **values)
        with as_written(self._store.name):
            return Totals(sum(count for _, count, _ in rows), in_order({Kind(kind): pence for kind, _, pence in rows}))

    def kept_sums(self, wanted: Filter) -> Sums | None:
        """From the kept totals."""
        if not wanted.is_kept:
            return None
        where, values = of_totals(self, wanted, self._dialect)
        sql = f"SELECT kind, CAST(SUM(amount_pence) AS BIGINT) FROM totals {where} GROUP BY kind"  # noqa: S608
        with as_written(self._store.name):
            return in_order({Kind(kind): pence for kind, pence in self._store.rows(sql, **values)})

    def groups(self, wanted: Filter, by: By) -> tuple[Group, ...]:
        """From the lines; only counted where their sums are kept."""
        kept = self.kept_groups(wanted, by)
        if kept is not None:
            return self._counted(kept, wanted, by)
        where, values = conditions(self, wanted, self._dialect)
        column = by.value
        rows = self._store.rows(
            f"SELECT {column}, kind, COUNT(*), CAST(SUM(amount_pence) AS BIGINT) FROM lines {where} "  # noqa: S608
            f"GROUP BY {column}, kind",
            **values,
        )
        with as_written(self._store.name):
            return _grouped(rows)

    def _counted(self, kept: tuple[Group, ...], wanted: Filter, by: By) -> tuple[Group, ...]:
        if all(group.count is not None for group in kept):
            return kept
        where, values = conditions(self, wanted, self._dialect)
        sql = f"SELECT {by.value}, COUNT(*) FROM lines {where} GROUP BY {by.value}"  # noqa: S608
        count_of = dict(self._store.rows(sql, **values))
        return tuple(Group(group.key, count_of[group.key], group.pence) for group in kept if group.key in count_of)

    def kept_groups(self, wanted: Filter, by: By) -> tuple[Group, ...] | None:
        """From the kept totals; of all batches, from what each says of itself."""
        if by is By.BATCH:
            return None if wanted.asked else self._batches()
        if not wanted.is_kept:
            return None
        where, values = of_totals(self, wanted, self._dialect)
        column = by.value
        sql = f"SELECT {column}, kind, CAST(SUM(amount_pence) AS BIGINT) FROM totals {where} GROUP BY {column}, kind"  # noqa: S608
        with as_written(self._store.name):
            return _grouped((key, kind, None, pence) for key, kind, pence in self._store.rows(sql, **values))

    def _batches(self) -> tuple[Group, ...]:
        sql = "SELECT id, count, totals FROM batches WHERE content <> 'measures' ORDER BY id"
        with as_written(self._store.name):
            return tuple(
                Group(number, count, in_order({Kind(kind): pence for kind, pence in json.loads(totals).items()}))
                for number, count, totals in self._store.rows(sql)
            )

    def choices(self) -> Choices:
        """From the kept totals, which have a row for each that ever had a line."""

        def distinct(column: str) -> list[Any]:
            return sorted(value for (value,) in self._store.rows(f"SELECT DISTINCT {column} FROM totals"))  # noqa: S608

        with as_written(self._store.name):
            kinds = {Kind(kind) for kind in distinct("kind")}
            return Choices(
                periods=tuple(Period(period) for period in distinct("period")),
                schemes=tuple(distinct("scheme")),
                partners=tuple(distinct("partner")),
                kinds=tuple(kind for kind in Kind if kind in kinds),
            )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    counts: dict[Any, int | None] = {}
    sums: dict[Any, dict[Kind, int]] = {}
    for key, kind, count, pence in rows:
        sums.setdefault(key, {})[Kind(kind)] = pence
        counts[key] = None if count is None else (counts.get(key) or 0) + count
    return tuple(Group(key, counts[key], in_order(sums[key])) for key in sorted(sums))
