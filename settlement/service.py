"""What the command and the desktop both do with an open ledger: settle it, check it, find the lines behind a figure."""

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from operator import attrgetter

from ledgers import Finding, Ledger, Line, State
from ledgers.trail import Action, trail
from rules.agreement import Kind
from rules.figures import LATER_KINDS, WHOLE_YEAR_KINDS
from rules.money import pounds
from rules.outcome import DealtWith
from rules.periods import Period
from rules.problems import Problem, RefusedError
from rules.succession import stand_ins
from settlement.explain import Explained, Lines, explain
from settlement.sentences import SUBJECT_NAMES
from settlement.settle import Settlement, settle


def period_to_settle(ledger: Ledger, asked: Period | None = None) -> Period:
    """The period asked for, else the one that the agreement names, else the last that has lines, else M12."""
    if asked is not None:
        return asked
    return ledger.agreement_at(Period.M13).settle_period or ledger.last_period() or Period.M12


def settle_ledger(ledger: Ledger, period: Period | None = None, *, outturn: bool = False) -> Settlement:
    """The settlement of a ledger, year to date or forecast outturn, under the agreement in force at the period.

    Raises RefusedError, with the ledger's name, where the agreement cannot be applied to its figures.
    """
    try:
        with ledger.snapshot():
            at = period_to_settle(ledger, period)
            agreement, position = ledger.agreement_at(at), ledger.position(at, outturn=outturn)
        return settle(agreement, position)
    except RefusedError as refused:
        raise RefusedError(
            *(problem if problem.file else replace(problem, file=ledger.name) for problem in refused.problems)
        ) from None


def settled_before(ledger: Ledger, period: Period) -> Settlement | None:
    """What was settled before: the settlement at the last period before it that was held or signed, if there is one.

    Periods that were closed together with a later one were not settled by themselves: M1 to M11, held with M12.
    """
    together = _closed_with_a_later_one(ledger)
    held = [
        state.period
        for state in ledger.periods()
        if state.period < period and state.state is not State.OPEN and state.period not in together
    ]
    return settle_ledger(ledger, held[-1]) if held else None


def _closed_with_a_later_one(ledger: Ledger) -> set[Period]:
    """By the last time that each was held, as the audit trail has it: “M1 to M12”."""
    together: set[Period] = set()
    for entry in trail(ledger):
        if entry.action == Action.HOLD:
            first, _, last = entry.subject.partition(" to ")
            run = {each for each in Period if Period.read(first) <= each <= Period.read(last or first)}
            together = (together - run) | (run - {max(run)})
    return together


def lines_behind(ledger: Ledger, settlement: Settlement) -> Lines:
    """How to find the lines that a figure of the settlement is the sum of, a successor's predecessors' among them."""
    period = settlement.period
    replaced = stand_ins(ledger.agreement_at(period), period)
    outturn = settlement.is_outturn
    last = ledger.last_line_of(period)

    def find(scheme: str, partner: str, kind: Kind) -> Iterator[Line]:
        codes = sorted({partner, *(code for code, now in replaced.items() if now == partner)})
        upto = None if outturn and kind in LATER_KINDS | WHOLE_YEAR_KINDS else period
        found = (ledger.lines(scheme=scheme, partner=code, kind=kind, upto=upto) for code in codes)
        for line in merge(*found, key=attrgetter("id")):
            is_later_only = kind in LATER_KINDS and line.period <= period
            was_there = last is None or line.id <= last
            if was_there and not line.in_default and not is_later_only:
                yield line

    return find


def explain_ledger(
    ledger: Ledger,
    period: Period | None = None,
    partner: str | None = None,
    *,
    outturn: bool = False,
    most_lines: int = 5,
) -> tuple[Explained, ...]:
    """Where every figure of the ledger's settlement comes from, down to its lines; for one partner in being, or all.

    Raises RefusedError for a partner that is not in being at the period, and where the ledger cannot be settled.
    """
    settlement = settle_ledger(ledger, period, outturn=outturn)
    codes = [known.code for known in settlement.agreement.partners]
    if partner is not None and partner not in codes:
        message = f"“{partner}” is not a partner in being at {settlement.period}; they are {', '.join(codes)}"
        raise RefusedError(Problem(message, place="--partner"))
    return explain(settlement, partner, lines_behind(ledger, settlement), most_lines)


def check(ledger: Ledger, period: Period | None = None) -> list[Finding]:
    """Everything that keeps a ledger from being signed: the ledger's own findings, and amounts no clause deals with.

    Without a period the whole ledger is checked, and settled at the period that `period_to_settle` names.
    An agreement that cannot be applied to the figures is a finding too, not an error.
    """
    findings = ledger.findings(period)
    try:
        settlement = settle_ledger(ledger, period)
    except RefusedError as refused:
        at = period_to_settle(ledger, period)
        return findings + [Finding("settlement", problem.message, at) for problem in refused.problems]
    left = [dealt for dealt in settlement.outcome.subjects if dealt.unallocated_pence]
    return findings + [_unallocated(dealt, settlement) for dealt in left]


def _unallocated(dealt: DealtWith, settlement: Settlement) -> Finding:
    subject = dealt.subject
    message = (
        f"no clause deals with {pounds(dealt.unallocated_pence)} of the {SUBJECT_NAMES[subject.on]} of "
        f"{pounds(subject.amount_pence)} on {subject.group.code} at {settlement.period}; add or widen a clause"
    )
    return Finding("unallocated", message, settlement.period, dealt.unallocated_pence, 0)
