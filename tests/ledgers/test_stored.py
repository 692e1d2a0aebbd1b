"""A stored ledger as it is read: lines found, whatever the order they came in, and little loaded for it."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import Ledger, NewLine, create_ledger
from ledgers.sqlite import SqliteStore
from rules.agreement import Kind
from rules.money import LARGEST_PENCE
from rules.periods import Period
from rules.problems import RefusedError

M1, M2, M6 = Period.M1, Period.M2, Period.M6
LINES = [
    NewLine(M1, "BEDS", "COUNCIL", Kind.BUDGET, 100, reference="A"),
    NewLine(M2, "BEDS", "CCG", Kind.ACTUAL, 200),
    NewLine(M6, "HOME", "ICB", Kind.ACTUAL, 300, reference="A"),
    NewLine(M6, "BEDS", "COUNCIL", Kind.ACTUAL, 400, cause="default"),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"period": M6}, [3, 4]),
        ({"upto": M2}, [1, 2]),
        ({"scheme": "BEDS"}, [1, 2, 4]),
        ({"partner": "CCG"}, [2]),
        ({"kind": Kind.ACTUAL}, [2, 3, 4]),
        ({"scheme": "BEDS", "kind": Kind.ACTUAL, "period": M6}, [4]),
        ({"reference": "A"}, [1, 3]),
        ({"batch": 2}, [3, 4]),
        ({"late": True}, []),
        ({"late": False}, [1, 2, 3, 4]),
        ({"after": 2}, [3, 4]),
        ({"limit": 3}, [1, 2, 3]),
        ({"after": 1, "limit": 2}, [2, 3]),
        ({"limit": 0}, []),
        ({"scheme": "NONE"}, []),
    ],
)
def test_lines_are_found_in_the_order_they_were_posted(
    ledger: Ledger, wanted: dict[str, Any], found: list[int]
) -> None:
    ledger.post(LINES[:2])
    ledger.post(LINES[2:])
    assert [line.id for line in ledger.lines(**wanted)] == found


def test_lines_are_fetched_in_windows(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.post([NewLine(M1, "BEDS", "COUNCIL", Kind.ACTUAL, number) for number in range(25)])
    monkeypatch.setattr("ledgers.stored._WINDOW", 10)
    assert [line.amount_pence for line in ledger.lines()] == list(range(25))
    assert [line.amount_pence for line in ledger.lines(limit=13)] == list(range(13))


def test_the_last_period_is_of_lines_or_measures(ledger: Ledger, write: Callable[..., Path]) -> None:
    assert ledger.last_period() is None
    ledger.post(LINES[:2])
    assert ledger.last_period() is M2
    ledger.import_file(write("M9,NEA,1,1,1", header="period,measure,baseline,target,actual\n"))
    assert ledger.last_period() is Period.M9


def test_the_order_of_lines_does_not_matter(ledger: Ledger, tmp_path: Path, agreement_text: str) -> None:
    shuffled = LINES * 3
    random.Random(1).shuffle(shuffled)  # noqa: S311  any order will do
    with create_ledger(tmp_path / "other.s75", agreement_text) as other:
        other.post(shuffled)
        ledger.post(LINES * 3)
        for period in Period:
            assert ledger.position(period) == other.position(period)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.builds(
                NewLine,
                st.sampled_from([M1, M2, M6]),
                st.sampled_from(["BEDS", "HOME"]),
                st.sampled_from(["COUNCIL", "CCG"]),
                st.sampled_from([Kind.BUDGET, Kind.ACTUAL]),
                st.integers(-LARGEST_PENCE, LARGEST_PENCE),
            ),
            min_size=1,
            max_size=6,
        ),
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
def test_kept_totals_are_what_the_lines_come_to(
    ledger: Ledger, batches: list[list[NewLine]], chance: random.Random
) -> None:
    for batch in batches:
        posted = ledger.post(batch)
        if chance.random() < 0.5:
            ledger.reverse(chance.choice(posted).id, "drawn by chance")
    assert ledger.findings() == []
    lines = list(ledger.lines())
    for total in ledger.position(M2).totals:
        of = [
            line
            for line in lines
            if (line.scheme, line.partner, line.kind) == (total.scheme, total.partner, total.kind)
        ]
        assert total.to_date_pence == sum(line.amount_pence for line in of if line.period <= M2)
        assert total.later_pence == sum(line.amount_pence for line in of if line.period > M2)


def post_and_fail(ledger: Ledger) -> None:
    with ledger.store.transaction():
        ledger.store.run("INSERT INTO mappings VALUES (1, 'a', '', '', '')")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(ledger: Ledger) -> Never:
    ledger.post(LINES[:1])
    with pytest.raises(ZeroDivisionError):
        post_and_fail(ledger)
    assert ledger.mappings() == {}
    ledger.post(LINES[1:])
    assert len(list(ledger.lines())) == 4


def test_a_position_costs_the_same_whatever_the_number_of_lines(sqlite_ledger: Ledger) -> None:
    """It reads the kept totals alone: what SQLite says it will read names no other table."""
    store = sqlite_ledger.store
    assert isinstance(store, SqliteStore)
    plan = " ".join(row[3] for row in store.rows("EXPLAIN QUERY PLAN " + "SELECT SUM(amount_pence) FROM totals"))
    assert "totals" in plan
    read = []
    store.connection.set_trace_callback(read.append)
    sqlite_ledger.position(M6)
    store.connection.set_trace_callback(None)
    assert len(read) == 3  # whether the period is signed, the totals, the measures
    assert not any("lines" in sql for sql in read)


def test_reading_loads_none_of_the_heavy_libraries(place: str, ledger: Ledger) -> None:
    ledger.post(LINES)
    program = f"""
import sys
from ledgers import open_ledger
from rules.periods import Period
with open_ledger({place!r}, read_only=True) as ledger:
    ledger.agreement_at(Period.M6), ledger.position(Period.M6), list(ledger.lines()), ledger.periods()
heavy = {{"sqlmodel", "sqlalchemy", "alembic", "pandas", "pydantic", "filelock", "python_calamine", "moneyed"}}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
assert not any(name.startswith("ledgers.importing") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_server_that_is_not_there_is_said_so(reopen: Callable[..., Ledger]) -> None:
    with pytest.raises(RefusedError) as caught:
        reopen("postgresql://s75:secret@127.0.0.1:1/none")
    told = str(caught.value).partition(" (0x")[0]  # Windows tells its number for it as well
    assert told == (
        "postgresql://s75@127.0.0.1:1/none: the server cannot be reached: "
        'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    )


@pytest.mark.parametrize(
    ("url", "shown", "why"),
    [
        (
            "postgresql://u:secret@[::1/x",
            "postgresql://u@[::1/x",
            'end of string reached when looking for matching "]" in IPv6 host address in URI',
        ),
        ("postgresql://u@h:abc/x", "postgresql://u@h:abc/x", "a port is a whole number from 1 to 65535"),
        ("postgresql://u:p@h:99999/x", "postgresql://u@h:99999/x", "a port is a whole number from 1 to 65535"),
        ("postgresql://h:0/x?user=a@b", "postgresql://h:0/x?user=a@b", "a port is a whole number from 1 to 65535"),
        ("postgresql://u@h:1,i:x/x", "postgresql://u@h:1,i:x/x", "a port is a whole number from 1 to 65535"),
        ("postgresql://u:%zz@h/x", "postgresql://u@h/x", "invalid percent-encoded token"),
    ],
)
def test_what_is_no_url_is_refused_in_a_sentence_without_its_password(
    agreement_text: str, reopen: Callable[..., Ledger], url: str, shown: str, why: str
) -> None:
    for opening in (reopen, lambda place: create_ledger(place, agreement_text)):
        with pytest.raises(RefusedError) as caught:
            opening(url)
        assert str(caught.value) == (
            f"{shown}: this is not a PostgreSQL URL: {why}; write postgresql://user@server/database"
        )


def test_a_schema_without_a_ledger_is_said_so(postgres_url: str, reopen: Callable[..., Ledger]) -> None:
    with pytest.raises(RefusedError, match=r"there is no ledger in this schema; make one with “s75 new URL"):
        reopen(postgres_url + "?options=-csearch_path%3Dnowhere")


def test_a_ledger_on_a_server_is_backed_up_by_the_server(
    postgres_url: str, tmp_path: Path, agreement_text: str
) -> None:
    url = postgres_url + "?options=-csearch_path%3Dfor_backup"
    with create_ledger(url, agreement_text) as ledger, pytest.raises(RefusedError, match=r"pg_dump --format=custom"):
        ledger.backup(tmp_path / "copy")
    with pytest.raises(RefusedError, match=r"there is a ledger in this schema already; it is never overwritten"):
        create_ledger(url, agreement_text)


def test_a_newer_schema_is_refused(postgres_url: str, agreement_text: str, reopen: Callable[..., Ledger]) -> None:
    url = postgres_url + "?options=-csearch_path%3Dnewer"
    with create_ledger(url, agreement_text) as ledger:
        ledger.store.run("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(RefusedError, match=r"written by a newer version of S75 Settlement"):
        reopen(url)
