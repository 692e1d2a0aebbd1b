"""Commands about what is said of a ledger, its lines and what was decided: log, dispute, evidence."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from rules.english import day
from rules.problems import Problem, RefusedError
from settlement.command.telling import LedgerArgument, PeriodOption, needed_period, say

if TYPE_CHECKING:
    from ledgers.disputes import Dispute
    from ledgers.ledger import Ledger
    from ledgers.trail import Entry
    from rules.periods import Period

_SHORTEST_DIGEST = 8
_SHOWN_DIGEST = 12
_LOGGED_DIGEST = 16
_WHOLE_DIGEST = re.compile(r"\b[0-9a-f]{64}\b", re.ASCII)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the program."""
    app.command("log")(log)
    app.command("dispute")(dispute)
    app.command("evidence")(evidence)


# The audit trail


def log(
    ledger: LedgerArgument,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Only the last N entries.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Each entry as JSON, one a line.")] = False,  # noqa: FBT002
) -> None:
    """Say who did what to a ledger, when, and with which version of the program; the newest last.

    Digests are shortened; --json has them whole.

    Example: s75 log pool.s75 --limit 20
    """
    from dataclasses import asdict

    from ledgers import open_ledger
    from ledgers.trail import latest, trail

    with open_ledger(ledger, read_only=True) as opened:
        entries = trail(opened) if limit is None else latest(opened, limit)
    if as_json:
        for entry in entries:
            say(json.dumps(asdict(entry), ensure_ascii=False))
    elif entries:
        _say_entries(entries)
    else:
        say(f"{ledger}: there is no audit trail; a folder has none, because nothing changes it.")


def _say_entries(entries: "tuple[Entry, ...]") -> None:
    rows = [("No.", "When", "Who", "Program", "What")]
    rows += [(str(each.id), when(each.at), each.actor, each.program, _what(each)) for each in entries]
    wide = [max(len(row[column]) for row in rows) for column in range(4)]
    for number, at, who, program, what in rows:
        say(f"{number.rjust(wide[0])}  {at.ljust(wide[1])}  {who.ljust(wide[2])}  {program.ljust(wide[3])}  {what}")


def when(at: str) -> str:
    """`22 Nov 2026 07:02 UTC`, of a time as the ledger keeps it (ISO 8601, UTC); what stands there, if it is none."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    month = day(moment).split()[1][:3]  # in English, whatever the computer's locale
    return f"{moment.day} {month} {moment:%Y %H:%M} UTC"


def _what(entry: "Entry") -> str:
    """`key 1`, `hold M1 to M3: …`: no word twice, and of a digest as much as tells it from every other."""
    subject = entry.subject if entry.subject.split(" ")[0] == entry.action else f"{entry.action} {entry.subject}"
    told = f"{subject}: {entry.detail}" if entry.detail else subject
    return _WHOLE_DIGEST.sub(lambda found: f"{found[0][:_LOGGED_DIGEST]}…", told)


# Disputes


def dispute(
    ledger: LedgerArgument,
    *,
    line: Annotated[int | None, typer.Option("--line", metavar="N", help="Dispute this line.")] = None,
    clause: Annotated[str | None, typer.Option("--clause", metavar="ID", help="Dispute what a clause makes.")] = None,
    resolve: Annotated[int | None, typer.Option("--resolve", metavar="N", help="Dispute N is resolved.")] = None,
    carry: Annotated[int | None, typer.Option("--carry", metavar="N", help="Carry dispute N past a sign-off.")] = None,
    partner: Annotated[str | None, typer.Option("--as", metavar="CODE", help="The partner who disputes it.")] = None,
    period: PeriodOption = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; for --resolve, how.")] = "",
) -> None:
    """Dispute a line or a clause's outcome, say what became of it, or list what is disputed.

    Statements show the settlement with and without what is disputed, until it is resolved.

    Example: s75 dispute pool.s75 --line 1204 --as LBB --reason "The placement ended in May"
    """
    given = [
        name for name, value in _named(line=line, clause=clause, resolve=resolve, carry=carry) if value is not None
    ]
    if len(given) > 1:
        _refuse(f"one at a time: {' or '.join(given)}", given[1])
    from ledgers import open_ledger

    if not given:
        with open_ledger(ledger, read_only=True) as opened:
            _list_disputes(opened, ledger)
        return
    at = None if period is None else needed_period(period)
    if (clause is not None or carry is not None) and at is None:
        _refuse("say at which period", "--period")
    if (clause is not None or line is not None) and not partner:
        _refuse("say which partner disputes it", "--as")
    with open_ledger(ledger) as opened:
        done = _disputed(opened, (line, clause, resolve, carry), partner or "", at, reason)
    say(_dispute_told(done))


def _disputed(
    opened: "Ledger",
    asked: tuple[int | None, str | None, int | None, int | None],
    partner: str,
    at: "Period | None",
    reason: str,
) -> "Dispute":
    from ledgers import disputes

    line, clause, resolve, carry = asked
    if line is not None:
        return disputes.dispute_line(opened, line, partner, reason)
    if clause is not None and at is not None:
        return disputes.dispute_clause(opened, clause, at, partner, reason)
    if carry is not None and at is not None:
        return disputes.carry(opened, carry, at, reason)
    return disputes.resolve(opened, resolve or 0, reason)


def _list_disputes(opened: "Ledger", name: str) -> None:
    from ledgers.disputes import disputes

    found = disputes(opened)
    for each in found:
        say(_dispute_told(each))
    if not found:
        say(f"{name}: nothing is disputed.")


def _dispute_told(told: "Dispute") -> str:
    raised = f"Dispute {told.id}: {told.partner} disputes {told.about} from {told.period} on: {told.reason}"
    if not told.outcome:
        return f"{raised} (open)"
    became = "resolved from" if not told.is_open else "open, carried past"
    return f"{raised} ({became} {told.outcome_period}: {told.outcome_reason})"


# Evidence


def evidence(  # noqa: PLR0913  each option is named where it is given
    ledger: LedgerArgument,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The document to attach.")] = None,
    *,
    line: Annotated[int | None, typer.Option("--line", metavar="N", help="To a line.")] = None,
    virement: Annotated[str | None, typer.Option("--virement", metavar="REF", help="To a virement.")] = None,
    version: Annotated[int | None, typer.Option("--agreement", metavar="N", help="To a version of it.")] = None,
    dispute_number: Annotated[int | None, typer.Option("--dispute", metavar="N", help="To a dispute.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="P", help="To what was decided of a period.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What it shows.")] = "",
    save: Annotated[str | None, typer.Option("--save", metavar="DIGEST", help="Write a document out again.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where; it never overwrites.")] = None,
) -> None:
    """Attach a document to what it is evidence of, write one out again, or list what is attached.

    Example: s75 evidence pool.s75 invoice-881.pdf --line 1204 --note "Invoice of 3 May"
    """
    from ledgers import open_ledger

    named = _named(line=line, virement=virement, agreement=version, dispute=dispute_number, period=period)
    targets = {name: value for name, value in named if value is not None}
    if save is not None:
        if file is not None or targets:
            _refuse("write a document out, or attach one: not both at once", "--save")
        if out is None:
            _refuse("name the file to write", "--out")
        with open_ledger(ledger, read_only=True) as opened:
            _save(opened, save.strip().lower(), out)
        return
    if out is not None:
        _refuse("say which document to write, by its digest", "--save")
    if file is None:
        if targets:
            _refuse("name the document to attach", "FILE")
        with open_ledger(ledger, read_only=True) as opened:
            _list_evidence(opened, ledger)
        return
    if len(targets) != 1:
        message = "say what it is evidence of: --line, --virement, --agreement, --dispute or --period"
        _refuse(message if not targets else f"to one thing at a time; {message}", str(file))
    ((about, target),) = targets.items()
    from ledgers.evidence import About, attach

    with open_ledger(ledger) as opened:
        attached = attach(opened, file, About(about.removeprefix("--")), target, note)
    say(f"“{attached.name}” is attached to {attached.of}. Its SHA-256 is {attached.digest}.")


def _list_evidence(opened: "Ledger", name: str) -> None:
    from ledgers.evidence import evidence as attached_to

    found = attached_to(opened)
    for each in found:
        told = f"; {each.note}" if each.note else ""
        say(f"{each.of}: “{each.name}”, {each.size:,} bytes, {each.digest[:_SHOWN_DIGEST]}{told}")
    if not found:
        say(f"{name}: nothing is attached.")


def _save(opened: "Ledger", digest: str, out: Path) -> None:
    from ledgers.evidence import document

    body = document(opened, _whole_digest(opened, digest))
    try:
        stream = out.open("xb")
    except FileExistsError:
        raise RefusedError(Problem("there is a file of this name already; it is never overwritten", str(out))) from None
    try:
        with stream:
            stream.write(body)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    say(f"{out}: {len(body):,} bytes, as they were attached.")


def _whole_digest(opened: "Ledger", digest: str) -> str:
    """The digest that begins so, as the list shows it; what was given, if that is none or of several documents."""
    from ledgers.evidence import evidence as attached_to

    found = {each.digest for each in attached_to(opened) if each.digest.startswith(digest)}
    return found.pop() if len(digest) >= _SHORTEST_DIGEST and len(found) == 1 else digest


# Options


def _named(**options: int | str | None) -> list[tuple[str, int | str | None]]:
    """Options with the names that a person gives them by."""
    return [(f"--{name}", value) for name, value in options.items()]


def _refuse(message: str, place: str) -> Never:
    raise RefusedError(Problem(message, place=place))
