"""What the files of a batch are called: a pattern of fields, checked before anything is made.

`{ledger}/{year}/{period}/{partner}-{kind}` gives `barnet/2014-15/M12/LBB-settlement-statement.pdf`. Every file system
takes the names: what a field holds is made plain (`settlement.file_naming`), and what stands between the fields is held
to what Windows, macOS and Linux have in common.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Never

from ledgers.refusing import visible
from rules.problems import Problem, RefusedError
from settlement.file_naming import plain_names

FIELDS = {
    "ledger": "the ledger’s file name, without its ending",
    "agreement": "the agreement’s code",
    "year": "the financial year, 2014-15",
    "period": "the period, M1 to M13",
    "partner": "the partner’s code, or “all”",
    "kind": "what it is: settlement-statement, journal, …",
    "language": "en or cy",
    "status": "draft, for-signature or signed",
}
"""What a pattern may name, with what each stands for."""

USUAL = "{ledger}/{year}/{period}/{partner}-{kind}"
USUAL_IN_LANGUAGES = "{ledger}/{year}/{period}/{partner}-{kind}-{language}"
"""The pattern where none is named, of a batch in one language and in several."""

FOR_ALL = "all"
"""Whose a document is that is made once for all partners."""

_FORBIDDEN = frozenset('<>:"\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10)}
)
_OF_THE_BATCH = frozenset({"manifest.json", "sha256sums"})
_LONGEST_PART = 200  # bytes: the most of any file system is 255, and a draft's name and an ending are added
_PLACE = "--names"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it was read: texts and fields by turns. `text` is it as it was written."""

    text: str
    parts: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields it names."""
        return frozenset(field for _, field in self.parts if field)

    def name(self, values: Mapping[str, str]) -> str:
        """The path, with slashes and without an ending. Raises RefusedError for one that not every file system takes.

        The values are plain already, each a part of a name.
        """
        told = "".join(text + (values[field] if field else "") for text, field in self.parts)
        return "/".join(_part(part, self.text) for part in told.split("/"))


def read_pattern(text: str) -> Pattern:
    """Read a pattern. Raises RefusedError for a field that is not known, and for a text that no file name holds."""
    told = unicodedata.normalize("NFC", text.strip())
    parts: list[tuple[str, str]] = []
    try:
        for literal, field, form, conversion in Formatter().parse(told):
            if field is not None and (field not in FIELDS or form or conversion):
                shown = field + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
                _refuse(
                    f"“{{{shown}}}” is no field of a name; the fields are {', '.join(f'{{{each}}}' for each in FIELDS)}"
                )
            parts.append((literal, field or ""))
    except ValueError:
        _refuse(f"“{told}” has a brace without its other; a field is written {{period}}")
    pattern = Pattern(told, tuple(parts))
    if not pattern.fields:
        _refuse(f"“{told}” names no field, and every document would have that one name; the usual one is {USUAL}")
    pattern.name(dict.fromkeys(FIELDS, "x"))
    first = told.split("/")[0]
    if "/" in told and first.casefold() in _OF_THE_BATCH:
        _refuse(f"“{first}” is a file that every batch writes, and no folder")
    return pattern


def ledger_names(wheres: Iterable[str]) -> dict[str, str]:
    """A plain name for each ledger, by where it is: its file's or folder's name without the ending.

    Ledgers of one name in several folders are numbered, in the order they were given in.
    """
    stems = {where: _stem(where) for where in wheres}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for where, stem in stems.items():
        (name,) = plain_names([stem], besides=taken).values()
        taken.add(name.lower())
        found[where] = name
    return found


def _stem(where: str) -> str:
    if "://" in where:  # the database, and nothing of who logs in where
        return where.partition("://")[2].partition("?")[0].rpartition("/")[2]
    name = Path(where).name or Path(where).resolve().name
    # `Môn` is Mon: what is left of a letter without its accents, plain names can hold
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return plain.removesuffix(".s75") or "ledger"


def refuse_same(names: Iterable[tuple[str, str]]) -> None:
    """Refuse two documents of one name. Each comes with what it is; capitals do not tell two names apart."""
    taken: dict[str, str] = {}
    problems = []
    for name, of in names:
        before = taken.setdefault(unicodedata.normalize("NFC", name).casefold(), of)
        if before != of:
            problems.append(f"{name}: {before} and {of} would both have this name")
    if problems:
        more = len(problems) - 1
        others = f", and {more} other{'s' if more > 1 else ''} like it" if more else ""
        _refuse(f"{problems[0]}{others}; name what tells them apart, as in {USUAL}")


def _part(part: str, pattern: str) -> str:
    """One part of the path, as every file system takes it."""
    if part.strip() != part or not part or set(part) == {"."}:
        _refuse(f"“{pattern}” has a part that is empty, is dots alone, or begins or ends with a space")
    if part.startswith(".") or part.endswith("."):
        _refuse(f"“{part}” begins or ends with a dot, which some file systems hide or drop")
    wrong = sorted({each for each in part if each in _FORBIDDEN or not each.isprintable()})
    if wrong:
        _refuse(f"“{visible(part)}” has {wrong[0]!r}, which not every file system takes")
    if len(part.encode()) > _LONGEST_PART:
        _refuse(f"“{part[:60]}…” is longer than the {_LONGEST_PART} bytes that every file system takes")
    head, dot, rest = part.partition(".")
    return f"{head}_{dot}{rest}" if head.casefold().strip() in _RESERVED else part


def _refuse(message: str) -> Never:
    raise RefusedError(Problem(message, place=_PLACE))
