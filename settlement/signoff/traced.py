"""A settlement with its trace as plain values, in the form in which it is signed.

Every field is named here, one by one, and none is taken from the shape of a class: a pack written by this version must
be rebuilt to the byte by every later one, whatever becomes of the classes. So a key here is never renamed, taken out or
given another meaning; what later versions want to add goes into a new form, beside this one.

Only objects, lists, texts and whole numbers: amounts in pence, ratios as exact text `p/q`, truth as `yes` or `no`; what
is not there is left out. Figures of partners are objects by the partner's code, of those in being at the period.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from rules.agreement import Cap, Kind
from rules.figures import Table
from rules.groups import Group
from rules.outcome import DealtWith, Outcome, ReserveBalance
from rules.performance import Released
from rules.trace import CapHeld, FundMovement, Handover, Part, ReserveCall, Round, Sharing, Take, UnderspendCall
from rules.weights import Weights
from settlement.cash import FundAccount, handed_over
from settlement.result import result_of
from settlement.settle import Settlement

_Codes = tuple[str, ...]


def settlement_with_trace(settlement: Settlement) -> dict[str, Any]:
    """The settlement: its result, and under `trace` how every amount of it came about."""
    outcome = settlement.outcome
    codes = tuple(partner.code for partner in settlement.agreement.partners)
    return {
        "result": _result(result_of(settlement)),
        "trace": {
            "accounts": [_account(account) for account in settlement.accounts],
            "movements": [_movement(movement) for movement in outcome.movements],
            "outturn": _yes_or_no(settlement.is_outturn),
            "performance": [_performance(released) for released in outcome.performance],
            "qipp": str(settlement.agreement.qipp),
            "reserves": [_reserve(balance) for balance in outcome.reserves],
            "subjects": [_subject(dealt, outcome, codes) for dealt in outcome.subjects],
        },
    }


def exact(ratio: Fraction) -> str:
    """A ratio as text, for `Fraction` to read back: `1/3`, `100/1`."""
    return f"{ratio.numerator}/{ratio.denominator}"


def _yes_or_no(is_so: bool) -> str:  # noqa: FBT001  it is what is asked
    return "yes" if is_so else "no"


def _given(**values: object) -> dict[str, Any]:
    """The values that are there."""
    return {key: value for key, value in values.items() if value is not None}


# --- the result -------------------------------------------------------------------------------------------------------


def _result(result: dict[str, Any]) -> dict[str, Any]:
    """The result's keys by name: one that a later result has more is not in this form."""
    return {
        "agreement": result["agreement"],
        "financial_year": result["financial_year"],
        "partners": {code: _row(row) for code, row in result["partners"].items()},
        "performance": [
            {"held": each["held"], "id": each["id"], "released": each["released"]} for each in result["performance"]
        ],
        "period": result["period"],
        "reserves": dict(result["reserves"]),
        "subjects": [_result_subject(subject) for subject in result["subjects"]],
        "transfers": [
            {"amount": each["amount"], "from": each["from"], "to": each["to"]} for each in result["transfers"]
        ],
        "unallocated": result["unallocated"],
    }


def _row(row: dict[str, int]) -> dict[str, int]:
    return {
        "benefit": row["benefit"],
        "between_hosts": row["between_hosts"],
        "contribution_due": row["contribution_due"],
        "disbenefit": row["disbenefit"],
        "drawn": row["drawn"],
        "handed_over": row["handed_over"],
        "net_due": row["net_due"],
        "overspend": row["overspend"],
        "paid": row["paid"],
        "provision": row["provision"],
        "qipp_shortfall": row["qipp_shortfall"],
        "received": row["received"],
        "spend": row["spend"],
        "unallocated": row["unallocated"],
        "underspend": row["underspend"],
    }


def _result_subject(subject: dict[str, Any]) -> dict[str, Any]:
    return {
        "amount": subject["amount"],
        "fund": subject["fund"],
        "group": subject["group"],
        "on": subject["on"],
        "parts": [
            _given(
                amount=part["amount"],
                clause=part["clause"],
                partners=None if part["partners"] is None else dict(part["partners"]),
                to=part["to"],
            )
            for part in subject["parts"]
        ],
        "unallocated": subject["unallocated"],
    }


# --- what the funds and the performance elements came to --------------------------------------------------------------


def _account(account: FundAccount) -> dict[str, Any]:
    return {
        "benefit": account.benefit_pence,
        "contribution_due": account.contribution_due_pence,
        "disbenefit": account.disbenefit_pence,
        "fund": account.fund,
        "handed_over": account.handed_over_pence,
        "overspend": account.overspend_pence,
        "owed": account.owed_pence,
        "paid": account.paid_pence,
        "partner": account.partner,
        "provision": account.provision_pence,
        "qipp_shortfall": account.qipp_shortfall_pence,
        "spend": account.spend_pence,
        "underspend": account.underspend_pence,
    }


def _movement(movement: FundMovement) -> dict[str, Any]:
    return {
        "amount": movement.amount_pence,
        "clause": movement.clause,
        "from": movement.payer,
        "source": movement.source,
        "to": movement.receiver,
    }


def _performance(released: Released) -> dict[str, Any]:
    element = released.element
    return _given(
        achieved=None if released.achieved is None else exact(released.achieved),
        fund=element.fund,
        held=released.held_pence,
        id=element.id,
        measure=element.measure,
        mode=str(element.mode),
        payer=element.payer,
        rate=element.rate_pence,
        released=released.released_pence,
        required=None if released.required is None else exact(released.required),
        scheme=element.scheme,
        withheld=released.withheld_pence,
    )


def _reserve(balance: ReserveBalance) -> dict[str, Any]:
    return {
        "closing": balance.closing_pence,
        "code": balance.reserve.code,
        "fund": balance.reserve.fund,
        "opening": balance.reserve.opening_pence,
    }


# --- subjects and their groups' figures -------------------------------------------------------------------------------


def _subject(dealt: DealtWith, outcome: Outcome, codes: _Codes) -> dict[str, Any]:
    group = dealt.subject.group
    handed = (handed_over(dealt, column, outcome) for column in range(len(codes)))
    return {
        "amount": dealt.subject.amount_pence,
        "base": dealt.subject.base_pence,
        "excluded": _yes_or_no(group.excluded),
        "figures": _figures(group, outcome, codes),
        "fund": group.fund,
        "group": group.code,
        "handed_over": dict(zip(codes, handed, strict=True)),
        "influenced": _yes_or_no(group.influenced),
        "on": str(dealt.subject.on),
        "parts": [_part(part, codes) for part in dealt.parts],
        "schemes": [outcome.agreement.schemes[index].code for index in group.schemes],
        "tried": [_part(part, codes) for part in dealt.tried],
        "unallocated": dealt.unallocated_pence,
    }


def _figures(group: Group, outcome: Outcome, codes: _Codes) -> dict[str, dict[str, int]]:
    """Each partner's figures of the group's schemes together: every kind of line, and what is worked from them."""
    figures = outcome.figures
    tables = figures.tables

    def of(table: Table | None, column: int) -> int:
        return 0 if table is None else sum(table[index][column] for index in group.schemes)

    return {
        code: {
            "accrual": of(tables[Kind.ACCRUAL], column),
            "actual": of(tables[Kind.ACTUAL], column),
            "baseline": of(tables[Kind.BASELINE], column),
            "budget": of(tables[Kind.BUDGET], column),
            "contribution": of(figures.budget, column),
            "delivered": of(figures.delivered, column),
            "forecast": of(tables[Kind.FORECAST], column),
            "in_default": of(figures.in_default, column),
            "payment": of(tables[Kind.PAYMENT], column),
            "qipp_delivered": of(tables[Kind.QIPP_DELIVERED], column),
            "qipp_forecast": of(tables[Kind.QIPP_FORECAST], column),
            "qipp_target": of(tables[Kind.QIPP_TARGET], column),
            "spend": of(figures.spend, column),
            "virement": of(tables[Kind.VIREMENT], column),
            "withheld": of(figures.withheld, column),
            "year_budget": of(figures.year_budget, column),
            "year_virement": of(figures.year_virement, column),
        }
        for column, code in enumerate(codes)
    }


# --- parts ------------------------------------------------------------------------------------------------------------


def _part(part: Part, codes: _Codes) -> dict[str, Any]:
    return _given(
        amount=part.amount_pence,
        clause=part.clause,
        percent=exact(part.percent),
        reserve=None if part.reserve is None else _reserve_call(part.reserve),
        shares=None if part.shares_pence is None else dict(zip(codes, part.shares_pence, strict=True)),
        sharing=None if part.sharing is None else _sharing(part.sharing, codes),
        slice=part.slice_pence,
        take=None if part.take is None else _take(part.take),
        to=part.to,
        underspends=None if part.underspends is None else _underspend_call(part.underspends),
    )


def _take(take: Take) -> dict[str, Any]:
    return _given(
        base=take.base_pence,
        group_remaining=take.group_remaining_pence,
        high=take.high_pence,
        low=take.low_pence,
        measured=take.measured_pence,
        per=str(take.per),
        remaining=take.remaining_pence,
        taken=take.taken_pence,
        width=take.width_pence,
    )


def _sharing(sharing: Sharing, codes: _Codes) -> dict[str, Any]:
    return {
        "handovers": [_handover(handover) for handover in sharing.handovers],
        "left": sharing.left_pence,
        "rounds": [_round(each, codes) for each in sharing.rounds],
        "shares": dict(zip(codes, sharing.shares_pence, strict=True)),
        "weights": _weights(sharing.weights, codes),
    }


def _weights(weights: Weights, codes: _Codes) -> dict[str, Any]:
    """The basis with its figures, pence or exact text, and each partner's exact share of the whole."""
    whole = sum(weights.whole)
    figures: Iterable[int | str] = (
        (int(figure) if weights.in_pence else exact(Fraction(figure))) for figure in weights.figures
    )
    return {
        "at_opening": _yes_or_no(weights.share.at_opening),
        "by": str(weights.share.by),
        "exact": {code: exact(Fraction(each, whole)) for code, each in zip(codes, weights.whole, strict=True)},
        "figures": dict(zip(codes, figures, strict=True)),
        "in_pence": _yes_or_no(weights.in_pence),
        "name": weights.share.name,
    }


def _round(each: Round, codes: _Codes) -> dict[str, Any]:
    shares = zip(codes, each.shares_pence, strict=True)
    return {
        "held": [_cap_held(held) for held in each.held],
        "shares": {code: share for code, share in shares if share is not None},
        "total": each.total_pence,
    }


def _cap_held(held: CapHeld) -> dict[str, Any]:
    return {
        "cap": held.cap_pence,
        "excess": held.excess_pence,
        "headroom": held.headroom_pence,
        "part": held.part_pence,
        "partner": held.partner,
        "rule": _cap(held.cap),
    }


def _cap(cap: Cap) -> dict[str, Any]:
    return _given(
        bearer=cap.bearer,
        beyond=str(cap.beyond),
        clauses=list(cap.clauses),
        of=cap.of,
        partner=cap.partner,
        pence=cap.limit.pence,
        percent=None if cap.limit.percent is None else exact(cap.limit.percent),
    )


def _handover(handover: Handover) -> dict[str, Any]:
    return {
        "excess": handover.excess_pence,
        "giver": handover.giver,
        "receiver": handover.receiver,
        "taken": handover.taken_pence,
    }


def _reserve_call(call: ReserveCall) -> dict[str, Any]:
    return {
        "balance": call.balance_pence,
        "moved": call.moved_pence,
        "reserve": call.reserve,
        "wanted": call.wanted_pence,
    }


def _underspend_call(call: UnderspendCall) -> dict[str, Any]:
    return {
        "available": call.available_pence,
        "givers": [{"amount": amount, "group": group} for group, amount in call.givers],
        "met": call.met_pence,
        "takers": [{"amount": amount, "group": group} for group, amount in call.takers],
        "wanted": call.wanted_pence,
    }
