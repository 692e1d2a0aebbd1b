"""Signing at the window: keys made in it, both signatures, a wrong passphrase, a signature from elsewhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from ledgers import State, open_ledger, sealing
from ledgers.assents import awaiting
from ledgers.signing_keys import keys
from rules.periods import Period
from settlement.signoff import passphrases
from settlement.signoff.keys import read_public_key
from tests.conftest import examples
from ui import links
from ui.links import Link, PeriodOf
from ui.pages.sign_off.distance_dialogs import BringDialog, ExportDialog, SignFolderDialog
from ui.pages.sign_off.key_dialogs import MadeDialog, NewKeyDialog, ReplaceKeyDialog, passphrase_in_words
from ui.pages.sign_off.page import KEYS as KEYS_TAB
from ui.pages.sign_off.page import SignOffPage
from ui.pages.sign_off.said import in_the_window, when
from ui.pages.sign_off.sign_dialog import AssentDialog, SignDialog
from ui.window import Window

from .conftest import Opener
from .million import make_million
from .signing import PEOPLE, WORDS, barnet, dialog, in_this_process, key_file, settle, signed
from .watchdog import Watchdog

LARGE = examples(20_000, 10_000)

__all__ = ["in_this_process"]


@pytest.fixture
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of few rounds: a test need not wait for what a thief should."""
    monkeypatch.setattr(passphrases, "ROUNDS", 1_000)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of many lines, for copies of it to be signed."""
    file = tmp_path_factory.mktemp("large") / "large.s75"
    make_million(file, lines=LARGE, schemes_each=10)  # all are in what is signed
    return file


@pytest.fixture
def show(window: Window, opening: Opener, qtbot: QtBot) -> Callable[[Path, Period], SignOffPage]:
    def open_it(file: Path, period: Period) -> SignOffPage:
        opening(file)
        window.go(Link(links.SIGN_OFF, PeriodOf(period)))
        settle(qtbot, window)
        page = window.current
        assert isinstance(page, SignOffPage)
        return page

    return open_it


def fill(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def fill_in(qtbot: QtBot, asked: SignDialog | AssentDialog | SignFolderDialog, code: str, key: Path) -> None:
    who = asked.who
    who.partner.setCurrentIndex(who.partner.findData(code))
    fill(qtbot, who.name, PEOPLE[code][0])
    fill(qtbot, who.role, PEOPLE[code][1])
    fill(qtbot, who.key.edit, str(key))
    fill(qtbot, who.passphrase.edit, WORDS)


def sign_in(qtbot: QtBot, window: Window, page: SignOffPage, code: str, key: Path) -> None:
    """As a person signs: the button, the fields, Enter."""
    qtbot.mouseClick(page.details.buttons["sign"], Qt.MouseButton.LeftButton)
    asked = dialog(page, SignDialog)
    fill_in(qtbot, asked, code, key)
    qtbot.keyClick(asked.who.passphrase.edit, Qt.Key.Key_Return)
    settle(qtbot, window)


def standing(file: Path, period: Period) -> tuple[State, tuple[str, ...]]:
    with open_ledger(file, read_only=True) as ledger:
        rows = sealing.notes(sealing.stored(ledger))
        state = next(each.state for each in ledger.periods() if each.period == period)
        return state, tuple(code for row in rows for code in row.signed_by)


@pytest.mark.usefixtures("in_this_process")
def test_keys_made_in_the_window_sign_a_period_for_both_partners(
    show: Callable[[Path, Period], SignOffPage],
    window: Window,
    qtbot: QtBot,
    quick_keys: None,  # noqa: ARG001  a fixture
    tmp_path: Path,
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M12)
    page = show(file, Period.M12)
    window.go(Link(links.SIGN_OFF, "keys"))
    made = []
    for name in ("treasurer", "director"):
        qtbot.mouseClick(page.keys.new_button, Qt.MouseButton.LeftButton)
        asked = dialog(page, NewKeyDialog)
        fill(qtbot, asked.folder.edit, str(tmp_path))
        fill(qtbot, asked.name, name)
        fill(qtbot, asked.passphrase.edit, WORDS)
        assert asked.told.text() == "Type it again below."
        fill(qtbot, asked.again.edit, WORDS)
        assert asked.told.text() == "Both are the same."
        qtbot.mouseClick(asked.does, Qt.MouseButton.LeftButton)
        settle(qtbot, window)
        told = dialog(page, MadeDialog)
        key = tmp_path / f"{name}.key"
        fingerprint = read_public_key(key.with_suffix(".pub")).fingerprint
        assert told.fingerprint.text().replace("\n", "") == fingerprint
        assert str(key) in told.told.text()
        told.accept()
        made.append(key)
    window.go(Link(links.SIGN_OFF, PeriodOf(Period.M12)))
    qtbot.mouseClick(page.details.buttons["sign"], Qt.MouseButton.LeftButton)
    asked_to_sign = dialog(page, SignDialog)
    assert asked_to_sign.windowTitle() == "Sign M12: note 1"
    assert "£625,137.44" in asked_to_sign.figures.text()
    assert "to pay" in asked_to_sign.figures.text()
    assert "M1 to M12 are final" in asked_to_sign.note.text()
    fill(qtbot, asked_to_sign.prepared_by, "Fund Manager")
    asked_to_sign.reject()
    sign_in(qtbot, window, page, "LBB", made[0])
    assert standing(file, Period.M12) == (State.HELD, ("LBB",))
    assert page.details.next.text().endswith("the signature of NHS Barnet Clinical Commissioning Group (BCCG).")
    qtbot.mouseClick(page.details.buttons["sign"], Qt.MouseButton.LeftButton)
    again = dialog(page, SignDialog)
    assert again.who.partner.count() == 1
    assert "Signed already for LBB." in again.note.text()
    again.reject()
    sign_in(qtbot, window, page, "BCCG", made[1])
    assert standing(file, Period.M12) == (State.SIGNED, ("LBB", "BCCG"))
    assert page.details.figures_title.text() == "What was signed: the year to date at M12, March 2015"
    window.go(Link(links.SIGN_OFF, "keys"))
    assert page.keys.model.rowCount() == 2
    assert page.keys.model.index(0, 2).data() == PEOPLE["LBB"][0]


@pytest.mark.usefixtures("in_this_process")
def test_a_wrong_passphrase_is_told_in_the_dialog_and_nothing_typed_is_lost(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M3)
    page = show(file, Period.M3)
    page.details.buttons["sign"].click()
    asked = dialog(page, SignDialog)
    fill_in(qtbot, asked, "LBB", key_file(tmp_path, "lbb", "another passphrase"))
    qtbot.mouseClick(asked.does, Qt.MouseButton.LeftButton)
    assert not asked.does.isEnabled()
    settle(qtbot, window)
    assert asked.isVisible()
    assert asked.problem.heading.text() == "That could not be done"
    assert asked.problem.body.text() == (
        f"{tmp_path / 'lbb.key'}: the passphrase is not the one that it was made with, or the file is damaged; "
        "try again"
    )
    assert asked.who.name.text() == PEOPLE["LBB"][0]
    assert asked.who.passphrase.edit.selectedText() or asked.who.passphrase.edit.hasSelectedText()
    assert standing(file, Period.M3) == (State.HELD, ())
    asked.who.passphrase.show_it.click()
    fill(qtbot, asked.who.passphrase.edit, "another passphrase")
    assert asked.who.passphrase.edit.displayText() == "another passphrase"
    qtbot.keyClick(asked.who.passphrase.edit, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert standing(file, Period.M3) == (State.HELD, ("LBB",))
    assert "another passphrase" not in str(window.session.preferences.kept)


@pytest.mark.usefixtures("in_this_process")
def test_what_is_missing_is_asked_for_at_its_field_before_anything_is_done(
    show: Callable[[Path, Period], SignOffPage], qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M3)
    page = show(file, Period.M3)
    page.details.buttons["sign"].click()
    asked = dialog(page, SignDialog)
    for field, text, sentence in (
        (asked.who.name, "Ann", "Write your full name, as it is to stand on the statement."),
        (asked.who.role, "Treasurer", "Write your role, as it is to stand on the statement."),
        (asked.who.key.edit, "x.key", "Choose your private key: the file NAME.key that New key made."),
        (asked.who.passphrase.edit, "words", "Type the passphrase of the key."),
    ):
        asked.act()
        assert asked.problem.heading.text() == sentence
        assert asked.focusWidget() is field
        fill(qtbot, field, text)


@pytest.mark.usefixtures("in_this_process")
def test_what_keeps_a_period_from_being_signed_is_told_in_the_words_of_the_window(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    from ledgers.disputes import dispute_line

    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        dispute_line(ledger, 4, "LBB", "It ended in May")
        ledger.hold(Period.M12)
    page = show(file, Period.M12)
    page.details.buttons["sign"].click()
    asked = dialog(page, SignDialog)
    fill_in(qtbot, asked, "LBB", key_file(tmp_path, "lbb"))
    asked.act()
    settle(qtbot, window)
    assert asked.problem.body.text() == (
        "Dispute 1 of LBB (It ended in May) is open; resolve it, or carry it visibly past the period"
    )


def test_no_message_of_sign_off_names_a_command_in_the_window() -> None:
    """Each that the lower floors can say, as they write it."""
    said = (
        "M3 is open; hold it first, so that what is signed stays as it is: s75 hold",
        "dispute 1 of A (x) is open; resolve it, or carry it visibly: s75 dispute --carry 1 --period M3 --reason …",
        "version 2 of the agreement waits for the assent of A: s75 assent",
        "withdraw the note first: s75 sign LEDGER --withdraw --reason TEXT",
        "once it replaces this one: s75 key replace /a/b.s75 --as A --key NEW.pub …",
        "say first that it replaces that one: s75 key replace",
        "make a new one: s75 key new",
        "make one with `s75 key new`",
        "do not sign it; “s75 verify” says what differs",
        "a signature of note 1 is not as it was given: s75 verify",
        "this is not a folder that s75 export wrote: it has no 0001/note.txt",
        "the file is longer than 64 KiB, and so not one that s75 export writes",
        "M3 was not signed; sign it (s75 sign), or export it to be signed elsewhere with --for-signature",
        "…; name the folder with --out",
        "--name: it is empty",
        "a.s75: --role: it is empty",
        "--prepared-by: leave --prepared-by out",
        "--out: there is something of this name already; name a new folder",
        "; type it at a terminal, or set S75_PASSPHRASE",
        "make a file of it with “s75 new FILE --agreement agreement.toml”",
    )
    for each in said[:-1]:
        shown = in_the_window(each)
        assert "s75 " not in shown, shown
        assert "--" not in shown, shown
        assert "S75_" not in shown, shown


def test_times_are_said_as_people_read_them() -> None:
    assert when("2014-10-05T09:30:00+00:00") == "5 October 2014 at 09:30 UTC"
    assert when("yesterday") == "yesterday"


def test_the_rules_of_a_passphrase_are_told_while_it_is_typed() -> None:
    assert passphrase_in_words("", "") == ""
    assert passphrase_in_words("short", "") == "Too short: 5 of at least 8 characters."
    assert passphrase_in_words("four words", "four wor") == "The two are not the same yet."
    assert passphrase_in_words("four\twords of it", "") == "It has characters that cannot be typed again."


@pytest.mark.usefixtures("in_this_process")
def test_a_new_key_is_refused_in_the_dialog_and_overwrites_nothing(
    show: Callable[[Path, Period], SignOffPage],
    window: Window,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    page = show(barnet(tmp_path), Period.M3)
    standing_there = key_file(tmp_path, "lbb")
    before = standing_there.read_bytes()
    page.tabs.setCurrentIndex(KEYS_TAB)
    page.keys.new_button.click()
    asked = dialog(page, NewKeyDialog)
    asked.folder.show_path("")
    asked.act()
    assert asked.problem.heading.text() == "Choose the folder for the two files."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    asked.folder.browse.click()
    asked.act()
    assert asked.problem.heading.text() == "Name the key: its signatory’s initials, or the role."
    fill(qtbot, asked.name, "lbb")
    asked.act()
    assert asked.problem.heading.text() == "Type a passphrase: a private key is kept under one."
    fill(qtbot, asked.passphrase.edit, WORDS)
    asked.act()
    assert asked.problem.heading.text() == "The two passphrases are not the same: type it again."
    fill(qtbot, asked.again.edit, WORDS)
    asked.act()
    settle(qtbot, window)
    assert "a key is never overwritten; choose another name" in asked.problem.body.text()
    assert standing_there.read_bytes() == before
    fill(qtbot, asked.passphrase.edit, "short")
    fill(qtbot, asked.again.edit, "short")
    fill(qtbot, asked.name, "new")
    asked.act()
    settle(qtbot, window)
    assert "fewer than 8 characters" in asked.problem.body.text()
    assert not (tmp_path / "new.key").exists()


@pytest.mark.usefixtures("in_this_process")
def test_a_key_replaces_another_with_a_reason(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    page = show(file, Period.M3)
    new = key_file(tmp_path, "new").with_suffix(".pub")
    page.tabs.setCurrentIndex(KEYS_TAB)
    page.keys.replace_button.click()
    asked = dialog(page, ReplaceKeyDialog)
    asked.act()
    assert asked.problem.heading.text() == "Choose the new public key, NAME.pub."
    for field, text in (
        (asked.key.edit, str(new)),
        (asked.name, "New treasurer"),
        (asked.role, "Chief Finance Officer"),
    ):
        fill(qtbot, field, text)
    asked.act()
    assert asked.problem.heading.text() == "Write why the key is replaced: it stays on record."
    fill(qtbot, asked.reason, "New in post")
    qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    settle(qtbot, window)
    with open_ledger(file, read_only=True) as ledger:
        assert [(key.name, key.replaces) for key in keys(ledger, "LBB")][-1] == ("New treasurer", 1)
    assert page.keys.model.index(0, 4).data() == "replaced by key 3"


@pytest.mark.usefixtures("in_this_process")
def test_signing_at_a_distance_there_and_back(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12, "LBB")
    page = show(file, Period.M12)
    page.details.buttons["export"].click()
    export = dialog(page, ExportDialog)
    assert export.told.text() == "Note 1 waits for the signature of BCCG."
    fill(qtbot, export.folder.edit, str(tmp_path))
    fill(qtbot, export.name, "there")
    qtbot.keyClick(export.name, Qt.Key.Key_Return)
    settle(qtbot, window)
    out = tmp_path / "there"
    assert (out / "0001" / "note.txt").exists()

    page.details.buttons["sign-folder"].click()
    there = dialog(page, SignFolderDialog)
    fill(qtbot, there.folder.edit, str(tmp_path))
    qtbot.keyClick(there.folder.edit, Qt.Key.Key_Tab)
    settle(qtbot, window)
    assert there.told.text() == "This is not a folder that was exported: it has no 0001/note.txt"
    fill(qtbot, there.folder.edit, str(out))
    qtbot.keyClick(there.folder.edit, Qt.Key.Key_Tab)
    settle(qtbot, window)
    assert there.told.text() == "It is to be signed for LBB and BCCG."
    fill_in(qtbot, there, "BCCG", key_file(tmp_path, "bccg"))
    qtbot.mouseClick(there.does, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert (out / "0001" / "BCCG.sig").exists()

    page.details.buttons["bring"].click()
    bring = dialog(page, BringDialog)
    fill(qtbot, bring.folder.edit, str(tmp_path))
    qtbot.keyClick(bring.folder.edit, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert "not a folder that was exported" in bring.problem.body.text()
    fill(qtbot, bring.folder.edit, str(out))
    qtbot.keyClick(bring.folder.edit, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert standing(file, Period.M12) == (State.SIGNED, ("LBB", "BCCG"))
    page.details.buttons["export"].click()
    kept = dialog(page, ExportDialog)
    assert kept.told.text() == "M12 is signed: the folder is what a partner keeps."
    fill(qtbot, kept.name, "there")
    kept.act()
    settle(qtbot, window)
    assert "there is something of this name already" in kept.problem.body.text()


@pytest.mark.usefixtures("in_this_process")
def test_exporting_a_held_period_puts_it_up(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M3)
    page = show(file, Period.M3)
    page.details.buttons["export"].click()
    export = dialog(page, ExportDialog)
    assert export.told.text().startswith("M3 is put up for signature as note 1 first: ")
    fill(qtbot, export.folder.edit, str(tmp_path))
    fill(qtbot, export.prepared_by, "Fund Manager")
    export.act()
    settle(qtbot, window)
    assert (tmp_path / "to-sign-M3" / "0001" / "pack.json").exists()
    assert page.details.next.text().startswith("Next: the signature of London Borough of Barnet (LBB) and ")


@pytest.mark.usefixtures("in_this_process")
def test_a_variation_is_assented_to_before_a_period_that_it_governs(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        text = ledger.agreement_text_at(Period.M1)
        ledger.set_agreement(f"{text}\n# varied\n", Period.M6, "Deed of variation")
    page = show(file, Period.M6)
    (sentence,) = page.details.decisions.sentences
    assert sentence.startswith("Version 2 of the agreement, in force from M6, waits for the assent of London Borough")
    version = page.at.versions[0] if page.at is not None else None
    assert version is not None
    page.details.assenting.emit(version)
    asked = dialog(page, AssentDialog)
    fill_in(qtbot, asked, "LBB", key_file(tmp_path, "lbb"))
    qtbot.keyClick(asked.who.passphrase.edit, Qt.Key.Key_Return)
    settle(qtbot, window)
    with open_ledger(file, read_only=True) as ledger:
        assert awaiting(ledger, 2) == ("BCCG",)
    window.session.choose(Period.M5, outturn=False)
    settle(qtbot, window)
    assert page.details.decisions.sentences == []


def test_nothing_freezes_while_a_large_ledger_is_checked_sealed_and_signed(
    show: Callable[[Path, Period], SignOffPage],
    window: Window,
    qtbot: QtBot,
    watchdog: Watchdog,
    large: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / "large.s75"
    shutil.copyfile(large, file)
    with open_ledger(file) as ledger:
        codes = [partner.code for partner in ledger.agreement_at(Period.M12).partners]
        ledger.hold(Period.M12)
    key = key_file(tmp_path, "one", rounds=600_000)
    page = show(file, Period.M12)
    with watchdog.watching(f"signing {LARGE:,} lines"):
        qtbot.mouseClick(page.details.buttons["sign"], Qt.MouseButton.LeftButton)
        qtbot.wait(50)
        asked = dialog(page, SignDialog)
        for field, text in (
            (asked.who.name, "Council finance lead"),
            (asked.who.role, "Chief Finance Officer"),
            (asked.who.key.edit, str(key)),
            (asked.who.passphrase.edit, WORDS),
        ):
            field.setText(text)
            qtbot.wait(10)
        qtbot.mouseClick(asked.does, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Sealing" in asked.progress.label.text(), timeout=60_000)
        settle(qtbot, window)
    assert standing(file, Period.M12) == (State.HELD, (codes[0],))


@pytest.mark.usefixtures("in_this_process")
def test_signing_that_is_called_off_changes_nothing(
    show: Callable[[Path, Period], SignOffPage], window: Window, qtbot: QtBot, large: Path, tmp_path: Path
) -> None:
    file = tmp_path / "large.s75"
    shutil.copyfile(large, file)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M12)
    page = show(file, Period.M12)
    page.details.buttons["sign"].click()
    asked = dialog(page, SignDialog)
    asked.who.name.setText("Council finance lead")
    asked.who.role.setText("Chief Finance Officer")
    asked.who.key.show_path(str(key_file(tmp_path, "one")))
    asked.who.passphrase.edit.setText(WORDS)
    asked.act()
    qtbot.waitUntil(lambda: "Sealing" in asked.progress.label.text(), timeout=60_000)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert asked.problem.heading.text() == "It was called off. Nothing was changed."
    assert asked.who.name.text() == "Council finance lead"
    assert standing(file, Period.M12) == (State.HELD, ())
