"""What is done with lines: entering, importing, moving, reversing, attaching; copying, saving, opening a document.

Entering and its dialogs are `ui.entering`'s and `ui.importing`'s, and loaded when they are first needed.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QVBoxLayout, QWidget

from ledgers.lines import Line
from ui import links
from ui.pages.register.columns import HEADINGS
from ui.pages.register.narrowing import narrowed_to
from ui.pages.register.taking_out import TakingOut
from ui.widgets import button, lines, row

if TYPE_CHECKING:
    from ui.entering.panel import EntryPanel
    from ui.pages.register.page import LedgerPage

_NO_LINE = "Select a line first."


class Doing:
    """The tools of one page."""

    def __init__(self, page: "LedgerPage") -> None:
        """Put the tools on the page."""
        self._page = page
        self._session = page.session
        self.taking_out = TakingOut(page)
        self.entry: EntryPanel | None = None
        self._entry_dock: QWidget | None = None
        self._path = ""
        self.enter_button = button("&Enter lines", self.enter)
        self.import_button = button("&Import…", self.import_file)
        self.virement_button = button("Vire&ment…", self.virement)
        self.reverse_button = button("Reverse…", self.reverse)
        self.attach_button = button("&Attach evidence…", self.attach)
        self.copy_button = button("Copy", self._copy, name="Copy what is selected", tip="Ctrl+C")
        self.save_button = QPushButton("Save lines")
        self.save_button.setMenu(self.taking_out.menu(page))
        self.columns_button = QPushButton("Columns")
        self.columns_button.setMenu(page.table.columns_menu())
        self.panel_button = button("Line’s history", self._toggle_panel, tip="F4")
        self.panel_button.setCheckable(True)
        for tool in (
            self.enter_button, self.import_button, self.virement_button, self.reverse_button, self.attach_button,
            self.copy_button, self.save_button, self.columns_button, self.panel_button,
        ):  # fmt: skip
            page.parts.tool_flow.addWidget(tool)
        self._keys()
        page.table.copy_wanted.connect(self.taking_out.copy)
        page.table.customContextMenuRequested.connect(self._open_menu)
        page.panel.document_wanted.connect(self.taking_out.document)

    def _keys(self) -> None:
        page = self._page
        for text, keys, does in (
            ("Search the lines", "Ctrl+F", self._search),
            ("Go to a line by its number", "Ctrl+G", self._go_to_line),
            ("Show or hide the line’s history", "F4", self._toggle_panel),
            ("Save the lines shown", "Ctrl+S", self.taking_out.save_shown),
            ("Show only lines with the same in this column", "Ctrl+Shift+F", self.same_as_here),
            ("Reverse the line", "Ctrl+Shift+R", self._reverse_if_it_can_be),
        ):
            action = QAction(text, page)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(_call, does))
            page.addAction(action)

    def _go_to_line(self) -> None:
        self._page.narrowing.ask_line()

    def _reverse_if_it_can_be(self) -> None:
        if self.reverse_button.isEnabled():
            self.reverse()

    def _toggle_panel(self) -> None:
        self._page.beside.toggle()

    def _copy(self) -> None:
        if self._page.by is None:
            self.taking_out.copy()
        else:
            self._page.groups.copy()

    def _search(self) -> None:
        self._page.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._page.filters.search.selectAll()

    # What can be done now

    def show_what_can_be_done(self) -> None:
        """Tools that nothing can be done with say why."""
        opened, line = self._session.opened, self.line()
        read_only = "No ledger is open." if opened is None else opened.why_read_only
        for tool, tip in (
            (self.enter_button, "Ctrl+E"),
            (self.import_button, "Ctrl+I"),
            (self.virement_button, "Ctrl+Shift+V"),
            (self.reverse_button, "Post a line that takes this one back (Ctrl+Shift+R)" if line else _NO_LINE),
            (self.attach_button, "Attach a document to this line" if line else _NO_LINE),
        ):
            tool.setEnabled(not read_only and (tip != _NO_LINE))
            tool.setToolTip(read_only or tip)
            tool.setAccessibleDescription(read_only or tip)
        has_lines = bool(self._page.model.rowCount())
        self.copy_button.setEnabled(has_lines)
        self.save_button.setEnabled(has_lines and self._page.arranger.is_finished)
        self.panel_button.setChecked(self._page.panel.isVisibleTo(self._page))

    def line(self) -> Line | None:
        """The line that the person is at, if it is there."""
        found = self._page.model.line_at(self._page.table.currentIndex().row())
        return None if found is None else found.line

    def forget(self) -> None:
        """Another ledger: nothing that was begun in the one before goes on."""
        self.taking_out.forget()
        if self._entry_dock is not None:
            self._entry_dock.hide()

    def call_off(self) -> None:
        """Call off what takes long."""
        self.taking_out.call_off()

    # Entering

    def begin(self, entry: links.Entry) -> None:
        """Begin what a link asks for."""
        if not self._session.writable:
            why = "" if self._session.opened is None else self._session.opened.why_read_only
            self._page.parts.note.say("This ledger cannot be changed here", why)
            return
        match entry.doing:
            case "enter":
                self.enter()
            case "import":
                self.import_file(entry.path)
            case "virement":
                self.virement()

    def enter(self, like: Line | None = None) -> None:
        """Dock the grid under the lines and begin to type."""
        if not self._session.writable:
            return
        if self.entry is None:
            self._make_entry()
        assert self.entry is not None  # noqa: S101  it was made just now
        assert self._entry_dock is not None  # noqa: S101  as above
        if self._entry_dock.isHidden():
            self._entry_dock.show()
            over = self._page.parts.over
            over.setSizes([over.height() // 2, over.height() - over.height() // 2])
        # once it has its place: on a small screen it is below what can be seen
        QTimer.singleShot(0, self._page, partial(self._page.parts.area.ensureWidgetVisible, self._entry_dock))
        self.entry.start(like)

    def _make_entry(self) -> None:
        from ui.entering.panel import EntryPanel  # noqa: PLC0415  not before something is entered

        self.entry = EntryPanel(self._session)
        self.entry.posted.connect(self._after_posting)
        self.close_entry = button("E&xit entering", self.leave_entering, tip="What is not posted is kept as a draft")
        dock = QWidget()
        column = QVBoxLayout(dock)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.entry, stretch=1)
        column.addLayout(row(self.close_entry))
        dock.setMinimumHeight(lines(dock, 14))
        dock.hide()
        self._entry_dock = dock
        self._page.parts.over.addWidget(dock)

    @property
    def grid(self) -> QWidget | None:
        """The grid, while lines are entered."""
        is_there = self.entry is not None and self._entry_dock is not None and not self._entry_dock.isHidden()
        return self.entry.grid if self.entry is not None and is_there else None

    def leave_entering(self) -> None:
        """Back to the lines alone; what is not posted is kept as a draft."""
        if self._entry_dock is not None:
            self._entry_dock.hide()
        self._page.table.setFocus()

    def _after_posting(self, posted: tuple[Line, ...]) -> None:
        """What was posted is shown when the lines are asked for anew, which `session.changed` sees to."""
        if posted:
            self._page.come_to(posted[0].id)

    def import_file(self, path: str = "") -> None:
        """Open the wizard, on a file if one is named."""
        from ui.importing.wizard import ImportDialog  # noqa: PLC0415  not before something is imported

        _open(ImportDialog(self._session, path, self._page))

    def virement(self) -> None:
        """Ask for a virement."""
        from ui.entering.virement import VirementDialog  # noqa: PLC0415  not before it is asked for

        _open(VirementDialog(self._session, self._page))

    def reverse(self) -> None:
        """Ask for the reason why a line is taken back."""
        line = self.line()
        if line is not None:
            from ui.entering.reversal import ReversalDialog  # noqa: PLC0415  not before it is asked for

            dialog = ReversalDialog(self._session, line, self._page)
            dialog.right_line.connect(self.enter)
            _open(dialog)

    def attach(self) -> None:
        """Ask for a document to attach to a line."""
        line = self.line()
        if line is not None:
            from ui.entering.evidence import EvidenceDialog  # noqa: PLC0415  not before it is asked for

            _open(EvidenceDialog(self._session, line, self._page))

    def dialogs(self) -> tuple[Callable[[], QDialog], ...]:
        """The dialogs of entering that the page opens, of the line that the person is at."""
        line = self.line()
        if not self._session.writable or line is None:
            return ()
        from ui.entering import evidence, reversal, virement  # noqa: PLC0415  not before they are asked for
        from ui.importing import wizard  # noqa: PLC0415  as above

        makers = (virement.sample, reversal.sample, evidence.sample, wizard.sample)
        return tuple(partial(make, self._session, self._page) for make in makers)

    # On a line

    def same_as_here(self) -> None:
        """Show only lines that have the same in this column as the line that the person is at."""
        page = self._page
        index = page.table.currentIndex()
        found = page.model.line_at(index.row())
        narrowed = None if found is None else narrowed_to(page.wanted, found, index.column())
        if narrowed is not None:
            page.show_only(narrowed)

    def _open_menu(self, where: QPoint) -> None:
        menu = self.line_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._page.table.viewport().mapToGlobal(where))

    def line_menu(self) -> QMenu:
        """What can be done with the line that the person is at, and what is selected."""
        page = self._page
        menu = QMenu(page)
        index = page.table.currentIndex()
        found, can_write = page.model.line_at(index.row()), self._session.writable
        self._add(menu, "Line’s &history", page.beside.show_line, found is not None)
        if found is not None and narrowed_to(page.wanted, found, index.column()) is not None:
            text = f"&Only lines with the same {HEADINGS[index.column()].text.lower()}"
            self._add(menu, text, self.same_as_here)
        menu.addSeparator()
        self._add(menu, "&Copy with headings", self.taking_out.copy)
        self._add(menu, "&Save selected lines…", self.taking_out.save_selected, page.arranger.is_finished)
        menu.addSeparator()
        line = None if found is None else found.line
        self._add(menu, "&Enter lines like this", partial(self.enter, line), can_write and line is not None)
        self._add(menu, "&Reverse…", self.reverse, can_write and line is not None)
        self._add(menu, "&Attach evidence…", self.attach, can_write and line is not None)
        return menu

    @staticmethod
    def _add(menu: QMenu, text: str, does: Callable[[], Any], can: bool = True) -> None:  # noqa: FBT001, FBT002  yes or no
        action = menu.addAction(text)
        action.setEnabled(can)
        action.triggered.connect(partial(_call, does))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _call(does: Callable[[], Any], _checked: bool = False) -> None:  # noqa: FBT001, FBT002  a signal has no keywords
    does()
