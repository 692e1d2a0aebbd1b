"""What every page of the window is: how it is shown, when it asks for its figures, where its links lead."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.failures import failure_of
from ui.links import Link
from ui.session import Session


class Page(QWidget):
    """A page of the navigation list.

    A page that is not on screen does nothing: what changed meanwhile it asks for when it is shown (`refresh`). It asks
    with `session.read` and shows what comes back; it never waits.
    """

    key: ClassVar[str]
    """Which page it is, for links: one of the keys of `ui.links`."""

    title: ClassVar[str]
    """As the navigation list names it."""

    topic: ClassVar[str] = ""
    """The guide's topic that F1 opens; the key, if none is given."""

    go = Signal(object)
    """A `Link` that the person followed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Over the session; nothing is asked for until the page is shown."""
        super().__init__(parent)
        self.session = session
        self._is_stale = True
        session.opened_changed.connect(self._ledger_changed)
        session.changed.connect(self.freshen)
        session.view_changed.connect(self.freshen)
        session.preferences_changed.connect(self.freshen)

    # For a page to say

    def refresh(self) -> None:
        """Ask for what the page shows and show it. Called when the page is shown first, and when something changed.

        There may be no ledger open (`session.opened` is None): then the page says what to do.
        """

    def forget(self) -> None:
        """Another ledger is open, or none: let go of everything that was about the one before."""

    def visit(self, target: object) -> None:
        """Show what a link is about: one of the targets of `ui.links`, or what `place` gave out. None: as it is."""

    def place(self) -> object:
        """Where on the page the person is, for `visit` to come back to; None if the page is just one place."""
        return None

    def first_focus(self) -> QWidget | None:
        """The control that has the keyboard when the page is opened."""
        return None

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """Every dialog that the page opens, each ready to be looked at: the gallery and the tests open them all."""
        return ()

    def may_leave(self) -> bool:
        """Whether the program may close: a page with work that is not kept asks the person first."""
        return True

    # How it is shown

    def follow(self, page: str, target: object = None) -> None:
        """Lead the person to another page."""
        self.go.emit(Link(page, target))

    def freshen(self) -> None:
        """Have the page ask anew: now, if it is on screen, and otherwise when it is shown."""
        self._is_stale = True
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Ask for what has changed since the page was last on screen."""
        super().showEvent(event)
        if not self._is_stale:
            return
        try:
            self._refresh()
        except Exception as error:  # noqa: BLE001  let out of what Qt calls, it may end the whole program
            self.session.failed.emit("The page could not be shown", failure_of(error))

    def _refresh(self) -> None:
        self._is_stale = False
        self.refresh()

    def _ledger_changed(self) -> None:
        self.forget()
        self.freshen()


class ScrollingPage(Page):
    """A page whose content scrolls, so that nothing is lost on a small screen or at a large text size.

    Fill `content`, a column.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With an empty column."""
        super().__init__(session, parent)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self.content = QVBoxLayout(inside)
        self.area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
