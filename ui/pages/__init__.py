"""The pages of the window, in the order of the navigation list. Each is loaded when it is opened first."""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from ui import links

if TYPE_CHECKING:
    from ui.page import Page


class Place(NamedTuple):
    """A page: its key, its name in the navigation list, where its class is, and whether it is about an open ledger."""

    key: str
    title: str
    where: str
    needs_ledger: bool = True

    @property
    def module(self) -> str:
        """The module that has the page's class."""
        return self.where.partition(":")[0]

    def load(self) -> "type[Page]":
        """The page's class."""
        page: type[Page] = getattr(import_module(self.module), self.where.partition(":")[2])
        return page


PLACES = (
    Place(links.START, "Start", "ui.pages.start.page:StartPage", needs_ledger=False),
    Place(links.OVERVIEW, "Overview", "ui.pages.overview.page:OverviewPage"),
    Place(links.LEDGER, "Ledger", "ui.pages.register.page:LedgerPage"),
    Place(links.AGREEMENT, "Agreement", "ui.pages.agreement.page:AgreementPage"),
    Place(links.RISK_SHARE, "Risk share", "ui.pages.risk_share.page:RiskSharePage"),
    Place(links.SETTLEMENT, "Settlement", "ui.pages.settlement.page:SettlementPage"),
    Place(links.STATEMENTS, "Statements", "ui.pages.statements.page:StatementsPage"),
    Place(links.SIGN_OFF, "Sign-off", "ui.pages.sign_off.page:SignOffPage"),
    Place(links.AUDIT, "Audit", "ui.pages.audit.page:AuditPage"),
    Place(links.OPTIONS, "Settings", "ui.pages.options.page:OptionsPage", needs_ledger=False),
    Place(links.HELP, "Help", "ui.pages.help.page:HelpPage", needs_ledger=False),
)
PLACE_OF = {place.key: place for place in PLACES}
