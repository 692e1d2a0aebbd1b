"""A settlement as text for a terminal: who pays whom, each partner's account, each clause that bit."""

from ledgers import State
from rules.english import listed
from rules.money import pounds
from rules.outcome import DealtWith
from rules.waterfall import EXCLUDED
from settlement.disputed import Disputed
from settlement.explain import row_names
from settlement.result import row_figures
from settlement.sentences import SUBJECT_NAMES, performance_sentence
from settlement.settle import Settlement
from settlement.standing import PeriodStanding
from settlement.without import shown_without

_LABEL = 56
_AMOUNT = 20


def settlement_text(settlement: Settlement, standing: PeriodStanding, in_dispute: str = "") -> str:
    """The settlement in lines of text, with how far its period has come; amounts in brackets are negative.

    `in_dispute` is a sentence about what is, if anything.
    """
    agreement = settlement.agreement
    reading = "forecast outturn" if settlement.is_outturn else "year to date"
    lines = [agreement.title, f"{agreement.year}, {settlement.period}, {reading}: {standing_words(standing)}", ""]
    lines += _due(settlement)
    if in_dispute:
        lines.append(in_dispute)
    wide = max(_AMOUNT, *(len(row.partner) + 2 for row in settlement.rows))
    lines += ["", "".join(["Account".ljust(_LABEL), *(row.partner.rjust(wide) for row in settlement.rows)])]
    figures = [row_figures(row) for row in settlement.rows]
    for key, words, sign in row_names():
        if key == "net_due" or any(row[key] for row in figures):
            lines.append(
                "".join(
                    [
                        words.ljust(_LABEL),
                        *(pounds(sign * row[key]).rjust(wide) for row in figures),
                    ]
                )
            )
    if settlement.outcome.subjects:
        lines += ["", "What the schedule dealt with"]
        for dealt in settlement.outcome.subjects:
            lines += _dealt(dealt, settlement)
    for released in settlement.outcome.performance:
        lines += ["", performance_sentence(released)]
    for balance in settlement.outcome.reserves:
        opening, closing = pounds(balance.reserve.opening_pence), pounds(balance.closing_pence)
        lines += ["", f"Reserve “{balance.reserve.name}”: opening {opening}, closing {closing}"]
    return "\n".join(lines)


def standing_words(standing: PeriodStanding) -> str:
    """`open, draft`, `held`, `put up for signature, note 3: awaits CCG`, `signed, note 3`."""
    return "open, draft" if standing.state is State.OPEN else standing.words


def dispute_text(settlement: Settlement, disputed: Disputed | None, ledger: str) -> str:
    """How much is in dispute, who would pay whom otherwise if that can be said, and how to list it; "" if nothing is.

    Where a disputed clause is all that deals with an amount, what would be due without it cannot be said.
    """
    if disputed is None or not disputed.disputes:
        return ""
    without = disputed.without
    would = ""
    if without is not None and not shown_without(settlement, without).open_pence:
        it = "it" if len(disputed.disputes) == 1 else "them"
        paid = [
            f"{transfer.payer} would pay {transfer.receiver} {pounds(transfer.amount_pence)}"
            for transfer in without.transfers
        ]
        same = without.transfers == settlement.transfers
        would = f"; without {it} {'the same would be due' if same else listed(paid) or 'nothing would be due'}"
    return f"In dispute: {len(disputed.disputes)}{would}. “s75 dispute {ledger}” lists what is in dispute."


def _due(settlement: Settlement) -> list[str]:
    names = {partner.code: partner.name for partner in settlement.agreement.partners}
    due = [
        f"{names[transfer.payer]} pays {names[transfer.receiver]} {pounds(transfer.amount_pence)}"
        for transfer in settlement.transfers
    ] or ["Nothing is due between the partners"]
    unallocated = settlement.outcome.unallocated_pence
    if unallocated:
        due.append(f"UNALLOCATED: no clause deals with {pounds(unallocated)}; this cannot be signed")
    return due


def _dealt(dealt: DealtWith, settlement: Settlement) -> list[str]:
    subject = dealt.subject
    codes = [partner.code for partner in settlement.agreement.partners]
    group = subject.group
    where = group.code if group.code == group.fund else f"{group.fund} {group.code}"
    head = f"  {where}: {SUBJECT_NAMES[subject.on]}"
    lines = [head.ljust(_LABEL) + pounds(subject.amount_pence).rjust(_AMOUNT)]
    for part in dealt.parts:
        clause = "excluded" if part.clause == EXCLUDED else f"clause {part.clause}"
        shares = ""
        if part.shares_pence is not None:
            given = [f"{code} {pounds(share)}" for code, share in zip(codes, part.shares_pence, strict=True) if share]
            shares = f"   {listed(given)}"
        lines.append(f"    {clause}, to {part.to}".ljust(_LABEL) + pounds(part.amount_pence).rjust(_AMOUNT) + shares)
    if dealt.unallocated_pence:
        lines.append("    UNALLOCATED".ljust(_LABEL) + pounds(dealt.unallocated_pence).rjust(_AMOUNT))
    return lines
