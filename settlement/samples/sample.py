"""What a sample ledger is: an agreement, its lines, and which of its figures were published."""

import csv
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from io import StringIO
from pathlib import Path

from rules.agreement import Kind
from rules.money import plain
from rules.periods import Period

COLUMNS = ("period", "scheme", "partner", "kind", "amount", "date", "reference", "description", "cause")


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One ledger line (formats.md, lines.csv). `description` says whether the amount is published or illustrative."""

    period: Period
    scheme: str
    partner: str
    kind: Kind
    amount_pence: int
    date: date
    reference: str
    description: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample ledger, complete: `name` is its folder's or file's, `lines` are in order of period.

    `sources` says what is published, with its place in the paper; `illustrative` says what is not.
    """

    name: str
    title: str
    agreement_text: str
    lines: tuple[SampleLine, ...]
    sources: tuple[str, ...]
    illustrative: tuple[str, ...]

    @property
    def lines_csv_text(self) -> str:
        """The lines as the text of a lines.csv, with its header."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in self.lines:
            writer.writerow(
                (
                    line.period,
                    line.scheme,
                    line.partner,
                    line.kind,
                    plain(line.amount_pence),
                    line.date.isoformat(),
                    line.reference,
                    line.description,
                    line.cause,
                )
            )
        return text.getvalue()


def agreement_text(*parts: str) -> str:
    """The text of an agreement put together from the files beside this module, in the order given."""
    here = files("settlement.samples")
    return "\n".join(here.joinpath(part).read_text(encoding="utf-8") for part in parts)


def write_sample(sample: Sample, folder: Path) -> None:
    """Write the sample in the folder form, `agreement.toml` and `lines.csv`, making the folder if need be.

    Files of those two names already there are replaced. Raises OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.toml").write_text(sample.agreement_text, encoding="utf-8", newline="\n")
    (folder / "lines.csv").write_text(sample.lines_csv_text, encoding="utf-8", newline="\n")
