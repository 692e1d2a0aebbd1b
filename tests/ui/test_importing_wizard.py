"""Importing a file as a person does: by keyboard, with rows mended where they are shown, all of it or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ledgers import create_ledger, open_ledger
from rules.agreement import Kind
from rules.periods import Period
from tests.conftest import examples
from ui import links
from ui.importing import work
from ui.importing.wizard import ImportDialog, sample
from ui.importing.work import name_for
from ui.links import Lines
from ui.page import Page
from ui.session import Session

from .conftest import GOLDEN
from .million import generator
from .watchdog import Watchdog

Idle = Callable[[], None]
HEADER = "period,scheme,partner,kind,amount,date,reference,description\n"
GOOD = "M4,CORE-L1,LBB,actual,100.00,2014-07-01,INV-1,Care\n"
CTRL = Qt.KeyboardModifier.ControlModifier
MANY = examples(100_000, 40_000)


@pytest.fixture
def idle(qtbot: QtBot, session: Session) -> Idle:
    def until_idle() -> None:
        quiet = 0
        while quiet < 2:  # an answer may ask for more, on the next turn of the loop
            qtbot.waitUntil(lambda: not session.busy, timeout=60_000)
            qtbot.wait(10)
            quiet = 0 if session.busy else quiet + 1

    return until_idle


@pytest.fixture
def opened(session: Session, file_ledger: Path, idle: Idle) -> Path:
    session.open(str(file_ledger))
    idle()
    return file_ledger


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(*rows: str, name: str = "July 2014.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text(header + "".join(rows), encoding="utf-8")
        return path

    return written


@pytest.fixture
def start(session: Session, opened: Path, qtbot: QtBot, idle: Idle) -> Callable[..., ImportDialog]:  # noqa: ARG001
    def begin(path: Path | str = "") -> ImportDialog:
        dialog = ImportDialog(session, str(path) if path else "")
        qtbot.addWidget(dialog)
        dialog.resize(1200, 820)
        dialog.show()
        dialog.activateWindow()
        idle()
        return dialog

    return begin


def press(qtbot: QtBot, *what: str | Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> int:
    """Press keys where the keyboard is; says how many."""
    count = 0
    for each in what:
        for one in each if isinstance(each, str) else (each,):
            target = QApplication.focusWidget()
            if isinstance(one, str):
                qtbot.keyClicks(target, one)
            elif isinstance(one, tuple):
                qtbot.keyClick(target, *one)
            else:
                qtbot.keyClick(target, one)
            count += 1
    return count


# A month's import


def test_a_months_import_with_two_bad_rows_mended_by_keyboard(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle, opened: Path
) -> None:
    path = write(GOOD, GOOD.replace("100.00", "1O0.00"), GOOD.replace("LBB", "LBX").replace("100.00", '"1,234.56"'))
    text = path.read_bytes()
    dialog = start(path)
    assert dialog.check.heading.text() == "2 rows to mend; 1 line good"
    grid = dialog.check.grid
    qtbot.waitUntil(grid.hasFocus)
    assert dialog.check.says.text() == (
        "Row 3, Amount, to mend: “1O0.00” is not an amount: it has the letter O where a nought may be meant."
    )
    assert not dialog.does.isEnabled()
    assert dialog.does.toolTip() == "Every row has to be mended or left out first."
    keys = press(qtbot, "100.00", Qt.Key.Key_Return)
    assert dialog.check.heading.text() == "1 row still to mend"
    assert dialog.check.says.text().startswith("Row 4, Partner, to mend: “LBX” is not a partner of the agreement")
    keys += press(qtbot, "lbb", Qt.Key.Key_Return)
    idle()
    assert dialog.check.heading.text() == "3 lines to post, and nothing to mend"
    assert dialog.check.sentences.text() == "2 rows mended: a mended copy is written beside the file, and posted."
    assert dialog.does.text() == "&Post 3 lines"
    qtbot.waitUntil(dialog.does.hasFocus)
    keys += press(qtbot, Qt.Key.Key_Return)
    idle()
    assert dialog.done_heading.text() == "3 lines posted as batch 2"
    copy = path.with_name("July 2014-mended.csv")
    assert dialog.done_sentences.text().startswith(f"From {copy}.\nThat is the mended copy of {path}, which stayed")
    assert dialog.done_model.index(0, 1).data(Qt.ItemDataRole.UserRole) == 10_000 * 2 + 123_456
    assert keys == 12, "seven letters, three letters, and Enter after each and to post"
    assert path.read_bytes() == text
    with open_ledger(opened, read_only=True) as ledger:
        batch = ledger.batches()[-1]
        lines = list(ledger.lines(batch=batch.id))
    assert batch.file == str(copy)
    assert [line.amount_pence for line in lines] == [10_000, 10_000, 123_456]
    assert [line.row for line in lines] == [2, 3, 4]


def test_a_file_in_order_takes_one_key(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle, tmp_path: Path
) -> None:
    dialog = start(write(GOOD, GOOD.replace("M4", "M2")))
    assert dialog.check.sentences.text() == "1 line is of a period that is closed: late, and counted in M4."
    assert dialog.check.shown.currentText() == "The first rows that are good"
    assert dialog.check.model.rowCount() == 2
    press(qtbot, Qt.Key.Key_Return)
    idle()
    assert "1 line of closed periods went to M4." in dialog.done_sentences.text()
    assert not list(tmp_path.glob("*-mended*"))
    led: list[object] = []
    dialog.go.connect(led.append)
    qtbot.mouseClick(dialog.show_lines, Qt.MouseButton.LeftButton)
    assert led == [links.Link(links.LEDGER, Lines(batch=2, why="Batch 2: July 2014.csv"))]
    assert not dialog.isVisible()


def test_the_page_that_opened_it_follows_the_link_to_the_lines(
    session: Session, opened: Path, write: Callable[..., Path], qtbot: QtBot, idle: Idle
) -> None:
    del opened
    page = Page(session)
    qtbot.addWidget(page)
    dialog = ImportDialog(session, str(write(GOOD)), QWidget(page))
    dialog.show()
    idle()
    dialog.act()
    idle()
    with qtbot.waitSignal(page.go) as told:
        qtbot.mouseClick(dialog.show_lines, Qt.MouseButton.LeftButton)
    assert told.args[0].target.batch == 2


def test_a_row_can_be_left_out_and_taken_in_again(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle, opened: Path
) -> None:
    dialog = start(write(GOOD, "Total,,,,100.00,,,\n"))
    qtbot.waitUntil(dialog.check.grid.hasFocus)
    press(qtbot, (Qt.Key.Key_Minus, CTRL))
    idle()
    assert dialog.check.heading.text() == "1 line to post, and nothing to mend"
    assert dialog.check.sentences.text().startswith("1 row left out")
    assert dialog.check.model.standing(0) == "Left out: it will not be posted"
    assert dialog.check.out_button.text() == "Take this row &in again"
    dialog.check.grid.setFocus()
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert dialog.check.heading.text() == "1 row still to mend"
    press(qtbot, (Qt.Key.Key_Minus, CTRL))
    idle()
    dialog.act()
    idle()
    with open_ledger(opened, read_only=True) as ledger:
        assert ledger.batches()[-1].count == 1


def test_f8_goes_from_one_wrong_cell_to_the_next_and_undo_brings_back_what_the_file_has(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot
) -> None:
    dialog = start(write(GOOD.replace("M4", "M44").replace("actual", "acutal"), GOOD.replace("LBB", "X")))
    grid, model = dialog.check.grid, dialog.check.model
    here = lambda: (grid.currentIndex().row(), model.columns[grid.currentIndex().column()][0])  # noqa: E731  short
    assert here() == (0, "period")
    press(qtbot, Qt.Key.Key_F8)
    assert here() == (0, "kind")
    press(qtbot, Qt.Key.Key_F8)
    assert here() == (1, "partner")
    press(qtbot, Qt.Key.Key_F8)
    assert here() == (0, "period")
    press(qtbot, "4", Qt.Key.Key_Return)
    assert model.rows[0].cells[0] == "M4"
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert model.rows[0].cells[0] == "M44"
    assert model.index(1, 2).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Row 3, Partner: X. Refused: “X” is")
    assert model.headerData(1, Qt.Orientation.Vertical) == "3 !"


def test_the_file_is_mended_elsewhere_and_read_again(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle
) -> None:
    dialog = start(write(GOOD, 'M4,CORE-L1,LBB,actual,1.00,,,"never closed\n'))
    assert dialog.check.model.standing(0) == (
        "To mend: a quotation mark opened in this row is never closed, mend this in the file and read it again"
    )
    assert not dialog.check.out_button.isEnabled()
    write(GOOD, GOOD)
    qtbot.mouseClick(dialog.check.read_button, Qt.MouseButton.LeftButton)
    idle()
    assert dialog.check.heading.text() == "2 lines to post, and nothing to mend"


def test_a_virement_that_is_not_at_zero_is_mended_by_checking_the_whole_file_again(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle
) -> None:
    legs = (
        "M4,CORE-L1,LBB,virement,5.00,,V,\n",
        "M4,CORE-L2,LBB,virement,-6.00,,V,\n",
    )
    dialog = start(write(*legs))
    assert dialog.check.says.text().startswith("Row 2, Amount, to mend: the virements of reference “V” sum to (£1.00)")
    press(qtbot, "7.00", Qt.Key.Key_Return)
    idle()
    assert dialog.check.heading.text() == "1 row to mend; 1 line good"
    assert "sum to £1.00" in dialog.check.says.text()
    press(qtbot, "6", Qt.Key.Key_Return)
    idle()
    assert dialog.does.isEnabled()


# Columns

EXTRACT = (
    "Extract of the general ledger,,,,\n",
    ",,,,\n",
    "Per,Cost centre,Net GBP,Posted,Narrative\n",
    "Jul-14,4001,-100.00,30/07/2014,<b>Beds</b>\n",
    'Jul-14,CORE-L2,"(1,234.56)",02/07/2014,Home\n',
)


def test_a_new_extract_is_matched_once_and_the_next_month_goes_straight_to_the_check(
    start: Callable[..., ImportDialog], write: Callable[..., Path], qtbot: QtBot, idle: Idle, opened: Path
) -> None:
    dialog = start(write(*EXTRACT, name="Council Oracle 2014-07.csv", header=""))
    assert dialog.step == 1
    columns = dialog.columns
    assert columns.header_row.value() == 3
    assert {each.name: each.theirs for each in columns.of_lines if each.theirs} == {
        "period": "Per",
        "scheme": "Cost centre",
        "amount": "Net GBP",
        "date": "Posted",
        "description": "Narrative",
    }
    assert [each.samples.text() for each in columns.of_lines][1] == "4001, CORE-L2"
    assert columns.date_format.currentText() == "DD/MM/YYYY"
    assert columns.name.text() == "Council Oracle"
    assert columns.values_says.text() == "1 of 1 mean nothing yet: type the ledger's code, or part of its name."
    dialog.act()
    assert dialog.problem.body.text() == ("Choose the column of the file for the partner, or say what is on every row.")
    partner = columns.of_lines[2]
    assert partner.source.hasFocus()
    partner.source.setCurrentIndex(1)
    partner.constant.setText("LBB")
    columns.flip_sign.setChecked(True)
    row = next(at for at in range(columns.values.rowCount()) if columns.values.index(at, 1).data() == "4001")
    columns.values_grid.setFocus()
    columns.values_grid.go_to(row, 3)
    press(qtbot, "level 1", Qt.Key.Key_Return)
    assert columns.values.index(row, 3).data() == "CORE-L1"
    assert columns.values_says.text() == "It has a meaning."
    press(qtbot, (Qt.Key.Key_Return, CTRL))
    idle()
    assert dialog.check.heading.text() == "2 lines to post, and nothing to mend"
    assert dialog.check.sentences.text() == "The columns are read as the mapping “Council Oracle” has them."
    assert dialog.check.model.headerData(0, Qt.Orientation.Horizontal) == "Period (Per)"
    dialog.act()
    idle()
    assert "The mapping “Council Oracle” is kept for the next file like this." in dialog.done_sentences.text()
    with open_ledger(opened, read_only=True) as ledger:
        lines = list(ledger.lines(batch=2))
        assert list(ledger.mappings()) == ["Council Oracle"]
    assert [(line.scheme, line.amount_pence, line.kind) for line in lines] == [
        ("CORE-L1", 10_000, Kind.ACTUAL),
        ("CORE-L2", 123_456, Kind.ACTUAL),
    ]
    later = start(write(*EXTRACT[:3], "Aug-14,4001,-5.00,01/08/2014,\n", name="Council Oracle 2014-08.csv", header=""))
    assert later.step == 2
    assert later.check.heading.text() == "1 line to post, and nothing to mend"  # its period is read by its form


RECIPE = """name = "sap"
separator = ";"
encoding = "windows-1252"
amount_format = "1.234,56-"
period_format = "PPP"
flip_sign = ["payment"]

[columns]
period = "Period"
scheme = "Cost Centre"
debit = "Debit"
credit = "Credit"

[constants]
partner = "LBB"
kind = "actual"

[skip]
Text = ["Balance*"]

[total]
Text = ["Total"]
"""


def test_a_recipe_is_read_from_a_file_and_kept_whole(
    start: Callable[..., ImportDialog], tmp_path: Path, idle: Idle, monkeypatch: pytest.MonkeyPatch, opened: Path
) -> None:
    recipe = tmp_path / "sap.toml"
    path = tmp_path / "Extract.csv"
    path.write_bytes(
        "Period;Cost Centre;Debit;Credit;Text\n004;CORE-L1;1.000,50;;£\n;;;;Balance b/f\n;;1.000,50;;Total\n".encode(
            "cp1252"
        )
    )
    dialog = start(path)
    columns = dialog.columns
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(recipe), ""))
    recipe.write_text("name = 5", encoding="utf-8")
    columns.from_file.click()
    assert dialog.problem.body.text() == f"{recipe}: name: this is a text, in quotation marks"
    recipe.write_text(RECIPE, encoding="utf-8")
    columns.from_file.click()
    idle()
    assert columns.of_lines[4].source.currentText() == "As the mapping says, below"
    assert columns.also.text() == (
        "The mapping also says: cells are separated by semicolons; the text is in windows-1252; periods are written as "
        "PPP; the amount is “Debit” less “Credit”; amounts are written as 1.234,56-; the sign is turned of payment "
        "lines; rows are left out by “Text”; total rows are known by “Text”, and checked."
    )
    dialog.act()
    idle()
    assert dialog.check.heading.text() == "1 line to post, and nothing to mend"
    assert "2 rows left out, as the mapping says." in dialog.check.sentences.text()
    dialog.act()
    idle()
    with open_ledger(opened, read_only=True) as ledger:
        (line,) = ledger.lines(batch=2)
        saved = ledger.mappings()["sap"]
    assert line.amount_pence == 100_050
    assert saved.total == {"Text": ("Total",)}
    assert saved.flip_kinds == ("payment",)


def test_an_amount_chosen_by_hand_takes_the_place_of_debit_and_credit(
    start: Callable[..., ImportDialog], write: Callable[..., Path]
) -> None:
    rows = "M4,CORE-L1,LBB,actual,5.00,,7.00\n"
    dialog = start(write(rows, header="period,scheme,partner,kind,Debit,Credit,Other\n"))
    columns = dialog.columns
    assert columns.mapping().columns["debit"] == "Debit"
    assert columns.wrong() is None
    next(each for each in columns.of_lines if each.name == "amount").source.setCurrentText("Other")
    assert (columns.mapping().columns["amount"], "debit" in columns.mapping().columns) == ("Other", False)


def test_a_saved_mapping_can_be_changed_and_says_that_it_takes_the_old_ones_place(
    start: Callable[..., ImportDialog], write: Callable[..., Path], session: Session, idle: Idle, qtbot: QtBot
) -> None:
    text = (
        'name = "mine"\n[columns]\nperiod = "A"\nscheme = "B"\namount = "C"\n'
        '[constants]\nkind = "actual"\npartner = "LBB"\n'
    )
    session.write(lambda ledger, _job: ledger.save_mapping("mine", text), lambda _saved: None)
    idle()
    dialog = start(write("M4,CORE-L1,1.00,x\n", header="A,B,C,D\n"))
    assert dialog.step == 2
    qtbot.mouseClick(dialog.check.columns_button, Qt.MouseButton.LeftButton)
    assert dialog.columns.known_as.currentText() == "mine"
    assert dialog.columns.name_hint.text() == "“mine” is kept already: what is chosen here takes its place."
    reference = dialog.columns.of_lines[6]
    reference.source.setCurrentText("D")
    dialog.act()
    idle()
    assert [ours for ours, _at in dialog.check.model.columns] == ["period", "scheme", "amount", "reference"]
    dialog.columns.name.setText("")
    qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    dialog.act()
    assert dialog.problem.body.text() == (
        "Give the mapping a name: it is kept, and chosen by itself for the next file like this."
    )


def test_a_mapping_is_chosen_by_hand_and_headings_are_looked_for_in_another_row(
    start: Callable[..., ImportDialog], write: Callable[..., Path], session: Session, idle: Idle
) -> None:
    text = 'name = "other"\ndate_format = "DD.MM.YYYY"\nflip_sign = true\n[columns]\namount = "Q"\n'
    session.write(lambda ledger, _job: ledger.save_mapping("other", text), lambda _saved: None)
    idle()
    dialog = start(write("x,y\n", "1,2\n", header="Title,\n"))
    columns = dialog.columns
    columns.header_row.setValue(2)
    assert [columns.of_lines[0].source.itemText(at) for at in range(columns.of_lines[0].source.count())][2:] == [
        "x",
        "y",
    ]
    columns.known_as.setCurrentIndex(columns.known_as.findData("other"))
    assert columns.flip_sign.isChecked()
    assert columns.date_format.currentText() == "DD.MM.YYYY"
    assert columns.name.text() == "other"
    idle()


def test_measures_are_imported_and_told_apart_by_their_header(
    start: Callable[..., ImportDialog], write: Callable[..., Path], idle: Idle, opened: Path
) -> None:
    dialog = start(write("M4,ADM,100,90,95\n", header="period,measure,baseline,target,actual\n"))
    assert dialog.does.text() == "&Post 1 measure"
    dialog.act()
    idle()
    assert dialog.done_heading.text() == "1 measure posted as batch 2"
    assert not dialog.show_lines.isVisible()
    with open_ledger(opened, read_only=True) as ledger:
        assert [measure.measure for measure in ledger.measures()] == ["ADM"]


def test_measures_with_other_headings_are_matched(
    start: Callable[..., ImportDialog], write: Callable[..., Path], idle: Idle
) -> None:
    dialog = start(write("4,ADM,100,90,95\n", header="Month,Indicator,Baseline,Plan,Actual\n"))
    assert dialog.step == 1
    assert dialog.columns.content.currentText() == "Measures (activity)"
    assert not dialog.columns.flip_sign.isVisible()
    dialog.act()
    idle()
    assert dialog.check.heading.text() == "1 measure to post, and nothing to mend"


def test_a_sheet_of_a_workbook_is_chosen(start: Callable[..., ImportDialog], tmp_path: Path, idle: Idle) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "See the other sheet")
    page = book.add_worksheet("Extract")
    page.write_row(0, 0, ["Period", "Scheme", "Partner", "Kind", "Amount"])
    page.write_row(1, 0, ["M4", "CORE-L1", "LBB", "actual", 12.5])
    book.close()
    dialog = start(path)
    assert dialog.step == 1
    assert dialog.columns.sheet.isVisible()
    dialog.columns.sheet.setCurrentText("Extract")
    dialog.columns.ask_sheet.emit("Extract")
    idle()
    assert dialog.step == 1
    assert dialog.columns.of_lines[4].samples.text() == "12.5"
    dialog.act()
    idle()
    assert dialog.check.totals_model.index(0, 1).data() == "£12.50"
    dialog.act()
    idle()
    assert dialog.step == 3


# What cannot be done


def test_without_a_file_it_says_what_to_do_and_one_can_be_chosen_or_dropped(
    start: Callable[..., ImportDialog],
    write: Callable[..., Path],
    qtbot: QtBot,
    idle: Idle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialog = start()
    assert dialog.file.path.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert dialog.problem.body.text() == "Choose a CSV or XLSX file, or drop one on this window."
    path = write(GOOD)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(path), ""))
    qtbot.mouseClick(dialog.file.choose, Qt.MouseButton.LeftButton)
    idle()
    assert dialog.step == 2
    other = write(GOOD, GOOD, name="other.csv")
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(other))])
    keys = Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, told, Qt.MouseButton.LeftButton, keys))
    idle()
    assert dialog.check.heading.text() == "2 lines to post, and nothing to mend"
    qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert dialog.step == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfea\x00", "the file is UTF-16 text; save it as “CSV UTF-8” and import that"),
        (b"PK\x03\x04nonsense", "the workbook is damaged"),
        (None, "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_the_dialog(
    start: Callable[..., ImportDialog], tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    dialog = start(path)
    assert dialog.step == 0
    assert dialog.problem.heading.text() == "The file could not be read"
    assert why in dialog.problem.body.text()
    assert dialog.file.path.text() == str(path)


def test_a_file_that_was_imported_already_cannot_be_posted(
    start: Callable[..., ImportDialog], write: Callable[..., Path], idle: Idle
) -> None:
    path = write(GOOD)
    first = start(path)
    first.act()
    idle()
    first.accept()
    again = start(path)
    assert again.check.heading.text() == "The file cannot be posted"
    assert again.check.sentences.text().startswith("This file was imported already: batch 2")
    assert not again.does.isEnabled()


def test_what_the_ledger_refuses_at_the_last_moment_leaves_no_copy(
    start: Callable[..., ImportDialog],
    write: Callable[..., Path],
    session: Session,
    idle: Idle,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    dialog = start(write(GOOD.replace("M4", "M13"), GOOD.replace("LBB", "X")))
    press(qtbot, "LBB", Qt.Key.Key_Return)
    idle()
    session.write(lambda ledger, _job: ledger.hold(Period.M13), lambda _done: None)
    idle()
    dialog.act()
    idle()
    assert dialog.problem.heading.text() == "Nothing was posted"
    assert "M13 is closed and no later period is open" in dialog.problem.body.text()
    assert not list(tmp_path.glob("*-mended*"))


def test_a_ledger_that_can_only_be_read_says_why_nothing_can_be_imported(
    session: Session, qtbot: QtBot, idle: Idle, write: Callable[..., Path]
) -> None:
    nothing = ImportDialog(session)
    qtbot.addWidget(nothing)
    assert nothing.problem.body.text() == "Open the ledger that the file belongs to first."
    session.open(str(GOLDEN / "barnet-2014-15-pooled"))
    idle()
    dialog = ImportDialog(session, str(write(GOOD)))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.problem.body.text() == "This ledger is a folder of files, and nothing in it is ever written."
    assert not dialog.does.isEnabled()


def test_more_wrong_rows_than_anybody_mends_are_counted(
    start: Callable[..., ImportDialog], write: Callable[..., Path]
) -> None:
    dialog = start(write(*[GOOD.replace("LBB", "X")] * 1_200))
    assert dialog.check.model.rowCount() == 1_000
    assert "The first 1,000 rows are shown; 200 more are wrong." in dialog.check.sentences.text()


# Large files


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The agreement and so many lines for it, with one that is wrong at the end."""
    generate = generator()
    data = generate.write(tmp_path_factory.mktemp("large") / "data", generate.Shape(MANY))
    lines = data.csv.read_text(encoding="utf-8") + "M1,S001,LBX,actual,1O.00,,,\n"
    return data.agreement.read_text(encoding="utf-8"), lines


@pytest.fixture
def many_lines(generated: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A new ledger, and the file: it is large enough to be read in a process of its own."""
    agreement, lines = generated
    monkeypatch.setattr("ui.importing.work._LARGE", 30 * MANY)
    ledger, path = tmp_path / "large.s75", tmp_path / "lines.csv"
    create_ledger(ledger, agreement).close()
    path.write_text(lines, encoding="utf-8")
    return ledger, path


def test_many_lines_are_checked_mended_and_posted_while_the_window_stays_awake(
    session: Session, many_lines: tuple[Path, Path], qtbot: QtBot, idle: Idle, watchdog: Watchdog
) -> None:
    where, path = many_lines
    assert path.stat().st_size > work._LARGE
    session.open(str(where))
    idle()
    dialog = ImportDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.file.path.setText(str(path))
    told: list[str] = []
    with watchdog.watching("the check"):
        dialog.act()
        while session.busy:
            qtbot.wait(20)
            told.append(dialog.progress.label.text())
    assert dialog.check.heading.text() == f"1 row to mend; {MANY:,} lines good"
    assert dialog.check.model.rowCount() == 1
    dialog.check.model.setData(dialog.check.model.index(0, 4), "10.00")
    idle()
    with watchdog.watching("posting"):
        dialog.act()
        while session.busy:
            qtbot.wait(20)
            told.append(dialog.progress.label.text())
    assert dialog.done_heading.text() == f"{MANY + 1:,} lines posted as batch 1"
    assert {"Checking every row", "Posting"} <= set(told)


def test_posting_is_called_off_and_nothing_is_changed(
    session: Session, many_lines: tuple[Path, Path], qtbot: QtBot, idle: Idle
) -> None:
    where, path = many_lines
    session.open(str(where))
    idle()
    dialog = ImportDialog(session, str(path))
    qtbot.addWidget(dialog)
    dialog.show()
    idle()
    dialog.check.model.leave_out(0)
    idle()
    dialog.act()
    assert dialog.isVisible()
    dialog.reject()
    assert dialog.progress.label.text() == "Calling it off…"
    idle()
    assert dialog.isVisible()
    assert dialog.problem.heading.text() == "It was called off. Nothing was changed."
    assert dialog.does.isEnabled()
    assert not list(path.parent.glob("*-mended*"))
    with open_ledger(where, read_only=True) as ledger:
        assert ledger.batches() == ()


# Looking at it


def test_it_can_be_looked_at_with_rows_to_mend(session: Session, opened: Path, qtbot: QtBot, idle: Idle) -> None:
    del opened
    dialog = sample(session)
    qtbot.addWidget(dialog)
    dialog.show()
    idle()
    assert dialog.check.heading.text() == "2 rows to mend; 10 lines good"


def test_every_control_of_every_step_has_a_name(
    start: Callable[..., ImportDialog], write: Callable[..., Path], idle: Idle
) -> None:
    dialog = start(write(*EXTRACT, name="Council Oracle 2014-07.csv", header=""))
    dialog.columns.of_lines[2].source.setCurrentIndex(1)
    dialog.columns.of_lines[2].constant.setText("LBB")
    for step in (1, 2, 3):
        if step > 1:
            if step > 2:
                dialog.check.model.leave_out(0)
                idle()
            dialog.act()
            idle()
        assert dialog.step == step
        for widget in dialog.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, f"{type(widget).__name__} of step {step}"
    idle()


@pytest.mark.parametrize(
    ("file", "name"),
    [("Council Oracle 2014-07.csv", "Council Oracle"), ("2014.csv", "Extract"), ("NHS_GL (v2).xlsx", "NHS GL v2")],
)
def test_a_mapping_is_named_after_its_file(file: str, name: str) -> None:
    assert name_for(f"/a/{file}") == name
