"""The menus of the window: every command in words, with its keys."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from rules.periods import Period
from ui import links
from ui.links import Entry, Link
from ui.pages import PLACES
from ui.periods import period_name
from ui.session import Opened

if TYPE_CHECKING:
    from ui.window import Window

_MNEMONICS = {
    links.START: "&Start",
    links.OVERVIEW: "&Overview",
    links.LEDGER: "&Ledger",
    links.AGREEMENT: "&Agreement",
    links.RISK_SHARE: "&Risk share",
    links.SETTLEMENT: "Se&ttlement",
    links.STATEMENTS: "State&ments",
    links.SIGN_OFF: "S&ign-off",
    links.AUDIT: "A&udit",
}


class Menus:
    """Fills the menu bar of a window, and keeps what is ticked and what can be chosen true."""

    def __init__(self, window: "Window") -> None:
        """The menus of a window with no ledger open."""
        self._window = window
        self._session = window.session
        bar = window.menuBar()
        self._needs_ledger: list[QAction] = []
        self._needs_writing: list[QAction] = []
        self._fill_file(bar.addMenu("&File"))
        self._fill_ledger(bar.addMenu("&Ledger"))
        self._fill_view(bar.addMenu("&View"))
        self._fill_go(bar.addMenu("&Go"))
        self._fill_help(bar.addMenu("&Help"))
        self._session.view_changed.connect(self._tick)
        self.show_way(back=False, forward=False)

    def _fill_file(self, menu: QMenu) -> None:
        window = self._window
        standard = QKeySequence.StandardKey
        self.new_action = self._action("&New ledger…", standard.New, self._to(links.START, "new"))
        self.open_action = self._action("&Open ledger…", standard.Open, window.choose_file)
        self.open_folder_action = self._action("Open &folder…", "Ctrl+Shift+O", window.choose_folder)
        self.open_read_only_action = self._action(
            "Open &read-only…", "Ctrl+Alt+O", partial(window.choose_file, read_only=True)
        )
        self.server_action = self._action("Connect to a &server…", None, self._to(links.START, "server"))
        self.take_copy_action = self._action("Ta&ke a copy to work in…", None, self._to(links.START, "take-copy"))
        self.give_back_action = self._action("&Give the copy back…", None, self._to(links.START, "give-back"))
        self.close_action = self._action("&Close ledger", "Ctrl+W", self._session.close_ledger)
        self.settings_action = self._action("Se&ttings", "Ctrl+,", self._to(links.OPTIONS))
        self.quit_action = self._action("&Quit", "Ctrl+Q", window.close)
        self.quit_action.setMenuRole(QAction.MenuRole.QuitRole)
        self._needs_ledger.append(self.close_action)
        menu.addActions([self.new_action, self.open_action, self.open_folder_action, self.open_read_only_action])
        menu.addActions([self.server_action, self.close_action])
        menu.addSeparator()
        menu.addActions([self.take_copy_action, self.give_back_action])
        menu.addSeparator()
        menu.addAction(self.settings_action)
        menu.addSeparator()
        menu.addAction(self.quit_action)

    def _fill_ledger(self, menu: QMenu) -> None:
        for text, keys, doing in (
            ("&Enter lines", "Ctrl+E", "enter"),
            ("&Import a file…", "Ctrl+I", "import"),
            ("&Virement…", "Ctrl+Shift+V", "virement"),
        ):
            action = self._action(text, keys, self._to(links.LEDGER, Entry(doing)))
            self._needs_writing.append(action)
            menu.addAction(action)

    def _fill_view(self, menu: QMenu) -> None:
        self.period_menu = menu.addMenu("&Period")
        self._periods = QActionGroup(self._window)
        self.period_actions = {period: self.period_menu.addAction(str(period)) for period in Period}
        for period, action in self.period_actions.items():
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_period, period))
            self._periods.addAction(action)
        self.to_date_action = self._action("&Year to date", "Ctrl+Alt+Y", partial(self._choose, outturn=False))
        self.outturn_action = self._action("&Forecast outturn", "Ctrl+Alt+F", partial(self._choose, outturn=True))
        self._readings = QActionGroup(self._window)
        for action in (self.to_date_action, self.outturn_action):
            action.setCheckable(True)
            self._readings.addAction(action)
        self.refresh_action = self._action("&Refresh", QKeySequence.StandardKey.Refresh, self._session.changed.emit)
        self._needs_ledger += [self.to_date_action, self.outturn_action, self.refresh_action]
        menu.addActions([self.to_date_action, self.outturn_action])
        menu.addSeparator()
        menu.addAction(self.refresh_action)

    def _fill_go(self, menu: QMenu) -> None:
        self.back_action = self._action("&Back", "Alt+Left", self._window.go_back)
        self.forward_action = self._action("&Forward", "Alt+Right", self._window.go_forward)
        self._window.view_bar.back.clicked.connect(self._window.go_back)
        self._window.view_bar.forward.clicked.connect(self._window.go_forward)
        menu.addActions([self.back_action, self.forward_action])
        menu.addSeparator()
        for number, place in enumerate(place for place in PLACES if place.key in _MNEMONICS):
            action = self._action(_MNEMONICS[place.key], f"Ctrl+{number}", self._to(place.key))
            if place.needs_ledger:
                self._needs_ledger.append(action)
            menu.addAction(action)

    def _fill_help(self, menu: QMenu) -> None:
        self.guide_action = self._action("&Guide to this page", QKeySequence.StandardKey.HelpContents, self._help)
        self.shortcuts_action = self._action("&Keyboard shortcuts", "Ctrl+/", self._to(links.HELP, "shortcuts"))
        self.about_action = self._action("&About S75 Settlement", None, self._to(links.HELP, "about"))
        menu.addActions([self.guide_action, self.shortcuts_action, self.about_action])

    def _action(self, text: str, keys: QKeySequence.StandardKey | str | None, does: object) -> QAction:
        action = QAction(text, self._window)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: does())  # type: ignore[operator]  # every one is callable
        return action

    def _to(self, page: str, target: object = None) -> object:
        return lambda: self._window.go(Link(page, target))

    def _help(self) -> None:
        self._window.help_here()

    def _choose_period(self, period: Period) -> None:
        self._session.choose(period, outturn=self._session.outturn)

    def _choose(self, *, outturn: bool) -> None:
        self._session.choose(self._session.period, outturn=outturn)

    # What can be chosen

    def show_opened(self, opened: Opened | None) -> None:
        """What can be chosen with this ledger open, or none."""
        for action in self._needs_ledger:
            action.setEnabled(opened is not None)
        for action in self._needs_writing:
            action.setEnabled(opened is not None and opened.writable)
        self.take_copy_action.setEnabled(opened is not None and opened.may_be_copied)
        self.give_back_action.setEnabled(opened is not None and opened.copy is not None)
        self.period_menu.setEnabled(opened is not None)
        if opened is not None:
            for period, action in self.period_actions.items():
                action.setText(period_name(period, opened.year))
            self._tick()

    def show_way(self, *, back: bool, forward: bool) -> None:
        """Whether there is somewhere to go back to, and forward to."""
        self.back_action.setEnabled(back)
        self.forward_action.setEnabled(forward)
        self._window.view_bar.back.setEnabled(back)
        self._window.view_bar.forward.setEnabled(forward)

    def all_actions(self) -> list[QAction]:
        """Every command of the menus, in their order: for the sheet of shortcuts."""
        found = []
        for menu in self._window.menuBar().findChildren(QMenu):
            found += [action for action in menu.actions() if action.text() and action.menu() is None]
        return [action for action in found if action not in self.period_actions.values()]

    def _tick(self) -> None:
        self.period_actions[self._session.period].setChecked(True)
        (self.outturn_action if self._session.outturn else self.to_date_action).setChecked(True)
