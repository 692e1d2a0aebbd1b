"""The languages that statements are made in, and their catalogues, read from `settlement/messages/` when first wanted.

A catalogue holds for each English message the same one in its language (`rules.language`). Babel reads it, which takes
a while to import: nothing of that is done for English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.language import Catalogue
from rules.problems import Problem, RefusedError
from settlement.messages.welsh import before_in_welsh

ENGLISH, WELSH = "en", "cy"

LANGUAGES: Mapping[str, str] = {ENGLISH: "English", WELSH: "Cymraeg"}
"""The code of each language, as it is asked for and as files are named, and its name in itself."""

FORMS = ("zero", "one", "two", "few", "many", "other")
"""The forms of a plural in the order of a catalogue: Welsh has all that Unicode's rules (CLDR) know of."""

_MESSAGES = Path(__file__).parent / "messages"
_GRAMMARS: Mapping[str, Callable[[str, str], str]] = {WELSH: before_in_welsh}


@dataclass(frozen=True)
class Messages:
    """A catalogue: what `rules.language.say` asks while its language is spoken."""

    language: str
    singulars: Mapping[str, str]
    plurals: Mapping[tuple[str, str], tuple[str, ...]]
    form_of: Callable[[int], str]

    def message(self, english: str) -> str:
        """The message in this language; the English itself where it has none."""
        return self.singulars.get(english, english)

    def plural(self, one: str, many: str, count: int) -> str:
        """The form for a count: `1 llinell`, `2 linell`, `3 llinell`, `4 llinell`."""
        forms = self.plurals.get((one, many))
        if forms is None:
            return one if count == 1 else many
        return forms[FORMS.index(self.form_of(count))]

    def before(self, word: str, following: str) -> str:
        """A word as it stands before what follows: `a` is `ac` before a vowel."""
        return _GRAMMARS[self.language](word, following)


def catalogue_of(code: str) -> Catalogue | None:
    """The catalogue of a language, to give to `rules.language.speaking`; None for English, which needs none.

    Raises RefusedError with a sentence for a language that statements are not made in.
    """
    if code == ENGLISH:
        return None
    if code not in LANGUAGES:
        known = ", ".join(f"{known} ({name})" for known, name in LANGUAGES.items())
        message = f"“{code}” is not a language that statements are made in; choose from {known}"
        raise RefusedError(Problem(message))
    return _read(code)


@cache
def _read(tag: str) -> Messages:
    """A catalogue from its file, once in a process."""
    from babel import Locale  # noqa: PLC0415  Babel takes a while to import, and English needs none of it
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with catalogue_file(tag).open("rb") as file:
        entries = [entry for entry in read_po(file, locale=tag, abort_invalid=True) if entry.id]
    singulars: dict[str, str] = {}
    plurals: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in entries:
        if isinstance(entry.id, str):
            if isinstance(entry.string, str) and entry.string:  # "" is not translated yet
                singulars[entry.id] = entry.string
        elif isinstance(entry.string, (tuple, list)) and all(entry.string):
            plurals[entry.id[0], entry.id[1]] = tuple(entry.string)
            singulars[entry.id[0]] = entry.string[FORMS.index("one")]  # said elsewhere of one thing alone
    return Messages(tag, singulars, plurals, Locale.parse(tag).plural_form)


def catalogue_file(tag: str) -> Path:
    """Where a language's messages are."""
    return _MESSAGES / f"{tag}.po"
