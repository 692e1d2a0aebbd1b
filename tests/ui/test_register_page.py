"""The Ledger page, driven by keyboard and mouse: which lines it shows, what they come to, where its links lead."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from ledgers import NewLine, create_ledger, open_ledger
from ledgers.disputes import dispute_line
from ledgers.evidence import About, attach
from ledgers.register import By, Column, Filter, Sort
from rules.agreement import Kind
from rules.periods import Period
from ui import links
from ui.links import Lines, Link
from ui.pages.register.choosing import AmountDialog, ChooseDialog, GoToDialog
from ui.pages.register.columns import AMOUNT, HEADINGS, NUMBER, REVERSES, SCHEME
from ui.pages.register.page import LedgerPage
from ui.preferences import Negatives
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener
from .person import Person

CASE = "rotherham-first-call"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Rotherham case with a line (20) that was posted, taken back (21), disputed and has a document."""
    folder = tmp_path_factory.mktemp("story")
    file, document = folder / "story.s75", folder / "invoice.pdf"
    with create_ledger(file, (GOLDEN / CASE / "agreement.toml").read_text(encoding="utf-8")) as ledger:
        ledger.import_file(GOLDEN / CASE / "lines.csv")
    document.write_bytes(b"%PDF-1.4 an invoice")
    with open_ledger(file) as ledger:
        told = NewLine(
            Period.M12, "DFG", "COUNCIL", Kind.ACTUAL, 12_345, reference="=INV-1", description="Lift <1> & 2"
        )
        ledger.post([told], source="by hand")
        ledger.reverse(20, "posted to the wrong scheme")
        attach(ledger, document, About.LINE, 20, "from the provider")
        dispute_line(ledger, 20, "CCG", "not agreed")
    return file


@pytest.fixture
def with_story(story: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copyfile(story, tmp_path / "story.s75"))


@pytest.fixture
def page(window: Window, opening: Opener, with_story: Path, ready: Callable[[], None]) -> LedgerPage:
    opening(with_story)
    window.go(Link(links.LEDGER))
    ready()
    return the_page(window)


@pytest.fixture
def ready(window: Window, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the page has nothing more to ask."""

    def wait() -> None:
        session, page = window.session, the_page(window)

        def is_idle() -> bool:
            busy = session.reads.busy or session.searches.busy or session.writes.busy
            return not busy and not any(timer.isActive() for timer in (page.table._rest, page.model._timer))

        for _ in range(3):
            qtbot.waitUntil(is_idle, timeout=30_000)
            qtbot.wait(5)

    return wait


@pytest.fixture
def person(qtbot: QtBot, window: Window) -> Iterator[Person]:
    yield Person(qtbot, window)
    for dialog in window.findChildren(QDialog):
        dialog.close()


def the_page(window: Window) -> LedgerPage:
    page = window.page(links.LEDGER)
    assert isinstance(page, LedgerPage)
    return page


def cell(page: LedgerPage, row: int, column: int) -> str:
    return str(page.model.index(row, column).data())


def numbers(page: LedgerPage) -> list[int]:
    return [int(cell(page, row, NUMBER)) for row in range(page.model.rowCount())]


def current(page: LedgerPage) -> int:
    return int(cell(page, page.table.currentIndex().row(), NUMBER))


def dialog_of(page: LedgerPage, kind: type[QDialog]) -> QDialog:
    (found,) = [each for each in page.findChildren(kind) if each.isVisible()]
    return found


# --- lines ------------------------------------------------------------------------------------------------------------


def test_every_line_is_there_with_its_amount_in_pence(page: LedgerPage, with_story: Path) -> None:
    with open_ledger(with_story, read_only=True) as ledger:
        lines = list(ledger.lines())
    assert numbers(page) == [line.id for line in lines] == list(range(1, 22))
    shown = [page.model.index(row, AMOUNT).data(PENCE) for row in range(21)]
    assert shown == [line.amount_pence for line in lines]
    assert cell(page, 8, AMOUNT) == "(£50,000.00)"
    assert page.model.index(8, SCHEME).data(PENCE) is None
    assert cell(page, 0, SCHEME) == "REABLEMENT Reablement"
    assert [cell(page, row, REVERSES) for row in (19, 20)] == ["reversed by 21", "reverses 20"]


def test_what_is_shown_and_selected_comes_to_is_said_by_kind(page: LedgerPage, person: Person) -> None:
    assert page.totals.shown.text() == (
        "21 lines: Budget £14,700,000.01, Virement £0.00, Payment £3,650,000.00, Actual £15,883,333.33, "
        "Accrual £12,345.67"
    )
    assert page.totals.selected.text() == "1 line: Budget £2,100,000.00"
    page.table.setFocus()
    person.press("Shift+Down", "Shift+Down")
    person.wait_for(lambda: page.totals.selected.text() == "3 lines: Budget £4,700,000.00")
    person.press("Ctrl+A")
    person.wait_for(lambda: page.totals.selected.text() == page.totals.shown.text())


def test_a_cell_is_said_with_its_heading_and_its_sign(page: LedgerPage) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert page.model.index(8, AMOUNT).data(role) == "Amount: minus £50,000.00"
    assert page.model.index(8, NUMBER).data(role) == "Number: 9"
    assert page.model.index(8, REVERSES).data(role) == "Reversal: nothing"


def test_negatives_follow_what_was_chosen(page: LedgerPage, window: Window, ready: Callable[[], None]) -> None:
    from dataclasses import replace

    window.session.keep(replace(window.session.preferences, negatives=Negatives.MINUS))
    ready()
    assert cell(page, 8, AMOUNT) == "\N{MINUS SIGN}£50,000.00"
    assert "Virement £0.00" in page.totals.shown.text()


def test_another_period_asks_for_nothing(page: LedgerPage, window: Window) -> None:
    window.session.choose(Period.M1, outturn=False)
    assert not window.session.searches.busy
    assert not page._is_stale


# --- order ------------------------------------------------------------------------------------------------------------


def test_a_heading_sorts_and_pressed_again_the_other_way(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    header = page.table.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(AMOUNT) + 20, header.height() // 2)
    person.click(header.viewport(), where)
    ready()
    amounts = [page.model.index(row, AMOUNT).data(PENCE) for row in range(21)]
    assert amounts == sorted(amounts)
    assert header.model().headerData(AMOUNT, Qt.Orientation.Horizontal) == "Amount ▲"
    person.click(header.viewport(), where)
    ready()
    assert [page.model.index(row, AMOUNT).data(PENCE) for row in range(21)] == sorted(amounts, reverse=True)
    assert header.model().headerData(AMOUNT, Qt.Orientation.Horizontal) == "Amount ▼"
    assert page.table.currentIndex().row() == 0


def test_the_keyboard_sorts_by_a_menu(page: LedgerPage, ready: Callable[[], None]) -> None:
    actions = {action.text(): action for action in page.filters.order.menu().actions()}
    actions["Scheme"].trigger()
    ready()
    assert [cell(page, row, SCHEME).split()[0] for row in range(3)] == ["DFG"] * 3
    actions["&Descending: Z to A, largest first"].trigger()
    ready()
    assert cell(page, 0, SCHEME) == "REABLEMENT Reablement"
    ticked = [action.text() for action in page.filters.order.menu().actions() if action.isChecked()]
    assert ticked == ["Scheme", "&Descending: Z to A, largest first"]
    assert page.filters.order.accessibleName() == "Sort lines: by Scheme, descending"


def test_columns_stay_as_wide_as_they_were_made(page: LedgerPage, window: Window, qtbot: QtBot) -> None:
    page.table.setColumnWidth(SCHEME, 333)
    qtbot.waitUntil(lambda: bool(window.session.kept("register.columns")))
    again = LedgerPage(window.session)
    qtbot.addWidget(again)
    assert again.table.columnWidth(SCHEME) == 333
    again.table.reset_columns()
    assert again.table.columnWidth(SCHEME) != 333


def test_columns_are_hidden_and_shown_again(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    menu = page.doing.columns_button.menu()
    menu.aboutToShow.emit()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["No."].isEnabled()
    actions["Date"].trigger()
    assert page.table.isColumnHidden(2)
    page.table.setFocus()
    person.press("Ctrl+C")
    ready()
    assert "Date" not in QGuiApplication.clipboard().text().split("\n")[0].split("\t")
    actions["&As at first"].trigger()
    assert not page.table.isColumnHidden(2)


# --- filters ----------------------------------------------------------------------------------------------------------


def test_typing_in_the_search_field_finds_lines(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    page.table.setFocus()
    person.press("Ctrl+F")
    assert page.filters.search.hasFocus()
    person.type("lift <1>")
    person.wait_for(lambda: page.model.rowCount() == 2)
    ready()
    assert numbers(page) == [20, 21]
    person.press("Return")
    assert page.table.hasFocus()
    person.press("Ctrl+F", "Escape")
    person.wait_for(lambda: page.model.rowCount() == 21)
    ready()
    assert page.table.hasFocus()
    assert current(page) == 20


def test_schemes_are_ticked_in_a_dialog_and_taken_off_by_their_chip(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.narrowing.ask("schemes")
    ready()
    dialog = dialog_of(page, ChooseDialog)
    assert isinstance(dialog, ChooseDialog)
    dialog.looked_for.setFocus()
    person.type("disabled")
    visible = [
        dialog.list.item(row).text() for row in range(dialog.list.count()) if not dialog.list.item(row).isHidden()
    ]
    assert visible == ["DFG Disabled Facilities Grant"]
    person.click(dialog.tick_all)
    person.click(dialog.does)
    ready()
    assert numbers(page) == [8, 19, 20, 21]
    assert page.totals.shown.text() == "4 lines: Budget £2,000,000.00, Actual £1,900,000.00"
    (chip,) = page.filters.chips
    assert chip.text() == "Scheme: DFG Disabled Facilities Grant  ×"
    assert chip.accessibleName() == "Take off the filter Scheme: DFG Disabled Facilities Grant"
    person.click(chip)
    ready()
    assert page.model.rowCount() == 21
    assert not page.filters.everything.isVisible()


def test_a_name_that_nothing_has_is_said_in_the_dialog(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.narrowing.ask("partners")
    ready()
    dialog = dialog_of(page, ChooseDialog)
    assert isinstance(dialog, ChooseDialog)
    dialog.looked_for.setFocus()
    person.type("zzz")
    assert dialog.none.isVisible()


@pytest.mark.parametrize(
    ("name", "row", "expected", "chip"),
    [
        ("periods", 0, 21, "Period: M12, March 2017"),
        ("upto", 0, 0, "Up to M1, April 2016"),
        ("funds", 0, 7, "Fund: POOL1 Pooled fund 1, hosted by the CCG"),
        ("partners", 0, 8, "Partner: CCG NHS Rotherham CCG"),
        ("kinds", 1, 2, "Kind: Virement"),
        ("batches", 1, 1, "Batch: 2"),
    ],
)
def test_each_thing_to_choose_by_finds_its_lines(
    page: LedgerPage, ready: Callable[[], None], name: str, row: int, expected: int, chip: str
) -> None:
    page.narrowing.ask(name)
    ready()
    dialog = dialog_of(page, ChooseDialog)
    assert isinstance(dialog, ChooseDialog)
    dialog.list.item(row).setCheckState(Qt.CheckState.Checked)
    dialog.act()
    ready()
    assert page.model.rowCount() == expected
    assert [each.text().removesuffix("  ×") for each in page.filters.chips] == [chip]


def test_only_one_period_is_the_last(page: LedgerPage, ready: Callable[[], None]) -> None:
    page.narrowing.ask("upto")
    ready()
    dialog = dialog_of(page, ChooseDialog)
    assert isinstance(dialog, ChooseDialog)
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.list.item(11).setCheckState(Qt.CheckState.Checked)
    dialog.act()
    ready()
    assert page.wanted == Filter(upto=Period.M12)


def test_amounts_from_to(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    page.narrowing.ask("amounts")
    dialog = dialog_of(page, AmountDialog)
    assert isinstance(dialog, AmountDialog)
    dialog.least.setText("12 pounds")
    person.click(dialog.does)
    assert (
        dialog.problem.body.text()
        == "“12 pounds” is not an amount; write pounds and pence, for example 1,234.56 or (1,234.56)"
    )
    dialog.least.setText("(100.00)")
    dialog.most.setText("(200.00)")
    person.click(dialog.does)
    assert dialog.problem.body.text() == "The lower amount is above the higher one. Change one of them."
    dialog.least.setText("(200.00)")
    dialog.most.setText("100,000")
    person.click(dialog.does)
    ready()
    assert [each.text() for each in page.filters.chips] == ["Amount: (£200.00) to £100,000.00  ×"]
    assert numbers(page) == [10, 16, 20, 21]


def test_what_lines_are_can_be_asked_by_a_menu(page: LedgerPage, ready: Callable[[], None]) -> None:
    actions = {action.text(): action for action in page.filters.only.menu().actions()}
    actions["&Reversals"].trigger()
    ready()
    assert numbers(page) == [21]
    page.show_only(Filter())
    actions["Lines that were r&eversed"].trigger()
    ready()
    assert numbers(page) == [20]
    page.show_only(Filter())
    actions["&Late lines"].trigger()
    ready()
    assert page.parts.nothing_filtered.isVisible()


def test_lines_with_the_same_in_a_column_are_shown_by_keys(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(8, HEADINGS.index(next(h for h in HEADINGS if h.text == "Reference"))))
    person.press("Ctrl+Shift+F")
    ready()
    assert numbers(page) == [9, 10]
    assert [each.text() for each in page.filters.chips] == ["Reference: “V1”  ×"]


def test_when_nothing_is_found_it_says_so_and_leads_back(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.show_only(Filter(text="zzz & <b>"))
    ready()
    assert page.parts.nothing_filtered.heading.text() == "Nothing has “zzz & <b>” in it"
    (way,) = page.parts.nothing_filtered.findChildren(QPushButton)
    person.click(way)
    ready()
    assert page.model.rowCount() == 21
    assert page.table.isVisible()
    assert page.filters.search.text() == ""


# --- where the person is ----------------------------------------------------------------------------------------------


def test_ctrl_end_ctrl_home_and_a_number_lead_to_lines(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    person.press("Ctrl+End")
    assert current(page) == 21
    person.press("Ctrl+Home")
    assert current(page) == 1
    person.press("1")
    ready()
    dialog = dialog_of(page, GoToDialog)
    assert isinstance(dialog, GoToDialog)
    assert dialog.number.text() == "1"
    person.type("2\n")
    ready()
    assert current(page) == 12


def test_a_line_that_is_not_there_is_said(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    page.table.setFocus()
    person.press("Ctrl+G")
    ready()
    dialog = dialog_of(page, GoToDialog)
    person.type("x\n")
    assert isinstance(dialog, GoToDialog)
    assert dialog.problem.body.text() == "Give the number of a line, in digits."
    dialog.number.setText("99")
    person.press("Return")
    ready()
    assert page.parts.note.heading.text() == "There is no line 99"
    page.show_only(Filter(kinds=(Kind.BUDGET,)))
    ready()
    page.go_to_line(20)
    ready()
    assert page.parts.note.heading.text() == "Line 20 is not among the lines shown"
    assert current(page) == 1


def test_a_link_to_lines_is_headed_by_why_and_alt_left_leads_back(
    page: LedgerPage, window: Window, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    person.press("Ctrl+End")
    window.go(Link(links.LEDGER, Lines(scheme="DFG", kind=Kind.ACTUAL, first=19, why="Actual of Disabled Facilities")))
    ready()
    assert page.parts.heading.text() == "Actual of Disabled Facilities"
    assert (numbers(page), current(page)) == ([19, 20, 21], 19)
    window.go(Link(links.SETTLEMENT))
    person.press("Alt+Left")
    ready()
    assert (page.parts.heading.text(), numbers(page), current(page)) == (
        "Actual of Disabled Facilities", [19, 20, 21], 19,
    )  # fmt: skip
    person.press("Alt+Left")
    ready()
    assert (page.wanted, current(page)) == (Filter(), 21)
    assert page.parts.heading.text().startswith("Lines of Rotherham")


def test_a_filter_of_ones_own_has_no_foreign_heading(
    page: LedgerPage, window: Window, ready: Callable[[], None]
) -> None:
    window.go(Link(links.LEDGER, Lines(scheme="DFG", why="Why")))
    ready()
    page.filters.everything.click()
    ready()
    assert page.parts.heading.text() != "Why"


def test_posting_keeps_the_person_at_her_line_and_shows_the_new_one(
    page: LedgerPage, window: Window, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    page.go_to_line(5)
    more = NewLine(Period.M12, "DFG", "COUNCIL", Kind.ACTUAL, 1)
    window.session.write(lambda ledger, _job: ledger.post([more]), lambda _posted: None)
    ready()
    assert (page.model.rowCount(), current(page)) == (22, 5)
    page.sort_by(Sort(Column.AMOUNT))
    ready()
    page.go_to_line(5)
    ready()
    window.session.write(lambda ledger, _job: ledger.post([more]), lambda _posted: None)
    ready()
    assert (page.model.rowCount(), current(page)) == (23, 5)
    assert page.table.currentIndex().row() == 21


# --- groups -----------------------------------------------------------------------------------------------------------


def test_groups_come_with_counts_and_sums_by_kind_and_enter_opens_their_lines(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.filters.group.setCurrentIndex(page.filters.group.findText("By partner"))
    ready()
    grid = page.groups.grid_model
    headings = [grid.headerData(column, Qt.Orientation.Horizontal) for column in range(grid.columnCount())]
    assert headings == ["Partner", "Lines", "Budget", "Virement", "Payment", "Actual", "Accrual"]
    rows = [[grid.index(row, column).data() for column in range(3)] for row in range(grid.rowCount())]
    assert rows == [
        ["CCG NHS Rotherham CCG", "8", "£9,100,000.01"],
        ["COUNCIL Rotherham Metropolitan Borough Council", "13", "£5,600,000.00"],
    ]
    assert grid.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole) == "CCG NHS Rotherham CCG, Virement: none"
    page.groups.setFocus()
    person.press("Down", "Return")
    ready()
    assert page.by is None
    assert page.wanted == Filter(partners=("COUNCIL",))
    assert page.model.rowCount() == 13
    assert page.table.hasFocus()


@pytest.mark.parametrize(("by", "first"), [(By.KIND, "Budget"), (By.PERIOD, "M12, March 2017"), (By.BATCH, "Batch 1")])
def test_each_way_to_group_names_its_groups(page: LedgerPage, ready: Callable[[], None], by: By, first: str) -> None:
    page.group_by(by)
    ready()
    grid = page.groups.grid_model
    counts = sum(int(grid.index(row, 1).data()) for row in range(grid.rowCount()))
    assert (grid.index(0, 0).data() if by is not By.KIND else "Budget", counts) == (first, 21)
    page.groups.doubleClicked.emit(grid.index(0, 0))
    ready()
    assert page.by is None
    assert 0 < page.model.rowCount() <= 21


# --- the side panel ---------------------------------------------------------------------------------------------------


def test_enter_opens_a_lines_history_and_its_links_lead_on_and_back(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    page.go_to_line(20)
    person.press("Return")
    ready()
    told = page.panel.text
    assert "Actual of £123.45 in M12, March 2017, for DFG Disabled Facilities Grant" in told
    assert "Description: Lift <1> & 2" in told
    assert "Line 21 takes this line back. The reason given: posted to the wrong scheme." in told
    assert "invoice.pdf (19 bytes), attached to line 20" in told
    assert "Note: from the provider." in told
    assert "CCG disputes it from M12 on. not agreed. It is open." in told
    assert "post, batch 2" in told
    page.show_only(Filter(reversed=True))
    ready()
    (way,) = [each for each in page.panel.findChildren(QPushButton) if each.text() == "Go to line 21"]
    person.click(way)
    ready()
    assert (page.wanted, current(page)) == (Filter(), 21)
    assert "This line takes back line 20." in page.panel.text
    person.press("Alt+Left")
    ready()
    assert (page.wanted, current(page)) == (Filter(reversed=True), 20)


def test_the_row_of_the_file_is_shown_as_it_stood(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    from PySide6.QtWidgets import QPlainTextEdit

    page.table.setFocus()
    person.press("F4")
    ready()
    (raw,) = page.panel.findChildren(QPlainTextEdit)
    assert raw.toPlainText().startswith("M12,REABLEMENT,COUNCIL,budget,2100000.00")
    assert "Row 2 of" in page.panel.text
    assert "Batch 1: 19 lines, posted by" in page.panel.text
    person.press("F4")
    assert not page.panel.isVisible()
    assert page.table.hasFocus()


def test_the_other_lines_of_a_virement_and_its_batch_are_a_click_away(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.beside.show(shown=True)
    page.go_to_line(9)
    ready()
    assert "The virement “V1”" in page.panel.text
    ways = {each.text(): each for each in page.panel.findChildren(QPushButton)}
    person.click(ways["Go to line 10"])
    ready()
    assert current(page) == 10
    ways = {each.text(): each for each in page.panel.findChildren(QPushButton)}
    person.click(ways["Show batch 1"])
    ready()
    assert page.parts.heading.text() == "Lines of batch 1"
    assert (page.model.rowCount(), current(page)) == (19, 10)


def test_a_document_is_saved_and_opened(
    page: LedgerPage, person: Person, ready: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "ui.pages.register.taking_out.QDesktopServices.openUrl", lambda url: bool(opened.append(url.toLocalFile()))
    )
    target = tmp_path / "kept.pdf"
    monkeypatch.setattr("ui.pages.register.taking_out.QFileDialog.getSaveFileName", lambda *_args: (str(target), ""))
    page.beside.show(shown=True)
    page.go_to_line(20)
    ready()
    ways = {each.accessibleName(): each for each in page.panel.findChildren(QPushButton)}
    person.click(ways["Save the document invoice.pdf"])
    ready()
    assert target.read_bytes() == b"%PDF-1.4 an invoice"
    assert page.parts.note.heading.text() == "Saved the document"
    person.click(ways["Open the document invoice.pdf"])
    ready()
    assert Path(opened[0]).read_bytes() == b"%PDF-1.4 an invoice"
    assert page.parts.note.heading.text() == "No program on this computer opens that document"


# --- taking lines out -------------------------------------------------------------------------------------------------


def test_copied_lines_have_headings_plain_numbers_and_no_formula(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    page.go_to_line(20)
    person.press("Shift+Down", "Ctrl+C")
    ready()
    heading, first, second = QGuiApplication.clipboard().text().split("\n")
    assert heading.split("\t") == [each.text for each in HEADINGS]
    told = dict(zip(heading.split("\t"), first.split("\t"), strict=True))
    assert (told["No."], told["Amount"], told["Reference"]) == ("20", "123.45", "'=INV-1")
    assert dict(zip(heading.split("\t"), second.split("\t"), strict=True))["Amount"] == "-123.45"


def test_many_lines_are_copied_aside(
    page: LedgerPage, person: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.register.taking_out._FEW", 3)
    page.table.setFocus()
    person.press("Ctrl+A", "Ctrl+C")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().count("\n") == 21, timeout=30_000)
    assert not page.parts.progress.isVisible()


def test_too_many_lines_to_copy_are_to_be_saved_instead(
    page: LedgerPage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.register.taking_out._MOST_COPIED", 5)
    page.table.setFocus()
    person.press("Ctrl+A", "Ctrl+C")
    assert page.parts.note.heading.text() == "21 lines are too many to copy"
    assert page.parts.note.body.text().startswith("Up to 5 can be copied at once. Save them as a file instead")


@pytest.mark.parametrize(
    ("name", "kind", "saved"), [("a.csv", "", "a.csv"), ("b", "Excel workbook (*.xlsx)", "b.xlsx")]
)
def test_lines_are_saved_as_a_file(
    page: LedgerPage,
    person: Person,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    kind: str,
    saved: str,
) -> None:
    answer = (str(tmp_path / name), kind)
    monkeypatch.setattr("ui.pages.register.taking_out.QFileDialog.getSaveFileName", lambda *_args: answer)
    page.table.setFocus()
    person.press("Ctrl+S")
    qtbot.waitUntil(page.parts.note.isVisible, timeout=30_000)
    assert (page.parts.note.heading.text(), page.parts.note.body.text()) == ("Saved 21 lines", str(tmp_path / saved))
    assert (tmp_path / saved).stat().st_size > 1000


def test_selected_lines_alone_are_saved(
    page: LedgerPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (str(tmp_path / "some.csv"), "")
    monkeypatch.setattr("ui.pages.register.taking_out.QFileDialog.getSaveFileName", lambda *_args: answer)
    page.go_to_line(4)
    page.doing.taking_out.save_selected()
    qtbot.waitUntil(page.parts.note.isVisible, timeout=30_000)
    assert [row[:2] for row in (tmp_path / "some.csv").read_text("utf-8-sig").splitlines()] == ["Li", "4,"]


# --- what can be done -------------------------------------------------------------------------------------------------


def test_entering_is_docked_under_the_lines_and_what_was_posted_is_come_to(
    page: LedgerPage, person: Person, ready: Callable[[], None]
) -> None:
    page.table.setFocus()
    person.press("Alt+E")
    person.wait_for(lambda: page.doing.entry is not None)
    ready()
    assert page.doing.entry is not None
    assert page.doing.entry.isVisible()
    more = NewLine(Period.M12, "DFG", "COUNCIL", Kind.ACTUAL, 1)

    def done(posted: object) -> None:
        page.doing.entry.posted.emit(posted)  # type: ignore[union-attr]

    page.session.write(lambda ledger, _job: ledger.post([more]), done)
    ready()
    assert current(page) == 22
    person.click(page.doing.close_entry)
    assert not page.doing.entry.isVisible()
    assert page.table.hasFocus()


def test_each_tool_opens_its_dialog(page: LedgerPage, person: Person, ready: Callable[[], None]) -> None:
    page.go_to_line(19)
    ready()
    for tool, title in (
        (page.doing.import_button, "Import a file"),
        (page.doing.virement_button, "Move budget (virement)"),
        (page.doing.reverse_button, "Take a line back (reversal)"),
        (page.doing.attach_button, "Attach evidence"),
    ):
        person.click(tool)
        ready()
        (dialog,) = [each for each in page.findChildren(QDialog) if each.isVisible()]
        assert dialog.windowTitle() == title
        dialog.close()
        QApplication.processEvents()


def test_the_menu_of_a_line_offers_what_can_be_done_with_it(page: LedgerPage) -> None:
    page.table.setCurrentIndex(page.model.index(3, SCHEME))
    menu = page.doing.line_menu()
    told = [(action.text(), action.isEnabled()) for action in menu.actions() if action.text()]
    assert told == [
        ("Line’s &history", True),
        ("&Only lines with the same scheme", True),
        ("&Copy with headings", True),
        ("&Save selected lines…", True),
        ("&Enter lines like this", True),
        ("&Reverse…", True),
        ("&Attach evidence…", True),
    ]


def test_read_only_explains_itself(window: Window, opening: Opener, ready: Callable[[], None]) -> None:
    opening(GOLDEN / CASE)
    window.go(Link(links.LEDGER))
    ready()
    page = the_page(window)
    why = "This ledger is a folder of files, and nothing in it is ever written."
    for tool in (page.doing.enter_button, page.doing.reverse_button, page.doing.attach_button):
        assert not tool.isEnabled()
        assert (tool.toolTip(), tool.accessibleDescription()) == (why, why)
    page.visit(links.Entry("enter"))
    assert (page.parts.note.heading.text(), page.parts.note.body.text()) == ("This ledger cannot be changed here", why)
    assert numbers(page) == list(range(1, 20))
    page.show_only(Filter(text="v1"))
    ready()
    assert numbers(page) == [9, 10]


def test_an_empty_ledger_says_how_to_begin(
    window: Window, opening: Opener, tmp_path: Path, person: Person, ready: Callable[[], None]
) -> None:
    file = tmp_path / "empty.s75"
    create_ledger(file, (GOLDEN / CASE / "agreement.toml").read_text(encoding="utf-8")).close()
    opening(file)
    window.go(Link(links.LEDGER))
    ready()
    page = the_page(window)
    assert page.parts.nothing_yet.heading.text() == "There are no lines yet"
    assert not page.doing.copy_button.isEnabled()
    person.click(page.parts.enter)
    ready()
    assert page.doing.entry is not None
    opening(file, read_only=True)
    window.go(Link(links.LEDGER))
    ready()
    assert page.parts.nothing_yet.sentence.text() == (
        "Nothing was posted to this ledger, and it cannot be changed here."
    )


def test_another_ledger_has_none_of_what_was_looked_for(
    page: LedgerPage, window: Window, opening: Opener, ready: Callable[[], None]
) -> None:
    page.show_only(Filter(text="lift"))
    page.sort_by(Sort(Column.AMOUNT))
    ready()
    opening(GOLDEN / "payment-for-performance")
    window.go(Link(links.LEDGER))
    ready()
    assert (page.wanted, page.sort) == (Filter(), Sort())
    assert page.filters.search.text() == ""
    assert page.model.rowCount() > 0
    assert page.model.index(0, 0).data() == "1"


def test_a_number_that_is_missing_is_passed_over(
    window: Window, opening: Opener, with_story: Path, ready: Callable[[], None]
) -> None:
    import sqlite3

    connection = sqlite3.connect(with_story)
    guard = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'lines_refuse_delete'").fetchone()[0]
    connection.execute("DROP TRIGGER lines_refuse_delete")
    connection.execute("DELETE FROM lines WHERE id = 7")
    connection.execute(guard)
    connection.commit()
    connection.close()
    opening(with_story, read_only=True)
    window.go(Link(links.LEDGER))
    ready()
    page = the_page(window)
    assert numbers(page) == [number for number in range(1, 22) if number != 7]


def test_why_lines_cannot_be_read_is_said(page: LedgerPage, ready: Callable[[], None]) -> None:
    from rules.problems import Problem, RefusedError

    def broken(*_told: object, **_more: object) -> None:
        raise RefusedError(Problem("the disk is gone", "x.s75"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.pages.register.arranging._head", broken)
        page.sort_by(Sort(Column.DATE))
        ready()
    assert page.parts.failure.heading.text() == "The lines could not be read"
    assert page.parts.failure.body.text() == "x.s75: the disk is gone"
    page.sort_by(Sort())
    ready()
    assert not page.parts.failure.isVisible()
    assert page.model.rowCount() == 21


def test_nobody_goes_through_all_lines_to_find_a_letter(page: LedgerPage, person: Person) -> None:
    before = page.table.currentIndex()
    page.table.setFocus()
    person.type("z")
    assert page.table.currentIndex() == before
    assert isinstance(before, QModelIndex)
