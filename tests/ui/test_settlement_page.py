"""What the Settlement page shows is the settlement, to the penny; every figure opens, and the way back is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ledgers import create_ledger, open_ledger
from ledgers.disputes import dispute_line
from rules.agreement import Kind, On
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.result import ROW_KEYS, result_of
from settlement.service import settle_ledger
from settlement.settle import Settlement
from ui import links
from ui.links import Link
from ui.pages.settlement.detail import CLAUSES, DISPUTE, FUNDS, PARTNERS, PAY, RESERVES
from ui.pages.settlement.page import SettlementPage
from ui.pages.settlement.subject_tree import AMOUNT_COLUMN, SubjectTreeModel
from ui.pages.settlement.trace_model import Step
from ui.session import Session
from ui.tables import PENCE, GridModel
from ui.window import Window
from ui.wording import row_labels

from .conftest import GOLDEN, Opener
from .watchdog import Watchdog

CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
ROW = [key for key, _label in row_labels()]
NET_DUE = ROW.index("net_due")

Show = Callable[..., SettlementPage]


@pytest.fixture
def show(window: Window, opening: Opener, wait: Callable[[], None]) -> Show:
    """Opens a ledger at its Settlement page and waits until it is there, with its trace."""

    def shown(where: Path, target: object = None) -> SettlementPage:
        opening(where)
        window.go(Link(links.SETTLEMENT, target))
        wait()
        page = window.current
        assert isinstance(page, SettlementPage)
        return page

    return shown


def settlement_of(folder: Path, period: Period | None = None, *, outturn: bool = False) -> Settlement:
    with open_ledger(folder, read_only=True) as ledger:
        return settle_ledger(ledger, period, outturn=outturn)


def text(model: QAbstractItemModel, row: int, column: int) -> str:
    return str(model.index(row, column).data())


def column_of(model: GridModel, column: int) -> list[str]:
    return [text(model, row, column) for row in range(model.rowCount())]


def headings(model: GridModel) -> list[str]:
    across = Qt.Orientation.Horizontal
    return [" ".join(str(model.headerData(column, across)).split()) for column in range(model.columnCount())]


def figures_in(model: GridModel, column: int) -> dict[str, int]:
    keys = {label: key for key, label in row_labels()}
    found = {keys[text(model, row, 0)]: model.index(row, column).data(PENCE) for row in range(len(keys))}
    return {key: found[key] for key in ROW_KEYS}


def partners_shown(model: GridModel) -> dict[str, dict[str, int]]:
    """The partners' rows as they stand on the screen, by the code in the heading and the line's own name."""
    return {
        heading.rpartition(" (")[2].rstrip(")"): figures_in(model, column)
        for column, heading in enumerate(headings(model))
        if column
    }


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


def traced(page: SettlementPage) -> list[str]:
    return [step.text for step in page.trace.model.steps]


def step_with(page: SettlementPage, words: str) -> Step:
    return next(step for step in page.trace.model.steps if words in step.text)


def followed_from(page: SettlementPage, window: Window) -> list[Link]:
    """Where the page leads, which is then not gone to: other pages have tests of their own."""
    page.go.disconnect(window.go)
    followed: list[Link] = []
    page.go.connect(followed.append)
    return followed


def choose_step(page: SettlementPage, words: str) -> None:
    number = next(number for number, step in enumerate(page.trace.model.steps) if words in step.text)
    step = page.trace.model.steps[number]
    page.trace.tree.setCurrentIndex(page.trace.model.createIndex(step.place, 0, number))


# Faithful


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_a_golden_case_is_on_the_page(case: str, window: Window, show: Show) -> None:
    page = show(GOLDEN / case)
    settlement = settlement_of(GOLDEN / case)
    result = result_of(settlement)
    detail = page.detail
    assert (window.session.period, window.session.outturn) == (settlement.period, False)
    assert partners_shown(detail.partners_model) == result["partners"]
    assert subjects_shown(detail.schedule.subjects) == [
        {key: subject[key] for key in ("amount", "unallocated", "parts")} for subject in result["subjects"]
    ]
    closing = [detail.reserves_model.index(row, 3).data(PENCE) for row in range(detail.reserves_model.rowCount())]
    assert closing == list(result["reserves"].values())
    performance = [
        {
            "id": text(detail.pay_model, row, 0).partition(":")[0],
            "held": detail.pay_model.index(row, 4).data(PENCE),
            "released": detail.pay_model.index(row, 5).data(PENCE),
        }
        for row in range(detail.pay_model.rowCount())
    ]
    assert performance == result["performance"]
    assert page.unallocated.isVisible() == bool(result["unallocated"])
    readings_are_its_row(page, case)
    funds_add_up_to_the_rows(page, result["partners"])


def readings_are_its_row(page: SettlementPage, case: str) -> None:
    """A partner's readings side by side are its row to date and at the outturn."""
    outturn = result_of(settlement_of(GOLDEN / case, outturn=True))["partners"]
    to_date = result_of(settlement_of(GOLDEN / case))["partners"]
    for number, code in enumerate(to_date, 1):
        page.detail.whose.setCurrentIndex(number)
        model = page.detail.partners_model
        assert [heading.partition(" at")[0].partition(" from")[0] for heading in headings(model)] == [
            "Line",
            "Year to date",
            "Forecast outturn",
        ]
        assert figures_in(model, 1) == to_date[code]
        assert figures_in(model, 2) == outturn[code]


def funds_add_up_to_the_rows(page: SettlementPage, result: dict[str, dict[str, int]]) -> None:
    """The funds' figures of each partner add up to its row."""
    keys = ("contribution_due", "overspend", "underspend", "benefit", "spend", "paid")
    labels = {key: label.partition(": ")[2].lower() or label.lower() for key, label in row_labels()}
    found = {code: dict.fromkeys(keys, 0) for code in result}
    for number in range(page.detail.which.count()):
        page.detail.which.setCurrentIndex(number)
        model = page.detail.fund_model
        in_cash = False
        for row in range(model.rowCount()):
            label = text(model, row, 0)
            in_cash = in_cash or label == "Cash with the Host Partner"
            key = next((key for key in keys if label.partition(": ")[2].lower() == labels[key]), None)
            key = "contribution_due" if label == "Contribution due to pooled funds" else key
            for column, code in enumerate(result, 2):
                if in_cash and key is not None:
                    found[code][key] += model.index(row, column).data(PENCE)
    assert found == {code: {key: figures[key] for key in keys} for code, figures in result.items()}


def test_a_fund_goes_from_its_variance_to_cash(show: Show) -> None:
    page = show(GOLDEN / "rotherham-first-call")
    page.detail.setCurrentIndex(FUNDS)
    model = page.detail.fund_model
    told = {text(model, row, 0): text(model, row, 1) for row in range(model.rowCount())}
    assert told["Variance, adverse"] == "(£200,000.00)"
    assert told["Overspend of Intermediate care beds"] == "£450,000.00"
    assert told["Clause 4.2: drawn from reserve Risk pool"] == "£145,567.09"
    assert headings(model)[3].endswith(", host")
    assert column_of(model, 2)[-1] == "£29,199.50"
    page.detail.which.setCurrentIndex(1)
    assert "Excluded from sharing: left with the Responsible Partner" in column_of(model, 0)


@pytest.mark.parametrize(
    "choice", [(period, outturn) for period in (Period.M3, Period.M9) for outturn in (False, True)]
)
def test_another_period_or_reading_shows_its_own_figures(
    choice: tuple[Period, bool], window: Window, show: Show, wait: Callable[[], None]
) -> None:
    period, outturn = choice
    case = GOLDEN / "ccg-to-icb-2022-23"
    page = show(case)
    window.session.choose(period, outturn=outturn)
    wait()
    expected = settlement_of(case, period, outturn=outturn)
    assert partners_shown(page.detail.partners_model) == result_of(expected)["partners"]
    reading = "forecast outturn seen from" if outturn else "year to date at"
    assert f"{reading} {period}, " in page.subtitle.text()


def test_the_movement_is_since_what_was_settled_before(file_ledger: Path, show: Show, wait: Callable[[], None]) -> None:
    page = show(file_ledger)
    page.detail.whose.setCurrentIndex(1)
    wait()
    model = page.detail.partners_model
    assert headings(model) == [
        "Line",
        "Year to date at M12",
        "Settled before, at M3",
        "Movement since M3",
        "Forecast outturn from M12",
    ]
    code = str(page.detail.whose.currentData())
    now = result_of(settlement_of(file_ledger))["partners"][code]
    before = result_of(settlement_of(file_ledger, Period.M3))["partners"][code]
    assert figures_in(model, 2) == before
    assert figures_in(model, 3) == {key: now[key] - before[key] for key in ROW_KEYS}
    page.detail.partners.setCurrentIndex(model.index(ROW.index("contribution_due"), 3))
    wait()
    assert traced(page)[0] == "Contribution due to pooled funds, movement since M3"
    assert [step.pence for step in page.trace.model.steps if step.depth == 1] == [
        now["contribution_due"],
        before["contribution_due"],
    ]
    assert step_with(page, "Less, as settled before").depth == 1


# In words


def test_who_pays_whom_is_said_with_the_partners_names(show: Show) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism")
    assert page.transfers.text() == (
        "NHS Barnet Clinical Commissioning Group pays London Borough of Barnet £962,958.16"
    )
    assert page.heading.text() == "Settlement"
    assert page.subtitle.text() == (
        "Barnet health and social care integration: risk and reward sharing, 2014/15, "
        "year to date at M12, March 2015: draft"
    )
    assert "Nothing was settled before M12" in page.beside.text()
    assert column_of(page.detail.partners_model, 1)[-2:] == ["(£962,958.16)", "to receive"]
    assert column_of(page.detail.partners_model, 2)[-2:] == ["£962,958.16", "to pay"]


def test_each_transfer_has_its_sentence(show: Show) -> None:
    assert show(GOLDEN / "three-partners-qipp-separate").transfers.text().splitlines() == [
        "Council A pays NHS B CCG £60,242.43",
        "Council A pays NHS C CCG £205,555.55",
    ]


def test_where_nothing_passes_the_page_says_so(show: Show) -> None:
    page = show(GOLDEN / "fife-reserves-first")
    assert page.transfers.text() == "No partner owes another anything"
    assert column_of(page.detail.partners_model, 1)[-2:] == ["–", "nothing due"]


def test_the_forecast_says_that_it_is_one(window: Window, show: Show, wait: Callable[[], None]) -> None:
    page = show(GOLDEN / "oxfordshire-2013-14")
    window.session.choose(window.session.period, outturn=True)
    wait()
    assert " is forecast to pay " in page.transfers.text()
    assert "Year to date: " in page.beside.text()


def test_an_amount_that_no_clause_deals_with_is_said_in_words_and_in_pounds(
    show: Show, wait: Callable[[], None], without_clause: Callable[[str, str], Path]
) -> None:
    page = show(without_clause("telford-2019-20", "RS1"))
    assert page.unallocated.isVisible()
    assert page.unallocated.heading.text() == "Unallocated: £600,000.00"
    assert "No clause deals with £600,000.00 of the overspend of" in page.unallocated.body.text()
    assert "the period cannot be signed" in page.unallocated.body.text()
    assert subjects_shown(page.detail.schedule.subjects)[0]["unallocated"] == 60_000_000
    page.detail.setCurrentIndex(CLAUSES)
    tree = page.detail.schedule
    tree.setCurrentIndex(tree.subjects.index(0, 0, tree.subjects.index(0, 0)))
    wait()
    assert step_with(page, "Add a clause to the agreement")
    assert not show(GOLDEN / "telford-2019-20").unallocated.isVisible()


def test_a_ledger_that_cannot_be_settled_says_why_and_shows_no_figures(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise RefusedError(Problem("clause 4.3 has an amount to share and no weight above nought"))

    monkeypatch.setattr("settlement.readings.settle_ledger", refuse)
    page = show(GOLDEN / "rotherham-first-call")
    assert page.failure.isVisible()
    assert page.failure.heading.text() == "The agreement could not be applied to the ledger"
    assert "no weight above nought" in page.failure.body.text()
    assert not page.figures.isVisible()
    assert page.subtitle.text().endswith(": no settlement at M12")


def test_without_a_ledger_the_page_says_what_to_do(session: Session, qtbot: QtBot) -> None:
    page = SettlementPage(session)
    qtbot.addWidget(page)
    page.show()
    assert page.nothing.isVisible()
    assert page.nothing.heading.text() == "No ledger is open"
    assert not page.figures.isVisible()


# Figures open


def test_enter_on_a_figure_goes_into_its_trace_and_enter_there_opens_its_lines(
    window: Window, show: Show, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    page = show(GOLDEN / "rotherham-first-call", links.Figure("COUNCIL", "spend"))
    table = page.detail.partners
    assert table.currentIndex().data() == "£8,845,679.00"
    assert traced(page)[0] == "Less: Spend on the pooled funds' behalf"
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert page.trace.tree.hasFocus()
    qtbot.keyClick(page.trace.tree, Qt.Key.Key_Down)
    step = page.trace.model.step_of(page.trace.tree.currentIndex())
    assert step is not None
    assert (step.text, step.pence) == ("Actual, Reablement (REABLEMENT)", 463_333_333)
    assert page.trace.open_button.text() == "Open: Ledger lines"
    followed: list[Link] = []
    page.go.connect(followed.append)
    qtbot.keyClick(page.trace.tree, Qt.Key.Key_Return)
    assert followed[0].page == links.LEDGER
    lines = followed[0].target
    assert isinstance(lines, links.Lines)
    assert (lines.scheme, lines.partner, lines.kind, lines.upto) == ("REABLEMENT", "COUNCIL", Kind.ACTUAL, Period.M12)
    assert lines.why == ("Actual, Reablement (REABLEMENT), COUNCIL to M12; part of: Spend on the pooled funds' behalf")
    assert window.current.key == links.LEDGER
    wait()
    window.go_back()
    wait()
    assert window.current is page
    assert table.currentIndex().data() == "£8,845,679.00"
    back = page.trace.model.step_of(page.trace.tree.currentIndex())
    assert back is not None
    assert back.text == "Actual, Reablement (REABLEMENT)"


def test_the_lines_that_a_figure_leads_to_are_those_that_it_is_the_sum_of(show: Show) -> None:
    case = GOLDEN / "rotherham-first-call"
    page = show(case, links.Figure("COUNCIL", "net_due"))
    told = [step for step in page.trace.model.steps if isinstance(step.opens, links.Lines)]
    assert len(told) > 8
    with open_ledger(case, read_only=True) as ledger:
        for step in told:
            lines = step.opens
            assert isinstance(lines, links.Lines)
            found = ledger.lines(scheme=lines.scheme, partner=lines.partner, kind=lines.kind, upto=lines.upto)
            assert sum(line.amount_pence for line in found) == step.pence, step.text


def test_the_trace_opens_the_clause_with_its_basis_told(window: Window, show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism", links.Figure("LBB", "benefit"))
    assert step_with(page, "Shared in proportion to the agreed amounts").depth == 2
    choose_step(page, "Clause 7B-reward, benefit of")
    followed = followed_from(page, window)
    qtbot.mouseClick(page.trace.open_button, Qt.MouseButton.LeftButton)
    assert followed == [Link(links.RISK_SHARE, links.ClauseOf("7B-reward"))]


def test_a_double_click_on_a_figure_of_a_fund_goes_into_the_trace_of_what_was_dealt_with(
    show: Show, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    page = show(GOLDEN / "rotherham-first-call")
    page.detail.setCurrentIndex(FUNDS)
    model = page.detail.fund_model
    row = column_of(model, 0).index("Overspend of Intermediate care beds")
    index = model.index(row, 1)
    page.detail.funds.setCurrentIndex(index)
    wait()
    where = page.detail.funds.visualRect(index).center()
    qtbot.mouseClick(page.detail.funds.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(page.detail.funds.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.trace.tree.hasFocus()
    assert traced(page)[0] == "Overspend of Intermediate care beds"
    assert step_with(page, "Budget, Intermediate care beds").opens is not None


def test_an_amount_that_the_schedule_dealt_with_is_found_by_a_link(show: Show) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism", links.Subject("INFLUENCED", On.BENEFIT))
    assert page.detail.currentIndex() == CLAUSES
    assert page.trace.head.text().startswith("Benefit of ")
    assert step_with(page, "against a baseline of")


def test_a_selected_clause_tells_its_working(show: Show, wait: Callable[[], None]) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism")
    page.detail.setCurrentIndex(CLAUSES)
    tree = page.detail.schedule
    part = tree.subjects.index(1, 0, tree.subjects.index(0, 0))
    tree.setCurrentIndex(part)
    wait()
    assert step_with(page, "Clause 7B-reward says: Benefits")
    assert step_with(page, "LBB receives £267,678.70 and BCCG receives £399,606.05, £667,284.75 in all.")
    assert page.trace.model.steps[0].opens == links.ClauseOf("7B-reward")


def test_a_reserve_and_performance_pay_have_their_traces(show: Show, wait: Callable[[], None]) -> None:
    page = show(GOLDEN / "rotherham-first-call")
    page.detail.setCurrentIndex(RESERVES)
    wait()
    assert traced(page)[:2] == ["Reserve “Risk pool” (RISKPOOL), closing balance", "Opening balance"]
    page = show(GOLDEN / "payment-for-performance")
    page.detail.setCurrentIndex(PAY)
    wait()
    assert [step.pence for step in page.trace.model.steps] == [73_755_000, 149_000_000, 75_245_000, 73_755_000]
    assert [text(page.detail.pay_model, 0, column) for column in range(7)] == [
        "NEA: Reduction in non-elective admissions",
        "NHS CCG",
        "1000",
        "505",
        "£1,490,000.00",
        "£752,450.00",
        "£737,550.00",
    ]
    page.detail.setCurrentIndex(RESERVES)
    assert page.detail.no_reserves.isVisible()
    assert not page.detail.reserves.isVisible()
    assert traced(page) == []


def test_lines_posted_under_a_partner_that_was_succeeded_are_found_under_its_code(show: Show) -> None:
    page = show(GOLDEN / "ccg-to-icb-2022-23")
    found = page.readings
    assert found is not None
    (successor, replaced), *_ = found.replaced.items()
    page = show(GOLDEN / "ccg-to-icb-2022-23", links.Figure(successor, "contribution_due"))
    codes = {
        step.opens.partner
        for step in page.trace.model.steps
        if isinstance(step.opens, links.Lines) and step.text.startswith("Lines posted under")
    }
    assert codes == {successor, *replaced}


# Disputes


@pytest.fixture
def disputed(tmp_path: Path) -> Path:
    case = GOLDEN / "rotherham-first-call"
    file = tmp_path / "disputed.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
        dispute_line(ledger, 1, "CCG", "Not Permitted Expenditure")
    return file


def test_what_is_disputed_stands_with_what_was_due_without_it(
    disputed: Path, window: Window, show: Show, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    page = show(disputed)
    assert page.detail.tabText(DISPUTE) == "&In dispute (1)"
    page.detail.setCurrentIndex(DISPUTE)
    wait()
    tab = page.detail.dispute
    assert column_of(tab.listed.grid_model, 0) == ["Line 1"]
    assert column_of(tab.listed.grid_model, 4) == ["Not Permitted Expenditure"]
    assert "Without it: NHS Rotherham CCG pays" in tab.then.text()
    stated, without, difference = (tab.without.grid_model.index(0, column).data(PENCE) for column in (1, 2, 3))
    assert stated == settlement_of(disputed).row_of("COUNCIL").net_due_pence
    assert difference == stated - without
    assert difference
    followed = followed_from(page, window)
    tab.listed.setCurrentIndex(tab.listed.grid_model.index(0, 0))
    tab.listed.setFocus()
    qtbot.keyClick(tab.listed, Qt.Key.Key_Return)
    assert followed[0].target == links.Lines(ids=(1,), why="Line 1, which CCG disputes")


def test_where_nothing_is_disputed_the_tab_says_so(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    page.detail.setCurrentIndex(DISPUTE)
    assert "Nothing is in dispute" in page.detail.dispute.said.text()
    assert not page.detail.dispute.listed.isVisible()


# The way to them


def test_the_page_is_where_it_was_when_the_period_changes(window: Window, show: Show, wait: Callable[[], None]) -> None:
    page = show(GOLDEN / "rotherham-first-call")
    page.detail.whose.setCurrentIndex(2)
    page.detail.partners.setCurrentIndex(page.detail.partners_model.index(3, 2))
    wait()
    before = page.place()
    window.session.choose(Period.M6, outturn=False)
    wait()
    assert page.place() == before


def test_choosing_fast_shows_the_last_choice_only(window: Window, show: Show, wait: Callable[[], None]) -> None:
    page = show(GOLDEN / "ccg-to-icb-2022-23")
    shown: list[str] = []
    page.detail.partners_model.modelReset.connect(lambda: shown.append(page.subtitle.text()))
    for period in (Period.M2, Period.M4, Period.M7):
        window.session.choose(period, outturn=False)
    wait()
    assert len(shown) == 1
    assert page.subtitle.text().endswith("year to date at M7, October 2022: draft")


def test_a_year_without_variance_says_that_there_is_nothing_to_share(
    window: Window, show: Show, wait: Callable[[], None]
) -> None:
    page = show(GOLDEN / "barnet-2014-15-core")
    window.session.choose(Period.M1, outturn=False)
    wait()
    assert result_of(settlement_of(GOLDEN / "barnet-2014-15-core", Period.M1))["subjects"] == []
    page.detail.setCurrentIndex(CLAUSES)
    assert page.detail.no_subjects.isVisible()
    assert "nothing to deal with" in page.detail.no_subjects.text()


def test_its_buttons_lead_to_the_statements_of_the_period(window: Window, show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "telford-2019-20")
    followed = followed_from(page, window)
    assert page.statements_button.text() == "Stateme&nts at M12"
    qtbot.mouseClick(page.statements_button, Qt.MouseButton.LeftButton)
    assert followed == [Link(links.STATEMENTS, links.PeriodOf(Period.M12))]


def test_a_screen_reader_hears_what_a_figure_is_of(show: Show) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism")
    model = page.detail.partners_model
    said = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(14, 1).data(said) == "Net due, London Borough of Barnet (LBB): minus £962,958.16"
    assert model.index(1, 1).data(said) == "Add: share of overspends, London Borough of Barnet (LBB): nil"
    steps = page.trace.model
    assert "opens: Ledger lines" in str(steps.index(0, 0, steps.index(0, 0, steps.index(0, 0))).data(said))


def test_copied_figures_are_plain_numbers_under_their_headings(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "barnet-2014-15-reward-mechanism")
    table = page.detail.partners
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert rows[0] == [
        "Line",
        "London Borough of Barnet (LBB)",
        "NHS Barnet Clinical Commissioning Group (BCCG)",
    ]
    assert rows[NET_DUE + 1] == ["Net due", "-962958.16", "962958.16"]
    assert rows[NET_DUE + 2] == ["Which means", "to receive", "to pay"]
    where = table.visualRect(page.detail.partners_model.index(NET_DUE, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "-962958.16"


def test_the_trace_and_the_schedule_are_copied_as_they_are_indented(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "rotherham-first-call", links.Figure("COUNCIL", "spend"))
    page.trace.tree.setFocus()
    qtbot.keyClick(page.trace.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().splitlines()[:2] == [
        "Less: Spend on the pooled funds' behalf\t8845679.00",
        "    Actual, Reablement (REABLEMENT)\t4633333.33",
    ]
    page.detail.setCurrentIndex(CLAUSES)
    page.detail.schedule.setFocus()
    qtbot.keyClick(page.detail.schedule, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0] == "Amount, clause, partner\tWhat was done with it\tAmount"
    assert copied[1].startswith("Overspend of Intermediate care beds\t")
    assert copied[2].startswith("    ")


def test_walking_through_figures_never_blocks_the_window(
    show: Show, qtbot: QtBot, wait: Callable[[], None], watchdog: Watchdog
) -> None:
    page = show(GOLDEN / "rotherham-first-call")
    page.detail.partners.setFocus()
    with watchdog.watching("walking through the figures"):
        for _ in range(NET_DUE):
            qtbot.keyClick(page.detail.partners, Qt.Key.Key_Up)
            qtbot.wait(10)
        page.detail.whose.setCurrentIndex(1)
        wait()
    assert page.detail.currentIndex() == PARTNERS
    assert traced(page)
