"""Fields that dialogs of the ledger share: a code with suggestions, a period, the lines that a dialog is about."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPalette, QPixmap, QPolygon
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ledgers.importing.previewing import Book
from ledgers.lines import Line
from rules.english import day
from rules.periods import Period
from settlement.sentences import KIND_NAMES
from ui.entering.choices import Choice, choices_of, name_of
from ui.entering.suggesting import SuggestingEdit
from ui.figures import exact, spoken
from ui.tables import Cell, FigureTable, Grid
from ui.widgets import chars

_HEADINGS = ("Line", "Period", "Scheme", "Partner", "Kind", "Amount", "Date", "Reference", "Description")
_AMOUNT_COLUMN = 5
_WIDEST = 130  # characters


class CodeField(SuggestingEdit):
    """A field for a code. What is typed may be part of its name too; the arrow, or Alt+Down, lists them all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__((), parent)
        self.setAccessibleName(name)
        self.setPlaceholderText("Type a code or part of a name")
        self._all = QAction("Show them all", self)
        self._all.triggered.connect(self._toggle)
        self.addAction(self._all, QLineEdit.ActionPosition.TrailingPosition)
        self._draw_arrow()

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """It can hold these."""
        self.choices = tuple(choices)

    @property
    def code(self) -> str:
        """The code that stands there; what was typed, if it is none."""
        return self.text().strip()

    @property
    def meaning(self) -> str:
        """The name of the code that stands there."""
        return name_of(self.choices, self.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter takes the suggestion that is marked; the dialog's own Enter comes after."""
        if self.handled(event):
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.is_suggesting:
            self.take()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Esc closes the list before it closes the dialog."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.is_suggesting
        ):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """The arrow follows the colours and the size of the text."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange} and hasattr(self, "_all"):
            self._draw_arrow()

    def _toggle(self) -> None:
        if self.is_suggesting:
            self.close_list()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.open_list()

    def _draw_arrow(self) -> None:
        side = self.fontMetrics().height()
        drawn = QPixmap(side, side)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Text))
        third = side // 3
        painter.drawPolygon(
            QPolygon([QPoint(third // 2, third), QPoint(side - third // 2, third), QPoint(side // 2, side - third)])
        )
        painter.end()
        self._all.setIcon(QIcon(drawn))


class PeriodField(QComboBox):
    """Which period: open ones, and closed ones with where a line of theirs counts."""

    def __init__(self) -> None:
        """Without a period yet."""
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def show_book(self, book: Book, first: Period) -> None:
        """The periods as they stand, at one of them."""
        self.clear()
        for choice in choices_of("period", ("",) * 9, book):
            self.addItem(str(choice), choice.code)
        self.setCurrentIndex(self.findData(str(first)))

    @property
    def code(self) -> str:
        """The period as it is written, `M4`."""
        return str(self.currentData() or "")


def lines_grid(lines: Iterable[Line]) -> Grid:
    """Lines as a small table."""
    rows = tuple(
        (
            Cell(str(line.id)),
            Cell(f"{line.period}" + (f", late from {line.belongs_to}" if line.belongs_to else "")),
            Cell(line.scheme),
            Cell(line.partner),
            Cell(KIND_NAMES[line.kind]),
            Cell(exact(line.amount_pence), line.amount_pence, spoken(line.amount_pence)),
            Cell("" if line.date is None else day(line.date)),
            Cell(line.reference),
            Cell(line.description),
        )
        for line in lines
    )
    return Grid(_HEADINGS, rows, frozenset({_AMOUNT_COLUMN}))


def as_high_as_its_rows(table: FigureTable, most: int = 8) -> None:
    """Have a small table in a dialog as high as its rows need, up to `most`, and no higher."""

    def fit() -> None:
        rows = min(table.model().rowCount(), most)
        columns = table.horizontalHeader()
        head = max(columns.sizeHint().height(), columns.minimumHeight())
        bar = table.horizontalScrollBar().sizeHint().height()
        table.setFixedHeight(head + table.verticalHeader().defaultSectionSize() * max(rows, 1) + bar + 4)
        # a dialog is as wide as what it shows, within reason; it opens as wide as that
        table.setMinimumWidth(max(table.minimumWidth(), min(columns.length() + 4, chars(table, _WIDEST))))

    table.model().modelReset.connect(fit)
    fit()
