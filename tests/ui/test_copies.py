"""A copy to work in, in the window: offered to who finds the ledger open elsewhere, shown as what it is, given back."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.copies import copies, take_copy
from ledgers.ledger import Ledger
from rules.periods import Period
from tests.read_only import read_only
from ui import links
from ui.links import Link
from ui.pages.start.copies import DiscardDialog, GiveBackDialog, TakeDialog
from ui.pages.start.page import StartPage
from ui.window import Window

from .conftest import Opener

Wait = Callable[[], None]


def now() -> object:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def dialog_of(window: Window, kind: type) -> object:
    page = window.current
    assert isinstance(page, StartPage)
    assert isinstance(page._dialog, kind)
    return page._dialog


def hold(window: Window, wait: Wait, period: Period) -> None:
    window.session.write(lambda ledger, _job: ledger.hold(period), lambda _held: None)
    wait()


def last_held(path: Path) -> list[str]:
    def told(ledger: Ledger) -> list[str]:
        return [str(each.period) for each in ledger.periods() if each.state == "held"]

    with open_ledger(path, read_only=True) as ledger:
        return told(ledger)


def test_who_finds_the_ledger_open_elsewhere_takes_a_copy_works_in_it_and_gives_it_back(
    window: Window, wait: Wait, opening: Opener, qtbot: QtBot, file_ledger: Path
) -> None:
    with open_ledger(file_ledger):
        opening(file_ledger)
        assert window.view_bar.take.isVisible()
        qtbot.mouseClick(window.view_bar.take, Qt.MouseButton.LeftButton)
        dialog = dialog_of(window, TakeDialog)
        wait()
        assert not dialog.others.isVisible()
        dialog.act()
        wait()
    (copy,) = copies()
    assert window.session.opened is not None
    assert (window.session.opened.where, window.session.opened.copy) == (copy.path, copy)
    assert window.session.writable
    assert window.view_bar.copy.isVisible()
    assert f"Taken of {file_ledger} on " in window.view_bar.copy.body.text()
    assert not window.view_bar.take.isVisible()
    hold(window, wait, Period.M4)
    qtbot.mouseClick(window.view_bar.give_back, Qt.MouseButton.LeftButton)
    dialog_of(window, GiveBackDialog).act()
    wait()
    assert copies() == ()
    assert window.session.opened is not None
    assert window.session.opened.where == str(file_ledger)
    assert not window.view_bar.copy.isVisible()
    assert window.statusBar().currentMessage() == "The ledger has the copy’s work now."
    assert last_held(file_ledger) == ["M1", "M2", "M3", "M4"]


def test_a_copy_is_taken_from_the_menu_into_a_folder_and_a_second_only_by_asking(
    window: Window, wait: Wait, opening: Opener, file_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_copy(file_ledger, now)
    opening(file_ledger)
    assert "took a copy to work in on" in window.view_bar.warning.body.text()
    window.menus.take_copy_action.trigger()
    dialog = dialog_of(window, TakeDialog)
    wait()
    assert "Of two copies only the one that is given back first can be." in dialog.others.text()
    assert dialog.does.text() == "&Take another all the same"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    dialog.browse.click()
    dialog.act()
    wait()
    assert "there is a file of this name already; it is never overwritten" in dialog.problem.body.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "mine"))
    dialog.browse.click()
    dialog.act()
    wait()
    assert (tmp_path / "mine" / "barnet.s75").exists()
    assert len(copies()) == 2


def test_what_keeps_a_copy_from_being_given_back_is_told_in_the_dialog(
    window: Window, wait: Wait, opening: Opener, file_ledger: Path
) -> None:
    copy = take_copy(file_ledger, now)
    with open_ledger(file_ledger) as ledger:
        ledger.hold(Period.M5)
    opening(copy.path)
    hold(window, wait, Period.M4)
    window.menus.give_back_action.trigger()
    dialog = dialog_of(window, GiveBackDialog)
    dialog.act()
    wait()
    assert dialog.problem.heading.text() == "The copy could not be given back"
    told = dialog.problem.body.text()
    assert "the ledger has moved on since the copy was taken, and nothing is ever merged" in told
    assert "hold M4 to M5" in told
    assert dialog.does.isEnabled()
    assert copies() == (copy,)
    dialog.reject()
    wait()


@pytest.mark.parametrize("kind", [GiveBackDialog, DiscardDialog])
def test_a_dialog_that_was_closed_while_it_waited_does_nothing(
    window: Window, wait: Wait, file_ledger: Path, kind: type[GiveBackDialog | DiscardDialog]
) -> None:
    copy = take_copy(file_ledger, now)
    dialog = kind(window.session, copy, window)
    dialog.open()
    go_on = Event()
    window.session.reads.start(lambda _job: go_on.wait(5), lambda _done: None, lambda _failure: None)
    dialog.act()
    dialog.reject()
    go_on.set()
    wait()
    assert copies() == (copy,)
    assert copy.is_there


def test_copies_are_listed_on_the_first_page_opened_given_back_and_let_go_there(
    window: Window, wait: Wait, qtbot: QtBot, file_ledger: Path
) -> None:
    copy = take_copy(file_ledger, now)
    window.go(Link(links.START))
    page = window.current
    assert isinstance(page, StartPage)
    page.freshen()
    wait()
    assert page.copies.isVisible()
    table = page.copies.table
    shown = [table.grid_model.index(0, column).data() for column in range(4)]
    assert shown[:2] == ["barnet.s75", str(file_ledger)]
    assert shown[3] == "Nothing was done in it yet"
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    wait()
    assert window.session.opened is not None
    assert window.session.opened.copy == copy
    hold(window, wait, Period.M4)
    window.go(Link(links.START))
    wait()
    assert table.grid_model.index(0, 3).data() == "Work in it, not given back"
    actions = {action.text().replace("&", ""): action for action in table.actions()}
    actions["Give it back…"].trigger()
    dialog_of(window, GiveBackDialog).reject()
    actions["Let it go…"].trigger()
    dialog = dialog_of(window, DiscardDialog)
    dialog.act()
    wait()
    assert "there is work in it that the ledger has not" in dialog.problem.body.text()
    assert window.session.opened is None
    dialog.lose_work.setChecked(True)
    dialog.act()
    wait()
    assert copies() == ()
    assert window.statusBar().currentMessage() == "The copy was deleted, with the work in it."
    wait()
    assert not page.copies.isVisible()
    assert last_held(file_ledger) == ["M1", "M2", "M3"]


def test_one_whose_file_is_gone_or_is_none_says_so(window: Window, wait: Wait, file_ledger: Path) -> None:
    gone, spoilt = take_copy(file_ledger, now), take_copy(file_ledger, now, anyway=True)
    Path(gone.path).unlink()
    Path(spoilt.path).write_bytes(b"x")
    page = window.page(links.START)
    assert isinstance(page, StartPage)
    page.freshen()
    wait()
    model = page.copies.table.grid_model
    assert {model.index(row, 3).data() for row in range(2)} == {
        "Not found there",
        "this is not a ledger of S75 Settlement (.s75)",
    }


def test_an_auditor_a_folder_and_a_closed_window_are_offered_no_copy(
    window: Window, opening: Opener, file_ledger: Path, wait: Wait
) -> None:
    assert not window.menus.take_copy_action.isEnabled()
    opening(file_ledger, read_only=True)
    assert window.view_bar.read_only.isVisible()
    assert not window.view_bar.take.isVisible()
    assert not window.menus.give_back_action.isEnabled()
    opening(Path(__file__).parents[1] / "golden" / "telford-2019-20")
    assert not window.view_bar.take.isVisible()
    assert not window.menus.take_copy_action.isEnabled()
    window.go(Link(links.START, "take-copy"))
    wait()
    page = window.current
    assert isinstance(page, StartPage)
    assert page._dialog is None


def test_another_file_of_the_ledger_beside_it_is_told_of_to_who_writes_and_who_reads(
    window: Window, opening: Opener, file_ledger: Path
) -> None:
    file_ledger.with_name("barnet-PC17.s75").write_bytes(file_ledger.read_bytes())
    for only_read in (False, True):
        opening(file_ledger, read_only=only_read)
        assert window.view_bar.warning.isVisible()
        told = window.view_bar.warning.body.text()
        assert told.count("barnet-PC17.s75 beside it is another file of the same ledger, with the same in it") == 1


def test_what_is_only_looked_at_is_gone_as_the_program_ends_and_no_later(qapp: object) -> None:
    from PySide6.QtCore import QCoreApplication

    from ui.temporary import temporary_folder

    assert isinstance(qapp, QCoreApplication)
    wanted, unwanted = temporary_folder(), temporary_folder()
    kept, gone = Path(wanted.path()), Path(unwanted.path())
    (kept / "statement.pdf").touch()
    assert kept.is_dir()
    del unwanted
    assert not gone.exists()
    qapp.aboutToQuit.emit()
    assert not kept.exists()


def test_a_ledger_on_media_that_can_only_be_read_opens_says_why_and_offers_a_copy(
    window: Window, opening: Opener, open_file: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "disc"
    folder.mkdir()
    path = folder / "barnet.s75"
    path.write_bytes(open_file("barnet-2014-15-pooled").read_bytes())
    with read_only(folder):
        opening(path)
        assert not window.error.isVisible()
        assert "the folder cannot be written in (" in window.view_bar.read_only.body.text()
        assert window.view_bar.take.isVisible()
        window.session.close_ledger()
    assert [each.name for each in folder.iterdir()] == ["barnet.s75"]
