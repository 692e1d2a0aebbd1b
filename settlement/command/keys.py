"""Commands about signatories' keys, and how a passphrase is come by: `s75 key new`, `key replace`, `key list`."""

import os
import sys
import warnings
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import Annotated, Never

import typer

from rules.problems import Problem, RefusedError
from settlement.command.telling import LedgerArgument, say, shown_name

PASSPHRASE = "S75_PASSPHRASE"  # noqa: S105  the variable's name


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    key = typer.Typer(
        help="Keys of those who sign for a partner.", rich_markup_mode=None, pretty_exceptions_enable=False
    )
    key.callback()(_keys)
    key.command("new")(new)
    key.command("replace")(replace)
    key.command("list")(list_)
    app.add_typer(key, name="key")


def _keys() -> None:
    """Keys of those who sign for a partner."""


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the two files, such as LBB.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to put them; else here.")] = Path(),
) -> None:
    """Make a signatory's key pair: NAME.key, private and under a passphrase, and NAME.pub for everybody else.

    The passphrase is asked for, or taken from S75_PASSPHRASE. No file is overwritten. Example: s75 key new LBB
    """
    from settlement.signoff.keys import key_files, new_key, read_public_key

    key_files(out, name)  # nobody types a passphrase, twice, for a name that cannot be
    files = new_key(out, name, passphrase_of("Passphrase of the new key", confirm=True))
    say(f"{files.private}: the private key, which signs. Nobody else should have it, nor its passphrase.")
    say(f"{files.public}: the public key. Give it to the other partners and to the auditor yourself.")
    say(f"Its fingerprint, to be read out to them: sha256 {read_public_key(files.public).fingerprint}")


def replace(
    ledger: LedgerArgument,
    partner: Annotated[str, typer.Option("--as", metavar="CODE", help="The partner whose key it is.")],
    key: Annotated[Path, typer.Option("--key", metavar="NEW.pub", help="The new public key.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="Full name of who signs with it.")] = "",
    role: Annotated[str, typer.Option("--role", metavar="TEXT", help="That person’s role.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays on record.")] = "",
) -> None:
    """Say that a partner signs with another key from now on. What was signed with the old one verifies with the old.

    Example: s75 key replace pool.s75 --as LBB --key new.pub --name "Full name" --role "Director" --reason "New in post"
    """
    from ledgers import open_ledger
    from settlement.signoff.keys import read_public_key
    from settlement.signoff.known_keys import replace_key

    public = read_public_key(key)
    with open_ledger(ledger) as opened:
        made = replace_key(opened, partner, public, name=name, role=role, reason=reason)
    say(f"Key {made.id}: {made.name}, {made.role}, signs for {partner} from now on, in place of key {made.replaces}.")
    say(f"Its fingerprint: sha256 {made.fingerprint}")
    say(f"Give {key.name} to the other partners and to the auditor yourself.")
    say("Keep the public key that it replaces: what was signed with that one is verified with it.")


def list_(ledger: LedgerArgument) -> None:
    """List the keys that sign, and signed, for the partners, as the ledger has them.

    An auditor takes public keys from the partners themselves, and may compare the fingerprints. Example: s75 key list
    pool.s75
    """
    from ledgers import open_ledger
    from ledgers.signing_keys import keys

    with open_ledger(ledger, read_only=True) as opened:
        known = keys(opened)
    replaced = {key.replaces: key.id for key in known}
    for key in known:
        by = replaced.get(key.id)
        signs = f"signs for {key.partner}" if by is None else f"signed for {key.partner} until key {by} replaced it"
        say(f"Key {key.id}: {key.name}, {key.role}, {signs}; known since {key.at}: {key.reason}")
        say(f"  sha256 {key.fingerprint}")
    if not known:
        say(f"{shown_name(ledger)}: no key is known yet; the first that a partner signs with is taken.")


def passphrase_of(prompt: str, *, confirm: bool = False) -> str:
    """The passphrase: that of S75_PASSPHRASE if it is set, else as typed at the terminal, where it is not shown.

    With `confirm` it is typed twice. Raises RefusedError if there is no terminal to ask at, or the two differ.
    """
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        _refuse(f"it is asked for at a terminal, and there is none; set {PASSPHRASE} instead")
    typed = _typed(f"{prompt}: ")
    if confirm and typed != _typed("The same again: "):
        _refuse("the two that were typed differ; nothing was written; start again")
    return typed


def _typed(prompt: str) -> str:
    """What is typed at the terminal, which does not show it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            return getpass(prompt)
    except EOFError:
        _refuse("none was typed; start again")
    except GetPassWarning:
        _refuse(f"this terminal would show it while it is typed; set {PASSPHRASE} instead")


def _refuse(message: str) -> Never:
    raise RefusedError(Problem(message, place="passphrase")) from None
