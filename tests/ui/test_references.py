"""No reference drifts: PySide 6.12.0 loses a reference to None with each call, and aborts after some thousands."""

import gc
import sys

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.tables import PENCE, Cell, FigureTable, Grid, GridModel, figure

REFRESHES = 10_000
ROLES = (Qt.ItemDataRole.DisplayRole, PENCE, Qt.ItemDataRole.FontRole, Qt.ItemDataRole.ToolTipRole)


def test_ten_thousand_refreshes_leave_nothing_behind(qtbot: QtBot) -> None:
    model = GridModel()
    table = FigureTable(GridModel(), "Each partner's settlement")  # fits its columns at each refresh: a tenth of them
    qtbot.addWidget(table)
    table.show()
    rows = tuple((Cell(f"Line {row}"), figure(row * 100), figure(-row)) for row in range(15))
    grid = Grid(("Line", "Council", "Care board"), rows, frozenset({1, 2}), totals=frozenset({14}))

    def refresh(times: int) -> None:
        for turn in range(times):
            model.show_grid(grid)
            if turn % 10 == 0:
                table.grid_model.show_grid(grid)
            index = model.index(turn % model.rowCount(), turn % model.columnCount())
            for role in ROLES:
                index.data(role)
            assert index.siblingAtColumn(0).data(PENCE) is None

    refresh(200)
    qtbot.wait(50)
    gc.collect()
    nothing, objects = sys.getrefcount(None), len(gc.get_objects())
    refresh(REFRESHES)
    qtbot.wait(50)
    gc.collect()
    assert abs(sys.getrefcount(None) - nothing) < 200
    assert len(gc.get_objects()) - objects < 200
