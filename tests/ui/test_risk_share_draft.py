"""A what-if on the schedule, by keyboard: change it, see who would pay what, undo, compare, put it in force."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.assents import awaiting
from rules.agreement import Agreement, Beyond, Cap, Limit, On, Share
from rules.periods import Period
from rules.reading import read_agreement
from settlement import result_of, settle
from settlement.drafting import drafted, replaced
from ui import links
from ui.drafts import find_draft
from ui.links import Link
from ui.pages.risk_share.adding_dialog import AddingDialog
from ui.pages.risk_share.cards import MIME
from ui.pages.risk_share.fields import PickDialog
from ui.pages.risk_share.force_dialog import ForceDialog
from ui.pages.risk_share.page import RiskSharePage
from ui.pages.risk_share.shelf import KIND
from ui.pages.risk_share.text_dialog import TextDialog
from ui.tables import PENCE
from ui.window import Window

from .conftest import GOLDEN, Opener
from .looking import cut_off, mnemonics, nameless
from .person import Person

TELFORD = "telford-2019-20"
Going = Callable[..., RiskSharePage]


@pytest.fixture
def person(qtbot: QtBot, window: Window) -> Person:
    return Person(qtbot, window)


@pytest.fixture
def going(window: Window, opening: Opener, wait: Callable[[], None], person: Person) -> Going:  # noqa: ARG001  she looks on
    """Opens a ledger and goes to its Risk share page."""

    def go(where: Path | str, *, read_only: bool = False) -> RiskSharePage:
        opening(where, read_only=read_only)
        window.go(Link(links.RISK_SHARE))
        wait()
        page = window.current
        assert isinstance(page, RiskSharePage)
        return page

    return go


@pytest.fixture
def drafting(
    going: Going, open_file: Callable[[str], Path], wait: Callable[[], None]
) -> Callable[[str], RiskSharePage]:
    """A ledger of a golden case that can be written, with a draft of its schedule begun."""

    def begin(name: str) -> RiskSharePage:
        page = going(open_file(name))
        page.commands.change.click()
        wait()
        return page

    return begin


def due(page: RiskSharePage, column: int) -> list[int]:
    return [page.payers.index(row, column).data(PENCE) for row in range(page.payers.rowCount())]


def differences(page: RiskSharePage) -> list[str]:
    return [page.payers.index(row, 5).data() for row in range(page.payers.rowCount())]


def told(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def numbers(page: RiskSharePage) -> list[str]:
    return [card.number for card in page.stack.clauses]


def settled(name: str, agreement: Agreement) -> dict[str, Any]:
    """The golden figures settled under another agreement, by `settle` itself."""
    with open_ledger(GOLDEN / name, read_only=True) as ledger:
        return result_of(settle(agreement, ledger.position(Period.M12)))


def shared(name: str, clause: str, council: int, ccg: int) -> Agreement:
    """The golden agreement with a clause in other fixed shares."""
    agreement = read_agreement((GOLDEN / name / "agreement.toml").read_text(encoding="utf-8"))
    draft = drafted(agreement, "A")
    entry = next(entry for entry in draft.entries if entry.clause.id == clause)
    weights = (("COUNCIL", Fraction(council)), ("CCG", Fraction(ccg)))
    assert entry.clause.slices[0].share is not None
    share = Share(entry.clause.slices[0].share.by, weights=weights)
    new = replace(entry.clause, slices=(replace(entry.clause.slices[0], share=share),))
    return replaced(draft, entry.key, new).agreement


def test_a_what_if_from_fifty_fifty_to_sixty_forty_and_into_force(  # noqa: PLR0915  one sitting of a person
    going: Going, open_file: Callable[[str], Path], person: Person, window: Window
) -> None:
    file = open_file(TELFORD)
    page = going(file)
    in_force = due(page, 1)
    assert in_force == [row["net_due"] for row in settled(TELFORD, shared(TELFORD, "RS1", 50, 50))["partners"].values()]

    # begun by keyboard, the clause gone into, both shares typed
    page.stack.choose("RS1", focus=True)
    person.wait_for(page.stack.frames[0].hasFocus)
    person.press("Alt+C")
    person.wait_for(lambda: page.shelf.shown is not None)
    person.wait()
    person.wait_for(page.stack.frames[0].hasFocus)
    person.press("Return")
    assert person.at is page.form.number.line
    weights = page.form.slices[0].weights
    person.tab_to(weights["COUNCIL"].line)
    person.type("60")
    person.press("Tab")
    person.wait()
    assert page.form.slices[0].makes.text() == "They make 110, so that each is so many parts of 110."
    person.type("40")
    person.wait()
    assert page.form.slices[0].makes.text() == "They make 100%."
    assert person.presses < 25

    # every figure is what `settle` makes of the same agreement
    expected = settled(TELFORD, shared(TELFORD, "RS1", 60, 40))
    assert due(page, 3) == [row["net_due"] for row in expected["partners"].values()]
    assert differences(page) == ["receives £60,000.00 less", "pays £60,000.00 less"]
    first = page.stack.frames[0]
    assert "shared 60% to COUNCIL and 40% to CCG" in first.card.says
    assert [(link.shown.label, link.pence) for link in first.links] == [
        ("Dealt with", 60_000_000),
        ("COUNCIL", 36_000_000),
        ("CCG", 24_000_000),
    ]

    # two fields were typed in: two steps back, and forward again
    person.press("Ctrl+Z")
    person.wait()
    assert weights["CCG"].line.text() == "50"
    assert page.commands.undo.toolTip() == "Undo: change the shares of clause RS1"
    person.press("Ctrl+Z")
    person.wait()
    assert differences(page) == ["the same", "the same"]
    assert not page.commands.undo.isEnabled()
    person.press("Ctrl+Y", "Ctrl+Y")
    person.wait()
    assert due(page, 3) == [row["net_due"] for row in expected["partners"].values()]

    # side by side, figure by figure
    person.press("Alt+M")
    person.wait_for(page.comparison.table.hasFocus)
    person.wait()
    model = page.comparison.model
    rows = {model.index(row, 0).data(): row for row in range(model.rowCount())}
    share = rows["COUNCIL: share of overspends"]
    assert [model.index(share, column).data(PENCE) for column in (1, 2)] == [30_000_000, 36_000_000]
    assert model.index(share, 3).data() == "£60,000.00 more"
    assert "shared 60% to COUNCIL and 40% to CCG" in page.comparison.differs.toPlainText()
    page.comparison.copy_table()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Line\tIn force\tDraft 1\tDraft 1: difference"
    assert "COUNCIL: share of overspends\t300000.00\t360000.00\t£60,000.00 more" in copied
    person.press("Alt+B")
    person.wait_for(page.stack.isVisible)

    # into force: the reason is asked for, the differences and who must assent are shown
    dialog = page.deeds.force()
    assert isinstance(dialog, ForceDialog)
    person.wait()
    assert "until COUNCIL and CCG have each assented" in dialog.assent.text()
    assert "60% to COUNCIL and 40% to CCG" in dialog.changes.toPlainText()
    assert not dialog.does.isEnabled()
    assert dialog.does.toolTip() == "Still needed: a reason."
    dialog.period.setCurrentIndex(dialog.period.findData(Period.M7))
    person.wait()
    dialog.reason.setText("Deed of variation, 28 September")
    dialog.does.click()
    person.wait()
    assert page.shelf.drafts == ()
    assert page.shelf.shown is None
    assert window.statusBar().currentMessage() == (
        "Version 2 of the agreement is in force from M7. It is provisional until COUNCIL and CCG assent to it."
    )
    assert due(page, 1) == [row["net_due"] for row in expected["partners"].values()]
    assert find_draft(str(file), KIND) is None
    with open_ledger(file, read_only=True) as ledger:
        version = ledger.versions()[-1]
        assert (version.from_period, version.reason) == (Period.M7, "Deed of variation, 28 September")
        assert ledger.agreement_at(Period.M12) == shared(TELFORD, "RS1", 60, 40)
        assert ledger.agreement_at(Period.M6) == shared(TELFORD, "RS1", 50, 50)
        assert awaiting(ledger, 2) == ("COUNCIL", "CCG")


def test_clauses_are_moved_copied_disabled_and_deleted_from_the_keyboard(
    drafting: Callable[[str], RiskSharePage], person: Person, qtbot: QtBot
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("1", focus=True)
    person.wait_for(page.stack.frames[0].hasFocus)
    person.press("Alt+Down")
    person.wait()
    assert numbers(page) == ["4.2", "4.1", "4.3", "4.4", "4.5"]
    assert page.stack.frames[1].hasFocus()
    person.press("Ctrl+D")
    person.wait()
    assert numbers(page) == ["4.2", "4.1", "4.6", "4.3", "4.4", "4.5"]
    qtbot.waitUntil(page.stack.frames[2].hasFocus)
    person.press("Del")
    person.wait()
    assert numbers(page) == ["4.2", "4.1", "4.3", "4.4", "4.5"]
    qtbot.waitUntil(page.stack.frames[2].hasFocus)  # the one that took its place
    person.press("Down", "Ctrl+Shift+D")
    person.wait()
    card = page.stack.frames[3].card
    assert (card.number, card.enabled) == ("4.4", False)
    assert card.does == "Disabled: it is kept in the draft and left out of the agreement."
    assert page.commands.switch.text() == "Enable"
    assert "Unallocated: £" in told(page.notices.unallocated)
    for _ in range(4):
        person.press("Ctrl+Z")
    person.wait()
    assert numbers(page) == ["4.1", "4.2", "4.3", "4.4", "4.5"]
    assert page.stack.frames[3].card.enabled
    assert page.notices.unallocated.isHidden()


def test_a_card_is_dragged_to_another_place(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = drafting("rotherham-first-call")
    frames = page.stack.frames
    assert bytes(frames[0].drag().mimeData().data(MIME).data()) == b"1"
    mime = QMimeData()
    mime.setData(MIME, b"1")
    below = QPointF(20, frames[2].geometry().bottom())
    dropped = QDropEvent(
        below, Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.stack.widget().dropEvent(dropped)
    wait()
    assert numbers(page) == ["4.2", "4.3", "4.1", "4.4", "4.5"]
    qtbot.waitUntil(lambda: [frame.card.number for frame in page.stack.frames][:3] == ["4.2", "4.3", "4.1"])


def test_a_draft_is_kept_through_a_crash_and_told_apart_from_others(
    drafting: Callable[[str], RiskSharePage], window: Window, wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = drafting("rotherham-first-call")
    opened = window.session.opened
    assert opened is not None
    page.stack.choose("4")
    page.commands.switch.click()
    wait()
    page.shelf.rename("Without 4.4")
    page.deeds.copy()
    wait()
    assert [draft.name for draft in page.shelf.drafts] == ["Without 4.4", "Without 4.4 2"]
    page.commands.delete.click()
    wait()

    # nothing was closed: what is on the disk is all there is
    other = Window()
    qtbot.addWidget(other)
    other.show()
    other.open_ledger(opened.where, read_only=True)
    qtbot.waitUntil(lambda: other.session.opened is not None and not other.session.busy, timeout=20_000)
    other.go(Link(links.RISK_SHARE))
    qtbot.waitUntil(lambda: not other.session.busy, timeout=20_000)
    again = other.current
    assert isinstance(again, RiskSharePage)
    assert again.shelf.drafts == page.shelf.drafts
    assert again.shelf.shown == page.shelf.shown
    assert numbers(again) == numbers(page)
    again.shelf.show_draft("Without 4.4")
    qtbot.waitUntil(lambda: not other.session.busy, timeout=20_000)
    assert [card.enabled for card in again.stack.clauses] == [True, True, True, False, True]
    other.session.close()


def test_what_is_wrong_with_a_draft_is_told_in_words_at_its_card(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], person: Person
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("3")
    page.form.add_slice.click()
    wait()
    percent = page.form.slices[0].percent.line
    percent.setFocus()
    percent.selectAll()
    person.type("60")
    person.wait()
    card = page.stack.frames[2].card
    assert card.problems == ("The percentages make 60, and must make 100.",)
    assert "Problem: The percentages make 60, and must make 100." in told(page.stack.frames[2])
    assert "To put right" in page.stack.frames[2].accessibleName()
    assert "The draft cannot be settled yet" in told(page.notices.wrong)
    assert "Clause 4.3: The percentages make 60" in told(page.notices.wrong)
    assert page.payers_table.isHidden()
    assert page.stack.frames[0].card.does == "It has no figures until what is wrong is put right."
    second = page.form.slices[1].percent.line
    second.setFocus()
    second.selectAll()
    person.type("40")
    person.wait()
    assert page.notices.wrong.isHidden()
    assert page.payers_table.isVisible()


def test_a_field_that_cannot_be_read_says_so_and_the_draft_keeps_what_it_had(
    drafting: Callable[[str], RiskSharePage], person: Person
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("3")
    limit = page.form.caps[0].limit
    limit.line.setFocus()
    limit.line.selectAll()
    person.type("12x")
    person.wait()
    assert limit.line.text() == "12x"
    assert limit.wrong.text().startswith("“12x” is not an amount; write pounds and pence")
    assert limit.line.accessibleDescription() == limit.wrong.text()
    assert page.shelf.shown is not None
    assert page.shelf.shown.caps[0].limit == Limit(pence=12_00)  # as far as it could be read
    person.wait_for(lambda: cut_off(page.form) == [])
    person.press("Backspace")
    person.wait()
    assert limit.wrong.isHidden()


def test_every_part_of_a_clause_can_be_changed_in_its_form(  # noqa: PLR0915  every part, one after another
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], person: Person
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("3")
    form = page.form

    def clause() -> Any:  # noqa: ANN401  its fields are looked at
        assert page.shelf.shown is not None
        return page.shelf.shown.entries[2].clause

    def write(line: QLineEdit, text: str) -> None:
        line.setFocus()
        line.selectAll()
        person.type(text)

    write(form.number.line, "9")
    write(form.title.line, "Nine")
    assert (clause().id, clause().title) == ("9", "Nine")
    form.on.picked.emit("underspend")
    assert clause().on is On.UNDERSPEND
    assert "Set aside by each partner against its own exposure" in [
        form.slices[0].to.itemText(row) for row in range(form.slices[0].to.count())
    ]
    form.on.picked.emit("overspend")
    form.has_band.setChecked(True)
    write(form.low.line, "2%")
    write(form.high.line, "250,000")
    form.per.picked.emit("fund")
    form.threshold.picked.emit("cliff")
    band = clause().band
    assert (band.low, band.high) == (Limit(percent=Fraction(2)), Limit(pence=250_000_00))
    assert (clause().per, clause().threshold) == ("fund", "cliff")
    form.has_band.setChecked(False)
    form.slices[0].to.picked.emit("reserve:RISKPOOL")
    assert (clause().slices[0].to, clause().slices[0].share) == ("reserve:RISKPOOL", None)
    form.slices[0].to.picked.emit("underspends")
    assert form.draw_on.isVisibleTo(form)
    form.draw_on.picked.emit("agreement")
    assert clause().draw_on == "agreement"
    form.slices[0].to.picked.emit("partners")
    form.slices[0].by.picked.emit("fixed")
    assert clause().slices[0].share.weights == (("COUNCIL", 50), ("CCG", 50))
    form.slices[0].by.picked.emit("scheme@opening")
    assert clause().slices[0].share.at_opening
    form.slices[0].by.picked.emit("partner:CCG")
    assert clause().slices[0].share.name == "CCG"
    form.add_slice.click()
    assert len(form.slices) == 2
    form.slices[1].to.picked.emit("next")
    form.slices[0].remove.click()
    assert [part.percent for part in clause().slices] == [100]

    dialog = form.scope["scheme"].open_list()
    assert isinstance(dialog, PickDialog)
    for row in (0, 2):
        dialog.listed.item(row).setCheckState(Qt.CheckState.Checked)
    dialog.does.click()
    assert len(clause().scope.scheme) == 2
    form.scope["service"].picked.emit(("core",))
    form.scope["fund"].picked.emit(("POOL1",))
    assert (clause().scope.service, clause().scope.fund) == (("core",), ("POOL1",))

    form.slices[0].to.picked.emit("partners")
    cap = form.caps[0]
    cap.partner.picked.emit("CCG")
    write(cap.limit.line, "3%")
    cap.of.picked.emit("POOL1")
    cap.beyond.picked.emit("partner:COUNCIL")
    cap.clauses.picked.emit(("3", "4"))
    assert page.shelf.shown is not None
    assert page.shelf.shown.caps[0] == Cap(
        "CCG", Limit(percent=Fraction(3)), ("3", "4"), Beyond.PARTNER, "COUNCIL", "POOL1"
    )
    cap.beyond.picked.emit("others")
    assert page.shelf.shown.caps[0].bearer == ""
    form.caps[1].remove.click()
    assert len(form.caps) == 1
    form.add_cap.click()
    assert page.shelf.shown.caps[-1].clauses == ("3",)
    wait()
    count = page.shelf.group.activeStack().count()
    for _ in range(count):
        page.deeds.undo()
    wait()
    with open_ledger(GOLDEN / "rotherham-first-call", read_only=True) as ledger:
        assert page.shelf.shown.agreement == ledger.agreement_at(Period.M12)


def test_a_template_is_added_with_its_answers_and_a_wrong_one_is_told(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], person: Person
) -> None:
    page = drafting(TELFORD)
    dialog = page.deeds.add()
    assert isinstance(dialog, AddingDialog)
    person.wait_for(dialog.isActiveWindow)
    rows = [dialog.shapes.item(row).text() for row in range(dialog.shapes.count())]
    assert rows[:3] == ["A blank clause", "Fixed shares", "In proportion to contributions"]
    dialog.shapes.setCurrentRow(1)
    assert dialog.asking is not None
    line = next(
        each for each in dialog.asking.findChildren(QLineEdit) if each.accessibleName().endswith("& Wrekin Council")
    )
    line.setFocus()
    line.selectAll()
    person.type("most")
    dialog.does.click()
    assert "COUNCIL: “most” is not a plain decimal number" in told(dialog.problem)
    line.selectAll()
    person.type("70")
    dialog.does.click()
    wait()
    assert numbers(page) == ["RS1", "RS2", "RS3", "RS4"]
    assert page.stack.chosen_key == "3"
    idle = "Does nothing at M12: the clauses before it deal with every overspend in its scope."
    assert page.stack.frames[2].card.does == idle
    assert page.commands.undo.toolTip() == "Undo: add “Fixed shares”"
    page.commands.undo.click()
    wait()
    assert numbers(page) == ["RS1", "RS2"]


def test_a_template_that_cannot_be_used_says_why(drafting: Callable[[str], RiskSharePage]) -> None:
    page = drafting(TELFORD)
    dialog = page.deeds.adding_dialog("benefit")
    assert isinstance(dialog, AddingDialog)
    assert dialog.does.toolTip() == "It needs a scheme of influenced services, in an aligned fund."
    assert not dialog.does.isEnabled()
    dialog.deleteLater()


def test_a_draft_is_edited_as_text_with_what_is_wrong_by_its_line(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = drafting(TELFORD)
    dialog = page.deeds.edit_text()
    assert isinstance(dialog, TextDialog)
    text = dialog.text.toPlainText()
    dialog.text.setPlainText(text.replace('to = "partners"', 'to = "nobody"', 1))
    dialog.does.click()
    wait()
    assert dialog.isVisible()
    assert "One thing is wrong" in told(dialog.problem)
    first = dialog.wrong.item(0).text()
    line = next(number for number, row in enumerate(dialog.text.toPlainText().splitlines(), 1) if "nobody" in row)
    assert first.startswith(f"Line {line}: “nobody” is not allowed here")
    qtbot.keyClick(dialog.wrong, Qt.Key.Key_Return)
    assert dialog.text.textCursor().blockNumber() + 1 == line
    dialog.text.setPlainText(text.replace('COUNCIL = "50"', 'COUNCIL = "60"', 1))
    dialog.does.click()
    wait()
    assert page.shelf.shown is not None
    assert dict(page.shelf.shown.entries[0].clause.slices[0].share.weights)["COUNCIL"] == 60  # type: ignore[union-attr]  # it is shared
    assert page.commands.undo.toolTip() == "Undo: edit the text"


def test_a_draft_is_saved_for_the_lawyers_and_opened_again(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("4")
    page.commands.switch.click()
    wait()
    file = tmp_path / "Without 4.4.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page.commands.save.trigger()
    wait()
    saved = read_agreement(file.read_text(encoding="utf-8"))
    assert [clause.id for clause in saved.clauses] == ["4.1", "4.2", "4.3", "4.5"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    page.commands.open.trigger()
    wait()
    assert page.shelf.shown is not None
    assert page.shelf.shown.name == "Without 4.4"
    assert page.shelf.shown.agreement == saved


def test_a_file_of_another_agreement_is_not_opened(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], tmp_path: Path
) -> None:
    page = drafting(TELFORD)
    page.deeds.open_file(GOLDEN / "rotherham-first-call" / "agreement.toml")
    wait()
    assert "agreement.toml was not opened" in told(page.notices.wrong)
    assert "it is of agreement rotherham-bcf for 2016/17; the open ledger’s is telford-bcf" in told(page.notices.wrong)
    page.deeds.open_file(tmp_path / "nowhere.toml")
    wait()
    assert "nowhere.toml was not opened" in told(page.notices.wrong)
    assert len(page.shelf.drafts) == 1


def test_a_draft_that_cannot_be_saved_says_why(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], tmp_path: Path
) -> None:
    page = drafting(TELFORD)
    page.deeds.save_as(tmp_path / "nowhere" / "draft.toml")
    wait()
    assert "The draft was not saved as draft.toml" in told(page.notices.wrong)


def test_a_name_tells_a_draft_from_the_others(
    drafting: Callable[[str], RiskSharePage], wait: Callable[[], None], person: Person
) -> None:
    page = drafting(TELFORD)
    page.deeds.copy()
    wait()
    dialog = page.deeds.rename()
    assert dialog is not None
    person.wait_for(dialog.name.hasFocus)  # type: ignore[attr-defined]
    person.press("Backspace")
    dialog.does.click()  # type: ignore[attr-defined]
    assert "The name is empty" in told(dialog)
    person.type("Draft 1")
    dialog.does.click()  # type: ignore[attr-defined]
    assert "There is a draft named Draft 1 already" in told(dialog)
    person.type("b\n")
    wait()
    assert [draft.name for draft in page.shelf.drafts] == ["Draft 1", "Draft 1b"]
    assert page.commands.schedule.currentText() == "Draft: Draft 1b"
    discard = page.deeds.discard()
    assert discard is not None
    discard.does.click()  # type: ignore[attr-defined]
    wait()
    assert [draft.name for draft in page.shelf.drafts] == ["Draft 1"]
    assert page.shelf.shown is None


def test_a_refusal_to_put_it_in_force_is_told_in_the_dialog_and_nothing_is_lost(
    drafting: Callable[[str], RiskSharePage], person: Person
) -> None:
    page = drafting(TELFORD)
    dialog = page.deeds.force()
    assert isinstance(dialog, ForceDialog)
    person.wait()
    assert dialog.changes.toPlainText() == "Nothing: the draft says what the agreement in force there says."
    dialog.reason.setText("No reason")
    assert dialog.does.toolTip() == "Still needed: an open period where it changes something."
    dialog.reject()
    page.stack.choose("1")
    page.commands.delete.click()
    person.wait()
    page.stack.choose("2")
    page.form.add_slice.click()
    page.form.slices[0].percent.entered.emit(Fraction(10))
    person.wait()
    dialog = page.deeds.force()
    assert isinstance(dialog, ForceDialog)
    person.wait()
    assert "the percentages make 10, and must make 100" in told(dialog.problem)
    assert not dialog.does.isEnabled()
    dialog.reject()


def test_a_ledger_that_can_only_be_read_is_drafted_on_and_says_why_no_more(
    going: Going, wait: Callable[[], None]
) -> None:
    page = going(GOLDEN / TELFORD)
    page.commands.change.click()
    wait()
    page.stack.choose("1")
    page.commands.delete.click()
    wait()
    assert "Unallocated: £600,000.00" in told(page.notices.unallocated)
    assert not page.commands.force.isEnabled()
    assert page.commands.force.toolTip() == "This ledger is a folder of files, and nothing in it is ever written."
    assert "the draft can be tried here, and not put in force" in page.notices.subtitle.text()


def test_drafts_are_compared_at_any_period_and_reading(
    drafting: Callable[[str], RiskSharePage], window: Window, wait: Callable[[], None]
) -> None:
    page = drafting("rotherham-first-call")
    page.stack.choose("4")
    page.commands.delete.click()
    page.deeds.copy()
    wait()
    page.stack.choose("3")
    page.commands.delete.click()
    wait()
    page.commands.compare.click()
    wait()
    comparison = page.comparison
    headings = [
        comparison.model.headerData(column, Qt.Orientation.Horizontal)
        for column in range(comparison.model.columnCount())
    ]
    assert headings == ["Line", "In force", "Draft 1", "Draft 1: difference", "Draft 2", "Draft 2: difference"]
    last = comparison.model.rowCount() - 1
    assert [comparison.model.index(last, column).data(PENCE) for column in (1, 2, 4)] == [0, 463_678_99, 795_678_99]
    window.session.choose(Period.M12, outturn=True)
    wait()
    assert comparison.heading.text() == "Who would pay what in the forecast outturn seen from M12"
    window.session.choose(Period.M1, outturn=False)
    wait()
    assert comparison.heading.text() == "Who would pay what to date at M1"
    next(iter(comparison._boxes.values())).click()
    wait()
    assert comparison.model.columnCount() == 4
    comparison.back.click()
    assert page.stack.isVisible()


def test_a_figure_of_a_draft_opens_its_working_beside_the_cards(
    drafting: Callable[[str], RiskSharePage], qtbot: QtBot
) -> None:
    page = drafting("rotherham-first-call")
    followed: list[Link] = []
    page.go.connect(followed.append)
    page.stack.choose("3")
    qtbot.mouseClick(page.stack.frames[2].links[1], Qt.MouseButton.LeftButton)
    assert followed == []
    assert page.tabs.currentIndex() == 1
    assert "CCG's cap of £182,000.00" in page.detail.working.toPlainText()


def wait_until_whole(dialog: QWidget, qtbot: QtBot) -> None:
    """Words that wrap take their height a moment after they are shown."""
    qtbot.waitUntil(lambda: cut_off(dialog) == [])


def test_every_dialog_is_named_whole_and_without_two_of_one_letter(
    drafting: Callable[[str], RiskSharePage], qtbot: QtBot, wait: Callable[[], None]
) -> None:
    page = drafting("rotherham-first-call")
    for maker in page.dialogs():
        dialog = maker()
        dialog.show()
        wait()
        assert nameless(dialog) == []
        assert mnemonics(dialog) == []
        wait_until_whole(dialog, qtbot)
        dialog.close()
        dialog.deleteLater()
