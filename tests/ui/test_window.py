"""The window: opening ledgers by keyboard, what cannot be opened, the way back, dropped files, letting go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from rules.problems import RefusedError
from ui import links
from ui.links import Link
from ui.pages import PLACES
from ui.session import FOLDER_READ_ONLY
from ui.window import Window

from .conftest import GOLDEN, Opener

BARNET = GOLDEN / "barnet-2014-15-pooled"
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def enabled(window: Window) -> list[str]:
    """The pages that can be gone to."""
    items = [window.navigation.item(row) for row in range(window.navigation.count())]
    return [item.text() for item in items if item.flags() & Qt.ItemFlag.ItemIsEnabled]


def test_before_a_ledger_is_open_only_what_needs_none_can_be_chosen(window: Window) -> None:
    assert window.current.key == links.START
    assert enabled(window) == ["Start", "Settings", "Help"]
    assert not window.period_menu_is_enabled()
    assert not window.menus.outturn_action.isEnabled()
    assert window.ledger_label.text() == "No ledger is open"
    assert not window.view_bar.isVisible()


def test_ctrl_o_asks_for_a_file_opens_it_and_shows_the_overview(
    window: Window, qtbot: QtBot, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch, file_ledger: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file_ledger), ""))
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL)
    wait()
    assert window.current.key == links.OVERVIEW
    assert window.windowTitle() == "barnet.s75 – S75 Settlement"
    assert enabled(window) == [place.title for place in PLACES]
    assert window.period_menu_is_enabled()
    assert not window.view_bar.read_only.isVisible()


def test_ctrl_shift_o_asks_for_a_folder_which_is_read_only_and_says_so(
    window: Window, qtbot: QtBot, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(BARNET))
    qtbot.keyClick(window, Qt.Key.Key_O, CONTROL | SHIFT)
    wait()
    assert window.view_bar.read_only.isVisible()
    assert window.view_bar.read_only.body.text() == FOLDER_READ_ONLY
    assert window.windowTitle() == "barnet-2014-15-pooled (read-only) – S75 Settlement"


def test_open_read_only_opens_a_file_so_that_nothing_can_be_changed(
    window: Window, wait: Callable[[], None], file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file_ledger), ""))
    window.menus.open_read_only_action.trigger()
    wait()
    assert not window.session.writable
    assert window.ledger_label.text() == f"{file_ledger} (read-only)"


def test_a_dialog_that_is_called_off_changes_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    window.menus.open_action.trigger()
    window.menus.open_folder_action.trigger()
    assert window.session.opened is None
    assert window.current.key == links.START


def test_a_file_that_can_be_changed_opens_once_more(window: Window, opening: Opener, file_ledger: Path) -> None:
    for _ in range(2):
        opening(file_ledger)
        assert not window.error.isVisible()
        assert window.windowTitle() == "barnet.s75 – S75 Settlement"


def test_a_file_that_is_open_elsewhere_is_read_and_the_banner_says_who_has_it(
    window: Window, opening: Opener, file_ledger: Path
) -> None:
    with open_ledger(file_ledger):
        opening(file_ledger)
    assert window.view_bar.read_only.isVisible()
    assert "has had it open for writing since" in window.view_bar.read_only.body.text()


def test_a_folder_without_an_agreement_is_told_and_can_be_copied(
    window: Window, opening: Opener, tmp_path: Path
) -> None:
    opening(tmp_path)
    assert window.error.isVisible()
    assert window.error.heading.text() == f"{tmp_path} could not be opened"
    assert "agreement.toml" in window.error.body.text()
    assert window.current.key == links.START
    window.error.copy_details.click()
    assert "agreement.toml" in QGuiApplication.clipboard().text()
    assert not window.error.details.isVisible()
    window.error.show_details.click()
    assert window.error.details.isVisible()
    window.error.dismiss.click()
    assert not window.error.isVisible()


def test_a_file_that_is_no_ledger_is_told(window: Window, opening: Opener, tmp_path: Path) -> None:
    file = tmp_path / "notes.s75"
    file.write_bytes(b"minutes of the meeting\n" * 100)
    opening(file)
    assert window.error.isVisible()
    assert window.error.body.text()
    assert "did not expect" not in window.error.body.text()
    assert window.current.key == links.START


def test_the_open_ledger_stays_when_another_cannot_be_opened(window: Window, opening: Opener, tmp_path: Path) -> None:
    opening(BARNET)
    opening(tmp_path)
    assert window.error.isVisible()
    assert window.current.key == links.OVERVIEW
    assert window.session.opened is not None
    assert window.session.opened.where == str(BARNET)
    opening(GOLDEN / "oxfordshire-2013-14")
    assert not window.error.isVisible()


def test_a_held_file_that_cannot_be_opened_once_more_leaves_the_window_empty(
    window: Window, opening: Opener, file_ledger: Path
) -> None:
    opening(file_ledger)
    file_ledger.write_bytes(b"overwritten by something else\n" * 400)
    opening(file_ledger)
    assert window.error.isVisible()
    assert window.current.key == links.START
    assert window.windowTitle() == "S75 Settlement"
    assert not window.period_menu_is_enabled()


def test_the_view_menu_chooses_as_the_bar_does(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "ccg-to-icb-2022-23")
    window.menus.period_actions[Period.M9].trigger()
    assert (window.session.period, window.session.outturn) == (Period.M9, False)
    assert window.view_bar.period.currentText() == "M9, December 2022 (nothing posted)"
    window.menus.outturn_action.trigger()
    assert window.session.outturn
    assert window.view_bar.outturn.isChecked()
    window.view_bar.to_date.click()
    window.view_bar.period.setCurrentIndex(0)
    assert (window.session.period, window.session.outturn) == (Period.M1, False)
    assert window.menus.period_actions[Period.M1].isChecked()
    assert window.menus.to_date_action.isChecked()


def test_periods_with_nothing_posted_say_so(window: Window, opening: Opener) -> None:
    opening(BARNET)
    last = window.view_bar.period.itemText(window.view_bar.period.count() - 1)
    assert last == "M13, year-end adjustments (nothing posted)"


def test_every_page_is_a_key_away_and_alt_left_leads_back(
    window: Window, opening: Opener, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    opening(BARNET)
    keys = [place.key for place in PLACES[:9]]
    for number, key in enumerate(keys):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        wait()
        assert window.current.key == key
    for key in reversed(keys[:-1]):
        qtbot.keyClick(window, Qt.Key.Key_Left, ALT)
        wait()
        assert window.current.key == key
        assert window.navigation.currentItem().data(Qt.ItemDataRole.UserRole) == key
    qtbot.keyClick(window, Qt.Key.Key_Right, ALT)
    wait()
    assert window.current.key == keys[1]


def test_the_navigation_list_leads_to_pages_by_arrow_keys(
    window: Window, opening: Opener, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    opening(BARNET)
    window.navigation.setFocus()
    qtbot.keyClick(window.navigation, Qt.Key.Key_Down)
    wait()
    assert window.current.key == links.LEDGER
    assert window.navigation.hasFocus() or not window.isActiveWindow()


def test_f1_opens_the_guide_at_the_topic_of_the_page(
    window: Window, opening: Opener, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    opening(BARNET)
    seen: list[object] = []
    help_page = window.page(links.HELP)
    help_page.visit = seen.append  # type: ignore[method-assign]
    qtbot.keyClick(window, Qt.Key.Key_F1)
    wait()
    assert window.current is help_page
    assert seen == [links.Topic("overview")]


def test_closing_the_ledger_leads_to_the_first_page(
    window: Window, opening: Opener, qtbot: QtBot, wait: Callable[[], None], file_ledger: Path
) -> None:
    opening(file_ledger)
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL)
    wait()
    assert window.current.key == links.START
    assert enabled(window) == ["Start", "Settings", "Help"]
    with open_ledger(file_ledger) as ledger:
        assert ledger.writable


def dropped(window: Window, *paths: Path) -> bool:
    """Drop files on the window as a file manager does; answers whether it took them."""
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, told, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    window.dropEvent(event)
    return event.isAccepted()


def test_a_ledger_that_is_dropped_on_the_window_is_opened(
    window: Window, wait: Callable[[], None], file_ledger: Path
) -> None:
    assert dropped(window, file_ledger)
    wait()
    assert window.session.opened is not None


def test_a_csv_dropped_with_no_ledger_open_is_told_what_to_do(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "month.csv"
    file.write_text("period\n", encoding="utf-8")
    assert dropped(window, file)
    assert window.error.heading.text() == "month.csv holds lines for a ledger"
    assert "Open the ledger" in window.error.body.text()


def test_a_csv_dropped_on_an_open_ledger_is_to_be_imported(
    window: Window, opening: Opener, tmp_path: Path, file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening(file_ledger)
    followed: list[Link] = []
    monkeypatch.setattr(window, "go", followed.append)
    file = tmp_path / "month.XLSX"
    file.write_bytes(b"PK")
    assert dropped(window, file)
    assert followed == [Link(links.LEDGER, links.Entry("import", str(file)))]


def test_what_is_no_ledger_and_no_extract_is_not_taken(window: Window, tmp_path: Path) -> None:
    assert not dropped(window, tmp_path / "minutes.docx")
    assert not dropped(window, tmp_path / "one.csv", tmp_path / "two.csv")


def test_closing_the_window_lets_go_of_the_ledger(window: Window, opening: Opener, file_ledger: Path) -> None:
    opening(file_ledger)
    with pytest.raises(RefusedError):
        open_ledger(file_ledger)
    window.close()
    with open_ledger(file_ledger) as ledger:
        assert ledger.writable


def test_a_page_with_work_that_is_not_kept_keeps_the_window_open(
    window: Window, opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening(BARNET)
    with monkeypatch.context() as working:
        working.setattr(window.current, "may_leave", lambda: False)
        assert not window.close()
    assert window.isVisible()
    assert window.close()


def test_the_window_comes_back_where_it_was(window: Window, qtbot: QtBot) -> None:
    window.resize(640, 500)
    window.close()
    again = Window()
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (640, 500)
    again.session.close()
