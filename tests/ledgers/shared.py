"""A ledger that several logins share on a server, each with its role, for tests."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from ledgers import Ledger, create_ledger, open_ledger
from ledgers.server import ServerSetUp, set_up_server
from tests.ledgers.conftest import AGREEMENT, noon

ROLES: dict[str, tuple[str, ...]] = {
    "preparer": ("preparer",),
    "manager": ("manager",),
    "council": ("COUNCIL",),
    "icb": ("ICB",),
    "both": ("COUNCIL", "ICB"),
    "auditor": ("auditor",),
    "stranger": (),
}
"""The logins of a shared ledger by a short name, and what each is: a kind of role, or the partner it approves for."""


@dataclass(frozen=True)
class Shared:
    """A ledger with its roles set up. `url` is the owner's; `logins` have the names that the server knows them by."""

    url: str
    done: ServerSetUp
    logins: dict[str, str]

    def url_of(self, who: str) -> str:
        """How that login opens the ledger."""
        return self.url.replace("//s75@", f"//{self.logins[who]}@")

    def open(self, who: str, *, read_only: bool = False) -> Ledger:
        """The ledger opened by that login."""
        return open_ledger(self.url_of(who), read_only=read_only, now=noon)

    def connect(self, who: str) -> psycopg.Connection:
        """That login's own connection, for raw SQL."""
        return psycopg.connect(self.url_of(who), autocommit=True)

    def owner(self, statement: str) -> list[tuple[object, ...]]:
        """What the owner finds, or does."""
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []


def shared_ledger(
    server: str, roles: dict[str, tuple[str, ...]] | None = None, agreement: str = AGREEMENT, schema: str = ""
) -> Shared:
    """A new ledger on a server, with its roles, and a login for each of these people."""
    schema = schema or f"s{uuid4().hex[:12]}"
    url = f"{server}?options=-csearch_path%3D{schema}"
    create_ledger(url, agreement, now=noon).close()
    done = set_up_server(url)
    logins = {who: f"{who}_{uuid4().hex[:8]}" for who in (roles or ROLES)}
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        for who, of in (roles or ROLES).items():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(logins[who])))
            grant(connection, done, logins[who], of)
    return Shared(url, done, logins)


def grant(connection: psycopg.Connection, done: ServerSetUp, login: str, of: Iterable[str]) -> None:
    """Give a login the roles of these kinds, or of the approvers of these partners."""
    for role in done.roles:
        if (role.partner or role.kind) in of:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role.name), sql.Identifier(login)))


def note_text(partners: str = "COUNCIL ICB", sequence: int = 1) -> str:
    """The text of a note, as far as the server reads it."""
    return f"S75 Settlement note 1\nsequence: {sequence}\npartners: {partners}\n"


def signed_text(login: str, partner: str, note: str = "") -> str:
    """What that login signs for a partner."""
    return f"{note or note_text()}signed for: {partner}\nname: Somebody\nlogin: {login}\n"
