"""From variance to cash, step by step: each step an amount up or down, each subtotal what the steps before come to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.agreement import On, Use
from rules.english import listed
from rules.money import pounds
from rules.outcome import DealtWith
from rules.trace import Part
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.explain import row_names
from settlement.result import row_figures
from settlement.sentences import group_name, subject_title
from settlement.settle import Settlement

_SHARES = frozenset({"overspend", "qipp_shortfall", "underspend", "disbenefit", "benefit", "provision"})
_PLURALS = {
    On.QIPP_SHORTFALL: "QIPP shortfalls",
    On.OVERSPEND: "Overspends",
    On.DISBENEFIT: "Disbenefits",
    On.UNDERSPEND: "Less: underspends",
    On.BENEFIT: "Less: benefits",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step in pence: adverse, or to pay, above nought. A subtotal's amount is what all steps before it come to.

    What it is about is its clause, its partner (with the row's `key`), or its kind of amount (`on`, with a `group` if
    there is one only). `detail` says more, in a sentence.
    """

    label: str
    pence: int
    is_subtotal: bool = False
    clause: str = ""
    partner: str = ""
    key: str = ""
    on: On | None = None
    group: str = ""
    detail: str = ""


def share_of(settlement: Settlement, code: str) -> int:
    """What a partner bears of all variances, in pence: losses less gains, provisions among these."""
    return sum(_row(settlement, code, _SHARES).values())


def steps_to_partners(settlement: Settlement) -> tuple[Step, ...]:
    """From the variance to each partner's share of it: nothing is left after the last step.

    None if there is no amount to deal with.
    """
    agreement = settlement.agreement
    before = tuple(_to_be_shared(settlement))
    if not before:
        return ()
    shares = [share_of(settlement, partner.code) for partner in agreement.partners]
    return (
        *before,
        *(
            Step(f"Share of {partner.name}", -share, partner=partner.code, key="net_due", detail=_share_detail(share))
            for partner, share in zip(agreement.partners, shares, strict=True)
            if share
        ),
    )


def steps_to_cash(settlement: Settlement, code: str) -> tuple[Step, ...]:
    """From the variance to what a partner pays, or below nought receives: the last subtotal is its net due."""
    agreement = settlement.agreement
    column = next(index for index, partner in enumerate(agreement.partners) if partner.code == code)
    partner = agreement.partners[column]
    steps = list(_to_be_shared(settlement))
    others: dict[str, int] = {}
    for dealt, part in _parts(settlement):
        if part.shares_pence is not None:
            left = _sign(dealt) * (part.amount_pence - part.shares_pence[column])
            others[part.clause] = others.get(part.clause, 0) + left
    steps += [
        Step(
            f"{_clause(clause)}: the others’ shares",
            -left,
            clause=_known(clause),
            detail=_clause_title(settlement, clause),
        )
        for clause, left in others.items()
        if left
    ]
    share = share_of(settlement, code)
    if steps:
        steps.append(Step(f"Share of {partner.name}", share, is_subtotal=True, partner=code, key="net_due"))
    rest = {key: pence for key, pence in _row(settlement, code).items() if key not in _SHARES and pence}
    if rest:
        names = {key: words for key, words, _ in row_names()}
        pieces = listed(f"{names[key][0].lower()}{names[key][1:]} {pounds(pence)}" for key, pence in rest.items())
        label = "Contribution due, less spent, paid and received"
        steps.append(Step(label, sum(rest.values()), partner=code, key="contribution_due", detail=f"It is {pieces}."))
    net_due = settlement.row_of(code).net_due_pence
    steps.append(Step("Net due", net_due, is_subtotal=True, partner=code, key="net_due", detail=_due_detail(net_due)))
    return tuple(steps)


def _to_be_shared(settlement: Settlement) -> Iterator[Step]:
    """The amounts of each kind, what reserves and underspends do with them, what no clause deals with: a subtotal."""
    subjects = settlement.outcome.subjects
    level = 0
    kinds = [on for on in On if any(dealt.subject.on is on for dealt in subjects)]
    for on in kinds:
        of_kind = [dealt for dealt in subjects if dealt.subject.on is on]
        amount = sum(_sign(dealt) * dealt.subject.amount_pence for dealt in of_kind)
        level += amount
        group = of_kind[0].subject.group if len(of_kind) == 1 else None
        detail = "" if group is None else f"{subject_title(on)} of {group_name(group, settlement.outcome)}."
        yield Step(_PLURALS[on], amount, on=on, group="" if group is None else group.code, detail=detail)
    moved = False
    for (clause, to), amount in _elsewhere(settlement).items():
        if amount:
            moved = True
            level += amount
            title = _clause_title(settlement, clause)
            yield Step(f"{_clause(clause)}: {_where(to, amount, settlement)}", amount, clause=clause, detail=title)
    left = sum(-_sign(dealt) * dealt.unallocated_pence for dealt in subjects)
    if any(dealt.unallocated_pence for dealt in subjects):
        moved = True
        level += left
        yield Step("Unallocated: no clause deals with it", left, key="unallocated", detail="It is left with the host.")
    if kinds and (moved or len(kinds) > 1):
        yield Step("Shared between the partners", level, is_subtotal=True)


def _elsewhere(settlement: Settlement) -> dict[tuple[str, str], int]:
    """What did not go to partners, by clause and use, as it changes what is left to share."""
    found: dict[tuple[str, str], int] = {}
    for dealt, part in _parts(settlement):
        if part.shares_pence is None:
            key = (part.clause, part.to)
            found[key] = found.get(key, 0) - _sign(dealt) * part.amount_pence
    return found


def _parts(settlement: Settlement) -> Iterator[tuple[DealtWith, Part]]:
    return ((dealt, part) for dealt in settlement.outcome.subjects for part in dealt.parts)


def _sign(dealt: DealtWith) -> int:
    return -1 if dealt.subject.on.is_gain else 1


def _row(settlement: Settlement, code: str, keys: Iterable[str] | None = None) -> dict[str, int]:
    """The figures of a partner's row as they count in its net due."""
    figures = row_figures(settlement.row_of(code))
    wanted = None if keys is None else set(keys)
    return {
        key: sign * figures[key]
        for key, _, sign in row_names()
        if key != "net_due" and (wanted is None or key in wanted)
    }


def _clause(clause: str) -> str:
    return "Excluded schemes" if clause == EXCLUDED else f"Clause {clause}"


def _known(clause: str) -> str:
    return "" if clause == EXCLUDED else clause


def _clause_title(settlement: Settlement, clause: str) -> str:
    known = settlement.agreement.clause_of.get(clause)
    return "Each stays with its Responsible Partner." if known is None else f"{known.title}."


def _where(to: str, amount: int, settlement: Settlement) -> str:
    if to == FROM_UNDERSPENDS:
        return "met from underspends"
    if to == TO_OVERSPENDS:
        return "underspends given to meet overspends"
    use, _, code = to.partition(":")
    assert use == Use.RESERVE, to  # noqa: S101  what is left has shares
    name = next(reserve.name for reserve in settlement.agreement.reserves if reserve.code == code)
    return f"{'paid into' if amount > 0 else 'met from'} {name}"


def _share_detail(share: int) -> str:
    return f"It bears {pounds(share)}." if share > 0 else f"It receives {pounds(-share)}."


def _due_detail(net_due: int) -> str:
    if not net_due:
        return "It neither pays nor receives anything."
    return f"It pays {pounds(net_due)}." if net_due > 0 else f"It receives {pounds(-net_due)}."
