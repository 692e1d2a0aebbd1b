"""The first page without a ledger: what a partner does whose ledger another one keeps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from settlement.signoff import passphrases
from settlement.signoff.exporting import export
from ui import links
from ui.pages.sign_off.distance_dialogs import SignFolderDialog
from ui.pages.sign_off.key_dialogs import MadeDialog, NewKeyDialog
from ui.pages.start.elsewhere import VerifyFolderDialog
from ui.pages.start.page import StartPage
from ui.window import Window

from .signing import WORDS, barnet, dialog, in_this_process, public_keys, settle, signed

__all__ = ["in_this_process"]

Wait = Callable[[], None]


@pytest.fixture
def start(window: Window, wait: Wait) -> StartPage:
    wait()
    assert window.session.opened is None
    page = window.page(links.START)
    assert isinstance(page, StartPage)
    return page


def pressed(qtbot: QtBot, page: StartPage, which: str) -> None:
    qtbot.mouseClick(getattr(page.elsewhere, which), Qt.MouseButton.LeftButton)


@pytest.mark.usefixtures("in_this_process")
def test_a_partner_without_the_ledger_makes_a_key_and_signs_in_the_folder(
    start: StartPage, window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrases, "ROUNDS", 1_000)
    file, out = barnet(tmp_path), tmp_path / "to-sign"
    with open_ledger(file) as ledger:
        ledger.hold(Period.M12)
        export(ledger, Period.M12, out, for_signature=True, prepared_by="Fund Manager")

    pressed(qtbot, start, "new_key")
    asked = dialog(start, NewKeyDialog)
    asked.folder.show_path(str(tmp_path))
    asked.name.setText("director")
    for field in (asked.passphrase, asked.again):
        field.edit.setText(WORDS)
    asked.act()
    settle(qtbot, window)
    told = dialog(start, MadeDialog)
    assert str(tmp_path / "director.pub") in told.told.text()
    told.accept()

    pressed(qtbot, start, "sign")
    there = dialog(start, SignFolderDialog)
    qtbot.keyClicks(there.folder.edit, str(out))
    qtbot.keyClick(there.folder.edit, Qt.Key.Key_Tab)
    settle(qtbot, window)
    there.who.partner.setCurrentIndex(there.who.partner.findData("BCCG"))
    there.who.name.setText("Health finance lead")
    there.who.role.setText("Director")
    there.who.key.show_path(str(tmp_path / "director.key"))
    there.who.passphrase.edit.setText(WORDS)
    there.act()
    settle(qtbot, window)
    assert (out / "0001" / "BCCG.sig").exists()
    assert window.session.opened is None


@pytest.mark.usefixtures("in_this_process")
def test_what_was_signed_is_verified_without_the_ledger(
    start: StartPage, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file, out = barnet(tmp_path), tmp_path / "signed"
    signed(file, Period.M12)
    with open_ledger(file) as ledger:
        export(ledger, Period.M12, out)
    keys = public_keys(tmp_path)

    pressed(qtbot, start, "verify")
    panel = dialog(start, VerifyFolderDialog).panel
    panel.verify()
    assert panel.problem.heading.text() == "Choose the folder that was exported."
    qtbot.keyClicks(panel.folder.edit, str(out))
    qtbot.keyClick(panel.folder.edit, Qt.Key.Key_Tab)
    settle(qtbot, window)
    assert tuple(panel.rows) == ("LBB", "BCCG")
    for code, row in panel.rows.items():
        row.show_files((str(keys[code]),))
    panel.verify()
    settle(qtbot, window)
    assert panel.result.found is not None
    assert panel.result.verified.isVisible()

    (out / "0001" / "note.txt").write_bytes((out / "0001" / "note.txt").read_bytes().replace(b"M12", b"M11"))
    panel.verify()
    settle(qtbot, window)
    assert panel.result.not_verified.isVisible()


def test_a_dialog_that_is_closed_may_be_opened_again(start: StartPage, qtbot: QtBot) -> None:
    for which, kind in (("new_key", NewKeyDialog), ("sign", SignFolderDialog), ("verify", VerifyFolderDialog)):
        for _ in range(2):
            pressed(qtbot, start, which)
            asked: QDialog = dialog(start, kind)
            asked.reject()
            qtbot.waitUntil(lambda: not start.findChildren(QDialog))
