"""What needs doing in a ledger, each thing a sentence and what it is about: the Overview's list.

`tasks_of` is quick whatever the ledger's length, since it reads totals that are kept. `checked` sums every line anew,
as `s75 check` does: on a long ledger that takes a while.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ledgers.auditing import CLOSED, DAMAGE, DOCUMENT, FROM, KEPT, LATE, TRAIL, VIREMENT
from ledgers.checks import CONTROL, MEASURE, control_findings
from ledgers.ledger import Finding, Ledger, State
from ledgers.monthly import Posted
from ledgers.stored import StoredLedger
from rules.agreement import Agreement, Control
from rules.english import listed
from rules.money import pounds
from rules.periods import FinancialYear, Period
from settlement.sentences import SUBJECT_NAMES, group_name
from settlement.settle import Settlement
from settlement.standing import PeriodStanding, Standing, in_runs


class About(StrEnum):
    """What a task is about, which is where it leads."""

    UNALLOCATED = "unallocated"
    NOT_SETTLED = "not settled"
    CONTROL = "control total"
    VIREMENT = "virement"
    LATE = "late lines"
    LINES = "lines"
    AGREEMENT = "agreement"
    LEDGER = "the ledger itself"
    HOLD = "periods to hold"
    SEAL = "statements to put up for signature"
    SIGN = "statements to sign"
    ASSENT = "versions that await assent"
    DISPUTE = "disputes"


_OF_CHECKS = {
    CONTROL: About.CONTROL,
    VIREMENT: About.VIREMENT,
    LATE: About.LATE,
    CLOSED: About.LINES,
    FROM: About.LINES,
    MEASURE: About.AGREEMENT,
    "code": About.AGREEMENT,
    KEPT: About.LEDGER,
    DAMAGE: About.LEDGER,
    TRAIL: About.LEDGER,
    DOCUMENT: About.LEDGER,
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that needs doing. `is_grave` is what keeps a period from being signed, or the figures from being right.

    `period`, `clause`, `line`, `version` and `control` say which it is about, as far as they are known.
    """

    about: About
    sentence: str
    is_grave: bool = False
    period: Period | None = None
    clause: str = ""
    line: int | None = None
    version: int | None = None
    control: Control | None = None


def tasks_of(
    agreement: Agreement,
    settlement: Settlement | None,
    why_not: Iterable[str],
    posted: Iterable[Posted],
    standing: Standing,
    *,
    period: Period,
    today: dt.date,
    is_signed_here: bool = True,
) -> tuple[Task, ...]:
    """What needs doing, seen from a period: what is grave first, then in the order that the month's work goes.

    `is_signed_here` is whether periods are held and signed in this ledger at all: of a folder they are not.
    """
    found = list(posted)
    return (
        *(Task(About.NOT_SETTLED, f"The agreement cannot be applied: {why}", is_grave=True) for why in why_not),
        *(() if settlement is None else _unallocated(settlement)),
        *_controls(agreement, found, period),
        *(_to_hold(found, standing, agreement.year, today) if is_signed_here else ()),
        *_to_sign(standing.periods),
        *_to_assent(standing),
        *_disputed(standing),
    )


def is_signed_in(ledger: Ledger) -> bool:
    """Whether periods of the ledger can be held and signed: in a folder nothing is."""
    return isinstance(ledger, StoredLedger)


def checked(findings: Iterable[Finding], known: Iterable[Task]) -> tuple[Task, ...]:
    """What a check of every line adds to the tasks that are known. What no clause deals with they tell already."""
    told = {task.sentence for task in known}
    found = (_of_finding(finding) for finding in findings if finding.check in _OF_CHECKS)
    return tuple(task for task in found if task.sentence not in told)


def _of_finding(finding: Finding) -> Task:
    about = _OF_CHECKS[finding.check]
    return Task(about, _sentence(finding.message), about is not About.LATE, finding.period)


def _sentence(message: str) -> str:
    end = "" if message.endswith(".") else "."
    return f"{message[:1].upper()}{message[1:]}{end}"


def _unallocated(settlement: Settlement) -> Iterator[Task]:
    reading = "forecast outturn" if settlement.is_outturn else "year to date"
    for dealt in settlement.outcome.subjects:
        if dealt.unallocated_pence:
            name = f"{SUBJECT_NAMES[dealt.subject.on]} of {group_name(dealt.subject.group, settlement.outcome)}"
            sentence = (
                f"No clause deals with {pounds(dealt.unallocated_pence)} of the {name} ({reading}). "
                "Add a clause to the risk share, or widen one."
            )
            yield Task(About.UNALLOCATED, sentence, is_grave=True, period=settlement.period)


def _controls(agreement: Agreement, posted: list[Posted], period: Period) -> Iterator[Task]:
    """One finding at most for each control total, so that each task knows the control that it is about."""
    controls = [control for control in agreement.controls if control.period <= period]
    if not controls:
        return
    totals = [(each.scheme, each.partner, str(each.kind), each.period, each.amount_pence) for each in posted]
    for control in controls:
        for finding in control_findings(replace(agreement, controls=(control,)), totals, period):
            yield Task(About.CONTROL, _sentence(finding.message), is_grave=True, period=control.period, control=control)


def _to_hold(posted: list[Posted], standing: Standing, year: FinancialYear, today: dt.date) -> Iterator[Task]:
    """Months that have passed and have lines, and are open still. M13 passes when the accounts are made: never here."""
    used = {each.period for each in posted}
    last = max(used, default=None)
    over = [
        each.period
        for each in standing.periods
        if each.state is State.OPEN
        and each.period is not Period.M13
        and last is not None
        and each.period <= last
        and _is_over(each.period, year, today)
    ]
    if over:
        verb = "has passed and is" if len(over) == 1 else "have passed and are"
        sentence = f"{in_runs(over)} {verb} still open. Hold {'it' if len(over) == 1 else 'them'} once complete."
        yield Task(About.HOLD, sentence, period=over[-1])


def _is_over(period: Period, year: FinancialYear, today: dt.date) -> bool:
    return today > year.ends() if period >= Period.M12 else today >= year.begins(Period(period + 1))


def _to_sign(periods: Iterable[PeriodStanding]) -> Iterator[Task]:
    held = [each.period for each in periods if each.state is State.HELD and each.note is None]
    if held:
        verb = "is" if len(held) == 1 else "are"
        yield Task(About.SEAL, f"{in_runs(held)} {verb} held and not yet put up for signature.", period=held[-1])
    pending = {each.note: each for each in periods if each.state is State.HELD and each.note is not None}
    for each in pending.values():
        at = each.note_period or each.period
        sentence = (
            f"The statements of {at} are put up for signature (note {each.note}): {listed(each.awaiting)} to sign."
        )
        yield Task(About.SIGN, sentence, period=at)


def _to_assent(standing: Standing) -> Iterator[Task]:
    for version in standing.versions:
        sentence = (
            f"Version {version.version} of the agreement, from {version.from_period}, is provisional: "
            f"{listed(version.awaiting)} {'has' if len(version.awaiting) == 1 else 'have'} still to assent to it."
        )
        yield Task(About.ASSENT, sentence, period=version.from_period, version=version.version)


def _disputed(standing: Standing) -> Iterator[Task]:
    for dispute in standing.disputes:
        sentence = _sentence(f"{dispute.partner} disputes {dispute.about} from {dispute.period} on: {dispute.reason}")
        yield Task(About.DISPUTE, sentence, period=dispute.period, clause=dispute.clause or "", line=dispute.line)
