"""The statements as they are put up for signature: each partner's, and the memorandum account, kept by their digest.

They are made before the note that seals them, which names their SHA-256; so they show its number and not its digest.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgers import sealing
from ledgers.evidence import put_document
from ledgers.stored import StoredLedger
from rules.periods import Period
from settlement.publishing import statement_inputs
from settlement.statements import StatementInputs, memorandum_account, settlement_statement
from settlement.statements.document import Document
from settlement.statements.writing import file_names


def papers_for_signature(
    ledger: StoredLedger, period: Period, sequence: int, prepared_by: str
) -> tuple[sealing.Statement, ...]:
    """Make the statements of a period for its note, and keep them. Within a transaction."""
    from settlement.statements.pdf.writer import write_pdf  # noqa: PLC0415  ReportLab takes a while

    inputs = statement_inputs(ledger, period, prepared_by, sequence=sequence)
    ((last,),) = ledger.store.rows("SELECT COALESCE(MAX(id), 0) FROM note_statements")
    made = []
    with TemporaryDirectory(prefix="s75-") as folder:
        for number, (name, document) in enumerate(_documents(inputs), last + 1):
            path = Path(folder) / name
            write_pdf(document, path)
            kept = put_document(ledger.store, path.read_bytes())
            made.append((number, name, kept.id, kept.digest, kept.size))
    return tuple(made)


def _documents(inputs: StatementInputs) -> Iterator[tuple[str, Document]]:
    names = file_names(inputs)
    for code, name in names.items():
        yield f"{name}-settlement-statement.pdf", settlement_statement(inputs, code)
    year = str(inputs.agreement.year).replace("/", "-")
    yield f"{year}-{inputs.settlement.period}-memorandum-account.pdf", memorandum_account(inputs)
