"""A fund from its variance to the cash that settles it: what it budgeted and spent, what was shared, what is owed."""

from dataclasses import dataclass
from enum import StrEnum

from rules.agreement import Fund, On, Use
from rules.outcome import DealtWith
from rules.waterfall import EXCLUDED, FROM_UNDERSPENDS, TO_OVERSPENDS
from settlement.cash import FundAccount
from settlement.explain import row_names
from settlement.sentences import group_name, subject_title
from settlement.settle import Settlement


class Step(StrEnum):
    """Which of the three steps from variance to cash a line belongs to."""

    VARIANCE = "Variance"
    SCHEDULE = "What the schedule made of it"
    CASH = "Cash with the Host Partner"


@dataclass(frozen=True, slots=True)
class FundLine:
    """A line of a fund: in all, if that says anything, and where it is each partner's by partner as listed; pence.

    `figure` is the result's key of the partner's figure that it is a part of; `on` and `group` the amount dealt with.
    `is_result` marks what the lines above it come to.
    """

    step: Step
    text: str
    total_pence: int | None
    partners_pence: tuple[int, ...] | None = None
    figure: str = ""
    on: On | None = None
    group: str = ""
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class FundWaterfall:
    """A fund's lines, in the order of the steps."""

    fund: Fund
    lines: tuple[FundLine, ...]


_DONE = {
    Use.PARTNERS: "shared between partners",
    Use.PROVISION: "provided for the partners' own exposure",
    Use.RESERVE: "reserve",
}


def fund_waterfalls(settlement: Settlement) -> tuple[FundWaterfall, ...]:
    """Each fund of the agreement, in listed order; of a fund where nothing happened, no lines."""
    return tuple(FundWaterfall(fund, tuple(_lines(settlement, fund))) for fund in settlement.agreement.funds)


def _lines(settlement: Settlement, fund: Fund) -> list[FundLine]:
    lines = _variance(settlement, fund) if fund.is_pooled else []
    for dealt in settlement.outcome.subjects:
        if dealt.subject.group.fund == fund.code:
            lines += _dealt(settlement, dealt)
    return lines + _cash(settlement, fund)


def _variance(settlement: Settlement, fund: Fund) -> list[FundLine]:
    figures, agreement = settlement.outcome.figures, settlement.agreement
    rows = [index for index, scheme in enumerate(agreement.schemes) if scheme.fund == fund.code]
    columns = range(len(agreement.partners))
    budget = tuple(sum(figures.budget[row][column] for row in rows) for column in columns)
    spend = tuple(sum(figures.spend[row][column] for row in rows) for column in columns)
    if not any((*budget, *spend)):
        return []
    variance = sum(budget) - sum(spend)
    marked = "nil" if not variance else "favourable" if variance > 0 else "adverse"
    spent = "Less: forecast outturn of expenditure" if settlement.is_outturn else "Less: expenditure"
    return [
        FundLine(Step.VARIANCE, "Financial Contributions", sum(budget), budget, "contribution_due"),
        FundLine(Step.VARIANCE, spent, sum(spend), spend, "spend"),
        FundLine(Step.VARIANCE, f"Variance, {marked}", variance, is_result=True),
    ]


def _dealt(settlement: Settlement, dealt: DealtWith) -> list[FundLine]:
    subject = dealt.subject
    step, on, group = Step.SCHEDULE, subject.on, subject.group.code
    title = f"{subject_title(on)} of {group_name(subject.group, settlement.outcome)}"
    lines = [FundLine(step, title, subject.amount_pence, None, "", on, group, is_result=True)]
    for part in dealt.parts:
        if part.amount_pence:
            figure = ("provision" if part.to == Use.PROVISION else str(on)) if part.shares_pence is not None else ""
            text = f"{_clause(part.clause)}: {_done(settlement, part.to, part.clause, on)}"
            lines.append(FundLine(step, text, part.amount_pence, part.shares_pence, figure, on, group))
    if dealt.unallocated_pence:
        lines.append(
            FundLine(step, "Unallocated: no clause deals with this", dealt.unallocated_pence, None, "", on, group)
        )
    return lines


def _clause(clause: str) -> str:
    return "Excluded from sharing" if clause == EXCLUDED else f"Clause {clause}"


def _done(settlement: Settlement, to: str, clause: str, on: On) -> str:
    use, _, code = to.partition(":")
    if clause == EXCLUDED:
        return "left with the Responsible Partner"
    if use == Use.RESERVE:
        name = next(reserve.name for reserve in settlement.agreement.reserves if reserve.code == code)
        return f"{'paid into' if on.is_gain else 'drawn from'} reserve {name}"
    if to == FROM_UNDERSPENDS:
        return "met from underspends"
    return "given to meet overspends" if to == TO_OVERSPENDS else _DONE[Use(use)]


def _cash(settlement: Settlement, fund: Fund) -> list[FundLine]:
    accounts = [account for account in settlement.accounts if account.fund == fund.code]
    keys = {name.removesuffix("_pence") for name in FundAccount.__slots__} & {key for key, _, _ in row_names()}
    lines: list[FundLine] = []
    for key, words, sign in row_names():
        if key in keys:
            by_partner = tuple(getattr(account, f"{key}_pence") for account in accounts)
            if any(by_partner):
                begins = "Less: " if sign < 0 else "Add: "
                is_first = not lines and sign > 0
                text = words if is_first else f"{begins}{words[:1].lower()}{words[1:]}"
                lines.append(FundLine(Step.CASH, text, sum(by_partner), by_partner, key))
    owed = tuple(account.owed_pence for account in accounts)
    if lines:
        # the host is the balancing party, and owes itself nothing: a sum with its own row in it says nothing
        lines.append(FundLine(Step.CASH, "Comes to", None, owed, "net_due", is_result=True))
    return lines
