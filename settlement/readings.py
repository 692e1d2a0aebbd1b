"""A period's settlement beside the others that a person holds it against: settled before, the movement, the outturn."""

from dataclasses import dataclass, field
from enum import StrEnum

from ledgers import Ledger, Line, PeriodState
from ledgers.disputes import disputes
from rules.periods import Period
from rules.problems import RefusedError
from rules.succession import stand_ins
from settlement.disputed import Disputed, disputed_at
from settlement.result import ROW_KEYS, row_figures
from settlement.service import settle_ledger, settled_before
from settlement.settle import Settlement
from settlement.without import shown_without


class Reading(StrEnum):
    """Which of the settlements side by side a figure is of."""

    TO_DATE = "year to date"
    BEFORE = "settled before"
    MOVEMENT = "movement"
    OUTTURN = "forecast outturn"


@dataclass(frozen=True, slots=True)
class Readings:
    """The settlement of a period, year to date, and what stands beside it.

    `before` is what was settled before, None if nothing was; `outturn` the forecast outturn seen from the period, None
    where it cannot be settled, and then `why_no_outturn` says why. `chosen` is the one of the two that was asked for,
    and `disputed` what is in dispute of it. `replaced` names, for each partner, those whose place it has taken.
    """

    chosen: Settlement
    to_date: Settlement | None
    before: Settlement | None
    outturn: Settlement | None
    state: PeriodState
    disputed: Disputed | None = None
    why_not: dict[Reading, str] = field(default_factory=dict)
    replaced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    disputed_lines: tuple[Line, ...] = ()

    def settlement_of(self, reading: Reading) -> Settlement | None:
        """The settlement of a reading; of a movement there is none."""
        return {Reading.TO_DATE: self.to_date, Reading.BEFORE: self.before, Reading.OUTTURN: self.outturn}.get(reading)

    def codes_of(self, partner: str) -> tuple[str, ...]:
        """The partner and all those whose place it has taken by now: under one of these it was settled before."""
        return (partner, *self.replaced.get(partner, ()))

    def figures_of(self, partner: str) -> dict[Reading, dict[str, int]]:
        """A partner's row by reading and the result's keys, in pence; readings that there are not are left out."""
        found = {
            reading: _row(settlement, self.codes_of(partner) if reading is Reading.BEFORE else (partner,))
            for reading in (Reading.TO_DATE, Reading.BEFORE, Reading.OUTTURN)
            if (settlement := self.settlement_of(reading)) is not None
        }
        if Reading.TO_DATE in found and Reading.BEFORE in found:
            now, then = found[Reading.TO_DATE], found[Reading.BEFORE]
            found[Reading.MOVEMENT] = {key: now[key] - then[key] for key in ROW_KEYS}
        return found


def readings(ledger: Ledger, period: Period, *, outturn: bool = False) -> Readings:
    """Everything to set side by side at a period. Raises RefusedError where the one asked for cannot be settled."""
    with ledger.snapshot():
        why_not: dict[Reading, str] = {}
        chosen = settle_ledger(ledger, period, outturn=outturn)
        other = _settled(ledger, period, Reading.TO_DATE if outturn else Reading.OUTTURN, why_not)
        disputed = disputed_at(ledger, period, disputes(ledger, period), outturn=outturn)
        replaced: dict[str, tuple[str, ...]] = {}
        for code, now in stand_ins(ledger.agreement_at(period), period).items():
            replaced[now] = (*replaced.get(now, ()), code)
        return Readings(
            chosen=chosen,
            to_date=other if outturn else chosen,
            before=settled_before(ledger, period),
            outturn=chosen if outturn else other,
            state=next(state for state in ledger.periods() if state.period == period),
            disputed=disputed,
            why_not=why_not,
            replaced=replaced,
        )


def _settled(ledger: Ledger, period: Period, reading: Reading, why_not: dict[Reading, str]) -> Settlement | None:
    try:
        return settle_ledger(ledger, period, outturn=reading is Reading.OUTTURN)
    except RefusedError as refused:
        why_not[reading] = "; ".join(problem.message for problem in refused.problems)
        return None


def _row(settlement: Settlement, codes: tuple[str, ...]) -> dict[str, int]:
    rows = [row_figures(row) for row in settlement.rows if row.partner in codes]
    return {key: sum(row[key] for row in rows) for key in ROW_KEYS}


@dataclass(frozen=True, slots=True)
class Without:
    """What a partner's net due would be without what is in dispute, in pence."""

    partner: str
    stated_pence: int
    without_pence: int
    difference_pence: int


def without_disputed(settlement: Settlement, disputed: Disputed) -> tuple[Without, ...]:
    """Each partner's net due with and without what is in dispute; empty where it cannot be settled without.

    What no clause would then allocate is in nobody's, as on the statement.
    """
    if disputed.without is None:
        return ()
    shown = shown_without(settlement, disputed.without)
    told = []
    for row in settlement.rows:
        then = shown.net_due_pence[row.partner]
        told.append(Without(row.partner, row.net_due_pence, then, row.net_due_pence - then))
    return tuple(told)
