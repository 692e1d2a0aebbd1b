"""The models keep Qt's contract, with figures and without."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from ui.subject_tree import HEADINGS, SubjectTreeModel
from ui.tables import GridModel
from ui.window import Window

from .conftest import GOLDEN, Opener


@pytest.mark.parametrize("make", [GridModel, SubjectTreeModel])
def test_an_empty_model_keeps_the_contract(make: Callable[[], GridModel], qtmodeltester: ModelTester) -> None:
    model = make()
    qtmodeltester.check(model)
    assert model.rowCount() == 0


@pytest.mark.parametrize("case", ["rotherham-first-call", "payment-for-performance"])
def test_models_with_figures_keep_the_contract(
    case: str, window: Window, opening: Opener, qtmodeltester: ModelTester
) -> None:
    opening(GOLDEN / case)
    page = window.settlement_page
    for model in (page.partners, page.reserves, page.performance, page.schedule.model):
        qtmodeltester.check(model)


def test_headings_stand_over_their_columns_as_they_are_aligned(window: Window, opening: Opener) -> None:
    opening(GOLDEN / "barnet-2014-15-pooled")
    model = window.settlement_page.partners
    for column in range(model.columnCount()):
        over = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert over == model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole)
    tree = window.settlement_page.schedule.model
    assert [tree.headerData(column, Qt.Orientation.Horizontal) for column in range(3)] == list(HEADINGS)


def test_a_long_schedule_opens_with_its_amounts_only(
    window: Window, opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = window.settlement_page.schedule
    opening(GOLDEN / "rotherham-first-call")
    clause = schedule.model.index(2, 0, schedule.model.index(0, 0))
    assert schedule.tree.isExpanded(clause)
    monkeypatch.setattr("ui.schedule_panel._FEW_ROWS", 3)
    opening(GOLDEN / "rotherham-first-call")
    clause = schedule.model.index(2, 0, schedule.model.index(0, 0))
    assert schedule.tree.isExpanded(clause.parent())
    assert not schedule.tree.isExpanded(clause)
