"""A ledger's statements written to a folder, with everything they show gathered from the ledger."""

import os
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path

from ledgers import Ledger, Line, sealing
from ledgers.assents import assents, awaiting
from ledgers.disputes import disputes
from ledgers.monthly import Posted, posted_by_period
from ledgers.sealing import NoteRow
from ledgers.stored import StoredLedger
from rules.agreement import Kind
from rules.language import say, speaking
from rules.periods import Period
from rules.position import Position, position_at
from settlement.control_findings import disagreeing, finding_in_words
from settlement.control_totals import Held
from settlement.disputed import Disputed, disputed_at
from settlement.overview import Month, months_from
from settlement.samples import Sample, sample_of
from settlement.service import period_to_settle, settle_ledger, settled_before
from settlement.settle import Settlement, settle
from settlement.signoff.assenting import AssentText
from settlement.signoff.errors import in_refusals
from settlement.signoff.notes import Note, Signed
from settlement.statements import StatementInputs, write_statements
from settlement.statements.inputs import Governing, Seal, Signatory, Status
from settlement.statements.theme import PLAIN, Theme
from settlement.statements.theme_file import read_theme
from settlement.version import VERSION


def write_ledger_statements(
    ledger: Ledger,
    out: Path,
    period: Period | None = None,
    formats: Sequence[str] = ("pdf", "csv"),
    prepared_by: str = "",
    *,
    partners: Sequence[str] | None = None,
    thousands: bool = False,
    theme: Theme | None = None,
) -> list[Path]:
    """Write a period's statements: one for each partner, memorandum account, workings, journals, transfers.

    Of these partners, if any are named; with `thousands` the tables of statements are in £000.

    They show the year to date, the forecast outturn beside it, and the movement since what was settled before; of a
    period that every partner has signed, who signed it, and the seal; of one that is put up for signature, who has
    signed until now, and the figures that were put up. Of both, who prepared it is as it was sealed. They have the
    partners' own words and looks of the `theme`, or of the theme file beside the ledger (`theme_beside`).
    Raises RefusedError if the ledger cannot be settled, its theme not be read or the folder not be written; then
    nothing is half written.
    """
    inputs = statement_inputs(ledger, period, prepared_by, theme=theme)
    return write_statements(inputs, out, formats, partners, thousands=thousands)


def statement_inputs(
    ledger: Ledger,
    period: Period | None = None,
    prepared_by: str = "",
    *,
    sequence: int | None = None,
    theme: Theme | None = None,
) -> StatementInputs:
    """Everything a period's statements show, gathered from the ledger.

    With `sequence` they are those put up for signature with the note of that number. Without a `theme` they have that
    of the file beside the ledger, if there is one. Raises RefusedError if the ledger cannot be settled, if what was
    signed cannot be read, and if there is something wrong with the theme file.

    Notes of a sample are in the language spoken now; nothing else of it is in any. What is refused is in English, of
    lines that are read later too.
    """
    with speaking(None):
        own = theme_beside(ledger) if theme is None else theme
        with in_refusals(ledger.name), ledger.snapshot():
            inputs = replace(_gathered(ledger, period, prepared_by, sequence), theme=own)
            held = _disagreeing(ledger, inputs.settlement.period)
    findings = tuple(finding_in_words(each, inputs.on_file or inputs.agreement) for each in held)
    inputs = replace(inputs, control_findings=findings)
    sample = sample_of(inputs.agreement)
    return inputs if sample is None else replace(inputs, notes=_sample_notes(sample))


def theme_beside(ledger: Ledger) -> Theme:
    """The theme of the file that lies beside a ledger: `NAME.theme.toml` beside `NAME.s75`, `theme.toml` in a folder.

    The plain one where there is no such file, and for a ledger on a server. Raises RefusedError for a file with
    something wrong in it, such as a table for a partner that the ledger's agreement does not have.
    """
    path = theme_path(ledger.name)
    if path is None or not os.path.lexists(path):  # a name too long to have one beside it has none
        return PLAIN
    codes = dict.fromkeys(
        code for version in ledger.versions() for code in ledger.agreement_at(version.from_period).partner_of
    )
    return read_theme(path, codes)


def theme_path(name: str) -> Path | None:
    """Where the theme file of a ledger of this name would be; None for a ledger on a server."""
    if "://" in name:
        return None
    path = Path(name)
    return path / "theme.toml" if path.is_dir() else path.with_suffix(".theme.toml")


def _gathered(ledger: Ledger, period: Period | None, prepared_by: str, sequence: int | None) -> StatementInputs:
    at = period_to_settle(ledger, period)
    note = None if sequence is not None else _note_of(ledger, at)
    pending = note if note is not None and note.is_pending else None
    signed = note if pending is None else None
    settlement = _settled(ledger, at, pending)
    previous = settled_before(ledger, at)
    last = _last_line(ledger, at) if pending is None else pending.cut["lines"]
    status, seal = Status.DRAFT, None
    if sequence is not None:
        status, seal = Status.FOR_SIGNATURE, Seal(sequence)
    elif pending is not None:
        status, seal = Status.FOR_SIGNATURE, Seal(pending.sequence)
    elif signed is not None:
        status, seal = Status.SIGNED, _seal(signed)
    return StatementInputs(
        settlement=settlement,
        previous=previous,
        previous_period=None if previous is None else previous.period,
        outturn=_settled(ledger, at, pending, outturn=True),
        lines=lambda: _lines(ledger, last),
        late=tuple(line for line in ledger.lines(upto=at, late=True) if _counts(line, last)),
        status=status,
        seal=seal,
        signatories=() if signed is None else _signatories(ledger, signed),
        signatories_so_far=() if pending is None else _signatories(ledger, pending),
        previous_seal=_previous_seal(ledger, previous.period) if previous is not None else None,
        governing=governing_version(ledger, at),
        disputed=_disputed(ledger, at, pending),
        prepared_by=prepared_by if note is None else note.prepared_by,
        version=f"S75 Settlement {VERSION}",
        on_file=ledger.agreement_at(at),
        months=_months(ledger, at, pending),
    )


def _settled(ledger: Ledger, period: Period, pending: NoteRow | None, *, outturn: bool = False) -> Settlement:
    """The settlement; of a period put up for signature, as it was put up, whatever was posted elsewhere since."""
    position = _as_put_up(ledger, period, pending, outturn=outturn)
    if position is None:
        return settle_ledger(ledger, period, outturn=outturn)
    return settle(ledger.agreement_at(period), position)


def _disputed(ledger: Ledger, period: Period, pending: NoteRow | None) -> Disputed | None:
    """What is in dispute; of a period put up for signature, beside the figures that were put up."""
    position = _as_put_up(ledger, period, pending)
    return disputed_at(ledger, period, disputes(ledger, period), position=position, with_each=True)


def _months(ledger: Ledger, period: Period, pending: NoteRow | None) -> tuple[Month, ...]:
    """Budget and actual by month; of a period put up for signature, of the lines that its note seals."""
    agreement = ledger.agreement_at(period)
    if pending is None or not isinstance(ledger, StoredLedger):
        return months_from(posted_by_period(ledger, period), agreement, period)
    sums = sealing.sums_upto(ledger, pending.cut["lines"])
    posted = (
        Posted(scheme, partner, Kind(kind), Period(when), cause != "", pence)
        for (scheme, partner, kind, cause, when), pence in sorted(sums.items())
    )
    return months_from(posted, agreement, period)


def _disagreeing(ledger: Ledger, period: Period) -> tuple[Held, ...]:
    """The control totals that do not agree; of a period put up for signature, with the lines that its note seals."""
    row = _note_of(ledger, period)
    agreement = ledger.agreement_at(period)
    if row is None or not row.is_pending or not isinstance(ledger, StoredLedger):
        return disagreeing(ledger, agreement, period)
    sums = sealing.sums_upto(ledger, row.cut["lines"])
    put_up = ((scheme, partner, kind, Period(when), pence) for (scheme, partner, kind, _, when), pence in sums.items())
    return disagreeing(ledger, agreement, period, put_up)


def _as_put_up(ledger: Ledger, period: Period, pending: NoteRow | None, *, outturn: bool = False) -> Position | None:
    """The position of the lines that a pending note seals, from the lines; None where nothing was posted since."""
    if pending is None or not isinstance(ledger, StoredLedger):
        return None
    upto = pending.cut["lines"]
    if sealing.ends(ledger)["lines"] == upto:
        return None
    sums = sealing.sums_upto(ledger, upto)
    lines = [
        (scheme, partner, Kind(kind), Period(when), cause != "", pence)
        for (scheme, partner, kind, cause, when), pence in sorted(sums.items())
    ]
    return position_at(period, lines, ledger.measures(), outturn=outturn)


def _last_line(ledger: Ledger, period: Period) -> int | None:
    """The last line on the statements: the last when the period was sealed or, if it is not signed, at this moment."""
    last = ledger.last_line_of(period)
    return sealing.ends(ledger)["lines"] if last is None and isinstance(ledger, StoredLedger) else last


def _lines(ledger: Ledger, last: int | None) -> Iterator[Line]:
    """The lines that count. What is wrong with one is said in English, whatever is spoken where they are read."""
    with speaking(None):
        in_english = copy_context()
    lines = (line for line in ledger.lines() if _counts(line, last))
    while (line := in_english.run(next, lines, None)) is not None:
        yield line


def _counts(line: Line, last: int | None) -> bool:
    return last is None or line.id <= last


def governing_version(ledger: Ledger, period: Period) -> Governing:
    """The version of the agreement in force at a period, who assented to it, and who is still to."""
    version = max((each for each in ledger.versions() if each.from_period <= period), key=lambda each: each.id)
    texts = [AssentText.read(row.text) for row in assents(ledger) if row.version == version.id]
    return Governing(
        version=version.id,
        from_period=version.from_period,
        reason=version.reason,
        digest=version.digest,
        assents=tuple(Signatory(told.partner, told.name, told.role, told.at) for told in texts),
        awaiting=awaiting(ledger, version.id),
    )


def _note_of(ledger: Ledger, period: Period) -> NoteRow | None:
    """The note of just this period that every partner has signed, or that waits for signatures."""
    if not isinstance(ledger, StoredLedger):
        return None
    return next((row for row in sealing.notes(ledger) if row.period == period and not row.is_withdrawn), None)


def _seal(row: NoteRow) -> Seal:
    note = Note.read(row.text)
    return Seal(note.sequence, note.digest, note.previous or "")


def _signatories(ledger: Ledger, row: NoteRow) -> tuple[Signatory, ...]:
    signed = [Signed.read(each.text) for each in sealing.signatures(sealing.stored(ledger), row.sequence)]
    return tuple(Signatory(each.partner, each.name, each.role, each.at) for each in signed)


def _previous_seal(ledger: Ledger, period: Period) -> Seal | None:
    row = _note_of(ledger, period)
    return None if row is None or row.is_pending else _seal(row)


def _sample_notes(sample: Sample) -> tuple[str, ...]:
    """What a sample's statement must say: which figures were published, and which are made up to show the program."""
    first = say(
        "Sample ledger, {title}. The figures of the year are as published, the months and gaps illustrative.",
        title=sample.title,
    )
    return (
        first,
        *(say("Published: {source}", source=source) for source in sample.sources),
        *(say("Illustrative: {note}", note=note) for note in sample.illustrative),
    )
