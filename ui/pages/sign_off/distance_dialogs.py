"""Signing at a distance: a folder is exported, signed on another machine, and its signatures are brought back."""

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QWidget

from ledgers import Ledger, State
from rules.english import listed
from settlement.signing_off import SignOff
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.sign_off import asides
from ui.pages.sign_off.fields import PathField, Signatory, form, remember, remembered
from ui.pages.sign_off.period_dialogs import WritingDialog
from ui.pages.sign_off.said import failure_in_the_window
from ui.session import Session
from ui.widgets import labelled, words

_EXPORTS = "folder of exports"


class ExportDialog(WritingDialog):
    """Writes note, pack, signatures and statements to a folder: to be signed elsewhere, or to be kept."""

    def __init__(self, session: Session, at: SignOff, parent: QWidget | None = None) -> None:
        """Of the period that `at` is about."""
        self.at = at
        self._puts_up = at.standing.state is State.HELD and at.note is None
        super().__init__(
            session,
            f"Export {at.period}",
            "&Export",
            parent,
            explains="Everything sealed up to this period goes into a new folder: notes, packs, signatures, "
            "statements and attached documents. The other partner signs in it on its own machine; an auditor "
            "verifies it there.",
        )
        opened = session.opened
        if not self._puts_up and opened is not None:  # who may only read keeps no record of it in the ledger
            self.does.setEnabled(True)
            self.does.setToolTip("")
        self.told = words(self._what())
        self.folder = PathField("In the folder", folder=True)
        self.folder.show_path(remembered(session, _EXPORTS) or str(Path.home()))
        self.name = QLineEdit(f"{'to-sign' if self._is_to_sign else 'signed'}-{at.period}")
        self.prepared_by = QLineEdit(session.preferences.prepared_by)
        rows = form()
        rows.addRow(labelled("In the &folder", self.folder), self.folder)
        rows.addRow(labelled("A &new folder called", self.name), self.name)
        if self._puts_up:
            rows.addRow(labelled("Prepared b&y", self.prepared_by), self.prepared_by)
        self.body.addWidget(self.told)
        self.body.addLayout(rows)
        self.body.addStretch()
        self.name.setFocus()
        self.fit()

    @property
    def _is_to_sign(self) -> bool:
        return self.at.standing.state is not State.SIGNED

    def _what(self) -> str:
        period = self.at.period
        if self._puts_up:
            return (
                f"{period} is put up for signature as note {self.at.next_note} first: its statements are made, and "
                "everything posted so far is sealed. Nobody has signed it yet."
            )
        if self._is_to_sign and self.at.note is not None:
            return f"Note {self.at.note.sequence} waits for the signature of {listed(self.at.standing.awaiting)}."
        return f"{period} is signed: the folder is what a partner keeps."

    def act(self) -> None:
        """Write it."""
        name = self.name.text().strip()
        if not self.folder.path or not name:
            self.ask_for("Choose a folder, and a name for the new one in it.", self.name)
            return
        out, period, puts_up = Path(self.folder.path) / name, self.at.period, self._puts_up
        prepared_by = self.prepared_by.text().strip() if puts_up else ""
        remember(self.session, **{_EXPORTS: self.folder.path})
        opened = self.session.opened
        if opened is not None and not opened.writable:
            job = self.session.aside(
                asides.export_read_only,
                opened.where,
                period,
                str(out),
                done=lambda count: self.finish(_written(out, count)),
                failed=self.refused,
                progressed=self.show_progress,
                cancelled=self.called_off,
            )
            self.working(job)
            return

        def work(ledger: Ledger, job: Job[str]) -> str:
            from ledgers.progress import told  # noqa: PLC0415  for those who export
            from settlement.signoff.exporting import export  # noqa: PLC0415  ReportLab takes a while

            with told(ledger, job, "Writing the folder", times=2 if puts_up else 1):
                written = export(ledger, period, out, for_signature=puts_up, prepared_by=prepared_by)
            return _written(out, len(written))

        self.change(work)


class SignFolderDialog(Dialog):
    """Signs what is in an exported folder, for a partner. The ledger need not be here."""

    def __init__(self, session: Session, folder: str = "", parent: QWidget | None = None) -> None:
        """Of a folder, if one is known."""
        super().__init__(
            "Sign in an exported folder",
            "&Sign",
            parent,
            explains="The folder is checked first: that it holds together, and that its figures follow from its lines. "
            "Read the statements in it before you sign them.",
        )
        self.session = session
        self.folder = PathField("The exported folder", folder=True)
        self.told = words("Choose the folder that was exported for signature.")
        self.who = Signatory(session, (), lambda _code: ("", ""))
        rows = form()
        rows.addRow(labelled("&Exported folder", self.folder), self.folder)
        self._looking: Job[tuple[str, ...]] | None = None
        self.folder.settled.connect(self.look)
        self.body.addLayout(rows)
        self.body.addWidget(self.told)
        self.body.addWidget(self.who)
        self.body.addStretch()
        self._looked_at = ""
        if folder:
            self.folder.show_path(folder)
        self.folder.edit.setFocus()
        self.fit()

    def look(self) -> None:
        """Ask who must sign what is in the folder."""
        folder = self.folder.path
        if not folder or folder == self._looked_at:
            return
        self._looked_at = folder
        if self._looking is not None:
            self._looking.drop()
        self.told.setText("Looking at the folder…")
        self._looking = self.session.writes.start(
            lambda report: asides.look_at_folder(folder, report), self._show_partners, self._not_a_folder
        )

    def _show_partners(self, codes: tuple[str, ...]) -> None:
        self._looking = None
        self.told.setText(f"It is to be signed for {listed(codes)}.")
        self.who.show_partners(tuple((code, code) for code in codes))

    def _not_a_folder(self, failure: Failure) -> None:
        self._looking = None
        self.who.show_partners(())
        self.told.setText(failure_in_the_window(failure, self._looked_at).sentence)

    def act(self) -> None:
        """Check it, and sign in it."""
        if not self.folder.path:
            self._ask_for("Choose the folder that was exported for signature.", self.folder)
            return
        missing = self.who.missing()
        if missing is not None:
            self._ask_for(*missing)
            return
        self.who.keep()
        who = self.who
        job = self.session.aside(
            asides.sign_folder,
            self.folder.path,
            who.code,
            who.key.path,
            who.passphrase.passphrase,
            who.name.text(),
            who.role.text(),
            done=self._signed,
            failed=self._refused,
            progressed=self.show_progress,
            cancelled=self.called_off,
        )
        self.working(job)

    def _signed(self, said: str) -> None:
        self.session.said.emit(f"{said} Send the folder back, to be brought in.")
        self.accept()

    def _refused(self, failure: Failure) -> None:
        told = failure_in_the_window(failure, self.folder.path)
        self.say_failure(told)
        if "passphrase" in told.sentence:
            self.who.passphrase.ask_again()

    def _ask_for(self, sentence: str, field: QWidget) -> None:
        self.say_problem(sentence)
        field.setFocus()

    def reject(self) -> None:
        """Nothing is asked of the folder any more."""
        if self._looking is not None:
            self._looking.drop()
        super().reject()


class BringDialog(WritingDialog):
    """Takes the signatures made in an exported folder into the ledger it was exported from."""

    def __init__(self, session: Session, at: SignOff, parent: QWidget | None = None) -> None:
        """Of the note that waits for signatures."""
        super().__init__(
            session,
            "Bring signatures back",
            "Br&ing back",
            parent,
            explains="Choose the folder that came back from the other partner. Each signature in it is checked before "
            "it is taken in, and the ledger must still give what was signed.",
        )
        waits = at.pending
        told = "No note waits for signatures: there is nothing to bring back."
        if waits is not None:
            told = f"Note {waits.sequence} of {waits.period} waits for the signature of {listed(waits.awaiting)}."
        self.folder = PathField("The folder that came back", folder=True)
        self.folder.show_path(remembered(session, _EXPORTS))
        rows = form()
        rows.addRow(labelled("&Folder that came back", self.folder), self.folder)
        self.body.addWidget(words(told))
        self.body.addLayout(rows)
        self.body.addStretch()
        self.folder.edit.setFocus()
        self.fit()

    def act(self) -> None:
        """Take them in."""
        path = self.folder.path
        if not path:
            self.ask_for("Choose the folder that came back.", self.folder)
            return

        def work(ledger: Ledger, job: Job[str]) -> str:
            from ledgers.progress import told  # noqa: PLC0415  for those who sign
            from settlement.signoff.exporting import bring  # noqa: PLC0415  ReportLab takes a while

            doing = "Making sure that the ledger still gives what was sealed"
            with told(ledger, job, doing):
                done = bring(ledger, Path(path))
            last = done[-1]
            left = f"It waits for that of {listed(last.awaiting)}." if last.awaiting else "Every partner has signed."
            return f"Brought back: the signature of {listed(each.partner for each in done)}. {left}"

        self.change(work)


def _written(out: Path, count: int) -> str:
    return f"{out}: {count} files were written."
