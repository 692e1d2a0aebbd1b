"""Statements of a settlement: content as values, and writers for PDF, HTML, XLSX and CSV that compute nothing.

`write_statements` writes all of them. ReportLab and XlsxWriter are imported only when their format is written.
"""

from settlement.statements.accounts.journal import ACCOUNT_KEYS, journal, transfer_list
from settlement.statements.accounts.memorandum import memorandum_account
from settlement.statements.accounts.transfer_notices import notices_of, transfer_notice
from settlement.statements.inputs import Governing, LedgerLine, Seal, Signatory, StatementInputs, Status
from settlement.statements.kinds import KINDS
from settlement.statements.reports.annual_return import annual_return
from settlement.statements.reports.monitoring_report import monitoring_report
from settlement.statements.reports.quarterly_report import quarterly_report
from settlement.statements.settlement_statement import settlement_statement
from settlement.statements.working.document import workings
from settlement.statements.writing import FORMATS, write_statements

__all__ = [
    "ACCOUNT_KEYS",
    "FORMATS",
    "KINDS",
    "Governing",
    "LedgerLine",
    "Seal",
    "Signatory",
    "StatementInputs",
    "Status",
    "annual_return",
    "journal",
    "memorandum_account",
    "monitoring_report",
    "notices_of",
    "quarterly_report",
    "settlement_statement",
    "transfer_list",
    "transfer_notice",
    "workings",
    "write_statements",
]
