"""The window: opening ledgers by keyboard, what cannot be opened, read-only, and letting go at the end."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from ledgers import Ledger, open_ledger
from rules.periods import Period
from rules.problems import Problem, RefusedError
from ui import ledger_reader
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener

BARNET = GOLDEN / "barnet-2014-15-pooled"


def test_before_a_ledger_is_open_the_window_says_what_to_do(window: Window) -> None:
    page = window.empty_page
    assert window.pages.currentWidget() is page
    assert page.heading.text() == "No ledger is open"
    words = " ".join(label.text() for label in page.findChildren(type(page.heading)))
    assert "agreement.toml" in words
    assert "s75 demo" in words
    assert page.file_button.hasFocus()
    assert not window.period_menu.isEnabled()
    assert not window.outturn_action.isEnabled()
    assert window.ledger_label.text() == "No ledger is open"


def test_ctrl_o_asks_for_a_file_and_opens_it(
    window: Window, qtbot: QtBot, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(BARNET), ""))
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    wait()
    assert window.pages.currentWidget() is window.settlement_page
    assert window.windowTitle() == "barnet-2014-15-pooled (read-only) – S75 Settlement"
    assert window.settlement_page.transfers.text().endswith("£625,137.44")
    assert window.settlement_page.period.hasFocus()


def test_enter_on_the_empty_page_does_the_same(
    window: Window, qtbot: QtBot, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(BARNET), ""))
    qtbot.keyClick(window.empty_page.file_button, Qt.Key.Key_Space)
    wait()
    assert window.opened is not None


def test_ctrl_shift_o_asks_for_a_folder(
    window: Window, qtbot: QtBot, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(BARNET))
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait()
    assert window.opened is not None
    assert window.opened.is_folder


def test_open_read_only_opens_a_file_so_that_nothing_can_be_changed(
    window: Window, wait: Callable[[], None], file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file_ledger), ""))
    window.open_read_only_action.trigger()
    wait()
    assert window.opened is not None
    assert not window.opened.writable
    assert window.settlement_page.read_only.heading.text() == (
        "Read-only: this ledger was opened to be read, and nothing in it can be changed here."
    )
    assert window.ledger_label.text() == f"{file_ledger} (read-only)"
    assert window.settlement_page.transfers.text().endswith("£625,137.44")


def test_a_dialog_that_is_called_off_changes_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    window.open_action.trigger()
    window.open_folder_action.trigger()
    assert not window.jobs.busy
    assert window.pages.currentWidget() is window.empty_page


def test_a_folder_is_read_only_and_the_banner_says_so_in_words(window: Window, opening: Opener) -> None:
    opening(BARNET)
    banner = window.settlement_page.read_only
    assert banner.isVisible()
    assert banner.heading.text() == "Read-only: this ledger is a folder of files, and nothing in it is ever written."


def test_a_file_that_can_be_changed_has_no_banner_and_opens_once_more(
    window: Window, opening: Opener, file_ledger: Path
) -> None:
    for _ in range(2):
        opening(file_ledger)
        assert not window.error.isVisible()
        assert not window.settlement_page.read_only.isVisible()
        assert window.windowTitle() == "barnet.s75 – S75 Settlement"


def test_a_file_that_is_open_elsewhere_is_told(window: Window, opening: Opener, file_ledger: Path) -> None:
    with open_ledger(file_ledger):
        opening(file_ledger)
        assert window.error.isVisible()
        assert window.pages.currentWidget() is window.empty_page
        opening(file_ledger, read_only=True)
        assert window.pages.currentWidget() is window.settlement_page


def test_a_held_period_says_so(window: Window, opening: Opener, wait: Callable[[], None], file_ledger: Path) -> None:
    opening(file_ledger)
    assert window.state_label.text() == "M12 is open"
    window.period_actions[Period.M3].trigger()
    wait()
    assert window.state_label.text().startswith("M3 is held, closed by ")
    assert window.settlement_page.subtitle.text().startswith("Draft settlement")


def test_a_ledger_that_opens_and_cannot_be_read_is_let_go(
    window: Window, opening: Opener, file_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_ledger: Ledger) -> None:
        raise RefusedError(Problem("the last period cannot be read"))

    with monkeypatch.context() as broken:
        broken.setattr(ledger_reader, "period_to_settle", refuse)
        opening(file_ledger)
    assert window.error.body.text() == "the last period cannot be read"
    with open_ledger(file_ledger) as ledger:  # nobody holds it
        assert ledger.writable


def test_a_folder_without_an_agreement_is_told_and_can_be_copied(
    window: Window, opening: Opener, tmp_path: Path
) -> None:
    opening(tmp_path)
    assert window.error.isVisible()
    assert window.error.heading.text() == f"{tmp_path} could not be opened"
    assert "agreement.toml" in window.error.body.text()
    assert window.pages.currentWidget() is window.empty_page
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
    assert window.pages.currentWidget() is window.empty_page


def test_a_ledger_that_is_not_there_is_told(window: Window, opening: Opener, tmp_path: Path) -> None:
    opening(tmp_path / "nowhere.s75")
    assert "there is no such ledger" in window.error.body.text()


def test_the_open_ledger_stays_when_another_cannot_be_opened(window: Window, opening: Opener, tmp_path: Path) -> None:
    opening(BARNET)
    told = window.settlement_page.transfers.text()
    opening(tmp_path)
    assert window.error.isVisible()
    assert window.pages.currentWidget() is window.settlement_page
    assert window.settlement_page.transfers.text() == told
    opening(GOLDEN / "oxfordshire-2013-14")
    assert not window.error.isVisible()


def test_a_held_file_that_cannot_be_opened_once_more_leaves_the_window_empty(
    window: Window, opening: Opener, file_ledger: Path
) -> None:
    opening(file_ledger)
    file_ledger.write_bytes(b"overwritten by something else\n" * 400)
    opening(file_ledger)
    assert window.error.isVisible()
    assert window.pages.currentWidget() is window.empty_page
    assert window.windowTitle() == "S75 Settlement"
    assert not window.period_menu.isEnabled()


def test_a_period_the_agreement_cannot_be_applied_to_is_told_and_no_other_figures_are_shown(
    window: Window, opening: Opener, wait: Callable[[], None], tmp_path: Path
) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(GOLDEN / "ccg-to-icb-2022-23", folder)
    agreement = folder / "agreement.toml"
    text = agreement.read_text(encoding="utf-8")
    # underspends are the successor's alone, and at M3 there is an underspend and no successor yet
    agreement.write_text(text.replace('by = "lead"', 'by = "partner:ICB"'), encoding="utf-8")
    opening(folder)
    page = window.settlement_page
    assert page.figures.isVisible()
    page.choose(Period.M3, outturn=False)
    wait()
    assert page.failure.isVisible()
    assert page.failure.heading.text() == "The agreement could not be applied to the ledger"
    assert "clause 5.3.share" in page.failure.body.text()
    assert "clause 5.3.share" in page.failure.details.toPlainText()
    assert not page.figures.isVisible()
    assert page.subtitle.text() == "No settlement at M3"
    assert window.state_label.text() == ""
    page.choose(Period.M6, outturn=False)
    wait()
    assert page.figures.isVisible()
    assert not page.failure.isVisible()


def test_the_view_menu_chooses_as_the_page_does(window: Window, opening: Opener, wait: Callable[[], None]) -> None:
    opening(GOLDEN / "ccg-to-icb-2022-23")
    window.period_actions[Period.M9].trigger()
    wait()
    assert window.settlement_page.chosen == (Period.M9, False)
    window.outturn_action.trigger()
    wait()
    assert window.settlement_page.chosen == (Period.M9, True)
    assert window.settlement_page.subtitle.text().endswith("forecast outturn seen from M9, December 2022")
    window.to_date_action.trigger()
    wait()
    assert window.settlement_page.chosen == (Period.M9, False)


def test_about_says_what_program_this_is(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "about", lambda _parent, _title, text: told.append(text))
    window.about_action.trigger()
    assert "S75 Settlement" in told[0]


def test_closing_the_window_lets_go_of_the_ledger(window: Window, opening: Opener, file_ledger: Path) -> None:
    opening(file_ledger)
    with pytest.raises(RefusedError):
        open_ledger(file_ledger)
    window.close()
    with open_ledger(file_ledger) as ledger:
        assert ledger.writable


def test_many_refreshes_leave_no_references_behind(window: Window, opening: Opener, wait: Callable[[], None]) -> None:
    """PySide 6.12.0 loses a reference to None with each call and aborts after some thousands."""
    opening(BARNET)
    page = window.settlement_page
    model = page.schedule.model
    before = sys.getrefcount(None)
    for turn in range(10):
        page.choose(Period.M11 if turn % 2 else Period.M12, outturn=False)
        wait()
        for _ in range(500):
            assert model.parent(model.index(0, 0)).data() is None
            assert page.partners.index(0, 0).data(PENCE) is None
    assert abs(sys.getrefcount(None) - before) < 500
