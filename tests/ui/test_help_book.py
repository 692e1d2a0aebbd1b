"""The book on the Help page: the guide by section, its links, headings, pictures and search; and a copy without it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from settlement import guide_pages, message_help
from tests.guide.pages import DOCS, page_of, slug_of
from ui import links
from ui.app import application
from ui.guide import book
from ui.guide.book import BOOK
from ui.guide.reading import Topic
from ui.links import Link
from ui.pages.help.page import HelpPage
from ui.preferences import Theme
from ui.theme import dress
from ui.window import Window


@pytest.fixture
def page(window: Window, wait: Callable[[], None]) -> HelpPage:
    """The page, opened."""
    window.go(Link(links.HELP))
    wait()
    found = window.current
    assert isinstance(found, HelpPage)
    return found


def title(page: HelpPage) -> str:
    """The first line of what is shown."""
    return page.text.toPlainText().splitlines()[0]


def rows(page: HelpPage) -> list[str]:
    """What is listed."""
    return [page.list.item(row).text() for row in range(page.list.count())]


def forget() -> None:
    """What was read of the guide is read anew."""
    book.sections.cache_clear()
    message_help.entries.cache_clear()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A book of its own, of a few pages, as it lies in a build."""
    folder = tmp_path / "guide"
    (folder / "deep").mkdir(parents=True)
    (folder / "contents.toml").write_text('[[section]]\ntitle = "One"\npages = ["first.md", "deep/README.md"]\n')
    (folder / "README.md").write_text("# The guide\n\nWhat is where.\n")
    first = "# First\n\n<!-- before: demo -->\nWords on <!-- no --> [deep](deep/README.md#a-heading-of-it).\n\n"
    (folder / "first.md").write_text(
        f"{first}```text\n<!-- shown -->\n```\n\n![A picture](pictures/p.png) ![None](pictures/q.png)\n"
    )
    (folder / "deep" / "README.md").write_text(
        "# Deep\n\n[First](../first.md), [below](below.md), [data](../data.toml)\n\n" + "Text.\n\n" * 80
        + "## A heading of it\n\nHere.\n" + "More.\n\n" * 80
    )  # fmt: skip
    (folder / "deep" / "below.md").write_text("# Below\n\nIn the cellar.\n")
    (folder / "data.toml").write_text("key = 1\n")
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    forget()
    yield folder
    monkeypatch.undo()
    forget()


# The pages, without a window


def test_every_page_of_the_guide_is_in_the_book_once() -> None:
    names = [page.name for section in book.sections() for page in section.pages]
    on_disk = {f"{BOOK}{path.relative_to(DOCS).as_posix()}" for path in DOCS.rglob("*.md")}
    assert set(names) == on_disk
    assert len(names) == len(on_disk)
    assert all(page.title for section in book.sections() for page in section.pages)


def test_a_build_has_its_pages_beside_it(small: Path) -> None:
    assert guide_pages.guide_folder() == small
    (guide, one) = book.sections()
    assert [page.title for page in guide.pages] == ["The guide"]
    assert [page.name for page in one.pages] == ["book:first.md", "book:deep/README.md", "book:deep/below.md"]


def test_what_only_the_tests_read_is_left_out_but_not_what_a_block_shows(small: Path) -> None:
    first = book.page_of("book:first.md")
    assert first is not None
    assert "before:" not in first.text
    assert "<!-- no" not in first.text
    assert "<!-- shown -->" in first.text
    assert small.is_dir()


def test_links_lead_from_where_the_page_stands() -> None:
    assert book.linked("book:deep/README.md", "../first.md#x") == "book:first.md#x"
    assert book.linked("book:deep/README.md#y", "below.md") == "book:deep/below.md"
    assert book.linked("book:deep/README.md#y", "#z") == "book:deep/README.md#z"
    assert book.page_of("book:nowhere.md") is None


def test_nothing_outside_the_book_is_read(small: Path) -> None:
    (small.parent / "secret.md").write_text("# No\n")
    assert book.file_of("book:../secret.md") is None
    assert book.file_of("book:first.md") == small / "first.md"


def test_headings_have_the_names_that_code_hosts_give_them() -> None:
    for path in sorted(DOCS.glob("*.md")):
        for _line, _level, heading in page_of(path).headings:
            if "`" not in heading and "[" not in heading:
                assert book.slug_of(heading) == slug_of(heading)


def test_pictures_that_are_not_there_are_said_in_words(small: Path) -> None:
    first = book.page_of("book:first.md")
    assert first is not None
    assert book.pictures_of(first) == ("book:pictures/p.png", "book:pictures/q.png")
    text = book.without_pictures(first, frozenset({"book:pictures/q.png"}))
    assert "![A picture](pictures/p.png) *None*" in text
    assert small.is_dir()


# On the page


def test_the_book_stands_under_the_topics_by_section(page: HelpPage) -> None:
    shown = rows(page)
    assert shown.index("About S75 Settlement") < shown.index("\nThe guide") < shown.index("\nFirst steps")
    assert shown[shown.index("\nFirst steps") + 1] == "A five-minute tour"
    assert not page.no_book.isVisible()


def test_the_arrow_keys_pass_a_heading_by(page: HelpPage, qtbot: QtBot) -> None:
    page.list.setFocus()
    page.visit("about")
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert title(page) == "The guide"
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert title(page) == "A five-minute tour"


def test_a_link_between_pages_is_followed_and_come_back_from(page: HelpPage, window: Window, small: Path) -> None:
    window.go(Link(links.HELP, links.Topic("book:first.md")))
    assert title(page) == "First"
    page.text.anchorClicked.emit(QUrl("deep/README.md#a-heading-of-it"))
    assert title(page) == "Deep"
    assert page.text.textCursor().block().text() == "A heading of it"
    assert page.text.verticalScrollBar().value() > 500
    page.text.anchorClicked.emit(QUrl("below.md"))
    assert title(page) == "Below"
    window.go_back()
    assert title(page) == "Deep"
    page.text.anchorClicked.emit(QUrl("../data.toml"))
    assert page.text.toPlainText() == "data.toml\n\nkey = 1\n"
    window.go_back()
    page.text.anchorClicked.emit(QUrl("../first.md"))
    assert title(page) == "First"
    assert small.is_dir()


def test_a_topic_leads_into_the_book_and_back(page: HelpPage, window: Window) -> None:
    page.text.anchorClicked.emit(QUrl("book:monthly.md"))
    assert title(page) == "The month"
    assert page.list.currentItem().text() == "The month"
    window.go_back()
    assert title(page) == "Getting started"


def test_a_heading_that_is_not_there_leaves_the_page_at_its_top(page: HelpPage, small: Path) -> None:
    page.show_topic("book:deep/README.md#nowhere")
    assert title(page) == "Deep"
    assert page.text.verticalScrollBar().value() == 0
    assert small.is_dir()


def test_an_address_outside_is_not_opened_but_copied(page: HelpPage, window: Window) -> None:
    told: list[str] = []
    page.session.said.connect(told.append)
    page.text.anchorClicked.emit(QUrl("https://example.org/paper"))
    assert QGuiApplication.clipboard().text() == "https://example.org/paper"
    assert told == ["The program opens nothing outside itself: the address is on the clipboard."]
    assert window.current is page


def test_a_picture_is_shown_no_wider_than_the_text(page: HelpPage, small: Path) -> None:
    (small / "pictures").mkdir()
    QImage(3000, 1000, QImage.Format.Format_RGB32).save(str(small / "pictures" / "p.png"))
    page.show_topic("book:first.md")
    shown = page.text.document().resource(2, QUrl("pictures/p.png"))
    assert isinstance(shown, QImage)
    assert 0 < shown.width() <= page.text.viewport().width()
    assert "None" in page.text.toPlainText()
    assert page.text.loadResource(3, QUrl("first.md")) is None
    page.show_topic("getting-started")
    assert page.text.loadResource(2, QUrl("pictures/p.png")) is None


def test_a_card_is_drawn_where_no_picture_was_made(page: HelpPage) -> None:
    page.show_topic("book:shapes/fixed-shares.md")
    (name,) = book.pictures_of(book.page_of("book:shapes/fixed-shares.md") or Topic("", "", ""))[:1]
    drawn = page.text.loadResource(2, QUrl(f"../{name.removeprefix(BOOK)}"))
    assert isinstance(drawn, QImage)
    assert drawn.width() > 300


def test_the_text_is_drawn_again_in_other_colours(page: HelpPage, qtbot: QtBot) -> None:
    page.show_topic("book:monthly.md")
    before = page.text.document().size().height()
    try:
        dress(application(), Theme.DARK, 200)
        qtbot.waitUntil(lambda: page.text.document().size().height() > before)
        assert title(page) == "The month"
    finally:
        dress(application(), Theme.LIGHT, 100)


# Search


def test_a_search_goes_through_topics_and_book(page: HelpPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.looked_for, "carry-forward underspend")
    found = [row.splitlines()[0] for row in rows(page)]
    assert "Words" in found
    assert "Glossary" in found
    assert "\nFirst steps" not in rows(page)
    page.looked_for.clear()
    assert "\nFirst steps" in rows(page)


def test_a_message_that_is_pasted_finds_what_it_means(page: HelpPage, qtbot: QtBot) -> None:
    page.looked_for.setText(
        "lines.csv:7: amount: “12O.00” is not an amount: it has the letter O where a nought may be meant"
    )
    first = rows(page)[0]
    assert "\n" in first
    qtbot.keyClick(page.looked_for, Qt.Key.Key_Return)
    assert title(page) == book.page_of(page.list.name_of(page.list.item(0))).title  # type: ignore[union-attr]
    assert page.text.textCursor().block().text() == first.splitlines()[0]
    page.looked_for.setText("two words")
    assert page.list.count() == 0 or not page.list.name_of(page.list.item(0)).startswith("book:messages/window.md#")


# Without the pages


def test_a_copy_without_the_guide_says_so_and_keeps_the_topics(
    window: Window, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    forget()
    try:
        window.go(Link(links.HELP))
        wait()
        page = window.current
        assert isinstance(page, HelpPage)
        assert "came without the guide’s own pages" in page.no_book.text()
        assert page.no_book.isVisible()
        assert rows(page)[-1] == "About S75 Settlement"
        page.show_topic("book:monthly.md")
        assert title(page) == "Getting started"
    finally:
        monkeypatch.undo()
        forget()
