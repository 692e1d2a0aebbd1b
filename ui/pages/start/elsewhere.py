"""Signing and verifying without a ledger: what a partner does whose ledger another one keeps."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui.flow import Flow
from ui.session import Session
from ui.widgets import PAGE_TITLE, SECTION, button, chars, lines, room, words

_WIDTH, _HEIGHT = 110, 40


class ElsewhereBox(QWidget):
    """Offers a key, signing in an exported folder, and verifying one: none of them needs a ledger to be open."""

    asked = Signal(object)
    """A dialog, to be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With a sentence and three buttons."""
        super().__init__(parent)
        self._session = session
        self.new_key = button("New &key…", self._ask_for_key)
        self.sign = button("Sign in an &exported folder…", lambda: self.asked.emit(self._sign_dialog()))
        self.verify = button("Verif&y an exported folder…", lambda: self.asked.emit(self._verify_dialog()))
        across = Flow()
        for each in (self.new_key, self.sign, self.verify):
            across.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words("The ledger is with another partner", SECTION))
        layout.addWidget(words("It sends you a folder to sign in, and afterwards one of what was signed, to verify."))
        layout.addLayout(across)

    def dialogs(self) -> Iterable[Callable[[], QDialog]]:
        """The dialog that is nowhere else."""
        yield self._verify_dialog

    def _ask_for_key(self) -> None:
        from ui.pages.sign_off.key_dialogs import NewKeyDialog  # noqa: PLC0415  not before it is wanted

        dialog = NewKeyDialog(self._session, self)
        dialog.made.connect(self._tell_made)
        self.asked.emit(dialog)

    def _tell_made(self, private: str, public: str, fingerprint: str) -> None:
        from ui.pages.sign_off.key_dialogs import MadeDialog  # noqa: PLC0415  as above

        self.asked.emit(MadeDialog(private, public, fingerprint, self))

    def _sign_dialog(self) -> QDialog:
        from ui.pages.sign_off.distance_dialogs import SignFolderDialog  # noqa: PLC0415  as above

        return SignFolderDialog(self._session, "", self)

    def _verify_dialog(self) -> QDialog:
        return VerifyFolderDialog(self._session, self)


class VerifyFolderDialog(QDialog):
    """Verifies an exported folder with the partners' public keys, without its ledger."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With nothing chosen yet."""
        from ui.pages.sign_off.verify_panel import VerifyPanel  # noqa: PLC0415  as above

        super().__init__(parent)
        self.setWindowTitle("Verify an exported folder — S75 Settlement")
        self.panel = VerifyPanel(session, self, only_folder=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(words("Verify an exported folder", PAGE_TITLE))
        layout.addWidget(self.panel, stretch=1)
        layout.addWidget(buttons)
        available = room()
        self.resize(min(chars(self, _WIDTH), available.width()), min(lines(self, _HEIGHT), available.height()))
        self.panel.folder.edit.setFocus()

    def done(self, result: int) -> None:
        """Close; what is under way is called off."""
        self.panel.forget()
        super().done(result)
