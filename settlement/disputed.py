"""What is in dispute at a period, and the settlement as it would be without it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ledgers.disputes import Dispute
from ledgers.ledger import Ledger
from ledgers.lines import Line
from rules.agreement import Agreement, Kind
from rules.periods import Period
from rules.position import Position, Total
from rules.problems import Problem, RefusedError
from settlement.settle import Settlement, settle

_Key = tuple[str, str, Kind, bool]


MOST_ALONE = 12
"""Things in dispute that are each left out by itself: with more of them nobody reads so many settlements."""


@dataclass(frozen=True, slots=True)
class Alone:
    """The settlement without one line (and what goes with it) or one clause that is in dispute, all else as it is.

    Where it cannot be settled, `without` is None and `why_not` says why.
    """

    line: int | None
    clause: str | None
    without: Settlement | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Disputed:
    """The disputes that stand at a settlement, what they are about, and the settlement without that.

    `lines` are all the lines that `without` leaves out: those disputed, with their reversals and the other legs of
    their virements. Where it cannot be settled, `without` is None and `why_not` says why. `alone` has the settlement
    without each of several things by itself, if that was asked for.
    """

    disputes: tuple[Dispute, ...]
    without: Settlement | None
    why_not: str = ""
    lines: tuple[Line, ...] = ()
    alone: tuple[Alone, ...] = ()


def standing(disputes: Iterable[Dispute], period: Period) -> tuple[Dispute, ...]:
    """Those that stand at a settlement of the period: raised at it or before, and not resolved by then.

    One that is resolved at a later period stood here, and a statement printed again says what it said.
    """
    return tuple(
        dispute
        for dispute in disputes
        if dispute.period <= period
        and (dispute.is_open or (dispute.outcome_period is not None and dispute.outcome_period > period))
    )


def disputed_at(
    ledger: Ledger,
    period: Period,
    disputes: Iterable[Dispute],
    *,
    outturn: bool = False,
    position: Position | None = None,
    with_each: bool = False,
) -> Disputed | None:
    """What a statement of the period says of disputes; None if none stands there.

    It is taken out of the `position`, where another than the ledger's own is settled; `with_each` has every one of
    several things taken out by itself as well.
    """
    found = standing(disputes, period)
    if not found:
        return None
    if position is None:
        position = ledger.position(period, outturn=outturn)
    lines: tuple[Line, ...] = ()
    alone = _alone(ledger, position, found) if with_each else ()
    try:
        lines = lines_disputed(ledger, found)
        without = settled_without(ledger.agreement_at(period), position, found, lines)
    except RefusedError as refused:
        return Disputed(found, None, _why(refused), lines, alone)
    return Disputed(found, without, lines=lines, alone=alone)


def _alone(ledger: Ledger, position: Position, disputes: tuple[Dispute, ...]) -> tuple[Alone, ...]:
    """The settlement without each thing by itself; nothing where there is but one, or more than are read."""
    things = {(dispute.line, dispute.clause): dispute for dispute in disputes}
    if not 1 < len(things) <= MOST_ALONE:
        return ()
    agreement = ledger.agreement_at(position.period)
    alone = []
    for (line, clause), dispute in things.items():
        try:
            without = settled_without(agreement, position, (dispute,), lines_disputed(ledger, (dispute,)))
        except RefusedError as refused:
            alone.append(Alone(line, clause, None, _why(refused)))
        else:
            alone.append(Alone(line, clause, without))
    return tuple(alone)


def _why(refused: RefusedError) -> str:
    return "; ".join(problem.message for problem in refused.problems)


def settle_without(ledger: Ledger, period: Period, disputes: Iterable[Dispute], *, outturn: bool = False) -> Settlement:
    """The settlement without the lines in dispute at the period, under the agreement without the disputed clauses.

    Raises RefusedError where that cannot be settled.
    """
    found = standing(disputes, period)
    position = ledger.position(period, outturn=outturn)
    return settled_without(ledger.agreement_at(period), position, found, lines_disputed(ledger, found))


def settled_without(
    agreement: Agreement, position: Position, disputes: Iterable[Dispute], lines: Iterable[Line]
) -> Settlement:
    """A position settled without these lines and without the clauses of these disputes. Raises RefusedError."""
    clauses = frozenset(dispute.clause for dispute in disputes if dispute.clause is not None)
    return settle(without_clauses(agreement, clauses), without_lines(position, lines))


# Lines


def lines_disputed(ledger: Ledger, disputes: Iterable[Dispute]) -> tuple[Line, ...]:
    """Every line that goes with the disputed ones, each once, in the order they were posted.

    A leg of a virement takes its other legs with it, or budgets would no longer balance; a line that was reversed
    takes its reversal. Raises RefusedError for a line that is not there, and for a leg whose others are not known.
    """
    found: dict[int, Line] = {}
    for number in dict.fromkeys(dispute.line for dispute in disputes if dispute.line is not None):
        for leg in _legs(ledger, _line(ledger, number)):
            found[leg.id] = leg
            found.update((reversal.id, reversal) for reversal in ledger.lines(reverses=leg.id))
    return tuple(found[number] for number in sorted(found))


def _line(ledger: Ledger, number: int) -> Line:
    line = next(iter(ledger.lines(after=number - 1, limit=1)), None)
    if line is None or line.id != number:
        raise RefusedError(Problem(f"the ledger has no line {number}, which is in dispute", ledger.name))
    return line


def _legs(ledger: Ledger, line: Line) -> Iterator[Line]:
    """The line; of a virement all the legs posted together with it, and of a reversed one all their reversals."""
    if line.kind is not Kind.VIREMENT:
        yield line
        return
    if not line.reference.strip():
        message = (
            f"line {line.id}, which is in dispute, is a leg of a virement without a reference, so that its other legs "
            "are not known"
        )
        raise RefusedError(Problem(message, ledger.name))
    together = ledger.lines(kind=Kind.VIREMENT, reference=line.reference, batch=line.batch)
    yield from (leg for leg in together if (leg.reverses is None) == (line.reverses is None))


def without_lines(position: Position, lines: Iterable[Line]) -> Position:
    """The position with these lines taken out of its totals.

    A line of a later period is taken out of what is later: of the year's contributions, of a forecast still to come.
    Raises RefusedError for a line that the totals know nothing of.
    """
    left: dict[_Key, list[int]] = {
        (total.scheme, total.partner, total.kind, total.in_default): [total.to_date_pence, total.later_pence]
        for total in position.totals
    }
    for line in lines:
        own = left.get((line.scheme, line.partner, line.kind, line.in_default))
        if own is None:
            message = f"the ledger's totals know nothing of line {line.id}; `s75 check` says what is wrong with them"
            raise RefusedError(Problem(message))
        own[line.period > position.period] -= line.amount_pence
    totals = tuple(
        Total(scheme, partner, kind, to_date, later, in_default)
        for (scheme, partner, kind, in_default), (to_date, later) in left.items()
    )
    return replace(position, totals=totals)


# Clauses


def without_clauses(agreement: Agreement, clauses: frozenset[str]) -> Agreement:
    """The agreement as if these clauses were not in it; a cap stays on the others it is on, or goes with the last."""
    if not clauses:
        return agreement
    caps = (
        replace(cap, clauses=tuple(clause for clause in cap.clauses if clause not in clauses)) for cap in agreement.caps
    )
    return replace(
        agreement,
        clauses=tuple(clause for clause in agreement.clauses if clause.id not in clauses),
        caps=tuple(cap for cap in caps if cap.clauses),
    )
