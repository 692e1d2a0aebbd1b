"""Commands about ledgers themselves: demo, open, new, agreement, import, check."""

from pathlib import Path
from typing import Annotated

import typer

from ledgers.ledger import Imported
from rules.agreement import Agreement
from settlement.command.telling import LedgerArgument, PeriodOption, period_of, progress, say, shown_name, text_of

FOUND = 1


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("demo")(demo)
    app.command("open")(open_)
    app.command("new")(new)
    app.command("agreement")(agreement)
    app.command("import")(import_)
    app.command("check")(check)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to put them.")] = Path("s75-demo"),
) -> None:
    """Build the sample ledgers from real published figures, settle them, and write the statements.

    Example: s75 demo
    """
    from settlement.demo import build_demo

    for line in build_demo(folder):
        say(line)


def open_(
    ledger: Annotated[str | None, typer.Argument(metavar="[LEDGER]", help="The ledger to open.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="For an auditor: nothing can be changed.")] = False,  # noqa: FBT002
) -> None:
    """Open the desktop program.

    Example: s75 open s75-demo/barnet-2014-15-reward-mechanism.s75
    """
    import importlib

    # by name: the desktop stands on the floor above, and only this one door leads up
    raise typer.Exit(importlib.import_module("ui.app").run(ledger, read_only=read_only))


def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The .s75 file, or postgresql:// URL, to make.")],
    agreement_file: Annotated[Path, typer.Option("--agreement", metavar="agreement.toml", help="The agreement.")],
) -> None:
    """Make a new ledger of an agreement. It never overwrites.

    Example: s75 new pool-2026-27.s75 --agreement agreement.toml
    """
    from ledgers import create_ledger

    with create_ledger(file, text_of(agreement_file), file=str(agreement_file)) as ledger:
        from rules.periods import Period

        made = ledger.agreement_at(Period.M1)
        shown = shown_name(file)
        say(f"{shown}: a new ledger of “{made.title}”, {made.year}. Next: s75 import {shown} lines.csv")


def agreement(
    ledger: LedgerArgument,
    new_file: Annotated[
        Path | None, typer.Option("--set", metavar="agreement.toml", help="Put this version in force.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="P", help="From this period on; else from the next open one.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it was varied.")] = "",
    in_words: Annotated[bool, typer.Option("--in-words", help="The risk-share schedule in plain English.")] = False,  # noqa: FBT002
) -> None:
    """Print the agreement in force, or put a new version in force with a reason.

    Example: s75 agreement pool.s75 --set varied.toml --from M7 --reason "Deed of variation, 28 September"
    """
    from ledgers import open_ledger
    from rules.periods import Period

    with open_ledger(ledger, read_only=new_file is None) as opened:
        if new_file is not None:
            version = opened.set_agreement(text_of(new_file), period_of(start, "--from"), reason, file=str(new_file))
            say(f"{shown_name(ledger)}: version {version.id} of the agreement is in force from {version.from_period}.")
            return
        at = period_of(start, "--from") or Period.M13
        if in_words:
            _say_schedule(opened.agreement_at(at))
        else:
            typer.echo(opened.agreement_text_at(at), nl=False)


def _say_schedule(in_force: Agreement) -> None:
    """The risk-share schedule, clause by clause, as a lawyer would read it out."""
    from rules.wording import performance_sentence, sentence, succession_sentence

    for clause in in_force.clauses:
        say(f"{clause.id}  {clause.title}")
        say(f"    {sentence(clause, in_force)}")
    for element in in_force.performance:
        say(f"{element.id}  {element.title}")
        say(f"    {performance_sentence(element, in_force)}")
    for partner in in_force.partners:
        if partner.since is not None:
            say(succession_sentence(partner, in_force))


def import_(
    ledger: LedgerArgument,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or XLSX, of lines or of measures.")],
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="NAME", help="A saved column mapping, or one in a TOML file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and post nothing.")] = False,  # noqa: FBT002
) -> None:
    """Post files of ledger lines or of measures, each of them whole or not at all.

    Example: s75 import pool.s75 m7-council.csv m7-icb.xlsx --mapping isfe
    """
    from ledgers import open_ledger

    with open_ledger(ledger, read_only=dry_run) as opened:
        for file in files:
            with progress(f"Reading {file.name}") as advance:
                done = opened.import_file(file, mapping, dry_run=dry_run, progress=advance)
            _tell_import(done, dry_run=dry_run)


def _tell_import(done: Imported, *, dry_run: bool) -> None:
    from rules.money import pounds
    from settlement.sentences import KIND_NAMES

    verb = "would post" if dry_run else "posted"
    batch = f" as batch {done.batch}" if done.batch is not None else ""
    counted = done.content if done.count != 1 else done.content.removesuffix("s")
    say(f"{done.file}: {verb} {done.count:,} {counted}{batch}.")
    for kind, amount in done.totals_pence:
        say(f"  {KIND_NAMES[kind]:<32}{pounds(amount):>24}")
    if done.left_out:
        rows = "1 row is" if done.left_out == 1 else f"{done.left_out:,} rows are"
        say(f"  {rows} left out, as the mapping says.")
    if done.late:
        lines = "1 late line goes" if done.late == 1 else f"{done.late:,} late lines go"
        say(f"  {lines} to the next open period, and each says which period it belongs to.")


def check(ledger: LedgerArgument, period: PeriodOption = None) -> None:
    """Check control totals, virements, closed periods, kept totals, and that the schedule deals with every amount.

    Another file of the ledger beside it, in which somebody worked too, is a finding as well (OneDrive leaves such).
    Each finding is a line, and the exit status is then 1. Example: s75 check pool.s75 --period M7
    """
    from ledgers import Finding, open_ledger
    from ledgers.doubles import doubles_beside, in_words
    from settlement.service import check as findings_of

    with open_ledger(ledger, read_only=True) as opened:
        findings = findings_of(opened, period_of(period))
        apart = (each for each in doubles_beside(opened) if each.apart.gone_apart)
        findings += [Finding("two files", in_words(each, Path(ledger).name)) for each in apart]
    for finding in findings:
        say(str(finding))
    if findings:
        raise typer.Exit(FOUND)
    say(f"{shown_name(ledger)}: nothing found.")
