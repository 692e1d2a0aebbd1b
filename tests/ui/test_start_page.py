"""The first page: what was opened before, whether it is still there, and work that is not posted yet."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from ui import links
from ui.drafts import keep_draft
from ui.links import Link
from ui.pages.start.page import StartPage
from ui.pages.start.wizard import NewLedgerDialog
from ui.window import Window

from .conftest import GOLDEN, Opener

Wait = Callable[[], None]


@pytest.fixture
def ledgers(tmp_path: Path) -> tuple[Path, Path]:
    """A ledger's folder that is there, and one that has gone."""
    there = tmp_path / "telford"
    shutil.copytree(GOLDEN / "telford-2019-20", there)
    return there, tmp_path / "gone" / "wirral.s75"


@pytest.fixture
def start(window: Window, wait: Wait, ledgers: tuple[Path, Path]) -> StartPage:
    """The page with three recent ledgers."""
    recent = (*map(str, ledgers), "postgresql://finance@ledgers.example.org/pool")
    window.session.keep(replace(window.session.preferences, recent=recent))
    page = window.page(links.START)
    assert isinstance(page, StartPage)
    page.freshen()
    wait()
    return page


def shown(page: StartPage) -> list[list[str]]:
    model = page.recent.grid_model
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def test_with_nothing_opened_before_it_says_what_to_do(window: Window, wait: Wait) -> None:
    wait()
    page = window.current
    assert isinstance(page, StartPage)
    assert page.nothing.isVisible()
    assert page.nothing.heading.text() == "No ledger was opened here yet"
    assert not page.recent.isVisible()
    assert not page.drafts.isVisible()
    assert page.first_focus() is page.new


def test_recent_ledgers_are_listed_with_whether_they_are_still_there(
    start: StartPage, ledgers: tuple[Path, Path]
) -> None:
    there, gone, server = shown(start)
    assert there[:2] == ["telford", str(ledgers[0])]
    assert " at " in there[2]
    assert there[3] == "Folder, read-only"
    assert gone == ["wirral.s75", str(ledgers[1]), "", "Not found there"]
    assert server[3] == "On a server"
    assert not start.nothing.isVisible()


def test_enter_opens_the_selected_ledger_and_its_title_is_remembered(
    window: Window, wait: Wait, qtbot: QtBot, start: StartPage
) -> None:
    start.recent.setFocus()
    qtbot.keyClick(start.recent, Qt.Key.Key_Return)
    wait()
    assert window.session.opened is not None
    assert window.current.key == links.OVERVIEW
    window.go(Link(links.START))
    wait()
    assert shown(start)[0][0] == "Telford & Wrekin Better Care Fund"
    assert shown(start)[0][3] == "Open now"


def test_a_ledger_that_is_gone_says_so_and_stays_on_the_list(window: Window, wait: Wait, start: StartPage) -> None:
    start.recent.chosen.emit(1)
    wait()
    assert window.session.opened is None
    assert window.error.isVisible()
    assert "could not be opened" in window.error.heading.text()
    assert len(shown(start)) == 3


def test_delete_takes_a_ledger_off_the_list_and_leaves_its_file(
    window: Window, wait: Wait, qtbot: QtBot, start: StartPage, ledgers: tuple[Path, Path]
) -> None:
    start.recent.setFocus()
    qtbot.keyClick(start.recent, Qt.Key.Key_Delete)
    assert [row[0] for row in shown(start)] == ["wirral.s75", "postgresql://finance@ledgers.example.org/pool"]
    assert ledgers[0].exists()
    assert str(ledgers[0]) not in window.session.preferences.recent
    assert window.statusBar().currentMessage() == "telford is off the list. Its file is as it was."
    for _ in range(2):
        qtbot.keyClick(start.recent, Qt.Key.Key_Delete)
    wait()
    assert start.nothing.isVisible()


def test_the_context_menu_opens_read_only_and_shows_the_folder(
    window: Window, wait: Wait, open_file: Callable[[str], Path], start: StartPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_file("telford-2019-20")
    window.session.keep(window.session.preferences.having_opened(str(file)))
    start.freshen()
    wait()
    actions = {action.text().replace("&", ""): action for action in start.recent.actions()}
    assert list(actions)[-4:] == ["Open", "Open read-only", "Show its folder", "Take off this list"]
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)
    actions["Show its folder"].trigger()
    assert [url.toLocalFile() for url in asked] == [str(file.parent)]
    actions["Open read-only"].trigger()
    wait()
    assert window.session.opened is not None
    assert not window.session.opened.writable


def test_work_that_is_not_posted_is_shown_and_opened(
    window: Window, wait: Wait, qtbot: QtBot, start: StartPage, ledgers: tuple[Path, Path]
) -> None:
    keep_draft(str(ledgers[0]), "lines", [["M1"]])
    start.freshen()
    wait()
    assert start.drafts.isVisible()
    model = start.drafts.grid_model
    assert [model.index(0, column).data() for column in range(2)] == ["Lines, not posted yet", "telford"]
    start.drafts.setFocus()
    qtbot.keyClick(start.drafts, Qt.Key.Key_Return)
    wait()
    assert window.session.opened is not None
    assert window.session.opened.where == str(ledgers[0])


def test_a_new_ledger_half_typed_is_gone_on_with(window: Window, wait: Wait, qtbot: QtBot, start: StartPage) -> None:
    keep_draft("", "new-ledger", {"title": "Wirral pool"})
    start.freshen()
    wait()
    start.drafts.chosen.emit(0)
    qtbot.waitUntil(lambda: window.findChild(NewLedgerDialog) is not None)
    dialog = window.findChild(NewLedgerDialog)
    assert dialog.agreement.title.text() == "Wirral pool"
    dialog.reject()
    wait()


def test_the_files_dialogs_open_what_is_chosen(
    window: Window,
    wait: Wait,
    qtbot: QtBot,
    start: StartPage,
    ledgers: tuple[Path, Path],
    open_file: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = open_file("telford-2019-20")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(ledgers[0]))
    for button, where, writable in (
        (start.open, file, True),
        (start.read_only, file, False),
        (start.folder, ledgers[0], False),
    ):
        window.go(Link(links.START))
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        wait()
        assert window.session.opened is not None
        assert (window.session.opened.where, window.session.opened.writable) == (str(where), writable)


def test_nothing_is_opened_when_nothing_is_chosen(
    window: Window, wait: Wait, start: StartPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    start.choose_file()
    start.choose_folder()
    wait()
    assert window.session.opened is None


def test_every_dialog_can_be_looked_at(qtbot: QtBot, wait: Wait, opening: Opener, window: Window) -> None:
    opening(GOLDEN / "telford-2019-20")
    page = window.page(links.START)
    seen: list[QDialog] = []
    for make in page.dialogs():
        dialog = make()
        qtbot.addWidget(dialog)
        dialog.show()
        wait()
        seen.append(dialog)
    assert len(seen) == 13
    for dialog in seen:
        dialog.close()
    wait()
