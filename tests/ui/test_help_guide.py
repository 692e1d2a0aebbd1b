"""The guide: a topic for every page, links that lead somewhere, keys that exist, words that are found."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.guide import book
from ui.guide.reading import ORDER, Topic, search, topic_of, topics
from ui.pages import PLACE_OF, PLACES
from ui.window import Window

from .conftest import Opener

GUIDE = Path(__file__).parents[2] / "ui" / "guide"
LINK = re.compile(r"\]\(([^)]+)\)")
KEYS = re.compile(r"`([^`]+)`")
AVOIDED = re.compile(r"(?i)\b(profit|loss|bill|customer|lead partner|simply|just|please)\b|!")

STANDARD = {
    "Enter",
    "Tab",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "Ctrl+Home",
    "Ctrl+End",
    "Ctrl+C",
    "Ctrl+V",
    "Ctrl+Tab",
}
"""Keys that Qt's own tables, lists, fields and tabs have."""

OF_THE_GRID = {"Ctrl+D", "Ctrl+;", "Ctrl+-", "Ctrl+Z", "Ctrl+Y"}
"""Keys that the grid of lines takes itself: `tests/ui/test_entering_grid.py` presses them."""

IN_A_DIALOG = {"Ctrl+Enter", "F8", "F5"}
"""Keys of the wizards, which are made when they are opened."""


def test_every_page_has_a_topic_and_every_file_is_one() -> None:
    assert {place.key for place in PLACES} <= set(ORDER)
    assert {path.stem for path in GUIDE.glob("*.md")} == set(ORDER)
    assert [topic.name for topic in topics()] == list(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_a_topic_begins_with_its_title_and_is_in_the_house_words(name: str) -> None:
    topic = topic_of(name)
    assert topic.text.startswith(f"# {topic.title}\n")
    assert len(topic.text) > 300
    if name in PLACE_OF:
        assert topic.title == PLACE_OF[name].title
    prose = re.sub(r"`[^`]*`", "", topic.text)
    assert AVOIDED.search(prose) is None, AVOIDED.search(prose)
    assert "'" not in prose, "apostrophes are typographic, as on the pages"


def test_every_link_inside_the_guide_resolves() -> None:
    found = [(topic.name, link) for topic in topics() for link in LINK.findall(topic.text)]
    assert len(found) > 10
    for name, link in found:
        if link.startswith(book.BOOK):
            assert book.page_of(link) is not None, (name, link)
        else:
            assert link.endswith(".md"), (name, link)
            assert link.removesuffix(".md") in ORDER, (name, link)


def test_every_topic_leads_into_the_book() -> None:
    leading = {topic.name for topic in topics() if f"]({book.BOOK}" in topic.text}
    assert leading == set(ORDER)


def test_every_page_of_the_navigation_list_has_keys_in_a_table() -> None:
    assert {place.key for place in PLACES} <= {topic.name for topic in topics() if topic.keys}
    assert ("`Ctrl+F`", "search") in topic_of("ledger").keys


def test_every_key_that_a_topic_names_exists_on_its_page(
    window: Window, opening: Opener, file_ledger: Path, wait: Callable[[], None]
) -> None:
    opening(file_ledger)
    for topic in topics():
        if topic.name not in PLACE_OF:
            continue
        page = window.page(topic.name)
        has = keys_of(page) | STANDARD
        if topic.name in {"ledger", "start"}:
            has |= OF_THE_GRID | IN_A_DIALOG
        for keys, _does in topic.keys:
            for named in KEYS.findall(keys):
                if named in {"Ctrl+F", "F3", "Shift+F3", "Ctrl++", "Ctrl+-"} and topic.name == "statements":
                    continue  # those of the preview, which is made with the first document
                assert not QKeySequence(named).isEmpty(), (topic.name, named)
                assert named in has, (topic.name, named, sorted(has))
    wait()


def keys_of(widget: QWidget) -> set[str]:
    """Every key that an action or shortcut of a page, or of a part of it, has."""
    parts: list[QWidget] = [widget, *widget.findChildren(QWidget)]
    found: set[str] = set()
    for part in parts:
        actions = [each for each in [*part.actions(), *part.findChildren(QAction)] if isinstance(each, QAction)]
        found |= {keys.toString() for action in actions for keys in action.shortcuts()}
        found |= {shortcut.key().toString() for shortcut in part.findChildren(QShortcut)}
        # a card or a chart answers the arrow keys itself, and the tips of buttons name theirs
        found |= set(part.toolTip().split(": ")[0].split(" or ")) if part.toolTip() else set()
    return found


def test_keys_that_the_text_names_are_of_the_menus_or_of_the_page(window: Window) -> None:
    menus = {keys.toString() for action in window.menus.all_actions() for keys in action.shortcuts()}
    named = re.compile(r"\b((?:Ctrl|Alt|Shift)\+[A-Z][A-Za-z0-9]*|F\d+)\b")
    for topic in topics():
        told = {key for keys, _does in topic.keys for key in KEYS.findall(keys)}
        prose = topic.text.partition("## Keys")[0]
        for keys in named.findall(prose):
            assert keys in menus | told | STANDARD, (topic.name, keys)


# Searching


def names(text: str) -> list[str]:
    """The topics found for some words."""
    return [found.topic.name for found in search(text)]


def test_all_words_have_to_be_there_and_a_title_goes_first() -> None:
    assert names("") == list(ORDER)
    assert names("Virement zero") == ["ledger", "words", "errors"]
    assert names("BACKUPS")[0] == "settings"
    assert names("sign-off")[0] == "sign-off"
    assert names("qwertz") == []


def test_an_excerpt_shows_the_word_with_some_around_it() -> None:
    (first, *_others) = [found for found in search("passphrase") if found.topic.name == "sign-off"]
    assert "passphrase" in first.excerpt
    assert len(first.excerpt) < 140
    assert "|" not in first.excerpt
    assert "**" not in first.excerpt


def test_a_topic_without_a_table_has_no_keys() -> None:
    assert Topic("x", "X", "# X\n\nText.\n").keys == ()
    told = Topic("x", "X", "# X\n\n## Keys\n\n| Keys | Do |\n| --- | --- |\n| `F1` | help |\n\n## More\n\n| a | b |\n")
    assert told.keys == (("`F1`", "help"),)


def test_a_name_that_is_no_topic_opens_the_first() -> None:
    assert topic_of("nothing").name == ORDER[0]
