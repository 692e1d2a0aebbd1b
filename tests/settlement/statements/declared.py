"""What every document must hold: totals that say what they add, so that a workbook has a formula for each."""

from settlement.statements.document import Document, RowKind, Table


def undeclared(document: Document) -> list[str]:
    """The totals and subtotals with an amount that do not say what they are the sum of."""
    return [
        f"{table.title}: {row.cells[0]}"
        for table in document.tables
        for row in table.rows
        if row.kind in {RowKind.SUBTOTAL, RowKind.TOTAL}
        and any(isinstance(cell, int) and cell for cell in row.cells)
        and not (row.adds or row.takes)
    ]


def table_called(document: Document, ending: str) -> Table:
    """The first table whose title ends so."""
    return next(table for table in document.tables if table.title.endswith(ending))


def texts_of(document: Document) -> str:
    """Everything that the document says, a line for each text."""
    told: list[str] = []
    for section in document.sections:
        told.append(section.title)
        for block in section.blocks:
            told += [getattr(block, name, "") for name in ("text", "title", "label", "words", "heading")]
            told += getattr(block, "items", ())
            told += getattr(block, "lines", ())
            told += [f"{label}: {text}" for label, text in getattr(block, "pairs", ())]
            if isinstance(block, Table):
                told += [str(cell) for row in block.rows for cell in row.cells]
    return "\n".join(told)
