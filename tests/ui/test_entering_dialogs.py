"""Virements, reversals and evidence: what the dialogs show, refuse and post."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from ledgers.evidence import evidence
from ledgers.lines import Line
from rules.agreement import Kind
from rules.periods import Period
from ui.dialogs import Dialog
from ui.entering import evidence as evidence_module
from ui.entering import reversal as reversal_module
from ui.entering import virement as virement_module
from ui.entering.evidence import EvidenceDialog
from ui.entering.reversal import ReversalDialog
from ui.entering.virement import VirementDialog
from ui.session import Session

Idle = Callable[[], None]


@pytest.fixture
def idle(qtbot: QtBot, session: Session) -> Idle:
    def until_idle() -> None:
        qtbot.waitUntil(lambda: not session.busy, timeout=30_000)

    return until_idle


@pytest.fixture
def opened(session: Session, file_ledger: Path, idle: Idle) -> Path:
    session.open(str(file_ledger))
    idle()
    return file_ledger


@pytest.fixture
def show(qtbot: QtBot, idle: Idle) -> Callable[[Dialog], Dialog]:
    def shown(dialog: Dialog) -> Dialog:
        qtbot.addWidget(dialog)
        dialog.show()
        idle()
        return dialog

    return shown


def line_of(session: Session, qtbot: QtBot, number: int) -> Line:
    found: list[Line] = []
    session.read(lambda ledger: next(ledger.lines(after=number - 1, limit=1)), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def press(qtbot: QtBot, *what: str | Qt.Key) -> None:
    for each in what:
        if isinstance(each, str):
            for letter in each:
                qtbot.keyClicks(QApplication.focusWidget(), letter)
        else:
            qtbot.keyClick(QApplication.focusWidget(), each)


# Virements


@pytest.fixture
def virement(session: Session, opened: Path, show: Callable[[Dialog], Dialog]) -> VirementDialog:  # noqa: ARG001
    dialog = show(VirementDialog(session))
    dialog.activateWindow()
    assert isinstance(dialog, VirementDialog)
    return dialog


def test_a_virement_is_typed_and_both_budgets_are_shown_before_and_after(
    virement: VirementDialog, qtbot: QtBot, session: Session, idle: Idle, opened: Path
) -> None:
    tab = Qt.Key.Key_Tab
    said: list[str] = []
    session.said.connect(said.append)
    qtbot.waitUntil(virement.from_scheme.hasFocus)
    press(qtbot, "CORE-L1", tab, "lbb", tab, "CORE-L2", tab, "BCCG", tab, "£1,000.00")
    model = virement.model
    assert [[model.index(row, column).data() for column in range(3)] for row in (0, 1)] == [
        ["CORE-L1, LBB", "£100,000.00", "£99,000.00"],
        ["CORE-L2, BCCG", "£27,237.00", "£28,237.00"],
    ]
    assert model.index(0, 2).data(Qt.ItemDataRole.UserRole) == 9_900_000
    assert virement.reference.text() == "V-M12-1"
    virement.period.setFocus()
    press(qtbot, "M2")
    idle()
    assert virement.reference.text() == "V-M2-1"
    assert virement.says.text().endswith("M2 is closed: both lines count in M4.")
    press(qtbot, Qt.Key.Key_Return)
    idle()
    assert not virement.isVisible()
    with open_ledger(opened, read_only=True) as ledger:
        first, second = ledger.lines(reference="V-M2-1")
    assert (first.amount_pence, second.amount_pence, first.period, first.belongs_to) == (
        -100_000,
        100_000,
        Period.M4,
        Period.M2,
    )
    assert said == ["Virement V-M2-1 of £1,000.00 posted as batch 2. M2 is closed: its 2 lines count in M4."]


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("from_scheme", "CORE", "From scheme: “CORE” is not a scheme of the agreement"),
        ("to_partner", "", "To partner: the partner is empty; write one of LBB, BCCG"),
        ("amount", "£O", "Amount: “£O” is not an amount: it has the letter O where a nought may be meant"),
        (
            "amount",
            "-5",
            "Write the amount that is moved, above nothing. To move it the other way, swap the two sides.",
        ),
        ("reference", " ", "Reference: a virement needs a reference, which its other legs share"),
        ("description", "a\x07", "Description: a text cannot have control characters"),
        ("to_scheme", "CORE-L1", "Both sides are the same budget"),
    ],
)
def test_what_is_wrong_with_a_virement_is_told_and_what_was_typed_stays(
    virement: VirementDialog, field: str, text: str, why: str
) -> None:
    for name, usual in (
        ("from_scheme", "CORE-L1"),
        ("from_partner", "LBB"),
        ("to_scheme", "CORE-L2"),
        ("to_partner", "LBB"),
        ("amount", "5.00"),
    ):
        getattr(virement, name).setText(usual)
    getattr(virement, field).setText(text)
    virement.act()
    assert virement.problem.body.text().startswith(why)
    assert virement.isVisible()
    assert virement.from_partner.text() == "LBB"


def test_taking_more_than_there_is_is_told_in_words(virement: VirementDialog) -> None:
    for name, text in (("from_scheme", "CORE-L1"), ("from_partner", "LBB"), ("amount", "100000.01")):
        getattr(virement, name).setText(text)
    assert virement.model.index(0, 3).data() == "More is taken than there is"
    assert "It takes more than the budget of CORE-L1, LBB: it can be posted, but look again." in virement.says.text()


def test_the_two_sides_are_swapped(virement: VirementDialog, qtbot: QtBot) -> None:
    virement.from_scheme.setText("CORE-L1")
    virement.to_scheme.setText("CORE-L2")
    qtbot.mouseClick(virement.swap, Qt.MouseButton.LeftButton)
    assert (virement.giver[0], virement.taker[0]) == ("CORE-L2", "CORE-L1")


def test_a_code_field_lists_all_it_can_hold_and_esc_closes_the_list_first(
    virement: VirementDialog, qtbot: QtBot
) -> None:
    field = virement.from_scheme
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert field.is_suggesting
    press(qtbot, Qt.Key.Key_Escape)
    assert not field.is_suggesting
    assert virement.isVisible()
    press(qtbot, "level 2", Qt.Key.Key_Return)
    assert field.text() == "CORE-L2"
    assert virement.isVisible(), "Enter took the suggestion"


# Reversals


def test_a_line_is_taken_back_with_a_reason_and_the_right_one_is_entered_next(
    session: Session, opened: Path, show: Callable[[Dialog], Dialog], qtbot: QtBot, idle: Idle
) -> None:
    dialog = ReversalDialog(session, line_of(session, qtbot, 1))
    right: list[Line] = []
    dialog.right_line.connect(right.append)
    show(dialog)
    assert dialog.says.text() == "M12 is open: the reversal counts there."
    assert dialog.enter_right.isVisible()
    assert dialog.model.index(0, 5).data(Qt.ItemDataRole.UserRole) == 10_000_000
    dialog.act()
    assert dialog.problem.body.text() == "Write the reason: whoever audits the ledger will read it."
    dialog.reason.setText("wrong scheme")
    with qtbot.waitSignal(dialog.reversed):
        qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    idle()
    assert [line.id for line in right] == [1]
    with open_ledger(opened, read_only=True) as ledger:
        (posted,) = ledger.lines(reverses=1)
    assert (posted.amount_pence, posted.reason) == (-10_000_000, "wrong scheme")
    again = show(ReversalDialog(session, right[0]))
    assert isinstance(again, ReversalDialog)
    assert again.says.text() == f"Line 1 is reversed already, by line {posted.id}."
    assert not again.does.isEnabled()
    assert not again.enter_right.isVisible(), "nobody would enter it"
    of_reversal = show(ReversalDialog(session, posted))
    assert isinstance(of_reversal, ReversalDialog)
    assert of_reversal.says.text().startswith(f"Line {posted.id} is itself the reversal of line 1")


def test_the_legs_of_a_virement_are_shown_together_and_a_held_period_says_where_it_counts(
    session: Session, opened: Path, show: Callable[[Dialog], Dialog], idle: Idle
) -> None:
    del opened
    session.write(
        lambda ledger, _job: (
            ledger.virement(
                Period.M4, 500, giver=("CORE-L1", "LBB"), taker=("CORE-L2", "LBB"), reference="V1", description="d"
            ),
            ledger.hold(Period.M4),
        ),
        lambda _done: None,
    )
    idle()
    found: list[Line] = []
    session.read(lambda ledger: list(ledger.lines(reference="V1")), found.extend)
    idle()
    dialog = show(ReversalDialog(session, found[1]))
    assert isinstance(dialog, ReversalDialog)
    assert dialog.model.rowCount() == 2
    assert dialog.says.text() == (
        "The 2 legs of the virement go together, or budgets would not balance. "
        "M4 is held: the reversal counts in M5, the next open period."
    )


def test_a_reversal_that_no_period_can_take_says_what_to_do(
    session: Session, opened: Path, show: Callable[[Dialog], Dialog], qtbot: QtBot, idle: Idle
) -> None:
    del opened
    session.write(lambda ledger, _job: ledger.hold(Period.M13), lambda _done: None)
    idle()
    dialog = show(ReversalDialog(session, line_of(session, qtbot, 1)))
    assert isinstance(dialog, ReversalDialog)
    assert dialog.says.text() == "M12 is closed and no later period is open to take the reversal: reopen one first."
    assert dialog.does.toolTip() == dialog.says.text()


# Evidence


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "invoice <7>.pdf"
    path.write_bytes(b"%PDF-1.7 invoice")
    return path


def test_a_file_that_is_dropped_is_attached_to_the_line_with_a_note(
    session: Session, opened: Path, show: Callable[[Dialog], Dialog], qtbot: QtBot, idle: Idle, invoice: Path
) -> None:
    line = line_of(session, qtbot, 1)
    dialog = show(EvidenceDialog(session, line))
    assert isinstance(dialog, EvidenceDialog)
    assert dialog.none_yet.isVisible()
    dialog.act()
    assert dialog.problem.body.text() == "Choose the file to attach, or drop it on this window."
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(invoice))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, told, buttons, keys))
    dialog.note.setText("July")
    with qtbot.waitSignal(dialog.attached):
        dialog.act()
    idle()
    with open_ledger(opened, read_only=True) as ledger:
        (found,) = evidence(ledger)
    assert (found.name, found.of, found.note) == ("invoice <7>.pdf", "line 1", "July")
    again = show(EvidenceDialog(session, line))
    assert isinstance(again, EvidenceDialog)
    assert again.there_model.index(0, 0).data() == "invoice <7>.pdf (line 1)"
    again.path.setText(str(invoice))
    again.act()
    idle()
    assert "this document is attached to line 1 already" in again.problem.body.text()
    assert again.path.text() == str(invoice)


def test_a_leg_of_a_virement_can_have_evidence_of_the_whole(
    session: Session,
    opened: Path,
    show: Callable[[Dialog], Dialog],
    idle: Idle,
    invoice: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    legs: list[Line] = []
    session.write(
        lambda ledger, _job: ledger.virement(
            Period.M4, 500, giver=("CORE-L1", "LBB"), taker=("CORE-L2", "LBB"), reference="V1"
        ),
        legs.extend,
    )
    idle()
    dialog = show(EvidenceDialog(session, legs[0]))
    assert isinstance(dialog, EvidenceDialog)
    assert dialog.to.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(invoice), ""))
    qtbot.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    dialog.to.setCurrentIndex(1)
    dialog.act()
    idle()
    with open_ledger(opened, read_only=True) as ledger:
        assert [found.of for found in evidence(ledger)] == ["virement V1"]


@pytest.mark.parametrize("module", [virement_module, reversal_module, evidence_module])
def test_each_dialog_can_be_looked_at_with_content_of_the_ledger(
    session: Session, opened: Path, show: Callable[[Dialog], Dialog], module: object
) -> None:
    del opened
    dialog = show(module.sample(session))  # type: ignore[attr-defined]
    tables = [each for each in ("model", "about_model") if hasattr(dialog, each)]
    assert getattr(dialog, tables[0]).rowCount() > 0
    assert not dialog.problem.isVisible()


def test_a_line_of_any_kind_can_be_shown(session: Session, opened: Path, show: Callable[[Dialog], Dialog]) -> None:
    del opened
    dialog = show(EvidenceDialog(session, Line(1, Period.M5, "X", "Y", Kind.BASELINE, -1, belongs_to=Period.M1)))
    assert isinstance(dialog, EvidenceDialog)
    assert [dialog.about_model.index(0, column).data() for column in (1, 4, 5)] == [
        "M5, late from M1",
        "Baseline",
        "(£0.01)",
    ]
