"""Drafting on a big agreement, 200 schemes and then a hundred clauses: the window never stands still."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ledgers import open_ledger
from settlement.drafting import Draft, added, blank_clause
from ui import links
from ui.links import Link
from ui.pages.risk_share.page import RiskSharePage
from ui.window import Window

from .conftest import Opener
from .million import make_million
from .watchdog import Watchdog


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """5 pools of 40 schemes, 3 partners, 6 clauses, few lines: what a clause costs does not hang on their number."""
    file = tmp_path / "big.s75"
    make_million(file, lines=6_000)
    return file


def test_editing_never_stands_still(
    big: Path, window: Window, opening: Opener, wait: Callable[[], None], watchdog: Watchdog, qtbot: QtBot
) -> None:
    opening(big)
    with watchdog.watching("opening the page"):
        window.go(Link(links.RISK_SHARE))
        wait()
    page = window.current
    assert isinstance(page, RiskSharePage)
    with watchdog.watching("beginning a draft"):
        page.commands.change.click()
        wait()
    qtbot.waitUntil(lambda: len(page.stack.frames) == 7)
    with watchdog.watching("typing, moving, disabling and undoing"):
        page.stack.choose("4")
        line = page.form.slices[0].weights["LBX"].line
        line.setFocus()
        line.selectAll()
        for letter in "1234":
            qtbot.keyClicks(line, letter)
            qtbot.wait(30)
        page.commands.up.click()
        qtbot.wait(30)
        page.commands.switch.click()
        qtbot.wait(30)
        page.commands.duplicate.click()
        wait()
        for _ in range(4):
            page.commands.undo.click()
        wait()
    with watchdog.watching("comparing"):
        page.commands.compare.click()
        wait()
        page.comparison.back.click()
    with open_ledger(big, read_only=True) as ledger:
        assert page.shelf.shown is not None
        assert page.shelf.shown.agreement == ledger.agreement_at(window.session.period)


def test_a_schedule_of_a_hundred_clauses_fills_without_standing_still(
    big: Path, window: Window, opening: Opener, wait: Callable[[], None], watchdog: Watchdog, qtbot: QtBot
) -> None:
    opening(big)
    window.go(Link(links.RISK_SHARE))
    wait()
    page = window.current
    assert isinstance(page, RiskSharePage)
    page.commands.change.click()
    wait()
    draft: Draft | None = page.shelf.shown
    assert draft is not None
    for number in range(94):
        draft = added(draft, replace(blank_clause(draft), title=f"Number {number}"))
    with watchdog.watching("showing a hundred clauses"):
        page.shelf.change(draft, "add many")
        wait()
        qtbot.waitUntil(lambda: not page.stack.is_filling, timeout=20_000)
    assert len(page.stack.frames) == 101
    with watchdog.watching("going through them"):
        for key in ("50", "100", "1"):
            page.stack.choose(key, focus=True)
            qtbot.wait(30)
        page.commands.down.click()
        wait()
