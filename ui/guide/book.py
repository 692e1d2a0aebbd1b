"""The guide's own pages inside the program: read from where they lie, in the order of their contents. Nothing of Qt.

They are the Markdown of `docs/`, which a code host and the site show as well. A page is a topic by the name
`book:PATH`, and `book:PATH#HEADING` is a place in it; a link from one page to another leads to such a name.
"""

import posixpath
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from settlement import message_help
from settlement.guide_pages import guide_folder
from ui.guide.reading import Found, Topic, find

BOOK = "book:"
"""Before the path of a page of the book: `book:monthly.md`."""

_INDEX = "README.md"
_A_MESSAGE, _MOST = 3, 5  # words that may be of a message; entries that are worth a look
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<path>[^)#\s:]+\.md)[)#]")
_PICTURE = re.compile(r"!\[(?P<says>[^\]]*)\]\((?P<path>[^)\s]+)\)")
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_NO_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the book: its title, and its pages in their order."""

    title: str
    pages: tuple[Topic, ...]


@cache
def sections() -> tuple[Section, ...]:
    """The sections of the book; none if this copy of the program came without its pages."""
    folder = guide_folder()
    if folder is None:
        return ()
    contents = tomllib.loads((folder / "contents.toml").read_text(encoding="utf-8"))["section"]
    listed = frozenset(path for each in contents for path in each["pages"])
    found = [
        Section(
            each["title"],
            tuple(topic for path in each["pages"] for topic in _with_those_below(folder, path, listed)),
        )
        for each in contents
    ]
    first = _page(folder, _INDEX)
    return tuple(found) if first is None else (Section("The guide", (first,)), *found)


def page_of(name: str) -> Topic | None:
    """The page of that name, whatever heading is named with it; None if there is none."""
    wanted = name.partition("#")[0]
    return next((page for section in sections() for page in section.pages if page.name == wanted), None)


def linked(name: str, target: str) -> str:
    """The name of what a link on a page leads to: another page, a place on one, or a file beside it."""
    path, mark, heading = target.partition("#")
    here = name.removeprefix(BOOK).partition("#")[0]
    there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
    return f"{BOOK}{there}{mark}{heading}"


def file_of(name: str) -> Path | None:
    """The file of the book that a name stands for, if it lies within the book and is there."""
    folder = guide_folder()
    if folder is None:
        return None
    file = (folder / name.removeprefix(BOOK).partition("#")[0]).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None


def heading_of(name: str) -> str:
    """The heading that a name leads to on its page, as `slug_of` makes it; "" for the page itself."""
    return name.partition("#")[2]


def slug_of(heading: str) -> str:
    """The name by which links lead to a heading, as code hosts make it."""
    return _NO_SLUG.sub("", heading.strip().lower()).replace(" ", "-")


def search(text: str) -> tuple[Found, ...]:
    """The pages that hold every word of the text, those with a word in the title first. All, of no words."""
    return find(text, tuple(page for section in sections() for page in section.pages))


def meanings(text: str) -> tuple[Found, ...]:
    """The entries on a message that the program showed, which a person typed or pasted; none of fewer than three words.

    The name of each leads to its place on the page; what it says about the message is its excerpt.
    """
    if len(text.split()) < _A_MESSAGE:
        return ()
    entries = message_help.found_in(text) or message_help.like(text)
    return tuple(Found(Topic(f"{BOOK}{each.place}", each.heading, ""), each.means) for each in entries[:_MOST])


def pictures_of(page: Topic) -> tuple[str, ...]:
    """The pictures that a page shows, each by the name that its link leads to."""
    return tuple(linked(page.name, found["path"]) for found in _PICTURE.finditer(page.text))


def without_pictures(page: Topic, missing: frozenset[str]) -> str:
    """The page's text with what they show, in words, for the pictures that are not to be had."""

    def shown(found: re.Match[str]) -> str:
        return f"*{found['says']}*" if linked(page.name, found["path"]) in missing else found[0]

    return _PICTURE.sub(shown, page.text)


def _with_those_below(folder: Path, path: str, listed: frozenset[str]) -> list[Topic]:
    """A page and, if it is the first of a folder, those of the folder that it leads to and the contents do not list."""
    first = _page(folder, path)
    if first is None:
        return []
    below, _slash, name = path.rpartition("/")
    if name != _INDEX or not below:
        return [first]
    led = dict.fromkeys(found["path"] for found in _LINK.finditer(first.text))
    inside = [f"{below}/{each}" for each in led if "/" not in each and each != _INDEX]
    return [first, *(page for each in inside if each not in listed and (page := _page(folder, each)) is not None)]


def _page(folder: Path, path: str) -> Topic | None:
    """A page without the comments that only tests read; None if it is not there."""
    file = folder / path
    if not file.is_file():
        return None
    parts = _FENCED.split(file.read_text(encoding="utf-8"))
    text = "".join(part if part.startswith("```") else _COMMENT.sub("", part) for part in parts)
    return Topic(f"{BOOK}{path}", text.partition("\n")[0].removeprefix("# ").strip(), text)
