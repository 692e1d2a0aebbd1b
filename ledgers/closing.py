"""Periods: open → held, which can be opened again → signed, which is final."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ledgers.ledger import PeriodState, State
from ledgers.refusing import one_line, refuse, refuse_unless_writable, without_control
from ledgers.trail import Action, record
from rules.english import day
from rules.periods import Period

if TYPE_CHECKING:
    from ledgers.stored import StoredLedger

_PUT_UP = """
    SELECT id, period FROM notes
    WHERE period >= :period AND id NOT IN (SELECT note FROM withdrawals)
      AND signatories > (SELECT COUNT(*) FROM signatures WHERE signatures.note = notes.id)
    ORDER BY id LIMIT 1
"""


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
        now = ledger.now()
        last = put(ledger, closed, State.HELD, now)
        left_by = f"batch {last}" if last else "no batch"
        record(ledger.store, now, Action.HOLD, _run(closed), f"closed to new lines after {left_by}")
    return closed


def reopen(ledger: "StoredLedger", period: Period, reason: str = "") -> tuple[Period, ...]:
    """Open a held period and every held one after it, whose years to date include it."""
    refuse_unless_writable(ledger)
    why = without_control(one_line(reason), "reason", ledger.name)
    with ledger.store.transaction():
        states = {state.period: state for state in ledger.periods()}
        signed = [other for other in Period if other >= period and states[other].state is State.SIGNED]
        if signed:
            refuse(f"{signed[0]} is signed, which is final; post what corrects it to a later period", ledger.name)
        if states[period].state is State.OPEN:
            refuse(f"{period} is open", ledger.name)
        refuse_if_put_up(ledger, period)
        opened = tuple(other for other in Period if other >= period and states[other].state is State.HELD)
        now = ledger.now()
        put(ledger, opened, State.OPEN, now)
        record(ledger.store, now, Action.REOPEN, _run(opened), why or "no reason was given")
    return opened


def put_up(ledger: "StoredLedger", period: Period) -> tuple[int, Period] | None:
    """The note by which the period, with all up to its own, waits for signatures, and that note's period."""
    found = ledger.store.rows(_PUT_UP, period=int(period))
    return (found[0][0], Period(found[0][1])) if found else None


def refuse_if_put_up(ledger: "StoredLedger", period: Period) -> None:
    """Raise RefusedError if the period is put up for signature: what would be signed must stay as it is."""
    waiting = put_up(ledger, period)
    if waiting is not None:
        note, upto = waiting
        whole = "" if upto == period else f" with {upto}"
        message = (
            f"{period} is put up for signature{whole}, in note {note}, which not every partner has signed; to change "
            "what is to be signed, withdraw the note first: s75 sign LEDGER --withdraw --reason TEXT"
        )
        refuse(message, ledger.name)


def put(ledger: "StoredLedger", periods: Iterable[Period], state: State, now: datetime) -> int:
    """Note that the periods are in the state from now on, after the last batch, whose number it gives back.

    Within a transaction; whether they may be is the caller's.
    """
    ((last, last_batch),) = ledger.store.rows(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM period_states), (SELECT COALESCE(MAX(id), 0) FROM batches)"
    )
    at, actor = now.isoformat(timespec="seconds"), ledger.store.actor()
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
    return int(last_batch)


def _run(periods: tuple[Period, ...]) -> str:
    """`M4`, or `M1 to M3`: they are neighbours, or what lies between is in that state already."""
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def _already(state: PeriodState) -> str:
    at = datetime.fromisoformat(state.at)
    return f"{state.state} already (since {day(at)} {at:%H:%M} UTC, by {state.actor})"
