"""What the page's commands do: begin a draft, change it, name it, keep it in a file, put it in force."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ledgers import PeriodState
from ledgers.agreement_texts import text_of_file
from rules.agreement import Agreement
from rules.problems import Problem, RefusedError
from rules.reading import read_agreement
from rules.writing import write_agreement
from settlement.drafting import (
    Draft,
    checked,
    deleted,
    drafted,
    duplicated,
    moved,
    next_key,
    switched,
)
from ui.failures import Failure
from ui.pages.risk_share.adding_dialog import BLANK, AddingDialog
from ui.pages.risk_share.asking_dialogs import DiscardDialog, NamingDialog
from ui.pages.risk_share.force_dialog import Done, ForceDialog
from ui.pages.risk_share.shelf import Shelf
from ui.pages.risk_share.text_dialog import TextDialog
from ui.session import Session

_FILES = "Agreement (*.toml);;All files (*)"
FOLDER = "risk-share.folder"
DRAFT = "Draft 1"


class Stage(Protocol):
    """What the deeds need to know of the page."""

    @property
    def chosen_key(self) -> str:
        """The clause that is chosen in the draft, "" if none is."""

    @property
    def in_force(self) -> Agreement | None:
        """The agreement in force, once it was read."""

    @property
    def periods(self) -> tuple[PeriodState, ...]:
        """The ledger's periods."""

    def choose(self, key: str) -> None:
        """Choose a clause as soon as it is there."""

    def say(self, heading: str, failure: Failure) -> None:
        """Say on the page what went wrong."""


class Deeds:
    """Does what the commands say, to the drafts of a shelf."""

    def __init__(self, session: Session, shelf: Shelf, stage: Stage, parent: QWidget) -> None:
        """`parent` is what dialogs stand over."""
        self._session, self._shelf, self._stage, self._parent = session, shelf, stage, parent

    # The draft on the page

    def begin(self) -> None:
        """Begin a draft that says what is in force."""
        agreement = self._stage.in_force
        if agreement is not None:
            self._shelf.begin(drafted(agreement, DRAFT))
            self._session.said.emit("A draft is begun. It is kept as you change it; nothing in the ledger changes.")

    def copy(self) -> None:
        """Begin another draft that says what this one says."""
        if self._shelf.shown is not None:
            self._shelf.begin(self._shelf.shown)

    def undo(self) -> None:
        """Undo the last change of the draft."""
        text = self._shelf.group.undoText()
        if self._shelf.group.canUndo():
            self._shelf.group.undo()
            self._session.said.emit(f"Undone: {text}.")

    def redo(self) -> None:
        """Do again what was undone."""
        text = self._shelf.group.redoText()
        if self._shelf.group.canRedo():
            self._shelf.group.redo()
            self._session.said.emit(f"Done again: {text}.")

    # Its clauses

    def move(self, by: int) -> None:
        """Move the clause that is chosen up (-1) or down (1)."""
        draft, key = self._shelf.shown, self._stage.chosen_key
        if draft is not None and draft.has(key):
            self.move_to(key, draft.place_of(key) + by)

    def move_to(self, key: str, place: int) -> None:
        """Move a clause to a place, from 0."""
        draft = self._shelf.shown
        if draft is not None and draft.has(key):
            self._shelf.change(moved(draft, key, place), f"move clause {self._id(draft, key)}")

    def duplicate(self) -> None:
        """Put a copy of the clause after it."""
        draft, key = self._shelf.shown, self._stage.chosen_key
        if draft is not None and draft.has(key):
            self._stage.choose(next_key(draft))
            self._shelf.change(duplicated(draft, key), f"duplicate clause {self._id(draft, key)}")

    def switch(self) -> None:
        """Disable the clause, or enable it again."""
        draft, key = self._shelf.shown, self._stage.chosen_key
        if draft is not None and draft.has(key):
            enabled = not draft.entries[draft.place_of(key)].enabled
            verb = "enable" if enabled else "disable"
            self._shelf.change(switched(draft, key, enabled=enabled), f"{verb} clause {self._id(draft, key)}")

    def delete(self) -> None:
        """Delete the clause; Undo brings it back."""
        draft, key = self._shelf.shown, self._stage.chosen_key
        if draft is not None and draft.has(key):
            ident = self._id(draft, key)
            self._shelf.change(deleted(draft, key), f"delete clause {ident}")
            self._session.said.emit(f"Clause {ident} is deleted from the draft. Ctrl+Z brings it back.")

    @staticmethod
    def _id(draft: Draft, key: str) -> str:
        return draft.entries[draft.place_of(key)].clause.id

    # Dialogs

    def add(self) -> QDialog | None:
        """Ask what to add; in force, begin a draft for it."""
        if self._shelf.shown is None:
            self.begin()
        return self._opened(self.adding_dialog()) if self._shelf.shown is not None else None

    def adding_dialog(self, key: str = BLANK) -> QDialog:
        """The dialog that adds to the draft on the page."""

        def take(after: Draft, text: str) -> None:
            if self._shelf.shown is not None:
                self._stage.choose(next_key(self._shelf.shown))
                self._shelf.change(after, text)

        return AddingDialog(self._drafted(), take, self._parent, key=key)

    def rename(self) -> QDialog | None:
        """Ask for another name."""
        return self._opened(self.naming_dialog()) if self._shelf.shown is not None else None

    def naming_dialog(self) -> QDialog:
        """The dialog that names the draft on the page."""
        draft = self._drafted()
        taken = tuple(each.name for each in self._shelf.drafts if each.name != draft.name)
        return NamingDialog(draft.name, taken, self._shelf.rename, self._parent)

    def edit_text(self) -> QDialog | None:
        """Edit the draft as text."""
        return self._opened(self.text_dialog()) if self._shelf.shown is not None else None

    def text_dialog(self) -> QDialog:
        """The dialog that edits the draft as text."""

        def take(after: Draft) -> None:
            self._shelf.change(after, "edit the text")

        return TextDialog(self._drafted(), self._session.reads, take, self._parent)

    def discard(self) -> QDialog | None:
        """Ask whether the draft is to be deleted."""
        return self._opened(self.discard_dialog()) if self._shelf.shown is not None else None

    def discard_dialog(self) -> QDialog:
        """The dialog that deletes the draft on the page."""
        return DiscardDialog(self._drafted().name, self._forget, self._parent)

    def force(self) -> QDialog | None:
        """Ask from when and why, and put the draft in force."""
        return self._opened(self.force_dialog()) if self._shelf.shown is not None else None

    def force_dialog(self) -> QDialog:
        """The dialog that puts the draft on the page in force."""
        draft = self._drafted()
        told = partial(self._forced, draft.name)
        return ForceDialog(self._session, draft, self._stage.periods, draft.rest.year, told, self._parent)

    def _forced(self, name: str, done: Done) -> None:
        self._forget(name)
        self._session.said.emit(done.words)

    def _forget(self, name: str) -> None:
        if any(draft.name == name for draft in self._shelf.drafts):
            self._shelf.forget(name)

    def _drafted(self) -> Draft:
        """The draft on the page; while that shows what is in force a sample, for a dialog to be looked at."""
        if self._shelf.shown is not None:
            return self._shelf.shown
        assert self._stage.in_force is not None  # noqa: S101  dialogs are made once a schedule is there
        sample = drafted(self._stage.in_force, DRAFT)
        return duplicated(sample, sample.entries[0].key) if sample.entries else sample

    @staticmethod
    def _opened(dialog: QDialog) -> QDialog:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    # Files

    def save(self) -> None:
        """Ask where to, and save the draft as an agreement's file."""
        draft = self._shelf.shown
        if draft is None:
            return
        at = str(Path(self._session.kept(FOLDER, "")) / f"{draft.name}.toml")
        chosen, _filter = QFileDialog.getSaveFileName(self._parent, "Save the draft as an agreement", at, _FILES)
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Save the draft, its disabled clauses left out, as an agreement's file."""
        draft = self._shelf.shown
        if draft is None:
            return
        self._session.keep_for(FOLDER, str(path.parent))

        def work(_job: object) -> None:
            path.write_text(write_agreement(checked(draft)), encoding="utf-8", newline="\n")

        def done(_none: None) -> None:
            self._session.said.emit(f"“{draft.name}” is saved as {path}.")

        self._session.reads.start(work, done, partial(self._stage.say, f"The draft was not saved as {path.name}"))

    def open(self) -> None:
        """Ask for an agreement's file, and open it as a draft."""
        folder = str(self._session.kept(FOLDER, ""))
        chosen, _filter = QFileDialog.getOpenFileName(self._parent, "Open an agreement as a draft", folder, _FILES)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Open an agreement's file as a draft. One of another agreement or year is refused."""
        ours = self._stage.in_force
        if ours is None:
            return
        self._session.keep_for(FOLDER, str(path.parent))

        def work(_job: object) -> Draft:
            agreement = read_agreement(text_of_file(path), path.name)
            if (agreement.id, agreement.year) != (ours.id, ours.year):
                message = (
                    f"it is of agreement {agreement.id} for {agreement.year}; the open ledger’s is {ours.id} for "
                    f"{ours.year}"
                )
                raise RefusedError(Problem(message, path.name))
            return drafted(agreement, path.stem)

        done: Callable[[Draft], None] = self._shelf.begin
        self._session.reads.start(work, done, partial(self._stage.say, f"{path.name} was not opened"))
