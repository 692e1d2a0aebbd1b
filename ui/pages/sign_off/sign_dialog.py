"""Signing a period, and assenting to a version of the agreement: with a key and its passphrase."""

from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ledgers import Ledger
from ledgers.progress import told
from rules.english import listed
from settlement.signing_off import SignOff
from settlement.standing import AwaitedVersion, in_runs
from ui.aside import in_a_process
from ui.failures import Failure
from ui.figures import exact
from ui.jobs import Job
from ui.pages.sign_off import asides
from ui.pages.sign_off.fields import Signatory
from ui.pages.sign_off.period_dialogs import WritingDialog
from ui.periods import period_name
from ui.session import Session
from ui.widgets import labelled, words
from ui.wording import due, transfers_in_words

_PASSPHRASE = "passphrase"  # noqa: S105  a word of the message


class SignDialog(WritingDialog):
    """Signs a held period for a partner. What is signed stands above what is typed."""

    def __init__(self, session: Session, at: SignOff, parent: QWidget | None = None) -> None:
        """Of the period that `at` is about."""
        number = at.next_note if at.note is None else at.note.sequence
        super().__init__(session, f"Sign {at.period}: note {number}", "&Sign", parent)
        self.at = at
        self._is_new = at.note is None
        self.figures = words("\n".join(figures_told(at)))
        self.note = words("\n".join(_note_told(at, number)))
        box = QFrame()
        box.setFrameShape(QFrame.Shape.StyledPanel)
        inside = QVBoxLayout(box)
        inside.addWidget(self.figures)
        inside.addWidget(self.note)
        awaited = at.standing.awaiting or at.signatories
        self.who = Signatory(session, tuple((code, at.name_of(code)) for code in awaited), self._known)
        self.prepared_by = QLineEdit(session.preferences.prepared_by)
        self.prepared_by.setPlaceholderText("Name, role: who may not sign it")
        self.body.addWidget(box)
        self.body.addWidget(self.who)
        if self._is_new:
            self.who.rows.addRow(labelled("Prepared b&y", self.prepared_by), self.prepared_by)
        self.body.addStretch()
        self.who.name.setFocus()
        self.fit()

    def _known(self, partner: str) -> tuple[str, str]:
        key = self.at.key_of(partner)
        return ("", "") if key is None else (key.name, key.role)

    def act(self) -> None:
        """Open the key, seal if need be, and sign."""
        missing = self.who.missing()
        if missing is not None:
            self.ask_for(*missing)
            return
        self.who.keep()
        period, partner, who = self.at.period, self.who.code, self.who
        key, passphrase = who.key.path, who.passphrase.passphrase
        name, role = who.name.text(), who.role.text()
        prepared_by = self.prepared_by.text().strip() if self._is_new else ""
        doing = "Sealing what was posted" if self._is_new else "Making sure that the ledger still gives what was sealed"

        def work(ledger: Ledger, job: Job[str]) -> str:
            from settlement.signoff.opened_keys import key_from  # noqa: PLC0415  cryptography, for those who sign
            from settlement.signoff.signing import sign  # noqa: PLC0415  as above

            opened = key_from(in_a_process(asides.open_key, key, passphrase)(job))
            job(0, 0, doing)
            with told(ledger, job, doing):
                done = sign(ledger, period, partner, opened, name=name, role=role, prepared_by=prepared_by)
            if done.awaiting:
                left = f"It waits for the signature of {listed(done.awaiting)}."
            else:
                left = f"Every partner has signed: {in_runs(done.signed)} {_are(done.signed)} final."
            return f"Signed: note {done.note.sequence} of {period} for {partner}. {left}"

        self.change(work)

    def refused(self, failure: Failure) -> None:
        """Say why; of a wrong passphrase, ask for it again."""
        super().refused(failure)
        if _PASSPHRASE in failure.sentence:
            self.who.passphrase.ask_again()


class AssentDialog(WritingDialog):
    """Signs a partner's assent to a version of the agreement."""

    def __init__(self, session: Session, at: SignOff, version: AwaitedVersion, parent: QWidget | None = None) -> None:
        """To the version, of which `at` knows the partners."""
        super().__init__(
            session,
            f"Assent to version {version.version} of the agreement",
            "&Assent",
            parent,
            explains="A version is provisional until every partner has assented to it with the key it signs with. No "
            "period that it governs is signed before.",
        )
        self.at, self.version = at, version
        self.told = words(
            f"Version {version.version}, in force from {period_name(version.from_period, at.agreement.year)}: "
            f"{version.reason}\nIt waits for the assent of {listed(map(at.name_of, version.awaiting))}."
        )
        self.who = Signatory(session, tuple((code, at.name_of(code)) for code in version.awaiting), self._known)
        self.body.addWidget(self.told)
        self.body.addWidget(self.who)
        self.body.addStretch()
        self.who.name.setFocus()
        self.fit()

    def _known(self, partner: str) -> tuple[str, str]:
        key = self.at.key_of(partner)
        return ("", "") if key is None else (key.name, key.role)

    def act(self) -> None:
        """Open the key, and assent."""
        missing = self.who.missing()
        if missing is not None:
            self.ask_for(*missing)
            return
        self.who.keep()
        number, partner, who = self.version.version, self.who.code, self.who
        key, passphrase = who.key.path, who.passphrase.passphrase
        name, role = who.name.text(), who.role.text()

        def work(ledger: Ledger, job: Job[str]) -> str:
            from settlement.signoff.assenting import assent  # noqa: PLC0415  cryptography, for those who sign
            from settlement.signoff.opened_keys import key_from  # noqa: PLC0415  as above

            opened = key_from(in_a_process(asides.open_key, key, passphrase)(job))
            left = assent(ledger, number, partner, opened, name=name, role=role)
            waits = f"It waits for that of {listed(left)}." if left else "Every partner has assented."
            return f"Assented: version {number} of the agreement, for {partner}. {waits}"

        self.change(work)

    def refused(self, failure: Failure) -> None:
        """Say why; of a wrong passphrase, ask for it again."""
        super().refused(failure)
        if _PASSPHRASE in failure.sentence:
            self.who.passphrase.ask_again()


def figures_told(at: SignOff) -> list[str]:
    """What a signature is about to be put under: who pays whom, and what each partner's year to date comes to."""
    if at.settlement is None:
        return [f"{at.period} cannot be settled: {at.why_not}"]
    told_of = [f"{each}." for each in transfers_in_words(at.settlement)]
    told_of += [f"{at.name_of(each.partner)}: {exact(abs(each.pence))}, {due(each.pence)}." for each in at.dues]
    return told_of


def _note_told(at: SignOff, number: int) -> list[str]:
    named = period_name(at.period, at.agreement.year)
    finals = at.finals or (at.period,)
    if at.note is None:
        first = (
            "Yours is the first signature: it puts the period up. The statements are made, and everything posted so "
            f"far is sealed. Once every partner has signed, {in_runs(finals)} {_are(finals)} final."
        )
        return [f"You sign note {number}: the year to date at {named}.", first]
    signed = [each.partner for each in at.note.standing.signed]
    already = f"Signed already for {listed(signed)}. " if signed else ""
    return [
        f"You sign note {number}: the year to date at {named}, prepared by {at.note.prepared_by}.",
        f"{already}Once every partner has signed, {in_runs(finals)} {_are(finals)} final.",
        f"Digest of the note: {at.note.digest}",
    ]


def _are(periods: tuple[object, ...]) -> str:
    return "are" if len(periods) > 1 else "is"
