"""A ledger's statements written to a folder, with everything they show gathered from the ledger."""

from collections.abc import Sequence
from pathlib import Path

from ledgers import Ledger
from rules.periods import Period
from settlement.samples import Sample, sample_of
from settlement.service import settle_ledger, settled_before
from settlement.statements import StatementInputs, write_statements
from settlement.version import VERSION


def write_ledger_statements(
    ledger: Ledger,
    out: Path,
    period: Period | None = None,
    formats: Sequence[str] = ("pdf", "csv"),
    prepared_by: str = "",
) -> list[Path]:
    """Write a period's statements: one for each partner, memorandum account, workings, journals, transfers.

    They show the year to date, the forecast outturn beside it, and the movement since what was settled before.
    Raises RefusedError if the ledger cannot be settled or the folder not be written; then nothing is half written.
    """
    settlement = settle_ledger(ledger, period)
    at = settlement.period
    previous = settled_before(ledger, at)
    sample = sample_of(settlement.agreement)
    inputs = StatementInputs(
        settlement=settlement,
        previous=previous,
        previous_period=None if previous is None else previous.period,
        outturn=settle_ledger(ledger, at, outturn=True),
        lines=ledger.lines,
        prepared_by=prepared_by,
        notes=() if sample is None else _sample_notes(sample),
        version=f"S75 Settlement {VERSION}",
        on_file=ledger.agreement_at(at),
    )
    return write_statements(inputs, out, formats)


def _sample_notes(sample: Sample) -> tuple[str, ...]:
    """What a sample's statement must say: which figures were published, and which are made up to show the program."""
    first = (
        f"Sample ledger, {sample.title}. The figures of the year are as published; the months, and whatever the papers "
        "leave open, are illustrative: the notes at the end say which."
    )
    return (
        first,
        *(f"Published: {source}" for source in sample.sources),
        *(f"Illustrative: {note}" for note in sample.illustrative),
    )
