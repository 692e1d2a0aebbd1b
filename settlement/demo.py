"""The demonstration: the sample ledgers made, settled, their statements written, and what to try next."""

import os
from collections.abc import Iterator
from pathlib import Path

from ledgers import Ledger, NewLine, create_ledger, open_ledger
from rules.money import pounds
from rules.periods import Period
from settlement.publishing import write_ledger_statements
from settlement.samples import SAMPLES, Sample
from settlement.service import check, settle_ledger

_SHOWN_WITH_STATEMENTS = ("barnet-2014-15-reward-mechanism", "hammersmith-fulham-2017-18")
_MONTHS_STATED = (Period.M6, Period.M12)


def build_demo(folder: Path) -> Iterator[str]:
    """Make the sample ledgers in a folder, settle each and write the statements; yields what to tell, line by line.

    A sample ledger that is there already is kept as it is, whatever was done to it, and settled again.
    Raises RefusedError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        path = folder / f"{sample.name}.s75"
        is_new = not path.exists()
        with _made(sample, path) if is_new else open_ledger(path, read_only=True) as ledger:
            yield f"{path}{'' if is_new else ' (there already, kept)'}: {sample.title}"
            yield from _settled(ledger)
            if sample.name in _SHOWN_WITH_STATEMENTS:
                out = folder / "statements" / sample.name
                written = [path for period in _MONTHS_STATED for path in write_ledger_statements(ledger, out, period)]
                yield f"    {len(written)} statements, workings and journals in {out}"
    first = folder / f"{_SHOWN_WITH_STATEMENTS[0]}.s75"
    yield ""
    yield "Next: look into one of them, or open it in the desktop program:"
    program = os.environ.get("S75_PROGRAM", "s75")  # as the person started it: the set-up's `run` says so here
    yield f"    {program} explain {first} --period M12 --partner BCCG"
    yield f"    {program} open {first}"


def _made(sample: Sample, path: Path) -> Ledger:
    """A new ledger of the sample, its months up to M11 held as they were settled."""
    ledger = create_ledger(path, sample.agreement_text, file=f"{sample.name}.toml")
    ledger.post(
        (
            NewLine(
                line.period,
                line.scheme,
                line.partner,
                line.kind,
                line.amount_pence,
                line.date,
                line.reference,
                line.description,
                line.cause,
            )
            for line in sample.lines
        ),
        source=f"{sample.name}: published figures, profiled over the year",
    )
    for period in Period:
        if period <= Period.M11:
            ledger.hold(period)
    return ledger


def _settled(ledger: Ledger) -> Iterator[str]:
    settlement = settle_ledger(ledger)
    names = {partner.code: partner.name for partner in settlement.agreement.partners}
    for transfer in settlement.transfers:
        payer, receiver = names[transfer.payer], names[transfer.receiver]
        yield f"    {settlement.period}: {payer} pays {receiver} {pounds(transfer.amount_pence)}"
    for finding in check(ledger):
        yield f"    s75 check finds: {finding}"
