"""`s75 server init`: it sets a shared ledger up and says what each person needs."""

from contextlib import closing
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.settlement.command.running import GOLDEN, S75

AGREEMENT = GOLDEN / "barnet-2014-15-reward-mechanism" / "agreement.toml"


@pytest.fixture
def pool(postgres_url: str, s75: S75) -> str:
    """The URL of a new ledger of the Barnet reward mechanism."""
    url = f"{postgres_url}?options=-csearch_path%3Dpool{uuid4().hex[:8]}"
    assert s75("new", url, "--agreement", AGREEMENT).status == 0
    return url


def test_it_names_the_roles_what_they_may_and_how_a_person_gets_one(s75: S75, pool: str) -> None:
    said = s75("server", "init", pool)

    assert said.status == 0
    assert said.out.startswith("5 roles are in force, 5 new:\n")
    for words in (
        '_preparer"\n      imports, posts, reverses',
        '_approver_BCCG"\n      signs for BCCG',
        '_auditor"\n      reads everything and writes nothing',
        '  CREATE ROLE "login" LOGIN;\n  \\password login\n  GRANT "s75_pool',
        f"Each opens the ledger at {pool.replace('//s75@', '//LOGIN@')}",
        "The schema's owner and the server's superusers are above these rules",
    ):
        assert words in said.out


def test_it_can_be_run_again(s75: S75, pool: str) -> None:
    s75("server", "init", pool)

    said = s75("server", "init", pool)

    assert said.status == 0
    assert said.out.startswith("5 roles are in force, none of them new:\n")


def test_a_password_is_never_printed(s75: S75, pool: str) -> None:
    said = s75("server", "init", pool.replace("//s75@", "//s75:secret@"))

    assert said.status == 0
    assert "secret" not in said.out + said.err


@pytest.mark.parametrize("secret", ["//s75:secret@", "?password=secret&"])
def test_no_command_prints_a_password(s75: S75, pool: str, secret: str) -> None:
    url = pool.replace("?", secret) if secret.startswith("?") else pool.replace("//s75@", secret)
    lines = GOLDEN / "barnet-2014-15-reward-mechanism" / "lines.csv"
    new = url.replace("%3Dpool", "%3Dother")
    for arguments in (
        ("new", new, "--agreement", AGREEMENT),
        ("new", new, "--agreement", AGREEMENT),
        ("import", url, lines),
        ("import", url, lines),
        ("agreement", url, "--set", AGREEMENT, "--reason", "x"),
        ("check", url),
        ("hold", url, "--period", "M1"),
        ("settle", url),
        ("backup", url, "--out", "nothing.s75"),
        ("server", "init", url),
        ("server", "init", url.replace("%3Dpool", "%3Dnone")),
    ):
        said = s75(*arguments)
        assert said.out + said.err
        assert "secret" not in said.out + said.err, arguments


def test_a_login_that_may_not_make_roles_prints_the_sql_for_one_that_may(s75: S75, postgres_url: str) -> None:
    login = f"owner{uuid4().hex[:8]}"
    with closing(psycopg.connect(postgres_url, autocommit=True)) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login)))
        admin.execute(sql.SQL("CREATE SCHEMA {0} AUTHORIZATION {0}").format(sql.Identifier(login)))
    url = f"{postgres_url.replace('//s75@', f'//{login}@')}?options=-csearch_path%3D{login}"
    s75("new", url, "--agreement", AGREEMENT)

    said = s75("server", "init", url)

    assert said.status == 2
    assert said.out.count("CREATE ROLE") == said.out.count("COMMENT ON ROLE") == 5
    assert said.err == (
        "this login may not make roles, and nothing was set up; an administrator of the server runs the SQL above, "
        "and then this is run again: "
        f"s75 server init {url}\n"
    )
    with closing(psycopg.connect(postgres_url, autocommit=True)) as admin:
        admin.execute(said.out)
    assert s75("server", "init", url).out.startswith("5 roles are in force, none of them new:\n")


def test_without_a_ledger_it_says_how_to_make_one(s75: S75, postgres_url: str) -> None:
    said = s75("server", "init", f"{postgres_url}?options=-csearch_path%3Dnothing_here")

    assert said.status == 2
    assert "there is no ledger in this schema; make one with “s75 new URL --agreement agreement.toml”" in said.err


def test_a_file_has_no_roles(s75: S75, barnet: object) -> None:
    said = s75("server", "init", barnet)

    assert said.status == 2
    assert "this is not a PostgreSQL URL" in said.err
