"""Periods held and reopened, and lines that come after."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ledgers import Ledger, NewLine, State
from ledgers.trail import trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError

M1, M2, M3, M4, M12, M13 = Period.M1, Period.M2, Period.M3, Period.M4, Period.M12, Period.M13
REFUSED = (sqlite3.IntegrityError, psycopg.errors.RaiseException)


def actual(period: Period) -> NewLine:
    return NewLine(period, "BEDS", "COUNCIL", Kind.ACTUAL, 100)


def states(ledger: Ledger) -> set[Period]:
    return {state.period for state in ledger.periods() if state.state is State.HELD}


def test_every_period_of_a_new_ledger_is_open(ledger: Ledger) -> None:
    assert [state.period for state in ledger.periods()] == list(Period)
    assert {state.state for state in ledger.periods()} == {State.OPEN}


def test_holding_a_period_holds_its_year_to_date(ledger: Ledger) -> None:
    assert ledger.hold(M3) == (M1, M2, M3)
    assert states(ledger) == {M1, M2, M3}
    assert ledger.hold(M4) == (M4,)


def test_a_state_says_who_put_it_there_and_when(ledger: Ledger) -> None:
    ledger.hold(M1)
    first = ledger.periods()[0]
    assert first.actor
    assert first.at == "2022-08-01T12:00:00+00:00"


def test_holding_twice_is_refused(ledger: Ledger) -> None:
    ledger.hold(M2)
    with pytest.raises(RefusedError, match=r": M1 is held already \(since 1 August 2022 12:00 UTC, by \S+\)$"):
        ledger.hold(M1)


def test_reopening_a_period_reopens_those_after_it(ledger: Ledger) -> None:
    ledger.hold(M4)
    assert ledger.reopen(M3) == (M3, M4)
    assert states(ledger) == {M1, M2}


def test_reopening_an_open_period_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"M1 is open"):
        ledger.reopen(M1)


SIGNED = "INSERT INTO period_states VALUES (90, 1, 'signed', 0, '2022-08-02', 'somebody')"
NOTE = "INSERT INTO notes VALUES (1, 1, 'what is signed', 2, '{}', '', '2022-08-02', 'somebody', 'a version')"


def signature(number: int, partner: str) -> str:
    return f"INSERT INTO signatures VALUES ({number}, 1, '{partner}', 'what is signed', 'ab')"


@pytest.mark.parametrize("there_is", [(), (NOTE,), (NOTE, signature(1, "COUNCIL"))])
def test_the_store_itself_signs_no_period_before_every_partner_has_signed_its_note(
    ledger: Ledger, raw: Callable[..., None], there_is: tuple[str, ...]
) -> None:
    ledger.hold(M1)
    for statement in there_is:
        raw(ledger, statement)
    with pytest.raises(REFUSED, match=r"a period is signed when it is held and every partner has signed its note"):
        raw(ledger, SIGNED)


def test_the_store_itself_signs_no_open_period(ledger: Ledger, raw: Callable[..., None]) -> None:
    for statement in (NOTE, signature(1, "COUNCIL"), signature(2, "CCG")):
        raw(ledger, statement)
    with pytest.raises(REFUSED, match=r"a period is signed when it is held and every partner has signed its note"):
        raw(ledger, SIGNED)


def test_a_signed_period_is_final(ledger: Ledger, raw: Callable[..., None]) -> None:
    ledger.hold(M1)
    for statement in (NOTE, signature(1, "COUNCIL"), signature(2, "CCG"), SIGNED):
        raw(ledger, statement)
    assert ledger.periods()[0].state is State.SIGNED
    with pytest.raises(RefusedError, match=r"M1 is signed, which is final; post what corrects it to a later period"):
        ledger.reopen(M1)
    with pytest.raises(RefusedError, match=r": M1 is signed already \(since 2 August 2022 00:00 UTC, by somebody\)$"):
        ledger.hold(M1)
    with pytest.raises(REFUSED, match=r"a signed period is final"):
        raw(ledger, "INSERT INTO period_states VALUES (91, 1, 'held', 0, '2022-08-02', 'somebody')")


def test_reopening_takes_a_reason_on_one_line(ledger: Ledger) -> None:
    ledger.hold(M1)
    with pytest.raises(RefusedError, match=r"a text cannot have control characters; remove them"):
        ledger.reopen(M1, "a\x1bb")
    assert ledger.reopen(M1, "late\naccruals") == (M1,)
    assert trail(ledger)[-1].detail == "late accruals"


@pytest.mark.parametrize(
    ("period", "which"), [(M2, "M2 is put up for signature with M3, in note 1"), (M3, "M3 is put up for signature, in")]
)
def test_a_period_put_up_for_signature_is_not_reopened_until_its_note_is_withdrawn(
    ledger: Ledger, raw: Callable[..., None], period: Period, which: str
) -> None:
    ledger.hold(M4)
    raw(ledger, NOTE.replace("(1, 1,", "(1, 3,"))
    raw(ledger, signature(1, "COUNCIL"))
    with pytest.raises(RefusedError) as caught:
        ledger.reopen(period)
    (problem,) = caught.value.problems
    assert problem.message.startswith(which)
    assert problem.message.endswith("withdraw the note first: s75 sign LEDGER --withdraw --reason TEXT")
    assert ledger.reopen(M4) == (M4,)
    raw(ledger, "INSERT INTO withdrawals VALUES (1, 1, 'a mistake', '2022-08-02', 'somebody')")
    assert ledger.reopen(period)[-1] is M3


def test_a_late_line_counts_in_the_next_open_period_and_says_which_it_belongs_to(ledger: Ledger) -> None:
    ledger.hold(M3)
    late, on_time = ledger.post([actual(M2), actual(M4)])
    assert (late.period, late.belongs_to) == (M4, M2)
    assert (on_time.period, on_time.belongs_to) == (M4, None)
    assert [total.to_date_pence for total in ledger.position(M3).totals] == [0]
    assert [line.id for line in ledger.lines(late=True)] == [late.id]


def test_a_late_line_of_an_import_is_counted_as_late(ledger: Ledger, write: Callable[..., Path]) -> None:
    ledger.hold(M3)
    imported = ledger.import_file(write("M1,BEDS,COUNCIL,actual,1.00,,,,", "M5,BEDS,COUNCIL,actual,1.00,,,,"))
    assert (imported.count, imported.late) == (2, 1)
    assert [(line.period, line.belongs_to) for line in ledger.lines()] == [(M4, M1), (Period.M5, None)]


def test_late_lines_of_one_virement_stay_together(ledger: Ledger) -> None:
    ledger.hold(M3)
    legs = ledger.virement(M2, 100, giver=("BEDS", "COUNCIL"), taker=("HOME", "COUNCIL"), reference="V")
    assert [(leg.period, leg.belongs_to) for leg in legs] == [(M4, M2)] * 2


def test_with_no_later_period_open_a_line_is_refused(ledger: Ledger) -> None:
    ledger.hold(M13)
    with pytest.raises(RefusedError, match=r"M13 is closed and no later period is open to take a late line"):
        ledger.post([actual(M13)])


def test_what_was_posted_before_a_period_was_held_stays_in_it(ledger: Ledger) -> None:
    ledger.post([actual(M1)])
    ledger.hold(M1)
    ledger.reopen(M1)
    ledger.post([actual(M1)])
    assert ledger.position(M1).totals[0].to_date_pence == 200
