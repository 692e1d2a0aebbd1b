"""The Overview: its figures are the settlement's, everything on it leads somewhere, and nothing in it is missed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from ledgers import create_ledger, open_ledger
from ledgers.disputes import dispute_line
from rules.agreement import Kind, On
from rules.periods import Period
from settlement.command.main import app as s75
from settlement.result import ROW_KEYS
from settlement.service import settle_ledger
from settlement.settle import Settlement
from settlement.statements.funds import variances_of
from ui import links
from ui.app import application
from ui.charts import Chart
from ui.links import ClauseOf, Entry, Figure, Lines, Link, PartOf, PeriodOf, Subject
from ui.pages.overview import checking
from ui.pages.overview.leads import Column, task_link
from ui.pages.overview.page import OverviewPage
from ui.preferences import Preferences, Theme, Units
from ui.session import Session
from ui.tables import PENCE
from ui.theme import dress
from ui.window import Window

from .conftest import GOLDEN, Opener
from .looking import cut_off, faint, mnemonics, nameless, unreached
from .watchdog import Watchdog

ROTHERHAM = "rotherham-first-call"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
Show = Callable[..., OverviewPage]


@pytest.fixture
def show(qtbot: QtBot, session: Session) -> Show:
    """Opens a ledger and shows the page of it, and nothing else of the window."""

    def show_it(where: Path, *, read_only: bool = False, period: Period | None = None) -> OverviewPage:
        page = OverviewPage(session)
        qtbot.addWidget(page)
        page.resize(1130, 800)
        page.show()
        qtbot.waitExposed(page)
        session.open(str(where), read_only=read_only)
        qtbot.waitUntil(lambda: session.opened is not None, timeout=10_000)
        if period is not None:
            session.choose(period, outturn=False)
        settle_down(qtbot, session)
        return page

    return show_it


def settle_down(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.busy, timeout=60_000)
    qtbot.wait(5)


@pytest.fixture
def troubled(tmp_path: Path) -> Path:
    """Everything needs doing in it: a clause too few, a control total that fails, held, disputed, varied."""
    case = GOLDEN / ROTHERHAM
    text = (case / "agreement.toml").read_text(encoding="utf-8")
    control = '\n[[control]]\nperiod = "M12"\namount = "99.00"\nkind = "actual"\nscheme = "EQUIPMENT"\n'
    kept = "[[clause]]".join(table for table in text.split("[[clause]]") if 'id = "4.4"' not in table)
    file = tmp_path / "troubled.s75"
    with create_ledger(file, kept + control) as ledger:
        ledger.import_file(case / "lines.csv")
        ledger.hold(Period.M3)
        dispute_line(ledger, 3, "CCG", "For <another> service & more")
        ledger.set_agreement(kept.replace("Rotherham Better", "Varied Better") + control, Period.M12, "varied")
    return file


def settled(case: Path, period: Period | None = None, *, outturn: bool = False) -> Settlement:
    with open_ledger(case, read_only=True) as ledger:
        return settle_ledger(ledger, period, outturn=outturn)


def printed(case: str) -> dict[str, Any]:
    """What `s75 settle --json` prints."""
    done = CliRunner().invoke(s75, ["settle", str(GOLDEN / case), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def fund_cells(page: OverviewPage) -> dict[str, list[int | None]]:
    """The figures of the tree, by the name of their fund or scheme."""
    model = page.funds

    def row(index: QModelIndex) -> list[int | None]:
        return [index.siblingAtColumn(column).data(PENCE) for column in range(1, model.columnCount())]

    shown = {}
    for number in range(model.rowCount()):
        top = model.index(number, 0)
        shown[top.data()] = row(top)
        shown |= {
            f"{top.data()}/{below.data()}": row(below)
            for below in (model.index(each, 0, top) for each in range(model.rowCount(top)))
        }
    return shown


def partner_cells(page: OverviewPage) -> dict[str, dict[str, int | None]]:
    """The figures of the table of partners, by partner and heading."""
    model = page.partners
    headings = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    return {
        model.index(row, 0).data(): {
            heading: model.index(row, column).data(PENCE) for column, heading in enumerate(headings) if column
        }
        for row in range(model.rowCount())
    }


def followed(qtbot: QtBot, page: OverviewPage, does: Callable[[], object]) -> Link:
    """Where the person is led by what is done."""
    with qtbot.waitSignal(page.go, timeout=2_000) as told:
        does()
    link = told.args[0]
    assert isinstance(link, Link)
    return link


def enter(qtbot: QtBot, page: OverviewPage, row: int, column: int) -> Link:
    """Where Enter leads from a cell of the tree of funds."""
    page.fund_tree.setCurrentIndex(page.funds.index(row, column))
    return followed(qtbot, page, lambda: qtbot.keyClick(page.fund_tree, Qt.Key.Key_Return))


# Figures


@pytest.mark.parametrize("case", CASES)
def test_the_figures_are_those_that_s75_settle_prints(show: Show, case: str) -> None:
    page = show(GOLDEN / case)
    result, settlement = printed(case), settled(GOLDEN / case)
    names = {partner.code: partner.name for partner in settlement.agreement.partners}
    shown = partner_cells(page)
    rows = result["partners"]
    assert {name: figures["Net due"] for name, figures in shown.items() if name != "All partners"} == {
        names[code]: row["net_due"] for code, row in rows.items()
    }
    losses, gains = ("overspend", "qipp_shortfall", "disbenefit"), ("underspend", "benefit", "provision")
    assert {*losses, *gains} <= set(ROW_KEYS)
    for code, row in rows.items():
        share = sum(row[key] for key in gains) - sum(row[key] for key in losses)
        assert shown[names[code]]["Share of variance"] == share
    assert shown["All partners"]["Net due"] == 0
    variances = variances_of(settlement)
    total = sum(variances.values())
    assert page.headlines[Column.VARIANCE].pence == total
    tops = {name: cells for name, cells in fund_cells(page).items() if "/" not in name and name != "All funds"}
    assert sum(cells[2] or 0 for cells in tops.values()) == total
    assert page.unallocated.isVisible() == bool(result["unallocated"])
    transfers = [f"{names[each['from']]} pays {names[each['to']]}" for each in result["transfers"]]
    assert all(each in page.transfers.text() for each in transfers)
    _charts_have(page, result, settlement)


def _charts_have(page: OverviewPage, result: dict[str, Any], settlement: Settlement) -> None:
    months = page.months.table()
    assert sum(row[2].pence or 0 for row in months.rows) == page.headlines[Column.ACTUAL].pence
    for number, code in enumerate(result["partners"], 1):
        page.whose.setCurrentIndex(number)
        steps = page.waterfall.table().rows
        assert steps[-1][1].pence == steps[-1][2].pence == result["partners"][code]["net_due"]
    page.whose.setCurrentIndex(0)
    steps = page.waterfall.table().rows
    assert not steps or steps[-1][2].pence == 0
    caps = [row for row in page.caps.table().rows if row[2].pence is not None]
    assert len(caps) == len([cap for cap in settlement.agreement.caps if cap.partner in result["partners"]])


def test_the_year_and_the_period_head_the_page(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    assert page.heading.text() == "Overview"
    assert page.subtitle.text() == (
        "Telford & Wrekin Better Care Fund, 2019/20, year to date at M12, March 2020; M12 is open"
    )
    shown = {column: (tile.figure.text(), tile.meaning.text().strip()) for column, tile in page.headlines.items()}
    assert shown == {
        Column.BUDGET: ("£23,767,912.00", ""),
        Column.ACTUAL: ("£24,367,912.00", ""),
        Column.VARIANCE: ("(£600,000.00)", "Adverse"),
        Column.OUTTURN: ("£24,367,912.00", ""),
        Column.FORECAST: ("(£600,000.00)", "Adverse"),
    }
    assert page.headlines[Column.VARIANCE].accessibleName() == "Variance to date: minus £600,000.00, adverse"
    assert page.transfers.text() == "NHS Telford and Wrekin CCG pays Telford & Wrekin Council £300,000.00"
    assert page.months.facts.text() == (
        "£24,367,912.00 was spent to M12 against a budget of £23,767,912.00, £600,000.00 above it."
    )


def test_another_period_and_the_forecast_show_their_own_figures(show: Show, session: Session, qtbot: QtBot) -> None:
    case = GOLDEN / "ccg-to-icb-2022-23"
    page = show(case)
    for period, outturn in ((Period.M3, False), (Period.M3, True), (Period.M5, False)):
        session.choose(period, outturn=outturn)
        settle_down(qtbot, session)
        expected = settled(case, period, outturn=outturn)
        shown = [figures["Net due"] for figures in partner_cells(page).values()][:-1]
        assert shown == [row.net_due_pence for row in expected.rows]
        assert page.headlines[Column.ACTUAL].pence == sum(map(sum, settled(case, period).outcome.figures.spend))
        assert ("forecast outturn" in page.subtitle.text()) == outturn
        assert page.whose.count() == len(expected.rows) + 1


def test_figures_follow_the_units(show: Show, session: Session, qtbot: QtBot) -> None:
    page = show(GOLDEN / "telford-2019-20")
    session.keep(Preferences(units=Units.THOUSANDS))
    settle_down(qtbot, session)
    assert page.headlines[Column.BUDGET].figure.text() == "23,768"
    assert page.headlines[Column.BUDGET].label.text() == "Budget to date £000"
    assert page.headlines[Column.BUDGET].pence == 2_376_791_200
    assert page.funds.headings[1] == "Budget to date £000"


# Where it leads


def test_figures_lead_to_their_lines(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)
    tile = page.headlines[Column.ACTUAL]
    tile.setFocus()
    link = followed(qtbot, page, lambda: qtbot.keyClick(tile, Qt.Key.Key_Space))
    assert link == Link(
        links.LEDGER,
        Lines(kind=Kind.ACTUAL, upto=Period.M12, why="Actual of all schemes, up to M12; accruals are besides"),
    )
    page.fund_tree.expand(page.funds.index(0, 0))
    scheme = page.funds.index(1, 2, page.funds.index(0, 0))
    page.fund_tree.setCurrentIndex(scheme)
    link = followed(qtbot, page, lambda: qtbot.keyClick(page.fund_tree, Qt.Key.Key_Return))
    assert isinstance(link.target, Lines)
    assert (link.target.kind, link.target.upto) == (Kind.ACTUAL, Period.M12)
    assert link.target.scheme in {"INTERMEDIATE", "MENTALHEALTH", "REABLEMENT", "EQUIPMENT", "DFG"}
    total = page.funds.rowCount() - 1
    assert enter(qtbot, page, total, 2) == Link(
        links.LEDGER,
        Lines(kind=Kind.ACTUAL, upto=Period.M12, why="Actual of all schemes, up to M12; accruals are besides"),
    )
    assert enter(qtbot, page, total, 6).target == Lines(why="Every line of all schemes, the whole year")


def test_enter_on_a_fund_opens_its_schemes_and_closes_them(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)
    tree, first = page.fund_tree, page.funds.index(0, 0)
    before = tree.height()
    tree.setFocus()
    tree.setCurrentIndex(page.funds.index(0, 2))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert tree.isExpanded(first)
    assert tree.height() > before
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert not tree.isExpanded(first)
    assert tree.height() == before


def test_arrows_go_along_the_figures_of_a_fund(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)
    tree = page.fund_tree
    tree.setFocus()
    tree.setCurrentIndex(page.funds.index(0, 0))
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert tree.isExpanded(page.funds.index(0, 0))
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert tree.currentIndex().column() == 2
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert tree.currentIndex().column() == 0
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert not tree.isExpanded(page.funds.index(0, 0))


def test_the_tree_is_copied_with_what_is_open_in_it(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    page.fund_tree.expand(page.funds.index(0, 0))
    page.fund_tree.copy()
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert [row[0] for row in rows] == [
        "Fund and scheme",
        "Better Care Fund",
        "Schemes overspending",
        "Schemes underspending",
    ]
    assert rows[1][1:5] == ["23767912.00", "24367912.00", "-600000.00", "Adverse"]


def test_a_screen_reader_hears_what_a_figure_is_of(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    said = page.funds.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Better Care Fund, Variance: minus £600,000.00"
    below = page.funds.index(1, 3, page.funds.index(0, 0))
    assert below.data(Qt.ItemDataRole.AccessibleTextRole) == "Schemes underspending, Variance: £80,000.00"


def test_a_partner_s_figures_lead_to_its_lines_and_its_net_due_to_the_settlement(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)
    table = page.partner_table

    def at(column: int) -> Link:
        table.setCurrentIndex(page.partners.index(1, column))
        return followed(qtbot, page, lambda: qtbot.keyClick(table, Qt.Key.Key_Return))

    assert at(1).target == Lines(partner="CCG", kind=Kind.BUDGET, upto=Period.M12, why="NHS Rotherham CCG, up to M12")
    assert at(4).target == Lines(partner="CCG", why="NHS Rotherham CCG, the whole year")
    headings = [page.partners.headerData(column, Qt.Orientation.Horizontal) for column in range(9)]
    assert at(headings.index("Net due")) == Link(links.SETTLEMENT, Figure("CCG"))
    assert at(headings.index("Share of variance")) == Link(links.SETTLEMENT, Figure("CCG"))


def test_a_successor_s_lines_are_not_kept_to_its_own_code(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "ccg-to-icb-2022-23")
    page.partner_table.setCurrentIndex(page.partners.index(1, 1))
    link = followed(qtbot, page, lambda: qtbot.keyClick(page.partner_table, Qt.Key.Key_Return))
    assert isinstance(link.target, Lines)
    assert link.target.partner is None
    assert "those it succeeds" in link.target.why


def test_who_pays_whom_leads_to_the_payer(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)
    link = followed(qtbot, page, lambda: qtbot.mouseClick(page.see_settlement, Qt.MouseButton.LeftButton))
    assert link == Link(links.SETTLEMENT, Figure("CCG"))


def test_marks_of_the_charts_lead_on(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / ROTHERHAM)

    def all_links(chart: Chart) -> list[Link | None]:
        return [mark.link for mark in chart.marks]

    budget, actual = all_links(page.months)[-2:]
    assert budget == Link(
        links.LEDGER,
        Lines(period=Period.M12, why="Budget of M12, March 2017: £14,700,000.01, with any virements"),
    )
    assert actual == Link(
        links.LEDGER, Lines(period=Period.M12, why="Actual of M12, March 2017: £15,895,679.00, accruals among it")
    )
    steps = all_links(page.waterfall)
    assert Link(links.RISK_SHARE, ClauseOf("4.1")) in steps
    assert Link(links.SETTLEMENT, Figure("CCG")) in steps
    assert all_links(page.caps)[0] == Link(links.RISK_SHARE, ClauseOf("4.3"))
    assert all_links(page.caps)[1] == Link(links.SETTLEMENT, Figure("COUNCIL"))
    page.waterfall.canvas.setFocus()
    qtbot.keyClick(page.waterfall.canvas, Qt.Key.Key_Home)
    link = followed(qtbot, page, lambda: qtbot.keyClick(page.waterfall.canvas, Qt.Key.Key_Return))
    assert link == steps[0]


def test_an_amount_of_one_group_leads_to_it(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    assert page.waterfall.marks[0].link == Link(links.SETTLEMENT, Subject("BCF", On.OVERSPEND))


def test_months_are_shown_by_themselves_or_added_up(show: Show, qtbot: QtBot) -> None:
    page = show(GOLDEN / "ccg-to-icb-2022-23")
    alone = [row[2].pence for row in page.months.table().rows]
    page.how_months.setFocus()
    qtbot.keyClick(page.how_months, Qt.Key.Key_Down)
    running = [row[2].pence for row in page.months.table().rows]
    assert running[:6] == [sum(each or 0 for each in alone[: number + 1]) for number in range(6)]
    assert running[6:] == [None] * 6
    assert page.months.table().rows[-1][3].pence == page.headlines[Column.OUTTURN].pence
    link = page.months.marks[-1].link
    assert link is not None
    assert isinstance(link.target, Lines)
    assert link.target.upto is Period.M12


# What needs doing


def test_what_is_unallocated_cannot_be_missed(show: Show, qtbot: QtBot, troubled: Path) -> None:
    page = show(troubled)
    left = settled(troubled).outcome.unallocated_pence
    assert left == 46_367_899
    assert page.unallocated.isVisible()
    assert page.unallocated.heading.text() == "Unallocated: £463,678.99"
    assert "the period cannot be signed" in page.unallocated.body.text()
    assert page.todo.item(0).text().startswith("Before signing: No clause deals with £20,449.86 of the overspend")
    assert any(mark.said.startswith("Unallocated: no clause deals with it") for mark in page.waterfall.marks)
    link = followed(qtbot, page, lambda: qtbot.mouseClick(page.see_schedule, Qt.MouseButton.LeftButton))
    assert link == Link(links.RISK_SHARE)


def test_everything_that_needs_doing_is_a_link(show: Show, qtbot: QtBot, troubled: Path) -> None:
    page = show(troubled)
    told = {page.todo.item(row).text(): row for row in range(page.todo.count())}

    def leads(start: str) -> Link:
        row = next(row for text, row in told.items() if text.startswith(start))
        page.todo.setFocus()
        page.todo.setCurrentRow(row)
        return followed(qtbot, page, lambda: qtbot.keyClick(page.todo, Qt.Key.Key_Return))

    assert leads("Before signing: No clause deals") == Link(links.RISK_SHARE)
    control = leads("Before signing: The actual of scheme EQUIPMENT to M12 should be £99.00")
    assert control.page == links.LEDGER
    assert isinstance(control.target, Lines)
    assert (control.target.scheme, control.target.kind, control.target.upto) == ("EQUIPMENT", Kind.ACTUAL, Period.M12)
    assert leads("M4 to M12 have passed") == Link(links.SIGN_OFF, PeriodOf(Period.M12))
    assert leads("M1 to M3 are held") == Link(links.SIGN_OFF, PeriodOf(Period.M3))
    assert leads("Version 2 of the agreement") == Link(links.AGREEMENT, PartOf("versions", "2"))
    dispute = leads("CCG disputes line 3")
    assert dispute.page == links.LEDGER
    assert isinstance(dispute.target, Lines)
    assert dispute.target.ids == (3,)
    assert "For <another> service & more" in dispute.target.why
    assert len(told) == page.todo.count()


def test_a_double_click_on_a_task_follows_it(show: Show, qtbot: QtBot, troubled: Path) -> None:
    page = show(troubled)
    qtbot.wait(20)
    where = page.todo.visualItemRect(page.todo.item(1)).center()
    viewport = page.todo.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    link = followed(qtbot, page, lambda: qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where))
    assert link == task_link(page.todo.tasks[1])


def test_a_calm_sentence_where_nothing_needs_doing(show: Show) -> None:
    page = show(GOLDEN / "telford-2019-20")
    assert page.calm.isVisible()
    assert page.calm.text().startswith("Nothing needs doing")
    assert not page.todo.isVisible()
    assert page.check_state.text() == "Every line has been checked."


def test_what_only_a_check_of_every_line_finds_is_added(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    case = GOLDEN / "telford-2019-20"
    file = tmp_path / "late.s75"
    with create_ledger(file, (case / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(case / "lines.csv")
        ledger.hold(Period.M12)
        copy = tmp_path / "more.csv"
        header, first, *_ = (case / "lines.csv").read_text(encoding="utf-8").splitlines()
        copy.write_text(f"{header}\n{first.replace('M12', 'M11')}\n", encoding="utf-8")
        ledger.import_file(copy)
    page = show(file, period=Period.M13)
    (row,) = [row for row in range(page.todo.count()) if "really of M11" in page.todo.item(row).text()]
    page.todo.setCurrentRow(row)
    link = followed(qtbot, page, lambda: qtbot.keyClick(page.todo, Qt.Key.Key_Return))
    assert isinstance(link.target, Lines)
    assert (link.target.late, link.target.period) == (True, Period.M13)


def test_a_long_ledger_is_checked_aside_and_once(
    show: Show, session: Session, qtbot: QtBot, open_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MANY_LINES", 3)
    monkeypatch.setattr(checking, "SOON", 0)
    begun: list[object] = []
    aside = session.aside
    monkeypatch.setattr(session, "aside", lambda *told, **keys: (begun.append(told), aside(*told, **keys))[1])
    page = show(open_file(ROTHERHAM))
    assert page.check_state.text() == "Every line has been checked."
    assert len(begun) == 1
    session.choose(Period.M12, outturn=True)
    settle_down(qtbot, session)
    assert len(begun) == 1, "the other reading of the same period has the same lines"
    session.choose(Period.M11, outturn=True)
    settle_down(qtbot, session)
    assert len(begun) == 2
    page.check_again.setFocus()
    qtbot.keyClick(page.check_again, Qt.Key.Key_Space)
    assert page.check_state.text() == "Every line is being checked…"
    assert not page.check_again.isEnabled()
    settle_down(qtbot, session)
    assert len(begun) == 3
    assert page.check_state.text() == "Every line has been checked."


def test_a_long_ledger_is_checked_only_while_its_page_is_looked_at(
    show: Show, session: Session, qtbot: QtBot, open_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MANY_LINES", 3)
    page = show(open_file(ROTHERHAM))
    assert page.check_state.text() == "Every line is being checked…"
    assert not session.busy, "it waits until the person has looked at the page for a while"
    page.hide()
    monkeypatch.setattr(checking, "SOON", 0)
    qtbot.wait(30)
    assert not session.busy
    page.show()
    qtbot.waitUntil(lambda: session.busy)
    page.hide()
    settle_down(qtbot, session)
    assert page.check_state.text() == "Every line is being checked…"
    page.show()
    qtbot.waitUntil(lambda: page.check_state.text() == "Every line has been checked.", timeout=60_000)


def test_a_check_that_fails_says_so_and_can_be_tried_again(
    show: Show, qtbot: QtBot, session: Session, open_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MANY_LINES", 3)
    monkeypatch.setattr(checking, "SOON", 0)
    file = open_file("telford-2019-20")
    page = show(file)
    assert session.opened is not None
    file.rename(file.with_name("gone.s75"))
    page.check_again.click()
    settle_down(qtbot, session)
    assert page.check_state.text().startswith("The lines could not be checked: ")
    assert page.check_again.isEnabled()


# States of a ledger


def test_a_ledger_without_lines_says_what_to_do(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "empty.s75"
    create_ledger(file, (GOLDEN / "telford-2019-20" / "agreement.toml").read_text(encoding="utf-8")).close()
    page = show(file)
    assert page.empty.isVisible()
    assert not page.body.isVisible()
    assert page.first_focus() is page.import_button
    assert page.empty.sentence.text().startswith("Import the two general ledgers’ extracts, or enter lines.")
    for button, doing in ((page.import_button, "import"), (page.enter_button, "enter")):
        button.setFocus()
        assert followed(qtbot, page, lambda one=button: qtbot.keyClick(one, Qt.Key.Key_Space)) == Link(
            links.LEDGER, Entry(doing)
        )


def test_an_empty_ledger_that_can_only_be_read_says_why_nothing_can_be_done(show: Show, tmp_path: Path) -> None:
    file = tmp_path / "empty.s75"
    create_ledger(file, (GOLDEN / "telford-2019-20" / "agreement.toml").read_text(encoding="utf-8")).close()
    page = show(file, read_only=True)
    assert not page.import_button.isEnabled()
    assert "opened to be read" in page.import_button.toolTip()
    assert "opened to be read" in page.empty.sentence.text()


def test_an_agreement_that_cannot_be_applied_leaves_the_figures(show: Show, tmp_path: Path) -> None:
    text = (GOLDEN / "telford-2019-20" / "agreement.toml").read_text(encoding="utf-8")
    file = tmp_path / "none.s75"
    share = 'share = { by = "fixed", COUNCIL = "50", CCG = "50" }'
    with create_ledger(file, text.replace(share, 'share = { by = "scheme" }')) as ledger:
        csv = tmp_path / "lines.csv"
        csv.write_text(
            "period,scheme,partner,kind,amount,date,reference,description\nM12,COMMUNITY,COUNCIL,actual,30.00,,,\n",
            encoding="utf-8",
        )
        ledger.import_file(csv)
    page = show(file)
    assert page.headlines[Column.ACTUAL].pence == 3_000
    assert page.transfers.text() == "There is no settlement: the agreement cannot be applied to these figures."
    assert not page.see_settlement.isEnabled()
    assert page.todo.item(0).text().startswith("Before signing: The agreement cannot be applied: ")
    assert page.waterfall.nothing.isVisible()
    assert page.caps.nothing.text() == "There is no settlement to read exposures from."
    assert partner_cells(page)["Telford & Wrekin Council"]["Net due"] is None


def test_a_ledger_that_cannot_be_read_says_why_and_shows_no_figures(
    show: Show, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(GOLDEN / "telford-2019-20")

    def fail(*_told: object, **_keys: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("ui.pages.overview.page.overview_of", fail)
    session.choose(Period.M3, outturn=False)
    settle_down(qtbot, session)
    assert page.failure.isVisible()
    assert page.failure.heading.text() == "The ledger could not be read"
    assert page.failure.body.text() == "The computer refused it: Input/output error."
    assert page.subtitle.text() == "Telford & Wrekin Better Care Fund: no figures at M3"
    assert not page.body.isVisible()


def test_choosing_fast_shows_the_last_choice_only(show: Show, session: Session, qtbot: QtBot) -> None:
    page = show(GOLDEN / "ccg-to-icb-2022-23")
    shown: list[str] = []
    page.partners.modelReset.connect(lambda: shown.append(page.subtitle.text()))
    for period in (Period.M2, Period.M4, Period.M7, Period.M9):
        session.choose(period, outturn=False)
    settle_down(qtbot, session)
    title = "Two CCGs become one ICB on 1 July 2022, in the middle of a pooled year"
    assert shown == [f"{title}, 2022/23, year to date at M9, December 2022; M9 is open"]


def test_closing_the_ledger_leaves_no_figure_behind(show: Show, session: Session, qtbot: QtBot) -> None:
    page = show(GOLDEN / "telford-2019-20")
    session.close_ledger()
    settle_down(qtbot, session)
    assert not page.body.isVisible()
    assert not page.unallocated.isVisible()


# To be seen, heard and reached


@pytest.fixture(params=[(Theme.LIGHT, 100), (Theme.DARK, 100), (Theme.LIGHT, 200)])
def dressed(request: pytest.FixtureRequest) -> Iterator[int]:
    """Both themes, and text at twice its size; as it was afterwards."""
    theme, size = request.param
    dress(application(), theme, size)
    yield size
    dress(application(), Theme.SYSTEM)


def test_everything_can_be_read_and_has_a_name(dressed: int, show: Show, troubled: Path, qtbot: QtBot) -> None:
    page = show(troubled)
    qtbot.wait(50)
    assert cut_off(page) == []
    assert nameless(page) == []
    assert mnemonics(page) == []
    if dressed == 100:
        inside = page.area.widget()
        assert faint(inside) == []


def test_tab_comes_to_everything(show: Show, troubled: Path, qtbot: QtBot) -> None:
    page = show(troubled)
    page.activateWindow()
    page.headlines[Column.BUDGET].setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert unreached(page) == []


def test_the_tasks_stand_whole_however_long(show: Show, troubled: Path, qtbot: QtBot, dressed: int) -> None:
    assert dressed
    page = show(troubled)
    page.resize(600, 700)
    qtbot.wait(30)
    todo = page.todo
    last = todo.visualItemRect(todo.item(todo.count() - 1))
    assert last.bottom() <= todo.viewport().height()
    for row in range(todo.count()):
        item = todo.item(row)
        metrics = todo.fontMetrics()
        whole = metrics.boundingRect(
            0, 0, todo.viewport().width(), 10_000, Qt.TextFlag.TextWordWrap, item.text()
        ).height()
        assert todo.visualItemRect(item).height() >= whole


def test_mnemonics_differ_from_the_window_s(window: Window, opening: Opener, troubled: Path) -> None:
    opening(troubled)
    assert window.current.key == links.OVERVIEW
    menus = {
        action.text().replace("&&", "")[action.text().index("&") + 1].lower() for action in window.menuBar().actions()
    }
    page = window.current
    assert isinstance(page, OverviewPage)
    own = [page.see_schedule, page.see_settlement, page.check_again, page.import_button, page.enter_button]
    letters = {button.text()[button.text().index("&") + 1].lower() for button in own}
    assert not letters & menus
    assert mnemonics(window) == []


def test_the_page_keeps_quiet_on_a_million_lines(
    window: Window, wait: Callable[[], None], million: Path, watchdog: Watchdog, qtbot: QtBot
) -> None:
    with watchdog.watching("opening and looking through the Overview"):
        window.open_ledger(str(million))
        qtbot.waitUntil(lambda: isinstance(window.current, OverviewPage), timeout=30_000)
        page = window.current
        assert isinstance(page, OverviewPage)
        qtbot.waitUntil(lambda: bool(page.months.marks), timeout=60_000)
        assert page.check_state.text() == "Every line is being checked…"
        page.fund_tree.expandAll()
        page.whose.setCurrentIndex(1)
        page.how_months.setCurrentIndex(1)
        for place in range(0, page.area.verticalScrollBar().maximum(), 400):
            page.area.verticalScrollBar().setValue(place)
            qtbot.wait(5)
        window.session.choose(Period.M6, outturn=True)
        qtbot.waitUntil(lambda: "M6" in page.subtitle.text(), timeout=60_000)
        wait()
    assert page.check_state.text() == "Every line is being checked…"
    assert page.funds.rowCount() == 6
    assert partner_cells(page)["All partners"]["Net due"] == 0
