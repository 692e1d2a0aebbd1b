"""Taking lines out of the program: onto the clipboard, into a file, and documents that are attached to them."""

from array import array
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from ledgers import Ledger
from ledgers.evidence import Evidence, document
from ui.failures import Failure
from ui.jobs import Job
from ui.pages.register.table import Ranges
from ui.temporary import temporary_folder

if TYPE_CHECKING:
    from ui.pages.register.page import LedgerPage

_MOST_COPIED = 100_000
_FEW = 2_000
_FOLDER = "register.folder"
_KINDS = "Excel workbook (*.xlsx);;CSV (*.csv)"


class TakingOut:
    """Copies and saves for one page."""

    def __init__(self, page: "LedgerPage") -> None:
        """With nothing under way."""
        self._page = page
        self._session = page.session
        self._job: Job[Any] | None = None
        self._opened_documents: QTemporaryDir | None = None

    def menu(self, parent: "LedgerPage") -> QMenu:
        """What can be saved."""
        menu = QMenu(parent)
        menu.addAction("&All lines shown… (Ctrl+S)").triggered.connect(lambda _checked=False: self.save_shown())
        menu.addAction("&Selected lines…").triggered.connect(lambda _checked=False: self.save_selected())
        return menu

    def forget(self) -> None:
        """Nothing of the ledger before goes on."""
        self.call_off()

    def call_off(self) -> None:
        """Call off what is under way."""
        if self._job is not None:
            self._job.cancel()

    # The clipboard

    def copy(self) -> None:
        """Copy the selected lines, as a spreadsheet pastes them: the columns that are shown, in their order."""
        page = self._page
        ranges = page.table.chosen()
        count = sum(last - first + 1 for first, last in ranges)
        if not count:
            return
        if count > _MOST_COPIED:
            page.parts.note.say(
                f"{count:,} lines are too many to copy",
                f"Up to {_MOST_COPIED:,} can be copied at once. Save them as a file instead: “Save lines”, "
                "“Selected lines…”.",
            )
            return
        columns = page.table.shown_columns()
        page.parts.note.hide()
        if count <= _FEW:
            work = partial(_copied, places=page.model.places, ranges=ranges, columns=columns)
            self._session.read(work, partial(self._put, count))
            return
        self._begin("Copying lines")
        self._session.read(partial(_ids, places=page.model.places, ranges=ranges), partial(self._copy_aside, columns))

    def _copy_aside(self, columns: tuple[int, ...], ids: Sequence[int]) -> None:
        from ui.pages.register.asides import copied_aside  # noqa: PLC0415  it loads the writers of files

        opened = self._session.opened
        if opened is not None:
            self._job = self._session.aside(
                copied_aside,
                opened.where,
                ids,
                columns,
                done=partial(self._put, len(ids)),
                failed=self._fail,
                progressed=self._page.parts.progress.show_progress,
                cancelled=partial(self._called_off, None),
            )

    def _put(self, count: int, text: str) -> None:
        self._end()
        QGuiApplication.clipboard().setText(text)
        self._session.said.emit(f"Copied {_lines(count)}, with headings. Paste them into Excel.")

    # Files

    def save_shown(self) -> None:
        """Save every line that is shown, in its order."""
        count = self._page.model.rowCount()
        if count and self._page.arranger.is_finished:
            self._save(((0, count - 1),))

    def save_selected(self) -> None:
        """Save the selected lines, in their order."""
        ranges = self._page.table.chosen()
        if ranges and self._page.arranger.is_finished:
            self._save(ranges)

    def _save(self, ranges: Ranges) -> None:
        page = self._page
        count = sum(last - first + 1 for first, last in ranges)
        folder = Path(str(self._session.kept(_FOLDER, "")))
        told, kind = QFileDialog.getSaveFileName(page, f"Save {_lines(count)}", str(folder / "lines.xlsx"), _KINDS)
        if not told:
            return
        path = Path(told)
        if path.suffix.lower() not in {".csv", ".xlsx"}:
            path = path.with_name(f"{path.name}{'.csv' if 'csv' in kind else '.xlsx'}")
        self._session.keep_for(_FOLDER, str(path.parent))
        self._begin(f"Saving {_lines(count)}")
        self._session.read(partial(_ids, places=page.model.places, ranges=ranges), partial(self._save_aside, path))

    def _save_aside(self, path: Path, ids: Sequence[int]) -> None:
        from ui.pages.register.asides import save_lines  # noqa: PLC0415  it loads the writers of files

        opened = self._session.opened
        if opened is not None:
            self._job = self._session.aside(
                save_lines,
                opened.where,
                ids,
                str(path),
                done=partial(self._saved, path),
                failed=self._fail,
                progressed=self._page.parts.progress.show_progress,
                cancelled=partial(self._called_off, path),
            )

    def _saved(self, path: Path, count: int) -> None:
        self._end()
        self._page.parts.note.say(f"Saved {_lines(count)}", str(path))

    def _called_off(self, path: Path | None) -> None:
        self._end()
        if path is not None:
            from settlement.register_files import unfinished  # noqa: PLC0415  only here

            unfinished(path).unlink(missing_ok=True)
        self._session.said.emit("Called off: nothing was copied or saved.")

    # Documents

    def document(self, found: Evidence, saves: bool) -> None:  # noqa: FBT001  a signal has no keywords
        """Open a document that is attached, or save it where the person says."""
        name = Path(found.name.replace("\\", "/")).name or "document"
        if saves:
            folder = Path(str(self._session.kept(_FOLDER, "")))
            told, _ = QFileDialog.getSaveFileName(self._page, f"Save {name}", str(folder / name))
            if told:
                work = partial(_written, found=found, path=Path(told))
                self._session.read(work, self._document_saved, self._fail)
            return
        if self._opened_documents is None:
            self._opened_documents = temporary_folder()
        path = Path(self._opened_documents.path()) / f"{found.id}-{name}"
        self._session.read(partial(_written, found=found, path=path), self._open_document, self._fail)

    def _document_saved(self, path: Path) -> None:
        self._page.parts.note.say("Saved the document", str(path))

    def _open_document(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._page.parts.note.say(
                "No program on this computer opens that document", "Save it, and open it from where you keep it."
            )

    # What is under way

    def _begin(self, what: str) -> None:
        self._page.parts.progress.begin(what)

    def _end(self) -> None:
        self._job = None
        self._page.parts.progress.end()

    def _fail(self, failure: Failure) -> None:
        self._end()
        self._session.failed.emit("That could not be copied or saved", failure)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _ids(_ledger: Ledger, *, places: Any, ranges: Ranges) -> Sequence[int]:  # noqa: ANN401  Places, whichever
    found = array("q")
    for first, last in ranges:
        found.extend(number for number in places.ids(first, last - first + 1) if number is not None)
    return found


def _copied(ledger: Ledger, *, places: Any, ranges: Ranges, columns: tuple[int, ...]) -> str:  # noqa: ANN401  as above
    from ui.pages.register.asides import copied  # noqa: PLC0415  it loads the writers of files

    return copied(ledger, _ids(ledger, places=places, ranges=ranges), columns)


def _written(ledger: Ledger, *, found: Evidence, path: Path) -> Path:
    path.write_bytes(document(ledger, found.digest))
    return path
