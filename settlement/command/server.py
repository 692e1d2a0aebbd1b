"""`s75 server`: the roles of a ledger that partners share on a PostgreSQL server."""

from typing import Annotated

import typer

from rules.problems import Problem, RefusedError
from settlement.command.telling import say, shown_name

_MAY = {
    "preparer": "imports, posts, reverses, attaches evidence (s75 import, reverse, evidence, check, statement)",
    "manager": "the pooled fund manager: all that, and holds and reopens periods, and sets versions of the agreement "
    "(s75 hold, reopen, agreement)",
    "approver": "signs for {}, assents and disputes for it, and keeps its keys (s75 sign, verify, export)",
    "auditor": "reads everything and writes nothing (s75 verify, status, log, settle, explain, check, and s75 export "
    "with --read-only)",
}


def add_to(app: typer.Typer) -> None:
    """Put this group of commands on the program."""
    server = typer.Typer(help="Set up a ledger on a PostgreSQL server, which partners share.", no_args_is_help=True)
    server.command("init")(init)
    server.callback()(_server)
    app.add_typer(server, name="server")


def _server() -> None:
    """Set up a ledger on a PostgreSQL server, which partners share."""


def init(
    url: Annotated[str, typer.Argument(metavar="URL", help="The ledger's postgresql:// URL, with its owner's login.")],
) -> None:
    """Make the ledger's roles, put its rules in force, bring older tables up to date, and say what each person needs.

    It can be run again, and is when a partner joins. Example: s75 server init postgresql://owner@server/pool
    """
    from ledgers.server import set_up_server

    done = set_up_server(url)
    if done.for_administrator:
        for statement in done.for_administrator:
            say(statement)
        message = (
            "this login may not make roles, and nothing was set up; an administrator of the server runs the SQL "
            f"above, and then this is run again: s75 server init {shown_name(url)}"
        )
        raise RefusedError(Problem(message))
    if done.upgraded_from is not None:
        say(f"The ledger was brought up to date from version {done.upgraded_from} of its tables.")
    new = f"{len(done.made)} new" if done.made else "none of them new"
    say(f"{len(done.roles)} roles are in force, {new}:")
    for role in done.roles:
        say(f'  "{role.name}"')
        say(f"      {_MAY[role.kind].format(role.partner)}")
    say()
    say("For each person an administrator makes a login and grants it a role; psql then asks for the password:")
    say('  CREATE ROLE "login" LOGIN;')
    say("  \\password login")
    say(f'  GRANT "{done.roles[0].name}" TO "login";')
    say(f"Each opens the ledger at {done.url} with the login in place of LOGIN.")
    say()
    say("The schema's owner and the server's superusers are above these rules: keep those logins for administration.")
    say("What both partners signed is kept from them by the signatures: s75 verify LEDGER tells of every change.")
