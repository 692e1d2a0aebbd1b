"""What the suite runs into, held against the guide: a message of no entry fails the session that met it.

`messages_found.py` reads the source, and may be blind to a way of telling that nobody thought of. Whatever is refused,
found or marked while any test runs is looked up here as well. A message that a test makes up itself is none.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledgers.importing.marks import Mark
from ledgers.ledger import Finding
from rules.problems import Problem
from settlement.message_help import entries, parts_of
from settlement.new_ledger_found import Trouble
from settlement.signoff.errors import VerificationError

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = tuple(f"{_ROOT / floor}{os.sep}" for floor in ("rules", "ledgers", "settlement", "ui"))
_MOST_OF_A_PLACE = 20
"""Messages that are looked up of one place in the source: thousands drawn at random tell no more."""

_OF_SQLITE = re.compile(r"(Tree \d+ )?[Pp]age \d+")
"""How SQLite begins what it finds in a damaged file, in words of its own that differ by version; a sentence of ours is
told with it."""

_TELLS = ((Problem, 0, "message"), (VerificationError, 0, "problem"), (Finding, 1, "message"), (Mark, 0, "message"))
_TELLS += ((Trouble, 1, "message"),)


@pytest.fixture(scope="session", autouse=True)
def messages_recorded() -> Iterator[None]:
    """Every message that is told while the tests run has an entry in docs/messages."""
    seen: dict[tuple[str, int], set[str]] = {}
    missing: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patched:
        for tells, at, name in _TELLS:
            patched.setattr(tells, "__init__", _recording(tells, at, name, seen, missing))
        yield
    if missing:
        pytest.fail(
            "docs/messages has nothing on these, which tests ran into:\n"
            + "\n".join(f"{text!r} ({met})" for text, met in missing.items()),
            pytrace=False,
        )


def _recording(
    tells: type, at: int, name: str, seen: dict[tuple[str, int], set[str]], missing: dict[str, str]
) -> Callable[..., None]:
    made: Callable[..., None] = tells.__init__  # type: ignore[misc]  it is put back at the end

    def init(self: object, *given: Any, **named: Any) -> None:  # noqa: ANN401  as what it stands for is given them
        made(self, *given, **named)
        caller = sys._getframe(1)
        file = caller.f_code.co_filename
        if not file.startswith(_PROGRAM):
            return
        told = given[at] if len(given) > at else named.get(name)
        of_place = seen.setdefault((file, caller.f_lineno), set())
        if isinstance(told, str) and told and told not in of_place and len(of_place) < _MOST_OF_A_PLACE:
            of_place.add(told)
            if not has_an_entry(told):
                missing[told] = f"{file}:{caller.f_lineno}, in {os.environ.get('PYTEST_CURRENT_TEST', '')}"

    return init


def has_an_entry(message: str) -> bool:
    """Whether a page has the message, whole or after the place that it is told with."""
    message = " ".join(message.split())  # a page folds the lines of a message, and what is quoted in it
    parts = message.split(": ")
    afters = [": ".join(parts[at:]) for at in range(len(parts))]  # with its place, and that place with its own
    return _OF_SQLITE.match(message) is not None or any(
        pattern.fullmatch(told) is not None for pattern in _patterns() for told in afters if told
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile("(?s)" + ".*?".join(re.escape(part.strip()) for part in parts_of(text)))  # one may stand for nothing
        for entry in entries()
        for text in entry.texts
    )
