"""The refusals that several operations share, and what of a stranger's text they may show."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never

from ledgers.ledger import Ledger
from rules.problems import Problem, RefusedError

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""C0 but for the tab, DEL, C1 and bidi overrides: they drive a terminal, or turn the order in which text is read.

And halves of characters, as a file name or an argument that is not UTF-8 has them: no ledger can hold those.
"""

LONGEST_TEXT = 10_000
"""Characters of a reference, description, reason or note: a row must always go into the pack that is signed."""

TOO_LONG = f"a text has at most {LONGEST_TEXT:,} characters; attach what is longer as evidence"
NO_CONTROL = "a text cannot have control characters; remove them"
ONLY_READ = (
    "a ledger in a folder is only read; make a file of it with “s75 new FILE --agreement agreement.toml” "
    "and import its lines.csv there"
)
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


def reason_given(reason: str, why: str, file: str) -> str:
    """The reason, on one line. Raises RefusedError if there is none (`why` says of what) or it has control characters.

    Example: `reason_given(text, "why the line is reversed", ledger.name)`.
    """
    told = one_line(reason)
    if not told:
        refuse(f"say {why}: give a reason", file)
    return without_control(told, "reason", file)


def without_control(text: str, place: str, file: str) -> str:
    """The text. Raises RefusedError if it has characters that no ledger keeps."""
    if has_control(text):
        refuse(NO_CONTROL, file, place=place)
    if len(text) > LONGEST_TEXT:
        refuse(TOO_LONG, file, place=place)
    return text


@contextmanager
def as_written(name: str) -> Iterator[None]:
    """What is read from a ledger's tables must be what a ledger writes there, whatever STRICT and CHECKs once allowed.

    Raises RefusedError, for what Python makes nothing of: a period 14, a kind that is none, a day that is no day.
    """
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, AttributeError) as error:
        refuse(f"the ledger has in it what no ledger can ({error}); go back to a backup", name)
