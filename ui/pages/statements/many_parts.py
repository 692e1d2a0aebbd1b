"""The parts of the dialog that writes many statements: ledgers, periods, boxes to tick, and what came of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rules.periods import Period
from settlement.batches.manifest import MANIFEST
from settlement.batches.running import Done
from settlement.batches.work import Which, ledger_file
from ui.widgets import SECTION, button, labelled, lines, row, words

_MOST_LISTED = 2_000
_NUMBERS = re.compile(r"(\D*)([0-9]{0,18})")


class LedgerList(QWidget):
    """The ledgers, to be added to and taken from. A ledger on a server is shown without who logs in to it."""

    changed = Signal()

    def __init__(self, wheres: Iterable[str], parent: QWidget | None = None) -> None:
        """With these."""
        super().__init__(parent)
        self.list = _List(self._remove)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setFixedHeight(lines(self, 5))
        self.add = button("&Add…", self._ask, name="Add ledgers")
        self.remove = button("&Remove", self._remove, name="Remove the chosen ledgers from the list")
        self.list.itemSelectionChanged.connect(self._set_buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(labelled("&Ledgers", self.list))
        layout.addWidget(self.list)
        layout.addLayout(row(self.add, self.remove))
        self.add_ledgers(wheres)
        self._set_buttons()

    @property
    def wheres(self) -> tuple[str, ...]:
        """Where they are, in order."""
        return tuple(str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.list.count()))

    def add_ledgers(self, wheres: Iterable[str]) -> None:
        """Add those that are not there yet."""
        for where in wheres:
            if where not in self.wheres:
                name, folder = ledger_file(where), "" if "://" in where else str(Path(where).parent)
                item = QListWidgetItem(f"{name}, on a server" if "://" in where else f"{name}, in {folder}")
                item.setData(Qt.ItemDataRole.UserRole, where)
                item.setToolTip(item.text())
                self.list.addItem(item)
        self.changed.emit()

    def _ask(self) -> None:
        last = next((each for each in reversed(self.wheres) if "://" not in each), "")
        folder = str(Path(last).parent) if last else ""
        found, _ = QFileDialog.getOpenFileNames(self, "Add ledgers", folder, "Ledgers (*.s75)")
        self.add_ledgers(found)

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self.changed.emit()
        self._set_buttons()

    def _set_buttons(self) -> None:
        self.remove.setEnabled(bool(self.list.selectedItems()))


class _List(QListWidget):
    """A list from which Delete takes what is chosen."""

    def __init__(self, remove: Callable[[], None]) -> None:
        super().__init__()
        self._remove = remove

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
            return
        super().keyPressEvent(event)


class PeriodsField(QWidget):
    """Which periods: all, those that are signed, or a list that is typed."""

    def __init__(self, told: str, period: Period, parent: QWidget | None = None) -> None:
        """As the periods were told last: `all`, `signed`, or a list."""
        super().__init__(parent)
        self.which = QComboBox()
        self.which.addItem("Every period of each ledger, up to the last", Which.ALL.value)
        self.which.addItem("Every signed period of each ledger", Which.SIGNED.value)
        self.which.addItem("These periods", "")
        is_listed = told not in set(Which)
        self.which.setCurrentIndex(max(self.which.findData(told), 0) if not is_listed else 2)
        self.list = QLineEdit(told if is_listed else f"M1-{period}")
        self.list.setAccessibleName("The periods, as M1-M12 or M3,M6")
        self.list.setPlaceholderText("M1-M12, or M3,M6")
        self.list.setEnabled(is_listed)
        self.which.currentIndexChanged.connect(lambda _row: self.list.setEnabled(not self.which.currentData()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(labelled("&Periods", self.which))
        across = QHBoxLayout()
        across.addWidget(self.which)
        across.addWidget(self.list, stretch=1)
        layout.addLayout(across)

    @property
    def text(self) -> str:
        """The periods as a batch reads them."""
        return str(self.which.currentData()) or self.list.text()


class Checks(QGroupBox):
    """Boxes of which any can be ticked, by their keys."""

    changed = Signal()

    def __init__(
        self,
        title: str,
        texts: Mapping[str, str],
        ticked: object,
        columns: int,
        parent: QWidget | None = None,
        *,
        plain: bool = False,
    ) -> None:
        """With those ticked that are named; `plain` takes the letters away that would go to them by Alt."""
        super().__init__(title, parent)
        named = set(ticked) if isinstance(ticked, list) else set()
        self.boxes = {key: QCheckBox(text.replace("&", "") if plain else text) for key, text in texts.items()}
        layout = QGridLayout(self)
        for number, (key, box) in enumerate(self.boxes.items()):
            box.setChecked(key in named)
            box.toggled.connect(lambda _on: self.changed.emit())
            layout.addWidget(box, number // columns, number % columns)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of those that are ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    @property
    def first(self) -> QWidget:
        """The first box."""
        return next(iter(self.boxes.values()))


class Outcome(QWidget):
    """What came of it: how many files, what was left out and why, each file; and the way to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hidden until there is something to tell."""
        super().__init__(parent)
        self.heading = words("", SECTION)
        self.said = words()
        self.list = QListWidget()
        self.list.setAccessibleName("Files that were written, and what was left out")
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(lines(self, 10))
        self.open_folder = button("&Open the folder", self._open)
        self.trouble = words()
        self.trouble.hide()
        self._folder = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.heading, self.said, self.list):
            layout.addWidget(part)
        layout.addLayout(row(self.open_folder))
        layout.addWidget(self.trouble)
        self.hide()

    def show_done(self, done: Done) -> None:
        """Tell of a batch."""
        self._folder = done.out
        parts = [f"{len(done.written):,} written"]
        parts += [f"{len(done.replaced):,} replaced"] if done.replaced else []
        parts += [f"{len(done.unchanged):,} there already, unchanged"] if done.unchanged else []
        self.heading.setText("Files: " + ", ".join(parts))
        told = [f"They are in {done.out}."] if done.count else []
        told += [f"{MANIFEST} there has their digests."] if done.count and done.is_listed else []
        left = len(done.left_out)
        told += [f"{left:,} {'was' if left == 1 else 'were'} left out, first in the list."] if left else []
        self.said.setText(" ".join(told) or "There was nothing to write.")
        self.open_folder.setEnabled(bool(done.count))
        self.list.clear()
        files = sorted([*done.written, *done.replaced, *done.unchanged], key=_in_order)
        noticed = (f"Noticed: {each}" for each in done.remarks)
        for text in (*(f"Left out: {each}" for each in done.left_out), *noticed, *files[:_MOST_LISTED]):
            self.list.addItem(text)
        if len(files) > _MOST_LISTED:
            self.list.addItem(f"… and {len(files) - _MOST_LISTED:,} more, which {MANIFEST} names")

    def siblings(self) -> list[QWidget]:
        """What stands beside it in the dialog."""
        parent = self.parentWidget()
        found = (
            [] if parent is None else parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        )
        return [each for each in found if each is not self]

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)):
            self.trouble.setText("The desktop has no program for a folder, or it is not there any more.")
            self.trouble.show()


def _in_order(file: str) -> list[tuple[str, int]]:
    """M2 before M10: the numbers in a name count as numbers."""
    return [(text, int(number or 0)) for text, number in _NUMBERS.findall(file)]
