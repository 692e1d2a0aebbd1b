"""`s75 help-with`: what a message means and what to do, found by its text."""

from typing import TYPE_CHECKING, Annotated

import typer

from rules.problems import Problem, RefusedError
from settlement.command.telling import say

if TYPE_CHECKING:
    from settlement.message_help import Entry

_NOT_FOUND = 1


def add_to(app: typer.Typer) -> None:
    """Put this command on the program."""
    app.command("help-with")(help_with)


def help_with(
    message: Annotated[list[str], typer.Argument(metavar="MESSAGE", help="As it was shown, or some words of it.")],
) -> None:
    """Say what a message of the program means, and what to do about it.

    Exit status 1 if no message is just that; the most like it are listed then.
    Example: s75 help-with "M3 is signed, which is final"
    """
    from settlement import message_help

    told = " ".join(message)
    if not told.strip():
        raise RefusedError(Problem("give the message, or some words of it", place="MESSAGE"))
    if not message_help.entries():
        raise RefusedError(Problem("this program came without its guide, where the messages are explained"))
    found = message_help.help_with(told)
    if found is not None:
        _tell(found)
        return
    alike = message_help.like(told)
    if not alike:
        say("No message of the program is like that.")
        raise typer.Exit(_NOT_FOUND)
    say("No message is just that. The most like it:")
    for entry in alike:
        say()
        _tell(entry, "\n".join(f"  Message: {text}" for text in entry.shown))
    raise typer.Exit(_NOT_FOUND)


def _tell(entry: "Entry", messages: str = "") -> None:
    say(entry.heading)
    if messages:
        say(messages)
    say(f"  Means: {entry.means}")
    say(f"  Do: {entry.do}")
    say(f"In the guide: {entry.place}")
