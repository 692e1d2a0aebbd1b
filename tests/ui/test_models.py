"""The models keep Qt's contract, with figures and without."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from pytestqt.modeltest import ModelTester

from ui import links
from ui.links import Link
from ui.pages.settlement.page import SettlementPage
from ui.pages.settlement.subject_tree import HEADINGS, SubjectTreeModel
from ui.pages.settlement.trace_model import TraceModel
from ui.tables import GridModel
from ui.window import Window

from .conftest import GOLDEN, Opener


@pytest.fixture
def show(window: Window, opening: Opener, wait: Callable[[], None]) -> Callable[[str], SettlementPage]:
    def shown(case: str) -> SettlementPage:
        opening(GOLDEN / case)
        window.go(Link(links.SETTLEMENT))
        wait()
        page = window.current
        assert isinstance(page, SettlementPage)
        return page

    return shown


@pytest.mark.parametrize("make", [GridModel, SubjectTreeModel, TraceModel])
def test_an_empty_model_keeps_the_contract(make: Callable[[], QAbstractItemModel], qtmodeltester: ModelTester) -> None:
    model = make()
    qtmodeltester.check(model)
    assert model.rowCount() == 0


@pytest.mark.parametrize("case", ["rotherham-first-call", "payment-for-performance"])
def test_models_with_figures_keep_the_contract(
    case: str, show: Callable[[str], SettlementPage], qtmodeltester: ModelTester
) -> None:
    page = show(case)
    detail = page.detail
    grids = (detail.partners_model, detail.fund_model, detail.reserves_model, detail.pay_model)
    for model in (*grids, detail.schedule.subjects, page.trace.model):
        qtmodeltester.check(model)


def test_headings_stand_over_their_columns_as_they_are_aligned(show: Callable[[str], SettlementPage]) -> None:
    page = show("barnet-2014-15-pooled")
    model = page.detail.partners_model
    for column in range(model.columnCount()):
        over = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert over == model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole)
    tree = page.detail.schedule.subjects
    assert [tree.headerData(column, Qt.Orientation.Horizontal) for column in range(3)] == list(HEADINGS)


def test_a_long_schedule_opens_with_its_amounts_only(
    show: Callable[[str], SettlementPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = show("rotherham-first-call").detail.schedule
    clause = tree.subjects.index(2, 0, tree.subjects.index(0, 0))
    assert tree.isExpanded(clause)
    monkeypatch.setattr("ui.pages.settlement.schedule_tree._FEW_ROWS", 3)
    tree = show("rotherham-first-call").detail.schedule
    clause = tree.subjects.index(2, 0, tree.subjects.index(0, 0))
    assert tree.isExpanded(clause.parent())
    assert not tree.isExpanded(clause)
