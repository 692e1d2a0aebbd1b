"""A ledger that several logins share on a server, each with its role, for tests."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
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


AT_THE_YEARS_BEGIN = AGREEMENT.replace("from = 2022-07-01", "from = 2022-04-01")
"""The agreement with the ICB in the CCG's place from M1 on, so that council and ICB sign every period."""


def note_text(shared: Shared, sequence: int = 1, period: int = 1, **changed: str) -> str:
    """The text of the next note, as the program would write it but for the lines that are `changed`."""
    ((ledger,),) = shared.owner("SELECT value FROM meta WHERE key = 'ledger'")
    before = [str(text) for (text,) in shared.owner("SELECT text FROM notes ORDER BY id DESC LIMIT 1")]
    lines = {
        "ledger": ledger,
        "agreement": "testshire-bcf",
        "year": "2022/23",
        "sequence": sequence,
        "period": f"M{period}",
        "partners": "COUNCIL ICB",
        "pack": f"sha256 {'0' * 64} 1",
        "previous": f"sha256 {sha256(before[0].encode()).hexdigest()}" if before else "none",
    } | changed
    return "S75 Settlement note 1\n" + "".join(f"{key}: {value}\n" for key, value in lines.items())


def signed_text(login: str, partner: str, note: str = "{note}", **changed: str) -> str:
    """What that login signs for a partner: of the note that stands for `{note}` until it is known."""
    lines = {
        "signed for": partner,
        "name": "Somebody",
        "role": "Treasurer",
        "at": "2022-08-01T12:00:00+00:00",
        "login": login,
        "program": "S75 Settlement",
        "key": f"sha256 {'0' * 64}",
    } | changed
    return note + "".join(f"{key}: {value}\n" for key, value in lines.items())
