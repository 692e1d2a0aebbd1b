"""The first page: recent ledgers, a new one, the samples."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class StartPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.START
    title: ClassVar[str] = "Start"
