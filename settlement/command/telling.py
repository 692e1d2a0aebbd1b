"""How commands read their arguments and tell their results."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ledgers.ledger import Progress
from rules.periods import Period
from rules.problems import Problem, RefusedError

LedgerArgument = Annotated[
    str, typer.Argument(metavar="LEDGER", help="A .s75 file, a postgresql:// URL, or a folder with agreement.toml.")
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", "-p", metavar="P", help="M1 (April) to M12 (March), M13 for year-end adjustments."),
]


def period_of(text: str | None, option: str = "--period") -> Period | None:
    """The period that an option names. Raises RefusedError for one that is not."""
    return None if text is None else needed_period(text, option)


def needed_period(text: str, option: str = "--period") -> Period:
    """The period that an option names, where one must be. Raises RefusedError for one that is not."""
    try:
        return Period.read(text.upper())
    except ValueError as error:
        raise RefusedError(Problem(str(error), place=option)) from None


def shown_name(ledger: str) -> str:
    """A ledger's name as it may be printed: without the password that a URL may hold."""
    told = re.sub(r"(://[^/@:]*):[^@/]*@", r"\1:***@", ledger)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", told, flags=re.IGNORECASE)


def text_of(path: Path) -> str:
    """The text of a UTF-8 file, a byte-order mark allowed. Raises RefusedError for one that cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RefusedError(Problem(f"the file cannot be read: {error.strerror}", file=str(path))) from None
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text; save it as UTF-8"
        raise RefusedError(Problem(message, file=str(path))) from None


def say(text: str = "") -> None:
    """A line on standard output."""
    typer.echo(text)


@contextmanager
def progress(doing: str) -> Iterator[Progress | None]:
    """A progress bar on standard error while something long runs, where that is a terminal; else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
