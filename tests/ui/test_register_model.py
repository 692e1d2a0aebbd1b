"""The register's model keeps Qt's contract, holds little whatever there is, and loses no reference however often."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ledgers import NewLine, create_ledger
from ledgers.register_places import Ends, Positions, Run
from rules.agreement import Kind
from rules.periods import Period
from ui.pages.register.columns import AMOUNT, Names
from ui.pages.register.model import KEPT, WINDOW, RegisterModel
from ui.session import Session

from .conftest import GOLDEN

LINES = 3_000


@pytest.fixture(scope="module")
def long_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("long") / "long.s75"
    text = (GOLDEN / "rotherham-first-call" / "agreement.toml").read_text(encoding="utf-8")
    line = NewLine(Period.M12, "DFG", "COUNCIL", Kind.ACTUAL, 100)
    with create_ledger(file, text) as ledger:
        ledger.post([line] * LINES)
    return file


@pytest.fixture
def model(session: Session, long_ledger: Path, qtbot: QtBot) -> RegisterModel:
    session.open(str(long_ledger), read_only=True)
    qtbot.waitUntil(lambda: session.opened is not None)
    return RegisterModel(session, session)


@pytest.fixture
def settled(session: Session, model: RegisterModel, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the model has what was asked of it."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not session.reads.busy and not model._timer.isActive())

    return wait


def look(model: RegisterModel, row: int) -> str:
    return str(model.index(row, 0).data())


def test_an_empty_model_keeps_the_contract(model: RegisterModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    assert model.rowCount() == 0


def test_a_model_with_lines_keeps_the_contract_as_more_become_known(
    model: RegisterModel, qtmodeltester: ModelTester, settled: Callable[[], None]
) -> None:
    qtmodeltester.check(model)
    model.show_places(Ends(4, (9, 8), (7,)), Names())
    look(model, 0)
    settled()
    positions = Positions()
    positions.add([9, 8, 5, 7])
    model.know_more(positions)
    positions.add([3, 2])
    model.know_more(positions)
    assert model.rowCount() == 6
    look(model, 0)
    settled()
    assert [look(model, row) for row in range(6)] == ["9", "8", "5", "7", "3", "2"]


def test_a_line_that_is_not_there_yet_is_a_quiet_sign_and_comes(
    model: RegisterModel, settled: Callable[[], None], qtbot: QtBot
) -> None:
    model.show_places(Run(1, LINES), Names())
    assert look(model, 2_000) == "…"
    assert model.index(2_000, 1).data() is None
    assert model.index(2_000, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "not read yet"
    with qtbot.waitSignal(model.dataChanged) as told:
        settled()
    first, last = told.args[:2]
    assert first.row() <= 2_000 <= last.row()
    assert look(model, 2_000) == "2001"


def test_between_the_ends_of_an_order_nothing_is_shown_until_it_is_known(
    model: RegisterModel, settled: Callable[[], None]
) -> None:
    model.show_places(Ends(LINES, tuple(range(LINES, LINES - 200, -1)), (2, 1)), Names())
    for row in (0, 1_500, LINES - 1):
        look(model, row)
    settled()
    assert [look(model, row) for row in (0, 1_500, LINES - 1)] == [str(LINES), "…", "1"]
    model.know_more(Run(1, LINES, descending=True))
    look(model, 1_500)
    settled()
    assert look(model, 1_500) == str(LINES - 1_500)


def test_of_a_scroll_through_everything_only_the_end_is_fetched_and_little_is_held(
    model: RegisterModel, settled: Callable[[], None]
) -> None:
    model.show_places(Run(1, LINES), Names())
    for row in range(0, LINES, 10):
        look(model, row)
    settled()
    assert look(model, LINES - 1) == str(LINES)
    assert look(model, 0) == "…"
    settled()
    for row in range(0, LINES, WINDOW):
        look(model, row)
        settled()
    assert model.held <= KEPT * WINDOW


def test_a_million_places_hold_no_more_than_a_few_windows(
    model: RegisterModel, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.register.model.KEPT", 3)
    model.show_places(Run(1, LINES), Names())
    for row in range(0, LINES, WINDOW):
        look(model, row)
        settled()
        assert model.held <= 3 * WINDOW
    assert look(model, LINES - 1) == str(LINES)


def test_a_place_without_a_line_is_told(model: RegisterModel, qtbot: QtBot) -> None:
    model.show_places(Run(LINES - 5, 20), Names())
    with qtbot.waitSignal(model.gap_found):
        look(model, 0)


def test_what_cannot_be_read_is_told_and_asked_again(
    session: Session, model: RegisterModel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.show_places(Run(1, LINES), Names())
    with monkeypatch.context() as patch, qtbot.waitSignal(session.failed) as told:
        patch.setattr("ui.pages.register.model.register_of", lambda _ledger: 1 // 0)
        look(model, 0)
    assert told.args is not None
    assert told.args[0] == "The lines could not be read"
    with qtbot.waitSignal(model.dataChanged):
        look(model, 0)
    assert look(model, 0) == "1"


def test_no_reference_is_lost_or_kept_over_ten_thousand_refreshes(
    model: RegisterModel, settled: Callable[[], None], qtbot: QtBot
) -> None:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.FontRole)

    def refresh() -> None:
        model.forget_rows()
        for column in (0, AMOUNT):
            for role in roles:
                model.data(model.index(0, column), role)
                model.headerData(column, Qt.Orientation.Horizontal, role)

    model.show_places(Run(1, LINES), Names())
    for _ in range(100):
        refresh()
    settled()
    gc.collect()
    nones, objects = sys.getrefcount(None), len(gc.get_objects())
    for number in range(10_000):
        refresh()
        if number % 1_000 == 0:
            settled()
    settled()
    gc.collect()
    assert abs(sys.getrefcount(None) - nones) < 1_000
    assert len(gc.get_objects()) - objects < 2_000
    assert look(model, 0) == "1"
    qtbot.wait(1)
