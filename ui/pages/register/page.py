"""The Ledger page: the register of lines, entering and importing them."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class LedgerPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.LEDGER
    title: ClassVar[str] = "Ledger"
