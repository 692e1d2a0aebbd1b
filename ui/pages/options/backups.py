"""Backups in the settings: where they are kept and how many, those of the open ledger, taking one, putting one back."""

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from ledgers.backups import folder_of
from ledgers.restoring import Content, Listed
from ledgers.settings import Settings, read_settings
from ledgers.settings_writing import write_backup_settings
from ui.banners import Banner, Tone
from ui.dialogs import ProgressLine
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.agreement.parts import flowing
from ui.pages.options import asides
from ui.session import Session
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import SECTION, button, labelled, lines, row, words

_MEGABYTE = 1_000_000
_MOST = 500
_LEDGERS = "Ledgers (*.s75);;All files (*)"
_EXPLAINS = (
    "Each time a ledger’s file is opened to be changed, and has changed, a copy is kept. When there are more than "
    "the number below, the oldest goes. Copies from before a change of form, or before one was put back, stay."
)
_NOT_A_FILE = "A ledger in a folder is never written, and one on a server is backed up there (pg_dump)."
_HEADINGS = ("Taken (UTC)", "Kept", "Last posted (UTC)", "Signed to", "Lines", "Size")
_BEFORE = {"": "As one of the last", "before-restore": "Before one was put back"}


class BackupsBox(QWidget):
    """Changes at once what is set, and shows the backups of the ledger that is open."""

    opening = Signal(str)
    """The person wants the ledger that was put back opened."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Nothing is looked at before `look`."""
        super().__init__(parent)
        self._session = session
        self._settings = Settings()
        self._listed: tuple[Listed, ...] = ()
        self._job: Job[Any] | None = None
        self._restored = ""
        self.problem = Banner(Tone.ERROR, "What went wrong with backups", dismissable=True)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("Beside each ledger, in NAME.s75.backups")
        self.folder.editingFinished.connect(self._set)
        self.browse = button("Browse…", self._browse, name="Browse for the folder of backups")
        self.keep = QSpinBox()
        self.keep.setRange(1, _MOST)
        self.keep.setKeyboardTracking(False)
        self.keep.valueChanged.connect(self._set)
        self.overruled = words()
        self.where = words()
        self.model = GridModel(_HEADINGS)
        self.table = FigureTable(self.model, "Backups of the open ledger, the newest first")
        self.table.setFixedHeight(lines(self, 8))
        self.table.activated.connect(lambda _index: self.put_back())
        self.now = button("Back &up now…", self.back_up)
        self.restore = button("&Restore to a new file…", self.put_back)
        self.open_restored = button("Open what was restored", lambda: self.opening.emit(self._restored))
        self.progress = ProgressLine(self._cancel)
        across = QHBoxLayout()
        across.addWidget(labelled("Folder for &backups", self.folder))
        across.addWidget(self.folder, stretch=1)
        across.addWidget(self.browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, self.fontMetrics().height() // 2, 0, 0)
        layout.addWidget(words("Backups", SECTION))
        layout.addWidget(words(_EXPLAINS))
        layout.addWidget(self.problem)
        layout.addLayout(across)
        layout.addLayout(row(labelled("&Copies kept of each ledger", self.keep), self.keep))
        layout.addWidget(self.overruled)
        layout.addWidget(self.where)
        layout.addWidget(self.table)
        layout.addWidget(self.progress)
        layout.addWidget(flowing(self.now, self.restore, self.open_restored))
        self.open_restored.hide()

    # What is set

    def look(self) -> None:
        """Read what is set, and the backups of the open ledger."""
        self._session.asides.start(lambda _job: read_settings(), self._show_settings, self._fail)

    def _show_settings(self, settings: Settings) -> None:
        self._settings = settings
        set_here = os.environ.get("S75_BACKUPS", "").strip()
        for field in (self.folder, self.keep):
            field.blockSignals(True)  # noqa: FBT003  Qt's
        self.folder.setText(str(settings.backups_folder or ""))
        self.folder.setReadOnly(bool(set_here))
        self.browse.setEnabled(not set_here)
        self.keep.setValue(settings.backups_keep)
        for field in (self.folder, self.keep):
            field.blockSignals(False)  # noqa: FBT003  Qt's
        self.overruled.setText(f"The variable S75_BACKUPS names the folder, and goes before this setting: {set_here}")
        self.overruled.setVisible(bool(set_here))
        self._show_where()

    def _show_where(self) -> None:
        opened = self._session.opened
        is_file = opened is not None and not opened.is_folder and not opened.is_server
        for widget in (self.table, self.now, self.restore):
            widget.setVisible(is_file)
        if opened is None:
            self.where.setText("Open a ledger to see its backups, to take one, or to put one back.")
        elif not is_file:
            self.where.setText(_NOT_A_FILE)
        else:
            folder = folder_of(Path(opened.where).absolute(), self._settings)
            self.where.setText(f"Those of {Path(opened.where).name} are in {folder}.")
            self._list(opened.where)

    def _set(self) -> None:
        text = self.folder.text().strip()
        folder, keep = Path(text) if text else None, self.keep.value()
        if (folder, keep) == (self._settings.backups_folder, self._settings.backups_keep):
            return
        if self.folder.isReadOnly():
            folder = None  # the variable's is not written down
        self.problem.hide()

        def work(_job: Job[Settings]) -> Settings:
            write_backup_settings(folder, keep)
            return read_settings()

        def done(settings: Settings) -> None:
            self._show_settings(settings)
            self._session.said.emit("Backups are kept so from the next time a ledger is opened.")

        self._session.asides.start(work, done, self._fail)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder for backups", self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._set()

    # The backups of the open ledger

    def _list(self, where: str) -> None:
        self._begin(self._session.aside(asides.look, where, done=self._show_list, failed=self._fail))

    def _show_list(self, listed: tuple[Listed, ...]) -> None:
        self._end()
        self._listed = listed
        self.model.show_grid(Grid(_HEADINGS, tuple(_row(each) for each in listed), frozenset({4, 5})))
        if listed:
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self.where.setText(
                f"{self.where.text()} There are none yet: one is kept when the ledger is opened to be changed."
            )
        self.table.setVisible(bool(listed))
        self.restore.setEnabled(bool(listed))
        self.restore.setToolTip("" if listed else "There is no backup to put back yet.")

    def back_up(self) -> None:
        """Ask for a new file and write a copy of the open ledger to it."""
        opened = self._session.opened
        if opened is None:
            return
        source = Path(opened.where)
        path = self._new_file("Back up to a new file", source.with_name(f"{source.stem}-copy.s75"))
        if path:
            said = f"{path} is a copy of {source.name}."
            self._begin(
                self._session.aside(
                    asides.back_up,
                    opened.where,
                    path,
                    done=lambda _none: self._done(said),
                    failed=self._fail,
                    progressed=self.progress.show_progress,
                    cancelled=self._called_off,
                )
            )

    def put_back(self) -> None:
        """Ask for a new file and write the backup that is chosen to it; the ledger stays as it is."""
        opened, at = self._session.opened, self.table.currentIndex().row()
        if opened is None or not 0 <= at < len(self._listed):
            return
        backup = self._listed[at].backup.path
        path = self._new_file("Restore to a new file", Path(opened.where).with_name(f"{backup.stem}-restored.s75"))
        if not path:
            return

        def done(content: Content) -> None:
            self._restored = path
            self.open_restored.show()
            self._done(f"{path} is written from {backup.name}: {content.lines:,} lines. The open ledger is as it was.")

        self._begin(
            self._session.aside(
                asides.put_back,
                str(backup),
                path,
                done=done,
                failed=self._fail,
                progressed=self.progress.show_progress,
                cancelled=self._called_off,
            )
        )

    def _new_file(self, title: str, offered: Path) -> str:
        chosen, _filter = QFileDialog.getSaveFileName(
            self, title, str(offered), _LEDGERS, options=QFileDialog.Option.DontConfirmOverwrite
        )
        return str(chosen)

    def _begin(self, job: Job[Any]) -> None:
        self._job = job
        self.problem.hide()
        for widget in (self.now, self.restore):
            widget.setEnabled(False)
        self.progress.begin()

    def _end(self) -> None:
        self._job = None
        for widget in (self.now, self.restore):
            widget.setEnabled(True)
        self.progress.end()

    def _done(self, said: str) -> None:
        self._end()
        self._session.said.emit(said)

    def _called_off(self) -> None:
        self._done("It was called off. No file was written.")

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _fail(self, failure: Failure) -> None:
        self._end()
        self.problem.say_failure("That could not be done", failure)


def _row(listed: Listed) -> tuple[Cell, ...]:
    backup, content = listed.backup, listed.content
    taken = Cell(backup.taken.strftime("%Y-%m-%d %H:%M"))
    kept = Cell(_BEFORE.get(backup.before) or f"Before form {backup.before.removeprefix('before-v')}")
    size = Cell(f"{-(-listed.size // _MEGABYTE):,} MB")
    if content is None:
        return taken, kept, Cell(f"Cannot be read: {listed.trouble}"), Cell("–"), Cell("–"), size
    return (
        taken,
        kept,
        Cell(content.last_posted[:16].replace("T", " ") or "Nothing posted"),
        Cell("–" if content.signed_to is None else str(content.signed_to), spoken="nothing"),
        Cell(f"{content.lines:,}"),
        size,
    )
