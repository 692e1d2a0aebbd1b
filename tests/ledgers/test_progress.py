"""How far long work has come is told by the rows read, and what the report raises undoes the work."""

import pytest

from ledgers import Ledger, NewLine, State, open_ledger
from ledgers.lines import LineFilter
from ledgers.progress import rows_in, told
from ledgers.sampled import amounts, last_line, lines_numbered
from rules.agreement import Kind
from rules.periods import Period
from settlement.signoff.signing import sign
from tests.conftest import GOLDEN
from tests.settlement.signoff.conftest import ledger, place, unguarded
from tests.settlement.signoff.lives import KEYS, counts, signed_for
from tests.settlement.signoff.signing import LBB

__all__ = ["ledger", "place", "unguarded"]


class Stop(Exception):  # noqa: N818  it is no error
    """Called off."""


def test_reading_every_line_is_told_as_it_goes_and_never_as_done(ledger: Ledger) -> None:
    ledger.post(NewLine(Period.M1, "S1", "LBB", Kind.ACTUAL, 1) for _ in range(200))
    heard: list[tuple[int, int, str]] = []
    with told(ledger, lambda *each: heard.append(each), "Reading"):
        assert len(list(ledger.lines())) == 203
    assert heard[-1] == (203, 204, "Reading")
    assert rows_in(ledger) == 203
    heard.clear()
    list(ledger.lines())
    assert heard == []


def test_signing_that_is_called_off_changes_nothing_and_can_be_done_after_all(ledger: Ledger) -> None:
    ledger.hold(Period.M3)
    before = counts(ledger)

    asked = 0

    def stop(_done: int, _total: int, _what: str) -> None:
        nonlocal asked
        asked += 1
        if asked > 40:
            raise Stop

    with pytest.raises(Stop), told(ledger, stop, "Sealing"):
        sign(ledger, Period.M3, "LBB", LBB, name="Ann", role="Treasurer")
    assert counts(ledger) == before
    signed_for(ledger, Period.M3, "LBB")
    signed_for(ledger, Period.M3, "BCCG")
    assert next(each.state for each in ledger.periods() if each.period is Period.M3) is State.SIGNED
    assert set(KEYS) == {"LBB", "BCCG"}


def test_a_folder_tells_nothing() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as folder:
        with told(folder, lambda *_: pytest.fail("told"), "Reading"):
            list(folder.lines())
        assert rows_in(folder) == 0


def test_a_population_is_the_lines_asked_for_up_to_its_last(ledger: Ledger) -> None:
    assert last_line(ledger) == 3
    assert list(amounts(ledger, LineFilter(), 3)) == [(1, 30_000), (2, 10_000), (3, 48_000)]
    assert list(amounts(ledger, LineFilter(), 2)) == [(1, 30_000), (2, 10_000)]
    assert list(amounts(ledger, LineFilter(partner="LBB", kind=Kind.ACTUAL, upto=Period.M3), 3)) == [(3, 48_000)]
    assert list(amounts(ledger, LineFilter(scheme="S1", period=Period.M1), 3)) == [(1, 30_000), (2, 10_000)]
    assert [line.id for line in lines_numbered(ledger, [3, 1, 99])] == [3, 1]
