"""The Statements page: previewed, exported, printed."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class StatementsPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.STATEMENTS
    title: ClassVar[str] = "Statements"
