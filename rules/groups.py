"""Groups of schemes that net together, and the subjects they make: the amounts a schedule has to deal with."""

from dataclasses import dataclass
from functools import lru_cache

from rules.agreement import Agreement, Kind, Netting, On, QippMode, Scope, Service
from rules.figures import Figures, Table
from rules.problems import Problem, RefusedError


@dataclass(frozen=True, slots=True)
class Group:
    """Schemes of one fund that net together, by index in the agreement, under the fund's, group's or scheme's code.

    An excluded scheme of a pooled fund is a group of its own that no clause selects.
    """

    fund: str
    code: str
    schemes: tuple[int, ...]
    influenced: bool = False
    excluded: bool = False


@lru_cache(maxsize=64)
def groups_of(agreement: Agreement) -> tuple[Group, ...]:
    """The groups that can be a subject, in the order of the result: fund by fund, excluded schemes after them all.

    Schemes of an aligned fund that are not influenced are no subject: each partner meets its own. Nor is an
    influenced scheme that is excluded.
    """
    groups = []
    excluded = []
    for fund in agreement.funds:
        members: dict[tuple[str, str], list[int]] = {}
        for index, scheme in enumerate(agreement.schemes):
            influenced = scheme.service is Service.INFLUENCED
            if scheme.fund != fund.code or not (fund.is_pooled or influenced):
                continue
            if scheme.excluded:
                if fund.is_pooled:
                    excluded.append(Group(fund.code, scheme.code, (index,), excluded=True))
            elif fund.netting is Netting.FUND:
                members.setdefault(("fund", fund.code), []).append(index)
            elif fund.netting is Netting.GROUP and scheme.group:
                members.setdefault(("group", scheme.group), []).append(index)
            else:
                members.setdefault(("scheme", scheme.code), []).append(index)
        # influenced services stand in aligned funds only, whose other schemes are no subject
        groups += [
            Group(fund.code, code, tuple(schemes), influenced=not fund.is_pooled)
            for (_, code), schemes in members.items()
        ]
    return (*groups, *excluded)


def is_in(group: Group, scope: Scope, agreement: Agreement) -> bool:
    """Whether a scope selects the group. Raises RefusedError if it selects part of it."""
    selected = [index for index in group.schemes if scope.selects(agreement.schemes[index])]
    if selected and len(selected) < len(group.schemes):
        inside = agreement.schemes[selected[0]].code
        outside = next(agreement.schemes[index].code for index in group.schemes if index not in selected)
        message = (
            f"the scope selects scheme {inside} and not scheme {outside}, which net together in {group.code}; "
            "select all of the group or none of it"
        )
        raise RefusedError(Problem(message))
    return bool(selected)


@lru_cache(maxsize=64)
def groups_in_scope(agreement: Agreement) -> dict[str, frozenset[Group]]:
    """For each clause by its number, the groups of its kind that its scope selects."""
    return {
        clause.id: frozenset(
            group
            for group in groups_of(agreement)
            if not group.excluded
            and group.influenced is clause.on.is_influenced
            and is_in(group, clause.scope, agreement)
        )
        for clause in agreement.clauses
    }


@dataclass(frozen=True, slots=True)
class Subject:
    """An amount in pence that the schedule has to deal with, and the base that a percentage of it is of.

    `base_pence` is the group's budget, for QIPP its target, for influenced services their baseline.
    """

    on: On
    group: Group
    amount_pence: int
    base_pence: int


def subjects_of(figures: Figures) -> tuple[Subject, ...]:
    """The subjects of the groups in order, a QIPP shortfall before the over- or underspend, nil ones left out."""
    subjects: list[Subject] = []
    agreement = figures.agreement
    for group in groups_of(agreement):
        spend = _sum(figures.spend, group)
        if group.influenced:
            baseline = _sum(figures.tables[Kind.BASELINE], group)
            _add(subjects, On.BENEFIT, On.DISBENEFIT, group, baseline - spend, baseline)
            continue
        budget = _sum(figures.budget, group)
        over = spend - budget
        if not group.excluded:
            target = _sum(figures.tables[Kind.QIPP_TARGET], group)
            shortfall = max(0, target - _sum(figures.delivered, group))
            if agreement.qipp is QippMode.WITHIN_BUDGET:
                # the budget was cut by the target already, so that an undelivered saving shows inside the overspend
                shortfall = min(shortfall, max(over, 0))
                over -= shortfall
            if shortfall:
                subjects.append(Subject(On.QIPP_SHORTFALL, group, shortfall, target))
        _add(subjects, On.UNDERSPEND, On.OVERSPEND, group, -over, budget)
    return tuple(subjects)


def _add(subjects: list[Subject], gain: On, loss: On, group: Group, favourable_pence: int, base_pence: int) -> None:
    if favourable_pence:
        on = gain if favourable_pence > 0 else loss
        subjects.append(Subject(on, group, abs(favourable_pence), base_pence))


def _sum(table: Table, group: Group) -> int:
    return sum(sum(table[index]) for index in group.schemes)
