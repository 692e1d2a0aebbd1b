"""The audit trail searched: each condition by itself, all together, and a window of it; on both stores."""

import datetime as dt

from ledgers import Ledger, open_ledger
from ledgers.trail import trail
from ledgers.trail_search import TrailFilter, entries, found_entries, numbers, who_and_what
from rules.periods import Period
from tests.conftest import GOLDEN
from tests.settlement.signoff.conftest import ledger, place, unguarded

__all__ = ["ledger", "place", "unguarded"]


def test_each_condition_narrows_it_and_the_newest_stands_first(ledger: Ledger) -> None:
    ledger.hold(Period.M3)
    ledger.reopen(Period.M2, "100% of S_1 was missed")
    everything = trail(ledger)
    assert numbers(ledger, TrailFilter()) == tuple(entry.id for entry in reversed(everything))
    (held,) = numbers(ledger, TrailFilter(action="hold"))
    assert entries(ledger, [held])[0].subject == "M1 to M3"
    (reopened,) = numbers(ledger, TrailFilter(text="MISSED"))
    assert entries(ledger, [reopened])[0].action == "reopen"
    assert numbers(ledger, TrailFilter(text="100%")) == (reopened,)
    assert numbers(ledger, TrailFilter(text="0_1")) == ()
    assert numbers(ledger, TrailFilter(text="s_1 was")) == (reopened,)
    who = everything[0].actor
    assert len(numbers(ledger, TrailFilter(actor=who))) == len(everything)
    assert numbers(ledger, TrailFilter(actor="nobody")) == ()
    day = dt.date(2016, 10, 5)  # the clock of these ledgers
    assert len(numbers(ledger, TrailFilter(since=day, until=day))) == len(everything)
    assert numbers(ledger, TrailFilter(since=day + dt.timedelta(days=1))) == ()
    assert numbers(ledger, TrailFilter(until=day - dt.timedelta(days=1))) == ()
    assert numbers(ledger, TrailFilter(action="hold", text="missed")) == ()


def test_every_entry_found_comes_in_order_and_who_did_what_is_listed(ledger: Ledger) -> None:
    everything = trail(ledger)
    assert tuple(found_entries(ledger, TrailFilter())) == everything
    actors, actions = who_and_what(ledger)
    assert actors == (everything[0].actor,)
    assert actions == tuple(sorted({entry.action for entry in everything}))
    assert entries(ledger, []) == ()


def test_a_folder_has_no_trail() -> None:
    with open_ledger(GOLDEN / "barnet-2014-15-pooled") as folder:
        assert numbers(folder, TrailFilter()) == ()
        assert entries(folder, [1]) == ()
        assert tuple(found_entries(folder, TrailFilter())) == ()
        assert who_and_what(folder) == ((), ())
