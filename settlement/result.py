"""The result as other programs read it: one JSON object, whole pence, keys in the order of formats.md."""

from typing import Any

from rules.outcome import DealtWith
from settlement.cash import PartnerRow
from settlement.settle import Settlement

ROW_KEYS = (
    "contribution_due",
    "overspend",
    "qipp_shortfall",
    "underspend",
    "disbenefit",
    "benefit",
    "provision",
    "handed_over",
    "spend",
    "paid",
    "received",
    "drawn",
    "between_hosts",
    "unallocated",
    "net_due",
)


def result_of(settlement: Settlement) -> dict[str, Any]:
    """The settlement as `s75 settle --json` prints it."""
    agreement = settlement.agreement
    codes = tuple(partner.code for partner in agreement.partners)
    return {
        "agreement": agreement.id,
        "financial_year": str(agreement.year),
        "period": str(settlement.period),
        "performance": [
            {"id": released.element.id, "held": released.held_pence, "released": released.released_pence}
            for released in settlement.outcome.performance
        ],
        "subjects": [_subject(subject, codes) for subject in settlement.outcome.subjects],
        "partners": {row.partner: row_figures(row) for row in settlement.rows},
        "reserves": {balance.reserve.code: balance.closing_pence for balance in settlement.outcome.reserves},
        "transfers": [
            {"from": transfer.payer, "to": transfer.receiver, "amount": transfer.amount_pence}
            for transfer in settlement.transfers
        ],
        "unallocated": settlement.outcome.unallocated_pence,
    }


def row_figures(row: PartnerRow) -> dict[str, int]:
    """A partner's row by the result's keys, in pence."""
    return {key: getattr(row, f"{key}_pence") for key in ROW_KEYS}


def _subject(dealt: DealtWith, codes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "on": str(dealt.subject.on),
        "fund": dealt.subject.group.fund,
        "group": dealt.subject.group.code,
        "amount": dealt.subject.amount_pence,
        "unallocated": dealt.unallocated_pence,
        "parts": [
            {
                "clause": part.clause,
                "to": part.to,
                "amount": part.amount_pence,
                "partners": None if part.shares_pence is None else dict(zip(codes, part.shares_pence, strict=True)),
            }
            for part in dealt.parts
        ],
    }
