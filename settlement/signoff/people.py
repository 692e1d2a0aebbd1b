"""Who signs: when two names are of one person, and who the ledger says is at work."""

import re

from ledgers.program import program_version
from ledgers.refusing import refuse, visible
from ledgers.stored import StoredLedger
from rules.english import quoted
from rules.problems import RefusedError
from settlement.signoff.notes import clean_name

_BETWEEN = re.compile(r"[,;:&/()]|\band\b")
"""What stands between the people, and their roles, in “Name, role and Name, role”."""


def person(name: str) -> str:
    """Who it is, by name: without what may follow a comma (a role), whatever the capitals and spaces."""
    return " ".join(name.casefold().partition(",")[0].split())


def people(told: str) -> set[str]:
    """Everybody named in `Name, role and Name, role`, as `person` gives them; the roles too, which is no harm."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(told.casefold()))
    return {person(told), *parts} - {""}


def signing_program() -> str:
    """The program as what is signed names it: `S75 Settlement 0.1.0`."""
    return f"S75 Settlement {program_version()}"


def login_of(ledger: StoredLedger) -> str:
    """Who is at work, as what is signed can say it. Raises RefusedError for a login that no signed text can have."""
    login = ledger.store.actor()
    try:
        is_fit = clean_name(login, "login") == login
    except RefusedError:
        is_fit = False
    if not is_fit:
        message = (
            f"your login, {quoted(visible(login))}, cannot stand in what is signed: it is empty, too long, or has "
            "spaces around it or characters that do not print; sign under another login"
        )
        refuse(message, ledger.name)
    return login
