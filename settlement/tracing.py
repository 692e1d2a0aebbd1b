"""Where one figure on screen comes from: the part of the explanation that is about it, to be opened step by step."""

from collections.abc import Iterator
from dataclasses import replace

from rules.agreement import Kind, On
from rules.figures import LATER_KINDS, WHOLE_YEAR_KINDS
from rules.outcome import DealtWith
from settlement.explain import Explained, Source, explain, explain_partner, row_names
from settlement.readings import Reading, Readings
from settlement.sentences import KIND_NAMES
from settlement.settle import Settlement

_NAMES = {key: words for key, words, _ in row_names()}


def trace_of_figure(settlement: Settlement, partner: str, key: str) -> Explained:
    """A figure of a partner's row, by the result's key, down to the schemes' figures and the steps of each clause.

    Raises KeyError for a partner or a key that there is none of.
    """
    name = _NAMES[key]
    if partner not in settlement.agreement.partner_of:
        raise KeyError(partner)
    whole = explain_partner(settlement, partner)
    if key == "net_due":
        return replace(whole, pence=settlement.row_of(partner).net_due_pence)
    found = next((child for child in whole.children if child.source.figure == key), None)
    return found or Explained(f"{name}: nothing", 0, source=Source(partner=partner, figure=key))


def trace_of_reading(readings: Readings, reading: Reading, partner: str, key: str) -> Explained:
    """A figure of one of the settlements side by side; a movement is what it is now, less what was settled before.

    Raises KeyError for a reading that there is not.
    """
    if reading is Reading.MOVEMENT:
        now = trace_of_reading(readings, Reading.TO_DATE, partner, key)
        then = trace_of_reading(readings, Reading.BEFORE, partner, key)
        moved = readings.figures_of(partner)[Reading.MOVEMENT][key]
        children = (
            replace(now, text=f"Now: {now.text}"),
            replace(then, text=f"Less, as settled before: {then.text}"),
        )
        return Explained(f"{_NAMES[key]}, movement since {_period(readings)}", moved, children)
    settlement = readings.settlement_of(reading)
    if settlement is None:
        raise KeyError(reading)
    if reading is not Reading.BEFORE:
        return trace_of_figure(settlement, partner, key)
    there = [code for code in readings.codes_of(partner) if code in settlement.agreement.partner_of]
    told = [trace_of_figure(settlement, code, key) for code in there]
    if len(told) == 1:
        return told[0]
    pence = readings.figures_of(partner)[Reading.BEFORE][key]
    return Explained(f"{_NAMES[key]} of {', '.join(there) or 'nobody'}, settled before", pence, tuple(told))


def trace_of_subject(settlement: Settlement, on: On, group: str) -> Explained:
    """An amount that the schedule dealt with, and the schemes' figures behind it. Raises KeyError if there is none."""
    told = next((each for each in explain(settlement) if (each.source.on, each.source.group) == (on, group)), None)
    dealt = next((each for each in settlement.outcome.subjects if _is(each, on, group)), None)
    if told is None or dealt is None:
        raise KeyError(group)
    behind = Explained("The figures that it comes from, by scheme and partner", None, tuple(_behind(settlement, dealt)))
    return replace(told, children=(*told.children, behind))


def _is(dealt: DealtWith, on: On, group: str) -> bool:
    return dealt.subject.on is on and dealt.subject.group.code == group


def _behind(settlement: Settlement, dealt: DealtWith) -> Iterator[Explained]:
    """The figures of its schemes: budget, target or baseline, and what was spent or delivered."""
    agreement, tables = settlement.agreement, settlement.outcome.figures.tables
    for row in dealt.subject.group.schemes:
        scheme = agreement.schemes[row]
        for kind in _kinds_behind(dealt.subject.on):
            for column, partner in enumerate(agreement.partners):
                if tables[kind][row][column]:
                    text = f"{KIND_NAMES[kind]}, {scheme.name} ({scheme.code}), {partner.name}"
                    is_whole_year = settlement.is_outturn and kind in LATER_KINDS | WHOLE_YEAR_KINDS
                    upto = None if is_whole_year else settlement.period
                    source = Source(partner=partner.code, scheme=scheme.code, kind=kind, upto=upto)
                    yield Explained(text, tables[kind][row][column], source=source)


def _kinds_behind(on: On) -> tuple[Kind, ...]:
    if on is On.QIPP_SHORTFALL:
        return (Kind.QIPP_TARGET, Kind.QIPP_DELIVERED, Kind.QIPP_FORECAST)
    base = (Kind.BASELINE,) if on.is_influenced else (Kind.BUDGET, Kind.VIREMENT)
    return (*base, Kind.ACTUAL, Kind.ACCRUAL, Kind.FORECAST)


def trace_of_reserve(settlement: Settlement, code: str) -> Explained:
    """A reserve's closing balance: what it opened with, what was drawn and paid in. Raises KeyError."""
    for told in explain(settlement):
        if told.source.reserve == code:
            return told
    raise KeyError(code)


def trace_of_performance(settlement: Settlement, element: str) -> Explained:
    """An element of performance pay: what was held and what the measure released of it. Raises KeyError."""
    released = next((each for each in settlement.outcome.performance if each.element.id == element), None)
    if released is None:
        raise KeyError(element)
    told = next(each for each in explain(settlement) if each.source.performance == element)
    scheme = settlement.agreement.scheme_of[released.element.scheme]
    held = Explained(
        f"Held from the Financial Contribution of {released.element.payer} to {scheme.name} ({scheme.code})",
        released.held_pence,
    )
    steps = [
        held,
        Explained("Less: released", released.released_pence),
        Explained("Not released, and off the contribution", released.withheld_pence),
    ]
    return replace(told, pence=released.withheld_pence, children=tuple(steps))


def _period(readings: Readings) -> str:
    return "nothing" if readings.before is None else str(readings.before.period)
