"""Writing the statements of several ledgers at once: whose, which, called what; whole files and a manifest of them.

Processes of their own make the files (`settlement.batches.running`), and a thread shares the work out to them: a
process aside (`ui.aside`) could not start any. Calling it off ends them; every file that was written by then is whole.
"""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from rules.problems import RefusedError
from settlement.batches.manifest import MANIFEST
from settlement.batches.names import FIELDS, FOR_ALL, USUAL, USUAL_IN_LANGUAGES, ledger_names, read_pattern
from settlement.batches.running import Batch, Done, run_batch
from settlement.batches.work import Asked, read_periods
from settlement.languages import ENGLISH
from settlement.looks import Look, theme_of
from settlement.settle import Settlement
from settlement.statements.kinds import IN_THOUSANDS, PAPER_KINDS, STATEMENT, TABLES
from settlement.statements.writing import papers_of
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.statements.choices import LANGUAGE_NAMES
from ui.pages.statements.many_parts import Checks, LedgerList, Outcome, PeriodsField
from ui.pages.statements.write_dialog import FORMAT_NAMES, Written
from ui.session import Session
from ui.widgets import button, chars, labelled, row, words

_KEY = "statements-many"
KIND_NAMES = {kind.name: kind.plural for kind in PAPER_KINDS}


class ManyDialog(Dialog):
    """Asks what to write of which ledgers, writes it, and lists what came of it. `written` tells what."""

    written = Signal(object)

    def __init__(self, session: Session, settlement: Settlement, look: Look, parent: QWidget | None = None) -> None:
        """Beginning with the open ledger and its settlement, of which names are shown."""
        units = "Their tables are in £000" if look.thousands else "They are in pounds and pence"
        by = f"prepared by {look.prepared_by}" if look.prepared_by else "and name nobody as preparer"
        theme = f", with the theme file {Path(look.theme_file).name}" if look.theme_file else ""
        super().__init__(
            "Write many statements",
            "&Write",
            parent,
            explains=f"{units}, {by}{theme}: that is chosen on the page.",
        )
        self._session, self._settlement, self._look = session, settlement, look
        self._done = Done("")
        self._is_over = False
        kept = session.kept(_KEY, {})
        opened = session.opened
        self.ledgers = LedgerList((opened.where,) if opened is not None else ())
        self.periods = PeriodsField(str(kept.get("periods", "all")), settlement.period)
        self.partners = QLineEdit()
        self.partners.setPlaceholderText("All; or codes with commas, as " + ",".join(settlement.agreement.partner_of))
        self.kinds = Checks("Documents", KIND_NAMES, kept.get("kinds", [STATEMENT]), 2)
        self.formats = Checks("Formats", dict(FORMAT_NAMES), kept.get("formats", ["pdf"]), 2, plain=True)
        self.languages = Checks("Languages", LANGUAGE_NAMES, kept.get("languages", [look.language]), 2)
        self.names = QLineEdit(str(kept.get("names", "")))
        self.names.setPlaceholderText(USUAL)
        told = (f"{{{field}}}: {what}" for field, what in FIELDS.items())
        self.fields = words(f"What stands in braces is filled in. {'; '.join(told)}.")
        self.example = words()
        self.folder = QLineEdit(session.preferences.statements_folder)
        self.folder.setMinimumWidth(chars(self, 40))
        self.folder.setPlaceholderText("A folder; it is made if it is not there")
        self.browse = button("&Browse…", self._browse, name="Choose the folder")
        self.replace = QCheckBox("Replace files that are &there already")
        note = words("Calling it off leaves the files that are written by then, each whole; a manifest names them.")
        self.outcome = Outcome()
        self.body.addWidget(self.ledgers)
        self.body.addWidget(self.periods)
        self.body.addWidget(labelled("Partners’ &codes", self.partners))
        self.body.addWidget(self.partners)
        for part in (self.kinds, self.formats, self.languages):
            self.body.addWidget(part)
        self.body.addWidget(labelled("&Names of the files", self.names))
        self.body.addWidget(self.names)
        self.body.addWidget(self.example)
        self.body.addWidget(self.fields)
        self.body.addWidget(labelled("&Folder", self.folder))
        self.body.addLayout(row(self.folder, self.browse, stretch=False))
        self.body.addWidget(self.replace)
        self.body.addWidget(note)
        self.body.addWidget(self.outcome, stretch=1)
        self.body.addStretch()
        self.names.textChanged.connect(lambda _text: self._show_example())
        for each in (self.kinds, self.formats, self.languages):
            each.changed.connect(self._show_example)
        self.ledgers.changed.connect(self._show_example)
        self._show_example()
        self.fit()

    # What is asked for

    @property
    def pattern(self) -> str:
        """The pattern of the files' names."""
        usual = USUAL_IN_LANGUAGES if len(self.languages.chosen) > 1 else USUAL
        return self.names.text().strip() or usual

    def _show_example(self) -> None:
        """What the first file would be called, or why the pattern is none."""
        agreement = self._settlement.agreement
        kind = next(iter(self.kinds.chosen), STATEMENT)
        papers = papers_of(self._settlement, kinds=(kind,))
        whose = papers[0].partner if papers else ""
        in_thousands = self._look.thousands and kind in IN_THOUSANDS
        values = {
            "ledger": next(iter(ledger_names(self.ledgers.wheres).values()), "ledger"),
            "agreement": agreement.id,
            "year": str(agreement.year).replace("/", "-"),
            "period": str(self._settlement.period),
            "partner": whose or FOR_ALL,
            "kind": f"{kind}-in-thousands" if in_thousands else kind,
            "language": next(iter(self.languages.chosen), ENGLISH),
            "status": "draft",
        }
        form = "csv" if kind in TABLES else next(iter(self.formats.chosen), "pdf")
        try:
            self.example.setText(f"As in {read_pattern(self.pattern).name(values)}.{form}")
        except RefusedError as refused:
            self.example.setText(refused.problems[0].message)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Write the statements to", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _missing(self) -> tuple[str, QWidget] | None:
        """What is still to be chosen, and where."""
        if not self.ledgers.wheres:
            return "Add a ledger at least.", self.ledgers.add
        for checks, what in ((self.kinds, "document"), (self.formats, "format"), (self.languages, "language")):
            if not checks.chosen:
                return f"Choose a {what} at least.", checks.first
        if "csv" not in self.formats.chosen and set(self.kinds.chosen) <= set(TABLES):
            return "Journals and transfers are for another ledger to read: choose CSV.", self.formats.boxes["csv"]
        if not self.folder.text().strip():
            return "Name the folder to write to.", self.folder
        return None

    def _wanted(self) -> Batch:
        """What is chosen. Raises RefusedError for periods, names or a theme file that are none."""
        codes = tuple(dict.fromkeys(code.strip() for code in self.partners.text().split(",") if code.strip()))
        read_pattern(self.pattern)
        asked = Asked(
            periods=read_periods(self.periods.text, "Periods"),
            kinds=self.kinds.chosen,
            formats=self.formats.chosen,
            languages=self.languages.chosen,
            partners=codes or None,
            thousands=self._look.thousands,
            theme=theme_of(self._look.theme_file),
            prepared_by=self._look.prepared_by,
        )
        return Batch(
            ledgers=self.ledgers.wheres,
            out=self.folder.text().strip(),
            asked=asked,
            names=self.pattern,
            overwrite=self.replace.isChecked(),
            aside=True,
        )

    # Writing

    def act(self) -> None:
        """Write it all; once that is done, the button closes the dialog."""
        if self._is_over:
            self.accept()
            return
        missing = self._missing()
        if missing is not None:
            self.problem.say(missing[0])
            missing[1].setFocus()
            return
        try:
            wanted = self._wanted()
        except RefusedError as refused:
            self.say_problem("That cannot be written", "\n".join(problem.message for problem in refused.problems))
            return
        self.problem.hide()
        self._keep(wanted)
        self._done = done = Done(wanted.out)
        self.working(
            self._session.asides.start(
                lambda job: run_batch(wanted, job, done),
                self._is_written,
                self._not_written,
                self.show_progress,
                self._was_called_off,
            )
        )

    def show_progress(self, done: int, total: int, what: str = "") -> None:
        """How far it has come, in files."""
        super().show_progress(done, total, f"{done:,} of {total:,} files: {what}" if total else what)

    def _keep(self, wanted: Batch) -> None:
        self._session.keep(replace(self._session.preferences, statements_folder=wanted.out))
        kept = {
            "kinds": list(self.kinds.chosen),
            "formats": list(self.formats.chosen),
            "languages": list(self.languages.chosen),
            "names": self.names.text().strip(),
            "periods": self.periods.text,
        }
        self._session.keep_for(_KEY, kept)

    def _is_written(self, done: Done) -> None:
        self._job: Job[object] | None = None
        self._idle()
        self._is_over = True
        self._tell(done)
        self.outcome.show_done(done)
        for part in self.outcome.siblings():
            part.hide()
        self.outcome.show()
        self.does.setText("&Close")
        self.buttons.button(self.buttons.StandardButton.Cancel).hide()
        self.outcome.open_folder.setFocus()

    def _tell(self, done: Done) -> None:
        if done.count:
            files = (*done.written, *done.replaced)
            left_out = tuple((each.place, each.why) for each in done.left_out)
            self.written.emit(Written(done.out, files, left_out, MANIFEST))

    def _not_written(self, failure: Failure) -> None:
        self.say_failure(failure, self._so_far("The statements were not written", "It ended before all were written"))
        self._tell(self._done)

    def _was_called_off(self) -> None:
        self._idle()
        count = self._done.count
        if count:
            self.say_problem(
                self._so_far("", "It was called off"),
                f"Each is whole, and {MANIFEST} in the folder names them. The same again writes the others.",
            )
        else:
            self.say_problem("It was called off. Nothing was written.")
        self._tell(self._done)

    def _so_far(self, none: str, some: str) -> str:
        count = self._done.count
        files = "1 file is" if count == 1 else f"{count:,} files are"
        return f"{some}: {files} there" if count else none
