"""Verification: the auditor names each partner's public key, and reads what was found, the conclusion first."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ledgers import Ledger
from settlement.verifying import Verified, partners_of_ledger
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.sign_off import asides
from ui.pages.sign_off.fields import PUBLIC_KEYS, PathField, form
from ui.pages.sign_off.said import failure_in_the_window, in_the_window
from ui.session import Session
from ui.widgets import SECTION, button, chars, labelled, lines, row, words

_KEPT = "verify"
_ADVICE = (
    "Take the public keys from the partners themselves, and never from the ledger or the folder that is verified: "
    "whoever made it could have put other keys into it. Compare their fingerprints over the telephone."
)


class KeyRow(QWidget):
    """The files with a partner's public keys: one, or an older one beside it."""

    changed = Signal()

    def __init__(self, partner: str, parent: QWidget | None = None) -> None:
        """Of a partner, by code."""
        super().__init__(parent)
        self.partner = partner
        self.files: tuple[str, ...] = ()
        self.shown = QLineEdit()
        self.shown.setReadOnly(True)
        self.shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the button beside it is what Tab comes to, and says it
        self.shown.setPlaceholderText("No public key chosen")
        self.shown.setAccessibleName(f"Public keys of {partner}")
        self.shown.setMinimumWidth(chars(self, 24))
        self.add = button("Choose…", self.choose, name=f"Choose public keys of {partner}")
        self.clear = button("Clear", partial(self.show_files, ()), name=f"Clear the public keys of {partner}")
        self.setFocusProxy(self.add)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.shown, stretch=1)
        across.addWidget(self.add)
        across.addWidget(self.clear)
        self.show_files(())

    def show_files(self, files: tuple[str, ...]) -> None:
        """Have these files, and no others."""
        self.files = files
        self.shown.setText("; ".join(files))
        self.add.setAccessibleDescription(self.shown.text() or self.shown.placeholderText())
        self.clear.setEnabled(bool(files))
        self.changed.emit()

    def choose(self) -> None:
        """Ask for the files: several, if the partner signed with several keys."""
        start = str(Path(self.files[-1]).parent) if self.files else str(Path.home())
        chosen, _filter = QFileDialog.getOpenFileNames(self, f"Public keys of {self.partner}", start, PUBLIC_KEYS)
        if chosen:
            self.show_files(tuple(chosen))


class VerifyPanel(QScrollArea):
    """Asks for the keys, verifies aside, and shows what was found. It changes nothing, and needs no right to."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, only_folder: bool = False) -> None:
        """Over the session's ledger, or an exported folder; `only_folder`: that alone, no ledger need be open."""
        super().__init__(parent)
        self.session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._job: Job[Verified] | None = None
        self._looking: Job[tuple[str, ...]] | None = None
        self._ledgers_partners: tuple[tuple[str, str], ...] = ()
        self.rows: dict[str, KeyRow] = {}
        self.of_ledger = QRadioButton("The ope&n ledger")
        self.of_folder = QRadioButton("An exported fol&der")
        self._of = QButtonGroup(self)
        for each in (self.of_ledger, self.of_folder):
            self._of.addButton(each)
        self.folder = PathField("The exported folder", folder=True)
        self.folder_label = labelled("Exported folder", self.folder)
        self.says = words()
        self._keys = QWidget()
        self._form: QFormLayout = form()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._keys.setLayout(self._form)
        self.verify_button = button("Verify no&w", self.verify, name="Verify with these public keys")
        self.problem = Banner(Tone.ERROR, "Why nothing was verified")
        self.progress = ProgressLine(self._call_off)
        self.result = ResultView(session)
        inside = QWidget()
        column = QVBoxLayout(inside)
        if not only_folder:
            column.addWidget(words("What is to be verified", SECTION))
            column.addLayout(row(self.of_ledger, self.of_folder))
        across = QHBoxLayout()
        across.addWidget(self.folder_label)
        across.addWidget(self.folder, stretch=1)
        column.addLayout(across)
        column.addWidget(words("With these public keys", SECTION))
        column.addWidget(words(_ADVICE))
        column.addWidget(self.says)
        column.addWidget(self._keys)
        column.addLayout(row(self.verify_button))
        column.addWidget(self.problem)
        column.addWidget(self.progress)
        column.addWidget(self.result, stretch=1)
        column.addStretch()
        self.setWidget(inside)
        (self.of_folder if only_folder else self.of_ledger).setChecked(True)
        self.of_folder.toggled.connect(self._switch)
        self.folder.settled.connect(self._look_at_folder)
        self._switch()

    # What is asked for

    def refresh(self) -> None:
        """Ask whose keys are needed for the open ledger."""
        if self.session.opened is None:
            return

        def work(ledger: Ledger) -> tuple[tuple[str, str], ...]:
            from rules.periods import Period  # noqa: PLC0415  on the reading lane

            codes = partners_of_ledger(ledger)
            known = {
                code: partner.name for at in Period for code, partner in ledger.agreement_at(at).partner_of.items()
            }
            return tuple((code, known[code]) for code in codes)

        self.session.read(work, self._show_ledgers_partners)

    def forget(self) -> None:
        """Another ledger is open: what was found was of the one before."""
        for job in (self._job, self._looking):
            if job is not None:
                job.cancel()
                job.drop()
        self._job = self._looking = None
        self._ledgers_partners = ()
        self.progress.end()
        self.problem.hide()
        self.result.hide()
        self.verify_button.setEnabled(True)
        self._show_rows(())

    def _show_ledgers_partners(self, partners: tuple[tuple[str, str], ...]) -> None:
        if partners != self._ledgers_partners:
            self._ledgers_partners = partners
            if self.of_ledger.isChecked():
                self._show_rows(partners)

    def _switch(self) -> None:
        by_folder = self.of_folder.isChecked()
        self.folder.setVisible(by_folder)
        self.folder_label.setVisible(by_folder)
        self.result.hide()
        self.problem.hide()
        if by_folder:
            self._show_rows(())
            self._look_at_folder()
        else:
            self._show_rows(self._ledgers_partners)

    def _look_at_folder(self) -> None:
        folder = self.folder.path
        if self._looking is not None:
            self._looking.drop()
            self._looking = None
        if not folder:
            self.says.setText("Choose the folder that was exported.")
            return
        self.says.setText("Looking at the folder…")
        self._looking = self.session.reads.start(
            lambda report: asides.look_at_folder(folder, report), self._show_folders_partners, self._not_a_folder
        )

    def _show_folders_partners(self, codes: tuple[str, ...]) -> None:
        self._looking = None
        names = dict(self._ledgers_partners)
        self._show_rows(tuple((code, names.get(code, "")) for code in codes))

    def _not_a_folder(self, failure: Failure) -> None:
        self._looking = None
        self._show_rows(())
        self.says.setText(failure_in_the_window(failure, self.folder.path).sentence)

    def _show_rows(self, partners: tuple[tuple[str, str], ...]) -> None:
        kept = {code: each.files for code, each in self.rows.items()}
        while self._form.rowCount():
            self._form.removeRow(0)
        self.rows = {}
        remembered = self._remembered()
        for code, name in partners:
            made = KeyRow(code)
            made.show_files(kept.get(code) or tuple(remembered.get(code, ())))
            made.changed.connect(self._keep)
            label = QLabel(f"{name} ({code})" if name else code)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._form.addRow(label, made)
            self.rows[code] = made
        self.says.setText("")
        self.says.setVisible(not partners)
        self._keys.setVisible(bool(partners))

    def _remembered(self) -> dict[str, list[str]]:
        """Which files were chosen for this ledger before. Only where they are: they are read anew each time."""
        kept = self.session.kept(_KEPT, {})
        found = kept.get(self._about, {}) if isinstance(kept, dict) else {}
        return found if isinstance(found, dict) else {}

    def _keep(self) -> None:
        kept = self.session.kept(_KEPT, {})
        files = {code: list(each.files) for code, each in self.rows.items() if each.files}
        self.session.keep_for(_KEPT, {**(kept if isinstance(kept, dict) else {}), self._about: files})

    @property
    def _about(self) -> str:
        return self.session.opened.name if self.session.opened is not None else ""

    # Verifying

    def verify(self) -> None:
        """Verify with the keys that were chosen."""
        opened = self.session.opened
        by_folder = self.of_folder.isChecked()
        files = {code: each.files for code, each in self.rows.items() if each.files}
        if by_folder and not self.folder.path:
            self.problem.say("Choose the folder that was exported.")
            self.folder.setFocus()
            return
        if not files:
            self.problem.say("Choose the public key of each partner who signed: without them nothing can be verified.")
            return
        where = self.folder.path if by_folder or opened is None else opened.where
        if not where:
            return
        self.problem.hide()
        self.result.hide()
        self.verify_button.setEnabled(False)
        self.progress.begin("Waiting for other work to end")
        asked = (asides.verify_folder, where, files) if by_folder else (asides.verify, where, files, None)
        function, *arguments = asked
        self._job = self.session.aside(
            function,
            *arguments,
            done=self._show,
            failed=self._failed,
            progressed=self.progress.show_progress,
            cancelled=self._called_off,
        )

    def _show(self, found: Verified) -> None:
        self._idle()
        self.result.show_verified(found)
        self.result.text.setFocus()
        self.ensureWidgetVisible(self.result.heading)

    def _failed(self, failure: Failure) -> None:
        self._idle()
        self.problem.say_failure("Nothing was verified", failure_in_the_window(failure))

    def _called_off(self) -> None:
        self._idle()
        self.problem.say("It was called off: nothing was verified.")

    def _call_off(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.progress.say("Calling it off…")

    def _idle(self) -> None:
        self._job = None
        self.progress.end()
        self.verify_button.setEnabled(True)


class ResultView(QFrame):
    """What a verification found, as an auditor's report reads: the conclusion, and everything behind it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Hidden, until there is a result."""
        super().__init__(parent)
        self.session = session
        self.found: Verified | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.verified = Banner(Tone.NOTE, "Conclusion")
        self.not_verified = Banner(Tone.ERROR, "Conclusion")
        self.heading = words("What the verification found", SECTION)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The verification in full")
        self.text.setMinimumHeight(lines(self, 16))
        self.copy_button = button("&Copy the text", self._copy, name="Copy the verification")
        self.save_button = button("&Save as text…", self._save, name="Save the verification as a text file")
        column = QVBoxLayout(self)
        column.addWidget(self.heading)
        column.addWidget(self.verified)
        column.addWidget(self.not_verified)
        column.addWidget(self.text, stretch=1)
        column.addLayout(row(self.copy_button, self.save_button))
        self.hide()

    def show_verified(self, found: Verified) -> None:
        """Show it."""
        self.found = found
        good, bad = (self.verified, self.not_verified) if found.holds else (self.not_verified, self.verified)
        bad.hide()
        mark = "✓" if found.holds else "✗"
        good.say(f"{mark} {found.heading}", in_the_window(found.conclusion))
        self.text.setPlainText(found.text)
        self.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.session.said.emit("The verification was copied.")

    def _save(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the verification", "verification.txt", "Text (*.txt)")
        if not chosen:
            return
        text = self.text.toPlainText()

        def work(_report: Job[str]) -> str:
            Path(chosen).write_text(text, encoding="utf-8")
            return chosen

        self.session.reads.start(
            work,
            lambda path: self.session.said.emit(f"The verification was saved as {path}."),
            lambda failure: self.session.failed.emit("The verification was not saved", failure),
        )
