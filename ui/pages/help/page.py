"""The guide inside the program, shortcuts, about."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class HelpPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.HELP
    title: ClassVar[str] = "Help"
