"""The control totals of an agreement that a ledger does not agree with, in sentences for those who read statements."""

from collections.abc import Iterable
from dataclasses import replace

from ledgers import Ledger
from ledgers.checks import control_findings
from rules.agreement import Agreement, Control, Kind
from rules.language import say
from rules.money import pounds
from rules.periods import Period
from settlement.control_totals import Held, control_totals
from settlement.statements.wording import kind_in_text, named

Sums = Iterable[tuple[str, str, str, Period, int]]
"""Scheme, partner, kind, period and pence: what a period put up for signature was sealed with."""


def disagreeing(ledger: Ledger, agreement: Agreement, upto: Period, put_up: Sums | None = None) -> tuple[Held, ...]:
    """Those to the period or before it that differ by a penny or more: from the ledger, or from what was put up."""
    due = replace(agreement, controls=tuple(control for control in agreement.controls if control.period <= upto))
    if put_up is None:
        return tuple(held for held in control_totals(ledger, due) if not held.agrees)
    sums = list(put_up)
    return tuple(
        Held(control, finding.ledger_pence or 0)
        for control in due.controls
        for finding in control_findings(replace(due, controls=(control,)), sums, upto)
    )


def finding_in_words(held: Held, agreement: Agreement) -> str:
    """The control total, what the ledger has, and by how much that differs."""
    values = {
        "what": _what(held.control, agreement),
        "period": held.control.period,
        "expected": pounds(held.control.amount_pence),
        "found": pounds(held.ledger_pence),
        "difference": pounds(abs(held.difference_pence)),
    }
    if held.difference_pence < 0:
        return say(
            "Control total of {what} to {period}: {expected} agreed, {found} in the ledger, {difference} less.",
            **values,
        )
    return say(
        "Control total of {what} to {period}: {expected} agreed, {found} in the ledger, {difference} more.", **values
    )


def _what(control: Control, agreement: Agreement) -> str:
    """`actual, Carers (S4), London Borough of Barnet`: what it is of, by names where the agreement has them."""
    parts = [kind_in_text(Kind(control.kind))]
    fund = next((each for each in agreement.funds if each.code == control.fund), None)
    if control.fund:
        parts.append(control.fund if fund is None else named(fund.name, fund.code))
    if control.scheme:
        scheme = agreement.scheme_of.get(control.scheme)
        parts.append(control.scheme if scheme is None else named(scheme.name, scheme.code))
    if control.partner:
        partner = agreement.partner_of.get(control.partner)
        parts.append(control.partner if partner is None else partner.name)
    return ", ".join(parts)
