"""What a variation changes: two versions of an agreement, and each difference between them in a plain sentence.

Nothing is left out: two agreements without a difference are equal, down to the order of a list, which decides ties.
The words are those of `settlement.variation_words`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rules.agreement import Agreement
from rules.english import listed
from settlement.variation_words import (
    NOTHING,
    Part,
    added,
    called,
    changed,
    clause_changed,
    described,
    head_changed,
    key_of,
    removed,
)

_LISTS: tuple[tuple[str, Part], ...] = (
    ("partners", Part.PARTNER),
    ("funds", Part.FUND),
    ("schemes", Part.SCHEME),
    ("reserves", Part.RESERVE),
    ("bases", Part.BASIS),
    ("clauses", Part.CLAUSE),
    ("caps", Part.CAP),
    ("performance", Part.PERFORMANCE),
    ("controls", Part.CONTROL),
)
"""The lists of an agreement, in the order their differences are told in."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `code` is the part's own, "" of the head and of an order.

    `before` and `after` are what stood and what stands, in words: of a clause its whole sentence; "" where there was
    nothing.
    """

    part: Part
    code: str
    sentence: str
    before: str = ""
    after: str = ""


def differences(before: Agreement, after: Agreement) -> tuple[Difference, ...]:
    """Every difference between two versions, head first and then part by part; none if they are equal.

    Both must hold together, as what `rules.reading` reads does. Of a part with a code that stays, each thing that
    changed has a sentence of its own; a cap is the same cap while its partner is and it shares a clause.
    """
    return (*_of_head(before, after), *_of_lists(before, after))


def _of_head(before: Agreement, after: Agreement) -> Iterable[Difference]:
    lists = {name for name, _ in _LISTS}
    for each in fields(Agreement):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name not in lists and old != new:
            yield Difference(Part.HEAD, "", *head_changed(each.name, old, new))


def _of_lists(before: Agreement, after: Agreement) -> Iterable[Difference]:
    for name, part in _LISTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield from _of_list(part, old, new, before, after)


def _of_list(
    part: Part, old: Sequence[Any], new: Sequence[Any], before: Agreement, after: Agreement
) -> Iterable[Difference]:
    pairs = _pairs(part, old, new)
    stayed_old, stayed_new = {index for index, _ in pairs}, {index for _, index in pairs}
    for index, each in enumerate(old):
        if index not in stayed_old:
            yield Difference(part, key_of(each), removed(part, each, before), described(part, each, before))
    for index, each in enumerate(new):
        if index not in stayed_new:
            told = added(part, each, after, new[index - 1] if index else None)
            yield Difference(part, key_of(each), told, "", described(part, each, after))
    for one, other in sorted(pairs, key=lambda pair: pair[1]):
        yield from _of_part(part, old[one], new[other], before, after)
    in_new_order = [one for one, _ in sorted(pairs, key=lambda pair: pair[1])]
    if in_new_order != sorted(in_new_order):
        names = listed(called(part, old[index]) for index in sorted(in_new_order))
        now = listed(called(part, old[index]) for index in in_new_order)
        sentence = f"The order of the {part.plural} changes from {names} to {now}."
        yield Difference(part, "", sentence, names, now)


def _of_part(part: Part, old: Any, new: Any, before: Agreement, after: Agreement) -> Iterable[Difference]:  # noqa: ANN401  any part
    if old == new:
        return
    names = [each.name for each in fields(old) if getattr(old, each.name) != getattr(new, each.name)]
    if part is Part.CLAUSE:
        for told in clause_changed(names, old, new, before, after):
            yield Difference(part, key_of(new), *told)
        return
    for name in names:
        told = changed(part, name, old, new, before, after)
        yield Difference(part, key_of(new), *told)


def _pairs(part: Part, old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """Which of the old are which of the new, each at most once: those of one key, and caps that share a clause."""
    pairs: list[tuple[int, int]] = []

    def pair(alike: Callable[[Any, Any], bool]) -> None:
        taken_old, taken_new = {one for one, _ in pairs}, {other for _, other in pairs}
        for one, each in enumerate(old):
            if one in taken_old:
                continue
            found = next((other for other, its in enumerate(new) if other not in taken_new and alike(each, its)), None)
            if found is not None:
                taken_new.add(found)
                pairs.append((one, found))

    pair(lambda one, other: _identity(part, one) == _identity(part, other))
    if part is Part.CAP:
        pair(lambda one, other: one.partner == other.partner and bool(set(one.clauses) & set(other.clauses)))
    return pairs


def _identity(part: Part, each: Any) -> object:  # noqa: ANN401  any part
    """What a part is known by: its code, or what it is about."""
    if part is Part.CAP:
        return each.partner, each.clauses
    if part is Part.CONTROL:
        return each.period, each.kind, each.fund, each.scheme, each.partner
    return key_of(each)


def in_words(found: Sequence[Difference]) -> str:
    """All of it as text to copy: a line for each difference, under it what stood and what stands for a clause."""
    told = []
    for each in found:
        told.append(each.sentence)
        if each.part is Part.CLAUSE and (each.before or each.after):
            told += [f"    Before: {each.before or NOTHING}", f"    After: {each.after or NOTHING}"]
    return "\n".join(told)
