"""The contributions matrix as a sheet: a text for each scheme and partner, totals by row and column."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from rules.money import pounds
from settlement.new_ledger import contribution_of
from ui.pages.start.sheet_model import Column, SheetModel
from ui.tables import NOWHERE, RIGHT, AnyIndex


class MatrixModel(SheetModel):
    """A text for each scheme and partner, with totals by row and column, which come from the review."""

    SCHEME, TOTAL = ":scheme", ":total"

    def __init__(self, parent: QObject | None = None) -> None:
        """With no scheme."""
        super().__init__((), parent)
        self._texts: dict[str, dict[str, str]] = {}
        self._schemes: tuple[tuple[str, str], ...] = ()
        self._totals: Mapping[str, str] = {}
        self._partner_totals: Mapping[str, str] = {}

    def texts(self) -> dict[str, dict[str, str]]:
        """What was typed, by scheme's and partner's key; of those not shown now too."""
        return {scheme: dict(row) for scheme, row in self._texts.items()}

    def show_texts(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Show these in place of those before."""
        self.beginResetModel()
        self._texts = {scheme: dict(row) for scheme, row in texts.items()}
        self._undone, self._redone = [], []
        self.endResetModel()

    def show_matrix(self, schemes: Sequence[tuple[str, str]], partners: Sequence[tuple[str, str, str]]) -> None:
        """Show these schemes (key, how named) and partners (key, code, name)."""
        columns = (
            Column(self.SCHEME, "Scheme", 30),
            *(Column(key, code, 18, explains=name) for key, code, name in partners),
            Column(self.TOTAL, "Total", 18),
        )
        if (tuple(schemes), columns) != (self._schemes, self.columns):
            self.beginResetModel()
            self._schemes, self.columns = tuple(schemes), columns
            self.endResetModel()

    def show_totals(self, by_scheme: Mapping[str, str], by_partner: Mapping[str, str]) -> None:
        """Show these totals, in words of money; the total of all under `TOTAL`."""
        if (by_scheme, by_partner) != (self._totals, self._partner_totals):
            self._totals, self._partner_totals = by_scheme, by_partner
            self.redraw()

    @property
    def is_shown(self) -> bool:
        """Whether there is a cell to type in."""
        return bool(self._schemes) and len(self.columns) > 2  # noqa: PLR2004  the schemes' names and the totals

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802  Qt's name
        """The schemes, and the totals under them."""
        return 0 if parent.isValid() or not self._schemes else len(self._schemes) + 1

    def text(self, row: int, column: int) -> str:
        """What was typed, a name or a total."""
        key = self.columns[column].key
        if row == len(self._schemes):
            return "Total" if key == self.SCHEME else self._partner_totals.get(key, "")
        scheme, name = self._schemes[row]
        if key == self.SCHEME:
            return name
        return self._totals.get(scheme, "") if key == self.TOTAL else self._texts.get(scheme, {}).get(key, "")

    def put(self, row: int, column: int, text: str) -> None:
        """Have this text in a cell."""
        self._texts.setdefault(self._schemes[row][0], {})[self.columns[column].key] = text

    def _worded(self, column: int, text: str) -> str:  # noqa: ARG002  every cell is money
        """An amount in the way it is written: `1234` as `£1,234.00`."""
        text = text.strip()
        with suppress(ValueError):
            return pounds(contribution_of(text)) if text else ""
        return text

    def may_edit(self, row: int, column: int) -> bool:
        """A scheme's cell under a partner."""
        return row < len(self._schemes) and 0 < column < len(self.columns) - 1

    def snapshot(self) -> Any:  # noqa: ANN401  texts
        """Every text."""
        return self.texts()

    def restore(self, snapshot: Any) -> None:  # noqa: ANN401  texts
        """Those texts again."""
        self._texts = {scheme: dict(row) for scheme, row in snapshot.items()}

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Money stands to the right, totals are bold; names and totals are heard with what they are."""
        if role == Qt.ItemDataRole.FontRole and index.isValid():
            is_total = index.row() == len(self._schemes) or self.columns[index.column()].key == self.TOTAL
            bold = QFont()
            bold.setBold(True)
            return bold if is_total else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > 0:
            return RIGHT
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid():
            name = self.text(index.row(), 0)
            said = super().data(index, role)
            return name if index.column() == 0 else f"{name}, {said}"
        return super().data(index, role)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Headings of money stand to the right."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section > 0:
            return RIGHT
        if orientation is Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return "" if section == len(self._schemes) else str(section + 1)
        return super().headerData(section, orientation, role)
