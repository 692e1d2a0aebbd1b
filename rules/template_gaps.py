"""What a schedule says nothing of: told while it is written, before any figure shows it as unallocated."""

from rules.agreement import Agreement, On, QippMode
from rules.english import listed
from rules.groups import groups_of

_SAID = {
    On.OVERSPEND: "an overspend of",
    On.UNDERSPEND: "an underspend of",
    On.DISBENEFIT: "spending above the baseline in",
    On.BENEFIT: "a benefit of",
    On.QIPP_SHORTFALL: "QIPP that is not delivered in",
}


def gaps(agreement: Agreement) -> tuple[str, ...]:
    """A sentence for each kind of amount that some funds can come to and no clause is about.

    QIPP is told only where it is shared beside the budget: within it, no target may ever be posted.
    """
    told = []
    for on, said in _SAID.items():
        if on is On.QIPP_SHORTFALL and agreement.qipp is QippMode.WITHIN_BUDGET:
            continue
        clauses = [clause for clause in agreement.clauses if clause.on is on]
        without = dict.fromkeys(
            group.fund
            for group in groups_of(agreement)
            if not group.excluded
            and group.influenced is on.is_influenced
            and not any(clause.scope.selects(agreement.schemes[group.schemes[0]]) for clause in clauses)
        )
        if without:
            names = listed(agreement.fund_of[code].name for code in without)
            told.append(
                f"No clause says who has {said} {names}; it would stay unallocated, and nothing could be signed."
            )
    return tuple(told)
