"""The samples: made in a folder by a process aside, then listed to be opened."""

import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QListWidgetItem, QWidget

from ui.aside import Report
from ui.dialogs import Dialog
from ui.pages.start.lists import ChoiceList
from ui.session import Session
from ui.widgets import button, chars, lines, row, words

_MAKING = ".s75-samples-being-made"
_FOLDER = "S75 samples"


class Made(NamedTuple):
    """A sample ledger: what it is, and its file."""

    title: str
    path: str


def make_samples(folder: str, report: Report) -> tuple[Made, ...]:
    """Make the sample ledgers and their statements in a folder; those that are there already are kept as they are.

    They are made apart and moved there whole, so that calling it off leaves no half of one. For a process aside.
    Raises RefusedError or OSError if the folder cannot be written in.
    """
    from settlement.demo import build_demo  # noqa: PLC0415  the process aside needs it, the window does not
    from settlement.samples import SAMPLES  # noqa: PLC0415  the same

    there = Path(folder).expanduser()
    made = tuple(Made(sample.title, str(there / f"{sample.name}.s75")) for sample in SAMPLES)
    if all(Path(each.path).exists() for each in made):
        return made
    there.mkdir(parents=True, exist_ok=True)
    apart = there / _MAKING
    shutil.rmtree(apart, ignore_errors=True)  # what a run that was called off may have left
    begun = 0
    for told in build_demo(apart):
        begun += told.startswith(str(apart))
        report(max(begun - 1, 0), len(SAMPLES), f"Making sample {max(begun, 1)} of {len(SAMPLES)}…")
    for path in sorted(apart.iterdir()):
        _move(path, there / path.name)
    shutil.rmtree(apart, ignore_errors=True)
    report(len(SAMPLES), len(SAMPLES))
    return made


def _move(path: Path, there: Path) -> None:
    """Move what is not there yet; a folder that is there gets what it lacks."""
    if not there.exists():
        path.replace(there)
    elif path.is_dir():
        for inner in sorted(path.iterdir()):
            _move(inner, there / inner.name)


def clear_up(folder: str) -> None:
    """Take away what a run that was called off left. For a job."""
    shutil.rmtree(Path(folder).expanduser() / _MAKING, ignore_errors=True)


class SamplesDialog(Dialog):
    """Asks where the samples are to be, makes them, and then which to open."""

    chosen = Signal(str)
    """The sample's file, to be opened."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """With the folder of documents."""
        explains = (
            "Sample ledgers of real agreements, with published figures spread over twelve months: "
            "Barnet’s section 7B by each of its bases, and Hammersmith & Fulham’s liability by responsibility."
        )
        super().__init__("Open the samples", "&Make the samples", parent, explains=explains)
        self._session = session
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.folder = QLineEdit(str(Path(session.preferences.ledgers_folder or documents) / _FOLDER))
        self.folder.setAccessibleName("Folder for the samples")
        self.folder.setMinimumWidth(chars(self, 50))
        label = QLabel("&Folder for the samples")
        label.setBuddy(self.folder)
        self.browse = button("&Browse…", self._browse, name="Choose the folder")
        across = row(self.folder, self.browse, stretch=False)
        across.setStretch(0, 1)
        self.which = words("Choose one to open. What you do to it stays in its file; the others are as they were.")
        self.list = ChoiceList()
        self.list.setAccessibleName("Samples")
        self.list.setMinimumHeight(lines(self, 9))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda _item: self._open())
        self.body.addWidget(label)
        self.body.addLayout(across)
        self.body.addWidget(self.which)
        self.body.addWidget(self.list, stretch=1)
        self._made: tuple[Made, ...] = ()
        self._list(())
        self.fit()

    def act(self) -> None:
        """Make them; once they are made, open the one that is chosen."""
        if self._made:
            self._open()
            return
        folder = self.folder.text().strip()
        if not folder:
            self.say_problem("Name the folder first", "The samples are files: they need a folder to be in.")
            return
        self.working(
            self._session.aside(
                make_samples,
                folder,
                done=self._show_made,
                failed=self.say_failure,
                progressed=self.show_progress,
                cancelled=partial(self._called_off, folder),
            )
        )

    def _show_made(self, made: tuple[Made, ...]) -> None:
        self._idle()
        self._list(made)
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, made: tuple[Made, ...]) -> None:
        self._made = made
        self.list.clear()
        for each in made:
            item = QListWidgetItem(each.title)
            item.setToolTip(each.path)
            self.list.addItem(item)
        for widget in (self.which, self.list):
            widget.setVisible(bool(made))
        for field in (self.folder, self.browse):
            field.setEnabled(not made)
        self.does.setText("&Open" if made else "&Make the samples")
        if made:
            self.fit()

    def _called_off(self, folder: str) -> None:
        self._session.reads.start(lambda _job: clear_up(folder), lambda _none: None, lambda _failure: None)
        self.called_off()

    def _open(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._made):
            path = self._made[place].path
            self.accept()
            self.chosen.emit(path)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the samples", self.folder.text())
        if chosen:
            self.folder.setText(str(Path(chosen) / _FOLDER))
