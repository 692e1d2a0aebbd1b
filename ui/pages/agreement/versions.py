"""The versions of the agreement: a list, the text of each, and any two of them compared in sentences."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout, QWidget

from ledgers import Ledger
from ledgers.agreement_texts import text_of_version
from ledgers.stored import StoredLedger
from rules.agreement import Agreement
from rules.periods import Period
from settlement.agreement_versions import VersionStanding
from settlement.variation_words import Part
from settlement.variations import Difference, differences, in_words
from ui.jobs import Job
from ui.pages.agreement.grids import versions_grid
from ui.pages.agreement.parts import Sentences, TablePart, flowing
from ui.pages.agreement.text_dialog import TextDialog
from ui.session import Session
from ui.widgets import SECTION, button, chars, labelled, row, words

_ONE = (
    "There is one version: nothing has been varied. What a second one would change is shown before it is put in force."
)
_ALIKE = "These two versions are the same in every part."
_FILE = "Agreement (*.toml);;All files (*)"
_PARTS = {
    Part.PARTNER: "partners",
    Part.FUND: "funds",
    Part.SCHEME: "schemes",
    Part.RESERVE: "reserves",
    Part.BASIS: "bases",
    Part.CAP: "caps",
    Part.PERFORMANCE: "performance",
    Part.CONTROL: "controls",
}


class VersionsTab(QWidget):
    """Lists the versions and compares two of them."""

    vary = Signal()
    """The person wants to put a new version in force."""

    sign = Signal()
    """The person wants to see whose assent is awaited, where it is given."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Empty until there are versions to show."""
        super().__init__(parent)
        self._session = session
        self._versions: tuple[VersionStanding, ...] = ()
        self._found: tuple[Difference, ...] = ()
        self._asked: Job[tuple[Difference, ...]] | None = None
        self.part = TablePart("Versions of the agreement", "")
        self.part.table.activated.connect(lambda _index: self.view_text())
        self.view_button = button("View the te&xt…", self.view_text)
        self.save_button = button("&Write the text to a file…", self.save_text)
        self.vary_button = button("Put a new ve&rsion in force…", self.vary.emit)
        self.sign_button = button("Go to Sign-off to &give an assent", self.sign.emit)
        self.before, self.after = QComboBox(), QComboBox()
        for chooser in (self.before, self.after):
            chooser.setMinimumContentsLength(18)
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            chooser.setMaximumWidth(chars(self, 44))
            chooser.currentIndexChanged.connect(self._compare)
        self.counted = words()
        self.list = Sentences("What differs between the two versions", grows=True)
        self.copy_button = button("Copy the differences", self.copy)
        self.compared = QWidget()
        below = QVBoxLayout(self.compared)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(words("What was varied", SECTION))
        below.addWidget(
            flowing(
                labelled("From &version", self.before), self.before, labelled("&to version", self.after), self.after
            )
        )
        below.addWidget(self.counted)
        below.addWidget(self.list, stretch=1)
        below.addLayout(row(self.copy_button))
        self.only_one = words(_ONE)
        layout = QVBoxLayout(self)
        layout.addWidget(self.part)
        layout.addWidget(flowing(self.view_button, self.save_button, self.vary_button, self.sign_button))
        layout.addWidget(self.only_one)
        layout.addWidget(self.compared, stretch=1)
        layout.addStretch()

    def show_versions(self, versions: tuple[VersionStanding, ...]) -> None:
        """Show these, and what the last variation changed."""
        is_new = [each.version for each in versions] != [each.version for each in self._versions]
        self._versions = versions
        self.part.show_grid(versions_grid(versions))
        self.only_one.setVisible(len(versions) == 1)
        self.compared.setVisible(len(versions) > 1)
        why_not = "" if self._session.writable else self._why_not()
        self.vary_button.setEnabled(not why_not)
        self.vary_button.setToolTip(why_not)
        self.sign_button.setVisible(any(each.is_provisional for each in versions))
        if not is_new:
            return
        for chooser in (self.before, self.after):
            with QSignalBlocker(chooser):
                chooser.clear()
                for each in versions:
                    chooser.addItem(f"{each.version.id}, from {each.version.from_period}", each.version.id)
        with QSignalBlocker(self.before), QSignalBlocker(self.after):
            self.before.setCurrentIndex(max(0, len(versions) - 2))
            self.after.setCurrentIndex(len(versions) - 1)
        self._compare()

    def forget(self) -> None:
        """Another ledger is open, or none."""
        self._versions, self._found = (), ()
        self.list.clear()

    def choose(self, version: str) -> None:
        """Put the keyboard on a version, and compare it with the one before it."""
        self.part.choose(version)
        numbers = [str(each.version.id) for each in self._versions]
        if version in numbers and numbers.index(version):
            self.before.setCurrentIndex(numbers.index(version) - 1)
            self.after.setCurrentIndex(numbers.index(version))

    # Two versions compared

    def _compare(self) -> None:
        if self._asked is not None:
            self._asked.drop()
        one, other = self.before.currentData(), self.after.currentData()
        if one is None or other is None or len(self._versions) == 1:
            return

        def work(ledger: Ledger) -> tuple[Difference, ...]:
            return differences(_agreement(ledger, int(one)), _agreement(ledger, int(other)))

        self._asked = self._session.read(work, self._show_differences)

    def _show_differences(self, found: tuple[Difference, ...]) -> None:
        self._found = found
        count = len(found)
        self.counted.setText(f"{count} {'difference' if count == 1 else 'differences'}." if found else _ALIKE)
        self.list.show_sentences(list(sentences_of(found)))
        self.list.setVisible(bool(found))
        self.copy_button.setEnabled(bool(found))

    def copy(self) -> None:
        """Put the differences on the clipboard as text."""
        QGuiApplication.clipboard().setText(in_words(self._found))
        self._session.said.emit("The differences are on the clipboard.")

    # The text of a version

    def chosen(self) -> int:
        """The version that the keyboard is on in the list."""
        return int(self.part.code() or 1)

    def view_text(self) -> None:
        """Show the text of the version that is chosen."""
        version = self.chosen()
        self._session.read(lambda ledger: text_of_version(ledger, version), lambda text: self._view(version, text))

    def _view(self, version: int, text: str) -> None:
        standing = next(each for each in self._versions if each.version.id == version)
        dialog = TextDialog(standing.version, text, self)
        dialog.saved.connect(self.save_text)
        dialog.open()

    def save_text(self) -> None:
        """Ask for a file and write the text of the chosen version to it."""
        version = self.chosen()
        folder = Path(str(self._session.kept("agreement.folder", "")))
        name = str(folder / f"agreement-version-{version}.toml")
        chosen, _filter = QFileDialog.getSaveFileName(self, f"Write version {version} to a file", name, _FILE)
        if not chosen:
            return
        path = Path(chosen)
        self._session.keep_for("agreement.folder", str(path.parent))

        def work(ledger: Ledger) -> None:
            path.write_text(text_of_version(ledger, version), encoding="utf-8", newline="")

        said = f"Version {version} of the agreement is written to {path}."
        self._session.read(work, lambda _none: self._session.said.emit(said))

    def _why_not(self) -> str:
        opened = self._session.opened
        return "" if opened is None else opened.why_read_only


def sentences_of(found: tuple[Difference, ...]) -> list[tuple[str, object]]:
    """Each difference as the list shows it, a clause with what it said and says; and the part it leads to."""
    shown: list[tuple[str, object]] = []
    for each in found:
        text = each.sentence
        if each.before and each.after and each.after not in each.sentence:
            text = f"{text}\nBefore: {each.before}\nAfter: {each.after}"
        shown.append((text, each))
    return shown


def part_of(difference: Difference) -> str:
    """The part of the page that a difference is about; "" of a clause, and of the agreement's head."""
    return _PARTS.get(difference.part, "")


def _agreement(ledger: Ledger, version: int) -> Agreement:
    return ledger.agreement_of(version) if isinstance(ledger, StoredLedger) else ledger.agreement_at(Period.M13)
