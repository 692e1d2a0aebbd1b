"""What a ledger on a server does that none in a file has to: waits its turn, loses its connection, is refused."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from ledgers.postgres import PostgresStore, SharedLedger, connect_postgres
from ledgers.retrying import TRIES, ConflictError, retried
from ledgers.stored import StoredLedger
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import Problem, RefusedError
from tests.ledgers.conftest import AGREEMENT, noon

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)
NOTHING_POSTED = (
    r"the connection to the server was lost; open the ledger again when the server is back; "
    r"nothing of what was under way was posted$"
)


@pytest.fixture
def url(postgres_url: str) -> str:
    """A new ledger's."""
    url = f"{postgres_url}?options=-csearch_path%3Dp{uuid4().hex[:12]}"
    create_ledger(url, AGREEMENT, now=noon).close()
    return url


@pytest.fixture
def shared(url: str) -> Iterator[Ledger]:
    """It opened for writing."""
    with open_ledger(url, now=noon) as opened:
        yield opened


@pytest.fixture
def rival(url: str) -> Iterator[psycopg.Connection]:
    """Another session of the same ledger, with raw SQL."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        yield connection


def count(connection: psycopg.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM lines").fetchone()[0])


def end(rival: psycopg.Connection, ledger: Ledger) -> None:
    """The server ends the ledger's session, as it does when it is stopped."""
    rival.execute("SELECT pg_terminate_backend(%s, 5000)", [ledger.store.connection.info.backend_pid])


# A turn to wait for


def test_who_waits_too_long_for_another_is_told_so_and_has_posted_nothing(
    shared: Ledger, rival: psycopg.Connection
) -> None:
    shared.store.run("SET lock_timeout = '200ms'")
    rival.execute("BEGIN; SELECT pg_advisory_xact_lock('batches'::regclass::oid::bigint)")
    begun = time.monotonic()
    with pytest.raises(RefusedError, match=r"somebody else is posting to the ledger; nothing was changed; try again"):
        shared.post([LINE])
    assert 0.2 <= time.monotonic() - begun < 10
    rival.execute("ROLLBACK")
    shared.post([LINE])
    assert count(rival) == 1


def test_a_turn_is_waited_for_half_a_minute(shared: Ledger) -> None:
    assert shared.store.rows("SHOW lock_timeout") == [("30s",)]


def test_what_was_posted_while_it_waited_is_seen_whatever_the_logins_own_settings(
    shared: Ledger, rival: psycopg.Connection, url: str
) -> None:
    """A login whose transactions are repeatable would see the ledger as it was before its turn, and take ids again."""
    shared.store.run("SET default_transaction_isolation = 'repeatable read'")
    rival.execute("BEGIN; SELECT pg_advisory_xact_lock('batches'::regclass::oid::bigint)")
    posting = threading.Thread(target=shared.post, args=([LINE],))
    posting.start()
    with open_ledger(url, now=noon) as other:
        rival.execute("ROLLBACK")
        other.post([LINE])
    posting.join(timeout=30)
    assert count(rival) == 2


def test_a_deadlock_is_done_again_and_not_left_to_the_person(shared: Ledger, rival: psycopg.Connection) -> None:
    """An administrator locks a table that the program will want, and then wants the program's turn."""
    rival.execute("SET deadlock_timeout = '60s'")  # so that it is the program that is told
    rival.execute("BEGIN; LOCK TABLE totals")
    posting = threading.Thread(target=shared.post, args=(iter([LINE]),))
    posting.start()
    pid = shared.store.connection.info.backend_pid
    while not rival.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone()[0]:
        time.sleep(0.01)
    rival.execute("SELECT pg_advisory_xact_lock('batches'::regclass::oid::bigint)")
    rival.execute("COMMIT")
    posting.join(timeout=30)
    assert count(rival) == 1
    ((deadlocks,),) = rival.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert deadlocks >= 0


@pytest.mark.parametrize("failures", [1, TRIES - 1, TRIES])
def test_what_was_crossed_is_tried_some_times_and_then_told(monkeypatch: pytest.MonkeyPatch, failures: int) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("ledgers.retrying.time.sleep", pauses.append)
    left = iter(range(failures))

    @retried
    def crossed() -> str:
        for _ in left:
            conflict = ConflictError(Problem("other sessions kept crossing this one; nothing was changed"))
            conflict.is_undone = True
            raise conflict
        return "done"

    if failures < TRIES:
        assert crossed() == "done"
        assert len(pauses) == failures
    else:
        with pytest.raises(RefusedError, match=r"other sessions kept crossing this one; nothing was changed"):
            crossed()


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_serialization_failures_and_deadlocks_are_told_apart(shared: Ledger, state: str) -> None:
    with pytest.raises(ConflictError, match=r"other sessions kept crossing this one"), shared.store.transaction():
        shared.store.run(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")


def test_every_operation_that_changes_a_ledger_is_tried_again() -> None:
    reading = {
        "agreement_at", "agreement_of", "agreement_text_at", "backup", "batches", "close", "findings", "last_line_of",
        "last_period", "lines", "mappings", "measures", "now", "periods", "position", "snapshot", "versions",
    }  # fmt: skip
    operations = {name for name, what in vars(StoredLedger).items() if callable(what) and not name.startswith("_")}
    overridden = {name for name in operations if vars(SharedLedger).get(name) is not None}
    assert overridden == operations - reading


# Whole or not at all


def test_a_transaction_within_another_is_part_of_it(ledger: Ledger) -> None:
    def both_or_neither() -> None:
        with ledger.store.transaction():
            ledger.post([LINE])
            ledger.save_mapping("isfe", '[columns]\namount = "Net"\n')
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        both_or_neither()
    assert (list(ledger.lines()), ledger.mappings()) == ([], {})
    ledger.post([LINE])


def test_an_operation_within_the_callers_transaction_is_not_tried_again_by_itself(
    shared: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction is undone by then, and with it what the caller did before."""
    tries: list[str] = []

    def crossed(*_: object, **__: object) -> None:
        tries.append("tried")
        with shared.store.transaction():
            shared.store.run("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")

    monkeypatch.setattr("ledgers.posting.Poster.post", crossed)
    with pytest.raises(ConflictError), shared.store.transaction():
        shared.post([LINE])
    assert len(tries) == 1
    monkeypatch.setattr("ledgers.retrying._FIRST_PAUSE_SECONDS", 0)
    with pytest.raises(ConflictError):
        shared.post([LINE])
    assert len(tries) == 1 + TRIES


def test_a_transaction_whose_statement_failed_is_not_taken_for_done(shared: Ledger) -> None:
    def swallowed() -> None:
        with shared.store.transaction(), pytest.raises(psycopg.errors.DivisionByZero):
            shared.store.rows("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match=r"a statement of the transaction had failed, and it ended in ROLLBACK"):
        swallowed()


# Of one moment


def test_everything_read_in_a_snapshot_is_of_one_moment(place: str, ledger: Ledger, reopen: Callable[..., Any]) -> None:
    ledger.post([LINE])
    with reopen(place, read_only=True) as reader:
        with reader.store.snapshot():
            assert reader.store.rows("SELECT count(*) FROM lines") == [(1,)]
            with reader.store.snapshot():
                pass
            if not place.endswith(".s75"):  # a file's writer waits until its readers have done
                ledger.post([LINE])
            assert reader.store.rows("SELECT count(*) FROM lines") == [(1,)]
        ledger.post([LINE])
        seen = 2 if place.endswith(".s75") else 3
        assert reader.store.rows("SELECT count(*) FROM lines") == [(seen,)]


def test_a_snapshot_in_a_transaction_is_the_transactions_own(ledger: Ledger) -> None:
    with ledger.store.transaction():
        with ledger.store.snapshot():
            assert ledger.store.rows("SELECT count(*) FROM lines") == [(0,)]
        ledger.store.run("INSERT INTO mappings VALUES (1, 'a', '', '', '')")
    assert ledger.store.rows("SELECT count(*) FROM mappings") == [(1,)]


def test_nothing_is_written_in_a_snapshot(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r"read-only"), ledger.store.snapshot():
        ledger.post([LINE])
    with pytest.raises(RefusedError, match=r"read-only"), ledger.store.snapshot():
        ledger.store.run("DELETE FROM totals")
    ledger.post([LINE])
    assert len(list(ledger.lines())) == 1


def test_a_snapshot_that_fails_leaves_the_ledger_as_it_was(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.store.snapshot():
        raise ZeroDivisionError
    ledger.post([LINE])


# A connection that is lost


def test_a_connection_lost_between_postings_is_told_and_the_ledger_opens_again(
    shared: Ledger, rival: psycopg.Connection, url: str
) -> None:
    shared.post([LINE])
    end(rival, shared)
    with pytest.raises(RefusedError, match=NOTHING_POSTED):
        shared.post([LINE])
    with pytest.raises(RefusedError, match=r"the connection to the server was lost"):  # and not something else
        shared.post([LINE])
    shared.close()
    with open_ledger(url, now=noon) as again:
        again.post([LINE])
    assert count(rival) == 2


def test_a_connection_lost_in_the_middle_of_a_posting_leaves_none_of_it(
    shared: Ledger, rival: psycopg.Connection
) -> None:
    def cut_off() -> None:
        with shared.store.transaction():
            shared.store.run("INSERT INTO mappings VALUES (1, 'a', '', '', '')")
            end(rival, shared)
            shared.store.run("INSERT INTO mappings VALUES (2, 'b', '', '', '')")

    with pytest.raises(RefusedError, match=NOTHING_POSTED):
        cut_off()
    assert rival.execute("SELECT * FROM mappings").fetchall() == []


def test_a_commit_whose_answer_was_lost_is_told_honestly(shared: Ledger, rival: psycopg.Connection) -> None:
    def cut_off() -> None:
        with shared.store.transaction():
            shared.store.run("INSERT INTO mappings VALUES (1, 'a', '', '', '')")
            end(rival, shared)

    with pytest.raises(RefusedError) as refused:
        cut_off()
    assert str(refused.value).endswith(
        "the connection to the server was lost as this was being posted: whether it was posted is not known; "
        "open the ledger again and look at “s75 log” before doing it again"
    )


def test_a_connection_lost_after_a_posting_says_where_to_look(shared: Ledger, rival: psycopg.Connection) -> None:
    end(rival, shared)
    with pytest.raises(RefusedError, match=r"and look at “s75 log” for what was posted before doing anything again$"):
        list(shared.lines())


def test_a_reader_who_loses_the_connection_is_told_no_more_than_that(url: str, rival: psycopg.Connection) -> None:
    with open_ledger(url, read_only=True) as reader:
        end(rival, reader)
        with pytest.raises(RefusedError, match=r"lost; open the ledger again when the server is back$"):
            list(reader.lines())


def test_what_takes_longer_than_the_server_allows_is_told(shared: Ledger) -> None:
    shared.store.run("SET statement_timeout = '50ms'")
    with pytest.raises(RefusedError, match=r"the server stopped this because it took too long; nothing was changed"):
        shared.store.rows("SELECT pg_sleep(5)")


# What the store refuses in its own words


def test_what_a_trigger_refuses_is_told_in_its_words(shared: Ledger) -> None:
    shared.post([LINE])
    with pytest.raises(RefusedError, match=r": lines are never changed or taken out; post what corrects them$"):
        shared.store.run("DELETE FROM lines")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(RefusedError) as refused:
        connect_postgres("postgresql://anna:secret@127.0.0.1:1/pool")
    assert str(refused.value).startswith("postgresql://anna@127.0.0.1:1/pool: the server cannot be reached: ")
    assert "secret" not in str(refused.value)


def test_no_password_is_in_what_a_lost_connection_says(url: str, rival: psycopg.Connection) -> None:
    with open_ledger(url.replace("//s75@", "//s75:secret@"), now=noon) as opened:
        end(rival, opened)
        with pytest.raises(RefusedError) as refused:
            opened.post([LINE])
    assert "secret" not in str(refused.value)


def test_a_schema_without_a_ledger_is_told_with_how_to_make_one(postgres_url: str) -> None:
    with pytest.raises(
        RefusedError, match=r"there is no ledger in this schema; make one with “s75 new URL --agreement"
    ):
        open_ledger(f"{postgres_url}?options=-csearch_path%3Dnone_here")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("0001", r"of an older version; its owner brings it up to date, after a pg_dump, with “s75 server init URL”$"),
        ("0099", r"written by a newer version of S75 Settlement \(its form is 99"),
    ],
)
def test_tables_of_another_version_are_told_with_what_to_do(
    url: str, rival: psycopg.Connection, version: str, message: str
) -> None:
    rival.execute("UPDATE alembic_version SET version_num = %s", [version])
    with pytest.raises(RefusedError, match=message):
        open_ledger(url)


def test_a_url_may_set_what_the_program_would(url: str) -> None:
    with closing(connect_postgres(f"{url}&application_name=payroll&keepalives_idle=7")) as connection:
        assert connection.execute("SHOW application_name").fetchone() == ("payroll",)
        assert connection.info.get_parameters()["keepalives_idle"] == "7"
        assert connection.info.get_parameters()["keepalives_count"] == "3"


def test_a_server_is_backed_up_by_its_own_tool(shared: Ledger, tmp_path: Path) -> None:
    assert isinstance(shared.store, PostgresStore)
    with pytest.raises(RefusedError, match=r"backed up with the server's own tool: pg_dump --format=custom"):
        shared.backup(tmp_path / "copy.s75")
