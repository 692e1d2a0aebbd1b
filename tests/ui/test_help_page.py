"""The Help page: topics by F1, by link and by search; the sheet of shortcuts; about and licences."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import links
from ui.app import application
from ui.links import Link, Topic
from ui.pages import PLACES
from ui.pages.help.libraries import Library, libraries
from ui.pages.help.page import HelpPage
from ui.preferences import Theme
from ui.theme import dress
from ui.window import Window

from .conftest import Opener


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


def press(window: Window, qtbot: QtBot, key: Qt.Key, *, control: bool = False) -> None:
    """A key on the window."""
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window, key, modifier)


def test_it_opens_where_a_newcomer_begins(page: HelpPage) -> None:
    assert title(page) == "Getting started"
    assert page.list.currentItem().text() == "Getting started"
    assert not page.to_page.isVisible()


def test_f1_opens_the_topic_of_every_page_and_alt_left_comes_back(
    window: Window, qtbot: QtBot, opening: Opener, file_ledger: Path, wait: Callable[[], None]
) -> None:
    opening(file_ledger)
    for place in PLACES:
        window.go(Link(place.key))
        wait()
        press(window, qtbot, Qt.Key.Key_F1)
        help_page = window.current
        assert isinstance(help_page, HelpPage)
        assert title(help_page) == place.title
        if place.key != links.HELP:
            qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
            assert window.current.key == place.key
    wait()


def test_a_link_opens_its_topic_and_the_way_back_is_kept(page: HelpPage, window: Window, qtbot: QtBot) -> None:
    page.text.anchorClicked.emit(QUrl("risk-share.md"))
    assert title(page) == "Risk share"
    page.text.anchorClicked.emit(QUrl("page:settings"))
    assert window.current.key == links.OPTIONS
    window.go_back()
    assert title(page) == "Risk share"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert title(page) == "Getting started"


def test_a_link_is_followed_by_keyboard(page: HelpPage, window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    page.text.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.text)
    qtbot.keyClick(page.text, Qt.Key.Key_Tab)
    qtbot.keyClick(page.text, Qt.Key.Key_Return)
    assert title(page) == "Start"


def test_words_are_searched_for_as_they_are_typed(page: HelpPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.looked_for, "trail sample")
    shown = [page.list.item(row).text() for row in range(page.list.count())]
    assert shown[0].startswith("Audit\n…")
    assert title(page) == "Getting started"
    qtbot.keyClick(page.looked_for, Qt.Key.Key_Return)
    assert title(page) == "Audit"
    assert page.text.textCursor().selectedText().casefold() == "trail"
    page.looked_for.setText("qwertz")
    assert page.none_found.isVisible()
    page.looked_for.clear()
    assert not page.none_found.isVisible()
    assert page.list.currentItem().text() == "Audit"


def test_topics_are_gone_through_with_the_arrow_keys(page: HelpPage, qtbot: QtBot) -> None:
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert title(page) == "Start"
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert title(page) == "Overview"
    assert page.to_page.isVisible()
    assert not page.to_page.isEnabled()
    assert page.to_page.toolTip() == "Open a ledger first."


def test_a_topic_leads_to_its_page(page: HelpPage, window: Window) -> None:
    page.visit(Topic(links.OPTIONS))
    assert page.to_page.text() == "Go to the Settings pa&ge"
    page.to_page.click()
    assert window.current.key == links.OPTIONS


def test_the_sheet_lists_every_command_that_has_keys(page: HelpPage, window: Window, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_Slash, control=True)
    assert window.current is page
    text = page.text.toPlainText()
    assert text.startswith("Keyboard shortcuts")
    listed = [action for action in window.menus.all_actions() if not action.shortcut().isEmpty()]
    assert len(listed) > 15
    for action in listed:
        assert action.shortcut().toString() in text
        assert action.text().replace("&", "").rstrip("…") in text
    assert "show or hide the line’s history" in text  # the pages' own keys are there too
    assert "Quit" in text


def test_about_has_versions_licences_and_details_without_names(
    page: HelpPage, window: Window, wait: Callable[[], None], opening: Opener, file_ledger: Path
) -> None:
    opening(file_ledger)
    window.menus.about_action.trigger()
    wait()
    text = page.text.toPlainText()
    assert text.startswith("About S75 Settlement")
    for named in ("PySide6_Essentials", "SQLAlchemy", "reportlab", "DejaVu Sans", "Liberation Sans", "LGPL"):
        assert named in text
    page.copy_details.click()
    details = QGuiApplication.clipboard().text()
    assert details.splitlines()[0].startswith("S75 Settlement ")
    assert "SQLite 3." in details
    assert "barnet" not in details
    assert str(Path.home()) not in details


def test_a_licence_is_read_and_come_back_from(page: HelpPage, window: Window, wait: Callable[[], None]) -> None:
    page.visit("about")
    wait()
    page.text.anchorClicked.emit(QUrl("licence:Liberation%20Sans"))
    assert page.text.toPlainText().startswith("Liberation Sans\n\n")
    assert "SIL OPEN FONT LICENSE" in page.text.toPlainText().upper()
    window.go_back()
    assert title(page) == "About S75 Settlement"


def test_a_library_without_the_text_of_its_licence_says_so(page: HelpPage) -> None:
    page._made_with = (Library("bare", "1.0", "MIT", ""),)
    page.show_topic("licence:bare")
    assert "bare comes without the text of its licence" in page.text.toPlainText()


def test_the_text_grows_and_darkens_with_the_window(page: HelpPage, qtbot: QtBot) -> None:
    app = application()
    before = page.text.document().size().height()
    try:
        dress(app, Theme.DARK, 200)
        qtbot.waitUntil(lambda: page.text.document().size().height() > before)
        assert title(page) == "Getting started"
    finally:
        dress(app, Theme.LIGHT, 100)


def test_every_library_that_comes_with_the_program_has_a_version_and_a_licence() -> None:
    found = libraries()
    assert len(found) > 20
    for each in found[:-2]:
        assert each.version
        assert each.licence
    assert sum(bool(each.text) for each in found) > 20
