"""The topics of the guide: their texts, their order, and which of them hold some words. Nothing of Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ui import links

FIRST = "getting-started"
ORDER = (
    FIRST,
    links.START,
    links.OVERVIEW,
    links.LEDGER,
    links.AGREEMENT,
    links.RISK_SHARE,
    links.SETTLEMENT,
    links.STATEMENTS,
    links.SIGN_OFF,
    links.AUDIT,
    links.OPTIONS,
    links.HELP,
    "words",
    "errors",
)
"""Every topic by name: those of the pages by the page's key."""

KEYS = "## Keys"
"""The heading of a topic's table of keys."""

_AROUND = 60
_MARKS = re.compile(r"[*`#|]|\]\([^)]*\)|\[|-{3,}")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its name, its title, and its text, which begins with the title."""

    name: str
    title: str
    text: str

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Its table of keys: the keys as they are written, and what they do."""
        _before, heading, after = self.text.partition(f"{KEYS}\n")
        section = after.partition("\n## ")[0] if heading else ""
        rows = (line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|"))
        told = [tuple(cell.strip() for cell in cells) for cells in rows if len(cells) == 2]  # noqa: PLR2004
        return tuple((keys, does) for keys, does in told[2:])  # after the headings and the rule under them


@dataclass(frozen=True, slots=True)
class Found:
    """A topic that holds the words looked for, and where: some words around the first of them."""

    topic: Topic
    excerpt: str


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the guide."""
    return tuple(_topic(name) for name in ORDER)


def topic_of(name: str) -> Topic:
    """The topic of that name; the first, if there is none."""
    return next((topic for topic in topics() if topic.name == name), topics()[0])


def search(text: str) -> tuple[Found, ...]:
    """The topics that hold every word of the text, those with a word in the title first. All, of no words."""
    return find(text, topics())


def find(text: str, among: Sequence[Topic]) -> tuple[Found, ...]:
    """Those of some topics that hold every word of a text, those with a word in the title first. All, of no words."""
    wanted = text.casefold().split()
    found = []
    for topic in among:
        plain, folded = _plain(topic.text)
        if all(word in folded for word in wanted):
            found.append(Found(topic, _excerpt(plain, folded, wanted[0]) if wanted else ""))
    return tuple(sorted(found, key=lambda each: not any(word in each.topic.title.casefold() for word in wanted)))


def _topic(name: str) -> Topic:
    text = files("ui.guide").joinpath(f"{name}.md").read_text(encoding="utf-8")
    return Topic(name, text.partition("\n")[0].removeprefix("# ").strip(), text)


@cache  # the search goes through every page at every key pressed
def _plain(text: str) -> tuple[str, str]:
    """The text without its marks, on one line; and the same with no capitals."""
    plain = " ".join(_MARKS.sub(" ", text).split())
    return plain, plain.casefold()


def _excerpt(plain: str, folded: str, word: str) -> str:
    at = folded.find(word)
    begin, end = max(0, at - _AROUND // 2), at + len(word) + _AROUND
    return f"{'…' if begin else ''}{plain[begin:end].strip()}{'…' if end < len(plain) else ''}"
