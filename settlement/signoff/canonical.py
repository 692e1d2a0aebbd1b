"""Canonical JSON (RFC 8785), narrowed to what a pack may hold, so that the same values have the same bytes for ever.

A value is an object, an array, a string or a whole number; there are no fractions, no truth values and no null. The
narrowing takes away what two programs could write in two ways. Whole values go through `rfc8785`; the rows of the
ledger, of which there may be millions, through an encoder made for their columns. A test holds the two equal.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from json.encoder import encode_basestring
from types import NoneType
from typing import TypeAlias

import rfc8785

from settlement.signoff.errors import VerificationError

Value: TypeAlias = "str | int | list[Value] | dict[str, Value]"

LARGEST_INTEGER = 2**53 - 1
"""Beyond it a reader that keeps numbers in binary floating point would lose the last digits."""
DEEPEST = 40
"""How many arrays and objects may stand in one another."""
MOST_VALUES = 2_000_000
"""How many values one member may hold that is read as a whole: each costs far more memory than its bytes."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
"""The name of a member and of a column; for such names the order of the alphabet is RFC 8785's order."""
_MOST_PLANS = 64

RowEncoder: TypeAlias = Callable[[Sequence[object]], bytes]


def canonical(value: object) -> bytes:
    """The one way to write a value in a pack. Raises VerificationError, with the place, for what a pack cannot hold."""
    _Admission().admit(value, "", 1)
    try:
        # rfc8785's own type for a value is private, and what it may be was just looked at
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise VerificationError(_half_a_character()) from error


class _Admission:
    """A look at every value before it is written. Only exact types are let in, so that no subclass writes itself."""

    def __init__(self) -> None:
        self._count = 0

    def admit(self, value: object, place: str, depth: int) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            message = f"there are more than {MOST_VALUES:,} values in it, the most that a pack holds in one member"
            raise VerificationError(message)
        kind = type(value)
        if kind is str:
            return
        if kind is int:
            assert isinstance(value, int)  # noqa: S101  for the type checker
            if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
                raise VerificationError(_too_large(), place)
        elif kind is dict or kind is list:
            if depth > DEEPEST:
                message = f"values stand more than {DEEPEST} deep in one another, the most that a pack holds"
                raise VerificationError(message, place)
            if isinstance(value, dict):
                self._admit_object(value, place, depth)
            elif isinstance(value, list):
                for index, each in enumerate(value):
                    self.admit(each, f"{place}[{index}]", depth + 1)
        else:
            message = f"this is {_called(kind)}; a pack holds only texts, whole numbers, lists and objects"
            raise VerificationError(message, place)

    def _admit_object(self, value: dict[object, object], place: str, depth: int) -> None:
        for key, each in value.items():
            if type(key) is not str:
                message = f"a name is {_called(type(key))}; the names in a pack are texts"
                raise VerificationError(message, place)
            self.admit(each, f"{place}.{key}" if place else key, depth + 1)


def row_encoder(columns: Sequence[str]) -> RowEncoder:
    """An encoder for rows of these columns: canonical bytes of an object, in which a column that is None is left out.

    The encoder takes a row's values in the order of `columns`, and raises VerificationError with the column's name for
    anything but a text, a whole number or None. Raises ValueError for a name no column may have, or the same one twice.
    """
    names = tuple(columns)
    wrong = [name for name in names if not NAME.fullmatch(name)]
    if wrong or len(set(names)) < len(names):
        message = f"“{wrong[0]}” is no name of a column" if wrong else "a column is named twice"
        raise ValueError(message)
    in_order = sorted(range(len(names)), key=names.__getitem__)
    plans: dict[tuple[type, ...], _Plan] = {}

    def encode(values: Sequence[object]) -> bytes:
        # A table's rows are of few shapes (which columns are empty), and what a shape needs is worked out once.
        kinds = tuple(map(type, values))
        plan = plans.get(kinds)
        if plan is None:
            if len(plans) >= _MOST_PLANS:
                plans.clear()
            plan = plans[kinds] = _plan(names, in_order, kinds)
        pieces, texts, numbers = plan
        written = pieces.copy()
        for piece, column in texts:
            written[piece] = encode_basestring(values[column])  # type: ignore[arg-type]  # a plan is by types
        for piece, column in numbers:
            number: int = values[column]  # type: ignore[assignment]  # a plan is by types
            if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
                raise VerificationError(_too_large(), names[column])
            written[piece] = str(number)
        try:
            return "".join(written).encode()
        except UnicodeEncodeError as error:
            raise VerificationError(_half_a_character(), _column_of(error, names, values)) from error

    return encode


_Plan: TypeAlias = "tuple[list[str], list[tuple[int, int]], list[tuple[int, int]]]"
"""A row's pieces with gaps for its values, and for each text and each number: which piece, which column."""


def _plan(names: tuple[str, ...], in_order: Iterable[int], kinds: tuple[type, ...]) -> _Plan:
    if len(kinds) != len(names):
        message = f"a row has {len(kinds)} values for {len(names)} columns"
        raise ValueError(message)
    pieces = ["{"]
    texts = []
    numbers = []
    for column in in_order:
        kind = kinds[column]
        if kind is NoneType:
            continue
        comma = "," if len(pieces) > 1 else ""
        pieces += [f'{comma}"{names[column]}":', ""]
        if kind is str:
            texts.append((len(pieces) - 1, column))
        elif kind is int:
            numbers.append((len(pieces) - 1, column))
        else:
            message = f"this is {_called(kind)}; a row holds only texts and whole numbers"
            raise VerificationError(message, names[column])
    return [*pieces, "}"], texts, numbers


def _column_of(error: UnicodeEncodeError, names: tuple[str, ...], values: Sequence[object]) -> str:
    half = error.object[error.start]
    return next(name for name, value in zip(names, values, strict=True) if isinstance(value, str) and half in value)


_CALLED = {
    NoneType: "empty",
    bool: "a truth value",
    float: "a number with a fraction",
    bytes: "bytes",
    dict: "an object",
    list: "a list",
}


def _called(kind: type) -> str:
    return _CALLED.get(kind, f"a value of type {kind.__name__}")


def _too_large() -> str:
    return f"a number is beyond ±{LARGEST_INTEGER:,}, the largest that every reader of a pack keeps exactly"


def _half_a_character() -> str:
    return "a text has half of a character (a lone surrogate), which a pack cannot hold"
