"""Putting a new version of the agreement in force: a file, from when, why; what it changes is read first."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from ledgers import Ledger, PeriodState, State, Version
from ledgers.agreement_texts import text_of_file
from rules.english import listed
from rules.periods import Period
from rules.reading import read_agreement
from rules.succession import asked_to_assent
from settlement.variations import Difference, differences
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.agreement.parts import Sentences
from ui.pages.agreement.versions import sentences_of
from ui.session import Session
from ui.widgets import SECTION, button, chars, labelled, lines, words
from ui.wording import period_name

_FILE = "Agreement (*.toml);;All files (*)"
_EXPLAINS = (
    "The new version governs the whole year to date from the first period settled under it. What was held before stays "
    "as it was settled, and the difference is the movement. Every version stays in the ledger."
)
_CHOOSE = "Choose the file of the new version: what it changes is shown here first."
_ALIKE = "The file says the same as the version in force at {}: there is nothing to put in force."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a file would change of the version in force at a period, and whose assent it would need."""

    text: str
    start: Period
    found: tuple[Difference, ...]
    asked: tuple[str, ...]


class VaryDialog(Dialog):
    """Asks for a file, a period and a reason; shows the differences; puts the version in force."""

    def __init__(
        self, session: Session, states: tuple[PeriodState, ...], parent: QWidget | None = None, *, file: str = ""
    ) -> None:
        """`states` are the ledger's periods: a version stands from one that is open. `file` is read at once."""
        super().__init__("Put a new version of the agreement in force", "&Put in force", parent, explains=_EXPLAINS)
        self._session = session
        self._proposed: Proposed | None = None
        self._asked: Job[Proposed] | None = None
        self.file = QLineEdit(file)
        self.file.setMinimumWidth(chars(self, 50))
        self.file.editingFinished.connect(self._look)
        self.browse = button("&Browse…", self._browse, name="Browse for the file of the new version")
        across = QHBoxLayout()
        across.addWidget(self.file, stretch=1)
        across.addWidget(self.browse)
        self.start = QComboBox()
        opened = session.opened
        for state in states:
            if state.state is State.OPEN and opened is not None:
                self.start.addItem(period_name(state.period, opened.year), state.period)
        self.start.currentIndexChanged.connect(self._look)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Deed of variation, 28 September")
        self.reason.textChanged.connect(self._show_ready)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(labelled("&File", self.file), across)
        form.addRow(labelled("From p&eriod", self.start), self.start)
        form.addRow(labelled("&Reason", self.reason), self.reason)
        self.body.addLayout(form)
        self.body.addWidget(words("What it changes", SECTION))
        self.told = words(_CHOOSE)
        self.list = Sentences("What the new version changes", grows=True)
        self.list.setMinimumHeight(lines(self, 9))
        self.body.addWidget(self.told)
        self.body.addWidget(self.list, stretch=1)
        if not self.start.count():
            self.told.setText("Every period is closed. Reopen the one that the variation is to stand from first.")
        self._show_ready()
        self.fit()
        self._look()

    # The file is looked at

    def _browse(self) -> None:
        folder = self.file.text() or str(self._session.kept("agreement.folder", ""))
        chosen, _filter = QFileDialog.getOpenFileName(self, "The file of the new version", folder, _FILE)
        if chosen:
            self._session.keep_for("agreement.folder", str(Path(chosen).parent))
            self.file.setText(chosen)
            self._look()

    def _look(self) -> None:
        if self._asked is not None:
            self._asked.drop()
        self._proposed = None
        self._show_ready()
        name, start = self.file.text().strip(), self.start.currentData()
        if not name or start is None:
            return
        period = Period(start)

        def work(ledger: Ledger) -> Proposed:
            text = text_of_file(Path(name))
            before, varied = ledger.agreement_at(period), read_agreement(text, file=Path(name).name)
            asked = asked_to_assent(before, varied, period)
            return Proposed(text, period, differences(before, varied), asked)

        self.told.setText("Reading the file…")
        self._asked = self._session.read(work, self._show, self._say_unread)

    def _show(self, proposed: Proposed) -> None:
        self.problem.hide()
        self._proposed = proposed
        self.list.show_sentences(sentences_of(proposed.found))
        count = len(proposed.found)
        if count:
            differ = f"{count} {'difference' if count == 1 else 'differences'} from the version in force at"
            self.told.setText(
                f"{differ} {proposed.start}. It is provisional until {listed(proposed.asked)} have assented to it, on "
                "the Sign-off page."
            )
        else:
            self.told.setText(_ALIKE.format(proposed.start))
        self._show_ready()

    def _say_unread(self, failure: Failure) -> None:
        self.list.clear()
        self.told.setText(_CHOOSE)
        self.say_failure(failure, "The file cannot be put in force")
        self._show_ready()

    def _show_ready(self) -> None:
        lacks = []
        if self._proposed is None or not self._proposed.found:
            lacks.append("a file that changes something")
        if not self.reason.text().strip():
            lacks.append("a reason")
        self.does.setEnabled(not lacks)
        self.does.setToolTip(f"Still needed: {listed(lacks)}." if lacks else "")

    # It is put in force

    def act(self) -> None:
        """Put the version in force; the dialog stays, with what was typed, if that is refused."""
        proposed = self._proposed
        if proposed is None:
            return
        reason, file = self.reason.text().strip(), self.file.text().strip()

        def work(ledger: Ledger, _job: Job[Version]) -> Version:
            return ledger.set_agreement(proposed.text, proposed.start, reason, file=Path(file).name)

        job = self._session.write(work, self._done, self.say_failure, cancelled=self.called_off)
        self.working(job)

    def _done(self, version: Version) -> None:
        self._session.said.emit(f"Version {version.id} of the agreement is in force from {version.from_period}.")
        self.accept()
