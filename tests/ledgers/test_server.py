"""A server set up for a shared ledger: its roles, who can make them, and what is refused with what to do."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from ledgers import Ledger, NewLine, State, create_ledger, open_ledger
from ledgers.creating import upgrade_postgres
from ledgers.postgres import connect_postgres
from ledgers.server import Role, set_up_server
from ledgers.server_sentences import in_sentences
from ledgers.trail import trail
from rules.agreement import Kind
from rules.periods import Period
from rules.problems import RefusedError
from tests.cluster import server_folder
from tests.ledgers.conftest import AGREEMENT, noon
from tests.ledgers.shared import grant, shared_ledger

LINE = NewLine(Period.M1, "BEDS", "COUNCIL", Kind.ACTUAL, 100)


@pytest.fixture
def admin(postgres_url: str) -> Iterator[psycopg.Connection]:
    """The server's administrator."""
    with closing(psycopg.connect(postgres_url, autocommit=True)) as connection:
        yield connection


def at(server: str, schema: str, login: str = "s75") -> str:
    return f"{server.replace('//s75@', f'//{login}@')}?options=-csearch_path%3D{quote(schema, safe='')}"


def a_schema() -> str:
    return f"i{uuid4().hex[:12]}"


def a_login(admin: psycopg.Connection, rights: str = "") -> str:
    login = f"login_{uuid4().hex[:8]}"
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN " + rights).format(sql.Identifier(login)))
    return login


def owned_by(admin: psycopg.Connection, server: str, login: str) -> str:
    """The URL of a new ledger in a schema of that login's."""
    schema = a_schema()
    admin.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(schema), sql.Identifier(login)))
    url = at(server, schema, login)
    create_ledger(url, AGREEMENT, now=noon).close()
    return url


# The roles


def test_a_ledger_has_a_preparer_a_manager_an_auditor_and_an_approver_for_each_partner(postgres_url: str) -> None:
    url = at(postgres_url, a_schema())
    create_ledger(url, AGREEMENT, now=noon).close()
    done = set_up_server(url)
    assert [(role.kind, role.partner) for role in done.roles] == [
        ("preparer", ""), ("manager", ""), ("auditor", ""),
        ("approver", "COUNCIL"), ("approver", "CCG"), ("approver", "ICB"),
    ]  # fmt: skip
    assert done.made == tuple(role.name for role in done.roles)
    assert done.url == url.replace("//s75@", "//LOGIN@")
    assert (done.upgraded_from, done.for_administrator) == (None, ())


def test_a_role_says_what_it_is_of(postgres_url: str, admin: psycopg.Connection) -> None:
    schema = a_schema()
    url = at(postgres_url, schema)
    create_ledger(url, AGREEMENT, now=noon).close()
    role = set_up_server(url).roles[-1]
    assert admin.execute(
        "SELECT shobj_description(oid, 'pg_authid'), rolcanlogin FROM pg_roles WHERE rolname = %s", [role.name]
    ).fetchone() == (f"S75 Settlement: approver of ICB, ledger in schema {schema} of database postgres", False)


def test_it_can_be_run_again_and_takes_back_what_was_granted_beside_it(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, {"auditor": ("auditor",)})
    auditor = next(role.name for role in shared.done.roles if role.kind == "auditor")
    shared.owner(f'GRANT ALL ON lines TO "{auditor}"')
    assert shared.owner(f"SELECT has_table_privilege('{auditor}', 'lines', 'INSERT')") == [(True,)]
    again = set_up_server(shared.url)
    assert (again.made, again.roles) == ((), shared.done.roles)
    assert shared.owner(f"SELECT has_table_privilege('{auditor}', 'lines', 'INSERT')") == [(False,)]


def test_a_partner_who_joins_has_an_approver_when_it_is_run_again(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, {"manager": ("manager",)})
    joined = AGREEMENT + '\n[[partner]]\ncode = "TRUST"\nname = "The trust"\nkind = "provider"\n'
    joined = joined.replace('kind = "provider"', 'kind = "council"')
    with shared.open("manager") as ledger:
        ledger.set_agreement(joined, Period.M7, "the trust joins")
    again = set_up_server(shared.url)
    assert again.made == (again.roles[-1].name,)
    assert again.roles[-1] == Role("approver", again.made[0], "TRUST")
    assert again.roles[:-1] == shared.done.roles


def test_another_ledger_in_the_same_place_has_other_roles(postgres_url: str, admin: psycopg.Connection) -> None:
    """What was granted for the one before says nothing of it."""
    schema = a_schema()
    before = shared_ledger(postgres_url, {"preparer": ("preparer",)}, schema=schema)
    admin.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    after = shared_ledger(postgres_url, {"other": ("preparer",)}, schema=schema)
    assert not {role.name for role in before.done.roles} & {role.name for role in after.done.roles}
    with pytest.raises(RefusedError, match=r"the login has no role in this ledger"):
        before.open("preparer")


@pytest.mark.parametrize("schema", ['Odd "name" of é', "x" * 63, "select"])
def test_odd_and_long_names_are_quoted_and_shortened(postgres_url: str, admin: psycopg.Connection, schema: str) -> None:
    admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    path = '"' + schema.replace('"', '""') + '"'
    url = at(postgres_url, path.replace(" ", "\\ "))
    code = "A-PARTNER-WITH-A-LONG-CODE"
    agreement = AGREEMENT.replace('"CCG"', f'"{code}"')
    create_ledger(url, agreement, now=noon).close()
    done = set_up_server(url)
    assert all(len(role.name.encode()) <= 63 for role in done.roles)
    approver = next(role for role in done.roles if role.partner == code)
    login = a_login(admin)
    grant(admin, done, login, [code])
    with open_ledger(url.replace("//s75@", f"//{login}@"), now=noon) as ledger:
        number = "INSERT INTO keys VALUES (1, :partner, '', '', '', '', NULL, '', '', :login)"
        with pytest.raises(RefusedError, match=r"only an approver of the partner does this for it"):
            ledger.store.run(number, partner="ICB", login=login)
        ledger.store.run(number, partner=code, login=login)
    assert approver.name.startswith("s75_")
    admin.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


# Who sets it up


def test_the_schemas_owner_sets_it_up_who_may_make_roles(postgres_url: str, admin: psycopg.Connection) -> None:
    url = owned_by(admin, postgres_url, a_login(admin, "CREATEROLE"))
    done = set_up_server(url)
    login = a_login(admin)
    grant(admin, done, login, ["manager"])
    with open_ledger(at(postgres_url, url.rpartition("%3D")[2], login), now=noon) as ledger:
        ledger.post([LINE])
        ledger.hold(Period.M1)
    with open_ledger(url, now=noon) as owners:
        owners.post([LINE])  # the owner is above the rules
        assert owners.periods()[0].state is State.HELD


def test_the_owner_takes_a_backup_with_the_servers_own_tool(
    postgres_url: str, admin: psycopg.Connection, tmp_path: Path
) -> None:
    """Row rules that bound the owner as well would keep pg_dump from reading the tables."""
    url = owned_by(admin, postgres_url, a_login(admin, "CREATEROLE"))
    set_up_server(url)
    out = tmp_path / "copy.dump"
    schema = url.rpartition("%3D")[2]
    where = [f"--file={out}", "--format=custom", f"--schema={schema}", url.partition("?")[0]]
    subprocess.run([server_folder() / "pg_dump", *where], check=True, capture_output=True)
    assert out.stat().st_size > 10_000


def test_an_owner_who_may_not_make_roles_is_given_the_sql_for_who_may(
    postgres_url: str, admin: psycopg.Connection
) -> None:
    url = owned_by(admin, postgres_url, a_login(admin))
    wanting = set_up_server(url)
    assert wanting.made == ()
    assert len(wanting.for_administrator) == 2 * len(wanting.roles)
    assert wanting.for_administrator[0] == f'CREATE ROLE "{wanting.roles[0].name}" NOLOGIN;'
    for statement in wanting.for_administrator:
        admin.execute(statement)
    done = set_up_server(url)
    assert (done.made, done.for_administrator, done.roles) == ((), (), wanting.roles)


def test_who_does_not_own_the_ledger_does_not_set_it_up(postgres_url: str, admin: psycopg.Connection) -> None:
    url = at(postgres_url, a_schema())
    create_ledger(url, AGREEMENT, now=noon).close()
    done = set_up_server(url)
    login = a_login(admin, "CREATEROLE")
    grant(admin, done, login, ["manager"])
    with pytest.raises(RefusedError, match=r"belongs to s75; its roles are set up with that login$"):
        set_up_server(url.replace("//s75@", f"//{login}@"))


def test_a_schema_of_another_login_cannot_be_opened_by_the_ledgers_owner(
    postgres_url: str, admin: psycopg.Connection
) -> None:
    login, schema = a_login(admin, "CREATEROLE"), a_schema()
    admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    admin.execute(
        sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(login))
    )
    url = at(postgres_url, schema, login)
    create_ledger(url, AGREEMENT, now=noon).close()
    with pytest.raises(RefusedError) as refused:
        set_up_server(url)
    assert str(refused.value).endswith(
        f"the ledger's roles may not use the schema {schema}, which its owner alone can change; nothing was set up; "
        "run this with the login that owns database and schema"
    )
    assert admin.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE %s", [f"s75_{schema}%"]).fetchone() == (0,)
    set_up_server(at(postgres_url, schema))


def test_a_role_that_somebody_logs_in_as_is_not_taken_for_a_group(postgres_url: str, admin: psycopg.Connection) -> None:
    url = at(postgres_url, a_schema())
    create_ledger(url, AGREEMENT, now=noon).close()
    name = set_up_server(url).roles[0].name
    admin.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(name)))
    with pytest.raises(RefusedError, match=rf"the role “{name}” is one that people log in as; .* drop or rename it$"):
        set_up_server(url)


def test_where_there_is_no_ledger_none_is_set_up(postgres_url: str) -> None:
    with pytest.raises(RefusedError, match=r"there is no ledger in this schema; make one with “s75 new URL"):
        set_up_server(at(postgres_url, a_schema()))


def test_a_ledger_of_a_newer_program_is_left_alone(postgres_url: str, admin: psycopg.Connection) -> None:
    schema = a_schema()
    create_ledger(at(postgres_url, schema), AGREEMENT, now=noon).close()
    admin.execute(sql.SQL("UPDATE {} SET version_num = '0099'").format(sql.Identifier(schema, "alembic_version")))
    with pytest.raises(RefusedError, match=r"written by a newer version of S75 Settlement"):
        set_up_server(at(postgres_url, schema))


def test_it_waits_for_who_is_posting_and_is_then_refused(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = at(postgres_url, a_schema())
    create_ledger(url, AGREEMENT, now=noon).close()
    monkeypatch.setattr("ledgers.postgres._WAIT", "200ms")
    refused = pytest.raises(RefusedError, match=r"somebody else is posting to the ledger; nothing was changed")
    with open_ledger(url, now=noon) as posting, posting.store.transaction(), refused:
        set_up_server(url)
    assert len(set_up_server(url).made) == 6


def test_a_long_reader_in_the_way_of_a_migration_is_told_too(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, admin: psycopg.Connection
) -> None:
    url = at(postgres_url, schema := a_schema())
    older(admin, url, schema)
    monkeypatch.setattr("ledgers.postgres._WAIT", "200ms")
    with closing(psycopg.connect(url)) as reader:
        reader.execute("SELECT * FROM mappings")
        with pytest.raises(RefusedError, match=r"somebody else is posting to the ledger; nothing was changed"):
            set_up_server(url)
    assert set_up_server(url).upgraded_from == 1


def older(admin: psycopg.Connection, url: str, schema: str) -> None:
    """A ledger as version 1 made it."""
    admin.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    with closing(connect_postgres(url)) as connection:
        upgrade_postgres(connection, "0001")
        connection.execute("INSERT INTO meta VALUES ('ledger', '0b9d9df0-4cbb-4b5e-9a5e-5b4f3b2f1a00')")
        connection.execute("INSERT INTO agreements VALUES (1, 1, %s, '', '', '', '', '')", [AGREEMENT])
        connection.execute("INSERT INTO mappings VALUES ('isfe', '', '', '')")


def test_tables_of_an_older_program_are_brought_up_to_date(postgres_url: str, admin: psycopg.Connection) -> None:
    url = at(postgres_url, schema := a_schema())
    older(admin, url, schema)
    with pytest.raises(RefusedError, match=r"its owner brings it up to date, after a pg_dump, with “s75 server init"):
        open_ledger(url)
    done = set_up_server(url)
    assert done.upgraded_from == 1
    with open_ledger(url, now=noon) as ledger:
        (entry,) = trail(ledger)
        assert (entry.action, entry.actor) == ("migrate", "s75")
        assert entry.detail.startswith("brought from form 1 to form 2")
        ledger.post([LINE])
        assert ledger.store.rows("SELECT id, name FROM mappings") == [(1, "isfe")]
    assert set_up_server(url).upgraded_from is None


def test_where_a_role_is_gone_nobody_gets_in_for_it_until_it_is_set_up_again(
    postgres_url: str, admin: psycopg.Connection
) -> None:
    """So it is on another server, where a copy of the ledger was restored and its roles are not."""
    shared = shared_ledger(postgres_url, {"manager": ("manager",), "icb": ("ICB",)})
    approver = next(role.name for role in shared.done.roles if role.partner == "ICB")
    admin.execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(approver), sql.Identifier(a_schema())))
    with shared.open("icb") as ledger:
        with pytest.raises(
            RefusedError, match=r"a role of this ledger is not on the server; its owner runs “s75 server"
        ):
            dispute_line_of(ledger)
        assert set_up_server(shared.url).made == (approver,)
        with pytest.raises(RefusedError, match=r"only an approver of the partner does this for it"):
            dispute_line_of(ledger)


def dispute_line_of(ledger: Ledger) -> None:
    ledger.store.run(
        "INSERT INTO disputes VALUES (1, 1, 'ICB', NULL, '1', 'r', '', :login)", login=ledger.store.actor()
    )


# What the rules are put into


def test_in_the_schema_public_others_may_look_but_make_nothing(postgres_url: str, admin: psycopg.Connection) -> None:
    database = f"d{uuid4().hex[:12]}"
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    url = postgres_url.replace("/postgres", f"/{database}")
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")  # as it was before PostgreSQL 15
        connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
    create_ledger(url, AGREEMENT, now=noon).close()
    done = set_up_server(url)
    assert done.url == url.replace("//s75@", "//LOGIN@")
    login = a_login(admin)
    grant(admin, done, login, ["auditor"])
    with closing(psycopg.connect(url.replace("//s75@", f"//{login}@"), autocommit=True)) as auditor:
        assert auditor.execute("SELECT count(*) FROM lines").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            auditor.execute("CREATE TABLE mine (id INTEGER)")


def test_a_guard_reads_the_ledgers_own_tables_whatever_the_path_says(postgres_url: str) -> None:
    shared = shared_ledger(postgres_url, {"auditor": ("auditor",)})
    loose = shared.owner(
        "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
        "AND NOT COALESCE(array_to_string(proconfig, ';'), '') LIKE 'search_path=%, pg_temp'"
    )
    assert loose == []
    called = shared.owner(
        "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prosecdef"
    )
    assert called == []


# At the door

KEPT_OUT = {
    'server certificate for "db" does not match host name "10.0.0.1"': (
        "the server's certificate is made out to another name: write the URL with the name that is in it, and do not "
        "turn the check off, for it may be another computer that answers"
    ),
    "SSL error: certificate verify failed": (
        "the server's certificate is not signed by the authority that sslrootcert names: ask the server's "
        "administrator for that authority's certificate, and do not turn the check off, for it may be another "
        "computer that answers"
    ),
    'root certificate file "x.crt" does not exist': (
        "the certificate of the authority that signs for the server is not there: write sslrootcert=FILE in the "
        "URL, or put it where the driver looks"
    ),
    "server does not support SSL, but SSL was required": (
        "the server has no TLS, which the URL asks for: its administrator turns it on"
    ),
    'no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", no encryption': (
        "the server does not let this login in to this database from this computer, or not without TLS: its "
        "administrator sees to pg_hba.conf"
    ),
    'pg_hba.conf rejects connection for host "10.0.0.1"': (
        "the server does not let this login in from this computer, or not without TLS"
    ),
    'role "a" is not permitted to log in': (
        "the login is closed: its holder has left, or the administrator opens it again"
    ),
    'password authentication failed for user "a"': "the server does not take this login and password",
    "fe_sendauth: no password supplied": (
        "the server asks for a password and was given none: put it into the password file, or open the ledger in "
        "the window, which asks for it"
    ),
}
WHERE = 'connection failed: connection to server at "db", port 5432 failed'


@pytest.mark.parametrize(("driver", "told"), KEPT_OUT.items())
def test_why_somebody_is_kept_out_is_said_with_what_to_do(driver: str, told: str) -> None:
    error = f"{WHERE}: FATAL:  {driver}\nEither this, or change sslmode to disable the check."
    with pytest.raises(RefusedError) as refused, in_sentences("the ledger"):
        raise psycopg.OperationalError(error)
    assert str(refused.value) == f"the ledger: {told} ({driver})"


def test_what_nobody_has_a_sentence_for_is_told_as_the_driver_has_it() -> None:
    error = f"{WHERE}: Connection refused\n\tIs the server running on that host?"
    with pytest.raises(RefusedError) as refused, in_sentences("the ledger"):
        raise psycopg.OperationalError(error)
    assert str(refused.value) == f"the ledger: the server cannot be reached: {WHERE}: Connection refused"
