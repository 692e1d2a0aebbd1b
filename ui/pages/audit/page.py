"""The Audit page: verification, the trail, samples, the settlement performed again. It changes nothing."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from ledgers.trail import Entry
from ui import links
from ui.page import Page
from ui.pages.audit.reperform_panel import ReperformPanel
from ui.pages.audit.sample_panel import SamplePanel
from ui.pages.audit.trail_panel import EntryDialog, TrailPanel
from ui.pages.sign_off.verify_panel import VerifyPanel
from ui.session import Session
from ui.widgets import PAGE_TITLE, words

VERIFY, TRAIL, SAMPLE, REPERFORM = range(4)
_TABS = {"verify": VERIFY, "trail": TRAIL, "sample": SAMPLE, "reperform": REPERFORM}
_SAMPLE_ENTRY = Entry(
    7,
    "2015-01-08T09:12:00+00:00",
    "finance",
    "0.1.0",
    "import",
    "batch 3",
    "lines-m9.csv, 412 lines, sha256 " + "7c" * 32,
    "1d" * 32,
)


class AuditPage(Page):
    """What an auditor does with a ledger, her own or one she was given."""

    key: ClassVar[str] = links.AUDIT
    title: ClassVar[str] = "Audit"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Empty, until a ledger is open."""
        super().__init__(session, parent)
        self.heading = words("Audit", PAGE_TITLE)
        self.subtitle = words()
        self.verify = VerifyPanel(session)
        self.trail = TrailPanel(session)
        self.sample = SamplePanel(session)
        self.reperform = ReperformPanel(session)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the audit")
        for widget, text in (
            (self.verify, "Ver&ify"),
            (self.trail, "T&rail"),
            (self.sample, "Sampl&e"),
            (self.reperform, "Re-perf&orm"),
        ):
            self.tabs.addTab(widget, text)
        column = QVBoxLayout(self)
        column.addWidget(self.heading)
        column.addWidget(self.subtitle)
        column.addWidget(self.tabs, stretch=1)
        self.trail.opening.connect(self._open_entry)
        for panel in (self.trail, self.sample, self.reperform):
            panel.go.connect(self.go)

    def refresh(self) -> None:
        """Ask for what its parts show."""
        opened = self.session.opened
        if opened is None:
            return
        self.subtitle.setText(f"{opened.title}, {opened.year}. Nothing on this page changes the ledger.")
        self.verify.refresh()
        self.trail.refresh()
        self.sample.refresh()
        self.reperform.refresh()

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self.verify.forget()
        self.trail.forget()
        self.sample.forget()
        self.reperform.forget()

    def visit(self, target: object) -> None:
        """Show a part by its name, or the one that `place` gave out."""
        if isinstance(target, str) and target in _TABS:
            self.tabs.setCurrentIndex(_TABS[target])
        elif isinstance(target, int):
            self.tabs.setCurrentIndex(target)

    def place(self) -> object:
        """The part."""
        return self.tabs.currentIndex()

    def first_focus(self) -> QWidget | None:
        """The parts themselves: Left and Right go from one to the next."""
        return self.tabs.tabBar()

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """An entry of the trail."""
        entry = (self.trail.model.entry(0) if self.trail.model.numbers else None) or _SAMPLE_ENTRY
        return (lambda: EntryDialog(entry, self, follow=self.go.emit),)

    def _open_entry(self, entry: Entry) -> None:
        dialog = EntryDialog(entry, self, follow=self.go.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
