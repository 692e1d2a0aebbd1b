"""The Sign-off page: the timeline, what keeps a period from being signed, the figures, and each dialog on a period."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ledgers import NewLine, State, create_ledger, open_ledger
from ledgers.disputes import disputes
from rules.agreement import Kind
from rules.periods import Period
from settlement.service import settle_ledger
from ui import links
from ui.links import Figure, Lines, Link, PeriodOf
from ui.pages.sign_off.page import DISPUTES, SignOffPage
from ui.pages.sign_off.period_dialogs import HoldDialog, ReasonDialog
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener
from .signing import barnet, dialog, in_this_process, settle, signed

__all__ = ["in_this_process"]

Shower = Callable[..., SignOffPage]


@pytest.fixture
def settled(qtbot: QtBot, window: Window) -> Callable[[], None]:
    """Waits until nothing is under way, nor about to be."""
    return lambda: settle(qtbot, window)


pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture
def show(window: Window, opening: Opener, settled: Callable[[], None]) -> Shower:
    """Opens a ledger at a period of the Sign-off page, with its checks made."""

    def open_it(file: Path, period: Period, *, read_only: bool = False) -> SignOffPage:
        opening(file, read_only=read_only)
        window.go(Link(links.SIGN_OFF, PeriodOf(period)))
        settled()
        page = window.current
        assert isinstance(page, SignOffPage)
        return page

    return open_it


def told(page: SignOffPage) -> list[str]:
    model = page.timeline.model()
    return [str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]


def followed(page: SignOffPage, window: Window) -> list[Link]:
    """The links that are followed from now on, in place of the pages they lead to."""
    found: list[Link] = []
    page.go.disconnect(window.go)
    page.go.connect(found.append)
    return found


def states(file: Path) -> dict[Period, State]:
    with open_ledger(file, read_only=True) as ledger:
        return {each.period: each.state for each in ledger.periods()}


def test_the_timeline_says_each_periods_state_who_signed_and_who_is_awaited(show: Shower, tmp_path: Path) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3)
    signed(file, Period.M6, "LBB")
    page = show(file, Period.M6)
    assert told(page)[0] == "M1, April 2014: Signed with M3, note 1"
    assert told(page)[2] == "M3, June 2014: Signed, note 1; signed for LBB and BCCG"
    assert told(page)[3] == "M4, July 2014: Put up for signature with M6, note 2: awaits BCCG"
    assert told(page)[5] == "M6, September 2014: Put up for signature, note 2: awaits BCCG; signed for LBB"
    assert told(page)[6] == "M7, October 2014: Open"
    assert told(page)[12] == "M13, year-end adjustments: Open"
    assert page.timeline.currentIndex().row() == 5
    lines = page.details.signatures.text().splitlines()
    assert lines[0].startswith("Note 2 of M6, sealed on ")
    assert lines[0].endswith(", prepared by Fund Manager.")
    assert lines[1].startswith("✓ London Borough of Barnet (LBB): Council finance lead, Chief Finance Officer, on ")
    assert lines[2] == "○ NHS Barnet Clinical Commissioning Group (BCCG): awaited."
    page.details.copy_digest.click()
    assert QApplication.clipboard().text() == lines[3].removeprefix("Digest: ")


def test_down_the_timeline_chooses_the_period_of_the_whole_window(
    show: Shower, window: Window, qtbot: QtBot, settled: Callable[[], None], tmp_path: Path
) -> None:
    page = show(barnet(tmp_path), Period.M3)
    page.timeline.setFocus()
    qtbot.keyClick(page.timeline, Qt.Key.Key_Down)
    qtbot.keyClick(page.timeline, Qt.Key.Key_Down)
    settled()
    assert window.session.period is Period.M5
    assert page.details.heading.text() == "M5, August 2014"
    assert page.place() == (0, 5)
    window.go(Link(links.SETTLEMENT))
    window.session.choose(Period.M12, outturn=False)
    window.go_back()
    settled()
    assert page.details.heading.text() == "M5, August 2014"


def test_the_figures_that_are_signed_are_those_of_the_settlement_and_open(
    show: Shower, window: Window, tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    page = show(file, Period.M12)
    with open_ledger(file, read_only=True) as ledger:
        settlement = settle_ledger(ledger, Period.M12)
    model = page.details.dues
    shown = [model.index(row, 1).data(PENCE) for row in range(model.rowCount())]
    assert shown == [row.net_due_pence for row in settlement.rows]
    assert "£625,137.44" in page.details.transfers.text()
    links_followed = followed(page, window)
    page.details.table.activated.emit(model.index(1, 1))
    assert links_followed == [Link(links.SETTLEMENT, Figure(settlement.rows[1].partner))]


def test_what_was_settled_before_and_the_movement_stand_beside(show: Shower, tmp_path: Path) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M12)
    with open_ledger(file) as ledger:
        ledger.post([NewLine(Period.M13, "CORE-L1", "BCCG", Kind.ACTUAL, 100_000)])
    page = show(file, Period.M13)
    model = page.details.dues
    for row in range(model.rowCount()):
        now, before, movement = (model.index(row, column).data(PENCE) for column in (1, 3, 4))
        assert movement == now - before
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Settled at M12"
    assert any(model.index(row, 4).data(PENCE) for row in range(model.rowCount()))


def test_hold_says_which_periods_are_closed_with_it_and_holds_them(
    show: Shower, qtbot: QtBot, settled: Callable[[], None], tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    page = show(file, Period.M3)
    assert page.details.buttons["hold"].isEnabled()
    assert not page.details.buttons["sign"].isEnabled()
    assert page.details.buttons["sign"].toolTip() == (
        "M3 is open: hold it first, so that what is signed stays as it is."
    )
    assert page.details.next.text() == "Next: hold it, once everything is posted. M1 to M3 are held together."
    qtbot.mouseClick(page.details.buttons["hold"], Qt.MouseButton.LeftButton)
    hold = dialog(page, HoldDialog)
    assert hold.told.text() == (
        "M1 to M3 will be held: the year to date at M3 is of the periods before it too, so M1 to M2 are held with it."
    )
    qtbot.keyClick(hold, Qt.Key.Key_Return)
    settled()
    assert page.findChildren(HoldDialog) == []
    assert told(page)[2] == "M3, June 2014: Held"
    assert states(file)[Period.M2] is State.HELD
    assert page.details.next.text() == "Next: sign it. The first signature puts it up as note 1."


def test_reopening_asks_for_a_reason_and_opens_what_is_held_after_it(
    show: Shower, qtbot: QtBot, settled: Callable[[], None], tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M6)
    page = show(file, Period.M4)
    qtbot.mouseClick(page.details.buttons["reopen"], Qt.MouseButton.LeftButton)
    asked = dialog(page, ReasonDialog)
    assert asked.told.text().startswith("M4 to M6 will take lines again: ")
    qtbot.mouseClick(asked.does, Qt.MouseButton.LeftButton)
    assert asked.problem.heading.text() == "Write a reason: it stays on record."
    qtbot.keyClicks(asked.reason, "An accrual was missed")
    qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    settled()
    assert states(file)[Period.M3] is State.HELD
    assert states(file)[Period.M4] is State.OPEN
    assert states(file)[Period.M6] is State.OPEN


def test_withdrawing_gives_the_note_up(show: Shower, qtbot: QtBot, settled: Callable[[], None], tmp_path: Path) -> None:
    file = barnet(tmp_path)
    signed(file, Period.M3, "LBB")
    page = show(file, Period.M3)
    assert not page.details.buttons["reopen"].isEnabled()
    assert "withdraw the note first" in page.details.buttons["reopen"].toolTip()
    qtbot.mouseClick(page.details.buttons["withdraw"], Qt.MouseButton.LeftButton)
    asked = dialog(page, ReasonDialog)
    assert "The signature of LBB is given up with it" in asked.told.text()
    qtbot.keyClicks(asked.reason, "A wrong accrual")
    qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    settled()
    assert told(page)[2] == "M3, June 2014: Held"
    assert page.details.buttons["reopen"].isEnabled()
    assert not page.details.buttons["withdraw"].isEnabled()


def test_what_a_check_finds_is_a_sentence_with_a_way_to_where_it_is_mended(
    show: Shower, window: Window, tmp_path: Path, without_clause: Callable[[str, str], Path]
) -> None:
    folder = without_clause("rotherham-first-call", "4.4")
    file = tmp_path / "found.s75"
    text = (folder / "agreement.toml").read_text(encoding="utf-8")
    control = '\n[[control]]\nperiod = "M12"\nkind = "budget"\nscheme = "EQUIPMENT"\namount = "1.00"\n'
    with create_ledger(file, text + control) as ledger:
        ledger.import_file(folder / "lines.csv")
        ledger.hold(Period.M2)
        ledger.import_file(_late_csv(tmp_path, "M1,EQUIPMENT,CCG,payment"))
    page = show(file, Period.M12)
    assert page.details.checking.text().startswith("✗ ")
    found = page.details.checks.sentences
    assert any(
        each.startswith("Control total: the budget of scheme EQUIPMENT to M12 should be £1.00") for each in found
    )
    assert any(each.startswith("Unallocated: no clause deals with ") for each in found)
    assert any(each.startswith("Late line: ") for each in found)
    links_followed = followed(page, window)
    for button in page.details.checks.findChildren(QPushButton):
        assert button.accessibleName().startswith(button.text())
        button.click()
    control_link = next(
        link for link in links_followed if isinstance(link.target, Lines) and link.target.kind is Kind.BUDGET
    )
    assert (control_link.page, control_link.target.scheme, control_link.target.upto) == (  # type: ignore[union-attr]
        links.LEDGER,
        "EQUIPMENT",
        Period.M12,
    )
    assert links.RISK_SHARE in {link.page for link in links_followed}
    assert any(isinstance(link.target, Lines) and link.target.late for link in links_followed)
    assert any("is left with the Host Partner" in each for each in page.details.decisions.sentences)


def _late_csv(folder: Path, line: str = "M1,CORE-L1,BCCG,payment") -> Path:
    path = folder / "late.csv"
    path.write_text(f"period,scheme,partner,kind,amount\n{line},50.00\n", encoding="utf-8")
    return path


def test_late_lines_of_a_held_period_are_told_with_a_way_to_them(show: Shower, window: Window, tmp_path: Path) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M2)
        ledger.import_file(_late_csv(tmp_path))
        ledger.hold(Period.M3)
    page = show(file, Period.M3)
    assert page.details.checking.text() == "✓ Every check passes."
    assert page.details.late.sentences == [
        "1 late line, £50.00 in all, counts in M3: it belongs to a period that was closed before it came, M1."
    ]
    links_followed = followed(page, window)
    page.details.late.findChildren(QPushButton)[0].click()
    target = links_followed[0].target
    assert isinstance(target, Lines)
    assert (target.late, target.period) == (True, Period.M3)


def test_a_dispute_is_raised_carried_and_resolved_at_the_page(
    show: Shower, window: Window, qtbot: QtBot, settled: Callable[[], None], tmp_path: Path
) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M12)
    page = show(file, Period.M12)
    page.tabs.setCurrentIndex(DISPUTES)
    assert page.disputes.nothing.text() == "Nothing is in dispute."
    page.disputes.raise_button.click()
    from ui.pages.sign_off.dispute_dialogs import DisputeDialog

    asked = dialog(page, DisputeDialog)
    asked.act()
    assert asked.problem.heading.text() == "Write the number of the line, as the Ledger page shows it."
    qtbot.keyClicks(asked.line, "999")
    asked.act()
    assert asked.problem.heading.text() == "Write why it is disputed: it stays on record, and stands on statements."
    qtbot.keyClicks(asked.reason, "The placement ended in May")
    qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    settled()
    assert asked.problem.body.text() == "The ledger has no line 999"
    assert asked.reason.text() == "The placement ended in May"
    asked.line.setText("4")
    qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    settled()
    assert page.findChildren(DisputeDialog) == []
    assert page.tabs.tabText(DISPUTES) == "Disp&utes (1)"
    assert page.details.decisions.sentences == [
        "Dispute 1: LBB disputes line 4 from M12 on: The placement ended in May"
    ]
    assert page.details.undecided.text() == "✗ One thing is to be decided before M12 can be signed."
    links_followed = followed(page, window)
    page.disputes.table.activated.emit(page.disputes.model.index(0, 0))
    assert links_followed[0].target == Lines(ids=(4,), why="LBB disputes line 4: The placement ended in May")
    page.disputes.carry_button.click()
    carry = dialog(page, ReasonDialog)
    qtbot.keyClicks(carry.reason, "The adjudicator is asked")
    qtbot.keyClick(carry.reason, Qt.Key.Key_Return)
    settled()
    assert page.details.undecided.text().startswith("✓ Nothing: ")
    page.disputes.resolve_button.click()
    resolve = dialog(page, ReasonDialog)
    qtbot.keyClicks(resolve.reason, "Agreed with the provider")
    qtbot.keyClick(resolve.reason, Qt.Key.Key_Return)
    settled()
    with open_ledger(file, read_only=True) as ledger:
        assert [each.outcome for each in disputes(ledger)] == ["resolved"]
    assert not page.disputes.resolve_button.isEnabled()
    assert page.disputes.resolve_button.toolTip() == "It is resolved."


def test_a_read_only_ledger_says_why_nothing_can_be_done(show: Shower, tmp_path: Path) -> None:
    file = barnet(tmp_path)
    with open_ledger(file) as ledger:
        ledger.hold(Period.M3)
    page = show(file, Period.M3, read_only=True)
    why = "This ledger was opened to be read: nothing in it can be changed here."
    for name in ("hold", "reopen", "sign", "withdraw", "bring", "export"):
        assert not page.details.buttons[name].isEnabled()
        assert page.details.buttons[name].toolTip() == why
    assert page.details.buttons["sign-folder"].isEnabled()
    assert page.details.next.text() == f"Nothing can be held or signed here. {why}"
    assert not page.disputes.raise_button.isEnabled()
    assert page.keys.new_button.isEnabled()


def test_a_folder_has_no_sign_off_and_says_what_to_do(show: Shower) -> None:
    page = show(GOLDEN / "barnet-2014-15-pooled", Period.M12)
    assert page.details.next.text() == (
        "A ledger in a folder has no sign-off: make a new ledger of it, and import its lines there."
    )
    assert all("Open" in each for each in told(page))


def test_a_period_that_cannot_be_settled_says_why_and_shows_no_figures(show: Shower, tmp_path: Path) -> None:
    case = tmp_path / "ccg"
    shutil.copytree(GOLDEN / "ccg-to-icb-2022-23", case)
    file = tmp_path / "ccg.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
    page = show(file, Period.M12)
    names = {label.text() for label in page.details.findChildren(QLabel)}
    assert any("year to date at M12" in name for name in names)
    assert page.details.table.isVisible()


def test_every_dialog_of_the_page_opens_with_a_title_and_named_controls(show: Shower, tmp_path: Path) -> None:
    page = show(barnet(tmp_path), Period.M3)
    titles = []
    for make in page.dialogs():
        made = make()
        made.show()
        titles.append(made.windowTitle())
        made.close()
        made.deleteLater()
    assert len(titles) == len(set(titles)) == 14
