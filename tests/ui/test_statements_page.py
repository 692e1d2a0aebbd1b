"""Statements looked at, written and printed: what is on screen is what is in the file, and nothing is half written."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.periods import Period
from rules.problems import Problem, RefusedError
from settlement.publishing import write_ledger_statements
from ui import links
from ui.aside import Report
from ui.links import Link
from ui.pages.statements import page as page_module
from ui.pages.statements.page import StatementsPage
from ui.pages.statements.pdf_links import Goal, Spot
from ui.pages.statements.write_dialog import WriteDialog
from ui.session import Session
from ui.window import Window

from .conftest import GOLDEN, Opener
from .watchdog import Watchdog

CASE = GOLDEN / "barnet-2014-15-reward-mechanism"
COUNCIL = "settlement-statement:LBB"

Show = Callable[..., StatementsPage]


@pytest.fixture
def aside() -> None:
    """Asks for a process of its own where a test is about it: it takes a second to begin."""


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the work of a process aside on the worker thread, for every other test."""
    if "aside" in request.fixturenames:
        return

    def work_of(function: Callable[..., object], *given: object) -> Callable[[Report], object]:
        return lambda report: function(*given, report)

    monkeypatch.setattr("ui.aside.in_a_process", work_of)


@pytest.fixture
def show(window: Window, opening: Opener, wait: Callable[[], None], drawn: Callable[[StatementsPage], None]) -> Show:
    """Opens a ledger at its Statements page and waits until the first document is on screen."""

    def shown(where: Path = CASE, target: object = None) -> StatementsPage:
        opening(where)
        window.resize(1200, 800)
        window.go(Link(links.STATEMENTS, target))
        wait()
        page = window.current
        assert isinstance(page, StatementsPage)
        drawn(page)
        return page

    return shown


@pytest.fixture
def drawn(qtbot: QtBot, wait: Callable[[], None]) -> Callable[[StatementsPage], None]:
    """Waits until what is in sight is drawn."""

    def until_drawn(page: StatementsPage) -> None:
        wait()
        qtbot.waitUntil(lambda: not page.drawer.lane.busy and page.preview.view.is_drawn, timeout=20_000)

    return until_drawn


def choose(page: StatementsPage, key: str) -> None:
    keys = [page.choices.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(page.choices.list.count())]
    page.choices.list.setCurrentRow(keys.index(key))


def text_of(path: Path | str) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        told = []
        for page in pdf:
            words = page.get_textpage()
            told.append(words.get_text_range())
            words.close()
            page.close()
        return "\n".join(told)
    finally:
        pdf.close()


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def open_dialog(page: StatementsPage, qtbot: QtBot, *, every_month: bool = False) -> WriteDialog:
    pressed = page.choices.months_button if every_month else page.choices.write_button
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)
    # one that was closed before may not be deleted yet
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(WriteDialog)))
    return next(each for each in page.findChildren(WriteDialog) if each.isVisible())


# Looking


def test_the_documents_of_the_period_are_listed_and_the_first_is_shown(show: Show) -> None:
    page = show()
    assert [page.choices.list.item(row).toolTip() for row in range(page.choices.list.count())] == [
        "Settlement statement: London Borough of Barnet",
        "Settlement statement: NHS Barnet Clinical Commissioning Group",
        "Memorandum account: London Borough of Barnet",
        "Memorandum account: NHS Barnet Clinical Commissioning Group",
        "Annual return",
        "Quarterly report",
        "Monitoring report",
        "Workings",
        "Transfer notice: London Borough of Barnet to NHS Barnet Clinical Commissioning Group",
        "Journal: London Borough of Barnet",
        "Journal: NHS Barnet Clinical Commissioning Group",
        "Transfers between the partners",
    ]
    assert page.subtitle.text().endswith("M12, March 2015: draft, not signed")
    assert page.preview.view.accessibleName() == "Preview of Settlement statement: London Borough of Barnet"
    assert page.preview.of.text() == f"of {page.preview.view.page_count}"


def test_what_is_looked_at_is_the_statement_that_would_be_written(show: Show, tmp_path: Path) -> None:
    page = show()
    with open_ledger(CASE, read_only=True) as ledger:
        written = write_ledger_statements(ledger, tmp_path, Period.M12, ("pdf",))
    made = Path(page._made[COUNCIL])
    assert made.read_bytes() == next(path for path in written if path.name == made.name).read_bytes()
    assert "£962,958.16" in text_of(made)


def test_a_draft_is_marked_across_every_page(show: Show) -> None:
    page = show()
    told = text_of(page._made[COUNCIL])
    assert told.count("DRAFT – not signed") >= page.preview.view.page_count
    picture = page.preview.view._pictures[0]
    row = (picture.pixelColor(x, picture.height() * 2 // 3) for x in range(0, picture.width(), 2))
    tones = Counter(colour.lightness() for colour in row)
    assert max(count for tone, count in tones.items() if 220 < tone < 250) > 10  # so light, and broad


def test_pages_are_gone_through_by_keyboard_and_number(
    show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    view, count = page.preview.view, page.preview.view.page_count
    assert count > 3
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    drawn(page)
    assert (view.page, page.preview.page.value()) == (count - 1, count)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    page.preview.page.setValue(3)
    drawn(page)
    assert view.page == 2
    assert view.page_top(2).y() == 0
    assert view.kept <= 6


def test_the_page_in_sight_stays_so_when_it_is_made_larger(
    show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    view = page.preview.view
    page.preview.page.setValue(2)
    qtbot.mouseClick(page.preview.larger, Qt.MouseButton.LeftButton)
    drawn(page)
    larger = view.zoom
    assert larger >= 100
    assert page.preview.zoom.currentText() == f"{larger}%"
    assert view.page == 1
    page.preview.zoom.setCurrentIndex(0)
    drawn(page)
    assert view.page == 1
    assert view.horizontalScrollBar().maximum() == 0


def until_linked(page: StatementsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.preview.view.page in page.preview.view._links)


def test_a_link_is_followed_by_mouse_and_the_way_back_leads_to_it(
    show: Show, window: Window, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    view = page.preview.view
    until_linked(page, qtbot)
    link = next(each for each in view._links[0] if each.text == "Net due (negative: receives)")
    assert link.goal.page > 3
    view.verticalScrollBar().setValue(200)
    corner = view._place(0).topLeft()
    middle = view._box(0, link.box).translated(corner).center()
    before = page.place()
    qtbot.mouseMove(view.viewport(), middle)
    qtbot.waitUntil(lambda: view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor)
    assert view.viewport().toolTip() == f"Net due (negative: receives), page {link.goal.page + 1}"
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    drawn(page)
    here = page.place()
    assert isinstance(here, Spot)
    assert (here.key, here.page) == (COUNCIL, link.goal.page)
    assert abs(here.down - link.goal.down) <= 2
    assert view.hasFocus()
    window.go_back()
    drawn(page)
    assert page.place() == before
    assert view.hasFocus()
    window.go_forward()
    drawn(page)
    assert page.place() == here


def test_links_are_gone_through_and_followed_by_keyboard(
    show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    view = page.preview.view
    until_linked(page, qtbot)
    links_there = view._links[0]
    assert len(links_there) > 3
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)  # none is chosen yet
    assert page.place() == Spot(COUNCIL, 0)
    qtbot.keyClick(view, Qt.Key.Key_L)
    first = links_there[0]
    assert page.preview.found.text() == f"Link: {first.text}, page {first.goal.page + 1}"
    qtbot.keyClick(view, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    last = links_there[-1]
    assert page.preview.found.toolTip() == f"Link: {last.text}, page {last.goal.page + 1}"
    top = view._place(0).top() + view._box(0, last.box).top()
    assert 0 <= top < view.viewport().height()  # it came into sight
    qtbot.keyClick(view, Qt.Key.Key_Return)
    drawn(page)
    assert view.page == last.goal.page
    until_linked(page, qtbot)
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert page.preview.found.toolTip().startswith(f"Link: {view._links[view.page][0].text}")


def test_every_bookmark_is_offered_and_leads_to_its_place(
    show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    parts = page.preview.parts
    qtbot.waitUntil(lambda: parts.count() > 0)
    offered = [parts.itemText(row).strip() for row in range(parts.count())]
    assert offered[0] == "Settlement"
    assert "About this statement" in offered
    assert any(each.startswith("W1 ") for each in offered)
    assert parts.accessibleName() == "Jump to"
    at = offered.index("How the agreement shares it")
    parts.activated.emit(at)
    drawn(page)
    goal = page.preview._goals[at]
    assert (page.preview.view.page, parts.currentIndex(), page.preview.page.value()) == (goal.page, at, goal.page + 1)
    qtbot.keyClick(page.preview.view, Qt.Key.Key_Home)
    drawn(page)
    assert parts.currentIndex() == 0
    choose(page, "journal:LBB")
    drawn(page)
    assert parts.count() == 0


def test_a_pdf_without_bookmarks_and_links_offers_none(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    page = show()
    bare = pypdfium2.PdfDocument.new()
    bare.new_page(595, 842)
    bare.save(tmp_path / "bare.pdf")
    bare.close()
    page.preview.show_pdf(str(tmp_path / "bare.pdf"), "A page", Goal(0), "bare")
    qtbot.waitUntil(lambda: page.preview.is_showing("bare") and not page.drawer.lane.busy)
    qtbot.keyClick(page.preview.view, Qt.Key.Key_L)
    assert page.preview.found.text() == ""
    assert page.preview.view._links == {0: ()}
    assert not page.preview.parts.isEnabled()


def test_a_text_is_found_marked_and_said(show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]) -> None:
    page = show()
    preview = page.preview
    preview.view.setFocus()
    qtbot.keyClick(preview.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(preview.search.hasFocus)
    qtbot.keyClicks(preview.search, "Reserves carried forward nowhere")
    qtbot.keyClick(preview.search, Qt.Key.Key_Return)
    drawn(page)
    assert preview.found.text() == "“Reserves carried forward nowhere” is not in this document"
    preview.search.clear()
    qtbot.keyClicks(preview.search, "transfers between the partners")
    qtbot.keyClick(preview.search, Qt.Key.Key_Return)
    drawn(page)
    first = preview.view.page
    assert first > 0
    assert preview.found.text().startswith("Page ")
    found = preview.view._found
    assert found is not None
    assert found.boxes


def test_a_page_is_read_as_text(show: Show, qtbot: QtBot, drawn: Callable[[StatementsPage], None]) -> None:
    page = show()
    qtbot.mouseClick(page.preview.as_text, Qt.MouseButton.LeftButton, pos=page.preview.as_text.rect().center())
    page.preview.as_text.setChecked(True)
    drawn(page)
    assert page.preview.text.isVisible()
    assert "Nine hundred and sixty-two thousand" in page.preview.text.toPlainText()


def test_a_journal_is_looked_at_as_a_table(show: Show, drawn: Callable[[StatementsPage], None]) -> None:
    page = show()
    choose(page, "journal:LBB")
    drawn(page)
    table = page.preview.table
    assert table.isVisible()
    assert "2014-15-M12-LBB-journal.csv" in table.said.text()
    model = table.table.grid_model
    headings = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert {"Debit", "Credit"} <= set(headings)
    assert model.rowCount() > 3
    assert not page.choices.print_button.isEnabled()
    assert "not printed" in page.choices.print_button.toolTip()
    assert page.choices.open_button.text() == "&Open in your spreadsheet"


def test_workings_are_made_when_they_are_asked_for(show: Show, drawn: Callable[[StatementsPage], None]) -> None:
    page = show()
    assert "workings:" not in page._made
    choose(page, "workings:")
    drawn(page)
    assert "Workings" in text_of(page._made["workings:"])
    assert page.preview.view.page_count > 1


def test_thousands_and_the_preparer_are_on_the_statement_at_once_and_are_kept(
    show: Show, window: Window, qtbot: QtBot, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    page.choices.units.setCurrentIndex(1)
    drawn(page)
    assert Path(page._made[COUNCIL]).stem.endswith("-in-thousands")
    assert "£000" in text_of(page._made[COUNCIL])
    qtbot.keyClicks(page.choices.prepared_by, "Finance lead <& deputy>")
    qtbot.keyClick(page.choices.prepared_by, Qt.Key.Key_Return)
    drawn(page)
    assert "Finance lead <& deputy>" in text_of(page._made[COUNCIL])
    assert window.session.preferences.prepared_by == "Finance lead <& deputy>"
    assert StatementsPage(window.session).look.thousands


def test_another_period_shows_its_own_statement(
    show: Show, window: Window, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    choose(page, "settlement-statement:BCCG")
    drawn(page)
    page.visit(links.PeriodOf(Period.M6))
    drawn(page)
    assert window.session.period is Period.M6
    assert page.chosen == "settlement-statement:BCCG"
    assert Path(page._made["settlement-statement:BCCG"]).name == "2014-15-M6-BCCG-settlement-statement.pdf"
    assert "M6, September 2014" in page.subtitle.text()


def test_the_way_back_leads_to_the_document_and_its_page(
    show: Show, window: Window, drawn: Callable[[StatementsPage], None]
) -> None:
    page = show()
    choose(page, "settlement-statement:BCCG")
    drawn(page)
    page.preview.page.setValue(3)
    drawn(page)
    assert page.place() == Spot("settlement-statement:BCCG", 2)
    window.go(Link(links.HELP))
    choose(page, COUNCIL)
    drawn(page)
    window.go_back()
    drawn(page)
    assert page.place() == Spot("settlement-statement:BCCG", 2)


def test_without_a_ledger_the_page_says_what_to_do(session: Session, qtbot: QtBot) -> None:
    page = StatementsPage(session)
    qtbot.addWidget(page)
    page.show()
    assert page.nothing.isVisible()
    assert page.nothing.heading.text() == "No ledger is open"
    assert not page.content.isVisible()
    assert list(page.dialogs()) == []


def test_a_period_that_cannot_be_settled_says_why(
    window: Window, opening: Opener, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise RefusedError(Problem("clause 7B has an amount to share and no weight above nought"))

    monkeypatch.setattr(page_module, "statements_of", refuse)
    opening(CASE)
    window.go(Link(links.STATEMENTS))
    wait()
    page = window.current
    assert isinstance(page, StatementsPage)
    assert page.preview.nothing.heading.text() == "There are no statements of M12"
    assert "no weight above nought" in page.preview.nothing.sentence.text()
    assert not page.choices.write_button.isEnabled()


def test_looking_at_statements_never_blocks_the_window(
    show: Show,
    qtbot: QtBot,
    drawn: Callable[[StatementsPage], None],
    watchdog: Watchdog,
    aside: None,  # noqa: ARG001  asked for by its name
) -> None:
    page = show()
    with watchdog.watching("looking at statements"):
        page.choices.units.setCurrentIndex(1)
        drawn(page)
        for row in (1, 4, 0):
            page.choices.list.setCurrentRow(row)
            drawn(page)
        for _ in range(4):
            qtbot.keyClick(page.preview.view, Qt.Key.Key_PageDown)
            drawn(page)
        qtbot.mouseClick(page.preview.larger, Qt.MouseButton.LeftButton)
        drawn(page)


# In another language, with a theme


def test_the_language_and_the_theme_are_the_ledger_s_own_and_are_kept(
    show: Show,
    window: Window,
    opening: Opener,
    qtbot: QtBot,
    drawn: Callable[[StatementsPage], None],
    theme: Path,
) -> None:
    page = show()
    page.choices.language.setCurrentIndex(1)
    drawn(page)
    assert page.look.language == "cy"
    assert "DRAFFT" in text_of(page._made[COUNCIL])  # Welsh
    without = text_of(page._made[COUNCIL])
    page.choices.theme_file.setFocus()
    qtbot.keyClicks(page.choices.theme_file, str(theme))
    qtbot.keyClick(page.choices.theme_file, Qt.Key.Key_Return)
    drawn(page)
    assert page.look.theme_file == str(theme)
    assert "Every figure is of our own ledger" in text_of(page._made[COUNCIL])
    assert "Every figure is of our own ledger" not in without
    show(GOLDEN / "rotherham-first-call")
    assert (page.look.language, page.look.theme_file) == ("en", "")
    show()
    assert (page.look.language, page.look.theme_file) == ("cy", str(theme))
    assert page.choices.theme_file.text() == str(theme)
    page.choices.theme_file.clear()
    qtbot.keyClick(page.choices.theme_file, Qt.Key.Key_Return)
    drawn(page)
    page.choices.language.setCurrentIndex(0)
    drawn(page)
    assert window.session.kept("statements-looks", {}) == {}
    opening(CASE)  # the same again
    assert page.look.theme_file == ""


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    made = tmp_path / "ours.toml"
    made.write_text('paragraph = "Every figure is of our own ledger."\n', encoding="utf-8")
    return made


def test_a_theme_file_that_is_none_is_said_and_the_statements_stay_as_they_were(
    show: Show, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show()
    before = page._made[COUNCIL]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('colour = "not one"\nparagraph = 3\n', encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(wrong), ""))
    qtbot.mouseClick(page.choices.pick_theme, Qt.MouseButton.LeftButton)
    wait()
    assert page.failure.heading.text() == "The theme file cannot be used: statements stay as they were"
    assert "wrong.toml" in page.failure.body.text()
    assert (page.look.theme_file, page._made[COUNCIL]) == ("", before)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: ("", ""))
    qtbot.mouseClick(page.choices.pick_theme, Qt.MouseButton.LeftButton)
    assert not window_is_busy(page)


def window_is_busy(page: StatementsPage) -> bool:
    return page.session.busy


def test_a_theme_file_that_is_gone_since_is_said(
    show: Show, window: Window, wait: Callable[[], None], theme: Path
) -> None:
    kept = {str(CASE.absolute()): {"language": "en", "theme": str(theme)}}
    window.session.keep_for("statements-looks", kept)
    theme.unlink()
    page = show()
    wait()
    assert page.failure.heading.text() == "The statements could not be made"
    assert "ours.toml" in page.failure.body.text()


# Writing


def test_statements_are_written_where_and_as_they_are_asked_for(
    show: Show, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show()
    out = tmp_path / "new" / "statements"
    dialog = open_dialog(page, qtbot)
    assert dialog.this_period.isChecked()
    dialog.folder.setFocus()
    qtbot.keyClicks(dialog.folder, str(out))
    dialog.formats["csv"].setChecked(False)
    dialog.formats["html"].setChecked(True)
    dialog.partners["BCCG"].setChecked(False)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    wait()
    assert files_in(out) == [
        f"2014-15-M12-{name}.{form}"
        for name in (
            *("LBB-BCCG-transfer-notice", "LBB-memorandum-account", "LBB-settlement-statement", "annual-return"),
            *("monitoring-report", "quarterly-report", "workings"),
        )
        for form in ("html", "pdf")
    ]
    assert page.written.heading.text() == "14 files were written"
    assert str(out) in page.written.body.text()
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    qtbot.mouseClick(page.choices.folder_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.choices.open_button, Qt.MouseButton.LeftButton)
    assert [Path(url.toLocalFile()).name for url in opened] == [
        "statements",
        "2014-15-M12-LBB-settlement-statement.pdf",
    ]
    again = open_dialog(page, qtbot)
    assert again.folder.text() == str(out)
    assert not again.partners["BCCG"].isChecked()
    assert [name for name, box in again.formats.items() if box.isChecked()] == ["pdf", "html"]


def test_every_month_goes_into_a_folder_of_its_own_with_progress(
    show: Show,
    qtbot: QtBot,
    tmp_path: Path,
    watchdog: Watchdog,
    monkeypatch: pytest.MonkeyPatch,
    aside: None,  # noqa: ARG001  asked for by its name
) -> None:
    page = show()
    out = tmp_path / "out"
    dialog = open_dialog(page, qtbot, every_month=True)
    assert dialog.every_month.isChecked()
    dialog.folder.setText(str(out))
    dialog.formats["pdf"].setChecked(False)
    told: list[tuple[int, int, str]] = []
    shown = dialog.show_progress

    def tell(done: int, total: int, what: str) -> None:
        shown(done, total, what)
        told.append((done, total, dialog.progress.label.text()))

    monkeypatch.setattr(dialog, "show_progress", tell)
    with watchdog.watching("writing every month"):
        dialog.act()
        qtbot.waitUntil(lambda: not page.session.busy, timeout=60_000)
    assert len(told) > 1
    assert [done for done, _total, _what in told] == sorted(done for done, _total, _what in told)
    assert told[-1][0] == told[-1][1] == len(files_in(out))
    assert told[-1][2] == "M12: 2014-15-M12-transfers.csv"
    assert sorted(path.name for path in out.iterdir()) == sorted(f"2014-15-M{number}" for number in range(1, 13))
    assert (out / "2014-15-M3" / "2014-15-M3-LBB-journal.csv").exists()
    assert page.written.heading.text() == f"{len(files_in(out))} files were written"


def test_calling_it_off_leaves_nothing_half_written(
    show: Show,
    qtbot: QtBot,
    wait: Callable[[], None],
    tmp_path: Path,
    aside: None,  # noqa: ARG001  asked for by its name
) -> None:
    page = show()
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    dialog = open_dialog(page, qtbot, every_month=True)
    dialog.folder.setText(str(out))
    dialog.act()
    qtbot.waitUntil(lambda: any(out.glob(".s75-draft-*/*/*")), timeout=30_000)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    wait()
    assert dialog.isVisible()
    assert "called off" in dialog.problem.heading.text()
    assert files_in(out) == ["mine.txt"]
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_files_that_are_there_are_replaced_only_if_she_says_so(
    show: Show, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path
) -> None:
    page = show()
    old = tmp_path / "2014-15-M12-transfers.csv"
    old.write_text("old", encoding="utf-8")
    dialog = open_dialog(page, qtbot)
    dialog.folder.setText(str(tmp_path))
    dialog.formats["pdf"].setChecked(False)
    dialog.act()
    wait()
    assert dialog.problem.heading.text() == "1 file is in the folder already"
    assert "2014-15-M12-transfers.csv" in dialog.problem.body.text()
    assert old.read_text(encoding="utf-8") == "old"
    dialog.replace.setChecked(True)
    dialog.act()
    wait()
    assert old.read_text(encoding="utf-8") != "old"
    assert not list(tmp_path.glob(".s75-draft-*"))
    assert page.written.isVisible()


def test_closing_the_dialog_after_that_throws_the_draft_away(
    show: Show, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path
) -> None:
    page = show()
    (tmp_path / "2014-15-M12-transfers.csv").write_text("old", encoding="utf-8")
    dialog = open_dialog(page, qtbot)
    dialog.folder.setText(str(tmp_path))
    dialog.formats["pdf"].setChecked(False)
    dialog.act()
    wait()
    assert list(tmp_path.glob(".s75-draft-*"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    wait()
    assert not list(tmp_path.glob(".s75-draft-*"))


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("partners", "Choose a partner at least."),
        ("formats", "Choose a format at least."),
        ("folder", "Name the folder to write to."),
    ],
)
def test_what_is_missing_is_said_in_the_dialog(what: str, sentence: str, show: Show, qtbot: QtBot) -> None:
    page = show()
    dialog = open_dialog(page, qtbot)
    dialog.folder.setText("" if what == "folder" else "somewhere")
    for box in {"partners": dialog.partners, "formats": dialog.formats, "folder": {}}[what].values():
        box.setChecked(False)
    dialog.act()
    assert dialog.problem.heading.text() == sentence
    assert not page.session.busy


def test_a_folder_that_cannot_be_written_in_is_said_and_nothing_typed_is_lost(
    show: Show, qtbot: QtBot, wait: Callable[[], None], tmp_path: Path
) -> None:
    page = show()
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    dialog = open_dialog(page, qtbot)
    dialog.folder.setText(str(tmp_path / "file"))
    dialog.act()
    wait()
    assert dialog.problem.heading.text() == "The statements were not written"
    assert dialog.problem.body.text().startswith("The computer refused it: ")
    assert dialog.folder.text() == str(tmp_path / "file")


def test_a_file_that_the_desktop_cannot_open_is_said(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = show()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    qtbot.mouseClick(page.choices.open_button, Qt.MouseButton.LeftButton)
    assert page.failure.heading.text() == "The file cannot be opened"
    assert "has no program for 2014-15-M12-LBB-settlement-statement.pdf" in page.failure.body.text()


# Printing


def ink_of(path: Path | str) -> list[list[int]]:
    """How light each twentieth of each page is, from the top: 255 is white."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        told = []
        for page in pdf:
            picture = page.render(scale=1, grayscale=True)
            light, deep = bytes(picture.buffer), picture.height // 20 * picture.stride
            told.append([sum(light[top * deep : (top + 1) * deep]) // deep for top in range(20)])
            page.close()
        return told
    finally:
        pdf.close()


@pytest.fixture
def printer(tmp_path: Path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    made.setPageOrientation(QPageLayout.Orientation.Portrait)
    made.setFullPage(True)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    made.setResolution(150)
    return made


def test_a_statement_is_printed_page_for_page_and_the_window_goes_on(
    show: Show, printer: QPrinter, drawn: Callable[[StatementsPage], None], tmp_path: Path, watchdog: Watchdog
) -> None:
    page = show()
    with watchdog.watching("printing"):
        page.print_on(printer)
        assert not page.choices.print_button.isEnabled()
        drawn(page)
    assert page.choices.print_button.isEnabled()
    ours, theirs = ink_of(page._made[COUNCIL]), ink_of(tmp_path / "printed.pdf")
    assert len(theirs) == len(ours) > 3
    for made, printed in zip(ours, theirs, strict=True):
        # every twentieth of the page, from the top, is as dark on paper as it is in the file
        assert len(printed) == len(made)
        assert max(abs(there - here) for there, here in zip(printed, made, strict=True)) < 9


def test_only_the_pages_that_were_chosen_are_printed(
    show: Show, printer: QPrinter, drawn: Callable[[StatementsPage], None], tmp_path: Path
) -> None:
    page = show()
    printer.setFromTo(2, 3)
    page.print_on(printer)
    drawn(page)
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    assert len(printed) == 2
    printed.close()


def test_a_printer_that_cannot_be_used_is_said(
    show: Show, printer: QPrinter, drawn: Callable[[StatementsPage], None], tmp_path: Path
) -> None:
    page = show()
    printer.setOutputFileName(str(tmp_path / "no folder" / "printed.pdf"))
    page.print_on(printer)
    drawn(page)
    assert page.failure.heading.text() == "It was not printed"
    assert "the printer did not take the document" in page.failure.body.text()


def test_printing_can_be_called_off(
    show: Show, printer: QPrinter, drawn: Callable[[StatementsPage], None], qtbot: QtBot
) -> None:
    page = show()
    said: list[str] = []
    page.session.said.connect(said.append)
    page.print_on(printer)
    qtbot.mouseClick(page.progress.cancel_button, Qt.MouseButton.LeftButton)
    drawn(page)
    assert said[-1] == "Printing was called off"
    assert page.choices.print_button.isEnabled()


def test_the_print_dialog_knows_how_many_pages_there_are(show: Show, qtbot: QtBot) -> None:
    page = show()
    qtbot.mouseClick(page.choices.print_button, Qt.MouseButton.LeftButton)
    dialog = page.findChild(QPrintDialog)
    assert isinstance(dialog, QPrintDialog)
    assert (dialog.minPage(), dialog.maxPage()) == (1, page.preview.view.page_count)
    dialog.reject()
