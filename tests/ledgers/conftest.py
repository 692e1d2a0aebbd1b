"""Ledgers for tests: each on both stores, PostgreSQL from a server of the tests' own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
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


def _server_folder() -> Path:
    found = shutil.which("pg_config")
    if found:
        folder = Path(subprocess.run([found, "--bindir"], check=True, capture_output=True, text=True).stdout.strip())
        if (folder / "initdb").exists():
            return folder
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    pytest.fail("the ledger tests need PostgreSQL's server programs: install the package postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a database on a server of this session's own, on a loopback port."""
    programs = _server_folder()
    folder = Path(tempfile.mkdtemp(prefix="s75-pg-"))  # not pytest's own: the server's user could not reach into it
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = names.get("postgres") or names["nobody"]
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "--no-sync", "--auth=trust", "--username=s75", "--encoding=UTF8", "--locale=C", data],
        check=True,
        capture_output=True,
        cwd=folder,
        **as_user,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=256MB", f"port={port}"]
    settings += ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(part for setting in settings for part in ("-c", setting))],
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=folder,
            **as_user,
        )
    url = f"postgresql://s75@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url, server, folder / "log")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}")


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
