"""Versions of the agreement: a variation agreed in the middle of the year stands beside what it varies."""

from hashlib import sha256
from typing import TYPE_CHECKING

from ledgers.importing.judging import is_before_its_partner
from ledgers.ledger import State, Version
from ledgers.program import program_version
from ledgers.refusing import reason_given, refuse, refuse_unless_writable
from ledgers.trail import Action, record
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger


_LARGEST = 250_000
"""Characters of an agreement: it must always go into the pack that is signed."""


def agreement_in(text: str, file: str) -> Agreement:
    """The agreement that a text is, to be kept. Raises RefusedError if it does not hold together, or is too long."""
    if len(text) > _LARGEST:
        refuse(f"the agreement has more than {_LARGEST:,} characters, the most that can be signed", file)
    return read_agreement(text, file=file)


def set_agreement(
    ledger: "StoredLedger", text: str, from_period: Period | None, reason: str, *, file: str = ""
) -> Version:
    """Put a version in force from an open period on. See `Ledger.set_agreement` for what is refused."""
    refuse_unless_writable(ledger)
    file = file or "agreement.toml"
    agreement = agreement_in(text, file)
    why = reason_given(reason, "why the agreement is varied", file)
    with ledger.store.transaction():
        start = _open_period(ledger, from_period, file)
        _refuse_if_unfit(ledger, agreement, text, start, file)
        number = len(ledger.versions()) + 1
        now = ledger.now()
        version = Version(
            number,
            start,
            why,
            sha256(text.encode()).hexdigest(),
            ledger.store.actor(),
            now.isoformat(timespec="seconds"),
            program_version(),
        )
        ledger.store.run(
            "INSERT INTO agreements (id, from_period, body, digest, reason, posted_at, actor, program) "
            "VALUES (:id, :from_period, :body, :digest, :reason, :posted_at, :actor, :program)",
            id=number,
            from_period=int(start),
            body=text,
            digest=version.digest,
            reason=version.reason,
            posted_at=version.at,
            actor=version.actor,
            program=version.program,
        )
        detail = f"in force from {start}, sha256 {version.digest}: {version.reason}"
        record(ledger.store, now, Action.AGREEMENT, f"version {number}", detail)
    return version


def _open_period(ledger: "StoredLedger", wanted: Period | None, file: str) -> Period:
    is_open = [state.period for state in ledger.periods() if state.state is State.OPEN]
    if not is_open:
        refuse("every period is closed; reopen the one the variation is to stand from", file)
    if wanted is None:
        return is_open[0]
    if wanted not in is_open:
        message = f"{wanted} is closed; the variation can stand from {is_open[0]}, the next open period"
        refuse(message, file)
    return wanted


def _refuse_if_unfit(ledger: "StoredLedger", agreement: Agreement, text: str, start: Period, file: str) -> None:
    standing = ledger.agreement_at(start)
    if ledger.agreement_text_at(start) == text:
        refuse(f"this is the version already in force at {start}", file)
    problems = [
        Problem(f"the ledger is of {key} {mine}, and this of {theirs}", file, place=f"agreement.{key}")
        for key, mine, theirs in (
            ("id", standing.id, agreement.id),
            ("financial_year", standing.year, agreement.year),
        )
        if mine != theirs
    ]
    for scheme, partner, kind, period in ledger.store.rows("SELECT scheme, partner, kind, period FROM totals"):
        problems += _orphaned(agreement, scheme, partner, kind, Period(period), file)
    if problems:
        raise RefusedError(*dict.fromkeys(problems))


def _orphaned(agreement: Agreement, scheme: str, partner: str, kind: str, period: Period, file: str) -> list[Problem]:
    """Why lines that are posted could no longer stand under the agreement."""
    problems = []
    if scheme not in agreement.scheme_of:
        problems.append(
            Problem(f"the scheme {scheme} has lines in the ledger; it cannot be dropped", file, place="scheme")
        )
    elif kind == Kind.PAYMENT and not agreement.takes_payments(agreement.scheme_of[scheme]):
        message = f"the scheme {scheme} has payments in the ledger, which core services of an aligned fund do not take"
        problems.append(Problem(message, file, place="scheme"))
    if partner not in agreement.partner_of:
        message = (
            f"the partner {partner} has lines in the ledger; it cannot be dropped (a successor names it in succeeds)"
        )
        problems.append(Problem(message, file, place="partner"))
    elif is_before_its_partner(agreement, partner, period):
        message = f"{partner} has lines of {period}, before its from"
        problems.append(Problem(message, file, place="partner"))
    return problems
