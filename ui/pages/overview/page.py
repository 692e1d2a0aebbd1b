"""The year at a glance: figures, what needs doing, charts."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class OverviewPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.OVERVIEW
    title: ClassVar[str] = "Overview"
