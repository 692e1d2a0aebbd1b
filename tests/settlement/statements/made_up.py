"""A made-up language: every message in it is the English one in Cyrillic letters, so that what is missed is Latin."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from string import ascii_letters

from settlement.messages.extract import found_in_house
from settlement.statements import StatementInputs
from settlement.statements.document import Document, KeyFigures

_LETTERS = str.maketrans(ascii_letters, "абвгдежзийклмнопрстуфхцчшщАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩ")
_BRACES = re.compile(r"(\{[^{}]*\})")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NO_TEXTS = frozenset({"anchor", "equals", "goes_to", "look", "language", "fill", "stroke", "colour", "ink"})
# What no language changes: periods, the unit of a time, the marks of references, digests, the end of a notice’s number.
_ALLOWED = re.compile(r"\bM\d{1,2}\b|\bUTC\b|\b[WL]\d+\b|[0-9a-f]{16,}…?|/(?:N\d+|DRAFT)\b")


class MadeUp:
    """Its catalogue. A key that is not among the messages of the house fails: no translator would ever have seen it."""

    language = "x-made-up"

    def message(self, english: str) -> str:
        assert (english,) in said_in_house(), f"said, but found by no tool: {english}"
        return in_cyrillic(english)

    def plural(self, one: str, many: str, count: int) -> str:
        assert (one, many) in said_in_house(), f"said, but found by no tool: {one}"
        return in_cyrillic(one if count == 1 else many)

    def before(self, word: str, following: str) -> str:
        assert following is not None
        return word


@cache
def said_in_house() -> frozenset[tuple[str, ...]]:
    messages = found_in_house().messages
    return frozenset((*messages, *(key[:1] for key in messages)))


def in_cyrillic(english: str) -> str:
    """The message, letter by letter; what is in braces stays."""
    parts = _BRACES.split(english)
    return "".join(part if place % 2 else part.translate(_LETTERS) for place, part in enumerate(parts))


def texts_in(value: object) -> Iterator[str]:
    """Every text a document holds, but amounts in words, which are no messages."""
    match value:
        case Enum():
            return
        case str():
            yield value
        case tuple() | list():
            for each in value:
                yield from texts_in(each)
        case KeyFigures():
            yield value.label
            yield from value.lines
        case _ if is_dataclass(value):
            for each in fields(value):
                if each.name not in _NO_TEXTS:
                    yield from texts_in(getattr(value, each.name))
        case _:
            return


def own_texts(inputs: StatementInputs) -> list[str]:
    """What is the ledger's own, and nobody's to translate: names, codes, titles, descriptions, people."""
    found: set[str] = set()
    agreements = [inputs.agreement, inputs.on_file, inputs.previous.agreement if inputs.previous else None]
    for agreement in filter(None, agreements):
        found.update((agreement.id, agreement.id.upper(), agreement.title))
        for group in (agreement.partners, agreement.funds, agreement.schemes, agreement.reserves):
            found.update(text for each in group for text in (each.code, each.name))
        found.update(text for clause in agreement.clauses for text in (clause.id, clause.title))
        found.update(scheme.group or "" for scheme in agreement.schemes)
        found.update(tag for scheme in agreement.schemes for tag in scheme.tags)
        found.update(basis.name.replace("_", " ") for basis in agreement.bases)
        found.update(basis.name for basis in agreement.bases)
        found.update(text for each in agreement.performance for text in (each.id, each.title, each.measure))
    for line in inputs.lines():
        found.update((line.reference, line.description))
    found.update((*inputs.notes, *inputs.opening_notes, inputs.prepared_by, inputs.version))
    found.update(text for each in (*inputs.signatories, *inputs.signatories_so_far) for text in (each.name, each.role))
    if inputs.governing:
        found.add(inputs.governing.reason)
        found.update(text for each in inputs.governing.assents for text in (each.name, each.role))
    if inputs.disputed:
        found.update(text for line in inputs.disputed.lines for text in (line.reference, line.description))
        found.update(text for each in inputs.disputed.disputes for text in (each.reason, each.actor, each.partner))
    found.update((inputs.theme.paragraph, inputs.theme.look.logo_alternative))
    for own in inputs.theme.partners.values():
        found.update((*own.address, *own.accounts.values()))
        found.update(text for each in own.signatories for text in (each.name, each.role))
    return sorted(filter(None, found), key=lambda text: (-len(text), text))


def missed_in(texts: Iterable[str], own: list[str]) -> list[str]:
    """The texts that have a word of English in them, which nobody said."""
    missed = []
    for text in dict.fromkeys(texts):
        if any(text.rstrip("…").strip() in each for each in own):
            continue  # a name, or as much of it as a picture has room for
        rest = text
        for each in own:
            if each in rest:
                rest = re.sub(rf"(?<![A-Za-z]){re.escape(each)}(?![A-Za-z])", "·", rest)
        if _LATIN.search(_ALLOWED.sub("·", rest)):
            missed.append(text)
    return missed


def missed(document: Document, inputs: StatementInputs) -> list[str]:
    """The texts of a document that nobody said."""
    return missed_in(texts_in(document), own_texts(inputs))
