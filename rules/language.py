"""In which language a sentence is said: the English stands where it is used, a catalogue gives another language's.

`say` takes the English as its key. Values are named in braces, so that a translation can put them in its own order:
`say("It pays {amount} to {receiver}.", amount=…, receiver=…)`. Nothing is looked up while English is spoken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

ENGLISH = "en-GB"


class Catalogue(Protocol):
    """The messages of a language other than English."""

    @property
    def language(self) -> str:
        """Its tag, as documents name their language: `cy`."""

    def message(self, english: str) -> str:
        """The message in this language, its braces as in the English; the English itself where it has none."""

    def plural(self, one: str, many: str, count: int) -> str:
        """The form for a count, by the language's own rules."""

    def before(self, word: str, following: str) -> str:
        """A word of the language in the form that it takes before what follows: `a` is `ac` before a vowel."""


_SPOKEN: ContextVar[Catalogue | None] = ContextVar("spoken", default=None)


def say(english: str, /, **values: object) -> str:
    """The message in the language spoken, with these values in its braces. Without values, braces stay as they are."""
    catalogue = _SPOKEN.get()
    text = english if catalogue is None else catalogue.message(english)
    return text.format(**values) if values else text


def say_many(one: str, many: str, count: int, /, **values: object) -> str:
    """The message for so many: `say_many("{count} line", "{count} lines", count)`; `count` is among its values."""
    catalogue = _SPOKEN.get()
    english = one if count == 1 else many
    text = english if catalogue is None else catalogue.plural(one, many, count)
    return text.format(**{"count": count, **values})


def say_before(english: str, following: str, /) -> str:
    """A short word (`and`) as it is said before what follows it, which may change its form in another language."""
    catalogue = _SPOKEN.get()
    return english if catalogue is None else catalogue.before(catalogue.message(english), following)


def spoken() -> str:
    """The tag of the language spoken: `en-GB`, `cy`."""
    catalogue = _SPOKEN.get()
    return ENGLISH if catalogue is None else catalogue.language


@contextmanager
def speaking(catalogue: Catalogue | None) -> Iterator[None]:
    """Speak a language for as long as this lasts; None is English. Of this thread, and of no other."""
    token = _SPOKEN.set(catalogue)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def message(english: str, /) -> str:
    """The English itself, marked as a message that is said elsewhere: for tables of messages made once."""
    return english
