"""How commands that write statements read what is chosen: formats, documents, languages, a theme file."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rules.problems import Problem, RefusedError

FORMATS = ("pdf", "html", "xlsx", "csv")
_EVERY = "all"

FormatOption = Annotated[str, typer.Option("--format", metavar="LIST", help="Any of pdf,html,xlsx,csv.")]
KindsOption = Annotated[
    str,
    typer.Option(
        "--kinds",
        metavar="LIST",
        help="Any of settlement-statement, memorandum-account, annual-return, quarterly-report, monitoring-report, "
        "workings, transfer-notice, journal, transfers; or all.",
    ),
]
PartnersOption = Annotated[
    list[str] | None, typer.Option("--partner", metavar="CODE", help="Only this partner’s; once for each.")
]
PreparedByOption = Annotated[str, typer.Option("--prepared-by", metavar="TEXT", help="Name and role, for page 1.")]
ThemeOption = Annotated[
    str, typer.Option("--theme", metavar="FILE", help="Your own logo, colours, addresses and words: a TOML file.")
]
ThousandsOption = Annotated[bool, typer.Option("--thousands", help="Tables of statements in £000.")]


def chosen_of(text: str, known: Sequence[str], option: str, noun: str) -> tuple[str, ...]:
    """What a list names, each once. Raises RefusedError for one that is not known, and for none."""
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    for name in chosen:
        if name not in known:
            raise RefusedError(Problem(f"“{name}” is not a {noun}; choose from {', '.join(known)}", place=option))
    if not chosen:
        raise RefusedError(Problem(f"name a {noun} to write: {', '.join(known)}", place=option))
    return chosen


def kinds_of(text: str, formats: Sequence[str]) -> tuple[str, ...]:
    """The documents that a list names; `all` is every one. Raises RefusedError where no format is for any of them."""
    from settlement.statements.kinds import KINDS, TABLES

    if text.strip().lower() == _EVERY:
        return KINDS
    kinds = chosen_of(text, KINDS, "--kinds", "document")
    tables = [kind for kind in kinds if kind in TABLES]
    if "csv" not in formats and tables == list(kinds):
        are = "is" if len(tables) == 1 else "are"
        message = f"{' and '.join(tables)} {are} for another ledger to read, as CSV: add csv to --format"
        raise RefusedError(Problem(message, place="--kinds"))
    return kinds


def languages_of(text: str) -> tuple[str, ...]:
    """The languages that a list names. Raises RefusedError for one that is not known, and for none."""
    from settlement.languages import LANGUAGES

    return chosen_of(text, tuple(LANGUAGES), "--language", "language")


def language_of(text: str) -> str:
    """The one language that an option names. Raises RefusedError for one that is not known, and for several."""
    spoken, *others = languages_of(text)
    if others:
        raise RefusedError(Problem("name one language; s75 batch writes several at once", place="--language"))
    return spoken
