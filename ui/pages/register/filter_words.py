"""A filter in words: a chip for each thing that is asked for, and what is left of the filter without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ledgers.register import Filter
from rules.english import listed, quoted
from rules.money import pounds
from rules.periods import FinancialYear, Period
from ui.links import Lines
from ui.pages.register.columns import KIND_NAMES, Names
from ui.periods import period_name

_FEW = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for, in words, and the filter without it."""

    words: str
    without: Filter


def chips_of(wanted: Filter, names: Names, year: FinancialYear) -> tuple[Chip, ...]:
    """The chips of a filter. The text that is looked for has none: it stands in the search field."""

    def period(each: Period) -> str:
        return period_name(each, year)

    told = (
        _several("periods", "Period", "periods", [period(each) for each in wanted.periods]),
        ("upto", "" if wanted.upto is None else f"Up to {period(wanted.upto)}"),
        _several("funds", "Fund", "funds", [names.fund(code) for code in wanted.funds]),
        _several("schemes", "Scheme", "schemes", [names.scheme(code) for code in wanted.schemes]),
        _several("partners", "Partner", "partners", [names.partner(code) for code in wanted.partners]),
        _several("kinds", "Kind", "kinds", [KIND_NAMES[kind] for kind in wanted.kinds]),
        _several("batches", "Batch", "batches", [str(number) for number in wanted.batches]),
        ("reference", "" if wanted.reference is None else f"Reference: {quoted(wanted.reference)}"),
        ("late", _whether(wanted.late, "Late lines", "Lines that are not late")),
        _several("ids", "Line", "lines", [str(number) for number in wanted.ids]),
        ("reversed", _whether(wanted.reversed, "Lines that were reversed", "Lines that were not reversed")),
        ("reversals", _whether(wanted.reversals, "Reversals", "Lines that are no reversals")),
    )
    chips = [Chip(words, _without(wanted, name)) for name, words in told if words]
    amounts = _amounts(wanted)
    if amounts:
        chips.append(Chip(amounts, replace(wanted, least_pence=None, most_pence=None)))
    return tuple(chips)


def filter_of(target: Lines) -> Filter:
    """What a link to lines asks for."""

    def one(value: object) -> tuple[object, ...]:
        return () if value is None else (value,)

    return Filter(
        periods=one(target.period),  # type: ignore[arg-type]  # a tuple of what it is one of
        upto=target.upto,
        schemes=one(target.scheme),  # type: ignore[arg-type]
        partners=one(target.partner),  # type: ignore[arg-type]
        kinds=one(target.kind),  # type: ignore[arg-type]
        batches=one(target.batch),  # type: ignore[arg-type]
        reference=target.reference,
        late=target.late,
        ids=tuple(target.ids),
        text=target.text,
    )


def _without(wanted: Filter, name: str) -> Filter:
    return Filter(**{each: getattr(wanted, each) for each in wanted.asked if each != name})


def _several(name: str, one: str, many: str, values: Sequence[str]) -> tuple[str, str]:
    if len(values) > _FEW:
        return name, f"{one}: {len(values):,} {many}"
    return name, f"{one}: {listed(values, 'or')}" if values else ""


def _whether(holds: object, yes: str, no: str) -> str:
    return "" if holds is None else yes if holds else no


def _amounts(wanted: Filter) -> str:
    least, most = wanted.least_pence, wanted.most_pence
    if least is None and most is None:
        return ""
    if least == most:
        return f"Amount: {pounds(least or 0)}"
    said: Callable[[int], str] = pounds
    if most is None:
        return f"Amount: {said(least or 0)} or more"
    return f"Amount: {said(most)} or less" if least is None else f"Amount: {said(least)} to {said(most)}"
