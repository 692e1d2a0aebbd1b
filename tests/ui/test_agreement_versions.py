"""Versions on the Agreement page: compared, read, written to a file, and a new one put in force."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from ui import links
from ui.links import ClauseOf, Link, PartOf
from ui.pages.agreement.page import AgreementPage
from ui.pages.agreement.text_dialog import TextDialog
from ui.pages.agreement.vary_dialog import VaryDialog
from ui.window import Window

from .conftest import Opener

REASON = "Deed of variation, 28 September"


@pytest.fixture
def varied(open_file: Callable[[str], Path]) -> Path:
    """Rotherham's ledger, its council's cap raised from M7 on."""
    file = open_file("rotherham-first-call")
    with open_ledger(file) as ledger:
        text = ledger.agreement_text_at(Period.M1).replace('"150000.00"', '"175000.00"')
        ledger.set_agreement(text.replace('draw_on = "agreement"', 'draw_on = "fund"'), Period.M7, REASON)
    return file


@pytest.fixture
def page(window: Window, wait: Callable[[], None], opening: Opener) -> Callable[..., AgreementPage]:
    """Opens a ledger and the versions of its agreement."""

    def show(where: Path, *, read_only: bool = False) -> AgreementPage:
        opening(where, read_only=read_only)
        window.go(Link(links.AGREEMENT, PartOf("versions")))
        wait()
        found = window.current
        assert isinstance(found, AgreementPage)
        return found

    return show


def dialog_of(page: AgreementPage, kind: type) -> object:
    """The dialog of a kind that is open."""
    return next(each for each in page.findChildren(kind) if each.isVisible())


def test_one_version_says_that_nothing_was_varied(
    page: Callable[..., AgreementPage], open_file: Callable[[str], Path]
) -> None:
    shown = page(open_file("rotherham-first-call")).versions
    assert shown.only_one.isVisible()
    assert not shown.compared.isVisible()
    assert shown.only_one.text().startswith("There is one version: nothing has been varied.")


def test_two_versions_are_listed_with_what_differs_and_who_is_awaited(
    page: Callable[..., AgreementPage], varied: Path, window: Window
) -> None:
    shown = page(varied)
    assert shown.in_force.text() == f"2016/17. Version 2 of 2, from M7, “{REASON}”, is in force at M12, March 2017."
    assert shown.provisional.isVisible()
    assert "awaits the assent of COUNCIL and CCG" in shown.provisional.heading.text()
    model = shown.versions.part.model
    rows = [[model.index(row, column).data() for column in (0, 1, 2, 3, 6, 7)] for row in range(2)]
    assert rows[0][:3] == ["1", "M1", "M1 to M6"]
    assert rows[1] == ["2", "M7", "M7 to M13", REASON, "None yet", "COUNCIL and CCG"]
    texts = shown.versions.list.texts()
    assert shown.versions.counted.text() == "2 differences."
    assert texts[0].splitlines()[0].endswith("changes in its place of the underspends it draws on.")
    assert texts[0].splitlines()[1].startswith("Before: Overspends of each scheme of the pooled funds")
    assert (
        texts[1].splitlines()[0]
        == "The cap of COUNCIL on clause 4.3: its limit changes from £150,000.00 to £175,000.00."
    )

    shown.versions.copy_button.click()
    assert QGuiApplication.clipboard().text().count("\n") >= 3

    went: list[Link] = []
    shown.go.disconnect()
    shown.go.connect(went.append)
    shown.versions.list.itemActivated.emit(shown.versions.list.item(0))
    shown.versions.list.itemActivated.emit(shown.versions.list.item(1))
    assert went == [
        Link(links.RISK_SHARE, ClauseOf("4.1")),
        Link(links.AGREEMENT, PartOf("caps", "COUNCIL")),
    ]
    shown.versions.sign_button.click()
    assert went[-1].page == links.SIGN_OFF
    assert window.session.writable


def test_a_version_compared_with_itself_and_backwards(
    page: Callable[..., AgreementPage], varied: Path, wait: Callable[[], None]
) -> None:
    shown = page(varied).versions
    shown.before.setCurrentIndex(1)
    wait()
    assert shown.counted.text() == "These two versions are the same in every part."
    assert not shown.list.isVisible()
    shown.after.setCurrentIndex(0)
    wait()
    assert "changes from £175,000.00 to £150,000.00" in shown.list.texts()[1]


def test_enter_on_a_version_shows_its_text_and_writes_it_to_a_file(
    page: Callable[..., AgreementPage],
    varied: Path,
    wait: Callable[[], None],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = page(varied)
    table = shown.versions.part.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    wait()
    dialog = dialog_of(shown, TextDialog)
    assert isinstance(dialog, TextDialog)
    assert '"150000.00"' in dialog.text.toPlainText()
    out = tmp_path / "first.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog.does.click()
    wait()
    with open_ledger(varied, read_only=True) as ledger:
        assert out.read_text(encoding="utf-8") == ledger.agreement_text_at(Period.M1)


def test_a_file_that_cannot_be_written_is_told(
    page: Callable[..., AgreementPage],
    varied: Path,
    wait: Callable[[], None],
    window: Window,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = page(varied)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path), ""))
    shown.versions.save_button.click()
    wait()
    assert window.error.isVisible()
    assert "The computer refused it" in window.error.body.text()


def test_a_new_version_is_read_first_and_then_put_in_force(
    page: Callable[..., AgreementPage],
    varied: Path,
    wait: Callable[[], None],
    qtbot: QtBot,
    tmp_path: Path,
    window: Window,
) -> None:
    shown = page(varied)
    file = tmp_path / "third.toml"
    with open_ledger(varied, read_only=True) as ledger:
        file.write_text(ledger.agreement_text_at(Period.M13).replace("500000.00", "650000.00"), encoding="utf-8")
    shown.versions.vary_button.click()
    dialog = dialog_of(shown, VaryDialog)
    assert isinstance(dialog, VaryDialog)
    assert not dialog.does.isEnabled()
    assert dialog.does.toolTip() == "Still needed: a file that changes something and a reason."
    qtbot.keyClicks(dialog.file, str(file))
    qtbot.keyClick(dialog.file, Qt.Key.Key_Tab)
    wait()
    dialog.start.setCurrentIndex(8)  # M9
    wait()
    assert dialog.list.texts() == [
        "The reserve “Risk pool” (RISKPOOL): its opening balance changes from £500,000.00 to £650,000.00."
    ]
    assert "1 difference from the version in force at M9. It is provisional until COUNCIL and CCG" in dialog.told.text()
    assert not dialog.does.isEnabled()
    qtbot.keyClicks(dialog.reason, "Risk pool raised")
    assert dialog.does.isEnabled()
    dialog.does.click()
    wait()
    assert not dialog.isVisible()
    assert window.statusBar().currentMessage() == "Version 3 of the agreement is in force from M9."
    assert shown.versions.part.model.rowCount() == 3
    assert "650,000.00" in shown.versions.list.texts()[0]
    with open_ledger(varied, read_only=True) as ledger:
        assert [version.reason for version in ledger.versions()][2] == "Risk pool raised"
        assert ledger.versions()[2].from_period is Period.M9


def test_a_file_that_says_the_same_puts_nothing_in_force(
    page: Callable[..., AgreementPage], varied: Path, wait: Callable[[], None], tmp_path: Path
) -> None:
    shown = page(varied)
    file = tmp_path / "same.toml"
    with open_ledger(varied, read_only=True) as ledger:
        file.write_text(ledger.agreement_text_at(Period.M1), encoding="utf-8")
    dialog = VaryDialog(shown.session, shown._content.states, shown, file=str(file))  # type: ignore[union-attr]
    dialog.open()
    wait()
    assert dialog.told.text() == (
        "The file says the same as the version in force at M1: there is nothing to put in force."
    )
    dialog.reason.setText("No reason")
    assert not dialog.does.isEnabled()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[agreement", "this is not TOML"),
        (b"\xff\xfe", "the text is not UTF-8; save it as UTF-8"),
        (None, "the file cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_agreement_is_told_in_the_dialog(
    page: Callable[..., AgreementPage],
    varied: Path,
    wait: Callable[[], None],
    tmp_path: Path,
    content: bytes | None,
    said: str,
) -> None:
    shown = page(varied)
    file = tmp_path / "wrong.toml"
    if content is not None:
        file.write_bytes(content)
    dialog = VaryDialog(shown.session, shown._content.states, shown, file=str(file))  # type: ignore[union-attr]
    dialog.open()
    wait()
    assert dialog.problem.isVisible()
    assert said in dialog.problem.body.text()
    assert dialog.file.text() == str(file)


def test_what_the_ledger_refuses_is_told_and_nothing_typed_is_lost(
    page: Callable[..., AgreementPage], varied: Path, wait: Callable[[], None], tmp_path: Path
) -> None:
    shown = page(varied)
    file = tmp_path / "dropped.toml"
    with open_ledger(varied, read_only=True) as ledger:
        text = ledger.agreement_text_at(Period.M1)
    head, _, tail = text.partition('[[scheme]]\ncode = "DFG"')
    file.write_text(head + tail.partition("\n\n")[2], encoding="utf-8")
    dialog = VaryDialog(shown.session, shown._content.states, shown, file=str(file))  # type: ignore[union-attr]
    dialog.open()
    wait()
    dialog.reason.setText("DFG leaves")
    dialog.does.click()
    wait()
    assert dialog.isVisible()
    assert "the scheme DFG has lines in the ledger; it cannot be dropped" in dialog.problem.body.text()
    assert dialog.reason.text() == "DFG leaves"
    assert dialog.does.isEnabled()


def test_a_ledger_that_is_only_read_says_why_nothing_is_put_in_force(
    page: Callable[..., AgreementPage], varied: Path
) -> None:
    shown = page(varied, read_only=True)
    assert not shown.versions.vary_button.isEnabled()
    assert "opened to be read" in shown.versions.vary_button.toolTip()
    assert shown.versions.view_button.isEnabled()


def test_with_every_period_closed_there_is_none_to_stand_from(page: Callable[..., AgreementPage], varied: Path) -> None:
    from dataclasses import replace

    from ledgers import State

    shown = page(varied)
    content = shown._content
    assert content is not None
    held = tuple(replace(state, state=State.HELD) for state in content.states)
    dialog = VaryDialog(shown.session, held, shown)
    assert "Every period is closed" in dialog.told.text()
    assert not dialog.does.isEnabled()


def test_every_dialog_can_be_opened_to_be_looked_at(page: Callable[..., AgreementPage], varied: Path) -> None:
    made = [make() for make in page(varied).dialogs()]
    assert [type(each) for each in made] == [VaryDialog, TextDialog]
    for each in made:
        each.show()
        assert each.isVisible()
        each.close()
