"""Writing statements to a folder: whose, of which periods, in which formats; all of them whole, or none."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QGroupBox,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from rules.agreement import Partner
from rules.english import listed
from rules.periods import Period
from settlement.languages import ENGLISH
from settlement.looks import Look
from settlement.statement_runs import Drafted, Wanted, discard, draft_statements, put_in_place
from ui.dialogs import Dialog
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.statements.choices import LANGUAGE_NAMES
from ui.session import Session
from ui.widgets import button, chars, labelled, row, words

FORMAT_NAMES = (
    ("pdf", "&PDF, to read, print and sign"),
    ("html", "Web page (&HTML), which a screen reader reads best"),
    ("xlsx", "E&xcel workbook (XLSX)"),
    ("csv", "&CSV, with the journals and the transfers"),
)
_NAMED = 6
_KEY = "statements"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where, and what was left out with why: a period or, of several ledgers, a ledger's."""

    folder: str
    files: tuple[str, ...]
    left_out: tuple[tuple[object, str], ...]
    manifest: str = ""

    @property
    def heading(self) -> str:
        """How many there are."""
        count = len(self.files)
        return f"{count:,} file{'s were' if count != 1 else ' was'} written"

    @property
    def sentences(self) -> str:
        """Where they are, and what was left out."""
        told = [f"They are in {self.folder}. “Show the folder” opens it."]
        told += [f"{self.manifest} there has their digests."] if self.manifest else []
        told += [f"{what} was left out: {why}." for what, why in self.left_out]
        return "\n".join(told)


class WriteDialog(Dialog):
    """Asks what to write, and writes it. `written` tells what."""

    written = Signal(object)

    def __init__(
        self,
        session: Session,
        period: Period,
        partners: tuple[Partner, ...],
        look: Look,
        parent: QWidget | None = None,
        *,
        every_month: bool = False,
    ) -> None:
        """For a period of the open ledger, with the partners in being at it."""
        units = "Their tables are in £000" if look.thousands else "They are in pounds and pence"
        by = f"prepared by {look.prepared_by}" if look.prepared_by else "and name nobody as preparer"
        spoken = "" if look.language == ENGLISH else f", in {LANGUAGE_NAMES[look.language]}"
        theme = f", with the theme file {Path(look.theme_file).name}" if look.theme_file else ""
        super().__init__(
            "Write statements",
            "&Write",
            parent,
            explains=f"{units}{spoken}, {by}{theme}: that is chosen on the page. Workings, notices, journals and "
            "transfers are to the penny always. Every document of the list is written; “Write many…” chooses among "
            "them.",
        )
        self._session = session
        self._period, self._look = period, look
        self._asked: tuple[Wanted, str] | None = None
        self._drafted: Drafted | None = None
        self._draft = ""
        kept = session.kept(_KEY, {})
        kept = kept if isinstance(kept, dict) else {}
        self.this_period = QRadioButton(f"&This period, {period}")
        self.every_month = QRadioButton(f"&Every month from M1 to {period}, each in a folder of its own")
        (self.every_month if every_month else self.this_period).setChecked(True)
        self._group = QButtonGroup(self)
        for each in (self.this_period, self.every_month):
            self._group.addButton(each)
        self.body.addWidget(_boxed("Periods", self.this_period, self.every_month))
        self.partners = {
            partner.code: QCheckBox(f"{partner.name} ({partner.code})".replace("&", "&&")) for partner in partners
        }
        left_out = set(kept.get("without", ()))
        for code, box in self.partners.items():
            box.setChecked(code not in left_out)
        self.body.addWidget(_boxed("Statements and journals for", *self.partners.values()))
        self.formats = {name: QCheckBox(text) for name, text in FORMAT_NAMES}
        chosen = set(kept.get("formats", ("pdf", "csv")))
        for name, box in self.formats.items():
            box.setChecked(name in chosen)
        self.body.addWidget(_boxed("Formats", *self.formats.values()))
        self.folder = QLineEdit(session.preferences.statements_folder)
        self.folder.setMinimumWidth(chars(self, 40))
        self.folder.setPlaceholderText("A folder; it is made if it is not there")
        self.browse = button("&Browse…", self._browse, name="Choose the folder")
        self.body.addWidget(labelled("&Folder", self.folder))
        self.body.addLayout(row(self.folder, self.browse, stretch=False))
        self.replace = QCheckBox("&Replace the files that are there already")
        self.body.addWidget(self.replace)
        self.note = words("A file takes its place only when all are whole. Calling it off leaves the folder as it was.")
        self.body.addWidget(self.note)
        self.body.addStretch()
        self.fit()

    # What is asked for

    def wanted(self) -> Wanted:
        """What is chosen."""
        codes = tuple(code for code, box in self.partners.items() if box.isChecked())
        every = self.every_month.isChecked()
        periods = tuple(period for period in Period if period <= self._period) if every else (self._period,)
        return Wanted(
            periods=periods,
            formats=tuple(name for name, box in self.formats.items() if box.isChecked()),
            partners=None if len(codes) == len(self.partners) else codes,
            look=self._look,
            apart=every,
        )

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Write the statements to", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _missing(self, wanted: Wanted) -> tuple[str, QWidget] | None:
        """What is still to be chosen, and where."""
        if wanted.partners == ():
            return "Choose a partner at least.", next(iter(self.partners.values()))
        if not wanted.formats:
            return "Choose a format at least.", self.formats["pdf"]
        if not self.folder.text().strip():
            return "Name the folder to write to.", self.folder
        return None

    # Writing

    def act(self) -> None:
        """Draft everything aside; put it in its place when it is whole."""
        wanted, out = self.wanted(), self.folder.text().strip()
        missing = self._missing(wanted)
        opened = self._session.opened
        if missing is not None or opened is None:
            sentence, field = missing or ("The ledger is open no longer.", self.folder)
            self.problem.say(sentence)
            field.setFocus()
            return
        self.problem.hide()
        self._keep(wanted, out)
        if self._drafted is not None and self._asked == (wanted, out):
            self._place(self._drafted)
            return
        self._throw_away()
        self._asked = (wanted, out)
        self._draft = str(Path(out) / f".s75-draft-{uuid4().hex[:12]}")
        job = self._session.aside(
            draft_statements,
            opened.where,
            wanted,
            out,
            self._draft,
            done=self._is_drafted,
            failed=self._not_written,
            progressed=self.show_progress,
            cancelled=self._was_called_off,
        )
        self.working(job)

    def _keep(self, wanted: Wanted, out: str) -> None:
        without = [code for code, box in self.partners.items() if not box.isChecked()]
        self._session.keep(replace(self._session.preferences, statements_folder=out))
        self._session.keep_for(_KEY, {"formats": list(wanted.formats), "without": without})

    def _is_drafted(self, drafted: Drafted) -> None:
        if drafted.there_already and not self.replace.isChecked():
            self._drafted = drafted
            self._idle()
            there = drafted.there_already
            named = listed((*there[:_NAMED], *((f"{len(there) - _NAMED} others",) if len(there) > _NAMED else ())))
            are = "file is" if len(there) == 1 else "files are"
            self.problem.say(
                f"{len(there)} {are} in the folder already",
                f"They are {named}. Tick “Replace the files that are there already” and press Write again, or choose "
                "another folder.",
            )
            self.replace.setFocus()
        else:
            self._place(drafted)

    def _place(self, drafted: Drafted) -> None:
        """Move the files to their place; this is done in a moment, and is not called off half way."""
        assert self._asked is not None  # noqa: S101  it was drafted for that
        out, draft = self._asked[1], self._draft
        self._drafted, self._draft = None, ""

        def work(_job: Job[list[str]]) -> list[str]:
            try:
                return put_in_place(draft, out, drafted.files)
            except OSError:
                discard(draft)
                raise

        def done(files: list[str]) -> None:
            self._job = None
            self.written.emit(Written(out, tuple(files), drafted.left_out))
            self.accept()

        self.working(self._session.asides.start(work, done, self._not_written))

    def _not_written(self, failure: Failure) -> None:
        self._throw_away()
        self.say_failure(failure, "The statements were not written")

    def _was_called_off(self) -> None:
        self._throw_away()
        self.called_off()

    def _throw_away(self) -> None:
        """Leave nothing of a draft behind, off this thread: the folder may be far away."""
        draft, self._draft, self._drafted, self._asked = self._draft, "", None, None
        if draft:
            self._session.asides.start(partial(_discard, draft), lambda _none: None, lambda _failure: None)

    def done(self, result: int) -> None:
        """Close; what was drafted and not put in its place goes."""
        self._throw_away()
        super().done(result)


def _discard(draft: str, _job: Job[None]) -> None:
    discard(draft)


def _boxed(title: str, *parts: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    layout = QVBoxLayout(box)
    for part in parts:
        layout.addWidget(part)
    return box
