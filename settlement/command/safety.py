"""Commands that keep a ledger from being lost: backup, restore."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rules.problems import Problem, RefusedError
from settlement.command.telling import LedgerArgument, say, shown_name

if TYPE_CHECKING:
    from ledgers.restoring import Content, Listed, Restored

_MEGABYTE = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    ledger: LedgerArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The copy to write; it never overwrites.")],
) -> None:
    """Write a consistent copy of a ledger while others read it.

    Example: s75 backup pool.s75 --out pool-2026-11-22.s75
    """
    from ledgers import open_ledger

    if not out.name:
        raise RefusedError(Problem("name a file to write", place="--out"))
    with open_ledger(ledger, read_only=True) as opened:
        opened.backup(out)
    say(f"{out}: a copy of {shown_name(ledger)}.")


def restore(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="The .s75 file, whether it is still there or not.")],
    backup_name: Annotated[
        str | None,
        typer.Option("--from", metavar="BACKUP", help="The backup to put back: a name of the list, or a path."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the backups; so does leaving --from out.")] = False,  # noqa: FBT002
) -> None:
    """List a ledger's backups, or put one of them back. The present file is kept as a backup first.

    Example: s75 restore pool.s75 --from pool-20261122T051216Z.s75
    """
    from ledgers.restoring import list_backups, named_backup
    from ledgers.restoring import restore as put_back

    path = _file(ledger)
    if backup_name is None or list_:
        _tell_list(path, list_backups(path))
        return
    source = named_backup(path, backup_name)
    _tell(path, source, put_back(path, source, lambda: datetime.now(UTC)))


def _file(ledger: str) -> Path:
    if "://" in ledger:
        message = "a ledger on a server is restored with the server's own tool, pg_restore"
        raise RefusedError(Problem(message, place="LEDGER"))
    if Path(ledger).is_dir():
        raise RefusedError(Problem("a folder is never written to, and has no backups to restore", file=ledger))
    return Path(ledger)


def _tell_list(path: Path, listed: "tuple[Listed, ...]") -> None:
    if not listed:
        raise RefusedError(
            Problem("there are no backups of this ledger; they are kept as it is opened for writing", str(path))
        )
    for each in listed:
        size = f"{-(-each.size // _MEGABYTE):,} MB"
        what = each.trouble if each.content is None else _content(each.content)
        say(f"{each.backup.path.name}  {size:>9}  {what}")
    say(f"They lie in {listed[0].backup.path.parent}.")
    say(f"To put one back: s75 restore {path} --from {listed[0].backup.path.name}")


def _content(content: "Content") -> str:
    posted = f", last posted {content.last_posted[:16].replace('T', ' ')}" if content.last_posted else ""
    signed = f", signed to {content.signed_to}" if content.signed_to is not None else ""
    return f"{_count(content.lines, 'line')}, {_count(content.batches, 'batch')}{posted}{signed}"


def _tell(path: Path, source: Path, done: "Restored") -> None:
    say(f"{path}: put back from {source.name}: {_content(done.after)}.")
    if done.kept is not None:
        say(f"What was there before is kept as {done.kept}.")
    if done.before is None:
        say("What was posted after the backup cannot be told: the file was not there, or could not be read.")
        return
    lines, batches = done.before.lines - done.after.lines, done.before.batches - done.after.batches
    if batches > 0:
        say(f"Lost with it: {_count(lines, 'line')} in {_count(batches, 'batch')} posted after the backup.")
    for number, period in done.before.notes:
        if number > len(done.after.notes):
            say(
                f"Lost with it: the note of {period}, number {number}. A statement or pack that a partner has of it "
                "will not agree with this ledger; tell the partners before anything is signed again."
            )


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun}{'es' if noun.endswith('ch') else 's'}"
