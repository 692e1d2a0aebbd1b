"""The Settings page."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class OptionsPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.OPTIONS
    title: ClassVar[str] = "Settings"
