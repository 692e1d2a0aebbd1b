"""The Risk share page: the schedule as cards, drafts of it compared."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class RiskSharePage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.RISK_SHARE
    title: ClassVar[str] = "Risk share"
