"""Drafts as JSON, so that they survive a crash: exactly what was drafted comes back, what does not hold together too.

The agreement around the clauses is its TOML text. Clauses and caps are written field by field: a draft may be a split
of 90%, or two clauses of one number, which no agreement's file may hold.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from rules.agreement import Agreement, Cap, Clause
from rules.problems import RefusedError
from rules.reading import read_agreement
from rules.writing import write_agreement
from settlement.drafting import Draft, Entry

_FORM = 1


class DraftError(ValueError):
    """What was kept is no draft of this program's."""


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """The draft as JSON values."""
    return {
        "form": _FORM,
        "name": draft.name,
        "rest": _text(draft.rest),
        "entries": [
            {"key": entry.key, "enabled": entry.enabled, "clause": _told(entry.clause)} for entry in draft.entries
        ],
        "caps": [_told(cap) for cap in draft.caps],
    }


def draft_from_json(value: object) -> Draft:
    """The draft that `draft_to_json` told. Raises DraftError for anything else."""
    try:
        if not isinstance(value, Mapping) or value["form"] != _FORM:
            raise DraftError
        draft = Draft(
            name=str(value["name"]),
            rest=read_agreement(value["rest"]),
            entries=tuple(
                Entry(str(int(each["key"])), _heard(Clause, each["clause"]), bool(each["enabled"]))
                for each in value["entries"]
            ),
            caps=tuple(_heard(Cap, each) for each in value["caps"]),
        )
    except (RefusedError, AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError) as why:
        message = "this is not a draft that the program can read"
        raise DraftError(message) from why
    keys = {entry.key for entry in draft.entries}
    if len(keys) != len(draft.entries) or any(not cap.clauses or set(cap.clauses) - keys for cap in draft.caps):
        message = "the draft's caps and clauses do not belong together"
        raise DraftError(message)
    return draft


@lru_cache(maxsize=8)
def _text(rest: Agreement) -> str:
    """A draft is kept at each key that is typed, and what is around its clauses seldom changes."""
    return write_agreement(rest)


def _told(value: Any) -> Any:  # noqa: ANN401  a value of the agreement, and JSON
    if isinstance(value, StrEnum | Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [_told(each) for each in value]
    if is_dataclass(value):
        return {each.name: _told(getattr(value, each.name)) for each in fields(value)}
    return value


def _heard(kind: Any, value: Any) -> Any:  # noqa: ANN401  JSON, and a value of the agreement
    """The value of a type that its JSON tells. Raises ValueError, TypeError or KeyError where it tells none."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _heard(next(each for each in inside if each is not NoneType), value)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError
        if inside[-1] is Ellipsis:
            return tuple(_heard(inside[0], each) for each in value)
        return tuple(_heard(each, told) for each, told in zip(inside, value, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _heard(of, value[name]) for name, of in _hints(kind).items()})
    if kind in {int, bool, str} and type(value) is not kind:
        raise TypeError
    return kind(value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
