"""`s75 status`: where sign-off stands, in one short block."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from settlement.command.telling import LedgerArgument, say, shown_name

if TYPE_CHECKING:
    from ledgers import Ledger
    from settlement.standing import NoteStanding, Standing


def add_to(app: typer.Typer) -> None:
    """Put this command on the program."""
    app.command("status")(status)


def status(
    ledger: LedgerArgument,
    as_json: Annotated[bool, typer.Option("--json", help="The same as one JSON object.")] = False,  # noqa: FBT002
) -> None:
    """Say where sign-off stands: which periods are signed, by whom, who is awaited, and what is undecided.

    Example: s75 status pool.s75
    """
    from ledgers import open_ledger
    from settlement.standing import standing

    with open_ledger(ledger, read_only=True) as opened:
        found, about = standing(opened), _about(opened)
    if as_json:
        say(json.dumps({"ledger": shown_name(ledger), **about, **_values(found)}, ensure_ascii=False, indent=1))
        return
    say(f"{shown_name(ledger)}: {about['agreement']}, {about['year']}")
    for line in _told(found, shown_name(ledger)):
        say(line)


def _about(ledger: "Ledger") -> dict[str, str]:
    from rules.periods import Period

    agreement = ledger.agreement_at(Period.M13)
    return {"agreement": agreement.id, "year": str(agreement.year)}


def _values(found: "Standing") -> dict[str, object]:
    """Everything of it, periods by their names."""
    from rules.periods import Period

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        return str(value) if isinstance(value, Period) else value

    return {key: plain(value) for key, value in asdict(found).items()}


def _told(found: "Standing", name: str) -> Iterator[str]:
    from rules.english import listed
    from settlement.standing import in_runs

    runs = [
        (in_runs(each.period for each in run), words)
        for words, run in (
            (words, list(run))
            for words, run in groupby(
                found.periods, key=lambda each: each.words.replace(f" with {each.note_period}", "")
            )
        )
    ]
    wide = max(len(periods) for periods, _ in runs)
    for periods, words in runs:
        yield f"  {periods.ljust(wide)}  {words}"
    for note in found.notes:
        yield from _note(note)
    for dispute in found.disputes:
        past = f" (carried past {dispute.outcome_period})" if dispute.outcome else ""
        yield (
            f"In dispute: {dispute.partner} disputes {dispute.about} from {dispute.period} on, in dispute "
            f"{dispute.id}: {dispute.reason}{past}"
        )
    for version in found.versions:
        yield (
            f"Version {version.version} of the agreement, in force from {version.from_period}, awaits the assent of "
            f"{listed(version.awaiting)}: s75 assent {name} --version {version.version} --as CODE --key NAME.key"
        )
    if found.notes:
        yield f"Since note {found.notes[-1].sequence}: {listed(found.since) or 'nothing came in'}."
    else:
        yield "Nothing was put up for signature yet."
    for warning in found.warnings:
        yield f"Warning: {warning}"


def _note(note: "NoteStanding") -> Iterator[str]:
    from settlement.command.recording import when

    yield f"Note {note.sequence}, {note.period}{', withdrawn' if note.is_withdrawn else ''}:"
    for each in note.signed:
        yield f"  {each.partner}: {each.name}, {each.role}, {when(each.at)}"
    for code in note.awaiting:
        yield f"  {code}: awaited"
