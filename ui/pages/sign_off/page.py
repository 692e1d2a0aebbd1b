"""The Sign-off page: where each period stands, what is signed, disputes, keys, verification."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QSplitter, QTabWidget, QVBoxLayout, QWidget

from ledgers import Ledger
from ledgers.disputes import Dispute
from rules.periods import Period
from settlement.signing_off import Looked, SignOff, sign_off_at
from settlement.standing import AwaitedVersion
from ui import links
from ui.banners import Banner, Tone
from ui.failures import Failure
from ui.jobs import Job
from ui.links import PeriodOf
from ui.page import Page
from ui.pages.sign_off import asides
from ui.pages.sign_off.details import PeriodDetails
from ui.pages.sign_off.dispute_dialogs import DisputeDialog, carry_dialog, resolve_dialog
from ui.pages.sign_off.distance_dialogs import BringDialog, ExportDialog, SignFolderDialog
from ui.pages.sign_off.key_dialogs import MadeDialog, NewKeyDialog, ReplaceKeyDialog
from ui.pages.sign_off.lists import DisputesTab, KeysTab
from ui.pages.sign_off.period_dialogs import HoldDialog, reopen_dialog, withdraw_dialog
from ui.pages.sign_off.said import failure_in_the_window
from ui.pages.sign_off.sign_dialog import AssentDialog, SignDialog
from ui.pages.sign_off.timeline import Timeline
from ui.pages.sign_off.verify_panel import VerifyPanel
from ui.session import Session
from ui.widgets import PAGE_TITLE, chars, words

PERIODS, DISPUTES, KEYS, VERIFY = range(4)
_SETTLES_AFTER = 350  # milliseconds: who goes down the timeline asks for no check on the way
_NARROW = 105  # characters


class SignOffPage(Page):
    """Shows the sign-off of the open ledger, at the session's period."""

    key: ClassVar[str] = links.SIGN_OFF
    title: ClassVar[str] = "Sign-off"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Empty, until a ledger's sign-off is shown."""
        super().__init__(session, parent)
        self.at: SignOff | None = None
        self._asking: Job[SignOff] | None = None
        self._checking: Job[Looked] | None = None
        self.heading = words("Sign-off", PAGE_TITLE)
        self.subtitle = words()
        self.failure = Banner(Tone.ERROR, "Why sign-off cannot be shown")
        self.timeline = Timeline()
        self.details = PeriodDetails()
        self.split = QSplitter()
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.timeline)
        self.split.addWidget(self.details)
        self.split.setStretchFactor(1, 1)
        self.disputes = DisputesTab()
        self.keys = KeysTab()
        self.verify = VerifyPanel(session)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of sign-off")
        for widget, text in (
            (self.split, "Per&iods"),
            (self.disputes, "Disp&utes"),
            (self.keys, "&Keys"),
            (self.verify, "V&erify"),
        ):
            self.tabs.addTab(widget, text)
        column = QVBoxLayout(self)
        column.addWidget(self.heading)
        column.addWidget(self.subtitle)
        column.addWidget(self.failure)
        column.addWidget(self.tabs, stretch=1)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SETTLES_AFTER)
        self._wait.timeout.connect(self.check)
        self._connect()

    def _connect(self) -> None:
        self.timeline.chosen.connect(self._choose)
        self.details.asked.connect(self._do)
        self.details.go.connect(self.go)
        self.details.assenting.connect(self._assent)
        self.details.resolving.connect(self._resolve)
        self.details.carrying.connect(self._carry)
        self.disputes.go.connect(self.go)
        self.disputes.raising.connect(self._raise)
        self.disputes.resolving.connect(self._resolve)
        self.disputes.carrying.connect(self._carry)
        self.keys.making.connect(self._new_key)
        self.keys.replacing.connect(self._replace_key)
        self.session.changed.connect(self._stop_checking)

    # What a page is asked

    def refresh(self) -> None:
        """Ask where sign-off stands."""
        if self.session.opened is None:
            return
        if self._asking is not None:
            self._asking.drop()
        period = self.session.period

        def work(ledger: Ledger) -> SignOff:
            return sign_off_at(ledger, period)

        self._asking = self.session.read(work, self.show_sign_off, self._show_failure)
        self.verify.refresh()

    def forget(self) -> None:
        """Nothing of a ledger that is no longer open."""
        self._stop_checking()
        if self._asking is not None:
            self._asking.drop()
        self._asking = self.at = None
        self.tabs.hide()
        self.failure.hide()
        self.verify.forget()

    def visit(self, target: object) -> None:
        """Show a period, or the tab that `place` gave out."""
        if isinstance(target, PeriodOf):
            self.tabs.setCurrentIndex(PERIODS)
            self._choose(target.period)
        elif isinstance(target, tuple):
            tab, period = target
            self.tabs.setCurrentIndex(int(tab))
            self._choose(Period(period))
        elif target == "verify":
            self.tabs.setCurrentIndex(VERIFY)
        elif target == "keys":
            self.tabs.setCurrentIndex(KEYS)
        elif target == "disputes":
            self.tabs.setCurrentIndex(DISPUTES)

    def place(self) -> object:
        """The tab and the period."""
        return self.tabs.currentIndex(), int(self.session.period)

    def first_focus(self) -> QWidget | None:
        """The timeline."""
        return self.timeline

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """Every dialog of sign-off, with what the open ledger has for it."""
        at = self.at
        if at is None:
            return ()
        session = self.session
        sample = Dispute(1, at.period, at.signatories[0], 1, None, "The placement ended in May", "", "")
        version = AwaitedVersion(2, at.period, "Deed of variation", at.signatories)
        made = ("/home/finance/treasurer.key", "/home/finance/treasurer.pub", "3f" * 32)
        return (
            lambda: HoldDialog(session, at.period, at.closes or (at.period,), self),
            lambda: reopen_dialog(session, at.period, at.opens or (at.period,), self),
            lambda: withdraw_dialog(session, at.next_note, at.period, at.signatories[:1], self),
            lambda: SignDialog(session, at, self),
            lambda: AssentDialog(session, at, version, self),
            lambda: NewKeyDialog(session, self),
            lambda: MadeDialog(*made, self),
            lambda: ReplaceKeyDialog(session, at, self),
            lambda: ExportDialog(session, at, self),
            lambda: SignFolderDialog(session, "", self),
            lambda: BringDialog(session, at, self),
            lambda: DisputeDialog(session, at, self),
            lambda: resolve_dialog(session, sample, self),
            lambda: carry_dialog(session, sample, at.period, self),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Periods beside their details or, where there is no room, over them."""
        super().resizeEvent(event)
        is_narrow = self.width() < chars(self, _NARROW)
        self.split.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)

    # What it shows

    def show_sign_off(self, at: SignOff) -> None:
        """Show where sign-off stands."""
        self._asking = None
        opened = self.session.opened
        if opened is None or at.period != self.session.period:
            return
        self.at = at
        self.subtitle.setText(f"{opened.title}, {opened.year}")
        self.failure.hide()
        self.tabs.show()
        self.timeline.show_sign_off(at)
        self.details.show_sign_off(at, opened.why_read_only)
        self.disputes.show_sign_off(at, opened.why_read_only)
        self.keys.show_sign_off(at, opened.why_read_only)
        count = sum(each.is_open for each in at.all_disputes)
        self.tabs.setTabText(DISPUTES, f"Disp&utes ({count})" if count else "Disp&utes")
        self._stop_checking()
        self.details.show_checking()
        self._wait.start()

    def _show_failure(self, failure: Failure) -> None:
        self._asking = None
        self.tabs.hide()
        self.failure.say_failure("Sign-off cannot be shown", failure_in_the_window(failure))

    def _choose(self, period: Period) -> None:
        self.session.choose(period, outturn=self.session.outturn)

    # Checks

    def check(self) -> None:
        """Check the period, aside: it goes through every line."""
        opened = self.session.opened
        if opened is None or self.at is None or not self.isVisible():
            return
        self._stop_checking()
        self.details.show_checking()
        self._checking = self.session.aside(
            asides.look_through,
            opened.where,
            self.at.period,
            done=self._show_looked,
            failed=self._not_checked,
            progressed=self.details.progress.show_progress,
            cancelled=partial(self.details.show_unchecked, "The check was called off."),
        )

    def _show_looked(self, looked: Looked) -> None:
        self._checking = None
        self.details.show_looked(looked)

    def _not_checked(self, failure: Failure) -> None:
        self._checking = None
        self.details.show_unchecked(f"It could not be checked: {failure_in_the_window(failure).sentence}")

    def _stop_checking(self) -> None:
        self._wait.stop()
        if self._checking is not None:  # it holds the ledger's file as a reader, and whoever writes would wait for it
            self._checking.cancel()
            self._checking.drop()
            self._checking = None

    def _call_check_off(self) -> None:
        self._wait.stop()
        if self._checking is not None:
            self._checking.cancel()
        else:
            self.details.show_unchecked("The check was called off.")

    # What is done

    def _do(self, what: str) -> None:
        if self.at is None:
            return
        if what == "check":
            self.check()
        elif what == "check-off":
            self._call_check_off()
        else:
            dialog = self._dialog(what, self.at)
            if dialog is not None:
                self.open_dialog(dialog)

    def _dialog(self, what: str, at: SignOff) -> QDialog | None:
        session = self.session
        match what:
            case "hold":
                return HoldDialog(session, at.period, at.closes, self)
            case "reopen":
                return reopen_dialog(session, at.period, at.opens, self)
            case "sign":
                return SignDialog(session, at, self)
            case "withdraw" if at.pending is not None:
                signed = tuple(each.partner for each in at.pending.signed)
                return withdraw_dialog(session, at.pending.sequence, at.pending.period, signed, self)
            case _:
                return self._distance_dialog(what, at)

    def _distance_dialog(self, what: str, at: SignOff) -> QDialog | None:
        match what:
            case "export":
                return ExportDialog(self.session, at, self)
            case "bring":
                return BringDialog(self.session, at, self)
            case "sign-folder":
                return SignFolderDialog(self.session, "", self)
            case _:
                return None

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog, and let go of it once it is closed. What checks meanwhile would keep it from writing."""
        self._stop_checking()
        dialog.finished.connect(self._check_unless_changed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _check_unless_changed(self, result: int) -> None:
        if result != QDialog.DialogCode.Accepted:
            self._wait.start()

    def _assent(self, version: AwaitedVersion) -> None:
        if self.at is not None:
            self.open_dialog(AssentDialog(self.session, self.at, version, self))

    def _raise(self) -> None:
        if self.at is not None:
            self.open_dialog(DisputeDialog(self.session, self.at, self))

    def _resolve(self, dispute: Dispute) -> None:
        self.open_dialog(resolve_dialog(self.session, dispute, self))

    def _carry(self, dispute: Dispute) -> None:
        self.open_dialog(carry_dialog(self.session, dispute, self.session.period, self))

    def _new_key(self) -> None:
        dialog = NewKeyDialog(self.session, self)
        dialog.made.connect(self._tell_made)
        self.open_dialog(dialog)

    def _tell_made(self, private: str, public: str, fingerprint: str) -> None:
        self.open_dialog(MadeDialog(private, public, fingerprint, self))

    def _replace_key(self) -> None:
        if self.at is not None:
            self.open_dialog(ReplaceKeyDialog(self.session, self.at, self))
