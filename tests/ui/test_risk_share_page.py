"""The Risk share page of what is in force: each clause as a card, what it does, and what nobody can miss."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ledgers import create_ledger, open_ledger
from rules.agreement import On
from rules.periods import Period
from rules.wording import sentence
from settlement import result_of, settle_ledger
from ui import links
from ui.app import application
from ui.links import Link
from ui.pages.risk_share.page import RiskSharePage
from ui.pages.risk_share.views import Card, CardKind
from ui.preferences import Theme
from ui.session import Session
from ui.tables import PENCE
from ui.theme import dress
from ui.window import Window

from .conftest import GOLDEN, Opener
from .looking import cut_off, faint, mnemonics, nameless, unreached

CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


_OF_NO_PARTNER = {"Dealt with", "From underspends"}


@pytest.fixture
def page(window: Window, opening: Opener, wait: Callable[[], None], qtbot: QtBot) -> Callable[..., RiskSharePage]:
    """Opens a ledger and goes to its Risk share page."""

    def open_page(where: Path | str, *, read_only: bool = False) -> RiskSharePage:
        window.activateWindow()
        qtbot.waitUntil(lambda: application().activeWindow() is not None)
        opening(where, read_only=read_only)
        window.go(Link(links.RISK_SHARE))
        wait()
        shown = window.current
        assert isinstance(shown, RiskSharePage)
        return shown

    return open_page


def card(page: RiskSharePage, number: str) -> Card:
    (found,) = [frame.card for frame in page.stack.frames if frame.card.number == number]
    return found


def told(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


@pytest.mark.parametrize("name", CASES)
def test_the_cards_are_the_schedule_and_their_figures_those_of_the_settlement(
    name: str, session: Session, qtbot: QtBot
) -> None:
    """Of each reading, held against the result as `s75 settle --json` prints it."""
    shown = RiskSharePage(session)
    qtbot.addWidget(shown)
    session.open(str(GOLDEN / name), read_only=True)
    qtbot.waitUntil(lambda: session.opened is not None and not session.busy)
    shown.show()
    for outturn in (False, True):
        session.choose(Period.M12, outturn=outturn)
        qtbot.waitUntil(lambda: not session.busy and not shown.stack.is_filling)
        with open_ledger(GOLDEN / name, read_only=True) as ledger:
            agreement = ledger.agreement_at(Period.M12)
            result = result_of(settle_ledger(ledger, Period.M12, outturn=outturn))
        clauses = [frame.card for frame in shown.stack.frames if frame.card.kind is CardKind.CLAUSE]
        assert [each.number for each in clauses] == [clause.id for clause in agreement.clauses]
        assert [each.says for each in clauses] == [sentence(clause, agreement) for clause in agreement.clauses]
        assert shown.stack.frames[-1].card.kind is CardKind.UNALLOCATED
        assert figures_shown(shown) == shares_of(result)
        due = [shown.payers.index(row, 1).data(PENCE) for row in range(shown.payers.rowCount())]
        assert due == [row["net_due"] for row in result["partners"].values()]
        assert shown.notices.unallocated.isHidden() is not bool(result["unallocated"])
    shown.hide()


def figures_shown(page: RiskSharePage) -> dict[tuple[str, str], int]:
    """What each partner has under each clause, read off the cards."""
    found = {}
    for frame in page.stack.frames:
        if frame.card.kind is CardKind.CLAUSE:
            for link in frame.links:
                if link.pence and link.shown.label not in _OF_NO_PARTNER and "“" not in link.shown.label:
                    found[frame.card.number, link.shown.label] = link.pence
    return found


def shares_of(result: dict[str, Any]) -> dict[tuple[str, str], int]:
    """What each partner has under each clause, by the result."""
    found: dict[tuple[str, str], int] = {}
    for subject in result["subjects"]:
        for part in subject["parts"]:
            for code, pence in (part["partners"] or {}).items():
                if pence and part["clause"] != "excluded":
                    found[part["clause"], code] = found.get((part["clause"], code), 0) + pence
    return found


def test_a_clause_that_does_nothing_says_so_in_words(
    page: Callable[..., RiskSharePage], window: Window, wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    last = "Does nothing at M12: the clauses before it deal with every underspend in its scope."
    assert card(shown, "4.5").does == last
    assert card(shown, "4.3").does.endswith("The caps of CCG and COUNCIL hold.")
    window.session.choose(Period.M1, outturn=False)
    wait()
    assert card(shown, "4.2").does.startswith("Does nothing at M1: there is no overspend in its scope.")


def test_what_is_unallocated_stands_in_a_banner_and_on_the_last_card(
    page: Callable[..., RiskSharePage], without_clause: Callable[[str, str], Path]
) -> None:
    shown = page(without_clause("rotherham-first-call", "4.4"))
    banner = told(shown.notices.unallocated)
    assert "Unallocated: £463,678.99" in banner
    assert "of the overspend of Reablement" in banner
    assert "Add a clause for it, or widen one: until then the period cannot be signed." in banner
    last = shown.stack.frames[-1]
    assert last.card.title == "Unallocated: £463,678.99"
    assert sum(link.pence for link in last.links) == 463_678_99
    assert last.accessibleName() == "Unallocated: £463,678.99"


def test_performance_pay_and_succession_have_cards_too(
    page: Callable[..., RiskSharePage], window: Window, wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "payment-for-performance")
    nea = card(shown, "NEA")
    assert nea.does == "Holds £1,490,000.00, of which £752,450.00 is released."
    assert [each.pence for each in nea.figures] == [149_000_000, 75_245_000, 73_755_000]
    window.open_ledger(str(GOLDEN / "ccg-to-icb-2022-23"))
    wait()
    window.go(Link(links.RISK_SHARE))
    wait()
    (succession,) = [frame.card for frame in shown.stack.frames if frame.card.kind is CardKind.SUCCESSION]
    assert "stands in the place of NHS North CCG (CCG-N) and NHS South CCG (CCG-S)" in succession.says


def test_arrows_lead_from_card_to_card_and_enter_opens_where_the_amount_comes_from(
    page: Callable[..., RiskSharePage], qtbot: QtBot
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    followed: list[Link] = []
    shown.go.connect(followed.append)
    frames = shown.stack.frames
    frames[0].setFocus()
    at = 0
    for key, to in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_End, 5), (Qt.Key.Key_Down, 5), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(frames[at], key)
        qtbot.waitUntil(frames[to].hasFocus)
        at = to
    qtbot.keyClick(frames[0], Qt.Key.Key_Down)
    qtbot.keyClick(frames[1], Qt.Key.Key_Down)
    qtbot.waitUntil(frames[2].hasFocus)
    qtbot.keyClick(frames[2], Qt.Key.Key_Return)
    assert followed == [Link(links.SETTLEMENT, links.Subject("INTERMEDIATE", On.OVERSPEND))]


def test_a_figure_opens_the_settlement_page_by_keyboard_and_by_mouse_and_the_way_back_is_kept(
    page: Callable[..., RiskSharePage], window: Window, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    shown.stack.choose("4.3", focus=True)
    frame = shown.stack.frames[2]
    qtbot.waitUntil(frame.hasFocus)
    qtbot.keyClick(frame, Qt.Key.Key_Tab)
    assert frame.links[0].hasFocus()
    assert frame.links[1].accessibleName() == "COUNCIL: £150,000.00"
    qtbot.mouseClick(frame.links[1], Qt.MouseButton.LeftButton)
    wait()
    assert window.current.key == links.SETTLEMENT
    window.go_back()
    wait()
    assert window.current is shown
    assert shown.stack.chosen_key == "4.3"


def test_a_link_chooses_its_clause(
    page: Callable[..., RiskSharePage], window: Window, wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    window.go(Link(links.OVERVIEW))
    window.go(Link(links.RISK_SHARE, links.ClauseOf("4.4")))
    wait()
    assert shown.stack.chosen_key == "4.4"
    assert shown.detail.heading.text().startswith("4.4: ")
    assert window.here.target == shown.place()


def test_the_amounts_of_a_clause_are_listed_with_their_working_and_open(
    page: Callable[..., RiskSharePage], qtbot: QtBot
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    shown.stack.choose("4.3")
    model = shown.detail.model
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "Overspend of Intermediate care beds",
        "Overspend of Reablement",
    ]
    assert [model.index(0, column).data(PENCE) for column in (2, 3, 4)] == [211_199_50, 29_199_50, 182_000_00]
    assert "CCG's cap of £182,000.00" in shown.detail.working.toPlainText()
    assert "Under clause 4.3, CCG bears at most 2%" in shown.detail.caps.text()
    followed: list[Link] = []
    shown.go.connect(followed.append)
    shown.detail.table.setFocus()
    qtbot.keyClick(shown.detail.table, Qt.Key.Key_Down)
    qtbot.keyClick(shown.detail.table, Qt.Key.Key_Return)
    assert followed == [Link(links.SETTLEMENT, links.Subject("REABLEMENT", On.OVERSPEND))]


def test_what_a_partner_pays_opens_too(page: Callable[..., RiskSharePage], qtbot: QtBot) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    followed: list[Link] = []
    shown.go.connect(followed.append)
    shown.payers_table.setCurrentIndex(shown.payers.index(1, 0))
    qtbot.keyClick(shown.payers_table, Qt.Key.Key_Return)
    assert followed == [Link(links.SETTLEMENT, links.Figure("CCG"))]


def test_an_agreement_without_clauses_says_what_that_means_and_offers_the_first(
    page: Callable[..., RiskSharePage], tmp_path: Path, wait: Callable[[], None]
) -> None:
    case = GOLDEN / "telford-2019-20"
    text = (case / "agreement.toml").read_text(encoding="utf-8").partition("[[clause]]")[0]
    file = tmp_path / "empty.s75"
    with create_ledger(file, text) as ledger:
        ledger.import_file(case / "lines.csv")
    shown = page(file)
    assert shown.nothing.isVisible()
    assert "whatever arises stays with the Host Partner" in shown.nothing.sentence.text()
    assert shown.notices.subtitle.text().startswith("The schedule in force, without a clause")
    assert "No clause says who has an overspend of Better Care Fund" in "\n".join(shown.stack.frames[-1].card.facts)
    dialog = shown.deeds.add()
    assert dialog is not None
    dialog.shapes.setCurrentRow(1)  # type: ignore[attr-defined]  # fixed shares
    dialog.act()  # type: ignore[attr-defined]
    wait()
    assert not shown.nothing.isVisible()
    assert shown.notices.unallocated.isHidden()
    assert [each.title for each in shown.stack.clauses] == [
        "Overspends: in fixed shares",
        "Underspends: in fixed shares",
    ]


def test_an_agreement_that_cannot_be_applied_says_why_and_shows_its_cards_without_figures(
    page: Callable[..., RiskSharePage], tmp_path: Path
) -> None:
    case = GOLDEN / "telford-2019-20"
    text = (case / "agreement.toml").read_text(encoding="utf-8").replace('COUNCIL = "50", CCG = "50"', 'CCG = "0"')
    file = tmp_path / "nought.s75"
    with create_ledger(file, text) as ledger:
        ledger.import_file(case / "lines.csv")
    shown = page(file)
    assert "The agreement could not be applied to the ledger" in told(shown.notices.wrong)
    assert "Clause RS1: No partner has a weight above zero" in told(shown.notices.wrong)
    assert shown.stack.frames[0].card.problems[0].startswith("No partner has a weight above zero")
    assert shown.stack.frames[0].card.does == "It has no figures until what is wrong is put right."
    assert shown.payers_table.isHidden()


def test_of_many_unallocated_amounts_the_banner_tells_three_and_the_card_all(
    page: Callable[..., RiskSharePage], tmp_path: Path
) -> None:
    case = GOLDEN / "rotherham-first-call"
    text = (case / "agreement.toml").read_text(encoding="utf-8").partition("[[clause]]")[0]
    file = tmp_path / "none.s75"
    with create_ledger(file, text) as ledger:
        ledger.import_file(case / "lines.csv")
    shown = page(file)
    assert "And 1 more amount: the last card has all of them." in told(shown.notices.unallocated)
    assert len(shown.stack.frames[-1].links) == 4


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_everything_is_named_reached_and_legible(
    theme: Theme, page: Callable[..., RiskSharePage], wait: Callable[[], None], qtbot: QtBot
) -> None:
    dress(application(), theme)
    try:
        shown = page(GOLDEN / "rotherham-first-call")
        window = shown.window()
        for begins in (False, True):
            if begins:
                shown.commands.change.click()
                wait()
                shown.stack.choose("3")
            qtbot.wait(100)
            assert nameless(shown) == []
            assert mnemonics(window) == []
            qtbot.waitUntil(lambda: cut_off(shown) == [])
            assert faint(shown) == []
        assert unreached(shown) == []
    finally:
        dress(application(), Theme.LIGHT)


def test_the_detail_goes_below_the_cards_where_there_is_no_room_beside(
    page: Callable[..., RiskSharePage], qtbot: QtBot
) -> None:
    dress(application(), Theme.LIGHT, 200)
    try:
        shown = page(GOLDEN / "rotherham-first-call")
        shown.window().resize(1000, 700)
        qtbot.waitUntil(lambda: shown.body.orientation() is Qt.Orientation.Vertical)
        qtbot.waitUntil(lambda: cut_off(shown) == [])
    finally:
        dress(application(), Theme.LIGHT)
    shown.window().resize(1400, 800)
    qtbot.waitUntil(lambda: shown.body.orientation() is Qt.Orientation.Horizontal)


def test_the_menu_of_a_card_has_what_can_be_done_with_its_clause(
    page: Callable[..., RiskSharePage], wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "rotherham-first-call")
    shown.commands.change.click()
    wait()
    shown.stack.choose("1")
    menu = shown.commands.clause_menu()
    can = {action.text().replace("&", ""): action.isEnabled() for action in menu.actions()}
    assert can == {
        "Move up": False,
        "Move down": True,
        "Duplicate": True,
        "Disable": True,
        "Delete": True,
        "Add a clause…": True,
    }
    menu.actions()[4].trigger()
    wait()
    assert [each.number for each in shown.stack.clauses] == ["4.2", "4.3", "4.4", "4.5"]
    menu.close()
