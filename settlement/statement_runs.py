"""Statements for the desktop: what there is of a period, one document to look at, and the files of many periods.

These run in a process aside (`ui.aside`), which may be ended at any moment. So files are written to a draft folder
first, and are put in their place when all of them are whole; whoever ends the process throws the draft away.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ledgers import Ledger, open_ledger
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.looks import Look, check_theme, speaking_in, theme_of
from settlement.service import settle_ledger
from settlement.settle import Settlement
from settlement.standing import period_standing
from settlement.statements.csv_out import table_csv, write_csv
from settlement.statements.inputs import StatementInputs
from settlement.statements.kinds import KIND_OF, TABLES, Whose
from settlement.statements.writing import FORMATS, Paper, document_of, papers_of, stem_of, table_of, write_statements

Report = Callable[[int, int, str], None]
"""Told how many of how many files are written, and which now."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of a period: what it is, and for whom ("" if it is for all). A table is for another ledger to read.

    Of a transfer notice `partner` is its pair, `LBB-BCCG`; `parties` are the partners that a document is about, nobody
    of what is for all.
    """

    kind: str
    partner: str
    title: str
    is_table: bool = False
    parties: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """By what it is asked for."""
        return f"{self.kind}:{self.partner}"


@dataclass(frozen=True, slots=True)
class Available:
    """What statements there are of a period, and how far it has come (`open`, `signed, note 3`)."""

    settlement: Settlement
    listed: tuple[Listed, ...]
    standing: str
    is_draft: bool


def statements_of(ledger: Ledger, period: Period) -> Available:
    """What there is to write of a period. Raises RefusedError where it cannot be settled."""
    with ledger.snapshot():
        settlement = settle_ledger(ledger, period)
        standing = period_standing(ledger, period)
    name = {partner.code: partner.name for partner in settlement.agreement.partners}
    listed = [
        Listed(paper.kind, paper.partner, _title(paper, name), paper.is_table, paper.parties)
        for paper in papers_of(settlement)
    ]
    is_draft = standing.note is None or standing.note_period is not period
    return Available(settlement, tuple(listed), standing.words, is_draft)


def _title(paper: Paper, name: dict[str, str]) -> str:
    """`Settlement statement: London Borough of Barnet`; of a notice who invoices whom."""
    kind = KIND_OF[paper.kind]
    title = kind.title
    if kind.whose is Whose.PAIR:
        creditor, debtor = paper.parties
        return f"{title}: {name[creditor]} to {name[debtor]}"
    return f"{title}: {name[paper.partner]}" if paper.partner else title


def make_documents(
    where: str, period: Period, keys: Sequence[str], look: Look, folder: str, report: Report
) -> dict[str, str]:
    """Make these documents of a period in a folder, to be looked at; answers each key's path. Raises RefusedError."""
    from settlement.statements.pdf.writer import write_pdf  # noqa: PLC0415  ReportLab takes a while to import

    made: dict[str, str] = {}
    with open_ledger(where, read_only=True) as ledger, speaking_in(look.language):
        inputs = look.inputs(ledger, period)
        for key in keys:
            kind, _, partner = key.partition(":")
            report(len(made), len(keys), f"Making the {kind.replace('-', ' ')}")
            if kind in TABLES:
                name, table = table_of(inputs, kind, partner)
                path = Path(folder) / f"{name}.csv"
                write_csv(table_csv(table), path)
            else:
                name, document = document_of(inputs, kind, partner, thousands=look.thousands)
                path = Path(folder) / f"{name}.pdf"
                write_pdf(document, path)
            made[key] = str(path)
    return made


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files to write. `partners` are None for all; `apart` puts each period into a folder of its own."""

    periods: tuple[Period, ...]
    formats: tuple[str, ...] = ("pdf", "csv")
    partners: tuple[str, ...] | None = None
    look: Look = field(default_factory=Look)
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was drafted: files by their place under the folder, those there already, and periods left out with why."""

    files: tuple[str, ...]
    there_already: tuple[str, ...] = ()
    left_out: tuple[tuple[Period, str], ...] = ()


def draft_statements(where: str, wanted: Wanted, out: str, draft: str, report: Report) -> Drafted:
    """Write all files to the draft folder, as they will stand under `out`.

    A period that cannot be settled is left out, and said. Raises RefusedError if every one is; OSError if a file
    cannot be written. The draft folder is the caller's to throw away (`discard`), whatever comes of it.
    """
    for each in wanted.formats:
        assert each in FORMATS, each  # noqa: S101  chosen from them
    files: list[str] = []
    left_out: list[tuple[Period, str]] = []
    theme = theme_of(wanted.look.theme_file)
    with open_ledger(where, read_only=True) as ledger, speaking_in(wanted.look.language):
        check_theme(ledger, theme)
        for number, period in enumerate(wanted.periods):
            try:
                inputs = wanted.look.inputs(ledger, period)
            except RefusedError as refused:
                left_out.append((period, "; ".join(problem.message for problem in refused.problems)))
                continue
            so_far = _SoFar(len(files), len(wanted.periods) - number)
            files += _draft_period(inputs, wanted, Path(draft), so_far, report)
    if not files:
        message = "; ".join(f"{period}: {why}" for period, why in left_out) or "no period was chosen"
        raise RefusedError(Problem(message, where))
    there = tuple(name for name in files if (Path(out) / name).exists())
    return Drafted(tuple(files), there, tuple(left_out))


class _SoFar(NamedTuple):
    """How many files are written, and how many periods are to come, this one among them."""

    files: int
    periods: int


def _draft_period(inputs: StatementInputs, wanted: Wanted, draft: Path, so_far: _SoFar, report: Report) -> list[str]:
    """Write a period's files. How many there will be in all is told as if every period to come had as many."""
    in_being = [partner.code for partner in inputs.agreement.partners]
    chosen = in_being if wanted.partners is None else [code for code in in_being if code in wanted.partners]
    papers = papers_of(inputs.settlement, chosen)
    ways = dict.fromkeys(wanted.formats)
    count = sum(("csv" in ways) if paper.is_table else len(ways) for paper in papers)
    under = Path(stem_of(inputs)) if wanted.apart else Path()
    done = 0

    def wrote(path: Path) -> None:
        nonlocal done
        done += 1
        total = so_far.files + so_far.periods * count
        report(so_far.files + done, total, f"{inputs.settlement.period}: {path.name}")

    written = write_statements(
        inputs, draft / under, wanted.formats, chosen, thousands=wanted.look.thousands, wrote=wrote
    )
    return [str(under / path.name) for path in written]


def put_in_place(draft: str, out: str, files: Sequence[str]) -> list[str]:
    """Move drafted files to their place, each whole; one of the same name there is replaced. Raises OSError."""
    placed = []
    for name in files:
        place = Path(out) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (Path(draft) / name).replace(place)
        placed.append(str(place))
    discard(draft)
    return placed


def discard(draft: str) -> None:
    """Throw a draft folder away. What another program holds open is left behind, in a folder that begins with a dot."""
    shutil.rmtree(draft, ignore_errors=True)
