"""The Settings page: what is chosen counts at once and is kept; backups are listed, taken and put back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.settings import Settings, read_settings, settings_path
from ui import links
from ui.app import application
from ui.links import Link
from ui.pages.options.page import OptionsPage
from ui.preferences import Negatives, Theme, Units, read_preferences
from ui.theme import dress, is_dark
from ui.window import Window

from .conftest import GOLDEN, Opener


@pytest.fixture
def page(window: Window, wait: Callable[[], None]) -> Callable[[], OptionsPage]:
    """Goes to the page."""

    def show() -> OptionsPage:
        window.go(Link(links.OPTIONS))
        wait()
        found = window.current
        assert isinstance(found, OptionsPage)
        return found

    return show


def sample(page: OptionsPage) -> list[str]:
    """The first row of the sample."""
    return [page.sample.index(0, column).data() for column in range(4)]


def test_without_a_ledger_it_opens_and_says_where_backups_will_be(page: Callable[[], OptionsPage]) -> None:
    shown = page()
    assert shown.backups.where.text() == "Open a ledger to see its backups, to take one, or to put one back."
    assert not shown.backups.now.isVisible()
    assert sample(shown) == ["Reablement", "£3,926,544.00", "£4,012,345.67", "(£85,801.67)"]


def test_units_and_negatives_count_at_once_and_are_kept(page: Callable[[], OptionsPage], qtbot: QtBot) -> None:
    shown = page()
    button = shown.first_focus()
    assert button is not None
    button.window().activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert sample(shown) == ["Reablement", "3,927", "4,012", "(86)"]
    assert shown.sample.headerData(1, Qt.Orientation.Horizontal) == "Budget £000"
    qtbot.mouseClick(shown.negatives.buttons[Negatives.MINUS], Qt.MouseButton.LeftButton)
    assert sample(shown)[3] == "−86"
    assert read_preferences().units is Units.THOUSANDS
    assert read_preferences().negatives is Negatives.MINUS
    shown.reset.click()
    assert sample(shown)[3] == "(£85,801.67)"
    assert read_preferences().negatives is Negatives.BRACKETS


def test_theme_and_text_size_are_told_to_the_window(page: Callable[[], OptionsPage], window: Window) -> None:
    session = window.session
    app = application()

    def redress() -> None:
        dress(app, session.preferences.theme, session.preferences.text_size)

    session.preferences_changed.connect(redress)
    shown = page()
    size = app.font().pointSizeF()
    try:
        shown.theme.buttons[Theme.DARK].click()
        assert is_dark()
        shown.text_size.setCurrentIndex(4)
        assert app.font().pointSizeF() == pytest.approx(2 * size)
        assert read_preferences().text_size == 200
        shown.theme.buttons[Theme.LIGHT].click()
        assert not is_dark(QGuiApplication.palette())
    finally:
        dress(app, Theme.LIGHT, 100)


def test_folders_and_the_name_are_kept(page: Callable[[], OptionsPage], qtbot: QtBot, tmp_path: Path) -> None:
    shown = page()
    shown.statements.setFocus()
    qtbot.keyClicks(shown.statements, str(tmp_path))
    qtbot.keyClick(shown.statements, Qt.Key.Key_Tab)
    qtbot.keyClicks(shown.prepared_by, "Finance lead, Borough Council")
    qtbot.keyClick(shown.prepared_by, Qt.Key.Key_Return)
    kept = read_preferences()
    assert (kept.statements_folder, kept.prepared_by) == (str(tmp_path), "Finance lead, Borough Council")


def test_backups_are_set_in_the_settings_file_and_their_comments_stay(
    page: Callable[[], OptionsPage], qtbot: QtBot, wait: Callable[[], None], tmp_path: Path
) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("[backups]\nkeep = 4  # four are enough\n", encoding="utf-8")
    shown = page()
    assert shown.backups.keep.value() == 4
    qtbot.keyClicks(shown.backups.folder, str(tmp_path / "kept"))
    qtbot.keyClick(shown.backups.folder, Qt.Key.Key_Return)
    wait()
    assert read_settings() == Settings(tmp_path / "kept", 4)
    shown.backups.keep.setValue(6)
    wait()
    assert "keep = 6  # four are enough" in settings_path().read_text(encoding="utf-8")


def test_a_folder_that_is_no_whole_path_is_told(
    page: Callable[[], OptionsPage], qtbot: QtBot, wait: Callable[[], None]
) -> None:
    shown = page()
    qtbot.keyClicks(shown.backups.folder, "somewhere")
    qtbot.keyClick(shown.backups.folder, Qt.Key.Key_Return)
    wait()
    assert shown.backups.problem.isVisible()
    assert "write the whole path of a folder" in shown.backups.problem.body.text()
    assert shown.backups.folder.text() == "somewhere"


def test_the_variable_goes_before_the_file_and_says_so(
    page: Callable[[], OptionsPage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("S75_BACKUPS", str(tmp_path))
    shown = page()
    assert shown.backups.folder.isReadOnly()
    assert shown.backups.overruled.text() == (
        f"The variable S75_BACKUPS names the folder, and goes before this setting: {tmp_path}"
    )


def test_a_folder_ledger_has_no_backups_and_says_so(page: Callable[[], OptionsPage], opening: Opener) -> None:
    opening(GOLDEN / "telford-2019-20")
    shown = page()
    assert shown.backups.where.text().startswith("A ledger in a folder is never written")
    assert not shown.backups.restore.isVisible()


def test_backups_are_listed_taken_and_put_back_as_new_files(
    page: Callable[[], OptionsPage],
    opening: Opener,
    file_ledger: Path,
    wait: Callable[[], None],
    tmp_path: Path,
    window: Window,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening(file_ledger)
    shown = page().backups
    assert shown.where.text() == f"Those of barnet.s75 are in {file_ledger}.backups."
    assert shown.model.rowCount() == 2  # before the months were held, and when the window opened what came of it
    assert shown.model.index(0, 1).data() == "As one of the last"
    with open_ledger(file_ledger, read_only=True) as ledger:
        count = len(list(ledger.lines()))
    assert shown.model.index(0, 4).data() == f"{count:,}"

    copy, back = tmp_path / "copy.s75", tmp_path / "back.s75"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(copy), ""))
    shown.now.click()
    assert shown.progress.isVisible()
    wait()
    assert window.statusBar().currentMessage() == f"{copy} is a copy of barnet.s75."
    with open_ledger(copy, read_only=True) as ledger:
        assert len(list(ledger.lines())) == count

    # nothing is overwritten
    shown.now.click()
    wait()
    assert "never overwritten" in shown.problem.body.text()

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(back), ""))
    shown.restore.click()
    wait()
    assert not shown.problem.isVisible()
    assert window.statusBar().currentMessage().endswith(f"{count:,} lines. The open ledger is as it was.")
    shown.open_restored.click()
    wait()
    assert window.session.opened is not None
    assert window.session.opened.where == str(back)


def test_a_copy_that_is_called_off_leaves_no_file(
    page: Callable[[], OptionsPage],
    opening: Opener,
    file_ledger: Path,
    wait: Callable[[], None],
    tmp_path: Path,
    window: Window,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening(file_ledger)
    shown = page().backups
    copy = tmp_path / "copy.s75"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(copy), ""))
    shown.now.click()
    shown.progress.cancel_button.click()
    wait()
    assert window.statusBar().currentMessage() == "It was called off. No file was written."
    assert not copy.exists()
    assert shown.now.isEnabled()
