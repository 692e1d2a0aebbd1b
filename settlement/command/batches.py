"""The command that writes the statements of many periods, partners and ledgers: batch."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from rules.problems import Problem, RefusedError
from settlement.command.choosing import (
    FORMATS,
    FormatOption,
    KindsOption,
    PartnersOption,
    PreparedByOption,
    ThemeOption,
    ThousandsOption,
    chosen_of,
    kinds_of,
    languages_of,
)
from settlement.command.telling import progress, say

if TYPE_CHECKING:
    from settlement.batches.running import Batch, Done

_FOUND = 1
_STOPPED = 130


def add_to(app: typer.Typer) -> None:
    """Put this command on the program."""
    app.command("batch")(batch)


def batch(  # noqa: PLR0913, PLR0917  a command's options
    ledgers: Annotated[list[str] | None, typer.Argument(metavar="LEDGER…", help="One or more ledgers.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.")] = None,
    periods: Annotated[
        str,
        typer.Option(
            "--periods",
            metavar="LIST",
            help="M1-M12, or M3,M6; “all” up to the last there is to settle; “signed”.",
        ),
    ] = "all",
    formats: FormatOption = "pdf",
    kinds: KindsOption = "settlement-statement",
    partners: PartnersOption = None,
    names: Annotated[
        str,
        typer.Option(
            "--names",
            metavar="PATTERN",
            help="{ledger}, {agreement}, {year}, {period}, {partner}, {kind}, {language}, {status}, with slashes.",
        ),
    ] = "",
    languages: Annotated[
        str, typer.Option("--language", metavar="LIST", help="en, cy (Welsh), or en,cy for both.")
    ] = "en",
    theme: ThemeOption = "",
    thousands: ThousandsOption = False,  # noqa: FBT002
    prepared_by: PreparedByOption = "",
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=0, help="Processes at work; 0 for one on each processor.")
    ] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,  # noqa: FBT002
    check: Annotated[
        Path | None, typer.Option("--check", metavar="DIR", help="Write nothing: hold a folder against its manifest.")
    ] = None,
) -> None:
    """Write the statements of many periods, partners and ledgers, with a manifest of digests.

    Nothing is overwritten unless asked. What cannot be settled is left out and said, with exit status 1.

    Example: s75 batch *.s75 --out 2026-27 --periods M1-M12 --format pdf,xlsx

    Example: s75 batch --check 2026-27
    """
    from settlement.batches.running import Batch
    from settlement.batches.work import Asked, read_periods
    from settlement.looks import theme_of

    if check is not None:
        if ledgers or out is not None:
            _refuse("a folder is checked, or statements are written: not both at once", "--check")
        _check(check)
        return
    if not ledgers:
        _refuse("name a ledger at least", "LEDGER")
    if out is None:
        _refuse("name the folder to write to: --out DIR", "--out")
    chosen = chosen_of(formats, FORMATS, "--format", "format")
    asked = Asked(
        periods=read_periods(periods, "--periods"),
        kinds=kinds_of(kinds, chosen),
        formats=chosen,
        languages=languages_of(languages),
        partners=tuple(dict.fromkeys(partners)) if partners else None,
        thousands=thousands,
        theme=theme_of(theme),
        prepared_by=prepared_by,
    )
    _write(Batch(tuple(ledgers), str(out), asked, names, jobs, overwrite))


def _write(wanted: "Batch") -> None:
    from settlement.batches.manifest import MANIFEST
    from settlement.batches.running import Done, run_batch

    done = Done(wanted.out)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it so wants whole files too
    try:
        with progress("Writing statements") as advance:

            def report(count: int, total: int, _what: str) -> None:
                if advance is not None and total:
                    advance(count, total)

            run_batch(wanted, report, done)
    except KeyboardInterrupt:
        _tell(done)
        typer.echo("stopped; every file that was written is whole, and in the manifest", err=True)
        raise typer.Exit(_STOPPED) from None
    except OSError:
        _tell(done)
        if done.count and not done.is_listed:
            typer.echo(f"{MANIFEST} could not be written: run the same again to have one", err=True)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    _tell(done)
    if done.left_out:
        raise typer.Exit(_FOUND)


def _tell(done: "Done") -> None:
    from ledgers.refusing import visible
    from settlement.batches.manifest import MANIFEST

    for remark in done.remarks:
        typer.echo(f"noticed: {visible(remark)}", err=True)
    for left in done.left_out:
        typer.echo(f"left out: {left}", err=True)
    parts = [f"{_files(len(done.written))} written"]
    parts += [f"{len(done.replaced):,} replaced"] if done.replaced else []
    parts += [f"{len(done.unchanged):,} there already, unchanged"] if done.unchanged else []
    say(f"{done.out}: {', '.join(parts)}.")
    if done.is_listed:
        say(f"{Path(done.out) / MANIFEST} has their digests. Check them with: s75 batch --check {done.out}")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _check(folder: Path) -> None:
    from ledgers.refusing import visible
    from settlement.batches.manifest import check_folder

    found = check_folder(folder)
    for what, names in (("missing", found.missing), ("changed", found.changed), ("unknown", found.unknown)):
        for name in names:
            say(f"{what}: {visible(name)}")
    for remark in found.remarks:
        say(f"noticed: {visible(remark)}")
    wrong = len(found.missing) + len(found.changed) + len(found.unknown)
    if wrong:
        are = "is" if wrong == 1 else "are"
        say(f"{folder}: {_files(found.count)} as written; {wrong:,} {are} not as the manifest says.")
        raise typer.Exit(_FOUND)
    say(f"{folder}: {_files(found.count)}, each as it was written.")


def _refuse(message: str, place: str) -> Never:
    raise RefusedError(Problem(message, place=place))
