"""The Sign-off page: checks, holding, signatures, verification."""

from typing import ClassVar

from ui import links
from ui.page import ScrollingPage


class SignOffPage(ScrollingPage):
    """To be written."""

    key: ClassVar[str] = links.SIGN_OFF
    title: ClassVar[str] = "Sign-off"
