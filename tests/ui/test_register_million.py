"""The register of a million lines: shown at once, never frozen, in memory that does not grow with the ledger.

How quick it is on a quiet machine is for `benchmarks/desktop_register.py` to say: here other tests run beside.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ledgers.register import By, Column, Filter, Sort
from ui import links
from ui.links import Link
from ui.pages.register.model import KEPT, WINDOW
from ui.pages.register.page import LedgerPage
from ui.window import Window

from .million import LINES
from .person import Person
from .watchdog import Watchdog

LONG = 60_000  # milliseconds


@pytest.fixture
def page(window: Window, million_original: Path, qtbot: QtBot) -> Iterator[LedgerPage]:
    """Read-only, and so no copy is needed."""
    window.resize(1280, 860)
    window.session.open(str(million_original), read_only=True)
    qtbot.waitUntil(lambda: window.session.opened is not None, timeout=LONG)
    page = window.page(links.LEDGER)
    assert isinstance(page, LedgerPage)
    yield page
    page.arranger.drop()


def test_a_million_lines_are_scrolled_sorted_filtered_and_added_up_without_the_window_stopping(  # noqa: PLR0915  one story
    page: LedgerPage, window: Window, qtbot: QtBot, watchdog: Watchdog
) -> None:
    person = Person(qtbot, window)

    def until(true: Callable[[], bool]) -> None:
        qtbot.waitUntil(true, timeout=LONG)

    def number_at(row: int) -> str:
        return str(page.model.index(row, 0).data())

    with watchdog.watching("opening the register"):
        window.go(Link(links.LEDGER))
        until(lambda: number_at(0) == "1")
    assert page.model.rowCount() == LINES
    page.table.setFocus()
    with watchdog.watching("going to its ends"):
        person.press("Ctrl+End")
        until(lambda: number_at(LINES - 1) == str(LINES))
        person.press("Ctrl+Home", "PgDown", "PgDown")
    with watchdog.watching("dragging the scroll bar"):
        bar = page.table.verticalScrollBar()
        for step in range(101):
            bar.setValue(bar.maximum() * step // 100)
            qtbot.wait(2)
        until(lambda: number_at(LINES - 1) == str(LINES))
    with watchdog.watching("selecting everything"):
        person.press("Ctrl+A")
        until(lambda: page.totals.selected.text() == page.totals.shown.text())
    assert page.totals.shown.text().startswith("1,000,000 lines: Budget £")
    for column in (Column.AMOUNT, Column.DESCRIPTION):
        with watchdog.watching(f"sorting by {column}"):
            page.sort_by(Sort(column, descending=True))
            until(lambda: page.model.places.count >= 2 * WINDOW and page.table.currentIndex().row() == 0)
            until(lambda: page.arranger.is_finished)
            page.table.go_to_row(LINES // 2)
            until(lambda: number_at(LINES // 2) != "…")
    page.sort_by(Sort())
    assert page.model.held <= KEPT * WINDOW
    with watchdog.watching("searching"):
        page.filters.search.setFocus()
        person.type("ivy bank 29")
        until(lambda: "Ivy Bank 29" in str(page.model.index(0, 8).data()) and page.arranger.is_finished)
    found = page.model.rowCount()
    assert 0 < found < LINES
    with watchdog.watching("adding up what was found"):
        until(lambda: page.totals.shown.text().startswith(f"{found:,} lines: Payment "))
    with watchdog.watching("grouping"):
        page.show_only(Filter())
        page.group_by(By.SCHEME)
        until(lambda: str(page.groups.grid_model.index(0, 1).data()).replace(",", "").isdigit())
        page.group_by(None)
    with watchdog.watching("filtering"):
        page.show_only(Filter(schemes=("S007",)))
        until(lambda: page.arranger.is_finished and 4_000 < page.model.rowCount() < 6_000)
        page.show_only(Filter(late=True))
        until(page.parts.nothing_filtered.isVisible)
    with watchdog.watching("going back to everything"):
        page.filters.everything.setFocus()
        person.press("Space")
        until(lambda: page.model.rowCount() == LINES and number_at(0) == "1")
        assert page.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Number: 1"
