"""Statements of a settlement: content as values, and writers for PDF, HTML, XLSX and CSV that compute nothing.

`write_statements` writes all of them. ReportLab and XlsxWriter are imported only when their format is written.
"""

from settlement.statements.inputs import Governing, LedgerLine, Seal, Signatory, StatementInputs, Status
from settlement.statements.journal import journal, transfer_list
from settlement.statements.memorandum import memorandum_account
from settlement.statements.settlement_statement import settlement_statement
from settlement.statements.workings import workings
from settlement.statements.writing import FORMATS, write_statements

__all__ = [
    "FORMATS",
    "Governing",
    "LedgerLine",
    "Seal",
    "Signatory",
    "StatementInputs",
    "Status",
    "journal",
    "memorandum_account",
    "settlement_statement",
    "transfer_list",
    "workings",
    "write_statements",
]
