"""Periods: open → held, which can be opened again → signed, which is final."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ledgers.ledger import PeriodState, State
from ledgers.locking import user_name
from ledgers.refusing import refuse, refuse_unless_writable
from rules.english import day
from rules.periods import Period

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger


def counted_in(states: Iterable[PeriodState]) -> dict[Period, Period | None]:
    """Where the lines of each period go: the period itself if it is open, else the next open one, else nowhere."""
    is_open = {state.period for state in states if state.state is State.OPEN}
    return {
        period: min((other for other in is_open if other >= period), default=None)  # M13 has none after it
        for period in Period
    }


def hold(ledger: "StoredLedger", period: Period) -> tuple[Period, ...]:
    """Close the period and every open one before it: its year to date is theirs too, and stays as it was settled."""
    refuse_unless_writable(ledger)
    with ledger.store.transaction():
        states = {state.period: state for state in ledger.periods()}
        if states[period].state is not State.OPEN:
            refuse(f"{period} is {_already(states[period])}", ledger.name)
        closed = tuple(other for other in Period if other <= period and states[other].state is State.OPEN)
        put(ledger, closed, State.HELD)
    return closed


def reopen(ledger: "StoredLedger", period: Period) -> tuple[Period, ...]:
    """Open a held period and every held one after it, whose years to date include it."""
    refuse_unless_writable(ledger)
    with ledger.store.transaction():
        states = {state.period: state for state in ledger.periods()}
        signed = [other for other in Period if other >= period and states[other].state is State.SIGNED]
        if signed:
            refuse(f"{signed[0]} is signed, which is final; post what corrects it to a later period", ledger.name)
        if states[period].state is State.OPEN:
            refuse(f"{period} is open", ledger.name)
        opened = tuple(other for other in Period if other >= period and states[other].state is State.HELD)
        put(ledger, opened, State.OPEN)
    return opened


def put(ledger: "StoredLedger", periods: Iterable[Period], state: State) -> None:
    """Note that the periods are in the state from now on. Within a transaction; whether they may be is the caller's."""
    ((last, last_batch),) = ledger.store.rows(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM period_states), (SELECT COALESCE(MAX(id), 0) FROM batches)"
    )
    at, actor = ledger.now().isoformat(timespec="seconds"), user_name()
    ledger.store.run_many(
        "INSERT INTO period_states (id, period, state, after_batch, changed_at, actor) "
        "VALUES (:id, :period, :state, :after_batch, :changed_at, :actor)",
        [
            {
                "id": last + number,
                "period": int(period),
                "state": state.value,
                "after_batch": last_batch,
                "changed_at": at,
                "actor": actor,
            }
            for number, period in enumerate(periods, 1)
        ],
    )


def _already(state: PeriodState) -> str:
    at = datetime.fromisoformat(state.at)
    return f"{state.state} already (since {day(at)} {at:%H:%M} UTC, by {state.actor})"
