"""The address of a ledger on a server, put together and taken apart: what the driver reads is what was typed."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from ledgers.server_address import ServerAddress, address_of, without_password
from rules.problems import RefusedError

WHOLE = ServerAddress("db.example.org", "pool 26", "fin@nce", "5433", "y26", "sslmode=require")


def test_the_driver_reads_what_was_typed() -> None:
    told = conninfo_to_dict(WHOLE.url("p:a/s%s@ word"))
    assert told == {
        "host": "db.example.org",
        "dbname": "pool 26",
        "user": "fin@nce",
        "password": "p:a/s%s@ word",
        "port": "5433",
        "options": "-csearch_path=y26",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    "address", [WHOLE, ServerAddress("localhost", "pool"), ServerAddress("::1", "pool", "me", "1")]
)
def test_an_address_put_together_is_taken_apart_again(address: ServerAddress) -> None:
    assert address_of(address.url("se:cr@et")) == (address, "se:cr@et" if address.login else "")
    assert address_of(address.url()) == (address, "")


@pytest.mark.parametrize(
    ("address", "places"),
    [
        (ServerAddress("", ""), ["Server", "Database"]),
        (ServerAddress("a", "b", port="0"), ["Port"]),
        (ServerAddress("a", "b", port="five"), ["Port"]),
        (ServerAddress("a", "b", port="65536"), ["Port"]),
    ],
)
def test_what_is_missing_is_said_with_its_field(address: ServerAddress, places: list[str]) -> None:
    with pytest.raises(RefusedError) as refused:
        address.url()
    assert [problem.place for problem in refused.value.problems] == places


@pytest.mark.parametrize("text", ["", "ledger.s75", "mysql://a/b", "postgresql://[", "postgres"])
def test_what_is_no_url_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RefusedError, match="this is not a PostgreSQL URL; write postgresql://login@server/database"):
        address_of(text)


def test_a_password_that_was_blotted_out_is_none() -> None:
    assert address_of("postgres://me:***@db/pool")[1] == ""


def test_what_is_written_down_has_no_password() -> None:
    assert without_password("postgresql://me:secret@db/pool?password=secret") == "postgresql://me@db/pool"
    assert without_password("/srv/pool.s75") == "/srv/pool.s75"
    assert "secret" not in without_password("postgresql://me:secret@[/pool")
