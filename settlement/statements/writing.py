"""Statements as files: every document there is of a settlement, and the tables for another ledger to read."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from rules.problems import Problem, RefusedError
from settlement.file_naming import plain_names
from settlement.settle import Settlement
from settlement.statements.accounts.journal import journal, transfer_list
from settlement.statements.accounts.transfer_notices import notices_of
from settlement.statements.csv_out import document_csv, table_csv, write_csv
from settlement.statements.document import Document, Table
from settlement.statements.inputs import StatementInputs
from settlement.statements.kinds import (
    IN_THOUSANDS,
    JOURNAL,
    KIND_OF,
    KINDS,
    MEMORANDUM,
    TABLES,
    Whose,
)
from settlement.statements.thousands import in_thousands

FORMATS = ("pdf", "html", "xlsx", "csv")

NameOf = Callable[[str, str, str], str | None]
"""Another name for a file, without its ending: told the kind, for whom, and the usual name, which stands if None."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document or table that there is of a settlement.

    `partner` is a partner's code, "" of what is for all, and of a notice its pair (`LBB-BCCG`, creditor first);
    `parties` are the codes of those it is about, nobody of what is for all. `name` is its file's, without the ending.
    """

    kind: str
    partner: str
    name: str
    parties: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether it is for another ledger to read, and so CSV alone."""
        return self.kind in TABLES


def papers_of(
    settlement: Settlement, partners: Iterable[str] | None = None, kinds: Iterable[str] | None = None
) -> tuple[Paper, ...]:
    """What there is to write of a settlement: for these partners (for all, if none are named), of these kinds.

    A notice is for a partner that owes or is owed. Nothing is made yet.
    """
    names = _partner_names(settlement)
    chosen = tuple(names) if partners is None else tuple(dict.fromkeys(partners))
    wanted = KINDS if kinds is None else frozenset(kinds)
    stem = _stem(settlement)
    notices = notices_of(settlement)
    pairs = plain_names(notices)
    found: list[Paper] = []
    for kind in KINDS:
        if kind not in wanted:
            continue
        whose = KIND_OF[kind].whose
        if whose is Whose.PARTNER:
            found += [Paper(kind, code, f"{names[code]}-{kind}", (code,)) for code in chosen]
        elif whose is Whose.PAIR:
            for pair, transfer in notices.items():
                parties = (transfer.receiver, transfer.payer)
                if not set(parties).isdisjoint(chosen):
                    found.append(Paper(kind, pair, f"{stem}-{pairs[pair]}-{kind}", parties))
        else:
            found.append(Paper(kind, "", f"{stem}-{kind}"))
    return tuple(found)


def write_statements(  # noqa: PLR0913  each is chosen by itself
    inputs: StatementInputs,
    out_dir: Path,
    formats: Sequence[str],
    partners: Sequence[str] | None = None,
    *,
    thousands: bool = False,
    wrote: Callable[[Path], None] = lambda _path: None,
    kinds: Sequence[str] | None = None,
    name_of: NameOf | None = None,
    overwrite: bool = True,
) -> list[Path]:
    """Write the statements of these partners (of all, if none are named) and what they share; the files, in that order.

    Of these `kinds`, if any are named. With `thousands` the tables of statements, accounts, returns and reports are
    shown in £000, under names that say so; workings, notices, journals and transfers are to the penny always.
    `name_of` may give a file another name. `wrote` is told of each file.
    Each file is written beside its place and moved there when it is whole. A file of the same name, a draft, is
    replaced; without `overwrite` RefusedError is raised instead, before anything is written. Raises ValueError for an
    unknown format, kind or partner and for two files of one name, before anything is written, and OSError if a file
    cannot be written. One document is held at a time, however many there are.
    """
    papers = _chosen(inputs, formats, partners, kinds)
    ways = tuple(dict.fromkeys(formats))
    files = _files(papers, out_dir, ways, thousands=thousands, name_of=name_of)
    if not overwrite:
        _refuse_to_replace(path for paths in files for path in paths)
    out_dir.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for paper, paths in zip(papers, files, strict=True):
        for path in _write(inputs, paper, paths, thousands=thousands):
            written.append(path)
            wrote(path)
    return written


def _chosen(
    inputs: StatementInputs, formats: Sequence[str], partners: Sequence[str] | None, kinds: Sequence[str] | None
) -> tuple[Paper, ...]:
    for each in formats:
        if each not in FORMATS:
            message = f"“{each}” is not a format of statements; choose from {', '.join(FORMATS)}"
            raise ValueError(message)
    for each in kinds or ():
        if each not in KINDS:
            message = f"“{each}” is not a kind of statement; choose from {', '.join(KINDS)}"
            raise ValueError(message)
    codes = tuple(partner.code for partner in inputs.agreement.partners)
    for code in partners or ():
        if code not in codes:
            message = f"“{code}” is no partner at {inputs.settlement.period}; the partners are {', '.join(codes)}"
            raise ValueError(message)
    papers = papers_of(inputs.settlement, partners, kinds)
    return tuple(paper for paper in papers if not paper.is_table or "csv" in formats)


def _files(
    papers: Iterable[Paper], out_dir: Path, formats: tuple[str, ...], *, thousands: bool, name_of: NameOf | None
) -> list[tuple[Path, ...]]:
    """Each paper's files. Raises ValueError where two would be one, on file systems that ignore capitals too."""
    found = []
    taken: set[str] = set()
    for paper in papers:
        usual = _named(paper, thousands=thousands)
        name = usual if name_of is None else name_of(paper.kind, paper.partner, usual) or usual
        endings = ("csv",) if paper.is_table else formats
        found.append(tuple(out_dir / f"{name}.{each}" for each in endings))
        for path in found[-1]:
            if str(path).lower() in taken:
                message = f"two files would be called {path.name}"
                raise ValueError(message)
            taken.add(str(path).lower())
    return found


def _refuse_to_replace(paths: Iterable[Path]) -> None:
    there = [path for path in paths if os.path.lexists(path)]
    if there:
        others = f" and {len(there) - 1:,} more" if len(there) > 1 else ""
        message = (
            f"{there[0].name}{others} is there already, and nothing was written; choose to replace, or another folder"
        )
        raise RefusedError(Problem(message, str(there[0].parent)))


def _write(inputs: StatementInputs, paper: Paper, paths: tuple[Path, ...], *, thousands: bool) -> Iterator[Path]:
    """Make a paper once and write it to each of its files. It is forgotten with the last of them."""
    if paper.is_table:
        text = table_csv(table_of(inputs, paper.kind, paper.partner)[1])
        for path in paths:
            yield _put(path, partial(write_csv, text))
    elif paths:
        _, document = document_of(inputs, paper.kind, paper.partner, thousands=thousands)
        for path in paths:
            yield _put(path, partial(writer_of(path.suffix[1:]), document))


def documents_of(
    inputs: StatementInputs,
    partners: Sequence[str],
    *,
    thousands: bool = False,
    kinds: Sequence[str] | None = None,
) -> Iterator[tuple[str, Document]]:
    """Each document with its file's name, without the ending. One at a time, so that memory does not grow with them.

    They are in the language that is spoken now, whatever is spoken when they are taken.
    """
    papers = [paper for paper in papers_of(inputs.settlement, partners, kinds) if not paper.is_table]
    now = copy_context()
    return (now.run(document_of, inputs, paper.kind, paper.partner, thousands=thousands) for paper in papers)


def document_of(
    inputs: StatementInputs, kind: str, partner: str = "", *, thousands: bool = False
) -> tuple[str, Document]:
    """One document with its file's name, without the ending: a partner's, the notice of a pair, or what all share.

    Raises KeyError for a partner, pair or kind that there is not.
    """
    build = KIND_OF[kind].build
    if build is None:
        raise KeyError(kind)
    document = build(inputs, partner)
    name = _named(_paper(inputs, kind, partner), thousands=thousands)
    return name, in_thousands(document, inputs) if thousands and kind in IN_THOUSANDS else document


def tables_of(
    inputs: StatementInputs, partners: Sequence[str], *, kinds: Sequence[str] | None = None
) -> Iterator[tuple[str, Table]]:
    """Each table for another ledger to read, with its file's name, without the ending. As `documents_of`."""
    papers = [paper for paper in papers_of(inputs.settlement, partners, kinds) if paper.is_table]
    now = copy_context()
    return (now.run(table_of, inputs, paper.kind, paper.partner) for paper in papers)


def table_of(inputs: StatementInputs, kind: str, partner: str = "") -> tuple[str, Table]:
    """One table with its file's name, without the ending: a partner's journal, or the transfers."""
    table = journal(inputs, partner) if kind == JOURNAL else transfer_list(inputs)
    return _paper(inputs, kind, partner).name, table


def _paper(inputs: StatementInputs, kind: str, partner: str) -> Paper:
    if kind == MEMORANDUM and not partner:  # what is put up for signature is one for all
        return Paper(kind, "", f"{stem_of(inputs)}-{kind}")
    return next(paper for paper in papers_of(inputs.settlement, kinds=(kind,)) if paper.partner == partner)


def _named(paper: Paper, *, thousands: bool) -> str:
    return f"{paper.name}-in-thousands" if thousands and paper.kind in IN_THOUSANDS else paper.name


def writer_of(name: str) -> Callable[[Document, Path], None]:
    """The format's writer, imported when it is first needed: ReportLab and XlsxWriter take a while to import."""
    match name:
        case "pdf":
            from settlement.statements.pdf.writer import write_pdf  # noqa: PLC0415

            return write_pdf
        case "xlsx":
            from settlement.statements.workbook.writer import write_workbook  # noqa: PLC0415

            return write_workbook
        case "html":
            from settlement.statements.html.writer import write_html  # noqa: PLC0415

            return write_html
        case _:
            return lambda document, path: write_csv(document_csv(document), path)


def stem_of(inputs: StatementInputs) -> str:
    """What the names of a period's files begin with: `2014-15-M12`, or `2014-15-M6-outturn`."""
    return _stem(inputs.settlement)


def _stem(settlement: Settlement) -> str:
    year = str(settlement.agreement.year).replace("/", "-")
    outturn = "-outturn" if settlement.is_outturn else ""
    return f"{year}-{settlement.period}{outturn}"


def file_names(inputs: StatementInputs) -> dict[str, str]:
    """How each partner's files begin, `2014-15-M12-LBB`: whatever is in a code, a name every file system takes.

    Two codes never have one name, on file systems that do not tell capitals apart either.
    """
    return _partner_names(inputs.settlement)


def _partner_names(settlement: Settlement) -> dict[str, str]:
    names = plain_names(partner.code for partner in settlement.agreement.partners)
    return {code: f"{_stem(settlement)}-{name}" for code, name in names.items()}


def _put(path: Path, write: Callable[[Path], None]) -> Path:
    """Write to a name of its own in the same folder, then take the place: a reader never finds half a statement."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".s75-", suffix=path.suffix, delete=False) as file:
        draft = Path(file.name)
    try:
        write(draft)
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path


def _umask() -> int:
    """The process's mask for new files: a temporary file is private, a statement is as other files are."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
