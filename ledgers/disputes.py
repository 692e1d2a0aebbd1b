"""Disputes: what a partner says of a line, or of what a clause makes of it, until it is resolved.

A dispute stands at the settlements from its period on. It is resolved, or carried past a sign-off, and the rows of both
stay. What was signed, or is put up for signature, keeps the disputes it had: what is said later counts after it.
"""

from dataclasses import dataclass, replace

from ledgers.closing import refuse_if_put_up
from ledgers.ledger import Ledger, State
from ledgers.refusing import reason_given, refuse
from ledgers.retrying import retried
from ledgers.stored import StoredLedger, to_change
from ledgers.trail import Action, record
from rules.english import listed
from rules.periods import Period
from rules.succession import partners_in_being

RESOLVED = "resolved"
CARRIED = "carried"
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Dispute:
    """A line, or the outcome of a clause, that a partner disputes from a period on. Exactly one of the two is given.

    `outcome` is the last that was said of it: nothing yet, `carried` (at a sign-off, past it) or `resolved`, at
    `outcome_period`. Times are ISO 8601, UTC.
    """

    id: int
    period: Period
    partner: str
    line: int | None
    clause: str | None
    reason: str
    at: str
    actor: str
    outcome: str = ""
    outcome_period: Period | None = None
    outcome_reason: str = ""
    outcome_at: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still stands: carried past a sign-off it does, resolved it does not."""
        return self.outcome != RESOLVED

    @property
    def about(self) -> str:
        """What is disputed, as a sentence names it: `line 12`, `clause 7B-core`."""
        return f"clause {self.clause}" if self.line is None else f"line {self.line}"


def disputes(ledger: Ledger, upto: Period | None = None) -> tuple[Dispute, ...]:
    """Every dispute in the order they were raised, with the last that was said of each.

    Up to a period: those raised at it or before, with what was said of them by then. A folder has none.
    """
    if not isinstance(ledger, StoredLedger):
        return ()
    last = int(Period.M13 if upto is None else upto)
    found = ledger.store.rows(
        "SELECT id, period, partner, line, clause, reason, raised_at, actor FROM disputes "
        "WHERE period <= :upto ORDER BY id",
        upto=last,
    )
    raised = {row[0]: Dispute(row[0], Period(row[1]), *row[2:]) for row in found}
    said = ledger.store.rows(
        "SELECT dispute, outcome, period, reason, at FROM dispute_outcomes WHERE period <= :upto ORDER BY id", upto=last
    )
    for number, outcome, period, reason, at in said:
        if number in raised:
            raised[number] = replace(
                raised[number],
                outcome=outcome,
                outcome_period=Period(period),
                outcome_reason=reason,
                outcome_at=at,
            )
    return tuple(raised.values())


@retried
def dispute_line(ledger: Ledger, line: int, partner: str, reason: str) -> Dispute:
    """Say that a partner disputes a line, from its period on; from the next that is not signed, if its own is."""
    changed = to_change(ledger)
    why = reason_given(reason, "why the line is disputed", ledger.name)
    with changed.store.transaction():
        found = next(ledger.lines(after=line - 1, limit=1), None) if 0 < line <= _LARGEST_ID else None
        if found is None or found.id != line:
            refuse(f"the ledger has no line {line}", ledger.name)
        period = _unsigned(changed, found.period)
        _refuse_unless_a_partner(changed, partner, period)
        return _raise(changed, Dispute(0, period, partner, line, None, why, "", ""))


@retried
def dispute_clause(ledger: Ledger, clause: str, period: Period, partner: str, reason: str) -> Dispute:
    """Say that a partner disputes what a clause of the agreement in force at the period makes of it."""
    changed = to_change(ledger)
    why = reason_given(reason, "why the clause’s outcome is disputed", ledger.name)
    with changed.store.transaction():
        _refuse_if_signed(changed, period, "its sign-off settled what the clause made; dispute it at")
        known = [each.id for each in ledger.agreement_at(period).clauses]
        if clause not in known:
            message = f"the agreement in force at {period} has no clause “{clause}”; it has {listed(known) or 'none'}"
            refuse(message, ledger.name)
        _refuse_unless_a_partner(changed, partner, period)
        return _raise(changed, Dispute(0, period, partner, None, clause, why, "", ""))


@retried
def resolve(ledger: Ledger, dispute: int, reason: str) -> Dispute:
    """Say that a dispute is resolved, and how: from the first period on that is not signed, it stands no more."""
    changed = to_change(ledger)
    why = reason_given(reason, "how the dispute was resolved", ledger.name)
    with changed.store.transaction():
        found = _open(changed, dispute)
        return _say(changed, found, RESOLVED, _unsigned(changed, found.period), why)


@retried
def carry(ledger: Ledger, dispute: int, period: Period, reason: str) -> Dispute:
    """Say that a dispute is carried past the period’s sign-off: it stays open, and stands at later periods too."""
    changed = to_change(ledger)
    why = reason_given(reason, "why the dispute is carried", ledger.name)
    with changed.store.transaction():
        found = _open(changed, dispute)
        if period < found.period:
            refuse(f"dispute {dispute} was raised at {found.period}, after {period}", ledger.name)
        if found.outcome_period is not None and period <= found.outcome_period:
            refuse(f"dispute {dispute} is carried past {found.outcome_period} already", ledger.name)
        _refuse_if_signed(changed, period, "a dispute can be carried past the sign-off of")
        return _say(changed, found, CARRIED, period, why)


def dispute_of(ledger: Ledger, number: int) -> Dispute:
    """The dispute of that number. Raises RefusedError if there is none."""
    found = next((dispute for dispute in disputes(ledger) if dispute.id == number), None)
    if found is None:
        refuse(f"the ledger has no dispute {number}", ledger.name)
    return found


def _open(ledger: StoredLedger, number: int) -> Dispute:
    found = dispute_of(ledger, number)
    if not found.is_open:
        refuse(f"dispute {number} was resolved at {found.outcome_period}: {found.outcome_reason}", ledger.name)
    return found


def _raise(ledger: StoredLedger, dispute: Dispute) -> Dispute:
    standing = next(
        (
            other
            for other in disputes(ledger)
            if other.is_open and (other.partner, other.about) == (dispute.partner, dispute.about)
        ),
        None,
    )
    if standing is not None:
        refuse(f"{dispute.partner} disputes {dispute.about} already, in dispute {standing.id}", ledger.name)
    ((number,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM disputes")
    now = ledger.now()
    raised = replace(dispute, id=number, at=now.isoformat(timespec="seconds"), actor=ledger.store.actor())
    ledger.store.run(
        "INSERT INTO disputes (id, period, partner, line, clause, reason, raised_at, actor) "
        "VALUES (:id, :period, :partner, :line, :clause, :reason, :at, :actor)",
        id=raised.id,
        period=int(raised.period),
        partner=raised.partner,
        line=raised.line,
        clause=raised.clause,
        reason=raised.reason,
        at=raised.at,
        actor=raised.actor,
    )
    detail = f"{raised.partner} disputes {raised.about} from {raised.period} on: {raised.reason}"
    record(ledger.store, now, Action.DISPUTE, f"dispute {number}", detail)
    return raised


def _say(ledger: StoredLedger, dispute: Dispute, outcome: str, period: Period, reason: str) -> Dispute:
    now = ledger.now()
    at = now.isoformat(timespec="seconds")
    ledger.store.run(
        "INSERT INTO dispute_outcomes (id, dispute, period, outcome, reason, at, actor) "
        "SELECT COALESCE(MAX(id), 0) + 1, :dispute, :period, :outcome, :reason, :at, :actor FROM dispute_outcomes",
        dispute=dispute.id,
        period=int(period),
        outcome=outcome,
        reason=reason,
        at=at,
        actor=ledger.store.actor(),
    )
    action, when = (Action.RESOLVE, "from") if outcome == RESOLVED else (Action.CARRY, "past")
    detail = f"{dispute.about}, disputed by {dispute.partner}, {outcome} {when} {period}: {reason}"
    record(ledger.store, now, action, f"dispute {dispute.id}", detail)
    return replace(dispute, outcome=outcome, outcome_period=period, outcome_reason=reason, outcome_at=at)


# At which period


def _unsigned(ledger: StoredLedger, period: Period) -> Period:
    """The period, or the next that is not signed. Raises RefusedError if there is none, or it is put up for signature.

    For a line of a signed period that counts from the next one on, it is that one's sign-off that deals with it.
    """
    signed = _signed(ledger)
    later = next((each for each in Period if each >= period and each not in signed), None)
    if later is None:
        refuse(f"every period from {period} on is signed; take it up in the next year’s ledger", ledger.name)
    refuse_if_put_up(ledger, later)
    return later


def _refuse_if_signed(ledger: StoredLedger, period: Period, why: str) -> None:
    signed = _signed(ledger)
    if period in signed:
        later = next((each for each in Period if each > period and each not in signed), None)
        where = "the next year’s ledger" if later is None else str(later)
        refuse(f"{period} is signed, which is final; {why} {where}", ledger.name)
    refuse_if_put_up(ledger, period)


def _signed(ledger: StoredLedger) -> frozenset[Period]:
    return frozenset(state.period for state in ledger.periods() if state.state is State.SIGNED)


def _refuse_unless_a_partner(ledger: StoredLedger, partner: str, period: Period) -> None:
    known = [each.code for each in partners_in_being(ledger.agreement_at(period), period)]
    if partner not in known:
        refuse(f"“{partner}” is not a partner in being at {period}; they are {listed(known)}", ledger.name)
