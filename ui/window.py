"""The main window: its menus, the pages, the banner of errors, the status bar; and the way from a choice to a job."""

from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QSize, qVersion
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rules.periods import Period
from ui.banners import Banner, Tone
from ui.empty_page import EmptyPage
from ui.jobs import Failure, Job, Jobs
from ui.ledger_reader import LedgerReader, Opened, Shown
from ui.settlement_page import SettlementPage
from ui.wording import period_name, state_name

_TITLE = "S75 Settlement"
_NONE_OPEN = "No ledger is open"
_FILES = "Ledgers (*.s75);;All files (*)"
_FIRST_SIZE = QSize(190, 55)  # in characters and lines, so that a larger text has a larger window


class Window(QMainWindow):
    """One window on one ledger. `jobs` and `reader` are given by tests; the program makes its own."""

    def __init__(self, jobs: Jobs | None = None, reader: LedgerReader | None = None) -> None:
        """With no ledger open."""
        super().__init__()
        self.jobs = jobs or Jobs(parent=self)
        self._reader = reader or LedgerReader()
        self._settling: Job[Shown] | None = None
        self.opened: Opened | None = None
        self.setWindowTitle(_TITLE)
        self.error = Banner(Tone.ERROR, "Error", dismissable=True)
        self.empty_page = EmptyPage()
        self.empty_page.open_file.connect(self.choose_file)
        self.empty_page.open_folder.connect(self.choose_folder)
        self.settlement_page = SettlementPage()
        self.settlement_page.asked.connect(self._settle)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty_page)
        self.pages.addWidget(self.settlement_page)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.error)
        layout.addWidget(self.pages, stretch=1)
        self.setCentralWidget(middle)
        self._fill_status_bar()
        self._fill_file_menu(self.menuBar().addMenu("&File"))
        self._fill_view_menu(self.menuBar().addMenu("&View"))
        self._fill_help_menu(self.menuBar().addMenu("&Help"))
        self.jobs.busy_changed.connect(self._show_busy)
        text = self.fontMetrics()
        wanted = QSize(_FIRST_SIZE.width() * text.averageCharWidth(), _FIRST_SIZE.height() * text.height())
        # the frame and title that the desktop puts around it are not counted in its size
        self.resize(wanted.boundedTo(self.screen().availableSize() * 0.9))
        self.empty_page.file_button.setFocus()

    # Menus

    def _fill_status_bar(self) -> None:
        self.ledger_label = QLabel(_NONE_OPEN)
        self.state_label = QLabel()
        self.busy_label = QLabel()
        self.statusBar().addWidget(self.ledger_label, 1)
        self.statusBar().addPermanentWidget(self.busy_label)
        self.statusBar().addPermanentWidget(self.state_label)

    def _fill_file_menu(self, menu: QMenu) -> None:
        self.open_action = self._action("&Open ledger…", QKeySequence.StandardKey.Open)
        self.open_action.triggered.connect(self.choose_file)
        self.open_folder_action = self._action("Open &folder…", QKeySequence("Ctrl+Shift+O"))
        self.open_folder_action.triggered.connect(self.choose_folder)
        self.open_read_only_action = self._action("Open &read-only…", QKeySequence("Ctrl+Alt+O"))
        self.open_read_only_action.triggered.connect(partial(self.choose_file, read_only=True))
        self.quit_action = self._action("&Quit", QKeySequence("Ctrl+Q"))
        self.quit_action.setMenuRole(QAction.MenuRole.QuitRole)
        self.quit_action.triggered.connect(self.close)
        menu.addActions([self.open_action, self.open_folder_action, self.open_read_only_action])
        menu.addSeparator()
        menu.addAction(self.quit_action)

    def _fill_view_menu(self, menu: QMenu) -> None:
        self.period_menu = menu.addMenu("&Period")
        self._period_group = QActionGroup(self)
        self.period_actions = {period: self.period_menu.addAction(str(period)) for period in Period}
        for period, action in self.period_actions.items():
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_period, period))
            self._period_group.addAction(action)
        self.to_date_action = self._action("&Year to date", QKeySequence("Ctrl+1"))
        self.outturn_action = self._action("&Forecast outturn", QKeySequence("Ctrl+2"))
        self._reading_group = QActionGroup(self)
        for action, outturn in ((self.to_date_action, False), (self.outturn_action, True)):
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_reading, outturn=outturn))
            self._reading_group.addAction(action)
        menu.addActions([self.to_date_action, self.outturn_action])
        self._show_choice()

    def _fill_help_menu(self, menu: QMenu) -> None:
        self.about_action = self._action("&About", None)
        self.about_action.setMenuRole(QAction.MenuRole.AboutRole)
        self.about_action.triggered.connect(self.about)
        menu.addAction(self.about_action)

    def _action(self, text: str, keys: QKeySequence | QKeySequence.StandardKey | None) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        return action

    # What the person does

    def choose_file(self, *, read_only: bool = False) -> None:
        """Ask for a ledger's file and open it."""
        title = "Open a ledger read-only" if read_only else "Open a ledger"
        chosen, _filter = QFileDialog.getOpenFileName(self, title, "", _FILES)
        if chosen:
            self.open_ledger(chosen, read_only=read_only)

    def choose_folder(self) -> None:
        """Ask for a folder that holds a ledger's files and open it."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a folder with agreement.toml and lines.csv")
        if chosen:
            self.open_ledger(chosen)

    def open_ledger(self, where: str, *, read_only: bool = False) -> None:
        """Open a ledger in place of the one that is open. If it cannot be opened, that is said and the other stays."""
        self.error.hide()
        self.jobs.start(
            partial(self._reader.open, where, read_only=read_only),
            self._show_opened,
            partial(self._show_not_opened, where),
        )

    def about(self) -> None:
        """Say what program this is, and of which version."""
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  20 ms that few ever ask for

        try:
            release = f"Version {version('s75-settlement')}"
        except PackageNotFoundError:
            release = "Run from its source"
        QMessageBox.about(
            self,
            "About S75 Settlement",
            "<p><b>S75 Settlement</b></p><p>Settles the pooled funds of Section 75 agreements: every penny by a clause "
            f"of the risk-share schedule, with its working.</p><p>{release}, Qt {qVersion()}</p>",
        )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Let go of the ledger, on the thread that holds it, before the program ends."""
        self.jobs.close(self._reader.close)
        super().closeEvent(event)

    def _choose_period(self, period: Period) -> None:
        _, outturn = self.settlement_page.chosen
        self.settlement_page.choose(period, outturn=outturn)

    def _choose_reading(self, *, outturn: bool) -> None:
        period, _ = self.settlement_page.chosen
        self.settlement_page.choose(period, outturn=outturn)

    def _settle(self, period: Period, outturn: bool) -> None:  # noqa: FBT001  a signal has no keywords
        if self._settling is not None:
            self._settling.drop()
        self._show_choice()
        self._settling = self.jobs.start(
            partial(self._reader.settlement, period, outturn=outturn), self._show_settlement, self._show_not_settled
        )

    # What comes back

    def _show_opened(self, opened: Opened) -> None:
        self.opened = opened
        for period, action in self.period_actions.items():
            action.setText(period_name(period, opened.year))
        self.settlement_page.show_opened(opened)
        self.pages.setCurrentWidget(self.settlement_page)
        self.settlement_page.period.setFocus()
        read_only = "" if opened.writable else " (read-only)"
        self.setWindowTitle(f"{PurePath(opened.name).name}{read_only} – {_TITLE}")
        self.ledger_label.setText(f"{opened.name}{read_only}")
        self.state_label.clear()
        self._settle(*self.settlement_page.chosen)

    def _show_not_opened(self, where: str, failure: Failure) -> None:
        self.error.say_failure(f"{where} could not be opened", failure)
        if self.opened is not None and not self._reader.is_open:
            self._show_none_open()

    def _show_none_open(self) -> None:
        self.opened = None
        self.pages.setCurrentWidget(self.empty_page)
        self.setWindowTitle(_TITLE)
        self.ledger_label.setText(_NONE_OPEN)
        self.state_label.clear()
        self._show_choice()

    def _show_settlement(self, shown: Shown) -> None:
        self.settlement_page.show_settlement(shown)
        self.state_label.setText(state_name(shown.state))

    def _show_not_settled(self, failure: Failure) -> None:
        self.settlement_page.show_failure(failure)
        self.state_label.clear()

    def _show_busy(self, busy: bool) -> None:  # noqa: FBT001  a signal has no keywords
        self.busy_label.setText("Reading the ledger…" if busy else "")

    def _show_choice(self) -> None:
        """Tick in the menu what is chosen on the page; without a ledger there is nothing to choose."""
        is_open = self.opened is not None
        self.period_menu.setEnabled(is_open)
        self._reading_group.setEnabled(is_open)
        if is_open:
            period, outturn = self.settlement_page.chosen
            self.period_actions[period].setChecked(True)
            (self.outturn_action if outturn else self.to_date_action).setChecked(True)
