"""Every page and dialog: named for a screen reader, reached by Tab, legible in both themes, whole at twice the size."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.app import application
from ui.banners import Tone
from ui.links import Link
from ui.pages import PLACES
from ui.preferences import TEXT_SIZES, Theme
from ui.theme import dress, meanings, palette_of
from ui.window import Window

from .conftest import Opener
from .looking import LEGIBLE, contrast, cut_off, faint, mnemonics, nameless, unreached

KEYS = [place.key for place in PLACES]
CASE = "rotherham-first-call"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Previews are made on the worker thread: a process of their own takes a second to start, and has its own tests."""
    monkeypatch.setattr("ui.aside.in_a_process", lambda function, *given: lambda report: function(*given, report))


@pytest.fixture
def dressed() -> Iterator[Callable[[Theme, int], None]]:
    """Dresses the program for one test."""
    app = application()
    yield lambda theme, size: dress(app, theme, size)
    dress(app, Theme.LIGHT, 100)


@pytest.fixture
def ready(
    window: Window, opening: Opener, wait: Callable[[], None], open_file: Callable[[str], Path], qtbot: QtBot
) -> Callable[[str], Window]:
    """The window with a ledger open, at a page whose figures are there."""

    def at(key: str) -> Window:
        window.resize(1280, 860)
        opening(open_file(CASE))
        window.go(Link(key))
        wait()
        qtbot.wait(30)
        return window

    return at


def each_dialog(window: Window, qtbot: QtBot, wait: Callable[[], None]) -> Iterator[QDialog]:
    """Every dialog that the page on screen opens, one after another."""
    for make in window.current.dialogs():
        dialog = make()
        dialog.show()
        qtbot.waitExposed(dialog)
        wait()
        qtbot.wait(10)
        yield dialog
        dialog.hide()
        dialog.deleteLater()


def in_the_end(qtbot: QtBot, root: QWidget) -> list[str]:
    """What is cut off once words that wrap have taken their height, which they do a moment after they are shown."""
    for _ in range(20):
        if not cut_off(root):
            break
        qtbot.wait(25)
    return cut_off(root)


def seen(root: QWidget, whole: QWidget, size: int, qtbot: QtBot) -> dict[str, list[str]]:
    """What an eye finds: what is too faint, looked for at the usual size, and what of its `whole` is cut off."""
    return {"faint": faint(root) if size == TEXT_SIZES[0] else [], "cut off": in_the_end(qtbot, whole)}


def by_keyboard(root: QWidget) -> dict[str, list[str]]:
    """What who sees nothing, or has no mouse, does not come to."""
    return {"nameless": nameless(root), "unreached": unreached(root), "mnemonics": mnemonics(root)}


def fine(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same, where nothing was found."""
    return {looked_for: [] for looked_for in found}


@pytest.mark.parametrize("key", KEYS)
def test_everything_is_named_and_reached_by_tab(
    key: str, ready: Callable[[str], Window], qtbot: QtBot, wait: Callable[[], None]
) -> None:
    """And is legible and whole: to make a page and its dialogs takes long, so all is looked for in the same ones."""
    window = ready(key)
    found = seen(window, window.current, TEXT_SIZES[0], qtbot)
    window.activateWindow()
    found |= by_keyboard(window)
    assert found == fine(found)
    for dialog in each_dialog(window, qtbot, wait):
        found = seen(dialog, dialog, TEXT_SIZES[0], qtbot)
        dialog.activateWindow()
        found |= by_keyboard(dialog)
        assert (dialog.windowTitle(), found) == (dialog.windowTitle(), fine(found))


@pytest.mark.parametrize(("theme", "size"), [(Theme.DARK, TEXT_SIZES[0]), (Theme.LIGHT, TEXT_SIZES[-1])])
@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_legible_and_whole(
    key: str,
    theme: Theme,
    size: int,
    dressed: Callable[[Theme, int], None],
    ready: Callable[[str], Window],
    qtbot: QtBot,
    wait: Callable[[], None],
) -> None:
    dressed(theme, size)
    window = ready(key)
    found = seen(window, window.current, size, qtbot)
    assert found == fine(found)
    for dialog in each_dialog(window, qtbot, wait):
        found = seen(dialog, dialog, size, qtbot)
        assert (dialog.windowTitle(), found) == (dialog.windowTitle(), fine(found))


def test_every_menu_and_every_action_has_a_mnemonic_of_its_own(window: Window) -> None:
    menus = [window.menuBar(), *(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() != "&Period")]
    for menu in menus:
        letters = [
            action.text()[action.text().index("&") + 1].lower() for action in menu.actions() if not action.isSeparator()
        ]
        assert len(letters) == len(set(letters)), menu.title()


def test_no_two_commands_have_the_same_keys(window: Window) -> None:
    keys = [action.shortcut().toString() for action in window.menus.all_actions() if not action.shortcut().isEmpty()]
    assert len(keys) > 15
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("dark", [False, True])
def test_colours_with_a_meaning_are_legible_on_both_themes(*, dark: bool) -> None:
    palette = palette_of(dark=dark)
    told = meanings(palette)
    for behind in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase):
        background = palette.color(behind)
        for text in (told.adverse, told.favourable, told.caution, told.quiet):
            assert contrast(QColor(text), background) >= LEGIBLE
        for drawn in told.series:
            assert contrast(QColor(drawn), background) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("tone", Tone)
def test_banners_are_legible_on_a_light_and_on_a_dark_desktop(tone: Tone, *, dark: bool) -> None:
    paint = tone.paint(palette_of(dark=dark))
    assert contrast(QColor(paint.background), QColor(paint.text)) >= 7
    assert (QColor(paint.background).lightness() < 128) == dark


def test_a_banner_turns_dark_with_the_program(
    window: Window, dressed: Callable[[Theme, int], None], qtbot: QtBot
) -> None:
    window.error.say("Something went wrong")
    light = window.error.palette().color(QPalette.ColorRole.Window)
    dressed(Theme.DARK, 100)
    qtbot.waitUntil(lambda: window.error.palette().color(QPalette.ColorRole.Window) != light)
    assert window.error.palette().color(QPalette.ColorRole.Window) == QColor(Tone.ERROR.value[1].background)


def test_the_eye_sees_what_is_wrong(qtbot: QtBot) -> None:
    """Guards against tests that hold because nothing was looked at."""
    wrong = QWidget()
    qtbot.addWidget(wrong)
    wrong.resize(300, 200)
    text = QLabel("Rather a long sentence that has no room", wrong)
    text.setGeometry(5, 5, 40, 20)
    grey = QLabel("Faint", wrong)
    grey.setStyleSheet("color: #b0b0b0; background: #ffffff")
    grey.setGeometry(5, 40, 80, 20)
    silent = QPushButton(wrong)
    silent.setGeometry(5, 70, 80, 20)
    out = QPushButton("Out", wrong)
    out.setGeometry(280, 100, 80, 20)
    out.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    wrong.show()
    qtbot.waitExposed(wrong)
    assert len(nameless(wrong)) == 1
    assert len(cut_off(wrong)) == 2
    assert any("Faint" in each for each in faint(wrong))
    assert not any("Rather" in each for each in faint(wrong))
