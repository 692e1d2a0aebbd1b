"""Everything can be reached by keyboard and has a name that a screen reader can say; nothing depends on colour."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ui.app import application
from ui.banners import Tone
from ui.window import Window

from .conftest import GOLDEN, Opener

INCOMPLETE = ("rotherham-first-call", "4.4")


def nameless(window: Window) -> list[str]:
    """What a person can be in or press and that has no name."""
    found = []
    for widget in window.findChildren(QWidget):
        operable = isinstance(widget, (QAbstractButton, QComboBox)) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if not operable or not widget.isVisible():
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def by_tab(qtbot: QtBot) -> set[QWidget]:
    """What Tab leads to, until it comes round."""
    reached: set[QWidget] = set()
    for _ in range(60):
        focused = application().focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    return reached


def test_every_control_of_the_empty_window_has_a_name(window: Window) -> None:
    assert nameless(window) == []


def test_every_control_of_every_tab_has_a_name(
    window: Window, opening: Opener, without_clause: Callable[[str, str], Path], tmp_path: Path
) -> None:
    opening(without_clause(*INCOMPLETE))
    window.open_ledger(str(tmp_path / "nowhere.s75"))
    for tab in range(window.settlement_page.tabs.count()):
        window.settlement_page.tabs.setCurrentIndex(tab)
        assert nameless(window) == []


def test_tab_leads_from_control_to_control_and_out_of_every_table(
    window: Window, opening: Opener, qtbot: QtBot
) -> None:
    opening(GOLDEN / "barnet-2014-15-pooled")
    window.activateWindow()
    page = window.settlement_page
    page.tabs.setCurrentIndex(1)
    page.period.setFocus()
    qtbot.waitUntil(page.period.hasFocus)
    reached = by_tab(qtbot)
    assert {page.period, page.to_date, page.tabs.tabBar(), page.schedule.tree, page.schedule.trace} <= reached


def test_every_menu_and_every_action_has_a_mnemonic_of_its_own(window: Window) -> None:
    menus = [window.menuBar(), *(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() != "&Period")]
    for menu in menus:
        letters = [
            action.text()[action.text().index("&") + 1].lower() for action in menu.actions() if not action.isSeparator()
        ]
        assert len(letters) == len(set(letters))


def test_what_is_unallocated_is_said_in_words_in_the_tree_too(
    window: Window, opening: Opener, without_clause: Callable[[str, str], Path]
) -> None:
    opening(without_clause(*INCOMPLETE))
    labels = [node.label for node in window.settlement_page.schedule.model.nodes() if node.is_unallocated]
    assert labels == ["Unallocated: no clause deals with this"] * 3


def luminance(colour: QColor) -> float:
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("window_colour", ["#efefef", "#323232"])
@pytest.mark.parametrize("tone", Tone)
def test_banners_are_legible_on_a_light_and_on_a_dark_desktop(tone: Tone, window_colour: str) -> None:
    palette = QPalette(QColor(window_colour))
    paint = tone.paint(palette)
    assert contrast(QColor(paint.background), QColor(paint.text)) >= 7
    is_dark = window_colour == "#323232"
    assert (QColor(paint.background).lightness() < 128) == is_dark


def test_a_banner_turns_dark_with_the_desktop(window: Window, opening: Opener, qtbot: QtBot) -> None:
    opening(GOLDEN / "barnet-2014-15-pooled")
    banner = window.settlement_page.read_only
    app = application()
    before = app.palette()
    light = banner.palette().color(QPalette.ColorRole.Window)
    try:
        app.setPalette(QPalette(QColor("#323232")))
        qtbot.waitUntil(lambda: banner.palette().color(QPalette.ColorRole.Window) != light)
        assert banner.palette().color(QPalette.ColorRole.Window) == QColor(Tone.NOTE.value[1].background)
    finally:
        app.setPalette(before)
    qtbot.waitUntil(lambda: banner.palette().color(QPalette.ColorRole.Window) == light)


def test_at_twice_the_text_size_the_page_scrolls_and_loses_nothing(qtbot: QtBot) -> None:
    app = application()
    before = app.font()
    twice = app.font()
    twice.setPointSizeF(before.pointSizeF() * 2)
    app.setFont(twice)
    try:
        large = Window()
        qtbot.addWidget(large)
        large.resize(700, 400)
        large.show()
        large.open_ledger(str(GOLDEN / "barnet-2014-15-pooled"))
        qtbot.waitUntil(lambda: not large.jobs.busy and large.opened is not None)
        page = large.settlement_page
        page.tabs.setCurrentIndex(1)
        qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)
        assert page.schedule.orientation() is Qt.Orientation.Vertical
        assert page.tabs.height() >= page.fontMetrics().height() * 20
        large.close()
    finally:
        app.setFont(before)
