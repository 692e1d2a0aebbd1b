"""The check of a stored ledger: all of it re-summed from the lines, and held against what is kept and promised."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledgers.checks import control_findings, measure_findings
from ledgers.evidence import damaged_documents, evidence
from ledgers.importing.judging import is_before_its_partner, unbalanced
from ledgers.ledger import Finding, State
from ledgers.trail import POSTINGS, batch_subject, batches_before, broken, trail
from rules.agreement import Agreement
from rules.money import pounds
from rules.periods import Period

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger

KEPT = "kept total"
VIREMENT = "virement"
LATE = "late line"
CLOSED = "closed period"
CODE = "code"
FROM = "partner's from"
DAMAGE = "file"
TRAIL = "audit trail"
DOCUMENT = "document"

_SUMS = """
    SELECT scheme, partner, kind, period, cause, CAST(SUM(amount_pence) AS BIGINT) FROM lines
    GROUP BY scheme, partner, kind, period, cause
"""
_VIREMENTS = """
    SELECT reference, CAST(SUM(amount_pence) AS BIGINT) FROM lines WHERE kind = 'virement' AND period <= :upto
    GROUP BY reference HAVING SUM(amount_pence) <> 0
"""
_LATE = """
    SELECT belongs_to, period, COUNT(*), CAST(SUM(amount_pence) AS BIGINT), MIN(id) FROM lines
    WHERE belongs_to IS NOT NULL AND period <= :upto GROUP BY belongs_to, period
"""
_POSTED_AFTER = """
    SELECT lines.period, COUNT(*), MIN(lines.id) FROM lines
    JOIN period_states ON period_states.period = lines.period
    WHERE period_states.id IN (SELECT MAX(id) FROM period_states GROUP BY period)
      AND period_states.state <> 'open' AND lines.batch > period_states.after_batch AND lines.period <= :upto
    GROUP BY lines.period
"""
_PARTNERS = """
    SELECT partner, COALESCE(belongs_to, period), COUNT(*), MIN(id) FROM lines
    GROUP BY partner, COALESCE(belongs_to, period)
"""

_Sums = dict[tuple[str, str, str, int, str], int]


def findings_of(ledger: "StoredLedger", upto: Period) -> list[Finding]:
    """What is wrong with the ledger itself up to the period, worst first: what is damaged, then what does not agree."""
    damage = [Finding(DAMAGE, message) for message in ledger.store.damage()]
    if damage:
        return damage  # figures from a damaged file would only mislead
    agreement = ledger.agreement_at(upto)
    sums = _sums(ledger)
    totals = [(scheme, partner, kind, Period(when), pence) for (scheme, partner, kind, when, _), pence in sums.items()]
    return [
        *_kept_totals(ledger, sums),
        *control_findings(agreement, totals, upto),
        *_virements(ledger, upto),
        *_closed_periods(ledger, upto),
        *_late_lines(ledger, upto),
        *_codes(agreement, sums, upto),
        *_before_their_partner(ledger, agreement, upto),
        *measure_findings(agreement, ledger.measures(), upto),
        *_trail(ledger),
        *_documents(ledger),
    ]


def kept_total_findings(ledger: "StoredLedger") -> Iterator[Finding]:
    """Kept totals that are not what the lines come to."""
    yield from _kept_totals(ledger, _sums(ledger))


def _sums(ledger: "StoredLedger") -> _Sums:
    return {
        (scheme, partner, kind, when, cause): pence
        for scheme, partner, kind, when, cause, pence in ledger.store.rows(_SUMS)
    }


def _kept_totals(ledger: "StoredLedger", sums: _Sums) -> Iterator[Finding]:
    found = ledger.store.rows("SELECT scheme, partner, kind, period, cause, amount_pence FROM totals")
    kept = {tuple(key): pence for *key, pence in found}
    for key in sorted(sums.keys() | kept.keys()):
        summed, stands = sums.get(key, 0), kept.get(key, 0)
        if summed != stands:
            scheme, partner, kind, period, cause = key
            of = f"{kind} of {partner} for {scheme} in {Period(period)}{' in default' if cause else ''}"
            message = f"{of} is kept as {pounds(stands)}; the lines come to {pounds(summed)}"
            yield Finding(KEPT, message, Period(period), stands, summed)


def _virements(ledger: "StoredLedger", upto: Period) -> Iterator[Finding]:
    for reference, pence in sorted(ledger.store.rows(_VIREMENTS, upto=int(upto))):
        yield Finding(VIREMENT, unbalanced(reference, pence, upto), upto, pence, 0)


def _closed_periods(ledger: "StoredLedger", upto: Period) -> Iterator[Finding]:
    for when, count, first in sorted(ledger.store.rows(_POSTED_AFTER, upto=int(upto))):
        message = f"{_lines(count)} posted to {Period(when)} after it was closed, the first of them line {first}"
        yield Finding(CLOSED, message, Period(when))


def _late_lines(ledger: "StoredLedger", upto: Period) -> Iterator[Finding]:
    """Those in a period that is still open: once it is held or signed they have been dealt with."""
    is_open = {state.period for state in ledger.periods() if state.state is State.OPEN}
    for belongs_to, when, count, pence, first in sorted(ledger.store.rows(_LATE, upto=int(upto))):
        if Period(when) in is_open:
            lines = f"1 line of {pounds(pence)}" if count == 1 else f"{count:,} lines of {pounds(pence)} in all"
            message = (
                f"{lines}, really of {Period(belongs_to)}, {'is' if count == 1 else 'are'} in {Period(when)} "
                f"because {Period(belongs_to)} was held; the first is line {first}"
            )
            yield Finding(LATE, message, Period(when), pence)


def _codes(agreement: Agreement, sums: _Sums, upto: Period) -> Iterator[Finding]:
    used = {(scheme, partner) for scheme, partner, _, when, _ in sums if when <= upto}
    for scheme in sorted({scheme for scheme, _ in used} - agreement.scheme_of.keys()):
        yield Finding(CODE, f"lines name the scheme {scheme}, which the agreement in force at {upto} does not have")
    for partner in sorted({partner for _, partner in used} - agreement.partner_of.keys()):
        yield Finding(CODE, f"lines name the partner {partner}, which the agreement in force at {upto} does not have")


def _before_their_partner(ledger: "StoredLedger", agreement: Agreement, upto: Period) -> Iterator[Finding]:
    for partner, when, count, first in sorted(ledger.store.rows(_PARTNERS)):
        period = Period(when)
        if period <= upto and partner in agreement.partner_of and is_before_its_partner(agreement, partner, period):
            message = (
                f"{_lines(count)} of {partner} in {period}, before it is a partner "
                f"({agreement.partner_of[partner].since}), the first of them line {first}"
            )
            yield Finding(FROM, message, period)


def _trail(ledger: "StoredLedger") -> Iterator[Finding]:
    """Breaks of the audit trail's chain, and batches that it does not tell of, or that it alone tells of."""
    entries = trail(ledger)
    if not entries:
        yield Finding(TRAIL, "the ledger has no audit trail, which begins when a ledger is made or brought up to date")
        return
    yield from (Finding(TRAIL, message) for message in broken(entries))
    posted = {batch_subject(number): number for (number,) in ledger.store.rows("SELECT id FROM batches ORDER BY id")}
    told = Counter(entry.subject for entry in entries if entry.action in POSTINGS)
    before = batches_before(entries)
    for subject, number in posted.items():
        if number > before and not told[subject]:
            yield Finding(TRAIL, f"the audit trail does not say who posted {subject}")
    for subject, times in told.items():
        if subject not in posted:
            yield Finding(TRAIL, f"the audit trail tells of {subject}, which is not in the ledger")
        elif times > 1 or posted[subject] <= before:
            yield Finding(TRAIL, f"the audit trail tells of {subject} more than once")


def _documents(ledger: "StoredLedger") -> Iterator[Finding]:
    for number, digest in damaged_documents(ledger):
        attached = [f"“{each.name}” of {each.of}" for each in evidence(ledger) if each.digest == digest]
        named = attached[0] if attached else f"document {number}"
        yield Finding(DOCUMENT, f"{named} is not what was put in: its bytes have not the digest {digest}")


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"
