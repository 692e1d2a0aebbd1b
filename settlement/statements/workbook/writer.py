"""A document as an XLSX workbook, a sheet for each section: its sums are formulas, and no text can become one."""

from pathlib import Path

from settlement.statements.document import Document
from settlement.statements.workbook.book import Book
from settlement.statements.workbook.sheet import SectionSheets
from settlement.workbooks import Workbook

_MANY = 50_000  # rows: up to so many a workbook is put together in memory, which takes half the time of temporary files


def write_workbook(document: Document, path: Path) -> None:
    """Write the document to the path. Raises OSError if it cannot be written."""
    rows = sum(len(table.rows) for table in document.tables)
    file = Workbook(path, in_memory=rows < _MANY)
    try:
        book = Book(file, document)
        for number, section in enumerate(document.sections):
            SectionSheets(book, section, number).write()
        book.finish()
    finally:
        file.close()
