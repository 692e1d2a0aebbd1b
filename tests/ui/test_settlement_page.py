"""What the window shows of a settlement is the settlement: figures are read off its models, against the result."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from settlement.result import ROW_KEYS, result_of
from settlement.service import settle_ledger
from settlement.settle import Settlement
from ui.settlement_page import SettlementPage
from ui.subject_tree import AMOUNT_COLUMN, SubjectTreeModel
from ui.tables import PENCE, GridModel
from ui.window import Window
from ui.wording import row_labels

from .conftest import GOLDEN, Opener

CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())


def settlement_of(folder: Path, period: Period | None = None, *, outturn: bool = False) -> Settlement:
    with open_ledger(folder) as ledger:
        return settle_ledger(ledger, period, outturn=outturn)


def text(model: GridModel, row: int, column: int) -> str:
    return str(model.index(row, column).data())


def column_of(model: GridModel, column: int) -> list[str]:
    return [text(model, row, column) for row in range(model.rowCount())]


def partners_shown(model: GridModel) -> dict[str, dict[str, int]]:
    """The partners' rows as they stand on the screen, by the code in the heading and the line's own name."""
    keys = {label: key for key, label in row_labels()}
    shown = {}
    for column in range(1, model.columnCount()):
        heading = str(model.headerData(column, Qt.Orientation.Horizontal))
        code = heading.rpartition(" (")[2].rstrip(")")
        figures = {keys[text(model, row, 0)]: model.index(row, column).data(PENCE) for row in range(len(keys))}
        shown[code] = {key: figures[key] for key in ROW_KEYS}
    return shown


def subjects_shown(model: SubjectTreeModel) -> list[dict[str, Any]]:
    """The tree as it stands on the screen: amounts, parts, shares, what is left, by walking its indexes."""

    def pence(index: QModelIndex) -> int:
        return int(index.siblingAtColumn(AMOUNT_COLUMN).data(PENCE))

    def below(index: QModelIndex) -> list[QModelIndex]:
        return [model.index(row, 0, index) for row in range(model.rowCount(index))]

    shown = []
    for subject in below(QModelIndex()):
        parts = []
        left = 0
        for index in below(subject):
            node = model.node_of(index)
            assert node is not None
            if node.is_unallocated:
                left = pence(index)
                continue
            assert node.part is not None
            shares = {child.data().rpartition(" (")[2].rstrip(")"): pence(child) for child in below(index)}
            parts.append(
                {"clause": node.part.clause, "to": node.part.to, "amount": pence(index), "partners": shares or None}
            )
        shown.append({"amount": pence(subject), "unallocated": left, "parts": parts})
    return shown


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_a_golden_case_is_on_the_page(case: str, window: Window, opening: Opener) -> None:
    opening(GOLDEN / case)
    page = window.settlement_page
    result = result_of(settlement_of(GOLDEN / case))
    assert partners_shown(page.partners) == result["partners"]
    assert subjects_shown(page.schedule.model) == [
        {key: subject[key] for key in ("amount", "unallocated", "parts")} for subject in result["subjects"]
    ]
    closing = [page.reserves.index(row, 3).data(PENCE) for row in range(page.reserves.rowCount())]
    assert closing == list(result["reserves"].values())
    performance = [
        {
            "id": text(page.performance, row, 0).partition(":")[0],
            "held": page.performance.index(row, 4).data(PENCE),
            "released": page.performance.index(row, 5).data(PENCE),
        }
        for row in range(page.performance.rowCount())
    ]
    assert performance == result["performance"]
    assert page.unallocated.isVisible() == bool(result["unallocated"])


def test_who_pays_whom_is_said_with_the_partners_names(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "barnet-2014-15-reward-mechanism")
    page = window.settlement_page
    assert page.transfers.text() == (
        "NHS Barnet Clinical Commissioning Group pays London Borough of Barnet £962,958.16"
    )
    assert page.title.text() == "Barnet health and social care integration: risk and reward sharing"
    assert page.subtitle.text() == "Draft settlement for 2014/15, year to date at M12, March 2015"
    assert column_of(page.partners, 1)[-2:] == ["(£962,958.16)", "to receive"]
    assert column_of(page.partners, 2)[-2:] == ["£962,958.16", "to pay"]


def test_each_transfer_has_its_sentence(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "three-partners-qipp-separate")
    assert window.settlement_page.transfers.text().splitlines() == [
        "Council A pays NHS B CCG £60,242.43",
        "Council A pays NHS C CCG £205,555.55",
    ]


def test_where_nothing_passes_the_page_says_so(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "fife-reserves-first")
    assert window.settlement_page.transfers.text() == "No partner owes another anything"
    assert column_of(window.settlement_page.partners, 1)[-2:] == ["–", "nothing due"]


def test_an_amount_that_no_clause_deals_with_is_said_in_words_and_in_pounds(
    window: Window, opening: Opener, without_clause: Callable[[str, str], Path]
) -> None:
    opening(without_clause("telford-2019-20", "RS1"))
    page = window.settlement_page
    assert page.unallocated.isVisible()
    assert page.unallocated.heading.text() == "Unallocated: £600,000.00"
    assert "No clause deals with £600,000.00 of the overspend of" in page.unallocated.body.text()
    assert "the period cannot be signed" in page.unallocated.body.text()
    assert subjects_shown(page.schedule.model)[0]["unallocated"] == 60_000_000
    page.schedule.tree.setCurrentIndex(page.schedule.model.index(0, 0, page.schedule.model.index(0, 0)))
    assert "Add a clause to the agreement" in page.schedule.trace.toPlainText()
    opening(GOLDEN / "telford-2019-20")
    assert not page.unallocated.isVisible()


def test_a_selected_clause_tells_its_working(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "barnet-2014-15-reward-mechanism")
    schedule = window.settlement_page.schedule
    subject = schedule.model.index(0, 0)
    assert schedule.trace.toPlainText().startswith("Benefit of ")
    part = schedule.model.index(1, 0, subject)
    schedule.tree.setCurrentIndex(part)
    told = schedule.trace.toPlainText()
    assert told.startswith("Clause 7B-reward says: Benefits")
    assert "LBB receives £267,678.70 and BCCG receives £399,606.05, £667,284.75 in all." in told
    schedule.tree.setCurrentIndex(schedule.model.index(0, 0, part))
    assert schedule.trace.toPlainText() == told


def test_performance_pay_shows_the_activity_that_decided_it(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "payment-for-performance")
    page = window.settlement_page
    assert [text(page.performance, 0, column) for column in range(page.performance.columnCount())] == [
        "NEA: Reduction in non-elective admissions",
        "NHS CCG",
        "1000",
        "505",
        "£1,490,000.00",
        "£752,450.00",
        "£737,550.00",
    ]
    page.tabs.setCurrentIndex(2)
    assert page.no_reserves.isVisible()
    assert not page.reserves_table.isVisible()


def test_a_year_without_variance_says_that_there_is_nothing_to_share(
    window: Window, opening: Opener, wait: Callable[[], None]
) -> None:
    opening(GOLDEN / "barnet-2014-15-core")
    window.settlement_page.choose(Period.M1, outturn=False)
    wait()
    expected = result_of(settlement_of(GOLDEN / "barnet-2014-15-core", Period.M1))
    assert expected["subjects"] == []
    assert "nothing to deal with" in window.settlement_page.schedule.trace.toPlainText()


@pytest.mark.parametrize(
    "choice", [(period, outturn) for period in (Period.M3, Period.M6, Period.M9) for outturn in (False, True)]
)
def test_another_period_or_reading_shows_its_own_figures(
    choice: tuple[Period, bool], window: Window, opening: Opener, wait: Callable[[], None]
) -> None:
    period, outturn = choice
    case = GOLDEN / "ccg-to-icb-2022-23"
    opening(case)
    page = window.settlement_page
    page.choose(period, outturn=outturn)
    wait()
    expected = settlement_of(case, period, outturn=outturn)
    assert partners_shown(page.partners) == result_of(expected)["partners"]
    reading = "forecast outturn seen from" if outturn else "year to date at"
    assert f"{reading} {period}, " in page.subtitle.text()
    assert window.state_label.text() == f"{period} is open"
    assert window.period_actions[period].isChecked()
    assert window.outturn_action.isChecked() == outturn


def test_the_forecast_says_that_it_is_one(
    window: Window, opening: Opener, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    opening(GOLDEN / "oxfordshire-2013-14")
    page = window.settlement_page
    page.to_date.setFocus()
    qtbot.keyClick(page.to_date, Qt.Key.Key_Right)
    wait()
    assert page.chosen == (Period.M12, True)
    assert " is forecast to pay " in page.transfers.text()


def test_choosing_fast_shows_the_last_choice_only(window: Window, opening: Opener, wait: Callable[[], None]) -> None:
    opening(GOLDEN / "ccg-to-icb-2022-23")
    page = window.settlement_page
    shown: list[str] = []
    window.settlement_page.partners.modelReset.connect(lambda: shown.append(page.subtitle.text()))
    for period in (Period.M2, Period.M4, Period.M7, Period.M12):
        page.choose(period, outturn=False)
    wait()
    assert len(shown) == 1
    assert page.subtitle.text().endswith("year to date at M12, March 2023")


def test_periods_with_nothing_posted_are_marked(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "ccg-to-icb-2022-23")
    chooser = window.settlement_page.period
    texts = [chooser.itemText(row) for row in range(chooser.count())]
    assert len(texts) == 13
    assert texts[0] == "M1, April 2022"
    assert texts[12] == "M13, year-end adjustments (nothing posted)"


def test_a_screen_reader_hears_what_a_figure_is_of(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "barnet-2014-15-reward-mechanism")
    model = window.settlement_page.partners
    said = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(14, 1).data(said) == "Net due, London Borough of Barnet (LBB): minus £962,958.16"
    assert model.index(1, 1).data(said) == "Add: share of overspends, London Borough of Barnet (LBB): nil"


def test_the_page_stands_alone_before_it_has_figures(qtbot: QtBot) -> None:
    page = SettlementPage()
    qtbot.addWidget(page)
    asked: list[object] = []
    page.asked.connect(lambda *choice: asked.append(choice))
    page.show()
    assert asked == []
    assert not page.figures.isVisible()
