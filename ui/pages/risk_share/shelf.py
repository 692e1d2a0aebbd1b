"""The drafts of the open ledger: which there are, what can be undone of each, and that a crash loses none of them."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from settlement.draft_files import DraftError, draft_from_json, draft_to_json
from settlement.drafting import Draft, renamed
from ui.drafts import find_draft, forget_draft, keep_draft

KIND = "risk-share"
"""Under which `ui.drafts` keeps them."""

_MERGES = 75  # any number: commands of one number may merge


class Kept:
    """One draft and what can be undone of it."""

    def __init__(self, draft: Draft, stack: QUndoStack) -> None:
        """With nothing to undo."""
        self.draft = draft
        self.stack = stack


class Change(QUndoCommand):
    """One change of a draft: the draft before it and after. Changes of one field in a row undo together."""

    def __init__(self, shelf: "Shelf", kept: Kept, after: Draft, text: str, field: str) -> None:
        """`text` names it after Undo, in words; `field` is what was typed in, "" for what stands by itself."""
        super().__init__(text)
        self._shelf = shelf
        self._kept = kept
        self._before = kept.draft
        self.after = after
        self.field = field

    def id(self) -> int:
        """Changes of fields may merge, others not."""
        return _MERGES if self.field else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802  Qt's name
        """Take up the next change, if it is of the same field."""
        if not isinstance(other, Change) or other.field != self.field:
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        """The draft as it is after the change."""
        self._shelf.put(self._kept, self.after)

    def undo(self) -> None:
        """The draft as it was before it."""
        self._shelf.put(self._kept, self._before)


class Shelf(QObject):
    """The drafts of one ledger, in the order they were begun, and which is on the page: none while in force is."""

    changed = Signal()
    """Another draft is shown, or none; or there are others than before."""

    edited = Signal()
    """The draft on the page says something else."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Of no ledger."""
        super().__init__(parent)
        self.group = QUndoGroup(self)
        self._where = ""
        self._kept: list[Kept] = []
        self._shown: Kept | None = None

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All drafts."""
        return tuple(kept.draft for kept in self._kept)

    @property
    def shown(self) -> Draft | None:
        """The draft on the page; None while that shows what is in force."""
        return None if self._shown is None else self._shown.draft

    def load(self, where: str) -> None:
        """Take up the drafts of a ledger (`Opened.where`), as they were left; "" is of none."""
        self._let_go()
        self._where = where
        told = find_draft(where, KIND) if where else None
        shown = told.get("shown") if isinstance(told, dict) else None
        drafts = told.get("drafts") if isinstance(told, dict) else None
        for each in drafts if isinstance(drafts, list) else ():
            try:
                draft = draft_from_json(each)
            except DraftError:
                continue  # of a program to come, perhaps: the others are still good
            kept = self._keep(draft)
            if draft.name == shown:
                self._shown = kept
        self._activate()
        self.changed.emit()

    def begin(self, draft: Draft) -> None:
        """Begin a draft under a name that is free, and show it."""
        self._shown = self._keep(renamed(draft, self.free_name(draft.name)))
        self._save()
        self._activate()
        self.changed.emit()

    def free_name(self, wanted: str) -> str:
        """The name; where another draft has it, with the next number after it."""
        taken = {draft.name for draft in self.drafts}
        stem, _, last = wanted.rpartition(" ")
        number = int(last) if stem and last.isdecimal() else 1
        name = wanted
        while name in taken:
            number += 1
            name = f"{stem if stem and last.isdecimal() else wanted} {number}"
        return name

    def show_draft(self, name: str | None) -> None:
        """Show the draft of a name, or what is in force."""
        kept = next((each for each in self._kept if each.draft.name == name), None)
        if kept is not self._shown:
            self._shown = kept
            self._save()
            self._activate()
            self.changed.emit()

    def rename(self, name: str) -> None:
        """Give the draft on the page another name."""
        if self._shown is not None and name != self._shown.draft.name:
            self.change(renamed(self._shown.draft, self.free_name(name)), f"rename the draft to {name}")
            self.changed.emit()

    def forget(self, name: str) -> None:
        """A draft was put in force, or is wanted no longer."""
        kept = next(each for each in self._kept if each.draft.name == name)
        self._kept.remove(kept)
        if self._shown is kept:
            self._shown = None
        self.group.removeStack(kept.stack)
        kept.stack.deleteLater()
        self._save()
        self._activate()
        self.changed.emit()

    def change(self, after: Draft, text: str, field: str = "") -> None:
        """Change the draft on the page. `text` names the change after “Undo”; changes of one `field` undo together."""
        kept = self._shown
        if kept is not None and after != kept.draft:
            kept.stack.push(Change(self, kept, after, text, field))

    def put(self, kept: Kept, draft: Draft) -> None:
        """Have a draft as it is after a change, or before. For `Change`."""
        has_new_name = kept.draft.name != draft.name
        kept.draft = draft
        self._save()
        if has_new_name:
            self.changed.emit()
        elif kept is self._shown:
            self.edited.emit()

    def _keep(self, draft: Draft) -> Kept:
        kept = Kept(draft, QUndoStack(self))
        self.group.addStack(kept.stack)
        self._kept.append(kept)
        return kept

    def _activate(self) -> None:
        if self._shown is not None:
            self._shown.stack.setActive()
        elif self.group.activeStack() is not None:
            self.group.activeStack().setActive(False)

    def _save(self) -> None:
        if not self._where:
            return
        if not self._kept:
            forget_draft(self._where, KIND)
            return
        shown = None if self._shown is None else self._shown.draft.name
        keep_draft(self._where, KIND, {"shown": shown, "drafts": [draft_to_json(each.draft) for each in self._kept]})

    def _let_go(self) -> None:
        for kept in self._kept:
            self.group.removeStack(kept.stack)
            kept.stack.deleteLater()
        self._kept, self._shown = [], None
