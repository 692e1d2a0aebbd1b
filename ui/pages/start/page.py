"""The first page: recent ledgers, a new one, the samples, and work that is not posted yet."""

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ui import links
from ui.failures import Failure
from ui.flow import Flow
from ui.jobs import Job
from ui.page import ScrollingPage
from ui.pages.start.copies_box import CopiesBox, look_for_copies
from ui.pages.start.elsewhere import ElsewhereBox
from ui.pages.start.recent import Drafted, Seen, ShortTable, drafts_grid, look_at_all, seen_grid
from ui.session import Session
from ui.widgets import PAGE_TITLE, SECTION, Nothing, button, chars, words

if TYPE_CHECKING:
    from ledgers.copies import Copy
    from ui.pages.start.copies import Out

NEW, SERVER, SAMPLES, TAKE, GIVE_BACK = "new", "server", "samples", "take-copy", "give-back"
_LEDGERS = "Ledgers (*.s75);;All files (*)"
_TITLES = "start-titles"
_STEPS = 7
_WHEN_IDLE = 1500  # milliseconds after the page is shown: the window comes first
_WIZARD = "ui.pages.start.wizard"

_Looked = tuple[tuple[Seen, ...], tuple[Drafted, ...], tuple["Out", ...]]


class StartPage(ScrollingPage):
    """What a person sees first. `visit` takes `new`, `server` and `samples`, which open their dialogs."""

    key: ClassVar[str] = links.START
    title: ClassVar[str] = "Start"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With what was opened before."""
        super().__init__(session, parent)
        self._seen: tuple[Seen, ...] = ()
        self._drafts: tuple[Drafted, ...] = ()
        self._copies: tuple[Out, ...] = ()
        self._looking: Job[_Looked] | None = None
        self._dialog: QDialog | None = None
        self._is_warm = False
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self._warming.setInterval(_WHEN_IDLE)
        self._warming.timeout.connect(self._warm)
        self.content.addWidget(words("Start", PAGE_TITLE))
        self.content.addWidget(
            words("A ledger holds one Section 75 agreement for one financial year: make one, or open one.")
        )
        self.new = button("&New ledger…", self.make_new, tip="Ctrl+N")
        self.open = button("&Open…", self.choose_file, tip="Ctrl+O")
        self.folder = button("Open fol&der…", self.choose_folder, tip="A folder with agreement.toml and lines.csv")
        self.read_only = button("Open &read-only…", partial(self.choose_file, read_only=True), tip="Ctrl+Alt+O")
        self.server = button("Connect to a &server…", self.connect_to_server)
        self.samples = button("Open the sa&mples…", self.open_samples)
        flow = Flow()
        for each in (self.new, self.open, self.folder, self.read_only, self.server, self.samples):
            flow.addWidget(each)
        self.content.addLayout(flow)
        self.content.addSpacing(chars(self, 2))
        self.drafts_heading = words("Work not posted yet", SECTION)
        self.drafts = ShortTable("Work not posted yet", ("Work", "Ledger", "Kept"), 1)
        self.drafts.chosen.connect(self._open_draft)
        self.content.addWidget(self.drafts_heading)
        self.content.addWidget(self.drafts)
        self.copies = CopiesBox()
        self.copies.chosen.connect(lambda copy: self._open(copy.path))
        self.copies.to_give_back.connect(lambda copy: self._show_dialog(self._give_back_dialog(copy)))
        self.copies.to_discard.connect(lambda copy: self._show_dialog(self._discard_dialog(copy)))
        self.content.addWidget(self.copies)
        self._add_recent()
        self.nothing = Nothing(
            "No ledger was opened here yet",
            "Make a new ledger from the partners’ agreement, open one that somebody gave you, or look at the samples: "
            "ledgers of real agreements with published figures. A .s75 file can be dropped on this window too.",
        )
        self.content.addWidget(self.nothing)
        self.elsewhere = ElsewhereBox(session)
        self.elsewhere.asked.connect(self._show_dialog)
        self.content.addSpacing(chars(self, 2))
        self.content.addWidget(self.elsewhere)
        self.content.addStretch(1)
        self._show()

    def _add_recent(self) -> None:
        self.recent_heading = words("Recent ledgers", SECTION)
        self.recent = ShortTable("Recent ledgers", ("Ledger", "Where", "Last changed", "State"), 1)
        self.recent.chosen.connect(self._open_recent)
        self.recent.add("&Open", None, lambda: self._open_recent(self._row))
        self.recent.add("Open &read-only", None, lambda: self._open_recent(self._row, read_only=True))
        self.recent.add("&Show its folder", None, self._show_folder)
        self.recent.add("&Take off this list", "Del", self._take_off)
        self.hint = words("Enter opens the one selected; Delete takes it off this list, and leaves its file as it is.")
        self.content.addWidget(self.recent_heading)
        self.content.addWidget(self.recent)
        self.content.addWidget(self.hint)

    # What the window asks of a page

    def refresh(self) -> None:
        """Look again at what was opened before; it may be on a network, so a job does. Then have the wizard ready."""
        opened = self.session.opened
        if opened is not None:
            where = self.session.preferences.recent[0] if self.session.preferences.recent else opened.where
            self._remember(where, opened.title)
        if self._looking is not None:
            self._looking.drop()
        recent, titles = self.session.preferences.recent, self.session.kept(_TITLES, {})
        self._looking = self.session.reads.start(
            lambda _job: (*look_at_all(recent, titles), look_for_copies()), self._show_looked, lambda _failure: None
        )
        if not self._is_warm:
            self._is_warm = True
            self._warming.start()

    def visit(self, target: object) -> None:
        """Begin what was asked for; of a copy, with the ledger that is open."""
        begin = {
            NEW: self.make_new,
            SERVER: self.connect_to_server,
            SAMPLES: self.open_samples,
            TAKE: self.take_copy,
            GIVE_BACK: self.give_back,
        }
        if target in begin:
            begin[str(target)]()

    def first_focus(self) -> QWidget | None:
        """The recent ledgers, if there are any."""
        return self.recent if self._seen else self.new

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """The wizard at each step with a sample in it, the server's and the samples' dialogs."""
        yield from (partial(self._sample_wizard, step) for step in range(_STEPS))
        yield self._server_dialog
        yield self._samples_dialog
        yield from self.elsewhere.dialogs()
        opened = self.session.opened
        where = opened.where if opened is not None else "pool.s75"
        copy = self._sample_copy(where)
        yield partial(self._take_dialog, where)
        yield partial(self._give_back_dialog, copy)
        yield partial(self._discard_dialog, copy)

    # What a person does

    def make_new(self) -> None:
        """The wizard of a new ledger; its modules are loaded by a job, as that takes a moment the first time."""
        self.session.reads.start(
            lambda _job: import_module(_WIZARD), lambda _module: self._begin_new(), self._not_begun
        )

    def _warm(self) -> None:
        if not self.isVisible():  # the window may have been closed meanwhile, and its lanes with it
            return
        self.session.reads.start(lambda _job: import_module(_WIZARD), lambda _module: None, lambda _failure: None)

    def _not_begun(self, failure: Failure) -> None:
        self.session.failed.emit("The new ledger could not be begun", failure)

    def _begin_new(self) -> None:
        from ui.pages.start.wizard import NewLedgerDialog  # noqa: PLC0415  loaded by then

        if self._dialog is not None:
            return  # Ctrl+N twice
        dialog = NewLedgerDialog(self.session, self)
        dialog.made.connect(self._open)
        self._show_dialog(dialog)

    def connect_to_server(self, url: str = "") -> None:
        """The dialog of a server."""
        self._show_dialog(self._server_dialog(url))

    def open_samples(self) -> None:
        """The dialog of the samples."""
        self._show_dialog(self._samples_dialog())

    def take_copy(self) -> None:
        """The dialog that takes a copy to work in of the ledger that is open."""
        opened = self.session.opened
        if opened is not None and opened.may_be_copied:
            self._show_dialog(self._take_dialog(opened.where))

    def give_back(self) -> None:
        """The dialog that gives back the copy that is open."""
        opened = self.session.opened
        if opened is not None and opened.copy is not None:
            self._show_dialog(self._give_back_dialog(opened.copy))

    def choose_file(self, *, read_only: bool = False) -> None:
        """Ask for a ledger's file and open it."""
        title = "Open a ledger read-only" if read_only else "Open a ledger"
        chosen, _filter = QFileDialog.getOpenFileName(self, title, self.session.preferences.ledgers_folder, _LEDGERS)
        if chosen:
            self._open(chosen, read_only=read_only)

    def choose_folder(self) -> None:
        """Ask for a folder that holds a ledger's files and open it."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a folder with agreement.toml and lines.csv")
        if chosen:
            self._open(chosen)

    def _open(self, where: str, *, read_only: bool = False) -> None:
        self.session.open(where, read_only=read_only, done=self._opened)

    def _opened(self) -> None:
        self.follow(links.OVERVIEW)

    @property
    def _row(self) -> int:
        return self.recent.currentIndex().row()

    def _open_recent(self, row: int, *, read_only: bool = False) -> None:
        if not 0 <= row < len(self._seen):
            return
        seen = self._seen[row]
        if seen.is_server:
            self.connect_to_server(seen.where)  # it may need the password, which is not kept
        else:
            self._open(seen.where, read_only=read_only)

    def _open_draft(self, row: int) -> None:
        if not 0 <= row < len(self._drafts):
            return
        draft = self._drafts[row]
        if not draft.where:
            self.make_new()
        elif draft.where.startswith("postgres"):
            self.connect_to_server(draft.where)
        else:
            self._open(draft.where)

    def _take_off(self) -> None:
        if 0 <= self._row < len(self._seen):
            seen = self._seen[self._row]
            self.session.keep(self.session.preferences.having_forgotten(seen.where))
            self.session.said.emit(f"{seen.name} is off the list. Its file is as it was.")
            self._seen = tuple(each for each in self._seen if each is not seen)
            self._show()

    def _show_folder(self) -> None:
        if 0 <= self._row < len(self._seen) and not self._seen[self._row].is_server:
            path = Path(self._seen[self._row].where)
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))

    # How it is shown

    def _show_looked(self, looked: _Looked) -> None:
        self._looking = None
        self._seen, self._drafts, self._copies = looked
        self._show()

    def _show(self) -> None:
        opened = self.session.opened
        recent = self.session.preferences.recent
        here = (recent[0] if recent else opened.where) if opened is not None else ""
        has_focus = self.recent.hasFocus()
        self.recent.show_grid(seen_grid(self._seen, here))
        self.drafts.show_grid(drafts_grid(self._drafts))
        self.copies.show_copies(self._copies)
        for widget in (self.recent_heading, self.recent, self.hint):
            widget.setVisible(bool(self._seen))
        for widget in (self.drafts_heading, self.drafts):
            widget.setVisible(bool(self._drafts))
        self.nothing.setVisible(not self._seen)
        if has_focus and not self._seen:
            self.new.setFocus()

    def _remember(self, where: str, title: str) -> None:
        """The agreement's title, which the list shows without opening the ledger."""
        titles = {each: told for each, told in self.session.kept(_TITLES, {}).items() if each != where}
        known = set(self.session.preferences.recent)
        self.session.keep_for(_TITLES, {**{each: told for each, told in titles.items() if each in known}, where: title})

    # Dialogs

    def _show_dialog(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self.freshen()

    def _server_dialog(self, url: str = "") -> QDialog:
        from ui.pages.start.server import ServerDialog  # noqa: PLC0415  not before it is wanted

        dialog = ServerDialog(self.session, self, url)
        dialog.connected.connect(self._opened)
        return dialog

    def _samples_dialog(self) -> QDialog:
        from ui.pages.start.samples import SamplesDialog  # noqa: PLC0415  not before it is wanted

        dialog = SamplesDialog(self.session, self)
        dialog.chosen.connect(self._open)
        return dialog

    def _take_dialog(self, where: str) -> QDialog:
        from ui.pages.start.copies import TakeDialog  # noqa: PLC0415  not before it is wanted

        dialog = TakeDialog(self.session, where, self)
        dialog.taken.connect(self._open)
        return dialog

    def _give_back_dialog(self, copy: "Copy") -> QDialog:
        from ui.pages.start.copies import GiveBackDialog  # noqa: PLC0415  not before it is wanted

        dialog = GiveBackDialog(self.session, copy, self)
        dialog.given.connect(self._open)
        return dialog

    def _discard_dialog(self, copy: "Copy") -> QDialog:
        from ui.pages.start.copies import DiscardDialog  # noqa: PLC0415  not before it is wanted

        return DiscardDialog(self.session, copy, self)

    @staticmethod
    def _sample_copy(where: str) -> "Copy":
        from ledgers.copies import Copy  # noqa: PLC0415  for who looks at it only

        return Copy("0", "copies/pool.s75", where, "", "", "2026-11-22T14:05:00+00:00", 1, "")

    def _sample_wizard(self, step: int) -> QDialog:
        from ui.pages.start.sample_content import SAMPLE_CONTENT  # noqa: PLC0415  for who looks at it only
        from ui.pages.start.wizard import NewLedgerDialog  # noqa: PLC0415  as above

        dialog = NewLedgerDialog(self.session, self, SAMPLE_CONTENT)
        dialog.go_to_step(step)
        return dialog
