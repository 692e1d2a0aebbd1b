"""Which documents and tables there are of a settlement: each told once, for whoever writes, offers or names them.

A document that is added here is written by the command and in batches, and offered in the window
(docs/adding/statement.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from settlement.statements.accounts.memorandum import memorandum_account
from settlement.statements.accounts.transfer_notices import transfer_notice
from settlement.statements.document import Document
from settlement.statements.inputs import StatementInputs
from settlement.statements.reports.annual_return import annual_return
from settlement.statements.reports.monitoring_report import monitoring_report
from settlement.statements.reports.quarterly_report import quarterly_report
from settlement.statements.settlement_statement import settlement_statement
from settlement.statements.working.document import workings

STATEMENT, MEMORANDUM, WORKINGS = "settlement-statement", "memorandum-account", "workings"
RETURN, QUARTERLY, MONITORING, NOTICE = "annual-return", "quarterly-report", "monitoring-report", "transfer-notice"
JOURNAL, TRANSFERS = "journal", "transfers"


class Whose(Enum):
    """For whom a document is: one for all partners, one for each, one for the two of each transfer."""

    ALL = "all"
    PARTNER = "partner"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of document, or of table for another ledger to read.

    `name` is how files' names end, and what commands call it; `title` and `plural` are how the window does. `build`
    makes the document of a partner (its code), of a transfer (`LBB-BCCG`), or of all (""); a table has none. Where it
    may be shown in £000, `in_thousands` says so: what is signed, posted or traced from is to the penny always.
    """

    name: str
    title: str
    plural: str
    whose: Whose = Whose.ALL
    build: Callable[[StatementInputs, str], Document] | None = None
    in_thousands: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it is for another ledger to read, and so CSV alone."""
        return self.build is None


PAPER_KINDS = (
    PaperKind(
        STATEMENT,
        "Settlement statement",
        "Settlement statements",
        Whose.PARTNER,
        settlement_statement,
        in_thousands=True,
    ),
    PaperKind(
        MEMORANDUM,
        "Memorandum account",
        "Memorandum accounts",
        Whose.PARTNER,
        lambda inputs, partner: memorandum_account(inputs, partner or None),
        in_thousands=True,
    ),
    PaperKind(
        RETURN,
        "Annual return",
        "Annual return",
        build=lambda inputs, _all: annual_return(inputs),
        in_thousands=True,
    ),
    PaperKind(
        QUARTERLY,
        "Quarterly report",
        "Quarterly report",
        build=lambda inputs, _all: quarterly_report(inputs),
        in_thousands=True,
    ),
    PaperKind(
        MONITORING,
        "Monitoring report",
        "Monitoring report",
        build=lambda inputs, _all: monitoring_report(inputs),
        in_thousands=True,
    ),
    PaperKind(WORKINGS, "Workings", "Workings", build=lambda inputs, _all: workings(inputs)),
    PaperKind(NOTICE, "Transfer notice", "Transfer notices", Whose.PAIR, transfer_notice),
    PaperKind(JOURNAL, "Journal", "Journals, as CSV", Whose.PARTNER),
    PaperKind(TRANSFERS, "Transfers between the partners", "Transfers, as CSV"),
)
"""In the order in which they are written and offered: documents first, then tables."""

KIND_OF = {kind.name: kind for kind in PAPER_KINDS}
DOCUMENTS = tuple(kind.name for kind in PAPER_KINDS if not kind.is_table)
TABLES = tuple(kind.name for kind in PAPER_KINDS if kind.is_table)
KINDS = (*DOCUMENTS, *TABLES)
IN_THOUSANDS = frozenset(kind.name for kind in PAPER_KINDS if kind.in_thousands)
