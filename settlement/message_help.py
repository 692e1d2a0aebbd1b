"""What a message means and what to do about it: an entry of the guide's pages, found by the message's text.

The pages `messages/*.md` are the source. An entry is a heading, the texts of the messages that it is for as a list,
with what changes in them named in italics (or as …), and then **Means:** and **Do:**. Nothing of Qt, and nothing heavy:
both the command and the window ask here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from settlement.guide_pages import guide_folder

FOLDER = "messages"
"""The pages' folder among the guide's."""

_CONTENTS = "README.md"
_HOLE = re.compile(r"(?<!\\)\*[^*]+?(?<!\\)\*|…")
_ESCAPED = re.compile(r"\\([^\w\s])")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NO_SLUG = re.compile(r"[^\w\- ]")
_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_WORD = re.compile(r"[^\W\d_]{3,}")
_LIKE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """What the guide has on a message, or on several that mean the same. `means` and `do` are plain text."""

    page: str
    heading: str
    texts: tuple[str, ...]
    means: str
    do: str

    @property
    def anchor(self) -> str:
        """The name by which its heading is led to, as code hosts make it."""
        return slug_of(self.heading)

    @property
    def place(self) -> str:
        """Where it stands in the guide: `messages/rows.md#the-file-is-empty`."""
        return f"{FOLDER}/{self.page}#{self.anchor}"

    @property
    def shown(self) -> tuple[str, ...]:
        """Its texts as they would be shown, with … for what changes."""
        return tuple("…".join(parts_of(text)) for text in self.texts)


@dataclass(frozen=True, slots=True)
class _Form:
    """The text of a message as it is matched: what always stands in it, in order, and what may come around it."""

    entry: Entry
    parts: tuple[str, ...]
    is_open_before: bool
    is_open_after: bool

    @property
    def length(self) -> int:
        """How much of it always stands there: the more, the surer."""
        return sum(len(part) for part in self.parts)

    def is_in(self, told: str) -> bool:
        """Whether the text is told there, with anything in its holes, alone or among other words."""
        first, *rest = self.parts
        at = told.find(first)
        while at >= 0:
            if self.is_open_before or not _goes_on(told[at - 1 : at], first[:1]):
                end = _after(told, at + len(first), rest)
                if end >= 0 and (self.is_open_after or not _goes_on(self.parts[-1][-1:], told[end : end + 1])):
                    return True
            at = told.find(first, at + 1)
        return False


def slug_of(heading: str) -> str:
    """The name by which a heading is led to."""
    return _NO_SLUG.sub("", heading.lower()).replace(" ", "-")


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of the pages; none where the program came without its guide."""
    folder = guide_folder()
    if folder is None:
        return ()
    pages = (page for page in sorted((folder / FOLDER).glob("*.md")) if page.name != _CONTENTS)
    return tuple(entry for page in pages for entry in read_page(page))


def read_page(page: Path) -> Iterator[Entry]:
    """The entries of a page: its headings that have messages under them."""
    text = _COMMENT.sub("", page.read_text(encoding="utf-8"))
    for section in re.split(r"(?m)^#{2,3} +", text)[1:]:
        heading, _, body = section.partition("\n")
        paragraphs = [each.strip() for each in re.split(r"\n\s*\n", body) if each.strip()]
        listed = next((each for each in paragraphs if each.startswith("- ")), "")
        texts = tuple(_folded(each) for each in re.split(r"(?m)^- ", listed) if each.strip())
        if texts:
            means, do = (_said(paragraphs, word) for word in ("**Means:**", "**Do:**"))
            yield Entry(page.name, heading.strip(), texts, means, do)


def help_with(message: str) -> Entry | None:
    """The entry of a message as it was shown, with its place before it or without; None if no page has it.

    Of several lines it is the first that a page has, unless they are one message, which is then longer than any of
    theirs. Where several texts are told in a line, the longest counts.
    """
    alone = [found[0] for line in message.splitlines() if (found := _told_in(line))]
    across = _told_in(message)[:1] if len(message.splitlines()) > 1 else []
    if across and all(across[0].length > each.length for each in alone):
        return across[0].entry
    return alone[0].entry if alone else None


def found_in(line: str) -> tuple[Entry, ...]:
    """The entries whose texts are told in a line, the surest first, each once."""
    return tuple(dict.fromkeys(form.entry for form in _told_in(line)))


def _told_in(line: str) -> list[_Form]:
    told = _plain(line)
    folded = told.casefold()
    found = [form for form in _forms() if form.is_in(told)] or [form for form in _folded_forms() if form.is_in(folded)]
    return sorted(found, key=lambda form: -form.length)


def like(message: str, most: int = 3) -> tuple[Entry, ...]:
    """The entries that have most of its words, where none has its text: it was shortened, or typed from memory."""
    wanted = set(_WORD.findall(_plain(message).casefold()))
    if not wanted:
        return ()
    rated = []
    for at, entry in enumerate(entries()):
        share = max(len(wanted & words) for words in _words_of(entry)) / len(wanted)
        if share >= _LIKE_ENOUGH:
            rated.append((-share, at, entry))
    return tuple(entry for _share, _at, entry in sorted(rated, key=lambda each: each[:2])[:most])


def parts_of(text: str) -> tuple[str, ...]:
    """What always stands in a text of a page, in order: the words around its holes, the outermost perhaps empty."""
    return tuple(_ESCAPED.sub(r"\1", part) for part in _HOLE.split(text))


@cache
def _forms() -> tuple[_Form, ...]:
    return tuple(_form(entry, text) for entry in entries() for text in entry.texts)


@cache
def _folded_forms() -> tuple[_Form, ...]:
    """The same without regard to capitals: the window begins sentences with one."""
    return tuple(
        _Form(each.entry, tuple(part.casefold() for part in each.parts), each.is_open_before, each.is_open_after)
        for each in _forms()
    )


def _form(entry: Entry, text: str) -> _Form:
    parts = [_plain(part, is_whole=False) for part in parts_of(text)]
    kept = tuple(part for part in parts if part.strip())
    return _Form(entry, kept, not parts[0].strip(), not parts[-1].strip())


@cache
def _words_of(entry: Entry) -> tuple[frozenset[str], ...]:
    texts = (" ".join(parts_of(text)) for text in (entry.heading, *entry.texts))
    return tuple(frozenset(_WORD.findall(_plain(text).casefold())) for text in texts)


def _after(told: str, at: int, parts: list[str]) -> int:
    """Where the last of the parts ends, each after the one before it; -1 if one is not there."""
    for part in parts:
        found = told.find(part, at)
        if found < 0:
            return -1
        at = found + len(part)
    return at


def _goes_on(before: str, after: str) -> bool:
    """Whether a word goes on from one character to the next."""
    return before.isalnum() and after.isalnum()


def _plain(text: str, *, is_whole: bool = True) -> str:
    """A text with its spaces folded and every quotation mark of the plain kind."""
    folded = re.sub(r"\s+", " ", text.translate(_ALIKE))
    return folded.strip() if is_whole else folded


def _folded(text: str) -> str:
    return " ".join(text.split())


def _said(paragraphs: list[str], word: str) -> str:
    """What a paragraph says after its first word, as plain text; "" without such a paragraph."""
    told = next((each.removeprefix(word) for each in paragraphs if each.startswith(word)), "")
    return _ESCAPED.sub(r"\1", _LINK.sub(r"\1", _folded(told)).replace("**", "").replace("`", ""))
