"""What a filter and an order are in SQL, and the little in which SQLite and PostgreSQL differ there."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ledgers.register import Column, Filter, Sort, amount_in, folded

if TYPE_CHECKING:
    from ledgers.register import Register

_COLUMN = {
    Column.NUMBER: "id",
    Column.AMOUNT: "amount_pence",
}
_TEXTS = frozenset({Column.SCHEME, Column.PARTNER, Column.KIND, Column.DATE})
_NARRATIVES = frozenset({Column.REFERENCE, Column.DESCRIPTION})
_OPTIONAL = frozenset({Column.DATE, Column.BELONGS_TO, Column.REVERSES})
_NOTHING = "1 = 0"


@dataclass(frozen=True, slots=True)
class Dialect:
    """The SQL of a file, or of a server."""

    on_server: bool

    def one_of(self, column: str, name: str) -> str:
        """The column has one of the values of a list, which `listed` made."""
        if self.on_server:
            return f"{column} = ANY(:{name})"
        return f"{column} IN (SELECT value FROM json_each(:{name}))"  # noqa: S608  our names

    def listed(self, values: Iterable[str | int]) -> object:
        """A list as one value of a statement."""
        told = [value.value if isinstance(value, Enum) else value for value in values]
        return told if self.on_server else json.dumps(told)

    def binary(self, column: str) -> str:
        """The column in the order of its characters, whatever the server's language."""
        return f'{column} COLLATE "C"' if self.on_server else column

    def folded(self, column: str) -> str:
        """The column in the order of its letters, A to Z in either case alike."""
        return f'LOWER({column} COLLATE "C") COLLATE "C"' if self.on_server else f"{column} COLLATE NOCASE"

    def has(self, column: str, name: str) -> str:
        """The column has a text in it; SQLite's LIKE takes A to Z in either case alike by itself."""
        told = f'LOWER({column} COLLATE "C")' if self.on_server else column
        return f"{told} LIKE :{name} ESCAPE '\\'"


def order(sort: Sort, dialect: Dialect, *, backwards: bool = False) -> str:
    """What stands after ORDER BY. Backwards: the same order from its end."""
    up, down = ("DESC", "ASC") if backwards else ("ASC", "DESC")
    way = down if sort.descending else up
    column = _COLUMN.get(sort.column, sort.column.value)
    if sort.column is Column.NUMBER:
        return f"id {way}"
    nothing = has_nothing(sort)
    first = f"({nothing}) {up}, " if nothing else ""
    of = dialect.binary(column) if sort.column in _TEXTS else column
    if sort.column in _NARRATIVES:
        of = dialect.folded(column)
    return f"{first}{of} {way}, id {up}"


def has_nothing(sort: Sort) -> str:
    """The condition of lines that have nothing in the column; "" of one that every line has something in."""
    if sort.column in _NARRATIVES:
        return f"{sort.column.value} = ''"
    return f"{sort.column.value} IS NULL" if sort.column in _OPTIONAL else ""


def has_something(sort: Sort) -> str:
    """The condition of the others, as a partial index is known by."""
    if sort.column in _NARRATIVES:
        return f"{sort.column.value} <> ''"
    return f"{sort.column.value} IS NOT NULL" if sort.column in _OPTIONAL else ""


def conditions(register: "Register", wanted: Filter, dialect: Dialect, also: str = "") -> tuple[str, dict[str, object]]:
    """The WHERE of a filter over `lines` and of one condition more, "" for all of them, and its values."""
    made = _Conditions(dialect)
    if also:
        made.told.append(also)
    _shared(made, register, wanted)
    made.one_of("batch", wanted.batches)
    made.one_of("id", wanted.ids)
    made.held("reference = :reference", reference=wanted.reference)
    made.held("amount_pence >= :least", least=wanted.least_pence)
    made.held("amount_pence <= :most", most=wanted.most_pence)
    made.held("id <= :newest", newest=wanted.newest)
    made.whether("belongs_to IS NOT NULL", holds=wanted.late)
    made.whether("reverses IS NOT NULL", holds=wanted.reversals)
    made.whether("EXISTS (SELECT 1 FROM lines AS later WHERE later.reverses = lines.id)", holds=wanted.reversed)
    if wanted.text:
        _text(made, register, wanted.text)
    return made.where, made.values


def of_totals(register: "Register", wanted: Filter, dialect: Dialect) -> tuple[str, dict[str, object]]:
    """The WHERE of a filter over `totals`, for one that they can answer."""
    made = _Conditions(dialect)
    _shared(made, register, wanted)
    return made.where, made.values


def _shared(made: "_Conditions", register: "Register", wanted: Filter) -> None:
    schemes = register.schemes_of(wanted)
    made.one_of("period", wanted.periods)
    made.held("period <= :upto", upto=None if wanted.upto is None else int(wanted.upto))
    if schemes == ():
        made.told.append(_NOTHING)
    made.one_of("scheme", schemes or ())
    made.one_of("partner", wanted.partners)
    made.one_of("kind", wanted.kinds)


def _text(made: "_Conditions", register: "Register", text: str) -> None:
    needle = folded(text)
    for sign in ("\\", "%", "_"):
        needle = needle.replace(sign, f"\\{sign}")
    made.values["text"] = f"%{needle}%"
    any_of = [made.dialect.has("reference", "text"), made.dialect.has("description", "text")]
    for column, codes in zip(("scheme", "partner"), register.named(text), strict=True):
        if codes:
            name = f"text_{column}"
            made.values[name] = made.dialect.listed(codes)
            any_of.append(made.dialect.one_of(column, name))
    pence = amount_in(text)
    if pence is not None:
        made.values |= {"text_pence": pence, "text_minus": -pence}
        any_of.append("amount_pence = :text_pence OR amount_pence = :text_minus")
    made.told.append(f"({' OR '.join(any_of)})")


class _Conditions:
    """Conditions that all hold, as they are put together."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.told: list[str] = []
        self.values: dict[str, object] = {}

    @property
    def where(self) -> str:
        return f"WHERE {' AND '.join(self.told)}" if self.told else ""

    def held(self, condition: str, **value: object) -> None:
        """If there is a value."""
        if None not in value.values():
            self.told.append(condition)
            self.values |= value

    def one_of(self, column: str, values: Iterable[str | int]) -> None:
        """If there are values. Of one alone the database knows best how many lines have it."""
        found = [value.value if isinstance(value, Enum) else value for value in values]
        if len(found) == 1:
            self.held(f"{column} = :{column}", **{column: found[0]})
        elif found:
            self.held(self.dialect.one_of(column, column), **{column: self.dialect.listed(found)})

    def whether(self, condition: str, *, holds: bool | None) -> None:
        """If it is asked."""
        if holds is not None:
            self.told.append(condition if holds else f"NOT ({condition})")
