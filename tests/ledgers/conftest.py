"""Ledgers for tests: each on both stores, PostgreSQL from a server of the tests' own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ledgers import Ledger, create_ledger, open_ledger
from ledgers.stored import StoredLedger

AGREEMENT = """
[agreement]
id = "testshire-bcf"
title = "Testshire Better Care Fund"
financial_year = "2022/23"

[[partner]]
code = "COUNCIL"
name = "Testshire Council"
kind = "council"

[[partner]]
code = "CCG"
name = "NHS Testshire CCG"
kind = "ccg"

[[partner]]
code = "ICB"
name = "NHS Testshire ICB"
kind = "icb"
succeeds = ["CCG"]
from = 2022-07-01

[[fund]]
code = "POOL"
name = "Pooled fund"
kind = "pooled"
host = "COUNCIL"

[[fund]]
code = "ALIGNED"
name = "Aligned fund"
kind = "aligned"
host = "CCG"

[[scheme]]
code = "BEDS"
name = "Intermediate care beds"
fund = "POOL"

[[scheme]]
code = "HOME"
name = "Home first"
fund = "POOL"

[[scheme]]
code = "OWN"
name = "What each meets itself"
fund = "ALIGNED"

[[scheme]]
code = "ACUTE"
name = "Emergency admissions"
fund = "ALIGNED"
service = "influenced"

[[clause]]
id = "1"
title = "Overspends are shared by contribution"
on = "overspend"
to = "partners"
share = { by = "fund" }
"""

HEADER = "period,scheme,partner,kind,amount,date,reference,description,cause\n"


def noon() -> datetime:
    """The clock of every test ledger."""
    return datetime(2022, 8, 1, 12, 0, 0, tzinfo=UTC)


STORES = ["sqlite", "postgresql"]


def _place(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return str(folder / "ledger.s75")
    url = request.getfixturevalue("postgres_url")
    return f"{url}?options=-csearch_path%3Dt{uuid4().hex[:12]}"


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger can be: on each of the two stores."""
    return _place(request, tmp_path)


@pytest.fixture(scope="module", params=STORES)
def empty_ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger on each of the two stores that a whole module shares, because nothing in it ever comes to be posted."""
    with create_ledger(_place(request, tmp_path_factory.mktemp("empty")), AGREEMENT, now=noon) as made:
        yield made
        assert list(made.lines()) == []
        assert made.batches() == ()


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A new ledger of AGREEMENT, on each of the two stores."""
    with create_ledger(place, AGREEMENT, now=noon) as made:
        yield made


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger of AGREEMENT in a file, for what no server has."""
    with create_ledger(tmp_path / "file.s75", AGREEMENT, now=noon) as made:
        yield made


@pytest.fixture(scope="session")
def agreement_text() -> str:
    """The agreement of every test ledger."""
    return AGREEMENT


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (or whole text, or bytes) to a file and gives its path."""

    def write(*rows: str, name: str = "lines.csv", header: str = HEADER, text: str | bytes | None = None) -> Path:
        path = tmp_path / name
        content = header + "".join(f"{row}\n" for row in rows) if text is None else text
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def reopen() -> Callable[..., Ledger]:
    """Opens a ledger again, with the tests' clock."""

    def reopen(place: str | Path, *, read_only: bool = False) -> Ledger:
        return open_ledger(place, read_only=read_only, now=noon)

    return reopen


@pytest.fixture
def raw() -> Callable[..., Any]:
    """Runs SQL on the ledger's own connection, behind the program's back."""

    def raw(ledger: StoredLedger, sql: str) -> None:
        ledger.store.connection.execute(sql)

    return raw


@pytest.fixture
def unguarded() -> Callable[..., None]:
    """Runs SQL as somebody could who first puts the store's guards away, and afterwards puts them back."""

    def unguarded(ledger: StoredLedger, *statements: str) -> None:
        connection = ledger.store.connection
        if not ledger.name.endswith(".s75"):
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement)
            connection.execute("SET session_replication_role = DEFAULT")
            return
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, guard in guards:
            connection.execute(guard)

    return unguarded
