"""Statements as files: a settlement statement per partner, memorandum account, workings, journals, transfers."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from settlement.file_naming import plain_names
from settlement.statements.csv_out import document_csv, table_csv, write_csv
from settlement.statements.document import Document, Table
from settlement.statements.inputs import StatementInputs
from settlement.statements.journal import journal, transfer_list
from settlement.statements.memorandum import memorandum_account
from settlement.statements.settlement_statement import settlement_statement
from settlement.statements.thousands import in_thousands
from settlement.statements.workings import workings

FORMATS = ("pdf", "html", "xlsx", "csv")
STATEMENT, MEMORANDUM, WORKINGS = "settlement-statement", "memorandum-account", "workings"
"""The documents, as their files' names end: one for each partner, and two for all."""

JOURNAL, TRANSFERS = "journal", "transfers"
"""The tables, which are written with the CSV files."""

_Writer = Callable[[Document, Path], None]


def write_statements(
    inputs: StatementInputs,
    out_dir: Path,
    formats: Sequence[str],
    partners: Sequence[str] | None = None,
    *,
    thousands: bool = False,
    wrote: Callable[[Path], None] = lambda _path: None,
) -> list[Path]:
    """Write the statements of these partners (of all, if none are named) and what they share; the files, in that order.

    With `thousands` the tables of statements and memorandum account are shown in £000, under names that say so;
    workings, journals and transfers are to the penny always. `wrote` is told of each file.
    Each file is written beside its place and moved there when it is whole; a file of the same name, a draft, is
    replaced. Raises ValueError for an unknown format or partner, before anything is written, and OSError if a file
    cannot be written.
    """
    chosen = _chosen(inputs, formats, partners)
    out_dir.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def put(path: Path, write: Callable[[Path], None]) -> None:
        written.append(_put(path, write))
        wrote(path)

    for name, document in documents_of(inputs, chosen, thousands=thousands):
        for each in dict.fromkeys(formats):
            put(out_dir / f"{name}.{each}", partial(_writer(each), document))
    if "csv" in formats:
        for name, table in tables_of(inputs, chosen):
            put(out_dir / f"{name}.csv", partial(write_csv, table_csv(table)))
    return written


def _chosen(inputs: StatementInputs, formats: Sequence[str], partners: Sequence[str] | None) -> tuple[str, ...]:
    for each in formats:
        if each not in FORMATS:
            message = f"“{each}” is not a format of statements; choose from {', '.join(FORMATS)}"
            raise ValueError(message)
    codes = tuple(partner.code for partner in inputs.agreement.partners)
    if partners is None:
        return codes
    for code in partners:
        if code not in codes:
            message = f"“{code}” is no partner at {inputs.settlement.period}; the partners are {', '.join(codes)}"
            raise ValueError(message)
    return tuple(dict.fromkeys(partners))


def documents_of(
    inputs: StatementInputs, partners: Sequence[str], *, thousands: bool = False
) -> Iterator[tuple[str, Document]]:
    """Each document with its file's name, without the ending. One at a time, so that memory does not grow with them."""
    for code in partners:
        yield document_of(inputs, STATEMENT, code, thousands=thousands)
    for kind in (MEMORANDUM, WORKINGS):
        yield document_of(inputs, kind, thousands=thousands)


def document_of(
    inputs: StatementInputs, kind: str, partner: str = "", *, thousands: bool = False
) -> tuple[str, Document]:
    """One document with its file's name, without the ending: a partner's statement, or what all of them share."""
    builders = {MEMORANDUM: memorandum_account, WORKINGS: workings}
    document = settlement_statement(inputs, partner) if kind == STATEMENT else builders[kind](inputs)
    name = f"{file_names(inputs)[partner] if partner else stem_of(inputs)}-{kind}"
    if thousands and kind != WORKINGS:
        return f"{name}-in-thousands", in_thousands(document, inputs)
    return name, document


def tables_of(inputs: StatementInputs, partners: Sequence[str]) -> Iterator[tuple[str, Table]]:
    """Each table for another ledger to read, with its file's name, without the ending."""
    for code in partners:
        yield table_of(inputs, JOURNAL, code)
    yield table_of(inputs, TRANSFERS)


def table_of(inputs: StatementInputs, kind: str, partner: str = "") -> tuple[str, Table]:
    """One table with its file's name, without the ending: a partner's journal, or the transfers."""
    if kind == JOURNAL:
        return f"{file_names(inputs)[partner]}-{JOURNAL}", journal(inputs, partner)
    return f"{stem_of(inputs)}-{TRANSFERS}", transfer_list(inputs)


def stem_of(inputs: StatementInputs) -> str:
    """What the names of a period's files begin with: `2014-15-M12`, or `2014-15-M6-outturn`."""
    year = str(inputs.agreement.year).replace("/", "-")
    outturn = "-outturn" if inputs.settlement.is_outturn else ""
    return f"{year}-{inputs.settlement.period}{outturn}"


def file_names(inputs: StatementInputs) -> dict[str, str]:
    """How each partner's files begin, `2014-15-M12-LBB`: whatever is in a code, a name every file system takes.

    Two codes never have one name, on file systems that do not tell capitals apart either.
    """
    names = plain_names(partner.code for partner in inputs.agreement.partners)
    return {code: f"{stem_of(inputs)}-{name}" for code, name in names.items()}


def _writer(name: str) -> _Writer:
    """The format's writer, imported when it is first needed: ReportLab and XlsxWriter take a while to import."""
    match name:
        case "pdf":
            from settlement.statements.pdf import write_pdf  # noqa: PLC0415

            return write_pdf
        case "xlsx":
            from settlement.statements.workbook import write_workbook  # noqa: PLC0415

            return write_workbook
        case "html":
            from settlement.statements.html import write_html  # noqa: PLC0415

            return write_html
        case _:
            return lambda document, path: write_csv(document_csv(document), path)


def _put(path: Path, write: Callable[[Path], None]) -> Path:
    """Write to a name of its own in the same folder, then take the place: a reader never finds half a statement."""
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
