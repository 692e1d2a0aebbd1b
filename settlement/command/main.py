"""`s75`: the commands put together, and how every one of them ends.

Exit status: 0 done; 1 for a check that ran and found something; 2 for input that is refused, each problem on a line
of standard error. Nothing heavy is imported here: `s75 --help` answers at once, and a command loads what it needs.
"""

import os
import sys
from typing import NoReturn

import typer

from rules.problems import RefusedError
from settlement.command import (
    batches,
    copies,
    helping,
    keeping,
    keys,
    ledger_files,
    pdf_signing,
    recording,
    safety,
    server,
    settling,
    signing,
    standing,
)

REFUSED = 2
STOPPED = 130

app = typer.Typer(
    name="s75",
    help="Settles Section 75 pooled funds: who owes what, to the penny, and where every penny came from.",
    no_args_is_help=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (ledger_files, settling, batches, keeping, recording, standing, signing, keys, safety, copies, server):
    module.add_to(app)
pdf_signing.add_to(app)
helping.add_to(app)


@app.callback()
def without_a_command(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),  # noqa: FBT001, FBT003
) -> None:
    """Open the desktop program when no command is named."""
    if version:
        from settlement.version import VERSION

        typer.echo(f"s75 {VERSION}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        ledger_files.open_(None, read_only=False)


def run() -> NoReturn:
    """Run the command of this process, and end with its status. Refusals are told in sentences, never as tracebacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # a £ on any Windows console
    try:
        app()
    except RefusedError as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        sys.exit(REFUSED)
    except BrokenPipeError:  # somebody piped us into `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        typer.echo(f"{what}; nothing is half written", err=True)
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        typer.echo("stopped; nothing is half written", err=True)
        sys.exit(STOPPED)
    sys.exit(0)


if __name__ == "__main__":
    run()
