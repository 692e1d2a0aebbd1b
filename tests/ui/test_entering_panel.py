"""Entering lines by keyboard: as a person types them, tabs on, pastes a block, and posts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.importing.entering import COLUMNS
from ledgers.lines import Line
from rules.agreement import Kind
from rules.periods import Period
from ui.drafts import find_draft, keep_draft
from ui.entering.keeping import DRAFT
from ui.entering.model import STANDING
from ui.entering.panel import EntryPanel
from ui.session import Session

from .conftest import GOLDEN
from .watchdog import Watchdog

Typist = Callable[..., None]
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return
AMOUNT, SCHEME, KIND = COLUMNS.index("amount"), COLUMNS.index("scheme"), COLUMNS.index("kind")
ROW = ("M4", "01/07/2014", "CORE-L1", "LBB", "actual", "1234.5", "INV-1", "Home care <Jones>", "")


@pytest.fixture
def idle(qtbot: QtBot, session: Session) -> Callable[[], None]:
    def until_idle() -> None:
        qtbot.waitUntil(lambda: not session.busy, timeout=30_000)

    return until_idle


@pytest.fixture
def opened(session: Session, file_ledger: Path, idle: Callable[[], None]) -> Path:
    session.open(str(file_ledger))
    idle()
    return file_ledger


@pytest.fixture
def panel(qtbot: QtBot, session: Session, opened: Path, idle: Callable[[], None]) -> EntryPanel:  # noqa: ARG001
    made = EntryPanel(session)
    qtbot.addWidget(made)
    made.resize(1280, 700)
    made.show()
    made.activateWindow()
    idle()
    made.start()
    qtbot.waitUntil(made.grid.hasFocus)
    return made


@pytest.fixture
def press(qtbot: QtBot) -> Typist:
    """Presses keys and types texts where the keyboard is, as a person would."""

    def keys(*what: str | Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        for each in what:
            if isinstance(each, str):
                for letter in each:
                    qtbot.keyClicks(QApplication.focusWidget(), letter)
            elif isinstance(each, tuple):
                qtbot.keyClick(QApplication.focusWidget(), *each)
            else:
                qtbot.keyClick(QApplication.focusWidget(), each)

    return keys


def type_row(press: Typist) -> None:
    press("m4", TAB, "1/7/2014", TAB, "CORE-L1", TAB, "LBB", TAB, "act", TAB, "1234.5", TAB, "INV-1", TAB)
    press("Home care <Jones>", ENTER)


def shown(panel: EntryPanel, row: int, column: int) -> str:
    return str(panel.model.index(row, column).data())


def pasted(text: str, press: Typist) -> None:
    QGuiApplication.clipboard().setText(text)
    press((Qt.Key.Key_V, CTRL))


# Typing


def test_a_line_is_typed_as_in_excel_and_the_next_begins_as_it_did(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    assert panel.model.rows == [("M4", "1/7/2014", *ROW[2:])]
    assert [shown(panel, 0, column) for column in (1, AMOUNT, STANDING)] == ["01/07/2014", "£1,234.50", "Ready"]
    assert (panel.grid.currentIndex().row(), panel.grid.currentIndex().column()) == (1, SCHEME)
    assert [shown(panel, 1, column) for column in range(7)] == ["M4", "1/7/2014", "CORE-L1", "LBB", "actual", "", ""]
    assert shown(panel, 1, STANDING) == "New line"
    press("CORE-L2", TAB, TAB, TAB, "20", ENTER)
    assert panel.model.rows[1] == ("M4", "1/7/2014", "CORE-L2", "LBB", "actual", "20", "", "", "")
    press("CORE-L3", ENTER)
    assert panel.grid.currentIndex().column() == SCHEME, "where the last two rows differ"


def test_part_of_a_name_finds_the_code(panel: EntryPanel, press: Typist) -> None:
    press(TAB, TAB, "level 5")
    assert panel.grid.cells is not None
    assert panel.grid.cells.editor is not None
    assert panel.grid.cells.editor.is_suggesting
    press(TAB)
    assert panel.model.rows[0][SCHEME] == "CORE-L5"
    assert panel.says.text().startswith("Row 1, Kind") or panel.says.text().startswith("Row 1")


def test_the_arrows_choose_among_suggestions_and_esc_leaves_what_was_typed(panel: EntryPanel, press: Typist) -> None:
    panel.grid.go_to(0, SCHEME)
    press("core", Qt.Key.Key_Down, Qt.Key.Key_Down, ENTER)
    assert panel.model.rows[0][SCHEME] == "CORE-L3"
    panel.grid.go_to(0, SCHEME)
    press("core", Qt.Key.Key_Escape, ENTER)
    assert panel.model.rows[0][SCHEME] == "core"
    assert panel.model.complaint(0, SCHEME).startswith("“core” is not a scheme of the agreement")
    panel.grid.go_to(0, SCHEME)
    press("xyz", Qt.Key.Key_Escape)
    assert panel.model.rows[0][SCHEME] == "core", "Esc takes back what was typed"


def test_alt_down_lists_every_kind_that_the_scheme_can_have(panel: EntryPanel, press: Typist) -> None:
    panel.grid.go_to(0, KIND)
    press(Qt.Key.Key_F2, (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier), Qt.Key.Key_Down, ENTER)
    assert panel.model.rows[0][KIND] == "budget"
    kinds = [choice.code for choice in panel.model.choices(0, KIND)]
    assert "payment" in kinds
    panel.grid.go_to(0, SCHEME)
    press("CORE-L5", ENTER)
    assert "payment" not in [choice.code for choice in panel.model.choices(0, KIND)], "it is in an aligned fund"


def test_enter_goes_below_where_the_tabs_began(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    press("CORE-L2", ENTER)
    panel.grid.go_to(0, AMOUNT)
    press(TAB, TAB, ENTER)
    assert (panel.grid.currentIndex().row(), panel.grid.currentIndex().column()) == (1, AMOUNT)
    press((ENTER, SHIFT))
    assert panel.grid.currentIndex().row() == 0
    press(Qt.Key.Key_Backtab)
    assert panel.grid.currentIndex().column() == KIND


def test_an_arrow_ends_overtyping_as_in_excel(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    panel.grid.go_to(0, AMOUNT)
    press("7.00", Qt.Key.Key_Right)
    assert panel.model.rows[0][AMOUNT] == "7.00"
    assert panel.grid.currentIndex().column() == AMOUNT + 1


def test_tab_in_the_last_cell_and_ctrl_tab_leave_the_grid(panel: EntryPanel, press: Typist) -> None:
    panel.grid.go_to(0, STANDING - 1)
    press(TAB)
    assert not panel.grid.hasFocus()
    panel.grid.setFocus()
    press((TAB, CTRL))
    assert not panel.grid.hasFocus()


def test_ctrl_d_copies_the_cell_above_while_another_is_typed_too(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    press("CORE-L2", ENTER)
    panel.grid.go_to(1, COLUMNS.index("description"))
    press((Qt.Key.Key_D, CTRL))
    assert panel.model.rows[1][COLUMNS.index("description")] == "Home care <Jones>"
    panel.grid.go_to(1, COLUMNS.index("reference"))
    press("x", (Qt.Key.Key_D, CTRL))
    assert panel.model.rows[1][COLUMNS.index("reference")] == "INV-1"
    panel.grid.go_to(0, 0)
    press((Qt.Key.Key_D, CTRL))
    assert panel.says.text() == "There is no cell above to copy."


def test_delete_empties_cells_and_ctrl_minus_takes_rows_out(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    panel.grid.go_to(0, AMOUNT)
    press(Qt.Key.Key_Delete)
    assert panel.model.complaint(0, AMOUNT) == "the amount is empty; write 0.00 if nothing was meant"
    press((Qt.Key.Key_Minus, CTRL))
    assert panel.model.rows == []
    press((Qt.Key.Key_Minus, CTRL))
    assert panel.says.text() == "The current row is not there yet: there is nothing to delete."


def test_every_change_can_be_undone_and_done_again(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    rows = list(panel.model.rows)
    panel.grid.go_to(0, AMOUNT)
    press("9", ENTER)
    press((Qt.Key.Key_Z, CTRL))
    assert panel.model.rows == rows
    assert panel.redo_button.toolTip() == "Ctrl+Y: do again amount of row 1"
    press((Qt.Key.Key_Y, CTRL))
    assert panel.model.rows[0][AMOUNT] == "9"
    while panel.undo_button.isEnabled():
        press((Qt.Key.Key_Z, CTRL))
    assert panel.model.rows == []
    assert not panel.undo_button.isEnabled()


def test_a_row_is_inserted_above_the_current_one(panel: EntryPanel, press: Typist, qtbot: QtBot) -> None:
    type_row(press)
    panel.grid.go_to(0, 0)
    qtbot.mouseClick(panel.insert_button, Qt.MouseButton.LeftButton)
    assert panel.model.rows[0] == ("",) * 9
    assert shown(panel, 0, STANDING) == "Empty"
    assert panel.model.sums.can_be_posted, "an empty row is no line"


# What is wrong


def test_a_wrong_cell_says_why_in_words_a_mark_and_the_line_below(panel: EntryPanel, press: Typist) -> None:
    type_row(press)
    panel.grid.go_to(0, AMOUNT)
    press("£O", ENTER)
    why = "“£O” is not an amount: it has the letter O where a nought may be meant"
    index = panel.model.index(0, AMOUNT)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == why
    assert shown(panel, 0, STANDING) == "To mend: amount"
    assert panel.model.headerData(0, Qt.Orientation.Vertical) == "1 !"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"Row 1, Amount: £O. Refused: {why}"
    panel.grid.go_to(0, AMOUNT)
    assert panel.says.text() == f"Row 1, Amount, to mend: {why}."
    panel.grid.go_to(0, 0)
    assert panel.says.text() == f"Row 1, Amount, to mend: {why}."
    press((ENTER, CTRL))
    assert panel.problem.heading.text() == "Nothing was posted: 1 row to mend."
    assert panel.problem.body.text() == f"Row 1: {why}."
    assert panel.grid.currentIndex().column() == AMOUNT


def test_a_virement_is_told_until_it_is_at_zero_and_its_next_leg_balances_it(
    panel: EntryPanel, press: Typist, qtbot: QtBot
) -> None:
    press(TAB, TAB, "CORE-L1", TAB, "LBB", TAB, "vir", TAB, "(500)", TAB, "V-1", ENTER)
    assert shown(panel, 0, STANDING) == "Virement not at zero yet"
    assert panel.model.complaint(0, AMOUNT) == "the virements of reference “V-1” sum to (£500.00), not to zero"
    assert panel.sums_model.index(0, 0).data() == "Virement V-1"
    assert panel.sums_model.index(0, 2).data() == "Not at zero: it cannot be posted"
    assert [shown(panel, 1, column) for column in (AMOUNT, AMOUNT + 1)] == ["500.00", "V-1"]
    press("CORE-L2", ENTER)
    assert [shown(panel, row, STANDING) for row in (0, 1)] == ["Ready", "Ready"]
    assert panel.sums_model.index(0, 2).data() == "At zero, as it must be"
    qtbot.waitUntil(lambda: panel.summary.text() == "2 lines ready.")


def test_a_line_of_a_held_period_says_where_it_counts(panel: EntryPanel, press: Typist) -> None:
    press("M2", TAB, TAB, "CORE-L1", TAB, "LBB", TAB, "actual", TAB, "5", ENTER)
    assert shown(panel, 0, STANDING) == "Ready; late, counts in M4"
    assert panel.summary.text() == "1 line ready, 1 of them late."
    assert panel.model.meaning(0, 0) == "May 2014 (held: counts in M4)"


# From a spreadsheet

BLOCK = (
    "Period\tDate\tScheme\tPartner\tKind\tAmount\tReference\tNarrative\r\n"
    'Jul-14\t01/07/2014\tCORE-L1\tLBB\tActual\t"£1,234.56"\tINV-1\t"Care, ""home"""\r\n'
    "M4\t2014-07-02\tCORE-L2\tLBB\tactual\t(1,234.56)\tINV-2\tTwo\r\n"
)


def test_a_block_with_headings_is_pasted_from_excel(panel: EntryPanel, press: Typist) -> None:
    pasted(BLOCK, press)
    assert panel.model.rows == [
        ("M4", "01/07/2014", "CORE-L1", "LBB", "actual", "£1,234.56", "INV-1", 'Care, "home"', ""),
        ("M4", "2014-07-02", "CORE-L2", "LBB", "actual", "(1,234.56)", "INV-2", "Two", ""),
    ]
    assert [panel.model.index(row, AMOUNT).data(Qt.ItemDataRole.UserRole) for row in (0, 1)] == [123456, -123456]
    assert panel.model.sums.can_be_posted


def test_a_column_is_pasted_over_the_cells_and_one_cell_fills_what_is_selected(
    panel: EntryPanel, press: Typist
) -> None:
    pasted(BLOCK, press)
    panel.grid.go_to(0, AMOUNT)
    pasted("1.00\n2.00\n3.00", press)
    assert [row[AMOUNT] for row in panel.model.rows] == ["1.00", "2.00", "3.00"]
    panel.grid.go_to(0, COLUMNS.index("reference"))
    press((Qt.Key.Key_Down, SHIFT))
    pasted("R", press)
    assert [row[COLUMNS.index("reference")] for row in panel.model.rows] == ["R", "R", ""]


def test_what_is_copied_can_be_pasted_in_excel_and_back(panel: EntryPanel, press: Typist) -> None:
    pasted(BLOCK, press)
    panel.grid.selectAll()
    press((Qt.Key.Key_C, CTRL))
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].startswith('M4\t01/07/2014\tCORE-L1\tLBB\tactual\t£1,234.56\tINV-1\t"Care, ""home"""\t\tReady')
    rows = list(panel.model.rows)
    press((Qt.Key.Key_Minus, CTRL))
    panel.grid.go_to(0, 0)
    pasted("\n".join(lines[:2]), press)
    assert panel.model.rows == rows


def test_nothing_and_too_much_on_the_clipboard_are_told(panel: EntryPanel, press: Typist) -> None:
    pasted("\n", press)
    assert panel.says.text() == "There is nothing on the clipboard that could be pasted."
    pasted("1\n" * 2_001, press)
    assert panel.says.text() == (
        "The block has 2,001 rows, and at most 2,000 can be pasted: save it as a file and import that."
    )
    assert panel.model.rows == []


def test_two_thousand_rows_are_pasted_and_judged_without_a_pause(
    panel: EntryPanel, press: Typist, watchdog: Watchdog, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("\n".join("\t".join(ROW[:7]) for _ in range(2_000)))
    with watchdog.watching("a block of 2,000 rows"):
        press((Qt.Key.Key_V, CTRL))
        qtbot.waitUntil(lambda: panel.summary.text() == "2,000 lines ready.", timeout=20_000)
    assert len(panel.model.rows) == 2_000


# Posting


def test_ctrl_enter_posts_everything_and_says_where_it_went(
    panel: EntryPanel, press: Typist, qtbot: QtBot, session: Session, opened: Path
) -> None:
    type_row(press)
    press("CORE-L2", TAB, TAB, TAB, "5")
    with qtbot.waitSignal(panel.posted) as told:
        press((ENTER, CTRL))
    (lines,) = told.args
    assert [(line.scheme, line.amount_pence, line.period) for line in lines] == [
        ("CORE-L1", 123450, Period.M4),
        ("CORE-L2", 500, Period.M4),
    ]
    assert panel.banner.heading.text() == f"2 lines posted: batch 2, lines {lines[0].id} to {lines[1].id}"
    assert panel.banner.body.text() == "They come to: Actual £1,239.50."
    assert panel.model.rows == []
    qtbot.waitUntil(lambda: not session.busy)
    assert find_draft(str(opened), DRAFT) is None


def test_late_lines_say_to_which_period_they_went(panel: EntryPanel, press: Typist, qtbot: QtBot) -> None:
    press("M2", TAB, TAB, "CORE-L1", TAB, "LBB", TAB, "actual", TAB, "5", ENTER)
    with qtbot.waitSignal(panel.posted):
        qtbot.mouseClick(panel.post_button, Qt.MouseButton.LeftButton)
    assert panel.banner.body.text() == "They come to: Actual £5.00. M2 is closed: its line counts in M4."


def test_nothing_to_post_is_told(panel: EntryPanel, press: Typist) -> None:
    press((ENTER, CTRL))
    assert panel.says.text() == "There is nothing to post yet: type a line first."
    assert panel.summary.text() == "Nothing has been entered yet."


def test_what_the_ledger_refuses_is_marked_at_its_cell_and_nothing_is_posted(
    panel: EntryPanel, press: Typist, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agreement was varied elsewhere after the grid had asked for it."""
    from rules.problems import Problem, RefusedError

    def refuse(*_lines: object) -> None:
        raise RefusedError(Problem("“CORE-L1” is not a scheme any more", "x", 1, "scheme"), Problem("and this", "x"))

    type_row(press)
    monkeypatch.setattr("ledgers.stored.StoredLedger.post", refuse)
    press((ENTER, CTRL))
    qtbot.waitUntil(panel.problem.isVisible)
    assert panel.problem.heading.text() == "The ledger did not take the lines; nothing was posted"
    assert panel.problem.body.text() == "Row 1, scheme: “CORE-L1” is not a scheme any more.\nand this."
    assert panel.grid.currentIndex().column() == SCHEME
    assert panel.model.complaint(0, SCHEME) == "“CORE-L1” is not a scheme any more"
    press("CORE-L2", ENTER)
    assert panel.model.complaint(0, SCHEME) == "", "it was said of the row as it was"


# The draft


def test_rows_that_were_not_posted_are_there_again(
    qtbot: QtBot, panel: EntryPanel, press: Typist, session: Session, opened: Path, idle: Callable[[], None]
) -> None:
    type_row(press)
    idle()
    assert find_draft(str(opened), DRAFT) == [["M4", "1/7/2014", *ROW[2:]]]
    again = EntryPanel(session)
    qtbot.addWidget(again)
    idle()
    again.show()
    assert again.model.rows == panel.model.rows
    assert again.banner.heading.text() == "1 row that was not posted yet"


def test_a_draft_that_was_posted_as_the_computer_failed_is_not_offered_again(
    qtbot: QtBot, session: Session, opened: Path, idle: Callable[[], None]
) -> None:
    batches = session.reads  # the ledger has one batch, the import
    assert batches is not None
    keep_draft(str(opened), DRAFT, {"rows": [list(ROW)], "lines": 1, "after": 1})
    before = EntryPanel(session)
    qtbot.addWidget(before)
    idle()
    assert len(before.model.rows) == 1, "nothing was posted since"
    before.model.show_rows(())
    idle()
    keep_draft(str(opened), DRAFT, {"rows": [list(ROW)], "lines": 1, "after": 0})
    session.close_ledger()
    idle()
    from ledgers.lines import NewLine

    with open_ledger(opened) as ledger:
        ledger.post([NewLine(Period.M4, "CORE-L1", "LBB", Kind.ACTUAL, 123450)])
    session.open(str(opened))
    idle()
    assert before.model.rows == []


@pytest.mark.parametrize("draft", ["nonsense", [1, "x"], {"rows": 3}, [["M4"]]])
def test_a_draft_that_is_no_draft_of_ours_does_no_harm(
    qtbot: QtBot, session: Session, opened: Path, idle: Callable[[], None], draft: object
) -> None:
    keep_draft(str(opened), DRAFT, draft)
    panel = EntryPanel(session)
    qtbot.addWidget(panel)
    idle()
    assert [row[0] for row in panel.model.rows] == (["M4"] if draft == [["M4"]] else [])


def test_what_is_being_typed_as_the_window_closes_is_kept(
    panel: EntryPanel, press: Typist, opened: Path, session: Session
) -> None:
    press("M4")
    session.close()
    panel.close()
    kept = find_draft(str(opened), DRAFT)
    assert kept == [["M4", *[""] * 8]]


# Where nothing can be entered


def test_a_line_to_begin_with_is_like_the_one_that_was_taken_back(panel: EntryPanel) -> None:
    panel.start(Line(7, Period.M4, "CORE-L1", "LBB", Kind.ACTUAL, 500, reference="R"))
    assert panel.model.rows == [("M4", "", "CORE-L1", "LBB", "actual", "5.00", "R", "", "")]
    assert panel.grid.currentIndex().column() == AMOUNT


def test_in_a_ledger_that_can_only_be_read_it_says_why(
    qtbot: QtBot, session: Session, idle: Callable[[], None]
) -> None:
    panel = EntryPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.why_not.heading.text() == "No ledger is open"
    session.open(str(GOLDEN / "barnet-2014-15-pooled"))
    idle()
    assert not panel.work.isVisible()
    assert panel.why_not.sentence.text() == "This ledger is a folder of files, and nothing in it is ever written."


def test_every_control_has_a_name_and_the_menu_says_its_keys(panel: EntryPanel) -> None:
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QWidget

    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget
    menu = panel.menu()
    actions = {action.text(): action for action in menu.actions()}
    panel.grid.go_to(0, AMOUNT)
    actions["Copy the cell &above\tCtrl+D"].trigger()
    assert panel.says.text() == "There is no cell above to copy."
    assert QKeySequence("Ctrl+Return") in panel.actions()[0].shortcuts()
