"""Fields that the dialogs of sign-off share: a file or folder, a passphrase, who signs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from ui.session import Session
from ui.widgets import button, chars, labelled

_KEPT = "sign-off"
_TYPED_AFTER = 400  # milliseconds
PRIVATE_KEYS = "Private keys (*.key);;All files (*)"
PUBLIC_KEYS = "Public keys (*.pub);;All files (*)"


def form() -> QFormLayout:
    """Labels with their fields, that stand under each other where there is no room beside."""
    made = QFormLayout()
    made.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def remembered(session: Session, name: str) -> str:
    """What was typed under this name before, in any ledger; "" if nothing was."""
    kept = session.kept(_KEPT, {})
    value = kept.get(name, "") if isinstance(kept, dict) else ""
    return value if isinstance(value, str) else ""


def remember(session: Session, **values: str) -> None:
    """Keep what was typed, for the next time. Never a passphrase."""
    kept = session.kept(_KEPT, {})
    session.keep_for(_KEPT, {**(kept if isinstance(kept, dict) else {}), **values})


class PathField(QWidget):
    """A path that is typed or chosen."""

    settled = Signal()
    """It was chosen, or typed to its end: left, or no letter more for a moment."""

    def __init__(self, title: str, files: str = "", *, folder: bool = False, parent: QWidget | None = None) -> None:
        """`title` heads the chooser; `files` filters what it shows. With `folder` a folder is chosen."""
        super().__init__(parent)
        self._title, self._files, self._folder = title, files, folder
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.edit.setMinimumWidth(chars(self.edit, 34))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_TYPED_AFTER)
        self._wait.timeout.connect(self.settled)
        self.edit.textEdited.connect(self._typed)
        self.edit.editingFinished.connect(self._tell)
        self.browse = button("Browse…", self.choose, name=f"{title}: browse")
        self.setFocusProxy(self.edit)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.edit, stretch=1)
        across.addWidget(self.browse)

    @property
    def path(self) -> str:
        """What stands there, without spaces around it."""
        return self.edit.text().strip()

    def show_path(self, path: str) -> None:
        """Have this path there."""
        self.edit.setText(path)
        self.edit.setCursorPosition(len(path))

    def choose(self) -> None:
        """Ask for a file or folder."""
        start = self.path or str(Path.home())
        if self._folder:
            chosen = QFileDialog.getExistingDirectory(self, self._title, start)
        else:
            chosen, _filter = QFileDialog.getOpenFileName(self, self._title, start, self._files)
        if chosen:
            self.show_path(chosen)
            self._tell()

    def _typed(self) -> None:
        self._wait.start()

    def _tell(self) -> None:
        self._wait.stop()
        self.settled.emit()


class PassphraseField(QWidget):
    """A passphrase, hidden unless it is asked to be shown."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setAccessibleName(name)
        self.edit.setMinimumWidth(chars(self.edit, 30))
        self.edit.textChanged.connect(self.changed)
        self.show_it = QCheckBox("S&how")
        self.show_it.setAccessibleName(f"Show: {name}")
        self.show_it.toggled.connect(self._show)
        self.setFocusProxy(self.edit)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.edit, stretch=1)
        across.addWidget(self.show_it)

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.edit.text()

    def ask_again(self) -> None:
        """It was the wrong one: what was typed stays, marked, to be typed over."""
        self.edit.setFocus()
        self.edit.selectAll()

    def _show(self, shown: bool) -> None:  # noqa: FBT001  a signal has no keywords
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class Signatory(QWidget):
    """Who signs for which partner, and with which key: what signing, assenting and signing in a folder all ask."""

    def __init__(
        self,
        session: Session,
        partners: tuple[tuple[str, str], ...],
        known: Callable[[str], tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`partners` are codes with names; `known` gives name and role of who signs for a code, "" of nobody yet."""
        super().__init__(parent)
        self._session, self._known = session, known
        self.partner = QComboBox()
        self.name = QLineEdit()
        self.role = QLineEdit()
        self.key = PathField("The private key", PRIVATE_KEYS)
        self.passphrase = PassphraseField("Passphrase of the key")
        self.name.setPlaceholderText("In full, as it is to stand on the statement")
        self.role.setPlaceholderText("Such as Chief Finance Officer")
        rows = self.rows = form()
        rows.setContentsMargins(0, 0, 0, 0)
        for text, field in (
            ("Signing f&or", self.partner),
            ("&Full name", self.name),
            ("&Role", self.role),
            ("Private &key (NAME.key)", self.key),
            ("&Passphrase", self.passphrase),
        ):
            rows.addRow(labelled(text, field), field)
        self.setLayout(rows)
        self.partner.currentIndexChanged.connect(self._suggest)
        self.show_partners(partners)

    def show_partners(self, partners: tuple[tuple[str, str], ...]) -> None:
        """Have these to choose from."""
        self.partner.clear()
        for code, name in partners:
            self.partner.addItem(name, code)

    @property
    def code(self) -> str:
        """The partner's code; "" if there is none to choose."""
        return self.partner.currentData() or ""

    def missing(self) -> tuple[str, QWidget] | None:
        """What is still to be filled in, as a sentence, and where; None if nothing is."""
        for is_there, sentence, field in (
            (self.code, "Say for which partner you sign.", self.partner),
            (self.name.text().strip(), "Write your full name, as it is to stand on the statement.", self.name),
            (self.role.text().strip(), "Write your role, as it is to stand on the statement.", self.role),
            (self.key.path, "Choose your private key: the file NAME.key that New key made.", self.key),
            (self.passphrase.passphrase, "Type the passphrase of the key.", self.passphrase),
        ):
            if not is_there:
                return sentence, field
        return None

    def keep(self) -> None:
        """Remember which key the partner signed with, and who: never the passphrase."""
        remember(
            self._session,
            **{
                f"key of {self.code}": self.key.path,
                f"name of {self.code}": self.name.text().strip(),
                f"role of {self.code}": self.role.text().strip(),
            },
        )

    def _suggest(self) -> None:
        name, role = self._known(self.code) if self.code else ("", "")
        self.name.setText(name or remembered(self._session, f"name of {self.code}"))
        self.role.setText(role or remembered(self._session, f"role of {self.code}"))
        self.key.show_path(remembered(self._session, f"key of {self.code}"))
