"""The Agreement page: every part of the version in force, what leads where, and what each state of a ledger shows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from ledgers import NewLine, open_ledger
from rules.agreement import Kind
from rules.periods import Period
from settlement.contributions import Reading
from ui import links
from ui.links import ClauseOf, Lines, Link, PartOf
from ui.pages.agreement.page import AgreementPage
from ui.pages.agreement.parts import TablePart
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener

ROTHERHAM = GOLDEN / "rotherham-first-call"


@pytest.fixture
def page(window: Window, wait: Callable[[], None], opening: Opener) -> Callable[..., AgreementPage]:
    """Opens a ledger and the page, at a part of the agreement."""

    def show(where: Path, part: str = "", code: str = "") -> AgreementPage:
        opening(where)
        window.go(Link(links.AGREEMENT, PartOf(part, code) if part else None))
        wait()
        found = window.current
        assert isinstance(found, AgreementPage)
        return found

    return show


def cells(part: TablePart) -> list[list[str]]:
    """What a table shows."""
    model = part.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def test_the_version_in_force_and_its_partners_funds_and_schemes(page: Callable[..., AgreementPage]) -> None:
    shown = page(ROTHERHAM)
    assert shown.heading.text() == "Rotherham Better Care Fund: ordered first calls, then capped shares"
    assert shown.in_force.text() == "2016/17. The agreement as first agreed is in force at M12, March 2017."
    assert cells(shown.partners)[1][:4] == ["CCG", "NHS Rotherham CCG", "Clinical Commissioning Group", "–"]
    assert cells(shown.funds)[0] == [
        "POOL1",
        "Pooled fund 1, hosted by the CCG",
        "Pooled Fund",
        "NHS Rotherham CCG (CCG)",
        "Each scheme by itself",
        "2",
    ]
    disabled = cells(shown.schemes)[4]
    assert disabled[0] == "DFG"
    assert disabled[-2:] == ["capital", "Excluded"]
    beyond = "anything beyond that is left to the clauses that follow."
    assert shown.caps.texts() == [
        f"Under clause 4.3, COUNCIL bears at most £150,000.00 a year; {beyond}",
        f"Under clause 4.3, CCG bears at most 2% of its contribution to pooled funds a year; {beyond}",
    ]
    assert cells(shown.reserves) == [["RISKPOOL", "Risk pool", "Pooled fund 1, hosted by the CCG", "£500,000.00"]]
    assert shown.bases.nothing.isVisibleTo(shown.bases)
    assert shown.no_performance.isVisibleTo(shown.tabs.widget(5))


def test_every_tab_is_reached_by_its_letter(page: Callable[..., AgreementPage], window: Window, qtbot: QtBot) -> None:
    shown = page(ROTHERHAM)
    assert isinstance(shown.first_focus(), QTabBar)
    for letter, title in (
        ("U", "F&unds"),
        ("S", "&Schemes"),
        ("N", "Co&ntributions"),
        ("B", "&Bases and reserves"),
        ("M", "Caps and perfor&mance"),
        ("O", "C&ontrol totals"),
        ("I", "Vers&ions"),
        ("A", "P&artners"),
    ):
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{letter}"), Qt.KeyboardModifier.AltModifier)
        assert shown.tabs.tabText(shown.tabs.currentIndex()) == title


def test_succession_is_said_and_the_period_decides_who_is_in_being(
    page: Callable[..., AgreementPage], window: Window, wait: Callable[[], None]
) -> None:
    shown = page(GOLDEN / "ccg-to-icb-2022-23")
    two = "NHS North CCG (CCG-N) and NHS South CCG (CCG-S)"
    assert shown.succession.texts() == [
        f"From 1 July 2022 NHS Integrated Care Board (ICB) stands in the place of {two}."
    ]
    assert [row[5] for row in cells(shown.partners)] == ["Yes", "Succeeded by ICB", "Succeeded by ICB", "Yes"]
    window.session.choose(Period.M3, outturn=False)
    wait()
    assert [row[5] for row in cells(shown.partners)] == ["Yes", "Yes", "Yes", "Not yet"]


# a menu pops up, and the platform without a screen says what it cannot do for one
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_contributions_as_agreed_moved_and_varied_add_up_and_open_their_lines(
    page: Callable[..., AgreementPage], open_file: Callable[[str], Path], qtbot: QtBot
) -> None:
    file = open_file("rotherham-first-call")  # which moves £50,000 by itself
    with open_ledger(file) as ledger:
        ledger.virement(
            Period.M12, 100_00, giver=("REABLEMENT", "COUNCIL"), taker=("EQUIPMENT", "COUNCIL"), reference="V1"
        )
    shown = page(file, "contributions")
    tab = shown.contributions

    def pence(row: int, column: int) -> int:
        return int(tab.part.model.index(row, column).data(PENCE))

    def read(reading: Reading) -> list[int]:
        tab.reading.setCurrentIndex(list(Reading).index(reading))
        return [pence(0, 1), pence(1, 1), pence(5, 1), pence(5, 3)]

    first, moved, varied = read(Reading.FIRST_AGREED), read(Reading.VIREMENTS), read(Reading.AS_VARIED)
    assert moved == [-100_00, 50_100_00, 0, 0]
    assert [one + other for one, other in zip(first, moved, strict=True)] == varied
    with open_ledger(file, read_only=True) as ledger:
        budget = [line.amount_pence for line in ledger.lines(kind=Kind.BUDGET)]
    assert first[3] == sum(budget)

    went: list[Link] = []
    shown.go.disconnect()
    shown.go.connect(went.append)
    at: QModelIndex = tab.part.model.index(2, 2)
    tab.part.table.setFocus()
    tab.part.table.setCurrentIndex(at)
    qtbot.keyClick(tab.part.table, Qt.Key.Key_Return)
    target = went[0].target
    assert isinstance(target, Lines)
    assert (went[0].page, target.scheme, target.partner, target.kind) == ("ledger", "INTERMEDIATE", "CCG", Kind.BUDGET)

    # what was varied is two sums: the person says which
    tab.part.table.setCurrentIndex(tab.part.model.index(1, 1))
    qtbot.keyClick(tab.part.table, Qt.Key.Key_Return)
    assert [action.text() for action in tab.menu.actions()] == [
        f"Contributions as first agreed: {tab_text(first[1])} in the year",
        "Virements: £50,100.00 in the year",
    ]
    tab.menu.actions()[1].trigger()
    tab.menu.close()
    moved_to = went[1].target
    assert isinstance(moved_to, Lines)
    assert moved_to.kind is Kind.VIREMENT


def tab_text(pence: int) -> str:
    """As the menu says an amount."""
    from rules.money import pounds

    return pounds(pence)


def test_a_successors_contributions_open_its_predecessors_lines_too(page: Callable[..., AgreementPage]) -> None:
    from ui.pages.agreement.grids import lines_of

    shown = page(GOLDEN / "ccg-to-icb-2022-23", "contributions")
    found = shown._content
    assert found is not None
    assert found.contributions is not None
    ((_text, lines), *_others) = lines_of(found.contributions, Reading.FIRST_AGREED, 0, 2)
    assert lines.partner is None
    assert lines.why.endswith("by NHS Integrated Care Board (ICB) to Home first, on the lines of CCG-N and CCG-S")


def test_a_control_total_that_agrees_and_one_that_does_not(page: Callable[..., AgreementPage], tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    for name in ("agreement.toml", "lines.csv"):
        (case / name).write_bytes((ROTHERHAM / name).read_bytes())
    with open_ledger(case) as ledger:
        budget = sum(line.amount_pence for line in ledger.lines(kind=Kind.BUDGET, upto=Period.M12))
    control = '\n[[control]]\nperiod = "M12"\nkind = "budget"\namount = "{}.{:02}"\n'
    with (case / "agreement.toml").open("a", encoding="utf-8") as stream:
        for pence in (budget, budget - 7):
            stream.write(control.format(pence // 100, pence % 100))
    shown = page(case, "controls")
    assert [row[-1] for row in cells(shown.controls)] == ["Agrees", "Does not agree"]
    assert [row[-2] for row in cells(shown.controls)] == ["–", "£0.07"]
    assert shown.controls_said.text().startswith("1 of 2 control totals do not agree with the ledger.")


def test_a_place_is_come_back_to_and_a_code_is_found(
    page: Callable[..., AgreementPage], window: Window, wait: Callable[[], None]
) -> None:
    shown = page(ROTHERHAM, "schemes", "DFG")
    assert shown.place() == PartOf("schemes", "DFG")
    window.go(Link(links.SETTLEMENT))
    wait()
    window.go_back()
    wait()
    assert window.current is shown
    assert shown.schemes.code() == "DFG"


def test_rows_are_copied_and_a_cap_leads_to_its_clause(page: Callable[..., AgreementPage], qtbot: QtBot) -> None:
    shown = page(ROTHERHAM, "caps")
    went: list[Link] = []
    shown.go.disconnect()
    shown.go.connect(went.append)
    shown.caps.setFocus()
    qtbot.keyClick(shown.caps, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shown.caps, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == shown.caps.texts()
    qtbot.keyClick(shown.caps, Qt.Key.Key_Return)
    assert went == [Link(links.RISK_SHARE, ClauseOf("4.3"))]


def test_an_empty_ledger_says_how_contributions_come(page: Callable[..., AgreementPage], tmp_path: Path) -> None:
    from ledgers import create_ledger

    file = tmp_path / "empty.s75"
    create_ledger(file, (ROTHERHAM / "agreement.toml").read_text(encoding="utf-8")).close()
    shown = page(file, "contributions")
    assert shown.contributions.part.nothing.isVisible()
    assert "Enter budget lines on the Ledger page" in shown.contributions.part.nothing.text()


def test_new_lines_show_at_once(
    page: Callable[..., AgreementPage], window: Window, wait: Callable[[], None], open_file: Callable[[str], Path]
) -> None:
    shown = page(open_file("rotherham-first-call"), "contributions")
    before = int(shown.contributions.part.model.index(5, 3).data(PENCE))
    line = NewLine(Period.M12, "DFG", "COUNCIL", Kind.BUDGET, 5_00)
    window.session.write(lambda ledger, _job: ledger.post([line]), lambda _lines: None)
    wait()
    assert int(shown.contributions.part.model.index(5, 3).data(PENCE)) == before + 5_00


def test_an_agreement_that_the_lines_do_not_fit_says_why_and_shows_the_rest(
    page: Callable[..., AgreementPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rules.problems import Problem, RefusedError

    def refuse(*_: object) -> None:
        raise RefusedError(Problem("the ledger has lines of scheme X, which the agreement does not declare"))

    monkeypatch.setattr("ui.pages.agreement.content.contributions_of", refuse)
    shown = page(ROTHERHAM, "contributions")
    assert shown.contributions.part.nothing.text() == (
        "the ledger has lines of scheme X, which the agreement does not declare"
    )
    assert cells(shown.partners)
