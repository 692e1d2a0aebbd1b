"""The main window: the navigation list, the pages, the menus, the way back; and what is told of every page."""

from pathlib import Path, PurePath

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import links
from ui.ahead import Ahead
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.icons import icon
from ui.links import Link
from ui.menus import Menus
from ui.page import Page
from ui.pages import PLACE_OF, PLACES
from ui.session import Session
from ui.view_bar import ViewBar
from ui.widgets import chars, room

TITLE = "S75 Settlement"
_NONE_OPEN = "No ledger is open"
_LEDGERS = "Ledgers (*.s75);;All files (*)"
_FIRST_SIZE = QSize(190, 55)  # in characters and lines, so that a larger text has a larger window
_NAVIGATION = 20  # characters
_SAID_FOR = 12_000  # milliseconds
_IMPORTED = (".csv", ".xlsx")


class Window(QMainWindow):
    """One window on one ledger. `session` is given by tests; the program makes its own."""

    def __init__(self, session: Session | None = None) -> None:
        """With no ledger open, on the first page."""
        super().__init__()
        self.session = session or Session(parent=self)
        self.ahead = Ahead(self.session, self)
        self._made: dict[str, Page] = {}
        self._back: list[Link] = []
        self._forward: list[Link] = []
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.error = Banner(Tone.ERROR, "Error", dismissable=True)
        self.view_bar = ViewBar(self.session)
        self.navigation = self._navigation()
        self._dress_navigation()
        self.pages = QStackedWidget()
        right = self._right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.error)
        right.addWidget(self.view_bar)
        right.addWidget(self.pages, stretch=1)
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.navigation)
        across.addLayout(right, stretch=1)
        self.setCentralWidget(middle)
        self._fill_status_bar()
        self.view_bar.take.clicked.connect(lambda _checked=False: self.go(Link(links.START, "take-copy")))
        self.view_bar.give_back.clicked.connect(lambda _checked=False: self.go(Link(links.START, "give-back")))
        self.menus = Menus(self)
        session_of = self.session
        session_of.opened_changed.connect(self._show_opened)
        session_of.failed.connect(self.tell_failure)
        session_of.said.connect(self._say)
        session_of.busy_changed.connect(self._show_busy)
        self._size()
        self._show_opened()

    # Its parts

    def _navigation(self) -> QListWidget:
        listed = QListWidget()
        listed.setAccessibleName("Pages")
        listed.setFrameShape(QListWidget.Shape.NoFrame)
        listed.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place in PLACES:
            item = QListWidgetItem(place.title)
            item.setData(Qt.ItemDataRole.UserRole, place.key)
            listed.addItem(item)
        listed.currentRowChanged.connect(self._navigate)
        return listed

    def _dress_navigation(self) -> None:
        height = self.fontMetrics().height()
        self.navigation.setFixedWidth(chars(self, _NAVIGATION))
        self.navigation.setIconSize(QSize(height, height) * 5 / 4)
        for row, place in enumerate(PLACES):
            item = self.navigation.item(row)
            item.setIcon(icon(place.key, self.palette()))
            item.setSizeHint(QSize(0, height * 2))

    def _fill_status_bar(self) -> None:
        self.ledger_label = QLabel(_NONE_OPEN)
        self.ledger_label.setTextFormat(Qt.TextFormat.PlainText)
        self.busy_label = QLabel()
        self.statusBar().addWidget(self.ledger_label, 1)
        self.statusBar().addPermanentWidget(self.busy_label)

    def _size(self) -> None:
        text = self.fontMetrics()
        wanted = QSize(_FIRST_SIZE.width() * text.averageCharWidth(), _FIRST_SIZE.height() * text.height())
        # the frame and title that the desktop puts around it are not counted in its size
        self.resize(wanted.boundedTo(room()))
        kept = self.session.preferences.window
        if kept:
            self.restoreGeometry(QByteArray.fromHex(kept.encode("ascii", "ignore")))

    # Pages and the way back

    def page(self, key: str) -> Page:
        """A page, made when it is first asked for."""
        if key not in self._made:
            page = PLACE_OF[key].load()(self.session)
            page.go.connect(self.go)
            self._made[key] = page
            self.pages.addWidget(page)
        return self._made[key]

    @property
    def current(self) -> Page:
        """The page on screen."""
        page = self.pages.currentWidget()
        assert isinstance(page, Page)  # noqa: S101  nothing else is put there
        return page

    @property
    def here(self) -> Link:
        """The page on screen and where on it the person is."""
        return Link(self.current.key, self.current.place())

    def go(self, link: Link) -> None:
        """Follow a link; the way back is kept."""
        if self.pages.count():
            self._back.append(self.here)
            self._forward.clear()
        self._show(link)

    def go_back(self) -> None:
        """Where the person was before."""
        if self._back:
            self._forward.append(self.here)
            self._show(self._back.pop())

    def go_forward(self) -> None:
        """Where the person came back from."""
        if self._forward:
            self._back.append(self.here)
            self._show(self._forward.pop())

    def help_here(self) -> None:
        """The guide, at the topic of the page on screen."""
        self.go(Link(links.HELP, links.Topic(self.current.topic or self.current.key)))

    def _show(self, link: Link) -> None:
        place = PLACE_OF[link.page]
        if place.needs_ledger and self.session.opened is None:
            link = Link(links.START)
        page = self.page(link.page)
        self.view_bar.choosers.setVisible(PLACE_OF[link.page].needs_ledger)
        # a page that is shown asks for its figures; what it is to show of them it is told first
        if link.target is not None:
            page.visit(link.target)
        self.pages.setCurrentWidget(page)
        self._mark(link.page)
        focus = page.first_focus()
        # who goes down the navigation list stays in it; who was led to something is there
        if focus is not None and (link.target is not None or not self.navigation.hasFocus()):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.menus.show_way(back=bool(self._back), forward=bool(self._forward))

    def _mark(self, key: str) -> None:
        self.navigation.blockSignals(True)  # noqa: FBT003  Qt's
        self.navigation.setCurrentRow([place.key for place in PLACES].index(key))
        self.navigation.blockSignals(False)  # noqa: FBT003  Qt's

    def _navigate(self, row: int) -> None:
        if row >= 0 and (not self.pages.count() or PLACES[row].key != self.current.key):
            self.go(Link(PLACES[row].key))

    # What the person opens

    def choose_file(self, *, read_only: bool = False) -> None:
        """Ask for a ledger's file and open it."""
        title = "Open a ledger read-only" if read_only else "Open a ledger"
        chosen, _filter = QFileDialog.getOpenFileName(self, title, self.session.preferences.ledgers_folder, _LEDGERS)
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
        self.session.open(where, read_only=read_only, done=self._show_overview)

    def _show_overview(self) -> None:
        self._back.clear()
        self._forward.clear()
        self._show(Link(links.OVERVIEW))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take a ledger, a CSV or an XLSX that is dragged onto the window."""
        if self._dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """Open the ledger that was dropped; have a CSV or XLSX imported into the one that is open."""
        path = self._dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.take(path)

    def take(self, path: Path) -> None:
        """Do with a file or folder what a person means who drops it on the window."""
        if path.suffix.lower() not in _IMPORTED:
            self.open_ledger(str(path))
        elif self.session.opened is None:
            sentence = "Open the ledger that it belongs to first, or make a new one; then drop the file again."
            self.error.say(f"{path.name} holds lines for a ledger", sentence)
        else:
            self.go(Link(links.LEDGER, links.Entry("import", str(path))))

    @staticmethod
    def _dropped(told: QMimeData) -> Path | None:
        found = [Path(url.toLocalFile()) for url in told.urls() if url.isLocalFile()]
        if len(found) != 1:
            return None
        is_ours = found[0].is_dir() or found[0].suffix.lower() in {".s75", *_IMPORTED}
        return found[0] if is_ours else None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Follow the theme and the text size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange} and hasattr(self, "navigation"):
            self._dress_navigation()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Let go of the ledger, on the threads that hold it, before the program ends."""
        if not all(page.may_leave() for page in self._made.values()):
            event.ignore()
            return
        from dataclasses import replace  # noqa: PLC0415

        place = bytes(self.saveGeometry().toHex().data()).decode("ascii")
        self.session.keep(replace(self.session.preferences, window=place))
        self.session.close()
        super().closeEvent(event)

    # What is told

    def tell_failure(self, heading: str, failure: Failure) -> None:
        """Say what went wrong, over every page."""
        self.error.say_failure(heading, failure)

    def show_first(self, notice: QWidget) -> None:
        """Put a notice over everything else, until it hides itself."""
        self._right.insertWidget(0, notice)

    def _say(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, _SAID_FOR)

    def _show_busy(self, busy: bool) -> None:  # noqa: FBT001  a signal has no keywords
        self.busy_label.setText("Working…" if busy else "")

    def _show_opened(self) -> None:
        opened = self.session.opened
        is_open = opened is not None
        for number, place in enumerate(PLACES):
            item = self.navigation.item(number)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags if is_open or not place.needs_ledger else Qt.ItemFlag.NoItemFlags)
        if opened is None:
            self.setWindowTitle(TITLE)
            self.ledger_label.setText(_NONE_OPEN)
            self._back.clear()
            self._forward.clear()
            self._show(Link(links.START))
        else:
            read_only = "" if opened.writable else " (read-only)"
            self.setWindowTitle(f"{PurePath(opened.name).name}{read_only} – {TITLE}")
            self.ledger_label.setText(f"{opened.name}{read_only}")
        self.menus.show_opened(opened)

    def period_menu_is_enabled(self) -> bool:
        """Whether a period can be chosen."""
        return self.menus.period_menu.isEnabled()
