"""The Agreement page: partners, funds, schemes, versions."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class AgreementPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.AGREEMENT
    title: ClassVar[str] = "Agreement"
