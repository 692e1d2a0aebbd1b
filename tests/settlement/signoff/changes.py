"""Single changes of a ledger's file, made with SQLite by somebody who owns the file: every table, column and kind."""

import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledgers.trail import Entry

Row = dict[str, Any]
Act = Callable[[sqlite3.Connection], object]

LOOK_ALIKE = str.maketrans("aceopxyiABCEHKMOPTX-", "асеорхуіАВСЕНКМОРТХ‐")  # Cyrillic letters, another hyphen
_RULES = re.compile(r",?\s*STRICT| NOT NULL")


@dataclass(frozen=True)
class Change:
    """One thing that is changed: what, of which table and column (both may be several), and how."""

    kind: str
    table: str
    column: str
    told: str
    act: Act
    is_against_the_types: bool = False

    def __str__(self) -> str:
        """For a failing test to name."""
        return f"{self.kind} of {self.table}.{self.column}: {self.told}"

    def make(self, path: Path) -> None:
        """Do it, with the guards put away before and put back after."""
        if self.is_against_the_types:
            with _without_rules(path, self.table), _opened(path) as connection:
                self.act(connection)
            return
        with _opened(path) as connection:
            guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                connection.execute(f'DROP TRIGGER "{name}"')
            self.act(connection)
            for _, sql in guards:
                connection.execute(sql)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


@contextmanager
def _without_rules(path: Path, table: str) -> Iterator[None]:
    """A table without STRICT, NOT NULL and triggers for a while: its text in the schema is as before after that."""
    with _opened(path) as connection:
        kept = connection.execute("SELECT rowid, type, sql FROM sqlite_schema WHERE tbl_name = ?", (table,)).fetchall()
        connection.execute("PRAGMA writable_schema = ON")
        for number, kind, sql in kept:
            if kind == "table":
                text = _RULES.sub("", sql)
            elif kind == "trigger":
                text = sql.replace(" WHEN ", " WHEN 0 AND ", 1) if " WHEN " in sql else _never(sql)
            else:
                continue
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE rowid = ?", (text, number))
    yield
    with _opened(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for number, _, sql in kept:
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE rowid = ?", (sql, number))


def _never(trigger: str) -> str:
    head, begin, body = trigger.partition("BEGIN")
    return f"{head} WHEN 0 {begin}{body}"


def change_by(path: Path, *statements: str) -> None:
    """Run statements on a ledger's file, behind its guards."""
    Change("", "", "", "", lambda connection: [connection.execute(each) for each in statements]).make(path)


# --- all of them ------------------------------------------------------------------------------------------------------


class Changes:
    """Every change of one ledger, always the same for the same seed."""

    def __init__(self, path: Path, seed: int = 0) -> None:
        """Of the ledger in this file."""
        self._random = random.Random(seed)  # noqa: S311  nothing is kept secret by it
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        self.tables: dict[str, list[Row]] = {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        }
        connection.close()

    def of_columns(self, *tables: str) -> Iterator[Change]:
        """A value of each column changed in each way that its type knows."""
        for table, rows in self._chosen(tables):
            for column in rows[0]:
                yield from self._of_column(table, column, rows)

    def of_rows(self, *tables: str) -> Iterator[Change]:
        """Rows put in, taken out and exchanged."""
        for table, rows in self._chosen(tables):
            yield from self._deleted(table, rows)
            yield from self._swapped(table, rows)
            yield from self._inserted(table, rows)

    def _chosen(self, tables: Sequence[str]) -> Iterator[tuple[str, list[Row]]]:
        for table in tables or tuple(self.tables):
            yield table, self.tables[table]

    def _of_column(self, table: str, column: str, rows: list[Row]) -> Iterator[Change]:
        for kind, against_the_types, changed in _WAYS:
            for row in self._random.sample(rows, min(len(rows), 30)):
                new = changed(row[column])
                if new is _SAME or (new == row[column] and type(new) is type(row[column])):
                    continue
                told = f"{_short(row[column])} → {_short(new)} in {_short(key_of_row(table, row))}"
                yield Change(kind, table, column, told, _update(table, row, {column: new}), against_the_types)
                break

    def _deleted(self, table: str, rows: list[Row]) -> Iterator[Change]:
        for kind, row in (
            ("first row taken out", rows[0]),
            ("last row taken out", rows[-1]),
            ("a row taken out", self._random.choice(rows)),
        ):
            yield Change(kind, table, "*", str(_short(key_of_row(table, row))), _delete(table, row))
        yield Change("table emptied", table, "*", "all rows", _run(f"DELETE FROM {table}"))

    def _swapped(self, table: str, rows: list[Row]) -> Iterator[Change]:
        if len(rows) < 2:
            return
        at = self._random.randrange(len(rows) - 1)
        for kind, one, other in (
            ("neighbours' values exchanged", rows[at], rows[at + 1]),
            ("last two rows' values exchanged", rows[-2], rows[-1]),
            ("distant rows' values exchanged", rows[0], rows[-1]),
        ):
            for column in one:
                if column == "id" or one[column] == other[column]:
                    continue
                told = f"{_short(one[column])} ↔ {_short(other[column])}"
                yield Change(kind, table, column, told, _exchange(table, one, other, [column]))
            columns = [column for column in one if column != "id"]
            if [one[column] for column in columns] != [other[column] for column in columns]:
                told = f"{_short(key_of_row(table, one))} ↔ {_short(key_of_row(table, other))}"
                yield Change(kind, table, "*", told, _exchange(table, one, other, columns))

    def _inserted(self, table: str, rows: list[Row]) -> Iterator[Change]:
        for kind, row in (("copy of the last row", rows[-1]), ("copy of a row", self._random.choice(rows))):
            new = self._copy(table, row)
            yield Change(f"{kind} put in", table, "*", str(_short(key_of_row(table, new))), _insert(table, new))
            if table in SUBJECTS:
                told = f"{_short(key_of_row(table, new))}, told by the audit trail"
                yield Change(
                    f"{kind} put in and told", table, "*", told, _both(_insert(table, new), self._telling(table, new))
                )
        if "id" in rows[0]:
            for number in (0, -1, 2**40):
                new = self._copy(table, rows[0]) | {"id": number}
                yield Change("row of a strange number put in", table, "*", f"id {number}", _insert(table, new))

    def _copy(self, table: str, row: Row) -> Row:
        """A copy as consistent as can be: the next number, and what must be different is."""
        new = dict(row)
        if "id" in new:
            new["id"] = max(each["id"] for each in self.tables[table]) + 1
        body = bytes(row["body"]) + b" " if table == "documents" else b""
        new |= {
            "alembic_version": {"version_num": "0003"},
            "assents": {"partner": "C"},
            "batches": {"digest": None},
            "documents": {"body": body, "size": len(body), "digest": sha256(body).hexdigest()},
            "lines": {"reverses": None, "reason": ""},
            "meta": {"key": f"{row.get('key')}2"},
            "note_statements": {"name": f"another {row.get('name')}"},
            "pack_parts": {"part": 1000},
            "signatures": {"partner": "C"},
            "totals": {"scheme": "S9"},
            "withdrawals": {"note": self.tables["notes"][-1]["id"]},
        }.get(table, {})
        return new

    def _telling(self, table: str, row: Row) -> Act:
        """An entry of the audit trail that tells of the row, rightly chained to the last."""
        action, subject = SUBJECTS[table]
        last = self.tables["audit"][-1]
        at, actor = (row.get(name) or last[other] for name, other in ((_time_of(row), "at"), ("actor", "actor")))
        told = subject.format(**row)
        entry = Entry(last["id"] + 1, at, actor, last["program"], action, told, "as it was agreed", "")
        values = {
            **{name: getattr(entry, name) for name in ("id", "at", "actor", "program", "action", "subject", "detail")},
            "digest": entry.digest_after(last["digest"]),
        }
        return _insert("audit", values)


SUBJECTS = {
    "agreements": ("agreement", "version {id}"),
    "assents": ("assent", "version {version}"),
    "batches": ("post", "batch {id}"),
    "dispute_outcomes": ("resolve", "dispute {dispute}"),
    "disputes": ("dispute", "dispute {id}"),
    "evidence": ("evidence", "evidence {id}"),
    "keys": ("key", "key {id}"),
    "mappings": ("mapping", "mapping {name}"),
    "signatures": ("sign", "note {note}"),
    "withdrawals": ("withdraw", "note {note}"),
}
"""How the audit trail tells of a new row: by which action, and of what."""


def _time_of(row: Row) -> str:
    return next((name for name in row if name == "at" or name.endswith("_at")), "at")


def key_of_row(table: str, row: Row) -> object:
    """What a row is known by."""
    if "id" in row:
        return row["id"]
    return tuple(row[column] for column in KEYS.get(table, row))


KEYS = {
    "meta": ("key",),
    "alembic_version": ("version_num",),
    "totals": ("scheme", "partner", "kind", "cause", "period"),
}


def _where(table: str, row: Row) -> tuple[str, dict[str, Any]]:
    keys = ("id",) if "id" in row else KEYS[table]
    return " AND ".join(f"{key} = :key_{key}" for key in keys), {f"key_{key}": row[key] for key in keys}


def _update(table: str, row: Row, values: Row) -> Act:
    where, keys = _where(table, row)
    sets = ", ".join(
        f"{column} = CAST(:{column} AS TEXT)" if isinstance(value, _NotUtf8) else f"{column} = :{column}"
        for column, value in values.items()
    )
    plain = {column: bytes(value) if isinstance(value, _NotUtf8) else value for column, value in values.items()}
    return lambda connection: connection.execute(f"UPDATE {table} SET {sets} WHERE {where}", plain | keys)


def _delete(table: str, row: Row) -> Act:
    where, keys = _where(table, row)
    return lambda connection: connection.execute(f"DELETE FROM {table} WHERE {where}", keys)


def _insert(table: str, row: Row) -> Act:
    names = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    return lambda connection: connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)


def _exchange(table: str, one: Row, other: Row, columns: Sequence[str]) -> Act:
    """Both rows are taken out first, so that no UNIQUE is in the way."""
    first = one | {column: other[column] for column in columns}
    second = other | {column: one[column] for column in columns}
    return _both(_delete(table, one), _delete(table, other), _insert(table, first), _insert(table, second))


def _run(sql: str) -> Act:
    return lambda connection: connection.execute(sql)


def _both(*acts: Act) -> Act:
    def act(connection: sqlite3.Connection) -> None:
        for each in acts:
            each(connection)

    return act


def _short(value: object) -> object:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


# --- the ways in which a value is changed -----------------------------------------------------------------------------


class _Same:
    """Nothing that the way could change."""


class _NotUtf8(bytes):
    """Bytes that are put in as a text, and are none."""


_SAME = _Same()


def _of_number(way: Callable[[int], object]) -> Callable[[Any], Any]:
    return lambda value: way(value) if type(value) is int else _SAME


def _of_text(way: Callable[[str], object]) -> Callable[[Any], Any]:
    return lambda value: way(value) if isinstance(value, str) else _SAME


def _of_bytes(way: Callable[[bytes], object]) -> Callable[[Any], Any]:
    return lambda value: way(value) if isinstance(value, bytes) else _SAME


def _of_nothing(new: object) -> Callable[[Any], Any]:
    return lambda value: new if value is None else _SAME


def _of_anything(new: object) -> Callable[[Any], Any]:
    return lambda value: _SAME if value is None else new


def _flipped(value: bytes) -> bytes:
    return value[:-5] + bytes([value[-5] ^ 1]) + value[-4:] if len(value) > 5 else value + b"\0"


_WAYS: tuple[tuple[str, bool, Callable[[Any], Any]], ...] = (
    ("one more", False, _of_number(lambda value: value + 1)),
    ("one less", False, _of_number(lambda value: value - 1)),
    ("turned", False, _of_number(lambda value: -value)),
    ("very large", False, _of_number(lambda _: 2**62)),
    ("nought", False, _of_number(lambda _: 0)),
    ("number to text", True, _of_number(lambda value: f"{value}x")),
    ("number to fraction", True, _of_number(lambda value: value + 0.5)),
    ("number to bytes", True, _of_number(lambda value: str(value).encode())),
    ("case", False, _of_text(str.swapcase)),
    ("space after", False, _of_text(lambda value: f"{value} ")),
    ("space before", False, _of_text(lambda value: f" {value}")),
    ("look-alike", False, _of_text(lambda value: value.translate(LOOK_ALIKE))),
    ("nothing visible", False, _of_text(lambda value: value + "\u200b")),
    ("null character after", False, _of_text(lambda value: f"{value}\0x")),
    ("emptied", False, _of_text(lambda _: "")),
    ("another text", False, _of_text(lambda value: f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}")),
    ("a later minute", False, _of_text(lambda value: value.replace(":00+00:00", ":01+00:00"))),
    ("text to number", True, _of_text(lambda value: int(value) if value.isdecimal() else 7)),
    ("text to bytes", True, _of_text(str.encode)),
    ("no UTF-8", False, _of_text(lambda value: _NotUtf8(value.encode() + b"\xff"))),
    ("a million letters", False, _of_text(lambda value: value + "x" * 1_200_000)),
    ("nested", False, _of_text(lambda _: "[" * 100_000)),
    ("huge exponent", False, _of_text(lambda _: "1e999999999")),
    ("byte flipped", False, _of_bytes(_flipped)),
    ("byte more", False, _of_bytes(lambda value: value + b"\0")),
    ("byte less", False, _of_bytes(lambda value: value[:-1])),
    ("no bytes", False, _of_bytes(lambda _: b"")),
    ("bytes to text", True, _of_bytes(lambda value: value.decode("latin-1"))),
    ("to nothing", True, _of_anything(None)),
    ("from nothing to number", False, _of_nothing(1)),
    ("from nothing to text", True, _of_nothing("1")),
)
"""Kind of change, whether the column's type must be put away for it, and the new value."""
