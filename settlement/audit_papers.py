"""What an auditor takes away: a sample as a working paper (CSV, XLSX), the audit trail as CSV."""

import csv
from pathlib import Path

from ledgers.ledger import Ledger
from ledgers.lines import LineFilter
from ledgers.trail_search import TrailFilter, found_entries
from rules.money import pounds
from settlement.sampling import Method, Sample, how_to_redo
from settlement.sentences import KIND_NAMES
from settlement.statements.csv_out import document_csv, safe, write_csv
from settlement.statements.document import (
    Align,
    Bullets,
    Column,
    Document,
    Facts,
    Row,
    RowKind,
    Section,
    Table,
    Tone,
    amounts,
)
from settlement.version import VERSION

_TRAIL = ("No.", "At", "Who", "Program", "Action", "Subject", "Detail", "Digest")


def described(wanted: LineFilter) -> str:
    """What a population is, in words: `all lines`, `lines of S1, actual, up to M6`."""
    told = []
    if wanted.kind is not None:
        told.append(KIND_NAMES[wanted.kind].lower())
    if wanted.scheme is not None:
        told.append(f"scheme {wanted.scheme}")
    if wanted.partner is not None:
        told.append(f"partner {wanted.partner}")
    if wanted.period is not None:
        told.append(f"in {wanted.period}")
    if wanted.upto is not None:
        told.append(f"up to {wanted.upto}")
    return f"lines: {', '.join(told)}" if told else "all lines of the ledger"


def drawn_how(sample: Sample) -> str:
    """How the sample was drawn, in words: `at random, seed 04217731`."""
    plan = sample.plan
    match plan.method:
        case Method.RANDOM:
            return f"at random, seed {plan.seed}"
        case Method.MONETARY:
            return f"by monetary unit with {plan.count:,} points, seed {plan.seed}"
        case Method.LARGEST:
            return f"the {plan.count:,} largest amounts"
        case Method.OVER:
            return f"every amount of {pounds(plan.at_least_pence)} or more"


def sample_facts(sample: Sample) -> tuple[tuple[str, str], ...]:
    """What was drawn from what, as pairs of a label and a text."""
    return (
        ("Drawn", drawn_how(sample)),
        ("From", f"{described(sample.plan.of)}, up to line {sample.plan.upto_line}"),
        ("Population", f"{sample.population_count:,} lines, {pounds(sample.population_pence)} net"),
        ("Its amounts, whatever their sign", pounds(sample.population_size_pence)),
        ("Sample", f"{len(sample.picked):,} lines, {pounds(sample.picked_pence)} net"),
        ("Its amounts, whatever their sign", pounds(sample.picked_size_pence)),
    )


def sample_paper(sample: Sample, ledger: str, title: str) -> Document:
    """The sample as a working paper, with two columns to fill in."""
    columns = (
        Column("Line", Align.RIGHT),
        Column("Period"),
        Column("Scheme"),
        Column("Partner"),
        Column("Kind"),
        *amounts("Amount £"),
        Column("Date"),
        Column("Reference", width=2),
        Column("Description", width=3),
        Column("From", width=2),
        Column("Points", Align.RIGHT),
        Column("Agreed to", width=2),
        Column("Remarks", width=2),
    )
    rows = [
        Row(
            (
                str(each.line.id),
                str(each.line.period),
                each.line.scheme,
                each.line.partner,
                KIND_NAMES[each.line.kind],
                each.line.amount_pence,
                "" if each.line.date is None else each.line.date.isoformat(),
                each.line.reference,
                each.line.description,
                each.line.file if each.line.row is None else f"{each.line.file}, row {each.line.row}",
                str(each.points) if sample.plan.method is Method.MONETARY else "",
                "",
                "",
            )
        )
        for each in sample.picked
    ]
    blank = ("",) * 7
    total = Row(("Total", "", "", "", "", sample.picked_pence, *blank), RowKind.TOTAL)
    return Document(
        title="Sample of ledger lines",
        subtitle=title,
        running=(ledger, f"S75 Settlement {VERSION}"),
        status=f"Drawn {drawn_how(sample)}",
        status_tone=Tone.INFORMATION,
        sections=(
            Section(
                "Sample",
                (
                    Facts(sample_facts(sample)),
                    Table("Lines of the sample", columns, (*rows, total)),
                ),
            ),
            Section("How to draw it again", (Bullets(how_to_redo(sample.plan)),)),
        ),
    )


def write_sample(sample: Sample, ledger: str, title: str, path: Path) -> None:
    """Write the working paper: as a workbook if the file is called `.xlsx`, else as CSV. Raises OSError."""
    paper = sample_paper(sample, ledger, title)
    if path.suffix.lower() == ".xlsx":
        from settlement.statements.workbook.writer import write_workbook  # noqa: PLC0415  XlsxWriter takes a while

        write_workbook(paper, path)
    else:
        write_csv(document_csv(paper), path)


def write_trail(ledger: Ledger, wanted: TrailFilter, path: Path) -> int:
    """Write the entries of the trail that are asked for as CSV, digests and all; how many. Raises OSError."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_TRAIL)
        for each in found_entries(ledger, wanted):
            told = (each.at, each.actor, each.program, each.action, each.subject, each.detail, each.digest)
            writer.writerow([str(each.id), *map(safe, told)])
            count += 1
    return count
