"""Attaching an invoice, a minute or an email to a line, or to the whole virement that it is a leg of."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from ledgers.evidence import LARGEST, About, Evidence, attach, evidence
from ledgers.ledger import Ledger
from ledgers.lines import Line
from rules.agreement import Kind
from ui.dialogs import Dialog
from ui.entering.fields import as_high_as_its_rows, lines_grid
from ui.jobs import Job
from ui.session import Session
from ui.tables import Cell, FigureTable, Grid, GridModel
from ui.widgets import button, chars, labelled, words

_HEADINGS = ("Attached already", "Note", "By", "When (UTC)")
_KEPT = "evidence_folder"
_MEBIBYTE = 1 << 20


class EvidenceDialog(Dialog):
    """A file, and a note on it; the ledger keeps a copy of the file."""

    attached = Signal(object)
    """The `Evidence` as it was attached."""

    def __init__(self, session: Session, line: Line, parent: QWidget | None = None) -> None:
        """Of a line of the open ledger."""
        super().__init__(
            "Attach evidence",
            "&Attach",
            parent,
            explains=(
                "The ledger keeps a copy of the file, with who attached it and when. It cannot be taken out again. "
                f"At most {LARGEST // _MEBIBYTE} MiB."
            ),
        )
        self.session = session
        self.line = line
        self._reading: Job[Any] | None = None
        self.setAcceptDrops(True)
        self.about_model = GridModel()
        self.about = FigureTable(self.about_model, "The line")
        self.about.setMinimumWidth(chars(self, 90))
        as_high_as_its_rows(self.about)
        self.to = QComboBox()
        self.to_label = labelled("Attach &to", self.to)
        self.path = QLineEdit()
        self.path.setPlaceholderText("Choose a file, or drop one here")
        self.choose = button("&Choose a file…", self._choose)
        self.note = QLineEdit()
        self.note.setPlaceholderText("Such as: invoice of the provider")
        self.there_model = GridModel(_HEADINGS)
        self.there = FigureTable(self.there_model, "Evidence that is attached already")
        as_high_as_its_rows(self.there)
        self.none_yet = words("Nothing is attached yet.")
        across = QHBoxLayout()
        across.addWidget(self.path, stretch=1)
        across.addWidget(self.choose)
        self.body.addWidget(self.about)
        self.body.addWidget(self.to_label)
        self.body.addWidget(self.to)
        self.body.addWidget(labelled("&File", self.path))
        self.body.addLayout(across)
        self.body.addWidget(labelled("&Note", self.note))
        self.body.addWidget(self.note)
        self.body.addWidget(self.there)
        self.body.addWidget(self.none_yet)
        self.body.addStretch()
        self.there.hide()
        self.path.setFocus()
        self.show_line(line)
        self.fit()

    def show_line(self, line: Line) -> None:
        """Be about this line: ask what is attached to it already."""
        self.line = line
        self.about_model.show_grid(lines_grid([line]))
        is_leg = line.kind is Kind.VIREMENT and bool(line.reference)
        self.to.clear()
        self.to.addItem(f"Line {line.id}", (About.LINE, str(line.id)))
        if is_leg:
            self.to.addItem(f"The whole virement {line.reference}", (About.VIREMENT, line.reference))
        self.to.setVisible(is_leg)
        self.to_label.setVisible(is_leg)
        self._drop()
        self._reading = self.session.read(
            lambda ledger: _attached_to(ledger, line), self._show_attached, self.say_failure
        )

    def done(self, result: int) -> None:
        """Close; what is still being asked tells nobody."""
        self._drop()
        super().done(result)

    def _drop(self) -> None:
        if self._reading is not None:
            self._reading.drop()

    def act(self) -> None:
        """Attach the file, or say what is missing."""
        path = self.path.text().strip()
        if not path:
            self.problem.say("No file is chosen", "Choose the file to attach, or drop it on this window.")
            self.path.setFocus()
            return
        about, target = self.to.currentData()
        note = self.note.text()
        self.working(
            self.session.write(
                lambda ledger, _job: attach(ledger, path, About(about), target, note), self._attached, self.say_failure
            )
        )

    def _attached(self, found: Evidence) -> None:
        self.session.keep_for(_KEPT, str(Path(self.path.text().strip()).parent))
        self.session.said.emit(f"“{found.name}” attached to {found.of}.")
        self.accept()
        self.attached.emit(found)

    def _show_attached(self, found: tuple[Evidence, ...]) -> None:
        rows = tuple(
            (Cell(f"{each.name} ({each.of})"), Cell(each.note), Cell(each.actor), Cell(each.at.replace("T", " ")))
            for each in found
        )
        self.there_model.show_grid(Grid(_HEADINGS, rows, frozenset()))
        self.there.setVisible(bool(found))
        self.none_yet.setVisible(not found)

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Attach a file", str(self.session.kept(_KEPT, "")))
        if chosen:
            self.path.setText(chosen)
            self.note.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take one file."""
        if len([url for url in event.mimeData().urls() if url.isLocalFile()]) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """It is the file to attach."""
        found = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if len(found) == 1:
            event.acceptProposedAction()
            self.path.setText(found[0])


def _attached_to(ledger: Ledger, line: Line) -> tuple[Evidence, ...]:
    ours = {(About.LINE, str(line.id)), (About.VIREMENT, line.reference)}
    return tuple(each for each in evidence(ledger) if (each.about, each.target) in ours)


def sample(session: Session, parent: QWidget | None = None) -> EvidenceDialog:
    """The dialog about the open ledger's first line, to be looked at."""
    dialog = EvidenceDialog(session, Line(1, session.period, "", "", Kind.ACTUAL, 0), parent)

    def show(line: Line | None) -> None:
        if line is not None:
            dialog.show_line(line)
            dialog.path.setText("invoice-4471.pdf")
            dialog.note.setText("Invoice of the provider")

    session.read(lambda ledger: next(ledger.lines(limit=1), None), show)
    return dialog
