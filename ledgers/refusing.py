"""The refusals that several operations share, and what of a stranger's text they may show."""

import re
from typing import Never

from ledgers.ledger import Ledger
from rules.problems import Problem, RefusedError

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""C0 but for the tab, DEL, C1 and bidi overrides: they drive a terminal, or turn the order in which text is read."""

NO_CONTROL = "a text cannot have control characters; remove them"
_BREAKS = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")


def has_control(text: str) -> bool:
    """Whether a text has characters that no ledger keeps."""
    return not text.isprintable() and _CONTROL.search(text) is not None  # the first is quick, and says it of tabs too


def one_line(text: str) -> str:
    """The text with its line breaks as spaces: people break a narrative within its cell, and a ledger's line is one."""
    return _BREAKS.sub(" ", text).strip()


def visible(text: str) -> str:
    r"""The text with each such character written out, `\x1b` or `\u202e`, for a message to show."""
    return text if text.isprintable() else _CONTROL.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= ord("\xff") else f"\\u{code:04x}"


def refuse(message: str, file: str, line: int | None = None, place: str = "") -> Never:
    """Raise RefusedError for one reason."""
    raise RefusedError(Problem(visible(message), file, line, visible(place))) from None


def refuse_unless_writable(ledger: Ledger) -> None:
    """Raise RefusedError if the ledger was opened read-only."""
    if not ledger.writable:
        refuse("the ledger is opened read-only; open it for writing to change it", ledger.name)
