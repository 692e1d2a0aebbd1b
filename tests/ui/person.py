"""A person at the keyboard and mouse: each key press and click goes where the desktop would send it, and is counted."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.window import Window

PATIENCE = 60_000  # milliseconds


class Person:
    """Works at a window. `presses` and `clicks` count what she did; what a program did by itself is not counted."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self.qtbot = qtbot
        self.window = window
        self.presses = 0
        self.clicks = 0
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)

    @property
    def at(self) -> QWidget:
        """Where the keyboard is: a control of the window in front."""
        if QApplication.activeWindow() is None and self.window.isVisible():
            # a dialog was closed: here is no window manager that gives the keyboard back to what was under it
            self.window.activateWindow()
            self.qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)
        for candidate in (QApplication.activePopupWidget(), QApplication.focusWidget(), QApplication.activeWindow()):
            if candidate is not None:
                return candidate
        return self.window

    def press(self, *keys: str) -> None:
        """Press keys one after another, each as a menu writes it: `Ctrl+E`, `Alt+Left`, `Return`, `Down`."""
        for text in keys:
            combination = QKeySequence.fromString(text)[0]
            QTest.keyClick(self.at, combination.key(), combination.keyboardModifiers())
            self.presses += 1

    def type(self, text: str) -> None:
        """Type a text, a press for each letter."""
        for letter in text:
            if letter == "\t":
                QTest.keyClick(self.at, Qt.Key.Key_Tab)
            elif letter == "\n":
                QTest.keyClick(self.at, Qt.Key.Key_Return)
            else:
                QTest.keyClicks(self.at, letter)
            self.presses += 1

    def click(self, widget: QWidget, where: QPoint | None = None) -> None:
        """Click a control in its middle, or at a point of it."""
        assert widget.isVisible(), f"{widget} cannot be seen"
        assert widget.isEnabled(), f"{widget} cannot be pressed"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where or widget.rect().center())
        self.clicks += 1

    def double_click(self, view: QAbstractItemView, index: QModelIndex) -> None:
        """Double click a cell."""
        view.scrollTo(index)
        point = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        self.clicks += 2

    def tab_to(self, widget: QWidget, most: int = 60) -> None:
        """Press Tab until the keyboard is in a control."""
        for _ in range(most):
            if QApplication.focusWidget() is widget:
                return
            self.press("Tab")
        message = f"Tab does not lead to {widget.accessibleName()}"
        raise AssertionError(message)

    def wait(self) -> None:
        """Wait until the program has nothing to do."""
        self.qtbot.waitUntil(lambda: not self.window.session.busy, timeout=PATIENCE)
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: not self.window.session.busy, timeout=PATIENCE)

    def wait_for(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(true, timeout=PATIENCE)
