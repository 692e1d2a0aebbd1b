"""`s75 copy`, a copy of a ledger to work in by oneself and give back; `s75 where`, where a ledger is and who has it."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rules.problems import Problem, RefusedError
from settlement.command.telling import LedgerArgument, say

if TYPE_CHECKING:
    from ledgers.copies import Copy
    from ledgers.giving_back import GivenBack

_MEANT_IN_QUOTES = frozenset('"$`\\!')
"""What a shell does not take for itself between double quotation marks."""

_CopyArgument = Annotated[str, typer.Argument(metavar="COPY", help="The copy's file, as “s75 copy list” shows it.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    group = typer.Typer(help="A copy of a ledger to work in by yourself, given back when you are done.")
    group.callback()(_copy)
    group.command("take")(take)
    group.command("list")(list_)
    group.command("give-back")(give_back)
    group.command("discard")(discard)
    app.add_typer(group, name="copy")
    app.command("where")(where)


def _copy() -> None:
    """A copy of a ledger to work in by yourself, given back when you are done."""


def _now() -> datetime:
    return datetime.now(UTC)


def take(
    ledger: LedgerArgument,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Where to put it; else in your own data folder.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Though somebody has a copy of it already.")] = False,  # noqa: FBT002
) -> None:
    """Take a copy of a ledger to work in: at home, on a train, or while somebody else has the ledger open.

    Example: s75 copy take pool.s75
    """
    from ledgers.copies import take_copy

    copy = take_copy(_file(ledger), _now, folder=to, anyway=anyway)
    say(f"{_plain(copy.path)}: a copy of {_plain(copy.original)} to work in.")
    say("What is posted in the ledger meanwhile keeps the copy from being given back: tell your colleagues.")
    say(f"When you are done: s75 copy give-back {_quoted(_plain(copy.path))}")


def list_() -> None:
    """List the copies that were taken on this computer and not given back.

    Example: s75 copy list
    """
    from ledgers.copies import copies

    found = copies()
    if not found:
        say("No copy was taken here that is not given back.")
    for copy in found:
        say(_plain(copy.path))
        say(f"    a copy of {_plain(copy.original)} ({copy.title}), {_taken(copy)}: {_state(copy)}")


def give_back(
    copy: _CopyArgument,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="LEDGER", help="Where the ledger is now, if it was moved.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the copy then; else it is put aside.")] = False,  # noqa: FBT002
) -> None:
    """Put a copy's work in the ledger, if nobody did anything to the ledger since the copy was taken.

    The ledger is kept as a backup first, and replaced whole or not at all. Example: s75 copy give-back work/pool.s75
    """
    from ledgers.copies import needed_copy
    from ledgers.giving_back import give_back as put

    _tell_given(put(needed_copy(Path(copy)), _now, original=to, keep=not remove))


def _tell_given(done: "GivenBack") -> None:
    from ledgers.apart import told

    if not done.work:
        say(f"{_plain(str(done.original))}: as it was: nothing was done in the copy.")
    elif done.was_already:
        say(f"{_plain(str(done.original))}: has the copy's work already.")
    else:
        entries = "1 entry" if len(done.work) == 1 else f"{len(done.work):,} entries"
        say(f"{_plain(str(done.original))}: has the copy's work now, {entries} of the audit trail:")
        for each in told(done.work):
            say(f"  {each}")
    say("The copy was deleted." if done.kept is None else f"The copy is put aside as {_plain(str(done.kept))}.")


def discard(
    copy: _CopyArgument,
    lose_work: Annotated[bool, typer.Option("--lose-work", help="Though there is work in it.")] = False,  # noqa: FBT002
) -> None:
    """Delete a copy that will not be given back.

    Example: s75 copy discard work/pool.s75
    """
    from ledgers.copies import discard_copy, needed_copy

    found = needed_copy(Path(copy))
    lost = discard_copy(found, _now, lose_work=lose_work)
    entries = "" if not lost else f" Lost with it: {lost:,} {'entry' if lost == 1 else 'entries'} of its audit trail."
    say(f"{_plain(found.path)}: deleted. {_plain(found.original)} is as it was.{entries}")


def where(ledger: LedgerArgument) -> None:
    """Say where a ledger lies, who has it open, and which other files of it there are: copies, and those beside it.

    Example: s75 where pool.s75
    """
    from ledgers.copies import copy_at, notes_beside
    from ledgers.doubles import doubles_beside, in_words
    from ledgers.file_paths import resolved, whole
    from ledgers.locking import holder_of, is_held
    from ledgers.opening import open_ledger
    from ledgers.places import warnings_of
    from ledgers.places_found import place_here

    path = _file(ledger)
    if not whole(path).is_file():
        raise RefusedError(Problem("there is no such ledger", ledger))
    here = resolved(path)
    place = place_here(here)
    say(f"{ledger} lies {place.in_words}.")
    for warning in warnings_of(place, here.name):
        say(f"{warning}.")
    holder = holder_of(here)
    if holder is not None and is_held(here):
        say(f"{holder}.")
    elif holder is not None and not holder.is_here:
        say(f"{holder}, though it is not locked: the program there was killed, or this share passes no locks on.")
    else:
        say("Nobody has it open for writing.")
    own = copy_at(here)
    if own is not None:
        say(f"It is a copy of {_plain(own.original)}, {_taken(own)}.")
    for note in notes_beside(here):
        say(f"{note} ({note.file}).")
    with open_ledger(path, read_only=True) as opened:
        for each in doubles_beside(opened):
            say(f"{in_words(each, here.name)}.")


def _taken(copy: "Copy") -> str:
    from ledgers.apart import moment

    return f"taken on {moment(copy.taken)}"


def _state(copy: "Copy") -> str:
    from ledgers.copies import work_in

    if not copy.is_there:
        return "its file is no longer there; s75 copy discard takes it off this list"
    try:
        work = work_in(copy, _now)
    except RefusedError as refused:
        return refused.problems[0].message
    if not work:
        return "nothing was done in it yet"
    return f"{work:,} {'entry' if work == 1 else 'entries'} of work in it, not given back"


def _file(ledger: str) -> Path:
    from ledgers.file_paths import whole

    if "://" in ledger:
        message = "a ledger on a server is worked in by everybody at once, and needs no copy; name a .s75 file"
        raise RefusedError(Problem(message, place="LEDGER"))
    if whole(Path(ledger)).is_dir():
        raise RefusedError(Problem("a folder is never written to, and needs no copy; name a .s75 file", file=ledger))
    return Path(ledger)


def _plain(path: str) -> str:
    from ledgers.file_paths import plain

    return plain(path)


def _quoted(path: str) -> str:
    """A path as a person can type it at a prompt: in quotation marks if it has spaces or signs of the shell's."""
    if all(each.isalnum() or each in "/:._-" or (each == "\\" and os.name == "nt") for each in path):
        return path
    if os.name != "nt" and not _MEANT_IN_QUOTES.isdisjoint(path):
        from shlex import quote

        return quote(path)
    return f'"{path}"'
