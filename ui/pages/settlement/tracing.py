"""What is told about a figure that was selected: its trace in rows, under a heading that says what it is of."""

from dataclasses import dataclass

from settlement.explain import Explained, Source
from settlement.readings import Reading, Readings
from settlement.tracing import (
    trace_of_figure,
    trace_of_performance,
    trace_of_reading,
    trace_of_reserve,
    trace_of_subject,
)
from ui import links
from ui.pages.settlement.spots import ElementOf, FigureOf, ReserveOf
from ui.pages.settlement.subject_tree import Node
from ui.pages.settlement.trace_model import Step, steps_of
from ui.wording import about_part, about_subject, about_unallocated, clause_name, subject_name


@dataclass(frozen=True, slots=True)
class Traced:
    """A trace, ready to be shown."""

    head: str
    steps: tuple[Step, ...]


def trace_of(found: Readings, target: object) -> Traced:
    """The trace of what was selected. Raises KeyError for what the settlement does not have."""
    settlement = found.chosen
    match target:
        case FigureOf(partner, key, None):
            told = trace_of_figure(settlement, partner, key)
            return _traced(found, f"{settlement.agreement.partner_of[partner].name}, {_reading(found)}", told)
        case FigureOf(partner, key, Reading() as reading):
            name = settlement.agreement.partner_of[partner].name
            return _traced(found, f"{name}, {_named(found, reading)}", trace_of_reading(found, reading, partner, key))
        case links.Subject(group, on):
            return _traced(found, _reading(found), trace_of_subject(settlement, on, group))
        case ReserveOf(code):
            return _traced(found, _reading(found), trace_of_reserve(settlement, code))
        case ElementOf(element):
            return _traced(found, _reading(found), trace_of_performance(settlement, element))
        case Node():
            return _traced(found, subject_name(target.dealt, settlement), _of_node(found, target))
    raise KeyError(target)


def _traced(found: Readings, head: str, told: Explained) -> Traced:
    return Traced(head[:1].upper() + head[1:], steps_of(told, found.codes_of))


def _reading(found: Readings) -> str:
    return _named(found, Reading.OUTTURN if found.chosen.is_outturn else Reading.TO_DATE)


def _named(found: Readings, reading: Reading) -> str:
    now = found.chosen.period
    before = "" if found.before is None else str(found.before.period)
    return {
        Reading.TO_DATE: f"year to date at {now}",
        Reading.BEFORE: f"settled before, at {before}",
        Reading.MOVEMENT: f"movement from {before} to {now}",
        Reading.OUTTURN: f"forecast outturn seen from {now}",
    }[reading]


def _of_node(found: Readings, node: Node) -> Explained:
    """A row of the schedule's tree: what the clause says and each step of it, or how the amount arose."""
    settlement, subject = found.chosen, node.dealt.subject
    if node.is_unallocated:
        told = tuple(Explained(sentence) for sentence in about_unallocated(node.dealt, settlement))
        return Explained("Unallocated", node.pence, told)
    if node.part is None:
        arose = trace_of_subject(settlement, subject.on, subject.group.code)
        about = tuple(Explained(sentence) for sentence in about_subject(node.dealt, settlement)[1:])
        behind = arose.children[-1]
        return Explained(arose.text, arose.pence, (*about, behind))
    told = tuple(Explained(sentence) for sentence in about_part(node.dealt, node.part, settlement))
    clause = node.part.clause if node.part.clause in settlement.agreement.clause_of else None
    source = Source(on=subject.on, group=subject.group.code, clause=clause)
    return Explained(clause_name(node.part, settlement.agreement), node.part.amount_pence, told, source)
