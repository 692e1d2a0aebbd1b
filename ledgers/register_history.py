"""What there is to say of one line: where it came from, what it takes back or is taken back by, what hangs on it."""

from dataclasses import dataclass

from ledgers.disputes import Dispute, disputes
from ledgers.evidence import About, Evidence, evidence
from ledgers.ledger import Batch, Ledger
from ledgers.lines import Line
from ledgers.register import RegisterLine, register_of
from ledgers.stored import StoredLedger
from ledgers.trail import POSTINGS, Entry, batch_subject
from rules.agreement import Kind

_MOST_LEGS = 200


@dataclass(frozen=True, slots=True)
class History:
    """A line's history.

    `legs` are the other lines of its virement; `evidence` is what is attached to it, to its virement and to its
    disputes; `entries` is what the audit trail tells of its posting.
    """

    line: Line
    batch: Batch | None
    reverses: Line | None
    reversed_by: Line | None
    legs: tuple[Line, ...]
    evidence: tuple[Evidence, ...]
    disputes: tuple[Dispute, ...]
    entries: tuple[Entry, ...]


def history_of(ledger: Ledger, number: int) -> History | None:
    """The history of the line of that number; None if there is no such line."""
    register = register_of(ledger)
    found = register.lines([number]).get(number)
    if found is None:
        return None
    line = found.line
    others = register.lines([other for other in (line.reverses, found.reversed_by) if other is not None])
    about = tuple(each for each in disputes(ledger) if each.line == number)
    return History(
        line,
        next((batch for batch in ledger.batches() if batch.id == line.batch), None),
        _of(others, line.reverses),
        _of(others, found.reversed_by),
        _legs(ledger, line),
        tuple(each for each in evidence(ledger) if _is_about(each, line, about)),
        about,
        _entries(ledger, line),
    )


def _of(others: dict[int, RegisterLine], number: int | None) -> Line | None:
    found = others.get(number) if number is not None else None
    return None if found is None else found.line


def _legs(ledger: Ledger, line: Line) -> tuple[Line, ...]:
    if line.kind is not Kind.VIREMENT or not line.reference:
        return ()
    shared = ledger.lines(kind=Kind.VIREMENT, reference=line.reference, limit=_MOST_LEGS)
    return tuple(each for each in shared if each.id != line.id)


def _is_about(found: Evidence, line: Line, about: tuple[Dispute, ...]) -> bool:
    if found.about is About.LINE:
        return found.target == str(line.id)
    if found.about is About.VIREMENT:
        return line.kind is Kind.VIREMENT and found.target == line.reference
    return found.about is About.DISPUTE and found.target in {str(dispute.id) for dispute in about}


def _entries(ledger: Ledger, line: Line) -> tuple[Entry, ...]:
    if not isinstance(ledger, StoredLedger):
        return ()
    rows = ledger.store.rows(
        "SELECT id, at, actor, program, action, subject, detail, digest FROM audit "
        "WHERE subject = :subject ORDER BY id",
        subject=batch_subject(line.batch),
    )
    return tuple(entry for entry in (Entry(*row) for row in rows) if entry.action in POSTINGS)
