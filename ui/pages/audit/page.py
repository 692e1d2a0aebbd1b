"""The Audit page: the trail, samples, the settlement worked again."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class AuditPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.AUDIT
    title: ClassVar[str] = "Audit"
