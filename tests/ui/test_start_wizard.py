"""A new ledger from the first field to an open one, by keyboard; what is wrong is told where it can be mended."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from rules.agreement import By, Kind
from rules.periods import Period
from settlement import settle_ledger
from settlement.new_ledger import Content
from ui import links
from ui.drafts import all_drafts, find_draft
from ui.links import Link
from ui.pages.start.sample_content import SAMPLE_CONTENT
from ui.pages.start.wizard import DRAFT, NewLedgerDialog
from ui.session import Session
from ui.window import Window

from .watchdog import Watchdog

STEPS = ("agreement", "partners", "funds", "schemes", "contributions", "rules", "check")


class Person:
    """Somebody at the keyboard, whose key presses are counted."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.presses = 0

    @property
    def here(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the keyboard"
        return widget

    def types(self, text: str) -> None:
        for each in text:
            self.qtbot.keyClick(self.here, each)
        self.presses += len(text)

    def presses_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.here, key, modifiers)
        self.presses += 1

    def enters(self, *texts: str) -> None:
        for text in texts:
            self.types(text)
            self.presses_key(Qt.Key.Key_Return)


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person(qtbot)


@pytest.fixture
def make_wizard(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[Callable[..., NewLedgerDialog]]:
    """A wizard that is shown, its first look taken."""
    made: list[NewLedgerDialog] = []
    session.keep(replace(session.preferences, ledgers_folder=str(tmp_path)))

    def make(content: Content | None = None) -> NewLedgerDialog:
        dialog = NewLedgerDialog(session, None, content)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.open()
        qtbot.waitExposed(dialog)
        looked(qtbot, dialog)
        return dialog

    yield make
    for dialog in made:
        dialog.done(0)
    qtbot.waitUntil(lambda: not session.busy, timeout=10_000)


def looked(qtbot: QtBot, dialog: NewLedgerDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.is_looking, timeout=10_000)


def paste(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


# --- the whole of it --------------------------------------------------------------------------------------------------


def test_a_first_ledger_is_made_by_keyboard_alone(
    qtbot: QtBot, window: Window, wait: Callable[[], None], person: Person, tmp_path: Path, watchdog: Watchdog
) -> None:
    """Two partners, a pooled fund, three schemes, their contributions, one rule: an open ledger and its Overview."""
    with watchdog.watching("the wizard of a new ledger"):
        window.session.keep(replace(window.session.preferences, ledgers_folder=str(tmp_path)))
        window.go(Link(links.START))
        wait()
        qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.findChild(NewLedgerDialog) is not None)
        dialog = window.findChild(NewLedgerDialog)
        qtbot.waitExposed(dialog)
        looked(qtbot, dialog)
        person.enters("Telford Better Care Fund")  # the agreement: id and year are as they stand
        person.enters("Telford & Wrekin Council", "NHS Shropshire Integrated Care Board")
        person.presses_key(Qt.Key.Key_Return)  # the empty row: no more partners
        person.enters("Better Care Fund")
        person.presses_key(Qt.Key.Key_Return)
        person.enters("Home first", "Reablement", "Equipment")
        person.presses_key(Qt.Key.Key_Return)
        looked(qtbot, dialog)
        person.enters("8000000", "3000000", "500000")  # down the first partner's column, then the second's
        person.enters("9000000", "3767912", "250000.50")
        looked(qtbot, dialog)
        assert dialog.rules.add.isEnabled()
        person.presses_key(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)  # fixed shares, as they stand
        qtbot.waitUntil(lambda: dialog.rules.list.count() == 1)
        person.presses_key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        looked(qtbot, dialog)
        assert [dialog.check.list.item(row).text() for row in range(dialog.check.list.count())] == []
    with qtbot.waitSignal(window.session.opened_changed, timeout=20_000):
        person.presses_key(Qt.Key.Key_Return)
    wait()
    typed = sum(
        len(text)
        for text in (
            "Telford Better Care Fund", "Telford & Wrekin Council", "NHS Shropshire Integrated Care Board",
            "Better Care Fund", "Home first", "Reablement", "Equipment",
            "8000000", "3000000", "500000", "9000000", "3767912", "250000.50",
        )
    )  # fmt: skip
    assert person.presses - typed <= 20, "keys besides the names and figures themselves"
    opened = window.session.opened
    assert opened is not None
    assert opened.writable
    assert window.current.key == links.OVERVIEW
    assert all_drafts() == ()
    (file,) = tmp_path.glob("telford-better-care-fund-*.s75")
    with open_ledger(file, read_only=True) as ledger:
        agreement = ledger.agreement_at(Period.M1)
        assert [partner.code for partner in agreement.partners] == ["TWC", "ICB"]
        assert [partner.kind for partner in agreement.partners] == ["council", "icb"]
        assert [scheme.code for scheme in agreement.schemes] == ["HOME-FIRST", "REABLEMENT", "EQUIPMENT"]
        assert [(clause.id, clause.on) for clause in agreement.clauses] == [("RS1", "overspend"), ("RS2", "underspend")]
        lines = [(line.period, line.kind, line.scheme, line.partner, line.amount_pence) for line in ledger.lines()]
        assert lines == [
            (Period.M1, Kind.BUDGET, "HOME-FIRST", "TWC", 800_000_000),
            (Period.M1, Kind.BUDGET, "HOME-FIRST", "ICB", 900_000_000),
            (Period.M1, Kind.BUDGET, "REABLEMENT", "TWC", 300_000_000),
            (Period.M1, Kind.BUDGET, "REABLEMENT", "ICB", 376_791_200),
            (Period.M1, Kind.BUDGET, "EQUIPMENT", "TWC", 50_000_000),
            (Period.M1, Kind.BUDGET, "EQUIPMENT", "ICB", 25_000_050),
        ]
        assert sum(row.net_due_pence for row in settle_ledger(ledger, Period.M1).rows) == 0


# --- typed as in a spreadsheet ----------------------------------------------------------------------------------------


def test_a_block_from_excel_fills_the_schemes(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(3)
    sheet = dialog.schemes.sheet
    sheet.go_to(5, 0)
    paste("Falls\tFALLS\tBCF\ticb\nCarers\t\tbetter care fund\t\tLBB\tcore\t\tBCF, carers\tyes\r\n")
    person.presses_key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    looked(qtbot, dialog)
    rows = dialog.content().schemes[-2:]
    assert [(row["name"], row["code"], row["fund"], row["lead"]) for row in rows] == [
        ("Falls", "FALLS", "BCF", "icb"),
        ("Carers", "", "better care fund", ""),
    ]
    assert (rows[1]["service"], rows[1]["excluded"]) == ("Core", "Yes")  # in the words that the column has
    assert sheet.sheet.index(6, 1).data() == "CARERS"  # what is taken for the code
    assert dialog.schemes.trouble.isHidden()
    qtbot.keyClick(sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.content().schemes) == 5
    qtbot.keyClick(sheet, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.content().schemes) == 7


def test_a_block_from_excel_fills_the_matrix_and_totals_follow(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(4)
    dialog.contributions.sheet.go_to(0, 1)
    paste("1,000.00\t2000\n\t£3,000.10\n(5)\t1\n4\t5\n6\t7\n8\t9\n")  # a row more than there are schemes
    person.presses_key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    looked(qtbot, dialog)
    model = dialog.contributions.model
    shown = [[model.index(row, column).data() for column in range(1, 4)] for row in range(6)]
    assert shown == [
        ["£1,000.00", "£2,000.00", "£3,000.00"],
        ["", "£3,000.10", "£3,000.10"],
        ["⚠ (5)", "£1.00", "£1.00"],
        ["£4.00", "£5.00", "£9.00"],
        ["£6.00", "£7.00", "£13.00"],
        ["£1,010.00", "£5,013.10", "£6,023.10"],
    ]
    assert dialog.contributions.trouble.text() == (
        "⚠ COMMUNITY, LBB: “(5)” is below zero; a contribution is nought or more."
    )


def test_rows_are_moved_and_taken_out_by_keyboard(make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(3)
    sheet = dialog.schemes.sheet
    sheet.go_to(1, 0)
    qtbot.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    assert [row["name"] for row in dialog.content().schemes][:2] == ["Intermediate care beds", "Home first"]
    qtbot.keyClick(sheet, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert [row["name"] for row in dialog.content().schemes][:2] == ["Home first", "Community equipment"]
    looked(qtbot, dialog)
    # what a scheme contributes stays its own when rows move
    assert dialog.content().contributions["home"]["icb"] == "£2,150,000.00"
    qtbot.keyClick(sheet, Qt.Key.Key_Delete)
    assert dialog.content().schemes[0]["name"] == ""


def test_tab_goes_along_the_row_and_leaves_the_table_at_its_end(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    dialog = make_wizard()
    dialog.go_to_step(2)
    sheet = dialog.funds.sheet
    person.types("Pool")
    person.presses_key(Qt.Key.Key_Tab)
    person.types("P1")
    person.presses_key(Qt.Key.Key_Tab)
    person.types("al")
    assert isinstance(person.here, QComboBox | QLineEdit)
    person.presses_key(Qt.Key.Key_Return)  # to the next row, where this one was begun
    assert (sheet.currentIndex().row(), sheet.currentIndex().column()) == (1, 0)
    assert [(row["name"], row["code"], row["kind"]) for row in dialog.content().funds] == [("Pool", "P1", "Aligned")]
    person.presses_key(Qt.Key.Key_Tab)
    assert person.here is not sheet
    looked(qtbot, dialog)


# --- nothing is lost --------------------------------------------------------------------------------------------------


def test_what_was_typed_is_kept_and_offered_again(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    first = make_wizard()
    person.types("Wirral pool")
    person.presses_key(Qt.Key.Key_Return)
    person.enters("Wirral Council")
    person.presses_key(Qt.Key.Key_Escape)
    assert not first.isVisible()
    assert find_draft(*DRAFT)["title"] == "Wirral pool"
    again = make_wizard()
    assert again.agreement.title.text() == "Wirral pool"
    assert again.partners.sheet.sheet.index(0, 0).data() == "Wirral Council"
    assert again.kept_note.heading.text() == "What you typed before is here again."
    qtbot.mouseClick(again.afresh, Qt.MouseButton.LeftButton)
    assert again.content() == Content(year=again.content().year)
    assert find_draft(*DRAFT) is None
    looked(qtbot, again)


def test_a_wizard_that_nothing_was_typed_in_leaves_no_draft(make_wizard: Callable[..., NewLedgerDialog]) -> None:
    make_wizard().reject()
    assert all_drafts() == ()


def test_back_and_forward_lose_nothing(make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    before = dialog.content()
    for _step in STEPS[1:]:
        qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        looked(qtbot, dialog)
    assert dialog.does.text() == "&Make the ledger"
    for _step in STEPS[1:]:
        qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert not dialog.back.isEnabled()
    looked(qtbot, dialog)
    assert dialog.content() == before


def test_a_new_code_takes_with_it_what_names_the_old_one(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot
) -> None:
    """A partner's code is changed after schemes and rules name it."""
    dialog = make_wizard(SAMPLE_CONTENT)
    model = dialog.partners.model
    model.setData(model.index(1, 1), "NCL")
    looked(qtbot, dialog)
    content = dialog.content()
    assert content.funds[1]["host"] == "NCL"
    assert [row.get("lead", "") for row in content.schemes][1] == "NCL"
    assert content.rules[0].told["maxima"] == {"LBB": "150,000", "NCL": "2%"}
    assert dialog.contributions.model.headerData(2, Qt.Orientation.Horizontal) == "NCL"
    assert dialog.contributions.model.index(0, 2).data() == "£2,150,000.00"


# --- the rules --------------------------------------------------------------------------------------------------------


def test_each_chosen_rule_is_read_in_a_sentence_as_it_is_typed(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(5)
    looked(qtbot, dialog)
    rules = dialog.rules
    assert "met from the reserve “Risk pool” (opening balance £500,000.00)" in rules.says.text()
    opening = rules.form.field("reserve_opening")
    opening.setFocus()
    opening.selectAll()  # type: ignore[attr-defined]  # a line
    person.types("1000")
    looked(qtbot, dialog)
    assert "(opening balance £1,000.00)" in rules.says.text()
    assert person.here is opening  # the form was not made anew under the person's hands
    person.types("x")
    looked(qtbot, dialog)
    assert rules.says.text().startswith("⚠ Opening balance: “1000x” is not an amount")
    assert rules.trouble.text().startswith("⚠ Ordered first calls: Opening balance")


def test_rules_are_ordered_and_taken_out(make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(5)
    looked(qtbot, dialog)
    rules = dialog.rules
    rules.list.setCurrentRow(2)
    qtbot.mouseClick(rules.up, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert [rule.template for rule in dialog.content().rules] == ["first_calls", "benefit", "underspends"]
    assert rules.list.currentRow() == 1
    assert rules.says.text().startswith("RS5. Benefits")
    qtbot.mouseClick(rules.out, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert [rule.template for rule in dialog.content().rules] == ["first_calls", "underspends"]


def test_a_rule_that_does_not_suit_says_why_and_cannot_be_added(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot
) -> None:
    dialog = make_wizard(Content(**{**_fields(SAMPLE_CONTENT), "schemes": SAMPLE_CONTENT.schemes[:1], "rules": ()}))
    dialog.go_to_step(5)
    looked(qtbot, dialog)
    dialog.rules.box.setCurrentIndex(dialog.rules.box.findData("benefit"))
    assert "It needs a scheme of influenced services" in dialog.rules.sentence.text()
    assert not dialog.rules.add.isEnabled()


def test_rules_wait_for_an_agreement_to_be_put_into(make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot) -> None:
    dialog = make_wizard()
    dialog.go_to_step(5)
    looked(qtbot, dialog)
    assert "once the steps before this one hold together" in dialog.rules.sentence.text()
    assert not dialog.rules.add.isEnabled()


def test_shares_are_typed_for_each_partner(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, person: Person
) -> None:
    dialog = make_wizard(Content(**{**_fields(SAMPLE_CONTENT), "rules": ()}))
    dialog.go_to_step(5)
    looked(qtbot, dialog)
    qtbot.mouseClick(dialog.rules.add, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    share = dialog.rules.form.field("share")
    share.setFocus(Qt.FocusReason.TabFocusReason)
    person.types("60")
    person.presses_key(Qt.Key.Key_Tab)
    person.types("40")
    looked(qtbot, dialog)
    assert "60% to LBB and 40% to ICB" in dialog.rules.says.text()
    told = dialog.content().rules[0].told
    assert told["share"] == {"by": By.FIXED, "weights": {"LBB": "60", "ICB": "40"}}


# --- checked and made -------------------------------------------------------------------------------------------------


def test_what_is_to_be_mended_is_listed_with_its_step_and_leads_there(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot
) -> None:
    dialog = make_wizard(SAMPLE_CONTENT)
    dialog.go_to_step(6)
    looked(qtbot, dialog)
    (only,) = (dialog.check.list.item(row).text() for row in range(dialog.check.list.count()))
    assert only.startswith("Contributions: EMERGENCY, ICB: “58,613,86B” is not an amount")
    assert "⚠ 1 to mend" in dialog.steps.item(4).text()
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    assert dialog.problem.heading.text() == "The ledger cannot be made yet"
    qtbot.keyClick(dialog.check.list, Qt.Key.Key_Return)
    assert dialog.steps.currentRow() == 4
    here = dialog.contributions.sheet.currentIndex()
    assert (here.row(), here.column()) == (4, 2)
    assert dialog.contributions.sheet.hasFocus()


def test_an_empty_wizard_says_what_is_missing_step_by_step(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot
) -> None:
    dialog = make_wizard()
    dialog.go_to_step(6)
    looked(qtbot, dialog)
    assert [dialog.check.list.item(row).text() for row in range(dialog.check.list.count())] == [
        "Agreement: Give the agreement a title.",
        "Partners: An agreement has at least two partners.",
        "Funds: An agreement has at least one fund.",
        "Schemes: An agreement has at least one scheme.",
    ]


def test_a_file_that_is_there_is_never_overwritten(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    there = tmp_path / "pool.s75"
    there.write_text("somebody's", encoding="utf-8")
    dialog = make_wizard(_whole(str(there)))
    dialog.go_to_step(6)
    looked(qtbot, dialog)
    assert "Check and make: There is a file" in dialog.check.list.item(0).text()
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert there.read_text(encoding="utf-8") == "somebody's"


def test_a_folder_that_cannot_be_made_is_told_inside_and_nothing_is_lost(
    make_wizard: Callable[..., NewLedgerDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    content = _whole(str(tmp_path / "file" / "pool.s75"))
    dialog = make_wizard(content)
    dialog.go_to_step(6)
    looked(qtbot, dialog)
    qtbot.mouseClick(dialog.does, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=10_000)
    assert dialog.problem.heading.text() == "The ledger was not made"
    assert "the folder cannot be made" in dialog.problem.body.text()
    assert dialog.content().partners == content.partners
    assert dialog.does.isEnabled()


def _fields(content: Content) -> dict[str, object]:
    return {name: getattr(content, name) for name in Content.__slots__}


def _whole(file: str) -> Content:
    """The sample with its one wrong amount mended."""
    contributions = {**SAMPLE_CONTENT.contributions, "acute": {"icb": "58613868"}}
    return Content(**{**_fields(SAMPLE_CONTENT), "contributions": contributions, "file": file})  # type: ignore[arg-type]  # its fields
