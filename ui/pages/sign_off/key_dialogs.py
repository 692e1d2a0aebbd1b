"""A signatory's keys: a new pair is made, one key replaces another."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ledgers import Ledger
from settlement.signing_off import SignOff
from settlement.signoff.keys import SHORTEST_PASSPHRASE
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.sign_off.fields import PUBLIC_KEYS, PassphraseField, PathField, form, remember, remembered
from ui.pages.sign_off.period_dialogs import WritingDialog
from ui.pages.sign_off.said import failure_in_the_window
from ui.session import Session
from ui.widgets import SECTION, chars, labelled, words

_LONG = 30  # characters
_RULES = (
    f"At least {SHORTEST_PASSPHRASE} characters; several words that do not belong together are best. Capitals and "
    "spaces count. Nobody can find it again for you: without it the key is lost."
)


def passphrase_in_words(passphrase: str, again: str) -> str:
    """What is still wrong with a new passphrase, or that it will do; "" before anything is typed."""
    length = len(passphrase.strip())
    if not passphrase:
        return ""
    if length < SHORTEST_PASSPHRASE:
        return f"Too short: {length} of at least {SHORTEST_PASSPHRASE} characters."
    if not passphrase.isprintable():
        return "It has characters that cannot be typed again."
    if not again:
        return "Type it again below."
    if passphrase != again:
        return "The two are not the same yet."
    return "Both are the same."


class NewKeyDialog(Dialog):
    """Makes a key pair in a folder. No ledger is needed, and none is changed."""

    made = Signal(str, str, str)
    """The private key's file, the public one's, and the fingerprint."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With the folder of the last key."""
        super().__init__(
            "New key",
            "&Make the key",
            parent,
            explains="A key is two files. NAME.key signs: keep it, and its passphrase, to yourself. NAME.pub checks: "
            "give it to the other partners and to the auditor, from hand to hand.",
        )
        self.session = session
        self.folder = PathField("The folder for the two files", folder=True)
        self.folder.show_path(remembered(session, "folder of keys") or str(Path.home()))
        self.name = QLineEdit()
        self.name.setPlaceholderText("Such as treasurer, or initials")
        self.passphrase = PassphraseField("Passphrase")
        self.again = PassphraseField("The passphrase again")
        self.again.show_it.hide()
        self.passphrase.show_it.toggled.connect(self.again.show_it.setChecked)
        self.told = words()
        rows = form()
        for text, field in (
            ("&Folder", self.folder),
            ("&Name of the key", self.name),
            ("&Passphrase", self.passphrase),
            ("Passphrase a&gain", self.again),
        ):
            rows.addRow(labelled(text, field), field)
        self.body.addLayout(rows)
        self.body.addWidget(self.told)
        self.body.addWidget(words(_RULES))
        self.body.addStretch()
        self.passphrase.changed.connect(self._judge)
        self.again.changed.connect(self._judge)
        self.name.setFocus()
        self.fit()

    def act(self) -> None:
        """Make it: 600,000 rounds take a moment."""
        name, typed = self.name.text().strip(), self.passphrase.passphrase
        if not self.folder.path:
            self._ask_for("Choose the folder for the two files.", self.folder)
        elif not name:
            self._ask_for("Name the key: its signatory’s initials, or the role.", self.name)
        elif not typed:
            self._ask_for("Type a passphrase: a private key is kept under one.", self.passphrase)
        elif typed != self.again.passphrase:
            self._ask_for("The two passphrases are not the same: type it again.", self.again)
        else:
            folder = Path(self.folder.path)
            remember(self.session, **{"folder of keys": str(folder)})

            def work(report: Job[tuple[str, str, str]]) -> tuple[str, str, str]:
                from settlement.signoff.keys import new_key, read_public_key  # noqa: PLC0415  cryptography

                report(0, 0, "Making the key")
                made = new_key(folder, name, typed)
                return str(made.private), str(made.public), read_public_key(made.public).fingerprint

            # not the lane of reads, which pages wait for; its hashing lets other threads run
            self.working(
                self.session.writes.start(work, self._made, self._refused, self.show_progress, self.called_off)
            )

    def _made(self, files: tuple[str, str, str]) -> None:
        private, public, fingerprint = files
        self.session.said.emit(f"The key was made: {private} and {public}.")
        self.accept()
        self.made.emit(private, public, fingerprint)

    def _refused(self, failure: Failure) -> None:
        self.say_failure(failure_in_the_window(failure))

    def _judge(self) -> None:
        self.told.setText(passphrase_in_words(self.passphrase.passphrase, self.again.passphrase))

    def _ask_for(self, sentence: str, field: QWidget) -> None:
        self.say_problem(sentence)
        field.setFocus()


class MadeDialog(Dialog):
    """Says which files were made, and what to do with each."""

    def __init__(self, private: str, public: str, fingerprint: str, parent: QWidget | None = None) -> None:
        """Of a new key."""
        super().__init__("The key was made", "&Close", parent)
        self.buttons.button(self.buttons.StandardButton.Cancel).hide()
        self.told = words(
            f"{private}\nsigns. Keep it where only you can read it, and a copy in a safe place: nobody can make it "
            f"again.\n\n{public}\nchecks. Give it yourself to the other partners and to the auditor."
        )
        self.told.setMinimumWidth(chars(self.told, 56))
        self.fingerprint = words(f"{fingerprint[:32]}\n{fingerprint[32:]}")
        self.body.addWidget(self.told)
        self.body.addWidget(words("Its fingerprint, to be read out to them", SECTION))
        self.body.addWidget(self.fingerprint)
        self.body.addStretch()
        self.does.setFocus()
        self.fit()


class ReplaceKeyDialog(WritingDialog):
    """Says that a partner signs with another key from now on."""

    def __init__(self, session: Session, at: SignOff, parent: QWidget | None = None) -> None:
        """Of the partners that have a key."""
        super().__init__(
            session,
            "Replace a key",
            "&Replace",
            parent,
            explains="The partner signs with the new key from now on. What the old key signed is still verified with "
            "the old one: keep its public key.",
        )
        self.partner = QComboBox()
        self.partner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.partner.setMinimumContentsLength(_LONG)
        for code in dict.fromkeys(key.partner for key in at.keys):
            known = at.key_of(code)
            if known is not None:
                self.partner.addItem(f"{at.name_of(code)}: the key of {known.name}", code)
        self.key = PathField("The new public key", PUBLIC_KEYS)
        self.name, self.role, self.reason = QLineEdit(), QLineEdit(), QLineEdit()
        self.reason.setMinimumWidth(chars(self.reason, 40))
        rows = form()
        for text, field in (
            ("&Partner", self.partner),
            ("New public &key (NAME.pub)", self.key),
            ("&Full name of who signs with it", self.name),
            ("R&ole", self.role),
            ("&Why it is replaced", self.reason),
        ):
            rows.addRow(labelled(text, field), field)
        self.body.addLayout(rows)
        self.body.addStretch()
        self.partner.setFocus()
        self.fit()

    def act(self) -> None:
        """Replace it."""
        partner = self.partner.currentData()
        for field, sentence in (
            (self.key.edit, "Choose the new public key, NAME.pub."),
            (self.name, "Write the full name of who signs with the new key."),
            (self.role, "Write that person’s role."),
            (self.reason, "Write why the key is replaced: it stays on record."),
        ):
            if not field.text().strip():
                self.ask_for(sentence, field)
                return
        if not partner:
            self.ask_for("No partner has signed with a key yet: the first that it signs with is taken.", self.partner)
            return
        path, name, role, reason = self.key.path, self.name.text(), self.role.text(), self.reason.text()

        def work(ledger: Ledger, _job: Job[str]) -> str:
            from settlement.signoff.keys import read_public_key  # noqa: PLC0415  for those who sign
            from settlement.signoff.known_keys import replace_key  # noqa: PLC0415  as above

            made = replace_key(ledger, partner, read_public_key(Path(path)), name=name, role=role, reason=reason)
            return f"{made.name}, {made.role}, signs for {partner} from now on, with the key {made.fingerprint[:16]}…"

        self.change(work)
