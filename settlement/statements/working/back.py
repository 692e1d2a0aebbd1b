"""Where a group of ledger lines leads back to: the line of what is due that it makes, the amount, the scheme."""

from collections.abc import Callable

from rules.agreement import Kind, On
from settlement.statements.anchors import Anchors, LineGroup, Of, working_numbers
from settlement.statements.inputs import StatementInputs

_MAKES = {
    Kind.BUDGET: "contribution_due",
    Kind.VIREMENT: "contribution_due",
    Kind.PAYMENT: "paid",
    Kind.ACTUAL: "spend",
    Kind.ACCRUAL: "spend",
    Kind.FORECAST: "spend",
}
_OF_QIPP = frozenset({Kind.QIPP_TARGET, Kind.QIPP_DELIVERED, Kind.QIPP_FORECAST})


def way_back(inputs: StatementInputs, names: Anchors, partner: str) -> Callable[[LineGroup], str]:
    """For a group of lines, where its heading leads to, in the statement of a partner, or "" in the Workings."""
    agreement = inputs.agreement
    codes = [partner] if partner else [each.code for each in agreement.partners]
    shown = {code: frozenset(working_numbers(inputs, code)) for code in codes}
    amounts = _amounts(inputs)

    def back(group: LineGroup) -> str:
        scheme = agreement.scheme_of[group.scheme]
        fund = agreement.fund_of[scheme.fund]
        if group.of is Of.FIGURE and group.kind is not None:
            makes = _MAKES.get(group.kind, "")
            counts = agreement.takes_payments(scheme) if makes == "paid" else fund.is_pooled
            if counts and makes in shown.get(group.partner, ()):
                return names.working(makes, "" if partner else group.partner)
            if makes == "paid" and partner == fund.host and "received" in shown[partner]:
                return names.working("received")
            number = amounts.get((group.scheme, group.kind in _OF_QIPP))
            if number is not None and makes != "paid":
                return names.amount(number)
        return names.scheme(group.scheme)

    return back


def _amounts(inputs: StatementInputs) -> dict[tuple[str, bool], int]:
    """The place of the amount that a scheme is in, apart for QIPP shortfalls."""
    agreement = inputs.agreement
    return {
        (agreement.schemes[index].code, dealt.subject.on is On.QIPP_SHORTFALL): number
        for number, dealt in enumerate(inputs.settlement.outcome.subjects, 1)
        for index in dealt.subject.group.schemes
    }
